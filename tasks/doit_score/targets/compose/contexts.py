"""The directories of this machine that are sent to Docker when images are built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from doit_score.targets import BuildContext, Entry
from doit_score.targets.dockerignore import NAME
from doit_score.text.yaml12 import load

from .dollars import without
from .project import Links, links

_ELSEWHERE = ("git@", "github.com/", "service:", "target:")


def of_entries(entries: Iterable[Entry]) -> Iterator[BuildContext]:
    """Those of the services among ``entries``."""
    for entry in entries:
        if '"contexts"' in entry.links:
            yield from _of_service(f"service '{entry.name}' of {entry.who}", Links.of_text(entry.links))


def of_text(text: str) -> Iterator[BuildContext]:
    """Those of the services of a project."""
    if "\n    build:" not in text:
        return
    project = load(text, bounded=False)
    services = project.get("services") if isinstance(project, Mapping) else None
    for name, value in sorted(services.items()) if isinstance(services, Mapping) else ():
        if isinstance(value, Mapping) and value.get("build"):
            yield from _of_service(f"service '{name}' of the patched project", links("services", value))


def _of_service(who: str, found: Links) -> Iterator[BuildContext]:
    for number, path in enumerate(found.contexts):
        directory = without(path)
        if directory is None or "://" in directory or directory.startswith(_ELSEWHERE):
            continue
        # A file of its own for the Dockerfile counts in place of the usual one.
        own = (f"{found.dockerfile}{NAME}",) if found.dockerfile and not number else ()
        yield BuildContext(who, directory, (*own, NAME))
