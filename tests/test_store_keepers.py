"""Where secrets are kept: what is written is read again, by us and by Compose, and nobody else."""

from __future__ import annotations

import builtins
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis.strategies as st
import keyring
import pytest
from engineering import score
from hypothesis import given, settings
from keyring.backend import KeyringBackend
from keyring.backends.null import Keyring as Null
from keyring.errors import KeyringLocked, NoKeyringError
from keyrings_of_tests import Memory

from doit_score.store.keepers import keeper, sweep
from doit_score.text.errors import ScoreError

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
AWKWARD = (
    *("a'b", 'a"b', "a\\b", "a\\", "'a\\", "a$b", "'$b", "${X}", "'${X:-y}", "$$", "'$$", "$(x)", "'$(x)"),
    *("a\nb", "a\r\nb\n", "\\n", "'\\n", "'\\\\n", "\\$x", "'\\$x", "#x", "a # b", " lead ", "'", '"', "'\""),
    *("`x`", "a\tb", "'\\t", "'\\u0041", "'\\101", "'\\a\\c\\e\\0", "'a=b: c", "é☃\U0001f600", "'é", "'\x7f"),
    "-----BEGIN PRIVATE KEY-----\nMIIE+/=\n-----END PRIVATE KEY-----\n",
)


@pytest.fixture
def state_dir(tmp_path: Path) -> str:
    return str(tmp_path)


@pytest.fixture
def memory() -> Iterator[Memory]:
    before = keyring.get_keyring()
    found = Memory()
    keyring.set_keyring(found)
    yield found
    keyring.set_keyring(before)


def modes(root: str) -> dict[str, int]:
    return {
        os.path.relpath(os.path.join(folder, name), root): os.stat(os.path.join(folder, name)).st_mode & 0o777
        for folder, directories, names in os.walk(root)
        for name in (*directories, *names)
    }


@pytest.mark.parametrize("how", ["env", "file"])
@settings(max_examples=30)
@given(values=st.dictionaries(st.from_regex("SECRET_[A-Z0-9_]{1,9}", fullmatch=True), TEXTS, max_size=5))
def test_what_is_written_to_files_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, how: str, values: dict[str, str]
) -> None:
    place = str(tmp_path_factory.mktemp("state"))
    keeper(how, place, "id").save(values, {*values})
    assert keeper(how, place, "id").load(()) == (values, {*values})


def test_compose_reads_the_variables_as_they_are(tmp_path: Path) -> None:
    values = {f"SECRET_{number}": text for number, text in enumerate(AWKWARD)}
    keeper("env", str(tmp_path), "id").save(values, {*values})
    services = {"a": {"image": "x", "environment": {name: f"${{{name}:?}}" for name in values}}}
    (tmp_path / "compose.yaml").write_text(json.dumps({"services": services}))
    command = ["docker", "compose", "--env-file", "secrets.env", "config", "--format", "json"]
    if not shutil.which("docker"):
        assert not os.environ.get("CI")
        pytest.skip("docker is not installed")
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (said.returncode, said.stderr) == (0, "")
    found = json.loads(said.stdout)["services"]["a"]["environment"]
    assert {name: text.replace("$$", "$") for name, text in found.items()} == values


def test_a_line_has_quotes_that_need_no_escapes_where_it_can(state_dir: str) -> None:
    keeper("env", state_dir, "id").save({"SECRET_B": 'a $b "c"', "SECRET_A": "it's $5\n"}, set())
    assert Path(state_dir, "secrets.env").read_text() == (
        "# The secrets of a project, kept by doit-score: docker compose --env-file THIS_FILE ...\n"
        'SECRET_A="it\'s \\$5\\n"\n'
        "SECRET_B='a $b \"c\"'\n"
    )


def test_files_are_for_their_owner_alone(state_dir: str) -> None:
    old = os.umask(0)
    try:
        keeper("file", state_dir, "id").save({"SECRET_A": "one1", "SECRET_B": "two2"}, {"SECRET_B"})
    finally:
        os.umask(old)
    assert modes(state_dir) == {
        "secrets": 0o700,
        "secrets.env": 0o600,
        "secrets/SECRET_A": 0o600,
        "secrets/SECRET_B": 0o600,
    }


