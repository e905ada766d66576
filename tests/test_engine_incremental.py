"""What a run after an edit could get wrong: each of these has once been found.

The law that they are cases of is tested by ``property/test_engine.py``.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from engineering import ROUTE, THING, TOPIC, Project, check_law, score, tree

from doit_score.engine.settings import FileOptions

pytestmark = pytest.mark.usefixtures("settled")

STICKY = """\
- uri: template://tests/sticky
  type: sticky
  shared: |
    {{ if not (hasKey .Shared "name") }}
    name: {{ randAlphaNum 12 | quote }}
    {{ end }}
  outputs: |
    name: {{ .Shared.name | quote }}
    said: {{ dig "say" "nothing" (.Params | default dict) | quote }}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return Project(project="p")


def test_a_name_that_is_made_up_only_if_there_is_none_outlives_a_change_of_who_made_it_up(
    project: Project,
) -> None:
    project.provisioner(STICKY)
    project.write("score.yaml", score("alpha", {"one": "{type: sticky}"}))
    project.write("b.score.yaml", score("beta", {"two": "{type: sticky}"}))
    project.run()
    name = project.outputs("sticky.default#alpha.one")["name"]
    project.write("score.yaml", score("alpha", {"one": "{type: sticky, params: {say: more}}"}))
    project.run()
    assert project.outputs("sticky.default#alpha.one") == {"name": name, "said": "more"}
    check_law(project)
    os.remove("score.yaml")
    project.run()
    assert project.outputs("sticky.default#beta.two")["name"] == name
    check_law(project)


def test_a_provisioner_that_comes_back_finds_the_shared_name_that_it_made_up(project: Project) -> None:
    project.provisioner(TOPIC)
    project.write("score.yaml", score("alpha", {"one": "{type: topic}"}))
    project.run()
    host = project.outputs("topic.default#alpha.one")["host"]
    project.provisioner(
        TOPIC.replace("broker: {{ dig", "server: {{ dig")
        .replace('"broker"', '"server"')
        .replace(".Shared.broker", ".Shared.server")
    )
    project.run()
    assert project.outputs("topic.default#alpha.one")["host"] != host
    project.provisioner(TOPIC)
    project.run()
    assert project.outputs("topic.default#alpha.one")["host"] == host
    check_law(project)


def test_a_shared_name_that_a_param_switches_off_comes_back_with_it(project: Project) -> None:
    project.provisioner(
        TOPIC.replace("    broker: {{", "    {{ if .Params.on }}broker: {{")
        .replace("lower)) .Shared }}", "lower)) .Shared }}{{ end }}", 1)
        .replace("host: {{ .Shared.broker }}", 'host: {{ dig "broker" "none" .Shared }}')
        .replace("{{ .Shared.broker }}:", '{{ dig "broker" "none" .Shared }}:')
    )
    hosts = []
    for on in ("true", "false", "true"):
        project.write("score.yaml", score("alpha", {"one": f"{{type: topic, params: {{on: {on}}}}}"}))
        project.run()
        hosts.append(project.outputs("topic.default#alpha.one")["host"])
        check_law(project)
    assert hosts == [hosts[0], "none", hosts[0]]


def test_a_list_of_all_has_none_that_is_gone_when_a_new_one_comes(project: Project) -> None:
    """Neither by the memory of what was shared once, nor by that of the new one."""
    project.provisioner(ROUTE)
    for name in ("alpha", "beta", "gamma"):
        project.write(
            f"{name}.score.yaml", score(name, {"way": f"{{type: route, params: {{host: {name}}}}}"})
        )
    project.run()
    os.remove("beta.score.yaml")
    project.write("delta.score.yaml", score("delta", {"way": "{type: route, params: {host: delta}}"}))
    project.run()
    assert tree()["proxy/routes.conf"][0].split()[::2] == ["alpha", "delta", "gamma"]
    check_law(project)


