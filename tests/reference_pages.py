"""docs/provisioners/reference.md and functions.md, from the tables of the package.

``python tests/reference_pages.py`` writes them anew; it needs the extra ``crypto``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from page_tables import table

from doit_score.command.reference import keys, kinds_of
from doit_score.provisioning.files import TEMPLATE_FIELDS
from doit_score.provisioning.reference import DATA, KINDS, limits
from doit_score.provisioning.shapes import KEYS as DECLARED
from doit_score.provisioning.shapes import TYPES
from doit_score.targets.compose.reference import PATCH_DATA, PATCH_KEYS, PATCH_PATHS
from doit_score.templating import explained, functions
from doit_score.templating.jinja.reference import TESTS
from doit_score.templating.jinja.run import render_jinja

DOCS = Path(__file__).parent.parent / "docs" / "provisioners"

REFERENCE = """\
# Reference: provisioner files

Made by `python tests/reference_pages.py` from the tables of the package; `doit-score provisioners explain
NAME` tells the same in the terminal. [writing.md](writing.md) is where to begin, [rules.md](rules.md)
tells how entries are found and run, [commands.md](commands.md) is about `cmd://`, [patches.md](patches.md)
about patch templates, and [functions.md](functions.md) lists the functions.

A file is called `NAME.provisioners.yaml` and has a list of entries. Numbers, true and false are taken as
text where a key wants text. A key that an entry of its kind does not have is an error.
"""
KIND = """\
## Kinds of entries
"""
ENTRY = """\
## Keys that say what an entry is
"""
SHAPES = """\
## What params and annotations must be

`supported_params` and `supported_annotations` may say of each name what it must be, and null if there is
nothing to say. A resource whose param or annotation is something else is an error at its place in the Score
file, before anything is run:

```yaml
supported_params:
  partitions: {type: integer, minimum: 1}
  size: {type: quantity, required: true}
  mode: {enum: [fast, safe]}
  owner:
supported_annotations:
  compose.score.dev/publish-port: {type: port}
```
"""
SHAPED = """\
Types are these. A number may come as text, as what a placeholder stands for does: `"3"`. Null is right only
where `null` is among the types.
"""
FAILED = """\
What needs more than one value is said by a template: `fail("params.port: there is no such port")`. A message
that begins with `params.NAME:`, or with the name of an annotation and a colon, is told at the place of that
in the Score file.
"""
FIELDS = """\
## Templates

An entry of `template://` and `jinja://` may have these keys. Each is a template that prints YAML; they are
run in this order. One that prints nothing has given nothing. A command returns the same under the name in
the last column.
"""
SEEN = """\
## What templates and commands see

W stands for the name of a workload, P for the name or the number of one of its ports. In Go a field that is
not there is an error, and a key of a mapping that is not there prints `<no value>`, which is warned of. In
Jinja2 all that is undefined is an error. To look for what may not be there say `dig` or `default`.

Where a name has a dash or a dot in it: `index .WorkloadServices "my-app"` and
`workload_services["my-app"]`.
"""
PATCHES = """\
## Patch templates

What a [patch template](patches.md) sees:
"""
PATCHED = """\
It prints a list of mappings with these keys:
"""
PATHS = """\
A path:
"""
LIMITED = """\
## Limits
"""
FUNCTIONS = """\
# Reference: functions

Made by `python tests/reference_pages.py` from the library; `doit-score provisioners explain NAME` tells the
same in the terminal. There is one library for both syntaxes: {count} functions, those of Go's sprig among
them. In Jinja2 each is a function, as in the examples, and a filter whose value is the last argument:
`{{ name | trunc(8) }}`. What an example gives is shown as JSON, worked out by the template engine itself;
the tests see to it that both syntaxes give the same.

