"""A picture of a project in a format, on stdout or in a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from doit_score.engine.inputs.current import OTHER_OPTIONS, look
from doit_score.engine.settings import Settings
from doit_score.options import GRAPHS, GROUPS
from doit_score.picture.model import Graph
from doit_score.store import files
from doit_score.store.outlets import Outlets
from doit_score.store.rows import InputRow, WorkloadRow
from doit_score.store.state import State, open_state
from doit_score.text.errors import ScoreError
from doit_score.text.messages import Say

SUFFIXES: Mapping[str, str] = {
    ".svg": "svg",
    ".dot": "dot",
    ".gv": "dot",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".json": "json",
    ".html": "html",
    ".htm": "html",
}
"""The formats of files by their names."""
_MARK = b"doit-score graph"
_BEGINNING = 2_000
"""Where the mark is in a file of ours."""


def draw(
    settings: Settings,
    say: Say,
    *,
    file: str = "-",
    format_: str = "",
    focus: Sequence[str] = (),
    group: str = "auto",
    force: bool = False,
) -> None:
    """Draws the project of ``settings``, as the last run left it, and warns where that is not how it is now.

    ``file`` is where it is written, ``-`` for stdout; what is there and is no picture is not replaced without
    ``force``.  ``format_`` is usually that of the file's name, else the first of `options.GRAPHS`.  ``focus``
    are names of what it is about, all if there are none; ``group`` is one of `options.GROUPS`.

    Raises ScoreError where there is nothing to draw, for names that are of nothing, and for a file that is
    not to be written.
    """
    from doit_score.drawing.reading import read

    format_ = _format(file, format_, group)
    with open_state(settings.state_dir) as state, state.snapshot():
        state.check()
        place = _place(file, settings, state, force)
        settings = settings.recalled(state.meta())
        _check_made(state)
        _warn_if_old(state, settings, say)
        graph = read(state, settings)
    text = rendered(graph, format_, focus, group)
    if place is None:
        sys.stdout.write(_printable(text))
        return
    mode = files.file_mode(place)
    content = text.encode("utf-8", "replace")
    made = files.NewFile(place, content, files.usual_mode() if mode is None else mode)
    files.Writer(settings.state_dir).write([made])
    say("info", f"wrote {file}")


def rendered(graph: Graph, format_: str, focus: Sequence[str] = (), group: str = "auto") -> str:
    """``graph`` as text in a format."""
    if focus:
        from doit_score.picture.focus import focused

        graph = focused(graph, focus)
    if format_ == "json":
        from doit_score.picture.data import as_json

        return as_json(graph)
    shown = graph
    if group == "auto":
        from doit_score.picture.grouping import grouped

        shown = grouped(graph)
    if format_ == "html":
        from doit_score.drawing.assets import asset
        from doit_score.picture.page import page

        return page(graph, shown, style=asset("page.css"), script=asset("page.js"))
    if format_ == "svg":
        from doit_score.picture.svg import svg

        return svg(shown)
    if format_ == "dot":
        from doit_score.picture.dot import dot

        return dot(shown)
    from doit_score.picture.mermaid import mermaid

    return mermaid(shown)


def _format(file: str, format_: str, group: str) -> str:
    """The format to write.  Raises ScoreError for what nobody knows, and where the name of the file says
    another one than is asked for."""
    for option, value, known in (("--format", format_, ("", *GRAPHS)), ("--group", group, GROUPS)):
        if value not in known:
            expected = " or ".join(repr(one) for one in known if one)
            raise ScoreError(f"{option}: expected {expected}, found {value!r}")
    named = SUFFIXES.get(os.path.splitext(file)[1].lower(), "")
    if format_ and named and format_ != named:
        raise ScoreError(
            f"the format {format_} is asked for, and the name of the file says {named}",
            path=file,
            hint="leave --format out, or give the file another name",
        )
    if not format_ and not named and file != "-":
        raise ScoreError(
            "its name does not tell the format of the picture",
            path=file,
            hint=f"say --format {'|'.join(GRAPHS)}, or end the name in {', '.join(SUFFIXES)}",
        )
    return format_ or named or GRAPHS[0]


def _place(file: str, settings: Settings, state: State, force: bool) -> str | None:
    """The path to write, None for stdout.  Raises ScoreError for what is not to be replaced."""
    if file == "-":
        return None
    if not file:
        raise ScoreError(
            "no file is named for the picture", hint="name one with -o FILE, or `-o -` for stdout"
        )
    folder = os.path.dirname(file)
    if not os.path.isdir(folder or "."):
        raise ScoreError(
            "cannot be written: its directory does not exist", path=file, hint="make the directory"
        )
    real = Outlets(settings.state_dir, state.rows(InputRow)).place(file)
    if os.path.exists(real) and not force:
        content = files.read(real)[0]
        if content.strip() and _MARK not in content[:_BEGINNING]:
            raise ScoreError(
                "is there, and is no picture of doit-score",
                path=file,
                hint="name another file, or say --force to replace it",
            )
    return real


def _check_made(state: State) -> None:
    """Raises ScoreError where no run has made anything."""
    if not state.meta().complete and not state.rows(WorkloadRow):
        raise ScoreError(
            "there is nothing to draw: nothing was generated here yet",
            hint="run `doit-score generate` (or `doit generate`) first",
        )


def _warn_if_old(state: State, settings: Settings, say: Say) -> None:
    """Warns where a run would find something to do, or the last one did not come to its end."""
    meta = state.meta()
    task = meta.task or settings.task
    hint = f"\n  hint: run `{f'doit {task}' if task else 'doit-score generate'}` first"
    if not meta.complete:
        say("warn", f"the last run did not come to its end: the picture is of what there is{hint}")
        return
    found = look(state, settings)
    why = "" if found.holds or found.commands else found.why
    if meta.task and why == OTHER_OPTIONS:
        # What its Score(...) says is known as a whole only while doit runs: an image may be a task's.
        changed = next(iter(state.glance().changed()), None)
        why = f"'{changed.path}' has changed" if changed else ""
    if why:
        say("warn", f"the picture is of the last run, and since then {why}{hint}")


def _printable(text: str) -> str:
    """``text`` as every terminal and pipe takes it."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
