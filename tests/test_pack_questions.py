"""The tasks diff and why, and `generate --force`."""

from __future__ import annotations

from pathlib import Path

import pytest
import running
from running import Project

pytestmark = pytest.mark.usefixtures("settled")


@pytest.fixture
def here(tmp_path: Path) -> Project:
    directory = Project(tmp_path / "shop")
    directory.write("score.yaml", running.score())
    directory.generate()
    return directory


def test_diff_of_what_is_up_to_date_prints_nothing_and_ends_well(here: Project) -> None:
    assert here.doit("diff") == (".  diff\n", "")


def test_diff_shows_what_generate_would_change_fails_and_writes_nothing(here: Project) -> None:
    here.write("score.yaml", running.score(image="busybox"))
    before = here.tree()
    assert here.doit("diff", exit=1) == (
        ".  diff\n"
        "--- compose.yaml\n"
        "+++ compose.yaml\n"
        "@@ -4,4 +4,4 @@\n"
        "     annotations:\n"
        "       compose.score.dev/workload-name: web\n"
        "     hostname: web\n"
        "-    image: nginx\n"
        "+    image: busybox\n",
        "",
    )
    assert here.tree() == before


def test_diff_counts_the_arguments_of_score(here: Project) -> None:
    here.write(
        "dodo.py", "from doit_score import Score\n\nscore = Score(images={'main': 'x'}, strict=True)\n"
    )
    here.write("score.yaml", running.score(image="."))
    assert "+    image: x\n" in here.doit("diff", exit=1).out


def test_diff_without_a_state_is_an_error(here: Project) -> None:
    here.write("dodo.py", "from doit_score import Score\n\nscore = Score(state_dir='other')\n")
    assert here.doit("diff", exit=1).out == (
        ".  diff\nTaskFailed - taskid:diff\nthere is no state in 'other' yet\n"
        "  hint: run `doit-score init` (or `doit init`) first\n\n"
    )


def test_diff_knows_the_images_that_tasks_have_made_and_makes_none(here: Project) -> None:
    here.write("score.yaml", running.score(image="."))
    here.write(
        "dodo.py",
        "from doit_score import Score\n\n"
        "def task_image():\n"
        "    def build():\n"
        "        open('built', 'a').write('x')\n"
        "        return {'image': 'shop/web:1'}\n"
        "    return {'actions': [build]}\n\n"
        "score = Score(images={'main': task_image})\n",
    )
    assert here.doit("diff", exit=1).out == (
        ".  diff\nTaskFailed - taskid:diff\n"
        "images: the task 'image' does not tell which image it made for 'main': it has no value 'image'\n"
        '  hint: let an action return {"image": "NAME:TAG"}, or print that with CmdAction(..., '
        'save_out="image")\n\n'
    )
    here.doit("image")
    assert "+    image: shop/web:1\n" in here.doit("diff", exit=1).out
    assert here.read("built") == "x"


def test_why_tells_what_the_last_run_did(here: Project) -> None:
    expected = (
        ".  why\n"
        "+----------+--------------+----------+-----------+\n"
        "|   KIND   |     NAME     |   DID    |    WHY    |\n"
        "+----------+--------------+----------+-----------+\n"
        "| workload | web          | rendered | it is new |\n"
        "+----------+--------------+----------+-----------+\n"
        "| file     | compose.yaml | wrote    | it is new |\n"
        "+----------+--------------+----------+-----------+\n"
    )
    assert here.doit("why") == (expected, "")


def test_why_of_one_as_json(here: Project) -> None:
    assert here.doit("why", "--format", "json", "web").out == (
        '.  why\n[\n  {\n    "Kind": "workload",\n    "Name": "web",\n    "Did": "rendered",\n'
        '    "Reasons": [\n      {\n        "Reason": "new",\n        "Text": "it is new"\n      }\n    ],\n'
        '    "Warnings": []\n  }\n]\n'
    )


def test_why_of_what_there_is_not(here: Project) -> None:
    assert here.doit("why", "wep", exit=1).out == (
        ".  why\nTaskFailed - taskid:why\nthere is no workload, resource or file 'wep' in the project\n"
        "  hint: did you mean 'web'?\n\n"
    )


def test_generate_force_renders_all_again(here: Project) -> None:
    ran = here.doit("generate", "--force")
    assert ran.out == "-- init\n-- provision\n-- render\n.  generate\n"
    assert "INFO: rendered 1 workload\n" in ran.err
    assert here.doit("generate").out == running.UP_TO_DATE


def test_generate_force_replaces_an_output_that_is_not_ours(here: Project) -> None:
    arguments = "output='other.yaml'"
    here.write("other.yaml", "x: 1\n")
    here.write("dodo.py", f"from doit_score import Score\n\nscore = Score({arguments})\n")
    here.doit("generate", exit=1)
    assert here.read("other.yaml") == "x: 1\n"
    here.doit("generate", "--force")
    assert list(here.services("other.yaml")) == ["web-main"]
