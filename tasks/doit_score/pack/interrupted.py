"""Ctrl-C ends doit with one line, as it ends the command, and not with a traceback through doit."""

from __future__ import annotations

import sys
from types import TracebackType

SAID = "Error: interrupted; what was generated so far is kept"


def end_calmly() -> None:
    """Has it so for this process, which then ends by that signal as without us."""
    if getattr(sys.excepthook, "__module__", "") == __name__:
        return
    told = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            print(SAID, file=sys.stderr)
        else:
            told(kind, error, traceback)

    sys.excepthook = hook
