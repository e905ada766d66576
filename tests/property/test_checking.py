"""What a check finds of one mistake does not depend on what else is wrong; `generate` fails for the same."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doit_score.checking.check import check
from doit_score.engine.run import Engine
from doit_score.engine.settings import Settings
from doit_score.text.errors import ScoreError

HEAD = "apiVersion: score.dev/v1b1\nmetadata: {name: NAME}\ncontainers:\n  main:\n    image: x\n"
GOOD = (
    "- {uri: 'template://NAME', type: NAME, expected_outputs: [a], supported_params: [p], outputs: 'a: 1'}\n"
)
USED = f"{HEAD}    variables: {{A: '${{resources.res.a}}'}}\nresources:\n  res: {{type: NAME}}\n"

# Each is a workload and a provisioner of its own, so that none has to do with another.
MISTAKES: Mapping[str, tuple[str, str]] = {
    "nothing": (USED, GOOD),
    "invalid": (HEAD.replace("image", "imege"), GOOD),
    "text": ("just text\n", GOOD),
    "type": (USED.replace("type: NAME", "type: other-NAME"), GOOD),
    "param": (USED.replace("type: NAME", "type: NAME, params: {q: 1}"), GOOD),
    "output": (USED.replace("res.a", "res.b"), GOOD),
    "unpromised": (USED, GOOD.replace("[a]", "[b, c]").replace("a: 1", "{a: 1, b: 1, c: 1}")),
    "source": (f"{HEAD}    files: {{/a: {{source: gone}}}}\n", GOOD),
    "broken": (HEAD, "- [\n"),
    "template": (USED, GOOD.replace("a: 1", "{{ .Nope }}")),
    "unread": (HEAD, GOOD.replace("a: 1", "{{ nope")),
    "shadowed": (USED, GOOD + GOOD.replace("'template://NAME'", "'template://NAME-2'")),
    "unstable": (USED, GOOD.replace("a: 1", "a: {{ uuidv4 }}")),
    "service": (USED, GOOD.replace("type: NAME", "type: NAME, services: 'NAME: {image: x, colour: red}'")),
}
STOPPING = {"invalid", "text", "type", "output", "source", "template"}


def settle(mistakes: Iterable[str], directory: str) -> None:
    """Writes the files of a project with these mistakes."""
    for name in mistakes:
        workload, entries = (text.replace("NAME", name) for text in MISTAKES[name])
        for path, text in (
            (f"{name}/score.yaml", workload),
            (f"provisioners/{name}.provisioners.yaml", entries),
        ):
            file = Path(directory, path)
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)


def found(mistakes: frozenset[str]) -> frozenset[tuple[str, bool]]:
    """What a check says of a project with these mistakes."""
    here, directory = os.getcwd(), tempfile.mkdtemp()
    settle(mistakes, directory)
    os.chdir(directory)
    try:
        before = sorted(Path().rglob("*"))
        checked = check(Settings(default_provisioners=False), (), commands=False)
        assert sorted(Path().rglob("*")) == before
    finally:
        os.chdir(here)
        shutil.rmtree(directory)
    # Hints tell what else there is.
    problems = ((finding.problem, finding.is_error) for finding in checked.findings)
    return frozenset((f"{problem.place}: {problem.message}", is_error) for problem, is_error in problems)


@lru_cache
def alone(mistake: str) -> frozenset[tuple[str, bool]]:
    return found(frozenset([mistake]))


@given(st.sets(st.sampled_from(sorted(MISTAKES)), min_size=1))
def test_each_mistake_is_told_as_if_it_were_alone(mistakes: set[str]) -> None:
    # What cannot be read may be the provisioner that seems to lack.
    told = mistakes - {"type"} if "broken" in mistakes else mistakes
    assert found(frozenset(mistakes)) == frozenset[tuple[str, bool]]().union(*map(alone, told))


@pytest.mark.parametrize("mistake", sorted(MISTAKES))
def test_generate_fails_for_what_check_calls_an_error(mistake: str, tmp_path: Path) -> None:
    settle([mistake], str(tmp_path))
    here = os.getcwd()
    os.chdir(tmp_path)
    try:
        settings = Settings(workloads=("*/score.yaml",), default_provisioners=False)
        Engine(settings, lambda level, text: None).update()
        failed = False
    except ScoreError:
        failed = True
    finally:
        os.chdir(here)
    told = alone(mistake)
    assert failed == (mistake in STOPPING)
    # Provisioners that no resource needs yet stop no run.
    assert any(is_error for _, is_error in told) == (failed or mistake in ("broken", "unread"))
    assert bool(told) == (mistake != "nothing")
