"""What is shown of a trial."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_provisioning_observing import script
from test_provisioning_run import entry, given

from doit_score.provisioning.model import Entry, ProvisionInput
from doit_score.text.errors import ScoreError
from doit_score.trying.report import Shown, record, text
from doit_score.trying.trial import run

FIELDS = """
state: |
  password: {{ .State.password | default (randAlphaNum 16) }}
outputs: |
  url: http://me:{{ .State.password }}@host
  port: 80
files: |
  app.conf: |
    pass = {{ .State.password }}
    token={{ "ab" }}
"""
STATE = {"password": "hunter2secret"}


def shown(fields: str, asked: ProvisionInput | None = None, kind: str = "template", **how: object) -> str:
    return text(run(entry(fields, kind), asked or given(state=STATE)), Shown(**how))  # type: ignore[arg-type]  # its fields


def test_a_run_without_secrets() -> None:
    assert (
        shown(FIELDS)
        == """\
tallow.default#lantern.store
by template://x (p.provisioners.yaml:1)

state
  printed:
    1 | password: *****
  value:
    password: "*****"

outputs
  printed:
    1 | url: http://me:*****@host
    2 | port: 80
  value:
    port: 80
    url: http://me:*****@host

files
  printed:
    1 | app.conf: |
    2 |   pass = *****
    3 |   token=*****
  value:
    app.conf: |-
      pass = *****
      token=ab

stable: run again on its own result it gives the same
"""
    )


def test_secrets_where_they_are_wanted() -> None:
    said = shown(FIELDS, secrets=True, section="state")
    assert said.split("\n\n")[1] == (
        "state\n  printed:\n    1 | password: hunter2secret\n  value:\n    password: hunter2secret"
    )


def test_what_cannot_be_read_has_its_secrets_masked_as_far_as_it_tells_of_them() -> None:
    key = "-----BEGIN PRIVATE KEY-----\n  MIIabcdefgh\n  -----END PRIVATE KEY-----"
    part = shown(f"files: |\n  a: b: c\n  {key}").split("\n\n")[1]
    assert part.partition("\n  error")[0] == (
        "files\n  printed:\n  > 1 | a: b: c\n    2 | *****\n    3 | *****\n    4 | *****"
    )
    part = shown("outputs: |\n  a: b: c\n  url: db://me:hunter2@host").split("\n\n")[1]
    assert "    2 | url: db://me:*****@host\n" in part


def test_what_a_template_saw_and_one_field_alone() -> None:
    said = shown(FIELDS, given(state=STATE, params={"size": 3}), data=True, section="outputs")
    assert said.split("\n\n")[1:] == [
        """\
outputs
  data:
    Class: default
    ComposeProjectName: demo
    Id: lantern.store
    Init: {}
    Metadata: null
    MountsDirectory: state/mounts
    Params:
      size: 3
    Shared: {}
    SourceWorkload: lantern
    State:
      password: "*****"
    Type: tallow
    Uid: tallow.default#lantern.store
    WorkloadServices:
      lantern:
        Ports:
          web:
            Name: web
            Port: 80
            Protocol: TCP
            TargetPort: 8080
        ServiceName: lantern
  printed:
    1 | url: http://me:*****@host
    2 | port: 80
  value:
    port: 80
    url: http://me:*****@host""",
        "stable: run again on its own result it gives the same\n",
    ]


def test_the_line_that_is_wrong_is_marked_in_what_was_printed() -> None:
    fields = """
outputs: |
  {{ range until 8 }}
  p{{ . }}: {{ . }}
  {{ end }}
  a: b: c
  password: {{ "hunter2" }}
  flow: {password: "x y", is: 1}
"""
    part = shown(fields).split("\n\n")[1]
    assert (
        part
        == """\
outputs
  printed:
     1 |
     2 | p0: 0
     3 |
     4 | p1: 1
     5 |
     6 | p2: 2
     7 |
     8 | p3: 3
     9 |
    10 | p4: 4
    11 |
    12 | p5: 5
    13 |
    14 | p6: 6
    15 |
    16 | p7: 7
    17 |
  > 18 | a: b: c
    19 | password: *****
    20 | flow: {password: *****, is: 1}
  error: p.provisioners.yaml:7:5: what it printed is refused: not YAML: mapping values are not allowed in \
this context
    hint: put text that has ': ' in it in quotes, and let all keys of a mapping begin in one column"""
    )


