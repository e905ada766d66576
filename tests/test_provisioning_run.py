from __future__ import annotations

import copy
from collections.abc import ItemsView, Mapping

import pytest

from doit_score.provisioning.environment import builtin_entry
from doit_score.provisioning.files import parse
from doit_score.provisioning.model import Entry, ProvisionInput, ProvisionResult
from doit_score.provisioning.run import provision
from doit_score.targets import find
from doit_score.text.errors import ScoreError
from doit_score.text.light import replace

PATH = "p.provisioners.yaml"
FOR = "template://x, for resource 'tallow.default#lantern.store'"

SERVICES: Mapping[str, Mapping[str, object]] = {
    "lantern": {
        "ServiceName": "lantern",
        "Ports": {"web": {"Name": "web", "Port": 80, "TargetPort": 8080, "Protocol": "TCP"}},
    }
}


def given(
    params: Mapping[str, object] | None = None,
    metadata: Mapping[str, object] | None = None,
    state: Mapping[str, object] | None = None,
    shared: Mapping[str, object] | None = None,
    services: Mapping[str, Mapping[str, object]] = SERVICES,
) -> ProvisionInput:
    return ProvisionInput(
        uid="tallow.default#lantern.store",
        type="tallow",
        class_="default",
        id="lantern.store",
        params=params,
        metadata=metadata,
        state={} if state is None else state,
        shared={} if shared is None else shared,
        source_workload="lantern",
        workload_services=services,
        project="demo",
        mounts_directory="state/mounts",
        target=find("compose"),
    )


def entry(fields: str, kind: str = "template") -> Entry:
    """An entry of two lines, and ``fields`` from the third on."""
    rows = "".join(f"  {row}\n" for row in fields.strip("\n").split("\n"))
    (found,) = parse(f"- uri: {kind}://x\n  type: tallow\n{rows}".encode(), PATH)
    return found


def run(fields: str, asked: ProvisionInput | None = None, kind: str = "template") -> ProvisionResult:
    return provision(entry(fields, kind), asked or given())


def refused(fields: str, asked: ProvisionInput | None = None, kind: str = "template") -> str:
    with pytest.raises(ScoreError) as error:
        run(fields, asked, kind)
    return str(error.value)


def warned(fields: str, asked: ProvisionInput | None = None) -> list[str]:
    return [str(warning) for warning in run(fields, asked).warnings]


EVERY_FIELD = {
    "template": """
init: |
  base: vat-{{ .Id | replace "." "-" }}
  port: 4100
state: |
  name: {{ dig "name" .Init.base .State }}
  runs: {{ add1 (dig "runs" 0 .State) }}
shared: |
  vats:
    {{ .State.name }}: {{ .Init.port }}
outputs: |
  host: {{ .State.name }}
  port: {{ .Init.port }}
  count: {{ len .Shared.vats }}
directories: |
  {{ .State.name }}/data: true
  stale: false
files: |
  {{ .State.name }}/vat.conf: |
    dir={{ .MountsDirectory }}
  stale.txt: null
networks: |
  {{ .State.name }}-net: {driver: bridge, internal: true}
volumes: |
  {{ .State.name }}-data: {driver: local}
services: |
  {{ .State.name }}:
    image: registry.example/vat:2
models: |
  {{ .State.name }}-model: {model: ai/wax, context_size: 1024}
info_logs: |
  - "vat {{ .State.name }} of {{ .ComposeProjectName }}"
  - second line
""",
    "jinja": """
init: |
  base: vat-{{ id | replace(".", "-") }}
  port: 4100
state: |
  name: {{ dig("name", init.base, state) }}
  runs: {{ dig("runs", 0, state) + 1 }}
shared: |
  vats:
    {{ state.name }}: {{ init.port }}
outputs: |
  host: {{ state.name }}
  port: {{ init.port }}
  count: {{ shared.vats | length }}
directories: |
  {{ state.name }}/data: true
  stale: false
files: |
  {{ state.name }}/vat.conf: |
    dir={{ mounts_directory }}
  stale.txt: null
networks: |
  {{ state.name }}-net: {driver: bridge, internal: true}
volumes: |
  {{ state.name }}-data: {driver: local}
services: |
  {{ state.name }}:
    image: registry.example/vat:2
models: |
  {{ state.name }}-model: {model: ai/wax, context_size: 1024}
info_logs: |
  - "vat {{ state.name }} of {{ compose_project_name }}"
  - second line
""",
}


