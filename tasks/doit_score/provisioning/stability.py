"""Whether an entry that is run again on its own result gives the same.

That is what the law of the engine asks of provisioners: one that draws a password and does not keep it gives
another at each run.  What differs is told by names, never by values, which may be secrets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from doit_score.provisioning.model import Entry, ProvisionInput, ProvisionResult
from doit_score.provisioning.run import provision
from doit_score.provisioning.scratch import Scratch
from doit_score.text import canonical, words
from doit_score.text.errors import Problem
from doit_score.text.light import dataclass, replace

_MOST_TOLD = 6
_NAME = re.compile(r"[A-Za-z_]\w*")
_DRAWS = {
    "template": re.compile(r"\b(rand[A-Z]\w+ \d+(?: \d+)?|uuidv4)\b"),
    "jinja": re.compile(r"\b(rand[A-Z]\w+\(\d+(?:, ?\d+)?\)|uuidv4\(\))"),
}
_USUAL = {"template": "randAlphaNum 16", "jinja": "randAlphaNum(16)"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that the second run gave otherwise: the field of the entry, the keys below it.

    ``line`` is the first line that differs, where the value is a text of several.
    """

    field: str
    keys: tuple[str | int, ...]
    line: int | None = None

    def __str__(self) -> str:
        where = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.keys)
        line = f" (line {self.line})" if self.line else ""
        return f"{self.field}: {where.removeprefix('.')}{line}"


def next_input(given: ProvisionInput, first: ProvisionResult) -> ProvisionInput:
    """What the entry is given when it is run on its own result."""
    return replace(given, state=first.state, shared=Scratch(given.shared, first.shared_patch))


def differences(
    entry: Entry,
    given: ProvisionInput,
    first: ProvisionResult,
    *,
    hermetic: bool = False,
    commands: bool = False,
    variables: Mapping[str, str] | None = None,
) -> tuple[Difference, ...]:
    """What a second run of ``entry`` gives otherwise than ``first``, which it gave for ``given``.

    In the order in which fields are run, so that what else follows from a difference comes after it.
    ``info_logs`` do not count.  A command is run, with all that it does, with ``commands`` only: else none of
    it is known to differ.

    Raises ScoreError if the second run fails.
    """
    if entry.kind == "cmd" and not commands:
        return ()
    second = provision(entry, next_input(given, first), hermetic=hermetic, variables=variables)
    return compared(given, first, second)


def compared(
    given: ProvisionInput, first: ProvisionResult, second: ProvisionResult
) -> tuple[Difference, ...]:
    """What ``second`` has otherwise, which was run on ``first`` (:func:`next_input`)."""
    sections = {section.name: section.field for section in given.target.sections}
    found = [
        *_differing("state", first.state, second.state),
        *_changed("shared", Scratch(given.shared, first.shared_patch), second.shared_patch),
        *_differing("outputs", first.outputs, second.outputs),
        *_differing("directories", first.directories, second.directories),
        *_differing("files", first.files, second.files),
    ]
    for name, field in sections.items():
        found += _differing(field, first.sections.get(name, {}), second.sections.get(name, {}))
    return tuple(found)


def unstable(entry: Entry, uid: str, found: tuple[Difference, ...]) -> Problem | None:
    """``found`` as one problem with the idiom that keeps a value; None if nothing differs."""
    if not found:
        return None
    told = ", ".join(f"'{difference}'" for difference in found[:_MOST_TOLD])
    more = f", and {len(found) - _MOST_TOLD} more" if len(found) > _MOST_TOLD else ""
    field = entry.fields.get(found[0].field)
    return Problem(
        f"run again on its own result it gives {words.count(found, 'other value')}: {told}{more}",
        entry.path,
        entry.line if field is None else field.line,
        None if field is None else field.column,
        idiom(entry, found[0]),
        entry.context(uid, found[0].field),
    )


def idiom(entry: Entry, difference: Difference) -> str:
    """What to write so that the value at ``difference`` stays as it was first made."""
    if entry.kind not in _USUAL:
        return "return what is made up in `resource_state`, and return that again when it is given"
    field = entry.fields.get(difference.field)
    drawn = _DRAWS[entry.kind].search(field.text) if field is not None else None
    draw = drawn[1] if drawn else _USUAL[entry.kind]
    keys = [str(key) for key in difference.keys]
    if difference.field in ("state", "shared") and keys:
        return f"keep what is there: `{keys[-1]}: {_kept(entry, difference.field, keys, draw)}`"
    name = next((key for key in reversed(keys) if _NAME.fullmatch(key)), "value").lower()
    return (
        f"keep it in state: `{name}: {_kept(entry, 'state', [name], draw)}`, and print it from there: "
        f"`{{{{ {'.State' if entry.kind == 'template' else 'state'}.{name} }}}}`"
    )


def _kept(entry: Entry, root: str, keys: list[str], draw: str) -> str:
    """The expression that takes what is kept, or else draws."""
    quoted = [f'"{key}"' for key in keys]
    simple = len(keys) == 1 and _NAME.fullmatch(keys[0])
    if entry.kind == "template":
        drawn, root = f"({draw})" if " " in draw else draw, f".{root.capitalize()}"
        said = f"{root}.{keys[0]} | default {drawn}" if simple else f"dig {' '.join(quoted)} {drawn} {root}"
    else:
        said = (
            f"{root}.{keys[0]} | default({draw})" if simple else f"{root} | dig({', '.join([*quoted, draw])})"
        )
    return f"{{{{ {said} }}}}"


def _differing(field: str, one: object, other: object, *keys: str | int) -> Iterator[Difference]:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in sorted({*one, *other}, key=str):
            if key in one and key in other:
                yield from _differing(field, one[key], other[key], *keys, str(key))
            else:
                yield Difference(field, (*keys, str(key)))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (item, another) in enumerate(zip(one, other, strict=True)):
            yield from _differing(field, item, another, *keys, index)
    elif canonical.encode(one) != canonical.encode(other):
        yield Difference(field, keys, _line(one, other))


def _line(one: object, other: object) -> int | None:
    if not (isinstance(one, str) and isinstance(other, str)) or "\n" not in one.rstrip("\n"):
        return None
    lines, others = one.split("\n"), other.split("\n")
    same = (index for index, pair in enumerate(zip(lines, others, strict=False)) if pair[0] != pair[1])
    return next(same, min(len(lines), len(others))) + 1


def _changed(
    field: str, shared: Mapping[str, object], patch: Mapping[str, object], *keys: str
) -> Iterator[Difference]:
    """What ``patch`` changes in ``shared``, of which only that is looked at."""
    for key, change in sorted(patch.items()):
        old = shared.get(key)
        if change is None:
            if key in shared:
                yield Difference(field, (*keys, key))
        elif key not in shared:
            yield Difference(field, (*keys, key))
        elif isinstance(change, dict) and isinstance(old, Mapping):
            yield from _changed(field, old, change, *keys, key)
        else:
            yield from _differing(field, old, change, *keys, key)
