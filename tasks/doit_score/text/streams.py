"""Standard output and error of the process: that one of them goes away ends nothing half way."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def make_steady(fault: type[Exception] = ScoreError) -> None:
    """Lets standard output and error of this process take what nobody reads any more, and any letter.

    One that is closed leads nowhere.  What cannot be written to standard output for another reason is a
    ``fault``; of standard error it is lost.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # else the next file that is opened is taken for it
    for name, raised in (("stdout", fault), ("stderr", None)):
        stream: Any = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # for the whole process
        elif stream is getattr(sys, f"__{name}__") and "write" not in vars(stream):
            is_ascii = stream.encoding.lower() in ("ascii", "ansi_x3.4-1968", "us-ascii")
            errors = "surrogateescape" if raised else stream.errors  # for names that are not UTF-8
            stream.reconfigure(encoding="utf-8" if is_ascii else stream.encoding, errors=errors)
            # Of the object itself, since doit keeps it from before we are imported.
            for method in ("write", "writelines", "flush"):
                setattr(stream, method, _trying(stream.fileno(), getattr(stream, method), raised))


def know_all_names() -> None:
    """Begins anew in Python's UTF-8 mode where file names could be ASCII alone: Score files have others."""
    if sys.getfilesystemencoding() == "ascii" and not sys.flags.utf8_mode:
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])


def _trying(number: int, method: Callable[..., Any], raised: type[Exception] | None) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        try:
            return method(*arguments)
        except OSError as error:
            # What is left of it must not fail again when the process ends.
            with suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), number)
            if raised and not isinstance(error, BrokenPipeError):
                raise raised(f"standard output cannot be written: {error.strerror}") from None
            return None

    return call
