"""Semantic versions and constraints on them, as Masterminds/semver 3.5 reads them.

Versions may lack minor and patch and may start with ``v``.  A constraint is one or more groups
separated by ``||``; the parts of a group, separated by spaces or commas, must all hold.  A version
with a pre-release satisfies a group only if some part of that group names a pre-release.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from doit_score.text.light import dataclass

from ..errors import GoError
from ..values import UINT64_MAX, Struct, Uint64
from . import Function
from .conversion import decimal

_EXTRA = r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
_VERSION = re.compile(rf"v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?{_EXTRA}\Z")
_SEGMENT = r"[0-9xX*|]+"
_LOOSE = rf"v?({_SEGMENT})(?:\.({_SEGMENT}))?(?:\.({_SEGMENT}))?{_EXTRA}"
_PART = re.compile(rf"(!=|>=|=>|<=|=<|~>|[=><~^]?)[ \t\n\f\r]*{_LOOSE}")
_ANY_LOOSE = re.sub(r"\((?!\?)", "(?:", _LOOSE)
_RANGE = re.compile(rf"[ \t\n\f\r]*({_ANY_LOOSE})[ \t\n\f\r]+-[ \t\n\f\r]+({_ANY_LOOSE})[ \t\n\f\r]*")
_SEPARATOR = re.compile(r"[ \t\n\f\r]*,[ \t\n\f\r]*|[ \t\n\f\r]+")
_BLANK = " \t\n\f\r"
_WILD = ("x", "X", "*")
_LONGEST, _MOST_GROUPS = 512, 32

Numbers = tuple[int, int, int]
_TYPE = "*semver.Version"


class Version(Struct):
    """A semantic version; what Go's ``*semver.Version`` is to templates."""

    __slots__ = ("metadata", "numbers", "original", "prerelease")

    def __init__(
        self,
        numbers: Numbers,
        prerelease: str,
        metadata: str,
        original: str | None,
        go_type: str = _TYPE,
    ) -> None:
        super().__init__(go_type, {})
        self.numbers = numbers
        self.prerelease = prerelease
        self.metadata = metadata
        self.original = self.string() if original is None else original

    def string(self) -> str:
        pre = f"-{self.prerelease}" if self.prerelease else ""
        return f"{'.'.join(map(str, self.numbers))}{pre}{'+' if self.metadata else ''}{self.metadata}"

    def method(self, name: str) -> Function | None:
        major, minor, patch = numbers = self.numbers
        methods: dict[str, tuple[Callable[..., object], str]] = {
            "Major": (lambda: Uint64(major), ""),
            "Minor": (lambda: Uint64(minor), ""),
            "Patch": (lambda: Uint64(patch), ""),
            "Prerelease": (lambda: self.prerelease, ""),
            "Metadata": (lambda: self.metadata, ""),
            "Original": (lambda: self.original, ""),
            "String": (self.string, ""),
            "IncMajor": (lambda: self._value((major + 1, 0, 0)), ""),
            "IncMinor": (lambda: self._value((major, minor + 1, 0)), ""),
            "IncPatch": (lambda: self._value((major, minor, patch if self.prerelease else patch + 1)), ""),
            "Compare": (lambda other: compared(self, other), _TYPE),
            "Equal": (lambda other: compared(self, other) == 0, _TYPE),
            "LessThan": (lambda other: compared(self, other) < 0, _TYPE),
            "LessThanEqual": (lambda other: compared(self, other) <= 0, _TYPE),
            "GreaterThan": (lambda other: compared(self, other) > 0, _TYPE),
            "GreaterThanEqual": (lambda other: compared(self, other) >= 0, _TYPE),
            "SetPrerelease": (lambda text: self._value(numbers, _prerelease(text), self.metadata), "string"),
            "SetMetadata": (lambda text: self._value(numbers, self.prerelease, _metadata(text)), "string"),
        }
        call, parameter = methods.get(name, (None, ""))
        return None if call is None else Function(name, call, (parameter,) if parameter else ())

    def _value(self, numbers: Numbers, prerelease: str = "", metadata: str = "") -> Version:
        changed = Version(numbers, prerelease, metadata, None, "semver.Version")
        if self.original.startswith("v"):
            changed.original = f"v{changed.original}"
        return changed


def _prerelease(text: str) -> str:
    if text and not re.fullmatch(r"[0-9A-Za-z-]*(?:\.[0-9A-Za-z-]*)*", text):
        raise GoError("a pre-release consists of letters, digits, dots and hyphens")
    for part in text.split("."):
        if len(part) > 1 and part[0] == "0" and part.isdigit():
            raise GoError("a number in a pre-release must not start with 0")
    return text


def _metadata(text: str) -> str:
    if text and not re.fullmatch(r"[0-9A-Za-z-]*(?:\.[0-9A-Za-z-]*)*", text):
        raise GoError("metadata consists of letters, digits, dots and hyphens")
    return text


def _number(text: str) -> int:
    number = decimal(text)
    if number > UINT64_MAX:
        raise GoError("a part of the version is too large a number")
    return number


def parsed(text: str) -> Version:
    """The version ``text``.

    Raises:
        GoError: it is none.
    """
    match = _VERSION.match(text)
    if match is None:
        raise GoError(f"{text!r} is no semantic version; expected one such as 1.2.3 or v1.2.3-beta.1")
    major, minor, patch = (_number(part or "0") for part in match.groups()[:3])
    return Version((major, minor, patch), _prerelease(match[4] or ""), match[5] or "", text)


