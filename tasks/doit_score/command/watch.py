"""The verb `watch`: generates after each save, and brings the project up if that is wanted too."""

from __future__ import annotations

from doit_score.command import flags, whereabouts
from doit_score.engine.run import Engine
from doit_score.text.light import TYPE_CHECKING
from doit_score.watching import rounds

if TYPE_CHECKING:
    from types import SimpleNamespace

    from doit_score.text.messages import Say


def run(chosen: SimpleNamespace, say: Say) -> None:
    """Goes on until somebody interrupts.  Raises ScoreError if it cannot begin."""
    rounds.watch(chosen.state_dir, _Project(chosen, say).round, say)


class _Project:
    def __init__(self, chosen: SimpleNamespace, say: Say) -> None:
        self._chosen = chosen
        self._say = say

    def round(self, saved: frozenset[str]) -> None:
        """Generates what has to be, and brings it up if that was asked for."""
        if self._chosen.configured is not None and self._chosen.configured.config in saved:
            whereabouts.read_again(self._chosen)
        steps: list[str] = []

        def hear(level: str, text: str) -> None:
            if level == "debug":
                steps.append(text)
            elif level == "warn":
                self._say(level, text)

        Engine(flags.settings(self._chosen), hear).update()
        if rounds.are_steps(steps):
            self._say("info", rounds.done(self._chosen.state_dir))
        if self._chosen.up:
            self._up()

    def _up(self) -> None:
        from doit_score.command.running import project
        from doit_score.running import Wanted

        running = project(self._chosen, self._say)
        if not running.is_current(Wanted()):
            running.up(Wanted())
