"""Which parts of a project names mean, and what is said of those that mean none or too many."""

from __future__ import annotations

import pytest

from doit_score.running import inside, naming
from doit_score.running.model import Model, Service
from doit_score.running.status import TOOL, Owner
from doit_score.text.errors import ScoreError

OWNERS = {
    "web-main": Owner("workload", ("web",)),
    "web-side": Owner("workload", ("web",)),
    "api-main": Owner("workload", ("api",)),
    "store": Owner("resource", ("store.default#a", "store.default#b")),
    "store-init": Owner("resource", ("store.default#a",)),
    "wait-for-resources": TOOL,
}
PARTS = {name: (name, *owner.names) for name, owner in OWNERS.items()}


def test_a_name_means_what_is_called_so_and_what_its_owner_brought() -> None:
    assert naming.meant(["web", "store"], PARTS, "a service") == ["store", "web-main", "web-side"]
    assert naming.meant(["store.default#a", "store"], PARTS, "a service") == ["store", "store-init"]
    assert naming.meant([], PARTS, "a service") == []


def test_a_name_that_means_nothing_is_an_error() -> None:
    with pytest.raises(ScoreError) as error:
        naming.meant(["web", "apo"], PARTS, "a service")
    assert str(error.value) == (
        "'apo' is neither a workload nor a resource nor a service of this project\n"
        "  hint: did you mean 'api'?"
    )


@pytest.mark.parametrize(
    ("name", "services"),
    [
        ("web:main", ["web-main"]),
        ("api", ["api-main"]),
        ("api:main", ["api-main"]),
        ("web-side", ["web-side"]),
        ("store.default#b", ["store"]),
        ("store.default#a", ["store", "store-init"]),
    ],
)
def test_the_services_that_a_command_can_be_for(name: str, services: list[str]) -> None:
    assert inside.services_of(name, OWNERS) == services


def test_a_command_can_be_for_a_service_that_nobody_brought() -> None:
    assert inside.services_of("dash", OWNERS, ["dash", "web-main"]) == ["dash"]
    with pytest.raises(ScoreError, match="'dash' has no container 'main'"):
        inside.services_of("dash:main", OWNERS, ["dash"])


MODEL = Model(
    "shop",
    {
        "web-main": Service("web-main", ""),
        "web-side": Service("web-side", "", shares=("web-main",)),
        "api-main": Service("api-main", ""),
        "init": Service("init", "", runs_once=True),
    },
)


@pytest.mark.parametrize(
    ("asked", "there", "restarted"),
    [
        ([], {*MODEL.services}, ["api-main", "web-main", "web-side"]),
        ([], {"api-main"}, ["api-main"]),
        (["web-main"], {*MODEL.services}, ["web-main", "web-side"]),
        (["web-side"], {*MODEL.services}, ["web-side"]),
        (["init", "api-main"], {*MODEL.services}, ["api-main"]),
        (["init"], {*MODEL.services}, ["init"]),
    ],
)
def test_what_is_restarted(asked: list[str], there: set[str], restarted: list[str]) -> None:
    assert inside.to_restart(asked, MODEL, there, str) == restarted


def test_what_has_no_container_cannot_be_restarted() -> None:
    with pytest.raises(ScoreError) as error:
        inside.to_restart(["api-main", "web-main"], MODEL, {"web-main"}, lambda name: f"service '{name}'")
    assert str(error.value) == "service 'api-main' has no container\n  hint: `up` makes what is not there"
