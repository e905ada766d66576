"""The fixture `provision`, as those use it who test provisioners."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from doit_score.testing import Failed, Made, Provision

CACHE = """
- uri: template://tests/cache
  type: cache
  supported_params: [megabytes]
  expected_outputs: [host, port]
  state: |
    host: {{ dig "host" (print "cache-" (randAlphaNum 6 | lower)) .State }}
  shared: |
    caches:
      {{ .State.host }}: {{ .Uid }}
  outputs: |
    host: {{ .State.host }}
    port: 11211
  directories: |
    {{ .State.host }}/data: true
  files: |
    {{ .State.host }}/conf: size={{ dig "megabytes" 64 (.Params | default dict) }}
    old: null
  networks: |
    back: {}
  volumes: |
    {{ .State.host }}-data: {}
  secrets: |
    key: {file: {{ .MountsDirectory }}/key}
  configs: |
    conf: {content: size}
  services: |
    {{ .State.host }}:
      image: memcached
  info_logs: |
    - made {{ .Id }}
"""


def test_all_that_a_provisioner_makes(provision: Provision) -> None:
    made = provision(CACHE, params={"megabytes": 32}, shared={"caches": {"other": "x"}, "more": 1})
    host = made.outputs["host"]
    assert isinstance(made, Made)
    assert repr(made) == "Made('cache.default#example.cache')"
    assert (made.uid, made.outputs) == ("cache.default#example.cache", {"host": host, "port": 11211})
    assert made.state == {"host": host}
    assert made.shared == {"caches": {"other": "x", host: made.uid}, "more": 1}
    assert made.services == {host: {"image": "memcached"}}
    assert made.volumes == {f"{host}-data": {}}
    assert made.networks == {"back": {}}
    assert made.secrets == {"key": {"file": "state/mounts/key"}}
    assert made.configs == {"conf": {"content": "size"}}
    assert made.sections == {
        "services": made.services,
        "volumes": made.volumes,
        "networks": made.networks,
        "secrets": made.secrets,
        "configs": made.configs,
    }
    assert made.files == {f"{host}/conf": "size=32", "old": None}
    assert made.directories == {f"{host}/data": True}
    assert made.info_logs == ("made example.cache",)
    assert made.warnings == ()


def test_what_is_not_given_is_empty(provision: Provision) -> None:
    made = provision("- uri: template://x\n  type: x\n")
    assert (made.outputs, made.state, made.shared, made.sections, made.files) == ({}, {}, {}, {}, {})
    assert (made.services, made.volumes, made.networks, made.directories) == ({}, {}, {}, {})
    assert (made.secrets, made.configs) == ({}, {})
    assert (made.info_logs, made.warnings) == ((), ())


def test_what_is_suspicious_is_a_warning(provision: Provision) -> None:
    (warning,) = provision(CACHE, params={"size": 1}).warnings
    assert "unknown param 'size'" in warning


SEES = """
- uri: template://tests/sees
  type: sees
  class: deep
  state: |
    kept: {{ .State.kept }}
  outputs: |
    all: [{{ .Uid }}, {{ .SourceWorkload }}, {{ .State.kept }}, {{ env "WHO" }}]
    port: {{ with index .WorkloadServices "api" }}{{ (index .Ports "web").TargetPort }}{{ end }}
    own: {{ with index .WorkloadServices .SourceWorkload }}{{ (index .Ports "http").Port }}{{ end }}
    team: {{ dig "annotations" "team" "" .Metadata }}
    name: {{ .Params.name }}
