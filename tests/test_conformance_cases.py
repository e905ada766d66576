"""Every case of the conformance data gives what the reference gave, but for the deliberate differences."""

from __future__ import annotations

import importlib
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from conformance import comparison, differences_compose, differences_kubernetes, kubernetes, runner
from conformance.differences import Reason, by_case, covers
from conformance.messages import is_named, names_in

CASES = list(runner.load())
GROUPS = (*differences_compose.GROUPS, *differences_kubernetes.GROUPS)
DIFFERENCES = by_case(GROUPS)
REASONS = [*(reason for reason, _ in GROUPS), *differences_kubernetes.EVERYWHERE.values()]
TESTS = Path(__file__).parent


@pytest.fixture
def base() -> Iterator[Path]:
    """An empty directory, gone at once: there are many cases."""
    with tempfile.TemporaryDirectory() as directory:
        yield Path(directory)


def test_all_cases_are_there() -> None:
    assert Counter(case.target for case in CASES) == {"compose": 711, "kubernetes": 268}
    assert {*DIFFERENCES} <= {case.id for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_case(case: runner.Case, base: Path) -> None:
    """Agrees, but for the aspects in the table of differences; and in each of these there is a difference."""
    found = comparison.disagreements(case, runner.run(case, base))
    known = [aspect for difference in DIFFERENCES.get(case.id, ()) for aspect in difference.aspects]
    unknown = [each for each in found if not any(covers(aspect, each.aspect) for aspect in known)]
    assert not unknown, f"{case.title}\n" + "\n".join(map(str, unknown))
    stale = [aspect for aspect in known if not any(covers(aspect, each.aspect) for each in found)]
    assert stale == []


def test_what_is_taken_away_everywhere_has_a_reason() -> None:
    assert set(kubernetes.EVERYWHERE) == set(differences_kubernetes.EVERYWHERE)


@pytest.mark.parametrize("reason", REASONS, ids=[reason.text for reason in REASONS])
def test_a_difference_is_shown_by_a_test_of_its_own(reason: Reason) -> None:
    file, _, name = reason.shown_by.partition("::")
    name, _, parameter = name.rstrip("]").partition("[")
    module = importlib.import_module(file.removesuffix(".py").replace("/", "."))
    test = getattr(module, name)
    ids = [id_ for mark in getattr(test, "pytestmark", ()) for id_ in mark.kwargs.get("ids") or ()]
    assert callable(test)
    assert not parameter or parameter in ids


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("failed to read 'none.yaml': no such file", ["none.yaml"]),
        ("/containers/wick/files/~1etc~1a", ["/containers/wick/files/~1etc~1a"]),
        ("--overrides-file 'over.yaml' is invalid", ["--overrides-file", "over.yaml"]),
        ("--override-property 'a.b=secret' is invalid", ["--override-property", "a.b"]),
        (
            "failed to convert workload 'lantern' to Docker compose: containers.wick.files[/a].source: no",
            ["lantern", "containers.wick.files[/a].source"],
        ),
        ('please run "score-compose init" first', ["doit-score init"]),
        (
            "resource 'a.default#b.c': failed to provision: info logs template failed",
            ["a.default#b.c", "info_logs"],
        ),
        ("0: template://x: failed to parse", ["template://x"]),
        ("placeholder ${env.HOME} has unsupported first element", ["${env.HOME}"]),
        ("failed to delete file '.score-compose/mounts/old'", ["state/mounts/old"]),
    ],
)
def test_the_names_in_a_message_of_the_reference(text: str, names: list[str]) -> None:
    assert names_in([text]) == names


def test_a_field_may_be_named_by_its_json_pointer() -> None:
    field = "containers.wick.files[/etc/a.conf].source"
    assert is_named(field, "score.yaml:3:4: /containers/wick/files/~1etc~1a.conf/source: gone")
    assert is_named(field, f"score.yaml: {field}: gone")
    assert not is_named(field, "score.yaml: /containers/wick/files: gone")


def test_a_star_in_an_aspect_stands_for_anything() -> None:
    assert covers("compose.yaml: services.*.image", "compose.yaml: services.a[b].image")
    assert not covers("compose.yaml", "compose.yaml: name")
