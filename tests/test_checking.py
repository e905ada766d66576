"""`doit-score check`: all that is wrong, each at its line, and nothing is written."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from command import Directory

from doit_score.checking import kinds
from doit_score.text.errors import ScoreError

HEAD = "apiVersion: score.dev/v1b1\nmetadata:\n  name: web\ncontainers:\n  main:\n    image: x\n"
SCORE = f"""{HEAD}    variables:
      HOST: ${{resources.db.host}}
      PORT: ${{resources.db.prot}}
      USER: ${{resources.db.user}}
      URL: ${{resources.cache.url}}
    files:
      /etc/a:
        source: gone.conf
resources:
  db:
    type: mydb
    params:
      sise: 5
  cache:
    type: cash
  bad:
    type: broken
"""
ENTRIES = """- uri: template://ours/mydb
  type: mydb
  supported_params: [size]
  expected_outputs: [host, port]
  outputs: |
    host: h
    port: 80
    user: u
- uri: template://ours/broken
  type: broken
  outputs: |
    a: {{ .Nope }}
- uri: template://ours/unused
  type: unused
  outputs: |
    a: {{ nope }}
- uri: jinja://ours/large
  type: mydb
  class: large
  outputs: |
    a: 1
"""
FINDINGS = """\
api/score.yaml:5:3: error: /containers/main: the property 'image' is missing
  | main:
provisioners/a.provisioners.yaml:12:11: error: there is no field 'Nope' here: the fields are Class, \
ComposeProjectName, Id, Init, Metadata, MountsDirectory, Params, Shared, SourceWorkload, State, Type, Uid, \
WorkloadServices
  | a: {{ .Nope }}
  in outputs of template://ours/broken, for resource 'broken.default#web.bad'
provisioners/a.provisioners.yaml:16:11: error: there is no function 'nope'; did you mean 'nospace'?
  | a: {{ nope }}
  in outputs of template://ours/unused
provisioners/a.provisioners.yaml:17: warning: jinja://ours/large is never chosen: template://ours/mydb in \
provisioners/a.provisioners.yaml:1 comes before it and takes all resources of type 'mydb', class 'large'
  | - uri: jinja://ours/large
  hint: remove one of them, give the earlier one a class or id, or let it come later
web/score.yaml:9:13: error: the placeholder ${resources.db.prot} finds nothing: there is no output 'prot'
  | PORT: ${resources.db.prot}
  in containers.main.variables.PORT of workload 'web'
  hint: did you mean 'port'?
web/score.yaml:10:13: warning: output 'user' of resource 'db' is not promised by template://ours/mydb
  | USER: ${resources.db.user}
  in expected_outputs of provisioners/a.provisioners.yaml:1
  hint: known are host, port
web/score.yaml:14:17: error: failed to read 'gone.conf': No such file or directory
  | source: gone.conf
  in containers.main.files[/etc/a].source of workload 'web'
web/score.yaml:19:7: warning: unknown param 'sise'
  | sise: 5
  in supported_params of template://ours/mydb, for resource 'mydb.default#web.db'
  hint: did you mean 'size'?
web/score.yaml:21:11: error: resource 'cash.default#web.cache' is not supported by any provisioner
  | type: cash
  hint: did you mean 'cache'?
