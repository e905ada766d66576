"""Deprecated forms of Score files, rewritten to what v1b1 says today.

The list forms of ``files`` and ``volumes`` become mappings by ``target``; in them ``content`` may
be a list of lines and ``readOnly`` may be spelled ``read_only`` (cases spec-212 to spec-220).
"""

from __future__ import annotations

from doit_score.text import words

from .rules import Keys, Report

Document = dict[str, object]


def upgrade(document: Document, error: Report, notice: Report) -> tuple[Document, dict[Keys, Keys]]:
    """The document in today's form, and for every entry that moved: its new keys and its old ones.

    ``document`` itself is left alone.  Each rewritten form is told to ``notice``, an entry that
    cannot be moved to ``error``.
    """
    containers = document.get("containers")
    moved: dict[Keys, Keys] = {}
    if not isinstance(containers, dict):
        return document, moved
    changed: dict[object, object] = {}
    for name, container in containers.items():
        if not isinstance(container, dict):
            continue
        for section in ("files", "volumes"):
            items = container.get(section)
            if isinstance(items, list):
                keys = ("containers", name, section)
                table = _by_target(items, keys, moved, error, notice)
                changed[name] = {**_mapping(changed.get(name, container)), section: table}
    if not changed:
        return document, moved
    return {**document, "containers": {**containers, **changed}}, moved


def _mapping(value: object) -> dict[object, object]:
    return value if isinstance(value, dict) else {}


def _by_target(
    items: list[object], keys: Keys, moved: dict[Keys, Keys], error: Report, notice: Report
) -> dict[object, object]:
    section = keys[-1]
    notice(keys, f"a list of {section} is deprecated", f"write {section} as a mapping by target", at_key=True)
    table: dict[object, object] = {}
    for index, item in enumerate(items):
        place = (*keys, index)
        if not isinstance(item, dict):
            notice(place, f"expected a mapping, found {words.described(item)}: the entry is ignored")
            continue
        target = item.get("target")
        if not isinstance(target, str):
            found = words.described(target) if "target" in item else "nothing"
            error((*place, "target"), f"expected text as the target, found {found}")
            continue
        if target in table:
            notice(place, f"the target '{target}' is given twice: the last entry counts")
        today = {key: value for key, value in item.items() if key != "target"}
        table[target] = _file(today, place, notice) if section == "files" else _volume(today, place, notice)
        moved[(*keys, target)] = place
    return table


def _file(item: Document, place: Keys, notice: Report) -> Document:
    lines = item.get("content")
    if not isinstance(lines, list) or not all(
        line is None or isinstance(line, (str, int, float)) for line in lines
    ):
        return item
    hint = "write it as one text, for example behind 'content: |'"
    notice((*place, "content"), "content as a list of lines is deprecated", hint, at_key=True)
    return {**item, "content": "\n".join(_line(line) for line in lines)}


def _line(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _volume(item: Document, place: Keys, notice: Report) -> Document:
    read_only = item.get("read_only")
    if not isinstance(read_only, bool):
        return item
    notice((*place, "read_only"), "'read_only' is deprecated", "write 'readOnly'", at_key=True)
    rest = {key: value for key, value in item.items() if key != "read_only"}
    return {**rest, "readOnly": read_only}
