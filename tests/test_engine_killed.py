"""Runs that are killed before each of the things that they do to the disk, and the run after that."""

from __future__ import annotations

import errno
import os
import random
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from engineering import MAKER, ROUTE, Project, output_files, same_generated_values, score, tree

from doit_score.command import cli
from doit_score.command.sample import SAMPLE
from doit_score.store import connection, schema
from doit_score.store.lock import GITIGNORE
from doit_score.store.meta import MEMORY, Meta
from doit_score.store.rows import KeptRow
from doit_score.store.state import open_state
from doit_score.templating.functions import randoms

WRITERS = (
    *("open", "write", "fsync", "sync", "replace", "rename", "unlink", "mkdir", "rmdir", "chmod", "fchmod"),
    *("chown", "symlink", "utime"),
)

GENERATED = re.compile(r"gen[a-z0-9]{12}")
USING = {"NAME": "${resources.one.name}", "SERVER": "${resources.one.server}"}
MOUNTED = "files: {/etc/name: {content: '${resources.one.name}'}}\n"


Outcome = tuple[dict[str, tuple[str, int]], dict[str, tuple[str, int]]]


class Chance:
    """What stands for chance here: runs that begin alike make up the same names, and no two others do.

    Then most kills leave the same memory, and what a run from scratch makes of that is asked once.
    """

    def __init__(self) -> None:
        self._runs = 0
        self.restart()

    def restart(self, run: int = 0) -> None:
        self._runs = run
        self._random = random.Random(run)

    def next_run(self) -> None:
        self.restart(self._runs + 1)

    def bytes(self, count: int) -> bytes:
        return self._random.randbytes(count)


