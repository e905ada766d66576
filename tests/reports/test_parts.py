"""Nothing that was said is dropped without a word: what is not honoured is told.

Public reports: docker/compose#12900 (profiles), kompose#158 (UDP), score-compose#139 and #151 (annotations).
"""

from __future__ import annotations

from pathlib import Path

import pytest
import recorded

DNS = """\
apiVersion: score.dev/v1b1
metadata: {name: dns}
containers: {main: {image: x}}
service: {ports: {dns: {port: 53, protocol: UDP}, both: {port: 80}, also: {port: 80, protocol: UDP}}}
"""


INCLUDE = "[{op: set, path: include, value: [b.yaml]}]"


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def generated(
    capsys: pytest.CaptureFixture[str],
    entries: str,
    *types: str,
    patch: str | None = None,
    exit: int = 0,
    annotations: str = "",
) -> list[str]:
    """What ``generate`` warns of, or its error; for a workload with a resource of each type."""
    Path("provisioners").mkdir()
    Path("provisioners/a.provisioners.yaml").write_text(entries)
    resources = "".join(f"  {one}: {{type: {one}{annotations}}}\n" for one in types)
    Path("score.yaml").write_text(
        "apiVersion: score.dev/v1b1\nmetadata: {name: lantern}\ncontainers: {wick: {image: x}}\n"
        f"resources:\n{resources}"
    )
    flags = []
    if patch is not None:
        Path("fix.tpl").write_text(patch)
        flags = ["--patch-templates", "fix.tpl"]
    recorded.run("init", "--no-sample", *flags)
    capsys.readouterr()
    recorded.run("generate", "score.yaml", exit=exit)
    said = capsys.readouterr().err.splitlines()
    return [line for line in said if not line.startswith("INFO: ")]


def entry(name: str, *fields: str) -> str:
    return f"- uri: template://{name}\n  type: {name}\n" + "".join(f"  {field}\n" for field in fields)


def test_a_service_with_profiles_is_not_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    """docker/compose#12900"""
    services = "services: '{db: {image: a}, admin: {image: b, profiles: [debug]}}'"
    assert generated(capsys, entry("db", services), "db") == []
    compose = recorded.compose()["services"]
    assert list(compose["wait-for-resources"]["depends_on"]) == ["db"]
    assert compose["admin"]["profiles"] == ["debug"]


def test_who_depends_on_a_service_with_profiles_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """docker/compose#12900"""
    services = "services: '{db: {image: a, depends_on: [admin]}, admin: {image: b}, x: {image: c}}'"
    patch = "[{op: set, path: services.admin.profiles, value: [debug]}]"
    assert generated(capsys, entry("db", services), "db", patch=patch) == [
        "WARN: service 'db' of resource 'db.default#lantern.db' depends on the service 'admin', which is"
        " there with the profiles debug only",
        "  hint: Compose refuses the project without them: say `required: false`",
    ]


def test_only_services_with_profiles_make_nobody_wait(capsys: pytest.CaptureFixture[str]) -> None:
    assert generated(capsys, entry("db", "services: '{db: {image: a, profiles: [p]}}'"), "db") == []
    assert list(recorded.compose()["services"]) == ["db", "lantern-wick"]
    recorded.run("generate", "--start-order", "direct")
    assert list(recorded.compose()["services"]) == ["db", "lantern-wick"]


@pytest.mark.parametrize(
    ("flag", "ports"),
    [
        ("15353:dns:53", [("15353", 53, "udp")]),
        ("15353:dns:53/udp", [("15353", 53, "udp")]),
        ("15353:dns:53/tcp", [("15353", 53, None)]),
        ("8080:dns:80", [("8080", 80, None), ("8080", 80, "udp")]),
        ("8080:dns:81", [("8080", 81, None)]),
        ("8080:dns:81/udp", [("8080", 81, "udp")]),
    ],
)
def test_a_port_is_published_with_its_protocol(flag: str, ports: list[tuple[str, int, str | None]]) -> None:
    """kompose#158"""
    Path("score.yaml").write_text(DNS)
    recorded.run("init", "--no-sample")
    recorded.run("generate", "score.yaml", "-p", flag)
    published = recorded.compose()["services"]["dns-main"]["ports"]
    assert [(port["published"], port["target"], port.get("protocol")) for port in published] == ports


