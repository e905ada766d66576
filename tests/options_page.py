"""docs/options.md, from the tables of options and verbs: ``python tests/options_page.py`` writes it anew."""

from __future__ import annotations

from pathlib import Path

from page_tables import table

from doit_score.command import help, manual
from doit_score.command.verbs import VERBS, below, program
from doit_score.options import ALIASES, ARGUMENTS, EVERY, OPTIONS, Option, options_of, usual

PAGE = Path(__file__).parent.parent / "docs" / "options.md"

INTRODUCTION = """\
# Options

Made by `python tests/options_page.py` from `tasks/doit_score/options.py`.

## `Score(...)` in a dodo.py

The first argument is the name of the pack, the prefix of its tasks: `Score("stage")` makes `stage-generate`.
A dodo.py with several packs needs one for all but one of them; output, state directory and project get it
too then. `environments({...})` makes several at once: [environments.md](environments.md). [dodo.md](dodo.md)
has an example of each argument. All but those about tasks are keys of `doit-score.toml` too.
Whatever can be a list of texts can be one text, and a text that names a file can be a `Path`.
"""
COMMAND = """\
## The command `doit-score`

What is **remembered** counts in later runs too, until something else is said.
"""
KINDS = {
    "text": "text",
    "path": "text",
    "seconds": "number",
    "flag": "bool",
    "texts": "texts",
    "paths": "texts",
    "ports": "texts",
    "builds": "dict",
    "images": "dict",
    "overrides": "dict",
    "variables": "dict",
}


def page() -> str:
    """The whole text."""
    parts = [INTRODUCTION, table(("argument", "type", "usually", "what it is"), map(_argument, ARGUMENTS))]
    parts += [COMMAND, table(("flag of every verb", "what it does"), map(_flag, _common()))]
    parts += [_verb(name) for name in VERBS if not below(name)]
    return "\n".join(parts)


def _argument(option: Option) -> tuple[str, ...]:
    empty = option.default in (None, ())
    default = "" if empty else f"`{option.default!r}`"
    kind = " or ".join(f"`{word!r}`" for word in option.words) or KINDS[option.kind]
    return f"`{option.name}`", kind, default, f"{option.help}{_target(option)}"


def _flag(option: Option) -> tuple[str, ...]:
    default = usual(option) if option.takes_value else None
    shown = f"{default:g}" if isinstance(default, float) else default
    notes = [f"usually `{shown}`"] if default else []
    notes += ["repeatable"] if option.is_repeatable and option.flags else []
    notes += ["remembered"] if option.memory else []
    said = "; ".join([option.asked, *notes]) + _target(option)
    names = [f"`{f'{flag} {option.metavar}'.strip()}`" for flag in option.flags] or [f"`{option.metavar}`"]
    return ", ".join(names), said


def _target(option: Option) -> str:
    return f" (for {option.target.capitalize()})" if option.target else ""


def _common() -> list[Option]:
    return [option for option in OPTIONS if option.verbs is EVERY]


def _verb(name: str) -> str:
    own = [] if name in ALIASES else options_of(name)
    options = sorted((o for o in own if o not in _common()), key=lambda o: bool(o.flags))
    rows = f"\n{table(('word or flag', 'what it does'), map(_flag, options))}" if options else ""
    told = [f"- {status}: {meaning}" for status, meaning in manual.statuses(name).items()]
    width = max(len(one.line) for one in manual.PAGES[name].examples)
    shown = [f"{one.line:{width}}  # {one.purpose}" for one in manual.PAGES[name].examples]
    blocks = [
        f"### `{program(name)}`",
        f"{help.about(name)}\n{rows}".rstrip(),
        f"Prints: {manual.PAGES[name].prints}",
        "\n".join(["Exit status:\n", *told]),
        "\n".join(["```text", *shown, "```\n"]),
    ]
    return "\n\n".join(blocks)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