CHANCE = Chance()
OUTCOMES: dict[object, Outcome] = {}
"""What a run from scratch leaves, by the output, the memory and the files that it begins with."""


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty directory."""
    monkeypatch.setattr(randoms, "urandom", CHANCE.bytes)
    monkeypatch.setattr(os, "urandom", CHANCE.bytes)
    OUTCOMES.clear()
    back = os.getcwd()
    root = tempfile.mkdtemp()
    yield root
    os.chdir(back)
    shutil.rmtree(root)


class Killer:
    """Ends the process at the ``count``-th thing that it is about to do to the disk."""

    def __init__(self, count: int) -> None:
        self._left = count

    def tick(self, name: str) -> None:
        """``name`` is a function of os, or ``execute`` for a statement that changes a database."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """For a process of its own: there is no way back."""
        for name in WRITERS:
            setattr(os, name, self._watched(getattr(os, name), name))
        killer = self

        class Connection(connection.Connection):
            def execute(self, statement, *more):  # type: ignore[no-untyped-def]  # as in sqlite3
                if not statement.startswith(("SELECT", "PRAGMA", "ROLLBACK")):
                    killer.tick("execute")
                return super().execute(statement, *more)

            def executemany(self, statement, *more):  # type: ignore[no-untyped-def]  # as in sqlite3
                killer.tick("execute")
                return super().executemany(statement, *more)

            def executescript(self, statement):  # type: ignore[no-untyped-def]  # as in sqlite3
                killer.tick("execute")
                return super().executescript(statement)

        connect = sqlite3.connect

        def watched(name: str, **more: object) -> sqlite3.Connection:
            more |= {} if ":memory:" in name else {"factory": Connection}  # doit's, in a run by the command
            return connect(name, **more)  # type: ignore[call-overload, no-any-return]  # as it is

        sqlite3.connect = watched  # type: ignore[assignment]  # in this process only

    def _watched(self, function: Callable[..., object], name: str) -> Callable[..., object]:
        def watched(*arguments: object, **more: object) -> object:
            writes = name != "open" or int(arguments[1]) & (os.O_WRONLY | os.O_RDWR)  # type: ignore[call-overload]  # flags
            if writes:
                self.tick(name)
            return function(*arguments, **more)

        return watched


class Filler(Killer):
    """Fills the disk at the ``count``-th thing: from then on nothing new finds a place on it."""

    def tick(self, name: str) -> None:
        self._left -= 1
        if self._left <= 0:
            if name == "execute":
                raise sqlite3.OperationalError("database or disk is full")
            if name in ("open", "write", "mkdir", "fsync"):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def run_on_a_full_disk(act: Callable[[], int], count: int) -> bool:
    """Runs ``act`` in a process whose disk is full from the ``count``-th write on; whether it failed, for
    which it must have a message and nothing else."""
    CHANCE.next_run()
    with tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            os.dup2(said.fileno(), 2)
            sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115  # until the process ends
            try:
                Filler(count).watch()
                status = act()
            except BaseException:
                traceback.print_exc()
                status = 70
            sys.stderr.flush()
            os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said.seek(0)
        text = said.read().decode()
    CHANCE.next_run()
    assert (status, "Traceback" in text, "fault of doit-score" in text) in (
        (0, False, False),
        (1, False, False),
    ), text
    assert status == 0 or "No space left on device" in text or "database or disk is full" in text, text
    return status == 1


def run_and_kill(act: Callable[[], object], count: int) -> bool:
    """Runs ``act`` in a process that is killed at the ``count``-th write; whether it came to that."""
    CHANCE.next_run()
    child = os.fork()
    if child == 0:
        try:
            Killer(count).watch()
            act()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL)
    CHANCE.next_run()
    return status == -signal.SIGKILL


def generated(root: str = ".") -> set[str]:
    """Every generated value that the outputs show."""
    found = set(tree()) if os.path.exists("state/mounts") else set()
    texts = [text for text, _ in tree().values()] if found else []
    texts += [text for name in OUTPUTS for text, _ in output_files(name).values()]
    return set(GENERATED.findall("\n".join([*found, *texts])))


def remembered() -> set[str]:
    """Every generated value that the state has."""
    with open_state("state") as state:
        texts = [row.state for row in state.rows(KeptRow)] + list(state.meta().texts.values())
    return set(GENERATED.findall("\n".join(texts)))


OUTPUTS = ("compose.yaml", "other/compose.yaml", "manifests.yaml", "k8s/")
KUBERNETES = {"target": "kubernetes", "output": "manifests.yaml"}
DIRECTORY = {"target": "kubernetes", "output": "k8s/", "secrets": "separate"}


def check_no_strays() -> None:
    """Nothing is left of a killed run.  lock.holder may be, where nobody has taken the lock again."""
    found = [name for _, _, names in os.walk(".") for name in names]
    ends = (".tmp", "-journal", "-wal", "-shm")
    assert [name for name in found if name.startswith(".doit-score-") or name.endswith(ends)] == []


def check_backup() -> str:
    """The backup has the memory that the state has, which is returned but for the stamp of the state."""
    memory = []
    for name in ("state.db", "backup.db"):
        with closing(sqlite3.connect(f"state/{name}")) as connection:
            meta = dict(connection.execute("SELECT key, value FROM meta"))
            tables = [connection.execute(f"SELECT * FROM {table}").fetchall() for table in schema.MEMORY]
            memory.append(({key: meta[key] for key in MEMORY & meta.keys()}, tables))
    assert memory[0] == memory[1]
    values, tables = memory[0]
    return repr((sorted(item for item in values.items() if item[0] != Meta.memory.name), tables))


def check_whole(again: Callable[[], object], output: str = "compose.yaml") -> None:
    """What is there is what ``again`` leaves from scratch, and nothing of the killed run."""
    check_no_strays()
    memory = check_backup()
    before = (output_files(output), tree())
    scratch = os.path.abspath("../scratch")
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(
        ".", scratch, ignore=shutil.ignore_patterns("state", *(path.rstrip("/") for path in OUTPUTS))
    )
    begins = (output, memory, tuple(tree(scratch).items()))
    if begins not in OUTCOMES:
        same_generated_values("state", f"{scratch}/state")
        here = os.getcwd()
        os.chdir(scratch)
        try:
            again()
            OUTCOMES[begins] = (output_files(output), tree())
        finally:
            os.chdir(here)
    assert before == OUTCOMES[begins]


def first(project: Project) -> None:
    """Two workloads with what they need."""
    project.provisioner(MAKER, ROUTE)
    resources = {"one": "{type: maker}", "way": "{type: route, params: {host: a}}"}
    project.write("a.score.yaml", score("alpha", resources, variables=USING, more=MOUNTED))
    project.write("b.score.yaml", score("beta", {"one": "{type: maker}"}, variables=USING))


def second(project: Project) -> None:
    """One of them is gone, another has come, and a file has taken the place of a directory."""
    os.remove("b.score.yaml")
    project.provisioner(MAKER.replace("both/list", "both"), ROUTE)
    project.write("c.score.yaml", score("gamma", {"one": "{type: maker}"}, variables=USING, more=MOUNTED))


TELLER = """\
- uri: cmd://sh
  type: teller
  args: [-c, "cat > /dev/null; cat outside"]
