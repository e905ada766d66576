"""A cluster for these tests: without Go, etcd or root they are skipped, but in CI they fail."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import docking
import pytest
from e2e.kubernetes import cluster as kubernetes
from e2e.kubernetes.cluster import Cluster
from e2e.kubernetes.clustered import Clustered
from e2e.kubernetes.program import program


@pytest.fixture(scope="session")
def cluster(engine: None) -> Iterator[Cluster]:
    """A cluster that has the image of the tests."""
    missing = kubernetes.missing() or ("" if shutil.which("go") else "there is no Go to build it with")
    if missing:
        reason = f"a cluster cannot be made: {missing}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    docking.build(kubernetes.PAUSE, f'FROM {docking.IMAGE}\nCMD ["sleep", "1000000000"]\n')
    # Not in memory: that may not have devices.
    with tempfile.TemporaryDirectory(prefix="kube", dir="/var/tmp") as directory:
        archive = Path(directory) / "images.tar"
        docking.docker("save", "--output", str(archive), kubernetes.PAUSE, docking.IMAGE, "busybox:1.37")
        kube = program()
        kubectl = Path(directory) / "bin" / "kubectl"
        kubectl.parent.mkdir()
        kubectl.write_text(f'#!/bin/sh\nexec {kube} kubectl "$@"\n')
        kubectl.chmod(0o755)
        made = Cluster(Path(directory), kube, [archive])
        try:
            yield made
        finally:
            made.stop()


@pytest.fixture
def here(cluster: Cluster, tmp_path: Path) -> Iterator[Clustered]:
    directory = tmp_path / "shop"
    directory.mkdir()
    found = Clustered(directory, cluster)
    yield found
    found.close()
