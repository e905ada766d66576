"""The commands of docs/kubernetes.md that need a cluster: see tests/test_docs.py for the convention."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import test_docs
from e2e.kubernetes.cluster import Cluster
from test_docs import Section, environment

__all__ = ["environment"]


@pytest.mark.parametrize("section", test_docs.OF_CLUSTERS, ids=str)
def test_commands_of_the_page_do_what_it_says(
    section: Section, tmp_path: Path, environment: dict[str, str], cluster: Cluster
) -> None:
    environment["PATH"] = f"{cluster.directory / 'bin'}{os.pathsep}{environment['PATH']}"
    environment["KUBECONFIG"] = str(cluster.kubeconfig)
    with cluster.network():
        test_docs.run(section, tmp_path, environment)
