"""What doit-score does on purpose otherwise than score-compose, where no other test shows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import Directory

pytestmark = pytest.mark.usefixtures("settled")

HEAD = "apiVersion: score.dev/v1b1\nmetadata: {name: lantern}\n"
WICK = f"{HEAD}containers: {{wick: {{image: x}}}}\n"
COUNTING = """\
- uri: template://corpus/tallow
  type: tallow
  state: |
    n: {{ add1 (dig "n" 0 .State) }}
  outputs: |
    n: {{ .State.n }}
"""
LINK = """\
- uri: template://corpus/link
  type: link
  outputs: |
    val: {{ .Params.from | quote }}
"""
UP_TO_DATE = "INFO: nothing to do: 1 workload, 0 resources up to date\n"


@pytest.fixture
def here(tmp_path: Path) -> Directory:
    """A project in which nothing has been generated."""
    directory = Directory(tmp_path)
    directory.init()
    return directory


def test_a_build_that_was_given_is_remembered_as_it_was(here: Directory) -> None:
    """Of the reference's state this one could not be read back."""
    here.write("score.yaml", WICK)
    here.write(".dockerignore", "state\ncompose.yaml\n")  # nothing to warn of
    build = (
        'wick={"context": ".", "shm_size": "64m", "ulimits": {"nofile": 10}, "extra_hosts": ["h=1.2.3.4"]}'
    )
    here.run("generate", "score.yaml", "--build", build)
    expected = {
        "context": ".",
        "extra_hosts": ["h=1.2.3.4"],
        "shm_size": "67108864",
        "ulimits": {"nofile": 10},
    }
    assert here.services()["lantern-wick"]["build"] == expected
    assert here.run("generate").stderr == UP_TO_DATE
    here.write("score.yaml", WICK.replace("image: x", "image: x, args: [a]"))
    here.run("generate")
    assert here.services()["lantern-wick"]["build"] == expected
    assert here.services()["lantern-wick"]["command"] == ["a"]


@pytest.mark.parametrize("text", ["\n", "\n\nlead", "\tone\n\ttwo\n", "one\n\n", "  x\ny"])
def test_line_breaks_of_variables_are_kept(here: Directory, text: str) -> None:
    value = text.replace("\n", "\\n").replace("\t", "\\t")
    here.write("score.yaml", f'{HEAD}containers: {{wick: {{image: x, variables: {{A: "{value}"}}}}}}\n')
    here.run("generate", "score.yaml")
    assert here.services()["lantern-wick"]["environment"] == {"A": text}
    assert here.run("generate").stderr == UP_TO_DATE


def test_an_unknown_mount_option_is_left_out_with_a_warning(here: Directory) -> None:
    here.write(
        ".score-compose/a.provisioners.yaml",
        "- uri: template://a/vol\n  type: vol\n"
        "  outputs: |\n    type: volume\n    source: wax\n    volume: {copy: true, nocopy: true}\n"
        "  volumes: |\n    wax: {}\n",
    )
    here.write(
        "score.yaml",
        f"{HEAD}containers: {{wick: {{image: x, volumes: {{/data: {{source: '${{resources.disk}}'}}}}}}}}\n"
        "resources: {disk: {type: vol}}\n",
    )
    assert here.run("generate", "score.yaml").stderr == (
        "INFO: read workload 'lantern' from 'score.yaml'\n"
        "INFO: provisioned 1 resource\n"
        "WARN: score.yaml:3:48: resource 'vol.default#lantern.disk' outputs: volume.copy: Compose knows no "
        "such key here\n"
        "  | containers: {wick: {image: x, volumes: {/data: {source: '${resources.disk}'}}}}\n"
        "  in containers.wick.volumes[/data] of workload 'lantern'\n"
        "  hint: did you mean 'nocopy'? it is left out; correct it, or begin it with x- to keep it for "
        "something else\n"
        "INFO: rendered 1 workload\n"
        "INFO: wrote compose.yaml\n"
    )
    assert here.services()["lantern-wick"]["volumes"] == [
        {"type": "volume", "source": "wax", "target": "/data", "volume": {"nocopy": True}}
    ]


