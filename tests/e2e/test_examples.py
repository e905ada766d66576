"""The commands of the examples that need real servers: see tests/test_docs.py for the convention."""

from __future__ import annotations

from pathlib import Path

import pytest
import test_docs
import yaml
from e2e import images
from test_docs import ROOT, Section, environment, removed

__all__ = ["environment", "removed"]


@pytest.mark.usefixtures("kafka", "removed")
@pytest.mark.parametrize("section", test_docs.OF_SERVERS, ids=str)
def test_commands_of_the_example_do_what_it_says(
    section: Section, tmp_path: Path, environment: dict[str, str]
) -> None:
    (entry,) = yaml.safe_load((ROOT / "provisioners" / "images.provisioners.yaml").read_text())
    images.ensure([entry["images"]["kafka"]])
    test_docs.run(section, tmp_path, environment)
