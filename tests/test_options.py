"""The table of options, held against everything that has to agree with it."""

from __future__ import annotations

import pytest
from options_page import PAGE, page

from doit_score.command.verbs import VERBS, below
from doit_score.configuring.signature import Arguments
from doit_score.engine.settings import Settings
from doit_score.options import ARGUMENTS, EVERY, MAPPINGS, OPTIONS, WORKLOADS, options_of
from doit_score.store.meta import MEMORY


def test_the_signature_of_score_is_that_of_the_table() -> None:
    assert [*Arguments.__annotations__] == [option.name for option in ARGUMENTS]


def test_every_field_of_settings_is_in_the_table_or_made_by_the_command() -> None:
    known = [option.field for option in OPTIONS if option.field]
    assert sorted([*known, "beside", "config", "given", "patches", "recalls_output", "task"]) == sorted(
        Settings.__slots__
    )


def test_what_settings_have_by_themselves_is_what_the_table_says_or_that_memory_counts() -> None:
    usual = Settings()
    for option in OPTIONS:
        if option.field:
            recalled = option.memory and option.name != "output"
            expected = None if recalled else {} if option.kind in MAPPINGS else option.default
            assert getattr(usual, option.field) == expected, option.name


def test_what_is_remembered_is_memory() -> None:
    assert {option.memory for option in OPTIONS if option.memory} <= MEMORY


@pytest.mark.parametrize("name", [option.field for option in OPTIONS if option.field])
def test_a_change_of_what_is_in_the_digest_changes_it_and_nothing_else_does(name: str) -> None:
    other: dict[str, object] = {"builds": {"main": {}}, "images": {"main": "x"}, "environment": {"A": ""}}
    (option,) = (option for option in OPTIONS if option.field == name)
    settings = Settings(**{name: other.get(name, ("other",))})  # type: ignore[arg-type]  # any other value
    assert (settings.digest() != Settings().digest()) == option.in_digest


def test_no_verb_has_two_options_of_one_name_or_flag() -> None:
    for verb in ["", *VERBS]:
        options = options_of(verb)
        names = [option.chosen for option in options]
        # Two may have one flag if their words tell which is meant.
        flags = [flag for option in options for flag in set(option.flags)]
        shared = {flag for flag in flags if flags.count(flag) > 1}
        said = [(flag, word) for option in options for flag in option.flags for word in option.words]
        assert shared == {flag for flag, word in said if flag in shared}, verb
        assert (len(names), len(said)) == (len(set(names)), len(set(said))), verb
        assert all(option.words for option in options if shared & {*option.flags}), verb
        words = [option for option in options if not option.flags]
        assert not any(option.is_repeatable for option in words[:-1]), verb


def test_options_are_of_verbs_that_there_are() -> None:
    assert {verb for option in OPTIONS for verb in option.verbs} <= {"", *EVERY, *VERBS}
    assert [option.name for option in OPTIONS if not option.verbs and not option.is_argument] == []


def test_words_below_a_verb() -> None:
    assert below("resources") == ["list", "show", "get-outputs"]
    assert below("generate") == []


def test_the_usual_workloads_are_those_of_the_readme() -> None:
    assert WORKLOADS == ("score.yaml", "*.score.yaml", "*/score.yaml")


def test_the_page_of_options_is_what_the_table_gives() -> None:
    """If not: ``python tests/options_page.py``."""
    assert PAGE.read_text(encoding="utf-8") == page()
