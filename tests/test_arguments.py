"""The command line as it is parsed: verbs, flags, defaults, and what is said of mistakes."""

from __future__ import annotations

import pytest

from doit_score.command.arguments import parse
from doit_score.command.verbs import below
from doit_score.text.errors import ScoreError

VERBS = below("")
GLOBAL = {"quiet": False, "verbose": 0, "state_dir": "state", "lock_timeout": 60.0}


def parsed(*arguments: str) -> dict[str, object]:
    return vars(parse(arguments))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["init"],
            {
                "command": "init",
                "file": "score.yaml",
                "project": None,
                "no_sample": False,
                "default_provisioners": None,
                "provisioners": [],
                "patch_templates": [],
                "target": None,
            },
        ),
        (
            ["generate"],
            {
                "command": "generate",
                "files": [],
                "output": None,
                "overrides_file": None,
                "override_property": [],
                "image": None,
                "build": [],
                "publish": [],
                "env_file": None,
                "start_order": None,
                "namespace": None,
                "generate_namespace": None,
                "format": None,
                "secrets": None,
                "strict": False,
                "force": False,
                "forget": False,
            },
        ),
        (
            ["resources", "list"],
            {"command": "resources list", "format": "table"},
        ),
        (
            ["resources", "get-outputs", "a.b#c"],
            {
                "command": "resources get-outputs",
                "uid": "a.b#c",
                "format": "json",
            },
        ),
        (
            ["provisioners", "list"],
            {"command": "provisioners list", "format": "table"},
        ),
        (["version"], {"command": "version"}),
    ],
)
def test_commands_and_their_defaults(arguments: list[str], expected: dict[str, object]) -> None:
    assert parsed(*arguments) == {**GLOBAL, **expected}


def test_every_flag_of_init() -> None:
    found = parsed(
        *("init", "-f", "a.yaml", "-p", "shop", "--no-sample", "--no-default-provisioners"),
        *("--target", "kubernetes"),
        *("--provisioners", "x", "--provisioners=-", "--patch-templates", "y"),
        *("--state-dir", "var", "--lock-timeout", "-1", "--quiet", "-vv"),
    )
    assert found == {
        "command": "init",
        "file": "a.yaml",
        "project": "shop",
        "no_sample": True,
        "default_provisioners": False,
        "provisioners": ["x", "-"],
        "patch_templates": ["y"],
        "target": "kubernetes",
        "state_dir": "var",
        "lock_timeout": -1.0,
        "quiet": True,
        "verbose": 2,
    }


def test_every_flag_of_generate() -> None:
    found = parsed(
        *("generate", "a.yaml", "--output", "-", "b.yaml", "--overrides-file", "o.yaml"),
        *("--override-property", "a.b=c", "--override-property=d=", "-i", "nginx"),
        *("--build", "main=.", '--build=x={"context": "."}', "-p", "1:a:2", "--publish", "3:b:4"),
        *("--env-file", ".env", "--start-order", "direct", "--strict", "--force"),
        *("-n", "mill", "--generate-namespace", "--format", "kyaml"),
    )
    assert found == {
        **GLOBAL,
        "command": "generate",
        "files": ["a.yaml", "b.yaml"],
        "output": "-",
        "overrides_file": "o.yaml",
        "override_property": ["a.b=c", "d="],
        "image": "nginx",
        "build": ["main=.", 'x={"context": "."}'],
        "publish": ["1:a:2", "3:b:4"],
        "env_file": ".env",
        "start_order": "direct",
        "namespace": "mill",
        "generate_namespace": True,
        "format": "kyaml",
        "secrets": None,
        "strict": True,
        "force": True,
        "forget": False,
    }


@pytest.mark.parametrize("long", ["--file", "--project", "--output", "--image", "--publish", "--format"])
def test_long_and_short_flags_are_one(long: str) -> None:
    short = {"--file": "-f", "--project": "-p", "--output": "-o", "--image": "-i", "--publish": "-p"}
    command = {
        "--file": ["init"],
        "--project": ["init"],
        "--format": ["resources", "list"],
    }.get(long, ["generate"])
    flag, value = short.get(long, "-f"), "json"
    spellings = [[long, value], [f"{long}={value}"], [flag, value], [f"{flag}{value}"]]
    assert len({str(parsed(*command, *spelling)) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["--quiet", "-vv", "resources", "list", "-f", "json"],
        ["resources", "--quiet", "list", "-v", "-f", "json", "--verbose"],
        ["--verbose", "resources", "-v", "list", "-f", "json", "--quiet"],
        ["resources", "list", "-f", "json", "--quiet", "-vv"],
    ],
)
def test_global_flags_may_stand_anywhere(arguments: list[str]) -> None:
    found = parsed(*arguments)
    assert (found["command"], found["format"], found["quiet"], found["verbose"]) == (
        "resources list",
        "json",
        True,
        2,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["a", "b", "--strict", "-o", "x"],
        ["a", "--strict", "b", "-o", "x"],
        ["--strict", "-o", "x", "a", "b"],
        ["-o", "x", "a", "--strict", "b"],
    ],
)
def test_score_files_may_stand_between_flags(arguments: list[str]) -> None:
    found = parsed("generate", *arguments)
    assert (found["files"], found["strict"], found["output"]) == (["a", "b"], True, "x")


