"""An example of each argument of ``Score(...)``, with what it does to one small project."""

from __future__ import annotations

from typing import NamedTuple

FILES = {
    "score.yaml": """\
apiVersion: score.dev/v1b1
metadata:
  name: front
containers:
  web:
    image: nginx:1.27-alpine
    livenessProbe:
      httpGet:
        path: /
        port: 80
    volumes:
      /usr/share/nginx/html:
        source: ${resources.pages}
service:
  ports:
    http:
      port: 80
resources:
  pages:
    type: volume
""",
    "apps/api/score.yaml": """\
apiVersion: score.dev/v1b1
metadata:
  name: api
containers:
  main:
    image: busybox:1.37
    variables:
      CACHE: redis://default:${resources.cache.password}@${resources.cache.host}
resources:
  cache:
    type: redis
""",
    "platform/volume.provisioners.yaml": """\
- uri: template://shop/volume
  type: volume
  outputs: |
    source: pages
    type: volume
  volumes: |
    pages:
      name: pages-{{ env "REGION" | default "here" }}
""",
    "labels.tpl": """\
- op: set
  path: services.front-web.labels.team
  value: shop
  description: whose it is
""",
}
"""The project."""


class Example(NamedTuple):
    """What is in the dodo.py, and what is in a ``file`` then, or what the ``command`` prints and ends with.

    In what is shown `...` stands for any text.
    """

    code: str
    shown: str
    file: str = ""
    command: str = "generate"
    status: int = 0


def _in(file: str, arguments: str, shown: str) -> Example:
    return Example(f"score = Score({arguments})", shown, file)


def _prints(arguments: str, shown: str, command: str = "generate", status: int = 0) -> Example:
    return Example(f"score = Score({arguments})", shown, command=command, status=status)


_IN_CLUSTER = 'target="kubernetes"'
_OWN = 'provisioners="platform/*.provisioners.yaml"'

EXAMPLES = {
    "workloads": _in("compose.yaml", 'workloads=["apps/*/score.yaml"]', "  api-main:\n"),
    "provisioners": _in("compose.yaml", _OWN, "volumes:\n  pages:\n    name: pages-here\n"),
    "default_provisioners": _prints(
        "default_provisioners=False",
        "resource 'volume.default#front.pages' is not supported by any provisioner\n",
        status=1,
    ),
    "target": _in("manifests.yaml", _IN_CLUSTER, "kind: Deployment\n"),
    "output": _in("deploy/compose.yaml", 'output="deploy/compose.yaml"', "name: shop\n"),
    "state_dir": _prints('state_dir=".score"', "INFO: initialised '.score' for project 'shop'\n"),
    "project": _in("compose.yaml", 'project="mall"', "name: mall\n"),
    "builds": _in(
        "compose.yaml",
        'builds={"front:web": {"context": "web", "target": "prod"}}',
        "    build:\n      context: web\n      target: prod\n",
    ),
    "images": Example(
        'def task_image():\n    return {"actions": [lambda: {"image": "shop/front:1"}]}\n\n\n'
        'score = Score(images={"front:web": task_image})',
        "    image: shop/front:1\n",
        "compose.yaml",
    ),
    "overrides": _in(
        "compose.yaml",
        'overrides={"score.yaml": {"containers": {"web": {"image": "nginx:1.28"}}}}',
        "    image: nginx:1.28\n",
    ),
    "publish": _in(
        "compose.yaml",
        'publish="8080:front:80"',
        '    ports:\n      - published: "8080"\n        target: 80\n',
    ),
    "patch_templates": _in("compose.yaml", 'patch_templates="labels.tpl"', "    labels:\n      team: shop\n"),
    "env": _in("compose.yaml", f'{_OWN}, env={{"REGION": "eu"}}', "    name: pages-eu\n"),
    "strict": _prints(
        'provisioners="platfrom/*.provisioners.yaml", strict=True',
        "provisioners: nothing matches 'platfrom/*.provisioners.yaml'\n"
        "  hint: Score(...) names it: is it misspelt?\n",
        status=1,
    ),
    "hermetic": _prints(
        f"{_OWN}, hermetic=True",
        "env: the environment must not be read in hermetic mode; pass the value as a param\n",
        status=1,
    ),
    "lock_timeout": _prints("lock_timeout=5", "INFO: wrote compose.yaml\n"),
    "start_order": _in(
        "compose.yaml",
        'workloads="apps/*/score.yaml", start_order="direct"',
        "    depends_on:\n      redis-...:\n        condition: ...\n",
    ),
    "probes": _in("compose.yaml", 'probes="http"', "    healthcheck:\n"),
    "namespace": _in("manifests.yaml", f'{_IN_CLUSTER}, namespace="shop"', "  namespace: shop\n"),
    "generate_namespace": _in(
        "manifests.yaml",
        f'{_IN_CLUSTER}, namespace="shop", generate_namespace=True',
        "kind: Namespace\n",
    ),
    "context": _prints(f'{_IN_CLUSTER}, context="kind-shop"', "INFO: wrote manifests.yaml\n"),
    "format": _in("manifests.yaml", f'{_IN_CLUSTER}, format="kyaml"', '  kind: "Deployment",\n'),
    "secrets": _in(
        "manifests.secrets.yaml",
        f'{_IN_CLUSTER}, workloads="apps/*/score.yaml", secrets="separate"',
        "kind: Secret\n",
    ),
    "subtasks": Example(
        'score = Score(subtasks=["front"])\n\n\ndef task_lint():\n'
        '    return {"actions": ["echo linted"], "task_dep": ["render:front"]}',
        ".  render:front\n.  lint\n",
        command="lint",
    ),
    "task_dep": Example(
        "from doit import create_after\n\n\ndef task_names():\n"
        '    return {"actions": ["echo api > names"], "targets": ["names"]}\n\n\n'
        '@create_after(executed="names", creates=["write"])\ndef task_write():\n'
        '    for name in open("names").read().split():\n'
        '        copy = f"cp apps/{name}/score.yaml {name}.score.yaml"\n'
        '        yield {"basename": "write", "name": name, "actions": [copy]}\n\n\n'
        'score = Score(task_dep=["write"])',
        "INFO: read workload 'api' from 'api.score.yaml'\n",
    ),
}
"""By argument."""
