from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from doit_score.text import canonical

text = st.text(st.characters(exclude_categories=["Cs"]))
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | text
    | st.datetimes()
    | st.dates()
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.dictionaries(text | st.integers(), inner),
    max_leaves=20,
)


@given(values)
def test_decode_of_encode_is_identity(value: object) -> None:
    assert canonical.decode(canonical.encode(value)) == value


@given(st.sampled_from(["\0time", "\0date", "\0map", "\0list", "\0"]), values)
def test_lists_that_look_like_tags_come_back(tag: str, value: object) -> None:
    assert canonical.decode(canonical.encode([tag, value])) == [tag, value]
