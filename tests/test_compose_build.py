from __future__ import annotations

import pytest

from doit_score.targets.compose.build import parse_build, rebase
from doit_score.text.errors import ScoreError


@pytest.mark.parametrize("context", [".", "./src", "ctx", "../up", "https://host/repo.git#main"])
def test_a_directory_is_kept_as_it_is_given(context: str) -> None:
    assert parse_build(f"web={context}") == ("web", {"context": context})


def test_only_the_first_equals_sign_separates() -> None:
    assert parse_build("web=a=b") == ("web", {"context": "a=b"})


def test_a_section_may_be_json() -> None:
    text = (
        'web={"context":"./src","dockerfile":"Dock","target":"prod","args":{"A":"1","B":null,"C":3},'
        '"labels":{"x":"y"},"no_cache":true,"cache_from":["a","b"],"platforms":["linux/amd64"],"shm_size":"64m"}'
    )
    assert parse_build(text) == (
        "web",
        {
            "args": {"A": "1", "B": None, "C": "3"},
            "cache_from": ["a", "b"],
            "context": "./src",
            "dockerfile": "Dock",
            "labels": {"x": "y"},
            "no_cache": True,
            "platforms": ["linux/amd64"],
            "shm_size": "67108864",
            "target": "prod",
        },
    )


def test_a_section_may_be_yaml() -> None:
    assert parse_build('web= {context: ./src, dockerfile_inline: "FROM scratch"}') == (
        "web",
        {"context": "./src", "dockerfile_inline": "FROM scratch"},
    )


def test_short_forms_become_long_ones() -> None:
    text = (
        "web={context: ., args: [A=1, B], labels: [k=v], extra_hosts: [h=1.2.3.4], ulimits: {nofile: 10},"
        ' additional_contexts: [base=../x], ssh: [default, "key=./id"], privileged: true}'
    )
    assert parse_build(text) == (
        "web",
        {
            "additional_contexts": {"base": "../x"},
            "args": {"A": "1", "B": None},
            "context": ".",
            "extra_hosts": ["h=1.2.3.4"],
            "labels": {"k": "v"},
            "privileged": True,
            "ssh": {"default": None, "key": "./id"},
            "ulimits": {"nofile": 10},
        },
    )


def test_a_section_may_be_empty() -> None:
    assert parse_build("web={}") == ("web", {})


HINT = '\n  hint: give CONTAINER=DIRECTORY or CONTAINER={"context": "DIRECTORY", ...}'


def failure(text: str) -> str:
    with pytest.raises(ScoreError) as error:
        parse_build(text)
    return str(error.value)


def test_a_flag_without_equals_sign_or_container_is_refused() -> None:
    assert failure("./src") == "invalid --build './src': found no '='" + HINT
    assert failure("=./src") == "invalid --build '=./src': found no container" + HINT


def test_a_section_that_is_not_yaml_is_refused_without_being_shown() -> None:
    text = failure('web={"context": ".", "args": {"TOKEN": "secret"}')
    assert text.startswith("invalid --build of container 'web': not YAML: ")
    assert text.endswith(HINT)
    assert "secret" not in text


def test_everything_wrong_in_a_section_is_reported_at_once() -> None:
    assert failure("web={context: [a], dockerfle: x, shm_size: big}").splitlines() == [
        "3 problems:",
        "  invalid --build of container 'web': build: context: expected text, found a list",
        "  invalid --build of container 'web': build: dockerfle: Compose knows no such key here",
        "  invalid --build of container 'web': build: shm_size: "
        "expected a size such as 64m or a number of bytes, found text ('big')",
    ]


@pytest.mark.parametrize("prefix", ["", "."])
def test_a_build_stays_as_written_for_a_file_in_the_same_directory(prefix: str) -> None:
    assert rebase({"context": "./src"}, prefix) == {"context": "./src"}


def test_relative_paths_move_with_the_output_file() -> None:
    build = {
        "context": "./src",
        "dockerfile": "Dock",
        "additional_contexts": {
            "base": "../x",
            "image": "docker-image://alpine:3",
            "root": "/abs",
            "service": "service:db",
            "target": "target:base",
        },
        "ssh": {"default": None, "key": "./id", "home": "~/.ssh/id"},
    }
    assert rebase(build, "..") == {
        "context": "../src",
        "dockerfile": "Dock",
        "additional_contexts": {
            "base": "../../x",
            "image": "docker-image://alpine:3",
            "root": "/abs",
            "service": "service:db",
            "target": "target:base",
        },
        "ssh": {"default": None, "key": "../id", "home": "~/.ssh/id"},
    }
    assert build["context"] == "./src"


@pytest.mark.parametrize(
    ("context", "moved"),
    [
        (".", "../.."),
        ("..", "../../.."),
        ("a:b", "../../a:b"),
        ("/abs", "/abs"),
        ("~/src", "~/src"),
        ("${SRC}", "${SRC}"),
        ("https://host/repo.git", "https://host/repo.git"),
        ("git@host:repo.git", "git@host:repo.git"),
        ("github.com/owner/repo", "github.com/owner/repo"),
    ],
)
def test_only_contexts_that_are_relative_paths_move(context: str, moved: str) -> None:
    assert rebase({"context": context}, "../..") == {"context": moved}


def test_a_build_without_context_is_in_the_directory_itself() -> None:
    assert rebase({"dockerfile_inline": "FROM scratch"}, "..") == {
        "context": "..",
        "dockerfile_inline": "FROM scratch",
    }
