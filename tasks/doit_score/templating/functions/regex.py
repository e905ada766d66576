"""Regular expressions in the syntax of RE2: by the package google-re2, or without it by ``matching``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from unicodedata import category

from doit_score.text.light import Any, Protocol

from ..errors import GoError
from ..values import TypedList, text_of, utf8
from .conversion import check_text, string_list

_NUMBER = re.compile(r"(?:0|[1-9][0-9]*)\Z")
_META = re.compile(r"[\\.+*?()|\[\]{}^$]")


class _Match(Protocol):
    def span(self, group: int = 0) -> tuple[int, int]: ...


class _UnknownError(GoError):
    """A pattern that is not known without google-re2."""


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    """The compiled pattern, which searches bytes; raises GoError when it is none, or needs re2."""
    try:
        import re2
    except ImportError:
        return _stand_in(pattern)
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except (re2.error, UnicodeEncodeError) as error:
        reason = error.args[0] if isinstance(error, re2.error) else "no UTF-8"
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
        raise GoError(f"bad regular expression {pattern!r}: {text}") from None


def _stand_in(pattern: str) -> Any:
    from ..matching import PatternError, UnknownError, compile_pattern

    try:
        utf8(pattern).decode()
        return compile_pattern(pattern)
    except UnicodeDecodeError:
        raise GoError(f"bad regular expression {pattern!r}: no UTF-8") from None
    except PatternError as error:
        raise GoError(f"bad regular expression {pattern!r}: {error}") from None
    except UnknownError as error:
        raise _UnknownError(
            f"regular expression {pattern!r}: {error} needs the package google-re2: "
            "pip install 'doit-score[re2]'"
        ) from None


def _width(data: bytes, place: int) -> int:
    """Bytes of the character at ``place``; 0 at the end."""
    if place >= len(data):
        return 0
    end = place + 1
    while end < len(data) and data[place] >= 0xC0 and data[end] & 0xC0 == 0x80:
        end += 1
    return end - place


def _matches(pattern: str, data: bytes, limit: int) -> Iterator[_Match]:
    """Successive matches, at most ``limit`` (all when negative); no empty one right after another match."""
    search = _compiled(pattern).search
    place, previous_end, found = 0, -1, 0
    while place <= len(data) and found != limit:
        match = search(data, place)
        if match is None:
            return
        start, end = match.span()
        accepted = end != place or start != previous_end
        place = end if end != place else place + (_width(data, place) or 1)
        previous_end = end
        if accepted:
            found += 1
            yield match


def must_regex_match(pattern: str, text: str) -> bool:
    return _compiled(pattern).search(utf8(text)) is not None


def regex_match(pattern: str, text: str) -> bool:
    """Whether ``pattern`` matches somewhere in ``text``; false when it is no regular expression."""
    try:
        compiled = _compiled(pattern)
    except _UnknownError:
        raise
    except GoError:
        return False
    return compiled.search(utf8(text)) is not None


def regex_find(pattern: str, text: str) -> str:
    data = utf8(text)
    found = _compiled(pattern).search(data)
    return _part(data, found, 0) if found else ""


def _part(data: bytes, found: _Match, group: int) -> str:
    start, end = found.span(group)
    return text_of(data[start:end]) if start >= 0 else ""


def regex_find_all(pattern: str, text: str, limit: int) -> TypedList:
    data = utf8(text)
    found = [_part(data, each, 0) for each in _matches(pattern, data, limit)]
    return string_list(found, nil=not found)


def _replaced(pattern: str, text: str, replacement: Callable[[bytes, _Match], str]) -> str:
    """``text`` with every match replaced; an empty match right after another one is not."""
    data = utf8(text)
    search = _compiled(pattern).search
    out: list[str] = []
    size = place = last_end = 0
    while place <= len(data):
        found = search(data, place)
        if found is None:
            break
        start, end = found.span()
        out.append(text_of(data[last_end:start]))
        if end > last_end or start == 0:
            out.append(replacement(data, found))
            size += len(out[-1])
            check_text(size)
        last_end = end
        place = max(place + (_width(data, place) or 1), end)
    return "".join(out) + text_of(data[last_end:])


def regex_replace_all(pattern: str, text: str, replacement: str) -> str:
    """``replacement`` may name groups: ``$1``, ``${1}``, ``$name``, ``${name}``; ``$$`` is one ``$``."""
    if "$" not in replacement:
        return regex_replace_all_literal(pattern, text, replacement)
    compiled = _compiled(pattern)
    parts = list(_template(replacement, compiled.groups, dict(compiled.groupindex)))

    def expanded(data: bytes, found: _Match) -> str:
        return "".join([part if isinstance(part, str) else _part(data, found, part) for part in parts])

    return _replaced(pattern, text, expanded)


def _template(text: str, groups: int, names: dict[str, int]) -> Iterator[str | int]:
    """The texts and the numbers of groups that ``text`` is made of; unknown groups are empty."""
    while text:
        before, dollar, text = text.partition("$")
        yield before
        if text.startswith("$"):
            yield "$"
            text = text[1:]
            continue
        name, rest = _group_name(text)
        if not name:
            yield dollar
            continue
        text = rest
        if _NUMBER.match(name):
            if int(name) <= groups:
                yield int(name)
        elif name in names:
            yield names[name]


def _names(char: str) -> bool:
    """Whether ``char`` may be part of the name of a group."""
    return char == "_" or category(char)[0] == "L" or category(char) == "Nd"


def _group_name(text: str) -> tuple[str, str]:
    """The name at the start of ``text``, perhaps in braces, and what follows; "" if there is none."""
    braced = text.startswith("{")
    start = end = int(braced)
    while end < len(text) and _names(text[end]):
        end += 1
    if braced and text[end : end + 1] != "}":
        return "", text
    return text[start:end], text[end + braced :]


def regex_replace_all_literal(pattern: str, text: str, replacement: str) -> str:
    return _replaced(pattern, text, lambda data, found: replacement)


def regex_split(pattern: str, text: str, limit: int) -> TypedList:
    """The parts between the matches, at most ``limit`` (all when negative)."""
    data = utf8(text)
    _compiled(pattern)
    if limit == 0:
        return string_list([], nil=True)
    if pattern and not data:
        return string_list([""])
    parts: list[str] = []
    start = end = 0
    for found in _matches(pattern, data, limit):
        if len(parts) == limit - 1:
            break
        end, next_start = found.span()
        if next_start:
            parts.append(text_of(data[start:end]))
        start = next_start
    if end != len(data):
        parts.append(text_of(data[start:]))
    return string_list(parts)


def regex_quote_meta(text: str) -> str:
    return _META.sub(r"\\\g<0>", text)
