"""The short forms of Compose (``8080:80``, ``./a:/b:ro``), turned into the long ones.

The reference refuses most of them (cases provisioners-149 to -154); we take those that can be
read in one way only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from doit_score.text import words

from .kinds import (
    ABSENT,
    STRING,
    Check,
    Findings,
    Kind,
    Several,
    Table,
    check_table,
    struct,
)

_PORT = re.compile(
    r"(?:(?P<ip>\[[0-9A-Fa-f:.]+\]|[0-9]+(?:\.[0-9]+){3}):)?"
    r"(?:(?P<low>[0-9]{1,9})?(?:-(?P<high>[0-9]{1,9}))?:)?"
    r"(?P<first>[0-9]{1,9})(?:-(?P<last>[0-9]{1,9}))?(?:/(?P<protocol>[a-z]+))?"
)
_PUBLISHED = re.compile(r"[0-9]{1,5}(?:-[0-9]{1,5})?")
_PROPAGATIONS = frozenset({"private", "rprivate", "shared", "rshared", "slave", "rslave"})
_CONSISTENCIES = frozenset({"cached", "consistent", "delegated"})


def port(table: Table) -> Kind:
    """An entry of ``ports``: a mapping, a number, or ``[IP:][PUBLISHED:]TARGET[/PROTOCOL]`` with ranges."""

    def check(value: object, at: str, found: Findings) -> object:
        if isinstance(value, Mapping):
            checked = check_table(table, value, at, found)
            if "target" not in checked and value.get("target") is None:
                found.wrong(f"{at}.target", "a port from 1 to 65535", "nothing")
            return checked
        match = _PORT.fullmatch(str(value)) if type(value) in (int, str) else None
        if match is None:
            return found.wrong(at, "a mapping or a text such as '8080:80'", words.described(value))
        targets = range(int(match["first"]), int(match["last"] or match["first"]) + 1)
        published = _published(match, len(targets))
        bounds = [*targets[:1], *targets[-1:], *(int(p) for p in (match["low"], match["high"]) if p)]
        if not targets or not published or any(not 0 < number <= 65535 for number in bounds):
            return found.wrong(
                at, "ports from 1 to 65535, and as many published as target ports", words.described(value)
            )
        host = {"host_ip": match["ip"].strip("[]")} if match["ip"] else {}
        protocol = {"protocol": match["protocol"]} if match["protocol"] else {}
        return Several(
            tuple(
                {**host, "target": target, **({"published": text} if text else {}), **protocol}
                for target, text in zip(targets, published, strict=True)
            )
        )

    return Kind(check)


def _check_published(value: object, at: str, found: Findings) -> object:
    text = STRING.check(value, at, found)
    if not isinstance(text, str) or not text or "$" in text:  # a variable is filled in by Compose
        return text
    bounds = [int(part) for part in text.split("-")] if _PUBLISHED.fullmatch(text) else []
    if not bounds or bounds != sorted(bounds) or bounds[-1] > 65535:
        return found.wrong(at, "a port up to 65535, or a range such as '8000-8010'", words.described(value))
    return text


PUBLISHED = Kind(_check_published)
"""The port of the machine at which a port of a container is published."""


def _published(match: re.Match[str], count: int) -> list[str]:
    """The published port of each of ``count`` target ports ("" for none); empty where they do not fit."""
    if match["low"] is None:
        return [] if match["high"] else [""] * count
    low, high = int(match["low"]), int(match["high"] or match["low"])
    if count == 1:
        return [match["low"] if high == low else f"{low}-{high}"] if high >= low else []
    return [str(number) for number in range(low, high + 1)] if high - low + 1 == count else []


def mount(table: Table) -> Kind:
    """An entry of a service's ``volumes``: a mapping or ``[SOURCE:]TARGET[:OPTIONS]``."""

    def check(value: object, at: str, found: Findings) -> object:
        if isinstance(value, Mapping):
            return check_table(table, value, at, found)
        if not isinstance(value, str):
            return found.wrong(at, "a mapping or a text such as './data:/data:ro'", words.kind(value))
        parts = value.split(":")
        if len(parts) > 3 or not all(parts):
            return found.wrong(at, "SOURCE:TARGET or SOURCE:TARGET:OPTIONS", words.described(value))
        if len(parts) == 1:
            return {"type": "volume", "target": value}
        kind = "bind" if parts[0].startswith((".", "/", "~")) else "volume"
        result: dict[str, object] = {"type": kind, "source": parts[0], "target": parts[1]}
        if kind == "bind":
            result["bind"] = {"create_host_path": True}
        for option in parts[2].split(",") if len(parts) == 3 else ():
            extra = _mount_option(option, kind)
            if extra is None:
                return found.wrong(
                    at, f"options of a {kind} mount such as ro", f"{option!r} in {words.described(value)}"
                )
            for key, entry in extra.items():
                known = result.get(key)
                result[key] = (
                    {**known, **entry} if isinstance(known, dict) and isinstance(entry, dict) else entry
                )
        return result

    return Kind(check)


