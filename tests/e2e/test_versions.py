"""What runs under the names of the shipped images is what docs/provisioners tell."""

from __future__ import annotations

from pathlib import Path

import docking
import pytest
import yaml
from e2e import images
from e2e.versions import RUN

from doit_score.engine.inputs.discover import default_directory


@pytest.mark.usefixtures("built", "kafka")
def test_every_image_says_that_it_is_what_the_page_tells() -> None:
    listed = (Path(default_directory()) / "images.provisioners.yaml").read_text(encoding="utf-8")
    named: dict[str, str] = yaml.safe_load(listed)[0]["images"]
    images.ensure(named.values())
    wrong = {}
    for name, server in RUN.items():
        if server is not None:
            said = docking.docker("run", "--rm", "--entrypoint=sh", named[name], "-c", server.asked)
            if server.answer not in said:
                wrong[name] = said
    assert wrong == {}
