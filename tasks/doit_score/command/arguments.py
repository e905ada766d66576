"""The command line: verbs and flags, with score-compose's names and defaults."""

from __future__ import annotations

import sys
from argparse import Action, ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from doit_score.text.errors import ScoreError
from doit_score.version import __version__

DESCRIPTION = "From Score files to a Docker Compose project, doing only what changed."


# The verbs that take any number of arguments, and where those are put.
_SEVERAL = {"generate": "files", "diff": "files", "why": "names"}


class _Parser(ArgumentParser):
    """An ArgumentParser whose errors are ours, and whose flags are written out."""

    def __init__(self, **more: Any) -> None:
        super().__init__(allow_abbrev=False, **more)

    def error(self, message: str) -> NoReturn:
        raise ScoreError(message, hint=f"see `{self.prog} --help`")

    def _check_value(self, action: Action, value: object) -> None:
        # Only commands have choices; what argparse says of a wrong one differs with Python's version.
        if isinstance(value, str) and action.choices is not None and value not in action.choices:
            import difflib

            close = difflib.get_close_matches(value, [*action.choices], 1)
            known = f"did you mean '{close[0]}'?" if close else "known are " + ", ".join(action.choices)
            raise ScoreError(f"unknown command '{value}' for '{self.prog}'", hint=known)


def definition() -> tuple[ArgumentParser, Mapping[str, ArgumentParser]]:
    """The parser of the whole command line, and that of each verb."""
    parser = _Parser(prog="doit-score", description=DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"doit-score {__version__}")
    common = _common()
    verbs = parser.add_subparsers(dest="verb", metavar="COMMAND", parser_class=_Parser)
    _add_init(verbs, common)
    _add_generate(verbs, common)
    _add_diff(verbs, common)
    _add_why(verbs, common)
    _add_running(verbs, common)
    _add_lists(verbs, common)
    _add_export(verbs, common)
    _add_recover(verbs, common)
    verbs.add_parser("version", parents=[common], help="print the version")
    _add_others(verbs, common)
    return parser, verbs.choices


def parse(arguments: Sequence[str]) -> Namespace:
    """The command and its flags.  Raises ScoreError for what is not known."""
    parser, verbs = definition()
    chosen, more = parser.parse_known_args(_globals_last(arguments))
    if more:
        # argparse takes positional arguments from one place only, and knows no more after the next flag.
        several = getattr(chosen, _SEVERAL.get(chosen.verb, ""), None)
        if several is None or any(word.startswith("-") and word != "-" for word in more):
            parser.error(f"unrecognized arguments: {' '.join(more)}")
        several += more
    part = getattr(chosen, "part", "")
    if chosen.verb is None or part is None:
        incomplete = parser if chosen.verb is None else verbs[chosen.verb]
        incomplete.print_help(sys.stderr)
        raise ScoreError("no command was given")
    chosen.command = f"{chosen.verb} {part}".strip()
    return chosen


def _common() -> _Parser:
    common = _Parser(add_help=False)
    common.add_argument("--quiet", action="store_true", help="print errors only")
    common.add_argument("-v", "--verbose", action="count", default=0, help="say more; may be repeated")
    common.add_argument("--state-dir", default="state", metavar="DIR", help="where the state is (state)")
    common.add_argument(
        "--lock-timeout",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="how long to wait for another run in this directory (60; negative: for ever)",
    )
    return common


def _globals_last(arguments: Sequence[str]) -> list[str]:
    """``arguments`` with the global flags among its first words moved behind them, as both is allowed."""
    words: list[str] = []
    flags: list[str] = []
    rest = list(arguments)
    while rest and len(words) < 2 and (_is_global(rest[0]) or not rest[0].startswith("-")):
        (flags if _is_global(rest[0]) else words).append(rest.pop(0))
    return words + flags + rest if words else rest


def _is_global(argument: str) -> bool:
    return argument in ("--quiet", "--verbose") or (argument != "-" and set(argument) == {"-", "v"})


