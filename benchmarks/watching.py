"""Times `watch` from a save to the written Compose file, in a repository of many workloads.

A file is saved as an editor does, and looked at until it is there; what that takes is the whole way: what
notices it, the time in which nothing more may be saved, and the round.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import monorepo

TASKS = Path(__file__).parent.parent / "tasks"
LIMIT = 600.0


def wait_for(marker: bytes, path: Path, process: subprocess.Popen[bytes]) -> None:
    """Waits until ``path`` has ``marker`` in it."""
    end = time.monotonic() + LIMIT
    while not (path.exists() and marker in path.read_bytes()):
        if process.poll() is not None or time.monotonic() > end:
            raise SystemExit(f"{marker!r} did not come: {process.poll()}")
        time.sleep(0.002)


def measure(root: Path, command: list[str], count: int, repeat: int) -> list[float]:
    """Seconds from each of ``repeat`` saves to the written file."""
    environment = {**os.environ, "PYTHONPATH": str(TASKS)}
    with open(root.parent / "said", "wb") as said:
        process = subprocess.Popen(command, cwd=root, env=environment, stdout=said, stderr=said)
    output, found = root / "compose.yaml", []
    score = monorepo.score_file(root, count // 2)
    text = score.read_text()
    wait_for(b"services:", output, process)
    time.sleep(5)  # the first round, and what it left to do
    for number in range(repeat):
        edited = text.replace("NAME: ${metadata.name}", f"NAME: ${{metadata.name}}-edit{number}-")
        started = time.monotonic()
        score.write_text(edited)
        wait_for(f"-edit{number}-".encode(), output, process)
        found.append(time.monotonic() - started)
        time.sleep(1)
    process.send_signal(signal.SIGINT)
    process.wait()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Times `watch` from a save to the written Compose file.")
    parser.add_argument("sizes", type=int, nargs="*", default=[10, 1000], help="numbers of workloads")
    parser.add_argument("--repeat", type=int, default=10)
    chosen = parser.parse_args()
    print("| workloads | `doit-score watch` | `doit watch` |\n|---:|---:|---:|")
    for count in chosen.sizes:
        cells = []
        for kind in ("command", "doit"):
            with tempfile.TemporaryDirectory() as folder:
                root = Path(folder) / "repository"
                monorepo.write(count, root)
                if kind == "command":
                    (root / "dodo.py").unlink(missing_ok=True)
                    (root / "doit-score.toml").write_text('workloads = ["services/*/score.yaml"]\n')
                module = "doit_score" if kind == "command" else "doit"
                times = measure(root, [sys.executable, "-m", module, "watch"], count, chosen.repeat)
                cells.append(f"{statistics.median(times) * 1000:,.0f}")
        print(f"| {count:,} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
