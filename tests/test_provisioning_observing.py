"""What somebody who looks on is told of a run of an entry."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from test_provisioning_run import PATH, SERVICES, entry, given

from doit_score.provisioning import command
from doit_score.provisioning.environment import builtin_entry
from doit_score.provisioning.model import Entry, ProvisionInput
from doit_score.provisioning.observing import Command
from doit_score.provisioning.run import provision
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import replace


class Watcher:
    """Takes down what it is told; the data only of the fields that are named."""

    def __init__(self, *fields: str) -> None:
        self.told: list[tuple[object, ...]] = []
        self._fields = fields

    def sees(self, field: str, data: Mapping[str, object]) -> None:
        if field in self._fields:
            self.told.append(("sees", field, data))

    def printed(self, field: str, text: str) -> None:
        self.told.append(("printed", field, text))

    def ran(self, command: Command) -> None:
        self.told.append(("ran", command))

    def returned(self, field: str, value: object) -> None:
        self.told.append(("returned", field, value))

    def problem(self, field: str, problem: Problem, *, printed: int | None, is_error: bool) -> None:
        where = f"{problem.line}:{problem.column}"
        self.told.append(("error" if is_error else "warning", field, where, printed))


def watched(made: Entry, asked: ProvisionInput, *fields: str) -> list[tuple[object, ...]]:
    watcher = Watcher(*fields)
    try:
        provision(made, asked, observer=watcher)
    except ScoreError:
        watcher.told.append(("failed",))
    return watcher.told


FIELDS = """
init: |
  base: {{ .Id }}
state: |
  {{- $_ := set .State "old" "changed" }}
  name: {{ .Init.base }}-x
shared: |
  broker: {{ .State.name }}
outputs: |
  port: {{ (index (index .WorkloadServices "lantern").Ports "web").Port }}
services: |
  {{ .Shared.broker }}:
    image: nginx
"""


def test_each_field_in_the_order_of_evaluation() -> None:
    asked = given(params={"size": 3}, state={"old": "1"}, shared={"seen": {"a": 1}})
    common = {
        "Uid": "tallow.default#lantern.store",
        "Type": "tallow",
        "Class": "default",
        "Id": "lantern.store",
        "Params": {"size": 3},
        "Metadata": None,
        "SourceWorkload": "lantern",
        "WorkloadServices": SERVICES,
        "ComposeProjectName": "demo",
        "MountsDirectory": "state/mounts",
    }
    shared = {"seen": {"a": 1}, "broker": "lantern.store-x"}
    assert watched(entry(FIELDS), asked, "init", "services") == [
        ("sees", "init", {**common, "Init": None, "State": {"old": "1"}, "Shared": {"seen": {"a": 1}}}),
        ("printed", "init", "base: lantern.store"),
        ("returned", "init", {"base": "lantern.store"}),
        ("printed", "state", "\nname: lantern.store-x"),
        ("returned", "state", {"name": "lantern.store-x"}),
        ("printed", "shared", "broker: lantern.store-x"),
        ("returned", "shared", {"broker": "lantern.store-x"}),
        ("printed", "outputs", "port: 80"),
        (
            "sees",
            "services",
            {
                **common,
                "Init": {"base": "lantern.store"},
                "State": {"name": "lantern.store-x"},
                "Shared": shared,
            },
        ),
        ("printed", "services", "lantern.store-x:\n  image: nginx"),
        ("returned", "state", {"name": "lantern.store-x"}),
        ("returned", "shared", {"broker": "lantern.store-x"}),
        ("returned", "outputs", {"port": 80}),
        ("returned", "services", {"lantern.store-x": {"image": "nginx"}}),
    ]
    assert asked.state == {"old": "1"}


def test_jinja_templates_see_names_of_their_own() -> None:
    fields = "images: [redis]\nstate: |\n  a: {{ params }}\noutputs: |\n  b: 1"
    made = replace(entry(fields, "jinja"), images={"redis": "redis:7"})
    (seen,) = (told for told in watched(made, given(), "outputs") if told[0] == "sees")
    port = {"name": "web", "port": 80, "target_port": 8080, "protocol": "TCP"}
    assert seen[2] == {
        "images": {"redis": "redis:7"},
        "uid": "tallow.default#lantern.store",
        "type": "tallow",
        "class_": "default",
        "id": "lantern.store",
        "params": {},
        "metadata": {},
        "init": {},
        "state": {"a": {}},
        "shared": {},
        "source_workload": "lantern",
        "workload_services": {"lantern": {"service_name": "lantern", "ports": {"web": port}}},
        "compose_project_name": "demo",
        "mounts_directory": "state/mounts",
    }


def test_what_is_wrong_has_its_line_of_what_was_printed_and_no_value() -> None:
    fields = """
outputs: |
  {{ range $i := until 3 }}
  p{{ $i }}: {{ $i }}
  {{ end }}
  a: b: c
services: |
  web:
    image: 3
    ports: {}
volumes: |
  data: {{ .Params.missing }}
files: |
  a: {{ fail "no" }}
"""
    assert watched(entry(fields), given()) == [
        ("printed", "outputs", "\np0: 0\n\np1: 1\n\np2: 2\n\na: b: c"),
        ("error", "outputs", "7:5", 8),
        ("error", "files", "15:11", None),
        ("printed", "services", "web:\n  image: 3\n  ports: {}"),
        ("printed", "volumes", "data: <no value>"),
        ("warning", "volumes", "13:14", 1),
        ("returned", "state", {}),
        ("returned", "shared", {}),
        ("error", "services", "11:7", 3),
        ("error", "volumes", "13:5", 1),
        ("failed",),
    ]


def script(text: str) -> Entry:
    path = Path("script")
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return Entry(uri="cmd://./script", kind="cmd", type="tallow", path=PATH, line=1, args=("a b",))


def test_what_a_command_is_given_and_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = script('echo hello >&2; echo \'{"resource_outputs": {"a": 1}, "shared_state": {"b": 2}}\'')
    arguments = (str(tmp_path / "script"), "a b")
    stdout = b'{"resource_outputs": {"a": 1}, "shared_state": {"b": 2}}\n'
    assert watched(made, given()) == [
        ("ran", Command(arguments, str(tmp_path), command.request(given()), stdout, b"hello\n", 0)),
        ("returned", "shared", {"b": 2}),
        ("returned", "outputs", {"a": 1}),
    ]


def test_how_a_command_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = script("echo half; echo no >&2; exit 3")
    arguments = (str(tmp_path / "script"), "a b")
    assert watched(made, given()) == [
        ("ran", Command(arguments, str(tmp_path), command.request(given()), b"half\n", b"no\n", 3)),
        ("error", "", "1:None", None),
        ("failed",),
    ]


def test_a_command_that_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = script("while :; do sleep 1; done")
    watcher = Watcher()
    with pytest.raises(ScoreError, match="did not end within 0"):
        command.provision(made, given(), timeout=0.01, observer=watcher)
    ran = watcher.told[0][1]
    assert isinstance(ran, Command)
    assert (ran.stdout, ran.stderr, ran.status) == (b"", b"", None)


def test_an_environment_resource_has_nothing_but_warnings_to_tell() -> None:
    asked = given(metadata={"annotations": {"compose.score.dev/port": "1"}})
    assert watched(builtin_entry(), given()) == []
    assert watched(builtin_entry(), asked) == [("warning", "", "1:None", None)]