"""


def asking(project: Project) -> None:
    """A command that does not say what it reads."""
    project.provisioner(MAKER, TELLER)
    project.write("outside", '{"resource_outputs": {"word": "one"}}')
    resources = {"one": "{type: maker}", "two": "{type: teller}"}
    variables = {**USING, "WORD": "${resources.two.word}"}
    project.write("a.score.yaml", score("alpha", resources, variables=variables))


def another_answer(project: Project) -> None:
    """Only what that command returns changes."""
    project.write("outside", '{"resource_outputs": {"word": "two"}, "shared_state": {"told": true}}')


def nothing(project: Project) -> None:
    """No edit."""


def only_gamma(project: Project) -> None:
    for name in ("a", "b"):
        if os.path.exists(f"{name}.score.yaml"):
            os.remove(f"{name}.score.yaml")
    project.write("c.score.yaml", score("gamma"))


@pytest.mark.parametrize(
    ("before", "edit", "after", "settings"),
    [
        (None, first, nothing, {}),
        (first, second, nothing, {}),
        (first, second, only_gamma, {}),
        (None, first, only_gamma, {}),
        (asking, another_answer, nothing, {}),
        (first, second, nothing, KUBERNETES),
        (first, second, nothing, DIRECTORY),
        (first, second, only_gamma, DIRECTORY),
    ],
)
def test_the_run_after_one_that_was_killed_leaves_what_it_would_have_left(
    directory: str,
    before: Callable[[Project], None] | None,
    edit: Callable[[Project], None],
    after: Callable[[Project], None],
    settings: dict[str, object],
) -> None:
    project = Project(project="p", **settings)
    os.makedirs(f"{directory}/template")
    os.chdir(f"{directory}/template")
    if before is not None:
        before(project)
        project.run()
    edit(project)

    def end(count: int) -> None:
        shown = generated()
        if count % 7 == 0:
            run_and_kill(project.run, count // 2)  # Misfortunes come in pairs.
            shown |= generated()
        after(project)
        project.run()
        assert shown <= remembered()
        check_whole(project.run, project.settings.output)

    assert every_kill(directory, project.run, end) > (20 if edit is another_answer else 40)


def every_kill(
    directory: str,
    act: Callable[[], object],
    end: Callable[[int], object],
    run: Callable[[Callable[[], object], int], bool] = run_and_kill,
) -> int:
    """Kills ``act`` before each of its writes in turn, each time in a copy of the template; ``end`` is what
    is done and checked after that.  How many kills it took.  ``run`` can be another misfortune."""
    count = 0
    killed = True
    while killed:
        count += 1
        os.chdir(directory)
        shutil.rmtree("here", ignore_errors=True)
        shutil.copytree("template", "here")
        os.chdir("here")
        CHANCE.restart()
        killed = run(act, count)
        try:
            end(count)
        except BaseException as error:
            error.args = (f"killed at {count}: {error}",)
            raise
    print(f"{count - 1} times, each without a difference; {len(OUTCOMES)} runs from scratch")
    return count - 1


SECRET = """\
- uri: template://tests/secret
  type: secret
  state: |
    token: {{ dig "token" (print "gen" (randAlphaNum 12 | lower)) .State }}
  shared: |
    password: {{ dig "password" (print "gen" (randAlphaNum 12 | lower)) .Shared }}
  outputs: |
    name: {{ .State.token }}
    server: {{ .Shared.password }}
  files: |
    both/{{ .Id }}: {{ .State.token }}
