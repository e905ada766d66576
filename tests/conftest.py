"""How tests run: never judged by the clock, and in CI always on the same examples.

`--files old` or `--files young` has every file taken for one that was written long ago, or just now: a
test that fails with one of them depends on how fast the machine is.
"""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator

import clock
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

from doit_score import options

# Its runs are processes of their own: in this one, what a run imports would be imported again by the next.
pytest_plugins = ["pytester"]

CLUSTER = "tests/e2e/kubernetes/"

# Nearly all that is written is synced, which takes no time where there is no disk.
MEMORY = "/dev/shm"
if os.access(MEMORY, os.W_OK) and not (found := os.statvfs(MEMORY)).f_flag & os.ST_NOEXEC:
    tempfile.tempdir = MEMORY if found.f_bavail * found.f_frsize > 2**31 else None

# Who starts us in the background has us ignore Ctrl-C, and what we start too: tests send it.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile(
    "house",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")

# It also draws what stands in the source of all that this process has imported so far: other examples with
# each other share of the tests that it runs, and so with each other speed of the machine.
if os.environ.get("CI") and {"_get_local_constants", "_local_constants"} <= vars(providers).keys():
    providers._get_local_constants = lambda: providers._local_constants


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--files", choices=("old", "young"), help="the age that all files are taken to have")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """For all tests a process on each core, and one that works while others wait for containers.

    For a few that are named no other process than this.
    """
    return (os.cpu_count() or 1) + 1 if config.args_source is pytest.Config.ArgsSource.TESTPATHS else 0


class FilesAndTheCluster(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """A file of tests at a time, but all that need a cluster one after the other, with one cluster."""

    def _split_scope(self, nodeid: str) -> str:
        scope = str(super()._split_scope(nodeid))
        return CLUSTER if scope.startswith(CLUSTER) else scope


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> FilesAndTheCluster | None:
    is_by_file = config.getoption("dist") == "loadfile"
    return FilesAndTheCluster(config, log) if is_by_file else None


@pytest.fixture(autouse=True, scope="session")
def age_of_files(pytestconfig: pytest.Config) -> Iterator[None]:
    age = pytestconfig.getoption("--files")
    with clock.shifted({"old": clock.AHEAD, "young": -clock.AHEAD}.get(age, 0)):
        yield


@pytest.fixture(autouse=True)
def spoken_to() -> Iterator[None]:
    """A Score(...) that a test makes in this process has its messages speak of arguments; not the next."""
    yield
    options.speak_to(options.FLAGS)


@pytest.fixture
def settled() -> Iterator[None]:
    """Every file was written long ago: it is not looked at again as long as its signature is the same."""
    with clock.shifted(clock.AHEAD):
        yield
