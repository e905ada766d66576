"""What the shipped provisioners make for Kubernetes: whole projects, in strict mode.

``data/defaults/kubernetes/NAME.yaml`` holds the objects for one resource of each type, as they should be,
with what is generated replaced: the endings of names by ``#``, secrets by the key and Secret that has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from test_default_provisioners import DOCS, OUTPUTS, PARAMS, SHARED, score

from doit_score.command import cli
from doit_score.engine.inputs.discover import default_directory
from doit_score.provisioning.files import parse
from doit_score.score import references
from doit_score.testing import Provision

DATA = Path(__file__).parent / "data" / "defaults" / "kubernetes"
FOLDER = Path(default_directory()) / "kubernetes"

Object = dict[str, Any]

# The types, and further cases of them: the lines of the resource below its type, and its outputs.
CASES = {
    **{name: (name, PARAMS.get(name, ""), outputs) for name, outputs in OUTPUTS.items()},
    "volume": ("volume", "", ""),
    "volume-ephemeral": ("volume", "    class: ephemeral\n", ""),
    "route-gateway": ("route", f"    class: gateway\n{PARAMS['route']}", OUTPUTS["route"]),
}
SIZED = ("elasticsearch", "mongodb", "postgres-instance", "redis", *SHARED)
PASSWORDS = {name for name in OUTPUTS if "password" in OUTPUTS[name] or "secret_key" in OUTPUTS[name]}

_NAMES = re.compile(
    r"\b((?:app|dns|elasticsearch|kafka|minio|mongodb|mssql|mysql|postgres|rabbitmq|redis|topic)-)"
    r"(?!topics|server)[a-z0-9]{6}\b|\b((?:bucket|vhost|user|db)-|(?:db|user)\\*_)[a-z0-9]{8}\b"
)


def generate(folder: Path, monkeypatch: pytest.MonkeyPatch, score: str, *flags: str) -> list[Object]:
    """The objects for a Score file."""
    monkeypatch.chdir(folder)
    Path("score.yaml").write_text(score, encoding="utf-8")
    assert cli.main(["--quiet", "init", "--project", "demo", "--target", "kubernetes"]) == 0
    return again(*flags)


def again(*flags: str) -> list[Object]:
    """The objects of the project as it is now."""
    assert cli.main(["--quiet", "generate", "score.yaml", "--strict", *flags]) == 0
    return list(yaml.safe_load_all(Path("manifests.yaml").read_text(encoding="utf-8")))


def refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], score: str
) -> str:
    """What is said of a Score file that cannot be provisioned."""
    monkeypatch.chdir(folder)
    Path("score.yaml").write_text(score, encoding="utf-8")
    assert cli.main(["--quiet", "init", "--target", "kubernetes"]) == 0
    capsys.readouterr()
    assert cli.main(["--quiet", "generate", "score.yaml", "--strict"]) == 1
    return capsys.readouterr().err


def of_kind(objects: list[Object], kind: str) -> list[Object]:
    return [one for one in objects if one["kind"] == kind]


def secrets(objects: list[Object]) -> dict[str, str]:
    """What is generated and secret, with the key and the Secret that has it."""
    return {
        value: f"<{key} of {one['metadata']['name']}>"
        for one in of_kind(objects, "Secret")
        for key, value in one["stringData"].items()
        if key != "connection"
    }


def generalised(objects: list[Object]) -> list[Object]:
    """``objects`` without what was generated."""
    text = yaml.safe_dump_all(objects)
    for value, name in secrets(objects).items():
        text = text.replace(value, name)
    for one in of_kind(objects, "Job"):
        name = one["metadata"]["name"]
        text = text.replace(name, re.sub("-[0-9a-f]{10}$", "-#", name))
    for key in re.findall(r"name: ACCESS_KEY_ID\n +value: (\w{20})\n", text):
        text = text.replace(key, "<access key id>")
    text = re.sub(r"(score\.dev/content): '?[0-9a-f]{16}'?$", r"\1: <digest>", text, flags=re.MULTILINE)
    return list(yaml.safe_load_all(_NAMES.sub(lambda match: (match[1] or match[2]) + "#", text)))


def mounting(name: str) -> str:
    """A Score file with one resource: its outputs are variables, or it is mounted."""
    type_, more, outputs = CASES[name]
    text = score(type_, more, *outputs.split())
    if type_ != "volume":
        return text
    return text.replace("service:\n", "    volumes:\n      /data: {source: '${resources.one}'}\nservice:\n")


def everything() -> str:
    """A Score file with a resource of each type, and their outputs."""
    variables, resources = [], []
    for number, (name, (type_, more, outputs)) in enumerate(sorted(CASES.items())):
        resources.append(f"  r{number:02}:\n    type: {type_}\n{more.replace('/api', '/' + name)}")
        variables += [f"      V{number}_{one}: ${{resources.r{number:02}.{one}}}" for one in outputs.split()]
    return score("dns").replace("      A: b", "\n".join(variables)) + "".join(resources)


def pods(objects: list[Object]) -> Iterator[tuple[str, Object]]:
    """The kind and the pod of all that was provisioned."""
    for one in objects:
        if one["kind"] in ("StatefulSet", "Job"):
            yield one["kind"], one["spec"]["template"]


def test_there_is_a_file_for_every_type_but_those_that_are_for_every_target() -> None:
    types = {path.name.removesuffix(".provisioners.yaml") for path in FOLDER.iterdir()}
    assert types == {*OUTPUTS} - {"dns"}


@pytest.mark.parametrize("type_", sorted({*OUTPUTS} - {"dns"}))
def test_a_provisioner_takes_and_gives_what_that_for_compose_does(type_: str) -> None:
    own, beside = (
        parse((folder / f"{type_}.provisioners.yaml").read_bytes(), "") for folder in (FOLDER, FOLDER.parent)
    )
    (compose,) = beside
    for entry in own:
        tail = f"{type_}-{entry.class_}" if entry.class_ else type_
        assert (entry.type, entry.uri) == (type_, f"jinja://doit-score/kubernetes/{tail}")
        assert {*(entry.supported_params or ())} == {*(compose.supported_params or ())}
        assert entry.uses_images == compose.uses_images or type_ == "route"
        if type_ != "volume":
            assert entry.expected_outputs == compose.expected_outputs
    assert [entry.class_ for entry in own][-1] is None


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_resource_gives_these_objects(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    objects = generate(tmp_path, monkeypatch, mounting(name))
    expected = list(yaml.safe_load_all((DATA / f"{name}.yaml").read_text(encoding="utf-8")))
    assert generalised(objects) == expected


@pytest.mark.parametrize("type_", sorted(OUTPUTS))
def test_a_resource_is_made_like_this_and_the_same_again(type_: str, provision: Provision) -> None:
    text = score(type_, PARAMS.get(type_, ""))
    params = yaml.safe_load(text)["resources"]["one"].get("params")
    made = provision(type_, params=params, workload=text, id="app.one", target="kubernetes")
    assert made.warnings == ()
    made.again()
    made.matches_snapshot()


def test_everything_stays_when_it_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = generate(tmp_path, monkeypatch, everything())
    assert again("--force") == first


def test_what_is_secret_is_in_secrets_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    objects = generate(tmp_path, monkeypatch, everything())
    values = secrets(objects)
    assert len(values) == 17
    others = str([one for one in objects if one["kind"] != "Secret"])
    assert [name for value, name in values.items() if value in others] == []
    (workload,) = of_kind(objects, "Deployment")
    (container,) = workload["spec"]["template"]["spec"]["containers"]
    refs = [one["valueFrom"]["secretKeyRef"] for one in container["env"] if "valueFrom" in one]
    known = {one["metadata"]["name"]: one["stringData"] for one in of_kind(objects, "Secret")}
    assert len(refs) == 13 and all(ref["key"] in known[ref["name"]] for ref in refs)


@pytest.mark.parametrize("type_", sorted(PASSWORDS))
def test_an_output_refers_to_a_password_and_does_not_tell_it(
    type_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    objects = generate(tmp_path, monkeypatch, score(type_))
    assert cli.main(["resources", "get-outputs", f"{type_}.default#app.one"]) == 0
    outputs = yaml.safe_load(capsys.readouterr().out)
    held = {one["metadata"]["name"]: one["stringData"] for one in of_kind(objects, "Secret")}
    found = {}
    for key, value in outputs.items():
        for part in references.split(str(value)):
            if isinstance(part, references.Reference):
                found[key] = held[part.name][part.key]
    told = {"password", "connection", "secret_key", "aws_secret_key", "aws_secret_access_key"} & {*outputs}
    assert {*found} == told
    assert all(len(references.split(outputs[key])) == 1 for key in found)
    assert "password" not in found or found.get("connection", found["password"]).count(found["password"]) == 1
    assert {str(value) for key, value in outputs.items() if key not in found} & {*secrets(objects)} == set()


def test_an_address_is_made_of_text_and_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = score("redis").replace(
        "A: b", "URL: redis://${resources.one.username}:${resources.one.password}@x/"
    )
    (workload,) = of_kind(generate(tmp_path, monkeypatch, text), "Deployment")
    (container,) = workload["spec"]["template"]["spec"]["containers"]
    helper, url = container["env"]
    assert helper["valueFrom"]["secretKeyRef"]["key"] == "password"
    assert url == {"name": "URL", "value": f"redis://default:$({helper['name']})@x/"}


def test_pods_may_do_only_what_they_must(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writing = set()
    found = list(pods(generate(tmp_path, monkeypatch, everything())))
    assert len(found) == 18
    for kind, template in found:
        spec = template["spec"]
        assert (spec["automountServiceAccountToken"], spec["enableServiceLinks"]) == (False, False)
        own = spec["securityContext"]
        assert (own["runAsNonRoot"], own["seccompProfile"]) == (True, {"type": "RuntimeDefault"})
        assert own["runAsUser"] > 0
        (container,) = spec["containers"]
        allowed = container["securityContext"]
        assert allowed["allowPrivilegeEscalation"] is False
        added = ["NET_BIND_SERVICE"] if container["name"] == "mssql" else None
        assert allowed["capabilities"] == {"drop": ["ALL"], **({"add": added} if added else {})}
        if not allowed.get("readOnlyRootFilesystem"):
            writing.add((kind, container["name"]))
    assert writing == {("StatefulSet", one) for one in ("elasticsearch", "kafka", "mssql", "rabbitmq")}


def test_a_service_and_its_server_are_for_the_pods_of_the_server_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects = generate(tmp_path, monkeypatch, everything())
    every = [template["metadata"]["labels"] for _, template in pods(objects)]
    servers = of_kind(objects, "StatefulSet")
    services = {one["metadata"]["name"]: one["spec"] for one in of_kind(objects, "Service")}
    for server in servers:
        spec = server["spec"]
        selector = spec["selector"]["matchLabels"]
        assert [labels for labels in every if selector.items() <= labels.items()] == [
            spec["template"]["metadata"]["labels"]
        ]
        service = services[spec["serviceName"]]
        assert (service["selector"], service["clusterIP"]) == (selector, "None")
        (container,) = spec["template"]["spec"]["containers"]
        ports = {(one["name"], one["containerPort"]) for one in container["ports"]}
        assert ports == {(one["name"], one["port"]) for one in service["ports"]}
        assert {"startupProbe", "readinessProbe"} <= {*container}
    assert len(servers) == 10


@pytest.mark.parametrize("type_", SHARED)
def test_resources_of_two_workloads_share_a_server_and_have_a_job_each_that_makes_theirs(
    type_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("other.yaml").write_text(score(type_).replace("name: app", "name: other"), encoding="utf-8")
    text = score(type_, f"  two:\n    type: {type_}\n")
    objects = generate(tmp_path, monkeypatch, text, "other.yaml")
    (server,) = of_kind(objects, "StatefulSet")
    jobs = of_kind(objects, "Job")
    assert len({one["metadata"]["name"] for one in jobs}) == 3
    assert len({str(one["spec"]) for one in jobs}) == 3
    assert sorted(one["metadata"]["annotations"]["k8s.score.dev/resource-uid"] for one in jobs) == [
        f"{type_}.default#app.one",
        f"{type_}.default#app.two",
        f"{type_}.default#other.one",
    ]
    assert all(server["metadata"]["name"] in str(one["spec"]) for one in jobs)


@pytest.mark.parametrize(
    ("type_", "params"),
    [
        ("kafka-topic", "    params: {num_partitions: 12}\n"),
        ("postgres", "    params: {extensions: {hstore: {}}}\n"),
    ],
)
def test_a_job_that_does_something_else_is_another_one(
    type_: str, params: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = generate(tmp_path, monkeypatch, score(type_))
    Path("score.yaml").write_text(score(type_, params), encoding="utf-8")
    after = again()
    ((old,), (new,)) = (of_kind(objects, "Job") for objects in (before, after))
    assert old["spec"] != new["spec"]
    assert old["metadata"]["name"] != new["metadata"]["name"]
    assert old["metadata"]["name"][:-10] == new["metadata"]["name"][:-10]
    others = [
        [one for one in objects if one["kind"] not in ("Job", "Deployment")] for objects in (before, after)
    ]
    assert others[0] == others[1]


@pytest.mark.parametrize("type_", sorted(SIZED))
def test_a_param_says_how_much_a_server_may_store(
    type_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The one that says nothing is provisioned last.
    more = f"    params: {{size: 20Gi}}\n  two:\n    type: {type_}\n"
    servers = of_kind(generate(tmp_path, monkeypatch, score(type_, more)), "StatefulSet")
    sizes = [
        one["spec"]["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"] for one in servers
    ]
    usual = "5Gi" if type_ == "elasticsearch" else "1Gi"
    assert sorted(sizes) == (["20Gi"] if type_ in SHARED else sorted(["20Gi", usual]))


@pytest.mark.parametrize("type_", SHARED)
def test_two_sizes_of_one_server_are_refused(
    type_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    more = f"    params: {{size: 2Gi}}\n  two:\n    type: {type_}\n    params: {{size: 3Gi}}\n"
    said = refused(tmp_path, monkeypatch, capsys, score(type_, more))
    assert (
        f"params.size: '3Gi', but '{type_}.default#app.one', which is on the same server, says '2Gi'" in said
    )


@pytest.mark.parametrize("type_", sorted((*SIZED, "volume")))
def test_a_size_that_is_none_is_refused(
    type_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(tmp_path, monkeypatch, capsys, score(type_, "    params: {size: much}\n"))
    assert "params.size: expected an amount such as 10Gi, found 'much'" in said


def test_names_are_never_longer_than_kubernetes_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "w" * 63
    text = everything().replace("name: app", f"name: {long}").replace("workload: app", f"workload: {long}")
    text = re.sub(r"\br(\d\d)\b", lambda match: f"r{match[1]}-" + "x" * 59, text)
    for one in generate(tmp_path, monkeypatch, text):
        assert len(one["metadata"]["name"]) <= 63
        assert all(len(label) <= 63 for label in one["metadata"]["labels"].values())


def test_what_is_told_names_the_namespace_and_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    objects = generate(tmp_path, monkeypatch, everything())
    capsys.readouterr()
    assert cli.main(["generate", "--force", "--namespace", "shop"]) == 0
    said = capsys.readouterr().err
    told = [line.partition(": ")[2] for line in said.splitlines() if "kubectl" in line]
    assert len(told) == 21
    assert all(" kubectl --namespace shop " in line for line in told)
    assert [name for value, name in secrets(objects).items() if value in said] == []
    names = {one["metadata"]["name"] for one in objects}
    for line in told:
        (name,) = re.findall(r" (?:service/|get secret |exec |ingress |httproute )([a-z0-9-]+)", line)
        assert name.removesuffix("-0") in names


def test_an_extension_that_nobody_asks_for_any_more_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asking = score("postgres", "    params:\n      extensions:\n        hstore:\n")
    generate(tmp_path, monkeypatch, asking)
    Path("score.yaml").write_text(asking.replace("        hstore:\n", ""), encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["generate", "--strict", "--namespace", "shop"]) == 0
    (told,) = (line for line in capsys.readouterr().err.splitlines() if "hstore" in line)
    assert re.fullmatch(
        r"INFO: postgres\.default#app\.one: the extension hstore is asked for no more, and stays: kubectl "
        r"--namespace shop exec postgres-\w+-0 -- psql --username=postgres "
        r"--command='DROP EXTENSION \"hstore\"' db_\w+",
        told,
    )


def test_an_annotation_of_another_target_is_no_mistake_and_one_that_nobody_reads_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = "    metadata: {annotations: {%s: '1'}}\n"
    generate(tmp_path, monkeypatch, score("redis", notes % "compose.score.dev/publish-port"))
    Path("score.yaml").write_text(score("mssql", notes % "k8s.score.dev/mssql-pod"), encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["--quiet", "generate", "score.yaml", "--strict"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("Error: score.yaml:17:30: nobody reads the annotation 'k8s.score.dev/mssql-pod'\n")
    assert said.endswith("  hint: did you mean 'k8s.score.dev/mssql-pid'?\n")


def test_an_annotation_names_the_edition_of_sql_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = "    metadata: {annotations: {k8s.score.dev/mssql-pid: Express}}\n"
    (server,) = of_kind(generate(tmp_path, monkeypatch, score("mssql", notes)), "StatefulSet")
    (container,) = server["spec"]["template"]["spec"]["containers"]
    assert {"name": "MSSQL_PID", "value": "Express"} in container["env"]


def test_a_volume_is_as_its_params_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    params = "    params: {size: 7Gi, storage_class: fast, access_mode: ReadWriteMany}\n"
    text = mounting("volume") + params
    objects = generate(tmp_path, monkeypatch, text)
    (claim,) = of_kind(objects, "PersistentVolumeClaim")
    assert claim["spec"] == {
        "accessModes": ["ReadWriteMany"],
        "resources": {"requests": {"storage": "7Gi"}},
        "storageClassName": "fast",
    }
    Path("score.yaml").write_text(
        mounting("volume-ephemeral") + "    params: {size: 64Mi}\n", encoding="utf-8"
    )
    (workload,) = of_kind(again(), "Deployment")
    (volume,) = workload["spec"]["template"]["spec"]["volumes"]
    assert volume["emptyDir"] == {"sizeLimit": "64Mi"}


def routes(*resources: str) -> str:
    """A Score file with a route for each of the flow mappings."""
    lines = [f"  r{number}: {{type: route, {text}}}\n" for number, text in enumerate(resources)]
    return score("dns", "".join(lines))


def test_a_route_is_an_ingress_as_its_params_and_annotations_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = routes(
        "params: {host: '*.Example.com', path: /a/, port: 80, ingress_class: nginx, tls_secret: front-tls}, "
        "metadata: {annotations: {cert-manager.io/cluster-issuer: le, "
        "k8s.score.dev/route-provisioner-path-type: Exact}}"
    )
    (ingress,) = of_kind(generate(tmp_path, monkeypatch, text), "Ingress")
    assert ingress["metadata"]["annotations"] == {
        "cert-manager.io/cluster-issuer": "le",
        "k8s.score.dev/resource-uid": "route.default#app.r0",
    }
    assert ingress["spec"] == {
        "ingressClassName": "nginx",
        "tls": [{"hosts": ["*.example.com"], "secretName": "front-tls"}],
        "rules": [
            {
                "host": "*.example.com",
                "http": {
                    "paths": [
                        {
                            "path": "/a/",
                            "pathType": "Exact",
                            "backend": {"service": {"name": "app", "port": {"number": 80}}},
                        }
                    ]
                },
            }
        ],
    }


def test_a_route_with_tls_has_an_address_with_https(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(tmp_path, monkeypatch, routes("params: {host: a.b, port: web, tls_secret: own}"))
    capsys.readouterr()
    assert cli.main(["resources", "get-outputs", "route.default#app.r0"]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == {
        "host": "a.b", "path": "/", "port": 443, "url": "https://a.b/",
    }  # fmt: skip


def test_a_route_of_a_gateway_names_the_gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = routes(
        "class: gateway, params: {host: a.b, port: web, gateway: infra/public}",
        "class: gateway, params: {host: a.c, port: web, gateway: own}",
    )
    found = of_kind(generate(tmp_path, monkeypatch, text), "HTTPRoute")
    parents = {one["spec"]["hostnames"][0]: one["spec"]["parentRefs"] for one in found}
    assert parents == {"a.b": [{"namespace": "infra", "name": "public"}], "a.c": [{"name": "own"}]}


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        (["params: {port: web}"], "params.host: expected a host name, found nothing"),
        (["params: {host: a_b.c, port: web}"], "params.host: expected a host name, found 'a_b.c'"),
        (["params: {host: 10.0.0.1, port: web}"], "params.host: expected a host name, found '10.0.0.1'"),
        (
            ["params: {host: a.b, path: //, port: web}"],
            "params.path: expected a path that starts with '/', of letters, digits and any of "
            "._~!$&'()*+,;=:@-, found '//'",
        ),
        (["params: {host: a.b, path: /x/../y, port: web}"], "found '/x/../y'"),
        (
            ["params: {host: a.b, port: 8080}"],
            "params.port: workload 'app' has no service port '8080'; it has: 80, web",
        ),
        (
            ["params: {host: a.b, port: web, gateway: own}"],
            "params.gateway: only a route with the class 'gateway' has it",
        ),
        (
            ["class: gateway, params: {host: a.b, port: web, tls_secret: own}"],
            "params.tls_secret: only a route without the class 'gateway' has it",
        ),
        (
            ["class: gateway, params: {host: a.b, port: web, gateway: a/b/c}"],
            "params.gateway: expected the name of a Gateway, or its namespace, '/' and its name, "
            "found 'a/b/c'",
        ),
        (
            [
                "params: {host: a.b, port: web}, "
                "metadata: {annotations: {k8s.score.dev/route-provisioner-path-type: Regex}}"
            ],
            "k8s.score.dev/route-provisioner-path-type: expected Prefix or Exact, found 'Regex'",
        ),
        (
            ["params: {host: a.b, path: /x, port: web}", "params: {host: a.b, path: /x/, port: web}"],
            "of host 'a.b' is taken by 'route.default#app.r",
        ),
    ],
)
def test_a_route_that_makes_no_sense_is_refused(
    resources: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert message in refused(tmp_path, monkeypatch, capsys, routes(*resources))


def test_an_access_mode_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(tmp_path, monkeypatch, capsys, score("volume", "    params: {access_mode: RWO}\n"))
    assert (
        "params.access_mode: expected ReadWriteOnce, ReadWriteOncePod, ReadWriteMany or ReadOnlyMany, "
        "found 'RWO'"
    ) in said


@pytest.mark.parametrize("type_", sorted({*OUTPUTS} - {"dns"}))
def test_the_page_of_a_type_says_what_it_is_on_kubernetes(type_: str) -> None:
    section = (DOCS / f"{type_}.md").read_text(encoding="utf-8").partition("\n## On Kubernetes\n")[2]
    path = FOLDER / f"{type_}.provisioners.yaml"
    text = path.read_text(encoding="utf-8")
    kinds = {*re.findall(r"^ +(?:- )?kind: (\w+)$", text, re.MULTILINE)}
    assert [kind for kind in sorted(kinds) if kind not in section] == []
    asked = {*re.findall(r"k8s\.score\.dev/(?!resource-uid|content)[a-z-]+", text)}
    assert {*re.findall(r"k8s\.score\.dev/[a-z-]+", section)} == asked


def test_more_partitions_are_another_job_and_fewer_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asking = "    params: {num_partitions: %s}\n"
    jobs = []
    for number in ("4", "4", "6"):
        (job,) = of_kind(generate(tmp_path, monkeypatch, score("kafka-topic", asking % number)), "Job")
        (container,) = job["spec"]["template"]["spec"]["containers"]
        (told,) = (one["value"] for one in container["env"] if one["name"] == "PARTITIONS")
        assert told == number
        jobs.append(job["metadata"]["name"])
    assert jobs[0] == jobs[1] != jobs[2]
    Path("score.yaml").write_text(score("kafka-topic", asking % "5"), encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["--quiet", "generate"]) == 1
    assert capsys.readouterr().err.startswith(
        "Error: score.yaml:17:14: params.num_partitions: Kafka cannot take partitions away: this topic has "
        "been given 6, and 5 are asked for; "
    )
