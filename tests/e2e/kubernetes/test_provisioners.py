"""A real API server takes what the shipped provisioners give."""

from __future__ import annotations

import yaml
from e2e.kubernetes.clustered import IMAGE, Clustered


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
