"""Amounts of CPU and memory, compared and written as Kubernetes writes them."""

from __future__ import annotations

import re
from fractions import Fraction

_FORM = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(m|[kMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]{1,2})?")
_BINARY = {f"{letter}i": Fraction(1024) ** power for power, letter in enumerate("KMGTPE", 1)}
_DECIMAL = {letter: Fraction(1000) ** power for power, letter in enumerate(["m", "", *"kMGTPE"], -1)}


def amount(text: str) -> Fraction | None:
    """The number that ``text`` stands for; None if it is no quantity."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    digits, suffix = found[1], found[2] or ""
    unit = _DECIMAL.get(suffix) or _BINARY.get(suffix) or Fraction(10) ** int(suffix[1:])
    return Fraction(digits) * unit


def canonical(text: str) -> str:
    """``text``, which is a quantity, in the shortest whole number that says the same: ``0.5`` is ``500m``.

    Powers of two stay powers of two.  What is finer than a thousandth is rounded up, as by the API server.
    """
    found = amount(text)
    assert found is not None
    if not found:
        return "0"
    if text.endswith("i"):
        for suffix, unit in sorted(_BINARY.items(), key=lambda pair: pair[1], reverse=True):
            if found % unit == 0:
                return f"{found // unit}{suffix}"
        if found.denominator == 1:
            return str(found)
    thousandths = -(-found * 1000 // 1)
    exact = Fraction(thousandths, 1000)
    for suffix, unit in sorted(_DECIMAL.items(), key=lambda pair: pair[1], reverse=True):
        if exact % unit == 0:
            return f"{exact // unit}{suffix}"
    raise AssertionError(text)
