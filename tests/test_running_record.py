"""What is remembered of a project that is up."""

from __future__ import annotations

import pytest
from test_running_look import DETAILS, RUNNING, WEB

from doit_score.running.model import Model
from doit_score.running.record import Record
from doit_score.text.light import asdict, replace

MODEL = Model("shop", {"web": WEB})


def test_nothing_is_remembered_of_what_the_engine_can_tell() -> None:
    assert Record.of(MODEL, [RUNNING], {"w1": DETAILS}) == Record()
    other = replace(RUNNING, service="gone", hash="other")
    assert Record.of(MODEL, [other], {"w1": DETAILS}) == Record()


def test_the_hash_is_remembered_that_a_container_was_made_for() -> None:
    other = replace(RUNNING, hash="with the id of another container")
    assert Record.of(MODEL, [other], {"w1": DETAILS}) == Record(made_for={"w1": "hash"})


def test_the_files_are_remembered_that_compose_does_not_tell_of() -> None:
    model = Model("shop", {"web": replace(WEB, files="+files")})
    assert Record.of(model, [RUNNING], {"w1": DETAILS}) == Record(made_for={"w1": "hash+files"})


@pytest.mark.parametrize("listed", ["exited", "running"])
def test_one_that_has_ended_is_remembered_also_if_it_ended_after_it_was_listed(listed: str) -> None:
    ended = replace(DETAILS, state="exited", finished="at noon")
    found = Record.of(MODEL, [replace(RUNNING, state=listed)], {"w1": ended})
    assert found == Record(done={"w1": "at noon"})
    assert Record.stored(asdict(found)) == found


def test_one_that_somebody_awaits_and_one_that_is_gone_are_not_remembered() -> None:
    ended = replace(DETAILS, state="exited")
    awaited = Model("shop", {"web": replace(WEB, runs_once=True)})
    assert Record.of(awaited, [RUNNING], {"w1": ended}) == Record()
    assert Record.of(MODEL, [RUNNING], {}) == Record()


def test_what_was_taken_stays_so_as_long_as_it_is_there() -> None:
    taken = Record(taken={"w1": "/moved", "w2": "/moved"})
    assert taken.updated(Record(), [], [RUNNING]) == Record(taken={"w1": "/moved"})
    assert taken.updated(Record(), [RUNNING], [RUNNING]) == Record(taken={"w1": "/moved"})
