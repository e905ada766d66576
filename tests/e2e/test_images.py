"""Images that tasks make, run for real."""

from __future__ import annotations

import docking
from docking import Docked, docker, workload

BUILD = """
from doit.action import CmdAction

def task_image():
    return {{
        "actions": [CmdAction("docker build --quiet --tag {name} .", save_out="image")],
        "file_dep": ["Dockerfile", "page"],
    }}
"""


def test_a_task_builds_the_image_and_a_new_one_recreates_its_container_alone(here: Docked) -> None:
    name = f"{here.project}:dev"
    here.dodo("images={'web:main': 'image'}", BUILD.format(name=name))
    here.write("score.yaml", workload().replace(f"image: {docking.IMAGE}", "image: ."))
    here.write("other.score.yaml", workload("other"))
    here.write("Dockerfile", f"FROM {docking.IMAGE}\nCOPY page /www/page\n")
    here.write("page", "one")
    try:
        here.doit("up")
        assert here.inside("web-main", "cat", "/www/page") == "one"
        ids = here.ids()
        assert here.doit("up").out.splitlines()[0] == "-- image"
        assert here.doit("up").out.splitlines()[-1] == "-- up"
        here.write("page", "two")
        assert here.doit("up").out.splitlines()[0] == ".  image"
        assert here.inside("web-main", "cat", "/www/page") == "two"
        assert here.ids()["other-main"] == ids["other-main"]
        assert here.doit("up").out.splitlines()[-1] == "-- up"
    finally:
        here.close()
        docker("rmi", "--force", name, check=False)