def _add_init(verbs: _SubParsersAction[_Parser], common: _Parser) -> None:
    init = verbs.add_parser(
        "init", parents=[common], help="set up this directory", description="Set up this directory."
    )
    init.add_argument("-f", "--file", default="score.yaml", help="where a sample Score file is written")
    init.add_argument("-p", "--project", help="the name of the Compose project (the directory's name)")
    init.add_argument("--no-sample", action="store_true", help="write no sample Score file")
    init.add_argument(
        "--no-default-provisioners", action="store_true", help="do without the shipped provisioners"
    )
    init.add_argument(
        "--provisioners",
        action="append",
        default=[],
        metavar="URI",
        help="a provisioner file to take in (repeatable; the last counts first): a path, a directory, - for "
        "stdin, http(s)://, git-https://HOST/REPO.git/PATH, git-ssh://git@HOST/REPO.git/PATH or "
        "oci://HOST/REPO:TAG#FILE",
    )
    init.add_argument(
        "--patch-templates",
        action="append",
        default=[],
        metavar="URI",
        help="a template that patches the Compose project, from where --provisioners can come (repeatable)",
    )


def _add_generate(verbs: _SubParsersAction[_Parser], common: _Parser) -> None:
    generate = verbs.add_parser(
        "generate",
        parents=[common],
        help="write the Compose file",
        description="Add the Score files to the project and write its Compose file. Without Score files, "
        "all known ones are looked at again. What was said of a file is remembered.",
    )
    _add_what_is_said(generate)
    generate.add_argument(
        "--env-file", metavar="FILE", help="write the environment variables that are referred to, to fill in"
    )
    generate.add_argument("--force", action="store_true", help="render everything again, with kept values")
    generate.add_argument(
        "--forget", action="store_true", help="drop what was generated for resources that are gone"
    )


def _add_what_is_said(parser: ArgumentParser) -> None:
    """The flags that say what is to be generated."""
    parser.add_argument("files", nargs="*", metavar="SCORE_FILE")
    parser.add_argument("-o", "--output", default="compose.yaml", help="the Compose file; - is stdout")
    parser.add_argument("--overrides-file", metavar="FILE", help="a document merged over the Score file")
    parser.add_argument(
        "--override-property",
        action="append",
        default=[],
        metavar="PATH=VALUE",
        help="set one value of the Score file; an empty value deletes it (repeatable)",
    )
    parser.add_argument("-i", "--image", help="the image for containers whose image is '.'")
    parser.add_argument(
        "--build",
        action="append",
        default=[],
        metavar="CONTAINER=DIR",
        help="build a container's image; a JSON build section instead of a directory is fine (repeatable)",
    )
    parser.add_argument(
        "-p",
        "--publish",
        action="append",
        default=[],
        metavar="HOST:REF:PORT",
        help="publish a port; REF is a workload or RESOURCE_UID.OUTPUT (repeatable)",
    )
    parser.add_argument(
        "--start-order",
        metavar="ORDER",
        help="wait: workloads start when all resources are ready (usual); direct: each when its own are",
    )
    parser.add_argument("--strict", action="store_true", help="warnings are errors")


def _add_diff(verbs: _SubParsersAction[_Parser], common: _Parser) -> None:
    diff = verbs.add_parser(
        "diff",
        parents=[common],
        help="show what `generate` would change",
        description="Show as a unified diff what `generate` with these arguments would change in the Compose "
        "file and the files that it mounts, and write nothing. The exit status is 0 if it would change "
        "nothing, 1 if something, and 2 if that cannot be told. Passwords are not shown.",
    )
    _add_what_is_said(diff)
    diff.add_argument(
        "--run-commands",
        action="store_true",
        help="run the commands of cmd:// provisioners that `generate` would run, with all that they do; "
        "without it, it is taken that they return what they did",
    )


def _add_why(verbs: _SubParsersAction[_Parser], common: _Parser) -> None:
    why = verbs.add_parser(
        "why",
        parents=[common],
        help="tell what the last run did, and why",
        description="Tell what the last run that did something did to each workload, resource and file, and "
        "for what reasons; of those that are named, also that nothing was done.",
    )
    why.add_argument("names", nargs="*", metavar="NAME", help="a workload, the UID of a resource, or a file")
    why.add_argument("-f", "--format", default="table", help="table or json")