@pytest.mark.parametrize("kind", ["template", "jinja"])
def test_every_field_is_run_and_returned(kind: str) -> None:
    asked = given(state={"name": "vat-lantern-store", "runs": 3}, shared={"vats": {"other": 1}})
    assert run(EVERY_FIELD[kind], asked, kind) == ProvisionResult(
        state={"name": "vat-lantern-store", "runs": 4},
        shared_patch={"vats": {"vat-lantern-store": 4100}},
        outputs={"host": "vat-lantern-store", "port": 4100, "count": 2},
        directories={"vat-lantern-store/data": True, "stale": False},
        files={"vat-lantern-store/vat.conf": "dir=state/mounts\n", "stale.txt": None},
        sections={
            "services": {"vat-lantern-store": {"image": "registry.example/vat:2"}},
            "networks": {"vat-lantern-store-net": {"driver": "bridge", "internal": True}},
            "volumes": {"vat-lantern-store-data": {"driver": "local"}},
            "models": {"vat-lantern-store-model": {"model": "ai/wax", "context_size": 1024}},
        },
        info_logs=("vat vat-lantern-store of demo", "second line"),
    )


def test_an_entry_without_fields_returns_nothing() -> None:
    (bare,) = parse(b"- {uri: 'template://x', type: tallow}\n", PATH)
    assert provision(bare, given(state={"old": 1})) == ProvisionResult()
    assert run("state: ''\noutputs: '  '") == ProvisionResult()
    assert (
        run("state: |\n  null\nshared: 'null'\noutputs: '~'\nservices: 'null'\ninfo_logs: '~'")
        == ProvisionResult()
    )


def test_environment_resources_are_run_here_too() -> None:
    assert provision(builtin_entry(), given()) == ProvisionResult()


def test_the_data_of_a_go_template() -> None:
    made = run(
        """
outputs: |
  a: |-
    {{ .Uid }} {{ .Type }} {{ .Class }} {{ .Id }}
  b: |-
    {{ .SourceWorkload }} {{ .ComposeProjectName }} {{ .MountsDirectory }}
  c: |-
    '{{ .Params }} {{ .Metadata }} {{ .State }} {{ .Init }} {{ .Shared }}'
  d: |-
    {{ printf "%T %T %T" .Params .State .WorkloadServices | quote }}
  e: |-
    {{ range $w, $s := .WorkloadServices }}{{ $w }}={{ $s.ServiceName }}:{{ $s.Ports.web.Port }}{{ end }}
  f: |-
    {{ (index .WorkloadServices "nope").ServiceName | quote }}
""",
        given(params={"n": 1, "l": ["a", 1.5, True, None], "m": {"x": {"y": "z"}}}),
    )
    assert made.outputs == {
        "a": "tallow.default#lantern.store tallow default lantern.store",
        "b": "lantern demo state/mounts",
        "c": "'map[l:[a 1.5 true <nil>] m:map[x:map[y:z]] n:1] map[] map[] map[] map[]'",
        "d": '"map[string]interface {} map[string]interface {} map[string]provisioners.NetworkService"',
        "e": "lantern=lantern:80",
        "f": '""',
    }
    assert made.warnings == ()


def test_the_data_of_a_jinja_template() -> None:
    made = run(
        """
outputs: |
  a: {{ uid | quote }} # {{ type }} {{ class_ }} {{ id }}
  b: {{ source_workload }} {{ compose_project_name }} {{ mounts_directory }}
  c: {{ params.n }} {{ metadata.annotations.x }} {{ params.keys() | list | length }}
  e: >-
    {% for w, s in workload_services.items() %}{{ w }}={{ s.service_name }}{{ s.ports.web }}{% endfor %}
  f: {{ 'nope' in workload_services }}
""",
        given(params={"n": 1}, metadata={"annotations": {"x": "y"}}),
        "jinja",
    )
    assert made.outputs == {
        "a": "tallow.default#lantern.store",
        "b": "lantern demo state/mounts",
        "c": "1 y 1",
        "e": "lantern=lantern{'name': 'web', 'port': 80, 'target_port': 8080, 'protocol': 'TCP'}",
        "f": False,
    }


