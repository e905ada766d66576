"""Base 64, base 32 and checksums of texts."""

from __future__ import annotations

from ..values import text_of, utf8

_LETTERS64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_LETTERS32 = {letter: value for value, letter in enumerate(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}
_PAD = ord("=")


def b64enc(text: str) -> str:
    from binascii import b2a_base64

    return b2a_base64(utf8(text), newline=False).decode("ascii")


def b64dec(text: str) -> str:
    """The decoded text; a text that is no base 64 gives a sentence that says so, as in sprig."""
    decoded = decode64(text)
    if isinstance(decoded, int):
        return f"illegal base64 data at input byte {decoded}"
    return text_of(decoded)


def decode64(text: str) -> bytes | int:
    """The decoded bytes, or the position of the byte that is wrong.  Line breaks are skipped."""
    from binascii import a2b_base64

    data = utf8(text)
    wrong = _wrong64(data)
    return a2b_base64(data.translate(None, b"\r\n")) if wrong is None else wrong


def _wrong64(data: bytes) -> int | None:
    """Where ``data`` stops being base 64, counted as Go counts."""
    filled = 0  # letters in the group of four that is being read
    for place, byte in enumerate(data):
        if byte in b"\r\n":
            continue
        if byte in _LETTERS64:
            filled = (filled + 1) % 4
        elif byte == _PAD:
            return place if filled < 2 else _wrong_padding(data, place + 1, 3 - filled)
        else:
            return place
    return len(data) - filled if filled else None


def _wrong_padding(data: bytes, place: int, missing: int) -> int | None:
    """Like :func:`_wrong64` for what follows the first pad: ``missing`` more pads, then nothing."""
    length = len(data)
    while place < length and data[place] in b"\r\n":
        place += 1
    if missing:
        if place == length:
            return length
        if data[place] != _PAD:
            return place - 1
        place += 1
        while place < length and data[place] in b"\r\n":
            place += 1
    return None if place == length else place


def b32enc(text: str) -> str:
    from base64 import b32encode

    return b32encode(utf8(text)).decode("ascii")


def b32dec(text: str) -> str:
    """The decoded text; a text that is no base 32 gives a sentence that says so, as in sprig."""
    decoded = _decode32(utf8(text).translate(None, b"\r\n"))
    if isinstance(decoded, int):
        return f"illegal base32 data at input byte {decoded}"
    return text_of(decoded)


def _decode32(data: bytes) -> bytes | int:
    """The decoded bytes, or the position of the byte that is wrong, counted as Go counts."""
    out = bytearray()
    for start in range(0, len(data), 8):
        group = data[start : start + 8]
        wrong, letters = _group32(group, start, len(data))
        if wrong is not None:
            return wrong
        bits = 0
        for letter in group[:letters]:
            bits = bits << 5 | _LETTERS32[letter]
        size = letters * 5 // 8
        out += (bits >> (letters * 5 - size * 8)).to_bytes(size, "big")
        if letters < 8:
            break
    return bytes(out)


def _group32(group: bytes, start: int, length: int) -> tuple[int | None, int]:
    """What is wrong in one group of eight, and how many letters stand before its padding."""
    for place, byte in enumerate(group):
        left = length - (start + place) - 1
        if byte == _PAD and place >= 2 and left < 8:
            return _padding32(group, place, start, length), place
        if byte not in _LETTERS32:
            return start + place, place
    return (start if len(group) < 8 else None), len(group)


def _padding32(group: bytes, place: int, start: int, length: int) -> int | None:
    left = length - (start + place) - 1
    if left + place < 7:
        return length
    for offset, byte in enumerate(group[place + 1 :]):
        if byte != _PAD:
            return start + place + offset
    return start + place if place in (3, 6) else None


def sha1sum(text: str) -> str:
    from hashlib import sha1

    return sha1(utf8(text), usedforsecurity=False).hexdigest()


def sha256sum(text: str) -> str:
    from doit_score.text.light import sha256

    return sha256(utf8(text)).hexdigest()


def sha512sum(text: str) -> str:
    from hashlib import sha512

    return sha512(utf8(text)).hexdigest()


def adler32sum(text: str) -> str:
    from zlib import adler32

    return str(adler32(utf8(text)))