def _mount_option(option: str, kind: str) -> dict[str, object] | None:
    if option in ("rw", "ro"):
        return {"read_only": True} if option == "ro" else {}
    if option in _CONSISTENCIES:
        return {"consistency": option}
    if kind == "volume":
        return {"volume": {"nocopy": True}} if option == "nocopy" else None
    if option in ("z", "Z"):
        return {"bind": {"selinux": option}}
    return {"bind": {"propagation": option}} if option in _PROPAGATIONS else None


def file_reference(table: Table) -> Kind:
    """An entry of a service's ``secrets`` or ``configs``: a mapping, or the name of one alone."""
    whole = struct(table, from_scalar="source")

    def check(value: object, at: str, found: Findings) -> object:
        if isinstance(value, Mapping) and value.get("source") in (None, ""):
            found.wrong(f"{at}.source", "the name of what is mounted", "nothing")
        return whole.check(value, at, found)

    return Kind(check)


def dependency(table: Table) -> Kind:
    """An entry of ``depends_on``.  ``required`` is true unless given, as Compose has it.

    The reference writes ``required: false`` instead (provisioners-146, patches-50), which makes
    Compose start a service whose dependency is not there.
    """

    def check(value: object, at: str, found: Findings) -> object:
        if not isinstance(value, Mapping):
            return found.wrong(at, "a mapping with the key condition", words.kind(value))
        return {**DEPENDENCY, **check_table(table, value, at, found)}

    return Kind(check, keep_empty=True)


DEPENDENCY: dict[str, object] = {"condition": "service_started", "required": True}
"""The long form of a name in a list of dependencies."""


def mapping_or(table: Table, text: Check, expected: str) -> Kind:
    """A mapping with known keys, or a scalar that ``text`` checks (``ulimits``, ``devices``)."""
    whole = struct(table)

    def check(value: object, at: str, found: Findings) -> object:
        if isinstance(value, Mapping):
            return whole.check(value, at, found)
        if isinstance(value, list):
            return found.wrong(at, expected, "a list")
        return text(value, at, found)

    return Kind(check, keep_empty=True)


def _hosts(value: object, at: str, found: Findings) -> object:
    """``extra_hosts``: a list of ``host=address`` (or ``host:address``) or a mapping; sorted."""
    result: set[str] = set()
    if isinstance(value, Mapping):
        for host, addresses in value.items():
            for address in addresses if isinstance(addresses, list) else [addresses]:
                if not isinstance(address, str):
                    found.wrong(f"{at}.{host}", "an address", words.kind(address))
                result.add(f"{host}={address}")
        return sorted(result)
    if not isinstance(value, list):
        return found.wrong(at, "a mapping or a list of host=address", words.kind(value))
    for index, entry in enumerate(value):
        match = re.fullmatch(r"([^=:]+)[=:](.+)", entry) if isinstance(entry, str) else None
        if match is None:
            found.wrong(f"{at}[{index}]", "a text host=address", words.described(entry))
        else:
            result.add(f"{match[1]}={match[2]}")
    return sorted(result)


HOSTS = Kind(_hosts)


def _health_test(value: object, at: str, found: Findings) -> object:
    if isinstance(value, str):
        return ["CMD-SHELL", value] if value else ABSENT
    return _words(value, at, found)


HEALTH_TEST = Kind(_health_test)


def _words(value: object, at: str, found: Findings) -> object:
    if not isinstance(value, list) or not all(isinstance(word, (str, int, float)) for word in value):
        what = "a list with other entries" if isinstance(value, list) else words.kind(value)
        return found.wrong(at, "text or a list of texts", what)
    return [words.scalar_text(word) for word in value]


def _command(value: object, at: str, found: Findings) -> object:
    if not isinstance(value, str):
        return _words(value, at, found)
    split = split_words(value)
    if split is None:
        return found.wrong(at, "a command with balanced quotes", "a quote or backslash without its partner")
    words, operators = split
    if operators:
        message = "Compose runs no shell, so ; & | < > are passed on as text"
        found.suspicious(at, message, "write [sh, -c, '...'] if a shell is meant")
    return words


COMMAND = Kind(_command, keep_empty=True)


def split_words(text: str) -> tuple[list[str], bool] | None:
    """The words of a command line, quoted as for a POSIX shell, and whether it has shell operators.

    None if a quote or a backslash has no partner.
    """
    words: list[str] = []
    word: list[str] | None = None
    quote = ""
    operators = False
    characters = iter(text)
    for character in characters:
        if not quote and character in " \t\r\n":
            if word is not None:
                words.append("".join(word))
            word = None
            continue
        word = [] if word is None else word
        if character == "\\" and quote != "'":
            following = next(characters, None)
            if following is None:
                return None
            word.append(following)
        elif character == quote:
            quote = ""
        elif not quote and character in "'\"":
            quote = character
        else:
            operators = operators or (not quote and character in ";&|<>")
            word.append(character)
    if quote:
        return None
    return [*words, *([] if word is None else ["".join(word)])], operators
