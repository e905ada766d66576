"""The files of a project whose edits the law of the engine is about, and how they are drawn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import hypothesis.strategies as st
from engine_entries import ENTRIES

PATHS = ("one.score.yaml", "two.score.yaml", "sub/score.yaml", "other/score.yaml")
NAMES = ("alpha", "beta", "gamma", "delta")
RESOURCES = ("ra", "rb", "rc", "rd")
TYPES = tuple(ENTRIES)
PROJECTS = {"compose": "ComposeProjectName", "kubernetes": "Namespace"}
"""What templates are told of the project, by target."""
FILES = ("provisioners/10-a.provisioners.yaml", "provisioners/20-b.provisioners.yaml")


Ports = tuple[tuple[str, int], ...]


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
    ports: Ports = ()
    file: str | None = None
    source: bool = False
    mode: str = "0644"
    image: str = "nginx"
    said: str = "1"
    kind: str = ""
    lead: int = 0
    """How many lines of comment there are."""
    probes: str = ""
    vain: bool = False
    """Whether it asks for what its target does not have."""

    def runs(self, type_: str) -> bool:
        """Whether it has a resource of that type."""
        return any(one.type == type_ for one in self.resources.values())

    def text(self, target: str = "compose") -> str:
        annotations = [f"k8s.score.dev/kind: {self.kind}"] if self.kind else []
        annotations += [f"compose.score.dev/probes: {self.probes}"] if self.probes else []
        annotations += ["k8s.score.dev/vain: x"] if self.vain and target == "kubernetes" else []
        more = f", annotations: {{{', '.join(annotations)}}}" if annotations else ""
        lines = ["# A line."] * self.lead
        lines += ["apiVersion: score.dev/v1b1", f"metadata: {{name: {self.name}{more}}}"]
        if self.ports:
            ports = ", ".join(
                f"{name}: {{port: {port}, targetPort: {port + 8000}}}" for name, port in self.ports
            )
            lines += ["service:", f"  ports: {{{ports}}}"]
        lines += ["containers:", "  main:", f"    image: {self.image}"]
        if self.vain:
            lines += ["    livenessProbe: {httpGet: {port: 80, path: /}}"]
            plain = ["    volumes: {/data: {source: plain, path: sub}}"]
            lines += plain if target == "compose" else []
        lines += ["    variables:", f"      ONE: '{self.said}'"]
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

    def text(self, target: str = "compose") -> str:
        class_ = f"\n  class: {self.class_}" if self.class_ else ""
        text = ENTRIES[self.type].replace("@V@", str(self.version)).replace("@CLASS@", class_)
        return text.replace("@PROJECT@", PROJECTS[target])


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
PORTS = st.dictionaries(st.sampled_from(["web", "admin"]), st.sampled_from([80, 81, 90]), max_size=2).map(
    lambda ports: tuple(sorted(ports.items()))
)
GO = st.sampled_from([True, True, False])
"""Whether an edit is followed by a run, or by another edit."""