"""
SCORE = """
apiVersion: score.dev/v1b1
metadata: {name: shop}
containers: {main: {image: nginx}}
service: {ports: {http: {port: 80}}}
"""


def test_all_that_can_be_said_of_a_resource(provision: Provision) -> None:
    made = provision(
        SEES,
        type="sees",
        id="one",
        params={"name": "of ${metadata.name}"},
        metadata={"annotations": {"team": "blue"}},
        workload=SCORE,
        state={"kept": 7},
        services={"api": {"web": {"port": 80, "targetPort": 8080}}},
        env={"WHO": "me"},
    )
    assert made.outputs == {
        "all": ["sees.deep#one", "shop", 7, "me"],
        "port": 8080,
        "own": 80,
        "team": "blue",
        "name": "of shop",
    }


def test_a_workload_may_be_a_file_or_a_document(
    provision: Provision, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "- uri: template://x\n  type: x\n  outputs: |\n    a: {{ .SourceWorkload }}\n"
    path = tmp_path / "shop.yaml"
    path.write_text(SCORE)
    document = {
        "apiVersion": "score.dev/v1b1",
        "metadata": {"name": "other"},
        "containers": {"main": {"image": "."}},
    }
    assert provision(text, workload=path).outputs == {"a": "shop"}
    assert provision(text, workload=str(path)).outputs == {"a": "shop"}
    assert provision(text, workload=document).outputs == {"a": "other"}
    assert provision(text).outputs == {"a": "example"}


def test_a_provisioner_of_the_project_by_its_type(provision: Provision) -> None:
    (name,) = provision("redis").services
    assert name.startswith("redis-")
    assert provision("provisioners/volume.provisioners.yaml").outputs["type"] == "volume"


def test_provisioners_of_the_project_are_found_from_a_directory_below(pytester: pytest.Pytester) -> None:
    tests = pytester.mkdir("tests")
    pytester.mkdir("provisioners").joinpath("cache.provisioners.yaml").write_text(CACHE)
    pytester.makeini("[pytest]")
    tests.joinpath("test_it.py").write_text(
        "def test_it(provision):\n"
        "    assert provision('cache').uid == 'cache.default#example.cache'\n"
        "    assert provision('provisioners/cache.provisioners.yaml').again()\n"
    )
    pytester.chdir()
    os.chdir("tests")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_a_second_run_sees_what_the_first_one_left(provision: Provision) -> None:
    made = provision(CACHE)
    again = made.again()
    assert (again.state, again.shared, again.outputs) == (made.state, made.shared, made.outputs)
    again.again()


def test_one_that_reads_what_it_shares_is_made_as_a_project_has_it(provision: Provision) -> None:
    made = provision(
        "- uri: template://x\n  type: x\n"
        "  init: |\n    seen: {{ dig `a` `` .Shared }}\n"
        "  state: |\n    {{ with .Init.seen }}a: {{ . }}{{ end }}\n"
        "  shared: |\n    a: {{ dig `a` (randAlpha 8) .Shared }}\n"
    )
    assert made.state == made.shared
    assert len(made.state["a"]) == 8
    made.again()


def test_what_is_drawn_is_the_same_in_each_run_and_never_twice_in_a_test(
    provision: Provision, pytester: pytest.Pytester
) -> None:
    text = "- uri: template://x\n  type: x\n  state: |\n    a: [{{ randAlphaNum 8 }}, {{ uuidv4 }}]\n"
    one, other = provision(text).state["a"], provision(text).state["a"]
    assert len({*one, *other}) == 4
    pytester.makepyfile(f"def test(provision):\n    assert provision({text!r}).state['a'] == {one!r}\n")
    pytester.runpytest_subprocess("-p", "no:randomly").assert_outcomes(passed=1)


def told(failure: pytest.ExceptionInfo[Failed]) -> str:
    return str(failure.value)


def test_what_differs_in_a_second_run_is_shown_with_both_values(provision: Provision) -> None:
    text = """
    - uri: template://x
      type: x
      state: |
        runs: {{ add1 (dig "runs" 0 .State) }}
        {{ if .State }}second: yes{{ end }}
      shared: |
        total: {{ add1 (dig "total" 0 .Shared) }}
      files: |
        app.conf: |
          same
          runs={{ .State.runs }}
      services: |
        web:
          image: nginx
          environment:
            RUNS: {{ .State.runs }}
    """
    made = provision(text)
    with pytest.raises(Failed) as failure:
        made.again()
    assert told(failure) == (
        "run again on its own result it gives 5 other values: 'state: runs', 'state: second', "
        "'shared: total', 'files: app.conf (line 2)', 'services: web.environment.RUNS'\n"
        "  state: runs\n    first: 1\n    then:  2\n"
        '  state: second\n    first: (nothing)\n    then:  "yes"\n'
        "  shared: total\n    first: 1\n    then:  2\n"
        "  files: app.conf (line 2)\n    first: runs=1\n    then:  runs=2\n"
        '  services: web.environment.RUNS\n    first: "1"\n    then:  "2"\n'
        "hint: keep what is there: `runs: {{ .State.runs | default (randAlphaNum 16) }}`"
    )


def test_a_provisioner_that_fails_is_told_with_what_it_printed_and_no_more(provision: Provision) -> None:
    with pytest.raises(Failed) as failure:
        provision(
            "- uri: template://x\n  type: x\n  state: |\n    good: 1\n  outputs: |\n    a: b: c\n"
            "  files: |\n    x: 1\n"
        )
    message = told(failure)
    assert (
        message
        == """\
