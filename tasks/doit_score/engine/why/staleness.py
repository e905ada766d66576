"""Why resources are run: from what differs to reasons that name it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from doit_score.engine.inputs.catalogue import Catalogue
from doit_score.engine.inputs.environment import Environment
from doit_score.engine.shared import reads as looks
from doit_score.engine.shared.contributions import Shared
from doit_score.engine.why.origins import Reason, of_parts, parsed_parts, some
from doit_score.engine.why.reasons import ALWAYS, BACK, FORCED, NEW, RETRIED, SECRET, UNKNOWN
from doit_score.score.resources import Need
from doit_score.store.rows import REVEALED, ResourceRow
from doit_score.text import canonical


class Resources:
    """Collects the reasons of one run, by uid in ``found``; and who changed what in the shared state."""

    def __init__(
        self, catalogue: Catalogue, known: Mapping[str, ResourceRow], present: Collection[str]
    ) -> None:
        self._catalogue = catalogue
        self._known = known
        self._changed_by: dict[tuple[str, ...], dict[str, None]] = {}
        self.found: dict[str, list[Reason]] = {}
        for uid, row in known.items():
            if uid not in present and row.patch != "{}":
                self._note_changes(uid, canonical.mapping(row.patch), {})

    def first(self, uid: str, *, is_back: bool) -> None:
        """``uid`` is run for the first time, or for the first time since it came back."""
        self.found[uid] = [BACK if is_back else NEW]

    def again(
        self,
        need: Need,
        row: ResourceRow,
        before: str,
        after: str,
        reads: Mapping[str, Collection[str]],
        *,
        forced: bool,
        tried: bool,
    ) -> None:
        """``need`` is run again: its parts were ``before``, and ``reads`` has the paths that differ.

        If ``forced``, it is anyway; if ``tried``, since it did not settle in an earlier run.
        """
        known = self.found.setdefault(need.uid, [])
        if known and known[0] in (NEW, BACK):
            return  # what came to be while it was made says nothing more
        old, new = parsed_parts(before), parsed_parts(after)
        reasons = [FORCED] if forced else [RETRIED] if tried else []
        if row.digest == REVEALED:
            reasons.append(SECRET)
        if old:
            if old.get("entry") != new["entry"]:
                reasons.append(self._entry(need, row, old.get("entry", ""), new["entry"]))
            reasons += list(of_parts(old, new, skip=("entry",))) or _of_references(old, new)
        reasons += self._of_reads(need.uid, reads)
        # A later round may know of more who changed the same.
        known[:] = [one for one in known if not any(more.text.startswith(one.text) for more in reasons)]
        always = row.runs_command and self._catalogue.runs_always(need)
        known += reasons or ([] if known else [ALWAYS if always else UNKNOWN])

    def _entry(self, need: Need, row: ResourceRow, before: str, after: str) -> Reason:
        entry = self._catalogue.entry(need)
        assert entry is not None  # or nothing would be run
        if row.provisioner != entry.uri:
            text = f"another provisioner fits now: {row.provisioner} -> {entry.uri} in '{entry.path}'"
        elif before.partition(" ")[0] == after.partition(" ")[0]:
            text = f"the program of provisioner {entry.uri} changed"
        else:
            text = f"provisioner {entry.uri} in '{entry.path}' changed"
        return Reason("provisioner", text)

    def _of_reads(self, uid: str, reads: Mapping[str, Collection[str]]) -> Iterator[Reason]:
        for path in reads.get("shared", ()):
            what = f"'{path}' in the shared state" if path else "the shared state"
            yield Reason("shared", f"{what}, which it read, changed{self._by(uid, path)}")
        services = list(reads.get("services", ()))
        named = dict.fromkeys(looks.keys_of(path)[0] for path in services if path)
        if named:
            yield Reason("services", f"the ports of {some(named)}, which it read, changed")
        elif services:
            yield Reason("services", "the ports of the workloads, all of which it read, changed")
        for name in reads.get("workload", ()):
            yield Reason("metadata", f"the metadata of workload '{name}', which it read, changed")
        for name in reads.get("environment", ()):
            yield Reason("environment", f"environment variable '{name}' changed")

    def contributed(self, uid: str, patch: Mapping[str, object]) -> None:
        """``uid`` was run and contributes ``patch``."""
        row = self._known.get(uid)
        self._note_changes(uid, canonical.mapping(row.patch) if row else {}, patch)

    def _note_changes(
        self, uid: str, old: Mapping[str, object], new: Mapping[str, object], path: tuple[str, ...] = ()
    ) -> None:
        for key in {**old, **new}:
            here = (*path, key)
            before, after = old.get(key), new.get(key)
            was = before if isinstance(before, Mapping) else {}
            now = after if isinstance(after, Mapping) else {}
            if was or now:
                self._note_changes(uid, was, now, here)
            elif key not in old or key not in new or canonical.encode(before) != canonical.encode(after):
                for length in range(len(here) + 1):
                    self._changed_by.setdefault(here[:length], {})[uid] = None

    def _by(self, uid: str, path: str) -> str:
        """Who else changed what is at or below ``path``, if somebody did in this run."""
        who = [other for other in self._changed_by.get(tuple(looks.keys_of(path)), ()) if other != uid]
        return f" by {some(who)}" if who else ""


def _of_references(old: Mapping[str, str], new: Mapping[str, str]) -> list[Reason]:
    """Other resources that params refer to under the old names, where what they give is the same."""
    now = [name.rpartition(" ")[2] for name in new if name not in old and name.startswith("outputs ")]
    return [Reason("params", f"its params refer to {some(now)} now")] if now else []


def other_reads(
    noted: Mapping[str, looks.Note],
    shared: Shared,
    environment: Environment,
    told: Callable[[], looks.Decoding],
) -> dict[str, list[str]]:
    """The paths, by kind, at which there is something else now than when they were looked at."""
    variables = noted.get("environment", {}).items()
    services = noted.get("services")
    return {
        "shared": shared.differing(noted.get("shared", {})),
        "environment": [name for name, digest in variables if not environment.holds({name: digest})],
        "services": sorted(looks.differing(told(), services)) if services else [],
    }
