"""What every test with real containers needs: without an engine they are skipped, but in CI they fail."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import docking
import pytest
from e2e import brokers, images, stores


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
    with images.needed():
        yield


@pytest.fixture(scope="session")
def kafka(servers: None) -> None:
    """An engine for which images of a real Kafka can be made, and a client of it for this machine."""
    missing = brokers.missing() or ("" if shutil.which("kcat") else "there is no kcat, a client of Kafka")
    if missing:
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)


@pytest.fixture(scope="session")
def built(servers: None) -> None:
    """An engine for which images can be made of programs that Go builds and npm fetches."""
    if missing := stores.missing():
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
