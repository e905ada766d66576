"""A web server on this machine, which answers what a test says and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(frozen=True)
class Reply:
    """What to answer; ``announced`` is a length other than that of ``body``."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    announced: int | None = None


@dataclass(frozen=True)
class Asked:
    path: str
    headers: Mapping[str, str]


Answers = Callable[[Asked], Reply]


@dataclass(frozen=True)
class Server:
    host: str
    asked: list[Asked]

    @property
    def address(self) -> str:
        return f"http://{self.host}"


@contextmanager
def serving(answers: Answers) -> Iterator[Server]:
    """A server that answers with ``answers`` until the block ends."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            request = Asked(self.path, {name.lower(): value for name, value in self.headers.items()})
            asked.append(request)
            reply = answers(request)
            self.send_response(reply.status)
            self.send_header("Content-Length", str(reply.announced or len(reply.body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Server(f"127.0.0.1:{httpd.server_port}", asked)
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()
