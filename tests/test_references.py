"""Texts that stand for a key of a Secret or a ConfigMap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doit_score.score.references import Reference, split, unresolved

PIN = Reference("Secret", "till", "pin")
REGION = Reference("ConfigMap", "environment", "AWS_REGION")
MARK = "\N{CLOSED LOCK WITH KEY}\N{SPEECH BALLOON}"


def test_a_reference_is_written_as_score_k8s_writes_it() -> None:
    assert PIN.text() == f"{MARK}till_pin{MARK[::-1]}"
    assert split(PIN.text()) == [PIN]


def test_a_key_may_have_an_underscore_and_a_name_has_none() -> None:
    assert split(REGION.text()) == [REGION]


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (
            Reference("Secret", "strong_box", "key"),
            "no Secret can be called 'strong_box': use a-z, 0-9, '-' and '.'",
        ),
        (Reference("ConfigMap", "", "key"), "no ConfigMap can be called '': use a-z, 0-9, '-' and '.'"),
        (Reference("Secret", "a\n", "key"), "no Secret can be called 'a\\n': use a-z, 0-9, '-' and '.'"),
        (
            Reference("Secret", "box", "a b"),
            "no key of a Secret can be called 'a b': use letters, digits, '-', '_' and '.'",
        ),
        (
            Reference("Secret", "box", ""),
            "no key of a Secret can be called '': use letters, digits, '-', '_' and '.'",
        ),
    ],
)
def test_what_no_object_or_key_can_be_called(reference: Reference, said: str) -> None:
    """Facts, D31."""
    with pytest.raises(ValueError, match="can be called") as error:
        reference.text()
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("key", "variable"),
    [("key", "__ref_UzFzMJMV6oii0gZ6FNURMg"), ("pin.txt", "__ref_ULPKSRZIWow0Y1qXMLKwIA")],
)
def test_the_variable_of_a_reference_is_the_one_of_score_k8s(key: str, variable: str) -> None:
    """As in case k8s-placeholders-31."""
    assert Reference("Secret", "till-secret", key).variable() == variable


def test_what_it_becomes() -> None:
    assert PIN.source() == {"secretKeyRef": {"name": "till", "key": "pin"}}
    assert REGION.source() == {"configMapKeyRef": {"name": "environment", "key": "AWS_REGION"}}
    assert PIN.volume("pin", 0o400) == {
        "secret": {"secretName": "till", "items": [{"key": "pin", "path": "pin", "mode": 0o400}]}
    }
    assert REGION.volume("r", None) == {
        "configMap": {"name": "environment", "items": [{"key": "AWS_REGION", "path": "r"}]}
    }


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("plain", ["plain"]),
        (f"a{PIN.text()}b{REGION.text()}", ["a", PIN, "b", REGION]),
        (f"{PIN.text()}{PIN.text()}", [PIN, PIN]),
        (f"{MARK}till_pin", [f"{MARK}till_pin"]),
        (f"{MARK}nokey{MARK[::-1]}", [f"{MARK}nokey{MARK[::-1]}"]),
        (f"{MARK}till_pin\N{SPEECH BALLOON}\N{SCROLL}", [f"{MARK}till_pin\N{SPEECH BALLOON}\N{SCROLL}"]),
        ("\N{SPEECH BALLOON}", ["\N{SPEECH BALLOON}"]),
    ],
)
def test_a_text_and_its_parts(text: str, parts: list[str | Reference]) -> None:
    assert split(text) == parts


@given(st.lists(st.one_of(st.text(max_size=6), st.sampled_from([PIN, REGION])), max_size=8))
def test_the_parts_of_a_text_are_that_text(parts: list[str | Reference]) -> None:
    text = "".join(part.text() if isinstance(part, Reference) else part for part in parts)
    found = split(text)
    assert "".join(part.text() if isinstance(part, Reference) else part for part in found) == text
    assert [part for part in found if part in (PIN, REGION)].count(PIN) >= parts.count(PIN)


def test_what_is_left_is_found_with_its_path() -> None:
    value = {"spec": {"containers": [{"args": ["a", f"x{PIN.text()}"]}], "n": 5}, "note": REGION.text()}
    assert list(unresolved(value)) == [(".spec.containers.0.args.1", PIN), (".note", REGION)]