def test_what_a_returning_resource_says_counts_and_not_what_it_once_said(project: Project) -> None:
    project.provisioner(ROUTE)
    project.write("alpha.score.yaml", score("alpha", {"way": "{type: route, params: {host: old}}"}))
    project.write("beta.score.yaml", score("beta", {"way": "{type: route, params: {host: beta}}"}))
    project.run()
    os.remove("alpha.score.yaml")
    project.run()
    project.write("alpha.score.yaml", score("alpha", {"way": "{type: route, params: {host: new}}"}))
    project.run()
    assert tree()["proxy/routes.conf"][0].split()[::2] == ["new", "beta"]
    check_law(project)


def test_two_names_that_swap_their_resources_change_what_a_param_refers_to(project: Project) -> None:
    def write(one: str, two: str) -> None:
        resources = {
            "one": f"{{type: thing, id: {one}}}",
            "two": f"{{type: thing, id: {two}}}",
            "user": "{type: thing, params: {say: '${resources.one.name} ${resources.two.name}'}}",
        }
        project.write("score.yaml", score("alpha", resources))

    project.provisioner(THING)
    write("first", "second")
    project.run()
    said = str(project.outputs("thing.default#alpha.user")["said"]).split()
    write("second", "first")
    project.run()
    assert str(project.outputs("thing.default#alpha.user")["said"]).split() == said[::-1]
    check_law(project)


@pytest.mark.parametrize("between", ["provision", "render"])
def test_a_file_that_is_edited_between_two_stages_counts_for_the_next_run(
    project: Project, between: str
) -> None:
    project.provisioner(THING)
    Path("data.txt").write_text("old")
    files = "files: {/etc/data: {source: data.txt}}\n"
    project.write("score.yaml", score("alpha", {"one": "{type: thing}"}, more=files))
    project.run()
    project.write("score.yaml", score("alpha", {"one": "{type: thing}"}, variables={"A": "'1'"}, more=files))
    engine = project.engine()
    engine.provision()
    if between == "render":
        engine.render()
    project.provisioner(THING.replace("nothing", "silence"), file="provisioners/10-new.provisioners.yaml")
    Path("data.txt").write_text("new")
    project.write("score.yaml", score("alpha", {"one": "{type: thing}"}, variables={"A": "'2'"}, more=files))
    if between == "provision":
        engine.render()
    engine.generate()
    assert project.compose()["services"]["alpha-main"]["environment"] == {"A": "1"}
    assert not project.engine().is_current()
    project.run()
    assert project.compose()["services"]["alpha-main"]["environment"] == {"A": "2"}
    assert project.outputs("thing.default#alpha.one")["said"] == "silence"
    assert [text for path, (text, _) in tree().items() if path.endswith("data")] == ["new"]
    check_law(project)


def test_another_run_between_two_stages_does_no_harm(project: Project) -> None:
    project.provisioner(THING)
    project.write("score.yaml", score("alpha", {"one": "{type: thing}"}))
    engine = project.engine()
    project.engine().init()
    engine.provision()
    project.write("score.yaml", score("alpha", {"two": "{type: thing}"}))
    project.run()
    engine.render()
    engine.generate()
    assert list(project.compose()["services"]) == ["alpha-main"]
    check_law(project)


def test_an_overrides_file_that_comes_back_counts_again(project: Project) -> None:
    def overrides(text: str) -> dict[str, object]:
        Path("over.yaml").write_text(f"containers: {{main: {{image: {text}}}}}\n")
        document = {"containers": {"main": {"image": text}}}
        return {
            "workloads": None,
            "given": (("score.yaml", FileOptions(overrides=document, overrides_file="over.yaml")),),
        }

    def image() -> object:
        return project.compose()["services"]["alpha-main"]["image"]

    project.write("score.yaml", score("alpha"))
    project.run(**overrides("one"))
    Path("over.yaml").write_text("containers: {main: {image: two}}\n")
    project.run(workloads=None)
    assert image() == "two"
    os.remove("over.yaml")
    project.run(workloads=None)
    assert image() == "two", "what it said last is remembered"
    assert project.run(workloads=None) == []
    Path("over.yaml").write_text("containers: {main: {image: three}}\n")
    project.run(workloads=None)
    assert image() == "three"


