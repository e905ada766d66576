"""A pack beside other tasks and other packs in one dodo.py: what runs before what, and nothing collides."""

from __future__ import annotations

from pathlib import Path

import pytest
import running
from running import NOT_ASKED, UP_TO_DATE, Directory

pytestmark = pytest.mark.usefixtures("settled")

RAN = ".  init\n.  provision\n.  render\n.  generate\n"
MAKER = """\
from pathlib import Path
from doit_score import Score

score = Score({arguments})

def make(targets):
    for target in targets:
        Path(target).parent.mkdir(exist_ok=True)
        Path(target).write_text(Path("source").read_text())

def task_zz_make():
    return {{"actions": [make], "file_dep": ["source"], "targets": [{target}]}}
"""


@pytest.fixture
def here(tmp_path: Path) -> Directory:
    return Directory(tmp_path / "shop")


@pytest.mark.parametrize(
    ("target", "arguments", "exists"),
    [
        ("score.yaml", "", False),
        ("score.yaml", "", True),
        ("web.score.yaml", "", False),
        ("web/score.yaml", "", True),
        ("./web/score.yaml", "", False),
        ("made.yaml", "workloads='made.yaml'", False),
        ("made.yaml", "workloads=['./made.yaml']", False),
        ("score.yaml", "workloads='**/score.yaml'", False),
    ],
)
def test_a_task_that_makes_a_score_file_runs_first(
    here: Directory, target: str, arguments: str, exists: bool
) -> None:
    here.write("dodo.py", MAKER.format(arguments=arguments, target=repr(target)))
    here.write("source", running.score())
    if exists:
        here.write(target, running.score("old"))
    assert here.doit("generate").out == f".  zz_make\n{RAN}"
    assert list(here.services()) == ["web-main"]
    assert here.doit("generate").out == f"-- zz_make\n{UP_TO_DATE}"
    here.write("source", running.score(image="redis"))
    assert here.doit("generate").out.startswith(".  zz_make\n-- init\n.  provision\n")
    assert here.services()["web-main"]["image"] == "redis"


def test_an_absolute_target_is_known_too(here: Directory) -> None:
    here.write("dodo.py", MAKER.format(arguments="", target="Path('score.yaml').absolute()"))
    here.write("source", running.score())
    assert here.doit("generate").out == f".  zz_make\n{RAN}"
    assert here.doit("generate").out == f"-- zz_make\n{UP_TO_DATE}"


@pytest.mark.parametrize(
    ("target", "arguments", "exists"),
    [
        ("provisioners/thing.provisioners.yaml", "", False),
        (".score-compose/00-thing.provisioners.yaml", "", True),
        ("thing.yaml", "provisioners='thing.yaml'", False),
    ],
)
def test_a_task_that_makes_a_provisioner_file_runs_first(
    here: Directory, target: str, arguments: str, exists: bool
) -> None:
    here.write("dodo.py", MAKER.format(arguments=arguments, target=repr(target)))
    here.write("score.yaml", running.score(things=("cup",)))
    here.write("source", running.PROVISIONER)
    if exists:
        here.write(target, running.PROVISIONER.replace("first", "old"))
    assert here.doit("generate").out == f".  zz_make\n{RAN}"
    assert here.services()["web-main"]["environment"] == {"CUP": "first"}
    assert here.doit("generate").out == f"-- zz_make\n{UP_TO_DATE}"
    here.write("source", running.PROVISIONER.replace("first", "second"))
    assert here.doit("generate").err == (
        "INFO: provisioned 1 resource\nINFO: rendered 1 workload\nINFO: wrote compose.yaml\n"
    )
    assert here.services()["web-main"]["environment"] == {"CUP": "second"}


@pytest.mark.parametrize(
    ("target", "arguments", "source", "expected"),
    [
        ("patch.tpl", "patch_templates='./patch.tpl'", "- {op: set, path: name, value: made}\n", "made"),
        ("more.yaml", "overrides={'score.yaml': 'more.yaml'}", "metadata: {name: made}\n", "shop"),
    ],
)
def test_a_task_that_makes_another_input_runs_first(
    here: Directory, target: str, arguments: str, source: str, expected: str
) -> None:
    here.write("dodo.py", MAKER.format(arguments=arguments, target=repr(target)))
    here.write("score.yaml", running.score())
    here.write("source", source)
    assert here.doit("generate").out == f".  zz_make\n{RAN}"
    made = here.compose()
    assert (made["name"], list(here.services())) == (
        expected,
        ["web-main" if expected == "made" else "made-main"],
    )
    assert here.doit("generate").out == f"-- zz_make\n{UP_TO_DATE}"


def test_several_makers_and_tasks_that_have_nothing_to_do_with_it(here: Directory) -> None:
    here.write(
        "dodo.py",
        "from doit_score import Score\n"
        "score = Score()\n"
        "def task_many():\n"
        "    for name in ('aa', 'bb'):\n"
        "        yield {'name': name, 'targets': [name + '.score.yaml'],\n"
        "               'actions': ['sed s/web/%s/ source > %s.score.yaml' % (name, name)]}\n"
        "def task_other():\n"
        "    return {'actions': ['touch other.yaml'], 'targets': ['other.yaml']}\n",
    )
    here.write("source", running.score())
    assert here.doit("generate").out == f".  many:aa\n.  many:bb\n{RAN}"
    assert list(here.services()) == ["aa-main", "bb-main"]
    assert not here.exists("other.yaml")


