"""Texts: trimming, cutting, joining, splitting, quoting.

Lengths and positions count bytes of UTF-8, as Go does; a character that is cut in two stays as
lone bytes (see :mod:`doit_score.templating.values`).
"""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import GoError
from ..printing import to_text
from ..scalars import quote as quoted
from ..values import TypedList, TypedMap, text_of, utf8
from .conversion import check_text, string_list, text_of_value, texts

SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What Go's ``unicode.IsSpace`` takes as white space."""
_SPACE_SET = frozenset(SPACE)


def _length(text: str) -> int:
    return len(text) if text.isascii() else len(utf8(text))


def _cut(text: str, start: int | None, end: int | None) -> str:
    """``text[start:end]`` in bytes; the bounds are within the text."""
    return text[start:end] if text.isascii() else text_of(utf8(text)[start:end])


def abbrev(width: int, text: str) -> str:
    if width < 4 or _length(text) <= width:
        return text
    return _cut(text, 0, width - 3) + "..."


def abbrevboth(left: int, right: int, text: str) -> str:
    length = _length(text)
    if right < 4 or (left > 0 and right < 7) or length <= right:
        return text
    kept = right - 3
    offset = min(left, length, length - kept)
    if offset <= 4:
        return _cut(text, 0, kept) + "..."
    if offset + kept < length:
        return "..." + abbrev(kept, _cut(text, offset, None))
    return "..." + _cut(text, length - kept, None)


def cat(*values: object) -> str:
    return _spaced([to_text(value) for value in values if value is not None])


def _spaced(parts: list[str]) -> str:
    check_text(sum(map(len, parts)))
    return " ".join(parts)


def contains(part: str, text: str) -> bool:
    return part in text


def has_prefix(prefix: str, text: str) -> bool:
    return text.startswith(prefix)


def has_suffix(suffix: str, text: str) -> bool:
    return text.endswith(suffix)


def _pad(spaces: int) -> str:
    if spaces < 0:
        raise GoError(f"expected a number of spaces from 0, found {spaces}")
    check_text(spaces)
    return " " * spaces


def indent(spaces: int, text: str) -> str:
    pad = _pad(spaces)
    check_text((text.count("\n") + 1) * spaces)
    return pad + text.replace("\n", "\n" + pad)


def nindent(spaces: int, text: str) -> str:
    return "\n" + indent(spaces, text)


def initials(text: str) -> str:
    """The first byte of each word, written as a character: sprig garbles words that do not start in ASCII."""
    found: list[str] = []
    in_word = False
    for char in utf8(text).decode("latin-1"):
        if char in _SPACE_SET:
            in_word = False
        elif not in_word:
            found.append(char)
            in_word = True
    return "".join(found)


def nospace(text: str) -> str:
    """``text`` without white space; sprig looks at bytes, and garbles letters once it drops something."""
    chars = utf8(text).decode("latin-1")
    kept = "".join([char for char in chars if char not in _SPACE_SET])
    return text if len(kept) == len(chars) else kept


def join(separator: str, value: object) -> str:
    parts = texts(value)
    check_text(len(separator) * len(parts) + sum(map(len, parts)))
    return separator.join(parts)


def plural(one: str, many: str, count: int) -> str:
    return one if count == 1 else many


def quote(*values: object) -> str:
    return _spaced([quoted(text_of_value(value)) for value in values if value is not None])


def squote(*values: object) -> str:
    return _spaced([f"'{to_text(value)}'" for value in values if value is not None])


def repeat(count: int, text: str) -> str:
    if count < 0:
        raise GoError(f"expected a count from 0, found {count}")
    check_text(count * len(text))
    return text * count


def replace(old: str, new: str, text: str) -> str:
    count = text.count(old)
    check_text(len(text) + count * (len(new) - len(old)))
    return text.replace(old, new)


def sort_alpha(value: object) -> TypedList:
    if not isinstance(value, list):
        return string_list([text_of_value(value)])
    return string_list(sorted(texts(value), key=utf8))


def _parts(separator: str, text: str, count: int) -> list[str]:
    """Go's ``SplitN``: at most ``count`` parts, all when it is negative."""
    if count == 0:
        return []
    if separator:
        return text.split(separator, count - 1 if count > 0 else -1)
    if count < 0 or len(text) <= count:
        return list(text)
    return [*text[: count - 1], text[count - 1 :]]


def _numbered(parts: Sequence[str]) -> TypedMap:
    return TypedMap("string", {f"_{number}": part for number, part in enumerate(parts)}, zero=str)


def split(separator: str, text: str) -> TypedMap:
    return _numbered(_parts(separator, text, -1))


def splitn(separator: str, count: int, text: str) -> TypedMap:
    return _numbered(_parts(separator, text, count))


def split_list(separator: str, text: str) -> TypedList:
    return string_list(_parts(separator, text, -1))


def substr(start: int, end: int, text: str) -> str:
    length = _length(text)
    if start < 0:
        start = 0
    elif end < 0 or end > length:
        end = length
    if not 0 <= start <= end <= length:
        raise GoError(f"positions {start} to {end} do not lie within a text of {length} bytes")
    return _cut(text, start, end)


def to_strings(value: object) -> TypedList:
    return string_list(texts(value))


def trim(text: str) -> str:
    return text.strip(SPACE)


def trim_all(chars: str, text: str) -> str:
    return text.strip(chars)


def trim_prefix(prefix: str, text: str) -> str:
    return text.removeprefix(prefix)


def trim_suffix(suffix: str, text: str) -> str:
    return text.removesuffix(suffix)


def trunc(count: int, text: str) -> str:
    length = _length(text)
    if count < 0:
        return _cut(text, length + count, None) if length + count > 0 else text
    return _cut(text, 0, count) if length > count else text


def _wrapped(width: int, separator: str, text: str, *, break_words: bool) -> str:
    """Words at most ``width`` bytes to the line; a longer word is broken or left whole."""
    width = max(width, 1)
    data, glue = utf8(text), utf8(separator or "\n")
    lines: list[bytes] = []
    start = 0
    while len(data) - start > width:
        if data[start] == 0x20:
            start += 1
            continue
        space = data.rfind(b" ", start, start + width + 1)
        if space < 0 and not break_words:
            space = data.find(b" ", start + width)
            if space < 0:
                break
        end = start + width if space < 0 else space
        lines.append(data[start:end])
        start = end if space < 0 else end + 1
    check_text(len(data) + len(lines) * len(glue))
    return text_of(glue.join([*lines, data[start:]]))


def wrap(width: int, text: str) -> str:
    return _wrapped(width, "\n", text, break_words=False)


def wrap_with(width: int, separator: str, text: str) -> str:
    return _wrapped(width, separator, text, break_words=True)