def _add_running(verbs: _SubParsersAction[_Parser], common: _Parser) -> None:
    up = verbs.add_parser(
        "up",
        parents=[common],
        help="generate, and run the project in Docker",
        description="Generate, start with Docker Compose what is not running as the project wants it, and "
        "wait until all of it is up.",
    )
    down = verbs.add_parser("down", parents=[common], help="remove the containers of the project")
    down.add_argument("--volumes", action="store_true", help="remove the volumes too, and with them all data")
    status = verbs.add_parser("status", parents=[common], help="show how each workload and resource does")
    status.add_argument("-f", "--format", default="table", help="table or json")
    logs = verbs.add_parser("logs", parents=[common], help="show what the containers print")
    logs.add_argument("names", nargs="*", metavar="NAME", help="a workload, a resource's UID or a service")
    logs.add_argument("-f", "--follow", action="store_true", help="go on until interrupted")
    logs.add_argument("-n", "--tail", metavar="LINES", help="only so many lines of each container")
    for verb in (up, down, status, logs):
        verb.add_argument(
            "-o", "--output", default="compose.yaml", metavar="FILE", help="the Compose file (compose.yaml)"
        )


def _add_lists(verbs: _SubParsersAction[_Parser], common: _Parser) -> None:
    resources = verbs.add_parser("resources", help="look at the resources of the project")
    parts = resources.add_subparsers(dest="part", metavar="COMMAND", parser_class=_Parser)
    listed = parts.add_parser("list", parents=[common], help="list them with the names of their outputs")
    listed.add_argument("-f", "--format", default="table", help="table or json")
    outputs = parts.add_parser("get-outputs", parents=[common], help="print the outputs of one")
    outputs.add_argument("uid", metavar="UID", help="type.class#id, as `list` prints it")
    outputs.add_argument("-f", "--format", default="json", help="json, yaml or a Go template")
    provisioners = verbs.add_parser("provisioners", help="look at the provisioners")
    parts = provisioners.add_subparsers(dest="part", metavar="COMMAND", parser_class=_Parser)
    listed = parts.add_parser("list", parents=[common], help="list them, the first that fits counts")
    listed.add_argument("-f", "--format", default="table", help="table or json")
    shown = parts.add_parser("show", parents=[common], help="print those of a type, with their text")
    shown.add_argument("type", metavar="TYPE", help="a type of resources, as `list` prints it")
    ejected = parts.add_parser(
        "eject",
        parents=[common],
        help="copy the one of a type into provisioners/, for editing",
        description="Copy the provisioner of a type into the directory provisioners/, where it comes before "
        "the one that it was copied from. A file that is there is not overwritten.",
    )
    ejected.add_argument("type", metavar="TYPE", help="a type of resources, as `list` prints it")


def _add_others(verbs: _SubParsersAction[_Parser], common: _Parser) -> None:
    check = verbs.add_parser("check-version", parents=[common], help="fail if this is another version")
    check.add_argument("constraint", metavar="CONSTRAINT", help="such as '>=1.2' or '>=1.2, <2'")
    completion = verbs.add_parser(
        "completion",
        parents=[common],
        help="print a script for completion in a shell",
        description="Print the script with which a shell completes the flags and arguments of this command. "
        "To load it: `source <(doit-score completion bash)`, the same for zsh, or "
        "`doit-score completion fish | source`.",
    )
    completion.add_argument("shell", metavar="SHELL", help="bash, zsh or fish")


def _add_export(verbs: _SubParsersAction[_Parser], common: _Parser) -> None:
    export = verbs.add_parser(
        "export",
        parents=[common],
        help="write a .score-compose directory that score-compose continues from",
        description="Write .score-compose/state.yaml and the mounts directory beside it as score-compose "
        "would have left them, so that it continues with what was generated here.",
    )
    export.add_argument("--force", action="store_true", help="replace a state file that is not ours")


def _add_recover(verbs: _SubParsersAction[_Parser], common: _Parser) -> None:
    recover = verbs.add_parser(
        "recover",
        parents=[common],
        help="make a new state from its backup",
        description="Make a new state from the backup beside it, when the state is damaged or gone. What is "
        "damaged is given another name. Generated names and passwords are as they were; the next generate "
        "does the rest.",
    )
    recover.add_argument("--force", action="store_true", help="replace a state that is not damaged")
