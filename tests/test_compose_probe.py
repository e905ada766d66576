"""The program that runs httpGet probes: what it asks, of whom, what is an answer and what it tells."""

from __future__ import annotations

import os
import platform
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import probe_build
import pytest

EMULATOR = {"x86_64": "qemu-x86_64", "aarch64": "qemu-aarch64"}


class Answers(BaseHTTPRequestHandler):
    """Says what its path asks for, and takes down what it was asked."""

    protocol_version = "HTTP/1.1"
    asked: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, dict(self.headers.items())))
        what, _, more = self.path.strip("/").partition("?")
        if what == "raw":
            self.wfile.write(RAW[more])
            self.close_connection = True
        elif what == "slow":
            self.connection.recv(1)  # until who asked has gone
            self.close_connection = True
        else:
            self.send_response(int(what or "200"))
            if more and not more.startswith("q="):
                self.send_header("Location", more)
            body = f"the body of {what}\n".encode()
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


RAW = {
    "early": b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
    "cut": b"HTTP/1.1 200 O",
    "other": b"220 mail.example ESMTP\r\n\r\n",
    "nothing": b"",
    "chunks": b"HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\n6\r\nbroken\r\n3\r\n...\r\n0\r\n\r\n",
    "control": b"HTTP/1.1 500 No\r\n\r\na\x1b[31mb\r\n\tc\r\n\r\n",
    "long": b"HTTP/1.1 500 No\r\n\r\n" + b"x" * 5000,
    "bare": b"HTTP/1.0 200 Fine\nA: b\n\n",
    "far": b"HTTP/1.1 200 OK\r\nA: " + b"x" * 20000 + b"\r\n\r\n",
    "moved": b"HTTP/1.1 301 Moved\r\n\r\n",
}


class Both(ThreadingHTTPServer):
    """At the port of 127.0.0.1 or, with ``::1``, at that of the other one."""

    daemon_threads = True

    def __init__(self, host: str) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, 0), Answers)

    def server_bind(self) -> None:
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        super().server_bind()


