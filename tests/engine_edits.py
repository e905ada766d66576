"""Edits of a project, on which the law of the engine is tried: those that are the same for all targets."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import hypothesis.strategies as st
from engine_law import Law, see_version
from engine_model import (
    A_RESOURCE,
    A_TYPE,
    ENVIRONMENT,
    FILES,
    GO,
    NAMES,
    PATHS,
    PORTS,
    RESOURCES,
    SAYS,
    SOME_RESOURCES,
    Entry,
    Ports,
    Resource,
    Workload,
)
from engineering import Project, output_files, tree
from hypothesis.stateful import precondition, rule

from doit_score.engine.settings import FileOptions
from doit_score.text import light, yaml12
from doit_score.text.errors import ScoreError
from doit_score.version import __version__


class Edits(Law):
    """Edits of a project, each followed by a run (or not), and each run by one from scratch."""

    # Edits of Score files

    @rule(
        path=st.sampled_from(PATHS),
        name=st.sampled_from(NAMES),
        resources=SOME_RESOURCES,
        ports=PORTS,
        go=GO,
    )
    def write_score_file(
        self, path: str, name: str, resources: dict[str, Resource], ports: Ports, go: bool
    ) -> None:
        taken = {one.name for other, one in self.workloads.items() if other != path}
        name = name if name not in taken else next(n for n in NAMES if n not in taken)
        self.workloads[path] = Workload(name, resources, ports=ports)
        self.edited(go)

    @precondition(lambda self: len(self.workloads) > 1)
    @rule(data=st.data(), go=GO)
    def remove_score_file(self, data: st.DataObject, go: bool) -> None:
        del self.workloads[data.draw(st.sampled_from(sorted(self.workloads)))]
        self.edited(go)

    @rule(data=st.data(), to=st.sampled_from(PATHS), go=GO)
    def move_score_file(self, data: st.DataObject, to: str, go: bool) -> None:
        path = data.draw(st.sampled_from(sorted(self.workloads)))
        if path != to and os.path.exists(path):
            Path(to).parent.mkdir(exist_ok=True)
            os.replace(path, to)
        self.workloads[to] = self.workloads.pop(path)
        self.edited(go)

    @rule(data=st.data(), name=st.sampled_from(NAMES), go=GO)
    def rename_workload(self, data: st.DataObject, name: str, go: bool) -> None:
        """Now and then to a name that another one has."""
        path = data.draw(st.sampled_from(sorted(self.workloads)))
        self.workloads[path] = replace(self.workloads[path], name=name)
        self.edited(go)

    @rule(data=st.data(), name=st.sampled_from(RESOURCES), resource=st.one_of(A_RESOURCE, st.none()), go=GO)
    def edit_resource(self, data: st.DataObject, name: str, resource: Resource | None, go: bool) -> None:
        path = data.draw(st.sampled_from(sorted(self.workloads)))
        resources = {key: one for key, one in self.workloads[path].resources.items() if key != name}
        if resource is not None:
            resources[name] = resource
        self.workloads[path] = replace(self.workloads[path], resources=resources)
        self.edited(go)

    @rule(data=st.data(), id_=st.sampled_from([None, "common", "other"]), say=SAYS, go=GO)
    def share_or_change(self, data: st.DataObject, id_: str | None, say: str | None, go: bool) -> None:
        """Gives a resource another id, or other params."""
        path, resources = self.some_resources(data)
        proper = sorted(name for name, one in resources.items() if one != ENVIRONMENT)
        if proper:
            name = data.draw(st.sampled_from(proper))
            resources[name] = replace(resources[name], id=id_, say=say)
        self.workloads[path] = replace(self.workloads[path], resources=resources)
        self.edited(go)

    @rule(data=st.data(), type_=A_TYPE, go=GO)
    def retype_resource(self, data: st.DataObject, type_: str, go: bool) -> None:
        path, resources = self.some_resources(data)
        for name in sorted(resources)[:1]:
            resources[name] = replace(resources[name], type=type_)
        self.workloads[path] = replace(self.workloads[path], resources=resources)
        self.edited(go)

    @rule(data=st.data(), types=st.tuples(*[A_TYPE] * 4), end=st.sampled_from(["x", "y", "beta"]), go=GO)
    def chain_params(self, data: st.DataObject, types: tuple[str, ...], end: str, go: bool) -> None:
        """Each resource is told what the next one gives, or the end of such a chain is changed."""
        path, resources = self.some_resources(data)
        says = [*(f"${{resources.{name}.out}}" for name in RESOURCES[1:]), end]
        if [one.say for one in resources.values()] == [*says[:-1], resources.get("rd", ENVIRONMENT).say]:
            resources["rd"] = replace(resources["rd"], say=end)
        else:
            resources = {n: Resource(t, say=s) for n, t, s in zip(RESOURCES, types, says, strict=True)}
        self.workloads[path] = replace(self.workloads[path], resources=resources)
        self.edited(go)

    @precondition(lambda self: len(self.workloads) > 1)
    @rule(data=st.data(), names_only=st.booleans(), go=GO)
    def swap_workloads(self, data: st.DataObject, names_only: bool, go: bool) -> None:
        """Two workloads are renamed into each other, or their files are."""
        one, other = data.draw(st.permutations(sorted(self.workloads)))[:2]
        first, second = self.workloads[one], self.workloads[other]
        if names_only:
            first, second = replace(first, name=second.name), replace(second, name=first.name)
            self.workloads |= {one: first, other: second}
        else:
            self.workloads |= {one: second, other: first}
            os.replace(one, "swapped")
            os.replace(other, one)
            os.replace("swapped", other)
        self.edited(go)

    @rule(
        data=st.data(),
        ports=PORTS,
        file=st.sampled_from([None, "text", "${metadata.name}", "${resources.ra.out}"]),
        source=st.booleans(),
        mode=st.sampled_from(["0644", "0400", "0755"]),
        go=GO,
    )
    def edit_rest(
        self, data: st.DataObject, ports: Ports, file: str | None, source: bool, mode: str, go: bool
    ) -> None:
        path = data.draw(st.sampled_from(sorted(self.workloads)))
        one = replace(self.workloads[path], ports=ports, file=file, source=source, mode=mode)
        self.workloads[path] = one
        self.edited(go)

    @rule(
        data=st.data(),
        number=st.integers(1, 2),
        image=st.sampled_from(["nginx", "busybox", "."]),
        said=st.sampled_from(["1", "2", "", "a: b", "${metadata.name}", "$${x}"]),
        lead=st.integers(0, 2),
        vain=st.booleans(),
        go=GO,
    )
    def edit_containers(
        self, data: st.DataObject, number: int, image: str, said: str, lead: int, vain: bool, go: bool
    ) -> None:
        """What nobody but the workload itself can see, in one or two files."""
        for path in data.draw(st.permutations(sorted(self.workloads)))[:number]:
            one = self.workloads[path]
            self.workloads[path] = replace(one, image=image, said=said, lead=lead, vain=vain)
        self.edited(go)

    def some_resources(self, data: st.DataObject) -> tuple[str, dict[str, Resource]]:
        path = data.draw(st.sampled_from(sorted(self.workloads)))
        return path, dict(self.workloads[path].resources)

    @rule(
        folder=st.sampled_from([".", "sub", "other"]),
        text=st.sampled_from(["one", "two ${metadata.name}", None]),
        go=GO,
    )
    def edit_source(self, folder: str, text: str | None, go: bool) -> None:
        self.put(f"{folder}/source.txt", text)
        self.edited(go)

    # Edits of provisioners

    @rule(file=st.sampled_from(FILES), type_=A_TYPE, version=st.integers(0, 1), go=GO)
    def add_entry_before(self, file: str, type_: str, version: int, go: bool) -> None:
        self.entries[file].insert(0, Entry(type_, version))
        self.edited(go)

    @rule(file=st.sampled_from(FILES), type_=A_TYPE, version=st.integers(0, 1), go=GO)
    def add_entry_for_a_class(self, file: str, type_: str, version: int, go: bool) -> None:
        self.entries[file].insert(0, Entry(type_, version, "special"))
        self.edited(go)

    @precondition(lambda self: any(self.entries.values()))
    @rule(data=st.data(), version=st.integers(0, 2), go=GO)
    def edit_entry(self, data: st.DataObject, version: int, go: bool) -> None:
        file = data.draw(st.sampled_from([file for file in FILES if self.entries[file]]))
        index = data.draw(st.integers(0, len(self.entries[file]) - 1))
        self.entries[file][index] = replace(self.entries[file][index], version=version)
        self.edited(go)

    @precondition(lambda self: any(self.entries.values()))
    @rule(data=st.data(), go=GO)
    def remove_entry(self, data: st.DataObject, go: bool) -> None:
        file = data.draw(st.sampled_from([file for file in FILES if self.entries[file]]))
        del self.entries[file][data.draw(st.integers(0, len(self.entries[file]) - 1))]
        self.edited(go)

    @rule(go=GO)
    def swap_provisioner_files(self, go: bool) -> None:
        first, second = FILES
        self.entries[first], self.entries[second] = self.entries[second], self.entries[first]
        self.edited(go)

    @rule(file=st.sampled_from(FILES), go=GO)
    def reorder_entries(self, file: str, go: bool) -> None:
        self.entries[file].reverse()
        self.edited(go)

    @rule(outside=st.sampled_from("012"), go=GO)
    def edit_outside(self, outside: str, go: bool) -> None:
        """What a command reads that does not say so."""
        self.outside = outside
        self.edited(go)

    @rule(edition=st.integers(0, 2), go=GO)
    def edit_program(self, edition: int, go: bool) -> None:
        self.edition = edition
        self.edited(go)

    # Other options

    @rule(version=st.sampled_from([__version__, "0.0.1", "9"]), go=GO)
    def another_tool(self, version: str, go: bool) -> None:
        see_version(version)
        self.edited(go)

    @rule(path=st.sampled_from(PATHS), variable=st.sampled_from([None, "over", "${resources.ra.out}"]), go=GO)
    def other_overrides(self, path: str, variable: str | None, go: bool) -> None:
        document = {"containers": {"main": {"variables": {"ONE": variable}}}}
        known = self.workloads.get(path)
        refers = variable == "${resources.ra.out}"
        if refers and known is not None and known.resources.get("ra", ENVIRONMENT) == ENVIRONMENT:
            return
        options = FileOptions(overrides=document) if variable else FileOptions()
        self.settings = light.replace(self.settings, overrides={path: options})
        self.edited(go)

    @rule(text=st.sampled_from([None, "containers: {main: {image: over}}\n", "{}\n"]), go=GO)
    def overrides_file(self, text: str | None, go: bool) -> None:
        self.put("over.yaml", text)
        document = yaml12.load(text) if text and self.by_command else None
        options = FileOptions(overrides=document, overrides_file="over.yaml")  # type: ignore[arg-type]  # a mapping
        overrides = {PATHS[0]: options} if text else {}
        self.settings = light.replace(self.settings, overrides=overrides)
        self.edited(go)

    @rule(
        own=st.sampled_from([None, "a", "b"]),
        extra=st.sampled_from([{}, {"ENGINE_TEST": "x"}, {"ENGINE_OTHER": "y"}]),
        go=GO,
    )
    def other_environment(self, own: str | None, extra: dict[str, str], go: bool) -> None:
        os.environ.pop("ENGINE_TEST", None)
        if own:
            os.environ["ENGINE_TEST"] = own
        self.settings = light.replace(self.settings, environment=extra)
        self.edited(go)

    @rule(project=st.sampled_from(["p", "q"]), hermetic=st.sampled_from([False, False, True]), go=GO)
    def other_project(self, project: str, hermetic: bool, go: bool) -> None:
        # What was written elsewhere under the name before is not this project's, and would not be replaced.
        left = self.outputs - ({self.settings.output} if go else set())
        for path in left if project != self.settings.project else ():
            shutil.rmtree(path) if os.path.isdir(path) else Path(path).unlink(missing_ok=True)
        self.settings = light.replace(self.settings, project=project, hermetic=hermetic)
        self.edited(go)

    @rule(strict=st.sampled_from([False, False, True]))
    def strict_or_not(self, strict: bool) -> None:
        self.settings = light.replace(self.settings, strict=strict)
        self.check()

    # Runs that are cut short, and edits by hand

    @rule(stage=st.sampled_from(["init", "provision", "render"]))
    def begin(self, stage: str) -> None:
        """The stages up to one, as of a run that is killed then."""
        engine = Project().engine(**self.changes())
        try:
            engine.init()
            if stage != "init":
                engine.provision()
            if stage == "render":
                engine.render()
        except ScoreError:
            return

    @rule(data=st.data(), how=st.sampled_from(["edit", "remove", "chmod", "link", "touch"]))
    def meddle(self, data: st.DataObject, how: str) -> None:
        found = [f"state/mounts/{path}" for path in sorted(tree()) if not path.endswith("/")]
        # A link in the place of the output is its owner's, and what it leads to is not replaced.
        found += sorted(outputs(self.settings.output)) if how != "link" else []
        if not found:
            return
        path = data.draw(st.sampled_from(found))
        if how == "edit":
            with open(path, "a") as file:
                file.write("#")
        elif how == "chmod":
            os.chmod(path, 0o600)
        elif how == "touch":
            os.utime(path)
        else:
            os.unlink(path)
        if how == "link":
            os.symlink("/etc/hostname", path)
        # A run that fails leaves even this alone.
        if self.run() is None:
            self.check()

    def elsewhere(self, output: str) -> None:
        """Has another output, of which nothing is left from an earlier time: that would stay."""
        if output != self.settings.output:
            for path in outputs(output):
                os.unlink(path)
        self.outputs.add(output)
        self.settings = light.replace(self.settings, output=output)

    @rule(path=st.sampled_from(PATHS))
    def touch(self, path: str) -> None:
        if os.path.exists(path):
            os.utime(path)
        self.check()


def outputs(output: str) -> list[str]:
    """The paths of the files of an output."""
    folder = output if output.endswith("/") else ""
    return [f"{folder}{path}" for path in output_files(output)]
