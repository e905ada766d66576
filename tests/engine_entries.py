"""Provisioners for the law of the engine: all ways in which one resource can depend on another.

Every entry has an output `out`, comes in several versions, and prints the same when it is run again.
It is for every target: `@PROJECT@` stands for what is told of the project.
"""

from __future__ import annotations

UNDECLARED = "probe"
"""The type whose provisioner is a command that does not name its inputs."""

ENTRIES = {
    "thing": """\
- uri: template://tests/thing/@V@
  type: thing@CLASS@
  secret_outputs: [out]
  state: |
    name: {{ dig "name" (randAlphaNum 12) .State | quote }}
  outputs: |
    out: {{ print .State.name "@V@" (dig "say" "-" (.Params | default dict)) .@PROJECT@ | quote }}
  networks: |
    net-{{ .State.name }}: {driver: bridge}
  manifests: |
    - {apiVersion: v1, kind: ConfigMap, metadata: {name: net-{{ .State.name | lower }}}}
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
  manifests: |
    - {apiVersion: v1, kind: Service, metadata: {name: {{ shared["broker@V@"].name }}}}
    - apiVersion: v1
      kind: Secret
      metadata: {name: {{ shared["broker@V@"].name }}}
      stringData: {topics: {{ shared["broker@V@"].topics | tojson | tojson }}}
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
  manifests: |
    - apiVersion: v1
      kind: ConfigMap
      metadata: {name: {{ .Shared.proxy }}}
      data: {routes: {{ .Shared.routes | toJson | quote }}}
""",
    # Warned of for its params, for what it is given in vain, and for what it does not return.
    "noisy": """\
- uri: template://tests/noisy/@V@
  type: noisy@CLASS@
  supported_params: []
  expected_outputs: [out, more@V@]
  outputs: |
    out: "@V@{{ .Params.none }}"
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
  manifests: |
    - {apiVersion: v1, kind: ServiceAccount, metadata: {name: sticky-{{ get .Shared "sticky@V@" | lower }}}}
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
  manifests: |
    {{ $say := dig "say" "-" (.Params | default dict) }}
    {{ if eq $say "x" }}- {apiVersion: v1, kind: ConfigMap, metadata: {name: tree-{{ .Id }}}}{{ end }}
    {{ if eq $say "y" }}- {apiVersion: a.test/v1, kind: Tree, metadata: {name: tree}, spec: {v: @V@}}{{ end }}
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
  manifests: |
    - {apiVersion: a.test/v1, kind: Model, metadata: {name: {{ .Id }}}, spec: {v: @V@}}
""",
    # A port by itself: what else there is of the workload is not looked at.
    "target": """\
- uri: jinja://tests/target/@V@
  type: target@CLASS@
  outputs: |
    {% set other = workload_services.get(params.say | default("alpha"), {"ports": {}}) %}
    out: "@V@{{ other.ports.web.target_port if "web" in other.ports else "no web" }}"
""",
    # Every workload, in the order in which they come.
    "roll": """\
- uri: jinja://tests/roll/@V@
  type: roll@CLASS@
  outputs: |
    out: "@V@{% for name in workload_services %}{{ name }},{% endfor %}"
""",
    # All of a list, in the order in which it comes, and its own place in it.
    "queue": """\
- uri: jinja://tests/queue/@V@
  type: queue@CLASS@
  shared: |
    queue:
      {{ uid | tojson }}: {who: {{ source_workload }}, say: {{ params.say | default("-") | tojson }}}
  outputs: |
    out: "@V@{% for uid, one in shared.queue.items() %}{{ loop.index }}{{ one.who }}{{ one.say }}{% endfor %}"
""",
    # One leaf of a tree in which others make a mapping of a text, and a text of a mapping.
    "leaf": """\
- uri: template://tests/leaf/@V@
  type: leaf@CLASS@
  shared: |
    tree:
      {{- if eq "x" (dig "say" "-" (.Params | default dict)) }}
      branch: text
      {{- else if eq "y" (dig "say" "-" (.Params | default dict)) }}
      branch: {leaf@V@: {{ .Id | quote }}}
      {{- else }}
      {{ .Id | quote }}: {a: 1}
      {{- end }}
  outputs: |
    {{ $branch := dig "branch" "none" (get .Shared "tree" | default dict) }}
    out: "@V@{{ if kindIs "map" $branch }}{{ get $branch "leaf@V@" }}{{ else }}{{ $branch }}{{ end }}"
""",
    # Whether there is something, and whether anything is in it.
    "presence": """\
- uri: jinja://tests/presence/@V@
  type: presence@CLASS@
  outputs: |
    {% set tree = shared.tree | default({}) %}
    {% set none_undone = not shared.undone | default({}) %}
    out: "@V@{{ "flag" in shared }}{{ "branch" in tree }}{{ tree.other is defined }}{{ none_undone }}"
""",
    # A name for all, below another key than the parts of it.
    "nested": """\
- uri: template://tests/nested/@V@
  type: nested@CLASS@
  state: |
    port: {{ dig "port" (randInt 1000 9999) .State }}
  shared: |
    nest:
      server: {name: {{ dig "nest" "server" "name" (print "nest-" (randAlphaNum 8 | lower)) .Shared }}}
      ports:
        {{ .Id | quote }}: {{ .State.port }}
  outputs: |
    out: "{{ .Shared.nest.server.name }}:{{ .State.port }}"
  services: |
    {{ .Shared.nest.server.name }}: {image: nest@V@}
  manifests: |
    - apiVersion: v1
      kind: Secret
      metadata: {name: {{ .Shared.nest.server.name }}}
      stringData: {ports: {{ .Shared.nest.ports | toJson | quote }}}
""",
    # What stands for a password, by which a pod knows what it sees.
    "vault": """\
- uri: template://tests/vault/@V@
  type: vault@CLASS@
  state: |
    pin: {{ dig "pin" (randAlphaNum 9) .State | quote }}
  outputs: |
    out: {{ encodeSecretRef (print "vault-" .Id) "pin@V@" | quote }}
  models: |
    vault-{{ .Id | replace "." "-" }}: {model: m@V@}
  manifests: |
    - apiVersion: v1
      kind: Secret
      metadata: {name: vault-{{ .Id }}}
      stringData:
        pin@V@: {{ .State.pin | quote }}
        say: {{ dig "say" "-" (.Params | default dict) | quote }}
""",
    # A program, which is given everything.
    "tool": """\
- uri: cmd://./tool.py
  type: tool@CLASS@
  inputs: []
  args: ["@V@"]
""",
    # One of which nobody knows what it reads.
    UNDECLARED: """\
- uri: cmd://./tool.py
  type: probe@CLASS@
  args: ["@V@", outside.txt]
""",
}

