"""What is within a value."""

from __future__ import annotations

from doit_score.text.nested import texts_in


def test_every_text_has_its_path() -> None:
    value = {"b": ["one", {"c": "two"}, 3, None], "a": ("three",), "d": {}}
    assert list(texts_in(value)) == [(".b.0", "one"), (".b.1.c", "two"), (".a.0", "three")]
    assert list(texts_in("alone")) == [("", "alone")]
