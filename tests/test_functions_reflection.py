"""Questions about Go types."""

from __future__ import annotations

import pytest

from doit_score.templating.functions import reflection
from doit_score.templating.functions.semver import parsed
from doit_score.templating.values import Int64, Struct, TypedList


@pytest.mark.parametrize(
    ("value", "name", "kind"),
    [
        (None, "<nil>", "invalid"),
        (1, "int", "int"),
        (Int64(1), "int64", "int64"),
        (1.5, "float64", "float64"),
        (True, "bool", "bool"),
        ("s", "string", "string"),
        ([], "[]interface {}", "slice"),
        (TypedList("int"), "[]int", "slice"),
        ({}, "map[string]interface {}", "map"),
        (Struct("*main.Data", {}), "*main.Data", "ptr"),
        (parsed("1.2.3"), "*semver.Version", "ptr"),
    ],
)
def test_types_and_kinds(value: object, name: str, kind: str) -> None:
    assert reflection.type_name(value) == name  # type: ignore[attr-defined]  # what the module uses
    assert reflection.kind_of(value) == kind  # type: ignore[attr-defined]  # what the module uses
    assert reflection.type_is(name, value)
    assert not reflection.type_is("other", value)
    assert reflection.kind_is(kind, value)
    assert not reflection.kind_is("other", value)


def test_type_is_like_accepts_pointers() -> None:
    assert reflection.type_is_like("int", 1)
    assert reflection.type_is_like("semver.Version", parsed("1.2.3"))
    assert not reflection.type_is_like("Version", parsed("1.2.3"))
