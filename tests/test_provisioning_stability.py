"""Whether an entry gives the same when it is run on its own result."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_provisioning_run import entry
from test_provisioning_run import given as asked

from doit_score.provisioning.model import Entry, ProvisionInput, ProvisionResult
from doit_score.provisioning.run import provision
from doit_score.provisioning.scratch import Scratch
from doit_score.provisioning.stability import compared, differences, unstable
from doit_score.text.errors import ScoreError


def differing(fields: str, kind: str = "template", given: ProvisionInput | None = None) -> list[str]:
    made, given = entry(fields, kind), given or asked()
    return [str(one) for one in differences(made, given, provision(made, given))]


def told(fields: str, kind: str = "template") -> str:
    made = entry(fields, kind)
    found = differences(made, asked(), provision(made, asked()))
    problem = unstable(made, asked().uid, found)
    assert problem is not None
    return str(problem)


def test_what_is_kept_is_stable_in_both_syntaxes() -> None:
    go = """
state: |
  password: {{ .State.password | default (randAlphaNum 16) }}
shared: |
  broker:
    name: {{ dig "broker" "name" (randAlphaNum 8) .Shared }}
outputs: |
  url: http://{{ .Shared.broker.name }}:{{ .State.password }}
files: |
  conf: |
    password {{ .State.password }}
"""
    jinja = """
state: |
  password: {{ state.password | default(randAlphaNum(16)) }}
shared: |
  broker:
    name: {{ shared | dig("broker", "name", randAlphaNum(8)) }}
outputs: |
  url: http://{{ shared.broker.name }}:{{ state.password }}
files: |
  conf: |
    password {{ state.password }}
"""
    assert differing(go) == differing(jinja, "jinja") == []


def test_every_value_that_differs_is_named_in_the_order_of_evaluation() -> None:
    fields = """
state: |
  kept: {{ .State.kept | default (randAlphaNum 16) }}
  password: {{ randAlphaNum 16 }}
shared: |
  brokers:
    one: {{ randAlphaNum 16 }}
    two: same
outputs: |
  password: {{ .State.password }}
  list: [same, {name: "{{ randAlphaNum 16 }}"}]
directories: |
  {{ .State.kept }}: true
files: |
  app.conf: |
    same
    password={{ .State.password }}
services: |
  web:
    image: nginx
    environment:
      PASSWORD: {{ .State.password }}
volumes: |
  "data-{{ .State.runs | default "" }}": {}
"""
    assert differing(fields) == [
        "state: password",
        "shared: brokers.one",
        "outputs: list[1].name",
        "outputs: password",
        "files: app.conf (line 2)",
        "services: web.environment.PASSWORD",
    ]


def test_what_comes_and_goes_differs_too() -> None:
    fields = """
state: |
  runs: {{ add1 (dig "runs" 0 .State) }}
  {{ if .State }}again: true{{ else }}first: true{{ end }}
outputs: |
  kind: {{ if .Init }}text{{ else }}{{ len .State }}{{ end }}
files: |
  {{ .State.runs }}.txt: text
"""
    assert differing(fields) == [
        "state: again",
        "state: first",
        "state: runs",
        "files: 1.txt",
        "files: 2.txt",
    ]


def test_a_value_that_is_left_out_of_the_patch_once_it_is_shared_stays_as_it_is() -> None:
    fields = """
shared: |
  {{ if not (dig "port" "" .Shared) }}port: {{ randNumeric 4 }}{{ end }}
outputs: |
  port: {{ .Shared.port }}
"""
    assert differing(fields) == []


def test_of_a_text_that_grows_the_first_line_that_is_new_differs() -> None:
    fields = """
state: |
  again: {{ not (not .State) }}
files: |
  list: |
    one
    two
    {{ if .State.again }}three{{ end }}
