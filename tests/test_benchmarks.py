"""That the benchmarks still run, and check what they time; no figure is looked at."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.mark.parametrize("syntax", ["jinja", "go"])
def test_benchmark_times_every_kind_of_run(syntax: str) -> None:
    command = [sys.executable, str(BENCHMARKS / "run.py"), "2", "--repeat", "1", "--syntax", syntax, "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["syntax"] == syntax
    (row,) = report["rows"]
    assert row.pop("workloads") == 2
    assert sorted(row) == ["first", "one_file", "parse_files", "stat_files", "unchanged"]


def test_monorepo_gives_each_workload_a_database_and_fifty_a_cache(tmp_path: Path) -> None:
    command = [sys.executable, str(BENCHMARKS / "monorepo.py"), "51", str(tmp_path)]
    subprocess.run(command, check=True)
    texts = [path.read_text() for path in sorted(tmp_path.glob("services/*/score.yaml"))]
    assert len(texts) == 51
    assert [text.count("type: postgres\n") for text in texts] == [1] * 51
    caches = [line.strip() for text in texts for line in text.splitlines() if "id: " in line]
    assert caches == ["id: shared-cache-0"] * 50 + ["id: shared-cache-1"]
