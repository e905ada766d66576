"""What score-compose stores of a workload, and what that says beyond the Score file."""

from __future__ import annotations

from typing import Any

import pytest
from recorded import case, stored

from doit_score.moving import specs
from doit_score.moving.specs import Said
from doit_score.text import yaml12


def document(**container: Any) -> dict[str, Any]:
    return {"metadata": {"name": "web"}, "containers": {"main": {"image": "x", **container}}}


@pytest.mark.parametrize(
    "name", ["containers-02", "containers-03", "spec-02", "spec-66", "spec-112", "spec-206"]
)
def test_a_document_is_stored_as_score_compose_stores_it(name: str) -> None:
    source = yaml12.load(case(name)["input"]["score.yaml"]["text"])
    assert isinstance(source, dict)
    (workload,) = stored(case(name)["expected"]["state.yaml"]["text"])["workloads"].values()
    expected = workload["spec"]
    if name == "containers-02":  # score-compose loses a leading line break when it writes
        command = expected["containers"]["wick"]["command"]
        command[command.index("$X")] = "\n$X"
    assert specs.stored(source) == expected


def test_what_is_empty_is_not_stored_where_score_compose_leaves_it_out() -> None:
    empty: dict[str, Any] = {
        "metadata": {"name": "web", "annotations": {}, "note": None},
        "containers": {
            "main": {"image": "x", "args": [], "files": {}, "resources": {}, "livenessProbe": None}
        },
        "service": {"ports": {}},
        "resources": {"db": {"type": "t", "params": {}, "metadata": {}}},
    }
    assert specs.stored(empty) == {
        "metadata": {"name": "web", "annotations": {}, "note": None},
        "containers": {"main": {"image": "x", "resources": {}}},
        "service": {},
        "resources": {"db": {"type": "t"}},
    }
    assert specs.stored({"resources": {}, "service": None}) == {}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("$A", "$$A"),
        ("ab${A}", "ab$${A}"),
        ("a$A", "a$A"),
        (" a$A", " a$A"),
        ("$A$B", "$$A$$B"),
        ("$$A", "$$A"),
        ("ab$$A", "ab$$A"),
        ("é $A", "é $A"),
        ("ab\n$A", "ab\n$$A"),
        ("$(date)", "$(date)"),
        ("ab$", "ab$"),
    ],
)
def test_dollars_are_doubled_as_score_compose_does(word: str, expected: str) -> None:
    assert specs.doubled(word) == expected


def test_a_document_says_everything_that_was_stored_of_it() -> None:
    source = document(command=["$A", "x$y"], args=[], variables={"A": "\n\nlead"}, before={})
    source["resources"] = {"db": {"type": "t", "params": {"n": 3.0}}}
    then = document(command=["$$A", "x$y"], variables={"A": "lead"})
    then["resources"] = {"db": {"type": "t", "params": {"n": 3}}}
    assert specs.said(source, then) == Said()


def test_changes_are_the_least_that_have_to_be_merged_over_the_file() -> None:
    source = document(variables={"A": "a", "B": "b"}, args=["one", "two"])
    then = document(variables={"A": "z", "C": "c"}, args=["one"])
    then["service"] = {"ports": {"web": {"port": 80}}}
    assert specs.said(source, then) == Said(
        overrides={
            "containers": {"main": {"variables": {"A": "z", "B": None, "C": "c"}, "args": ["one"]}},
            "service": {"ports": {"web": {"port": 80}}},
        }
    )


def test_a_changed_command_has_the_words_of_the_file_where_it_has_them() -> None:
    source = document(command=["$$A", "b"])
    then = document(command=["$$A", "new$$B", "b$"])
    assert specs.said(source, then).overrides == {
        "containers": {"main": {"command": ["$$A", "new$B", "b$"]}},
    }


def test_the_list_form_of_files_is_replaced_as_a_whole() -> None:
    source = document(files=[{"target": "/a", "content": "x"}, {"target": "/b", "content": "y"}])
    same = document(files={"/a": {"content": "x"}, "/b": {"content": "y"}})
    assert specs.said(source, same) == Said()
    other = document(files={"/a": {"content": "x"}, "/b": {"content": "z"}})
    assert specs.said(source, other).overrides == {
        "containers": {"main": {"files": {"/a": {"content": "x"}, "/b": {"content": "z"}}}}
    }


def test_one_image_for_all_that_have_none_is_the_image_of_the_flag() -> None:
    source = document(image=".")
    source["containers"]["other"] = {"image": "."}
    then = document(image="own:1")
    then["containers"]["other"] = {"image": "own:1"}
    assert specs.said(source, then) == Said(image="own:1")
    then["containers"]["other"]["image"] = "own:2"
    assert specs.said(source, then) == Said(
        overrides={"containers": {"main": {"image": "own:1"}, "other": {"image": "own:2"}}}
    )


def test_there_was_no_flag_for_images_if_a_container_has_none() -> None:
    then = document(image="own:1")
    then["containers"]["other"] = {"image": "."}
    assert specs.said(document(image="."), then) == Said(
        overrides={"containers": {"main": {"image": "own:1"}, "other": {"image": "."}}}
    )


def test_a_container_that_is_still_to_be_built_has_no_image() -> None:
    assert specs.said(document(image="."), document(image=".")) == Said()


def test_a_file_that_holds_no_mapping_says_nothing() -> None:
    assert specs.said(None, {"metadata": {"name": "web"}}).overrides == {"metadata": {"name": "web"}}


def test_leaves_are_the_keys_of_everything_that_changes() -> None:
    overrides = {"b": {"c": None, "a": {}}, "a": [1], 1: "x"}
    assert list(specs.leaves(overrides)) == [("1",), ("a",), ("b", "a"), ("b", "c")]  # type: ignore[arg-type]  # a file may have such keys
