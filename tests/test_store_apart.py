"""Secrets that are moved: nobody sees a difference, and nothing of them stays where they were."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path

import keyring
import pytest
from engineering import Project, check_law, score, tree
from keyring.backends.null import Keyring as Null
from keyring.errors import KeyringLocked
from keyrings_of_tests import Memory

from doit_score.engine.run import Engine
from doit_score.options import APART, FLAGS, SECRETS, speak_to
from doit_score.store import apart, backup, database, schema
from doit_score.store.meta import Meta
from doit_score.store.rows import KeptRow, OriginRow, ResourceRow
from doit_score.store.state import open_state
from doit_score.text import canonical
from doit_score.text.errors import ScoreError

TOGETHER = SECRETS[0]
MODES = (TOGETHER, *APART)

SAFE = """\
- uri: template://tests/safe
  type: safe
  state: |
    password: {{ dig "password" (print "pa$s'\\"" (randAlphaNum 12)) .State | toJson }}
    private_key: {{ dig "private_key" (print "PRIVATE KEY-----\\n" (randAlphaNum 30)) .State | toJson }}
    token: {{ dig "token" 918273645 .State }}
  shared: |
    admin: {api_key: {{ dig "admin" "api_key" (print "adm" (randAlphaNum 16)) .Shared }}}
  outputs: |
    word: {{ .State.password | toJson }}
    url: {{ print "db://user:" .Shared.admin.api_key "@h" | toJson }}
    code: {{ print "C-" .Shared.admin.api_key | toJson }}
    pin: {{ .State.token }}
    key: {{ .State.private_key | toJson }}
    basic: {{ print "user:" .State.password | b64enc }}
  secret_outputs: [code]
  files: |
    of/{{ .Id }}: {{ print "p=" .State.password | toJson }}
  services: |
    safe-{{ .Id | replace "." "-" }}:
      image: safe
      environment:
        ADMIN: {{ .Shared.admin.api_key }}
        PASSWORD: {{ .State.password | replace "$" "$$" | toJson }}
  file_variables: [ADMIN]
"""
"""Secrets as texts, as a number, over several lines, and in other texts."""

VARIABLES = {
    name.upper(): f"${{resources.one.{name}}}" for name in ("word", "url", "code", "pin", "key", "basic")
}


@pytest.fixture
def memory() -> Iterator[Memory]:
    before = keyring.get_keyring()
    found = Memory()
    keyring.set_keyring(found)
    yield found
    keyring.set_keyring(before)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: Memory) -> Project:
    os.mkdir(tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    project = Project(project="p")
    project.provisioner(SAFE)
    project.write("a.score.yaml", score("alpha", {"one": "{type: safe}"}, variables=VARIABLES))
    project.write("b.score.yaml", score("beta", {"one": "{type: safe}"}, variables=VARIABLES))
    return project


def all_that_is_read() -> object:
    """What whoever reads the state sees of it, but for where secrets are."""
    with open_state("state") as state:
        meta = state.meta()
        return (
            state.rows(KeptRow),
            [row.outputs for row in state.rows(ResourceRow)],
            (meta.attic, meta.base),
            meta.project,
        )


def names_and_values() -> dict[str, str]:
    with open_state("state") as state:
        return dict(state.vault.values()) if state.vault is not None else {}


def secrets() -> set[str]:
    """What provisioners made that nobody may find."""
    with open_state("state") as state:
        kept = [canonical.mapping(row.state) for row in state.rows(KeptRow)]
        outputs = [canonical.mapping(row.outputs) for row in state.rows(ResourceRow)]
    found = {str(value[name]) for value in kept for name in ("password", "private_key", "token")}
    found |= {str(value["code"]).removeprefix("C-") for value in outputs}
    return found | {str(value["basic"]) for value in outputs}


def where(texts: set[str]) -> set[str]:
    """The files of the project in which one of these is, in one spelling or another."""
    spelled = {one.encode() for text in texts for one in (text, text.replace("$", "$$"), repr(text)[1:-1])}
    found = set()
    for folder, _, names in os.walk("."):
        for name in names:
            path = os.path.join(folder, name)
            content = Path(path).read_bytes()
            if any(text in content for text in spelled) and "provisioners" not in folder:
                found.add(os.path.relpath(path))
    return found


def check_apart(how: str) -> None:
    """Nothing has secrets but what is to."""
    found = where(secrets())
    mounts = {f"state/mounts/{path}" for path in tree() if not path.endswith("/")}
    if how == TOGETHER:
        assert {"compose.yaml", "state/state.db", "state/backup.db"} <= found
        assert not {"secrets", "secrets.env"} & {*os.listdir("state")}
    else:
        places = {"env": {"secrets.env"}, "file": {"secrets.env", "secrets"}, "keyring": set[str]()}[how]
        assert {"secrets", "secrets.env"} & {*os.listdir("state")} == places
        kept = {f"state/secrets/{name}" for name in names_and_values()} if how == "file" else set()
        assert found - mounts <= {"state/secrets.env", *kept} and (found - mounts or how == "keyring")


@pytest.mark.parametrize("first", MODES)
@pytest.mark.parametrize("then", MODES)
def test_secrets_are_the_same_after_a_move_and_nowhere_else(
    project: Project, memory: Memory, first: str, then: str
) -> None:
    if first == then:
        return
    project.run()
    before = all_that_is_read()
    project.run(secrets=first)
    check_apart(first)
    named = names_and_values()
    project.run(secrets=then)
    assert all_that_is_read() == before
    check_apart(then)
    assert bool(memory.kept) is (then == "keyring")
    if TOGETHER not in (first, then):
        after = names_and_values()
        assert {name: after[name] for name in named} == named
    check_law(project, secrets=then)
    assert project.run(secrets=then) == []
    assert project.run() == []


@pytest.mark.parametrize("then", [mode for mode in MODES if mode != "file"])
def test_a_move_alone_loses_nothing(project: Project, then: str) -> None:
    """Whatever the run does after it: of files and variables one is not yet made of the other."""
    for first in ("file", "env"):
        project.run(secrets=first)
        before, named = all_that_is_read(), names_and_values()
        with open_state("state") as state:
            apart.move(state, "" if then == TOGETHER else then)
        assert all_that_is_read() == before
        assert names_and_values() == ({} if then == TOGETHER else named)


def test_what_was_replaced_after_a_move_does_not_stay_in_the_database(project: Project) -> None:
    project.run(secrets="env")
    gone = secrets()
    os.remove("b.score.yaml")
    project.provisioner(SAFE.replace('"pa$s', '"new').replace(".State | toJson", "dict | toJson"))
    project.run()
    check_apart("env")
    assert where(gone) <= {"state/secrets.env", *(f"state/mounts/{path}" for path in tree())}


def test_a_run_that_waited_for_another_knows_where_they_are_now(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.run()
    before, held = all_that_is_read(), Engine._held

    def waiting(engine: Engine) -> AbstractContextManager[None]:
        monkeypatch.setattr(Engine, "_held", held)
        project.run(secrets="env")
        return held(engine)

    monkeypatch.setattr(Engine, "_held", waiting)
    project.engine(secrets="env").update()
    assert all_that_is_read() == before
    check_apart("env")
    check_law(project, secrets="env")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"secrets": "separate"},
            "--secrets separate is for the target kubernetes"
            "\n  hint: for compose it is one of: together, env, file, keyring",
        ),
        (
            {"secrets": "file", "target": "kubernetes", "output": "manifests.yaml"},
            "--secrets file is for the target compose"
            "\n  hint: for kubernetes it is one of: together, separate",
        ),
    ],
)
def test_what_the_target_cannot_have_is_told_before_anything_is_moved(
    project: Project, settings: dict[str, object], message: str
) -> None:
    speak_to(FLAGS)
    assert project.fails(**settings) == message
    assert not {"secrets", "secrets.env"} & {*os.listdir("state")}


class Broken(Memory):
    """A keyring that locks itself while it is used."""

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.kept:
            raise KeyringLocked("it is locked")
        super().set_password(service, username, password)


@pytest.mark.parametrize("first", [TOGETHER, "env", "file"])
def test_a_move_that_fails_leaves_all_as_it_was(project: Project, first: str) -> None:
    project.run(secrets=first)
    before, named, output = all_that_is_read(), names_and_values(), Path("compose.yaml").read_bytes()
    keyring.set_keyring(Broken())
    assert project.fails(secrets="keyring") == (
        "the keyring cannot be used: it is locked\n"
        "  hint: unlock it, or keep secrets elsewhere: --secrets env or --secrets file"
    )
    assert (all_that_is_read(), names_and_values(), Path("compose.yaml").read_bytes()) == (
        before,
        named,
        output,
    )
    project.run()
    assert Path("compose.yaml").read_bytes() == output
    check_apart(first)


def test_a_move_to_a_keyring_that_keeps_nothing_leaves_all_as_it_was(project: Project) -> None:
    project.run()
    before, output = all_that_is_read(), Path("compose.yaml").read_bytes()
    keyring.set_keyring(Null())  # type: ignore[no-untyped-call]  # of its base
    assert project.fails(secrets="keyring") == (
        "the keyring keyring.backends.null.Keyring does not keep what it is given\n"
        "  hint: have another one used (see `keyring --list-backends`), or keep secrets elsewhere: "
        "--secrets env or --secrets file"
    )
    assert (all_that_is_read(), Path("compose.yaml").read_bytes()) == (before, output)
    project.run()
    assert Path("compose.yaml").read_bytes() == output
    check_apart(TOGETHER)


@pytest.mark.parametrize("first", ["keyring", "env"])
@pytest.mark.parametrize("then", MODES)
def test_a_copy_of_a_project_leaves_what_the_other_has_in_the_keyring(
    project: Project, memory: Memory, monkeypatch: pytest.MonkeyPatch, first: str, then: str
) -> None:
    project.run(secrets=first)
    shutil.copytree("../here", "../copy")
    project.run(secrets="keyring")
    before, named, kept = all_that_is_read(), names_and_values(), dict(memory.kept)
    monkeypatch.chdir("../copy")
    project.run(secrets=then)
    assert all_that_is_read() == before
    check_apart(then)
    assert kept.items() <= memory.kept.items()
    assert len(memory.kept) == (2 if then == "keyring" else 1) * len(kept)
    if then == "keyring":
        assert names_and_values() == named
        project.run(secrets=TOGETHER)
    assert memory.kept == kept
    monkeypatch.chdir("../here")
    assert (all_that_is_read(), names_and_values()) == (before, named)


def test_a_project_that_was_moved_takes_its_secrets_from_the_keyring(
    project: Project, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.run(secrets="keyring")
    before, kept = all_that_is_read(), dict(memory.kept)
    os.rename("../here", "../there")
    monkeypatch.chdir("../there")
    project.run()
    assert (all_that_is_read(), memory.kept) == (before, kept)
    project.run(secrets=TOGETHER)
    assert (all_that_is_read(), memory.kept) == (before, {})


@pytest.mark.parametrize("first", ["env", "file"])
@pytest.mark.parametrize("then", MODES)
def test_a_move_that_is_not_committed_leaves_all_as_it_was(
    project: Project, monkeypatch: pytest.MonkeyPatch, first: str, then: str
) -> None:
    if first == then:
        return
    project.run(secrets=first)
    before, named, output = all_that_is_read(), names_and_values(), Path("compose.yaml").read_bytes()

    write = backup.write

    def full(*_: object) -> None:
        raise ScoreError("no space")

    monkeypatch.setattr("doit_score.store.backup.write", full)
    assert project.fails(secrets=then) == "no space"
    monkeypatch.setattr("doit_score.store.backup.write", write)
    assert (all_that_is_read(), names_and_values(), Path("compose.yaml").read_bytes()) == (
        before,
        named,
        output,
    )
    project.run()
    assert Path("compose.yaml").read_bytes() == output
    check_apart(first)


@pytest.mark.parametrize("how", APART)
def test_what_is_forgotten_is_in_the_vault_no_more(project: Project, how: str) -> None:
    project.run(secrets=how)
    before = names_and_values()
    os.remove("b.score.yaml")
    project.run()
    assert names_and_values() == before
    project.engine().generate(forget=True)
    after = names_and_values()
    assert {*before} - {*after} == {
        "SECRET_SAFE_BETA_ONE_BASIC",
        "SECRET_SAFE_BETA_ONE_PASSWORD",
        "SECRET_SAFE_BETA_ONE_PRIVATE_KEY",
    }
    assert {name: before[name] for name in after} == after
    check_apart(how)
    assert project.run() == []


@pytest.mark.usefixtures("settled")
def test_what_is_a_variable_no_more_goes_from_the_file_of_variables(project: Project) -> None:
    project.run(secrets="file")
    before, path = names_and_values(), Path("a.score.yaml")
    word = "SECRET_SAFE_BETA_ONE_PASSWORD"
    assert f"\n{word}=" in Path("state/secrets.env").read_text()
    project.write("b.score.yaml", score("beta", {"one": "{type: safe}"}))
    project.provisioner(SAFE.replace('.State.password | replace "$" "$$"', '"none"'))
    project.run()
    asked = {*re.findall(r"\$\{(SECRET_\w+)", Path("compose.yaml").read_text())}
    with open_state("state") as state:
        assert state.vault is not None
        assert (names_and_values(), {*state.vault.variables()}) == (before, asked)
    assert word not in asked and "SECRET_SAFE_ALPHA_ONE_PASSWORD" in asked
    assert project.run() == []
    path.unlink()
    project.write("b.score.yaml", score("beta", {}))
    project.run()
    assert Path("state/secrets.env").read_text().count("\n") == 1
    os.remove("state/secrets.env")
    assert project.run() == []


def test_a_file_of_variables_that_was_removed_is_made_of_the_others(project: Project) -> None:
    project.run(secrets="file")
    path = Path("state/secrets.env")
    before = path.read_text()
    path.unlink()
    assert not project.engine().is_current()
    project.run()
    assert path.read_text() == before
    assert project.engine().is_current()


def test_what_is_found_by_chance_in_what_stays_is_not_forgotten(project: Project) -> None:
    """A mark in what is stored of a workload needs its name, whoever made the secret."""
    project.provisioner(SAFE, "- uri: template://tests/odd\n  type: odd\n  state: 'token: a.score.yaml'\n")
    project.write("c.score.yaml", score("gamma", {"odd": "{type: odd}"}))
    project.run(secrets="env")
    os.remove("c.score.yaml")
    project.run()
    project.engine().generate(forget=True)
    assert names_and_values()["SECRET_ODD_GAMMA_ODD_TOKEN"] == "a.score.yaml"
    with open_state("state") as state:
        assert any('"file":"a.score.yaml"' in row.outline for row in state.rows(OriginRow))
    assert project.run() == []


def test_a_backup_has_names_and_gives_back_the_state_with_the_vault(project: Project) -> None:
    project.run(secrets="env")
    before = all_that_is_read()
    with closing(database.reader("state/backup.db")) as connection:
        meta = dict(connection.execute("SELECT key, value FROM meta"))
        assert all(connection.execute(f"SELECT count(*) FROM {table}").fetchone() for table in schema.MEMORY)
    assert "SECRET_SAFE_ALPHA_ONE_PASSWORD" in meta[Meta.vault.name]
    os.remove("state/state.db")
    shutil.copy("state/backup.db", "state/state.db")
    project.run()
    assert all_that_is_read() == before
    check_apart("env")
