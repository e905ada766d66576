"""``provisioners explain``: the keys of an entry, what templates see, functions; in the terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Iterator

from doit_score.command.reference import keys, kinds_of
from doit_score.provisioning.files import KEYS, TEMPLATE_FIELDS
from doit_score.provisioning.model import Kind
from doit_score.provisioning.reference import DATA, KINDS, Datum, Key
from doit_score.targets.compose.reference import PATCH_DATA, PATCH_KEYS
from doit_score.templating import explained as functions
from doit_score.text import words
from doit_score.text.errors import ScoreError

_PATCH_DATA = [Datum(go, jinja, "", type_, says) for go, jinja, type_, says in PATCH_DATA]
_BESIDE = 12
"""Where what is said begins beside what it is about."""


def names() -> list[str]:
    """Everything that can be asked for."""
    data = (name for datum in (*DATA, *_PATCH_DATA) for name in _last(datum) if name)
    return sorted({*KINDS, *keys(), *data, *(name for name, *_ in PATCH_KEYS), *functions.names()})


def text(asked: Iterable[str]) -> str:
    """What there is to say of each name; without any, an overview.  ScoreError for one that is not known."""
    blocks = [block for name in asked for block in _blocks(name)] or [_overview()]
    return "\n\n".join("\n".join(lines) for lines in blocks) + "\n"


def _blocks(name: str) -> list[list[str]]:
    bare = name.strip("{} ").removeprefix("$").removeprefix(".").removesuffix("//").removesuffix(":")
    found = [[*_kind(kind)] for kind in KINDS if kind == bare]
    if bare in keys():
        found.append([*_key(keys()[bare])])
    for what, data in (("a run", DATA), ("a patch template", _PATCH_DATA)):
        found += [[*_datum(what, datum)] for datum in data if bare in _last(datum)]
    found += [[*_patch_key(*row)] for row in PATCH_KEYS if row[0] == bare]
    function = functions.explained(bare)
    if function is not None:
        found.append([*_function(function)])
    if not found:
        hint = words.near(bare, names(), "`doit-score provisioners explain` lists what there is")
        raise ScoreError(f"there is no key and no function '{name}'", hint=hint)
    return found


def _last(datum: Datum) -> tuple[str, str]:
    """The names of a datum in Go and Jinja2, without what it is in."""
    return datum.go.rpartition(".")[2], datum.jinja.rpartition(".")[2]


def _kind(kind: Kind) -> Iterator[str]:
    yield f"{kind}://: a kind of entry"
    yield ""
    yield from _wrapped(KINDS[kind], "  ")
    yield ""
    yield from _beside("keys", ", ".join(KEYS[kind]))


def _key(key: Key) -> Iterator[str]:
    is_template = key.name in TEMPLATE_FIELDS
    yield f"{key.name}: a key of an entry"
    yield ""
    yield from _wrapped(key.says, "  ")
    yield ""
    yield from _beside("in", ", ".join(kinds_of(key.name)))
    yield from _beside("prints" if is_template else "is", key.shape)
    if is_template:
        place = TEMPLATE_FIELDS.index(key.name)
        after = f" after {', '.join(TEMPLATE_FIELDS[:place])}" if place else " first"
        yield from _beside("is run", after.strip())
    for number, check in enumerate(key.checks):
        yield from _beside("" if number else "checked", check)
    if key.command:
        yield from _beside("cmd://", f"a command prints it as {key.command}")


def _patch_key(name: str, shape: str, says: str) -> Iterator[str]:
    yield f"{name}: a key of what a patch template prints"
    yield ""
    yield from _wrapped(says, "  ")
    yield ""
    yield from _beside("is", shape)


def _datum(what: str, datum: Datum) -> Iterator[str]:
    yield f"{datum.go.lstrip('.') or datum.jinja}: what {what} is given"
    yield ""
    yield from _wrapped(datum.says, "  ")
    yield ""
    yield from _beside("type", datum.type)
    for title, name in (("Go", datum.go), ("Jinja2", datum.jinja)):
        yield from _beside(title, name or "(not there)")
    if datum not in _PATCH_DATA:
        yield from _beside("cmd://", datum.command or "(not there)")


def _function(function: functions.Explained) -> Iterator[str]:
    yield f"{function.name}: a function ({function.title})"
    yield ""
    yield from _wrapped(function.says, "  ")
    yield ""
    if function.arguments:
        yield from _beside("takes", function.arguments)
    for title, example in (("Go", function.go), ("Jinja2", function.jinja)):
        yield from _beside(title, f"{{{{ {example} }}}}" if example else "(not there)")
    if function.go or function.jinja:
        gives = function.result.partition("\n")[0]
        yield from _beside("gives", f"{gives} (another each time)" if function.varies else gives)


def _overview() -> list[str]:
    lines = ["Kinds of entries, by the scheme of their uri:"]
    for kind, said in KINDS.items():
        lines += _entry(f"{kind}://", said.removesuffix("."))
    lines += ["", "Keys that say what an entry is, and which resources it takes:"]
    every = keys()
    for name, key in every.items():
        if name == TEMPLATE_FIELDS[0]:
            lines += ["", "Templates, in the order in which they are run:"]
        lines += _entry(name, key.says.partition(". ")[0].removesuffix("."))
    lines += ["", "What templates see, in Go and in Jinja2:"]
    lines += _wrapped(", ".join(f"{d.go} {d.jinja}".strip() for d in DATA if d.jinja.count(".") == 0), "  ")
    lines += ["", "What a patch template sees, and the keys of what it prints:"]
    lines += _wrapped(", ".join(f"{datum.go} {datum.jinja}" for datum in _PATCH_DATA), "  ")
    lines += _wrapped(", ".join(name for name, *_ in PATCH_KEYS), "  ")
    lines += ["", "Functions:"]
    by_title: dict[str, list[str]] = {}
    for function in functions.every():
        by_title.setdefault(function.title, []).append(function.name)
    for title, listed in by_title.items():
        lines += [*_wrapped(f"{title}: {' '.join(listed)}", "  ", "    ")]
    return [*lines, "", *_wrapped("`doit-score provisioners explain NAME` tells more of each.", "")]


def _beside(left: str, right: str) -> list[str]:
    indent = " " * _BESIDE
    lines = _wrapped(right, indent)
    return [f"  {left}".ljust(_BESIDE) + lines[0].lstrip(), *lines[1:]]


def _entry(left: str, right: str) -> list[str]:
    lines = _wrapped(right, " " * 24)
    return [f"  {left}".ljust(24) + lines[0].lstrip(), *lines[1:]]


def _wrapped(said: str, indent: str, more: str | None = None) -> list[str]:
    width = max(60, min(shutil.get_terminal_size().columns, 100))
    return textwrap.wrap(
        said,
        width,
        initial_indent=indent,
        subsequent_indent=indent if more is None else more,
        break_on_hyphens=False,
    )
