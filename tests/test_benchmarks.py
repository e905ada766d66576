"""That the benchmarks still run, and check what they time; no figure is looked at."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.mark.parametrize("kind", ["jinja", "go", "kubernetes"])
def test_benchmark_times_every_kind_of_run(kind: str) -> None:
    command = [sys.executable, str(BENCHMARKS / "run.py"), "2", "--repeat", "1", "--kind", kind, "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["of"] == kind
    (row,) = report["rows"]
    assert row.pop("workloads") == 2
    assert sorted(row) == [
        "after_touched",
        "doit_empty",
        "dump_project",
        "first",
        "one_file",
        "parse_files",
        "peak",
        "stat_files",
        "touched",
        "unchanged",
    ]


def test_the_benchmark_of_pictures_draws_every_one() -> None:
    command = [sys.executable, str(BENCHMARKS / "graph.py"), "4", "--repeat", "1", "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert list(json.loads(done.stdout)["4"]) == [
        "resources list",
        "svg",
        "svg, everything",
        "svg, one workload",
        "dot",
        "mermaid",
        "json",
        "html",
    ]


def test_the_benchmark_of_small_projects_measures_every_kind_of_run() -> None:
    command = [sys.executable, str(BENCHMARKS / "small.py"), "--repeat", "1", "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert list(json.loads(done.stdout)["rows"]) == [
        "doit-score generate, unchanged",
        "doit-score generate, after one edit of the image",
        "doit-score generate, first after init",
        "doit-score resources get-outputs",
        "doit generate, unchanged",
    ]


def test_the_profile_of_a_run_tells_shares_of_the_whole(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(BENCHMARKS / "monorepo.py"), "2", str(tmp_path)], check=True)
    command = [sys.executable, str(BENCHMARKS / "profile_run.py"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    head, line, *rows = done.stdout.splitlines()
    assert (head, line) == ("| part | share |", "|---|---:|")
    shares = [int(re.findall(r"\| .+ \| (\d+)% \|", row)[0]) for row in rows]
    assert shares == sorted(shares, reverse=True)
    # Each is rounded, and what is below one per cent is left out.
    assert 75 < sum(shares) <= 100 + len(shares) / 2


def test_the_benchmark_of_watch_measures_the_command_and_doit() -> None:
    command = [sys.executable, str(BENCHMARKS / "watching.py"), "2", "--repeat", "1"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    *head, row = done.stdout.splitlines()
    assert head == ["| workloads | `doit-score watch` | `doit watch` |", "|---:|---:|---:|"]
    assert re.fullmatch(r"\| 2 \| [\d,]+ \| [\d,]+ \|", row)
