"""`doctor`: what is told of the machine, with programs that answer as real ones do, or not at all."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path

import pytest

from doit_score.command import doctor, surroundings
from doit_score.command.cli import main
from doit_score.command.surroundings import FAULTY, MISSING, OK, Finding, Machine
from doit_score.running import client, compose

DOCKER = """\
case "$1 $2" in
"--version ") echo "Docker version 27.3.1, build ce12230" ;;
"compose version") echo 2.32.0 ;;
"version --format") echo 27.3.1 ;;
esac
"""
KUBECTL = """\
case "$*" in
*--client*) echo '{"clientVersion": {"major": "1", "gitVersion": "v1.31.2"}}' ;;
*get-contexts*) printf 'kind-shop\\nprod\\n' ;;
*--context=prod*) echo 'Unable to connect to the server: dial tcp: i/o timeout' >&2; exit 1 ;;
*) echo '{"clientVersion": {"gitVersion": "v1.31.2"}, "serverVersion": {"gitVersion": "v1.30.0"}}' ;;
esac
"""
PROGRAMS = {"docker": DOCKER, "kubectl": KUBECTL, "git": "echo git version 2.47.1\n"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory on a machine that has all programs."""
    place = tmp_path / "shop"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("PATH", str(tmp_path / "programs"))
    for name, text in PROGRAMS.items():
        install(tmp_path, name, text)
    return place


def install(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "programs").mkdir(exist_ok=True)
    program = tmp_path / "programs" / name
    program.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{text}")
    program.chmod(0o755)


def machine(tmp_path: Path, target: str = "compose", context: str = "") -> Machine:
    return Machine(target, context, {"PATH": str(tmp_path / "programs")})


def told(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> dict[str, list[object]]:
    """What `doctor` found, by name: state, whether it is needed, what was found, and the advice."""
    assert main(["doctor", "--format", "json", *arguments]) == status
    shown = capsys.readouterr()
    assert shown.err == ""
    return {one["Name"]: [*one.values()][1:] for one in json.loads(shown.out)}


def test_a_machine_that_has_all(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quiet", "init"]) == 0
    found = told(capsys)
    assert [name for name in found if not name.startswith("extra ")] == [
        *("Python", "docker", "docker compose", "Docker engine", "kubectl", "cluster", "git"),
        *("state", "state directory", "lock"),
    ]
    assert found["docker"] == [OK, True, "27.3.1", ""]
    assert found["docker compose"] == [OK, True, "2.32.0", ""]
    assert found["Docker engine"] == [OK, True, "27.3.1", ""]
    assert found["kubectl"] == [OK, False, "v1.31.2", ""]
    assert found["cluster"] == [
        *(MISSING, False, "no context was named"),
        "`doit-score up --context NAME` names it; the contexts are: kind-shop, prod",
    ]
    assert found["git"] == [OK, False, "2.47.1", ""]
    assert found["state"] == [OK, True, "in 'state'", ""]
    assert found["state directory"] == [OK, True, "can be written, and is on this machine", ""]
    assert found["lock"] == [OK, True, "free", ""]


def test_a_machine_that_has_nothing(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    found = told(capsys, status=1)
    assert found["docker"] == [MISSING, True, "there is no program docker", compose.INSTALL]
    assert found["docker compose"] == [MISSING, True, "there is no program docker", compose.INSTALL]
    assert found["Docker engine"] == [MISSING, True, "there is no program docker", client.START]
    assert found["kubectl"] == [
        *(MISSING, False, "there is no program kubectl"),
        "install it: https://kubernetes.io/docs/tasks/tools/",
    ]
    assert found["state"] == [
        *(MISSING, False, "there is none in 'state' yet"),
        "`doit-score init` or the first `generate` makes it",
    ]
    assert main(["doctor", "--format", "name"]) == 1
    assert capsys.readouterr().out == "docker\ndocker compose\nDocker engine\n"
    assert [*place.iterdir()] == []


def test_for_a_cluster_other_things_are_needed(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--quiet", "init", "--no-sample", "--target", "kubernetes"]) == 0
    (tmp_path / "programs" / "docker").unlink()
    found = told(capsys, status=1)
    assert [name for name, (state, needed, *_) in found.items() if needed and state != OK] == ["cluster"]
    assert found["docker"][:2] == [MISSING, False]


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ("kind-shop", Finding("cluster", OK, "kind-shop (v1.30.0)")),
        (
            "prod",
            Finding(
                *("cluster", FAULTY, "Unable to connect to the server: dial tcp: i/o timeout"),
                "start it, or see whether the context is right: `kubectl cluster-info`",
            ),
        ),
        (
            "nope",
            Finding("cluster", FAULTY, "there is no context 'nope'", "the contexts are: kind-shop, prod"),
        ),
    ],
)
def test_the_cluster_that_was_named(context: str, expected: Finding, place: Path, tmp_path: Path) -> None:
    assert machine(tmp_path, "kubernetes", context).cluster() == expected


def test_an_old_compose(place: Path, tmp_path: Path) -> None:
    install(tmp_path, "docker", "echo v2.19.1\n")
    assert machine(tmp_path).compose() == Finding(
        "docker compose",
        FAULTY,
        "Docker Compose v2.19.1 is too old: 2.20 or newer is needed",
        compose.INSTALL,
    )


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", client.START),
        ("permission denied while trying to connect to the Docker daemon socket", client.GROUP),
    ],
)
def test_an_engine_that_does_not_answer(said: str, advice: str, place: Path, tmp_path: Path) -> None:
    install(tmp_path, "docker", f"echo '{said}' >&2; exit 1\n")
    assert machine(tmp_path).engine() == Finding("Docker engine", FAULTY, said, advice)


