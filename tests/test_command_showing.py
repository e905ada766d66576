"""`resources show`: all that is known of one resource."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import running
import yaml
from running import Command

FILE = "provisioners/own.provisioners.yaml"
ENTRIES = """\
- uri: template://tests/broker
  type: broker
  supported_params: []
  state: |
    password: {{ dig "password" (print "kept-" (randAlphaNum 12)) .State }}
    name: {{ dig "name" "queue" .State }}
  shared: |
    server: {token: {{ dig "server" "token" (print "shared-" (randAlphaNum 12)) .Shared }}}
  outputs: |
    name: {{ .State.name }}
    address: amqp://me:{{ .State.password }}@host
    seen: {{ (index .WorkloadServices "web").ServiceName }}{{ env "SHOWN" | default "" }}
  services: |
    {{ .State.name }}: {image: broker}
  volumes: |
    {{ .State.name }}-data: {driver: local}
  files: |
    {{ .State.name }}/conf: text
  directories: |
    {{ .State.name }}/made: true
  info_logs: |
    - reach it with {{ .State.password }}
- uri: template://tests/topic
  type: topic
  outputs: |
    name: topic
"""
UID = "broker.default#common"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    here = Command(tmp_path / "shop", capsys)
    monkeypatch.chdir(here.path)
    here.write(FILE, ENTRIES)
    resources = "resources:\n  mail:\n    type: broker\n    id: common\n    params: {size: 1, more: {}}\n"
    here.write("score.yaml", running.score() + resources)
    here.write(
        "two.yaml",
        running.score("two") + "resources:\n  post: {type: broker, id: common}\n"
        "  topic: {type: topic, params: {of: '${resources.post.name}'}}\n",
    )
    assert here.main("init", "--no-sample").exit == 0
    assert here.main("generate", "score.yaml", "two.yaml").exit == 0
    return here


def shown(here: Command, *arguments: str) -> dict[str, object]:
    done = here.main("resources", "show", UID, "--format", "json", *arguments)
    assert (done.exit, done.err) == (0, "")
    found: dict[str, object] = json.loads(done.out)
    return found


EXPECTED: dict[str, object] = {
    "UID": UID,
    "Type": "broker",
    "Class": "default",
    "Id": "common",
    "Provisioner": {"Uri": "template://tests/broker", "From": "own", "Path": FILE, "Line": 1},
    "Params": {"size": 1, "more": {}},
    "Metadata": {},
    "SourceWorkload": "web",
    "Declared": [
        {"Workload": "two", "Name": "post", "Path": "two.yaml", "Line": 8},
        {"Workload": "web", "Name": "mail", "Path": "score.yaml", "Line": 8},
    ],
    "UsedBy": {"Workloads": ["two", "web"], "Resources": ["topic.default#two.topic"]},
    "State": {"password": "*****", "name": "queue"},
    "Read": {
        "Shared": {"server.token": "the value"},
        "Workloads": {"web.ServiceName": "the value"},
        "Environment": ["SHOWN"],
    },
    "Wrote": {"server": {"token": "*****"}},
    "Outputs": {"name": "queue", "address": "amqp://me:*****@host", "seen": "web"},
    "Brought": {
        "services": ["queue"],
        "volumes": ["queue-data"],
        "files": ["queue/conf"],
        "directories": ["queue/made"],
    },
    "Logs": ["reach it with *****"],
    "Why": ["it is new"],
}


def test_all_that_is_known_without_secrets(here: Command) -> None:
    found = shown(here)
    warnings = found.pop("Warnings")
    assert found == EXPECTED
    assert isinstance(warnings, list)
    assert [one["Message"] for one in warnings] == ["unknown param 'more'", "unknown param 'size'"]
    as_yaml = yaml.safe_load(here.main("resources", "show", UID, "-f", "yaml").out)
    assert {key: as_yaml[key] for key in EXPECTED} == EXPECTED


def test_secrets_where_they_are_asked_for(here: Command) -> None:
    state = shown(here, "--show-secrets")["State"]
    assert isinstance(state, dict)
    assert state["password"].startswith("kept-")
    assert shown(here, "--show-secrets")["Logs"] == [f"reach it with {state['password']}"]


def test_why_it_was_last_made_is_told_also_after_other_runs(here: Command) -> None:
    here.write(FILE, ENTRIES.replace("image: broker", "image: other"))
    here.main("generate")
    here.write("score.yaml", here.read("score.yaml").replace("image: nginx", "image: other"))
    here.main("generate")
    assert shown(here)["Why"] == [f"provisioner template://tests/broker in '{FILE}' changed"]


def test_a_table_has_a_row_for_each_value(here: Command) -> None:
    lines = here.main("resources", "show", UID).out.splitlines()[3::2]
    rows = [tuple(cell.strip() for cell in line.split("|")[1:-1]) for line in lines]
    assert [row for row in rows if row[0].startswith(("Prov", "Par", "Decl", "Used", "Brought", "Read"))] == [
        ("Provisioner", "template://tests/broker"),
        ("Provisioner", f"{FILE}:1"),
        ("Params.more", "{}"),
        ("Params.size", "1"),
        ("Declared", "'post' of workload 'two' in two.yaml:8"),
        ("Declared", "'mail' of workload 'web' in score.yaml:8"),
        ("UsedBy.Workloads", "two"),
        ("UsedBy.Workloads", "web"),
        ("UsedBy.Resources", "topic.default#two.topic"),
        ("Read.Shared.server.token", "the value"),
        ("Read.Workloads.web.ServiceName", "the value"),
        ("Read.Environment", "SHOWN"),
        ("Brought.directories", "queue/made"),
        ("Brought.files", "queue/conf"),
        ("Brought.services", "queue"),
        ("Brought.volumes", "queue-data"),
    ]
    assert ("State.password", "*****") in rows


def test_what_cannot_be_read_any_more_is_left_out(here: Command) -> None:
    here.write(FILE, "nothing of use")
    here.remove("two.yaml")
    found = shown(here)
    assert found["Provisioner"] == {"Uri": "template://tests/broker"}
    assert found["Declared"] == [
        {"Workload": "two", "Name": "post", "Path": "two.yaml", "Line": None},
        {"Workload": "web", "Name": "mail", "Path": "score.yaml", "Line": 8},
    ]
    assert ("Provisioner", "template://tests/broker") in [
        tuple(cell.strip() for cell in line.split("|")[1:-1])
        for line in here.main("resources", "show", UID).out.splitlines()[3::2]
    ]


def test_a_name_that_is_near_is_told(here: Command) -> None:
    assert here.main("resources", "show", "broker.default#comon") == (
        1,
        "",
        f"Error: no such resource 'broker.default#comon'\n  hint: did you mean '{UID}'?\n",
    )
    assert here.main("resources", "show", UID, "-f", "xml").err.startswith("Error: --format: expected ")
