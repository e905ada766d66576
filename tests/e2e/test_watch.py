"""`watch --up` with real containers: what is saved runs, and nothing else is touched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from docking import LIMIT, Docked, wait_until, workload
from running import SOURCES


def _lines(here: Docked) -> list[str]:
    return here.read("../said").splitlines()


def _save(here: Docked, name: str, text: str) -> None:
    """Writes a file as editors do: it is saved once, and never seen half written."""
    here.write("../new", text)
    (here.path.parent / "new").replace(here.path / name)


def test_what_is_saved_is_brought_up_and_a_failure_is_told_and_put_right(here: Docked) -> None:
    here.dodo()
    for name in ("one", "two"):
        here.write(f"{name}.score.yaml", workload(name))
    with open(here.path.parent / "said", "w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "doit", "watch", "--up"],
            cwd=here.path,
            stdout=said,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
    try:
        up = f"INFO: project '{here.project}' is up: 2 containers"
        wait_until(lambda: _lines(here).count(up) == 1)
        before = here.ids()
        _save(here, "one.score.yaml", workload("one", COLOUR="red"))
        wait_until(lambda: _lines(here).count(up) == 2)
        after = here.ids()
        assert (after["one-main"] != before["one-main"], after["two-main"]) == (True, before["two-main"])
        assert "COLOUR=red\n" in here.inside("one-main", "env")
        # What ends a moment after it was started may be taken for one that stays; this is not even started.
        _save(here, "one.score.yaml", workload("one", command="[nosuch]"))
        told = "  service 'one-main' of workload 'one' cannot be started: "
        wait_until(lambda: any(line.startswith(told) for line in _lines(here)))
        _save(here, "one.score.yaml", workload("one"))
        wait_until(lambda: _lines(here)[-1] == "INFO: what was wrong is put right")
        assert here.ids()["two-main"] == before["two-main"]
    except AssertionError:
        print(here.read("../said"))
        raise
    finally:
        os.killpg(process.pid, signal.SIGINT)
        status = process.wait(LIMIT)
    assert status == 0
