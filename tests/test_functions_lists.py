"""Lists; whole values are those of Go's sprig (conformance group sprig:lists)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from doit_score.templating.errors import GoError
from doit_score.templating.functions import lists, lookup
from doit_score.templating.values import TypedList

NUMBERS = [1, 2, 3]
LIST_FUNCTIONS: dict[str, Callable[[object], object]] = {
    "append": lambda items: lists.append(items, 1),
    "prepend": lambda items: lists.prepend(items, 1),
    "first": lists.first,
    "last": lists.last,
    "rest": lists.rest,
    "initial": lists.initial,
    "reverse": lists.reverse,
    "compact": lists.compact,
    "uniq": lists.uniq,
    "without": lambda items: lists.without(items, 1),
    "slice": lists.slice_,
    "concat": lambda items: lists.concat(NUMBERS, items),
    "chunk": lambda items: lists.chunk(2, items),
}


@pytest.mark.parametrize("name", LIST_FUNCTIONS)
@pytest.mark.parametrize(
    ("value", "found"), [(None, "nil (is the value set?)"), (1, "int"), ("x", "string"), ({}, "map")]
)
def test_what_is_no_list_is_an_error(name: str, value: object, found: str) -> None:
    with pytest.raises(GoError) as error:
        LIST_FUNCTIONS[name](value)
    assert str(error.value) == f"expected a list, found {found}"


@pytest.mark.parametrize("name", [*LIST_FUNCTIONS, "has", "push"])
def test_must_functions_are_the_same(name: str) -> None:
    plain, must = lookup(name), lookup(f"must{name.title()}")
    if name == "concat":
        assert must is None
    else:
        assert plain is not None and must is not None
        assert (plain.call, plain.params, plain.variadic) == (must.call, must.params, must.variadic)


def test_adding_makes_a_new_list() -> None:
    assert lists.append(NUMBERS, 4) == [1, 2, 3, 4]
    assert lists.prepend(NUMBERS, 0) == [0, 1, 2, 3]
    assert lists.concat(NUMBERS, ["a"]) == [1, 2, 3, "a"]
    assert NUMBERS == [1, 2, 3]
    assert type(lists.append(TypedList("int", [1]), 2)) is list


def test_ends_of_a_list() -> None:
    assert (lists.first(NUMBERS), lists.last(NUMBERS)) == (1, 3)
    assert (lists.rest(NUMBERS), lists.initial(NUMBERS)) == ([2, 3], [1, 2])
    assert (lists.first([]), lists.last([])) == (None, None)


def test_the_rest_of_nothing_is_a_nil_list() -> None:
    for result in (lists.rest([]), lists.initial([]), lists.concat()):
        assert isinstance(result, TypedList)
        assert (result, result.elem, result.nil) == ([], "interface {}", True)


def test_reverse_and_compact() -> None:
    assert lists.reverse(NUMBERS) == [3, 2, 1]
    assert lists.compact([0, 1, "", "a", None, [], {}]) == [1, "a"]


def test_equality_within_lists_is_deep_and_typed() -> None:
    assert lists.uniq([1, 1, 2, "1", 1.0, None, None, [1], [1]]) == [1, 2, "1", 1.0, None, [1]]
    assert lists.without(NUMBERS, 2, 3) == [1]
    assert lists.without(NUMBERS, "2") == NUMBERS
    assert lists.without(NUMBERS) == NUMBERS
    assert lists.has({"x": 1}, [{"x": 1}])
    assert not lists.has("2", NUMBERS)
    assert not lists.has(1, None)


def test_has_needs_a_list_or_nil() -> None:
    with pytest.raises(GoError) as error:
        lists.has(1, "abc")
    assert str(error.value) == "expected a list, found string"


def test_slice_reads_its_bounds_leniently() -> None:
    assert lists.slice_(NUMBERS) == NUMBERS
    assert lists.slice_(NUMBERS, "1") == [2, 3]
    assert lists.slice_(NUMBERS, 1, 2) == [2]
    assert lists.slice_(NUMBERS, 3) == []
    assert lists.slice_([], 5, 9) is None


def test_slice_keeps_the_type_of_the_elements() -> None:
    result = lists.slice_(TypedList("string", ["a", "b"]), 1)
    assert isinstance(result, TypedList)
    assert (result, result.elem) == (["b"], "string")


@pytest.mark.parametrize(("bounds", "shown"), [((-1,), "-1 to 3"), ((1, 9), "1 to 9"), ((2, 1), "2 to 1")])
def test_slice_refuses_bounds_outside_of_the_list(bounds: tuple[int, ...], shown: str) -> None:
    with pytest.raises(GoError) as error:
        lists.slice_(NUMBERS, *bounds)
    assert str(error.value) == f"positions {shown} do not lie within a list of 3 elements"


def test_chunk() -> None:
    result = lists.chunk(2, NUMBERS)
    assert (result, result.elem) == ([[1, 2], [3]], "[]interface {}")
    assert lists.chunk(99, NUMBERS) == [[1, 2, 3]]
    assert lists.chunk(1, []) == []
    assert lists.chunk(-2, NUMBERS) == []
    assert lists.chunk(-2, [1]) == [[1]]


@pytest.mark.parametrize(("size", "items"), [(0, NUMBERS), (0, []), (-1, NUMBERS), (-1, [1]), (-2, [])])
def test_chunk_refuses_sizes_that_give_no_chunks(size: int, items: list[object]) -> None:
    with pytest.raises(GoError) as error:
        lists.chunk(size, items)
    assert str(error.value) == f"expected a size from 1, found {size}"
