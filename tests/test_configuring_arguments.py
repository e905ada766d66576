"""Every argument of Score(...): what it defaults to, what it takes, and what is said of mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from doit_score.configuring.arguments import settings
from doit_score.engine.inputs.patterns import matched
from doit_score.engine.settings import FileOptions, Settings
from doit_score.options import ARGUMENTS, PROVISIONERS
from doit_score.text.errors import ScoreError


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, which names the project."""
    path = tmp_path / "Shop.EU"
    path.mkdir()
    monkeypatch.chdir(path)
    return path


def wrong(prefix: object = "", **arguments: object) -> str:
    """What is said of wrong arguments, below the title."""
    with pytest.raises(ScoreError) as error:
        settings(prefix, arguments)
    text = str(error.value)
    title = (
        f"Score({prefix!r}, ...) has wrong arguments:\n" if prefix else "Score(...) has wrong arguments:\n"
    )
    assert text.startswith(title)
    return text.removeprefix(title)


def test_defaults() -> None:
    assert settings("", {}) == Settings(
        state_dir="state",
        output="compose.yaml",
        project=None,
        workloads=("score.yaml", "*.score.yaml", "*/score.yaml"),
        given=(),
        provisioners=PROVISIONERS,
        default_provisioners=True,
        builds={},
        images={},
        overrides={},
        publish=(),
        patch_templates=(),
        patches=None,
        environment={},
        env_file=None,
        strict=False,
        hermetic=False,
        target="compose",
        start_order="wait",
        probes="exec",
        namespace="",
        generate_namespace=False,
        context="",
        format="yaml",
        secrets="together",
        force=False,
        lock_timeout=60.0,
        subtasks=(),
        task_dep=(),
        task="generate",
    )


def test_none_stands_for_the_default() -> None:
    optional = {option.name for option in ARGUMENTS} - {
        "default_provisioners",
        "strict",
        "hermetic",
        "lock_timeout",
        "generate_namespace",
    }
    assert settings("", dict.fromkeys(optional)) == settings("", {})


def test_good_values() -> None:
    assert settings(
        "",
        {
            "workloads": ["apps/*/score.yaml", Path("extra/score.yaml")],
            "provisioners": Path("tools/all.provisioners.yaml"),
            "default_provisioners": False,
            "output": Path("out") / "compose.yaml",
            "state_dir": "./var//score",
            "project": "shop",
            "builds": {"web:main": ".", "api": {"context": "api", "args": {"A": 1}}, "x": Path("x")},
            "images": {"main": "nginx:1"},
            "overrides": {"./apps/a/score.yaml": "./a.yaml", "apps/b/score.yaml": {"metadata": {"x": 1}}},
            "publish": "8080:web:80",
            "patch_templates": ["./patch.tpl"],
            "env": {"A": ""},
            "strict": True,
            "hermetic": True,
            "start_order": "direct",
            "probes": "http",
            "lock_timeout": -1,
        },
    ) == Settings(
        state_dir="var/score",
        task="generate",
        output="out/compose.yaml",
        project="shop",
        workloads=("apps/*/score.yaml", "extra/score.yaml"),
        provisioners=("tools/all.provisioners.yaml",),
        default_provisioners=False,
        builds={
            "web:main": {"context": "."},
            "api": {"context": "api", "args": {"A": "1"}},
            "x": {"context": "x"},
        },
        images={"main": "nginx:1"},
        overrides={
            "apps/a/score.yaml": FileOptions(overrides_file="a.yaml"),
            "apps/b/score.yaml": FileOptions(overrides={"metadata": {"x": 1}}),
        },
        publish=("8080:web:80",),
        patch_templates=("patch.tpl",),
        environment={"A": ""},
        strict=True,
        hermetic=True,
        start_order="direct",
        probes="http",
        target="compose",
        namespace="",
        generate_namespace=False,
        context="",
        format="yaml",
        secrets="together",
        lock_timeout=-1.0,
    )


def test_a_name_gives_output_state_and_project() -> None:
    found = settings("Stage-2", {})
    assert (found.output, found.state_dir, found.project) == (
        "compose.Stage-2.yaml",
        "state/Stage-2",
        "shopeu-stage-2",
    )