def test_a_protocol_that_is_edited_counts_for_what_is_published() -> None:
    Path("score.yaml").write_text(DNS)
    recorded.run("init", "--no-sample")
    recorded.run("generate", "score.yaml", "-p", "15353:dns:53")
    Path("score.yaml").write_text(DNS.replace("port: 53, protocol: UDP", "port: 53, protocol: TCP"))
    recorded.run("generate")
    assert recorded.compose()["services"]["dns-main"]["ports"] == [{"published": "15353", "target": 53}]


def test_secrets_and_configs_that_nobody_declares_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    services = "services: '{db: {image: a, secrets: [pw], configs: [cf]}}'"
    assert generated(capsys, entry("db", services), "db") == [
        "WARN: service 'db' of resource 'db.default#lantern.db' uses the secret 'pw', which is not declared"
        " in the project",
        "  hint: have a provisioner return it in its secrets, or correct the name",
        "WARN: service 'db' of resource 'db.default#lantern.db' uses the config 'cf', which is not declared"
        " in the project",
        "  hint: have a provisioner return it in its configs, or correct the name",
    ]


def test_secrets_and_configs_that_a_provisioner_returns_are_declared(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Their paths, and the forms in which services use them, are those of the output."""
    fields = (
        "files: '{pw: geheim}'",
        "secrets: '{pw: {file: {{ .MountsDirectory }}/pw}, theirs: {file: ./.score-compose/mounts/pw}}'",
        "configs: '{cf: {content: hello}}'",
        "services: '{db: {image: a, secrets: [pw, theirs],"
        ' configs: [{source: cf, target: /etc/cf, uid: 5, mode: "0440"}]}}\'',
    )
    assert generated(capsys, entry("db", *fields), "db") == []
    compose = recorded.compose()
    assert compose["secrets"] == {name: {"file": ".score-compose/mounts/pw"} for name in ("pw", "theirs")}
    assert compose["configs"] == {"cf": {"content": "hello"}}
    assert compose["services"]["db"] == {
        "image": "a",
        "secrets": [{"source": "pw"}, {"source": "theirs"}],
        "configs": [{"source": "cf", "target": "/etc/cf", "uid": "5", "mode": 0o440}],
    }
    assert Path("state/mounts/pw").read_text() == "geheim"


@pytest.mark.parametrize(("section", "key"), [("secrets", "file"), ("configs", "content")])
def test_two_that_give_one_secret_or_config_other_content_are_told(
    capsys: pytest.CaptureFixture[str], section: str, key: str
) -> None:
    entries = "".join(entry(one, f"{section}: |", f"  one: {{{key}: {one}}}") for one in ("aa", "bb"))
    assert generated(capsys, entries, "aa", "bb") == [
        f"WARN: provisioners/a.provisioners.yaml:8: {section[:-1]} 'one' is written by resource"
        " 'aa.default#lantern.aa' and, with other content, by resource 'bb.default#lantern.bb', which"
        " replaces it",
        f"  | one: {{{key}: bb}}",
        f"  in {section} of template://bb",
        "  hint: put the id of the resource into the name, or make both print the same",
    ]
    assert recorded.compose()[section] == {"one": {key: "bb"}}


def test_what_is_wrong_with_a_secret_is_told_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    fields = ("secrets: |", "  pw:", "    file: [a]", "    cotent: x", "  other: {}")
    assert generated(capsys, entry("db", *fields), "db", exit=1) == [
        "Error: 2 problems:",
        "  provisioners/a.provisioners.yaml:5:7: secret 'pw': file: expected text, found a list",
        "    | file: [a]",
        "    in secrets of template://db, for resource 'db.default#lantern.db'",
        "  provisioners/a.provisioners.yaml:7:5: secret 'other': expected one of file, environment and"
        " external: true, found none of them",
        "    | other: {}",
        "    in secrets of template://db, for resource 'db.default#lantern.db'",
    ]


def test_what_is_declared_by_a_patch_template_is_declared(capsys: pytest.CaptureFixture[str]) -> None:
    services = "services: '{db: {image: a, secrets: [pw], depends_on: {base: {condition: service_started}}}}'"
    patch = (
        "[{op: set, path: services.base, value: {image: b}}, {op: set, path: secrets.pw, value: {file: x}}]"
    )
    assert generated(capsys, entry("db", services), "db", patch=patch) == []


def test_a_patch_template_may_include_other_files(capsys: pytest.CaptureFixture[str]) -> None:
    services = "services: '{db: {image: a, depends_on: {base: {condition: service_started}}}}'"
    assert generated(capsys, entry("db", services), "db", patch=INCLUDE) == []
    assert recorded.compose()["include"] == ["b.yaml"]


def test_what_an_included_file_does_not_bring_as_a_rule_is_told_beside_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    mounts = "volumes: [{type: volume, source: data, target: /d}]"
    services = f"services: '{{db: {{secrets: [pw], configs: [cf], networks: [net], {mounts}}}}}'"
    said = "service 'db' of resource 'db.default#lantern.db'"
    unless = "which is not declared in the project, unless by a file that it includes"
    hint = "  hint: have a provisioner return it in its {}, or correct the name"
    assert generated(capsys, entry("db", services), "db", patch=INCLUDE) == [
        f"WARN: {said} mounts the volume 'data', {unless}",
        hint.format("volumes"),
        f"WARN: {said} uses the secret 'pw', {unless}",
        hint.format("secrets"),
        f"WARN: {said} uses the config 'cf', {unless}",
        hint.format("configs"),
        f"WARN: {said} has neither an image nor a build",
        "  hint: Compose refuses the project: give the service one of them",
    ]


def test_two_services_at_one_port_of_the_host_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    services = (
        'services: \'{a: {image: a, ports: ["8080:80"]}, b: {image: b, ports: ["127.0.0.1:8080:81"]},'
        ' c: {image: c, ports: ["8080:80/udp"]}}\''
    )
    assert generated(capsys, entry("db", services), "db") == [
        "WARN: service 'b' of resource 'db.default#lantern.db' takes the port 8080/tcp of the host, as"
        " service 'a' of resource 'db.default#lantern.db' does",
        "  hint: only one of them can start: publish the other at another port",
    ]


def test_a_published_port_that_a_service_has_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    generated(capsys, entry("db", "services: '{a: {image: a, ports: [\"8080:80\"]}}'"), "db")
    recorded.run("generate", "-p", "8080:lantern:80")
    assert "takes the port 8080/tcp of the host, as service 'a'" in capsys.readouterr().err


def test_a_published_port_in_the_range_of_a_service_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    generated(capsys, entry("db", "services: '{a: {image: a, ports: [\"8080-8089:80\"]}}'"), "db")
    recorded.run("generate", "-p", "8081:lantern:80")
    assert (
        "WARN: service 'a' of resource 'db.default#lantern.db' may take the port 8081/tcp of the host, which"
        " is one of 8080-8089/tcp, but service 'lantern-wick' of workload 'lantern' takes it\n"
    ) in capsys.readouterr().err


@pytest.mark.parametrize("again", ["8080:lantern:80", "8080:lantern:80/tcp"])
def test_a_port_that_is_published_twice_is_published_once(again: str) -> None:
    Path("score.yaml").write_text(
        "{apiVersion: score.dev/v1b1, metadata: {name: lantern}, containers: {wick: {image: x}}}\n"
    )
    recorded.run("init", "--no-sample")
    recorded.run("generate", "score.yaml", "-p", "8080:lantern:80", "-p", again)
    ports = recorded.compose()["services"]["lantern-wick"]["ports"]
    assert ports == [{"published": "8080", "target": 80}]


def test_a_service_without_image_and_build_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert generated(capsys, entry("db", "services: '{db: {command: [a]}}'"), "db") == [
        "WARN: service 'db' of resource 'db.default#lantern.db' has neither an image nor a build",
        "  hint: Compose refuses the project: give the service one of them",
    ]


@pytest.mark.parametrize("where", ["provisioner", "patch"])
def test_a_dollar_that_compose_refuses_is_told(capsys: pytest.CaptureFixture[str], where: str) -> None:
    """Not with the text: it may be a password."""
    service = "{image: 'a:${A.b}', command: ['$(date)', '${X', '$$(date) ${Y:-z} $Z'], environment: {A: 5$}}"
    if where == "provisioner":
        said = generated(capsys, entry("db", "services: |", f"  box: {service}"), "db")
    else:
        patch = f"[{{op: set, path: services.box, value: {service}}}]"
        said = generated(capsys, entry("db"), "db", patch=patch)
    told = [line.rpartition("service 'box': ")[2] for line in said if "Compose refuses" in line]
    refused = "Compose refuses this text: it reads what follows a '$' as a variable"
    assert told == [f"{at}: {refused}" for at in ("command[0]", "command[1]", "environment.A", "image")]


def test_two_resources_that_give_one_shared_key_different_values_are_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    entries = entry("aa", "shared: '{net: {name: one, by: {a: 1}}}'") + entry(
        "bb", "shared: '{net: {name: two, by: {b: 1}}}'"
    )
    assert generated(capsys, entries, "aa", "bb") == [
        "WARN: provisioners/a.provisioners.yaml:6: key 'net.name' is written by"
        " resource 'aa.default#lantern.aa' and, with other content, by resource 'bb.default#lantern.bb',"
        " which replaces it",
        "  | shared: '{net: {name: two, by: {b: 1}}}'",
        "  in shared of template://bb",
        "  hint: put the id of the resource into the name, or make both print the same",
    ]


def test_a_shared_key_that_was_looked_at_before_it_was_replaced_is_no_clash(
    capsys: pytest.CaptureFixture[str],
) -> None:
    grown = "shared: 'seen: {{ append (dig \"seen\" list .Shared) .Type | toJson }}'"
    said = generated(capsys, entry("aa", grown) + entry("bb", grown), "aa", "bb")
    assert [line for line in said if "is written by" in line] == []


@pytest.mark.parametrize("name", ["a b/c", "", "a\\n", "${HOME}"])
@pytest.mark.parametrize("section", ["services", "volumes", "networks", "secrets", "configs"])
def test_names_that_compose_refuses_are_errors(
    capsys: pytest.CaptureFixture[str], section: str, name: str
) -> None:
    value = {"services": "{image: a}", "secrets": "{file: a}", "configs": "{file: a}"}.get(section, "{}")
    said = generated(capsys, entry("db", f"{section}: |", f'  "{name}": {value}'), "db", exit=1)
    assert said[0].endswith(": expected a name of letters, digits, '.', '_' and '-'")


THEIRS = ".score-compose/mounts"
PATHS = f"""\
volumes: ['{THEIRS}/a:/a:ro', '{{{{ .MountsDirectory }}}}/a:/b:ro']
env_file: [{THEIRS}/a, {{path: ./{THEIRS}/a}}]
label_file: {THEIRS}/a
build: {{context: {THEIRS}/a, additional_contexts: {{more: {THEIRS}/a}}}}
extends: {{file: {THEIRS}/a, service: x}}
develop: {{watch: [{{action: sync, path: {THEIRS}/a, target: /x}}]}}
"""


@pytest.mark.parametrize("where", ["provisioner", "patch"])
def test_wherever_a_service_has_a_path_it_may_be_below_the_mounts_directory(
    capsys: pytest.CaptureFixture[str], where: str
) -> None:
    """Also in the short form of a volume, in which ours does not begin with a dot as theirs does."""
    if where == "provisioner":
        lines = "".join(f"      {line}\n" for line in PATHS.splitlines())
        volume = f"{{driver_opts: {{type: none, o: bind, device: ./{THEIRS}/a}}}}"
        fields = ("services: |", f"  box:\n{lines}", f"volumes: '{{data: {volume}}}'")
        assert generated(capsys, entry("db", *fields), "db") == []
        device = recorded.compose("compose.yaml")["volumes"]["data"]["driver_opts"]["device"]
        assert device == f"{THEIRS}/a"  # as `recorded` has ours
    else:
        lines = "".join(f"    {line}\n" for line in PATHS.splitlines())
        patch = f"- op: set\n  path: services.box\n  value:\n{lines}"
        assert generated(capsys, entry("db"), "db", patch=patch) == []
    assert THEIRS not in Path("compose.yaml").read_text()
    box = recorded.compose()["services"]["box"]
    mount = {"type": "bind", "bind": {"create_host_path": True}, "source": f"{THEIRS}/a", "read_only": True}
    assert box["volumes"] == [{**mount, "target": "/a"}, {**mount, "target": "/b"}]
    assert box["env_file"] == [f"{THEIRS}/a", {"path": f"{THEIRS}/a"}]
    assert box["build"] == {"context": f"{THEIRS}/a", "additional_contexts": {"more": f"{THEIRS}/a"}}
    assert [box["extends"]["file"], *box["label_file"]] == [f"{THEIRS}/a"] * 2
    assert box["develop"]["watch"][0]["path"] == f"{THEIRS}/a"


@pytest.mark.parametrize(
    "source", [".score-compose/mounts/x", "./.score-compose/mounts/x", ".//.score-compose//mounts/x"]
)
def test_paths_below_the_mounts_directory_of_score_compose_mean_ours(
    capsys: pytest.CaptureFixture[str], source: str
) -> None:
    services = f"services: '{{db: {{image: a, volumes: [{{type: bind, source: {source}, target: /x}}]}}}}'"
    patch = (
        f"[{{op: set, path: services.web, value: {{image: b, volumes: [{{type: bind, source: {source},"
        " target: /x}, {type: bind, source: {{ .MountsDirectory }}/y, target: /y}]}}]"
    )
    assert generated(capsys, entry("db", services), "db", patch=patch) == []
    found = Path("compose.yaml").read_text()
    assert ".score-compose" not in found
    assert (found.count("source: state/mounts/x\n"), found.count("source: state/mounts/y\n")) == (2, 1)


def test_a_mounted_file_of_score_compose_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    Path("score.yaml").write_text(
        "apiVersion: score.dev/v1b1\nmetadata: {name: lantern}\n"
        "containers: {wick: {image: x, files: {/f: {source: ./.score-compose/mounts/f}}}}\n"
    )
    recorded.run("init", "--no-sample")
    recorded.run("generate", "score.yaml", exit=1)
    assert capsys.readouterr().err.endswith(
        "'./.score-compose/mounts/f' is below the mounts directory of score-compose, which nobody writes to"
        " any more\n"
        "  | containers: {wick: {image: x, files: {/f: {source: ./.score-compose/mounts/f}}}}\n"
        "  in containers.wick.files[/f].source of workload 'lantern'\n"
        "  hint: mount what a provisioner writes as a volume\n"
    )


PUBLISH = entry(
    "db",
    'services: \'{db: {image: a, labels: {p: {{ dig "annotations" "compose.score.dev/publish-port" ""'
    " .Metadata | quote }}}}}'",
)


def annotated(key: str) -> str:
    return f", metadata: {{annotations: {{{key}: x}}}}"


def test_an_annotation_that_the_provisioner_reads_is_honoured(capsys: pytest.CaptureFixture[str]) -> None:
    """score-compose#139"""
    assert generated(capsys, PUBLISH, "db", annotations=annotated("compose.score.dev/publish-port")) == []
    assert recorded.compose()["services"]["db"]["labels"] == {"p": "x"}


def test_an_annotation_that_nobody_reads_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """score-compose#151"""
    assert generated(capsys, PUBLISH, "db", annotations=annotated("compose.score.dev/publish-prot")) == [
        "WARN: score.yaml:5:43: nobody reads the annotation 'compose.score.dev/publish-prot'",
        "  | db: {type: db, metadata: {annotations: {compose.score.dev/publish-prot: x}}}",
        "  in template://db, for resource 'db.default#lantern.db'",
        "  hint: did you mean 'compose.score.dev/publish-port'?",
    ]


def test_an_annotation_of_a_shipped_type_that_nobody_reads_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    key = "compose.score.dev/publish-port"
    said = generated(capsys, "", "volume", "environment", annotations=annotated(key))
    assert [line.partition(": nobody")[2] for line in said if "nobody" in line] == [
        f" reads the annotation '{key}'",
        f" reads the annotation '{key}'",
    ]


def test_an_annotation_of_somebody_else_is_theirs(capsys: pytest.CaptureFixture[str]) -> None:
    assert generated(capsys, PUBLISH, "db", annotations=annotated("wax.example/publish")) == []


def test_an_annotation_of_the_workload_that_nobody_reads_is_noticed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("score.yaml").write_text(
        DNS.replace("name: dns", "name: dns, annotations: {compose.score.dev/publish-port: '80'}")
    )
    recorded.run("init", "--no-sample")
    capsys.readouterr()
    recorded.run("generate", "score.yaml")
    assert (
        "metadata.annotations[compose.score.dev/publish-port]: doit-score does not read it; the"
        " services have it\n" in capsys.readouterr().err
    )


def test_the_list_of_provisioners_has_the_built_in_one_beside_the_shipped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    recorded.run("init", "--no-sample")
    recorded.run("provisioners", "list")
    assert capsys.readouterr().out.splitlines()[-2].startswith("| environment ")


def test_the_image_of_the_service_that_waits_is_named_with_the_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """score-compose#281"""
    entries = entry("db", "services: '{db: {image: a}}'")
    images = "- {uri: 'images://x', images: {wait-for-resources: 'registry.example/alpine:3'}}\n"
    assert generated(capsys, entries + images, "db") == []
    assert recorded.compose()["services"]["wait-for-resources"]["image"] == "registry.example/alpine:3"
    Path("provisioners/a.provisioners.yaml").write_text(
        f"{entries}- {{uri: 'images://x', registry: other.example}}\n"
    )
    recorded.run("generate")
    assert recorded.compose()["services"]["wait-for-resources"]["image"] == "other.example/library/alpine"


def test_two_paths_of_one_file_are_told_as_that(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a").mkdir()
    Path("b").symlink_to("a")
    Path("a/score.yaml").write_text(DNS)
    recorded.run("init", "--no-sample")
    capsys.readouterr()
    recorded.run("generate", "a/score.yaml", "b/score.yaml", exit=1)
    assert capsys.readouterr().err == (
        "Error: b/score.yaml: workload name 'dns' is used more than once: in 'a/score.yaml' and"
        " 'b/score.yaml'\n  hint: a link makes them one file: name it by one of its paths\n"
    )


def test_a_second_document_of_a_template_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """compose-go#451"""
    entries = entry("db", "outputs: |", "  a: 1", "  ---", "  b: 1")
    assert generated(capsys, entries, "db", patch="[]\n---\n[{op: delete, path: services}]\n") == [
        "WARN: provisioners/a.provisioners.yaml:6:5: it printed a second YAML document, which is ignored",
        "  | b: 1",
        "  in outputs of template://db, for resource 'db.default#lantern.db'",
        "  hint: print one",
        "WARN: fix.tpl: it printed a second YAML document, which is ignored",
        "  hint: print one",
    ]
