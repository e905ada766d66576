"""Images that tasks of the dodo.py make: what runs before what, and what is rendered again."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import running
from running import UP_TO_DATE, Directory

pytestmark = pytest.mark.usefixtures("settled")

RAN = ".  init\n.  provision\n.  render\n.  generate\n"
AGAIN = "-- init\n.  provision\n.  render\n.  generate\n"
DODO = """\
from pathlib import Path
from doit.action import CmdAction
from doit_score import Score

def make():
    return {{"image": "shop/web:" + Path("source").read_text().strip(), "other": "shop/other:1"}}

def task_zz_image():
    return {{"actions": [{action}], "file_dep": ["source"]}}

score = Score(images={{{images}}})
"""


@pytest.fixture
def here(tmp_path: Path) -> Directory:
    directory = Directory(tmp_path / "shop")
    directory.write("score.yaml", running.score())
    directory.write("other.score.yaml", running.score("other"))
    directory.write("source", "one")
    return directory


def _dodo(here: Directory, images: str, action: str = "make") -> None:
    here.write("dodo.py", DODO.format(images=images, action=action))


def _image(here: Directory, service: str = "web-main") -> object:
    return here.services()[service]["image"]


@pytest.mark.parametrize("task", ["'zz_image'", "task_zz_image", "('zz_image', 'image')"])
def test_the_task_runs_first_and_only_its_workload_is_rendered_again(here: Directory, task: str) -> None:
    _dodo(here, f"'web:main': {task}")
    assert here.doit("generate").out == f".  zz_image\n{RAN}"
    assert (_image(here), _image(here, "other-main")) == ("shop/web:one", "nginx")
    assert here.doit("generate").out == f"-- zz_image\n{UP_TO_DATE}"
    here.write("source", "two")
    ran = here.doit("generate")
    assert ran.out == f".  zz_image\n{AGAIN}"
    assert "INFO: rendered 1 workload of 2\n" in ran.err
    assert _image(here) == "shop/web:two"
    assert here.doit("generate").out == f"-- zz_image\n{UP_TO_DATE}"


def test_a_task_that_runs_again_and_makes_the_same_image_changes_nothing(here: Directory) -> None:
    _dodo(here, "'web:main': 'zz_image'")
    here.doit("generate")
    before = here.tree()
    here.write("source", "one\n")
    assert here.doit("generate").out == f".  zz_image\n{UP_TO_DATE}"
    after = here.tree()
    assert {path for path in after if after[path] != before[path]} == {"source"}


def test_another_value_of_the_task(here: Directory) -> None:
    _dodo(here, "'web:main': ('zz_image', 'other'), 'other:main': 'zz_image'")
    here.doit("generate")
    assert (_image(here), _image(here, "other-main")) == ("shop/other:1", "shop/web:one")


def test_the_output_of_a_shell_command(here: Directory) -> None:
    _dodo(here, "'web:main': 'zz_image'", "CmdAction('echo sha256:$(cat source)', save_out='image')")
    here.doit("generate")
    assert _image(here) == "sha256:one"


def test_a_subtask(here: Directory) -> None:
    _dodo(here, "'web:main': 'many:b'")
    more = (
        "\ndef give(name):\n"
        "    return {'image': 'shop/' + name}\n"
        "def task_many():\n"
        "    for name in 'ab':\n"
        "        yield {'name': name, 'actions': [(give, [name])]}\n"
    )
    here.write("dodo.py", here.read("dodo.py") + more)
    assert here.doit("generate").out == f".  many:b\n{RAN}"
    assert _image(here) == "shop/b"


def test_a_text_that_is_no_task_is_an_image(here: Directory) -> None:
    _dodo(here, "'web:main': 'redis:8'")
    assert here.doit("generate").out == RAN
    assert _image(here) == "redis:8"


def test_a_container_whose_image_is_a_dot(here: Directory) -> None:
    here.write("score.yaml", running.score(image="."))
    _dodo(here, "'main': 'zz_image'")
    here.doit("generate")
    assert (_image(here), _image(here, "other-main")) == ("shop/web:one", "shop/web:one")


def test_in_processes_of_their_own(here: Directory) -> None:
    _dodo(here, "'web:main': 'zz_image'")
    here.doit("-n", "2", "generate")
    assert _image(here) == "shop/web:one"
    here.write("source", "two")
    here.doit("-n", "2", "generate")
    assert _image(here) == "shop/web:two"
    assert here.doit("generate").out == f"-- zz_image\n{UP_TO_DATE}"


def test_with_a_prefix_and_through_a_stage_alone(here: Directory) -> None:
    _dodo(here, "'web:main': 'zz_image'")
    here.write("dodo.py", here.read("dodo.py").replace("Score(", "Score('stage', "))
    assert (
        here.doit("stage-render").out == ".  stage-init\n.  zz_image\n.  stage-provision\n.  stage-render\n"
    )
    here.doit("stage-generate")
    assert here.services("compose.stage.yaml")["web-main"]["image"] == "shop/web:one"


def test_a_task_that_does_not_tell(here: Directory) -> None:
    _dodo(here, "'web:main': 'zz_image'", "'true'")
    assert here.doit("generate", exit=1).out == (
        ".  zz_image\n.  init\n.  provision\n"
        "TaskFailed - taskid:provision\n"
        "images: the task 'zz_image' does not tell which image it made for 'web:main': it has no value "
        "'image'\n"
        '  hint: let an action return {"image": "NAME:TAG"}, or print that with CmdAction(..., '
        'save_out="image")\n\n'
    )
    assert not here.exists("compose.yaml")


def test_a_task_that_is_not_there(here: Directory) -> None:
    _dodo(here, "'web:main': ('zz_imgae', 'image')")
    assert here.doit("generate", exit=1).out == (
        ".  init\n.  provision\n"
        "TaskFailed - taskid:provision\n"
        "images: there is no task 'zz_imgae' that could make the image of 'web:main'\n"
        "  hint: did you mean 'zz_image'?\n\n"
    )


def test_a_task_that_fails_stops_ours(here: Directory) -> None:
    _dodo(here, "'web:main': 'zz_image'", "'false'")
    assert here.doit("generate", exit=1).out.splitlines()[:2] == [
        ".  zz_image",
        "TaskFailed - taskid:zz_image",
    ]
    assert not here.exists("compose.yaml")


@pytest.mark.parametrize(
    ("value", "found"),
    [("7", "int"), ("''", "an empty text"), ("('a',)", "tuple"), ("len", "builtin_function_or_method")],
)
def test_what_is_neither_an_image_nor_a_task(here: Directory, value: str, found: str) -> None:
    _dodo(here, f"'web:main': {value}")
    assert (
        "images: expected an image, a task or (task, name of its value) for 'web:main', "
        f"found {found}\n" in here.doit("generate", exit=3).err
    )


@pytest.mark.parametrize(
    "command", [("list", "--all", "--status"), ("info", "generate"), ("clean", "--dry-run")]
)
def test_looking_runs_no_task(here: Directory, command: tuple[str, ...]) -> None:
    _dodo(here, "'web:main': 'zz_image'")
    before = here.tree()
    here.run("/bin/sh", "-c", '"$0" -m doit "$@" || true', sys.executable, *command)
    assert here.tree() == before
