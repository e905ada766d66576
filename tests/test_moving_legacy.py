"""The state file of score-compose, read and written."""

from __future__ import annotations

import re

import pytest
from recorded import state_of, stored

from doit_score.moving import legacy
from doit_score.moving.legacy import Legacy, LegacyResource, LegacyWorkload
from doit_score.text.errors import ScoreError

REPAIR = (
    "  hint: correct it, or put a copy of it back; or move it away and begin anew, "
    "with new generated names and passwords"
)
TITLE = "failed to load the existing state of score-compose, so nothing was changed:"
NEWER = "  hint: if a newer score-compose wrote it, upgrade doit-score; else remove it"


def test_every_field_is_read() -> None:
    assert legacy.parse(state_of("provisioners-240").encode()) == Legacy(
        workloads={
            "lantern": LegacyWorkload(
                spec={
                    "apiVersion": "score.dev/v1b1",
                    "metadata": {"name": "lantern"},
                    "containers": {
                        "wick": {
                            "image": "registry.example/wick:1",
                            "variables": {"H": "${resources.store.host}", "S": "${resources.store.secret}"},
                        }
                    },
                    "resources": {"store": {"type": "tallow"}},
                },
                file="score.yaml",
                builds={},
            )
        },
        resources={
            "tallow.default#lantern.store": LegacyResource(
                guid="11111111-2222-4333-8444-555555555555",
                type="tallow",
                class_="default",
                id="lantern.store",
                metadata={},
                params={},
                source_workload="lantern",
                provisioner="template://corpus/tallow",
                state={"id": "99999999-8888-4777-8666-555555555555", "name": "vat-chosen"},
                outputs={"host": "vat-chosen", "secret": "01234"},
            )
        },
        shared_state={"corpus-vat": {"secret": "01234"}},
        compose_project="demo",
        mounts_directory=".score-compose/mounts",
        patching_templates=(),
    )


@pytest.mark.parametrize(
    "name",
    [
        "commands-01",
        "commands-91",
        "containers-39",
        "containers-45",
        "provisioners-240",
        "resources-15",
        "spec-02",
        "spec-156",
    ],
)
def test_what_is_read_is_written_again_in_the_same_order(name: str) -> None:
    written = legacy.text(legacy.parse(state_of(name).encode()))
    assert stored(written) == stored(state_of(name))
    assert keys(written) == keys(state_of(name))


def keys(text: str) -> list[str]:
    """The keys of a state file down to the fields of workloads and resources, as they stand in it."""
    return [line.split(":")[0] for line in text.splitlines() if re.match(r" {0,4}[^ ].*:( |$)", line)]


def test_null_counts_as_empty() -> None:
    text = b"workloads: null\nresources:\nshared_state: null\ncompose_project: x\nmounts_directory: m\n"
    assert legacy.parse(text) == Legacy({}, {}, {}, "x", "m", ())


def test_a_whole_number_counts_as_text() -> None:
    assert legacy.parse(b"compose_project: 12\nmounts_directory: m\n").compose_project == "12"


def test_what_is_missing_of_a_resource_is_empty() -> None:
    found = legacy.parse(b"resources: {a.b#c: {guid: x}}\nmounts_directory: m\n").resources["a.b#c"]
    assert found == LegacyResource("x", "", "", "", {}, {}, "", "", {}, {})


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", [".score-compose/state.yaml: expected a mapping, found null", REPAIR]),
        ("- a\n", [".score-compose/state.yaml:1:1: expected a mapping, found a list", REPAIR]),
        (
            "{}\n",
            [
                ".score-compose/state.yaml:1:1: /mounts_directory: expected the path of the mounts "
                "directory, found nothing",
                REPAIR,
            ],
        ),
        (
            "workloads: {}\nresources: {a.b#c: {guid: x, flavour: y}}\nmounts_directory: m\n",
            [
                ".score-compose/state.yaml:2:30: /resources/a.b#c/flavour: unknown key, expected one of "
                "guid, type, class, id, metadata, params, source_workload, provisioner, state, outputs",
                NEWER,
            ],
        ),
        (
            "version: 2\nmounts_directory: m\n",
            [
                ".score-compose/state.yaml:1:1: /version: unknown key, expected one of workloads, resources, "
                "shared_state, compose_project, mounts_directory, patching_templates",
                NEWER,
            ],
        ),
        (
            "workloads:\n  web: {file: 1.5}\nmounts_directory: m\npatching_templates: [true]\n",
            [
                ".score-compose/state.yaml:2:8: /workloads/web/spec: expected a mapping, found null",
                REPAIR,
                ".score-compose/state.yaml:2:15: /workloads/web/file: expected text, found a number",
                REPAIR,
                ".score-compose/state.yaml:4:22: /patching_templates/0: expected text, found a boolean",
                REPAIR,
            ],
        ),
        (
            "resources:\n  a.b#c:\n    state: s3cr3t\n    outputs: [s3cr3t]\nmounts_directory: m\n",
            [
                ".score-compose/state.yaml:3:12: /resources/a.b#c/state: expected a mapping, found text",
                REPAIR,
                ".score-compose/state.yaml:4:14: /resources/a.b#c/outputs: expected a mapping, found a list",
                REPAIR,
            ],
        ),
        (
            "shared_state:\n  a: 1\n  a: s3cr3t\n",
            [
                ".score-compose/state.yaml:3:3: the key 'a' is given twice in one mapping, first in line 2",
                REPAIR,
            ],
        ),
        (
            "workloads:\n\tweb: {}\n",
            [
                ".score-compose/state.yaml:2:1: not YAML: found a tab where spaces or text are expected",
                REPAIR,
            ],
        ),
    ],
)
def test_everything_that_is_wrong_is_named_with_its_place_and_without_values(
    text: str, problems: list[str]
) -> None:
    with pytest.raises(ScoreError) as error:
        legacy.parse(text.encode())
    assert str(error.value) == "\n".join([TITLE, *("  " + line for line in problems)])


BUILD = {
    "context": "./src",
    "shm_size": "67108864",
    "ulimits": {"nofile": {"soft": 1, "hard": 2}, "nproc": 5},
    "extra_hosts": ["h=1.2.3.4", "h=::1", "i=5.6.7.8"],
}


def test_builds_are_stored_as_score_compose_can_read_them_back() -> None:
    assert legacy.storable_build(BUILD) == {
        "context": "./src",
        "shm_size": 67108864,
        "ulimits": {"nofile": {"soft": 1, "hard": 2}, "nproc": {"single": 5}},
        "extra_hosts": {"h": ["1.2.3.4", "::1"], "i": ["5.6.7.8"]},
    }


def test_builds_are_read_as_they_are_stored_by_us_and_by_score_compose() -> None:
    assert legacy.readable_build(legacy.storable_build(BUILD)) == BUILD
    assert legacy.readable_build(BUILD) == BUILD
