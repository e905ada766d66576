"""Where Score files say something of a resource: asked for problems only, as it reads their text."""

from __future__ import annotations

from collections.abc import Sequence

from doit_score.engine.inputs.load import Loaded, Workloads
from doit_score.score.resources import Declaration
from doit_score.targets import Place


class Declared:
    """The declarations of a project by uid."""

    def __init__(self, loaded: Loaded, workloads: Workloads) -> None:
        self._loaded = loaded
        self._workloads = workloads
        self._by_uid: dict[str, list[Declaration]] | None = None

    def place(self, uid: str, keys: Sequence[str | int], *, key: bool = False) -> Place:
        """The place of what is at ``keys`` of a resource, of the key itself if ``key``.

        Of several declarations that of the last workload which says something there, as its params count;
        of what none says, or only a part of ``keys``, the nearest.
        """
        declared = sorted(self._of(uid), key=lambda one: (one.workload, one.name))
        saying = [one for one in declared if self._says(one, keys)]
        chosen = (saying or declared)[-1]
        return self._workloads.parsed(chosen.workload).place(("resources", chosen.name, *keys), key=key)

    def place_of(self, declaration: Declaration, key: str) -> Place:
        """The place of a key of one declaration."""
        parsed = self._workloads.parsed(declaration.workload)
        return parsed.place(("resources", declaration.name, key), key=True)

    def are_edited(self, uid: str) -> bool:
        """Whether a workload that declares ``uid`` has another Score file or options than before."""
        return any(one.workload in self._loaded.changed for one in self._of(uid))

    def _of(self, uid: str) -> list[Declaration]:
        if self._by_uid is None:
            self._by_uid = {}
            for one in self._loaded.declared:
                self._by_uid.setdefault(one.uid, []).append(one)
        return self._by_uid[uid]

    def _says(self, declaration: Declaration, keys: Sequence[str | int]) -> bool:
        found: object = self._workloads.parsed(declaration.workload).workload.document
        for key in ("resources", declaration.name, *keys):
            found = dict(enumerate(found)) if isinstance(found, list) else found
            if not isinstance(found, dict) or key not in found:
                return False
            found = found[key]
        return True
