"""The law of the engine: whatever was edited, a run leaves what a run from scratch would leave.

What "from scratch" means is in docs/design.md; ``engineering.same_generated_values`` makes it so.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

import hypothesis.strategies as st
from engineering import Project, same_generated_values, tree
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from doit_score import yaml12
from doit_score.engine.settings import FileOptions, Settings
from doit_score.errors import ScoreError

# What is written shortly before it is read is read again by the next run (racy-clean).
SETTLE_SECONDS = 0.021

PATHS = ("one.score.yaml", "two.score.yaml", "sub/score.yaml", "other/score.yaml")
NAMES = ("alpha", "beta", "gamma", "delta")
RESOURCES = ("ra", "rb", "rc")
TYPES = ("thing", "topic", "route", "port", "sticky", "flag", "reader", "variable", "tree", "undo", "model")
FILES = ("provisioners/10-a.provisioners.yaml", "provisioners/20-b.provisioners.yaml")

# Every entry has an output `out`, comes in several versions, and prints the same when it is run again.
ENTRIES = {
    "thing": """\
- uri: template://tests/thing/@V@
  type: thing@CLASS@
  state: |
    name: {{ dig "name" (randAlphaNum 12) .State | quote }}
  outputs: |
    out: {{ print .State.name "@V@" (dig "say" "-" (.Params | default dict)) .ComposeProjectName | quote }}
  networks: |
    net-{{ .State.name }}: {driver: bridge}
""",
    # A broker for all, named by whoever comes first.
    "topic": """\
- uri: jinja://tests/topic/@V@
  type: topic@CLASS@
  state: |
    password: {{ dig("password", randAlphaNum(8), state) | tojson }}
  shared: |
    broker@V@:
      name: {{ dig("broker@V@", "name", "broker-" ~ (randAlphaNum(8) | lower), shared) | tojson }}
      topics:
        {{ id | tojson }}: {{ state.password | tojson }}
  outputs: |
    out: {{ (shared["broker@V@"].name ~ state.password) | tojson }}
  services: |
    {{ shared["broker@V@"].name }}:
      image: broker:@V@
      volumes:
        - {type: volume, source: {{ shared["broker@V@"].name }}, target: /data}
  volumes: |
    {{ shared["broker@V@"].name }}: {driver: local}
""",
    # All routes in one file, which every route writes.
    "route": """\
- uri: template://tests/route/@V@
  type: route@CLASS@
  shared: |
    routes:
      {{ .Uid | quote }}: {{ dig "say" "nowhere" (.Params | default dict) | quote }}
    proxy: {{ dig "proxy" (print "proxy-" (randAlphaNum 8 | lower)) .Shared }}
  outputs: |
    out: {{ .Shared.proxy }}
  files: |
    proxy/@V@/routes.conf: {{ range $uid, $to := .Shared.routes }}{{ $uid }} {{ $to }};{{ end }}
  services: |
    {{ .Shared.proxy }}:
      image: proxy:@V@
      volumes:
        - {type: bind, source: {{ .MountsDirectory }}/proxy/@V@, target: /etc/proxy}
""",
    # The ports of another workload.
    "port": """\
- uri: template://tests/port/@V@
  type: port@CLASS@
  outputs: |
    {{ $found := index .WorkloadServices (dig "say" "alpha" (.Params | default dict)) }}
    out: "@V@{{ range $name, $port := $found.Ports }}{{ $name }}={{ $port.TargetPort }},{{ end }}"
""",
    # Contributes to the shared state only what is not there.
    "sticky": """\
- uri: template://tests/sticky/@V@
  type: sticky@CLASS@
  shared: |
    {{ if not (hasKey .Shared "sticky@V@") }}
    sticky@V@: {{ randAlphaNum 8 | quote }}
    {{ end }}
  outputs: |
    out: {{ get .Shared "sticky@V@" | quote }}
  models: |
    model-{{ get .Shared "sticky@V@" }}: {model: some}
""",
    "flag": """\
