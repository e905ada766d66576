"""Reading: from parser events to plain values."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import Any, Final

from .events import MAX_DEPTH, MAX_TEXT, MAX_VALUES, TOO_DEEP, events, syntax_error
from .places import locate
from .scalars import HINTS, MERGE_TAG, resolve, tagged
from .writer import dump

# yaml.v3 gives up when 99 of 100 values come from aliases (case spec-274); beyond a million it is
# an attack in any case.
MAX_ALIAS_RATIO: Final = 99
MIN_ALIASED: Final = 1000
MAX_ALIASED: Final = 1_000_000
MAX_ALIASED_TEXT: Final = 1 << 24
"""How many characters the texts may have together that come from aliases."""

_SMALLER: Final = "split it, or put large contents into files of their own (`source` in a Score file)"
_NO_KEY: Final = object()
_MERGE: Final = object()
_OPEN: Final = object()


def load(
    data: str | bytes, path: str | None = None, *, alone: str | None = None, bounded: bool = True
) -> object:
    """The first document of ``data`` as None, bool, int, float, str, datetime, list and dict.

    A file without a document is None.  Bytes may be UTF-8 or UTF-16 with a byte order mark.
    Aliases give copies: nothing in the result is shared.

    Raises ScoreError with line and column: for what is not YAML; for every key that a mapping has
    twice, every bad tag and every bad merge value; for an unknown anchor or one that contains
    itself, for excessive aliasing, for nesting deeper than :data:`MAX_DEPTH`; if it is ``bounded``, for
    more than :data:`MAX_TEXT` or :data:`MAX_VALUES`.  What a program wrote of many documents is not.
    ``path`` is only named in errors.  ``alone`` says, for an error, that a second document that says
    something must not be there, and what to do.
    """
    import yaml

    if bounded and len(data) > MAX_TEXT:
        found = f"expected at most {MAX_TEXT >> 20} MiB of YAML, found more"
        raise ScoreError(found, path=path, hint=_SMALLER)
    builder = _Builder(data, path, alone, MAX_VALUES if bounded else sys.maxsize)
    try:
        value = builder.build(yaml)
    except (yaml.YAMLError, UnicodeError) as error:
        raise syntax_error(error, data, path) from None
    ScoreError.raise_for(builder.problems)
    return value


def second(text: str) -> int | None:
    """The line in which a second document of ``text``, whose first one is sound, says something; or None."""
    if "\n---" not in text and "\n..." not in text:
        return None
    try:
        load(text, alone="")
    except ScoreError as error:
        return error.problems[0].line
    return None


def _shown(key: object) -> str:
    text = key if isinstance(key, str) else dump(key).strip()
    visible = text if text.isprintable() else repr(text)[1:-1]
    return visible if len(visible) <= 60 else visible[:57] + "..."


class _Builder:
    """One pass over the events of one document, with a stack of its own instead of recursion."""

    __slots__ = (
        "aliased",
        "aliased_text",
        "alone",
        "anchors",
        "data",
        "most",
        "path",
        "problems",
        "seen",
        "stack",
    )

    def __init__(self, data: str | bytes, path: str | None, alone: str | None, most: int) -> None:
        self.data = data
        self.path = path
        self.alone = alone
        self.most = most
        self.problems: list[Problem] = []
        self.anchors: dict[str, object] = {}
        # (container, key that waits for its value, merge values, opening event) of what is open
        self.stack: list[tuple[Any, Any, Any, Any]] = []
        self.seen = 0
        self.aliased = 0
        self.aliased_text = 0

    def build(self, yaml: Any) -> object:  # noqa: C901, PLR0912, PLR0915  # one loop: calls cost time here
        """The value of the first document."""
        scalar, alias = yaml.ScalarEvent, yaml.AliasEvent
        starts = {yaml.MappingStartEvent: dict, yaml.SequenceStartEvent: list}
        ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        stack = self.stack
        value: Any = None
        container: Any = None
        key: Any = _NO_KEY
        merges: Any = None
        opening: Any = None
        stream = events(self.data)
        for event in stream:
            kind = event.__class__
            if kind is scalar:
                value = event.value
                if event.style or event.tag is not None or not value or value[0] in HINTS:
                    value = self._scalar(event, is_key=key is _NO_KEY and type(container) is dict)
                if event.anchor is not None:
                    self.anchors[event.anchor] = value
            elif kind in starts:
                stack.append((container, key, merges, opening))
                container = self._opened(event, starts[kind])
                key, merges, opening = _NO_KEY, None, event
                continue
            elif kind in ends:
                value = container if merges is None else self._merge(container, merges)
                if opening.anchor is not None:
                    self.anchors[opening.anchor] = value
                event = opening
                container, key, merges, opening = stack.pop()
            elif kind is alias:
                value = self._alias(event)
            elif kind is yaml.DocumentEndEvent:
                if self.alone is not None:
                    self._refuse_more(stream, self.alone)
                break
            else:
                continue
            self.seen += 1
            if self.seen > self.most:
                raise self._error(event, f"expected at most {MAX_VALUES:,} values, found more", _SMALLER)
            if type(container) is list:
                container.append(value)
            elif container is None:
                continue
            elif key is _NO_KEY:
                key = value
                if value.__class__ is not str or value in container:
                    key = self._odd_key(container, value, merges, event)
            elif key is _MERGE:
                merges, key = (value, event.start_mark), _NO_KEY
            else:
                container[key], key = value, _NO_KEY
        return value

    def _refuse_more(self, rest: Iterator[Any], hint: str) -> None:
        """Reports a second document, if there is one; ``---`` alone begins none."""
        import yaml

        for event in rest:
            if isinstance(event, yaml.NodeEvent) and (
                not isinstance(event, yaml.ScalarEvent) or event.value or event.style
            ):
                self._report(event.start_mark, "expected one YAML document, found a second one", hint)
                return

    def _opened(self, event: Any, kind: type) -> Any:
        if len(self.stack) > MAX_DEPTH:
            raise self._error(event, TOO_DEEP)
        if event.anchor is not None:
            self.anchors[event.anchor] = _OPEN
        return kind()

    def _scalar(self, event: Any, *, is_key: bool) -> object:
        """The value of a scalar that may be more than text."""
        text, tag = event.value, event.tag
        if tag is None or tag == "!":
            if event.style:
                return text
            return _MERGE if is_key and text == "<<" else resolve(text)
        if tag == MERGE_TAG and text == "<<" and is_key:
            return _MERGE
        try:
            return tagged(text, tag)
        except ValueError as error:
            self._report(event.start_mark, str(error))
            return text

    def _error(self, event: Any, message: str, hint: str | None = None) -> ScoreError:
        mark = event.start_mark
        return ScoreError(message, path=self.path, line=mark.line + 1, column=mark.column + 1, hint=hint)

    def _report(self, mark: Any, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(message, self.path, mark.line + 1, mark.column + 1, hint))

    def _odd_key(self, container: dict[object, object], key: Any, merges: object, event: Any) -> object:
        """A key that needs a closer look: ``key`` itself, or one that stands for what was refused."""
        if key is _MERGE:
            if merges is None:
                return _MERGE
            hint = "give one merge key a list of mappings"
            self._report(event.start_mark, "two merge keys '<<' in one mapping", hint)
            return object()
        if isinstance(key, (dict, list)):
            self._report(event.start_mark, "expected a scalar as the key of a mapping, found a collection")
            return object()
        if key in container:
            first = locate(self.data, [*self._position(), key], key=True)
            where = "" if first is None else f", first in line {first[0]}"
            self._report(event.start_mark, f"the key '{_shown(key)}' is given twice in one mapping{where}")
            return object()
        return key

    def _position(self) -> list[Any]:
        """The keys that lead to the open container."""
        opened = [(container, key) for container, key, _, _ in self.stack[1:]]
        return [len(container) if type(container) is list else key for container, key in opened]

    def _merge(self, container: dict[object, object], merges: tuple[object, Any]) -> dict[object, object]:
        """``container`` with what its merge key brings; its own keys win, then the first mapping."""
        value, mark = merges
        sources = value if isinstance(value, list) else [value]
        for source in sources:
            if not isinstance(source, dict):
                self._report(mark, "the value of a merge key '<<' must be a mapping or a list of mappings")
                break
            for key, item in source.items():
                container.setdefault(key, item)
        return container

    def _alias(self, event: Any) -> object:
        if event.anchor not in self.anchors:
            raise self._error(event, f"the alias *{event.anchor} has no anchor")
        value = self.anchors[event.anchor]
        if value is _OPEN:
            raise self._error(event, f"the anchor &{event.anchor} contains itself")
        try:
            return self._copy(value, len(self.stack))
        except RecursionError as error:
            raise self._error(event, str(error)) from None

    def _copy(self, value: object, depth: int) -> object:
        self.aliased += 1
        excessive = self.aliased > max(MIN_ALIASED, MAX_ALIAS_RATIO * self.seen)
        if excessive or self.aliased > MAX_ALIASED:
            raise RecursionError("excessive aliasing: nearly all values come from aliases")
        if isinstance(value, str):
            self._count_text(value)
            return value
        if depth >= MAX_DEPTH and isinstance(value, (dict, list)):
            raise RecursionError(f"{TOO_DEEP} through aliases")
        if isinstance(value, dict):
            for key in value:
                self._count_text(key)
            return {key: self._copy(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list):
            return [self._copy(item, depth + 1) for item in value]
        return value

    def _count_text(self, value: object) -> None:
        self.aliased_text += len(value) if isinstance(value, str) else 0
        if self.aliased_text > MAX_ALIASED_TEXT:
            raise RecursionError(
                f"excessive aliasing: more than {MAX_ALIASED_TEXT >> 20} MiB of text come from aliases"
            )
