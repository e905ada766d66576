"""The command line as it is parsed: verbs, flags, defaults, and what is said of mistakes."""

from __future__ import annotations

import pytest

from doit_score.command.arguments import parse
from doit_score.command.help import text
from doit_score.text.errors import ScoreError

GLOBAL = {
    "quiet": False,
    "verbose": 0,
    "state_dir": "state",
    "lock_timeout": 60.0,
    "directory": None,
    "env": None,
    "color": "auto",
}


def parsed(*arguments: str) -> dict[str, object]:
    """What is said by a command line, or usual."""
    return {
        name: value for name, value in vars(parse(arguments)).items() if name not in ("said", "configured")
    }


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
                "dockerignore": None,
                "gitignore": False,
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
                "probes": None,
                "namespace": None,
                "generate_namespace": None,
                "output_format": None,
                "format": "text",
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
        (["version"], {"command": "version", "format": "text"}),
    ],
)
def test_commands_and_their_defaults(arguments: list[str], expected: dict[str, object]) -> None:
    assert parsed(*arguments) == {**GLOBAL, **expected}


def test_every_flag_of_init() -> None:
    found = parsed(
        *("init", "-f", "a.yaml", "-p", "shop", "--no-sample", "--no-default-provisioners"),
        *("--target", "kubernetes", "--dockerignore", ".", "--gitignore"),
        *("--provisioners", "x", "--provisioners=-", "--patch-templates", "y"),
        *("--state-dir", "var", "--lock-timeout", "-1", "--quiet", "-vv", "-C", "shop", "-e", "dev"),
    )
    assert found == {
        "command": "init",
        "directory": "shop",
        "env": "dev",
        "file": "a.yaml",
        "project": "shop",
        "no_sample": True,
        "dockerignore": ".",
        "gitignore": True,
        "default_provisioners": False,
        "provisioners": ["x", "-"],
        "patch_templates": ["y"],
        "target": "kubernetes",
        "state_dir": "var",
        "lock_timeout": -1.0,
        "color": "auto",
        "quiet": True,
        "verbose": 2,
    }


def test_every_flag_of_generate() -> None:
    found = parsed(
        *("generate", "a.yaml", "--output", "-", "b.yaml", "--overrides-file", "o.yaml"),
        *("--override-property", "a.b=c", "--override-property=d=", "-i", "nginx"),
        *("--build", "main=.", '--build=x={"context": "."}', "-p", "1:a:2", "--publish", "3:b:4"),
        *("--env-file", ".env", "--start-order", "direct", "--strict", "--force"),
        *("--probes", "http"),
        *("-n", "mill", "--generate-namespace", "--output-format", "kyaml", "--format", "json"),
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
        "probes": "http",
        "namespace": "mill",
        "generate_namespace": True,
        "output_format": "kyaml",
        "format": "json",
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
            "unknown command 'frobnicate' for 'doit-score'\n  hint: see `doit-score help`",
        ),
        (["stats"], "unknown command 'stats' for 'doit-score'\n  hint: did you mean 'status'?"),
        # It would be run by who takes a suggestion for what he has to type.
        (["generat"], "unknown command 'generat' for 'doit-score'\n  hint: see `doit-score help`"),
        (["dwn"], "unknown command 'dwn' for 'doit-score'\n  hint: see `doit-score help`"),
        (
            ["provisioners", "ejct", "redis"],
            "unknown command 'ejct' for 'doit-score provisioners'\n"
            "  hint: see `doit-score help provisioners`",
        ),
        (
            ["resources", "get-output", "x"],
            "unknown command 'get-output' for 'doit-score resources'\n  hint: did you mean 'get-outputs'?",
        ),
        (["generate", "--nope"], "unrecognized arguments: --nope\n  hint: see `doit-score generate --help`"),
        (
            ["generate", "--forc", "--outptu=x"],
            "unrecognized arguments: --forc --outptu=x\n"
            "  hint: did you mean '--force' and '--output'? see `doit-score generate --help`",
        ),
        (
            ["generate", "--volumes"],
            "unrecognized arguments: --volumes\n"
            "  hint: --volumes is for `down`; see `doit-score generate --help`",
        ),
        (
            ["--strict", "status"],
            "unrecognized arguments: --strict\n"
            "  hint: --strict is for `generate` and `diff`; see `doit-score status --help`",
        ),
        (
            ["--outptu", "x", "generate"],
            "unrecognized arguments: --outptu\n  hint: did you mean '--output'? see `doit-score --help`",
        ),
        (
            ["-f", "logs", "status"],
            "what '-f' means depends on the command\n  hint: say it after the command",
        ),
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