def test_a_project_with_extra_hosts_is_patched(here: Directory) -> None:
    here.write("fix.tpl", "- {op: set, path: services.vat.labels.a, value: b}\n")
    here.write(
        ".score-compose/a.provisioners.yaml",
        "- uri: template://a/vat\n  type: vat\n"
        "  services: |\n    vat: {image: x, extra_hosts: ['h:1.2.3.4'], ulimits: {nofile: 10}}\n",
    )
    here.write("score.yaml", f"{WICK}resources: {{vat: {{type: vat}}}}\n")
    here.init("--patch-templates", "fix.tpl")
    here.run("generate", "score.yaml")
    assert here.services()["vat"] == {
        "extra_hosts": ["h=1.2.3.4"],
        "image": "x",
        "labels": {"a": "b"},
        "ulimits": {"nofile": 10},
    }


def test_a_run_that_has_nothing_to_do_runs_no_provisioner(here: Directory) -> None:
    here.write(".score-compose/a.provisioners.yaml", COUNTING)
    here.write("score.yaml", f"{WICK}resources: {{store: {{type: tallow}}}}\n")
    here.run("generate", "score.yaml")
    here.run("generate", "score.yaml")
    here.run("generate")
    assert here.run("resources", "get-outputs", "tallow.default#lantern.store").stdout == '{\n  "n": 1\n}\n'
    here.write("score.yaml", f"{WICK}resources: {{store: {{type: tallow, params: {{a: 1}}}}}}\n")
    here.run("generate")
    assert here.run("resources", "get-outputs", "tallow.default#lantern.store").stdout == '{\n  "n": 2\n}\n'


def test_a_resource_sees_the_shared_state_as_it_is_at_the_end(here: Directory) -> None:
    """The first by uid reads what the second patches: score-compose has it right only at the second run."""
    here.write(
        ".score-compose/a.provisioners.yaml",
        "- uri: template://a/early\n  type: early\n  outputs: |\n    seen: {{ .Shared.word }}\n"
        "- uri: template://a/late\n  type: late\n  shared: |\n    word: said\n",
    )
    here.write("score.yaml", f"{WICK}resources: {{aa: {{type: early}}, bb: {{type: late}}}}\n")
    here.run("generate", "score.yaml")
    found = here.run("resources", "get-outputs", "early.default#lantern.aa").stdout
    assert found == '{\n  "seen": "said"\n}\n'


def test_a_declared_environment_provisioner_leaves_the_others_to_the_built_in_one(here: Directory) -> None:
    here.write(".score-compose/a.provisioners.yaml", "- {uri: 'local-env://mine', class: other}\n")
    here.write(
        "score.yaml",
        f"{HEAD}containers: {{wick: {{image: x, variables: {{A: '${{resources.env.WAX}}'}}}}}}\n"
        "resources: {env: {type: environment}}\n",
    )
    here.run("generate", "score.yaml")
    assert here.services()["lantern-wick"]["environment"] == {"A": "${WAX}"}


def test_a_resource_may_get_another_provisioner(here: Directory) -> None:
    here.write(".score-compose/a.provisioners.yaml", COUNTING)
    here.write("score.yaml", f"{WICK}resources: {{store: {{type: tallow}}}}\n")
    here.run("generate", "score.yaml")
    here.write(".score-compose/a.provisioners.yaml", COUNTING.replace("corpus/tallow", "another"))
    here.run("generate")
    assert here.run("resources", "get-outputs", "tallow.default#lantern.store").stdout == '{\n  "n": 2\n}\n'


