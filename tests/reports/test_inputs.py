"""Inputs that are no files, or do not end: each is refused at once, by name, and nothing is remembered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import running
from running import Command as Project
from running import Directory, Done

from doit_score.moving import legacy
from doit_score.store import files
from doit_score.targets.compose.patch import patched
from doit_score.text.errors import ScoreError
from doit_score.text.yaml12 import reader

NO_FILE = "is no regular file\n  hint: write what it gives to a file, and name that one\n"
NO_SCORE = (
    "is no regular file\n"
    "  hint: a Score file is read again at later runs: write it to a file, and name that one\n"
)
SOURCE = "    files:\n      /etc/note: {source: note}\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Project:
    directory = Project(tmp_path / "shop", capfd)
    monkeypatch.chdir(directory.path)
    directory.main("init", "--no-sample", "--no-default-provisioners")
    directory.write("score.yaml", running.score())
    return directory


def replace(path: str, kind: str) -> None:
    """Puts a FIFO that nobody writes to, or a link to a device without end, in the place of a file."""
    if os.path.lexists(path):
        os.unlink(path)
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    else:
        os.symlink("/dev/zero", path)


@pytest.mark.parametrize("kind", ["pipe", "endless"])
@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("score.yaml", ()),
        ("more.yaml", ("score.yaml", "--overrides-file", "more.yaml")),
        (".score-compose/a.provisioners.yaml", ()),
    ],
)
def test_what_is_no_regular_file_is_refused_as_an_input(
    path: str, arguments: tuple[str, ...], kind: str, here: Project
) -> None:
    here.write("score.yaml", running.score() + SOURCE)
    here.write("note", "hello")
    assert here.main("generate", "score.yaml").exit == 0
    replace(path, kind)
    done = here.main("generate", *arguments)
    assert (done.exit, done.out) == (1, "")
    told = f"Error: {path}: {NO_FILE}"
    if arguments:
        told = (
            "Error: --overrides-file 'more.yaml' is invalid:\n"
            "  more.yaml: is no regular file\n    hint: write what it gives to a file, and name that one\n"
        )
    assert done.err == told


def test_a_source_that_is_a_pipe_is_refused(here: Project) -> None:
    here.write("score.yaml", running.score() + SOURCE)
    os.mkfifo("note")
    assert "failed to read 'note': is no regular file\n" in here.main("generate", "score.yaml").err


@pytest.mark.parametrize("kind", ["pipe", "endless"])
def test_a_state_of_score_compose_that_is_no_regular_file_is_refused(kind: str, here: Project) -> None:
    other = Directory(here.path / "other")
    other.write("score.yaml", running.score())
    os.chdir("other")
    replace(".score-compose/state.yaml", kind)
    assert here.main("generate", "score.yaml") == Done(1, "", f"Error: .score-compose/state.yaml: {NO_FILE}")


def test_a_mounted_file_that_became_a_pipe_is_made_again(here: Project) -> None:
    here.write("score.yaml", running.score() + SOURCE)
    here.write("note", "hello")
    here.main("generate", "score.yaml")
    (mounted,) = [path for path in Path("state/mounts").rglob("*") if path.is_file()]
    replace(str(mounted), "pipe")
    assert here.main("generate").exit == 0
    assert mounted.read_text() == "hello"


@pytest.mark.parametrize(
    "shell", ["/dev/stdin < score.yaml", "/dev/stdin < <(cat score.yaml)", "<(cat score.yaml)"]
)
def test_a_pipe_is_no_score_file_and_is_not_remembered(shell: str, here: Project) -> None:
    doit_score = f"{sys.executable} -m doit_score"
    done = subprocess.run(
        ["bash", "-c", f"{doit_score} generate {shell}"],
        env={**os.environ, "PYTHONPATH": str(running.SOURCES)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: '/dev/") and done.stderr.endswith(NO_SCORE)
    assert here.main("generate").err.startswith("Error: no workloads found")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(files.LARGEST + 1)
    with pytest.raises(ScoreError) as error:
        files.read(str(path))
    assert str(error.value) == (
        f"{path}: is larger than 128 MiB\n"
        "  hint: what is that large is better mounted from a volume than read"
    )


@pytest.mark.parametrize(
    ("path", "arguments", "title"),
    [
        ("score.yaml", (), ""),
        ("more.yaml", ("--overrides-file", "more.yaml"), "--overrides-file 'more.yaml' is invalid:\n  "),
        ("provisioners/a.provisioners.yaml", (), "failed to load provisioners:\n  "),
    ],
)
def test_yaml_that_people_write_is_refused_where_it_would_take_all_memory(
    path: str, arguments: tuple[str, ...], title: str, here: Project
) -> None:
    here.write("score.yaml", running.score(things=("it",)))
    here.write(path, "#" * (16 << 20) + "\n")
    done = here.main("generate", "score.yaml", *arguments)
    assert (done.exit, done.out) == (1, "")
    assert done.err.endswith(
        f"Error: {title}{path}: expected at most 16 MiB of YAML, found more\n"
        f"{'    ' if title else '  '}hint: split it, or put large contents into files of their own "
        "(`source` in a Score file)\n"
    )


def test_yaml_that_a_template_prints_has_the_same_limit(
    here: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MAX_VALUES", 40)
    template = "[{{ range 50 }}1,{{ end }}]"
    here.write(
        "provisioners/a.provisioners.yaml",
        f"- uri: template://t\n  type: thing\n  state: |\n    a: {template}\n",
    )
    here.write("score.yaml", running.score(things=("it",)))
    done = here.main("generate", "score.yaml")
    assert (
        done.exit,
        done.err.count("what it printed is refused: expected at most 40 values, found more"),
    ) == (1, 1)


def test_a_state_of_score_compose_and_a_compose_file_may_be_larger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_TEXT", 10)
    monkeypatch.setattr(reader, "MAX_VALUES", 2)
    state = b"shared_state: {a: [b, c]}\nmounts_directory: m\n"
    assert legacy.parse(state).shared_state == {"a": ["b", "c"]}
    text = "name: x\nservices:\n  a:\n    image: b\n    command: [c, d, e, f]\n"
    found, _ = patched(text, {}, [], {}, mounts_directory="m", hermetic=True)
    assert reader.load(found, bounded=False) == reader.load(text, bounded=False)


@pytest.mark.parametrize("year", [1600, 2262, 2400])
def test_times_that_no_integer_of_64_bits_holds_are_no_fault(year: int, here: Project) -> None:
    seconds = (year - 1970) * 31_556_952
    os.utime("score.yaml", (seconds, seconds))
    assert here.main("generate", "score.yaml").exit == 0
    assert here.main("generate").exit == 0


@pytest.mark.parametrize(
    ("section", "path"),
    [
        ("files", f"{'n' * 256}: text"),
        ("files", f"{'n' * 256}/a: text"),
        ("directories", f"{'ü' * 200}: true"),
    ],
)
def test_a_name_that_no_file_system_has_is_told(here: Project, section: str, path: str) -> None:
    entry = f"- uri: template://t\n  type: thing\n  outputs: 'word: x'\n  {section}: |\n    {path}\n"
    here.write("provisioners/a.provisioners.yaml", entry)
    here.write("score.yaml", running.score(things=("it",)))
    done = here.main("generate", "score.yaml")
    assert done.exit == 1
    assert "255 bytes" in done.err or "File name too long" in done.err
    assert "fault of doit-score" not in done.err


@pytest.mark.parametrize("flag", ["-o", "--env-file", "--overrides-file", "--state-dir"])
@pytest.mark.parametrize("name", ["n" * 256, "n/" * 3000])
def test_a_name_of_a_flag_that_no_file_system_has_is_told(here: Project, flag: str, name: str) -> None:
    done = here.main("generate", "score.yaml", flag, name)
    assert done.exit == 1 and name in done.err
    assert "fault of doit-score" not in done.err
    assert here.main("generate", "score.yaml").exit == 0


def test_a_source_with_a_newline_in_its_name_is_an_input_as_any_other(here: Project) -> None:
    here.write("x\ny", "one")
    here.write("score.yaml", running.score() + '    files:\n      /etc/x: {source: "x\\ny"}\n')
    assert here.main("generate", "score.yaml").exit == 0
    mounts = [path for path in Path("state/mounts").rglob("*") if path.is_file()]
    assert [path.read_text() for path in mounts] == ["one"]
    here.write("x\ny", "two")
    assert here.main("generate").exit == 0
    assert [path.read_text() for path in mounts] == ["two"]
    (told,) = json.loads(here.main("why", "web", "--format", "json").out)
    assert [one["Text"] for one in told["Reasons"]] == ["'x\ny', which it mounts, changed"]
