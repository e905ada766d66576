"""What counts as a difference between the project and what the engine runs."""

from __future__ import annotations

import pytest

from doit_score.running.containers import Container, Details
from doit_score.running.look import Act, Mounted, Stale, differences
from doit_score.running.model import Model, Service
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
    def stale(why: str, act: Act, container: Container | None = None) -> list[Stale]:
        return [Stale("web", why, act, container)]

    assert look() == stale("has no container yet", "make")
    two = replace(RUNNING, id="w2")
    assert look(RUNNING, two) == stale("has 2 of 1 containers", "make")
    assert look(RUNNING, two, service=replace(WEB, replicas=2)) == []
    assert look(service=replace(WEB, replicas=0)) == []
    other = replace(RUNNING, hash="old")
    assert look(other) == stale("is configured in another way", "make", other)
    moved = replace(RUNNING, image="sha256:1")
    assert look(moved) == stale("has another image", "make", moved)
    assert look(moved, service=replace(WEB, image="sha256:1")) == []
    states: tuple[tuple[str, int | None, str, Act], ...] = (
        ("created", None, "has not been started", "start"),
        ("exited", 3, "has ended with status 3", "start"),
        ("exited", 0, "has ended with status 0", "start"),
        ("paused", None, "is paused", "resume"),
        ("restarting", 1, "crashes over and over", "restart"),
        ("dead", None, "cannot be removed", "start"),
    )
    for state, exit, why, act in states:
        bad = replace(RUNNING, state=state, exit=exit)
        assert look(bad) == stale(why, act, bad)
    for health in ("starting", "unhealthy"):
        bad = replace(RUNNING, health=health)
        assert look(bad) == stale(f"is {health}", "await", bad)
    gone = replace(RUNNING, service="old")
    assert look(RUNNING, gone) == [Stale("old", "is no longer in the project", "remove", gone)]


def test_a_container_with_another_text_of_a_config_is_made_anew_by_us() -> None:
    service = replace(WEB, hash="hash+text", is_copied=True)
    known = Record(made_for={"w1": "hash+text"})
    assert look(RUNNING, service=service, record=known) == []
    for record in (Record(), Record(made_for={"w1": "hash+other"})):
        assert look(RUNNING, service=service, record=record) == [
            Stale("web", "is configured in another way", "renew", RUNNING)
        ]


def test_a_container_with_other_files_of_configs_is_made_anew_by_us_where_we_know_of_it() -> None:
    service = replace(WEB, files="+new")
    stale = [Stale("web", "is configured in another way", "renew", RUNNING)]
    assert look(RUNNING, service=service, record=Record(made_for={"w1": "hash+new"})) == []
    assert look(RUNNING, service=service, record=Record(made_for={"w1": "hash+old"})) == stale
    # `docker compose up` has made it, or an older version of ours has noted nothing of files.
    assert look(RUNNING, service=service) == []
    assert look(RUNNING, service=service, record=Record(made_for={"w1": "hash"})) == []
    # Compose sees by itself that this one is another.
    other = replace(RUNNING, hash="old")
    assert look(other, service=service) == [Stale("web", "is configured in another way", "make", other)]


def test_what_is_to_end_well_may_have_ended() -> None:
    ended = replace(RUNNING, state="exited", exit=0)
    once = replace(WEB, runs_once=True)
    assert look(ended, service=once) == []
    # Until then it is awaited: an `up` may have been interrupted.
    assert look(RUNNING, service=once) == [Stale("web", "has not ended yet", "await", RUNNING)]
    failed = replace(ended, exit=1)
    assert look(failed, service=once) == [Stale("web", "has ended with status 1", "start", failed)]


@pytest.mark.parametrize(("finished", "same"), [("then", True), ("later", False)])
def test_a_workload_that_ended_by_itself_is_told_from_one_that_was_stopped(finished: str, same: bool) -> None:
    ended = replace(RUNNING, state="exited", exit=0)
    found = look(ended, record=Record(done={"w1": finished}), inspected={"w1": DETAILS})
    assert (found == []) is same


def test_the_hash_of_one_that_shares_a_network_is_the_remembered_one() -> None:
    owner = replace(RUNNING, id="o1", service="owner", hash="o")
    side = replace(RUNNING, hash="with the id of the other in it", network="o1")
    shares = replace(WEB, shares=("owner",), depends_on=("owner",), restarts_with=("owner",))
    others = (Service("owner", "o"),)
    inspected = {"w1": replace(DETAILS, started=2.0), "o1": replace(DETAILS, started=1.0)}
    record = Record(made_for={"w1": "hash"})
    assert look(side, owner, service=shares, others=others, record=record, inspected=inspected) == []
    why = "is configured in another way"
    assert look(side, owner, service=shares, others=others, inspected=inspected) == [
        Stale("web", why, "make", side)
    ]
    later = {**inspected, "o1": replace(DETAILS, started=3.0)}
    why = "uses the network of owner, which was started after it"
    assert look(side, owner, service=shares, others=others, record=record, inspected=later) == [
        Stale("web", why, "restart", side)
    ]
    away = replace(side, network="o0")
    why = "uses the network of a container that is gone"
    assert look(away, owner, service=shares, others=others, record=record, inspected=inspected) == [
        Stale("web", why, "make", away)
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
    assert found == ([Stale("web", "has another file mounted", "restart", container)] if is_stale else [])


def test_one_that_wants_to_be_restarted_with_another_is_told_when_that_was_started_after_it() -> None:
    broker = replace(RUNNING, id="b1", service="broker", hash="b")
    service = replace(WEB, depends_on=("broker",), restarts_with=("broker",))
    others = (Service("broker", "b"),)
    inspected = {"w1": replace(DETAILS, started=2.0), "b1": replace(DETAILS, started=1.0)}
    assert look(RUNNING, broker, service=service, others=others, inspected=inspected) == []
    inspected["b1"] = replace(DETAILS, started=3.0)
    why = "restarts with broker, which was started after it"
    assert look(RUNNING, broker, service=service, others=others, inspected=inspected) == [
        Stale("web", why, "restart", RUNNING)
    ]
    # One that has been stopped is started after the other anyway.
    stopped = replace(RUNNING, state="exited", exit=0)
    found = look(stopped, broker, service=service, others=others, inspected=inspected)
    assert found == [Stale("web", "has ended with status 0", "start", stopped)]


def test_what_is_remembered_survives_being_stored() -> None:
    record = Record({"a": "h"}, {"b": "then"})
    assert Record.stored(asdict(record)) == record
    assert Record.stored({}) == Record()


def test_one_that_was_disconnected_from_a_network_by_hand_is_made_anew() -> None:
    service = replace(WEB, networks=("shop_back", "shop_default"))
    assert look(replace(RUNNING, networks=("shop_back", "shop_default")), service=service) == []
    there = replace(RUNNING, networks=("shop_back",))
    why = "was disconnected from its network shop_default"
    assert look(there, service=service) == [Stale("web", why, "renew", there)]
