"""Random texts, numbers and UUIDs, fit for passwords.

The bytes come from the operating system, where the module ``secrets`` takes them, too; importing
that one costs 12 ms, more than all the templates of a project take to run.
"""

from __future__ import annotations

from os import urandom

from doit_score.text.light import TypeVar, uuid4

from ..errors import GoError
from ..limits import step_by_letter
from . import CHANCE, DRAWN
from .conversion import check_text

_DIGITS = "0123456789"
_SMALL = "abcdefghijklmnopqrstuvwxyz"
_LETTERS = _SMALL + _SMALL.upper()
_Drawn = TypeVar("_Drawn")
_PRINTABLE = "".join(map(chr, range(32, 127)))


def random_bytes(count: int) -> bytes:
    """``count`` bytes, each as likely as any."""
    return (CHANCE.get() or urandom)(count)


def _below(bound: int) -> int:
    """A number from 0 to ``bound`` - 1, each as likely as the others."""
    size = (bound.bit_length() + 7) // 8
    usable = 256**size - 256**size % bound
    while True:
        number = int.from_bytes(random_bytes(size), "big")
        if number < usable:
            return number % bound


def _text(alphabet: str, count: int) -> str:
    """``count`` characters of ``alphabet``, each as likely as the others; none when ``count`` is negative."""
    check_text(count)
    step_by_letter(max(count, 0))
    length = len(alphabet)
    usable = 256 - 256 % length
    out: list[str] = []
    while len(out) < count:
        drawn = [alphabet[byte % length] for byte in random_bytes(2 * (count - len(out))) if byte < usable]
        out += drawn[: count - len(out)]
    return "".join(out)


def _noted(drawn: _Drawn) -> _Drawn:
    """``drawn``, told to who wants to know what is drawn."""
    known = DRAWN.get()
    if known is not None:
        known(str(drawn))
    return drawn


def rand_alpha(count: int) -> str:
    return _noted(_text(_LETTERS, count))


def rand_alpha_num(count: int) -> str:
    return _noted(_text(_LETTERS + _DIGITS, count))


def rand_ascii(count: int) -> str:
    return _noted(_text(_PRINTABLE, count))


def rand_numeric(count: int) -> str:
    return _noted(_text(_DIGITS, count))


def rand_bytes(count: int) -> str:
    """``count`` random bytes in base 64."""
    from binascii import b2a_base64

    if count < 0:
        raise GoError(f"expected a count from 0, found {count}")
    check_text(count)
    return _noted(b2a_base64(random_bytes(count), newline=False).decode("ascii"))


def rand_int(low: int, high: int) -> int:
    """A number from ``low`` to ``high`` - 1."""
    if high <= low:
        raise GoError(f"expected a second number above the first, found {low} and {high}")
    return _noted(low + _below(high - low))


def shuffle(text: str) -> str:
    chars = list(text)
    for last in range(len(chars) - 1, 0, -1):
        other = _below(last + 1)
        chars[last], chars[other] = chars[other], chars[last]
    return _noted("".join(chars))


def uuidv4() -> str:
    return _noted(uuid4(random_bytes(16)))
