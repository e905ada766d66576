"""`generate` + `up` beside score-compose's `generate` + `docker compose up --detach --wait`, in one run.

Two directories with the same project, which take turns at each kind of change; every figure is the median of
whole processes, and each kind tells which containers were replaced and which were started.  Without the
program score-compose the other side only runs `docker compose up`, on what our `generate` wrote before: what
is compared with is then faster than it can be.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
TASKS = HERE.parent / "tasks"
sys.path.insert(0, str(HERE.parent / "tests"))
IMAGE = "dsu-busybox:2"

# What an installer writes as the program `doit-score`.
PROGRAM = "import sys; from doit_score.command.cli import main; sys.exit(main())"

# A broker for all, and a job for each topic; both tools can read it.
TOPIC = """\
- uri: template://benchmark/topic
  type: topic
  outputs: |
    name: {{ .Id | replace "." "-" }}
  services: |
    broker:
      image: IMAGE
      command: [httpd, -f, -p, "80", -h, /www]
      healthcheck: {test: [CMD, "true"], interval: 300ms}
    topic-{{ .Id | replace "." "-" }}:
      image: IMAGE
      command: [echo, "{{ .Id }}"]
      labels: {dev.score.compose.labels.is-init-container: "true"}
      depends_on: {broker: {condition: service_healthy}}
