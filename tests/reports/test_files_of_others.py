"""Nothing that is not ours is replaced, changed in mode or hidden.

Public reports: bazel#31038 (a device as output), nexent#2716 (the mode of compose.yaml).
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from command import Directory

SCORE = """\
apiVersion: score.dev/v1b1
metadata: {name: lantern}
containers: {wick: {image: x, variables: {A: "${resources.env.WAX}", B: "${resources.env.OIL}"}}}
resources: {env: {type: environment}}
"""
BY_HAND = "services: {web: {image: nginx}}\n"

pytestmark = pytest.mark.usefixtures("settled")


@pytest.fixture
def here(tmp_path: Path) -> Directory:
    directory = Directory(tmp_path)
    directory.init()
    directory.write("score.yaml", SCORE)
    return directory


def text(here: Directory, name: str) -> str:
    return (here.path / name).read_text()


def mode(here: Directory, name: str) -> int:
    return stat.S_IMODE((here.path / name).stat().st_mode)


REFUSED = (
    "Error: compose.yaml: was not written for this project, and is not replaced\n"
    "  hint: move it away, have another file written (--output FILE), or replace it: "
    "`doit-score generate --force`\n"
)


def test_a_compose_file_that_is_not_ours_is_replaced_with_force_only(here: Directory) -> None:
    here.write("compose.yaml", BY_HAND)
    assert here.run("generate", "score.yaml", status=1).stderr.endswith(REFUSED)
    assert here.run("diff", "score.yaml", status=2).stderr == REFUSED
    assert text(here, "compose.yaml") == BY_HAND
    here.run("generate", "score.yaml", "--force")
    assert here.services().keys() == {"lantern-wick"}


def test_a_compose_file_that_is_empty_or_of_this_project_is_ours(here: Directory) -> None:
    here.write("compose.yaml", "")
    here.run("generate", "score.yaml")
    made = text(here, "compose.yaml")
    here.run("generate", "-o", "other.yaml")
    here.write("compose.yaml", made.replace("image: x", "image: other"))
    here.run("generate", "-o", "compose.yaml")
    assert text(here, "compose.yaml") == made


def test_the_task_refuses_too(here: Directory) -> None:
    here.write("compose.yaml", BY_HAND)
    here.write("dodo.py", "from doit_score import Score\n\nscore = Score(project='demo')\n")
    answer = here.doit("generate", status=1)
    assert "compose.yaml: was not written for this project" in answer.stderr + answer.stdout
    assert text(here, "compose.yaml") == BY_HAND


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("score.yaml", "cannot be written: it is an input of the project (score)"),
        ("./sub/../score.yaml", "cannot be written: it is an input of the project (score)"),
        ("link", "cannot be written: it is an input of the project (score)"),
        ("hard", "cannot be written: it is an input of the project (score)"),
        ("over.yaml", "cannot be written: it is an input of the project (overrides)"),
        ("page", "cannot be written: it is an input of the project (source)"),
        ("own.provisioners.yaml", "cannot be written: it is an input of the project (provisioners)"),
        ("state/backup.db", "cannot be written: it is in the state directory 'state'"),
        ("./sub/../state/new", "cannot be written: it is in the state directory 'state'"),
        ("other-state/state.db", "cannot be written: it is in the state directory 'state'"),
        ("pipe", "cannot be written: it is no regular file"),
        ("stdout", "cannot be written: it is no regular file"),
        (".score-compose/new.provisioners.yaml", "would be an input of the next run"),
        ("sub", "is a directory, so no file can be written there"),
    ],
)
def test_nothing_is_written_over_an_input_the_state_or_a_device(
    here: Directory, path: str, message: str
) -> None:
    """Not with --force either, and neither the output nor the environment file."""
    (here.path / "sub").mkdir()
    here.write("score.yaml", SCORE.replace("image: x,", "image: x, files: {/a: {source: page}},"))
    here.write("page", "hello")
    here.write("over.yaml", "{}\n")
    here.write(".score-compose/own.provisioners.yaml", "- {uri: 'template://a', type: a}\n")
    for name, target in {
        "link": "score.yaml",
        "own.provisioners.yaml": ".score-compose/own.provisioners.yaml",
        "other-state": "state",
        "stdout": "/proc/self/fd/1",
    }.items():
        (here.path / name).symlink_to(target)
    (here.path / "hard").hardlink_to(here.path / "score.yaml")
    os.mkfifo(here.path / "pipe")
    before = text(here, "score.yaml"), os.listdir(here.path / "state")
    for flag in ("-o", "--env-file"):
        answer = here.run(
            "generate", "score.yaml", "--overrides-file", "over.yaml", flag, path, "--force", status=1
        )
        assert f"Error: {path}: {message}\n" in answer.stderr
    assert text(here, "score.yaml") == before[0]
    assert not (here.path / "state/new").exists()
    assert stat.S_ISFIFO((here.path / "pipe").stat().st_mode)


def test_a_link_as_output_is_followed(here: Directory) -> None:
    (here.path / "deploy").mkdir()
    (here.path / "compose.yaml").symlink_to("deploy/made.yaml")
    here.run("generate", "score.yaml")
    assert here.services().keys() == {"lantern-wick"}
    assert os.readlink(here.path / "compose.yaml") == "deploy/made.yaml"
    assert here.run("generate").stderr == "INFO: nothing to do: 1 workload, 1 resource up to date\n"
    here.write("score.yaml", SCORE.replace("image: x", "image: other"))
    here.run("generate")
    assert "image: other" in text(here, "deploy/made.yaml")
    assert sorted(os.listdir(here.path / "deploy")) == ["made.yaml"]
    (here.path / "deploy/made.yaml").unlink()
    assert "compose.yaml: had been changed or removed by hand" in here.run("generate").stderr
    assert os.readlink(here.path / "compose.yaml") == "deploy/made.yaml"


def test_an_environment_file_keeps_what_is_in_it(here: Directory) -> None:
    here.write(".env", "# of the shop\nTOKEN=abc # keep\n\nexport OIL=olive\nLAST=1")
    (here.path / ".env").chmod(0o640)
    answer = here.run("generate", "score.yaml", "--env-file", ".env")
    assert "INFO: .env: added 'WAX'\n" in answer.stderr
    kept = "# of the shop\nTOKEN=abc # keep\n\nexport OIL=olive\nLAST=1\nWAX=\n"
    assert (text(here, ".env"), mode(here, ".env")) == (kept, 0o640)
    answer = here.run("generate", "--env-file", ".env")
    assert "INFO: .env: has every variable that the project refers to\n" in answer.stderr
    assert text(here, ".env") == kept
    here.run("generate", "--env-file", "new.env")
    assert (text(here, "new.env"), mode(here, "new.env")) == ("OIL=\nWAX=\n", 0o600)


@pytest.mark.parametrize(
    "theirs", ["import os\n", "# a\n\n[core]\nA=1\n", "# A=1\n{}\n", "services:\n", "FROM x\n", "\0\1=\n"]
)
def test_what_is_no_environment_file_gets_no_variables(here: Directory, theirs: str) -> None:
    here.write("theirs", theirs)
    assert here.run("generate", "score.yaml", "--env-file", "theirs", status=1).stderr.endswith(
        "Error: theirs: cannot be written: it is no environment file, whose lines are NAME=VALUE\n"
        "  hint: name another file\n"
    )
    assert text(here, "theirs") == theirs


@pytest.mark.parametrize("theirs", ["", "\n", "# a", "A\n", "\ufeffexport A = 1\r\n", "A.b-c='x\ny'"])
def test_what_an_environment_file_may_begin_with(here: Directory, theirs: str) -> None:
    (here.path / "theirs").write_bytes(theirs.encode())
    here.run("generate", "score.yaml", "--env-file", "theirs")
    kept = theirs.encode() if theirs.endswith("\n") or not theirs else theirs.encode() + b"\n"
    assert (here.path / "theirs").read_bytes() == kept + b"OIL=\nWAX=\n"


def test_a_link_to_itself_is_told_as_that(here: Directory) -> None:
    os.symlink("compose.yaml", here.path / "compose.yaml")
    message = "Error: compose.yaml: cannot be written: it is a link that leads back to itself\n"
    assert here.run("generate", "score.yaml", status=1).stderr.endswith(message)
    assert here.run("diff", "score.yaml", status=2).stderr == message


def test_the_mode_of_the_compose_file_is_its_owners(here: Directory) -> None:
    before = os.umask(0o077)
    try:
        here.run("generate", "score.yaml")
    finally:
        os.umask(before)
    assert mode(here, "compose.yaml") == 0o600
    (here.path / "compose.yaml").chmod(0o640)
    assert here.run("generate").stderr == "INFO: compose.yaml is up to date\n"
    assert here.run("generate").stderr == "INFO: nothing to do: 1 workload, 1 resource up to date\n"
    here.write("score.yaml", SCORE.replace("image: x", "image: other"))
    here.run("generate")
    assert mode(here, "compose.yaml") == 0o640


NOT_OURS = (
    "Error: {}: is not a state directory, and there is something else in it\n"
    "  hint: name one that is new or empty: --state-dir DIR\n"
)


@pytest.mark.parametrize("name", ["state", ".", "link"])
def test_a_directory_with_other_things_in_it_is_no_state_directory(tmp_path: Path, name: str) -> None:
    here = Directory(tmp_path)
    here.write("state/store.js", "export const x = 1\n")
    (tmp_path / "link").symlink_to("state")
    (tmp_path / "state").chmod(0o755)
    here.write("score.yaml", SCORE)
    assert here.run("init", "--no-sample", "--state-dir", name, status=1).stderr == NOT_OURS.format(name)
    here.write(
        "dodo.py", f"from doit_score import Score\n\nscore = Score(state_dir='{name}')\nscore.dep_file\n"
    )
    assert here.doit("generate", status=3).stdout == ""
    assert mode(here, "state") == 0o755
    assert os.listdir(tmp_path / "state") == ["store.js"]
    assert sorted(os.listdir(tmp_path)) == ["dodo.py", "link", "score.yaml", "state"]


def test_an_empty_directory_and_one_that_a_killed_init_left_do(tmp_path: Path) -> None:
    here = Directory(tmp_path)
    left = {
        "one/.gitignore": "*\n",
        "one/README.md": "What this is.\n",
        "two/lock": "",
        "three/stage/lock": "",
    }
    for name, content in left.items():
        here.write(name, content)
        here.run("init", "--no-sample", "--state-dir", name.partition("/")[0])


def test_init_makes_nothing_that_is_empty_and_says_one_thing(tmp_path: Path) -> None:
    here = Directory(tmp_path)
    assert (
        here.run("init", "--no-sample", "-p", "demo").stderr
        == "INFO: initialised 'state' for project 'demo'\n"
    )
    assert os.listdir(tmp_path) == ["state"]
    assert here.run("init", "--no-sample").stderr == "INFO: found the state directory 'state'\n"
    here.write("patch.tpl", "[]\n")
    answer = here.run("init", "--no-sample", "--patch-templates", "patch.tpl")
    assert answer.stderr == "INFO: initialised 'state' for project 'demo'\n"


def test_no_sample_is_written_into_the_state_directory(here: Directory) -> None:
    answer = here.run("init", "-f", "state/score.yaml", status=1)
    assert answer.stderr == (
        "Error: state/score.yaml: cannot be written: it is in the state directory 'state'\n"
        "  hint: keep what you use and what this tool remembers apart\n"
    )
