"""A project that is said in a TOML file: what it gives, and what is said of mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from doit_score.configuring import toml
from doit_score.configuring.arguments import settings
from doit_score.engine.settings import FileOptions, Settings
from doit_score.text.errors import ScoreError
from doit_score.text.light import replace


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "shop"
    path.mkdir()
    monkeypatch.chdir(path)
    return path


def read(text: str, path: str = toml.NAME) -> toml.Project:
    Path(path).write_text(text, encoding="utf-8")
    return toml.read(path)


def wrong(text: str, path: str = toml.NAME) -> str:
    """What is said of a file."""
    with pytest.raises(ScoreError) as error:
        read(text, path)
    return str(error.value)


def as_by_score(name: str = "", **arguments: object) -> Settings:
    """The settings of Score(...), for the command."""
    return replace(settings(name, arguments), task="", config=toml.NAME)


def test_an_empty_file_is_a_project_as_score_without_arguments() -> None:
    assert read("") == toml.Project(toml.NAME, {"": as_by_score()}, "")


def test_options_are_those_of_score() -> None:
    found = read(
        'workloads = "apps/*.yaml"\nprovisioners = ["a/*.yaml"]\nstrict = true\nlock_timeout = 3\n'
        'publish = ["8080:web:80"]\nbuilds = {main = ".", "web:side" = {context = "x", target = "y"}}\n'
        'env.A = "1"\n[overrides]\n"apps/web.yaml" = {metadata = {x = 1}}\n"apps/b.yaml" = "b.yaml"\n'
    )
    assert found.environments == {
        "": as_by_score(
            workloads="apps/*.yaml",
            provisioners=["a/*.yaml"],
            strict=True,
            lock_timeout=3,
            publish="8080:web:80",
            builds={"main": ".", "web:side": {"context": "x", "target": "y"}},
            overrides={"apps/web.yaml": {"metadata": {"x": 1}}, "apps/b.yaml": "b.yaml"},
            env={"A": "1"},
        )
    }
    assert found.environments[""].overrides["apps/b.yaml"] == FileOptions(overrides_file="b.yaml")


def test_what_is_at_the_top_is_for_all_environments_and_what_one_says_comes_before_it() -> None:
    found = read(
        'strict = true\nimages = {a = "1", b = "1"}\n[env]\nA = "all"\nB = "all"\n'
        '[env.dev]\nstrict = false\n[env.stage]\ntarget = "kubernetes"\nenv.A = "one"\nimages.b = "2"\n'
    )
    shared = {"A": "all", "B": "all"}
    assert found.environments == {
        "dev": as_by_score("dev", strict=False, images={"a": "1", "b": "1"}, env=shared),
        "stage": as_by_score(
            "stage",
            strict=True,
            target="kubernetes",
            images={"a": "1", "b": "2"},
            env={**shared, "A": "one"},
        ),
    }
    assert [found.environments["stage"].output, found.environments["stage"].state_dir] == [
        "manifests.stage.yaml",
        "state/stage",
    ]


@pytest.mark.parametrize(
    ("text", "default"),
    [
        ("", ""),
        ("[env.dev]\n", "dev"),
        ("[env.dev]\n[env.stage]\n", None),
        ('default_env = "dev"\n[env.dev]\n[env.stage]\n', "dev"),
    ],
)
def test_the_environment_that_counts_where_none_is_named(text: str, default: str | None) -> None:
    assert read(text).default == default


def test_pyproject() -> None:
    found = read('[project]\nname = "x"\n[tool.doit-score]\nstrict = true\n', toml.PYPROJECT)
    assert found.environments == {"": replace(as_by_score(strict=True), config=toml.PYPROJECT)}


def test_all_that_is_wrong_is_told_at_once_each_at_its_line() -> None:
    assert wrong(
        'provisionrs = ["own/*.yaml"]\nenv.WHO = 1\ndefault_env = "dex"\n[env.dev]\npublish = ["8080"]\n'
        'strict = "yes"\nbuilds = 3\n[env.stage]\ntarget = "kubernets"\nenv = {A = 1}\nsubtasks = "x"\n'
        'images = {main = ["task", "image"]}\n[env."a b"]\n[env.mounts]\n'
    ) == (
        "12 problems:\n"
        "  doit-score.toml:1:1: there is no option 'provisionrs'\n"
        "    hint: did you mean 'provisioners'?\n"
        "  doit-score.toml:2:1: env: expected a text for 'WHO', found a number\n"
        "  doit-score.toml:3:1: default_env: there is no environment 'dex'\n"
        "    hint: did you mean 'dev'?\n"
        "  doit-score.toml:5:1: publish[0]: expected 3 parts separated by ':', found '8080'\n"
        "    hint: give HOST_PORT:WORKLOAD:PORT (or PORT/udp) or HOST_PORT:RESOURCE_UID.OUTPUT:PORT\n"
        "  doit-score.toml:6:1: strict: expected true or false, found text\n"
        "  doit-score.toml:7:1: builds: expected a table, found a number\n"
        "  doit-score.toml:9:1: target: expected 'compose' or 'kubernetes', found 'kubernets'\n"
        "  doit-score.toml:10:8: env: expected a text for 'A', found a number\n"
        "  doit-score.toml:11:1: subtasks is for Score(...) in a dodo.py: it is about tasks of doit\n"
        "  doit-score.toml:12:11: images: expected an image for 'main', found a list\n"
        "  doit-score.toml:13:2: env: 'a b' must be letters, digits, '-' and '_', and begin with a letter or "
        "digit\n"
        "    hint: a section is such as [env.dev]\n"
        "  doit-score.toml:14:2: env: the state of 'mounts' would be in 'state/mounts', which a project "
        "without a name uses for something else\n"
        "    hint: choose another name, or give state_dir"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "a = [1,\nb = 2",
            "doit-score.toml:2:1: is no TOML: invalid value",
        ),
        ("a = 1\na = 2\n", "doit-score.toml:2:6: is no TOML: cannot overwrite a value"),
        ("env = 1\n", "doit-score.toml:1:1: env: expected sections [env.NAME], found a number"),
        (
            'env.target = "kubernetes"\n',
            "doit-score.toml:1:1: env: 'target' is an option, and would be taken for an environment "
            "variable\n"
            "  hint: options of one environment are in a section with its name, such as [env.dev]",
        ),
        (
            '[env.dev]\n[env.""]\n',
            "doit-score.toml:2:2: env: an environment has no name\n  hint: name it: [env.dev]",
        ),
        (
            "default_env = 1\n[env.dev]\n",
            "doit-score.toml:1:1: default_env: expected one, found a number\n  hint: known are dev",
        ),
        (
            '[env.dev]\noutput = "x.yaml"\n[env.stage]\noutput = "x.yaml"\n',
            "doit-score.toml: 'dev' and 'stage' have one output, 'x.yaml': it is for one alone, so give each "
            "its own",
        ),
        (
            "[env.dev]\npublish = 1\ntarget = 'kubernetes'\n",
            "doit-score.toml:2:1: publish: expected a text or a list of texts, found a number",
        ),
        (
            "publish = '1:a:1'\ntarget = 'kubernetes'\n",
            "doit-score.toml:2:1: publish is for the target compose, and this project is for kubernetes",
        ),
    ],
)
def test_what_is_said_of_a_mistake(text: str, said: str) -> None:
    assert wrong(text) == said


def test_a_file_that_is_not_utf_8() -> None:
    Path(toml.NAME).write_bytes(b"a = '\xe9'\n")
    with pytest.raises(ScoreError) as error:
        toml.read(toml.NAME)
    assert str(error.value) == "doit-score.toml: is not UTF-8: invalid continuation byte at byte 5"


def test_a_table_of_pyproject_that_is_none() -> None:
    assert wrong("tool.doit-score = 1\n", toml.PYPROJECT) == (
        "pyproject.toml: 'tool.doit-score': expected a table, found a number"
    )