def compared(left: Version, right: Version) -> int:
    """-1, 0 or 1; metadata does not count, and a pre-release comes before its release."""
    if left.numbers != right.numbers:
        return -1 if left.numbers < right.numbers else 1
    if left.prerelease == right.prerelease:
        return 0
    if not left.prerelease or not right.prerelease:
        return 1 if right.prerelease else -1
    return _compared_prerelease(left.prerelease, right.prerelease)


def _compared_prerelease(left: str, right: str) -> int:
    ours, theirs = left.split("."), right.split(".")
    for mine, other in zip(ours, theirs, strict=False):
        if mine != other:
            return -1 if _rank(mine) < _rank(other) else 1
    return (len(ours) > len(theirs)) - (len(ours) < len(theirs))


def _rank(part: str) -> tuple[int, int, str]:
    """Numbers come before texts, and by size."""
    number = decimal(part) if part.isdigit() else UINT64_MAX + 1
    return (0, number, "") if number <= UINT64_MAX else (1, 0, part)


@dataclass(frozen=True, slots=True)
class _Constraint:
    """One part of a constraint; ``given`` of its numbers are no wildcards."""

    operator: str
    version: Version
    given: int

    def holds(self, version: Version) -> bool:
        return _CHECKS[self.operator](version, self)


def _not_equal(version: Version, wanted: _Constraint) -> bool:
    if wanted.given in (0, 3):
        return compared(version, wanted.version) != 0
    if version.numbers[: wanted.given] != wanted.version.numbers[: wanted.given]:
        return True
    return wanted.given == 2 and version.prerelease != wanted.version.prerelease


def _greater(version: Version, wanted: _Constraint) -> bool:
    if wanted.given in (1, 2):
        return version.numbers[: wanted.given] > wanted.version.numbers[: wanted.given]
    return compared(version, wanted.version) > 0


def _less(version: Version, wanted: _Constraint) -> bool:
    return compared(version, wanted.version) < 0


def _at_least(version: Version, wanted: _Constraint) -> bool:
    return compared(version, wanted.version) >= 0


def _at_most(version: Version, wanted: _Constraint) -> bool:
    if wanted.given == 3:
        return compared(version, wanted.version) <= 0
    known = 1 if wanted.given == 1 else 2
    return version.numbers[:known] <= wanted.version.numbers[:known]


def _tilde(version: Version, wanted: _Constraint) -> bool:
    if compared(version, wanted.version) < 0:
        return False
    if wanted.version.numbers == (0, 0, 0) and wanted.given in (0, 3):
        return True
    known = 1 if wanted.given == 1 else 2
    return version.numbers[:known] == wanted.version.numbers[:known]


def _equal(version: Version, wanted: _Constraint) -> bool:
    return compared(version, wanted.version) == 0 if wanted.given == 3 else _tilde(version, wanted)


def _caret(version: Version, wanted: _Constraint) -> bool:
    if compared(version, wanted.version) < 0:
        return False
    major, minor, _ = wanted.version.numbers
    if major > 0 or wanted.given == 1:
        return version.numbers[0] == major
    if minor > 0 or wanted.given == 2:
        return version.numbers[:2] == (0, minor)
    return version.numbers == wanted.version.numbers


_CHECKS: dict[str, Callable[[Version, _Constraint], bool]] = {
    "": _equal, "=": _equal, "!=": _not_equal, ">": _greater, "<": _less, ">=": _at_least, "=>": _at_least,
    "<=": _at_most, "=<": _at_most, "~": _tilde, "~>": _tilde, "^": _caret,
}  # fmt: skip


def _improper(text: str) -> GoError:
    return GoError(f"{text!r} is no version constraint; expected one such as >=1.2, <2 or ~1.2.3")


def _constraint(match: re.Match[str]) -> _Constraint:
    operator, major, minor, patch, prerelease, metadata = match.groups()
    segments = [major, minor, patch]
    given = next((place for place, text in enumerate(segments) if text is None or text in _WILD), 3)
    if not all(text.isdigit() for text in segments[:given]):
        raise _improper(match[0])
    numbers = [_number(text) for text in segments[:given]] + [0] * (3 - given)
    version = Version((numbers[0], numbers[1], numbers[2]), _prerelease(prerelease or ""), metadata or "", "")
    return _Constraint(operator, version, given)


def _group(text: str) -> list[_Constraint]:
    parts: list[_Constraint] = []
    rest = text.strip(_BLANK)
    while True:
        match = _PART.match(rest)
        if match is None:
            raise _improper(text)
        parts.append(_constraint(match))
        rest = rest[match.end() :]
        if not rest:
            return parts
        separator = _SEPARATOR.match(rest)
        if separator is None:
            raise _improper(text)
        rest = rest[separator.end() :]


def _groups(text: str) -> list[list[_Constraint]]:
    if len(text) > _LONGEST:
        raise GoError(f"the version constraint is longer than {_LONGEST} characters")
    for match in list(_RANGE.finditer(text)) if "-" in text else ():
        text = text.replace(match[0], f">= {match[1]}, <= {match[2]} ", 1)
    groups = text.split("||")
    if len(groups) > _MOST_GROUPS:
        raise GoError(f"the version constraint has more than {_MOST_GROUPS} groups")
    return [_group(group) for group in groups]


def semver_compare(constraint: str, version: str) -> bool:
    groups = _groups(constraint)
    found = parsed(version)
    for group in groups:
        if found.prerelease and not any(part.version.prerelease for part in group):
            continue
        if all(part.holds(found) for part in group):
            return True
    return False
