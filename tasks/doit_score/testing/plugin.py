"""The pytest plugin, which pytest loads by its entry point in every project of its environment.

So nothing of ours is imported here before a test asks for a fixture.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

TYPE_CHECKING = False

if TYPE_CHECKING:
    from doit_score.testing.provision import Provision
    from doit_score.testing.up import Up

UPDATE = "--snapshot-update"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(parser: pytest.Parser) -> None:
    """Adds the option when all plugins are loaded: where another one has it too, that does for both."""
    _, unknown = parser.parse_known_and_unknown_args([UPDATE])
    if unknown:
        group = parser.getgroup("doit-score", "tests of provisioners (doit-score)")
        group.addoption(UPDATE, action="store_true", help="write what `matches_snapshot()` compares with")


@pytest.fixture
def provision(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Provision:
    """Runs one provisioner on a resource, or a whole project, and gives what it made."""
    from doit_score.testing.provision import Provision
    from doit_score.testing.snapshots import Snapshots

    config, test, name = request.config, request.path, request.node.nodeid.partition("::")[2]
    update = bool(config.getoption(UPDATE))
    return Provision(
        roots=list(dict.fromkeys([config.invocation_params.dir, config.rootpath, test.parent])),
        folder=lambda: tmp_path_factory.mktemp("provision"),
        snapshots=Snapshots(test, name, update=update),
    )


@pytest.fixture
def project_up(provision: Provision) -> Iterator[Up]:
    """Brings whole projects up in Docker, and removes them when the test ends; skipped without an engine."""
    from doit_score.testing import up

    reason = up.why_not()
    if reason:
        pytest.skip(reason)
    with ExitStack() as stack:
        yield up.Up(provision, stack)
