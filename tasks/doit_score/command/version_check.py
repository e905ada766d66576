"""``version`` and ``check-version``: which version this is, and whether it is one that a project wants.

Constraints are those of the template function semverCompare: operators ``=``, ``!=``, ``>``, ``>=``,
``<``, ``<=``, ``~`` and ``^``, versions with parts left out or ``x``, parts joined by commas or blanks,
groups joined by ``||``, ranges such as ``1.2 - 1.4``.  score-compose knows ``=``, ``>`` and ``>=``, and
nothing fits a version without operator there (conformance commands-141); here that is as with ``=``.
"""

from __future__ import annotations

import re

from doit_score.text.errors import ScoreError
from doit_score.version import __version__

# As PEP 440 writes them; a pre-release or development version gets a name that semver can order.
_PYTHON = re.compile(r"(\d+(?:\.\d+){0,2})(?:\.?(a|b|rc|dev)(\d+))?")
_NAMES = {"a": "alpha", "b": "beta", "rc": "rc", "dev": "0.dev"}


def told(format_: str) -> str:
    """Which version this is, for people, as JSON or alone."""
    from platform import python_version

    from doit_score.text.tables import json_text

    if format_ == "json":
        return json_text({"Name": "doit-score", "Version": __version__, "Python": python_version()})
    return (
        f"{__version__}\n" if format_ == "name" else f"doit-score {__version__} (Python {python_version()})\n"
    )


def check(constraint: str, version: str = __version__) -> None:
    """Raises ScoreError if ``constraint`` is none, or ``version`` does not satisfy it."""
    from doit_score.templating.errors import GoError
    from doit_score.templating.functions.semver import semver_compare

    try:
        satisfied = semver_compare(constraint, semantic(version))
    except GoError:
        raise ScoreError(
            f"invalid constraint '{constraint}'",
            hint="a constraint is such as '>=1.2', '>=1.2, <2' or '~1.4'",
        ) from None
    if not satisfied:
        raise ScoreError(
            f"current version {version} does not match requested constraint {constraint}",
            hint="this is the version of doit-score, which is not that of score-compose",
        )


def semantic(version: str) -> str:
    """``version``, a Python version, as a semantic version."""
    match = _PYTHON.fullmatch(version)
    if match is None:
        return version
    numbers, kind, number = match.groups()
    return numbers if kind is None else f"{numbers}-{_NAMES[kind]}.{number}"
