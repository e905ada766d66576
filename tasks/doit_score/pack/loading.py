"""The packs of a dodo.py for the command, which does not go through doit."""

from __future__ import annotations

import importlib.util
import os
import sys
import traceback
from contextlib import redirect_stdout

from doit.exceptions import InvalidDodoFile

from doit_score.engine.settings import Settings
from doit_score.pack.found import packs_of
from doit_score.text.errors import ScoreError

_MODULE = "dodo"


def environments(path: str) -> dict[str, Settings]:
    """The settings of each pack of the dodo.py at ``path``, by its name.  What it prints goes to stderr.

    Raises ScoreError if it cannot be loaded, or doit would not take its packs.
    """
    spec = importlib.util.spec_from_file_location(_MODULE, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = sys.modules.get(_MODULE)
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    sys.modules[_MODULE] = module
    try:
        with redirect_stdout(sys.stderr):
            spec.loader.exec_module(module)
        return {pack.name: pack.settings for pack in packs_of(vars(module))}
    except InvalidDodoFile as error:
        raise ScoreError(str(error)) from None
    except Exception as error:
        raise _told(path, error) from None
    finally:
        del sys.path[0], sys.modules[_MODULE]
        if before is not None:
            sys.modules[_MODULE] = before


def _told(path: str, error: Exception) -> ScoreError:
    """What is wrong, at the last line of the dodo.py that was at work."""
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(path)
    ]
    line = error.lineno if isinstance(error, SyntaxError) else next(iter(reversed(lines)), None)
    return ScoreError(
        f"cannot be loaded: {type(error).__name__}: {error}",
        path=path,
        line=line,
        hint="`doit list` tells all of it",
    )