@pytest.fixture(scope="module", params=["127.0.0.1", "::1"])
def host(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def port(host: str) -> Iterator[int]:
    with Both(host) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module", params=probe_build.MACHINES)
def command(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The program that is shipped for a machine, and where this is another one an emulator before it."""
    program = tmp_path_factory.mktemp("probe") / request.param
    shutil.copy(probe_build.HERE / request.param, program)
    program.chmod(0o755)
    if platform.machine() == request.param:
        return [str(program)]
    emulator = EMULATOR[request.param]
    if shutil.which(emulator) is None:
        lacks(f"{emulator} is not there, which runs what is for {request.param} (Debian: qemu-user)")
    return [emulator, str(program)]


def lacks(what: str) -> None:
    """Skips a test for want of something, but not in CI."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(what)


def probe(command: list[str], *words: str) -> tuple[int, str]:
    done = subprocess.run([*command, *words], capture_output=True, text=True, timeout=600)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_every_status_from_200_to_399_is_a_success_and_no_other(command: list[str], port: int) -> None:
    url = f"http://localhost:{port}"
    for status, reason in ((200, "OK"), (204, "No Content"), (304, "Not Modified")):
        assert probe(command, "60", f"{url}/{status}") == (0, f"GET {url}/{status}: {status} {reason}\n")
    for status, reason in ((400, "Bad Request"), (404, "Not Found"), (503, "Service Unavailable")):
        said = f"GET {url}/{status}: {status} {reason}\nthe body of {status}\n"
        assert probe(command, "60", f"{url}/{status}") == (1, said)


def test_the_host_is_localhost_or_an_address(command: list[str], host: str, port: int) -> None:
    named = f"[{host}]" if ":" in host else host
    assert probe(command, "60", f"http://{named}:{port}/200") == (
        0,
        f"GET http://{named}:{port}/200: 200 OK\n",
    )
    mapped = f"http://[::ffff:127.0.0.1]:{port}/"
    if ":" not in host:
        assert probe(command, "60", mapped) == (0, f"GET {mapped}: 200 OK\n")
    else:
        assert probe(command, "60", f"http://[0:0::0:0:1]:{port}/")[0] == 0
        assert probe(command, "60", mapped) == (1, f"GET {mapped}: cannot connect: connection refused\n")


@pytest.mark.parametrize(
    "host_", ["web", "1.2.3", "1.2.3.256", "1.2.3.4.5", "[1::2::3]", "[1:2:3:4:5:6:7]", "[12345::]", "[::x]"]
)
def test_what_is_no_address_is_not_looked_up(command: list[str], host_: str) -> None:
    said = f"GET http://{host_}:80/: the host is neither localhost nor an address\n"
    assert probe(command, "60", f"http://{host_}:80/") == (1, said)


def test_what_is_asked_is_what_a_kubelet_asks(command: list[str], port: int) -> None:
    Answers.asked.clear()
    usual = {"Accept": "*/*", "Connection": "close"}
    own = {"Host": f"localhost:{port}", "User-Agent": "doit-score-probe"}
    url = f"http://localhost:{port}"
    for path in ("", "/", "?q=1", "/200?q=a%20b#part"):
        assert probe(command, "60", url + path)[0] == 0
    assert probe(command, "60", f"{url}/200", "X-A: b c", "X-A: d")[0] == 0
    assert (
        probe(command, "60", f"{url}/200", "host: shop.example", "User-agent: me", "ACCEPT: text/plain")[0]
        == 0
    )
    assert Answers.asked == [
        ("/", own | usual),
        ("/", own | usual),
        ("/?q=1", own | usual),
        ("/200?q=a%20b", own | usual),
        ("/200", own | usual | {"X-A": "d"}),
        ("/200", {"host": "shop.example", "User-agent": "me", "ACCEPT": "text/plain", "Connection": "close"}),
    ]


def test_a_redirect_is_followed_on_the_same_host_alone(command: list[str], port: int) -> None:
    url = f"http://localhost:{port}"

    def to(location: str, status: int = 302) -> tuple[int, str]:
        code, said = probe(command, "60", f"{url}/{status}?{location}")
        return code, said.removeprefix("GET ").removeprefix(url)

    not_found = "404 Not Found\nthe body of 404\n"
    for status in (301, 302, 303, 307, 308):
        assert to("/404", status) == (1, f"/404: {not_found}")
    assert to("404") == (1, f"/404: {not_found}")
    assert to(f"{url}/404#part") == (1, f"/404: {not_found}")
    assert to(f"//LOCALHOST:{port}/404") == (1, f"http://LOCALHOST:{port}/404: {not_found}")
    assert to("http://shop.example/404") == (0, "/302?http://shop.example/404: 302 Found\n")
    assert to("https://shop.example/404") == (0, "/302?https://shop.example/404: 302 Found\n")
    assert to("https://localhost/404") == (
        1,
        "/302?https://localhost/404: 302 Found: leads to https, which this probe cannot follow:"
        " give it scheme HTTPS\n",
    )


def test_a_redirect_that_never_ends_is_given_up(command: list[str], port: int) -> None:
    # Each leads to the one behind it, to the last of eleven.
    def chain(length: int) -> str:
        path = "/200"
        for _ in range(length):
            path = f"/302?{path}"
        return path

    url = f"http://localhost:{port}"
    assert probe(command, "60", url + chain(10)) == (0, f"GET {url}/200: 200 OK\n")
    assert probe(command, "60", url + chain(11)) == (
        1,
        f"GET {url}/302?/200: 302 Found: redirected too often\n",
    )


@pytest.mark.parametrize(
    ("what", "status", "said"),
    [
        ("early", 0, "204 No Content"),
        ("bare", 0, "200 Fine"),
        ("moved", 0, "301 Moved"),
        ("cut", 1, "no answer that is HTTP"),
        ("other", 1, "no answer that is HTTP"),
        ("far", 1, "no answer that is HTTP"),
        ("nothing", 1, "no answer: the connection was closed"),
        ("chunks", 1, "500 No\nbroken"),
        ("control", 1, "500 No\na?[31mb\n\tc"),
        ("long", 1, "500 No\n" + "x" * 400),
    ],
)
def test_answers_of_all_kinds(command: list[str], port: int, what: str, status: int, said: str) -> None:
    url = f"http://localhost:{port}/raw?{what}"
    assert probe(command, "60", url) == (status, f"GET {url}: {said}\n")


def test_nobody_there_and_no_answer_in_time(command: list[str], port: int) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = f"http://localhost:{free.getsockname()[1]}/"
        assert probe(command, "60", closed) == (1, f"GET {closed}: cannot connect: connection refused\n")
    slow = f"http://localhost:{port}/slow"
    assert probe(command, "1", slow) == (1, f"GET {slow}: no answer: timed out\n")


@pytest.mark.parametrize("port_", ["", "0", "65536", "9999999"])
def test_ports_that_there_are_not(command: list[str], port_: str) -> None:
    url = f"http://localhost:{port_}/"
    expected = "that is no URL" if port_ == "9999999" else "no such port"
    assert probe(command, "60", url) == (1, f"GET {url}: {expected}\n")


def test_too_long_a_url_or_header_and_a_wrong_call_are_told(command: list[str], port: int) -> None:
    url = f"http://localhost:{port}/"
    assert probe(command, "60", url + "x" * 20000) == (1, "the URL is too long\n")
    said = f"GET {url}: the request is too long\n"
    assert probe(command, "60", url, "X-Long: " + "x" * 20000) == (1, said)
    usage = "usage: probe SECONDS http://HOST:PORT/PATH [HEADER: VALUE]...\n"
    assert probe(command) == probe(command, "5") == probe(command, "60", "https://localhost/") == (1, usage)


@pytest.mark.parametrize("machine", probe_build.MACHINES)
def test_what_is_shipped_is_what_the_source_makes(machine: str, tmp_path: Path) -> None:
    compiler = probe_build.compiler(machine)
    if compiler is None:
        lacks(f"there is no compiler for {machine} (Debian: gcc-{machine.replace('_', '-')}-linux-gnu)")
    assert compiler is not None
    probe_build.build(compiler, machine, tmp_path / machine)
    if probe_build.version(compiler) != probe_build.VERSION:
        pytest.skip(f"another version of gcc than {probe_build.VERSION} makes other bytes")
    assert (tmp_path / machine).read_bytes() == (probe_build.HERE / machine).read_bytes()
