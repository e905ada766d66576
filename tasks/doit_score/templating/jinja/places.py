"""Where in a template something fails: Jinja2 knows lines only, and we want columns.

The template is written once more so that each token of its tags is in a line of its own; the line in which
that one fails tells the token.  Done only when something has failed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import Environment, TemplateSyntaxError

from doit_score.text.light import NamedTuple

_BEGINS = ("variable_begin", "block_begin")
_ENDS = ("variable_end", "block_end")
_NAMED = re.compile(r"'([^']*)'|^(\w+):")


class Token(NamedTuple):
    """A token of a tag: its text, its offset in the template, the tag that it is in."""

    text: str
    at: int
    tag: int


class Spread:
    """A template with the tokens of its tags in lines of their own: its ``text``, and what is in which line.

    ``stopped`` is the offset at which the template cannot be taken apart any more, if there is one.
    """

    def __init__(self, environment: Environment, source: str) -> None:
        self._lines: dict[int, Token] = {}
        self._parts: list[str] = []
        self._line = 1
        self.tokens: list[Token] = []
        self.stopped: int | None = None
        at, tag = 0, 0
        try:
            for _, kind, text in environment.lexer.tokeniter(source, None):
                while not source.startswith(text, at) and at < len(source):
                    at += 1  # what `-` trims
                tag += kind in _BEGINS
                self._take(kind, Token(text, at, tag))
                at += len(text)
        except TemplateSyntaxError as error:
            found = re.search(r"at (\d+)$", error.message or "")
            self.stopped = int(found[1]) if found else at + len(source[at:]) - len(source[at:].lstrip())
        self.text = "".join(self._parts)

    def _take(self, kind: str, token: Token) -> None:
        if kind == "data" or kind.startswith(("raw", "comment")):
            self._put(token.text)
        elif kind == "whitespace":
            self._put("\n")
        else:
            if kind not in (*_BEGINS, *_ENDS):
                self.tokens.append(token)
            self._lines.setdefault(self._line, token)
            self._put(token.text if kind in _ENDS else f"{token.text}\n")

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._line += text.count("\n")

    def token(self, line: int) -> Token | None:
        """What is in a line of the text."""
        return self._lines.get(line)

    def meant(self, token: Token, message: str) -> Token:
        """What ``message`` names in the tag of ``token``, else the first of its expression."""
        inside = [one for one in self.tokens if one.tag == token.tag]
        names = {quoted or function for quoted, function in _NAMED.findall(message)}
        named = (one for one in inside if one.text.strip("'\"") in names)
        return next(named, next(iter(inside), token))

    def unclosed(self) -> tuple[Token, str] | None:
        """The innermost block that is open at the end, with the tag that would close it."""
        opened: list[tuple[Token, str]] = []
        for first, second in self._firsts():
            if opened and first.text == opened[-1][1]:
                opened.pop()
            elif first.text in _CLOSED or (first.text == "set" and not second):
                opened.append((first, f"end{first.text}"))
        return opened[-1] if opened else None

    def _firsts(self) -> Iterator[tuple[Token, bool]]:
        """The first token of each tag, and whether a `=` follows in it."""
        tags: dict[int, list[Token]] = {}
        for token in self.tokens:
            tags.setdefault(token.tag, []).append(token)
        for tokens in tags.values():
            yield tokens[0], any(token.text == "=" for token in tokens)


_CLOSED = frozenset({"autoescape", "block", "call", "filter", "for", "if", "macro", "with"})
