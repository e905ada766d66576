"""The command line: verbs and flags, with score-compose's names and defaults."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Sequence
from typing import NoReturn

from doit_score.errors import ScoreError
from doit_score.version import __version__

DESCRIPTION = "From Score files to a Docker Compose project, doing only what changed."


class _Parser(ArgumentParser):
    """An ArgumentParser whose errors are ours: one line, and exit status 1."""

    def error(self, message: str) -> NoReturn:
        raise ScoreError(message, hint=f"see `{self.prog} --help`")


def parse(arguments: Sequence[str]) -> Namespace:
    """The command and its flags.  Raises ScoreError for what is not known."""
    parser = _Parser(prog="doit-score", description=DESCRIPTION, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"doit-score {__version__}")
    common = _common()
    verbs = parser.add_subparsers(dest="verb", metavar="COMMAND", parser_class=_Parser)
    _add_init(verbs, common)
    _add_generate(verbs, common)
    _add_lists(verbs, common)
    verbs.add_parser("version", parents=[common], help="print the version", allow_abbrev=False)
    chosen = parser.parse_args(_globals_last(arguments))
    if chosen.verb is None or getattr(chosen, "part", "") is None:
        parser.print_help(sys.stderr)
        raise ScoreError("no command was given")
    part = getattr(chosen, "part", "")
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
    """``arguments`` with global flags that stand before the verb moved behind it, as both are allowed."""
    moved: list[str] = []
    rest = list(arguments)
    while rest and (rest[0] == "--quiet" or rest[0] == "--verbose" or set(rest[0]) == {"-", "v"}):
        moved.append(rest.pop(0))
    return rest + moved if rest else list(arguments)


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
        help="a provisioner file to take in: a path, or - for stdin (repeatable; the last counts first)",
    )
    init.add_argument(
        "--patch-templates",
        action="append",
        default=[],
        metavar="URI",
        help="a template that patches the Compose project: a path, or - for stdin (repeatable)",
    )


def _add_generate(verbs: _SubParsersAction[_Parser], common: _Parser) -> None:
    generate = verbs.add_parser(
        "generate",
        parents=[common],
        help="write the Compose file",
        description="Add the Score files to the project and write its Compose file. Without Score files, "
        "all known ones are looked at again. What was said of a file is remembered.",
    )
    generate.add_argument("files", nargs="*", metavar="SCORE_FILE")
    generate.add_argument("-o", "--output", default="compose.yaml", help="the Compose file; - is stdout")
    generate.add_argument("--overrides-file", metavar="FILE", help="a document merged over the Score file")
    generate.add_argument(
        "--override-property",
        action="append",
        default=[],
        metavar="PATH=VALUE",
        help="set one value of the Score file; an empty value deletes it (repeatable)",
    )
    generate.add_argument("-i", "--image", help="the image for containers whose image is '.'")
    generate.add_argument(
        "--build",
        action="append",
        default=[],
        metavar="CONTAINER=DIR",
        help="build a container's image; a JSON build section instead of a directory is fine (repeatable)",
    )
    generate.add_argument(
        "-p",
        "--publish",
        action="append",
        default=[],
        metavar="HOST:REF:PORT",
        help="publish a port; REF is a workload or RESOURCE_UID.OUTPUT (repeatable)",
    )
    generate.add_argument(
        "--env-file", metavar="FILE", help="write the environment variables that are referred to, to fill in"
    )
    generate.add_argument("--strict", action="store_true", help="warnings are errors")
    generate.add_argument("--force", action="store_true", help="render everything again, with kept values")


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
    shown = parts.add_parser("list", parents=[common], help="list them, the first that fits counts")
    shown.add_argument("-f", "--format", default="table", help="table or json")
