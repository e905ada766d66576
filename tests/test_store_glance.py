from __future__ import annotations

import os
from pathlib import Path

import clock
import hypothesis.strategies as st
import pytest
from hypothesis import given

from doit_score.store import files
from doit_score.store.glance import Bucket, Changed, Glance, bucket_of, numbers_of
from doit_score.store.rows import InputRow, OutputRow
from doit_score.store.state import State, open_state

NUMBER = st.integers(-(2**63), 2**63 - 1)
PATH = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


@given(st.dictionaries(PATH, st.tuples(NUMBER, NUMBER, NUMBER, NUMBER)))
def test_unpacking_gives_what_was_packed(inside: dict[str, tuple[int, ...]]) -> None:
    assert Bucket.packed("score", 3, inside).unpacked() == inside


@given(PATH)
def test_a_path_has_one_bucket_for_each_kind(path: str) -> None:
    score, source = InputRow(path, "score", "d", 1, 2, 3, 4), InputRow(path, "source", "e", 5, 6, 7, 8)
    assert bucket_of(score)[0] == "score"
    assert bucket_of(source)[0] == "source"
    assert bucket_of(score)[1] == bucket_of(source)[1]


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("score.yaml").write_text("one")
    Path("compose.yaml").write_text("two")
    Path("folder").mkdir()
    return tmp_path


def rows() -> list[InputRow | OutputRow]:
    """Rows of an input, of one that was looked for in vain, of an output and of a directory."""
    score, compose, folder = (files.signature(path) for path in ("score.yaml", "compose.yaml", "folder"))
    assert score and compose and folder
    return [
        InputRow.of("score.yaml", "score", "d", score),
        InputRow.absent("gone/over.yaml", "overrides"),
        OutputRow.of("compose.yaml", "file", 0o644, "d", compose),
        OutputRow.of("folder", "directory", 0o755, "", folder),
    ]


def glance_at(known: list[InputRow | OutputRow]) -> Glance:
    return Glance(Bucket.packed(*bucket_of(row), {row.path: numbers_of(row)}) for row in known)


def test_nothing_has_changed_where_everything_is_as_recorded(there: Path) -> None:
    known = rows()
    Path("folder/more").touch()
    assert list(glance_at(known).changed()) == []


def test_every_change_is_named_with_the_kind_of_the_file(there: Path) -> None:
    known = rows()
    Path("score.yaml").write_text("three")
    Path("gone").mkdir()
    Path("gone/over.yaml").touch()
    os.chmod("compose.yaml", 0o600)
    os.rmdir("folder")
    assert sorted(glance_at(known).changed()) == [
        Changed("compose.yaml", "file", True),
        Changed("folder", "directory", False),
        Changed("gone/over.yaml", "overrides", True),
        Changed("score.yaml", "score", True),
    ]


def test_a_file_that_is_read_for_two_things_is_an_input_for_both() -> None:
    glance = glance_at(
        [InputRow(path, path, "d", 1, 2, 3, 4) for path in ("score", "score+source", "source")]
    )
    assert glance.inputs("score") == {"score", "score+source"}
    assert glance.inputs("source") == {"source", "score+source"}


def test_what_was_read_too_soon_after_it_was_written_always_counts_as_changed(there: Path) -> None:
    with clock.shifted(-clock.AHEAD):
        _, found = files.read("score.yaml")
    assert found.mtime_ns == -1
    glance = glance_at([InputRow.of("score.yaml", "score", "d", found)])
    assert list(glance.changed()) == [Changed("score.yaml", "score", True)]


def test_amending_some_rows_leaves_what_packing_all_anew_would_leave(there: Path) -> None:
    with open_state(".", create=True) as state:
        many = [InputRow(f"services/{n}/score.yaml", "score", "d", n, n, n, n) for n in range(300)]
        written = [OutputRow(f"mounts/{n}", "file", 0o644, "d", n, n, n, n) for n in range(300)]
        state.put([*many, *written])
        state.renew_glance()
        later: list[InputRow | OutputRow] = [row._replace(ctime_ns=-7) for row in many[10:20]]
        later += [row._replace(ctime_ns=-7) for row in written[5:7]]
        state.put(later)
        state.amend_glance(later)
        amended = packed(state)
        state.renew_glance()
        assert packed(state) == amended
        assert state.glance().inputs("score") == {row.path for row in many}


def packed(state: State) -> list[Bucket]:
    return state.rows(Bucket)
