"""What a state file of score-compose says of places and names is checked before it is taken over.

Found by an attack on 0.1.0.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import recorded


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        (
            "compose_project",
            "../x",
            "invalid value '../x' for compose_project in '.score-compose/state.yaml'",
        ),
        ("compose_project", '"a\\nb"', "invalid value 'a\\nb' for compose_project"),
        ("mounts_directory", "../other", "mounts_directory leads out of the project, to '"),
        ("mounts_directory", "/etc", "mounts_directory leads out of the project, to '/etc/'"),
    ],
)
def test_a_name_or_place_that_is_none_of_the_project_is_refused(
    key: str,
    value: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "secret").write_text("x")
    monkeypatch.chdir(tmp_path / "here")
    values = {"compose_project": "lamp", "mounts_directory": ".score-compose/mounts", key: value}
    text = "".join(f"{name}: {one}\n" for name, one in values.items())
    recorded.write(".score-compose/state.yaml", text + "workloads: {}\nresources: {}\nshared_state: {}\n")
    recorded.run("generate", exit=1)
    assert said in capsys.readouterr().err
    assert not os.path.exists("state")