def test_a_failing_maker_stops_ours(here: Directory) -> None:
    here.write("dodo.py", MAKER.format(arguments="", target="'score.yaml'").replace("[make]", "['false']"))
    here.write("source", "")
    assert here.doit("generate", exit=1).out.splitlines()[:2] == [".  zz_make", "TaskFailed - taskid:zz_make"]
    assert not here.exists("compose.yaml")


USER = """\
from doit_score import Score

DOIT_CONFIG = {"default_tasks": ["deploy"]}
stage = Score()

def task_deploy():
    return {"actions": ["cat compose.yaml >> deployed"], "file_dep": [stage.output]}

def task_lint():
    return {"actions": ["true"]}
"""


def test_a_task_that_depends_on_the_output_runs_after_and_only_when_it_changed(here: Directory) -> None:
    here.write("dodo.py", USER)
    here.write("score.yaml", running.score(image="redis"))
    assert here.doit().out == f"{RAN}.  deploy\n"
    assert here.read("deployed") == here.read("compose.yaml")
    assert here.doit().out == f"{UP_TO_DATE}-- deploy\n"
    # A comment changes the Score file and nothing in the project.
    here.write("score.yaml", running.score(image="redis") + "# a comment\n")
    ran = here.doit()
    assert ran.out.endswith(".  generate\n-- deploy\n")
    assert ran.err.endswith("INFO: compose.yaml is up to date\n")
    here.write("score.yaml", running.score(image="nginx"))
    assert here.doit().out.endswith(".  generate\n.  deploy\n")
    assert here.read("deployed").endswith(here.read("compose.yaml"))


def test_the_name_of_the_variable_does_not_matter_and_other_creators_stay(here: Directory) -> None:
    here.write("dodo.py", USER)
    assert [line.split()[0] for line in here.doit("list").out.splitlines()] == [
        "deploy",
        "diff",
        "down",
        "exec",
        "generate",
        "graph",
        "init",
        "lint",
        "logs",
        "provision",
        "ps",
        "render",
        "restart",
        "status",
        "up",
        "watch",
        "why",
    ]


NAMES = (
    *("diff", "down", "exec", "generate", "graph", "init", "logs", "provision", "ps", "render", "restart"),
    *("status", "up", "watch", "why"),
)
TWO = """\
from doit_score import Score

one = Score(default_provisioners=False)
two = Score("stage", default_provisioners=False, env={"STAGE": "yes"})
"""


def test_two_packs_do_not_collide(here: Directory) -> None:
    here.write("dodo.py", TWO)
    here.write("score.yaml", running.score(things=("cup",)))
    here.write("provisioners/thing.provisioners.yaml", running.PROVISIONER)
    assert [line.split()[0] for line in here.doit("list", "--all", "--private").out.splitlines()] == [
        "_inputs",
        "_stage-inputs",
        *sorted([*NAMES, *(f"stage-{name}" for name in NAMES)]),
    ]
    staged = "".join(line.replace("  ", "  stage-") + "\n" for line in RAN.splitlines())
    not_asked = NOT_ASKED.replace("-- ", "-- stage-").replace("`doit ", "`doit stage-")
    assert here.doit().out == RAN + NOT_ASKED + staged + not_asked
    assert here.doit().out == UP_TO_DATE + NOT_ASKED + UP_TO_DATE.replace("-- ", "-- stage-") + not_asked
    assert here.compose()["name"] == "shop"
    assert here.compose("compose.stage.yaml")["name"] == "shop-stage"
    uid = "thing.default#web.cup"
    names = [
        here.score("resources", "get-outputs", uid, "--state-dir", state, "--format", "{{.name}}").out
        for state in ("state", "state/stage")
    ]
    assert names[0] != names[1]
    here.write("score.yaml", running.score(image="redis"))
    here.doit("stage-generate")
    assert here.services("compose.stage.yaml")["web-main"]["image"] == "redis"
    assert here.services()["web-main"]["image"] == "nginx"
    assert here.doit("clean", "stage-generate").out.endswith("removed compose.stage.yaml\n")
    assert here.exists("compose.yaml")
    here.doit("generate")
    assert here.doit("generate").out == UP_TO_DATE


def test_two_packs_that_contradict_each_other_are_refused(here: Directory) -> None:
    here.write("score.yaml", running.score())
    for arguments, said in (
        (
            "",
            "two packs have the name '', so their tasks would too: give one of them another, as in "
            'Score("stage")',
        ),
        (
            "'b', output='compose.yaml'",
            "'' and 'b' have one output, 'compose.yaml': it is for one alone, so give each its own",
        ),
        (
            "'b', state_dir='state'",
            "'' and 'b' have one state_dir, 'state': it is for one alone, so give each its own",
        ),
    ):
        here.write("dodo.py", f"from doit_score import Score\na = Score()\nb = Score({arguments})\n")
        assert here.doit("generate", exit=3) == ("", f"ERROR: {said}\n")
