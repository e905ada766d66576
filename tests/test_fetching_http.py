"""Files of web servers, from one on loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from loopback import Answers, Asked, Reply, serving

from doit_score.fetching import Source, http, source
from doit_score.text.errors import ScoreError

BASIC = "Basic bWU6cEBzcw=="  # me:p@ss


def message_for(uri: str) -> str:
    with pytest.raises(ScoreError) as error:
        http.fetch(uri)
    return str(error.value)


def always(reply: Reply) -> Answers:
    return lambda asked: reply


@contextmanager
def raw_server(sent: bytes, released: Event) -> Iterator[str]:
    """A server that sends ``sent`` and then nothing until ``released`` is set."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(sent)
            released.wait()

    thread = Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        released.set()
        thread.join()
        listening.close()


def test_a_file_is_fetched() -> None:
    with serving(always(Reply(b"one\r\n\xff"))) as server:
        found = http.fetch(f"{server.address}/some/a.yaml")
    address = f"{server.address}/some/a.yaml"
    assert found == (Source(address, address, b"one\r\n\xff"),)
    assert [(asked.path, asked.headers["user-agent"]) for asked in server.asked] == [
        ("/some/a.yaml", "doit-score")
    ]
    assert "authorization" not in server.asked[0].headers


def test_the_query_is_sent_but_not_in_the_name() -> None:
    with serving(always(Reply(b"one"))) as server:
        (found,) = http.fetch(f"{server.address}/a.yaml?token=secret#part")
    assert [asked.path for asked in server.asked] == ["/a.yaml?token=secret"]
    assert found.uri == f"{server.address}/a.yaml?token=secret"
    assert found.name == f"{server.address}/a.yaml"


def test_what_is_not_ascii_is_escaped() -> None:
    with serving(always(Reply(b"one"))) as server:
        http.fetch(f"{server.address}/ä%20b.yaml")
    assert [asked.path for asked in server.asked] == ["/%C3%A4%20b.yaml"]


def test_credentials_in_the_address_are_sent_and_not_kept() -> None:
    with serving(always(Reply(b"one"))) as server:
        (found,) = http.fetch(f"http://me:p%40ss@{server.host}/a.yaml")
    assert server.asked[0].headers["authorization"] == BASIC
    assert found == Source(f"{server.address}/a.yaml", f"{server.address}/a.yaml", b"one")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_credentials_stay_with_their_server(status: int) -> None:
    with serving(always(Reply(b"one"))) as other:

        def answers(asked: Asked) -> Reply:
            target = "/second" if asked.path == "/first" else f"{other.address}/third"
            return Reply(status=status, headers={"Location": target})

        with serving(answers) as server:
            (found,) = http.fetch(f"http://me:p%40ss@{server.host}/first")
    assert [(asked.path, asked.headers.get("authorization")) for asked in server.asked] == [
        ("/first", BASIC),
        ("/second", BASIC),
    ]
    assert [(asked.path, asked.headers.get("authorization")) for asked in other.asked] == [("/third", None)]
    assert found == Source(f"{server.address}/first", f"{server.address}/first", b"one")


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://127.0.0.1/x", "data:,x"])
def test_a_redirect_to_another_scheme_is_not_followed(target: str) -> None:
    with serving(always(Reply(status=302, headers={"Location": target}))) as server:
        message = message_for(f"{server.address}/a")
    scheme = target.partition(":")[0]
    assert message == (
        f"cannot fetch '{server.address}/a': it is redirected from http to {scheme}, which is not followed\n"
        "  hint: give the address that it is to come from"
    )


def test_a_redirect_from_https_to_http_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(always(Reply(status=302, headers={"Location": "http://127.0.0.1/x"}))) as server:
        real = http._open

        def without_tls(address: str, headers: dict[str, str]) -> object:
            return real(address.replace("https", "http"), headers)

        monkeypatch.setattr(http, "_open", without_tls)
        message = message_for(f"https://{server.host}/a")
    assert message == (
        f"cannot fetch 'https://{server.host}/a': "
        "it is redirected from https to http, which is not followed\n"
        "  hint: give the address that it is to come from"
    )


def test_redirects_in_a_circle_come_to_an_end() -> None:
    with serving(always(Reply(status=302, headers={"Location": "/a"}))) as server:
        message = message_for(f"{server.address}/a")
    assert message == f"cannot fetch '{server.address}/a': it is redirected more than 5 times"
    assert len(server.asked) == http.REDIRECT_LIMIT + 1


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (
            404,
            "404 (Not Found)\n  hint: check the address; some servers say so too if credentials are missing",
        ),
        (
            401,
            "401 (Unauthorized)\n  hint: put a user and password into the address, as https://user:password@host/",
        ),
        (403, "403 (Forbidden)\n  hint: the server wants other credentials, or none will do"),
        (500, "500 (Internal Server Error)"),
        (204, "204 (No Content)"),
        (302, "302 (Found)"),
    ],
)
def test_any_status_but_200_is_an_error_without_credentials_in_it(status: int, said: str) -> None:
    with serving(always(Reply(status=status))) as server:
        message = message_for(f"http://me:secret@{server.host}/a.yaml?token=secret")
    assert message == f"cannot fetch '{server.address}/a.yaml': the server answered with status {said}"


