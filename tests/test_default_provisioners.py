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
        assert entry.description and None not in (entry.supported_params, entry.annotations)


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
    assert table("annotation") == {*(entry.annotations or ())}
    asked = re.findall(r"\"(compose\.score\.dev/[a-z-]+[a-z])\"", path.read_text(encoding="utf-8"))
    assert {*asked} <= {*(entry.annotations or ())}
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


@pytest.mark.parametrize("type_", sorted(SHARED))
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
    assert environment["KAFKA_LISTENERS"] == "INSIDE://:9092,CONTROLLER://:9093,OUTSIDE_19092://:9094"
    assert environment["KAFKA_ADVERTISED_LISTENERS"].endswith(":9092,OUTSIDE_19092://localhost:19092")
    Path("score.yaml").write_text(plain, encoding="utf-8")
    assert cli.main(["--quiet", "generate", "--strict"]) == 0
    assert Path("compose.yaml").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("type_", sorted(OUTPUTS.keys() - {"dns", "service-port", "volume"}))
@pytest.mark.parametrize("port", ["often", "0", "70000", "9094/udp", "-1", ""])
def test_a_port_that_is_none_is_refused_at_its_place(
    type_: str,
    port: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = score(type_, PARAMS.get(type_, "") + annotated(publish_port=port))
    line = 1 + text.splitlines().index(f"        compose.score.dev/publish-port: '{port}'")
    assert refused(tmp_path, monkeypatch, capsys, text) == (
        f"Error: score.yaml:{line}:9: compose.score.dev/publish-port: expected a port from 1 to 65535, "
        f"found '{port}'\n"
        f"  | compose.score.dev/publish-port: '{port}'\n"
        f"  in supported_annotations of jinja://doit-score/{type_}, for resource '{type_}.default#app.one'\n"
    )


def partitions(number: str) -> str:
    return score("kafka-topic", f"    params:\n      num_partitions: {number}\n")


def asked_for() -> list[object]:
    """How many partitions the init container asks for, and the workload is told of."""
    found = services(Path("compose.yaml").read_text(encoding="utf-8"))
    (init,) = (one for name, one in found.items() if name.endswith("-init"))
    return [init["environment"]["PARTITIONS"], found["app-main"]["environment"]["N"]]


@pytest.mark.parametrize("number", ["many", "2.5", "0", "-1", "null", "'3 '", "[3]", "true", "10001"])
def test_partitions_that_are_none_are_refused_at_their_place(
    number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(tmp_path, monkeypatch, capsys, partitions(number))
    value = yaml.safe_load(number)
    found = {"null": "null", "[3]": "a list", "true": "'true'"}.get(number, f"'{value}'")
    assert said == (
        "Error: score.yaml:18:7: params.num_partitions: expected a whole number from 1 to 10000, "
        f"found {found}\n"
        f"  | num_partitions: {number}\n"
        "  in supported_params of jinja://doit-score/kafka-topic, for resource "
        "'kafka-topic.default#app.one'\n"
        + ("  hint: leave it out to have what is usual\n" if value is None else "")
    )


def test_a_topic_gets_more_partitions_when_more_are_asked_for_and_never_fewer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def say(number: str | None) -> int:
        text = score("kafka-topic") if number is None else partitions(number)
        text = text.replace("A: b", "N: ${resources.one.num_partitions}")
        Path("score.yaml").write_text(text, encoding="utf-8")
        return cli.main(["--quiet", "generate", "score.yaml", "--strict"])

    monkeypatch.chdir(tmp_path)
    assert cli.main(["--quiet", "init", "--no-sample"]) == 0
    for number, has in [(None, "3"), ("4", "4"), ("'6'", "6"), ("12", "12"), (None, "12")]:
        assert say(number) == 0
        assert asked_for() == [has, has]
    before = Path("compose.yaml").read_bytes()
    capsys.readouterr()
    assert say("6") == 1
    assert capsys.readouterr().err == (
        "Error: score.yaml:18:7: params.num_partitions: Kafka cannot take "
        "partitions away: this topic has been "
        "given 12, and 6 are asked for; say 12 or more, or give the resource another name or id: that is "
        "another topic\n"
        "  | num_partitions: 6\n"
        "  in init of jinja://doit-score/kafka-topic, for resource 'kafka-topic.default#app.one'\n"
    )
    assert Path("compose.yaml").read_bytes() == before


def test_each_port_of_a_broker_has_a_listener_that_sends_clients_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = (
        annotated(publish_port="29092") + "  two:\n    type: kafka-topic\n" + annotated(publish_port="19092")
    )
    found = services(generate(tmp_path, monkeypatch, score("kafka-topic", more)))
    ((name, broker),) = ((name, one) for name, one in found.items() if "healthcheck" in one)
    environment = broker["environment"]
    assert environment["KAFKA_LISTENERS"] == (
        "INSIDE://:9092,CONTROLLER://:9093,OUTSIDE_19092://:9094,OUTSIDE_29092://:9095"
    )
    assert environment["KAFKA_ADVERTISED_LISTENERS"] == (
        f"INSIDE://{name}:9092,OUTSIDE_19092://localhost:19092,OUTSIDE_29092://localhost:29092"
    )
    assert environment["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"] == (
        "CONTROLLER:PLAINTEXT,INSIDE:PLAINTEXT,OUTSIDE_19092:PLAINTEXT,OUTSIDE_29092:PLAINTEXT"
    )
    assert broker["ports"] == [
        {"target": 9094, "published": "19092"},
        {"target": 9095, "published": "29092"},
    ]


def test_annotations_say_version_memory_and_licence_of_elasticsearch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {"stack_version": "8.14.0", "es_mem_limit": "1073741824", "license": "trial"}
    text = score("elasticsearch", annotated(**said))
    found = services(generate(tmp_path, monkeypatch, text))
    servers = [one for name, one in found.items() if name.startswith("elasticsearch-")]
    assert [one["image"] for one in servers] == ["elasticsearch:8.14.0"] * 2
    (server,) = (one for one in servers if "healthcheck" in one)
    assert server["mem_limit"] == "1073741824"
    assert server["environment"]["xpack.license.self_generated.type"] == "trial"
    assert "ES_JAVA_OPTS" not in server["environment"]
    # It keeps its licence, as the server does.
    Path("score.yaml").write_text(text.replace("trial", "basic"), encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["--quiet", "generate"]) == 1
    assert capsys.readouterr().err == (
        "Error: score.yaml:21:9: compose.score.dev/license: Elasticsearch "
        "keeps the licence that it began with, "
        "which is 'trial': say that, or give the resource another name or id, which is another server\n"
        "  | compose.score.dev/license: 'basic'\n"
        "  in init of jinja://doit-score/elasticsearch, for resource 'elasticsearch.default#app.one'\n"
    )


def test_a_version_of_elasticsearch_cannot_take_the_place_of_a_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "provisioners").mkdir()
    (tmp_path / "provisioners" / "own.provisioners.yaml").write_text(
        "- {uri: 'images://own', images: {elasticsearch: 'r.test/es@sha256:12ab'}}\n", encoding="utf-8"
    )
    said = refused(tmp_path, monkeypatch, capsys, score("elasticsearch", annotated(stack_version="8.14.0")))
    assert said.startswith(
        "Error: score.yaml:19:9: compose.score.dev/stack-version: the image 'r.test/es@sha256:12ab' has no "
        "version at its end to put this one in the place of: change it in an images:// entry\n"
    )


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
        'ALTER EXTENSION "pgcrypto" SET SCHEMA "ext";\n'
        "ALTER EXTENSION \"pgcrypto\" UPDATE TO '1.3';\n"
        'CREATE EXTENSION IF NOT EXISTS "uuid-ossp";\n'
        "SQL\n"
    )


