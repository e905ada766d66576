"""What a terminal would obey is escaped where it is printed; what we make can be read by its owner."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
import running
from running import Command

from doit_score.running.compose import Compose

ESCAPE = "\x1b[2J\x07"
SHOWN = "\\x1b[2J\\x07"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    directory = Command(tmp_path / "shop", capfd)
    monkeypatch.chdir(directory.path)
    directory.main("init", "--no-sample", "--no-default-provisioners")
    return directory


def test_names_of_files_are_shown_without_what_a_terminal_obeys(here: Command) -> None:
    here.write(f"{ESCAPE}.yaml", "metadata: {}\n")
    done = here.main("generate", f"{ESCAPE}.yaml")
    assert done.exit == 1
    assert f"{SHOWN}.yaml" in done.err
    assert "\x1b" not in done.err
    here.write(f"{ESCAPE}.yaml", running.score())
    done = here.main("generate", f"{ESCAPE}.yaml")
    assert f"INFO: read workload 'web' from '{SHOWN}.yaml'\n" in done.err
    assert "\x1b" not in done.err


def test_logs_of_provisioners_are_lines_of_their_own(here: Command) -> None:
    here.write(
        "provisioners/a.provisioners.yaml",
        "- uri: template://t\n  type: thing\n  outputs: 'word: x'\n"
        '  info_logs: |\n    - "ready\\e[2J\\a\\nWARN: not ours"\n',
    )
    here.write("score.yaml", running.score(things=("it",)))
    said = here.main("generate", "score.yaml").err
    assert f"INFO: thing.default#web.it: ready{SHOWN}\n" in said
    assert "INFO: thing.default#web.it: WARN: not ours\n" in said


def test_diff_shows_contents_without_what_a_terminal_obeys(here: Command) -> None:
    here.write("score.yaml", running.score(NOTE="one"))
    assert here.main("generate", "score.yaml").exit == 0
    here.write("compose.yaml", here.read("compose.yaml").replace("one", f"{ESCAPE}\r"))
    done = here.main("diff")
    assert (done.exit, "\x1b" in done.out) == (1, False)
    assert f"\n-      NOTE: {SHOWN}\\r\n+      NOTE: one\n" in done.out


@pytest.mark.parametrize("terminal", [False, True])
def test_of_the_logs_of_containers_only_colours_reach_a_terminal(
    here: Command, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    here.write(
        "bin/docker", "#!/bin/sh\necho \"$@\"\nprintf '\\033[2Kone  | \\033[31mred\\033[0m\\033[2J\\a\\n'\n"
    )
    os.chmod("bin/docker", 0o755)
    monkeypatch.setattr(os, "isatty", lambda _: terminal)
    here.printed()
    status = Compose("compose.yaml", {"PATH": f"{here.path}/bin:{os.environ['PATH']}"}).show(["logs"], "shop")
    ansi = f"--ansi {'always' if terminal else 'never'} "
    out, _ = here.printed()
    assert (status, out) == (
        0,
        f"compose {ansi}--project-name shop logs\none  | \x1b[31mred\x1b[0m{SHOWN}\n",
    )


@pytest.mark.parametrize("umask", [0o777, 0o077, 0])
def test_what_is_made_can_be_read_by_its_owner_whatever_the_umask(here: Command, umask: int) -> None:
    here.write("score.yaml", running.score())
    before = os.umask(umask)
    try:
        here.main("init", "--no-sample", "--state-dir", "other")
        done = here.main("generate", "score.yaml", "--state-dir", "other")
    finally:
        os.umask(before)
    assert done.exit == 0, done.err
    private = ["state.db", "backup.db", "lock"]
    modes = {name: stat.S_IMODE(os.stat(f"other/{name}").st_mode) for name in private}
    assert modes == dict.fromkeys(private, 0o600)
    assert stat.S_IMODE(os.stat("other").st_mode) == 0o700
    assert stat.S_IMODE(os.stat("compose.yaml").st_mode) == 0o666 & ~umask | 0o600
