"""The task graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doit.exceptions import TaskFailed

from doit_score.engine.settings import Settings
from doit_score.options import GRAPHS
from doit_score.pack.parameters import parameters
from doit_score.pack.running import done, when_asked
from doit_score.text.messages import Say


def tasks(settings: Settings, say: Say, prefix: str) -> Iterator[dict[str, object]]:
    """The task.  Unless told otherwise it writes a file, named by the format: doit prints the names of tasks
    where else a picture would be."""

    def graph(
        file: str,
        format: str,
        focus: Sequence[str],
        group: str,
        force: bool,
        asked: bool = True,
    ) -> TaskFailed | None:
        def draw() -> None:
            from doit_score.drawing.draw import draw

            named = file or f"{prefix}graph.{format or GRAPHS[0]}"
            draw(settings, say, file=named, format_=format, focus=focus, group=group, force=force)

        return done(draw) if asked else None

    names = ("file", "format", "focus", "group", "force")
    yield {
        "basename": f"{prefix}graph",
        "doc": "draw the project, as it was last made: `graph [-o FILE] [--focus NAME]`",
        "actions": [graph],
        "params": parameters("graph", *names, file=""),
        **when_asked(),
    }
