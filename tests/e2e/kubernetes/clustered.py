"""A working directory whose project is for a cluster, in a namespace of its own that goes with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

import docking
import yaml
from e2e.kubernetes.cluster import Cluster
from running import Directory, Ran

IMAGE = docking.IMAGE
LIMIT = 600.0
"""Seconds for what takes a few on a machine that has nothing else to do."""


class Clustered(Directory):
    """Commands are run in the network of the cluster, with a kubectl that knows it."""

    def __init__(self, path: Path, cluster: Cluster) -> None:
        super().__init__(path)
        self.cluster = cluster
        self.namespace = f"t-{uuid.uuid4().hex[:8]}"
        self.project = path.name
        self.kubectl("create", "namespace", self.namespace, of_all=True)
        self.kubectl(*("config", "set-context", "test", f"--namespace={self.namespace}"), of_all=True)
        self.score("init", "--target", "kubernetes", "--no-sample")

    def close(self) -> None:
        self.kubectl("delete", "namespace", self.namespace, "--wait=false", of_all=True)

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        programs = self.cluster.directory / "bin"
        own = {"KUBECONFIG": str(self.cluster.kubeconfig), "PATH": f"{programs}:{os.environ['PATH']}"}
        return {**super()._environment(more), **own}

    def score(self, *arguments: str, exit: int = 0, stdin: str = "", **environment: str) -> Ran:
        done = self._run([sys.executable, "-m", "doit_score", *arguments], environment, stdin)
        assert done.returncode == exit, done.stdout + done.stderr
        return Ran(done.stdout, done.stderr)

    def _run(
        self, command: Sequence[str], environment: Mapping[str, str], stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        with self.cluster.network():
            return subprocess.run(
                command,
                cwd=self.path,
                env=self._environment(environment),
                input=stdin,
                capture_output=True,
                text=True,
                timeout=1200,
            )

    def kubectl(self, *arguments: str, of_all: bool = False) -> str:
        """What kubectl prints, in the namespace of the test."""
        flags = [] if of_all else [f"--namespace={self.namespace}"]
        done = self._run(["kubectl", *flags, *arguments], {})
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def pods(self) -> dict[str, str]:
        """The uid of the newest pod of each workload that is not about to go."""
        found = json.loads(self.kubectl("get", "pods", "-o", "json"))["items"]
        return {
            pod["metadata"]["labels"]["app.kubernetes.io/name"]: pod["metadata"]["uid"]
            for pod in sorted(found, key=lambda pod: str(pod["metadata"]["creationTimestamp"]))
            if "deletionTimestamp" not in pod["metadata"]
        }

    def apply(self, text: str) -> None:
        """Puts an object into the cluster that is no work of ours."""
        done = self._run(["kubectl", "apply", "--filename", "-"], {}, text)
        assert done.returncode == 0, done.stdout + done.stderr

    def claims(self) -> list[str]:
        """The names of the claims that each pod of a StatefulSet has, as they were generated."""
        found = yaml.safe_load_all(self.read("manifests.yaml"))
        return [
            claim["metadata"]["name"]
            for one in found
            if one["kind"] == "StatefulSet"
            for claim in one["spec"]["volumeClaimTemplates"]
        ]

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts a command and does not wait for it."""
        with self.cluster.network():
            return subprocess.Popen(
                [sys.executable, "-m", "doit_score", *arguments],
                cwd=self.path,
                env=self._environment({}),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )

    def wait_for(self, kind: str, name: str) -> None:
        """Waits until there is an object."""
        docking.wait_until(lambda: bool(self.kubectl("get", kind, name, "--ignore-not-found")), LIMIT)

    def wait_for_pods(self, *names: str) -> None:
        """Waits until there are pods of these workloads only: what was removed takes its pods along later."""
        docking.wait_until(lambda: sorted(self.pods()) == list(names), LIMIT)

    def wait_for_the_old(self) -> None:
        """Waits until no pod is about to go: what it has printed is shown until then."""
        gone = ("get", "pods", "-o", "jsonpath={.items[*].metadata.deletionTimestamp}")
        docking.wait_until(lambda: not self.kubectl(*gone), LIMIT)
