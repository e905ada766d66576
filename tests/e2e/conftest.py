"""Tests with a real engine: without one they are skipped, but in CI they fail."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import pytest
from e2e import images


def _missing() -> str:
    """What is missing for these tests; empty if nothing is."""
    for command in (["docker", "info"], ["docker", "compose", "version"]):
        try:
            done = subprocess.run(command, capture_output=True, text=True)
        except FileNotFoundError:
            return "there is no docker command"
        if done.returncode != 0:
            return f"`{' '.join(command)}` failed: {done.stderr.strip()}"
    if not images.can_be_made():
        return "images are made with debootstrap, as root"
    return ""


@pytest.fixture(scope="session", autouse=True)
def _engine() -> Iterator[None]:
    missing = _missing()
    if missing and os.environ.get("CI"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    yield
    images.forget()
