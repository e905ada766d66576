"""What `up` and `status` say of resources, as the state has it."""

from __future__ import annotations

from pathlib import Path

import pytest
from engineering import Project, score

from doit_score.running import reaching

pytestmark = pytest.mark.usefixtures("settled")

ENTRY = """\
- uri: template://tests/{0}
  type: {0}
  state: |
    password: {{{{ dig "password" (print "kept-" (randAlphaNum 12)) .State }}}}
  outputs: |
    host: {{{{ .Id }}}}
  info_logs: |
    - {0} at {{{{ .Id }}}}
    - |
      with {{{{ .State.password }}}}
      twice
"""


def told(project: Project) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    reaching.tell(project.settings.state_dir, lambda level, text: found.append((level, text)))
    return found


def test_how_to_reach_what_was_made_is_told_from_the_state_without_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    project = Project(project="p")
    assert told(project) == []
    project.provisioner(ENTRY.format("store"), ENTRY.format("cache"))
    resources = {"one": "{type: store}", "two": "{type: cache, params: {of: '${resources.one.host}'}}"}
    project.write("score.yaml", score("web", resources))
    project.run()
    expected = [
        ("info", f"{kind}.default#web.{name}: {text}")
        for kind, name in (("store", "one"), ("cache", "two"))
        for text in (f"{kind} at web.{name}", "with *****", "twice")
    ]
    assert told(project) == expected
    assert project.run() == []
    assert told(project) == expected
    project.write("score.yaml", score("web", {"one": "{type: store}"}))
    project.run()
    assert told(project) == expected[:3]
