"""Workloads in a real cluster crash until their servers are there, use them, and find what they wrote."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml
from e2e import images
from e2e.kubernetes.clustered import Clustered
from e2e.test_default_provisioners import workload

pytestmark = pytest.mark.usefixtures("built", "kafka")

USED = "workload.py"
SERVERS = ("kafka", "mc", "minio", "mongo", "mysql", "postgres", "rabbitmq", "redis")
IMAGES = {name: f"example.test/databases/{name}:1" for name in (*SERVERS, "workload")}

# What a driver of volumes makes: a directory of a file system of its own, which the group of a pod may get.
VOLUME = """\
apiVersion: v1
kind: PersistentVolume
metadata: {{name: {namespace}-{claim}}}
spec:
  accessModes: [ReadWriteOnce]
  capacity: {{storage: 10Gi}}
  local: {{path: {path}}}
  nodeAffinity:
    required:
      nodeSelectorTerms:
        - matchExpressions: [{{key: kubernetes.io/hostname, operator: In, values: [node1]}}]
  claimRef: {{namespace: {namespace}, name: {claim}}}
"""

# What more than one workload asks for is on one server, with something of its own for each.
SHARED = ("PG", "MY", "S3", "KAFKA", "AMQP")

USES = ("PG", "PGI", "MY", "REDIS", "S3", "MONGO", "KAFKA", "AMQP")
"""What a workload uses in the cluster; the pages of these types tell that they were run there."""

EXTENDED = """\
  postgres:
    type: postgres
    params:
      extensions:
        pgcrypto:
          schema: ext
"""


def give_images(here: Clustered) -> None:
    """Puts images into the cluster, and has the project use them.

    They have names of their own: tests that run beside these take the others away.
    """
    images.ensure([*IMAGES.values()])
    archive = here.path / "images.tar"
    subprocess.run(["docker", "save", "--output", str(archive), *sorted(IMAGES.values())], check=True)
    here.cluster.load(archive)
    archive.unlink()
    of_servers = json.dumps({name: IMAGES[name] for name in SERVERS})
    here.write("provisioners/images.provisioners.yaml", f"- uri: images://tests\n  images: {of_servers}\n")


def give_volumes(here: Clustered) -> None:
    """A volume for each claim, with what a new file system has in it."""
    for one in yaml.safe_load_all(here.read("manifests.yaml")):
        if one["kind"] == "StatefulSet":
            claim = f"data-{one['metadata']['name']}-0"
            path = here.cluster.directory / f"{here.namespace}-{claim}"
            (path / "lost+found").mkdir(mode=0o700, parents=True)
            here.apply(VOLUME.format(namespace=here.namespace, claim=claim, path=path))


def starts(here: Clustered, name: str) -> dict[str, int]:
    """How often the workload was started, as each of its servers knows it."""
    code = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8080').read().decode())"
    lines = here.kubectl("exec", f"deployment/{name}", "--", "python3", "-c", code).splitlines()
    found = json.loads(lines[1])
    counts: dict[str, int] = found["starts"]
    return counts


def test_workloads_use_what_was_made_for_them_and_find_it_again(here: Clustered) -> None:
    here.write(USED, (Path(images.__file__).parent / USED).read_text(encoding="utf-8"))
    for name, text in (
        ("app", workload("app", USES, EXTENDED, PG_EXTENSION="yes")),
        ("other", workload("other", SHARED)),
    ):
        here.write(f"{name}.yaml", text.replace(images.WORKLOAD, IMAGES["workload"]))
    give_images(here)
    here.score("generate", "app.yaml", "other.yaml", "--strict")
    give_volumes(here)
    here.score("up", "--context", "test")
    before, other = starts(here, "app"), starts(here, "other")
    assert {*before} == {"amqp", "instance", "kafka", "mongodb", "mysql", "postgres", "redis", "s3"}
    assert {*other} == {"amqp", "kafka", "mysql", "postgres", "s3"}
    # All servers are made anew on the data that they have, and then the workload.
    servers = here.kubectl("get", "statefulsets", "--output", "name").split()
    here.kubectl("rollout", "restart", *servers)
    for one in servers:
        here.kubectl("rollout", "status", one, "--timeout=900s")
    here.kubectl("rollout", "restart", "deployment/app")
    here.kubectl("rollout", "status", "deployment/app", "--timeout=900s")
    after = starts(here, "app")
    assert all(after[one] > before[one] for one in before)