def test_params_that_were_not_given_are_nil_in_go_and_empty_in_jinja() -> None:
    go = "outputs: 'a: {{ .Params | toJson | squote }}'"
    assert run(go).outputs == {"a": "null"}
    assert run(go, given(params={})).outputs == {"a": "{}"}
    assert run("outputs: 'a: {{ .Params }} {{ .Metadata.x.y }}'").outputs == {"a": "map[] <no value>"}
    assert run("outputs: 'a: {{ params | length }}'", kind="jinja").outputs == {"a": 0}


def test_init_sees_the_old_state_and_the_others_the_new_one() -> None:
    fields = """
init: |
  was: {{ .State.n | default 0 }}
state: |
  n: {{ add1 (.State.n | default 0) }}
shared: |
  seen: {{ .State.n }}
outputs: |
  was: {{ .Init.was }}
  now: {{ .State.n }}
"""
    made = run(fields, given(state={"n": 2}))
    assert (made.state, made.shared_patch, made.outputs) == ({"n": 3}, {"seen": 3}, {"was": 2, "now": 3})


def test_only_what_comes_after_the_patch_sees_the_patched_shared_state() -> None:
    made = run(
        """
init: |
  before: {{ .Shared | toJson | quote }}
state: |
  before: {{ .Shared | toJson | quote }}
shared: |
  k: v
  gone: null
  d: {b: 2, a: null}
  n: {x: null}
outputs: |
  init: {{ .Init.before | quote }}
  after: {{ .Shared | toJson | quote }}
""",
        given(shared={"gone": 1, "d": {"a": 1, "c": 3}}),
    )
    assert made.outputs == {
        "init": '{"d":{"a":1,"c":3},"gone":1}',
        "after": '{"d":{"b":2,"c":3},"k":"v","n":{}}',
    }
    assert made.state == {"before": '{"d":{"a":1,"c":3},"gone":1}'}
    assert made.shared_patch == {"k": "v", "gone": None, "d": {"b": 2, "a": None}, "n": {"x": None}}


def test_what_a_template_sets_is_seen_by_it_and_by_nobody_else() -> None:
    asked = given(
        params={"n": 1, "deep": {"a": [{"b": 1}]}},
        metadata={"m": {}},
        state={"s": {}},
        shared={"k": {"x": 1}},
    )
    before = replace(copy.deepcopy(asked), target=asked.target)
    made = run(
        """
state: 'kept: {{ .State.s | toJson | quote }}'
outputs: |
  {{ $_ := set .Params "added" "x" -}}
  {{ $_ := set .Params.deep "a" 2 -}}
  {{ $_ := set .Metadata.m "leak" "yes" -}}
  {{ $_ := set .Shared "leak" "yes" -}}
  {{ $_ := set .Shared.k "leak" "yes" -}}
  {{ $_ := set .State "kept" "changed" -}}
  a: {{ .Params | toJson | quote }}
  b: {{ .Shared | toJson | quote }}
  c: {{ .State.kept }}
""",
        asked,
    )
    assert made.outputs == {
        "a": '{"added":"x","deep":{"a":2},"n":1}',
        "b": '{"k":{"leak":"yes","x":1},"leak":"yes"}',
        "c": "changed",
    }
    assert (made.state, made.shared_patch) == ({"kept": "{}"}, {})
    assert asked == before