6 errors and 3 warnings in 3 files
"""


@pytest.fixture
def here(tmp_path: Path) -> Directory:
    found = Directory(tmp_path)
    found.write("web/score.yaml", HEAD)
    return found


def tree(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def resource(here: Directory, entry: str, **more: str) -> None:
    """One resource of type `thing`, and its provisioner."""
    lines = "".join(f"    {key}: {value}\n" for key, value in more.items())
    here.write("web/score.yaml", f"{HEAD}resources:\n  one:\n    type: thing\n{lines}")
    here.write("provisioners/a.provisioners.yaml", entry)


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_written(here: Directory) -> None:
    here.write("web/score.yaml", SCORE)
    here.write(
        "api/score.yaml", HEAD.replace("name: web", "name: api").replace("    image: x", "    args: []")
    )
    here.write("provisioners/a.provisioners.yaml", ENTRIES.replace("type: unused", "type: cache"))
    before = tree(here.path)
    told = here.run("check", status=1)
    assert (told.stdout, told.stderr) == (FINDINGS, "")
    assert tree(here.path) == before
    assert not (here.path / "state").exists()


def test_a_project_in_which_nothing_is_wrong(here: Directory) -> None:
    told = here.run("check")
    assert (told.stdout, told.stderr) == ("nothing is wrong in 1 file\n", "")


def test_what_was_generated_is_left_as_it_is(here: Directory) -> None:
    here.init()
    here.run("generate", "web/score.yaml")
    here.write("web/score.yaml", HEAD.replace("image: x", "image: y"))
    before = tree(here.path)
    times = {path: os.stat(here.path / path).st_mtime_ns for path in before}
    assert here.run("check").stdout == "nothing is wrong in 1 file\n"
    assert tree(here.path) == before
    assert {path: os.stat(here.path / path).st_mtime_ns for path in before} == times


def test_the_project_is_what_the_state_knows_where_there_is_one(here: Directory) -> None:
    here.init()
    here.write("other.yaml", HEAD.replace("image: x", "image: ."))
    here.run(
        "generate", "other.yaml", "--image", "y", "--override-property", "containers.main.args=[1]", status=1
    )
    here.run("generate", "other.yaml", "--image", "y")
    here.write("web/score.yaml", "nothing of use\n")
    assert here.run("check").stdout == "nothing is wrong in 1 file\n"
    here.write("other.yaml", HEAD.replace("image: x", "imege: x"))
    assert here.run("check", status=1).stdout.startswith("other.yaml:5:3: error: ")


def test_beside_a_dodo_file_what_its_score_says_counts(here: Directory) -> None:
    here.write("dodo.py", "from doit_score import Score\nscore = Score(workloads='apps/*.yaml')\n")
    here.write("apps/web.yaml", HEAD.replace("image: x", "image: ."))
    told = here.run("check")
    assert (told.stdout, told.stderr) == ("nothing is wrong in 1 file\n", "")


def test_a_score_file_that_is_not_there_is_an_error_and_no_glob_is_called_misspelt(here: Directory) -> None:
    (here.path / "c.score.yaml").symlink_to("nowhere")
    assert here.run("check", "--lenient", status=1).stdout == (
        "c.score.yaml: error: cannot be read: No such file or directory\n1 error in 2 files\n"
    )


def test_an_image_for_a_workload_whose_file_has_a_fault_is_not_called_misspelt(here: Directory) -> None:
    here.write("doit-score.toml", "images = {'web:main' = 'y', 'api:nope' = 'y'}\n")
    here.write("api/score.yaml", HEAD.replace("name: web", "name: api"))
    here.write("web/score.yaml", HEAD.replace("image: x", "imege: x"))
    told = here.run("check", status=1).stdout
    assert [line.partition(" error: ")[2] for line in told.splitlines() if " error: " in line] == [
        "/containers/main: the property 'image' is missing",
        "/containers/main/imege: unknown property 'imege', expected image, command, args, variables, files, "
        "volumes, before, resources, livenessProbe, readinessProbe",
    ]
    assert told.startswith(
        "error: 'api:nope' in builds or images names container 'nope', which workload 'api'"
    )


def test_patch_templates_that_are_configured_are_looked_at_whatever_else_is_wrong(here: Directory) -> None:
    here.write("doit-score.toml", "images = {'web:nope' = 'y'}\npatch_templates = ['odd.tpl', 'nope.tpl']\n")
    here.write("odd.tpl", "{{ if }}\n")
    assert here.run("check", status=1).stdout == (
        "error: 'web:nope' in builds or images names container 'nope', which workload 'web' does not have\n"
        "  hint: containers are: main\n"
        "nope.tpl: error: cannot be read: No such file or directory\n"
        "odd.tpl:1:7: error: missing value for if\n  | {{ if }}\n  in a patch template\n"
        "3 errors in 1 file\n"
    )


def test_where_the_dodo_file_is_elsewhere_it_is_told_that_a_check_does_not_know_it(here: Directory) -> None:
    here.write("dodo.py", "from doit_score import Score\nscore = Score(builds={'web:main': '.'})\n")
    here.write("web/score.yaml", HEAD.replace("image: x", "image: ."))
    here.doit("generate")
    (here.path / "dodo.py").rename(here.path / "other.py")
    told = here.run("check")
    assert (told.stdout, told.stderr) == (
        "nothing is wrong in 1 file\n",
        "WARN: what the Score(...) of `doit generate` says is for doit, and not for a check\n",
    )


def test_an_image_that_is_given_with_the_flags_of_generate_is_none_that_lacks(here: Directory) -> None:
    here.write("web/score.yaml", HEAD.replace("image: x", "image: ."))
    assert here.run("check").stdout == "nothing is wrong in 1 file\n"


def places(told: str) -> list[str]:
    """Where something is wrong, and how."""
    found = (re.match(r"(\S+): (error|warning): ", line) for line in told.splitlines())
    return [f"{one[1]} {one[2]}" for one in found if one]


def test_only_the_files_that_are_named_are_checked(here: Directory) -> None:
    here.write("api/score.yaml", HEAD.replace("image", "imege"))
    here.write("provisioners/a.provisioners.yaml", ENTRIES)
    assert here.run("check", "web/score.yaml").stdout == "nothing is wrong in 1 file\n"
    told = here.run("check", "provisioners/a.provisioners.yaml", "web/score.yaml", status=1).stdout
    assert places(told) == [
        "provisioners/a.provisioners.yaml:16:11 error",
        "provisioners/a.provisioners.yaml:17 warning",
    ]
    assert told.endswith("1 error and 1 warning in 2 files\n")


def test_a_provisioner_file_that_is_named_counts_before_those_of_the_project(here: Directory) -> None:
    resource(here, "- {uri: 'template://old', type: thing, outputs: '{{ nope }}'}\n")
    here.write("mine.yaml", "- {uri: 'template://new', type: thing}\n")
    assert here.run("check", "mine.yaml", "web/score.yaml").stdout == "nothing is wrong in 2 files\n"
    assert here.run("check", "web/score.yaml", status=1).stdout.endswith("1 error in 1 file\n")


def test_a_file_that_is_not_there_is_an_error(here: Directory) -> None:
    told = here.run("check", "gone.yaml", status=1)
    assert told.stderr == "Error: failed to read 'gone.yaml': there is no such file\n  hint: check the path\n"


def test_a_check_of_nothing_is_an_error(here: Directory) -> None:
    (here.path / "web/score.yaml").unlink()
    assert here.run("check", status=1).stderr == (
        "Error: there is nothing to check: no Score file and no provisioner file of the project is here\n"
        "  hint: name the files: `doit-score check path/to/score.yaml`\n"
    )


def test_warnings_count_unless_the_check_is_lenient(here: Directory) -> None:
    resource(here, "- {uri: 'template://x', type: thing, supported_params: []}\n", params="{a: 1}")
    told = here.run("check", status=1).stdout
    assert told.endswith("1 warning in 2 files\n")
    assert here.run("check", "--lenient").stdout == told
    here.write("web/score.yaml", "wrong\n")
    here.run("check", "--lenient", status=1)


def test_no_command_is_run_unless_that_is_wanted(here: Directory) -> None:
    entry = "- uri: cmd://sh\n  type: thing\n  args: [-c, 'touch ran; echo {}']\n  expected_outputs: [a]\n"
    resource(here, entry)
    told = here.run("check")
    assert (told.stdout, told.stderr) == (
        "nothing is wrong in 2 files\n",
        "WARN: the command of resource 'thing.default#web.one' was not run (--run-commands runs it)\n",
    )
    assert not (here.path / "ran").exists()
    told = here.run("check", "--run-commands", status=1)
    assert "did not return the expected outputs 'a'" in told.stdout
    assert told.stderr == ""
    assert (here.path / "ran").exists()


def test_what_uses_a_resource_that_could_not_be_made_is_not_wrong_for_that(here: Directory) -> None:
    here.write(
        "web/score.yaml",
        f"{HEAD}    variables: {{A: '${{resources.one.a}}', B: '${{resources.one.b}}'}}\n"
        "    volumes: {/data: {source: '${resources.one}'}}\n"
        "    before: {main: {ready: healthy}}\n"
        "resources:\n  one: {type: thing}\n  two: {type: other, params: {x: '${resources.one.a}'}}\n",
    )
    here.write(
        "provisioners/a.provisioners.yaml",
        "- {uri: 'template://x', type: thing, outputs: '{{ nope }}'}\n- {uri: 'template://y', type: other}\n",
    )
    told = here.run("check", status=1).stdout
    assert places(told) == ["provisioners/a.provisioners.yaml:1:51 error", "web/score.yaml:9:14 error"]


def test_two_workloads_of_one_name_and_two_files_that_are_invalid(here: Directory) -> None:
    here.write("api/score.yaml", HEAD)
    here.write("b/score.yaml", "- 1\n")
    told = here.run("check", status=1).stdout
    assert [line for line in told.splitlines() if ": error: " in line] == [
        "b/score.yaml:1:1: error: expected a Score workload, which is a mapping, found a list",
        "web/score.yaml: error: workload name 'web' is used more than once: in 'api/score.yaml' and "
        "'web/score.yaml'",
    ]


def test_a_provisioner_file_that_cannot_be_read(here: Directory) -> None:
    resource(here, "- uri: jina://x\n  type: thing\n")
    here.write("provisioners/b.provisioners.yaml", "- {uri: 'template://y', type: other, ouputs: x}\n")
    told = here.run("check", status=1).stdout
    assert places(told) == [
        "provisioners/a.provisioners.yaml:1:8 error",
        "provisioners/b.provisioners.yaml:1:38 error",
    ]


def test_two_resources_that_give_one_shared_key_different_values(here: Directory) -> None:
    here.write("web/score.yaml", f"{HEAD}resources:\n  one: {{type: thing}}\n  two: {{type: thing}}\n")
    here.write(
        "provisioners/a.provisioners.yaml", "- {uri: 'template://x', type: thing, shared: 'a: {{ .Id }}'}\n"
    )
    told = here.run("check", status=1).stdout
    assert told.startswith("provisioners/a.provisioners.yaml:1: warning: key 'a' is written by resource ")


def test_a_shared_resource_of_which_two_say_different_things_stops_nothing_else(here: Directory) -> None:
    shared = "  one: {type: thing, id: all, params: {a: %s}}\n"
    here.write("web/score.yaml", f"{HEAD}resources:\n{shared % 1}  two: {{type: thingg}}\n")
    here.write("api/score.yaml", f"{HEAD.replace('web', 'api')}resources:\n{shared % 2}")
    here.write("provisioners/a.provisioners.yaml", "- {uri: 'template://x', type: thing}\n")
    told = here.run("check", status=1).stdout
    assert told == (
        "web/score.yaml:8:31: error: resource 'thing.default#all' is shared, but 'api' (as 'one') and 'web' "
        "(as 'one') give different params\n"
        "  | one: {type: thing, id: all, params: {a: 1}}\n"
        "  hint: give the same params in both, or in one of them only, or use two ids\n"
        "web/score.yaml:9:15: error: resource 'thingg.default#web.two' is not supported by any provisioner\n"
        "  | two: {type: thingg}\n"
        "  hint: did you mean 'thing'?\n"
        "2 errors in 3 files\n"
    )


def test_a_service_without_image_and_build(here: Directory) -> None:
    resource(here, "- {uri: 'template://x', type: thing, services: 'one: {command: [a]}'}\n")
    told = here.run("check", status=1).stdout
    assert (
        "warning: service 'one' of resource 'thing.default#web.one' has neither an image nor a build" in told
    )


def test_patch_templates_are_read_and_applied(here: Directory) -> None:
    here.write("fix.tpl", "{{ range .Compose }}")
    here.write("fix.j2", "[{op: set, path: services.gone.image, value: {{ compose.nam }}}]")
    told = here.run("check", "fix.tpl", "fix.j2", "web/score.yaml", status=1).stdout
    assert places(told) == ["fix.tpl:1:4 error"]
    told = here.run("check", "fix.j2", "web/score.yaml", status=1).stdout
    assert told.startswith("fix.j2:1:57: error: there is no key 'nam' here; did you mean 'name'?\n")
    assert here.run("check", "fix.j2").stdout == "nothing is wrong in 1 file\n"


def test_findings_as_json(here: Directory) -> None:
    here.write("web/score.yaml", HEAD.replace("image: x", "image: 5"))
    assert json.loads(here.run("check", "--format", "json", status=1).stdout) == [
        {
            "Level": "error",
            "Message": "/containers/main/image: expected text: text that is not empty, found a number (5)",
            "File": "web/score.yaml",
            "Line": 6,
            "Column": 12,
            "Excerpt": "image: 5",
            "Context": None,
            "Hint": "put the value in quotes",
        }
    ]


def test_findings_for_github(here: Directory) -> None:
    here.write("a,b/score.yaml", HEAD.replace("image: x", "image: 5"))
    (here.path / "web/score.yaml").unlink()
    assert here.run("check", "-f", "github", status=1).stdout == (
        "::error file=a%2Cb/score.yaml,line=6,col=12,title=doit-score::/containers/main/image: expected "
        "text: text that is not empty, found a number (5)%0Ahint: put the value in quotes\n"
    )


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("score.yaml", "- 1", "scores"),
        ("a/shop.score.yaml", "", "scores"),
        ("a.provisioners.yaml", "a: 1", "provisioners"),
        ("any.yaml", "metadata: {}", "scores"),
        ("any.yaml", "- {uri: x}", "provisioners"),
        ("any.yaml", "- {op: set}", "patches"),
        ("any.tpl", "{{ range .Workloads }}", "patches"),
        ("any", "", "patches"),
    ],
)
def test_what_a_file_is(
    name: str, text: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    found = kinds.told([f"./{name}", name])
    assert {"scores": found.scores, "provisioners": found.provisioners, "patches": found.patches} == {
        "scores": [], "provisioners": [], "patches": [], kind: [name],
    }  # fmt: skip


def test_a_file_whose_name_tells_nothing_and_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ScoreError, match="cannot be read"):
        kinds.told([str(tmp_path / "gone")])
