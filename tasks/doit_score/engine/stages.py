"""What each stage reads from the state and commits to it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from doit_score import canonical
from doit_score.engine import assemble, output
from doit_score.engine.catalogue import Catalogue
from doit_score.engine.current import COMPLETE
from doit_score.engine.fold import underlay
from doit_score.engine.load import Inputs, Loaded, Workloads
from doit_score.engine.made import entry_rows, mount_rows, problems_of, resource_mounts, warning_row
from doit_score.engine.patches import patched
from doit_score.engine.provision import Provisioned, Provisioning, Surroundings
from doit_score.engine.render import ROLE_SOURCE, Project, Rendering, models_of
from doit_score.engine.settings import Settings
from doit_score.errors import ScoreError
from doit_score.resources import merge
from doit_score.store import files
from doit_score.store.rows import (
    EntryRow,
    InputRow,
    KeptRow,
    MountRow,
    OutputRow,
    ResourceRow,
    WarningRow,
    WorkloadRow,
)
from doit_score.store.state import State

Say = Callable[[str, str], None]

_CATALOGUE = "catalogue"
_ATTIC = "attic"


def mounts_directory(settings: Settings) -> str:
    """The mounts directory as Compose is to see it: relative to the directory of the output."""
    mounts = os.path.join(settings.state_dir, "mounts")
    if settings.output == "-" or os.path.isabs(mounts):
        return mounts
    return os.path.relpath(mounts, os.path.dirname(settings.output) or ".")


def provision(
    state: State, settings: Settings, inputs: Inputs, loaded: Loaded, workloads: Workloads, say: Say
) -> None:
    """Runs stale provisioners and commits the outcome, with what the workloads declare.

    If some fail, what the others generated is kept all the same, and nothing else is committed.
    """
    meta = state.meta()
    catalogue = _catalogue(settings, inputs, meta)
    fingerprint = catalogue.fingerprint()
    _say_about_workloads(loaded, say)
    around = Surroundings(
        project=meta["project"],
        mounts_directory=mounts_directory(settings),
        environment=settings.environment,
        hermetic=settings.hermetic,
        force=settings.force,
        attic=canonical.mapping(meta.get(_ATTIC, "{}")),
    )
    outcome = Provisioning(
        loaded,
        workloads,
        catalogue,
        known={row.uid: row for row in state.rows(ResourceRow)},
        kept={row.uid: row for row in state.rows(KeptRow)},
        around=around,
        same_catalogue=meta.get(_CATALOGUE) == fingerprint,
    ).run()
    warnings = [w for made in outcome.made.values() for w in made.result.warnings] + outcome.warnings
    if outcome.errors or (settings.strict and warnings):
        with state.transaction():
            state.put(made.kept for made in outcome.made.values())
        raise ScoreError.of(outcome.errors or warnings)
    attic = dict(outcome.shared)
    underlay(attic, around.attic)
    with state.transaction():
        state.set_meta(
            **{COMPLETE: "", _CATALOGUE: fingerprint, _ATTIC: canonical.encode(attic)},
        )
        state.put(inputs.changed())
        _commit_loaded(state, loaded)
        _commit_provisioned(state, outcome)
    for warning in warnings:
        say("warn", str(warning))
    for uid, made in sorted(outcome.made.items()):
        for line in made.result.info_logs:
            say("info", f"{uid}: {line}")
    if outcome.gone:
        say("info", f"removed {_count(outcome.gone, 'resource')}: {', '.join(outcome.gone)}")
    total = f" of {len(outcome.order)}" if len(outcome.made) < len(outcome.order) else ""
    say("info" if outcome.made else "debug", f"provisioned {_count(outcome.made, 'resource')}{total}")


def render(
    state: State, settings: Settings, inputs: Inputs, loaded: Loaded, workloads: Workloads, say: Say
) -> None:
    """Renders stale workloads and commits their fragments."""
    resources = _provisioned(state, loaded)
    entries = state.rows(EntryRow)
    of_resources = [entry for entry in entries if entry.kind == "resource"]
    wait_service, _ = assemble.wait_entry(of_resources)
    prefix = os.path.relpath(".", os.path.dirname(settings.output) or ".") if settings.output != "-" else "."
    project = Project(
        mounts_directory=mounts_directory(settings),
        output_prefix="" if prefix == "." else prefix,
        wait_service=wait_service,
        models=models_of((e.section, e.name, e.owner) for e in of_resources),
    )
    rendered = Rendering(settings, loaded, workloads, inputs, resources, project).run()
    warnings = [w for _, conversion in rendered.made.values() for w in conversion.warnings]
    if settings.strict and warnings:
        raise ScoreError.of(warnings)
    with state.transaction():
        state.set_meta(**{COMPLETE: ""})
        for name, (row, conversion) in sorted(rendered.made.items()):
            state.drop_made("workload", name)
            state.put([row])
            sections = {"services": conversion.services}
            state.put(entry_rows("workload", name, sections))
            state.put(mount_rows("workload", name, conversion.mounts))
            state.put(warning_row("workload", name, conversion.warnings))
        state.put(inputs.changed())
    for problem in (*rendered.notices, *warnings):
        say("warn", str(problem))
    total = f" of {len(loaded.workloads)}" if len(rendered.made) < len(loaded.workloads) else ""
    say("info" if rendered.made else "debug", f"rendered {_count(rendered.made, 'workload')}{total}")


def generate(
    state: State, settings: Settings, inputs: Inputs, loaded: Loaded, workloads: Workloads, say: Say
) -> None:
    """Writes the Compose project and the mount files, and commits that this run is complete."""
    resources = _provisioned(state, loaded)
    rows = {row.name: row for row in state.rows(WorkloadRow)}
    unrendered = [name for name, row in rows.items() if not row.rendered]
    if unrendered:
        raise ScoreError(f"not rendered yet: {', '.join(unrendered)}", hint="run the task `render` first")
    meta = state.meta()
    catalogue = _catalogue(settings, inputs, meta)
    entries, conflicts = assemble.winners(state.rows(EntryRow), resources)
    mounts, mount_conflicts = assemble.winning_mounts(state.rows(MountRow), resources)
    _, wait = assemble.wait_entry(entries)
    if wait is not None:
        entries.append(wait)
    errors, warnings = assemble.check(entries)
    if errors:
        raise ScoreError.of(errors)
    every = list(warnings)
    if conflicts or mount_conflicts:
        needs = merge(loaded.declared)
        every += assemble.conflict_warnings([*conflicts, *mount_conflicts], needs, catalogue)
    published = settings.publish if settings.publish is not None else _list(meta.get("publish", "[]"))
    entries = assemble.publish_ports(entries, published, rows, resources)
    text = assemble.text(meta["project"], entries)
    text, patch_warnings = patched(text, settings, meta, inputs, loaded, workloads)
    every += patch_warnings
    stored = [p for row in state.rows(WarningRow) for p in problems_of(row)] if settings.strict else []
    if settings.strict and (every or stored):
        raise ScoreError.of([*every, *stored])
    _keep_sources(rows.values(), inputs)
    if any(row.provisioner.startswith("cmd:") for row in resources.values()):
        for need in merge(loaded.declared).values():
            catalogue.digest(need)  # counts the programs of commands among the inputs
    _write(state, settings, inputs, loaded, text, mounts, published, say)
    if settings.env_file is not None:
        names = {name for row in rows.values() for name in row.variables.split("\n") if name}
        output.write_env_file(settings.env_file, names | set(_environment(state)), files.Writer(settings.state_dir))
    for warning in every:
        say("warn", str(warning))


def _write(
    state: State,
    settings: Settings,
    inputs: Inputs,
    loaded: Loaded,
    text: str,
    mounts: dict[str, MountRow],
    published: tuple[str, ...],
    say: Say,
) -> None:
    root = os.path.join(settings.state_dir, "mounts")
    wanted = {
        os.path.join(root, path): output.Wanted(
            row.what,  # type: ignore[arg-type]  # only a What is ever stored
            row.mode,
            row.digest,
            lambda row=row: state.content(row.path, row.kind, row.owner),  # type: ignore[misc]
        )
        for path, row in sorted(mounts.items())
    }
    content = text.encode()
    if settings.output != "-":
        wanted[settings.output] = output.Wanted(
            "file", output.OUTPUT_MODE, files.content_digest(content), lambda: content
        )
    writer = files.Writer(settings.state_dir)
    recorded = {row.path: row for row in state.rows(OutputRow)}
    written = output.write(wanted, recorded, writer, root)
    with state.transaction():
        stale = [row.path for row in state.rows(InputRow) if row.path not in inputs.rows]
        state.drop(InputRow, stale)
        state.put(inputs.changed())
        state.drop(OutputRow, [path for path in recorded if path not in wanted])
        state.put(row for row in written.rows if recorded.get(row.path) != row)
        state.set_given((path, options.text()) for path, options in sorted(loaded.given.items()))
        resources = len({d.uid for d in loaded.declared})
        state.set_meta(
            complete=settings.digest(),
            environment=canonical.encode(_environment(state)),
            publish=canonical.encode(list(published)),
            counts=f"{len(loaded.workloads)} {resources}",
        )
    for path in written.restored:
        say("warn", f"{path}: had been changed or removed by hand, and was restored")
    if settings.output == "-":
        import sys

        sys.stdout.write(text)
    elif settings.output in written.changed:
        say("info", f"wrote {settings.output}")
    others = [path for path in written.changed if path != settings.output]
    if others or written.removed:
        say("info", f"mounts: wrote {len(others)}, removed {len(written.removed)}")
    if not (written.changed or written.removed):
        say("info", f"{settings.output} is up to date")


def clean(state: State, settings: Settings, root: str) -> list[str]:
    """Removes what :func:`generate` wrote, and forgets that it did."""
    recorded = {row.path: row for row in state.rows(OutputRow)}
    removed = []
    for path, row in sorted(recorded.items(), reverse=True):
        if row.what == "file" and os.path.lexists(path):
            files.remove(path)
            removed.append(path)
        if path.startswith(root + os.sep):
            folder = path if row.what == "directory" else os.path.dirname(path)
            files.remove_empty_directories(folder, root)
    with state.transaction():
        state.set_meta(**{COMPLETE: ""})
        state.drop(OutputRow, recorded)
    return sorted(removed)


def _keep_sources(rows: Iterable[WorkloadRow], inputs: Inputs) -> None:
    """Counts the sources of workloads that were not rendered in this run among its inputs."""
    for row in rows:
        for source in row.sources.split("\n") if row.sources else ():
            if os.path.isfile(source):
                inputs.digest(source, ROLE_SOURCE)


def _catalogue(settings: Settings, inputs: Inputs, meta: dict[str, str]) -> Catalogue:
    catalogue = Catalogue(settings, inputs, defaults=meta.get("default_provisioners") == "1")
    catalogue.fingerprint()  # a provisioner file that nothing needs is an input too
    return catalogue


def _provisioned(state: State, loaded: Loaded) -> dict[str, ResourceRow]:
    """The resources; ScoreError if the workloads are not those that were provisioned for."""
    rows = {row.uid: row for row in state.rows(ResourceRow)}
    missing = {d.uid for d in loaded.declared} - rows.keys()
    stored = {row.name: row.digest for row in state.rows(WorkloadRow)}
    changed = [name for name, row in loaded.workloads.items() if stored.get(name) != row.digest]
    if missing or changed:
        raise ScoreError(
            f"not provisioned yet: {', '.join(sorted(missing or changed))}",
            hint="run the task `provision` first",
        )
    return rows


def _say_about_workloads(loaded: Loaded, say: Say) -> None:
    for row in loaded.gone:
        say(
            "warn",
            f"workload '{row.name}' is gone (it was in '{row.file}'): removed from the project; "
            "generated values are kept for its return",
        )
    for name, parsed in sorted(loaded.parsed.items()):
        for notice in parsed.notices:
            say("warn", str(notice))
        say("info", f"read workload '{name}' from '{parsed.path}'")


def _commit_loaded(state: State, loaded: Loaded) -> None:
    for row in loaded.gone:
        state.drop_made("workload", row.name)
        state.set_needs(row.name, ())
    state.drop(WorkloadRow, [row.name for row in loaded.gone])
    for name, declared in loaded.changed.items():
        state.put([loaded.workloads[name]])
        state.set_needs(name, declared)


def _commit_provisioned(state: State, outcome: Provisioned) -> None:
    for uid in (*outcome.gone, *outcome.made):
        state.drop_made("resource", uid)
    state.drop(ResourceRow, outcome.gone)
    before = {row.uid: row for row in state.rows(ResourceRow)}
    state.put(row for uid, row in outcome.rows.items() if before.get(uid) != row)
    for uid, made in outcome.made.items():
        result = made.result
        sections = {
            "services": result.services,
            "networks": result.networks,
            "volumes": result.volumes,
            "models": result.models,
        }
        state.put([made.kept])
        state.put(entry_rows("resource", uid, sections))
        state.put(resource_mounts(uid, result))
        state.put(warning_row("resource", uid, result.warnings))


def _environment(state: State) -> dict[str, object]:
    """Every environment variable that something looked at."""
    noted: dict[str, object] = {}
    for row in state.rows(WorkloadRow):
        if row.environment != "{}":
            noted.update(canonical.mapping(row.environment))
    for resource in state.rows(ResourceRow):
        if '"environment"' in resource.reads:
            read = canonical.mapping(resource.reads).get("environment", {})
            noted.update(read if isinstance(read, dict) else {})
    return noted


def _list(text: str) -> tuple[str, ...]:
    found = canonical.decode(text)
    return tuple(map(str, found)) if isinstance(found, list) else ()


def _count(things: Iterable[object], what: str) -> str:
    number = len(list(things))
    return f"{number} {what}" if number == 1 else f"{number} {what}s"

