"""What resources bring that the pods of workloads are made of, beside their outputs: which Secrets and
ConfigMaps there are, so that a pod that uses one is replaced when that changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from doit_score.score import references
from doit_score.score.references import Reference
from doit_score.targets import Entry, Options
from doit_score.text import canonical, nested

_NOTHING: Mapping[str, object] = MappingProxyType({})


class Brought:
    """``project`` is its name; ``instances`` are what was taken over of labels, by workload; ``contents`` are
    digests of what is in the Secrets and ConfigMaps of resources, by uid and ``KIND/NAME``."""

    def __init__(
        self,
        project: str = "",
        instances: Mapping[str, object] = _NOTHING,
        contents: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    ) -> None:
        self.project = project
        self.instances = instances
        self._contents = contents
        # Where several bring one object, the first of them counts.
        self._by_object = {
            what: (uid, digest)
            for uid in sorted(contents, reverse=True)
            for what, digest in contents[uid].items()
        }

    def content_of(self, kind: str, name: str) -> str:
        """The digest of what is in an object of this name; empty if no resource of ours brings it."""
        return self._by_object.get(f"{kind}/{name}", ("", ""))[1]

    def parts(self, outputs: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        yield "project", self.project
        yield "instances", ", ".join(f"{name}{said}" for name, said in sorted(self.instances.items()))
        if self._by_object:
            named = {what for text in outputs.values() for what in _objects(canonical.decode(text or "{}"))}
            for what in sorted(named & self._by_object.keys()):
                uid, digest = self._by_object[what]
                yield f"{what} of {uid}", digest

    def stored(self) -> Mapping[str, object]:
        return {"project": self.project, "instances": self.instances, "contents": self._contents}


def _objects(value: object) -> Iterator[str]:
    """Every ``KIND/NAME`` that a pod may get from a value of outputs: by a reference, or by its name, as in
    the source of a volume and in the params of an ``environment`` resource."""
    for _, text in nested.texts_in(value):
        for one in references.split(text):
            if isinstance(one, Reference):
                yield f"{one.kind}/{one.name}"
        yield from (f"{kind}/{text}" for kind in ("Secret", "ConfigMap"))


def find(entries: Iterable[Entry], options: Options) -> Brought:
    """What ``entries``, all those of resources, bring."""
    contents: dict[str, dict[str, str]] = {}
    for entry in entries:
        if entry.links:
            what, _, digest = entry.links.rpartition(" ")
            contents.setdefault(entry.owner, {})[what] = digest
    return Brought(options.project, options.instances, contents)