def test_a_file_that_is_given_replaces_a_changed_one_of_the_same_workload(project: Project) -> None:
    """Whatever the order of their names, what the given one declares counts."""
    project.provisioner(THING)
    for given, remembered in (("a.yaml", "b.yaml"), ("z.yaml", "y.yaml")):
        shutil.rmtree("state", ignore_errors=True)
        project.write(remembered, score("alpha", {"old": "{type: thing}"}))
        project.run(workloads=None, given=((remembered, FileOptions()),))
        project.write(remembered, score("alpha", {"old": "{type: thing}"}, variables={"A": "changed"}))
        project.write(given, score("alpha", {"new": "{type: thing}"}))
        project.run(workloads=None, given=((given, FileOptions()),))
        assert project.outputs("thing.default#alpha.new")["said"] == "nothing"
        assert project.run(workloads=None) in ([], ["compose.yaml is up to date"])


def tree_of(*, directories: str = "{}", files: str = "{}", name: str = "tree") -> str:
    return (
        f"- uri: template://tests/{name}\n  type: {name}\n"
        f"  directories: |\n    {directories}\n  files: |\n    {files}\n"
    )


def test_who_deletes_a_directory_does_not_delete_what_a_later_one_puts_there(project: Project) -> None:
    project.provisioner(
        tree_of(files="a/first: one", name="aaa"),
        tree_of(directories="a: false", name="bbb"),
        tree_of(files="a/second: two", name="ccc"),
    )
    project.write(
        "score.yaml", score("alpha", {"one": "{type: aaa}", "two": "{type: bbb}", "three": "{type: ccc}"})
    )
    for _ in range(2):
        project.run()
        assert tree() == {"a/": ("", 0o755), "a/second": ("two", 0o644)}
        project.write("score.yaml", score("alpha", {"two": "{type: bbb}", "three": "{type: ccc}"}))
    check_law(project)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ({"files": "a: file"}, {"files": "a/b/c: file"}),
        ({"files": "a/b: file"}, {"directories": "a/b: true"}),
        ({"files": "a/b: file"}, {"files": "a/b: null"}),
        ({"directories": "{a: true, a/b: true}"}, {"files": "a: file"}),
        ({"files": "a/b: file"}, {"directories": "a: false"}),
        ({"files": "a/b: file", "directories": "a: true"}, {"directories": "a: true"}),
        ({"files": "a/b: file", "directories": "a: true"}, {"directories": "a: true", "files": "a/b: null"}),
        ({"directories": "{a: true, a/b: true}"}, {"directories": "{a: true, a/b: false}"}),
        ({"files": "a/b: file", "directories": "a/c: true"}, {"directories": "a/b/d: true"}),
    ],
)
def test_files_and_directories_take_each_other_s_place(
    project: Project, first: dict[str, str], then: dict[str, str]
) -> None:
    project.write("score.yaml", score("alpha", {"one": "{type: tree}"}))
    for what in (first, then, first):
        project.provisioner(tree_of(**what))
        project.run()
        assert project.engine().is_current()
        check_law(project)


def test_a_resource_that_leaves_a_variable_alone_is_made_again_when_it_may_not_see_it(
    project: Project,
) -> None:
    project.provisioner(
        '- uri: template://tests/env\n  type: env\n  outputs: |\n    a: {{ env "HOME" | quote }}\n'
    )
    project.write("score.yaml", score("alpha", {"one": "{type: env}"}))
    project.run()
    assert "must not be read in hermetic mode" in project.fails(hermetic=True)


def test_a_source_that_becomes_a_link_out_of_the_project_is_refused(project: Project) -> None:
    Path("../outside.txt").write_text("same")
    Path("data.txt").write_text("same")
    project.write("score.yaml", score("alpha", more="files: {/etc/data: {source: data.txt}}\n"))
    project.run()
    os.remove("data.txt")
    os.symlink("../outside.txt", "data.txt")
    assert "is a link that leads out of the directory of the Score file" in project.fails()


def test_a_directory_that_is_replaced_by_hand_is_noticed(project: Project) -> None:
    project.provisioner(tree_of(directories="made: true"))
    project.write("score.yaml", score("alpha", {"one": "{type: tree}"}))
    project.run()
    assert project.engine().is_current()
    os.rmdir("state/mounts/made")
    Path("state/mounts/made").write_text("a file")
    assert not project.engine().is_current()
    said = project.run()
    assert ("state/mounts/made: is not ours, was in the way, and is 'state/mounts/made.aside' now") in said
    assert "state/mounts/made: had been changed or removed by hand, and was restored" in said
    assert tree()["made/"] == ("", 0o755)
    assert tree()["made.aside"][0] == "a file"


