"""Handing back: a directory that score-compose or score-k8s continues from.

What is written is what it would have stored itself for the last complete run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from doit_score.engine.inputs.current import ROLE_PROVISIONERS
from doit_score.engine.inputs.discover import is_shipped
from doit_score.engine.inputs.load import Inputs, Loaded, Parsed, Workloads, load
from doit_score.engine.settings import Settings
from doit_score.engine.shared.fold import copied
from doit_score.engine.shared.tree import Branch
from doit_score.engine.stages import patches
from doit_score.moving import legacy, specs
from doit_score.moving.adopt import Relocation
from doit_score.moving.legacy import Legacy, LegacyResource, LegacyWorkload, Values
from doit_score.moving.places import Tool, of_target
from doit_score.provisioning.files import parse
from doit_score.score.resources import Need, merge
from doit_score.store import files, trees
from doit_score.store.lock import locked
from doit_score.store.meta import Meta
from doit_score.store.rows import EntryRow, InputRow, KeptRow, MountRow, ResourceRow
from doit_score.store.state import State, open_state
from doit_score.targets.compose.project import value_of
from doit_score.targets.kubernetes.convert import instance_suffix
from doit_score.targets.patching import JINJA_SUFFIX
from doit_score.text import canonical
from doit_score.text.errors import ScoreError
from doit_score.text.light import Any, replace
from doit_score.text.messages import Say, text_of

# Kinds of entries that the tools do not know.
_OURS = ("jinja", "images")
_UID = re.compile(r"([^.#]+)\.([^#]+)#(.+)")


def export(settings: Settings, say: Say, *, force: bool = False) -> None:
    """Writes the state file of the tool for this target, and its mounts directory beside it.

    A mounts directory that is there and has other content is given another name.  Says what the tool will
    not be able to continue, and what containers wrote that cannot be read here.

    Raises ScoreError if the last run was not complete or something was changed since, and if there is a
    state file that was neither taken over nor written by this (unless ``force``).  Then nothing was changed.
    """
    with (
        locked(settings.state_dir, settings.lock_timeout, lambda text: say("warn", text)),
        open_state(settings.state_dir) as state,
    ):
        meta = state.meta()
        tool = of_target(settings.recalled(meta).target or "")
        present = files.read(tool.state)[0] if os.path.lexists(tool.state) else None
        exporter = _Exporter(state, settings, meta, tool)
        content = legacy.text(exporter.legacy(), tool).encode()
        known = (meta.legacy, files.content_digest(content))
        if present is not None and files.content_digest(present) not in known and not force:
            raise ScoreError(
                f"was changed by {tool.name} since it was taken over, or is of another project",
                path=tool.state,
                hint="move it away, or export with --force to replace it",
            )
        files.make_directory(tool.directory)
        if tool.has_mounts:
            mounts = os.path.join(settings.state_dir, "mounts")
            _hand_mounts(mounts, tool.mounts, exporter.own_mounts(), exporter.workload_names(), say)
        files.Writer(settings.state_dir).write([files.NewFile(tool.state, content, files.FILE_MODE)])
        with state.transaction():
            state.set_meta(Meta.legacy.to(files.content_digest(content)))
    say("info", f"wrote '{tool.state}': {tool.name} continues from it")
    for warning in exporter.warnings():
        say("warn", warning)


class _Exporter:
    """What a state of ours is in the terms of a tool."""

    def __init__(self, state: State, settings: Settings, meta: Meta, tool: Tool) -> None:
        if not meta.complete:
            raise ScoreError(
                "the last run was not complete, so there is nothing to export yet",
                hint="run `doit-score generate` (or `doit generate`) first",
            )
        self._state = state
        self._meta = meta
        self._tool = tool
        inputs = Inputs({row.path: row for row in state.rows(InputRow)})
        known: dict[str, Parsed] = {}
        self._loaded = load(state, settings, inputs, known)
        _check_unchanged(self._loaded)
        self._workloads = Workloads(self._loaded, inputs, known)
        self._inputs = inputs
        self._needs = merge(self._loaded.declared)
        self._rows = {row.uid: row for row in state.rows(ResourceRow)}
        self._provisioners = {
            row.path: parse(inputs.text(row.path, ROLE_PROVISIONERS), row.path)
            for row in state.rows(InputRow)
            if row.role == ROLE_PROVISIONERS
        }
        every = (entry for entries in self._provisioners.values() for entry in entries)
        self._unreadable = frozenset(entry.uri for entry in every if entry.kind == "jinja")
        self._relocate = Relocation(
            os.path.join(settings.state_dir, "mounts") if tool.has_mounts else "", tool.mounts
        )
        self._templates = list(self._patch_templates())

    def legacy(self) -> Legacy:
        """The whole state."""
        kept = {row.uid: row for row in self._state.rows(KeptRow)}
        resources = {uid: self._resource(need, kept[uid]) for uid, need in self._needs.items()}
        adopted = self._meta.legacy_resources
        for uid, row in kept.items():
            if uid not in resources:
                gone = _gone(row, _mapping(adopted.get(uid)))
                if gone is not None:
                    resources[uid] = self._relocated(gone)
        return Legacy(
            workloads=dict(self._legacy_workloads()),
            resources=resources,
            shared_state=_mapping(self._relocate.value(self._shared_state())),
            compose_project=self._meta.project,
            mounts_directory=self._tool.mounts,
            patching_templates=tuple(text for name, text in self._templates if _is_go(name)),
        )

    def workload_names(self) -> Iterable[str]:
        """The names of all workloads."""
        return self._loaded.workloads

    def own_mounts(self) -> frozenset[str]:
        """The files of workloads below the mounts directory, which score-compose makes itself."""
        return frozenset(row.path for row in self._state.rows(MountRow) if row.kind == "workload")

    def warnings(self) -> Iterator[str]:
        """What the tool cannot continue, and what to do about it."""
        name, directory = self._tool.name, self._tool.directory
        own = {path: e for path, e in self._provisioners.items() if not is_shipped(path)}
        jinja = {path for path, entries in own.items() if any(entry.kind in _OURS for entry in entries)}
        elsewhere = [path for path in own if os.path.dirname(path) != directory and path not in jinja]
        if elsewhere:
            names = ", ".join(elsewhere)
            yield f"{name} finds provisioners in '{directory}' only; copy {names} there"
        for path in sorted(jinja):
            why = "because there are Jinja2 provisioners or images in it"
            yield f"{path}: {name} cannot read this file, {why}"
        lost = [uid for uid, row in sorted(self._rows.items()) if row.provisioner in self._unreadable]
        if lost:
            yield (
                f"{name} needs provisioners of its own for {', '.join(lost)}: ours are Jinja2; "
                f"`{name} init` writes some (what ours had generated is handed back all the same)"
            )
        left_out = [one for one, _ in self._templates if not _is_go(one)]
        if left_out:
            yield f"left out, as {name} has no patch templates in Jinja2: {', '.join(left_out)}"
        if self._meta.namespace:
            yield f"{name} does not remember the namespace; give it each time: -n {self._meta.namespace}"
        if self._meta.publish:
            flags = " ".join(f"--publish {port}" for port in self._meta.publish)
            yield f"{name} does not remember published ports; give it each time: {flags}"

    def _legacy_workloads(self) -> Iterator[tuple[str, LegacyWorkload]]:
        services = {e.name: e for e in self._state.rows(EntryRow) if e.section == "services"}
        for name, row in sorted(self._loaded.workloads.items()):
            parsed = self._workloads.parsed(name)
            document = dict(parsed.workload.document)
            builds = dict(parsed.options.builds)
            containers: dict[str, object] = {}
            for container in parsed.workload.containers.values():
                said = dict(document["containers"][container.name])  # type: ignore[index]  # a valid document
                entry = services.get(f"{name}-{container.name}")
                made = value_of(entry) if entry is not None else {}
                # A dodo.py says builds and images, which are in what was rendered only.
                if "build" in made and container.name not in builds:
                    builds[container.name] = _mapping(made["build"])
                if said["image"] == specs.PLACEHOLDER_IMAGE and parsed.options.image:
                    said["image"] = parsed.options.image
                elif isinstance(made.get("image"), str):
                    said["image"] = made["image"]
                containers[container.name] = said
            document["containers"] = containers
            instance = instance_suffix(self._meta.project, name, self._meta.instances)
            yield name, LegacyWorkload(specs.stored(document, self._tool), row.file, builds, instance)

    def _resource(self, need: Need, kept: KeptRow) -> LegacyResource:
        row = self._rows[need.uid]
        resource = LegacyResource(
            guid=kept.guid,
            type=need.type,
            class_=need.class_,
            id=need.id,
            metadata=canonical.mapping(need.metadata) if need.metadata else {},
            params=canonical.mapping(need.params) if need.params else {},
            source_workload=need.source_workload,
            # score-compose refuses another provisioner than the recorded one, but takes any where none is.
            provisioner="" if row.provisioner in self._unreadable else row.provisioner,
            state=canonical.mapping(kept.state),
            outputs=canonical.mapping(row.outputs),
        )
        return self._relocated(resource)

    def _relocated(self, resource: LegacyResource) -> LegacyResource:
        state, outputs = (_mapping(self._relocate.value(dict(v))) for v in (resource.state, resource.outputs))
        return replace(resource, state=state, outputs=outputs)

    def _shared_state(self) -> dict[str, object]:
        """What all resources contribute, over what nobody of the project has contributed again."""
        total = Branch.of(self._meta.base)
        for row in sorted(self._rows.values(), key=lambda row: (row.level, row.uid)):
            total.merge(canonical.mapping(row.patch))
        return _mapping(copied(total))

    def _patch_templates(self) -> Iterator[tuple[str, str]]:
        """The patch templates: those that ``init`` was given, and those that a dodo.py names."""
        yield from self._meta.patch_templates
        for row in self._state.rows(InputRow):
            if row.role == patches.ROLE:
                yield row.path, patches.decoded(self._inputs.text(row.path, patches.ROLE), row.path)


def _is_go(name: str) -> bool:
    return not name.endswith(JINJA_SUFFIX)


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _check_unchanged(loaded: Loaded) -> None:
    changed = [loaded.workloads[name].file for name in loaded.changed] + [row.file for row in loaded.gone]
    if changed:
        raise ScoreError(
            f"changed or gone since the last complete run: {', '.join(sorted(changed))}",
            hint="run `doit-score generate` (or `doit generate`) first",
        )


def _gone(row: KeptRow, adopted: Values) -> LegacyResource | None:
    """A resource that is in no workload any more: score-compose keeps what was generated for it too.

    ``adopted`` are the fields that it was taken over with, if it was.
    """
    known: dict[str, Any] = dict(adopted)
    if not known:
        parts = _UID.fullmatch(row.uid)
        if parts is None:
            return None
        known = {"type": parts[1], "class_": parts[2], "id": parts[3], "source_workload": ""}
        known |= {"metadata": {}, "params": {}, "outputs": {}}
    known |= {"guid": row.guid, "provisioner": row.provisioner, "state": canonical.mapping(row.state)}
    return LegacyResource(**known)


def _hand_mounts(source: str, target: str, own: frozenset[str], workloads: Iterable[str], say: Say) -> None:
    """Copies what provisioners and containers wrote."""
    theirs = tuple(f"files/{name}-files-" for name in workloads)

    def is_made_anew(path: str) -> bool:
        return path in own or (path.startswith(theirs) and path.count("/") == 1)

    if not trees.is_filled(source):
        files.make_directory(target)
        return
    try:
        if trees.is_filled(target) and trees.is_same(source, target, is_made_anew):
            return
        copied = trees.copy(source, target, is_made_anew)
    except ScoreError as error:
        say("warn", text_of(error))
    else:
        if copied.aside:
            say("info", f"what was in '{target}' is in '{copied.aside}' now")
        if copied.odd:
            say("warn", f"not copied, as it is neither file nor directory nor link: {', '.join(copied.odd)}")
        files.keep_private(target)
