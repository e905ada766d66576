"""What every test with real containers needs: without an engine they are skipped, but in CI they fail."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import docking
import pytest
from e2e import images


@pytest.fixture(scope="session")
def engine() -> None:
    """An engine that has the image of the tests."""
    docking.need_engine()
    docking.need_image()


@pytest.fixture
def here(engine: None, tmp_path: Path) -> Iterator[docking.Docked]:
    directory = docking.Docked(tmp_path / "shop")
    yield directory
    directory.close()


@pytest.fixture(scope="session")
def servers(engine: None) -> Iterator[None]:
    """An engine for which images of real servers can be made.

    The image of the tests comes first: what it is the stand-in of is then the same for all processes of the
    tests, and none has an image replaced that another one's containers are of.
    """
    if not images.can_be_made():
        missing = "images are made with debootstrap, as root"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    yield
    images.forget()
