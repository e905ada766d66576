from __future__ import annotations

import pytest

from doit_score.engine.stages import conflicts
from doit_score.engine.stages.conflicts import Conflict, Party
from doit_score.store.rows import EntryRow, MountRow, ResourceRow
from doit_score.text.errors import ScoreError

A, B, C = "a.default#w.x", "b.default#w.x", "c.default#w.x"
# The order of provisioning: b, a, c.
RESOURCES = {
    uid: ResourceRow(uid, level, "w", "template://x", "template", "", "", "{}", "{}", "{}", "[]")
    for uid, level in ((A, 1), (B, 0), (C, 2))
}


def entry(owner: str, name: str, text: str, section: str = "services") -> EntryRow:
    kind = "resource" if "#" in owner else "workload"
    return EntryRow(section, name, kind, owner, text, "{}")


def mount(owner: str, path: str, what: str = "file", digest: str = "d") -> MountRow:
    kind = "resource" if "#" in owner else "workload"
    return MountRow(path, kind, owner, what, 0o644, digest if what == "file" else "", b"")


def test_of_the_resources_that_write_one_name_the_last_provisioned_one_counts() -> None:
    entries = [entry(A, "db", "a"), entry(B, "db", "b"), entry(C, "db", "a"), entry(A, "db", "v", "volumes")]
    found, noticed = conflicts.winners(entries, RESOURCES)
    assert sorted(found) == sorted([entry(C, "db", "a"), entry(A, "db", "v", "volumes")])
    assert noticed == [Conflict("services", "db", Party("resource", B), Party("resource", A))]


def test_entries_of_workloads_all_count() -> None:
    entries = [entry("w", "db", "1"), entry("v", "db", "2"), entry(A, "db", "3")]
    assert conflicts.winners(entries, RESOURCES) == ([*entries[:2], entries[2]], [])


def test_of_two_files_of_one_name_the_later_one_counts_and_a_workload_s_before_all() -> None:
    mounts = [
        mount("w", "p", digest="w"),
        mount(A, "p", digest="a"),
        mount(B, "p", digest="b"),
        mount(A, "q"),
    ]
    found, noticed = conflicts.winning_mounts(mounts, RESOURCES)
    assert {path: row.owner for path, row in found.items()} == {"p": "w", "q": A}
    assert noticed == [
        Conflict("files", "p", Party("resource", B), Party("resource", A)),
        Conflict("files", "p", Party("resource", A), Party("workload", "w")),
    ]


def test_two_files_with_the_same_content_are_no_conflict() -> None:
    assert conflicts.winning_mounts([mount(A, "p"), mount(B, "p")], RESOURCES)[1] == []


@pytest.mark.parametrize(
    ("mounts", "left"),
    [
        ([mount(B, "d/x"), mount(A, "d", "no directory")], {"d": "no directory"}),
        ([mount(B, "d", "no directory"), mount(A, "d/x")], {"d/x": "file"}),
        ([mount(B, "d/x"), mount(A, "d", "no directory"), mount(C, "d/y")], {"d/y": "file"}),
        ([mount(B, "d"), mount(A, "d", "no file")], {"d": "no file"}),
        ([mount(B, "d", "no file"), mount(A, "d")], {"d": "file"}),
        ([mount(B, "d", "no file"), mount(A, "d/x")], {"d/x": "file"}),
        ([mount(B, "d", "directory"), mount(A, "d", "no directory")], {"d": "no directory"}),
        ([mount(B, "d", "no directory"), mount(A, "d", "directory")], {"d": "directory"}),
        ([mount(A, "d/x"), mount(A, "d", "no directory")], {"d/x": "file"}),
        (
            [mount(B, "d/e", "directory"), mount(A, "d", "no directory"), mount(C, "dd/x")],
            {"d": "no directory", "dd/x": "file"},
        ),
    ],
)
def test_deletions_count_in_the_order_of_provisioning(mounts: list[MountRow], left: dict[str, str]) -> None:
    found, noticed = conflicts.winning_mounts(mounts, RESOURCES)
    assert ({path: row.what for path, row in found.items()}, noticed) == (left, [])


@pytest.mark.parametrize(
    "mounts",
    [
        [mount(A, "p"), mount(B, "p", "directory")],
        [mount(A, "p"), mount(B, "p/q")],
        [mount(A, "p"), mount(B, "p/q/r", "directory")],
    ],
)
def test_a_file_and_a_directory_at_one_path_are_an_error(mounts: list[MountRow]) -> None:
    with pytest.raises(ScoreError) as error:
        conflicts.winning_mounts(mounts, RESOURCES)
    assert str(error.value) == (
        f"below the mounts directory 'p' is to be a file for resource '{A}', and a directory for resource "
        f"'{B}'\n  hint: let one of them use another name"
    )
