"""KYAML, which is YAML in braces."""

from __future__ import annotations

import yaml
from hypothesis import given
from hypothesis import strategies as st

from doit_score.targets.kubernetes.kyaml import dump_kyaml
from doit_score.text.yaml12 import load

VALUE = {
    "kind": "Service",
    "metadata": {"name": "web", "annotations": {"no": "yes", "a b": "", "k8s.score.dev/x": "line\nline"}},
    "spec": {"ports": [{"port": 80}, {"port": 443}], "words": ["a", "1"], "none": [], "nothing": {}},
    "numbers": [1, 1.5, True, None],
}
TEXT = """\
{
  kind: "Service",
  metadata: {
    annotations: {
      "a b": "",
      k8s.score.dev/x: "line\\nline",
      "no": "yes",
    },
    name: "web",
  },
  numbers: [
    1,
    1.5,
    true,
    null,
  ],
  spec: {
    none: [],
    nothing: {},
    ports: [{
      port: 80,
    }, {
      port: 443,
    }],
    words: [
      "a",
      "1",
    ],
  },
}
"""
TEXTS = st.characters(exclude_categories=["Cs"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(TEXTS, max_size=20)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(TEXTS, max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def test_an_object() -> None:
    assert dump_kyaml(VALUE) == TEXT


@given(VALUES)
def test_what_is_written_can_be_read(value: object) -> None:
    assert load(dump_kyaml(value)) == value


def test_readers_of_yaml_1_1_read_the_same() -> None:
    """To which `no` is false, and to many of which 1e+06 is text: facts, D17."""
    value = {**VALUE, "big": 1e6, "on": "off", "null": "~", "y": "1_000", "sexagesimal": "1:30"}
    assert yaml.safe_load(dump_kyaml(value)) == value
