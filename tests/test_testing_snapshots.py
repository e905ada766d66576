"""What is compared with files beside a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from doit_score.testing.snapshots import VARIES, settled
from doit_score.text.secrets import Masking

PROVISIONER = """
- uri: template://x
  type: id
  state: |
    name: {{ dig "name" (print "id-" (randAlphaNum 6 | lower)) .State }}
    password: {{ dig "password" (randAlphaNum 16) .State }}
    number: {{ randInt 1000000 9999999 }}
    short: {{ randInt 1 10 }}
    hash: {{ sha256sum (randAlpha 9) }}
    now: {{ now | unixEpoch }}
    day: {{ now | htmlDate }}
  outputs: |
    list: [{{ .State.name }}]
    size: {{ dig "size" 1 (.Params | default dict) }}
  services: |
    {{ .State.name }}:
      image: nginx
      environment:
        B64: {{ .State.password | b64enc }}
"""
TEST = f"""
PROVISIONER = '''{PROVISIONER}'''

def test_id(provision):
    made = provision(PROVISIONER, params={{"size": 3}})
    made.matches_snapshot()
    provision(PROVISIONER).matches_snapshot()
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makepyfile(test_id=TEST)
    return pytester


def snapshots(project: pytest.Pytester) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted((project.path / "__snapshots__").iterdir())}


def test_what_is_drawn_has_a_name_and_what_varies_a_mark(project: pytest.Pytester) -> None:
    project.runpytest_subprocess("--snapshot-update").assert_outcomes(passed=1)
    written = snapshots(project)
    assert [*written] == ["test_id.test_id-2.yaml", "test_id.test_id.yaml"]
    lines = written["test_id.test_id.yaml"].splitlines()
    (short,) = (line for line in lines if line.startswith("  short: "))
    (hashed,) = (line for line in lines if line.startswith("  hash: "))
    assert short[9:].isdigit() and len(hashed) == 74
    assert (
        [line for line in lines if line not in (short, hashed)]
        == """\
outputs:
  list:
    - id-<random 1>
  size: 3
services:
  id-<random 1>:
    environment:
      B64: <random 2>
    image: nginx
state:
  day: <varies>
  name: id-<random 1>
  now: <varies>
  number: <random 3>
  password: <random 2>""".splitlines()
    )
    project.runpytest_subprocess().assert_outcomes(passed=1)
    assert snapshots(project) == written


def test_a_snapshot_that_is_not_there_and_one_that_has_something_else(project: pytest.Pytester) -> None:
    missing = project.runpytest_subprocess()
    missing.assert_outcomes(failed=1)
    missing.stdout.fnmatch_lines(
        [
            "E *there is no snapshot '__snapshots__/test_id.test_id.yaml' yet: "
            "`pytest --snapshot-update` writes it"
        ]
    )
    assert not (project.path / "__snapshots__").exists()
    project.runpytest_subprocess("--snapshot-update")
    before = snapshots(project)
    project.makepyfile(test_id=TEST.replace('"size": 3', '"size": 4'))
    other = project.runpytest_subprocess()
    other.assert_outcomes(failed=1)
    other.stdout.fnmatch_lines(
        [
            "E *this is not what the snapshot has (`pytest --snapshot-update` replaces it):",
            "E *--- __snapshots__/test_id.test_id.yaml",
            "E *+++ now",
            "E *-  size: 3",
            "E *+  size: 4",
        ]
    )
    assert snapshots(project) == before
    project.runpytest_subprocess("--snapshot-update").assert_outcomes(passed=1)
    assert "  size: 4\n" in snapshots(project)["test_id.test_id.yaml"]


def test_a_snapshot_has_the_name_of_its_test(project: pytest.Pytester) -> None:
    project.makepyfile(
        test_id=f"""
import pytest
PROVISIONER = '''{PROVISIONER}'''

class TestIt:
    @pytest.mark.parametrize("size", ["a/b", 2])
    def test_size(self, provision, size):
        provision(PROVISIONER, params={{"size": size}}).matches_snapshot()
"""
    )
    project.runpytest_subprocess("--snapshot-update", "-n", "2").assert_outcomes(passed=2)
    assert [*snapshots(project)] == ["test_id.TestIt-test_size-2.yaml", "test_id.TestIt-test_size-a-b.yaml"]


def test_a_project_has_a_snapshot_too(pytester: pytest.Pytester) -> None:
    text = "apiVersion: score.dev/v1b1\nmetadata: {name: web}\ncontainers: {main: {image: nginx}}\n"
    files = {
        "score.yaml": f"{text}resources: {{one: {{type: id}}}}",
        "provisioners/id.provisioners.yaml": PROVISIONER,
    }
    pytester.makepyfile(f"def test(provision):\n    provision.project({files!r}).matches_snapshot()\n")
    pytester.runpytest_subprocess("--snapshot-update").assert_outcomes(passed=1)
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
    (found,) = snapshots(pytester).values()
    assert "outputs:\n  id.default#web.one:\n    list:\n      - id-<random 1>\n" in found
    assert found.startswith("compose:\n  name: project\n  services:\n    id-<random 1>:\n")


def test_what_differs_between_two_runs_of_the_same_draws() -> None:
    one = {"a": [1, {"b": "x-abcd"}], "c": True, "d": 1, "e": "1", "gone": 1, "n": 12345678, "t": (1,)}
    other = {"a": [1, {"b": "x-abcd"}], "c": 1, "d": 2, "e": "1", "new": 1, "n": 12345678, "t": (1, 2)}
    names = Masking({"abcd": "<random 1>", "12345678": "<random 2>"})
    assert settled(one, other, names) == {
        "a": [1, {"b": "x-<random 1>"}],
        "c": VARIES,
        "d": VARIES,
        "e": "1",
        "n": "<random 2>",
        "t": VARIES,
        VARIES: VARIES,
    }


def test_the_shipped_provisioners_have_snapshots_of_one_resource_and_of_a_project() -> None:
    names = [path.name for path in (Path(__file__).parent / "__snapshots__").iterdir()]
    assert sorted({name.partition(".")[0] for name in names}) == [
        "test_default_provisioners",
        "test_default_provisioners_kubernetes",
    ]
    assert len(names) == 3 * 14
