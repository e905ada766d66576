from __future__ import annotations

import pytest

from doit_score.engine.stages import conflicts
from doit_score.engine.stages.conflicts import Conflict, Party
from doit_score.store.rows import EntryRow, MountRow, ResourceRow, WorkloadRow
from doit_score.text import canonical
from doit_score.text.errors import ScoreError

A, B, C = "a.default#w.x", "b.default#w.x", "c.default#w.x"
# The order of provisioning: b, a, c.
RESOURCES = {
    uid: ResourceRow(uid, level, "w", "template://x", "", "", "{}", "{}", "{}")
    for uid, level in ((A, 1), (B, 0), (C, 2))
}
NO_LINKS = canonical.encode([[], [], [], [], [], [], ""])


def entry(owner: str, name: str, text: str = "", section: str = "services", condition: str = "") -> EntryRow:
    kind = "resource" if "#" in owner else "workload"
    links = canonical.encode([[], [], [], [], [], [], condition])
    return EntryRow(section, name, kind, owner, text or f"  {name}: {{}}\n", links)


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


def test_without_services_of_resources_there_is_nothing_to_wait_for() -> None:
    assert conflicts.wait_entry([entry("w", "w-main"), entry(A, "v", section="volumes")]) == (None, None)


def test_the_wait_service_waits_for_the_services_of_resources() -> None:
    entries = [
        entry(A, "db", condition="service_healthy"),
        entry(B, "wait-for-resources", condition="service_started"),
    ]
    name, made = conflicts.wait_entry(entries)
    assert name == "wait-for-resources-2"
    assert made is not None
    assert (made.kind, made.owner) == ("tool", name)
    assert conflicts.value_of(made)["depends_on"] == {
        "db": {"condition": "service_healthy", "required": True},
        "wait-for-resources": {"condition": "service_started", "required": True},
    }


def test_links_are_kept_so_that_checking_parses_nothing() -> None:
    service = {
        "depends_on": {"db": {"condition": "service_started", "required": True}},
        "volumes": [{"type": "volume", "source": "data", "target": "/d"}],
        "healthcheck": {"test": ["CMD", "x"]},
    }
    links = conflicts.stored_links("services", service)
    made = EntryRow("services", "web", "resource", A, "no YAML: [", links)
    errors, warnings = conflicts.check([made, made._replace(owner=B)])
    assert [problem.message for problem in errors] == [
        f"duplicate service name 'web': from resource '{A}' and from resource '{B}'"
    ]
    assert len(warnings) == 2
    assert conflicts.stored_links("volumes", {"driver": "local"}) == NO_LINKS


def test_ports_are_published_on_the_services_that_are_named() -> None:
    entries = [
        EntryRow("services", "w-main", "workload", "w", "  w-main:\n    image: x\n", NO_LINKS),
        EntryRow("services", "db", "resource", A, "  db:\n    image: y\n", NO_LINKS),
        EntryRow("volumes", "db", "resource", A, "  db: {}\n", NO_LINKS),
    ]
    workloads = {"w": WorkloadRow("w", "f", "d", "{}", "", "{}", "w-main", "", "r")}
    resources = {A: RESOURCES[A]._replace(outputs='{"host":"db"}')}
    made = conflicts.publish_ports(entries, ["8080:w:80", f"5432:{A}.host:5432"], workloads, resources)
    assert [conflicts.value_of(row).get("ports") for row in made[:2]] == [
        [{"target": 80, "published": "8080"}],
        [{"target": 5432, "published": "5432"}],
    ]
    assert made[2] is entries[2]
    assert conflicts.publish_ports(entries, [], workloads, resources) is entries


def test_every_port_that_cannot_be_published_is_told() -> None:
    with pytest.raises(ScoreError) as error:
        conflicts.publish_ports([], ["1:a:1", "2:b:2"], {}, {})
    assert len(error.value.problems) == 2
