"""Which characters a class has: ranges, categories of Unicode, and both without regard to case."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from unicodedata import category

Has = Callable[[int], bool]
"""Whether a character, given by its number, is in a class."""

Ranges = Sequence[tuple[int, int]]

PERL: dict[str, Ranges] = {
    "d": [(0x30, 0x39)],
    "s": [(0x9, 0xA), (0xC, 0xD), (0x20, 0x20)],
    "w": [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)],
}
"""What ``\\d``, ``\\s`` and ``\\w`` stand for: letters of ASCII only."""

POSIX: dict[str, Ranges] = {
    "alnum": [(0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)],
    "alpha": [(0x41, 0x5A), (0x61, 0x7A)],
    "ascii": [(0x0, 0x7F)],
    "blank": [(0x9, 0x9), (0x20, 0x20)],
    "cntrl": [(0x0, 0x1F), (0x7F, 0x7F)],
    "digit": PERL["d"],
    "graph": [(0x21, 0x7E)],
    "lower": [(0x61, 0x7A)],
    "print": [(0x20, 0x7E)],
    "punct": [(0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)],
    "space": [(0x9, 0xD), (0x20, 0x20)],
    "upper": [(0x41, 0x5A)],
    "word": PERL["w"],
    "xdigit": [(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)],
}

_MINOR = {"C": "cfos", "L": "lmotu", "M": "cen", "N": "dlo", "P": "cdefios", "S": "ckmo", "Z": "lps"}
_CATEGORIES = [major + minor for major, all_minor in _MINOR.items() for minor in all_minor]


def in_ranges(ranges: Ranges) -> Has:
    """The class of all that is in one of ``ranges``, whose ends are in it."""
    return lambda char: any(low <= char <= high for low, high in ranges)


def in_category(name: str) -> Has | None:
    """The class that ``\\p{name}`` is; None where it is no category."""
    if name == "Any":
        return lambda char: True
    wanted = frozenset(one for one in _CATEGORIES if one.startswith(name)) if name else frozenset()
    if not wanted or len(name) > 2:
        return None
    return lambda char: category(chr(char)) in wanted


def negated(has: Has) -> Has:
    """All other characters."""
    return lambda char: not has(char)


def folded(has: Has) -> Has:
    """What is in the class, in whichever case."""
    return lambda char: any(map(has, same_but_for_case(char)))


def any_of(classes: Sequence[Has]) -> Has:
    """What is in one of ``classes``."""
    return lambda char: any(has(char) for has in classes)


def same_but_for_case(char: int) -> tuple[int, ...]:
    """What differs from this character in case only, and itself: ``k``, ``K`` and the sign of kelvin."""
    if char < 0x80:  # without the table, which takes its time
        return (*sorted({char, ord(chr(char).swapcase())}), *_BEYOND_ASCII.get(char | 0x20, ()))
    return _cases().get(char, (char,))


# What has "k" and "s" for a small letter.
_BEYOND_ASCII = {ord("k"): (0x212A,), ord("s"): (0x17F,)}


@lru_cache(maxsize=1)
def _cases() -> dict[int, tuple[int, ...]]:
    together: dict[str, list[int]] = {}
    for char in range(sys.maxunicode + 1):
        text = chr(char)
        if (folding := _folding(text)) != text:
            together.setdefault(folding, [ord(folding)]).append(char)
    return {char: tuple(chars) for chars in together.values() for char in chars}


def _folding(char: str) -> str:
    """What stands for a character in each case: one character, never several."""
    for folding in (char.casefold(), char.lower()):
        if len(folding) == 1:
            return folding
    return char