def test_a_file_of_the_largest_size_is_fetched() -> None:
    with serving(always(Reply(b"x" * source.SIZE_LIMIT))) as server:
        assert len(http.fetch(server.address)[0].content) == source.SIZE_LIMIT


def test_a_larger_file_is_an_error_before_it_is_read() -> None:
    with serving(always(Reply(announced=source.SIZE_LIMIT + 1))) as server:
        message = message_for(f"{server.address}/a")
    assert message == (
        f"cannot fetch '{server.address}/a': it is larger than 10240 KiB\n  hint: is this the right file?"
    )


def test_a_larger_file_of_unknown_size_is_an_error() -> None:
    body = b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * (source.SIZE_LIMIT + 1)
    with raw_server(body, Event()) as address:
        message = message_for(address)
    assert message == (
        f"cannot fetch '{address}': it is larger than 10240 KiB\n  hint: is this the right file?"
    )


def test_an_answer_that_is_cut_off_is_an_error() -> None:
    with serving(always(Reply(b"half", announced=8))) as server:
        message = message_for(server.address)
    assert message == f"cannot fetch '{server.address}': the answer ends 4 bytes too early\n  hint: try again"


def test_an_answer_that_is_no_http_is_an_error() -> None:
    released = Event()
    released.set()
    with raw_server(b"SSH-2.0-x\r\n", released) as address:
        message = message_for(address)
    assert message == (
        f"cannot fetch '{address}': the server's answer is broken (BadStatusLine)\n  hint: try again"
    )


def test_a_compressed_answer_is_an_error() -> None:
    with serving(always(Reply(b"\x1f\x8b", headers={"Content-Encoding": "gzip"}))) as server:
        message = message_for(server.address)
    assert message == f"cannot fetch '{server.address}': the server compressed it with 'gzip', unasked"


def test_a_web_page_is_an_error() -> None:
    page = Reply(b"\n<!DOCTYPE html>", headers={"Content-Type": "text/html; charset=utf-8"})
    with serving(always(page)) as server:
        message = message_for(server.address)
    assert message == (
        f"cannot fetch '{server.address}': it is a web page\n"
        "  hint: give the address of the file itself; GitHub has a button 'Raw' for it"
    )


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nhalf"])
def test_a_server_that_falls_silent_is_an_error(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TIME_LIMIT", 0.2)
    with raw_server(sent, Event()) as address:
        message = message_for(address)
    # Whichever of the two limits is noticed first.
    assert message in [
        f"cannot fetch '{address}': {said} 0.2 s\n  hint: try again, or download it yourself"
        for said in ("it took longer than", "the server said nothing for")
    ]


def test_a_server_that_sends_a_byte_now_and_then_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    released = Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
            while not released.wait(0.02):
                connection.sendall(b"x")

    thread = Thread(target=serve)
    thread.start()
    monkeypatch.setattr(http, "TIME_LIMIT", 0.5)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    message = message_for(address)
    released.set()
    thread.join()
    listening.close()
    assert message == (
        f"cannot fetch '{address}': it took longer than 0.5 s\n  hint: try again, or download it yourself"
    )


def test_a_server_that_is_not_there_is_an_error() -> None:
    # As long as it is taken, nobody else can come to listen there.
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        message = message_for(f"http://me:secret@127.0.0.1:{port}/a")
    assert message == (
        f"cannot fetch 'http://127.0.0.1:{port}/a': no connection: Connection refused\n"
        "  hint: check the name of the host"
    )


@pytest.mark.parametrize("uri", ["http://", "http:///a", "http://[::1/a", "http://host:port/a"])
def test_an_address_that_is_none_is_an_error(uri: str) -> None:
    assert message_for(uri) == (
        f"cannot fetch '{uri}': it is no proper address\n  hint: an address is https://host/path"
    )


def test_what_is_on_this_machine_is_not_asked_for_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(always(Reply(b"from the proxy"))) as proxy, serving(always(Reply(b"one"))) as server:
        monkeypatch.setenv("http_proxy", proxy.address)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert http.fetch(server.address)[0].content == b"one"
        assert http.fetch("http://host.invalid/a")[0].content == b"from the proxy"
    assert [asked.path for asked in proxy.asked] == ["http://host.invalid/a"]
