"""What every test with real containers needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docking
import pytest


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