def test_what_is_said_beside_a_name_counts() -> None:
    found = settings("stage", {"output": "a.yaml", "state_dir": "b", "project": "c"})
    assert (found.output, found.state_dir, found.project) == ("a.yaml", "b", "c")


def test_all_mistakes_are_told_at_once() -> None:
    assert wrong(
        workload="x", outputs="y", zzz=1, strict="yes", env={"A": 1}, publish=["8080"], project="My Shop"
    ) == (
        "  env: expected a text for 'A', found int\n"
        "  invalid value 'My Shop' for project: it must match ^[a-z0-9][a-z0-9_-]*$\n"
        "    hint: use lower case letters, digits, '-' and '_', and begin with a letter or digit\n"
        "  publish[0]: expected 3 parts separated by ':', found '8080'\n"
        "    hint: give HOST_PORT:WORKLOAD:PORT (or PORT/udp) or HOST_PORT:RESOURCE_UID.OUTPUT:PORT\n"
        "  strict: expected True or False, found str\n"
        "  there is no argument 'outputs'\n"
        "    hint: did you mean 'output'?\n"
        "  there is no argument 'workload'\n"
        "    hint: did you mean 'workloads'?\n"
        "  there is no argument 'zzz'\n"
        "    hint: known are builds, context, default_provisioners, env, format, generate_namespace, "
        "hermetic, images, lock_timeout, namespace, output, overrides, patch_templates, probes, project, "
        "provisioners, publish, secrets, start_order, state_dir, strict, subtasks, target, "
        "task_dep, workloads"
    )


NOT_A_NAME = "\n    hint: the first argument is the name of the pack; Score files are given as workloads=..."


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (["score.yaml"], f"  name: expected a text, found list{NOT_A_NAME}"),
        (None, f"  name: expected a text, found NoneType{NOT_A_NAME}"),
        *(
            (
                name,
                f"  name: {name!r} must be letters, digits, '-' and '_', and begin with a letter or digit"
                + NOT_A_NAME,
            )
            for name in ("score.yaml", "-x", "_x", "a b", "été", "a\n")
        ),
        (
            "mounts",
            "  name: the state of 'mounts' would be in 'state/mounts', which a project without a "
            "name uses for something else\n    hint: choose another name, or give state_dir",
        ),
        (
            "running",
            "  name: the state of 'running' would be in 'state/running', which a project without a "
            "name uses for something else\n    hint: choose another name, or give state_dir",
        ),
    ],
)
def test_names_that_cannot_be(name: object, said: str) -> None:
    assert wrong(name) == said


def test_a_name_of_the_state_directory_is_fine_with_a_state_directory_of_its_own() -> None:
    assert settings("mounts", {"state_dir": "x"}).state_dir == "x"


TEXT = "expected a text that is not empty"
TEXTS = "expected a text or a list of texts"
BOOL = "expected True or False"
IMAGE = "expected an image, a task or (task, name of its value) for 'main'"


