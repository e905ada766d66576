"""What counts of a project as Compose reads it."""

from __future__ import annotations

import hashlib
from typing import Any

from doit_score.running.model import Model, Service, read_model


def test_a_service_has_its_hash_and_what_decides_whether_it_is_up() -> None:
    config: dict[str, Any] = {
        "name": "shop",
        "services": {
            "web": {"image": "nginx", "depends_on": {"job": {"condition": "service_completed_successfully"}}},
            "job": {"image": "job"},
            "init": {"image": "job", "labels": {"dev.score.compose.labels.is-init-container": "true"}},
            "side": {
                "build": {"context": "."},
                "network_mode": "service:web",
                "depends_on": {"web": {"condition": "service_started", "restart": True}},
            },
            "deep": {"image": "x", "ipc": "service:web", "volumes_from": ["job:ro", "container:abc"]},
            "many": {"image": "x", "deploy": {"replicas": 3}},
            "two": {"image": "x", "scale": 2},
            "none": {"image": "x", "deploy": {"replicas": 0}},
        },
    }
    hashes = {name: f"h-{name}" for name in config["services"]}
    assert read_model(config, hashes) == Model(
        "shop",
        {
            "web": Service("web", "h-web", image="nginx", depends_on=("job",)),
            "job": Service("job", "h-job", image="job", runs_once=True),
            "init": Service("init", "h-init", image="job", runs_once=True, prepares=True),
            "side": Service(
                "side",
                "h-side",
                is_built=True,
                shares=("web",),
                depends_on=("web",),
                restarts_with=("web",),
            ),
            "deep": Service("deep", "h-deep", image="x", shares=("job", "web")),
            "many": Service("many", "h-many", replicas=3, image="x"),
            "two": Service("two", "h-two", replicas=2, image="x"),
            "none": Service("none", "h-none", replicas=0, image="x"),
        },
    )
    assert read_model({"name": "empty"}, {}) == Model("empty", {})


def test_the_hash_of_a_service_has_the_texts_of_its_configs_in_it() -> None:
    """Compose copies them into a container that it makes, and makes no other when they change."""

    def read(text: str) -> Service:
        web = {"image": "nginx", "configs": [{"source": "text"}, {"source": "file"}]}
        configs = {"text": {"content": text}, "file": {}, "other": {"content": text}}
        services = {"web": web, "job": {"image": "job", "configs": [{"source": "file"}]}}
        model = read_model({"services": services, "configs": configs}, {"web": "h", "job": "h"})
        assert model.services["job"] == Service("job", "h", image="job")
        return model.services["web"]

    digest = hashlib.sha256(b'{"text":"one"}').hexdigest()
    assert read("one") == Service("web", f"h+{digest}", image="nginx", is_copied=True)
    assert read("one") != read("two")
    assert read("") == Service("web", "h", image="nginx")


def test_a_service_has_digests_of_the_files_and_variables_of_its_configs_and_secrets() -> None:
    def read(file: str, value: str | None) -> Service:
        config = {
            "services": {
                "web": {"configs": [{"source": "one"}, {"source": "two"}], "secrets": [{"source": "one"}]}
            },
            "configs": {"one": {"file": "/a"}, "two": {"environment": "TOK"}},
            "secrets": {"one": {"file": file}},
        }
        return read_model(config, {"web": "h"}, {"TOK": value}.get).services["web"]

    copied = hashlib.sha256(b'{"two":"word"}').hexdigest()
    files = hashlib.sha256(b'{"one":"/a","secrets/one":"/b"}').hexdigest()
    found = read("/b", "word")
    assert found == Service("web", f"h+{copied}", is_copied=True, files=f"+{files}")
    assert found.noted == f"h+{copied}+{files}"
    assert len({read(file, value).noted for file in ("/b", "/c") for value in ("word", "other", None)}) == 6


def test_what_is_before_and_after_a_service() -> None:
    chain = {"a": (), "b": ("a",), "c": ("b", "x"), "d": (), "e": ("d", "c")}
    model = Model("shop", {name: Service(name, name, depends_on=others) for name, others in chain.items()})
    assert model.with_dependencies({"c", "gone"}) == {"a", "b", "c"}
    assert model.dependents({"a"}) == {"b", "c", "e"}
    assert model.dependents({"e", "d"}) == {"e"}
    assert model.in_order({"e", "a", "d", "c"}) == ["a", "c", "d", "e"]
    assert model.in_order({"d", "a"}) == ["a", "d"]
    assert model.ranks({"e", "a", "d", "c"}) == [["a", "d"], ["c"], ["e"]]
    assert model.ranks({"e", "d", "gone"}) == [["d"], ["e"]]
    assert model.ranks({"d", "b"}) == [["b", "d"]]
    assert model.ranks(set()) == []
