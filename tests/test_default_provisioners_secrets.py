"""The shipped provisioners with secrets kept apart from the Compose file."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from test_default_provisioners import OUTPUTS, PARAMS, generate, score, services

from doit_score.command import cli

# What the images cannot read from a file: RabbitMQ gave it up, and the others run as users who may not.
VARIABLES = {
    "amqp": {"RABBITMQ_DEFAULT_PASS"},
    "elasticsearch": {"ELASTIC_PASSWORD", "ES_PASSWORD"},
    "mssql": {"MSSQL_SA_PASSWORD", "SQLCMDPASSWORD", "DB_PASSWORD"},
}
SECRETS = {*VARIABLES, "mongodb", "mysql", "postgres", "postgres-instance", "redis", "s3"}
"""The types that have passwords."""


def passwords(text: str) -> set[str]:
    """Those in a Compose file that has secrets in it."""
    found = {
        value
        for service in services(text).values()
        for key, value in service.get("environment", {}).items()
        if key.endswith(("PASS", "PASSWORD", "SECRET_KEY", "ACCESS_KEY_ID"))
    }
    assert all(len(one) >= 20 for one in found), "what is short may be found by chance"
    return found


def moved(how: str) -> str:
    """The text of the project with secrets kept ``how``, which Compose takes with the variables of it."""
    assert cli.main(["--quiet", "generate", "--strict", "--secrets", how]) == 0
    variables = Path("state/secrets.env")
    given = ["--env-file", str(variables)] if variables.exists() else []
    command = ["docker", "compose", *given, "config", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return Path("compose.yaml").read_text(encoding="utf-8")


def variables(text: str) -> set[str]:
    """The variables of services of resources with a secret that Compose is to fill in."""
    return {
        key
        for name, service in services(text).items()
        if name != "app-main"
        for key, value in service.get("environment", {}).items()
        if "${SECRET_" in value
    }


@pytest.mark.parametrize("type_", sorted(OUTPUTS))
def test_no_password_is_in_a_project_whose_secrets_are_apart_and_containers_read_files_if_they_can(
    type_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = score(type_, PARAMS.get(type_, ""), *OUTPUTS[type_].split())
    together = generate(tmp_path, monkeypatch, text)
    known = passwords(together)
    assert bool(known) == (type_ in SECRETS)
    in_files, in_variables = moved("file"), moved("env")
    assert [one for one in known if one in in_files + in_variables] == []
    assert variables(in_files) == VARIABLES.get(type_, set())
    assert bool(variables(in_variables)) == (type_ in SECRETS)
    assert moved("together") == together
