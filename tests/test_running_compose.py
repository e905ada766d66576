"""What Compose makes of a project, read from its own words."""

from __future__ import annotations

import pytest

from doit_score.running.compose import Compose, Model, Service, last_line, read_model
from doit_score.text.errors import ScoreError


def test_a_service_has_its_hash_and_what_decides_whether_it_is_up() -> None:
    config = {
        "name": "shop",
        "services": {
            "web": {"image": "nginx", "depends_on": {"job": {"condition": "service_completed_successfully"}}},
            "job": {"image": "job"},
            "init": {"image": "job", "labels": {"dev.score.compose.labels.is-init-container": "true"}},
            "side": {"build": {"context": "."}, "network_mode": "service:web"},
            "many": {"image": "x", "deploy": {"replicas": 3}},
            "two": {"image": "x", "scale": 2},
            "none": {"image": "x", "deploy": {"replicas": 0}},
        },
    }
    hashes = {name: f"h-{name}" for name in ("web", "job", "init", "side", "many", "two", "none")}
    assert read_model(config, hashes) == Model(
        "shop",
        {
            "web": Service("web", "h-web", image="nginx"),
            "job": Service("job", "h-job", image="job", runs_once=True),
            "init": Service("init", "h-init", image="job", runs_once=True),
            "side": Service("side", "h-side", is_built=True, shares="web"),
            "many": Service("many", "h-many", replicas=3, image="x"),
            "two": Service("two", "h-two", replicas=2, image="x"),
            "none": Service("none", "h-none", replicas=0, image="x"),
        },
    )
    assert read_model({"name": "empty"}, {}) == Model("empty", {})


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\ntwo \n\n", "two"),
        ("", "it does not say why"),
        ("  \n", "it does not say why"),
    ],
)
def test_the_last_line_is_the_error(text: str, line: str) -> None:
    assert last_line(text) == line


def test_a_program_that_cannot_be_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("bin")
    (folder / "docker").write_text("#!/bin/sh\n")
    (folder / "docker").chmod(0o644)
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(ScoreError) as error:
        Compose("compose.yaml", {}).require()
    assert str(error.value) == "the program 'docker' cannot be run: Permission denied"
