"""What `status` calls outdated, and what not."""

from __future__ import annotations

from test_running_look import RUNNING, WEB

from doit_score.running.model import Model
from doit_score.running.record import Record
from doit_score.running.status import rows
from doit_score.text.light import replace


def current(service: object, container: object, record: Record | None = None, *others: str) -> bool:
    model = Model("shop", {"web": service} if service else {})  # type: ignore[dict-item]  # a Service
    (row,) = rows(model, [container], {}, record or Record(), {*others})  # type: ignore[list-item]  # a Container
    return row.is_current


def test_what_was_made_of_another_configuration_or_image_or_is_gone_is_outdated() -> None:
    assert current(WEB, RUNNING)
    assert not current(WEB, replace(RUNNING, hash="other"))
    assert not current(WEB, replace(RUNNING, image="sha256:1"))
    assert not current(None, RUNNING)


def test_a_job_that_has_ended_well_is_not() -> None:
    assert current(replace(WEB, runs_once=True), replace(RUNNING, state="exited", exit=0))


def test_one_that_shares_is_only_if_it_is_known_to_be() -> None:
    side = replace(WEB, shares=("owner",))
    made = replace(RUNNING, hash="with the id of the other in it")
    assert current(side, made)
    assert current(side, made, Record(made_for={"w1": "hash"}))
    assert not current(side, made, Record(made_for={"w1": "older"}))


def test_what_is_there_with_a_profile_that_is_not_chosen_is_not() -> None:
    assert current(None, RUNNING, None, "web")