@pytest.mark.parametrize(
    ("type_", "more", "message"),
    [
        (
            "postgres",
            "    params:\n      extensions:\n        'a\"b':\n",
            "params.extensions: expected letters, digits, '_', '-' and '.', found 'a\"b'",
        ),
        (
            "postgres",
            "    params:\n      extensions:\n        a:\n          schema: x;y\n",
            "params.extensions: expected letters, digits, '_', '-' and '.', found 'x;y'",
        ),
        (
            "postgres",
            "    params:\n      extensions:\n        a:\n          schemas: x\n",
            "score.yaml:20:11: params.extensions.a.schemas: an extension has schema and version only",
        ),
        (
            "postgres",
            "    params:\n      extensions:\n        a: 1.3\n",
            "score.yaml:19:9: params.extensions.a: expected a mapping with schema or version, or nothing",
        ),
        (
            "postgres",
            "    params:\n      extensions: [a]\n",
            "score.yaml:18:7: params.extensions: expected a mapping or null, found a list",
        ),
        *(
            (
                type_,
                f"    params:\n      size: {size}\n",
                f"score.yaml:18:7: params.size: expected an amount such as 10Gi, found {found}",
            )
            for type_ in sorted(OUTPUTS.keys() - {"dns", "route", "service-port"})
            for size, found in [("5", "'5'"), ("large", "'large'"), ("null", "null")]
        ),
        (
            "volume",
            "    params:\n      access_mode: RWO\n",
            "score.yaml:18:7: params.access_mode: expected ReadWriteOnce, ReadWriteOncePod, ReadWriteMany or "
            "ReadOnlyMany, found 'RWO'",
        ),
        (
            "mssql",
            annotated(mssql_pid="a b"),
            "score.yaml:19:9: compose.score.dev/mssql-pid: expected an edition "
            "such as Developer or Express, or "
            "a product key, found 'a b'",
        ),
        (
            "elasticsearch",
            annotated(es_mem_limit="1Gi"),
            "compose.score.dev/es-mem-limit: expected a number of bytes, or an "
            "amount such as 2g, found '1Gi'",
        ),
        (
            "elasticsearch",
            annotated(stack_version="8"),
            "compose.score.dev/stack-version: expected a version such as 8.14.0, found '8'",
        ),
        (
            "elasticsearch",
            annotated(license="gold"),
            "compose.score.dev/license: expected basic or trial, found 'gold'",
        ),
        (
            "service-port",
            "    params:\n      workload: app\n",
            "params.port: expected the name or the number of a port in its service.ports, found nothing",
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
        ("route", "", "params.host: expected a host name, found nothing"),
        (
            "route",
            "",
            "params.port: expected the name or the number of a port of service.ports, found nothing",
        ),
        (
            "route",
            PARAMS["route"] + annotated(route_provisioner_server_snippet="gzip on"),
            "compose.score.dev/route-provisioner-server-snippet: expected "
            "directives of nginx, each with a ';' "
            "or a block at its end, found 'gzip on'",
        ),
        (
            "route",
            PARAMS["route"] + annotated(route_provisioner_location_snippet="}"),
            "score.yaml:23:9: "
            "compose.score.dev/route-provisioner-location-snippet: expected as many '}' as '{'",
        ),
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


def snippet(resource: int, host: str, **snippets: str) -> str:
    """A route with snippets for nginx."""
    params = f"    params: {{host: {host}, path: /r{resource}, port: web}}\n"
    return f"  r{resource}:\n    type: route\n{params}" + annotated(
        **{f"route_provisioner_{name}_snippet": text for name, text in snippets.items()}
    )


def test_snippets_are_in_the_server_once_and_in_each_location(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = snippet(1, "a.localhost", server="gzip on;", location="proxy_set_header host x;")
    more += snippet(2, "a.localhost", server="gzip on;") + snippet(3, "b.localhost", server="gzip on;")
    generate(tmp_path, monkeypatch, score("volume", more))
    files = {text.splitlines()[0]: text for name, text in mounted().items() if "hosts/" not in name}
    first, second, third = (files[f"# route.default#app.r{number}"] for number in (1, 2, 3))
    assert [text.count("\ngzip on;\n") for text in (first, second, third)] == [1, 0, 1]
    assert first == (
        "# route.default#app.r1\ngzip on;\n"
        + "".join(
            f"location {location} {{\n"
            "  set $target app:8080;\n"
            "  proxy_pass http://$target;\n"
            "  proxy_set_header Upgrade $http_upgrade;\n"
            "  proxy_set_header Connection $connection_upgrade;\n"
            "  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n"
            "  proxy_set_header X-Forwarded-Host $http_host;\n"
            "  proxy_set_header X-Forwarded-Proto $scheme;\n"
            "  proxy_set_header host x;\n"
            "}\n"
            for location in ("= /r1", "^~ /r1/")
        )
    ).removesuffix("\n")


def test_an_extension_that_nobody_asks_for_any_more_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asking = score("postgres", "    params:\n      extensions:\n        hstore:\n")
    generate(tmp_path, monkeypatch, asking)
    Path("score.yaml").write_text(asking.replace("        hstore:\n", ""), encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["generate", "--strict"]) == 0
    (told,) = (line for line in capsys.readouterr().err.splitlines() if "hstore" in line)
    assert re.fullmatch(
        r"INFO: postgres\.default#app\.one: the extension hstore is asked for "
        r"no more, and stays: docker compose -p demo "
        r"exec postgres-\w+ psql --username=postgres --command='DROP EXTENSION \"hstore\"' db_\w+",
        told,
    )


def test_publishing_the_port_that_kafka_has_inside_leads_to_the_annotation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = score("kafka-topic")
    generate(tmp_path, monkeypatch, text)
    capsys.readouterr()
    flags = ("--publish", "19092:kafka-topic#app.one.host:9092")
    assert cli.main(["--quiet", "generate", "score.yaml", *flags, "--strict"]) == 1
    (broker,) = (name for name in services(Path("compose.yaml").read_text()) if name.startswith("kafka-"))
    assert capsys.readouterr().err == (
        f"Error: --publish[0]: programs outside the project have no use for port 9092 of '{broker}'\n"
        f"  hint: Kafka sends them on to {broker}:9092: the annotation compose.score.dev/publish-port of a "
        "kafka-topic publishes a port that is made for them\n"
    )
