"""What is done to single containers, and what of them is left."""

from __future__ import annotations

from docker.errors import APIError, NotFound
from test_running_look import RUNNING

from doit_score.running import changing
from doit_score.text.light import replace

JOB = replace(RUNNING, id="j1", name="shop-job-1", state="exited", runs_once=True, nameless=("own", "shared"))
SERVER = replace(RUNNING, id="s1", name="shop-db-1", nameless=("shared",))


class Engine:
    """An engine that takes down what it is asked; it does not have what is ``gone``."""

    def __init__(self, gone: tuple[str, ...] = (), grace: int | None = None) -> None:
        self.asked: list[str] = []
        self._gone = gone
        self._grace = grace

    def _ask(self, what: str, id_: str) -> None:
        if id_ in self._gone:
            raise NotFound("no such thing")
        self.asked.append(f"{what} {id_}")

    def inspect_container(self, id_: str) -> dict[str, dict[str, int | None]]:
        return {"Config": {"StopTimeout": self._grace} if self._grace is not None else {}}

    def stop(self, id_: str, *, timeout: int) -> None:
        self._ask(f"stop within {timeout}", id_)

    def start(self, id_: str) -> None:
        if id_ == "n1":
            raise APIError("its network is gone")
        self._ask("start", id_)

    def unpause(self, id_: str) -> None:
        self._ask("unpause", id_)

    def remove_container(self, id_: str, *, v: bool, force: bool) -> None:
        assert force
        self._ask("remove with volumes" if v else "remove", id_)

    def remove_volume(self, name: str) -> None:
        if name == "used":
            raise APIError("volume is in use")
        self._ask("remove volume", name)


def test_each_is_given_the_time_that_it_wants() -> None:
    said: list[tuple[str, str]] = []
    for grace, asked in ((None, "stop within 10 s1"), (60, "stop within 60 s1"), (0, "stop within 0 s1")):
        engine = Engine(grace=grace)
        changing.stop(engine, [SERVER], lambda level, text: said.append((level, text)))  # type: ignore[arg-type]
        assert engine.asked == [asked]
    assert said == [("info", "Container shop-db-1 Stopped")] * 3


def test_what_was_stopped_is_started_unless_it_is_gone_and_what_cannot_be_is_told() -> None:
    engine = Engine(gone=("j1",))
    side = replace(SERVER, id="n1", name="shop-side-1")
    said: list[tuple[str, str]] = []
    changing.start(engine, [JOB, side, SERVER], lambda level, text: said.append((level, text)))  # type: ignore[arg-type]
    assert engine.asked == ["start s1"]
    assert said == [
        ("warn", "Container shop-side-1 was stopped, and cannot be started again: its network is gone"),
        ("info", "Container shop-db-1 Started"),
    ]


def test_what_is_paused_goes_on_before_it_is_stopped() -> None:
    engine = Engine()
    paused = replace(SERVER, state="paused")
    changing.stop(engine, [paused], lambda level, text: None)  # type: ignore[arg-type]
    assert engine.asked == ["unpause s1", "stop within 10 s1"]


def test_the_volumes_of_a_job_are_removed_with_it_and_those_of_a_server_stay() -> None:
    engine = Engine()
    changing.remove(engine, [JOB, SERVER], lambda level, text: None)  # type: ignore[arg-type]
    assert sorted(engine.asked) == ["remove s1", "remove with volumes j1", "stop within 10 s1"]


def test_what_somebody_else_has_removed_is_no_error_and_is_not_told() -> None:
    said: list[str] = []
    changing.resume(Engine(gone=("s1",)), [SERVER], lambda level, text: said.append(text))  # type: ignore[arg-type]
    assert said == []


def test_after_all_is_down_only_volumes_that_just_jobs_had_are_removed() -> None:
    engine = Engine(gone=("away",))
    containers = [replace(JOB, nameless=("away", "own", "shared", "used")), SERVER]
    changing.remove_scratch(engine, containers)  # type: ignore[arg-type]
    assert engine.asked == ["remove volume own"]
