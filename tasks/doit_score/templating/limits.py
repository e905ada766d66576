"""What a template may use up; a template that wants more fails with a clear error."""

from __future__ import annotations

TEXT = 16 * 1024 * 1024
"""Characters that one rendering may print, and that one string made by a function may have."""

ITEMS = 1_000_000
"""Elements that one list made by a function may have (``until``, ``seq``, ``repeat`` ...)."""

STEPS = 1_000_000
"""Turns of all loops of one rendering, and calls of other templates, together."""

DEPTH = 100
"""How deep templates may call each other, and how deep constructs may be nested in a source."""