class Recording(dict[str, object]):
    """Notes the keys that are read, and whether all of it is."""

    def __init__(self, values: Mapping[str, object]) -> None:
        super().__init__(values)
        self.read: set[object] = set()
        self.whole = False

    def __getitem__(self, key: str) -> object:
        self.read.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: object = None, /) -> object:
        self.read.add(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.read.add(key)
        return super().__contains__(key)

    def items(self) -> ItemsView[str, object]:  # type: ignore[override]  # dict_items cannot be named
        self.whole = True
        return super().items()


@pytest.mark.parametrize(
    ("kind", "outputs"),
    [
        (
            "template",
            "a: {{ .Shared.one.x }}{{ dig `two` `y` 0 .Shared }}{{ .Shared.mine }}{{ .Shared.three }}",
        ),
        ("jinja", "a: {{ shared.one.x }}{{ shared.two.y }}{{ shared.mine }}{{ 'three' in shared }}"),
    ],
)
def test_only_the_keys_that_a_template_reads_are_recorded(kind: str, outputs: str) -> None:
    shared = Recording({"one": {"x": 1}, "two": {"y": 2}, "other": {"z": 3}, "mine": 4})
    run(f"shared: 'mine: 5'\noutputs: '{outputs}'".replace("'three'", '"three"'), given(shared=shared), kind)
    assert (shared.read, shared.whole) == ({"one", "two", "three"}, False)


@pytest.mark.parametrize(
    ("kind", "outputs"),
    [
        (
            "template",
            'a: {{ (index .WorkloadServices "lantern").ServiceName }}{{ .WorkloadServices.b.ServiceName }}',
        ),
        ("jinja", "a: {{ workload_services.lantern.service_name }}{{ workload_services.b.service_name }}"),
    ],
)
def test_only_the_workloads_that_a_template_reads_are_recorded(kind: str, outputs: str) -> None:
    services = Recording({**SERVICES, "b": {"ServiceName": "bb", "Ports": {}}, "c": {"ServiceName": "c"}})
    made = run(f"outputs: '{outputs}'", given(services=services), kind)  # type: ignore[arg-type]  # of mappings
    assert made.outputs == {"a": "lanternbb"}
    assert (services.read, services.whole) == ({"lantern", "b"}, False)


def test_what_is_looped_over_is_recorded_as_a_whole() -> None:
    shared = Recording({"one": 1})
    run("outputs: 'a: {{ len .Shared }}'", given(shared=shared))
    assert shared.whole


def test_only_the_first_document_that_is_printed_counts() -> None:
    assert run("outputs: |\n  a: 1\n  ---\n  b: 2").outputs == {"a": 1}


def test_keys_below_the_top_may_be_numbers() -> None:
    assert run("outputs: |\n  t: {1: a, 2: [{3: b}]}").outputs == {"t": {1: "a", 2: [{3: "b"}]}}


def test_scalars_are_read_as_yaml_1_2_has_them() -> None:
    assert run("outputs: '{a: yes, b: 0o17, c: 12:30, d: ~}'").outputs == {
        "a": "yes", "b": 15, "c": "12:30", "d": None,
    }  # fmt: skip


def test_paths_are_taken_in_their_shortest_form() -> None:
    made = run("directories: '{a//b/./c/: true, d/../e: null, .: true}'\nfiles: '{./f: x}'")
    assert (made.directories, made.files) == ({"a/b/c": True, "e": False, ".": True}, {"f": "x"})


def test_a_template_that_cannot_be_parsed_is_shown_with_its_line() -> None:
    message = refused("outputs: |\n  a: 1\n  b: {{ .Id")
    place, rest = message.split(": ", 1)
    assert place.startswith(f"{PATH}:5:")
    assert rest.endswith(f"\n  | b: {{{{ .Id\n  in outputs of {FOR}")


@pytest.mark.parametrize(
    ("fields", "place", "line"),
    [
        ("outputs: |\n  a: 1\n  b: {{ .Nope }}", "5:11", "b: {{ .Nope }}"),
        ("outputs: |\n\n\n    b: {{ .Nope }}", "6:13", "b: {{ .Nope }}"),
        ("outputs: 'b: {{ .Nope }}'", "3:19", "b: {{ .Nope }}"),
        ("outputs: b{{ .Nope }}", "3:16", "b{{ .Nope }}"),
        ("outputs: >\n  a: 1\n\n  b: {{ .Nope }}", "4:5", "b: {{ .Nope }}"),
        ('outputs: "a: 1\\nb: {{ .Nope }}"', "3:13", "b: {{ .Nope }}"),
    ],
)
def test_a_failure_is_told_with_its_place_in_the_file(fields: str, place: str, line: str) -> None:
    message = refused(fields)
    assert message.startswith(f"{PATH}:{place}: there is no field 'Nope' here")
    assert message.endswith(f"\n  | {line}\n  in outputs of {FOR}")


def test_a_template_may_fail_with_words_of_its_own() -> None:
    fields = """
outputs: |
  {{ if not .Params.need }}{{ fail "need is needed" }}{{ end }}
"""
    assert refused(fields) == (
        f"{PATH}:4:33: fail: need is needed\n"
        '  | {{ if not .Params.need }}{{ fail "need is needed" }}{{ end }}\n'
        f"  in outputs of {FOR}"
    )


@pytest.mark.parametrize("field", ["init", "state", "shared"])
def test_a_failure_that_others_build_on_ends_the_run(field: str) -> None:
    message = refused(f"{field}: '{{{{ fail \"no\" }}}}'\noutputs: '{{{{ .Init.x.y.z | nope }}}}'")
    assert message.endswith(f"  in {field} of {FOR}")
    assert "outputs" not in message


def test_failures_of_independent_fields_are_told_at_once() -> None:
    lines = refused(
        "outputs: '{{ .Nope }}'\nfiles: '[]'\nservices: '- x'\ninfo_logs: 'a: b'\ndirectories: '{d: 1}'"
    ).splitlines()
    starts = [f"  {PATH}:{number}:" for number in (3, 4, 5, 6, 7)]
    assert [line[: len(starts[0])] for line in lines if line.startswith(f"  {PATH}")] == starts


@pytest.mark.parametrize(
    ("fields", "place", "message", "line", "hint"),
    [
        ("state: just text", "3:10", "expected a mapping, found text", "just text", ""),
        ("outputs: '[]'", "3:13", "expected a mapping, found a list", "[]", ""),
        ("outputs: '5'", "3:13", "expected a mapping, found a number", "5", ""),
        ("networks: '[a]'", "3:14", "expected a mapping, found a list", "[a]", ""),
        (
            "info_logs: 'a: b'",
            "3:15",
            "expected a list, found a mapping",
            "a: b",
            "start each line with `- `",
        ),
        (
            "info_logs: |\n  - a\n  - 5",
            "5:7",
            "expected text in item 2, found a number",
            "- 5",
            "quote it",
        ),
        (
            "outputs: |\n  b: c\n  1: a",
            "5:5",
            "expected text as a key, found a number",
            "1: a",
            'quote it: "1"',
        ),
        (
            "directories: |\n  a: true\n  one: yes",
            "5:5",
            "expected true or false for 'one', found text",
            "one: yes",
            "",
        ),
        (
            "directories: '{.: false}'",
            "3:18",
            "'.' is the mounts directory itself, which cannot be deleted",
            "{.: false}",
            "name the directory below it that is to be deleted",
        ),
        (
            "directories: '{../out: true}'",
            "3:18",
            "the directory '../out' is not below the mounts directory",
            "{../out: true}",
            "give a relative path that stays below it",
        ),
        (
            "files: '{a/../../out.txt: x}'",
            "3:12",
            "the file 'a/../../out.txt' is not below the mounts directory",
            "{a/../../out.txt: x}",
            "give a relative path that stays below it",
        ),
        (
            "files: |\n  a: x\n\n  /abs.txt: x",
            "6:5",
            "the file '/abs.txt' is not below the mounts directory",
            "/abs.txt: x",
            "give a relative path that stays below it",
        ),
        (
            "files: '{a/..: x}'",
            "3:12",
            "'a/..' is the mounts directory itself, not a file",
            "{a/..: x}",
            "",
        ),
        ("files: '{a: x, ./a: y}'", "3:18", "the file 'a' is named twice", "{a: x, ./a: y}", ""),
        (
            "files: '{a.txt: {b: c}}'",
            "3:12",
            "expected text or null for 'a.txt', found a mapping",
            "{a.txt: {b: c}}",
            "quote it, or write it as a block with `|`",
        ),
    ],
)
def test_what_is_printed_is_checked(fields: str, place: str, message: str, line: str, hint: str) -> None:
    advice = f"\n  hint: {hint}" if hint else ""
    field = fields.partition(":")[0]
    assert refused(fields) == f"{PATH}:{place}: {message}\n  | {line}\n  in {field} of {FOR}{advice}"


def test_broken_yaml_is_told_with_the_line_of_the_template_and_never_with_what_was_printed() -> None:
    fields = "outputs: |\n  a: 1\n  b: [{{ .State.password }}"
    message = refused("state: 'password: hunter2'\n" + fields)
    assert message.startswith(f"{PATH}:")
    assert "what it printed is refused: not YAML: did not find expected ',' or ']'" in message
    assert "hunter2" not in message


def test_duplicate_keys_of_what_is_printed_are_refused() -> None:
    assert refused("outputs: |\n  a: 1\n  a: 2") == (
        f"{PATH}:5:5: what it printed is refused: "
        f"the key 'a' is given twice in one mapping, first in line 1\n  | a: 2\n  in outputs of {FOR}"
    )


def test_where_lines_do_not_correspond_the_line_of_what_was_printed_is_told() -> None:
    assert refused("outputs: |\n  {{ range list 1 2 }}a: {{ . }}\n  {{ end }}") == (
        f"{PATH}:4:5: what it printed is refused: "
        "the key 'a' is given twice in one mapping, first in line 1 (in line 2 of what it printed)\n"
        f"  | {{{{ range list 1 2 }}}}a: {{{{ . }}}}\n  in outputs of {FOR}"
    )


LOOP, END = "{{ range list 1 2 }}", "{{ end }}"


@pytest.mark.parametrize(
    ("fields", "place", "line"),
    [
        ("outputs: |\n  a: 1\n  b: [", "5:5", "b: ["),
        (
            "services: |\n  {{ range list 1 2 }}\n  v{{ . }}:\n    image: {a: [b}\n  {{ end }}",
            "6:7",
            "image: {a: [b}",
        ),
        (
            "outputs: |\n  {{ range list 1 2 }}\n  v{{ . }}: '{{ . }}\n  {{ end }}",
            "4:5",
            "{{ range list 1 2 }}",
        ),
    ],
)
def test_what_is_no_yaml_is_told_at_the_line_of_the_template_that_is_alike(
    fields: str, place: str, line: str
) -> None:
    message = refused(fields)
    assert message.startswith(f"{PATH}:{place}: what it printed is refused: not YAML: ")
    assert f"\n  | {line}\n  in " in message


def test_what_refers_to_a_secret_of_a_cluster_is_refused_where_there_is_none() -> None:
    assert refused('outputs: |\n  host: h\n  password: {{ encodeSecretRef "db" "pin" }}') == (
        f"{PATH}:5:5: password refers to a Secret of Kubernetes, and this project is for compose\n"
        f'  | password: {{{{ encodeSecretRef "db" "pin" }}}}\n  in outputs of {FOR}\n'
        "  hint: print the value itself where there is no namespace"
    )


def test_no_value_is_a_warning_with_its_place() -> None:
    made = run("outputs: |\n  a: ok\n  b: '{{ .Params.absent }}'")
    assert made.outputs == {"a": "ok", "b": "<no value>"}
    assert [str(warning) for warning in made.warnings] == [
        f"{PATH}:5:12: printed '<no value>' for .Params.absent\n"
        f"  | b: '{{{{ .Params.absent }}}}'\n  in outputs of {FOR}\n"
        '  hint: give it a value, or a default such as `| default ""`'
    ]


def test_params_and_outputs_are_compared_with_what_is_declared() -> None:
    fields = "supported_params: [size]\nexpected_outputs: [host, port]\noutputs: 'host: h'"
    assert warned(fields, given(params={"size": 1, "sise": 2})) == [
        f"{PATH}:1: unknown param 'sise'\n  in supported_params of {FOR}\n  hint: did you mean 'size'?",
        f"{PATH}:5: did not return the expected outputs 'port'\n  in outputs of {FOR}\n"
        "  hint: return them, or take them out of expected_outputs",
    ]
    assert warned(fields.replace("host: h", "{host: ~, port: 1}"), given(params={"size": 1})) == []
    assert warned("supported_params: []", given(params={"a": 1}))[0].endswith("hint: there are none")
    assert warned("expected_outputs: [a]") == [
        f"{PATH}:1: did not return the expected outputs 'a'\n  in outputs of {FOR}\n"
        "  hint: return them, or take them out of expected_outputs",
    ]


def test_an_unknown_key_of_a_service_is_left_out_with_a_warning() -> None:
    made = run("services: |\n  vat:\n    image: x\n    colour: red")
    assert made.sections["services"] == {"vat": {"image": "x"}}
    (warning,) = made.warnings
    assert (warning.path, warning.line, warning.column, warning.excerpt) == (PATH, 6, 7, "colour: red")
    assert warning.message.startswith("service 'vat': colour: ")
    assert warning.context == f"in services of {FOR}"


def test_a_wrong_service_is_refused() -> None:
    message = refused("services: |\n  vat:\n    image: x\n    healthcheck: {test: [a], interval: soon}")
    assert message.startswith(f"{PATH}:6:32: service 'vat': healthcheck.interval: expected a duration ")


def test_a_jinja_failure_is_told_with_its_place_in_the_file() -> None:
    message = refused("outputs: |\n  a: 1\n  b: {{ params.nope }}", kind="jinja")
    assert message.startswith(f"{PATH}:5:")
    assert "\n  | b: {{ params.nope }}\n  in outputs of jinja://x, for resource " in message


def test_hermetic_templates_cannot_read_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAX", "x")
    reads = entry("""outputs: 'a: {{ env "WAX" }}'""")
    assert provision(reads, given()).outputs == {"a": "x"}
    with pytest.raises(ScoreError):
        provision(reads, given(), hermetic=True)
