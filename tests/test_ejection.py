"""`provisioners show` and `provisioners eject`: what is shown, where it is copied, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import Command

from doit_score.engine.inputs.discover import default_directory
from doit_score.version import __version__

SHIPPED = Path(default_directory())

OWN = """\
# About the first.
- uri: jinja://shop/cache
  type: cache
  description: Two
    lines.
  supported_params: [size]
  outputs: |
    host: cache

# About the second.
- uri: template://shop/small
  type: cache
  class: small
  expected_outputs: []
"""

FIRST, SECOND = OWN.split("\n\n")
HEAD = (
    "# yaml-language-server: $schema=../state/schemas/provisioners.schema.json\n"
    "# Copied by `doit-score provisioners eject {}` ({}), for editing: it comes before the one it was copied "
    "from.\n#\n"
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    here = Command(tmp_path / "here", capsys)
    monkeypatch.chdir(here.path)
    return here


def test_a_shipped_one_is_shown_with_all_that_it_says_before_there_is_a_project(here: Command) -> None:
    path = SHIPPED / "dns.provisioners.yaml"
    text = path.read_text(encoding="utf-8")
    assert here.main("provisioners", "show", "dns") == (
        0,
        "type:        dns\n"
        "class:       (any)\n"
        "uri:         jinja://doit-score/dns\n"
        "description: A host name for routes, below localhost.\n"
        "params:      (none)\n"
        "annotations: (none)\n"
        "outputs:     host\n"
        f"source:      {path}:3\n"
        f"\n{text}",
        "",
    )
    assert not here.exists("state")


def test_those_of_a_project_are_shown_in_the_order_in_which_they_count(here: Command) -> None:
    here.write("provisioners/a.provisioners.yaml", OWN)
    assert here.main("provisioners", "show", "cache") == (
        0,
        "type:        cache\n"
        "class:       (any)\n"
        "uri:         jinja://shop/cache\n"
        "description: Two lines.\n"
        "params:      size\n"
        "annotations: (not declared)\n"
        "outputs:     (not declared)\n"
        "source:      provisioners/a.provisioners.yaml:2\n"
        f"\n{FIRST}\n\n"
        "type:        cache\n"
        "class:       small\n"
        "uri:         template://shop/small\n"
        "params:      (not declared)\n"
        "annotations: (not declared)\n"
        "outputs:     (none)\n"
        "source:      provisioners/a.provisioners.yaml:11\n"
        f"\n{SECOND}",
        "",
    )


def test_what_params_and_annotations_must_be_is_shown(here: Command) -> None:
    here.write(
        "provisioners/a.provisioners.yaml",
        "- uri: jinja://one\n"
        "  type: one\n"
        "  supported_params:\n"
        "    size: {type: quantity, required: true}\n"
        "    owner:\n"
        "    count: {type: integer, minimum: 1}\n"
        "  supported_annotations:\n"
        "    compose.score.dev/publish-port: {type: port}\n",
    )
    assert (
        here.main("provisioners", "show", "one")
        .out.partition("uri: ")[2]
        .startswith(
            "        jinja://one\n"
            "params:      size: an amount such as 10Gi (required)\n"
            "             owner\n"
            "             count: a whole number of 1 or more\n"
            "annotations: compose.score.dev/publish-port: a port from 1 to 65535\n"
            "outputs:     (not declared)\n"
        )
    )


def test_what_is_a_secret_and_what_is_read_from_files_is_shown(here: Command) -> None:
    here.write(
        "provisioners/a.provisioners.yaml",
        "- uri: template://a\n  type: a\n  secret_outputs: [dsn, key]\n  file_variables: [PASSWORD]\n",
    )
    assert here.main("provisioners", "show", "a").out.startswith(
        "type:        a\n"
        "class:       (any)\n"
        "uri:         template://a\n"
        "params:      (not declared)\n"
        "annotations: (not declared)\n"
        "outputs:     (not declared)\n"
        "secrets:     dsn, key\n"
        "from files:  PASSWORD\n"
        "source:      provisioners/a.provisioners.yaml:1\n"
    )


def test_the_images_are_shown_that_count_here(here: Command) -> None:
    here.write("provisioners/i.provisioners.yaml", "- uri: images://own\n  registry: r.test\n")
    shown = here.main("provisioners", "show", "redis").out
    assert "images:      r.test/library/redis:" in shown


def test_the_built_in_one_is_shown_without_a_text(here: Command) -> None:
    assert here.main("provisioners", "show", "environment").out == (
        "type:        environment\n"
        "class:       (any)\n"
        "uri:         builtin://environment\n"
        "description: Environment variables of the machine that runs Compose.\n"
        "params:      (not declared)\n"
        "annotations: (not declared)\n"
        "outputs:     (not declared)\n"
        "source:      (built-in)\n"
    )


def test_entries_that_do_not_stand_by_themselves_are_shown_with_their_file(here: Command) -> None:
    text = (
        "- {uri: jinja://one, type: one, outputs: &o 'a: 1'}\n- {uri: jinja://two, type: two, outputs: *o}\n"
    )
    here.write("provisioners/a.provisioners.yaml", text)
    assert here.main("provisioners", "show", "two").out.endswith(f"\n\n{text}")


def test_a_type_that_is_not_there_is_told_with_what_is_meant(here: Command) -> None:
    for verb in ("show", "eject"):
        assert here.main("provisioners", verb, "postgress") == (
            1,
            "",
            "Error: there is no provisioner for type 'postgress'\n  hint: did you mean 'postgres'?\n",
        )
    assert here.main("provisioners", "show", "zzz").err.startswith(
        "Error: there is no provisioner for type 'zzz'\n  hint: known are amqp, dns, elasticsearch, "
    )


def test_an_ejected_one_counts_and_its_resources_stay_as_they_are(here: Command) -> None:
    here.write(
        "score.yaml",
        "apiVersion: score.dev/v1b1\nmetadata: {name: web}\ncontainers: {main: {image: nginx}}\n"
        "resources: {cache: {type: redis}}\n",
    )
    assert here.main("--quiet", "init", "--no-sample").exit == 0
    assert here.main("--quiet", "generate", "score.yaml").exit == 0
    before = here.read("compose.yaml")
    assert here.main("provisioners", "eject", "redis") == (
        0,
        "",
        "INFO: wrote 'provisioners/redis.provisioners.yaml': it counts from the next run on\n",
    )
    text = here.read("provisioners/redis.provisioners.yaml")
    assert text == HEAD.format("redis", __version__) + (SHIPPED / "redis.provisioners.yaml").read_text()
    assert here.main("--quiet", "generate").exit == 0
    assert here.read("compose.yaml") == before
    here.write("provisioners/redis.provisioners.yaml", text.replace("appendonly yes", "appendonly no"))
    assert here.main("--quiet", "generate").exit == 0
    assert here.read("compose.yaml") == before.replace("appendonly yes", "appendonly no")


def test_nothing_is_overwritten_and_what_is_the_project_s_own_is_edited_in_place(here: Command) -> None:
    here.write("provisioners/redis.provisioners.yaml", "# mine\n")
    assert here.main("provisioners", "eject", "redis") == (
        1,
        "",
        "Error: provisioners/redis.provisioners.yaml: is there already, and is not overwritten\n"
        "  hint: move it away first\n",
    )
    assert here.read("provisioners/redis.provisioners.yaml") == "# mine\n"
    here.write("provisioners/own.provisioners.yaml", OWN)
    assert here.main("provisioners", "eject", "cache") == (
        1,
        "",
        "Error: provisioners/own.provisioners.yaml:2: the provisioner for type 'cache' is the project's own\n"
        "  | - uri: jinja://shop/cache\n"
        "  hint: edit it there\n",
    )


def test_the_built_in_one_has_no_file_to_copy(here: Command) -> None:
    assert here.main("provisioners", "eject", "environment") == (
        1,
        "",
        "Error: the provisioner for type 'environment' is built in: there is no file to copy\n"
        "  hint: a `local-env://` entry in a file of your own comes before it\n",
    )
    assert not here.exists("provisioners")


def test_a_project_without_the_shipped_ones_gets_the_images_too(here: Command) -> None:
    assert here.main("--quiet", "init", "--no-sample", "--no-default-provisioners").exit == 0
    assert here.main("provisioners", "show", "redis").exit == 1
    assert here.main("provisioners", "eject", "redis").exit == 0
    end = here.read("provisioners/redis.provisioners.yaml").splitlines()[-3:]
    assert end[:2] == ["- uri: images://ejected/redis", "  images:"]
    assert end[2].startswith("    redis: redis:")
    assert here.main("provisioners", "show", "redis").exit == 0


def test_one_that_was_taken_in_is_copied_before_it(here: Command) -> None:
    here.write(".score-compose/x.provisioners.yaml", OWN)
    assert here.main("provisioners", "eject", "cache").exit == 0
    assert (
        here.read("provisioners/cache.provisioners.yaml") == HEAD.format("cache", __version__) + FIRST + "\n"
    )
    shown = here.main("provisioners", "show", "cache").out
    assert shown.index("provisioners/cache.provisioners.yaml:5") < shown.index(
        ".score-compose/x.provisioners.yaml:2"
    )


def test_the_name_of_the_file_is_one_whatever_the_type_is_called(here: Command) -> None:
    here.write(".score-compose/x.provisioners.yaml", "- uri: jinja://x\n  type: ../a b\n")
    assert here.main("provisioners", "eject", "../a b").exit == 0
    assert here.exists("provisioners/..-a-b.provisioners.yaml")


def test_completion_asks_for_the_types(here: Command) -> None:
    types = here.main("completion", "types").out.splitlines()
    assert types == sorted(types)
    assert {"environment", "redis", "volume"} <= {*types}