def test_a_program_that_hangs_is_not_waited_for(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What it has started goes on, and has its pipes.
    install(tmp_path, "docker", "sleep 60\n")
    monkeypatch.setattr(surroundings, "SECONDS", 0.2)
    assert machine(tmp_path).engine() == Finding(
        "Docker engine", FAULTY, "`docker version` does not answer within 0.2 s", client.START
    )


def test_passwords_in_what_programs_say_are_not_told(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, "docker", "echo 'cannot reach http://me:hunter2@proxy:3128' >&2; exit 1\n")
    assert "hunter2" not in str(told(capsys, status=1))


def test_a_state_that_is_damaged(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quiet", "init"]) == 0
    (place / "state" / "state.db").write_bytes(b"nothing that SQLite knows" * 100)
    state, needed, found, advice = told(capsys, status=1)["state"]
    assert (state, needed) == (FAULTY, True)
    assert "damaged" in str(found)
    assert "recover" in str(advice)


def test_a_state_directory_that_is_something_else(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "src").mkdir()
    (place / "src" / "main.py").touch()
    assert told(capsys, "--state-dir", "src", status=1)["state"] == [
        *(FAULTY, True, "'src': is not a state directory, and there is something else in it"),
        "name one that is new or empty: --state-dir DIR",
    ]


def test_a_state_directory_that_cannot_be(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "file").touch()
    assert told(capsys, "--state-dir", "file/state", status=1)["state directory"] == [
        *(FAULTY, True, f"'{place}/file' cannot be written"),
        "give yourself the right, or name another: --state-dir DIR",
    ]


def test_a_lock_that_is_held_is_told_and_no_fault(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quiet", "init"]) == 0
    (place / "state" / "lock.holder").write_text("process 12 (doit-score watch)\n")
    with (place / "state" / "lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert told(capsys)["lock"] == [
            *(FAULTY, False, "held by process 12 (doit-score watch)"),
            "wait for that process, or end it",
        ]


@pytest.mark.parametrize(
    ("place", "kind"),
    [("/", ""), ("/home", "nfs4"), ("/home/me/shop", "nfs4"), ("/homes", ""), ("/home/me/my own/x", "")],
)
def test_a_file_system_of_another_machine_is_known(place: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / "mountinfo").write_text(
        "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "2 1 0:5 / /home rw,relatime shared:3 - nfs4 server:/home rw\n"
        "3 2 8:2 / /home/me/my\\040own rw - ext4 /dev/sdb1 rw\n"
    )
    assert doctor.remote_kind(place, str(tmp_path / "mountinfo")) == kind


def test_where_mounts_cannot_be_told_nothing_is(tmp_path: Path) -> None:
    assert doctor.remote_kind("/", str(tmp_path / "none")) == ""


def test_extras_are_those_of_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [
        "pyyaml>=6.0.1",
        "bcrypt>=4.0; extra == 'crypto'",
        "no-such-package>=43; extra == 'crypto'",
        "watchfiles>=1.0; extra == 'watch'",
        "doit-score[crypto]; extra == 'test'",
    ]
    versions = {"bcrypt": "4.2.0", "watchfiles": "1.0.4"}
    monkeypatch.setattr("importlib.metadata.requires", lambda name: wanted)
    monkeypatch.setattr(surroundings, "_version", versions.get)
    assert surroundings.extras() == [
        Finding(
            *("extra crypto", MISSING, "no no-such-package"),
            *("`pip install 'doit-score[crypto]'` if you want it", False),
        ),
        Finding("extra watch", OK, "watchfiles 1.0.4", needed=False),
    ]