@pytest.mark.parametrize(
    ("argument", "value", "said"),
    [
        ("workloads", 3, f"workloads: {TEXTS}, found int"),
        ("workloads", "", f"workloads: {TEXTS}, found an empty text"),
        ("workloads", {"a"}, f"workloads: {TEXTS}, found set"),
        ("workloads", ["a", None], "workloads: expected only texts in the list, found NoneType"),
        ("workloads", [], "workloads: the list is empty, so there would be nothing to do"),
        ("provisioners", [""], "provisioners: expected only texts in the list, found an empty text"),
        ("default_provisioners", None, f"default_provisioners: {BOOL}, found NoneType"),
        ("output", "", f"output: {TEXT}, found an empty text"),
        ("output", 1, f"output: {TEXT}, found int"),
        ("state_dir", b"x", f"state_dir: {TEXT}, found bytes"),
        ("project", "", f"project: {TEXT}, found an empty text"),
        ("builds", "web=.", "builds: expected a dict, found str"),
        (
            "builds",
            {"web:main": 3},
            "builds: expected a directory or a Compose build section for 'web:main', found int",
        ),
        (
            "builds",
            {"main": ""},
            "builds: expected a directory or a Compose build section for 'main', found an empty text",
        ),
        (
            "builds",
            {"main": {"contxt": "."}},
            "builds: 'main': build: contxt: Compose knows no such key here",
        ),
        (
            "builds",
            {"main": {"context": Path()}},
            "builds: 'main': expected what a YAML file can hold "
            "(no canonical text for a value of type PosixPath)",
        ),
        ("images", {"main": 1}, f"images: {IMAGE}, found int"),
        ("images", {"main": ""}, f"images: {IMAGE}, found an empty text"),
        ("start_order", "Direct", "start_order: expected 'wait' or 'direct', found 'Direct'"),
        ("start_order", 1, "start_order: expected 'wait' or 'direct', found 1"),
        ("probes", "https", "probes: expected 'exec' or 'http', found 'https'"),
        ("overrides", ["x.yaml"], "overrides: expected a dict, found list"),
        ("overrides", {3: "x.yaml"}, "overrides: 3 does not name a Score file"),
        (
            "overrides",
            {"score.yaml": 3},
            "overrides: expected a file name or a dict for 'score.yaml', found int",
        ),
        (
            "overrides",
            {"score.yaml": {"a": {1}}},
            "overrides: 'score.yaml': expected what a YAML file can hold "
            "(no canonical text for a value of type set)",
        ),
        ("publish", [8080], "publish: expected only texts in the list, found int"),
        ("patch_templates", {"a": "b"}, f"patch_templates: {TEXTS}, found dict"),
        ("env", [("A", "b")], "env: expected a dict, found list"),
        ("env", {"A=B": "c"}, "env: 'A=B' is not the name of an environment variable"),
        ("env", {1: "c"}, "env: 1 is not the name of an environment variable"),
        ("strict", 1, f"strict: {BOOL}, found int"),
        ("hermetic", "no", f"hermetic: {BOOL}, found str"),
        ("lock_timeout", "60", "lock_timeout: expected seconds as a number, found str"),
        ("lock_timeout", True, "lock_timeout: expected seconds as a number, found bool"),
        ("lock_timeout", float("nan"), "lock_timeout: expected seconds as a number, found float"),
    ],
)
def test_wrong_types(argument: str, value: object, said: str) -> None:
    assert wrong(**{argument: value}) == f"  {said}"


@pytest.mark.parametrize("key", ["", "web:", ":main", "a:b:c", 3])
@pytest.mark.parametrize("argument", ["builds", "images"])
def test_keys_that_name_no_container(argument: str, key: object) -> None:
    assert wrong(**{argument: {key: "x"}}) == (
        f"  {argument}: {key!r} does not name a container\n"
        "    hint: give 'workload:container', or 'container' for those of every workload"
    )


def test_values_are_not_in_messages() -> None:
    text = wrong(env={"TOKEN": b"hunter2"}, images={"main": ["hunter2"]}, project=["hunter2"])
    assert "hunter2" not in text


def test_a_container_in_builds_and_images() -> None:
    assert wrong(builds={"web:main": "."}, images={"web:main": "nginx"}) == (
        "  'web:main' is in builds and in images\n    hint: keep one of them"
    )


@pytest.mark.parametrize("output", ["state/compose.yaml", "./state//x/compose.yaml", "state"])
def test_output_inside_the_state_directory(output: str) -> None:
    assert wrong(output=output) == (
        f"  output: '{Path(output)}' is in the state directory 'state'\n"
        "    hint: keep what you use and what this tool remembers apart"
    )


def test_output_inside_the_state_directory_by_another_spelling(shop: Path) -> None:
    output = str(shop / "state" / "compose.yaml")
    assert wrong(output=output).startswith(f"  output: '{output}' is in the state directory 'state'\n")


@pytest.mark.parametrize("state_dir", [".", "..", "/"])
def test_a_state_directory_around_the_project(state_dir: str) -> None:
    assert wrong(state_dir=state_dir) == (
        f"  state_dir: '{state_dir}' is the working directory or has it inside, and everything in it would "
        "be for its owner alone\n    hint: name a directory that has nothing else in it"
    )


