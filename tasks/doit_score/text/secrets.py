"""Keeps generated secrets out of what is told to the user: the one masking for everything that prints.

A provisioner's ``info_logs`` like to print how to connect, password included, containers print their
settings, and what is printed ends in terminals and in the logs of CI.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

MASK = "*****"
MADE_UP = "<made up>"
"""Stands for what was drawn at random, where that will be drawn again."""
_SECRET_NAME = re.compile(
    r"pass(word|wd|phrase)?|pwd|secret|token|credential|private"
    r"|(access|account|api|encryption|master|signing)[_-]?key",
    re.I,
)
# What is a secret under any name: a private key, the password in an address.
_SECRET_TEXT = re.compile(r"PRIVATE KEY-----")
_IN_ADDRESS = re.compile(r"[a-z]://[^\s/:@]*:([^\s/@]+)@", re.I)
# A value this short would be found in too much that is not it.
_SHORTEST = 4
_SHORTEST_NUMBER = 6
# Part of a secret of several lines, such as a key.
_SHORTEST_LINE = 8
_AT_A_TIME = 100
# A line of YAML, JSON, or a list of variables that gives something with a name a value.
_NAMED = re.compile(
    r"(?P<name>[ +-]?\s*(?:- )?[\"']?(?P<key>[\w.-]+)[\"']?\s*[:=]\s*)(?P<value>\S.*)", re.DOTALL
)
# Each name is tried from its beginning only, and no variable has another in it: a line may be a megabyte.
_NAMED_WITHIN = re.compile(
    rf"(?P<name>(?i:{_SECRET_NAME.pattern})[\w.-]{{0,64}}[\"']?\s*[:=]\s*)"
    r"(?P<value>\$\{[^{}]*\}|\"[^\"]*\"?|'[^']*'?|[^\s\"',{}\[\]]+)"
)
# What is no secret: a mark, a variable that is filled in, an expression, the beginning of something nested.
_OPEN_VALUE = re.compile(
    rf"[\"']?({re.escape(MASK)}|{re.escape(MADE_UP)}|\$\{{[^}}]*\}}|\{{\{{.*\}}\}})[\"']?,?\s*|[{{\[|>&][+-]?\s*"
)


class Masking:
    """Texts that must not be shown, however they are spelled, with what is shown in their place."""

    def __init__(self, marks: Mapping[str, str]) -> None:
        self._marks = {spelling: mark for text, mark in marks.items() for spelling in spellings(text)}
        self._ends = [(text[:_SHORTEST], text[-_SHORTEST:], text) for text in self._marks]

    @classmethod
    def of(cls, *values: Mapping[str, object]) -> Masking:
        """Of what is found in ``values`` under a name that says that it is a secret."""
        return cls(dict.fromkeys(secrets_of(*values), MASK))

    def __call__(self, text: str) -> str:
        """``text`` with every secret replaced, long ones first."""
        if not self._ends:
            return text
        # Most secrets of a large project are in no text: their first and last letters tell so quickly.
        parts = {text[i : i + _SHORTEST] for i in range(len(text) - _SHORTEST + 1)}
        found = [one for head, tail, one in self._ends if head in parts and tail in parts]
        for secret in sorted(found, key=lambda one: (-len(one), one)):
            text = text.replace(secret, self._marks[secret])
        return text

    def line(self, text: str) -> str:
        """A line of a file without secrets, nor with what it gives to what has the name of one."""
        # That there is no newline at the end of the file is said behind the last line of it.
        text, newline, rest = self(text).partition("\n")
        named = _NAMED.fullmatch(text)
        if named and is_secret_name(named["key"]) and not _OPEN_VALUE.fullmatch(named["value"]):
            text = f"{named['name']}{MASK}"
        return f"{text}{newline}{rest}"

    def loose(self, text: str) -> str:
        """A line of any text without secrets: as :meth:`line`, and what is named within it or is in an
        address."""

        def shown(found: re.Match[str]) -> str:
            return found[0] if _OPEN_VALUE.fullmatch(found["value"]) else f"{found['name']}{MASK}"

        text = _NAMED_WITHIN.sub(shown, self.line(text))
        for password in _IN_ADDRESS.findall(text):
            text = text.replace(f":{password}@", f":{MASK}@")
        return text

    def value(self, value: object, *, secret: bool = False) -> object:
        """A copy of ``value`` without secrets, nor with what it has anywhere below the names of secrets; of a
        ``secret`` value with nothing that is in it."""
        if isinstance(value, Mapping):
            return {
                key: self.value(item, secret=secret or is_secret_name(str(key)))
                for key, item in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self.value(item, secret=secret) for item in value]
        # That something is on, off, or not there tells nothing.
        if secret and isinstance(value, (str, int, float)) and not isinstance(value, bool) and value != "":
            return MASK
        return self(value) if isinstance(value, str) else value

    def values(self, values: Sequence[object]) -> list[object]:
        """:meth:`value` of each of many, some at a time: most secrets are in none of these."""
        found: list[object] = []
        for start in range(0, len(values), _AT_A_TIME):
            some = values[start : start + _AT_A_TIME]
            found += map(self.within("\n".join(_texts(some))).value, some)
        return found

    def within(self, text: str) -> Masking:
        """The same for parts of ``text``."""
        part = Masking({})
        part._marks = {secret: mark for secret, mark in self._marks.items() if secret in text}
        part._ends = [one for one in self._ends if one[-1] in part._marks]
        return part


class Unmasked(Masking):
    """Where secrets are to be shown: every text as it is."""

    def __init__(self) -> None:
        super().__init__({})

    def line(self, text: str) -> str:
        return text

    loose = line

    def value(self, value: object, *, secret: bool = False) -> object:
        return value

    def values(self, values: Sequence[object]) -> list[object]:
        return list(values)


def _texts(value: object) -> Iterator[str]:
    """Every text in ``value``."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def spelled(drawn: str) -> set[str]:
    """How a text that was drawn at random may be found again; nothing if it would be found in too much."""
    if len(drawn) < (_SHORTEST_NUMBER if drawn.isdigit() else _SHORTEST):
        return set()
    return {drawn, drawn.lower(), drawn.upper()}


