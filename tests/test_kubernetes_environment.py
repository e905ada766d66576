"""Variables of a container whose values are in a ConfigMap or a Secret of the cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command import Directory

from doit_score.targets.kubernetes.project import read

SCORE = """\
apiVersion: score.dev/v1b1
metadata: {name: web}
containers:
  main: {image: x, variables: {REGION: "${resources.env.REGION}"}}
resources:
  env: {type: environment}
"""


def variable(here: Directory) -> Any:
    [found] = read((here.path / "manifests.yaml").read_text())
    [one] = found["spec"]["template"]["spec"]["containers"][0]["env"]  # type: ignore[index]  # a Deployment
    return one


@pytest.mark.usefixtures("settled")
def test_the_object_is_the_usual_one_or_named_and_another_name_counts_at_once(tmp_path: Path) -> None:
    here = Directory(tmp_path)
    here.init("--target", "kubernetes")
    for params, source in (
        (None, {"configMapKeyRef": {"key": "REGION", "name": "environment"}}),
        ("{secret: shop}", {"secretKeyRef": {"key": "REGION", "name": "shop"}}),
        ("{configMap: shop}", {"configMapKeyRef": {"key": "REGION", "name": "shop"}}),
        ("{}", {"configMapKeyRef": {"key": "REGION", "name": "environment"}}),
    ):
        said = f"environment, params: {params}" if params else "environment"
        here.write("score.yaml", SCORE.replace("environment", said))
        here.run("generate", "score.yaml")
        assert variable(here) == {"name": "REGION", "valueFrom": source}
        assert here.run("generate").stderr == ("INFO: nothing to do: 1 workload, 1 resource up to date\n")


def test_one_score_file_is_for_both_targets_with_overrides(tmp_path: Path) -> None:
    here = Directory(tmp_path)
    here.init("--state-dir", "composed")
    here.init("--target", "kubernetes")
    here.write("score.yaml", SCORE)
    here.write("cluster.yaml", "resources: {env: {params: {secret: shop}}}\n")
    here.run("generate", "score.yaml", "--state-dir", "composed")
    assert "REGION: ${REGION}" in (here.path / "compose.yaml").read_text()
    here.run("generate", "score.yaml", "--overrides-file", "cluster.yaml")
    assert variable(here)["valueFrom"] == {"secretKeyRef": {"key": "REGION", "name": "shop"}}
