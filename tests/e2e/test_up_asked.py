"""What `up` can be asked for: some names, images that are built or pulled or not, how long to wait."""

from __future__ import annotations

import pytest
from docking import IMAGE, Docked, build, docker, workload

STORE = f"""\
- uri: jinja://tests/store
  type: store
  outputs: |
    host: store-{{{{ id.split(".")[-1] }}}}
  services: |
    store-{{{{ id.split(".")[-1] }}}}:
      image: {IMAGE}
      command: [sh, -c, "echo store; sleep 1000"]
"""
SLOW = "[sh, -c, \"trap 'sleep 3; touch /data/ended; exit' TERM; echo up; while true; do sleep 0.1; done\"]"


@pytest.fixture
def shop(here: Docked) -> Docked:
    """Two workloads with a store each, which they wait for alone."""
    here.dodo("start_order='direct'")
    here.write("provisioners/store.provisioners.yaml", STORE)
    for name in ("one", "two"):
        here.write(f"{name}.score.yaml", shop_workload(name))
    return here


def shop_workload(name: str, value: str = "a") -> str:
    return workload(name, resources={f"{name}-db": "store"}, A=value)


def test_names_are_brought_up_with_what_they_wait_for_and_nothing_else_is_touched(shop: Docked) -> None:
    said = shop.doit("up", "--only", "one").err
    assert said.endswith("INFO: one is up: 2 containers\n")
    assert list(shop.ids()) == ["one-main", "store-one-db"]
    assert shop.doit("up", "--only", "store-one-db", "--only", "one-main").out.endswith("-- up\n")
    shop.doit("up")
    ids = shop.ids()
    assert list(ids) == ["one-main", "store-one-db", "store-two-db", "two-main"]
    shop.remove("one.score.yaml")
    shop.write("two.score.yaml", shop_workload("two", "b"))
    shop.write("three.score.yaml", shop_workload("three"))
    # What is no longer in the project stays, and what is outdated, until somebody asks for it.
    assert shop.doit("up", "--only", "three").err.endswith("INFO: three is up: 2 containers\n")
    assert {name: id_ for name, id_ in shop.ids().items() if name in ids} == ids
    assert [row["State"] for row in shop.status() if row["Service"] == "two-main"] == ["running"]
    assert [row["Current"] for row in shop.status() if row["Service"] == "two-main"] == [False]
    shop.doit("up", "--only", "store.default#two.two-db")
    assert shop.ids()["two-main"] == ids["two-main"]
    shop.doit("up")
    assert list(shop.ids()) == ["store-three-db", "store-two-db", "three-main", "two-main"]
    assert shop.ids()["two-main"] != ids["two-main"]
    assert "did you mean 'three'?" in shop.doit("up", "--only", "thre", exit=1).out


def test_images_that_are_there_are_run_without_building_them(here: Docked) -> None:
    here.dodo("builds={'web:main': 'app'}")
    here.write("app/Dockerfile", f"FROM {IMAGE}\n")
    here.write("score.yaml", workload().replace(IMAGE, "."))
    try:
        assert "No such image" in here.doit("up", "--no-build", exit=1).out
        here.doit("up", "--build")
        ids = here.ids()
        here.write("app/Dockerfile", f"FROM {IMAGE}\nENV A=b\n")
        ran = here.doit("up", "--no-build")
        assert (ran.out.splitlines()[-1], here.ids()) == ("-- up", ids)
        here.doit("up")
        assert here.ids() != ids
        assert "A=b\n" in here.inside("web-main", "env")
    finally:
        docker("image", "rm", "--force", f"{here.project}-web-main", check=False)


def test_an_image_that_is_not_there_is_never_pulled_and_one_that_cannot_be_is_told(here: Docked) -> None:
    image = f"127.0.0.1:9/{here.project}/none"
    here.write("score.yaml", workload().replace(IMAGE, image))
    said = here.doit("up", "--pull", "never", exit=1).out
    who = "of service 'web-main' of workload 'web'"
    assert f"the image '{image}' {who} is not there and cannot be pulled" in said
    assert "No such image" in said
    said = here.doit("up", "--pull", "always", exit=1).out
    assert f"the images of project '{here.project}' cannot be pulled:\n" in said
    assert here.ids() == {}
    assert here.doit("up", "--pull", "x", exit=3).err == (
        "ERROR: Error parsing parameter 'pull'. Provided 'x' but available choices are: 'always', 'missing', "
        "'never'.\n"
    )
    here.score("generate", "--force")
    assert here.score("up", "--pull", "x", exit=1).err == (
        "Error: --pull: expected 'always' or 'missing' or 'never', found 'x'\n"
    )


def test_what_is_replaced_or_started_again_has_as_long_for_ending_as_was_said(here: Docked) -> None:
    image = f"{here.project}-slow"
    build(image, f"FROM {IMAGE}\nSTOPSIGNAL SIGTERM\n")

    def ended() -> str:
        return docker("run", "--rm", "-v", f"{here.volumes()[0]}:/data", IMAGE, "sh", "-c", "echo /data/*")

    try:
        for number, (timeout, expected) in enumerate(
            [("60", "/data/*"), ("0", "/data/*"), ("60", "/data/ended")]
        ):
            text = workload(command=SLOW, volume=True, N=f"n{number}").replace(IMAGE, image)
            here.write("score.yaml", text)
            here.doit("up", "--timeout", timeout)
            here.wait_for_log("web-main", "up")  # from here on it takes its time to end
            assert ended() == f"{expected}\n"
        assert "--timeout: expected whole seconds, found 0.5" in here.doit("up", "-t", "0.5", exit=1).out
        here.doit("down", "-t", "0")
    finally:
        docker("image", "rm", "--force", image, check=False)