- uri: template://tests/flag/@V@
  type: flag@CLASS@
  shared: |
    flag: {{ dig "say" "off" (.Params | default dict) | quote }}
  outputs: |
    out: flag@V@
""",
    # Another name for each flag that it finds.
    "reader": """\
- uri: template://tests/reader/@V@
  type: reader@CLASS@
  shared: |
    {{ if hasKey .Shared "flag" }}
    read: {{ dig "read" (randAlphaNum 8) .Shared | quote }}
    {{ end }}
  outputs: |
    out: "@V@{{ dig "flag" "none" .Shared }}{{ dig "read" "nothing" .Shared }}"
""",
    "variable": """\
- uri: template://tests/variable/@V@
  type: variable@CLASS@
  outputs: |
    out: "@V@{{ env "ENGINE_TEST" }}{{ expandenv "$ENGINE_OTHER" }}"
""",
    # Files and directories that take each other's place.
    "tree": """\
- uri: template://tests/tree/@V@
  type: tree@CLASS@
  outputs: |
    out: tree
  directories: |
    {{ $say := dig "say" "-" (.Params | default dict) }}
    {{ if eq $say "x" }}made/{{ .Id }}: true{{ end }}
    {{ if eq $say "y" }}gone: false{{ end }}
  files: |
    {{ $say := dig "say" "-" (.Params | default dict) }}
    {{ if eq $say "x" }}gone/{{ .Id }}: text{{ end }}
    {{ if eq $say "y" }}made/{{ .Id }}: text@V@{{ end }}
    {{ if eq $say "alpha" }}made/{{ .Id }}/deep/file: text{{ end }}
    {{ if eq $say "beta" }}made/{{ .Id }}: null{{ end }}
""",
    # Deletes what others contribute.
    "undo": """\
- uri: template://tests/undo/@V@
  type: undo@CLASS@
  shared: |
    flag: null
    undone:
      {{ .Uid | quote }}: {{ if eq "x" (dig "say" "-" (.Params | default dict)) }}null{{ else }}1{{ end }}
  outputs: |
    out: "{{ len .Shared.undone }}"
""",
    "model": """\
- uri: template://tests/model/@V@
  type: model@CLASS@
  outputs: |
    out: "@V@"
  models: |
    {{ .Id | replace "." "-" }}: {model: m@V@}
