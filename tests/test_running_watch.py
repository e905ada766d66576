"""When a project counts as up, and when as failed.  The clock is the test's own."""

from __future__ import annotations

import pytest
from test_running_look import DETAILS, RUNNING

from doit_score.running import failures
from doit_score.running import watch as module
from doit_score.running.containers import Container, Details
from doit_score.running.model import Model, Service
from doit_score.running.watch import SETTLED, Scene, Watch
from doit_score.text.light import replace

MODEL = Model("shop", {"web": Service("web", "hash")})


class Engine:
    """An engine whose one container is as the test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.container = RUNNING
        self.details: Details | None = DETAILS
        monkeypatch.setattr(module, "listed", self._listed)
        monkeypatch.setattr(module, "inspected", lambda client, id_: self.details)

    def _listed(self, client: object, project: str) -> list[Container]:
        assert project == "shop"
        return [self.container]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    return Engine(monkeypatch)


@pytest.fixture
def watch(engine: Engine) -> Watch:
    return Watch(None, MODEL, {"web"})  # type: ignore[arg-type]  # the engine is replaced


def test_one_without_a_healthcheck_has_to_run_for_a_while(engine: Engine, watch: Watch) -> None:
    assert watch.is_pending(watch.look(10.0), 10.0)
    assert watch.waiting(watch.look(10.0), 10.0) == ["web"]
    later = 10.0 + SETTLED
    assert watch.is_pending(watch.look(later - 0.1), later - 0.1)
    assert not watch.is_pending(watch.look(later), later)
    assert watch.waiting(watch.look(later), later) == []
    # One that was restarted in between has to begin again.
    assert engine.details is not None
    engine.details = replace(engine.details, started=2000.0, restarts=1)
    assert watch.is_pending(watch.look(later), later)
    # It is not believed so soon any more.
    assert watch.is_pending(watch.look(later + SETTLED), later + SETTLED)
    end = later + 10 * SETTLED
    assert not watch.is_pending(watch.look(end), end)


def test_one_that_ran_before_is_settled(engine: Engine, watch: Watch) -> None:
    watch.begin(10.0)
    assert not watch.is_pending(watch.look(10.0), 10.0)


@pytest.mark.parametrize(
    ("health", "pending"), [("starting", True), ("healthy", False), ("unhealthy", False)]
)
def test_one_with_a_healthcheck_has_to_be_healthy(
    engine: Engine, watch: Watch, health: str, pending: bool
) -> None:
    watch.begin(0.0)
    engine.details = replace(DETAILS, health=health)
    assert watch.is_pending(watch.look(1.0), 1.0) is pending


@pytest.mark.parametrize("health", ["", "healthy"])
def test_a_job_has_to_end(engine: Engine, health: str) -> None:
    job = replace(MODEL.services["web"], runs_once=True)
    watch = Watch(None, Model("shop", {"web": job}), {"web"})  # type: ignore[arg-type]
    engine.details = replace(DETAILS, health=health)
    watch.begin(0.0)
    assert watch.waiting(watch.look(99.0), 99.0) == ["web"]
    engine.details = replace(DETAILS, state="exited")
    assert not watch.is_pending(watch.look(99.0), 99.0)
    # Where Compose has failed, or nobody does anything with it, it is no reason to wait.
    engine.details = DETAILS
    watch.compose_failed = True
    assert not watch.is_pending(watch.look(99.0), 99.0)
    watch.compose_failed, watch.changed = False, set()
    assert not watch.is_pending(watch.look(99.0), 99.0)


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        ({}, False),
        ({"state": "exited", "exit": 0}, False),
        ({"state": "exited", "exit": 1}, True),
        ({"state": "created"}, False),
        ({"state": "created", "error": "no such program"}, True),
        ({"state": "dead"}, True),
        ({"health": "unhealthy"}, True),
        ({"health": "starting"}, False),
        ({"restarts": 2}, False),
        ({"restarts": 3}, True),
        ({"state": "restarting", "restarts": 3}, True),
    ],
)
def test_what_has_failed(engine: Engine, watch: Watch, change: dict[str, object], failed: bool) -> None:
    engine.details = replace(DETAILS, **change)  # type: ignore[arg-type]
    assert watch.failed(watch.look(0.0)) == ([RUNNING] if failed else [])


def test_restarts_of_earlier_days_do_not_count_and_one_is_enough_once_compose_gives_up(
    engine: Engine, watch: Watch
) -> None:
    engine.details = replace(DETAILS, restarts=7)
    watch.begin(0.0)
    engine.details = replace(DETAILS, restarts=8)
    assert watch.looping(watch.look(1.0)) == []
    watch.compose_failed = True
    assert watch.looping(watch.look(1.0)) == [RUNNING]


def test_what_is_no_longer_in_the_project_does_not_fail_it(engine: Engine, watch: Watch) -> None:
    engine.container = replace(RUNNING, service="old")
    engine.details = replace(DETAILS, state="exited", exit=1)
    assert watch.failed(watch.look(0.0)) == []


def test_a_container_that_is_removed_meanwhile_is_nothing(engine: Engine, watch: Watch) -> None:
    engine.details = None
    scene = watch.look(0.0)
    assert scene == Scene([RUNNING], {})
    assert (watch.failed(scene), watch.is_pending(scene, 0.0)) == ([], False)


def test_where_compose_has_failed_one_that_had_ended_before_is_not_why(engine: Engine, watch: Watch) -> None:
    engine.details = replace(DETAILS, state="exited", exit=1)
    watch.begin(0.0)
    watch.compose_failed = True
    assert watch.failed(watch.look(1.0)) == []
    engine.details = replace(DETAILS, state="exited", exit=1, started=2000.0)
    assert watch.failed(watch.look(2.0)) == [RUNNING]


def test_where_compose_has_failed_one_that_we_have_stopped_before_is_not_why(
    engine: Engine, watch: Watch
) -> None:
    watch.begin(0.0)
    watch.stopped, watch.compose_failed = {"w1"}, True
    engine.details = replace(DETAILS, state="exited", exit=137)
    scene = watch.look(1.0)
    assert (watch.failed(scene), watch.left(scene)) == ([], [RUNNING])
    # It was started again, and has ended by itself.
    engine.details = replace(DETAILS, state="exited", exit=137, started=2000.0)
    scene = watch.look(2.0)
    assert (watch.failed(scene), watch.left(scene)) == ([RUNNING], [])


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"health": "unhealthy"}, {"health": "unhealthy"}),
        ({"state": "dead"}, {"state": "dead"}),
        ({"state": "restarting", "restarts": 4}, {"state": "running", "restarts": 7, "started": 2000.0}),
        # It was looked at while it ran for a moment.
        ({"state": "running", "restarts": 4}, {"state": "restarting", "restarts": 7, "exit": 5}),
    ],
)
def test_where_compose_has_failed_one_that_it_has_not_replaced_is_not_why(
    engine: Engine, watch: Watch, before: dict[str, object], now: dict[str, object]
) -> None:
    for replaced in ({"w1"}, set[str]()):
        watch.replaced, watch.compose_failed = replaced, False
        engine.details = replace(DETAILS, **before)  # type: ignore[arg-type]
        watch.begin(0.0)
        engine.details = replace(DETAILS, **now)  # type: ignore[arg-type]
        # Compose goes on, though it crashes over and over: the next one may not.
        assert watch.looping(watch.look(1.0)) == ([RUNNING] if "restarts" in now and not replaced else [])
        watch.compose_failed = True
        assert watch.failed(watch.look(1.0)) == ([] if replaced else [RUNNING])


def test_one_that_crashed_over_and_over_and_was_stopped_is_not_why_compose_failed(
    engine: Engine, watch: Watch
) -> None:
    engine.details = replace(DETAILS, state="restarting", restarts=4)
    watch.begin(0.0)
    watch.compose_failed = True
    engine.details = replace(DETAILS, state="exited", exit=1, restarts=4)
    assert watch.failed(watch.look(1.0)) == []


def test_restarts_are_counted_anew_where_it_was_started_by_hand(engine: Engine, watch: Watch) -> None:
    """So does the engine, where `up` starts again what crashed over and over before."""
    engine.details = replace(DETAILS, state="restarting", restarts=7)
    watch.begin(0.0)
    for restarts, looping in enumerate([False, False, False, True]):
        engine.details = replace(DETAILS, state="running", started=2000.0 + restarts, restarts=restarts)
        assert watch.looping(watch.look(1.0)) == ([RUNNING] if looping else [])
        assert watch.again(RUNNING, engine.details) == restarts


def test_restarts_are_counted_anew_where_the_first_ones_were_not_seen(engine: Engine, watch: Watch) -> None:
    engine.details = replace(DETAILS, state="restarting", restarts=7)
    watch.begin(0.0)
    engine.details = replace(DETAILS, state="restarting", started=2000.0, restarts=3)
    assert watch.failed(watch.look(1.0)) == [RUNNING]
    assert watch.again(RUNNING, engine.details) == 3


def test_what_is_about_to_be_restarted_is_waited_for_though_it_counts_as_unhealthy(
    engine: Engine, watch: Watch
) -> None:
    """The engine says so of all that does not run, and whether it is seen then is chance."""
    engine.details = replace(DETAILS, state="restarting", health="unhealthy", restarts=1)
    scene = watch.look(0.0)
    assert (watch.failed(scene), watch.is_pending(scene, 0.0)) == ([], True)
    watch.compose_failed = True
    assert watch.failed(watch.look(0.0)) == [RUNNING]


@pytest.mark.parametrize(
    "now",
    [
        {"state": "restarting", "restarts": 7, "exit": 5},
        {"state": "running", "restarts": 7, "started": 2000.0},
        {"health": "starting"},
    ],
)
def test_where_compose_has_failed_one_that_it_has_not_replaced_is_not_waited_for(
    engine: Engine, watch: Watch, now: dict[str, object]
) -> None:
    """What crashes over and over would be waited for for ever."""
    watch.replaced = {"w1"}
    engine.details = replace(DETAILS, state="restarting", restarts=4)
    watch.begin(0.0)
    engine.details = replace(DETAILS, **now)  # type: ignore[arg-type]
    scene = watch.look(1.0)
    assert watch.is_pending(scene, 1.0)
    watch.compose_failed = True
    assert (watch.failed(scene), watch.is_pending(scene, 1.0)) == ([], False)


def test_what_crashed_over_and_over_before_is_why_compose_fails_though_it_was_not_restarted_since(
    engine: Engine, watch: Watch
) -> None:
    """It was seen as it ran for a moment, so nobody stopped it, and the engine waits before it goes on."""
    engine.details = replace(DETAILS, state="restarting", health="unhealthy", restarts=7)
    watch.begin(0.0)
    assert watch.failed(watch.look(1.0)) == []
    watch.compose_failed = True
    assert watch.failed(watch.look(2.0)) == [RUNNING]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": "running", "restarts": 1}, "(restarted 1 time so far)"),
        ({"state": "restarting", "restarts": 3}, "(restarted 3 times so far, ended with status 5 last)"),
        ({"state": "restarting"}, "(ended with status 5 last)"),
    ],
)
def test_what_crashes_over_and_over_is_told_as_it_was_seen(
    engine: Engine, watch: Watch, monkeypatch: pytest.MonkeyPatch, change: dict[str, object], said: str
) -> None:
    """Never by its healthcheck, which is not why the engine has it for unhealthy."""
    monkeypatch.setattr(failures, "log_tail", lambda client, id_, lines: "")
    engine.details = replace(DETAILS, exit=5, health="unhealthy", check_exit=7, **change)  # type: ignore[arg-type]
    (problem,) = failures.of_containers(watch, [RUNNING], watch.look(0.0), lambda name: f"service '{name}'")
    assert problem.message == f"service 'web' crashes over and over {said}\n  its log is empty"
