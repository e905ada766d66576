"""What counts as a difference between the project and what the engine runs."""

from __future__ import annotations

import pytest

from doit_score.running.compose import Model, Service
from doit_score.running.containers import Container, Details
from doit_score.running.look import Mounted, Stale, differences, to_stop
from doit_score.running.record import Record
from doit_score.text.light import asdict, replace

WEB = Service("web", "hash", image="nginx")
RUNNING = Container(
    id="w1",
    name="shop-web-1",
    service="web",
    hash="hash",
    state="running",
    exit=None,
    health="",
    image="nginx",
    network="",
    mounts=(),
    ports=(),
    created=1000,
)
DETAILS = Details(
    state="running",
    exit=0,
    error="",
    started=1000.5,
    finished="then",
    restarts=0,
    health="",
    check=(),
    check_exit=None,
    check_output="",
    out_of_memory=False,
)


def look(
    *containers: Container,
    service: Service = WEB,
    others: tuple[Service, ...] = (),
    record: Record | None = None,
    written: dict[str, float] | None = None,
    inspected: dict[str, Details] | None = None,
) -> list[Stale]:
    model = Model("shop", {one.name: one for one in (service, *others)})
    found = inspected or {}
    return differences(model, containers, record or Record(), Mounted(written or {}), lambda id_: found[id_])


def test_what_runs_as_it_should_is_no_difference_and_nothing_is_inspected() -> None:
    assert look(RUNNING) == []
    assert look(replace(RUNNING, health="healthy")) == []


def test_one_difference_after_the_other() -> None:
    def stale(
        why: str, container: Container | None, *, replace: bool = False, stop: bool = False
    ) -> list[Stale]:
        return [Stale("web", why, container, replace, stop)]

    assert look() == stale("has no container yet", None)
    two = replace(RUNNING, id="w2")
    assert look(RUNNING, two) == stale("has 2 of 1 containers", None)
    assert look(RUNNING, two, service=replace(WEB, replicas=2)) == []
    assert look(service=replace(WEB, replicas=0)) == []
    other = replace(RUNNING, hash="old")
    assert look(other) == stale("is configured in another way", other, replace=True)
    moved = replace(RUNNING, image="sha256:1")
    assert look(moved) == stale("has another image", moved, replace=True)
    assert look(moved, service=replace(WEB, image="sha256:1")) == []
    for state, exit, why, stop in (
        ("created", None, "has not been started", False),
        ("exited", 3, "has ended with status 3", False),
        ("exited", 0, "has ended with status 0", False),
        ("paused", None, "is paused", True),
        ("restarting", 1, "crashes over and over", True),
        ("dead", None, "cannot be removed", False),
    ):
        bad = replace(RUNNING, state=state, exit=exit)
        assert look(bad) == stale(why, bad, stop=stop)
    for health in ("starting", "unhealthy"):
        bad = replace(RUNNING, health=health)
        assert look(bad) == stale(f"is {health}", bad)
    gone = replace(RUNNING, service="old")
    assert look(RUNNING, gone) == [Stale("old", "is no longer in the project", gone, replace=True)]


def test_what_is_to_end_well_may_have_ended() -> None:
    ended = replace(RUNNING, state="exited", exit=0)
    once = replace(WEB, runs_once=True)
    assert look(ended, service=once) == []
    failed = replace(ended, exit=1)
    assert look(failed, service=once) == [Stale("web", "has ended with status 1", failed)]


@pytest.mark.parametrize(("finished", "same"), [("then", True), ("later", False)])
def test_a_workload_that_ended_by_itself_is_told_from_one_that_was_stopped(finished: str, same: bool) -> None:
    ended = replace(RUNNING, state="exited", exit=0)
    found = look(ended, record=Record(done={"w1": finished}), inspected={"w1": DETAILS})
    assert (found == []) is same


def test_the_hash_of_one_that_shares_a_network_is_the_remembered_one() -> None:
    owner = replace(RUNNING, id="o1", service="owner", hash="o")
    side = replace(RUNNING, hash="with the id of the other in it", network="o1")
    shares = replace(WEB, shares="owner")
    others = (Service("owner", "o"),)
    inspected = {"w1": replace(DETAILS, started=2.0), "o1": replace(DETAILS, started=1.0)}
    record = Record(made_for={"w1": "hash"})
    assert look(side, owner, service=shares, others=others, record=record, inspected=inspected) == []
    why = "is configured in another way"
    assert look(side, owner, service=shares, others=others, inspected=inspected) == [
        Stale("web", why, side, replace=True)
    ]
    later = {**inspected, "o1": replace(DETAILS, started=3.0)}
    why = "uses the network of owner, which was started after it"
    assert look(side, owner, service=shares, others=others, record=record, inspected=later) == [
        Stale("web", why, side, stop=True)
    ]
    away = replace(side, network="o0")
    assert look(away, owner, service=shares, others=others, record=record, inspected=inspected) == [
        Stale("web", why, away, stop=True)
    ]


@pytest.mark.parametrize(
    ("source", "written", "is_stale"),
    [
        ("/p/state/mounts/a", 1000.4, False),  # in the second in which the container was made, before it ran
        ("/p/state/mounts/a", 1000.6, True),
        ("/p/state/mounts/a", 999.0, False),
        ("/p/state/mounts", 2000.0, True),
        ("/p/state/mounts/", 2000.0, True),
        ("/p/state/mounts/ab", 2000.0, False),
        ("/p/state/mou", 2000.0, False),
    ],
)
def test_a_file_that_was_written_after_the_start(source: str, written: float, is_stale: bool) -> None:
    container = replace(RUNNING, mounts=(source,))
    found = look(container, written={"/p/state/mounts/a": written}, inspected={"w1": DETAILS})
    assert found == ([Stale("web", "has another file mounted", container, stop=True)] if is_stale else [])


def test_those_that_share_the_network_of_what_is_started_anew_are_stopped() -> None:
    services = {
        "owner": Service("owner", "o"),
        "side": Service("side", "s", shares="owner"),
        "other": Service("other", "x"),
    }
    model = Model("shop", services)
    assert to_stop(model, [Stale("owner", "is configured in another way", RUNNING, replace=True)]) == ["side"]
    assert to_stop(model, [Stale("owner", "has no container yet")]) == []
    assert to_stop(model, [Stale("other", "is paused", RUNNING, stop=True)]) == ["other"]
    assert to_stop(model, [Stale("gone", "is no longer in the project", RUNNING, replace=True)]) == []


def test_what_is_remembered_survives_being_stored() -> None:
    record = Record({"a": "h"}, {"b": "then"})
    assert Record.stored(asdict(record)) == record
    assert Record.stored({}) == Record()


def test_one_that_was_disconnected_from_a_network_by_hand_is_made_anew() -> None:
    service = replace(WEB, networks=("shop_back", "shop_default"))
    assert look(replace(RUNNING, networks=("shop_back", "shop_default")), service=service) == []
    there = replace(RUNNING, networks=("shop_back",))
    why = "was disconnected from its network shop_default"
    assert look(there, service=service) == [Stale("web", why, there, replace=True, remove=True)]
