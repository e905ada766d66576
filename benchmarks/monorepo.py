"""Writes a repository of many workloads: `monorepo.py COUNT DIRECTORY [--kind jinja|go|kubernetes]`.

Every workload has one postgres of its own, and fifty of them share a redis.  The Score files are
those of the yardstick that score-compose was measured with, so that figures can be compared.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

PROVISIONERS = Path(__file__).parent / "provisioners"
WORKLOADS_PER_CACHE = 50

SCORE = """\
apiVersion: score.dev/v1b1
metadata:
  name: @NAME@
containers:
  main:
    image: nginx:1.27
    variables:
      DB: "postgresql://${resources.db.username}:${resources.db.password}@${resources.db.host}:${resources.db.port}/${resources.db.name}"
      CACHE: ${resources.cache.host}
      NAME: ${metadata.name}
    files:
      /etc/app.conf:
        content: |
          name=${metadata.name}
          db=${resources.db.host}
resources:
  db:
    type: postgres
  cache:
    type: redis
    id: shared-cache-@CACHE@
service:
  ports:
    http:
      port: 80
"""

DODO = """\
from doit_score import Score

score = Score(workloads=["services/*/score.yaml"], project="monorepo", target="@TARGET@")
DOIT_CONFIG = {"default_tasks": ["generate"], "dep_file": score.dep_file}
"""


def score_file(directory: Path, number: int) -> Path:
    """The path of the Score file of workload ``number``, counted from 0."""
    return directory / "services" / f"svc-{number:05d}" / "score.yaml"


KINDS = ("jinja", "go", "kubernetes")
"""Of the provisioners: those of Kubernetes are in Jinja2."""


def target(kind: str) -> str:
    """What the Score files are turned into."""
    return "kubernetes" if kind == "kubernetes" else "compose"


def write(count: int, directory: Path, kind: str = "jinja") -> None:
    """Writes ``count`` Score files, the provisioners of this ``kind`` and a dodo.py."""
    for number in range(count):
        path = score_file(directory, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        cache = str(number // WORKLOADS_PER_CACHE)
        path.write_text(SCORE.replace("@NAME@", path.parent.name).replace("@CACHE@", cache))
    folder = directory / "provisioners"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(PROVISIONERS / f"{kind}.provisioners.yaml", folder / "10-benchmark.provisioners.yaml")
    (directory / "dodo.py").write_text(DODO.replace("@TARGET@", target(kind)))


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes a repository of many workloads.")
    parser.add_argument("count", type=int, help="how many workloads")
    parser.add_argument("directory", type=Path, help="where to; made if it is not there")
    parser.add_argument("--kind", choices=KINDS, default="jinja", help="of the provisioners")
    arguments = parser.parse_args()
    write(arguments.count, arguments.directory, arguments.kind)


if __name__ == "__main__":
    main()