# What it prints depends on all that is shared, on every workload's ports, and on the files that it is told.
TOOL = """\
#!/usr/bin/env -S python3 -IS
import json, sys
given = json.load(sys.stdin)
shared = json.dumps(given["shared_state"].get("flag")) + " ".join(given["shared_state"])
ports = "".join(f"{name}{len(one['ports'])}" for name, one in given["workload_services"].items())
read = "".join(open(path).read() for path in sys.argv[2:])
out = "@EDITION@" + sys.argv[1] + shared + ports + read
answer = {
    "resource_outputs": {"out": out.replace('"', "")},
    "shared_state": {"tools": {given["resource_uid"]: "@EDITION@"}},
}
if "namespace" in given:
    metadata = {"name": "tool-" + given["resource_id"]}
    answer["manifests"] = [{"apiVersion": "a.test/v1", "kind": "Tool", "metadata": metadata, "out": out}]
json.dump(answer, sys.stdout)
"""

# As score-compose may have left it: nobody's names, which somebody may say again.
BASE = {
    "broker0": {"name": "broker-old", "topics": {"gone": "x"}},
    "proxy": "proxy-old",
    "routes": {"gone": "there"},
    "flag": "taken over",
    "sticky0": "old",
    "tree": {"branch": {"leaf0": "old"}},
    "nest": {"server": {"name": "nest-old"}},
    "nothing": None,
}