x.default#example.x
by template://x ((text):1)

outputs
  printed:
  > 1 | a: b: c
  error: (text):6:5: what it printed is refused: not YAML: mapping values are not allowed in this context
    hint: put text that has ': ' in it in quotes, and let all keys of a mapping begin in one column

files
  printed:
  > 1 | x: 1
  error: (text):8:5: expected text or null for 'x', found a number
    hint: quote it, or write it as a block with `|`

it failed"""
    )


@pytest.mark.parametrize(
    ("provisioner", "message"),
    [
        ("none/x.yaml", "there is no file 'none/x.yaml'\n  hint: it was looked for in '"),
        ("rediz", "there is no provisioner for type 'rediz'\n  hint: did you mean 'redis'?"),
        ("- uri: what://x\n  type: y\n", "(text):1:8: the uri 'what://x' has the unknown scheme 'what'"),
    ],
)
def test_what_there_is_not(provisioner: str, message: str, provision: Provision) -> None:
    with pytest.raises(Failed) as failure:
        provision(provisioner)
    assert told(failure).startswith(message)


def test_a_command_is_run_for_each_run_and_has_the_environment(
    provision: Provision, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    script = Path("script")
    script.write_text(
        '#!/bin/sh\necho x >> runs\necho told >&2\necho "{\\"resource_outputs\\": {\\"who\\": \\"$WHO\\"}}"\n'
    )
    script.chmod(0o755)
    made = provision("- uri: cmd://./script\n  type: x\n", env={"WHO": "me"})
    assert (made.outputs, made.info_logs, os.path.getsize("runs")) == ({"who": "me"}, ("told",), 2)
    made.again()
    assert os.path.getsize("runs") == 4
    script.write_text("#!/bin/sh\necho bad >&2; exit 3\n")
    with pytest.raises(Failed) as failure:
        made.again()
    assert "  stderr:\n    1 | bad\n  exit status: 3\n" in told(failure)


def test_a_failure_has_no_secret_of_the_environment(provision: Provision) -> None:
    text = "- uri: template://x\n  type: x\n  outputs: |\n    password: {{ env `SECRET` }}\n    a: b: c\n"
    with pytest.raises(Failed) as failure:
        provision(text, env={"SECRET": "hunter2"})
    assert "    1 | password: *****\n  > 2 | a: b: c\n" in told(failure)


def test_a_provisioner_for_kubernetes(provision: Provision) -> None:
    made = provision("redis", target="kubernetes")
    host = made.outputs["host"]
    assert [*made.manifests] == [f"/v1/Secret/{host}", f"/v1/Service/{host}", f"/apps/v1/StatefulSet/{host}"]
    assert made.manifests[f"/v1/Service/{host}"]["spec"]["ports"] == [{"name": "redis", "port": 6379}]
    assert made.services == {}
    made.again()
