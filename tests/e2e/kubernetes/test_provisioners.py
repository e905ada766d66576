"""The shipped provisioners in a real cluster: it takes them, and servers and Jobs do their work."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import docking
import pytest
import yaml
from e2e import images
from e2e.kubernetes.cluster import Cluster
from e2e.kubernetes.clustered import IMAGE, Clustered

# Under names of their own: tests that run beside these take the others away.
POSTGRES, REDIS = "example.test/cluster/postgres:1", "example.test/cluster/redis:1"

VOLUME = """\
apiVersion: v1
kind: PersistentVolume
metadata: {name: %(name)s}
spec:
  accessModes: [ReadWriteOnce]
  capacity: {storage: 1Gi}
  local: {path: %(path)s}
  nodeAffinity:
    required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/os, operator: Exists}]}]}
  claimRef: {namespace: %(namespace)s, name: %(claim)s}
"""


@pytest.fixture
def with_servers(here: Clustered, cluster: Cluster, servers: None) -> Iterator[Clustered]:
    """The cluster has images of PostgreSQL and Redis, and the project uses them."""
    images.ensure([POSTGRES, REDIS])
    with tempfile.TemporaryDirectory(dir="/var/tmp") as directory:
        archive = Path(directory) / "servers.tar"
        docking.docker("save", "--output", str(archive), POSTGRES, REDIS)
        cluster.load(archive)
    here.write(
        "provisioners/images.provisioners.yaml",
        f"- uri: images://tests\n  images: {{postgres: '{POSTGRES}', redis: '{REDIS}'}}\n",
    )
    yield here


def test_an_api_server_takes_what_all_shipped_provisioners_give(here: Clustered) -> None:
    here.write(
        "score.yaml",
        f"""\
apiVersion: score.dev/v1b1
metadata: {{name: web}}
containers:
  main:
    image: {IMAGE}
    volumes: {{/data: {{source: "${{resources.disk}}"}}}}
service: {{ports: {{http: {{port: 80, targetPort: 8080}}}}}}
resources:
  broker: {{type: amqp}}
  cache: {{type: redis}}
  db: {{type: postgres}}
  disk: {{type: volume}}
  documents: {{type: mongodb}}
  files: {{type: s3}}
  host: {{type: dns}}
  instance: {{type: postgres-instance}}
  ms: {{type: mssql}}
  my: {{type: mysql}}
  neighbour: {{type: service-port, params: {{workload: web, port: http}}}}
  search: {{type: elasticsearch}}
  topic: {{type: kafka-topic}}
  way: {{type: route, params: {{host: "${{resources.host.host}}", path: /, port: 80}}}}
""",
    )
    here.score("generate", "score.yaml")
    kinds = {one["kind"] for one in yaml.safe_load_all(here.read("manifests.yaml"))}
    assert kinds == {
        "Deployment",
        "Ingress",
        "Job",
        "PersistentVolumeClaim",
        "Secret",
        "Service",
        "StatefulSet",
    }
    here.kubectl(
        "apply", "--server-side", "--dry-run=server", "--validate=strict", "--filename", "manifests.yaml"
    )


def test_databases_and_caches_are_there_for_a_workload_and_keep_their_data(with_servers: Clustered) -> None:
    here = with_servers
    here.write(
        "score.yaml",
        f"""\
apiVersion: score.dev/v1b1
metadata: {{name: web}}
containers:
  cached:
    image: {REDIS}
    command: [sleep, "1000"]
    variables:
      HOST: ${{resources.cache.host}}
      REDISCLI_AUTH: ${{resources.cache.password}}
  stored:
    image: {POSTGRES}
    command: [sleep, "1000"]
    variables:
      DB: postgresql://${{resources.db.username}}:${{resources.db.password}}@${{resources.db.host}}/${{resources.db.name}}
resources:
  cache: {{type: redis}}
  db: {{type: postgres}}
""",
    )
    here.score("generate", "score.yaml")
    servers = _make_volumes(here)
    here.score("up", "--context", "test")

    def stored(statement: str) -> str:
        return _inside(
            here, "stored", f'psql --no-psqlrc --quiet --tuples-only --no-align "$DB" -c "{statement}"'
        )

    def cached(command: str) -> str:
        return _inside(here, "cached", f'redis-cli -h "$HOST" {command}')

    owner = (
        "SELECT pg_get_userbyid(datdba) = current_user FROM pg_database WHERE datname = current_database()"
    )
    assert stored(owner) == "t"
    stored("CREATE TABLE sold (item text); INSERT INTO sold VALUES ('tea')")
    assert cached("set item tea") == "OK"
    for name in servers:
        here.kubectl("delete", "pod", f"{name}-0", "--grace-period=20")
        here.kubectl("rollout", "status", f"statefulset/{name}", "--timeout=90s")
    assert (stored("SELECT item FROM sold"), cached("get item")) == ("tea", "tea")
    before = here.pods()
    assert "nothing to do" in here.score("up").err
    assert here.pods() == before


def _make_volumes(here: Clustered) -> list[str]:
    """A volume for the claim of each StatefulSet; the names of these."""
    found = [one for one in yaml.safe_load_all(here.read("manifests.yaml")) if one["kind"] == "StatefulSet"]
    names = [str(one["metadata"]["name"]) for one in found]
    for name in names:
        path = here.cluster.directory / here.namespace / name
        path.mkdir(parents=True)
        values = {
            "name": f"{here.namespace}-{name}",
            "path": path,
            "namespace": here.namespace,
            "claim": f"data-{name}-0",
        }
        here.apply(VOLUME % values)
    return names


def _inside(here: Clustered, container: str, command: str) -> str:
    return here.kubectl("exec", "deployment/web", "--container", container, "--", "sh", "-c", command).strip()
