"""The tasks diff and why, which only answer: what would change, and what was done for which reasons.

Like those that run the project they do so only if somebody asks for them (see running.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from doit.exceptions import TaskFailed

from doit_score.engine.settings import Settings
from doit_score.pack.parameters import parameters
from doit_score.pack.running import done, when_asked
from doit_score.pack.uptodate import HandedImages
from doit_score.text.light import replace
from doit_score.text.messages import Say


class Questions:
    """The questions as doit's actions.  What answers them is imported when one is asked."""

    def __init__(self, settings: Settings, say: Say) -> None:
        self._settings = settings
        self._say = say

    def diff(
        self,
        images: Mapping[str, str] | str | None = None,
        run_commands: bool = False,
        live: bool = False,
        report: str = "text",
        asked: bool = True,
    ) -> TaskFailed | None:
        """Prints what `generate` would change; fails, without a word more, if it would change anything."""
        if not asked:
            return None
        if isinstance(images, str):
            return TaskFailed(images)
        settings = self._settings if images is None else replace(self._settings, images=images)
        changes: list[bool] = []

        def tell() -> None:
            from doit_score.answers import difference

            of_cluster = settings if live else None
            would = difference.tell(
                settings, self._say, live=of_cluster, commands=run_commands, format_=report
            )
            changes.append(would)

        failed = done(tell)
        if failed is None and any(changes):
            return TaskFailed(f"`doit {settings.task}` would change something", report=False)
        return failed

    def why(
        self, names: Sequence[str] | None = None, format: str = "table", asked: bool = True
    ) -> TaskFailed | None:
        """Prints what the last run did, and why."""

        def tell() -> None:
            from doit_score.answers import why

            why.tell(self._settings.state_dir, names or (), format, self._say)

        return done(tell) if asked else None


def tasks(questions: Questions, prefix: str, images: HandedImages) -> Iterator[dict[str, object]]:
    """The tasks."""
    asked = when_asked()
    yield {
        "basename": f"{prefix}diff",
        "doc": "show what `generate` would change; fails if it would change anything",
        "actions": [questions.diff],
        "params": parameters("diff", "run_commands", "live", "report"),
        **asked,
        "uptodate": [images, *asked["uptodate"]],
    }
    yield {
        "basename": f"{prefix}why",
        "doc": "tell what the last run did, and why: `why [WORKLOAD, UID or FILE...]`",
        "actions": [questions.why],
        "params": parameters("why", "format"),
        "pos_arg": "names",
        **when_asked(),
    }
