"""The tasks of a pack in a dodo.py, as doit lists, runs, fails and cleans them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import running
from running import NOT_ASKED, UP_TO_DATE, Directory

pytestmark = pytest.mark.usefixtures("settled")

DODO = """\
from doit_score import Score

score = Score(default_provisioners=False)
"""


@pytest.fixture
def here(tmp_path: Path) -> Directory:
    directory = Directory(tmp_path / "shop")
    directory.write("dodo.py", DODO)
    directory.write("score.yaml", running.score(things=("cup",)))
    directory.write("provisioners/thing.provisioners.yaml", running.PROVISIONER)
    return directory


def test_list_shows_the_tasks_with_their_docs(here: Directory) -> None:
    assert here.doit("list").out == (
        "diff        show what `generate` would change; fails if it would change anything\n"
        "down        remove the containers of the project; with --volumes its data too\n"
        "exec        run a command in a container: `exec WORKLOAD[:CONTAINER] COMMAND...`\n"
        "generate    write compose.yaml, provisioning and rendering what changed\n"
        "graph       draw the project, as it was last made: `graph [-o FILE] [--focus NAME]`\n"
        "init        make the state directory state\n"
        "logs        show what containers print: `logs [--follow] [--tail N] [WORKLOAD...]`\n"
        "provision   provision the resources whose inputs changed\n"
        "ps          show how each workload and resource does\n"
        "render      render the workloads whose inputs changed\n"
        "restart     restart containers, and wait until they are well again: `restart [WORKLOAD...]`\n"
        "status      show how each workload and resource does\n"
        "up          start the project, and what changed of it, and wait until it is up\n"
        "watch       generate whenever something is saved; with --up bring it up too\n"
        "why         tell what the last run did, and why: `why [WORKLOAD, UID or FILE...]`\n"
    )


@pytest.mark.parametrize(
    "command",
    [
        ("list",),
        ("list", "--all", "--private", "--status"),
        ("list", "--deps"),
        ("info", "generate"),
        ("info", "init"),
        ("clean", "--dry-run"),
        ("dumpdb",),
    ],
)
@pytest.mark.parametrize("ran_before", [False, True])
def test_looking_changes_nothing(here: Directory, command: tuple[str, ...], ran_before: bool) -> None:
    if ran_before:
        here.doit("generate")
    before = here.tree()
    here.run("/bin/sh", "-c", '"$0" -m doit "$@" || true', sys.executable, *command)
    assert here.tree() == before


def test_info_before_the_first_run(here: Directory) -> None:
    here.remove("provisioners/thing.provisioners.yaml")
    assert here.doit("info", "generate", exit=1).out == (
        "\ngenerate\n"
        "\nwrite compose.yaml, provisioning and rendering what changed\n"
        "\nstatus     : run\n"
        " * The following uptodate objects evaluate to false:\n"
        "    - the project is as the last complete run left it (args=[], kwargs={})\n"
        "    - doit knows the values that other tasks may ask for (args=[], kwargs={})\n"
        " * The following targets do not exist:\n"
        "    - compose.yaml\n"
        " * The following file dependencies have changed:\n"
        "    - score.yaml\n"
        "\nfile_dep   : \n - score.yaml\n"
        "\ntask_dep   : \n - render\n"
        "\ncalc_dep   : \n - _inputs\n"
        "\ntargets    : \n - compose.yaml\n"
        "\nparams     : \n - {'name': 'force', 'long': 'force', 'type': <class 'bool'>, 'default': False, "
        "'help': 'render everything again, with kept values, and replace a Compose file that is not ours'}\n"
        " - {'name': 'forget', 'long': 'forget', 'type': <class 'bool'>, 'default': False, "
        "'help': 'drop what was generated for resources that are gone'}\n"
        "\nverbosity  : 2\n"
    )


def test_what_the_tasks_depend_on_and_make(here: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    from doit_score import Score

    monkeypatch.chdir(here.path)
    tasks = {task["basename"]: task for task in Score().create_doit_tasks()}
    inputs = ["provisioners/thing.provisioners.yaml", "score.yaml"]
    keys = ("file_dep", "task_dep", "calc_dep", "targets")
    assert {name: [task.get(key) for key in keys] for name, task in tasks.items()} == {
        "_inputs": [None, None, None, None],
        "init": [None, None, None, ["state/state.db"]],
        "provision": [inputs, ["init"], ["_inputs"], None],
        "render": [inputs, ["provision"], ["_inputs"], None],
        "generate": [inputs, ["render"], ["_inputs"], ["compose.yaml"]],
        "up": [None, ["generate"], None, None],
        **{
            name: [None, None, None, None]
            for name in ("down", "status", "ps", "logs", "exec", "restart", "diff", "why", "graph", "watch")
        },
    }
    assert all(task["doc"] for task in tasks.values())


def test_tasks_name_no_files_in_a_very_large_project(
    here: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    from doit_score import Score, pack

    monkeypatch.chdir(here.path)
    monkeypatch.setattr(pack, "FILE_DEP_LIMIT", 1)
    dependencies = {task["basename"]: task.get("file_dep") for task in Score().create_doit_tasks()}
    assert (dependencies["provision"], dependencies["render"], dependencies["generate"]) == ([], [], [])


def test_the_first_run_and_the_second(here: Directory) -> None:
    ran = here.doit("generate")
    assert ran.out == ".  init\n.  provision\n.  render\n.  generate\n"
    assert ran.err == (
        "INFO: initialised 'state' for project 'shop'\n"
        "INFO: read workload 'web' from 'score.yaml'\n"
        "INFO: provisioned 1 resource\n"
        "INFO: rendered 1 workload\n"
        "INFO: wrote compose.yaml\n"
    )
    assert here.compose() == {
        "name": "shop",
        "services": {
            "web-main": {
                "image": "nginx",
                "hostname": "web",
                "environment": {"CUP": "first"},
                "annotations": {"compose.score.dev/workload-name": "web"},
            }
        },
    }
    before = here.tree()
    assert here.doit("generate") == (UP_TO_DATE, "")
    assert here.tree() == before


def test_stages_one_by_one(here: Directory) -> None:
    assert here.doit("provision").out == ".  init\n.  provision\n"
    assert not here.exists("compose.yaml")
    assert here.doit("render").out.splitlines()[-1] == ".  render"
    assert not here.exists("compose.yaml")
    here.doit("generate")
    assert here.doit("generate").out == UP_TO_DATE


def test_generate_alone_does_what_the_stages_before_it_have_not_done(here: Directory) -> None:
    assert here.doit("run", "--single", "init").out == ".  init\n"
    ran = here.doit("run", "--single", "generate")
    assert ran.out == ".  generate\n"
    assert ran.err == (
        "INFO: read workload 'web' from 'score.yaml'\n"
        "INFO: provisioned 1 resource\n"
        "INFO: rendered 1 workload\n"
        "INFO: wrote compose.yaml\n"
    )


def test_generate_alone_without_a_state_says_so(here: Directory) -> None:
    assert here.doit("run", "--single", "generate", exit=1).out == (
        ".  generate\n"
        "TaskFailed - taskid:generate\n"
        "there is no state in 'state' yet\n"
        "  hint: run `doit-score init` (or `doit init`) first\n\n"
    )


def test_bare_doit_and_the_name_of_the_compose_file_run_generate(here: Directory) -> None:
    assert here.doit("compose.yaml").out == ".  init\n.  provision\n.  render\n.  generate\n"
    assert here.doit().out == UP_TO_DATE + NOT_ASKED


def test_tasks_run_in_parallel_processes(here: Directory) -> None:
    here.doit("run", "-n", "2", "generate")
    assert list(here.services()) == ["web-main"]
    assert here.doit("run", "-n", "2", "generate").out == UP_TO_DATE


def test_clean_removes_what_was_written_and_keeps_the_state(here: Directory) -> None:
    here.doit("generate")
    name, first = here.score("resources", "get-outputs", "thing.default#web.cup").out, here.compose()
    before = here.tree()
    head = "generate - executing 'Python: function clean'\n"
    assert here.doit("clean", "--dry-run", "generate").out == f"{head}would remove compose.yaml\n"
    assert here.tree() == before
    assert here.doit("clean", "generate").out == f"{head}removed compose.yaml\n"
    assert sorted(here.tree()) == sorted(set(before) - {"compose.yaml"})
    assert here.doit("clean").out == head
    here.doit("generate")
    assert here.compose() == first
    assert here.score("resources", "get-outputs", "thing.default#web.cup").out == name
    assert here.doit("generate").out == UP_TO_DATE


def test_clean_removes_mount_files_and_their_directories(here: Directory) -> None:
    files = "    files:\n      /etc/app.conf:\n        content: x\n"
    here.write("score.yaml", running.score() + files)
    here.doit("generate")
    (mount,) = [path for path in here.tree() if path.startswith("state/mounts/files/") and "app.conf" in path]
    assert here.read(mount) == "x"
    here.doit("clean")
    assert [path for path in here.tree() if path.startswith("state/mounts/")] == []
    assert here.exists("state/state.db")


def test_clean_before_the_first_run(here: Directory) -> None:
    assert here.doit("clean") == ("generate - executing 'Python: function clean'\n", "")


def test_a_failing_provisioner_fails_with_our_text_and_leaves_the_compose_file(here: Directory) -> None:
    here.doit("generate")
    before = here.read("compose.yaml")
    bad = running.PROVISIONER.replace("word: first", 'word: {{ fail "no cups" }}')
    here.write("provisioners/thing.provisioners.yaml", bad)
    ran = here.doit("generate", exit=1)
    assert ran.out == (
        "-- init\n"
        ".  provision\n"
        "TaskFailed - taskid:provision\n"
        "provisioners/thing.provisioners.yaml:7:14: fail: no cups\n"
        '  | word: {{ fail "no cups" }}\n'
        "  in outputs of template://tests/thing, for resource 'thing.default#web.cup'\n\n"
    )
    assert ran.err == ""
    assert here.read("compose.yaml") == before
    here.write("provisioners/thing.provisioners.yaml", running.PROVISIONER)
    here.doit("generate")
    assert here.read("compose.yaml") == before


def test_a_damaged_state_fails_with_our_text(here: Directory) -> None:
    here.doit("generate")
    here.write("state/state.db", "junk")
    said = (
        "state/state.db: is damaged: file is not a database\n"
        "  hint: what was generated is in its backup 'state/backup.db': `doit-score recover` makes a new "
        "state from it\n"
    )
    assert here.doit("generate", exit=1).out.startswith(f".  init\nTaskFailed - taskid:init\n{said}")
    assert here.doit("clean").err == f"TaskFailed\n{said}"
    assert "R init        make the state directory state" in here.doit("list", "--status").out.splitlines()


def test_a_named_file_that_is_not_there(here: Directory) -> None:
    arguments = 'workloads=["score.yaml", "api.yaml"], provisioners="p.yaml", patch_templates="x.tpl"'
    here.write("dodo.py", DODO.replace("default_provisioners=False", arguments))
    assert here.doit("generate", exit=1).out.startswith(
        ".  init\n"
        ".  provision\n"
        "TaskFailed - taskid:provision\n"
        "3 problems:\n"
        "  api.yaml: there is no such file, but Score(...) names it\n"
        "  p.yaml: there is no such file, but Score(...) names it\n"
        "  x.tpl: there is no such file, but Score(...) names it\n"
    )


def test_wrong_arguments_end_in_one_error_without_a_traceback(here: Directory) -> None:
    here.write("dodo.py", DODO.replace("default_provisioners", "default_provisioner"))
    for command in ("list", "generate", "clean"):
        assert here.doit(command, exit=3) == (
            "",
            "ERROR: Score(...) has wrong arguments:\n"
            "  there is no argument 'default_provisioner'\n"
            "    hint: did you mean 'default_provisioners'?\n",
        )