def test_what_has_no_value_is_marked_in_what_was_printed() -> None:
    part = shown("outputs: |\n  a: 1\n  b: {{ .Params.x }}").split("\n\n")[1]
    assert (
        part
        == """\
outputs
  printed:
    1 | a: 1
  > 2 | b: <no value>
  value:
    a: 1
    b: <no value>
  warning: p.provisioners.yaml:5:11: printed '<no value>' for .Params.x
    hint: give it a value, or a default such as `| default ""`"""
    )


def test_the_line_of_the_template_is_marked_where_it_failed() -> None:
    said = shown("services: |\n  web:\n    image: {{ fail `no` }}\n    build: .")
    assert (
        said
        == """\
tallow.default#lantern.store
by template://x (p.provisioners.yaml:1)

services
  template:
    4 | web:
  > 5 |   image: {{ fail `no` }}
    6 |   build: .
  error: p.provisioners.yaml:5:17: fail: no

it failed
"""
    )


def test_a_template_that_is_no_block_is_shown_by_itself() -> None:
    said = shown('outputs: "a: 1\\nb: {{ fail `no` }}"').split("\n\n")[1]
    assert said.partition("  error")[0] == "outputs\n  template:\n    1 | a: 1\n    2 | b: {{ fail `no` }}\n"


def test_a_template_that_prints_nothing_and_one_that_is_not_stable() -> None:
    fields = "outputs: |\n  {{ if false }}a: 1{{ end }}\nstate: |\n  a: {{ uuidv4 }}"
    assert (
        shown(fields, section="outputs")
        == """\
tallow.default#lantern.store
by template://x (p.provisioners.yaml:1)

outputs
  printed: (nothing)
  value: {}

unstable: p.provisioners.yaml:6:5: run again on its own result it gives 1 other value: 'state: a'
  hint: keep what is there: `a: {{ .State.a | default uuidv4 }}`
"""
    )


def test_a_second_run_that_fails() -> None:
    fields = "state: |\n  a: {{ if .State.a }}{{ fail `no` }}{{ end }}1"
    end = shown(fields, given(), section="state").split("\n\n")[-1]
    assert (
        end
        == """\
unstable: run again on its own result it fails: p.provisioners.yaml:4:28: fail: no
  | a: {{ if .State.a }}{{ fail `no` }}{{ end }}1
"""
    )


def test_one_that_is_stable_when_it_has_seen_what_it_shares() -> None:
    fields = "shared: |\n  a: 1\noutputs: |\n  a: {{ .Shared.a }}\ninit: |\n  b: {{ dig `a` 0 .Shared }}"
    said = shown(f"{fields}\nfiles: |\n  f: '{{{{ .Init.b }}}}'", section="files")
    assert said.split("\n\n")[1:] == [
        "files\n  printed:\n    1 | f: '1'\n  value:\n    f: \"1\"",
        "stable from run 2 on, which is shown: it reads what it shares itself, so that\n"
        "a project runs it again at once\n",
    ]


def test_a_section_that_there_is_not() -> None:
    with pytest.raises(ScoreError) as error:
        shown(FIELDS, section="ouputs")
    assert str(error.value) == "template://x gives nothing in 'ouputs'\n  hint: did you mean 'outputs'?"


def test_fields_with_problems_are_shown_whatever_is_asked_for() -> None:
    said = shown("outputs: |\n  a: 1\nfiles: |\n  a: 3\nservices: |\n  web:\n    image: x", section="outputs")
    assert [part.partition("\n")[0] for part in said.split("\n\n")[1:]] == ["outputs", "files", "it failed"]