"""


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [
        ("together", "env", ["secrets.env"]),
        ("env", "file", ["secrets", "secrets.env"]),
        ("file", "env", ["secrets.env"]),
    ],
)
def test_a_move_of_secrets_that_is_killed_is_made_by_the_next_run(
    directory: str, before: str, after: str, left: list[str]
) -> None:
    project = Project(project="p", secrets=before)
    os.makedirs(f"{directory}/template")
    os.chdir(f"{directory}/template")
    project.provisioner(SECRET)
    project.write("a.score.yaml", score("alpha", {"one": "{type: secret}"}, variables=USING))
    project.run()
    known, files = remembered(), tree()
    assert len(known) == 2

    def move() -> None:
        project.run(secrets=after)

    def end(count: int) -> None:
        if count % 5 == 0:
            run_and_kill(move, count // 2)
        if count % 3 == 0:
            project.run()  # and not, after all
            assert (remembered(), tree()) == (known, files)
        move()
        assert (remembered(), tree()) == (known, files)
        assert [name for name in sorted(os.listdir("state")) if name.startswith("secrets")] == left
        check_whole(move)

    assert every_kill(directory, move, end) > 40


def command(*arguments: str) -> Callable[[], None]:
    """The command doit-score with these arguments, which must succeed."""

    def run() -> None:
        status = cli.main(["--quiet", *arguments])
        assert status == 0, arguments

    return run


GENERATE = command("generate", "a.score.yaml", "b.score.yaml")


@pytest.fixture
def commanded(directory: str) -> str:
    """A template that was generated by the command, without its Score file c.score.yaml."""
    os.makedirs(f"{directory}/template")
    os.chdir(f"{directory}/template")
    first(Project())
    command("init", "--no-sample", "--no-default-provisioners", "-p", "p")()
    GENERATE()
    return directory


def check_command(again: Callable[[], None], output: str = "compose.yaml") -> None:
    """What is there is what the command leaves from scratch with the same generated values."""
    assert generated() <= remembered()
    check_whole(again, output)


def test_init_that_is_killed_can_be_repeated(directory: str) -> None:
    os.makedirs(f"{directory}/template")
    Path(directory, "template", "own.yaml").write_text(MAKER)
    init = command("init", "--provisioners", "own.yaml", "-p", "p")

    def end(count: int) -> None:
        init()
        check_no_strays()
        check_backup()
        found = sorted(os.path.join(folder, name)[2:] for folder, _, names in os.walk(".") for name in names)
        found = [name for name in found if name != "state/lock.holder"]
        assert found == [
            f".score-compose/{os.listdir('.score-compose')[0]}",
            "own.yaml",
            "score.yaml",
            "state/.gitignore",
            "state/backup.db",
            "state/lock",
            "state/schemas/provisioners.schema.json",
            "state/schemas/score.schema.json",
            "state/state.db",
        ]
        assert Path("state/.gitignore").read_bytes() == GITIGNORE
        assert Path("score.yaml").read_text().partition("\n")[2] == SAMPLE
        command("generate", "score.yaml")()

    assert every_kill(directory, init, end) > 30


def test_a_run_of_the_command_that_is_killed_ends_well_the_next_time(commanded: str) -> None:
    os.chdir(f"{commanded}/template")
    Path("a.score.yaml").write_text(score("alpha", {"two": "{type: maker}"}))
    Path("b.score.yaml").unlink()
    Path("c.score.yaml").write_text(score("gamma", {"one": "{type: maker}"}, variables=USING, more=MOUNTED))
    generate = command("generate", "c.score.yaml", "--env-file", "values.env")

    def end(count: int) -> None:
        shown = generated()
        generate()
        assert shown <= remembered()
        assert Path("values.env").exists()
        check_command(generate)

    assert every_kill(commanded, generate, end) > 40


def test_a_run_that_writes_to_another_place_is_killed(commanded: str) -> None:
    os.makedirs(f"{commanded}/template/other")
    elsewhere = command("generate", "--output", "other/compose.yaml")

    def end(count: int) -> None:
        elsewhere()
        check_command(elsewhere, "other/compose.yaml")

    assert every_kill(commanded, elsewhere, end) > 15


def test_recover_that_is_killed_can_be_repeated(commanded: str) -> None:
    os.chdir(f"{commanded}/template")
    before = (Path("compose.yaml").read_bytes(), tree(), remembered())
    content = Path("state/state.db").read_bytes()
    Path("state/state.db").write_bytes(content[:5000])
    recover = command("recover")

    def end(count: int) -> None:
        if cli.main(["--quiet", "resources", "list"]) != 0:
            recover()
        command("generate")()
        assert (Path("compose.yaml").read_bytes(), tree(), remembered()) == before
        check_command(command("generate"))
        assert Path("state/state.db.1").read_bytes() == content[:5000]

    assert every_kill(commanded, recover, end) > 8


def test_a_change_of_the_format_that_is_killed_is_made_by_the_next_run(commanded: str) -> None:
    os.chdir(f"{commanded}/template")
    before = (Path("compose.yaml").read_bytes(), tree(), remembered())
    os.unlink("state/backup.db")
    os.makedirs(".score-compose/mounts")  # where it is asked whether something is to be taken over
    as_version_1("state/state.db")

    def end(count: int) -> None:
        command("generate")()
        assert (Path("compose.yaml").read_bytes(), tree(), remembered()) == before
        check_command(command("generate"))

    assert every_kill(commanded, command("generate"), end) > 30


def test_a_disk_that_is_full_from_any_write_on_stops_a_run_that_can_be_repeated(commanded: str) -> None:
    os.chdir(f"{commanded}/template")
    before = Path("compose.yaml").read_bytes()
    Path("b.score.yaml").unlink()
    Path("c.score.yaml").write_text(score("gamma", {"one": "{type: maker}"}, variables=USING, more=MOUNTED))
    generate = command("generate", "c.score.yaml")

    def end(count: int) -> None:
        check_no_strays()
        assert Path("compose.yaml").read_bytes() == before or "gamma" in Path("compose.yaml").read_text()
        shown = generated()
        generate()
        assert shown <= remembered()
        check_command(generate)

    run = run_on_a_full_disk
    arguments = ["--quiet", "generate", "c.score.yaml"]
    assert every_kill(commanded, lambda: cli.main(arguments), end, run) > 20  # type: ignore[arg-type]  # of int


def as_version_1(path: str) -> None:
    """Makes a state what version 1 of the format left: without WAL, and with a table that is gone since."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "PRAGMA journal_mode = DELETE; PRAGMA user_version = 1; DELETE FROM meta WHERE key = 'memory';"
            "DROP TABLE warnings; CREATE TABLE formerly (a TEXT); INSERT INTO formerly VALUES ('x');"
        )