def test_a_value_that_looks_like_a_global_flag_stays_where_it_is() -> None:
    assert parsed("generate", "-o", "-", "--image=--quiet")["image"] == "--quiet"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["frobnicate"],
            f"unknown command 'frobnicate' for 'doit-score'\n  hint: known are {', '.join(sorted(VERBS))}",
        ),
        (["generat"], "unknown command 'generat' for 'doit-score'\n  hint: did you mean 'generate'?"),
        (
            ["resources", "get-output", "x"],
            "unknown command 'get-output' for 'doit-score resources'\n  hint: did you mean 'get-outputs'?",
        ),
        (["generate", "--nope"], "unrecognized arguments: --nope\n  hint: see `doit-score generate --help`"),
        (["generate", "--forc"], "unrecognized arguments: --forc\n  hint: see `doit-score generate --help`"),
        (
            ["resources", "list", "x"],
            "unrecognized arguments: x\n  hint: see `doit-score resources list --help`",
        ),
        (
            ["resources", "get-outputs"],
            "the following arguments are required: UID\n"
            "  hint: see `doit-score resources get-outputs --help`",
        ),
        (
            ["generate", "-o"],
            "argument -o/--output: expected one argument\n  hint: see `doit-score generate --help`",
        ),
        (
            ["generate", "--lock-timeout", "soon"],
            "argument --lock-timeout: invalid float value: 'soon'\n  hint: see `doit-score generate --help`",
        ),
    ],
)
def test_mistakes(arguments: list[str], said: str) -> None:
    with pytest.raises(ScoreError) as error:
        parse(arguments)
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("arguments", "usage"),
    [
        ([], "usage: doit-score [-h] [--version] COMMAND ..."),
        (["--quiet"], "usage: doit-score [-h] [--version] COMMAND ..."),
        (["resources"], "usage: doit-score resources [-h] COMMAND ..."),
        (["provisioners"], "usage: doit-score provisioners [-h] COMMAND ..."),
    ],
)
def test_without_a_command_the_help_is_shown(
    arguments: list[str], usage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ScoreError) as error:
        parse(arguments)
    shown = capsys.readouterr()
    assert (str(error.value), shown.out, shown.err.splitlines()[0]) == ("no command was given", "", usage)


@pytest.mark.parametrize("arguments", [["--help"], ["generate", "--help"], ["resources", "list", "-h"]])
def test_help_goes_to_stdout(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        parse(arguments)
    shown = capsys.readouterr()
    assert (exit.value.code, shown.err) == (0, "")
    assert shown.out.startswith("usage: doit-score")


def test_flags_of_one_letter_may_be_one_word() -> None:
    found = parsed("generate", "-vvo", "x", "-vpa")
    assert (found["verbose"], found["output"], found["publish"]) == (3, "x", ["a"])


def test_after_two_dashes_come_words_alone() -> None:
    assert parsed("generate", "a", "--", "--strict", "-")["files"] == ["a", "--strict", "-"]


def test_a_number_below_zero_is_a_value() -> None:
    assert parsed("logs", "--tail", "-1")["tail"] == "-1"


@pytest.mark.parametrize("arguments", [["--state-dir", "x", "init"], ["init", "--state-dir", "x"]])
def test_what_every_verb_takes_may_stand_before_it(arguments: list[str]) -> None:
    assert (parsed(*arguments)["command"], parsed(*arguments)["state_dir"]) == ("init", "x")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--strict=1"], "argument --strict: takes no value, found '1'"),
        (["--output", "--strict"], "argument -o/--output: expected one argument"),
    ],
)
def test_mistakes_of_values(arguments: list[str], said: str) -> None:
    with pytest.raises(ScoreError) as error:
        parse(["generate", *arguments])
    assert str(error.value) == f"{said}\n  hint: see `doit-score generate --help`"


@pytest.mark.parametrize("verb", ["resources list", "provisioners list", "status", "why"])
def test_lists_are_tables_or_json(verb: str) -> None:
    with pytest.raises(ScoreError) as error:
        parse([*verb.split(), "-f", "xml"])
    assert str(error.value) == "--format: expected 'table' or 'json', found 'xml'"


def test_the_help_of_a_verb(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    with pytest.raises(SystemExit):
        parse(["resources", "get-outputs", "--help"])
    assert capsys.readouterr().out == (
        "usage: doit-score resources get-outputs [FLAG ...] UID\n\n"
        "Print the outputs of one.\n\n"
        "  UID                       type.class#id, as `list` prints it\n\n"
        "  -f, --format FORMAT       json, yaml or a Go template (json)\n\n"
        "  --state-dir DIR           the directory of the state, which is for one project alone (state)\n"
        "  --lock-timeout SECONDS    how many seconds to wait for another run in this directory; negative:\n"
        "                            for ever (60)\n"
        "  --quiet                   print errors only\n"
        "  -v, --verbose             say more; may be repeated\n"
        "  -h, --help                show this help\n"
    )
