"""What the page of each verb says besides what it takes: what is printed, exit statuses, examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from doit_score.text.light import NamedTuple


class Example(NamedTuple):
    """A line for a shell, and what it is for."""

    line: str
    purpose: str


class Page(NamedTuple):
    """``prints`` is what comes on stdout; ``statuses`` are those that mean something else than in COMMON."""

    prints: str
    examples: Sequence[Example]
    statuses: Mapping[int | str, str] = {}


COMMON: Mapping[int | str, str] = {
    0: "it is done",
    1: "something is wrong; stderr says what, where, and what to do",
    130: "it was interrupted",
}
_ELSE = "What else there is to say is on stderr, and with --quiet only errors are said."
_STATUS = (
    "A table, JSON or names, of workloads and resources: how each does, for how long, where it is reached."
)
_NOTHING = f"Nothing. {_ELSE}"

# fmt: off
PAGES: Mapping[str, Page] = {
    "init": Page(f"Nothing; what was made is told on stderr. {_ELSE}", [
        Example("doit-score init", "with a score.yaml to begin with"),
        Example("doit-score init --no-sample --project shop", "with a name for the project, and no sample"),
        Example("doit-score init --target kubernetes", "for a cluster"),
    ]),
    "generate": Page(f"Nothing, with `-o -` the file, with --format what was done. {_ELSE}", [
        Example("doit-score generate score.yaml", "add a workload, and write compose.yaml"),
        Example("doit-score generate score.yaml --publish 8080:web:80", "with a port of it published"),
        Example("doit-score generate --strict", "with warnings as errors"),
        Example("doit-score generate", "look at all known Score files again"),
    ]),
    "diff": Page("A unified diff, or nothing where there is no difference; with --format JSON or names.", [
        Example("doit-score diff", "what the next `generate` would change"),
        Example("doit-score diff --run-commands", "and what the commands of provisioners would"),
    ], {0: "it would change nothing",
        1: "it would change something, or run commands, which diff does not",
        2: "that cannot be told; stderr says why"}),
    "check": Page("What is wrong, each with its file, line and column, and what to do; for programs with "
        "--format json.", [
        Example("doit-score check", "the whole project"),
        Example("doit-score check score.yaml --lenient", "one file, where warnings do not count"),
        Example("doit-score check --format github", "for GitHub Actions, which mark the lines"),
    ], {0: "nothing is wrong", 1: "something is, warnings among it"}),
    "why": Page("A table, JSON or names of what was done, with the reasons.", [
        Example("doit-score why", "all that the last run did"),
        Example("doit-score why web", "what it did to a workload, or that it did nothing"),
    ]),
    "graph": Page("The picture, or nothing where -o names a file.", [
        Example("doit-score graph -o shop.svg", "a picture"),
        Example("doit-score graph -o shop.html", "a page to look around in"),
        Example("doit-score graph --format mermaid --focus web", "a workload and what is around it"),
    ]),
    "up": Page("Nothing; what is built and started, and where it can be reached, is told on stderr.", [
        Example("doit-score up", "everything"),
        Example("doit-score up web --no-build", "a workload and what it waits for"),
    ]),
    "watch": Page("Nothing; each round has a line on stderr, with its reason.", [
        Example("doit-score watch", "until Ctrl-C"),
        Example("doit-score watch --up", "and bring up what changed"),
    ], {0: "Ctrl-C has ended it", 130: "Ctrl-C has ended it and what it was about to do"}),
    "down": Page(_NOTHING, [
        Example("doit-score down", "containers and networks; data stays"),
        Example("doit-score down --volumes", "with all data"),
    ]),
    "status": Page(_STATUS, [
        Example("doit-score status", "how the project does"),
        Example("doit-score status --format json", "the same, for a program"),
    ]),
    "ps": Page(_STATUS, [
        Example("doit-score ps", "how the project does"),
    ]),
    "logs": Page("What the containers print, each line with the name of its container.", [
        Example("doit-score logs", "everything so far"),
        Example("doit-score logs web --tail 20 --timestamps", "the end of one, with times"),
    ]),
    "exec": Page("What the command prints.", [
        Example("doit-score exec web -- env", "the variables that a workload sees"),
        Example("doit-score exec web sh", "a shell"),
    ], {"other": "that of the command"}),
    "restart": Page(_NOTHING, [
        Example("doit-score restart web", "one workload"),
        Example("doit-score restart --timeout 30", "everything, with half a minute to end by itself"),
    ]),
    "resources list": Page("A table, JSON or names.", [
        Example("doit-score resources list", "all"),
        Example("doit-score resources list --format json", "for a program"),
    ]),
    "resources show": Page("A table, JSON or YAML.", [
        Example("doit-score resources show 'postgres.default#web.db'", "with passwords masked"),
        Example("doit-score resources show 'postgres.default#web.db' --format json", "for a program"),
    ]),
    "resources get-outputs": Page("JSON, YAML, names, or what a template makes of these: passwords too.", [
        Example("doit-score resources get-outputs 'postgres.default#web.db'", "all of them"),
        Example("doit-score resources get-outputs 'postgres.default#web.db' --format '{{ .host }}'", "one"),
    ]),
    "provisioners list": Page("A table, JSON or names.", [
        Example("doit-score provisioners list", "all"),
        Example("doit-score provisioners list --format json", "for a program"),
    ]),
    "provisioners show": Page("Their text, each with its file and line.", [
        Example("doit-score provisioners show redis", "that of a type"),
    ]),
    "provisioners try": Page("Each field with what its templates printed, or JSON.", [
        Example("doit-score provisioners try redis", "that of a type, on a made-up resource"),
        Example("doit-score provisioners try postgres --param 'extensions={vector: {}}' --section outputs",
            "with a param, and its outputs alone"),
        Example("doit-score provisioners try postgres --from 'postgres.default#web.db'",
            "on a resource of the project"),
    ], {0: "nothing is wrong", 1: "something is, or a second run gives something else"}),
    "provisioners eject": Page(_NOTHING, [
        Example("doit-score provisioners eject redis", "as provisioners/redis.provisioners.yaml"),
    ]),
    "provisioners explain": Page("What was asked for, with an example and what it gives.", [
        Example("doit-score provisioners explain", "all names"),
        Example("doit-score provisioners explain outputs randAlphaNum", "a key and a function"),
    ]),
    "schema": Page("A JSON Schema.", [
        Example("doit-score schema score > score.schema.json", "for an editor"),
    ]),
    "export": Page(_NOTHING, [
        Example("doit-score export", "so that score-compose goes on here"),
    ]),
    "recover": Page(_NOTHING, [
        Example("doit-score recover", "when state.db is damaged or gone"),
        Example("doit-score recover --force", "also when it is not"),
    ]),
    "doctor": Page("A table, JSON or names, of what was looked at: whether it is there, and what to do.", [
        Example("doit-score doctor", "what is missing here"),
        Example("doit-score doctor --format json", "for a program"),
    ], {0: "all that this project needs is there", 1: "something is not, or cannot be used"}),
    "help": Page("The page.", [
        Example("doit-score help", "all commands"),
        Example("doit-score help resources show", "one of them"),
    ]),
    "version": Page("The version, and that of Python, or JSON.", [
        Example("doit-score version", "both on one line"),
    ]),
    "check-version": Page("Nothing.", [
        Example("doit-score check-version '>=0.1, <1'", "in a script that needs one of these"),
    ], {0: "this version is among them", 1: "it is not"}),
    "completion": Page("A script.", [
        Example("source <(doit-score completion bash)", "in ~/.bashrc"),
        Example("doit-score completion fish > doit-score.fish", "to be moved to ~/.config/fish/completions/"),
    ]),
}
# fmt: on


def statuses(verb: str) -> dict[int | str, str]:
    """What each exit status of a verb means, in their order."""
    found = {**COMMON, **PAGES[verb].statuses}
    return {status: found[status] for status in sorted(found, key=lambda one: (str(one).isalpha(), one))}