"""


def score(name: str, topics: int, value: str) -> str:
    """A Score file with so many topics."""
    lines = [
        "apiVersion: score.dev/v1b1",
        f"metadata: {{name: {name}}}",
        "containers:",
        f"  main: {{image: '{IMAGE}', command: [sleep, '100000'], variables: {{VALUE: '{value}'}}}}",
    ]
    if topics:
        lines += ["resources:", *(f"  t{number}: {{type: topic}}" for number in range(topics))]
    return "\n".join(lines) + "\n"


@dataclass
class Project:
    """One of the two directories, and how its project is generated and brought up."""

    path: Path
    generate: list[str]
    up: list[str]
    topics: int
    name: str = field(default_factory=lambda: f"up-{uuid.uuid4().hex[:8]}")
    value: str = "first"

    def write(self) -> None:
        (self.path / "web.yaml").write_text(score("web", self.topics, self.value))

    def run(self, command: list[str], fails: bool = False) -> None:
        environment = {**os.environ, "PYTHONPATH": str(TASKS)}
        done = subprocess.run(command, cwd=self.path, env=environment, capture_output=True, text=True)
        if done.returncode != 0 and not fails:
            sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")

    def timed(self) -> float:
        """Seconds for generating and bringing up."""
        start = time.perf_counter()
        if self.generate:
            self.run(self.generate)
        # Compose takes a job that has ended well for one that failed (2.26).
        self.run(self.up, fails=self.up[0] == "docker")
        return time.perf_counter() - start

    def down(self) -> None:
        subprocess.run(
            ["docker", "compose", "--project-name", self.name, "down", "--timeout", "0", "--remove-orphans"],
            capture_output=True,
        )

    def containers(self) -> dict[str, tuple[str, str]]:
        """Id and start of the container of each service."""
        listed = subprocess.run(
            ["docker", "ps", "--all", "--quiet", f"--filter=label=com.docker.compose.project={self.name}"],
            capture_output=True,
            text=True,
        ).stdout.split()
        if not listed:
            return {}
        done = subprocess.run(["docker", "inspect", *listed], capture_output=True, text=True, check=True)
        return {
            one["Config"]["Labels"]["com.docker.compose.service"]: (one["Id"], one["State"]["StartedAt"])
            for one in json.loads(done.stdout)
        }


def cold(project: Project) -> None:
    project.down()


def unchanged(project: Project) -> None:
    pass


def variable(project: Project) -> None:
    project.value = uuid.uuid4().hex
    project.write()


def topic(project: Project) -> None:
    project.topics += 1
    project.write()


KINDS: dict[str, Callable[[Project], None]] = {
    "cold": cold,
    "unchanged": unchanged,
    "one variable": variable,
    "one topic more": topic,
}


Measured = tuple[float, set[str], set[str]]
"""The seconds of one change, and which services got another container, and which were started again."""


def measured(project: Project, kind: str) -> Measured:
    """One change of a kind."""
    KINDS[kind](project)
    if not project.generate and kind in ("one variable", "one topic more"):
        project.run([sys.executable, "-c", PROGRAM, "--quiet", "generate"])
    before = project.containers()
    seconds = project.timed()
    after = project.containers()
    replaced = {name for name in before.keys() & after.keys() if before[name][0] != after[name][0]}
    started = {name for name in before.keys() & after.keys() if before[name] != after[name]}
    return seconds, replaced, started - replaced


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--repeat", type=int, default=5, help="runs of each kind (default: 5)")
    parser.add_argument("--topics", type=int, default=2, help="topics at the start; 0: no resource at all")
    parser.add_argument("--workloads", type=int, default=3, help="workloads (default: 3)")
    parser.add_argument("--score-compose", default=shutil.which("score-compose"), help="the program")
    chosen = parser.parse_args()
    import docking

    docking.need_engine()
    docking.need_image()
    own = [sys.executable, "-c", PROGRAM, "--quiet"]
    up = ["docker", "compose", "up", "--detach", "--wait"]
    with tempfile.TemporaryDirectory() as root:
        ours = Project(Path(root, "ours"), [*own, "generate"], [*own, "up"], chosen.topics)
        other = Project(Path(root, "theirs"), [], up, chosen.topics)
        if chosen.score_compose:
            other.generate = [chosen.score_compose, "--quiet", "generate"]
        tool = f"score-compose generate; {' '.join(up)}" if other.generate else " ".join(up)
        try:
            set_up(ours, chosen.workloads, None)
            set_up(other, chosen.workloads, chosen.score_compose)
            print(
                f"{chosen.workloads} workloads, {chosen.topics} topics, medians of {chosen.repeat}, seconds"
            )
            print(f"ours: doit-score generate; doit-score up.  Other: {tool}")
            print("\n| run | ours | other | ratio | replaced, ours | other | started again, ours | other |")
            print("|---|---:|---:|---:|---|---|---|---|")
            for kind in KINDS:
                row(kind, [(measured(ours, kind), measured(other, kind)) for _ in range(chosen.repeat)])
        finally:
            ours.down()
            other.down()


def set_up(project: Project, workloads: int, score_compose: str | None) -> None:
    """The Score files, the state, and a first round that is not counted."""
    project.path.mkdir()
    program = [score_compose] if score_compose else [sys.executable, "-c", PROGRAM]
    project.run([*program, "--quiet", "init", "--no-sample", "--project", project.name])
    folder = project.path / (".score-compose" if score_compose else "provisioners")
    folder.mkdir(exist_ok=True)
    (folder / "00-topic.provisioners.yaml").write_text(TOPIC.replace("IMAGE", IMAGE))
    project.write()
    for number in range(1, workloads):
        (project.path / f"other{number}.yaml").write_text(score(f"other{number}", min(1, project.topics), ""))
    names = sorted(path.name for path in project.path.glob("*.yaml") if path.name != "compose.yaml")
    project.run([*program, "--quiet", "generate", *names])
    project.timed()


def row(kind: str, runs: list[tuple[Measured, Measured]]) -> None:
    ours, other = (statistics.median(pair[side][0] for pair in runs) for side in (0, 1))
    last = runs[-1]

    def told(names: set[str]) -> str:
        return ", ".join(sorted(names)) or "none"

    print(
        f"| {kind} | {ours:.2f} | {other:.2f} | {ours / other:.2f} | {told(last[0][1])} | {told(last[1][1])} "
        f"| {told(last[0][2])} | {told(last[1][2])} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