@pytest.mark.parametrize(
    ("arguments", "verb"),
    [
        (["help"], ""),
        (["help", "help"], ""),
        (["help", "generate"], "generate"),
        (["help", "resources"], "resources"),
        (["resources", "help"], "resources"),
        (["help", "resources", "show"], "resources show"),
        (["-h", "generate"], "generate"),
        (["--help", "resources", "show"], "resources show"),
        (["generate", "--nope", "-h"], "generate"),
        (["generate", "-o", "-h"], "generate"),
        (["status", "--format", "xml", "--help"], "status"),
        (["resources", "show", "-h"], "resources show"),
        (["exec", "-h", "web", "ls"], "exec"),
        (["--strict", "-h", "generate"], "generate"),
    ],
)
def test_help_of_a_verb_wherever_it_is_asked_for(
    arguments: list[str], verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit:
        parse(arguments)
    shown = capsys.readouterr()
    assert (exit.value.code, shown.out, shown.err) == (0, f"{text(verb)}\n", "")


@pytest.mark.parametrize("arguments", [["help", "nope"], ["nope", "-h"], ["-h", "nope"]])
def test_there_is_no_help_of_what_is_no_command(arguments: list[str]) -> None:
    with pytest.raises(ScoreError) as error:
        parse(arguments)
    assert str(error.value) == "unknown command 'nope' for 'doit-score'\n  hint: see `doit-score help`"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["--strict", "generate", "a"], ["generate", "a", "--strict"]),
        (["-o", "x", "--publish=1:a:2", "generate"], ["generate", "-o", "x", "--publish=1:a:2"]),
        (["-ox", "-v", "generate"], ["generate", "-v", "-ox"]),
        (["--format", "json", "resources", "list"], ["resources", "list", "--format", "json"]),
        (["resources", "--format", "json", "list"], ["resources", "list", "--format", "json"]),
        # What takes a value for some commands and none for others.
        (["-f", "logs", "web"], ["logs", "-f", "web"]),
        (["-f", "json", "status"], ["status", "-f", "json"]),
        (["-f", "json", "resources", "list"], ["resources", "list", "-f", "json"]),
        (["--build", "up", "web"], ["up", "--build", "web"]),
    ],
)
def test_what_only_some_verbs_take_may_stand_before_them(before: list[str], after: list[str]) -> None:
    assert parsed(*before) == parsed(*after)


def test_what_stands_before_no_verb_is_told_whose_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ScoreError) as error:
        parse(["--strict"])
    assert str(error.value) == "no command was given\n  hint: --strict is for `generate` and `diff`"
    assert capsys.readouterr().err == f"{text('')}\n"


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
    assert str(error.value) == "--format: expected 'table' or 'json' or 'name', found 'xml'"


def test_the_help_of_a_verb(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    with pytest.raises(SystemExit):
        parse(["resources", "get-outputs", "--help"])
    assert capsys.readouterr().out == (
        "usage: doit-score resources get-outputs [FLAG ...] UID\n\n"
        "Print the outputs of one.\n\n"
        "  UID                       type.class#id, as `list` prints it\n\n"
        "  -f, --format FORMAT       json, yaml, name or a Go template (json)\n\n"
        "  --state-dir DIR           the directory of the state, which is for one project alone (state)\n"
        "  --lock-timeout SECONDS    how many seconds to wait for another run in this directory; negative:\n"
        "                            for ever (60)\n"
        "  -C, --directory DIR       go there first, and look for the project from there\n"
        "  -e, --env ENV             the environment, of those in doit-score.toml; or else DOIT_SCORE_ENV\n"
        "                            names it\n"
        "  --color WHEN              colours: auto (usual), on a terminal without NO_COLOR, or always or\n"
        "                            never (auto)\n"
        "  --quiet                   print errors only\n"
        "  -v, --verbose             say more; may be repeated\n"
        "  -h, --help                show this help\n\n"
        "Prints: JSON, YAML, names, or what a template makes of these: passwords too.\n\n"
        "Exit status:\n"
        "  0       it is done\n"
        "  1       something is wrong; stderr says what, where, and what to do\n"
        "  130     it was interrupted\n\n"
        "Examples:\n"
        "  doit-score resources get-outputs 'postgres.default#web.db'\n"
        "      all of them\n"
        "  doit-score resources get-outputs 'postgres.default#web.db' --format '{{ .host }}'\n"
        "      one\n"
    )


def test_what_was_said_is_known_by_name_wherever_it_was_said() -> None:
    said = parse(["-e", "dev", "generate", "a.yaml", "--strict", "--state-dir", "state"]).said
    assert sorted(said) == ["env", "files", "state_dir", "strict"]
    assert parse(["generate"]).said == frozenset()


@pytest.mark.parametrize(
    ("words", "name", "command"),
    [
        (["web", "ls"], "web", ["ls"]),
        (["web", "--", "ls", "-l", "--", "x"], "web", ["ls", "-l", "--", "x"]),
        (
            ["web:main", "sh", "-c", "exit 3", "--help", "-v"],
            "web:main",
            ["sh", "-c", "exit 3", "--help", "-v"],
        ),
        (["-v", "--", "web", "-x"], "web", ["-x"]),
    ],
)
def test_all_that_follows_the_name_is_the_command_of_exec(
    words: list[str], name: str, command: list[str]
) -> None:
    found = parsed("exec", *words)
    assert (found["command"], found["name"], found["words"]) == ("exec", name, command)
    assert found["verbose"] == (1 if words[0] == "-v" else 0)


@pytest.mark.parametrize(
    ("words", "missing"), [([], "NAME, COMMAND"), (["web"], "COMMAND"), (["web", "--"], "COMMAND")]
)
def test_exec_without_a_command_is_an_error(words: list[str], missing: str) -> None:
    with pytest.raises(ScoreError) as error:
        parse(["exec", *words])
    assert str(error.value) == (
        f"the following arguments are required: {missing}\n  hint: see `doit-score exec --help`"
    )


@pytest.mark.parametrize(("words", "build"), [([], None), (["--build"], True), (["--no-build"], False)])
def test_a_flag_for_yes_and_one_for_no_is_neither_where_nothing_is_said(
    words: list[str], build: bool | None
) -> None:
    assert parsed("up", "web", *words)["build"] is build


def test_another_name_of_a_verb_is_that_verb() -> None:
    assert parsed("ps", "-f", "json") == parsed("status", "--format", "json")
