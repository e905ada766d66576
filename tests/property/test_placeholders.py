"""Laws of placeholders."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from doit_score.score.placeholders import (
    Context,
    MapOutputs,
    check,
    references,
    render,
    substitute,
    substitute_value,
)

# Made of what placeholders are made of, so that they come up.
_texts = st.lists(
    st.sampled_from([*"${}.\\a \né", "${", "$$", "metadata", "resources", "a-b_1"]),
    max_size=12,
).map("".join)
_plain = _texts.map(lambda text: text.replace("$", ""))
_closed = _texts.map(lambda text: text.replace("{", "("))
_names = st.text("abcxyz019_-", min_size=1, max_size=6)
_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(-1e15, 1e15), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=8,
)
_NOTHING = Context({}, {})


def escape(text: str) -> str:
    """Text that is substituted to ``text``: one more dollar makes all of ${...} literal."""
    return re.sub(r"\$(?:\{[^}]*\})?", lambda match: "$" + match[0] if len(match[0]) > 1 else "$$", text)


@given(_plain)
def test_text_without_dollars_is_unchanged(text: str) -> None:
    assert substitute(text, _NOTHING) == text
    assert substitute(text, _NOTHING, deferred=True, escape_dollar=True) == text
    assert references(text) == ()


@given(_texts)
def test_escaped_text_is_substituted_to_itself(text: str) -> None:
    assert substitute(escape(text), _NOTHING) == text
    assert check(escape(text), ()) == ()


@given(_texts)
def test_escaped_text_for_compose_is_what_compose_reads_as_the_text(text: str) -> None:
    assert substitute(escape(text), _NOTHING, escape_dollar=True).replace("$$", "$") == text


@given(_closed, _names, _texts, _texts)
def test_a_value_is_put_between_its_neighbours(before: str, name: str, value: str, after: str) -> None:
    text = f"{escape(before)}${{metadata.{name}}}{escape(after)}"
    context = Context({name: value}, {})
    assert substitute(text, context) == before + value + after
    assert substitute(text, context, escape_dollar=True) == (before + value + after).replace("$", "$$")
    assert references(text) == (("metadata", name),)


@given(st.dictionaries(_names, _texts, min_size=1, max_size=5), st.randoms())
def test_the_order_of_keys_does_not_matter(values: dict[str, str], random: Any) -> None:
    names = list(values)
    random.shuffle(names)
    shuffled = {name: values[name] for name in names}
    text = "|".join(
        f"${{metadata.{name}}}${{resources.all.{name}}}${{resources.all.map}}" for name in sorted(values)
    )

    def result(metadata: dict[str, str]) -> str:
        return substitute(text, Context(metadata, {"all": MapOutputs({**metadata, "map": metadata})}))

    assert result(shuffled) == result(values)


@given(_json)
def test_what_is_written_is_json_of_the_value(value: object) -> None:
    if not isinstance(value, str):
        assert json.loads(render(value)) == value


@given(_json)
def test_values_without_dollars_are_unchanged(value: object) -> None:
    if "$" not in json.dumps(value):
        assert substitute_value(value, _NOTHING) == value
