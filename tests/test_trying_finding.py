"""Which provisioner is tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from doit_score.provisioning.environment import builtin_entry
from doit_score.provisioning.files import parse
from doit_score.text.errors import ScoreError
from doit_score.trying.finding import choose, is_file, of_file

CACHES = parse(
    b"""
- {uri: 'template://large', type: cache, class: large}
- {uri: 'template://one', type: cache, class: small, id: one}
- {uri: 'template://any', type: cache}
- {uri: 'template://other', type: queue, class: fast, id: main}
""",
    "p.yaml",
)


@pytest.mark.parametrize(
    ("type_", "class_", "id_", "expected"),
    [
        ("cache", None, None, ("template://any", "default", "web.cache")),
        ("cache", "large", None, ("template://large", "large", "web.cache")),
        ("cache", "small", None, ("template://any", "small", "web.cache")),
        ("cache", "small", "one", ("template://one", "small", "one")),
        ("cache", None, "one", ("template://any", "default", "one")),
        # Where nothing usual fits it is what the entry asks for.
        ("queue", None, None, ("template://other", "fast", "main")),
        ("queue", "fast", None, ("template://other", "fast", "main")),
    ],
)
def test_the_first_that_fits_with_what_it_asks_for(
    type_: str, class_: str | None, id_: str | None, expected: tuple[str, str, str]
) -> None:
    found = choose(CACHES, type_, class_, id_, workload="web")
    assert (found.entry.uri, found.class_, found.id) == expected


def test_the_type_need_not_be_named_where_there_is_one() -> None:
    assert choose(CACHES[:3], workload="web").entry.uri == "template://any"


def test_the_built_in_environment_takes_the_usual_id() -> None:
    found = choose([builtin_entry()], workload="web")
    assert (found.entry.uri, found.id) == ("builtin://environment", "web.environment")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            {},
            "there are provisioners of several types: cache, queue\n  hint: name one with --type",
        ),
        ({"type_": "cahe"}, "there is no provisioner for type 'cahe'\n  hint: did you mean 'cache'?"),
        (
            {"type_": "queue", "class_": "slow"},
            "no provisioner for type 'queue' takes class 'slow'\n  hint: known are queue.fast#main",
        ),
        (
            {"type_": "queue", "class_": "slow", "id_": "x"},
            "no provisioner for type 'queue' takes class 'slow' and id 'x'\n"
            "  hint: known are queue.fast#main",
        ),
    ],
)
def test_what_does_not_fit_is_told_with_what_there_is(asked: dict[str, str], message: str) -> None:
    with pytest.raises(ScoreError) as error:
        choose(CACHES, **asked, workload="web")
    assert str(error.value) == message


def test_a_file_without_provisioners() -> None:
    with pytest.raises(ScoreError, match="there is no provisioner in it"):
        choose(of_file(b"- {uri: 'images://x', images: {a: b}}", "p.yaml", {}), workload="web")


def test_images_that_the_file_names_count_before_those_of_the_project() -> None:
    text = b"""
- {uri: 'jinja://x', type: cache, images: [redis, other]}
- {uri: 'images://x', images: {redis: mine}}
"""
    (entry,) = of_file(text, "p.yaml", {"redis": "theirs", "other": "theirs"})
    assert entry.images == {"redis": "mine", "other": "theirs"}
    with pytest.raises(ScoreError, match="it uses the image 'other', which no images:// entry names"):
        of_file(text, "p.yaml", {})


def test_a_file_is_told_from_a_type_by_its_name_or_that_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert [name for name in ("redis", "a.yaml", "a.yml", "dir/x", "kafka-topic") if is_file(name)] == [
        "a.yaml",
        "a.yml",
        "dir/x",
    ]
    Path("redis").touch()
    assert is_file("redis")
