"""Params and annotations that change, on real servers: extensions of PostgreSQL, snippets of nginx."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from docking import LIMIT, free_port, wait_until
from e2e import images
from e2e.project import Stack, running

pytestmark = pytest.mark.usefixtures("servers")

SCORE = """\
apiVersion: score.dev/v1b1
metadata:
  name: app
containers:
  main:
    image: {image}
    command: [python3, -m, http.server, "8080"]
service:
  ports:
    web:
      port: 80
      targetPort: 8080
resources:
  db:
    type: postgres
    params:
      extensions: {extensions}
  route:
    type: route
    metadata:
      annotations:
        compose.score.dev/publish-port: "{port}"
        compose.score.dev/route-provisioner-server-snippet: '{server}'
        compose.score.dev/route-provisioner-location-snippet: '{location}'
    params:
      host: a.localhost
      port: web
"""


class Changing(Stack):
    """The project, which is brought up again with other words."""

    port: int

    def say(self, extensions: str, server: str = "", location: str = "") -> None:
        words = {"extensions": extensions, "server": server, "location": location}
        self.write("score.yaml", SCORE.format(image=images.WORKLOAD, port=self.port, **words))
        self.generate("score.yaml")

    def extensions(self) -> dict[str, list[str]]:
        """Schema and version of each extension of the database, but for that which is always there."""
        found = json.loads(self.score("resources", "get-outputs", "postgres.default#app.db").out)
        query = (
            "SELECT json_object_agg(extname, ARRAY[nspname, extversion]) FROM pg_extension"
            " JOIN pg_namespace n ON n.oid = extnamespace WHERE extname <> 'plpgsql'"
        )
        command = ["psql", "-U", "postgres", "-Atc", query, found["name"]]
        return dict(json.loads(self.docker("exec", "-T", found["host"], *command)))

    def answer(self, path: str) -> tuple[int, str, str]:
        """Status, body and the header X-Who of what the router answers."""
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Host": "a.localhost"})
        try:
            with urllib.request.urlopen(asked, timeout=LIMIT) as answer:
                return answer.status, answer.read().decode(), answer.headers.get("X-Who", "")
        except urllib.error.HTTPError as error:
            return error.code, "", ""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Changing]:
    stack = Changing(tmp_path_factory.mktemp("changed"), "dsd-changed")
    stack.port = free_port()
    with running(stack):
        stack.say("{hstore: {version: '1.4'}, pgcrypto: {schema: one}}")
        stack.up()
        yield stack


def test_another_schema_and_version_of_an_extension_are_applied_and_none_is_dropped(stack: Changing) -> None:
    before = stack.extensions()
    assert (before["hstore"], before["pgcrypto"][0]) == (["public", "1.4"], "one")
    stack.say("{hstore: {version: '1.5'}}")
    stack.up()
    assert stack.extensions() == {"hstore": ["public", "1.5"], "pgcrypto": before["pgcrypto"]}
    stack.say("{hstore: {version: '1.5'}, pgcrypto: {schema: two}}")
    stack.up()
    assert stack.extensions()["pgcrypto"][0] == "two"


def test_snippets_are_in_force_and_those_that_nginx_refuses_change_nothing(stack: Changing) -> None:
    text = "{hstore: {version: '1.5'}, pgcrypto: {schema: two}}"
    stack.say(
        text, 'location = /plain { return 200 "plain"; }', "add_header X-Who me; proxy_http_version 1.0;"
    )
    wait_until(lambda: (stack.answer("/plain")[:2], stack.answer("/")[2]) == ((200, "plain"), "me"))
    stack.say(text, "no_directive_of_nginx on;")
    wait_until(lambda: "unknown directive" in stack.logs())
    assert stack.answer("/plain")[:2] == (200, "plain")
