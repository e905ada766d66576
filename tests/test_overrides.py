from __future__ import annotations

import pytest

from doit_score.score.overrides import (
    Property,
    apply,
    merge,
    parse_property,
    set_property,
)
from doit_score.text.errors import ScoreError


def document() -> dict[str, object]:
    return {
        "metadata": {"name": "shop", "tags": ["one", "two"], "nested": [{"a": 1}, ["x", "y"]], "nil": None},
        "containers": {"web": {"image": "web:1", "variables": {"A": "a", "C.D": "cd"}}},
    }


def changed(*texts: str) -> object:
    return apply(document(), properties=[*map(parse_property, texts)])


def metadata(*texts: str) -> object:
    result = changed(*texts)
    assert isinstance(result, dict)
    return result["metadata"]


# overrides files


def test_maps_are_merged() -> None:
    assert merge({"a": {"b": 1, "c": 2}}, {"a": {"c": 3, "d": 4}, "e": {}}) == {
        "a": {"b": 1, "c": 3, "d": 4},
        "e": {},
    }


def test_lists_and_scalars_replace() -> None:
    assert merge({"a": [1, 2], "b": {"x": 1}, "c": 1}, {"a": [3], "b": "text", "c": False}) == {
        "a": [3],
        "b": "text",
        "c": False,
    }


def test_a_map_replaces_a_list_or_a_scalar() -> None:
    assert merge({"a": [1], "b": "x"}, {"a": {"k": 1}, "b": {"k": 2}}) == {"a": {"k": 1}, "b": {"k": 2}}


def test_an_empty_map_changes_nothing_that_is_a_map() -> None:
    assert merge({"a": {"b": 1}}, {"a": {}}) == {"a": {"b": 1}}


def test_null_deletes_at_every_depth_but_not_in_lists() -> None:
    assert merge(
        {"a": 1, "b": {"c": 1, "d": 2}}, {"a": None, "b": {"c": None}, "e": {"f": None}, "g": [None]}
    ) == {
        "b": {"d": 2},
        "e": {},
        "g": [None],
    }


def test_a_number_as_key_finds_the_text() -> None:
    assert merge({"a": {"5": "old"}}, {"a": {5: "new", 6: "six"}}) == {"a": {"5": "new", 6: "six"}}
    assert merge({5: "old"}, {"5": "new"}) == {5: "new"}


def test_true_as_key_is_not_the_number_one() -> None:
    assert merge({"1": "one"}, {True: "yes"}) == {"1": "one", True: "yes"}  # type: ignore[dict-item]  # YAML may


# reading a property


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("a.b=text", ("a", "b"), "text"),
        ("a=8080", ("a",), 8080),
        ("a={x: [1, y]}", ("a",), {"x": [1, "y"]}),
        ('a="8080"', ("a",), "8080"),
        ("a=x=y=z", ("a",), "x=y=z"),
        ("a==", ("a",), "="),
        (r"C\.D=x", ("C.D",), "x"),
        (r"P\\Q.R\S=x", ("P\\Q", "R\\S"), "x"),
        (r"T\\\.U=x", ("T\\.U",), "x"),
        (r"a\\.b=x", ("a\\", "b"), "x"),
        ("a\\=x", ("a\\",), "x"),
        ("a..b.=x", ("a", "", "b", ""), "x"),
        ("a.0.-1=x", ("a", "0", "-1"), "x"),
        ("a=yes", ("a",), "yes"),
        ('a=""', ("a",), ""),
    ],
)
def test_a_property_is_path_and_yaml_value(text: str, path: tuple[str, ...], value: object) -> None:
    assert parse_property(text) == Property(path, value, False, text)


@pytest.mark.parametrize("text", ["a.b=", "a.b=null", "a.b=~", "a.b= "])
def test_an_empty_or_null_value_deletes(text: str) -> None:
    assert parse_property(text) == Property(("a", "b"), None, True, text)


def message(text: str) -> str:
    with pytest.raises(ScoreError) as error:
        parse_property(text)
    return str(error.value)


def test_a_property_without_equals_sign_is_refused() -> None:
    assert message("containers.web.image") == (
        "--override-property 'containers.web.image': expected PATH=VALUE, such as "
        "containers.web.image=nginx:1 (an empty VALUE deletes), found no '='"
    )


def test_a_property_without_path_is_refused() -> None:
    assert message("=x") == (
        "--override-property: expected PATH=VALUE, such as containers.web.image=nginx:1 "
        "(an empty VALUE deletes), found no path before the '='"
    )


def test_a_value_that_is_not_yaml_is_refused_without_being_shown() -> None:
    text = message("a.password=[secret, 2")
    assert text.startswith("--override-property a.password: in the value: not YAML: ")
    assert text.endswith("\n  hint: put text with special characters in quotes: PATH='\"text\"'")
    assert "secret" not in text


def test_an_endless_path_is_refused() -> None:
    assert message("a." * 100 + "a=x") == "--override-property: a path has at most 100 parts, found 101"


# setting and deleting


def test_a_new_key_is_set_and_missing_parents_are_made() -> None:
    assert metadata("metadata.one.two.three=x", "metadata.one.0=y", "metadata.tags=z") == {
        "name": "shop",
        "tags": "z",
        "nested": [{"a": 1}, ["x", "y"]],
        "nil": None,
        "one": {"two": {"three": "x"}, "0": "y"},
    }


