"""Taking over a directory of score-compose or score-k8s: its state becomes ours, in one commit.

What is stored of a workload is its document with overrides applied; we keep the Score file and the
overrides.  So what is stored and what is not in the file becomes overrides of the file, unless the file
counts as it is (:func:`_options`).  Nothing of theirs is changed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping

from doit_score.engine.inputs.discover import canonical_path, score_files
from doit_score.engine.settings import FileOptions, Settings
from doit_score.engine.stages.project import check_name, name_of_directory
from doit_score.moving import legacy, specs
from doit_score.moving.legacy import Legacy, LegacyResource, LegacyWorkload
from doit_score.moving.pending import pending
from doit_score.moving.places import Tool
from doit_score.options import said
from doit_score.provisioning.model import BUILTIN_URI
from doit_score.score.resources import Declaration, declarations, levels, merge
from doit_score.score.workload import read
from doit_score.score.workload.findings import pointer
from doit_score.store import files, trees
from doit_score.store.lock import locked
from doit_score.store.meta import Meta
from doit_score.store.rows import KeptRow, ResourceRow
from doit_score.store.state import State, open_state
from doit_score.text import canonical, words, yaml12
from doit_score.text.errors import ScoreError
from doit_score.text.light import NamedTuple, asdict, dataclass, replace
from doit_score.text.messages import Say

Notice = tuple[str, str]
"""Level and text of something to say."""

# A Score file that is younger than the state file by more than this was edited since; by less it may
# come from one copy of both, made in any order, on a file system that counts in two seconds.
_TOGETHER_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class _Taken:
    """One Score file as it is taken over: for which workload, its options, what there is to say of it."""

    workload: str
    options: FileOptions
    notices: tuple[Notice, ...]


def adopt(settings: Settings, say: Say, named: Collection[str] = ()) -> None:
    """Takes over what one of the tools left in this directory, if there is no state of ours yet.

    ``named`` are the Score files that this run was given.  Says what was taken over.

    Raises ScoreError, with nothing changed, if the state file or a Score file of it cannot be read, or
    if what containers wrote below the mounts directory cannot be copied.
    """
    tool = pending(settings.state_dir, settings.target)
    if tool is None:
        return
    content = files.read(tool.state)[0] if os.path.exists(tool.state) else None
    found = None if content is None else legacy.parse(content, tool)
    if found is not None and tool.has_mounts:
        _check_places(found, tool)
    taken = {} if found is None else _score_files(found, frozenset(map(canonical_path, named)), tool)
    with locked(settings.state_dir, settings.lock_timeout, lambda text: say("warn", text)):
        if pending(settings.state_dir, settings.target) is None:
            return
        if tool.has_mounts:
            _copy_mounts(found.mounts_directory if found else tool.mounts, settings, found, say)
        if found is None or content is None:
            return
        with open_state(settings.state_dir, create=True) as state, state.transaction():
            _commit(state, settings, found, taken, tool)
            state.set_meta(Meta.legacy.to(files.content_digest(content)))
    _tell(settings, found, taken, tool, say)


def _check_places(found: Legacy, tool: Tool) -> None:
    """ScoreError for a name of the project that is a path or no line, and for mounts outside of it."""
    name = found.compose_project
    if "/" in name or not (name or "x").isprintable():
        check_name(name, f"compose_project in '{tool.state}'")
    mounts, here = (
        f"{os.path.realpath(path).rstrip(os.sep)}{os.sep}" for path in (found.mounts_directory, ".")
    )
    # One around ours is told of where it is not copied.
    if not (mounts.startswith(here) or here.startswith(mounts)) and trees.is_filled(mounts):
        raise ScoreError(
            f"mounts_directory leads out of the project, to '{mounts}'",
            path=tool.state,
            hint="write the path of a directory in the project there, with a copy of what you need of it",
        )


def _score_files(found: Legacy, named: Collection[str], tool: Tool) -> dict[str, _Taken]:
    """Every Score file that is still there, with the options that it is taken over with."""
    by_file: dict[str, list[str]] = {}
    for name, workload in found.workloads.items():
        if workload.file is not None and os.path.exists(workload.file):
            by_file.setdefault(canonical_path(workload.file), []).append(name)
    written = files.signature(tool.state)
    taken = {}
    for path, names in sorted(by_file.items()):
        document = yaml12.load(files.read(path)[0], path)
        # Of several workloads of one file, which was renamed meanwhile, the file has at most one.
        name = next((name for name in names if name == _name_of(document)), names[0])
        own = files.signature(path)
        edited = bool(own and written and own.mtime_ns > written.mtime_ns + _TOGETHER_NS)
        of_file = _File(path, document, found.workloads[name], tool)
        options, notices = _options(of_file, named=path in named, edited=edited)
        taken[path] = _Taken(name, options, notices)
    return taken


def _name_of(document: object) -> object:
    metadata = document.get("metadata") if isinstance(document, Mapping) else None
    return metadata.get("name") if isinstance(metadata, Mapping) else None


class _File(NamedTuple):
    """A Score file, and what ``tool`` has stored of it."""

    path: str
    document: object
    workload: LegacyWorkload
    tool: Tool


def _options(file: _File, *, named: bool, edited: bool) -> tuple[FileOptions, tuple[Notice, ...]]:
    """The options that make ``workload`` of a Score file, and what there is to say about them.

    A file that was ``named`` counts as it is, with the flags of this run, as for score-compose; one that
    was ``edited`` since, because nobody could tell its author's changes from overrides.  Of that, builds are
    kept, and the images of containers that have no image without them.
    """
    path, document, workload, tool = file
    said = specs.said(document, workload.spec, tool)
    options = FileOptions() if named else FileOptions(builds=workload.builds, image=said.image)
    otherwise = [pointer(keys) for keys in specs.leaves(said.overrides)]
    if said.overrides and not (named or edited):
        kept = f"{path}: kept as overrides what {tool.name} had stored otherwise: {', '.join(otherwise)}"
        notice = ("info", f"{kept} (`generate {path}` drops them)")
        return replace(options, overrides=said.overrides), (notice,)
    images = {} if named else _images(said.overrides, specs.placeholders(document))
    kept_too = {pointer(keys) for keys in specs.leaves(images)}
    otherwise = [keys for keys in otherwise if keys not in kept_too]
    otherwise += [f"the build of '{name}'" for name in sorted(workload.builds)] if named else []
    otherwise += [f"the image '{said.image}'"] if named and said.image else []
    options = replace(options, overrides=images or None)
    if not otherwise:
        return options, ()
    why = "was given" if named else f"was changed after {tool.name} stored it"
    dropped = (
        f"{path}: {why}, so it counts as it is; {tool.name} had stored otherwise: {', '.join(otherwise)} "
        "(what of that was said by flags has to be said again)"
    )
    return options, (("info" if named else "warn", dropped),)


def _images(overrides: Mapping[str, object], waiting: Collection[str]) -> dict[str, object]:
    """The part of ``overrides`` that gives images to the containers that are ``waiting`` for one."""
    containers = overrides.get("containers")
    found = {
        name: {"image": change["image"]}
        for name, change in (containers.items() if isinstance(containers, Mapping) else ())
        if name in waiting and isinstance(change, Mapping) and change.get("image")
    }
    return {"containers": found} if found else {}


def _commit(state: State, settings: Settings, found: Legacy, taken: Mapping[str, _Taken], tool: Tool) -> None:
    relocate = Relocation(found.mounts_directory, os.path.join(settings.state_dir, "mounts"))
    templates = [
        (f"{tool.state}:/patching_templates/{number}", text)
        for number, text in enumerate(found.patching_templates)
    ]
    state.set_meta(
        Meta.project.to(found.compose_project or name_of_directory(".")),
        Meta.target.to(tool.target),
        Meta.instances.to({name: one.instance for name, one in found.workloads.items() if one.instance}),
        # What its own defaults are for is decided by the file that it wrote for them; ours
        # come after it, for what it does not know.
        Meta.default_provisioners.to(os.path.exists(tool.defaults)),
        Meta.patch_templates.to(templates),
        Meta.complete.to(""),
        Meta.base.to({key: relocate.value(value) for key, value in found.shared_state.items()}),
    )
    state.set_given((path, one.options.text()) for path, one in sorted(taken.items()))
    state.put(
        KeptRow(uid, one.guid, one.provisioner, canonical.encode(relocate.value(dict(one.state))))
        for uid, one in found.resources.items()
    )
    listed = list(_resource_rows(found, {one.workload for one in taken.values()}, relocate, tool))
    state.put(listed)
    gone = found.resources.keys() - {row.uid for row in listed}
    state.set_meta(Meta.legacy_resources.to({uid: asdict(found.resources[uid]) for uid in gone}))


def _resource_rows(
    found: Legacy, names: Collection[str], relocate: Relocation, tool: Tool
) -> Iterable[ResourceRow]:
    """The resources of the workloads of these names, to be listed and asked for outputs; each is stale.

    It does not list what is in its state and in no workload (case resources-41).
    """
    declared: list[Declaration] = []
    for name in names:
        spec = dict(found.workloads[name].spec)
        try:
            declared += declarations(read(spec, path=tool.state, text="")[0])
        except ScoreError:
            continue  # generate will tell; until then its resources are not listed
    try:
        deep = levels(merge(declared))
    except ScoreError:
        deep = {}
    for uid, level in deep.items():
        one = found.resources.get(uid)
        if one is not None:
            yield ResourceRow(
                uid=uid,
                level=level,
                source_workload=one.source_workload,
                provisioner=one.provisioner,
                kind="local-env" if _is_environment(one) else one.provisioner.partition(":")[0],
                entry="",
                digest="",
                reads="{}",
                patch="{}",
                outputs=canonical.encode(relocate.value({} if _is_environment(one) else dict(one.outputs))),
                logs="[]",
            )


def _is_environment(resource: LegacyResource) -> bool:
    return resource.provisioner == BUILTIN_URI or resource.provisioner.startswith("local-env://")


class Relocation:
    """Gives paths below one mounts directory their place below another, wherever they are in a value."""

    def __init__(self, old: str, new: str) -> None:
        self._new = new
        # A name without a slash could be any word.
        spelled = re.escape(old.rstrip("/"))
        self._old = re.compile(rf"(?<![\w./-])(?:\.\.?/)*{spelled}(?![\w.-])") if "/" in old else None

    def value(self, value: object) -> object:
        """``value`` with every such path in its texts changed."""
        if self._old is None:
            return value
        if isinstance(value, str):
            return self._old.sub(lambda _: self._new, value)
        if isinstance(value, Mapping):
            return {key: self.value(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(item) for item in value]
        return value


def _copy_mounts(source: str, settings: Settings, found: Legacy | None, say: Say) -> None:
    """Copies what provisioners and containers wrote; the files of workloads are made anew."""
    target = os.path.join(settings.state_dir, "mounts")
    if not trees.is_filled(source):
        return
    real, own = os.path.realpath(source), os.path.realpath(target)
    if (own + os.sep).startswith(real.rstrip(os.sep) + os.sep):
        say("warn", f"'{source}' is recorded as the mounts directory, but '{target}' is in it: not copied")
        return
    if trees.is_filled(target):
        say("warn", f"'{target}' is filled already, so nothing was copied there from '{source}'")
        return
    workloads = tuple(f"files/{name}-files-" for name in (found.workloads if found else ()))
    copied = trees.copy(source, target, lambda path: path.startswith(workloads) and path.count("/") == 1)
    say("info", f"copied '{source}' to '{target}'")
    if copied.odd:
        say("warn", f"not copied, as it is neither file nor directory nor link: {', '.join(copied.odd)}")


def _tell(settings: Settings, found: Legacy, taken: Mapping[str, _Taken], tool: Tool, say: Say) -> None:
    said = f"{words.count(taken, 'workload')}, {words.count(found.resources, 'resource')}"
    of = f" of project '{found.compose_project}'" if found.compose_project else ""
    say("info", f"took over '{tool.state}'{of}: {said}; it stays as it is")
    there = {one.workload for one in taken.values()}
    for name, workload in found.workloads.items():
        if name not in there:
            was = f"it was in '{workload.file}'" if workload.file else "it was not read from a file"
            say(
                "warn",
                f"workload '{name}' is gone ({was}): removed from the project; "
                "generated values are kept for its return",
            )
    if settings.workloads is None:
        for one in taken.values():
            for level, text in one.notices:
                say(level, text)
    else:
        _tell_pack(settings, taken, tool, say)


def _tell_pack(settings: Settings, taken: Mapping[str, _Taken], tool: Tool, say: Say) -> None:
    """Says what a dodo.py, or a file, leaves out of what was stored: it alone counts."""
    assert settings.workloads is not None
    matched = score_files(settings.workloads)
    for path, one in taken.items():
        options = one.options
        if path not in matched:
            say(
                "warn",
                f"{path}: was a Score file of the project, and is none that {said('workloads')} matches",
            )
        lost = [name for name in ("builds", "image", "overrides") if getattr(options, name)]
        if lost and path not in settings.overrides and not settings.builds and not settings.images:
            say(
                "warn",
                f"{path}: {tool.name} had been given {', '.join(lost)} for it; "
                f"{said('builds')}, {said('images')} and {said('overrides')} say so",
            )
