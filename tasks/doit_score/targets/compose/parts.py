"""What there is in a Compose project, for who draws it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from doit_score.targets import Entry, Options
from doit_score.targets.parts import Part, Relation

from .project import Links, wait_entry

_USED: Mapping[str, tuple[str, str]] = {
    "shares": ("shares", "service"),
    "volumes": ("mounts", "volume"),
    "networks": ("joins", "network"),
    "models": ("uses", "model"),
    "secrets": ("uses", "secret"),
    "configs": ("uses", "config"),
}
"""What the fields of links are, beside those that services wait for."""


def parts(entries: Iterable[Entry], options: Options) -> Iterator[Part]:
    """All of it, by section and name; what several want is one."""
    every = list(entries)
    if options.start_order == "wait":
        every += wait_entry(every)
    alike: dict[tuple[str, str], list[Entry]] = {}
    for one in every:
        alike.setdefault((one.section, one.name), []).append(one)
    awaited = {
        one.name: Links.of_text(one.links).condition if one.kind == "resource" else ""
        for one in every
        if one.section == "services"
    }
    for (section, name), found in sorted(alike.items()):
        links = [Links.of_text(one.links) for one in found]
        is_tool = found[0].kind == "tool"
        yield Part(
            section.removesuffix("s"),
            name,
            name,
            "waits until all resources are ready" if is_tool else "",
            tuple(sorted({(one.kind, one.owner) for one in found if one.kind != "tool"})),
            tuple(sorted({relation for one in links for relation in _relations(one, awaited)})),
            tuple(sorted({port for one in links for port in one.ports})),
        )


def _relations(links: Links, awaited: Mapping[str, str]) -> Iterator[Relation]:
    for name in (*links.depends_on, *links.optional):
        condition = awaited.get(name, "").removeprefix("service_").replace("_", " ")
        yield Relation("waits", "service", name, condition)
    for field, (how, kind) in _USED.items():
        for name in getattr(links, field):
            yield Relation(how, kind, name)
