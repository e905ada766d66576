"""Who waits for which services of resources."""

from __future__ import annotations

from pathlib import Path

import pytest
from engineering import Project
from running import Directory

HEALTHY = {"condition": "service_healthy", "required": True}
STARTED = {"condition": "service_started", "required": True}
COMPLETED = {"condition": "service_completed_successfully", "required": True}

# A server for all databases, a job for each database, and a cache.
PROVISIONERS = """\
- uri: jinja://tests/db
  type: db
  supported_params: [cache]
  outputs: |
    host: server
  services: |
    server:
      image: db
      healthcheck: {test: [CMD, "true"]}
    init-{{ source_workload }}:
      image: db
      labels: {dev.score.compose.labels.is-init-container: "true"}
      depends_on: {server: {condition: service_healthy}}
- uri: jinja://tests/cache
  type: cache
  outputs: |
    host: cache
  services: |
    cache:
      image: cache
- uri: jinja://tests/plain
  type: plain
  outputs: |
    host: plain
"""


def _score(name: str, resources: str) -> str:
    return (
        f"apiVersion: score.dev/v1b1\nmetadata: {{name: {name}}}\ncontainers:\n  main: {{image: x}}\n"
        f"  side: {{image: x}}\nresources: {resources}\n"
    )


@pytest.fixture
def here(tmp_path: Path) -> Directory:
    directory = Directory(tmp_path / "shop")
    directory.write("provisioners/all.provisioners.yaml", PROVISIONERS)
    directory.write("none.score.yaml", _score("none", "{}"))
    directory.write("plain.score.yaml", _score("plain", "{plain: {type: plain}}"))
    directory.write("one.score.yaml", _score("one", "{db: {type: db}}"))
    directory.write("two.score.yaml", _score("two", "{cache: {type: cache, id: shared}}"))
    directory.write(
        "mix.score.yaml",
        _score(
            "mix",
            "{db: {type: db, params: {cache: '${resources.cache.host}'}}, cache: {type: cache, id: shared}}",
        ),
    )
    return directory


def _waits(here: Directory) -> dict[str, object]:
    return {
        name: service.get("depends_on")
        for name, service in here.services().items()
        if name.endswith("-main") or name == "wait-for-resources"
    }


def test_usually_everyone_waits_for_all(here: Directory) -> None:
    here.write("dodo.py", "from doit_score import Score\nscore = Score()\n")
    here.doit("generate")
    waiting = {"wait-for-resources": COMPLETED}
    assert _waits(here) == {
        **{f"{name}-main": waiting for name in ("mix", "none", "one", "plain", "two")},
        "wait-for-resources": {
            "cache": STARTED,
            "init-mix": COMPLETED,
            "init-one": COMPLETED,
            "server": HEALTHY,
        },
    }


def test_directly_each_waits_for_its_own(here: Directory) -> None:
    here.write("dodo.py", "from doit_score import Score\nscore = Score(start_order='direct')\n")
    here.doit("generate")
    expected = {
        "mix-main": {"cache": STARTED, "init-mix": COMPLETED, "server": HEALTHY},
        "none-main": None,
        "one-main": {"init-one": COMPLETED, "server": HEALTHY},
        "plain-main": None,
        "two-main": {"cache": STARTED},
    }
    assert _waits(here) == expected
    assert here.services()["one-side"]["depends_on"] == expected["one-main"]
    # A resource that is known by its params only.
    here.write("mix.score.yaml", here.read("mix.score.yaml").replace("id: shared", "id: own"))
    here.doit("generate")
    assert _waits(here) == expected


def test_a_narrow_run_knows_who_waits_for_what(here: Directory) -> None:
    for order in ("wait", "direct"):
        here.write("dodo.py", f"from doit_score import Score\nscore = Score(start_order='{order}')\n")
        here.doit("generate")
        before = _waits(here)
        edited = here.read("mix.score.yaml").replace("main: {image: x}", f"main: {{image: {order}}}")
        here.write("mix.score.yaml", edited)
        here.doit("generate")
        assert (_waits(here), here.services()["mix-main"]["image"]) == (before, order)
        here.write("mix.score.yaml", edited.replace(f"image: {order}", "image: x"))
        here.doit("generate")


def test_what_the_params_of_another_workload_mention_counts_too(here: Directory) -> None:
    """A shared resource has the params that one of its workloads gives."""
    here.write("dodo.py", "from doit_score import Score\nscore = Score(start_order='direct')\n")
    for name in ("mix", "none", "one", "plain", "two"):
        here.remove(f"{name}.score.yaml")
    here.write(
        "aa.score.yaml",
        _score(
            "aa",
            "{db: {type: db, id: main, params: {cache: '${resources.cache.host}'}}, cache: {type: cache}}",
        ),
    )
    here.write("bb.score.yaml", _score("bb", "{db: {type: db, id: main}}"))
    here.doit("generate")
    assert _waits(here)["bb-main"] == {"cache": STARTED, "init-aa": COMPLETED, "server": HEALTHY}


def test_a_change_of_order_renders_again_and_back_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    project = Project(project="p")
    here = Directory(tmp_path)
    here.write("provisioners/all.provisioners.yaml", PROVISIONERS)
    here.write("one.score.yaml", _score("one", "{db: {type: db}}"))
    project.run(start_order="wait")
    usual = here.read("compose.yaml")
    project.run(start_order="direct")
    assert "wait-for-resources" not in here.read("compose.yaml")
    project.run(start_order="wait")
    assert here.read("compose.yaml") == usual


@pytest.mark.usefixtures("settled")
def test_the_command_remembers_the_order(here: Directory) -> None:
    here.score("--quiet", "init", "--no-sample")
    here.score("generate", "one.score.yaml", "two.score.yaml", "--start-order", "direct")
    direct = here.read("compose.yaml")
    assert "wait-for-resources" not in direct
    assert here.score("generate").err.startswith("INFO: nothing to do: ")
    here.score("generate", "--force")
    assert here.read("compose.yaml") == direct
    here.score("generate", "--start-order", "wait")
    assert "wait-for-resources" in here.read("compose.yaml")
    assert here.score("generate", "--start-order", "now", exit=1).err == (
        "Error: --start-order: expected 'wait' or 'direct', found 'now'\n"
    )


def test_a_circle_by_way_of_a_resource_is_told(here: Directory) -> None:
    here.write("dodo.py", "from doit_score import Score\nscore = Score(start_order='direct')\n")
    back = "    cache:\n      image: cache\n      depends_on: {two-main: {condition: service_started}}\n"
    here.write(
        "provisioners/all.provisioners.yaml", PROVISIONERS.replace("    cache:\n      image: cache\n", back)
    )
    assert (
        "services wait for each other in a circle: cache -> two-main -> cache "
        "(from resource 'cache.default#shared', workload 'two')" in here.doit("generate", exit=1).out
    )