SCRIPT = """\
echo connecting with hunter2secret >&2
echo '{"resource_state": {"password": "hunter2secret"}, "resource_outputs": {"port": 1}}'"""


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Entry:
    monkeypatch.chdir(tmp_path)
    return script(SCRIPT)


def test_what_goes_to_a_command_and_what_comes_back(command: Entry) -> None:
    said = text(run(command, given(services={}), again=False), Shown())
    assert (
        said.replace(str(Path.cwd()), "/here")
        == """\
tallow.default#lantern.store
by cmd://./script (p.provisioners.yaml:1)

command
  runs: /here/script 'a b'
  stdin:
    {
      "resource_uid": "tallow.default#lantern.store",
      "resource_type": "tallow",
      "resource_class": "default",
      "resource_id": "lantern.store",
      "resource_params": null,
      "resource_metadata": null,
      "source_workload": "lantern",
      "workload_services": {},
      "resource_state": {},
      "shared_state": {},
      "compose_project_name": "demo",
      "mount_directory_path": "state/mounts"
    }
  stdout:
    1 | {"resource_state": {"password": "*****"}, "resource_outputs": {"port": 1}}
  stderr:
    1 | connecting with *****
  exit status: 0

state
  value:
    password: "*****"

outputs
  value:
    port: 1

it was not run again, since it is a command: --again does that
"""
    )


def test_how_a_command_failed(command: Entry) -> None:
    Path("script").write_text("#!/bin/sh\necho half; echo 'api_key=abc' >&2; exit 3")
    said = text(run(command, given()), Shown()).replace(str(Path.cwd()), "/here")
    end = said.partition("  stdout:")[2]
    assert (
        end
        == """
    1 | half
  stderr:
    1 | api_key=*****
  exit status: 3

error: p.provisioners.yaml:1: the command '/here/script' exited with status 3
  | api_key=*****
it failed
"""
    )


def test_all_of_it_as_json() -> None:
    fields = "outputs: |\n  password: hunter2\n  when: 2026-01-02\nfiles: |\n  a: {{ .Params.x }}"
    said = record(run(entry(fields), given()), Shown())
    assert json.loads(json.dumps(said)) == {
        "UID": "tallow.default#lantern.store",
        "Provisioner": "template://x",
        "File": "p.provisioners.yaml",
        "Line": 1,
        "Fields": [
            {
                "Field": "outputs",
                "Printed": "password: *****\nwhen: 2026-01-02",
                "Value": {"password": "*****", "when": "2026-01-02 00:00:00+00:00"},
                "Problems": [],
            },
            {
                "Field": "files",
                "Printed": "a: <no value>",
                "Value": {"a": "<no value>"},
                "Problems": [
                    {
                        "Kind": "warning",
                        "Message": "printed '<no value>' for .Params.x",
                        "File": "p.provisioners.yaml",
                        "Line": 7,
                        "Column": 11,
                        "Hint": 'give it a value, or a default such as `| default ""`',
                        "Context": "in files of template://x, for resource 'tallow.default#lantern.store'",
                        "PrintedLine": 1,
                    }
                ],
            },
        ],
        "Problems": [],
        "Stable": True,
        "Differences": [],
        "Runs": 1,
        "FailedAgain": [],
    }


def test_a_command_as_json(command: Entry) -> None:
    said = json.loads(json.dumps(record(run(command, given(), again=False), Shown(data=True))))
    assert said["Command"].pop("Stdin")["resource_uid"] == "tallow.default#lantern.store"
    assert said["Command"] == {
        "Arguments": [str(Path("script").absolute()), "a b"],
        "Stdout": '{"resource_state": {"password": "*****"}, "resource_outputs": {"port": 1}}\n',
        "Stderr": "connecting with *****\n",
        "Status": 0,
    }
    assert said["Fields"] == [
        {"Field": "state", "Printed": None, "Value": {"password": "*****"}, "Problems": []},
        {"Field": "outputs", "Printed": None, "Value": {"port": 1}, "Problems": []},
    ]
    assert (said["Stable"], said["Differences"], said["FailedAgain"]) == (None, [], [])
