"""What a Score file says reaches the containers of a real pod."""

from __future__ import annotations

import docking
from e2e.kubernetes.clustered import IMAGE, LIMIT, Clustered

PROVISIONER = """\
- uri: jinja://tests/till
  type: till
  state: |
    pin: {{ state.pin | default("a$b$(HOME)$$") | tojson }}
  outputs: |
    pin: {{ encodeSecretRef("till", "pin") }}
    text: {{ "$(HOME) and $$ and " | tojson }}
  manifests: |
    - apiVersion: v1
      kind: Secret
      metadata: {name: till}
      stringData: {pin: {{ state.pin | tojson }}}
- uri: jinja://tests/disk
  type: disk
  outputs: |
    claimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}, storageClassName: ""}
"""

VOLUME = """\
apiVersion: v1
kind: PersistentVolume
metadata: {name: %s}
spec:
  accessModes: [ReadWriteOnce]
  capacity: {storage: 1Mi}
  hostPath: {path: %s, type: DirectoryOrCreate}
  claimRef: {namespace: %s, name: %s}
"""


def test_dollars_secrets_and_files_arrive_as_they_were_written(here: Clustered) -> None:
    here.write("provisioners/own.provisioners.yaml", PROVISIONER)
    here.write(
        "score.yaml",
        f"""\
apiVersion: score.dev/v1b1
metadata: {{name: web}}
containers:
  main:
    image: {IMAGE}
    command: [sh, -c, 'printf "%s|" "$@" > /tmp/args; sleep 1000', "-"]
    args: ["$(HOME)", "$X $$Y", "5$$$$"]
    variables:
      A: $(HOME) $$ $X
      PIN: ${{resources.till.pin}}
      URL: "${{resources.till.text}}-${{resources.till.pin}}"
    files:
      /etc/web/one: {{content: "$$ ${{metadata.name}} $(HOME)", mode: "0440"}}
      /etc/secret: {{content: "${{resources.till.pin}}"}}
    readinessProbe: {{exec: {{command: [test, -s, /tmp/args]}}}}
resources:
  till: {{type: till}}
""",
    )
    here.score("generate", "score.yaml")
    here.score("up", "--context", "test")

    def shows(command: str) -> str:
        return here.kubectl("exec", "deployment/web", "--", "sh", "-c", command)

    assert shows("cat /tmp/args") == "$(HOME)|$X $Y|5$$|"
    assert shows('printf %s "$A"') == "$(HOME) $ $X"
    assert shows('printf %s "$PIN"') == "a$b$(HOME)$$"
    assert shows('printf %s "$URL"') == "$(HOME) and $$ and -a$b$(HOME)$$"
    assert shows("cat /etc/web/one; cat /etc/secret; cat /etc/passwd") == (
        "$ web $(HOME)a$b$(HOME)$$root:x:0:0:root:/:/bin/sh\n"
    )


def test_containers_start_in_the_order_of_before(here: Clustered) -> None:
    here.write(
        "score.yaml",
        f"""\
apiVersion: score.dev/v1b1
metadata: {{name: web}}
containers:
  a-main:
    image: {IMAGE}
    command: [sh, -c, "date +%s > /log/main; wget -q -O /log/got http://127.0.0.1/ && sleep 1000"]
    volumes: {{/log: {{source: "${{resources.log}}"}}}}
    readinessProbe: {{exec: {{command: [test, -s, /log/got]}}}}
  proxy:
    image: {IMAGE}
    command: [httpd, -f, -p, "80", -h, /www]
    readinessProbe: {{httpGet: {{path: /, port: 80}}}}
    before: {{a-main: {{ready: healthy}}}}
  setup:
    image: {IMAGE}
    command: [sh, -c, "sleep 1; date +%s > /log/setup"]
    volumes: {{/log: {{source: "${{resources.log}}"}}}}
    before: {{proxy: {{ready: complete}}}}
resources:
  log: {{type: scratch}}
""",
    )
    here.write(
        "provisioners/own.provisioners.yaml",
        "- uri: jinja://tests/scratch\n  type: scratch\n  outputs: |\n    source: {emptyDir: {}}\n",
    )
    here.score("generate", "score.yaml")
    here.score("up", "--context", "test")
    setup, main = here.kubectl(
        "exec", "deployment/web", "--container", "a-main", "--", "cat", "/log/setup", "/log/main"
    ).split()
    # It sleeps for a second first: beside each other they would end the other way round.
    assert int(setup) <= int(main)


def test_data_in_a_claim_outlives_its_pod_and_down(here: Clustered) -> None:
    here.write("provisioners/own.provisioners.yaml", PROVISIONER)
    here.write(
        "score.yaml",
        f"""\
apiVersion: score.dev/v1b1
metadata: {{name: web, annotations: {{k8s.score.dev/kind: StatefulSet}}}}
containers:
  main:
    image: {IMAGE}
    command: [sh, -c, "date >> /data/starts; touch /tmp/started; sleep 1000"]
    volumes: {{/data: {{source: "${{resources.disk}}"}}}}
    readinessProbe: {{exec: {{command: [test, -e, /tmp/started]}}}}
resources:
  disk: {{type: disk}}
""",
    )
    here.score("generate", "score.yaml")
    claim = f"{here.claims()[0]}-web-0"
    here.apply(VOLUME % (here.namespace, here.cluster.directory / here.namespace, here.namespace, claim))
    here.score("up", "--context", "test")
    before = here.pods()
    here.kubectl("delete", "pod", "web-0", "--grace-period=0", "--force")
    # The controller may still take the set for one whose pod is ready: it is the pod that counts.
    docking.wait_until(lambda: here.pods().get("web", before["web"]) != before["web"], LIMIT)
    here.kubectl("wait", "--for=condition=Ready", "pod/web-0", "--timeout=600s")
    here.score("down")
    here.score("up")
    starts = here.kubectl("exec", "web-0", "--", "cat", "/data/starts").splitlines()
    assert len(starts) == 3
    here.score("down", "--volumes")
    assert here.kubectl("get", "persistentvolumeclaims", "-o", "name") == ""
