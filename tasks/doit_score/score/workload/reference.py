"""What each key of a Score file says, for the JSON Schema; imported only when somebody asks.

A path has the keys that lead there, with ``*`` for any name, and nothing for the items of a list.
"""

from __future__ import annotations

from collections.abc import Mapping

_PROBE = "For Compose `exec` becomes a healthcheck, and with the option `probes: http` also `httpGet`."

# fmt: off
SAYS: Mapping[str, str] = {
    "": "A workload: what it runs, what it needs, and what it serves.",
    "apiVersion": "The version of this format.",
    "metadata": "Name and annotations; other keys are free, and placeholders can use them.",
    "metadata.name": "The name of the workload; others reach its ports by it.",
    "metadata.annotations": "Texts by name, for tools.",
    "service": "What the workload serves to others.",
    "service.ports": "The ports that others reach, by name.",
    "service.ports.*.port": "The port that others are told.",
    "service.ports.*.targetPort": "The port at which the container listens; usually that of `port`.",
    "service.ports.*.protocol": "TCP, which is usual, or UDP.",
    "containers": "What runs, by name; all containers of a workload share one network address.",
    "containers.*.image": "The image; `.` is one that is built, or named on the command line.",
    "containers.*.command": "Takes the place of the image's entrypoint.",
    "containers.*.args": "Takes the place of the image's arguments.",
    "containers.*.variables": "Environment variables by name. ${resources.NAME.OUTPUT} and ${metadata.KEY} "
                              "are filled in; $$ is one dollar.",
    "containers.*.files": "Files in the container, by path.",
    "containers.*.files.*.content": "The text of the file, with placeholders filled in.",
    "containers.*.files.*.source": "A file beside the Score file; what is in it is taken, with placeholders "
                                   "filled in.",
    "containers.*.files.*.binaryContent": "What is in the file, in base64; nothing is filled in.",
    "containers.*.files.*.mode": "Permissions in octal: '0644'.",
    "containers.*.files.*.noExpand": "Whether placeholders are left as they are.",
    "containers.*.volumes": "What is mounted in the container, by path.",
    "containers.*.volumes.*.source": "A volume: usually ${resources.NAME}.",
    "containers.*.volumes.*.path": "The directory of the volume that is mounted; usually all of it.",
    "containers.*.volumes.*.readOnly": "Whether the container may only read it.",
    "containers.*.before": "The containers that wait for this one.",
    "containers.*.before.*.ready": "What they wait for: that it is started, healthy, or complete.",
    "containers.*.resources": "CPU and memory.",
    "containers.*.resources.limits": "What it may have at most.",
    "containers.*.resources.requests": "What it has in any case.",
    "containers.*.resources.limits.cpu": "CPUs: 2, 0.5 or 250m.",
    "containers.*.resources.limits.memory": "Bytes: 125M or 1.5Gi.",
    "containers.*.resources.requests.cpu": "CPUs: 2, 0.5 or 250m.",
    "containers.*.resources.requests.memory": "Bytes: 125M or 1.5Gi.",
    "containers.*.livenessProbe": f"Whether the container works at all. {_PROBE}",
    "containers.*.readinessProbe": f"Whether the container can be used. {_PROBE}",
    "resources": "What the workload needs of others: databases, topics, routes, by name.",
    "resources.*.type": "Its type: `doit-score provisioners list` tells those that there are.",
    "resources.*.class": "Its class, for types of which there are several kinds; usually `default`.",
    "resources.*.id": "Resources of one type, class and id are one, in whatever workloads; usually each is "
                      "its own.",
    "resources.*.metadata": "Annotations, for provisioners; other keys are free.",
    "resources.*.metadata.annotations": "Texts by name.",
    "resources.*.params": "What the provisioner takes; placeholders are filled in.",
}
# fmt: on
