"""docs/dodo.md, from the table of options and examples: ``python tests/dodo_page.py`` writes it anew."""

from __future__ import annotations

from pathlib import Path

from dodo_examples import EXAMPLES, FILES, Example
from options_page import KINDS

from doit_score.options import ARGUMENTS, Option

PAGE = Path(__file__).parent.parent / "docs" / "dodo.md"
HEAD = Path(__file__).parent / "data" / "dodo_head.md"
PROJECT = """\
## The arguments of `Score(...)`

Each is shown with a project of these files, and what it does to them; a test tries every one. With a
name first (`Score("stage", ...)`) output, state directory and project are others
([environments.md](environments.md)).

"""


def page() -> str:
    """The whole text."""
    files = "".join(f"```yaml\n# {name}\n{text}```\n\n" for name, text in FILES.items())
    return HEAD.read_text(encoding="utf-8") + PROJECT + files + "\n".join(map(_argument, ARGUMENTS))


def _argument(option: Option) -> str:
    kind = " or ".join(f"`{word!r}`" for word in option.words) or KINDS[option.kind]
    default = "" if option.default in (None, ()) else f"; usually `{option.default!r}`"
    target = f"; for {option.target.capitalize()}" if option.target else ""
    said = f"{option.help[0].upper()}{option.help[1:]}."
    return f"### `{option.name}`\n\n{said} ({kind}{default}{target})\n\n{_example(EXAMPLES[option.name])}"


def _example(example: Example) -> str:
    if example.file:
        shown = f"{example.file}:\n\n```text\n{example.shown}```\n"
    else:
        shown = f"`doit {example.command}` prints:\n\n```text\n{example.shown}```\n"
    return f"```python\n{example.code}\n```\n\n{shown}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
