"""What is always there does not wait for a service that is there with a profile only."""

from __future__ import annotations

from pathlib import Path

import pytest
from engineering import Project, score

STORE = """\
- uri: jinja://tests/store
  type: store
  outputs: "host: store"
  services: |
    store: {image: store}
    admin: {image: admin, depends_on: {store: {condition: service_started}}MORE}
"""
PATCH = "- {op: set, path: services.admin.profiles, value: [debug]}\n"


def waits(project: Project) -> dict[str, list[str]]:
    services = project.compose()["services"]
    return {name: sorted(service.get("depends_on", {})) for name, service in services.items()}


@pytest.mark.parametrize("order", ["wait", "direct"])
@pytest.mark.parametrize("patched", [False, True])
def test_neither_by_a_provisioner_nor_by_a_patch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: str, patched: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    project = Project(project="p")
    more = "" if patched else ", profiles: [debug]"
    project.write("provisioners/store.provisioners.yaml", STORE.replace("MORE", more))
    project.write("web.score.yaml", score(resources={"db": "{type: store}"}))
    settings = {"patches": (("debug.tpl", PATCH),)} if patched else {}
    assert [text for text in project.run(start_order=order, strict=True, **settings) if "debug" in text] == []
    direct = {"admin": ["store"], "store": [], "web-main": ["store"]}
    wait = {**direct, "wait-for-resources": ["store"], "web-main": ["wait-for-resources"]}
    assert waits(project) == (direct if order == "direct" else wait)
