"""Names of images: what they stand for, and who is provisioned again when that changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from engineering import Project, score

from doit_score.engine.rehearsal import rehearse
from doit_score.provisioning.files import parse
from doit_score.provisioning.images import at_registry, images, resolve, unused
from doit_score.provisioning.model import Entry
from doit_score.text.errors import ScoreError

SHIPPED = "- uri: images://shipped\n  images:\n    redis: redis:7\n    kafka: apache/kafka:3\n"


def read(*texts: str) -> list[Entry]:
    return [
        entry
        for number, text in enumerate(texts)
        for entry in parse(text.encode(), f"{number}.provisioners.yaml")
    ]


def refused(*texts: str) -> str:
    with pytest.raises(ScoreError) as error:
        resolve(read(*texts))
    return str(error.value)


def test_the_first_file_that_names_an_image_decides() -> None:
    own = "- uri: images://own\n  images: {redis: valkey/valkey:8}\n"
    assert images(read(own, SHIPPED)) == {"redis": "valkey/valkey:8", "kafka": "apache/kafka:3"}
    assert images(read(SHIPPED, own)) == {"redis": "redis:7", "kafka": "apache/kafka:3"}


def test_a_registry_is_for_the_images_that_only_later_files_name() -> None:
    first = "- uri: images://first\n  images: {mysql: mysql:8}\n"
    own = "- uri: images://own\n  registry: mirror.example.com/hub/\n  images: {redis: own/redis:1}\n"
    late = "- uri: images://late\n  registry: other.example.com\n"
    assert images(read(first, own, late, SHIPPED)) == {
        "mysql": "mysql:8",
        "redis": "own/redis:1",
        "kafka": "mirror.example.com/hub/apache/kafka:3",
    }


@pytest.mark.parametrize(
    ("image", "moved"),
    [
        ("redis:7", "r.test/library/redis:7"),
        ("apache/kafka:3", "r.test/apache/kafka:3"),
        ("mcr.microsoft.com/mssql/server:2022", "r.test/mssql/server:2022"),
        ("localhost/x", "r.test/x"),
        ("host:5000/x/y@sha256:00", "r.test/x/y@sha256:00"),
    ],
)
def test_a_registry_takes_the_place_of_the_one_that_was_named(image: str, moved: str) -> None:
    assert at_registry("r.test", image) == moved


def test_a_provisioner_has_the_images_that_it_uses_and_they_are_part_of_its_digest() -> None:
    entry = "- uri: jinja://x\n  type: x\n  images: [redis]\n"
    plain = read(entry)[0]
    (found,) = resolve(read(entry, SHIPPED))
    assert (found.images, found.uses_images) == ({"redis": "redis:7"}, ("redis",))
    (other,) = resolve(read(entry, SHIPPED.replace("redis:7", "redis:8")))
    (same,) = resolve(read(entry, SHIPPED.replace("kafka:3", "kafka:4")))
    assert len({plain.digest, found.digest, other.digest}) == 3
    assert same.digest == found.digest


def test_an_image_that_nobody_names_is_told_with_the_place_of_who_uses_it() -> None:
    entry = "- uri: jinja://x\n  type: x\n  images: [reddis, other]\n"
    assert refused(entry, SHIPPED) == (
        "failed to load provisioners:\n"
        "  0.provisioners.yaml:1: jinja://x: it uses the image 'other', which no images:// entry names\n"
        "    hint: add an entry with `uri: images://NAME` and `images: {other: IMAGE}`\n"
        "  0.provisioners.yaml:1: jinja://x: it uses the image 'reddis', which no images:// entry names\n"
        "    hint: did you mean 'redis'?"
    )


def test_an_image_that_a_project_names_and_nobody_uses_is_warned_of() -> None:
    uses = "- uri: jinja://x\n  type: x\n  images: [redis]\n"
    own = (
        uses
        + "- uri: images://own\n  images:\n    redsi: x:1\n    redis: x:2\n    other: x:3\n    wait: x:4\n"
    )
    entries = read(own, SHIPPED)
    assert [str(one) for one in unused(entries, {"0.provisioners.yaml": own.encode()}, ("wait",))] == [
        "0.provisioners.yaml:6:5: images://own: no provisioner uses the image 'redsi'\n"
        "  hint: did you mean 'redis'?",
        "0.provisioners.yaml:8:5: images://own: no provisioner uses the image 'other'\n"
        "  hint: known are kafka, redis, wait",
    ]


@pytest.mark.usefixtures("settled")
def test_the_warning_stands_until_the_name_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    project = Project(default_provisioners=True)
    project.write("score.yaml", score("web", {"cache": "{type: redis}"}))
    own = "- uri: images://own\n  images:\n    @: valkey:8\n    wait-for-resources: alpine:3\n"
    project.write("provisioners/images.provisioners.yaml", own.replace("@", "redsi"))
    warning = (
        "provisioners/images.provisioners.yaml:3:5: images://own: no provisioner uses the image 'redsi'\n"
        "  | redsi: valkey:8\n"
        "  hint: did you mean 'redis'?"
    )
    assert warning in project.run()
    plain = warning.replace("  | redsi: valkey:8\n", "")
    assert [str(one) for one in rehearse(project.settings, commands=False).warnings] == [plain]
    assert plain in project.fails(strict=True, force=True)
    project.write("provisioners/images.provisioners.yaml", own.replace("@", "redis"))
    assert not [line for line in project.run() if "redsi" in line]


def test_what_is_no_image_is_refused_with_its_place() -> None:
    assert refused("- uri: images://x\n  images:\n    a: ''\n    b: [1]\n  type: x\n") == (
        "3 problems:\n"
        "  0.provisioners.yaml:3:8: images://x: expected an image for 'a', found an empty text\n"
        "  0.provisioners.yaml:4:8: images://x: expected an image for 'b', found a list\n"
        "  0.provisioners.yaml:5:3: images://x: unknown key 'type'\n"
        "    hint: an images:// provisioner has the keys uri, description, registry, images"
    )
    assert refused("- uri: images://x\n  images: [redis]\n") == (
        "0.provisioners.yaml:2:11: images://x: expected a mapping in images, found a list\n"
        "  hint: name each image: `images: {redis: registry.example.com/redis:7}`"
    )


@pytest.mark.usefixtures("settled")
def test_only_resources_whose_image_changed_are_provisioned_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    project = Project(default_provisioners=True)
    project.write("score.yaml", score("web", {"cache": "{type: redis}", "db": "{type: postgres}"}))
    project.run()
    before = project.compose()["services"]
    project.write(
        "provisioners/images.provisioners.yaml", "- uri: images://own\n  images: {redis: 'valkey:${V:-8}'}\n"
    )
    client, *said = project.run()
    assert client.startswith(
        f"redis.default#web.cache: a client: docker compose -p {tmp_path.name} exec redis-"
    )
    assert said == ["provisioned 1 resource of 2", "wrote compose.yaml"]
    after = project.compose()["services"]
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert [re.sub("-.*", "", name) for name in changed] == ["redis"]
    assert {after[name]["image"] for name in changed} == {"valkey:${V:-8}"}
    assert project.run() == []
    Path("provisioners/images.provisioners.yaml").unlink()
    project.run()
    assert project.compose()["services"] == before