def test_a_file_of_a_workload_that_a_provisioner_writes_too_is_told(project: Project) -> None:
    project.write(
        "score.yaml", score("alpha", {"one": "{type: tree}"}, more="files: {/etc/data: {content: mine}}\n")
    )
    project.provisioner(tree_of())
    project.run()
    (path,) = [path for path in tree() if not path.endswith("/")]
    project.provisioner(tree_of(files=f"{path}: theirs"))
    said = project.run()
    assert said[-1] == (
        f"provisioners/50-tests.provisioners.yaml:6: file '{path}' is written by "
        "resource 'tree.default#alpha.one' and, with other content, by workload 'alpha', which replaces it\n"
        f"  | {path}: theirs\n"
        "  in files of template://tests/tree\n"
        "  hint: put the id of the resource into the name, or make both print the same"
    )
    assert tree()[path][0] == "mine"


def test_a_patch_template_is_applied_again_when_the_variable_that_it_reads_changes(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write(
        "patch.tpl", "- {op: set, path: services.more.image, value: '{{ env \"ENGINE_IMAGE\" }}'}\n"
    )
    project.write("score.yaml", score("alpha"))
    for image in ("one", "two"):
        monkeypatch.setenv("ENGINE_IMAGE", image)
        project.run(patch_templates=("patch.tpl",))
        assert project.compose()["services"]["more"] == {"image": image}
        assert project.engine(patch_templates=("patch.tpl",)).is_current()


def test_a_state_without_tables_is_made_anew(project: Project) -> None:
    """As a run leaves it that is killed while it makes the state."""
    os.mkdir("state")
    Path("state/state.db").touch()
    project.write("score.yaml", score("alpha"))
    assert not project.engine().is_initialised()
    project.run()
    assert list(project.compose()["services"]) == ["alpha-main"]


QUEUE = """\
- uri: jinja://tests/queue
  type: queue
  shared: |
    queue:
      {{ uid | tojson }}: {{ source_workload }}
  outputs: |
    order: "{% for who in shared.queue.values() %}{{ who }} {% endfor %}"
    workloads: "{% for name in workload_services %}{{ name }} {% endfor %}"
"""


def test_a_list_is_in_the_same_order_for_who_came_last_and_for_who_comes_first(project: Project) -> None:
    """One that has just come stood at the end of the list of the others, and saw no change in it later."""
    project.provisioner(QUEUE)
    for name in ("beta", "gamma", "alpha"):
        project.write(f"of-{name}.score.yaml", score(name, {"place": "{type: queue}"}))
        project.run(workloads=("*.score.yaml",))
    for name in ("alpha", "beta", "gamma"):
        in_order = {"order": "alpha beta gamma ", "workloads": "alpha beta gamma "}
        assert project.outputs(f"queue.default#{name}.place") == in_order
    os.rename("of-alpha.score.yaml", "zzz.score.yaml")
    project.run(workloads=("*.score.yaml",))
    assert project.outputs("queue.default#beta.place")["workloads"] == "alpha beta gamma "
    check_law(project, workloads=("*.score.yaml",))


def test_a_command_that_shows_all_shows_what_it_contributed_itself(project: Project) -> None:
    """Whether it was here before or has just come."""
    project.write(
        "tool.py",
        """\
#!/usr/bin/env -S python3 -IS
import json, sys
given = json.load(sys.stdin)
shared = {"seen": {given["resource_uid"]: 1}}
json.dump({"resource_outputs": {"seen": len(given["shared_state"])}, "shared_state": shared}, sys.stdout)
""",
    )
    os.chmod("tool.py", 0o755)
    project.provisioner("- uri: cmd://./tool.py\n  type: tool\n")
    project.write("score.yaml", score("alpha", {"one": "{type: tool}"}))
    project.run()
    assert project.outputs("tool.default#alpha.one") == {"seen": 1}
    check_law(project)
