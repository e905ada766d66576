from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from engineering import ROUTE, THING, TOPIC, Project, score, tree

from doit_score.engine.shared.settling import MAX_ROUNDS
from doit_score.engine.stages import rounds
from doit_score.store.rows import KeptRow, ResourceRow, WarningRow
from doit_score.store.state import open_state
from doit_score.text import canonical

COUNTER = """\
- uri: template://tests/counter
  type: counter
  shared: |
    count: {{ add1 (dig "count" 0 .Shared) }}
  outputs: |
    count: {{ .Shared.count }}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(project="p")


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The uids of the resources whose provisioners ran, in order; to be cleared between runs."""
    found: list[str] = []
    run_entry = rounds.run_entry  # type: ignore[attr-defined]  # what the module uses

    def counting(entry, given, **more):  # type: ignore[no-untyped-def]  # as provisioning.run.provision
        found.append(given.uid)
        return run_entry(entry, given, **more)

    monkeypatch.setattr(rounds, "run_entry", counting)
    yield found


def runs(project: Project, ran: list[str], **settings: object) -> list[str]:
    """The provisioners that a run of ``project`` runs."""
    ran.clear()
    project.run(**settings)
    return list(ran)


def kept() -> dict[str, str]:
    with open_state("state") as state:
        return {row.uid: row.state for row in state.rows(KeptRow)}


def test_resources_are_run_by_their_depth_and_then_by_their_names(project: Project, ran: list[str]) -> None:
    project.provisioner(THING)
    project.write("b.score.yaml", score("beta", {"one": "{type: thing}"}))
    project.write(
        "score.yaml",
        score(
            "alpha",
            {
                "aaa": "{type: thing, params: {say: '${resources.bbb.name}'}}",
                "bbb": "{type: thing, params: {say: '${resources.ccc.name}'}}",
                "ccc": "{type: thing}",
            },
        ),
    )
    assert runs(project, ran) == [
        "thing.default#alpha.ccc",
        "thing.default#beta.one",
        "thing.default#alpha.bbb",
        "thing.default#alpha.aaa",
    ]


def test_only_the_changed_resource_and_those_that_refer_to_its_outputs_are_run(
    project: Project, ran: list[str]
) -> None:
    def write(said: str) -> None:
        project.write(
            "score.yaml",
            score(
                "alpha",
                {
                    "base": f"{{type: thing, params: {{say: {said}}}}}",
                    "next": "{type: thing, params: {say: '${resources.base.said}'}}",
                    "name": "{type: thing, params: {say: '${resources.next.name}'}}",
                    "other": "{type: thing}",
                },
            ),
        )

    project.provisioner(THING)
    write("one")
    project.run()
    write("two")
    # The name that the second one hands on is the same as before.
    assert runs(project, ran) == [f"thing.default#alpha.{name}" for name in ("base", "next", "name")]
    assert project.outputs("thing.default#alpha.next")["said"] == "two"
    project.write("b.score.yaml", score("beta", {"more": "{type: thing}"}))
    assert runs(project, ran) == ["thing.default#beta.more"]


def test_a_run_without_a_change_runs_nothing(project: Project, ran: list[str]) -> None:
    project.provisioner(THING, TOPIC, ROUTE)
    resources = {"one": "{type: thing}", "two": "{type: topic}", "way": "{type: route, params: {host: h}}"}
    project.write("score.yaml", score("alpha", resources))
    project.run()
    ran.clear()
    project.engine().provision()
    assert ran == []


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: "# a comment\n" + text,
        lambda text: text.replace("  type: thing\n", "  type: thing\n  description: some\n"),
        lambda text: ROUTE + text,
    ],
)
def test_what_does_not_matter_in_a_provisioner_file_runs_nothing(
    project: Project, ran: list[str], edit: Callable[[str], str]
) -> None:
    project.provisioner(THING)
    project.write("score.yaml", score("alpha", {"one": "{type: thing}"}))
    project.run()
    project.provisioner(edit(THING))
    assert runs(project, ran) == []


def test_an_edit_of_an_entry_runs_its_resources_alone_and_keeps_their_values(
    project: Project, ran: list[str]
) -> None:
    project.provisioner(THING, TOPIC)
    project.write("score.yaml", score("alpha", {"one": "{type: thing}", "two": "{type: topic}"}))
    project.run()
    before = project.outputs("thing.default#alpha.one")
    project.provisioner(THING.replace("nothing", "silence"), TOPIC)
    assert runs(project, ran) == ["thing.default#alpha.one"]
    assert project.outputs("thing.default#alpha.one") == {**before, "said": "silence"}


