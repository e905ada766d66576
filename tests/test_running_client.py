"""How a Docker context says where the engine is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from doit_score.running.client import address, of_context
from doit_score.running.compose import Compose


def test_a_context_with_an_address_alone() -> None:
    context = {"Name": "far", "Endpoints": {"docker": {"Host": "ssh://me@far", "SkipTLSVerify": False}}}
    assert of_context({**context, "TLSMaterial": {}}) == {"base_url": "ssh://me@far"}
    assert of_context({"Name": "default", "Endpoints": {"docker": {}}}) == {}


@pytest.mark.parametrize("skip", [True, False])
def test_a_context_with_certificates(tmp_path: Path, skip: bool) -> None:
    (tmp_path / "docker").mkdir()
    for name in ("ca.pem", "cert.pem", "key.pem"):
        (tmp_path / "docker" / name).write_text("")
    found = of_context(
        {
            "Endpoints": {"docker": {"Host": "tcp://far:2376", "SkipTLSVerify": skip}},
            "TLSMaterial": {"docker": ["ca.pem", "cert.pem", "key.pem"]},
            "Storage": {"TLSPath": str(tmp_path)},
        }
    )
    folder = tmp_path / "docker"
    assert found["base_url"] == "tcp://far:2376"
    assert found["tls"].cert == (str(folder / "cert.pem"), str(folder / "key.pem"))
    assert (found["tls"].ca_cert, found["tls"].verify) == (str(folder / "ca.pem"), not skip)


def test_without_a_context_no_program_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT"):
        monkeypatch.delenv(name, raising=False)
    empty = {"PATH": str(tmp_path), "DOCKER_CONFIG": str(tmp_path)}
    assert address(Compose("compose.yaml", empty)) == {}
    (tmp_path / "config.json").write_text(json.dumps({"currentContext": "default"}))
    assert address(Compose("compose.yaml", empty)) == {}
    (tmp_path / "config.json").write_text("[")
    assert address(Compose("compose.yaml", empty)) == {}


def test_a_variable_of_the_pack_counts() -> None:
    found = address(Compose("compose.yaml", {"DOCKER_HOST": "tcp://far:2375"}))
    assert found["base_url"] == "tcp://far:2375"
