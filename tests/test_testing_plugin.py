"""The pytest plugin: what it adds to a run of pytest, and what it costs those who do not use it."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import docking
import pytest
import yaml

import doit_score.testing

FAILING = """
def test_fails(provision):
    provision('''
        - uri: template://x
          type: x
          outputs: |
            a: {{ fail "no" }}
        ''')
"""


def test_it_is_found_by_its_entry_point() -> None:
    (found,) = entry_points(group="pytest11", name="doit_score")
    assert found.value == "doit_score.testing.plugin"


def test_a_failure_shows_the_line_of_the_test_and_nothing_of_ours(pytester: pytest.Pytester) -> None:
    path = pytester.makepyfile(FAILING)
    done = pytester.runpytest_subprocess("--tb=long")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            ">       provision('''",
            "E *x.default#example.x",
            "E *by template://x ((text):2)",
            "E *outputs",
            "E *  template:",
            'E *  > 5 | a: {{ fail "no" }}',
            "E *  error: (text):5:11: fail: no",
            f"{path.name}:2: Failed",
        ]
    )
    assert "doit_score/testing" not in done.stdout.str()


LOADED = """
import sys
def test_nothing():
    ours = sorted(name for name in sys.modules if name.startswith("doit_score"))
    heavy = sorted({"yaml", "jinja2", "docker", "doit", "sqlite3"} & sys.modules.keys())
    assert (ours, heavy) == (
        ["doit_score", "doit_score.testing", "doit_score.testing.plugin", "doit_score.version"], []
    )
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A run of pytest as those have it who have nothing to do with us."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    environment = {**os.environ, "PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_a_run_that_does_not_use_it_loads_nothing_else_of_ours(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(LOADED)
    done = run(tmp_path, "-p", "doit_score.testing.plugin")
    assert done.returncode == 0, done.stdout


OTHER = """
def pytest_addoption(parser):
    parser.addoption("--snapshot-update", action="store_true", dest="update_snapshots")
"""


@pytest.mark.parametrize(
    "order", [("other", "doit_score.testing.plugin"), ("doit_score.testing.plugin", "other")]
)
def test_another_plugin_may_have_the_option_too(order: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text(OTHER)
    (tmp_path / "test_it.py").write_text(
        "def test(provision):\n    provision('- uri: template://x\\n  type: x\\n').matches_snapshot()\n"
    )
    flags = [word for name in order for word in ("-p", name)]
    environment_of_both = ["-o", "pythonpath=.", *flags]
    assert run(tmp_path, *environment_of_both, "--snapshot-update").returncode == 0
    assert [path.name for path in (tmp_path / "__snapshots__").iterdir()] == ["test_it.test.yaml"]
    assert run(tmp_path, *environment_of_both).returncode == 0


def test_its_help_has_the_option(pytester: pytest.Pytester) -> None:
    pytester.runpytest_subprocess("--help").stdout.fnmatch_lines(
        ["tests of provisioners (doit-score):", "  --snapshot-update *write what*"]
    )


def test_the_public_names_are_those_that_there_are() -> None:
    for name in doit_score.testing.__all__:
        assert getattr(doit_score.testing, name).__name__ == name
    with pytest.raises(AttributeError, match="has no attribute 'Other'"):
        doit_score.testing.Other  # noqa: B018


SCORE = f"""
apiVersion: score.dev/v1b1
metadata:
  name: web
containers:
  main:
    image: {docking.IMAGE}
    command: [sh, -c, "echo started; exec sleep 600"]
    volumes:
      /data:
        source: ${{resources.data}}
resources:
  data:
    type: volume
"""


@pytest.mark.parametrize(
    ("command", "end", "outcome"),
    [
        ("sleep 600", "pass", {"passed": 1}),
        ("sleep 600", "raise ValueError", {"failed": 1}),
        ("sleep 600", "up.exec('web-main', 'false')", {"failed": 1}),
        ("false", "pass", {"failed": 1}),
    ],
)
def test_a_project_is_up_and_removed_with_its_volumes_however_the_test_ends(
    command: str, end: str, outcome: dict[str, int], pytester: pytest.Pytester
) -> None:
    docking.need_engine()
    docking.need_image()
    pytester.makepyfile(f"""
        import time

        def test_up(project_up):
            up = project_up({{"score.yaml": {SCORE.replace("sleep 600", command)!r}}})
            assert up.exec("web-main", "echo", "hello") == "hello\\n"
            end = time.monotonic() + 600
            # It comes a moment later than the container.
            while not (said := up.logs("web-main")) and time.monotonic() < end:
                time.sleep(0.05)
            assert said == "started\\n"
            {end}
        """)
    done = pytester.runpytest_subprocess("--basetemp=kept", "-o", "tmp_path_retention_policy=all")
    done.assert_outcomes(**outcome)
    project = pytester.path / "kept" / "provision0" / "project" / "compose.yaml"
    name = yaml.safe_load(project.read_text())["name"]
    filters = ["--filter", f"label=com.docker.compose.project={name}", "--quiet"]
    assert docking.docker("ps", "--all", *filters) == ""
    assert docking.docker("volume", "ls", *filters) == ""


def test_without_an_engine_a_test_that_needs_one_is_skipped(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere")
    pytester.makepyfile("def test(project_up):\n    assert False\n")
    done = pytester.runpytest_subprocess("-rs")
    done.assert_outcomes(skipped=1)
    done.stdout.fnmatch_lines(["SKIPPED * no Docker engine answers at unix:///nowhere*"])
