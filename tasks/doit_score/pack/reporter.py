"""What a run by the command says of its tasks, beside what the tasks say themselves."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from doit.exceptions import BaseFail, TaskFailed
from doit.reporter import ZeroReporter

if TYPE_CHECKING:
    from doit.task import Task


class Reporter(ZeroReporter):  # type: ignore[misc]  # doit has no types
    """Says of a run by the command what the engine does not say: failures, and that all is up to date."""

    desc = "doit-score"

    def skip_uptodate(self, task: Task) -> None:
        if task.meta:
            task.meta["up_to_date"]()

    def add_failure(self, task: Task, fail: BaseFail) -> None:
        if type(fail).__name__ != "UnmetDependency":
            print(f"Error: {_text_of(fail)}", file=sys.stderr)


def _text_of(fail: BaseFail) -> str:
    if isinstance(fail, TaskFailed):
        return str(fail.message)
    if os.environ.get("DOIT_SCORE_DEBUG"):
        return str(fail.get_msg())
    last = fail.traceback[-1].strip() if fail.traceback else fail.message
    return (
        f"this is a fault of doit-score: {last}\n"
        "  hint: set DOIT_SCORE_DEBUG=1 to see where it happened, and report it"
    )
