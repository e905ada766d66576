"""Writes a repository of many workloads: `monorepo.py COUNT DIRECTORY [--syntax jinja|go]`.

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

score = Score(workloads=["services/*/score.yaml"], project="monorepo")
DOIT_CONFIG = {"default_tasks": ["generate"], "dep_file": score.dep_file}
"""


def score_file(directory: Path, number: int) -> Path:
    """The path of the Score file of workload ``number``, counted from 0."""
    return directory / "services" / f"svc-{number:05d}" / "score.yaml"


def write(count: int, directory: Path, syntax: str = "jinja") -> None:
    """Writes ``count`` Score files, the provisioners in ``syntax`` (jinja or go) and a dodo.py."""
    for number in range(count):
        path = score_file(directory, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        cache = str(number // WORKLOADS_PER_CACHE)
        path.write_text(SCORE.replace("@NAME@", path.parent.name).replace("@CACHE@", cache))
    target = directory / "provisioners"
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(PROVISIONERS / f"{syntax}.provisioners.yaml", target / "10-benchmark.provisioners.yaml")
    (directory / "dodo.py").write_text(DODO)


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes a repository of many workloads.")
    parser.add_argument("count", type=int, help="how many workloads")
    parser.add_argument("directory", type=Path, help="where to; made if it is not there")
    parser.add_argument("--syntax", choices=["jinja", "go"], default="jinja", help="of the provisioners")
    arguments = parser.parse_args()
    write(arguments.count, arguments.directory, arguments.syntax)


if __name__ == "__main__":
    main()
