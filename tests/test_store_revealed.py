"""What has become a secret after it was stored is found and taken out."""

from __future__ import annotations

from pathlib import Path

import pytest
from engineering import Project, score

from doit_score.store.revealed import holders, take_out
from doit_score.store.rows import EntryRow, KeptRow, MountRow, OriginRow, ResourceRow, WarningRow
from doit_score.store.state import open_state
from doit_score.text import canonical
from doit_score.text.secrets import spellings

VALUE = 'it\'s$worth-"something"'


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    project = Project(project="p", secrets="env")
    project.write("score.yaml", score())
    project.run()


def entry(owner: str, text: str) -> EntryRow:
    return EntryRow("services", owner, "workload", owner, text, "{}")


@pytest.mark.parametrize("others", [0, 100])
def test_who_has_a_value_in_any_spelling_is_found(others: int) -> None:
    with open_state("state") as state:
        with state.transaction():
            state.put(
                [
                    entry("plain", f"  a: {VALUE}\n"),
                    entry("quoted", "  a: 'it''s$$worth-\"something\"'\n"),
                    entry("doubled", '  a: "it\'s$$worth-\\"something\\""\n'),
                    entry("encoded", "  a: aXQncyR3b3J0aC0ic29tZXRoaW5nIg==\n"),
                    entry("other", "  a: it's\n"),
                    WarningRow("notice", "told", canonical.encode([{"message": VALUE}])),
                ]
            )
        found = holders(state, {VALUE, *(f"other-value-{number}" for number in range(others))})
        assert found == {
            ("workload", "plain"),
            ("workload", "quoted"),
            ("workload", "doubled"),
            ("workload", "encoded"),
            ("notice", "told"),
        }
        assert holders(state, ()) == set()


def test_it_is_taken_out_of_all_that_has_it_and_so_is_a_text_with_it_in_another_spelling() -> None:
    text = canonical.encode({"a": VALUE})
    basic = "dXNlcjppdCdzJHdvcnRoLSJzb21ldGhpbmci"
    kept = KeptRow("u", "guid", "uri", text)
    outputs, logs = canonical.encode({"basic": basic}), canonical.encode([basic, VALUE])
    resource = ResourceRow("u", 0, "w", "uri", "template", "e", "d", "{}", text, outputs, logs)
    origin = OriginRow("resource", "u", text, "", "[]")
    mount = MountRow("f", "resource", "u", "file", 0o644, "digest", VALUE.encode())
    spelled = [one.encode() for one in (*spellings(VALUE), basic)]
    with open_state("state") as state:
        assert state.vault is not None
        with state.transaction():
            state.put([kept, resource, origin, mount])
        with state.transaction():
            state.vault.learn("u", [(("a",), VALUE)])
            take_out(state, state.vault.learned)
            assert state.vault.learned == {VALUE, basic}
        assert state.rows(KeptRow) == [kept]
        assert state.rows(ResourceRow) == [resource]
        assert state.rows(OriginRow, "resource", "u") == [origin]
        assert state.content("f", "resource", "u") == VALUE.encode()
        assert state.vault.names == ("SECRET_U_A", "SECRET_U_BASIC")
        assert state.vault.learned == frozenset()
    for path in ("state/state.db", "state/backup.db"):
        assert [one for one in spelled if one in Path(path).read_bytes()] == []