Functions whose names begin with `must` fail where the others give something empty. Functions with *extra
`crypto`* need `pip install 'doit-score[crypto]'`. Regular expressions are in the syntax of
[RE2](https://github.com/google/re2/wiki/Syntax). Without the extra `re2`, which cannot be had on Alpine, they
take more of the time that a template may take, and `\\C` and the names of scripts, such as `\\p{Greek}`, are
an error.
"""
NOT_SAME = """\
## Filters of Jinja2 with the name of a function

`indent`, `list`, `round` and `slice` are Jinja2's own as filters, and the library's as functions. `max` and
`min` are Jinja2's for a list. `default` also replaces what is empty; `default("x", false)` replaces what is
undefined or null only. `first`, `int`, `join`, `last`, `lower`, `replace`, `reverse`, `title`, `trim` and
`upper` are Jinja2's where only Jinja2 knows the argument: `join(attribute="a")`, `trim("x")`, `replace("a",
"b", 1)`.
"""
TESTED = """\
## Tests of Jinja2

What can stand after `is`, beside the comparisons (`eq`, `ne`, `lt`, `le`, `gt`, `ge`):
"""


def pages() -> dict[str, str]:
    """The whole text of each page, by its name."""
    return {"reference.md": "\n".join(_reference()), "functions.md": "\n".join(_functions())}


def _reference() -> Iterator[str]:
    yield REFERENCE
    yield KIND
    yield table(("uri", "what it is"), ((_code(f"{kind}://"), said) for kind, said in KINDS.items()))
    yield ENTRY
    every = keys()
    own = (key for name, key in every.items() if name not in TEMPLATE_FIELDS)
    yield table(
        ("key", "of", "is", "what it says"),
        ((_code(k.name), _kinds(k.name), k.shape, k.says) for k in own),
    )
    yield SHAPES
    yield table(("key", "what it says"), ((_code(key), says) for key, says in DECLARED.items()))
    yield SHAPED
    yield table(("type", "what is expected"), ((_code(name), says) for name, says in TYPES.items()))
    yield FAILED
    yield FIELDS
    fields = (every[name] for name in TEMPLATE_FIELDS)
    yield table(
        ("key", "prints", "what it says", "what is looked at", "of a command"),
        ((_code(k.name), k.shape, k.says, "; ".join(k.checks), _code(k.command)) for k in fields),
    )
    yield SEEN
    yield table(
        ("Go", "Jinja2", "command", "type", "what it is"),
        ((_code(d.go), _code(d.jinja), _code(d.command), d.type, d.says) for d in DATA),
    )
    yield PATCHES
    yield table(
        ("Go", "Jinja2", "type", "what it is"),
        ((_code(go), _code(jinja), type_, says) for go, jinja, type_, says in PATCH_DATA),
    )
    yield PATCHED
    yield table(("key", "is", "what it says"), ((_code(key), shape, says) for key, shape, says in PATCH_KEYS))
    yield PATHS
    yield table(("path", "what it means"), ((_code(path), says) for path, says in PATCH_PATHS))
    yield LIMITED
    yield table(("what", "at most"), limits())


def _kinds(key: str) -> str:
    kinds = kinds_of(key)
    return "all" if len(kinds) == 5 else ", ".join(kind.removesuffix("://") for kind in kinds)


def _functions() -> Iterator[str]:
    yield FUNCTIONS.replace("{count}", str(len(functions.names())))
    for title, listed in groupby(explained.every(), lambda one: one.title):
        yield f"## {title}\n"
        rows = list(listed)
        if any(one.go for one in rows):
            yield table(("function", "what it gives", "Go", "Jinja2", "gives"), map(_function, rows))
        else:
            yield table(
                ("filter" if title.endswith("filters") else "function", "what it gives", "Jinja2", "gives"),
                (_function(one)[:2] + _function(one)[3:] for one in rows),
            )
    yield NOT_SAME
    yield TESTED
    yield table(
        ("test", "Jinja2", "gives"),
        ((_code(name), _code(example), _code(tested(example))) for name, example in TESTS.items()),
    )


def tested(example: str) -> str:
    """What a test of Jinja2 gives."""
    return render_jinja("{{ toRawJson(" + example + ") }}", {})


def _function(one: explained.Explained) -> tuple[str, ...]:
    gives = "another each time" if one.varies else _code(one.result)
    return _code(one.name), one.says, _code(one.go), _code(one.jinja), gives


def _code(text: str) -> str:
    assert "`" not in text, text
    return f"`{text}`" if text else ""


if __name__ == "__main__":
    os.environ["TZ"] = "UTC"
    time.tzset()
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")