def test_an_entry_that_comes_before_takes_the_resources_that_it_fits(
    project: Project, ran: list[str]
) -> None:
    project.provisioner(THING)
    project.write("score.yaml", score("alpha", {"one": "{type: thing, class: big}", "two": "{type: thing}"}))
    project.run()
    big = THING.replace("tests/thing", "tests/big").replace("type: thing", "type: thing\n  class: big")
    project.provisioner(big, file="provisioners/10-big.provisioners.yaml")
    assert runs(project, ran) == ["thing.big#alpha.one"]
    os.remove("provisioners/10-big.provisioners.yaml")
    assert runs(project, ran) == ["thing.big#alpha.one"]


def test_a_shared_name_is_the_same_for_all_and_who_does_not_read_it_is_not_run(
    project: Project, ran: list[str]
) -> None:
    project.provisioner(THING, TOPIC)
    project.write("a.score.yaml", score("alpha", {"one": "{type: topic}", "two": "{type: thing}"}))
    project.run()
    host = project.outputs("topic.default#alpha.one")["host"]
    project.write("b.score.yaml", score("beta", {"one": "{type: topic}"}))
    assert runs(project, ran) == ["topic.default#beta.one"]
    assert project.outputs("topic.default#beta.one")["host"] == host


def test_what_reads_a_list_of_all_is_run_again_when_the_list_changes(
    project: Project, ran: list[str]
) -> None:
    project.provisioner(ROUTE)
    for name in ("alpha", "beta"):
        project.write(
            f"{name}.score.yaml", score(name, {"way": f"{{type: route, params: {{host: {name}}}}}"})
        )
    # The first one has not seen the second, and the second not what it adds itself.
    uids = [f"route.default#{name}.way" for name in ("alpha", "beta")]
    assert runs(project, ran) == [*uids, *uids]
    project.write("beta.score.yaml", score("beta", {"way": "{type: route, params: {host: other}}"}))
    assert runs(project, ran) == [uids[1], *uids]
    assert tree()["proxy/routes.conf"][0].split() == ["alpha", uids[0], "other", uids[1]]
    os.remove("beta.score.yaml")
    assert runs(project, ran) == [uids[0]]
    assert tree()["proxy/routes.conf"][0].split() == ["alpha", uids[0]]


def test_the_ports_of_another_workload_count_for_who_looked_at_them(project: Project, ran: list[str]) -> None:
    project.provisioner(
        """\
- uri: template://tests/port
  type: port
  outputs: |
    port: {{ (index (index .WorkloadServices "alpha").Ports "web").TargetPort }}
"""
    )

    def write(name: str, port: int) -> None:
        ports = f"service: {{ports: {{web: {{port: 80, targetPort: {port}}}}}}}\n"
        project.write(f"{name}.score.yaml", score(name) + ports)

    write("alpha", 8080)
    write("beta", 8080)
    project.write("user.score.yaml", score("user", {"port": "{type: port}"}))
    assert runs(project, ran) == ["port.default#user.port"]
    write("beta", 9090)
    assert runs(project, ran) == []
    write("alpha", 9090)
    assert runs(project, ran) == ["port.default#user.port"]
    assert project.outputs("port.default#user.port") == {"port": 9090}