def test_of_a_file_each_those_that_are_variables_are_known_again(state_dir: str) -> None:
    values = {"SECRET_A": "one1", "SECRET_B": "two2"}
    kept = keeper("file", state_dir, "id")
    kept.save(values, {"SECRET_B"})
    assert keeper("file", state_dir, "id").load(()) == (values, {"SECRET_B"})
    kept.save({"SECRET_A": "one1"}, set())
    assert keeper("file", state_dir, "id").load(()) == ({"SECRET_A": "one1"}, set())
    assert sorted(os.listdir(f"{state_dir}/secrets")) == ["SECRET_A"]


def test_files_of_others_beside_secrets_are_left_alone(state_dir: str) -> None:
    kept = keeper("file", state_dir, "id")
    kept.save({"SECRET_A": "one1"}, set())
    Path(state_dir, "secrets", "SECRET_A~").write_text("of an editor")
    assert kept.load(()) == ({"SECRET_A": "one1"}, set())
    kept.save({}, set())
    assert os.listdir(f"{state_dir}/secrets") == ["SECRET_A~"]


def test_a_line_that_was_edited_and_cannot_be_read_is_told_without_it(state_dir: str) -> None:
    kept = keeper("env", state_dir, "id")
    kept.save({"SECRET_A": "one1"}, set())
    path = Path(state_dir, "secrets.env")
    path.write_text(path.read_text().replace("'one1'", "it's"))
    with pytest.raises(ScoreError) as error:
        kept.load(())
    assert str(error.value) == (
        f'{path}:2: expected NAME=\'value\', or NAME="value" with a backslash before each of \\ " and $\n'
        "  hint: variables of yours belong into another file: this one is written anew"
    )


def test_a_directory_in_the_place_of_a_file_is_told(state_dir: str) -> None:
    os.mkdir(f"{state_dir}/secrets.env")
    with pytest.raises(ScoreError) as error:
        keeper("env", state_dir, "id").load(())
    assert str(error.value) == f"{state_dir}/secrets.env: cannot be read: Is a directory"


def test_what_one_place_leaves_is_removed_for_another(state_dir: str) -> None:
    values = {"SECRET_A": "one1"}
    for how, left in (
        ("file", ["secrets", "secrets.env"]),
        ("env", ["secrets.env"]),
        ("", []),
        ("keyring", []),
    ):
        keeper("file", state_dir, "id").save(values, {*values})
        sweep(state_dir, how)
        assert sorted(os.listdir(state_dir)) == left


def test_a_keyring_has_just_what_it_was_told(memory: Memory) -> None:
    keeper("keyring", "state", "id").save({"SECRET_A": "one1", "SECRET_B": "two2"}, set())
    assert memory.kept == {"doit-score id/SECRET_A": "one1", "doit-score id/SECRET_B": "two2"}
    kept = keeper("keyring", "state", "id")
    names = ("SECRET_A", "SECRET_B", "SECRET_C")
    values = {"SECRET_A": "one1", "SECRET_B": "two2"}
    assert kept.load(names) == (values, {*values})
    kept.save({"SECRET_B": "2222"}, set())
    assert memory.kept == {"doit-score id/SECRET_B": "2222"}
    kept.remove(names, "")
    assert memory.kept == {}


def test_a_file_that_is_gone_or_empty_is_named(state_dir: str) -> None:
    names = ("SECRET_A", "SECRET_B")
    env, file, ring = (keeper(how, state_dir, "id") for how in ("env", "file", "keyring"))
    variables, first, second = (
        f"{state_dir}/{one}" for one in ("secrets.env", *(f"secrets/{n}" for n in names))
    )
    assert [kept.missing((), False) for kept in (env, file, ring)] == ["", "", ""]
    assert [kept.missing(names, True) for kept in (env, file, ring)] == [variables, first, ""]
    file.save(dict.fromkeys(names, "one1"), {"SECRET_A"})
    assert [kept.missing(names, True) for kept in (env, file, ring)] == ["", "", ""]
    Path(variables).write_text("")
    assert [kept.missing(names, True) for kept in (env, file)] == [variables, variables]
    assert file.missing(names, False) == ""
    Path(second).write_text("")
    assert file.missing(names, True) == second


