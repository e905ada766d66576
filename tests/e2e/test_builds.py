"""Images that are built of the directory of the project: what gets into them, and that they settle."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from docking import IMAGE, Docked, docker
from ignoring import LET_IN, TREE

from doit_score.targets import dockerignore

DOCKERFILE = f'FROM {IMAGE}\nCOPY . /app/\nCMD ["sleep", "1000"]\n'
SCORE = """\
apiVersion: score.dev/v1b1
metadata: {name: web}
containers:
  main:
    image: .
    variables: {PASSWORD: "${resources.db.password}"}
resources:
  db: {type: store}
"""
STORE = """\
- uri: jinja://tests/store
  type: store
  state: |
    password: {{ state | dig("password", randAlphaNum(16)) }}
  outputs: |
    password: {{ state.password }}
"""


@pytest.fixture
def built(here: Docked) -> Iterator[Docked]:
    here.write("provisioners/store.provisioners.yaml", STORE)
    here.write("score.yaml", SCORE)
    here.write("Dockerfile", DOCKERFILE)
    yield here
    docker("image", "rm", "--force", f"{here.project}-web-main", check=False)


def copied(*images: str) -> dict[str, dict[str, bytes]]:
    """What is below /app in the last layer of each image: paths and contents."""
    saved = subprocess.run(["docker", "save", *images], capture_output=True, check=True).stdout
    found = {}
    with tarfile.open(fileobj=io.BytesIO(saved)) as tar:
        for one in json.loads(_read(tar, "manifest.json")):
            with tarfile.open(fileobj=io.BytesIO(_read(tar, one["Layers"][-1]))) as layer:
                names = [member.name for member in layer if member.isfile()]
                found[one["RepoTags"][0]] = {name.removeprefix("app/"): _read(layer, name) for name in names}
    return found


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name)
    assert file is not None
    return file.read()


def image_of(here: Docked) -> str:
    """The image that the container of the workload is of."""
    return docker("inspect", "-f", "{{.Image}}", here.ids()["web-main"]).strip()


def test_docker_leaves_out_what_we_take_it_to_leave_out(engine: None, tmp_path: Path) -> None:
    project = f"dsu-{uuid.uuid4().hex[:8]}"
    images = [f"{project}:{number}" for number in range(len(LET_IN))]
    services = {}
    for number, rules in enumerate(LET_IN):
        for path in TREE:
            file = tmp_path / str(number) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        (tmp_path / str(number) / dockerignore.NAME).write_text(rules)
        build = {"context": str(number), "dockerfile_inline": "FROM scratch\nCOPY . /app/\n"}
        services[f"s{number}"] = {"build": build, "image": images[number]}
    (tmp_path / "compose.yaml").write_text(json.dumps({"name": project, "services": services}))
    try:
        subprocess.run(
            ["docker", "compose", "build", "--quiet"], cwd=tmp_path, check=True, capture_output=True
        )
        found = copied(*images)
    finally:
        docker("image", "rm", "--force", *images, check=False)
    got = {
        rules: sorted({*found[image]} - {dockerignore.NAME})
        for image, rules in zip(images, LET_IN, strict=True)
    }
    assert got == {rules: sorted(paths.split()) for rules, paths in LET_IN.items()}


def test_an_image_of_the_project_itself_settles_and_has_no_password(built: Docked) -> None:
    built.dodo("builds={'web:main': '.'}")
    built.score("init", "--no-sample", "--dockerignore", ".")
    assert "WARN" not in built.doit("up").err
    ids, image = built.ids(), image_of(built)
    password = built.password().encode()
    for _ in range(2):
        before, ran = built.tree(), built.doit("up")
        assert ran.err.splitlines()[-1] == "INFO: nothing to do: 1 container as the project wants"
        assert (built.ids(), image_of(built), built.tree()) == (ids, image, before)
    tag = f"{built.project}-web-main:latest"
    (files,) = copied(tag).values()
    assert sorted(files) == [
        ".dockerignore",
        "Dockerfile",
        "dodo.py",
        "provisioners/store.provisioners.yaml",
        "score.yaml",
    ]
    assert not any(password in content for content in files.values())
    assert password.decode() in docker("inspect", built.ids()["web-main"]), "the container does have it"


def test_without_the_lines_it_is_warned_of_and_a_password_is_in_the_image(built: Docked) -> None:
    """What the warning says is so."""
    built.dodo("builds={'web:main': '.'}")
    said = built.doit("up").err
    hint = "add to '.dockerignore' 3 lines: state, compose.yaml, .doit.db*; "
    assert "WARN: .: the image of service 'web-main' of workload 'web' is built of this directory" in said
    assert f"  hint: {hint}`doit-score init --dockerignore .` does\n" in said
    (files,) = copied(f"{built.project}-web-main:latest").values()
    password = built.password().encode()
    assert {"state/state.db", "compose.yaml"} <= {
        path for path, content in files.items() if password in content
    }
    before = image_of(built)
    built.doit("up")
    assert image_of(built) != before
