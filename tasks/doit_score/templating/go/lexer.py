"""A template's source as tokens.

Two modes, as in Go: text up to ``{{``, and actions up to ``}}``.  What cannot be read becomes a token
of kind ``error`` whose text is the message, so that an earlier mistake that only the parser sees is
reported first.
"""

from __future__ import annotations

import re
import unicodedata

from doit_score.text.light import NamedTuple

_SPACES = " \t\r\n"
_SPACE = f"[{_SPACES}]"
KEYWORDS = frozenset(
    {"block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with"}
)

_TOKEN = re.compile(
    rf"""
      (?P<close>   {_SPACE}+-\}}\}} | \}}\}} )
    | (?P<space>   {_SPACE}+ )
    | (?P<variable>\$\w* )
    | (?P<field>   \.(?![0-9])\w* )
    | (?P<number>  (?=[-+0-9.])[-+]?
                   (?: 0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][-+]?[0-9_]*)?
                     | 0[oO][0-7_]*(?:\.[0-7_]*)?
                     | 0[bB][01_]*(?:\.[01_]*)?
                     | [0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9_]*)? ) i? )
    | (?P<word>    \w+ )
    | (?P<string>  "(?:[^"\\\n]|\\[^\n])*" )
    | (?P<raw>     `[^`]*` )
    | (?P<char>    '(?:[^'\\\n]|\\[^\n])*' )
    | (?P<declare> := )
    | (?P<assign>  = )
    | (?P<pipe>    \| )
    | (?P<open>    \( )
    | (?P<shut>    \) )
    """,
    re.VERBOSE,
)
_IMAGINARY = re.compile(r"[-+][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9_]*)?i")
_UNFINISHED = {
    "}": "expected }}, found a single }",
    '"': "this quoted string has no end",
    "`": "this raw string has no end",
    "'": "this character constant has no end",
    ":": "expected := after a variable",
}


class Token(NamedTuple):
    """``kind`` is text, open/close and the like, a keyword, or a kind of operand; offsets count from 0."""

    kind: str
    text: str
    at: int
    end: int


def tokens(source: str) -> list[Token]:
    """All tokens of ``source``, up to ``eof`` or the first ``error``."""
    found: list[Token] = []
    position, end = 0, len(source)
    trims = False
    while True:
        if trims:
            position = _after_spaces(source, position)
        begin = source.find("{{", position)
        if begin < 0:
            if position < end:
                found.append(Token("text", source[position:], position, end))
            found.append(Token("eof", "", end, end))
            return found
        inside = begin + 2
        marked = source.startswith("-", inside) and source[inside + 1 : inside + 2] in (" ", "\t", "\r", "\n")
        text = source[position:begin]
        if marked:
            text = text.rstrip(_SPACES)
            inside += 2
        if text:
            found.append(Token("text", text, position, position + len(text)))
        if source.startswith("/*", inside):
            closing = _comment(source, begin, inside, found)
        else:
            found.append(Token("begin", "{{", begin, begin + 2))
            closing = _action(source, inside, found)
        if closing is None:
            return found
        position, trims = closing


def _after_spaces(source: str, position: int) -> int:
    while position < len(source) and source[position] in _SPACES:
        position += 1
    return position


def _comment(source: str, begin: int, inside: int, found: list[Token]) -> tuple[int, bool] | None:
    """Skips a comment; where the text goes on and whether it is trimmed, None after an error."""
    close = source.find("*/", inside + 2)
    if close < 0:
        found.append(Token("error", "this comment has no end", begin, len(source)))
        return None
    close += 2
    if source.startswith("}}", close):
        return close + 2, False
    if source[close : close + 1] in (" ", "\t", "\r", "\n") and source.startswith("-}}", close + 1):
        return close + 4, True
    found.append(Token("error", "a comment must be alone in its action: expected }} after */", close, close))
    return None


def _action(source: str, position: int, found: list[Token]) -> tuple[int, bool] | None:
    """The tokens of one action; where the text goes on and whether it is trimmed, None after an error."""
    depth = 0
    end = len(source)
    while position < end:
        match = _TOKEN.match(source, position)
        if match is None or match.end() == position:
            message = _unreadable(source, position)
            if message is not None:
                found.append(Token("error", message, position, end))
                return None
            found.append(Token("char", source[position], position, position + 1))
            position += 1
            continue
        kind, text, start = match.lastgroup or "", match.group(), position
        position = match.end()
        if kind == "close":
            if depth:
                found.append(Token("error", "expected ) before }}", start, position))
                return None
            found.append(Token("close", "}}", start, position))
            return position, len(text) > 2
        if kind == "open":
            depth += 1
        elif kind == "shut":
            depth -= 1
            if depth < 0:
                found.append(Token("error", "this ) closes nothing", start, position))
                return None
        elif kind in _CHECKED:
            kind, position, problem = _checked(source, kind, text, start, position)
            if problem is not None:
                found.append(Token("error", problem, start, position))
                return None
        found.append(Token(kind, source[start:position], start, position))
    found.append(Token("error", "expected }}, found the end of the template", end, end))
    return None


_CHECKED = frozenset({"variable", "field", "word", "number"})


def _checked(source: str, kind: str, text: str, start: int, position: int) -> tuple[str, int, str | None]:
    """The exact kind of a word or number, its end, and what is wrong with it."""
    if kind == "number":
        if text[-1] != "i" and source[position : position + 1] in ("+", "-"):
            match = _IMAGINARY.match(source, position)
            position = match.end() if match is not None else position + 1
            if match is None:
                return kind, position, f"{source[start:position]} is no number"
        if position < len(source) and _is_letter(source[position]):
            return kind, position, f"{source[start : position + 1]} is no number"
        return kind, position, None
    if not text.isascii():
        wrong = next((at for at, char in enumerate(text) if at and not _is_letter(char)), None)
        if wrong is not None or (kind == "word" and not _is_letter(text[0])):
            return kind, position, f"{text[wrong or 0]!r} cannot be part of a name"
    if not _ends_name(source, position):
        return kind, position, f"{source[position]!r} cannot be part of the name {text}"
    if kind == "field":
        return "dot" if text == "." else "field", position, None
    if kind == "word":
        if text in KEYWORDS:
            return text, position, None
        return "bool" if text in ("true", "false") else "identifier", position, None
    return kind, position, None


def _ends_name(source: str, position: int) -> bool:
    if position >= len(source) or source[position] in " \t\r\n.,|:()":
        return True
    return source.startswith("}}", position)


def _is_letter(char: str) -> bool:
    return char == "_" or char.isdecimal() or unicodedata.category(char).startswith("L")


def _unreadable(source: str, position: int) -> str | None:
    """Why no token starts here, or None for a lone character that the parser refuses."""
    char = source[position]
    known = _UNFINISHED.get(char)
    if known is not None:
        return known
    if char.isascii() and char.isprintable():
        return None
    return f"unexpected character {char!r}"
