from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from doit_score.engine.reads import WHOLE, Decoding, Digests, Recording
from doit_score.provisioning.scratch import Scratch

VALUES = {"a": 1, "b": {"x": 2}}


def looked_at(look: Callable[[Recording], object]) -> tuple[set[str], bool]:
    """The keys that ``look`` looks at, and whether it looks at all."""
    recording = Recording(VALUES)
    look(recording)
    return recording.keys_read, recording.whole


@pytest.mark.parametrize(
    ("look", "keys"),
    [
        (lambda r: r["a"], {"a"}),
        (lambda r: r.get("a"), {"a"}),
        (lambda r: r.get("none"), {"none"}),
        (lambda r: "none" in r, {"none"}),
        (lambda r: ("a" in r, r["b"]), {"a", "b"}),
        # Keys are text: whatever else is looked for is not there, and never will be.
        (lambda r: (1 in r, r.get(None), ("a",) in r), set()),
    ],
)
def test_a_key_that_is_looked_at_is_noted(look: Callable[[Recording], object], keys: set[str]) -> None:
    assert looked_at(look) == (keys, False)


@pytest.mark.parametrize(
    "look",
    [
        list,
        len,
        bool,
        repr,
        dict,
        sorted,
        lambda r: list(reversed(r)),
        lambda r: r.keys(),
        lambda r: r.values(),
        lambda r: r.items(),
        lambda r: r.copy(),
        lambda r: {**r},
        lambda r: r == {},
        lambda r: r != {},
        lambda r: r == {},
        json.dumps,
        lambda r: dict(Scratch(r)),
    ],
)
def test_a_look_at_everything_is_noted(look: Callable[[Recording], object]) -> None:
    assert looked_at(look)[1]


def test_a_missing_key_is_an_error_and_noted() -> None:
    recording = Recording({})
    with pytest.raises(KeyError):
        recording["none"]
    assert recording.keys_read == {"none"}


def test_a_copy_records_nothing() -> None:
    recording = Recording(VALUES)
    copy = recording.copy()
    recording.forget()
    assert (copy["a"], type(copy), recording.keys_read) == (1, dict, set())


def test_a_note_has_the_digest_of_each_key_and_of_all() -> None:
    recording = Recording(VALUES)
    digests = Digests(recording)
    recording.get("b")
    recording.get("none")
    assert recording.note(digests) == {"b": digests.of("b"), "none": digests.of("none")}
    len(recording)
    assert recording.note(digests)[WHOLE] == digests.whole()
    recording.forget()
    assert recording.note(digests) == {}


def test_noting_is_no_look() -> None:
    recording = Recording(VALUES)
    digests = Digests(recording)
    assert digests.agree({"a": digests.of("a"), WHOLE: digests.whole()})
    assert (recording.keys_read, recording.whole) == (set(), False)


def test_digests_tell_absent_null_and_types_apart() -> None:
    digests = Digests({"null": None, "empty": "", "int": 1, "float": 1.0, "true": True, "text": "1"})
    names = ["none", "null", "empty", "int", "float", "true", "text"]
    assert len({digests.of(name) for name in names}) == len(names)


def test_digests_are_made_once_and_again_when_told() -> None:
    values: dict[str, object] = {"a": 1, "b": 2}
    digests = Digests(values)
    of_a, of_b, whole = digests.of("a"), digests.of("b"), digests.whole()
    values["a"] = 3
    assert (digests.of("a"), digests.whole()) == (of_a, whole)
    digests.forget(["a"])
    assert digests.of("a") != of_a
    assert digests.whole() != whole
    assert digests.of("b") == of_b
    assert not digests.agree({"b": of_b, "a": of_a})


def test_keys_and_values_cannot_be_mistaken_for_each_other() -> None:
    assert Digests({"a": "b"}).whole() != Digests({"b": "a"}).whole()


def test_texts_are_decoded_when_they_are_asked_for() -> None:
    told = Decoding({"web": '{"Ports":{}}', "bad": "no canonical text"})
    assert (told["web"], told.get("web"), told.get("none", 1)) == ({"Ports": {}}, {"Ports": {}}, 1)
    assert told.keys_read == {"web", "none"}


def test_all_texts_are_decoded_in_values_and_items() -> None:
    told = Decoding({"a": "1", "b": "[2]"})
    assert (dict(told), list(told.values()), list(told.items())) == (
        {"a": 1, "b": [2]},
        [1, [2]],
        [("a", 1), ("b", [2])],
    )
    assert told.whole
