from __future__ import annotations

import pytest

from doit_score.provisioning.environment import builtin_entry
from doit_score.provisioning.files import parse
from doit_score.provisioning.match import first_match, shadows


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


def shadowing(*keys: str) -> list[str | None]:
    text = "".join(f"- {{uri: 'template://{i}', {one}}}\n" for i, one in enumerate(keys))
    found = shadows(parse(text.encode(), "x"))
    return [None if one is None else one.uri.removeprefix("template://") for one in found]


def test_an_entry_is_shadowed_by_the_first_that_takes_all_that_it_would() -> None:
    assert shadowing("type: a", "type: a", "type: a, class: c", "type: a, id: i") == [None, "0", "0", "0"]
    assert shadowing("type: a, class: c", "type: a, class: c, id: i", "type: a") == [None, "0", None]
    assert shadowing("type: a, id: i", "type: a, class: c, id: i", "type: a, id: j") == [None, "0", None]
    assert shadowing("type: a", "type: b") == [None, None]


def test_entries_that_take_all_but_something_shadow_nothing_together() -> None:
    assert shadowing("type: a, class: c", "type: a, class: d", "type: a") == [None, None, None]
    assert shadowing("type: a, class: c", "type: a, id: i", "type: a, class: c, id: i")[2] == "0"


def test_the_builtin_environment_provisioner_is_shadowed_by_one_that_takes_any() -> None:
    own, builtin = parse(b"- {uri: 'local-env://x'}\n", "x")[0], builtin_entry()
    assert shadows([own, builtin]) == [None, own]
    assert shadows([builtin, own]) == [None, None]
    [dotted] = parse(b"- {uri: 'template://x', type: environment, id: a.b}\n", "x")
    assert shadows([builtin, dotted]) == [None, builtin]
