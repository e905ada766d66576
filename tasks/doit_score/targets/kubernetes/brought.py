"""What resources bring that the pods of workloads are made of, beside their outputs: which Secrets and
ConfigMaps there are, so that a pod that uses one is replaced when that changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from doit_score.targets import Entry, Options
from doit_score.text.light import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Brought:
    """``project`` is its name; ``instances`` are what was taken over of labels, by workload; ``contents`` are
    digests of what is in the Secrets and ConfigMaps of resources, by uid and ``KIND/NAME``."""

    project: str = ""
    instances: Mapping[str, object] = field(default_factory=dict)
    contents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def content_of(self, kind: str, name: str) -> str:
        """The digest of what is in an object of this name; empty if no resource of ours brings it."""
        key = f"{kind}/{name}"
        return next((found[key] for _, found in sorted(self.contents.items()) if key in found), "")

    def parts(self, uids: Sequence[str]) -> Iterator[tuple[str, str]]:
        yield "project", self.project
        yield "instances", ", ".join(f"{name}{said}" for name, said in sorted(self.instances.items()))
        for uid in uids:
            for what, digest in sorted(self.contents.get(uid, {}).items()):
                yield f"{what} of {uid}", digest

    def stored(self) -> Mapping[str, object]:
        return asdict(self)


def find(entries: Iterable[Entry], options: Options) -> Brought:
    """What ``entries``, all those of resources, bring."""
    contents: dict[str, dict[str, str]] = {}
    for entry in entries:
        if entry.links:
            what, _, digest = entry.links.rpartition(" ")
            contents.setdefault(entry.owner, {})[what] = digest
    return Brought(options.project, options.instances, contents)