""",
}


@dataclass(frozen=True)
class Resource:
    type: str
    class_: str | None = None
    id: str | None = None
    say: str | None = None

    def text(self, later: Collection[str]) -> str:
        """As it is written in a Score file; only what is ``later`` in it is referred to: no cycles."""
        say = self.say
        if say and say.startswith("${resources.") and say[12:14] not in later:
            say = "x"
        parts = [f"type: {self.type}"]
        parts += [f"class: {self.class_}"] if self.class_ else []
        parts += [f"id: {self.id}"] if self.id else []
        parts += [f"params: {{say: '{say}'}}"] if say else []
        return "{" + ", ".join(parts) + "}"


ENVIRONMENT = Resource("environment")


@dataclass(frozen=True)
class Workload:
    name: str
    resources: dict[str, Resource] = field(default_factory=dict)
    used: frozenset[str] = frozenset(RESOURCES)
    port: int | None = None
    file: str | None = None
    source: bool = False
    mode: str = "0644"

    def text(self) -> str:
        lines = ["apiVersion: score.dev/v1b1", f"metadata: {{name: {self.name}}}"]
        if self.port:
            lines += ["service:", f"  ports: {{web: {{port: {self.port}}}}}"]
        lines += ["containers:", "  main:", "    image: nginx", "    variables:", "      ONE: '1'"]
        for name, resource in self.resources.items():
            if name in self.used and resource.type != "environment":
                lines.append(f"      {name.upper()}: ${{resources.{name}.out}}")
            elif resource.type == "environment":
                lines.append(f"      {name.upper()}: ${{resources.{name}.ENGINE_TEST}}")
        content = self.file
        if content == "${resources.ra.out}" and self.resources.get("ra", ENVIRONMENT) == ENVIRONMENT:
            content = "text"
        files = [f"      /etc/file: {{content: '{content}', mode: '{self.mode}'}}"] if content else []
        files += ["      /etc/source: {source: source.txt}"] if self.source else []
        lines += ["    files:", *files] if files else []
        if self.resources:
            proper = {name for name, one in self.resources.items() if one.type != "environment"}
            lines.append("resources:")
            for name, one in self.resources.items():
                lines.append(f"  {name}: {one.text({other for other in proper if other > name})}")
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Entry:
    type: str
    version: int
    class_: str | None = None

    def text(self) -> str:
        class_ = f"\n  class: {self.class_}" if self.class_ else ""
        return ENTRIES[self.type].replace("@V@", str(self.version)).replace("@CLASS@", class_)


SAYS = st.sampled_from(
    [
        None,
        None,
        "x",
        "y",
        "alpha",
        "beta",
        "${metadata.name}",
        *(f"${{resources.{r}.out}}" for r in RESOURCES),
    ]
)
A_RESOURCE = st.builds(
    Resource,
    type=st.sampled_from([*TYPES, *TYPES, "environment"]),
    class_=st.sampled_from([None, None, None, "special"]),
    id=st.sampled_from([None, None, None, "common"]),
    say=SAYS,
).map(lambda r: ENVIRONMENT if r.type == "environment" else r)
SOME_RESOURCES = st.dictionaries(st.sampled_from(RESOURCES), A_RESOURCE, max_size=3)
A_TYPE = st.sampled_from(TYPES)
GO = st.sampled_from([True, True, False])


class Edits(RuleBasedStateMachine):
    """Edits of a project, each followed by a run (or not), and each run by one from scratch."""

    @initialize(by_command=st.booleans())
    def start(self, by_command: bool) -> None:
        """With globs as a dodo.py has them, or with files that are given as to the command."""
        self.by_command = by_command
        self.back = os.getcwd()
        # Much is synced here, which takes no time where there is no disk.
        self.root = tempfile.mkdtemp(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
        for name in ("edited", "scratch"):
            os.mkdir(f"{self.root}/{name}")
        os.chdir(f"{self.root}/edited")
        for name in ("ENGINE_TEST", "ENGINE_OTHER"):
            os.environ.pop(name, None)
        self.settings = Settings(default_provisioners=False, project="p")
        self.workloads = {PATHS[0]: Workload("alpha", port=80)}
        self.entries: dict[str, list[Entry]] = {FILES[0]: [], FILES[1]: [Entry(t, 0) for t in TYPES]}
        self.outputs = {"compose.yaml"}
        for folder in (".", "sub", "other"):
            self.put(f"{folder}/source.txt", "source")
        self.write()
        self.check()

    def teardown(self) -> None:
        os.chdir(self.back)
        shutil.rmtree(self.root)

    # The files

    def write(self) -> None:
        for path in PATHS:
            text = self.workloads[path].text() if path in self.workloads else None
            self.put(path, text)
        for path, entries in self.entries.items():
            self.put(path, "".join(entry.text() for entry in entries) or None)

    def put(self, path: str, text: str | None) -> None:
        """Writes a file if its text is another, so that an unchanged one keeps its times."""
        file = Path(path)
        if text is None:
            file.unlink(missing_ok=True)
        elif not file.exists() or file.read_text() != text:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)

    def edited(self, go: bool) -> None:
        self.write()
        if go:
            self.check()

    # The law

    def check(self) -> None:
        time.sleep(SETTLE_SECONDS)
        before = self.result()
        error = self.run()
        after = self.result()
        if error is None:
            assert Project().engine(**self.changes()).is_current()
            project = Project()
            engine = project.engine(**self.changes())
            engine.provision()
            engine.render()
            engine.generate()
            said = [text for level, text in project.said if level == "info"]
            assert said == [f"{self.settings.output} is up to date"]
            assert self.result() == after
        else:
            assert after == before, "a run that failed changed something"
        os.chdir("../scratch")
        try:
            shutil.rmtree(".", ignore_errors=True)
            outputs = shutil.ignore_patterns("state", *(os.path.basename(path) for path in self.outputs))
            shutil.copytree("../edited", ".", ignore=outputs, dirs_exist_ok=True)
            same_generated_values("../edited/state", "state")
            assert self.run() == error
            if error is None:
                assert self.result() == after
        finally:
            os.chdir("../edited")

    def changes(self) -> dict[str, object]:
        """The settings, without what is for workloads that there are not."""
        found = {name: getattr(self.settings, name) for name in Settings.__slots__}
        names = {one.name for one in self.workloads.values()}
        for option in ("builds", "images"):
            found[option] = {k: v for k, v in found[option].items() if k.rpartition(":")[0] in {"", *names}}
        found["publish"] = tuple(p for p in self.settings.publish or () if p.split(":")[1] in names)
        if self.by_command:
            overrides = self.settings.overrides
            found["workloads"] = None
            found["given"] = tuple((p, overrides.get(p, FileOptions())) for p in sorted(self.workloads))
        return found

    def run(self) -> str | None:
        """Runs all stages; the text of the error, if there is one."""
        try:
            Project().run(**self.changes())
        except ScoreError as error:
            return str(error)
        return None

    def result(self) -> object:
        output = Path(self.settings.output)
        return output.read_bytes() if output.exists() else b"", tree() if os.path.exists("state") else {}

    # Edits of Score files

    @rule(
        path=st.sampled_from(PATHS),
        name=st.sampled_from(NAMES),
        resources=SOME_RESOURCES,
        port=st.sampled_from([None, 80, 81]),
        go=GO,
    )
    def write_score_file(
        self, path: str, name: str, resources: dict[str, Resource], port: int | None, go: bool
    ) -> None:
        taken = {one.name for other, one in self.workloads.items() if other != path}
        name = name if name not in taken else next(n for n in NAMES if n not in taken)
        self.workloads[path] = Workload(name, resources, port=port)
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

    @rule(data=st.data(), id_=st.sampled_from([None, "common"]), say=SAYS, go=GO)
    def share_or_change(self, data: st.DataObject, id_: str | None, say: str | None, go: bool) -> None:
        """Gives a resource another id, or other params."""
        path = data.draw(st.sampled_from(sorted(self.workloads)))
        resources = dict(self.workloads[path].resources)
        for name in sorted(resources)[:1]:
            if resources[name].type != "environment":
                resources[name] = replace(resources[name], id=id_, say=say)
        self.workloads[path] = replace(self.workloads[path], resources=resources)
        self.edited(go)

    @rule(
        data=st.data(),
        port=st.sampled_from([None, 80, 81]),
        file=st.sampled_from([None, "text", "${metadata.name}", "${resources.ra.out}"]),
        source=st.booleans(),
        mode=st.sampled_from(["0644", "0400", "0755"]),
        go=GO,
    )
    def edit_rest(
        self, data: st.DataObject, port: int | None, file: str | None, source: bool, mode: str, go: bool
    ) -> None:
        path = data.draw(st.sampled_from(sorted(self.workloads)))
        one = replace(self.workloads[path], port=port, file=file, source=source, mode=mode)
        self.workloads[path] = one
        self.edited(go)

    @rule(
        folder=st.sampled_from([".", "sub"]),
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

    # Other options

    @rule(output=st.sampled_from(["compose.yaml", "deploy/compose.yaml", "other.yaml"]), go=GO)
    def another_output(self, output: str, go: bool) -> None:
        os.makedirs("deploy", exist_ok=True)
        self.outputs.add(output)
        self.settings = replace(self.settings, output=output)
        self.edited(go)

    @rule(
        builds=st.sampled_from([{}, {"main": {"context": "."}}, {"alpha:main": {"context": "sub"}}]),
        images=st.sampled_from([{}, {"beta:main": "busybox"}]),
        go=GO,
    )
    def other_builds_and_images(
        self, builds: dict[str, dict[str, object]], images: dict[str, str], go: bool
    ) -> None:
        self.settings = replace(self.settings, builds=builds, images=images)
        self.edited(go)

    @rule(publish=st.sampled_from([(), ("8080:alpha:80",), ("8080:beta:81", "8081:alpha:80")]), go=GO)
    def other_ports(self, publish: tuple[str, ...], go: bool) -> None:
        self.settings = replace(self.settings, publish=publish)
        self.edited(go)

    @rule(start_order=st.sampled_from([None, "wait", "direct"]), go=GO)
    def other_start_order(self, start_order: str | None, go: bool) -> None:
        self.settings = replace(self.settings, start_order=start_order)
        self.edited(go)

    @rule(path=st.sampled_from(PATHS), variable=st.sampled_from([None, "over", "${resources.ra.out}"]), go=GO)
    def other_overrides(self, path: str, variable: str | None, go: bool) -> None:
        document = {"containers": {"main": {"variables": {"ONE": variable}}}}
        known = self.workloads.get(path)
        refers = variable == "${resources.ra.out}"
        if refers and known is not None and known.resources.get("ra", ENVIRONMENT) == ENVIRONMENT:
            return
        options = FileOptions(overrides=document) if variable else FileOptions()
        self.settings = replace(self.settings, overrides={path: options})
        self.edited(go)

    @rule(text=st.sampled_from([None, "containers: {main: {image: over}}\n", "{}\n"]), go=GO)
    def overrides_file(self, text: str | None, go: bool) -> None:
        self.put("over.yaml", text)
        document = yaml12.load(text) if text and self.by_command else None
        options = FileOptions(overrides=document, overrides_file="over.yaml")  # type: ignore[arg-type]  # a mapping
        overrides = {PATHS[0]: options} if text else {}
        self.settings = replace(self.settings, overrides=overrides)
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
        self.settings = replace(self.settings, environment=extra)
        self.edited(go)

    @rule(project=st.sampled_from(["p", "q"]), hermetic=st.sampled_from([False, False, True]), go=GO)
    def other_project(self, project: str, hermetic: bool, go: bool) -> None:
        self.settings = replace(self.settings, project=project, hermetic=hermetic)
        self.edited(go)

    @rule(
        text=st.sampled_from(
            [
                None,
                "- {op: set, path: services.alpha-main.restart, value: always}\n",
                "- {op: set, path: services.patch.image, value: '{{ env \"ENGINE_TEST\" }}x'}\n",
            ]
        ),
        go=GO,
    )
    def patch_template(self, text: str | None, go: bool) -> None:
        self.put("patch.tpl", text)
        self.settings = replace(self.settings, patch_templates=("patch.tpl",) if text else ())
        self.edited(go)

    @rule(strict=st.sampled_from([False, False, True]))
    def strict_or_not(self, strict: bool) -> None:
        self.settings = replace(self.settings, strict=strict)
        self.check()

    # Edits by hand

    @rule(data=st.data(), how=st.sampled_from(["edit", "remove", "chmod", "link", "touch"]))
    def meddle(self, data: st.DataObject, how: str) -> None:
        found = [f"state/mounts/{path}" for path in sorted(tree()) if not path.endswith("/")]
        found += [self.settings.output] if os.path.exists(self.settings.output) else []
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

    @rule(path=st.sampled_from(PATHS))
    def touch(self, path: str) -> None:
        if os.path.exists(path):
            os.utime(path)
        self.check()


Edits.TestCase.settings = settings(
    max_examples=int(os.environ.get("ENGINE_EXAMPLES", "40")),
    stateful_step_count=int(os.environ.get("ENGINE_STEPS", "25")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
TestEdits = Edits.TestCase


def test_the_provisioners_of_this_test_are_read() -> None:
    for type_ in TYPES:
        assert isinstance(yaml12.load(Entry(type_, 0).text()), list)