"""
    assert differing(fields) == ["state: again", "files: list (line 3)"]


def test_a_number_that_becomes_a_text_differs() -> None:
    fields = 'state: |\n  port: {{ if .State }}"1"{{ else }}1{{ end }}'
    assert differing(fields) == ["state: port"]


def test_a_command_is_run_again_only_if_that_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    script = Path("count")
    script.write_text(
        '#!/bin/sh\necho >> runs\necho "{\\"resource_outputs\\": {\\"n\\": $(wc -l < runs)}}"\n'
    )
    script.chmod(0o755)
    made = Entry(uri="cmd://./count", kind="cmd", type="tallow", path="p.provisioners.yaml", line=3)
    first = provision(made, asked())
    assert differences(made, asked(), first) == ()
    assert Path("runs").read_text() == "\n"
    found = differences(made, asked(), first, commands=True)
    assert [str(one) for one in found] == ["outputs: n"]
    assert str(unstable(made, "a.default#b", found)) == (
        "p.provisioners.yaml:3: run again on its own result it gives 1 other value: 'outputs: n'\n"
        "  in outputs of cmd://./count, for resource 'a.default#b'\n"
        "  hint: return what is made up in `resource_state`, and return that again when it is given"
    )


def test_a_second_run_that_fails_is_an_error() -> None:
    fields = "state: |\n  {{ if .State }}{{ fail `not twice` }}{{ else }}x: 1{{ end }}"
    with pytest.raises(ScoreError, match=r"not twice(?s:.*)in state of "):
        differing(fields)


def test_the_problem_has_the_place_of_the_field_and_the_idiom_of_the_first_that_differs() -> None:
    fields = "outputs: |\n  a: 1\nstate: |\n  password: {{ randAlphaNum 24 }}\nfiles: |\n  f: {{ uuidv4 }}"
    assert told(fields) == (
        "p.provisioners.yaml:6:5: run again on its own result it gives 2 other values: 'state: password', "
        "'files: f'\n"
        "  in state of template://x, for resource 'tallow.default#lantern.store'\n"
        "  hint: keep what is there: `password: {{ .State.password | default (randAlphaNum 24) }}`"
    )


def test_no_problem_where_nothing_differs() -> None:
    assert unstable(entry("state: |\n  a: 1"), "x", ()) is None


def test_of_many_values_the_first_are_told() -> None:
    fields = "outputs: |\n" + "".join(f"  k{n}: {{{{ uuidv4 }}}}\n" for n in range(8))
    named = ", ".join(f"'outputs: k{n}'" for n in range(6))
    assert f"it gives 8 other values: {named}, and 2 more\n" in told(fields)


@pytest.mark.parametrize(
    ("kind", "fields", "idiom"),
    [
        ("template", "state: |\n  id: {{ uuidv4 }}", "id: {{ .State.id | default uuidv4 }}"),
        (
            "template",
            "state: |\n  db:\n    my-key: {{ randInt 1 9999999 }}",
            'my-key: {{ dig "db" "my-key" (randInt 1 9999999) .State }}',
        ),
        (
            "template",
            'shared: |\n  n: {{ .Shared.n | default "" }}x',
            "n: {{ .Shared.n | default (randAlphaNum 16) }}",
        ),
        ("jinja", "state: |\n  id: {{ uuidv4() }}", "id: {{ state.id | default(uuidv4()) }}"),
        (
            "jinja",
            "shared: |\n  db:\n    my-key: {{ randAlpha(9) }}",
            'my-key: {{ shared | dig("db", "my-key", randAlpha(9)) }}',
        ),
    ],
)
def test_the_idiom_of_the_hint_keeps_the_value(kind: str, fields: str, idiom: str) -> None:
    assert told(fields, kind).endswith(f"\n  hint: keep what is there: `{idiom}`")
    head, _, last = fields.rpartition("\n")
    indent = last[: len(last) - len(last.lstrip())]
    assert differing(f"{head}\n{indent}{idiom}", kind) == []


@pytest.mark.parametrize(
    ("kind", "draw", "hint"),
    [
        (
            "template",
            "{{ randAlphaNum 9 }}",
            "`password: {{ .State.password | default (randAlphaNum 9) }}`, and print it from there: "
            "`{{ .State.password }}`",
        ),
        (
            "jinja",
            "{{ randAlphaNum(9) }}",
            "`password: {{ state.password | default(randAlphaNum(9)) }}`, and print it from there: "
            "`{{ state.password }}`",
        ),
    ],
)
def test_what_is_drawn_outside_of_the_state_is_to_be_kept_in_it(kind: str, draw: str, hint: str) -> None:
    fields = f"services: |\n  web:\n    image: nginx\n    environment:\n      PASSWORD: {draw}"
    assert told(fields, kind).endswith(f"\n  hint: keep it in state: {hint}")


TREES: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "a"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
MAPPINGS: st.SearchStrategy[Mapping[str, object]] = st.dictionaries(st.sampled_from("abc"), TREES, max_size=3)


def plain(value: object) -> object:
    """``value`` as what has the same ``repr`` exactly if it is equal and of the same types."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in sorted(value.items())}
    return [plain(item) for item in value] if isinstance(value, list) else value


@settings(max_examples=300)
@given(MAPPINGS, MAPPINGS, MAPPINGS)
def test_the_shared_state_differs_exactly_if_the_second_patch_changes_it(
    shared: Mapping[str, object], first: Mapping[str, object], second: Mapping[str, object]
) -> None:
    before = Scratch(shared, first)
    after = Scratch(before, second)
    one, other = ProvisionResult(shared_patch=first), ProvisionResult(shared_patch=second)
    found = compared(asked(shared=shared), one, other)
    assert bool(found) == (repr(plain(before)) != repr(plain(after)))
