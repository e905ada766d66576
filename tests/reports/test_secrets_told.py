"""Secrets are in nothing that is told: one masking, however they are spelled.

Found by an attack on 0.1.0.
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

import pytest
import recorded

from doit_score.text.secrets import Masking

PASSWORD = "pw-2hU'x $9/Q"
SHARED = r"""
- uri: template://tests/store
  type: store
  shared: |
    server: {password: {{ dig "server" "password" (print "shared-" (randAlphaNum 12)) .Shared | quote }}}
  services: |
    {{ .Id | replace "." "-" | replace "#" "-" }}-server:
      image: registry.example/store:1
      environment: {WORD: {{ .Shared.server.password | quote }}}
  outputs: |
    host: store
  info_logs: |
    - {{ print "reach it with " .Shared.server.password | quote }}
"""
FAILING = """
- uri: cmd://sh
  type: store
  args: [-c, "echo told with hunter22-kept and aHVudGVyMjIta2VwdA== >&2; exit 3"]
"""


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def project(provisioner: str) -> None:
    recorded.write(".score-compose/1.provisioners.yaml", provisioner)
    recorded.write("score.yaml", recorded.SCORE + "resources: {box: {type: store}}\n")
    recorded.run("init", "--no-sample", "--no-default-provisioners", "--project", "lamp")


@pytest.mark.parametrize(
    "spelled",
    [
        PASSWORD,
        PASSWORD.replace("'", "''"),
        PASSWORD.replace("'", r"'\''"),
        PASSWORD.replace("$", "$$"),
        quote(PASSWORD),
        quote(PASSWORD, safe=""),
        quote(PASSWORD, safe="").replace("%20", "+"),
    ],
)
def test_a_secret_is_masked_however_it_is_spelled(spelled: str) -> None:
    assert Masking.of({"password": PASSWORD})(f"<{spelled}>") == "<*****>"


@pytest.mark.parametrize("before", ["", "u:", "us:", "use:"])
def test_a_secret_in_base64_is_masked_also_within_more(before: str) -> None:
    whole = b64encode(f"{before}{PASSWORD}".encode()).decode()
    told = Masking.of({"password": PASSWORD})(f"Basic {whole}")
    assert len(told.replace("*****", "")) <= len("Basic ") + len(before) * 2 + 4
    assert "*****" in told


def test_numbers_that_are_long_enough_are_masked() -> None:
    values: dict[str, object] = {
        "password": 493028571046,
        "tokens": [3.25],
        "secret_rounds": 12,
        "private": True,
    }
    assert Masking.of(values)("493028571046 3.25 12 True") == "***** 3.25 12 True"


def test_a_key_of_several_lines_is_masked_line_by_line() -> None:
    key = "-----BEGIN KEY-----\nMIIBpjCCAUygAwIB\n-----END KEY-----\n"
    told = "wick-1  | -----BEGIN KEY-----\nwick-1  | MIIBpjCCAUygAwIB\n"
    assert Masking.of({"private_key": key})(told) == "wick-1  | *****\nwick-1  | *****\n"


@pytest.mark.parametrize("name", ["pwd", "DB_PWD", "encryption_key", "accountKey", "MASTER-KEY"])
def test_names_of_secrets(name: str) -> None:
    assert Masking.of({name: "hunter22"})("<hunter22>") == "<*****>"


def test_what_says_itself_that_it_is_a_secret_is_masked_under_any_name() -> None:
    key = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIAbcdef\n-----END EC PRIVATE KEY-----\n"
    assert Masking.of({"pem": key})("line MHcCAQEEIAbcdef") == "line *****"
    values = {"outputs": ["postgres://lamp:hunter22@db:5432/x", "redis://:hunter33@cache", "http://a:80/b@c"]}
    assert Masking.of(values)("hunter22 hunter33 a:80/b") == "***** ***** a:80/b"


def test_what_is_shared_is_masked_in_logs_and_diff(capsys: pytest.CaptureFixture[str]) -> None:
    project(SHARED)
    recorded.run("generate", "score.yaml")
    assert "reach it with *****" in capsys.readouterr().err
    Path("compose.yaml").unlink()
    recorded.run("diff", exit=1)
    shown = capsys.readouterr().out
    assert "+      WORD: *****\n" in shown
    assert "shared-" not in shown


def test_what_was_shared_is_masked_in_what_would_be_removed(capsys: pytest.CaptureFixture[str]) -> None:
    project(SHARED)
    recorded.run("generate", "score.yaml")
    recorded.write("score.yaml", recorded.SCORE)
    capsys.readouterr()
    recorded.run("diff", exit=1)
    shown = capsys.readouterr().out
    assert "-      WORD: " in shown
    assert "shared-" not in shown


def test_what_a_command_says_when_it_fails_is_masked(capsys: pytest.CaptureFixture[str]) -> None:
    kept = """
- uri: template://tests/store
  type: store
  state: |
    password: hunter22-kept
"""
    project(kept)
    recorded.run("generate", "score.yaml")
    recorded.write(".score-compose/1.provisioners.yaml", FAILING)
    capsys.readouterr()
    recorded.run("generate", exit=1)
    assert "  | told with ***** and *****\n" in capsys.readouterr().err


def test_what_compose_refuses_is_told_whole_and_masked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project(SHARED)
    recorded.run("generate", "score.yaml")
    docker = """#!/bin/sh
if [ "$2" = version ]; then echo 2.26.1; exit; fi
echo 'time="2026-01-01T00:00:00Z" level=warning msg="something else"' >&2
printf 'invalid interpolation format for services.web.environment.%s.\\n' "$KEY" >&2
printf 'You may need to escape any $ with another $.\\npw${x-secret' >&2
exit 1
"""
    recorded.write("bin/docker", docker, 0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    monkeypatch.setenv("KEY", "PASSWORD")
    capsys.readouterr()
    recorded.run("status", exit=1)
    assert capsys.readouterr().err == (
        "Error: compose.yaml: Compose does not take this project: invalid interpolation format for "
        "services.web.environment.PASSWORD.\n  You may need to escape any $ with another $.\n  *****\n"
    )
    monkeypatch.setenv("KEY", "NAME")
    recorded.run("status", exit=1)
    assert capsys.readouterr().err.endswith("  pw${x-secret\n")