def test_keys_are_deleted_and_missing_ones_are_nothing_to_delete() -> None:
    assert changed("metadata=", "containers.web.variables.A=", "containers.web.nope=", "nope.deep.er=") == {
        "containers": {"web": {"image": "web:1", "variables": {"C.D": "cd"}}}
    }


def test_a_number_in_the_path_finds_a_key_that_is_a_number() -> None:
    assert set_property({"a": {1: "x"}}, parse_property("a.1=y")) == {"a": {1: "y"}}


def test_list_entries_are_set_appended_and_deleted() -> None:
    assert metadata(
        "metadata.tags.0=zero",
        "metadata.tags.+1=plus",
        "metadata.tags.-1=three",
        "metadata.tags.02=",
        "metadata.nested.0.b=new",
        "metadata.nested.1.0=null",
    ) == {"name": "shop", "tags": ["zero", "plus"], "nested": [{"a": 1, "b": "new"}, ["y"]], "nil": None}


def failure(*texts: str) -> str:
    with pytest.raises(ScoreError) as error:
        changed(*texts)
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "metadata.tags.2=secret",
            "metadata.tags.2: at metadata.tags: index 2 is out of range: the list has 2 entries, 0 to 1\n"
            "  hint: -1 appends an entry",
        ),
        (
            "metadata.tags.-2=x",
            "metadata.tags.-2: at metadata.tags: index -2 is out of range: the list has 2 entries, 0 to 1\n"
            "  hint: -1 appends an entry",
        ),
        (
            "metadata.tags.-1=",
            "metadata.tags.-1: at metadata.tags: index -1 is out of range: the list has 2 entries, 0 to 1",
        ),
        (
            "metadata.nested.7.a=x",
            "metadata.nested.7.a: at metadata.nested: "
            "index 7 is out of range: the list has 2 entries, 0 to 1",
        ),
        (
            "metadata.nested.-1.a=x",
            "metadata.nested.-1.a: at metadata.nested: "
            "index -1 is out of range: the list has 2 entries, 0 to 1",
        ),
        (
            "metadata.tags.first=x",
            "metadata.tags.first: at metadata.tags: "
            "expected the index of an entry of this list, found 'first'",
        ),
        (
            "metadata.tags.0.x=y",
            "metadata.tags.0.x: at metadata.tags.0: expected a mapping or a list with 'x' in it, found text",
        ),
        (
            "metadata.nil.x=y",
            "metadata.nil.x: at metadata.nil: expected a mapping or a list with 'x' in it, found null",
        ),
        (
            "metadata.nested.0.a.x=",
            "metadata.nested.0.a.x: at metadata.nested.0.a: "
            "expected a mapping or a list with 'x' in it, found a number",
        ),
        (
            r"containers.web.variables.C\.D.x=y",
            r"containers.web.variables.C\.D.x: at containers.web.variables.C\.D: "
            "expected a mapping or a list with 'x' in it, found text",
        ),
    ],
)
def test_a_path_that_leads_nowhere_says_how_far_it_leads(text: str, expected: str) -> None:
    assert failure(text) == f"--override-property {expected}"


def test_list_lengths_read_well() -> None:
    with pytest.raises(ScoreError, match="index 1 is out of range: the list has one entry, 0"):
        set_property({"a": ["x"]}, parse_property("a.1=y"))
    with pytest.raises(ScoreError, match="index 0 is out of range: the list has no entries"):
        set_property({"a": []}, parse_property("a.0=y"))
    with pytest.raises(ScoreError, match="at the top of the Score file: expected a mapping or a list"):
        set_property(True, parse_property("a=y"))


def test_all_properties_that_fail_are_reported_at_once() -> None:
    assert failure("metadata.name.x=1", "metadata.tags.x=1").splitlines() == [
        "2 problems:",
        "  --override-property metadata.name.x: at metadata.name: "
        "expected a mapping or a list with 'x' in it, found text",
        "  --override-property metadata.tags.x: at metadata.tags: "
        "expected the index of an entry of this list, found 'x'",
    ]


# both


def test_properties_come_after_the_overrides_file() -> None:
    assert apply({"a": 1}, {"b": [1], "c": 2}, [*map(parse_property, ["b.-1=2", "c="])]) == {
        "a": 1,
        "b": [1, 2],
    }


def test_an_empty_document_is_an_empty_mapping() -> None:
    assert apply(None, {"a": 1}) == {"a": 1}
    assert apply(None, None, [parse_property("a=1")]) == {"a": 1}
    assert apply(None) is None


def test_a_document_that_is_no_mapping_is_left_to_the_reader() -> None:
    assert apply(["a"], {"a": 1}, [parse_property("a=1")]) == ["a"]


def test_what_was_given_is_not_changed() -> None:
    before = document()
    overrides = {"metadata": {"tags": ["new"]}}
    apply(
        before,
        overrides,
        [*map(parse_property, ["metadata.tags.0=x", "metadata.nested.0.a=2", "containers="])],
    )
    assert before == document()
    assert overrides == {"metadata": {"tags": ["new"]}}
