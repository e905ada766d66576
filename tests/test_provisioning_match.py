from __future__ import annotations

import pytest

from doit_score.provisioning.environment import builtin_entry
from doit_score.provisioning.files import parse
from doit_score.provisioning.match import first_match


def found(
    text: str, type_: str = "tallow", class_: str = "default", id_: str = "lantern.store"
) -> str | None:
    entry = first_match(parse(text.encode(), "x"), type_, class_, id_)
    return entry.uri if entry else None


@pytest.mark.parametrize(
    ("keys", "matches"),
    [
        ("type: tallow", True),
        ("type: other", False),
        ("type: tallow, class: null, id: ~", True),
        ("type: tallow, class: default", True),
        ("type: tallow, class: fine", False),
        ("type: tallow, class: ''", False),
        ("type: tallow, id: lantern.store", True),
        ("type: tallow, id: elsewhere.store", False),
        ("type: tallow, class: default, id: lantern.store", True),
        ("type: tallow, class: fine, id: lantern.store", False),
    ],
)
def test_type_class_and_id_must_agree_where_they_are_given(keys: str, matches: bool) -> None:
    assert found(f"- {{uri: 'template://x', {keys}}}\n") == ("template://x" if matches else None)


def test_the_first_match_wins_even_if_a_later_one_is_more_specific() -> None:
    general = "- {uri: 'template://general', type: tallow}\n"
    special = "- {uri: 'template://special', type: tallow, class: default, id: lantern.store}\n"
    assert found(general + special) == "template://general"
    assert found(special + general) == "template://special"
    assert found(special + general, id_="lantern.other") == "template://general"


def test_nothing_matches_without_entries() -> None:
    assert first_match((), "tallow", "default", "a.b") is None


def test_the_builtin_environment_provisioner_takes_any_class_but_only_ids_with_a_dot() -> None:
    entries = (builtin_entry(),)
    assert first_match(entries, "environment", "default", "lantern.env") == entries[0]
    assert first_match(entries, "environment", "prod", "shared.env") == entries[0]
    assert first_match(entries, "environment", "default", "shared") is None
    assert first_match(entries, "tallow", "default", "lantern.env") is None


def test_a_declared_environment_provisioner_takes_any_id() -> None:
    assert found("- {uri: 'local-env://x'}\n", "environment", "default", "shared") == "local-env://x"
