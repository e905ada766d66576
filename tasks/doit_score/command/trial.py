"""`provisioners try`: what the flags say, and what is printed."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from doit_score.command import flags
from doit_score.engine.inputs.catalogue import Catalogue
from doit_score.engine.settings import Settings
from doit_score.engine.stages.project import name_of_directory
from doit_score.provisioning.files import parse
from doit_score.provisioning.model import Entry, ProvisionInput
from doit_score.score.overrides import parse_property, set_property
from doit_score.score.workload import Workload
from doit_score.store import files
from doit_score.store.copies import open_copy
from doit_score.targets import find
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING
from doit_score.trying import finding, report, trial
from doit_score.trying.resource import Around, Resource, existing, read_workloads

if TYPE_CHECKING:
    from types import SimpleNamespace


def run(chosen: SimpleNamespace, catalogue: Catalogue) -> int:
    """Tries what was chosen, and prints it; 1 if anything is wrong.  ``catalogue`` is the project's."""
    entry, given = _chosen(chosen, catalogue)
    tried = trial.run(entry, given, again=entry.kind != "cmd" or chosen.again)
    shown = report.Shown(data=chosen.data, section=chosen.section, secrets=chosen.show_secrets)
    if chosen.format == "json":
        import json

        sys.stdout.write(json.dumps(report.record(tried, shown), indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(report.text(tried, shown))
    return 1 if any(tried.problems) else 0


def _chosen(chosen: SimpleNamespace, catalogue: Catalogue) -> tuple[Entry, ProvisionInput]:
    """The entry that is tried, and what it is given."""
    settings = flags.recalled(chosen)
    resource, around = _taken_over(settings, getattr(chosen, "from"), read_workloads(chosen.workload))
    type_, class_, id_ = chosen.type, getattr(chosen, "class"), chosen.id
    if resource is not None:
        type_, class_, id_ = type_ or resource.type, class_ or resource.class_, id_ or resource.id
    if finding.is_file(chosen.what):
        entries = _of_file(chosen.what, catalogue)
    else:
        entries = catalogue.entries()
        if type_ not in (None, chosen.what):
            said = f"'{type_}' and '{chosen.what}'"
            raise ScoreError(
                f"two types are asked for, {said}", hint="name the file of the provisioner, or one type"
            )
        type_ = chosen.what
    found = finding.choose(entries, type_, class_, id_, workload=around.source_workload)
    taken = resource or Resource("", "", "")
    tried = Resource(
        type=found.entry.type,
        class_=found.class_,
        id=found.id,
        params=_said("--param", "size=10Gi", chosen.param, taken.params),
        metadata=_said("--metadata", r"annotations.example\.com/team=shop", chosen.metadata, taken.metadata),
        state=taken.state,
    )
    return found.entry, tried.given(around)


def _taken_over(
    settings: Settings, uid: str | None, workloads: Sequence[Workload]
) -> tuple[Resource | None, Around]:
    """The resource of the project that is named, if one is, and what the one that is tried is in."""
    target = find(settings.target or "")
    around = Around(
        project=name_of_directory("."),
        mounts_directory=target.literal(os.path.join(settings.state_dir, "mounts")),
        target=target,
    )
    if uid is None:
        return None, around.of(workloads)
    with open_copy(settings.state_dir) as state:
        state.check()
        resource, around = existing(state, uid, around, os.environ)
    return resource, around.of(workloads)


def _of_file(path: str, catalogue: Catalogue) -> tuple[Entry, ...]:
    text = files.read(path)[0]
    uses_images = any(entry.uses_images for entry in parse(text, path))
    return finding.of_file(text, path, catalogue.images() if uses_images else {})


def _said(
    flag: str, example: str, texts: Sequence[str], taken: Mapping[str, object] | None
) -> Mapping[str, object] | None:
    """``taken`` with what the values of a flag change; None if there is neither."""
    said: object = taken
    for text in texts:
        said = set_property(said, parse_property(text, flag, example))
    return said  # type: ignore[return-value]  # set_property makes a mapping of a mapping or nothing
