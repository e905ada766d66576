"""What the shipped provisioners make of a resource, and whole Compose projects, in strict mode."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from doit_score.command import cli
from doit_score.engine.inputs.discover import default_directory
from doit_score.provisioning.files import parse
from doit_score.testing import Provision

DOCS = Path(__file__).parent.parent / "docs" / "provisioners"

SCORE = """\
apiVersion: score.dev/v1b1
metadata:
  name: app
containers:
  main:
    image: busybox
    variables:
{variables}
service:
  ports:
    web:
      port: 80
      targetPort: 8080
resources:
  one:
    type: {type}
{more}"""

# What score-compose's and Humanitec's types of these names have.
OUTPUTS = {
    "amqp": "host port vhost username password",
    "dns": "host",
    "elasticsearch": "host port username password",
    "kafka-topic": "host port name num_partitions",
    "mongodb": "host port name username password connection",
    "mssql": "server host port name database connection username password",
    "mysql": "host port name database username password",
    "postgres": "host port name database username password",
    "postgres-instance": "host port username password",
    "redis": "host port username password",
    "route": "host path port url",
    "s3": "endpoint region bucket access_key_id secret_key aws_access_key_id aws_secret_key "
    "aws_secret_access_key service",
    "service-port": "hostname port",
    "volume": "source type",
}
PARAMS = {
    "route": "    params:\n      host: shop.localhost\n      path: /api\n      port: web\n",
    "service-port": "    params:\n      workload: app\n      port: 80\n",
}
SHARED = ("amqp", "kafka-topic", "mssql", "mysql", "postgres", "s3")


def score(type_: str, more: str = "", *outputs: str) -> str:
    variables = "".join(f"      {name.upper()}: ${{resources.one.{name}}}\n" for name in outputs)
    return SCORE.format(type=type_, variables=variables.rstrip() or "      A: b", more=more)


def annotated(**annotations: str) -> str:
    lines = "".join(
        f"        compose.score.dev/{key.replace('_', '-')}: '{annotations[key]}'\n" for key in annotations
    )
    return f"    metadata:\n      annotations:\n{lines}"


def generate(folder: Path, monkeypatch: pytest.MonkeyPatch, score: str) -> str:
    """The text of the project for a Score file."""
    monkeypatch.chdir(folder)
    Path("score.yaml").write_text(score, encoding="utf-8")
    assert cli.main(["--quiet", "init", "--project", "demo"]) == 0
    assert cli.main(["--quiet", "generate", "score.yaml", "--strict"]) == 0
    return Path("compose.yaml").read_text(encoding="utf-8")


def refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], score: str
) -> str:
    """What is said of a Score file that cannot be provisioned."""
    monkeypatch.chdir(folder)
    Path("score.yaml").write_text(score, encoding="utf-8")
    assert cli.main(["--quiet", "init"]) == 0
    capsys.readouterr()
    assert cli.main(["--quiet", "generate", "score.yaml"]) == 1
    return capsys.readouterr().err


def services(text: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)["services"]
    return found


def config(text: str) -> None:
    """Has Compose itself check the project."""
    command = ["docker", "compose", "--file", "-", "config", "--quiet"]
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_there_is_a_file_for_every_type_and_the_images_in_one_more() -> None:
    folder = Path(default_directory())
    types = {path.name.removesuffix(".provisioners.yaml") for path in folder.glob("*.yaml")}
    assert types == {*OUTPUTS, "images"}
    for type_ in OUTPUTS:
        path = folder / f"{type_}.provisioners.yaml"
        (entry,) = parse(path.read_bytes(), str(path))
        assert (entry.type, entry.class_, entry.uri) == (type_, None, f"jinja://doit-score/{type_}")
        assert {*(entry.expected_outputs or ())} == {*OUTPUTS[type_].split()}
        assert entry.description and entry.supported_params is not None


@pytest.mark.parametrize("type_", sorted(OUTPUTS))
def test_the_page_of_a_type_names_its_params_and_outputs(type_: str) -> None:
    page = (DOCS / f"{type_}.md").read_text(encoding="utf-8")
    path = Path(default_directory()) / f"{type_}.provisioners.yaml"
    (entry,) = parse(path.read_bytes(), str(path))

    def table(head: str) -> set[str]:
        rows = page.partition(f"| {head} | |\n|---|---|\n")[2].partition("\n\n")[0]
        return {*re.findall(r"^\| `([^`]+)`", rows, re.MULTILINE)}

    assert page.startswith(f"# {type_}\n")
    assert table("param") == {*(entry.supported_params or ())}
    assert table("output") == {*(entry.expected_outputs or ())}
    asked = {*re.findall(r"compose\.score\.dev/[a-z-]+", path.read_text(encoding="utf-8"))}
    assert table("annotation") == asked
    assert f"[{type_}]({type_}.md)" in (DOCS / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("type_", sorted(OUTPUTS))
def test_a_resource_is_made_like_this_and_the_same_again(type_: str, provision: Provision) -> None:
    text = score(type_, PARAMS.get(type_, ""))
    params = yaml.safe_load(text)["resources"]["one"].get("params")
    made = provision(type_, params=params, workload=text, id="app.one")
    assert (made.warnings, {*made.outputs}) == ((), {*OUTPUTS[type_].split()})
    made.again()
    made.matches_snapshot()


@pytest.mark.parametrize("type_", sorted(OUTPUTS))
def test_a_project_with_a_resource_is_this_one_and_stays_when_it_is_made_again(
    type_: str, provision: Provision
) -> None:
    text = score(type_, PARAMS.get(type_, ""), *OUTPUTS[type_].split())
    project = provision.project({"score.yaml": text})
    assert project.warnings == ()
    config(project.text)
    project.again()
    project.matches_snapshot()


@pytest.mark.parametrize("type_", SHARED)
def test_resources_share_a_server_and_have_a_container_each_that_makes_theirs(
    type_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = f"  two:\n    type: {type_}\n  three:\n    type: {type_}\n"
    found = services(generate(tmp_path, monkeypatch, score(type_, more)))
    servers = [name for name, service in found.items() if "healthcheck" in service]
    inits = [
        service
        for service in found.values()
        if service.get("labels") == {"dev.score.compose.labels.is-init-container": "true"}
    ]
    assert (len(servers), len(inits)) == (1, 3)
    assert [[*service["depends_on"]] for service in inits] == [servers] * 3
    assert len({str(service["command"]) + str(service.get("environment")) for service in inits}) == 3


@pytest.mark.parametrize(
    ("type_", "annotations", "ports"),
    [
        ("amqp", {"publish_port": "15672"}, [("15672", 5672)]),
        ("amqp", {"publish_port": "5", "publish_management_port": "6"}, [("5", 5672), ("6", 15672)]),
        ("elasticsearch", {"publish_port": "19200"}, [("19200", 9200)]),
        ("kafka-topic", {"publish_port": "19092"}, [("19092", 9094)]),
        ("mongodb", {"publish_port": "27018"}, [("27018", 27017)]),
        ("mssql", {"publish_port": "1434"}, [("1434", 1433)]),
        ("mysql", {"publish_port": "3308"}, [("3308", 3306)]),
        ("postgres", {"publish_port": "15432"}, [("15432", 5432)]),
        ("postgres-instance", {"publish_port": "15432"}, [("15432", 5432)]),
        ("redis", {"publish_port": "16379"}, [("16379", 6379)]),
        ("redis", {"publish_port": "0"}, []),
        ("route", {"publish_port": "80"}, [("80", 80)]),
        ("s3", {"publish_port": "9001"}, [("9001", 9001)]),
        ("s3", {"publish_port": "1", "publish_api_port": "2"}, [("2", 9000), ("1", 9001)]),
    ],
)
def test_an_annotation_publishes_a_port(
    type_: str,
    annotations: dict[str, str],
    ports: list[tuple[str, int]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = services(
        generate(tmp_path, monkeypatch, score(type_, PARAMS.get(type_, "") + annotated(**annotations)))
    )
    published = [port for service in found.values() for port in service.get("ports", ())]
    assert [(port["published"], port["target"]) for port in published] == ports


@pytest.mark.parametrize("type_", sorted({*SHARED} - {"kafka-topic"}))
def test_every_port_that_somebody_asks_for_is_published_and_goes_with_who_asked(
    type_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = {"s3": "publish_api_port"}.get(type_, "publish_port")
    plain = score(type_, f"  two:\n    type: {type_}\n")
    asking = plain.replace("  two:", annotated(**{key: "2001"}) + "  two:") + annotated(**{key: "1001"})
    first = generate(tmp_path, monkeypatch, plain)
    Path("score.yaml").write_text(asking, encoding="utf-8")
    assert cli.main(["--quiet", "generate", "--strict"]) == 0
    found = services(Path("compose.yaml").read_text(encoding="utf-8"))
    assert [port["published"] for one in found.values() for port in one.get("ports", ())] == ["1001", "2001"]
    Path("score.yaml").write_text(plain, encoding="utf-8")
    assert cli.main(["--quiet", "generate", "--strict"]) == 0
    assert Path("compose.yaml").read_text(encoding="utf-8") == first


def test_a_port_that_one_topic_asks_for_is_published_for_all_and_goes_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The topic that asks is provisioned first: the other one, which writes the broker last, must know.
    plain = score("kafka-topic", "  zz:\n    type: kafka-topic\n")
    asking = plain.replace("  zz:", annotated(publish_port="19092") + "  zz:")
    before = generate(tmp_path, monkeypatch, plain)
    Path("score.yaml").write_text(asking, encoding="utf-8")
    assert cli.main(["--quiet", "generate", "--strict"]) == 0
    text = Path("compose.yaml").read_text(encoding="utf-8")
    broker = next(one for name, one in services(text).items() if "healthcheck" in one)
    environment = broker["environment"]
    assert environment["KAFKA_LISTENERS"] == "INSIDE://:9092,CONTROLLER://:9093,OUTSIDE://:9094"
    assert environment["KAFKA_ADVERTISED_LISTENERS"].endswith(":9092,OUTSIDE://localhost:19092")
    Path("score.yaml").write_text(plain, encoding="utf-8")
    assert cli.main(["--quiet", "generate", "--strict"]) == 0
    assert Path("compose.yaml").read_text(encoding="utf-8") == before


def test_a_port_that_is_none_is_refused_with_the_resource(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(tmp_path, monkeypatch, capsys, score("redis", annotated(publish_port="often")))
    assert "in services of jinja://doit-score/redis, for resource 'redis.default#app.one'" in said
    assert "often" in said


def test_a_topic_has_as_many_partitions_as_its_params_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = "  two:\n    type: kafka-topic\n    params:\n      num_partitions: 12\n"
    text = generate(tmp_path, monkeypatch, score("kafka-topic", more))
    assert sorted(re.findall(r"--partitions=\d+", text)) == ["--partitions=12", "--partitions=3"]


def test_extensions_are_made_in_the_database_as_humanitec_s_type_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = (
        "    params:\n      extensions:\n        hstore:\n        uuid-ossp: {}\n"
        "        pgcrypto:\n          schema: ext\n          version: '1.3'\n"
    )
    text = generate(tmp_path, monkeypatch, score("postgres", more))
    (script,) = [one["command"][0] for name, one in services(text).items() if name.endswith("-init")]
    assert script.partition("FROM PUBLIC;\n")[2] == (
        '\\connect :"database"\n'
        'CREATE EXTENSION IF NOT EXISTS "hstore";\n'
        'CREATE SCHEMA IF NOT EXISTS "ext" AUTHORIZATION :"username";\n'
        'CREATE EXTENSION IF NOT EXISTS "pgcrypto" SCHEMA "ext" VERSION \'1.3\';\n'
        'CREATE EXTENSION IF NOT EXISTS "uuid-ossp";\n'
        "SQL\n"
    )


@pytest.mark.parametrize(
    ("type_", "more", "message"),
    [
        (
            "postgres",
            "    params:\n      extensions:\n        'a\"b':\n",
            "params.extensions: 'a\"b' has other signs than letters, digits, '_', '-' and '.'",
        ),
        (
            "postgres",
            "    params:\n      extensions:\n        a:\n          schema: x;y\n",
            "params.extensions: 'x;y' has other signs than letters, digits, '_', '-' and '.'",
        ),
        (
            "service-port",
            "    params:\n      workload: app\n",
            "params.workload and params.port are needed: a workload, and a name or number of its "
            "service.ports",
        ),
        (
            "service-port",
            "    params:\n      workload: other\n      port: web\n",
            "params.workload: there is no workload 'other' in this project",
        ),
        (
            "service-port",
            "    params:\n      workload: app\n      port: admin\n",
            "params.port: workload 'app' has no service port 'admin'; it has: 80, web",
        ),
        ("route", "", "params.host: expected a host name, found ''"),
        (
            "route",
            "    params:\n      host: a b\n      port: web\n",
            "params.host: expected a host name, found 'a b'",
        ),
        (
            "route",
            "    params:\n      host: a.b\n      path: '/{'\n      port: web\n",
            "params.path: expected a path that starts with '/' and has no blanks, quotes or any of {};\\#?$, "
            "found '/{'",
        ),
        (
            "route",
            "    params:\n      host: a.b\n      port: 81\n",
            "params.port: workload 'app' has no service port '81'; it has: 80, web",
        ),
        (
            "route",
            "    params:\n      host: a.b\n      port: 80\n" + annotated(route_provisioner_path_type="Regex"),
            "compose.score.dev/route-provisioner-path-type: expected Prefix or Exact, found 'Regex'",
        ),
    ],
)
def test_params_that_make_no_sense_are_refused(
    type_: str,
    more: str,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert message in refused(tmp_path, monkeypatch, capsys, score(type_, more))


def routes(*params: str) -> str:
    """A Score file with a route for each of the params, which are flow mappings."""
    lines = [f"  r{number}:\n    type: route\n    params: {text}\n" for number, text in enumerate(params)]
    return score("volume", "".join(lines))


def mounted() -> dict[str, str]:
    """The files of the router, without the one that is always the same."""
    (router,) = Path("state/mounts").glob("route-*")
    found = {path.relative_to(router).as_posix(): path.read_text() for path in router.rglob("*.conf")}
    assert "resolver 127.0.0.11" in found.pop("nginx.conf")
    return found


def test_a_route_has_a_file_of_its_own_beside_that_of_its_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(
        tmp_path,
        monkeypatch,
        routes(
            "{host: One.localhost, path: /api/, port: web}",
            "{host: one.localhost, port: 80}",
            "{host: two.localhost, path: /x, port: web}",
        ),
    )
    found = mounted()
    assert sorted(re.sub("[0-9a-f]{16}", "#", name) for name in found) == [
        "hosts/one.localhost.conf",
        "hosts/two.localhost.conf",
        "one.localhost/#.conf",
        "one.localhost/#.conf",
        "two.localhost/#.conf",
    ]
    assert found["hosts/one.localhost.conf"] == (
        "server {\n  listen 80;\n  server_name one.localhost;\n"
        "  include /etc/nginx/routes/one.localhost/*.conf;\n}\n"
    )
    locations = {
        (name.split("/")[0], location)
        for name, text in found.items()
        for location in re.findall(r"^location (.*) \{$", text, re.MULTILINE)
    }
    assert locations == {
        ("one.localhost", "= /api"),
        ("one.localhost", "^~ /api/"),
        ("one.localhost", "/"),
        ("two.localhost", "= /x"),
        ("two.localhost", "^~ /x/"),
    }
    assert all("set $target app:8080;" in text for name, text in found.items() if "hosts/" not in name)


def test_an_exact_route_is_for_its_path_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = "{host: a.localhost, path: /x, port: web}\n" + annotated(route_provisioner_path_type="Exact")
    generate(tmp_path, monkeypatch, routes(exact))
    (text,) = [text for name, text in mounted().items() if "hosts/" not in name]
    assert re.findall(r"^location (.*) \{$", text, re.MULTILINE) == ["= /x"]


def test_two_routes_for_one_path_are_refused_and_one_may_follow_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    same = "{host: a.localhost, path: /x, port: web}"
    said = refused(tmp_path, monkeypatch, capsys, routes(same, same))
    assert "params.path: '/x' of host 'a.localhost' is taken by 'route.default#app.r" in said
    Path("score.yaml").write_text(routes(same), encoding="utf-8")
    assert cli.main(["--quiet", "generate", "score.yaml", "--strict"]) == 0
    # Another resource takes the path over, though the state remembers who had it.
    Path("score.yaml").write_text(routes(same).replace("  r0:", "  other:"), encoding="utf-8")
    assert cli.main(["--quiet", "generate", "score.yaml", "--strict"]) == 0
    assert [name for name in mounted() if name.startswith("hosts/")] == ["hosts/a.localhost.conf"]
