"""Images that are pulled from a registry: Debian's docker-registry, in a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import docking
import pytest
from docking import IMAGE, Docked, docker, wait_until, workload


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[str]:
    """Its address; an engine takes one of this machine without TLS."""
    program = shutil.which("docker-registry")
    if program is None:
        missing = "there is no program docker-registry (Debian: apt install docker-registry)"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    port = docking.free_port()
    settings = tmp_path / "registry.yaml"
    settings.write_text(
        f"version: 0.1\nstorage: {{filesystem: {{rootdirectory: {tmp_path}/images}}}}\n"
        f"http: {{addr: '127.0.0.1:{port}'}}\n"
    )
    process = subprocess.Popen(
        [program, "serve", settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/v2/", timeout=60):
                return True
        except OSError:
            return False

    try:
        wait_until(answers)
        yield f"127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def test_an_image_that_is_another_one_in_the_registry_is_run_when_it_is_asked_for(
    here: Docked, registry: str
) -> None:
    image = f"{registry}/{here.project}:1"

    def build(word: str) -> None:
        docking.build(image, f"FROM {IMAGE}\nENV WORD={word}\n")

    here.write("score.yaml", workload().replace(IMAGE, image))
    try:
        build("new")
        docker("push", "--quiet", image)
        build("old")
        here.doit("up")
        ids = here.ids()
        assert here.doit("up").out.endswith("-- up\n")
        assert "INFO: web-main has another image\n" in here.doit("up", "--pull", "always").err
        assert here.ids() != ids
        assert "WORD=new\n" in here.inside("web-main", "env")
        ids = here.ids()
        said = here.doit("up", "--pull", "always").err
        assert said.endswith("INFO: nothing to do: 1 container as the project wants\n")
        assert here.ids() == ids
        here.doit("down", "-t", "0")
        docker("image", "rm", "--force", image)
        here.doit("up", "--pull", "missing")
        assert "WORD=new\n" in here.inside("web-main", "env")
    finally:
        here.doit("down", "-t", "0")
        docker("image", "rm", "--force", image, check=False)