def test_output_that_is_stdout() -> None:
    assert wrong(output="-") == (
        "  output: expected a file to write, '-' is for the command line\n    hint: name a file"
    )


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"output": "score.yaml"}, "workloads"),
        ({"output": "./a.score.yaml"}, "workloads"),
        ({"output": "b/score.yaml"}, "workloads"),
        ({"output": "provisioners/x.provisioners.yaml"}, "provisioners"),
        ({"output": "p.tpl", "patch_templates": "p.tpl"}, "patch_templates"),
        ({"output": "o.yaml", "overrides": {"score.yaml": "o.yaml"}}, "overrides"),
    ],
)
def test_output_that_is_an_input(arguments: dict[str, object], name: str) -> None:
    assert wrong(**arguments) == (
        f"  output: '{Path(str(arguments['output']))}' would be an input of the next run: {name} has it\n"
        "    hint: give the Compose file another name"
    )


def test_overrides_for_a_file_that_is_no_score_file() -> None:
    assert wrong(overrides={"scroe.yaml": {}}) == (
        "  overrides: 'scroe.yaml' is not one of the Score files\n"
        "    hint: workloads are: score.yaml, *.score.yaml, */score.yaml"
    )


def test_overrides_for_one_file_in_two_spellings() -> None:
    assert wrong(overrides={"score.yaml": {}, "./score.yaml": {}}) == (
        "  overrides: 'score.yaml' is there more than once"
    )


@pytest.mark.parametrize(
    ("path", "pattern", "found"),
    [
        ("score.yaml", "score.yaml", "score.yaml"),
        ("./score.yaml", "score.yaml", "score.yaml"),
        ("score.yaml", "./score.yaml", "score.yaml"),
        ("a/score.yaml", "*/score.yaml", "a/score.yaml"),
        ("a/b/score.yaml", "*/score.yaml", None),
        (".a/score.yaml", "*/score.yaml", None),
        (".a/score.yaml", ".a/*.yaml", ".a/score.yaml"),
        (".a.yaml", "*.yaml", None),
        ("score.yaml", "**/score.yaml", "score.yaml"),
        ("a/b/score.yaml", "**/score.yaml", "a/b/score.yaml"),
        ("a/.b/score.yaml", "**/score.yaml", None),
        ("a/score.yaml", "a/**/score.yaml", "a/score.yaml"),
        ("a/b/c/score.yaml", "a/**/c/score.yaml", "a/b/c/score.yaml"),
        ("a/b/x", "a/**", "a/b/x"),
        ("score.yaml", "[st]core.yaml", "score.yaml"),
        ("other.yaml", "score.yaml", None),
    ],
)
def test_what_a_glob_matches_before_it_is_there(path: str, pattern: str, found: str | None) -> None:
    assert matched(path, [pattern]) == found


def test_globs_agree_with_the_file_system(shop: Path) -> None:
    from doit_score.engine.inputs.discover import score_files

    paths = [
        f"{folder}{name}" for folder in ("", "a/", "a/b/", ".h/", "a/.h/") for name in ("s.yaml", ".s.yaml")
    ]
    for path in paths:
        (shop / path).parent.mkdir(parents=True, exist_ok=True)
        (shop / path).touch()
    for pattern in (
        "*.yaml",
        "*/s.yaml",
        "**/*.yaml",
        "a/**/s.yaml",
        "**",
        "*/.s.yaml",
        ".*/*",
        "a/*/*",
        "?/**",
    ):
        assert set(score_files([pattern])) & set(paths) == {p for p in paths if matched(p, [pattern])}, (
            pattern
        )


def test_an_absolute_path_is_found_by_a_relative_glob_and_the_other_way_round(shop: Path) -> None:
    assert matched(str(shop / "a" / "score.yaml"), ["*/score.yaml"]) == "a/score.yaml"
    assert matched("a/score.yaml", [str(shop / "*" / "score.yaml")]) == str(shop / "a" / "score.yaml")