def is_secret_name(name: str) -> bool:
    """Whether what has this name is a secret."""
    return bool(_SECRET_NAME.search(name))


def secrets_of(*values: Mapping[str, object]) -> set[str]:
    """Every text and long number that says that it is a secret, or is found under a name that does."""
    return {secret for value in values for _, secret in secrets_in(value)}


def secrets_in(
    value: object, path: tuple[str, ...] = (), *, secret: bool = False
) -> Iterator[tuple[tuple[str, ...], str]]:
    """:func:`secrets_of` one value, each with its place in it; of a ``secret`` value all that is in it."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from secrets_in(item, (*path, str(name)), secret=secret or is_secret_name(str(name)))
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from secrets_in(item, (*path, str(number)), secret=secret)
    elif isinstance(value, str):
        if (secret or _SECRET_TEXT.search(value)) and len(value) >= _SHORTEST:
            yield path, value
        yield from ((path, one) for one in _IN_ADDRESS.findall(value) if len(one) >= _SHORTEST)
    elif secret and isinstance(value, (int, float)) and len(str(value)) >= _SHORTEST_NUMBER:
        yield path, str(value)


def spellings(secret: str) -> set[str]:
    """How a secret may be spelled in files, addresses and logs; of one of several lines each line too."""
    from urllib.parse import quote, quote_plus

    lines = [line.strip() for line in secret.splitlines()]
    several = [line for line in lines if len(line) >= _SHORTEST_LINE] if len(lines) > 1 else []
    found = {secret}
    for text in (secret, " ".join(secret.split()), secret.rstrip("\n"), *several):
        found |= {text, quote(text, errors="replace"), quote(text, "", errors="replace")}
        found.add(quote_plus(text, errors="replace"))
        found |= {text.replace("'", quoted) for quoted in ("''", "'\\''", "'\"'\"'")}
        for dollars in (text, text.replace("$", "$$")):
            found |= {dollars, *(quoted[1:-1] for quoted in _as_json(dollars))}
        found |= set(_in_base64(text.encode("utf-8", "surrogatepass")))
    return {text for text in found if len(text) >= _SHORTEST}


def _as_json(text: str) -> Iterable[str]:
    import json

    return (json.dumps(text, ensure_ascii=False), json.dumps(text))


def _in_base64(data: bytes) -> Iterator[str]:
    """What base64 makes of ``data``, also within more (`user:password`): what no neighbour can change."""
    from base64 import b64encode

    for before in range(3) if len(data) >= _SHORTEST_LINE - 2 else ():
        whole = b64encode(b"\0" * before + data).decode()
        sure = whole[-(-before * 8 // 6) : (before + len(data)) * 8 // 6]
        yield from (sure, sure.replace("+", "-").replace("/", "_"))
        if not before:
            yield whole
