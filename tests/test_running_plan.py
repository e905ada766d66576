"""What is done to bring the engine to the project: what is stale, what has to follow, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from test_running_look import RUNNING

from doit_score.running.containers import Container
from doit_score.running.look import Act, Stale
from doit_score.running.model import Model, Service
from doit_score.running.plan import Plan, followers, plan
from doit_score.text.light import replace

WAIT = "wait-for-resources"
ALONE = ["up", "--detach", "--no-deps", "--no-recreate", "--no-build", "--pull", "missing"]


def service(name: str, *depends_on: str, **more: object) -> Service:
    return Service(name, name, depends_on=tuple(sorted(depends_on)), **more)  # type: ignore[arg-type]


# Two topics of one broker, and two workloads that wait for all of it, the one with a sidecar.
SHOP = Model(
    "shop",
    {
        one.name: one
        for one in (
            service("broker"),
            service("red", "broker", runs_once=True, prepares=True),
            service("blue", "broker", runs_once=True, prepares=True),
            service(WAIT, "broker", "red", "blue", runs_once=True),
            service("one", WAIT),
            service("side", WAIT, "one", shares=("one",), restarts_with=("one",)),
            service("two", WAIT),
        )
    },
)


def containers(model: Model, without: tuple[str, ...] = (), **states: str) -> list[Container]:
    """One container of each service, with the states of those that do not run, or have ended well."""
    found = []
    for name, one in model.services.items():
        state = states.get(name, "exited" if one.runs_once else "running")
        if name not in without:
            found.append(
                replace(
                    RUNNING,
                    id=f"{name}-id",
                    name=f"shop-{name}-1",
                    service=name,
                    state=state,
                    exit=0 if state == "exited" else None,
                    runs_once=one.runs_once,
                )
            )
    return found


def acted(model: Model, there: list[Container], *acts: tuple[str, Act]) -> tuple[dict[str, str], Plan]:
    """What follows, by service, and the plan."""
    stale = [Stale(name, "is other", act) for name, act in acts]
    more = followers(model, there, stale)
    return {one.service: f"{one.act}: {one.why}" for one in more}, plan(model, there, [*stale, *more])


def commands(model: Model, there: list[Container], *acts: tuple[str, Act]) -> list[list[str]]:
    return list(acted(model, there, *acts)[1].commands(model))


def test_nothing_is_stale() -> None:
    assert acted(SHOP, containers(SHOP)) == ({}, Plan())
    assert commands(SHOP, containers(SHOP)) == []


def test_the_first_time_everything_is_made_and_started_in_one_go() -> None:
    acts: list[tuple[str, Act]] = [(name, "make") for name in SHOP.services]
    assert commands(SHOP, [], *acts) == [["up", "--detach"]]


def test_another_variable_of_one_workload_replaces_its_containers_alone() -> None:
    assert commands(SHOP, containers(SHOP), ("two", "make")) == [["create", "two"], [*ALONE, "two"]]
    followed, todo = acted(SHOP, containers(SHOP), ("one", "make"))
    assert followed == {"side": "make: shares with one, which is made anew"}
    assert (todo.start, todo.stop) == (("one", "side"), ())


def test_one_topic_more_runs_its_job_and_touches_no_other() -> None:
    there = containers(SHOP, without=("blue",))
    assert commands(SHOP, there, ("blue", "make")) == [["up", "--detach", "blue"]]
    # Compose 2.26 has in the hash of a service what it depends on.
    assert commands(SHOP, there, ("blue", "make"), (WAIT, "make")) == [
        ["create", "blue", WAIT],
        [*ALONE, "blue", WAIT],
    ]


def test_a_workload_that_is_made_with_a_topic_waits_for_it() -> None:
    there = containers(SHOP, without=("blue",))
    followed, todo = acted(SHOP, there, ("blue", "make"), ("two", "make"))
    assert followed == {WAIT: "start: has others to wait for"}
    assert list(todo.commands(SHOP)) == [["create", "blue", "two"], [*ALONE, "blue", "two", WAIT]]


def test_a_server_that_is_made_anew_is_prepared_again_and_one_that_restarts_is_not() -> None:
    followed, todo = acted(SHOP, containers(SHOP), ("broker", "make"))
    again = "start: prepares broker, which is made anew"
    assert followed == {"blue": again, "red": again}
    assert list(todo.commands(SHOP)) == [["up", "--detach", "blue", "broker", "red"]]
    followed, todo = acted(SHOP, containers(SHOP), ("broker", "restart"))
    assert followed == {}
    assert ([one.service for one in todo.stop], todo.start) == (["broker"], ("broker",))


def test_a_workload_restarts_with_its_broker_if_it_asks_for_that() -> None:
    services = {**SHOP.services, "two": service("two", WAIT, "broker", restarts_with=("broker",))}
    model = Model("shop", services)
    acts: tuple[Act, ...] = ("make", "restart")
    for act in acts:
        followed, todo = acted(model, containers(model), ("broker", act))
        assert followed["two"] == "restart: restarts with broker"
        assert followed[WAIT] == "start: has others to wait for"
        assert "two" in [one.service for one in todo.stop]
    # Nothing of it is stopped where the workload is made anew itself.
    assert acted(model, containers(model), ("broker", "make"), ("two", "make"))[1].stop == ()


def test_what_has_ended_is_started_and_its_sidecar_with_it() -> None:
    followed, todo = acted(SHOP, containers(SHOP, one="exited"), ("one", "start"))
    assert followed == {"side": "restart: restarts with one"}
    assert [one.service for one in todo.stop] == ["side"]
    assert list(todo.commands(SHOP)) == [[*ALONE, "one", "side"]]


def test_what_is_paused_goes_on_and_what_is_gone_is_removed() -> None:
    there = containers(SHOP, two="paused")
    gone = replace(RUNNING, service="old")
    todo = plan(SHOP, there, [Stale("two", "", "resume", there[-1]), Stale("old", "", "remove", gone)])
    assert (todo.resume, todo.remove, todo.start) == ((there[-1],), (gone,), ())
    assert todo.changed == {"two"}


def test_one_that_only_needs_time_is_awaited() -> None:
    todo = acted(SHOP, containers(SHOP), ("broker", "await"))[1]
    assert (todo, todo.changed) == (Plan(await_=("broker",)), {"broker"})


def test_compose_is_told_to_replace_what_it_sees_no_reason_to() -> None:
    assert commands(SHOP, containers(SHOP), ("two", "renew")) == [
        ["create", "--force-recreate", "two"],
        [*ALONE, "two"],
    ]


def test_what_lies_between_two_that_are_replaced_is_not_replaced_with_them() -> None:
    model = Model("shop", {one.name: one for one in (service("a"), service("b", "a"), service("c", "b"))})
    assert commands(model, containers(model), ("a", "make"), ("c", "make")) == [
        ["create", "a"],
        ["create", "c"],
        [*ALONE, "a", "c"],
    ]
    assert commands(model, containers(model), ("a", "renew"), ("c", "renew")) == [
        ["create", "--force-recreate", "a"],
        ["create", "--force-recreate", "c"],
        [*ALONE, "a", "c"],
    ]
    assert commands(model, containers(model), ("a", "make"), ("b", "make")) == [["up", "--detach", "a", "b"]]


@st.composite
def _projects(draw: st.DrawFn) -> tuple[Model, list[Container], list[tuple[str, Act]]]:
    names = [f"s{number}" for number in range(draw(st.integers(1, 7)))]
    services = []
    for index, name in enumerate(names):
        others = draw(st.sets(st.sampled_from(names[:index]))) if index else set()
        some = st.sets(st.sampled_from(sorted(others))) if others else st.just(set())
        services.append(
            service(
                name,
                *others,
                runs_once=draw(st.booleans()),
                shares=tuple(sorted(draw(some))),
                restarts_with=tuple(sorted(draw(some))),
            )
        )
    model = Model("shop", {one.name: one for one in services})
    kinds: list[Act] = ["make", "renew", "restart", "start", "resume", "await"]
    acts = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(kinds)), max_size=4))
    missing = draw(st.sets(st.sampled_from(names)))
    made: list[tuple[str, Act]] = [(name, "make") for name in sorted(missing)]
    return model, containers(model, tuple(missing)), [*acts, *made]


@given(_projects())
def test_whatever_is_stale_compose_touches_nothing_else(
    project: tuple[Model, list[Container], list[tuple[str, Act]]],
) -> None:
    """As Compose 2.26 works: it takes what those that are named depend on, and replaces what depends on
    what it replaces; without --no-deps it starts whatever has ended.
    """
    model, there, acts = project
    followed, todo = acted(model, there, *acts)
    exists = {one.service: one.state for one in there}
    made = {name for name, act in acts if act in ("make", "renew")}
    made |= {name for name, what in followed.items() if what.startswith("make:")}
    started = set(todo.start)
    for command in todo.commands(model):
        names = {word for word in command if word in model.services} or {*model.services}
        taken = names if "--no-deps" in command else model.with_dependencies(names)
        if command[0] == "create" or "--no-recreate" not in command:
            assert (taken - started) <= exists.keys()
            replaced = names & made & exists.keys()
            again = {name for name in started if model.services[name].runs_once}
            assert not model.dependents(replaced) & (taken - made - again), "nothing else is replaced"
        if command[0] == "up":
            ended = {name for name in taken - started if exists[name] != "running"}
            assert not ended, "nothing else is started"
            assert started <= names