def test_a_cycle_through_two_workloads_is_told_in_full(here: Directory) -> None:
    here.write(".score-compose/a.provisioners.yaml", LINK)
    for name, mine, other in (("lamp-a", "one", "two"), ("lamp-b", "two", "one")):
        here.write(
            f"{name}.yaml",
            f"apiVersion: score.dev/v1b1\nmetadata: {{name: {name}}}\ncontainers: {{wick: {{image: x}}}}\n"
            f"resources:\n  {mine}: {{type: link, id: s.{mine}, "
            f"params: {{from: '${{resources.{other}.val}}'}}}}\n  {other}: {{type: link, id: s.{other}}}\n",
        )
    assert here.run("generate", "lamp-a.yaml", "lamp-b.yaml", status=1).stderr == (
        "INFO: read workload 'lamp-a' from 'lamp-a.yaml'\n"
        "INFO: read workload 'lamp-b' from 'lamp-b.yaml'\n"
        "Error: lamp-a.yaml:5:32: the params of these resources refer to each other in a cycle: "
        "link.default#s.one -> link.default#s.two -> link.default#s.one\n"
        "  | one: {type: link, id: s.one, params: {from: '${resources.two.val}'}}\n"
        "  hint: remove one of the ${resources...} placeholders from the params\n"
    )


def test_what_is_in_no_score_file_any_more_is_gone(here: Directory) -> None:
    here.write(".score-compose/a.provisioners.yaml", COUNTING)
    here.write("a.yaml", f"{WICK}resources: {{store: {{type: tallow}}}}\n")
    here.write("b.yaml", WICK.replace("lantern", "second"))
    here.run("generate", "a.yaml", "b.yaml")
    here.write("a.yaml", WICK.replace("lantern", "renamed"))
    (here.path / "b.yaml").unlink()
    here.run("generate")
    assert sorted(here.services()) == ["renamed-wick"]
    assert "tallow" not in here.run("resources", "list").stdout


@pytest.mark.parametrize(
    ("directory", "project"), [("...", "project"), ("_", "project"), ("__x", "x"), ("Shop 2", "shop2")]
)
def test_a_directory_of_any_name_gives_a_project_name(tmp_path: Path, directory: str, project: str) -> None:
    (tmp_path / directory).mkdir()
    assert Directory(tmp_path / directory).run("init", "--no-sample").stderr == (
        f"INFO: initialised 'state' for project '{project}'\n"
    )


def test_an_init_that_fails_takes_nothing_in(tmp_path: Path) -> None:
    here = Directory(tmp_path)
    here.write("one.yaml", COUNTING)
    here.run("init", "--no-sample", "--provisioners", "one.yaml", "--provisioners", "none.yaml", status=1)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["one.yaml"]


def test_a_run_that_cannot_write_its_env_file_writes_nothing(here: Directory) -> None:
    here.write("score.yaml", WICK)
    answer = here.run("generate", "score.yaml", "--env-file", "no/such.env", status=1)
    assert answer.stderr == (
        "INFO: read workload 'lantern' from 'score.yaml'\n"
        "INFO: rendered 1 workload\n"
        "Error: no/such.env: cannot be written: No such file or directory\n"
    )
    assert not (here.path / "compose.yaml").exists()


def test_a_project_that_had_no_mounts_directory_has_ours(tmp_path: Path) -> None:
    here = Directory(tmp_path)
    here.write(
        ".score-compose/state.yaml",
        "workloads: {}\nresources: {}\nshared_state: {}\ncompose_project: p\nmounts_directory: /dev/null\n",
    )
    here.write("score.yaml", f"{HEAD}containers: {{wick: {{image: x, files: {{/etc/a: {{content: x}}}}}}}}\n")
    here.run("generate", "score.yaml")
    assert here.services()["lantern-wick"]["volumes"] == [
        {"type": "bind", "source": "state/mounts/files/lantern.wick.etc+a", "target": "/etc/a"}
    ]


def test_a_directory_where_no_file_is_wanted_is_left_alone(here: Directory) -> None:
    here.write("state/mounts/old/keep.txt", "kept")
    here.write(
        ".score-compose/a.provisioners.yaml",
        "- uri: template://a/b\n  type: vat\n  files: |\n    old: null\n",
    )
    here.write("score.yaml", f"{WICK}resources: {{vat: {{type: vat}}}}\n")
    here.run("generate", "score.yaml")
    assert (here.path / "state/mounts/old/keep.txt").read_text() == "kept"
