"""A run of one entry and one on its own result, with all that was to be seen."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from test_provisioning_observing import script
from test_provisioning_run import entry, given

from doit_score.provisioning.model import ProvisionResult
from doit_score.trying.trial import Finding, Trial, run


def told(trial: Trial) -> list[str]:
    return [problem.message.rpartition("://x: ")[2].partition("\n")[0] for problem in trial.problems]


def test_every_field_with_what_it_printed_and_what_became_of_it() -> None:
    fields = "state: |\n  a: {{ .State.a | default 1 }}\noutputs: |\n  b: 2\ninfo_logs: |\n  - hello"
    tried = run(entry(fields), given(state={"a": 7}))
    seen = [(one.name, one.printed, one.value, one.findings) for one in tried.fields]
    assert seen == [
        ("state", "a: 7", {"a": 7}, ()),
        ("outputs", "b: 2", {"b": 2}, ()),
        ("info_logs", "- hello", ("hello",), ()),
    ]
    sources = [(one.source.text, one.source.line) for one in tried.fields if one.source is not None]
    assert sources == [("a: {{ .State.a | default 1 }}\n", 4), ("b: 2\n", 6), ("- hello\n", 8)]
    states = [one.data["State"] for one in tried.fields if one.data is not None]
    assert states == [{"a": 7}, {"a": 7}, {"a": 7}]
    assert tried.result == tried.second
    assert tried.result == ProvisionResult(state={"a": 7}, outputs={"b": 2}, info_logs=("hello",))
    assert (tried.is_stable, tried.differences, list(tried.problems)) == (True, (), [])


def test_problems_are_with_their_fields_and_the_rest_beside_them() -> None:
    fields = (
        "supported_params: [size]\nexpected_outputs: [host]\noutputs: |\n  a: {{ .Params.x }}\n"
        "services: |\n  web:\n    ports: 3\nvolumes: |\n  a: {{ fail `no` }}"
    )
    tried = run(entry(fields), given(params={"sise": 1}))
    found = {one.name: [(f.is_error, f.printed) for f in one.findings] for one in tried.fields}
    assert found == {
        "outputs": [(False, 1), (False, None)],
        "services": [(True, 2)],
        "volumes": [(True, None)],
    }
    assert {one.name: (one.printed, one.value) for one in tried.fields} == {
        "outputs": ("a: <no value>", {"a": "<no value>"}),
        "services": ("web:\n  ports: 3", None),
        "volumes": (None, None),
    }
    assert [(f.is_error, f.printed) for f in tried.findings] == [(False, None)]
    assert (tried.result, tried.second, tried.is_stable) == (None, None, None)
    assert len(told(tried)) == 5


def test_what_fails_early_leaves_later_fields_unseen() -> None:
    tried = run(entry("init: |\n  {{ fail `no` }}\noutputs: |\n  a: 1"), given())
    assert [one.name for one in tried.fields] == ["init"]
    assert tried.result is None


def test_a_second_run_that_gives_something_else() -> None:
    tried = run(entry("state: |\n  a: {{ uuidv4 }}"), given())
    assert (tried.is_stable, [str(one) for one in tried.differences]) == (False, ["state: a"])
    assert told(tried) == ["run again on its own result it gives 1 other value: 'state: a'"]


def test_a_second_run_that_fails() -> None:
    tried = run(entry("state: |\n  a: {{ if .State }}{{ fail `no` }}{{ end }}"), given())
    assert tried.result == ProvisionResult(state={"a": None})
    assert (tried.is_stable, tried.second, tried.differences) == (False, None, ())
    assert list(tried.problems) == list(tried.failed_again)
    assert len(tried.failed_again) == 1


def test_the_second_run_sees_what_the_first_shared() -> None:
    fields = "shared: |\n  a: {{ add1 (dig `a` 0 .Shared) }}"
    tried = run(entry(fields), given(shared={"a": 4}))
    assert tried.result == ProvisionResult(shared_patch={"a": 5})
    assert tried.second == ProvisionResult(shared_patch={"a": 6})


def test_one_that_reads_what_it_shares_is_run_until_that_stays_as_in_a_project() -> None:
    kept = "state: |\n  signed: {{ .State.signed | default (dig `authority` `` .Shared) }}\n"
    asked = given(shared={"other": 1})
    tried = run(entry(kept + "shared: |\n  authority: {{ dig `authority` (randAlpha 8) .Shared }}"), asked)
    assert (tried.is_stable, tried.runs) == (True, 2)
    assert tried.result is not None
    assert tried.given.shared == {"other": 1, **tried.result.shared_patch}
    assert tried.result.state == {"signed": tried.result.shared_patch["authority"]}
    assert asked.shared == {"other": 1}


def test_one_that_never_stays_is_shown_as_it_was_first() -> None:
    tried = run(entry("shared: |\n  n: {{ add1 (dig `n` 0 .Shared) }}"), given())
    assert (tried.is_stable, tried.runs, tried.result) == (False, 1, ProvisionResult(shared_patch={"n": 1}))


def test_one_that_would_not_be_run_again_at_once_is_not() -> None:
    # It changes once, but a project runs it again only when something else happens.
    tried = run(entry("state: |\n  {{ if .State }}second{{ else }}first{{ end }}: 1"), given())
    assert (tried.is_stable, tried.runs, tried.result) == (False, 1, ProvisionResult(state={"first": 1}))


RETURNED = """\
cd "$(dirname "$0")"
echo hello >&2
echo x >> runs
echo '{"resource_outputs": {"a": 1}, "compose_services": {"web": {"image": "x"}}}'"""


@pytest.mark.parametrize(("again", "runs"), [(False, 1), (True, 2)])
def test_a_command_is_run_as_often_as_that_is_wanted(
    again: bool, runs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tried = run(script(RETURNED), given(), again=again)
    assert Path("runs").read_text() == "x\n" * runs
    assert [(one.name, one.value) for one in tried.fields] == [
        ("outputs", {"a": 1}),
        ("services", {"web": {"image": "x"}}),
    ]
    assert tried.command is not None
    assert (tried.command.stderr, tried.command.status) == (b"hello\n", 0)
    assert tried.is_stable is (True if again else None)


def test_what_a_command_did_wrong_is_of_no_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tried = run(script('echo \'{"resource_outputs": 3, "what": 1}\''), given())
    assert (tried.fields, tried.result) == ((), None)
    assert [finding.is_error for finding in tried.findings] == [True, True]


def test_a_command_that_is_not_there_has_an_error_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = script("")
    Path("script").unlink()
    tried = run(made, given())
    assert (tried.command, tried.fields) == (None, ())
    assert [type(finding) for finding in tried.findings] == [Finding]


def test_variables_are_the_environment_of_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    variables: Mapping[str, str] = {"WHO": "me"}
    tried = run(
        script('echo "{\\"resource_outputs\\": {\\"who\\": \\"$WHO\\"}}"'), given(), variables=variables
    )
    assert tried.result is not None
    assert tried.result.outputs == {"who": "me"}