def test_an_environment_variable_counts_for_the_template_that_looked_at_it(
    project: Project, ran: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project.provisioner(
        THING,
        """\
- uri: template://tests/user
  type: user
  outputs: |
    name: {{ env "ENGINE_USER" | quote }}
""",
    )
    project.write("score.yaml", score("alpha", {"me": "{type: user}", "one": "{type: thing}"}))
    monkeypatch.delenv("ENGINE_USER", raising=False)
    project.run()
    monkeypatch.setenv("ENGINE_OTHER", "1")
    assert runs(project, ran) == []
    monkeypatch.setenv("ENGINE_USER", "me")
    assert runs(project, ran) == ["user.default#alpha.me"]
    assert project.outputs("user.default#alpha.me") == {"name": "me"}
    assert runs(project, ran, environment={"ENGINE_USER": "you"}) == ["user.default#alpha.me"]
    assert project.outputs("user.default#alpha.me") == {"name": "you"}
    message = project.fails(environment={"ENGINE_USER": "you"}, hermetic=True)
    assert "the environment must not be read in hermetic mode" in message


def test_the_program_of_a_command_counts(project: Project, ran: list[str]) -> None:
    project.provisioner("- uri: cmd://./tool.sh\n  type: tool\n  inputs: []\n")
    project.write("score.yaml", score("alpha", {"it": "{type: tool}"}))
    project.write("tool.sh", """#!/bin/sh\necho '{"resource_outputs": {"n": 1}}'\n""")
    os.chmod("tool.sh", 0o755)
    assert runs(project, ran) == ["tool.default#alpha.it"]
    assert runs(project, ran) == []
    project.write("tool.sh", """#!/bin/sh\necho '{"resource_outputs": {"n": 2}}'\n""")
    assert runs(project, ran) == ["tool.default#alpha.it"]
    assert project.outputs("tool.default#alpha.it") == {"n": 2}


def test_force_runs_everything_once_with_the_kept_values(project: Project, ran: list[str]) -> None:
    project.provisioner(THING, TOPIC)
    project.write("score.yaml", score("alpha", {"one": "{type: thing}", "two": "{type: topic}"}))
    project.run()
    before = Path("compose.yaml").read_bytes()
    assert runs(project, ran, force=True) == ["thing.default#alpha.one", "topic.default#alpha.two"]
    assert Path("compose.yaml").read_bytes() == before


def test_a_failure_keeps_what_the_others_generated_and_commits_nothing_else(
    project: Project, ran: list[str]
) -> None:
    broken = '- uri: template://tests/broken\n  type: broken\n  outputs: |\n    {{ fail "not yet" }}\n'
    project.provisioner(THING, TOPIC, broken)
    project.write("score.yaml", score("alpha", {"one": "{type: thing}"}))
    project.run()
    before = Path("compose.yaml").read_bytes()
    resources = {
        "one": "{type: thing, params: {say: more}}",
        "two": "{type: topic}",
        "bad": "{type: broken}",
        "sad": "{type: thing, params: {say: '${resources.bad.name}'}}",
    }
    project.write("score.yaml", score("alpha", resources))
    assert project.fails() == (
        "provisioners/50-tests.provisioners.yaml:23:8: fail: not yet\n"
        '  | {{ fail "not yet" }}\n'
        "  in outputs of template://tests/broken, for resource 'broken.default#alpha.bad'"
    )
    values = kept()
    assert sorted(values) == ["thing.default#alpha.one", "topic.default#alpha.two"]
    assert Path("compose.yaml").read_bytes() == before
    assert project.outputs("thing.default#alpha.one")["said"] == "nothing"
    with open_state("state") as state:
        assert [row.uid for row in state.rows(ResourceRow)] == ["thing.default#alpha.one"]
        shared = state.meta().texts["attic"]
    project.provisioner(THING, TOPIC, broken.replace('{{ fail "not yet" }}', "name: good"))
    project.run()
    assert {uid: value for uid, value in kept().items() if uid in values} == values
    assert f'"broker":"{project.outputs("topic.default#alpha.two")["host"]}"' in shared


def test_a_command_that_is_not_there_keeps_what_the_others_generated(project: Project) -> None:
    project.provisioner(THING, "- uri: cmd://no-such-command-of-ours\n  type: tool\n")
    project.write("score.yaml", score("alpha", {"one": "{type: thing}", "zzz": "{type: tool}"}))
    assert "the command 'no-such-command-of-ours' is not on PATH" in project.fails()
    assert list(kept()) == ["thing.default#alpha.one"]


def test_who_fails_only_when_it_has_seen_the_others_fails_the_run(project: Project) -> None:
    """The first round is fine; in the second one the earlier resource reads what the later contributed."""
    project.provisioner(
        """\
- uri: template://tests/early
  type: early
  state: |
    name: {{ dig "name" (randAlphaNum 8) .State | quote }}
  outputs: |
    late: {{ if hasKey .Shared "late" }}{{ fail "too late" }}{{ end }}
- uri: template://tests/late
  type: late
  state: |
    name: {{ dig "name" (randAlphaNum 8) .State | quote }}
  shared: |
    late: true
"""
    )
    project.write("score.yaml", score("alpha", {"one": "{type: early}", "two": "{type: late}"}))
    assert project.fails().endswith(
        "in outputs of template://tests/early, for resource 'early.default#alpha.one'"
    )
    values = kept()
    assert sorted(values) == ["early.default#alpha.one", "late.default#alpha.two"]
    assert not os.path.exists("compose.yaml")
    with open_state("state") as state:
        assert state.rows(ResourceRow) == []
    project.fails()
    assert kept() == values


def test_every_failure_of_a_round_is_told_at_once_and_not_what_comes_of_it(project: Project) -> None:
    project.provisioner("- uri: template://tests/bad\n  type: bad\n  outputs: |\n    {{ fail .Id }}\n")
    resources = {
        "one": "{type: bad}",
        "two": "{type: bad}",
        "then": "{type: bad, params: {it: '${resources.one.name}'}}",
    }
    project.write("score.yaml", score("alpha", resources))
    message = project.fails()
    assert re.findall(r"fail: (\S+)", message) == ["alpha.one", "alpha.two"]
    assert message.startswith("2 problems:\n")


def test_resources_that_nothing_supports_are_told_before_anything_is_run(
    project: Project, ran: list[str]
) -> None:
    project.provisioner(THING)
    project.write("score.yaml", score("alpha", {"one": "{type: thing}", "two": "{type: none}"}))
    assert "resource 'none.default#alpha.two' is not supported by any provisioner" in project.fails()
    assert ran == []


def test_a_resource_that_goes_and_comes_back_finds_its_values(project: Project) -> None:
    project.provisioner(THING)
    project.write("score.yaml", score("alpha", {"one": "{type: thing}"}))
    project.run()
    name = project.outputs("thing.default#alpha.one")["name"]
    project.write("score.yaml", score("alpha"))
    assert (
        "removed 1 resource: thing.default#alpha.one (what was generated is kept for a return; "
        "`generate --forget` drops it)"
    ) in project.run()
    project.provisioner(THING.replace("tests/thing", "tests/other"))
    project.write("score.yaml", score("alpha", {"one": "{type: thing}"}))
    project.run()
    assert project.outputs("thing.default#alpha.one")["name"] == name


def test_a_resource_that_changes_at_each_run_keeps_its_first_result_and_is_told(
    project: Project, ran: list[str]
) -> None:
    project.provisioner(
        COUNTER,
        """\
- uri: template://tests/mirror
  type: mirror
  shared: |
    mirror: {{ add1 (dig "count" 0 .Shared) }}
  outputs: |
    seen: {{ dig "count" 0 .Shared }}
""",
        """\
- uri: template://tests/back
  type: aback
  shared: |
    count: {{ add1 (dig "mirror" 0 .Shared) }}
  outputs: |
    count: {{ .Shared.count }}
""",
    )
    project.write("score.yaml", score("alpha", {"one": "{type: mirror}", "two": "{type: aback}"}))
    said = project.run()
    message = (
        "resource '{}' does not settle: it reads '{}' of the shared state, which resource '{}' changes at "
        "each run; its first result was kept\n"
        "  hint: let the `shared` template of its provisioner print the same again once the value is there"
    )
    uids = ["aback.default#alpha.two", "mirror.default#alpha.one"]
    assert [text for text in said if "settle" in text] == [
        message.format(uids[0], "mirror", uids[1]),
        message.format(uids[1], "count", uids[0]),
    ]
    assert project.outputs("aback.default#alpha.two") == {"count": 1}
    assert project.outputs("mirror.default#alpha.one") == {"seen": 1}
    assert len(ran) == 2 * MAX_ROUNDS
    # Nothing has changed, so nothing is run, ...
    assert runs(project, ran) == []
    project.write("b.score.yaml", score("beta"))
    assert runs(project, ran) == []
    # ... and one who is strict hears of it all the same.
    assert project.fails(strict=True).count("does not settle") == 2
    with open_state("state") as state:
        assert [row.owner for row in state.rows(WarningRow) if row.kind == "resource"] == uids


def test_a_counter_that_reads_what_it_wrote_is_told_and_keeps_its_first_result(
    project: Project, ran: list[str]
) -> None:
    project.provisioner(COUNTER)
    project.write("score.yaml", score("alpha", {"one": "{type: counter}"}))
    told = [text for text in project.run() if "settle" in text]
    assert told == [
        "resource 'counter.default#alpha.one' does not settle: it reads 'count' of the shared state, which "
        "it itself changes at each run; its first result was kept\n"
        "  hint: let the `shared` template of its provisioner print the same again once the value is there"
    ]
    assert project.outputs("counter.default#alpha.one") == {"count": 1}
    assert runs(project, ran) == []


def test_a_resource_that_may_see_what_it_contributed_is_run_until_that_changes_nothing(
    project: Project, ran: list[str]
) -> None:
    """So it is the same whether it was here before or has just come."""
    project.provisioner(
        """\
- uri: template://tests/mine
  type: mine
  outputs: |
    seen: {{ hasKey .Shared "mine" }}
  shared: |
    {{ if hasKey .Shared "mine" }}old{{ else }}new{{ end }}: 1
    mine: 1
"""
    )
    project.write("score.yaml", score("alpha", {"one": "{type: mine}"}))
    assert runs(project, ran) == ["mine.default#alpha.one"] * 2
    with open_state("state") as state:
        (row,) = state.rows(ResourceRow)
    assert row.patch == '{"mine":1,"old":1}'


def test_one_who_never_settles_does_not_keep_the_others_from_it(project: Project) -> None:
    """Nor does one who merely shows what others count: both have all that is there in the end."""
    project.provisioner(
        COUNTER,
        ROUTE,
        """\
- uri: template://tests/shown
  type: ashown
  outputs: |
    all: {{ .Shared | toJson | quote }}
""",
    )
    for name in ("alpha", "beta"):
        resources = {
            "count": "{type: counter}",
            "way": f"{{type: route, params: {{host: {name}}}}}",
            "shown": "{type: ashown}",
        }
        project.write(f"{name}.score.yaml", score(name, resources))
    counters = ["counter.default#alpha.count", "counter.default#beta.count"]
    settle = [text for text in project.run() if "settle" in text]
    assert settle == [
        f"resource '{counters[0]}' does not settle: it reads 'count' of the shared state, which it and "
        f"resource '{counters[1]}' change at each run; its first result was kept\n"
        "  hint: let the `shared` template of its provisioner print the same again once the value is there",
        f"resource '{counters[1]}' does not settle: it reads 'count' of the shared state, which it and "
        f"resource '{counters[0]}' change at each run; its first result was kept\n"
        "  hint: let the `shared` template of its provisioner print the same again once the value is there",
    ]
    assert tree()["proxy/routes.conf"][0].split()[::2] == ["alpha", "beta"]
    routes = '{"route.default#alpha.way":"alpha","route.default#beta.way":"beta"}'
    for name in ("alpha", "beta"):
        assert project.outputs(f"ashown.default#{name}.shown") == {"all": f'{{"count":2,"routes":{routes}}}'}


def test_a_chain_in_which_each_reads_what_the_next_one_contributes_settles(project: Project) -> None:
    """However long it is: no resource of it is run often."""
    number = MAX_ROUNDS + 3
    project.provisioner(
        """\
- uri: template://tests/link
  type: link
  shared: |
    {{ .Params.own }}: {{ add1 (dig .Params.next 0 .Shared) }}
  outputs: |
    length: {{ index .Shared .Params.own }}
"""
    )
    resources = {
        f"r{i:02}": f"{{type: link, params: {{own: k{i:02}, next: k{i + 1:02}}}}}" for i in range(number)
    }
    project.write("score.yaml", score("alpha", resources))
    assert not [text for text in project.run() if "settle" in text]
    assert project.outputs("link.default#alpha.r00") == {"length": number}


def test_who_did_not_settle_is_tried_again_as_soon_as_something_else_changes(
    project: Project, ran: list[str]
) -> None:
    """Since it may settle then, even if what it reads is the same."""
    echo = """\
- uri: template://tests/echo
  type: echo
  shared: |
    echo: {{ print (dig "flag" "-" .Shared) "!" | quote }}
  outputs: |
    heard: {{ dig "flag" "-" .Shared | quote }}
"""
    flag = """\
- uri: template://tests/flag
  type: flag
  shared: |
    flag: {{ print (dig "echo" "-" .Shared) "?" | quote }}
"""
    project.provisioner(echo, flag, THING)
    project.write("score.yaml", score("alpha", {"one": "{type: echo}", "two": "{type: flag}"}))
    assert sum("does not settle" in text for text in project.run()) == 2
    project.write("b.score.yaml", score("beta"))
    assert runs(project, ran) == []
    project.write("b.score.yaml", score("beta", {"thing": "{type: thing}"}))
    runs(project, ran)
    assert [ran.count(uid) for uid in ("echo.default#alpha.one", "flag.default#alpha.two")] == [8, 8]
    with open_state("state") as state:
        (flagged,) = [
            canonical.mapping(r.patch)["flag"] for r in state.rows(ResourceRow) if '"flag"' in r.patch
        ]
    project.provisioner(
        echo, flag.replace('{{ print (dig "echo" "-" .Shared) "?" | quote }}', f'"{flagged}"'), THING
    )
    assert not [text for text in project.run() if "settle" in text]
    assert project.outputs("echo.default#alpha.one") == {"heard": flagged}
