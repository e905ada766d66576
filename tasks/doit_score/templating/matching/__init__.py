"""Regular expressions in the syntax of RE2, where the package google-re2 is not installed.

There is no build of it for musl (Alpine).  Python's ``re`` is no substitute: it reads patterns otherwise, and
may take for ever for a text that does not match.  This goes all ways side by side, so that its time is at
most that of the pattern times that of the text, and finds what RE2 finds.  It is slower, which the budget of
a template bounds, and what it does not know it refuses.
"""

from __future__ import annotations

from .program import Pattern, compile_pattern
from .syntax import PatternError, UnknownError

__all__ = ["Pattern", "PatternError", "UnknownError", "compile_pattern"]