class Locked(KeyringBackend):
    """One that nobody unlocks."""

    priority = 1.0

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("Failed to\nunlock the collection!")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NoKeyringError

    def delete_password(self, service: str, username: str) -> None:
        raise KeyringLocked


HINT = "\n  hint: unlock it, or keep secrets elsewhere: --secrets env or --secrets file"


def test_a_keyring_that_is_locked_is_told(memory: Memory) -> None:
    keyring.set_keyring(Locked())  # type: ignore[no-untyped-call]  # of its base
    kept = keeper("keyring", "state", "id")
    with pytest.raises(ScoreError) as error:
        kept.load(["SECRET_A"])
    assert str(error.value) == "the keyring cannot be used: Failed to unlock the collection!" + HINT
    with pytest.raises(ScoreError) as error:
        kept.save({"SECRET_A": "one1"}, set())
    assert str(error.value) == "the keyring cannot be used: NoKeyringError" + HINT
    with pytest.raises(ScoreError) as error:
        kept.remove(["SECRET_A"], "")
    assert str(error.value) == "the keyring cannot be used: KeyringLocked" + HINT


class Cutting(Memory):
    """One that keeps the beginning of what is long."""

    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(service, username, password[:4])


NULL = Null()  # type: ignore[no-untyped-call]  # of its base


@pytest.mark.parametrize("used", [Cutting(), NULL])
def test_a_keyring_that_does_not_keep_what_it_is_given_is_told_and_left_as_it_was(
    memory: Memory, used: KeyringBackend
) -> None:
    keyring.set_keyring(used)
    kept = keeper("keyring", "state", "id")
    with pytest.raises(ScoreError) as error:
        kept.save({"SECRET_A": "one1", "SECRET_B": "two22"}, set())
    assert str(error.value) == (
        f"the keyring {type(used).__module__}.{type(used).__name__} does not keep what it is given\n"
        "  hint: have another one used (see `keyring --list-backends`), or keep secrets elsewhere: "
        "--secrets env or --secrets file"
    )
    assert kept.load(["SECRET_A", "SECRET_B"]) == ({}, set())


def test_where_the_package_is_not_installed_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    present = builtins.__import__

    def absent(name: str, *more: object) -> object:
        if name.startswith("keyring"):
            raise ImportError(name)
        return present(name, *more)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(ScoreError) as error:
        keeper("keyring", "state", "id").load(())
    assert str(error.value) == (
        "secrets are to be in a keyring, and the package keyring is not installed\n"
        "  hint: pip install 'doit-score[keyring]'"
    )


ENTRY = """\
- uri: template://safe
  type: safe
  state: "password: opensesame"
  outputs: "p: {{ .State.password }}"
"""


def test_the_command_keeps_them_in_the_keyring_that_it_is_told_to_use(tmp_path: Path) -> None:
    (tmp_path / "a.provisioners.yaml").write_text(ENTRY)
    (tmp_path / "score.yaml").write_text(
        score("web", {"safe": "{type: safe}"}, variables={"P": "${resources.safe.p}"})
    )
    environment = {
        **os.environ,
        "PYTHON_KEYRING_BACKEND": "keyrings_of_tests.InFile",
        "PYTHONPATH": os.path.dirname(__file__),
        "KEYRING_OF_TEST": str(tmp_path / "keyring.json"),
    }

    def run(*arguments: str) -> None:
        command = [sys.executable, "-m", "doit_score", "--quiet", *arguments]
        said = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert (said.returncode, said.stdout, said.stderr) == (0, "", "")

    init = ("init", "--no-sample", "--no-default-provisioners", "--provisioners", "a.provisioners.yaml")
    run(*init)
    run("generate", "score.yaml", "--secrets", "keyring")
    kept = json.loads((tmp_path / "keyring.json").read_text())
    assert [(name.partition("/")[2], text) for name, text in kept.items()] == [
        ("SECRET_SAFE_WEB_SAFE_PASSWORD", "opensesame")
    ]
    assert "P: ${SECRET_SAFE_WEB_SAFE_PASSWORD:?}\n" in (tmp_path / "compose.yaml").read_text()
    run("generate", "--secrets", "together")
    assert (tmp_path / "keyring.json").read_text() == "{}"
    assert "P: opensesame\n" in (tmp_path / "compose.yaml").read_text()
