from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from doit_score import canonical

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
) | st.datetimes()
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | st.integers(), inner),
    max_leaves=20,
)


@given(values)
def test_decode_of_encode_is_identity(value: object) -> None:
    assert canonical.decode(canonical.encode(value)) == value
