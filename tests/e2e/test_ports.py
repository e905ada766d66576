"""Ports of real containers, published with the protocol that the Score file says."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

import docking
import pytest
from docking import Docked, docker

SERVER = Path(__file__).parent / "servers/udp.c"
SCORE = """\
apiVersion: score.dev/v1b1
metadata: {name: dns}
containers:
  main:
    image: dsu-busybox:2
    command: [/server]
    files:
      /server: {source: server, mode: "0755", noExpand: true}
service:
  ports:
    dns: {port: 53, targetPort: 5353, protocol: UDP}
"""


def test_a_udp_port_is_published_as_one(here: Docked) -> None:
    if shutil.which("gcc") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("there is no gcc for the server")
    subprocess.run(["gcc", "-static", "-o", here.path / "server", SERVER], check=True)
    port = docking.free_port()
    here.dodo(f"publish='{port}:dns:5353'")
    here.write("score.yaml", SCORE)
    assert f"INFO: dns-main is published: {port}->5353/udp\n" in here.doit("up").err
    assert [one["Ports"] for one in here.status()] == [[f"{port}->5353/udp"]]
    published = docker("port", here.ids()["dns-main"]).split()
    assert published[:3] == ["5353/udp", "->", f"0.0.0.0:{port}"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(1)
        client.connect(("127.0.0.1", port))

        def answers() -> bool:
            try:
                client.send(b"is anybody there")
                return client.recv(100) == b"is anybody there"
            except OSError:
                return False

        docking.wait_until(answers)
