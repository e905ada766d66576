"""A program that is run in our place: with our streams, the terminal and the keys that are pressed there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

from doit_score.text.errors import ScoreError


def attached(
    command: Sequence[str], environment: Mapping[str, str], missing: Callable[[], ScoreError]
) -> int:
    """Runs a program to its end; returns its exit status, for a signal as a shell has it.

    Raises what ``missing`` makes if there is no such program.
    """
    sys.stdout.flush()
    try:
        process = subprocess.Popen(command, env=environment)
    except FileNotFoundError:
        raise missing() from None
    while True:
        try:
            status = process.wait()
        except KeyboardInterrupt:
            continue  # it has it too, and knows what that means
        return status if status >= 0 else 128 - status
