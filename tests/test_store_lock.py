from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from doit_score.store.lock import locked
from doit_score.text.errors import ScoreError

HOLD = """
import sys
from doit_score.store.lock import locked
sys.argv = ["/usr/bin/doit-score", "generate", "--secret"]
with locked("state", 1, print):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold() -> subprocess.Popen[str]:
    """Another process that holds the lock until its stdin ends."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    return other


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))


def test_the_lock_is_made_for_its_owner_and_leaves_no_holder() -> None:
    told: list[str] = []
    with locked("state", 1, told.append):
        assert sorted(os.listdir("state")) == [".gitignore", "lock", "lock.holder"]
        modes = [os.stat(path).st_mode & 0o777 for path in ("state", "state/lock", "state/lock.holder")]
    assert (modes, sorted(os.listdir("state")), told) == ([0o700, 0o600, 0o600], [".gitignore", "lock"], [])


def test_who_waits_is_told_who_holds_it_and_gives_up_in_time() -> None:
    told: list[str] = []
    with hold() as other:
        with pytest.raises(ScoreError) as error, locked("state", 0.2, told.append):
            pass
        assert other.stdin is not None
        other.stdin.close()
    holder = f"process {other.pid} (doit-score generate)"
    assert told == [f"waiting for the lock of 'state', held by {holder}"]
    assert str(error.value) == (
        f"'state' is still locked by {holder} after 0.2 s\n"
        "  hint: wait for that process or end it, or allow a longer wait "
        "(--lock-timeout SECONDS)"
    )


def test_it_and_filelock_keep_each_other_out() -> None:
    told: list[str] = []
    theirs = FileLock("state/lock", mode=0o600)
    with locked("state", 0, told.append), pytest.raises(Timeout):
        theirs.acquire(timeout=0)
    with theirs.acquire(timeout=0):
        with pytest.raises(ScoreError, match="'state' is still locked by another process after 0 s"):
            locked("state", 0, told.append).__enter__()
        assert told == ["waiting for the lock of 'state', held by another process"]
    with locked("state", 0, told.append):
        assert len(told) == 1


def test_filelock_is_not_imported_where_nobody_waits() -> None:
    program = 'import sys\nfrom doit_score.store.lock import locked\nwith locked("state", 1, print): pass\n'
    program += 'print("filelock" in sys.modules)'
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_lock_of_a_killed_process_is_free() -> None:
    told: list[str] = []
    with hold() as other:
        other.kill()
        other.wait()
        with locked("state", 5, told.append):
            held = Path("state/lock.holder").read_text()
    assert (told, held.startswith(f"process {os.getpid()} (")) == ([], True)
