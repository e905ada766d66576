"""The annotation with which a workload says what variables it reads from files."""

from __future__ import annotations

from pathlib import Path

import pytest
from engineering import Project

SCORE = """\
apiVersion: score.dev/v1b1
metadata:
  name: web
  annotations:
    compose.score.dev/file-variables: {names}
containers:
  main:
    image: nginx
    variables:
      PASSWORD: ${{resources.db.password}}
      TOKEN: constant
      TOKEN_FILE: elsewhere
resources:
  db: {{type: db}}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    project = Project(project="p")
    project.write(
        "provisioners/db.provisioners.yaml",
        "- uri: jinja://tests/db\n  type: db\n"
        "  state: |\n    password: {{ state | dig('password', randAlphaNum(12)) }}\n"
        "  outputs: |\n    password: {{ state.password }}\n",
    )
    return project


def test_a_variable_is_a_file_where_secrets_are_in_files_and_else_as_it_is(project: Project) -> None:
    project.write("score.yaml", SCORE.format(names="PASSWORD"))
    project.run(secrets="file")
    name = "SECRET_DB_WEB_DB_PASSWORD"
    service = project.compose()["services"]["web-main"]
    assert service["environment"] == {
        "PASSWORD_FILE": f"/run/secrets/{name}",
        "TOKEN": "constant",
        "TOKEN_FILE": "elsewhere",
    }
    assert service["secrets"] == [{"source": name}]
    assert project.compose()["secrets"] == {name: {"file": f"state/secrets/{name}"}}
    project.run(secrets="env")
    assert project.compose()["services"]["web-main"]["environment"]["PASSWORD"] == f"${{{name}:?}}"


@pytest.mark.parametrize("how", ["file", "together"])
def test_a_name_that_no_container_has_is_told_with_the_near_one(project: Project, how: str) -> None:
    project.write("score.yaml", SCORE.format(names="PASWORD"))
    told = project.fails(secrets=how)
    assert (
        "metadata.annotations[compose.score.dev/file-variables]: no container has a variable 'PASWORD'"
        in told
    )
    assert told.endswith("hint: did you mean 'PASSWORD'?")


def test_a_variable_that_is_there_both_ways_is_refused(project: Project) -> None:
    project.write("score.yaml", SCORE.format(names="PASSWORD TOKEN"))
    told = project.fails()
    assert "there is a variable TOKEN_FILE already, which 'TOKEN' would become" in told
    assert told.endswith("hint: take one of the two out")
