"""`doit-score graph`: what is drawn of the state, and where it is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import graphs
import pytest
import running
import yaml
from running import Command, Directory

FILE = "provisioners/own.provisioners.yaml"
ENTRIES = """\
- uri: template://own/broker
  type: broker
  supported_params: []
  state: |
    password: {{ dig "password" "kept-for-ever-1" .State }}
  outputs: |
    name: queue
    address: amqp://me:{{ .State.password }}@host
    password: {{ .State.password }}
    plain: "{{ .State.password }} within"
  services: |
    queue: {image: broker, volumes: [{type: volume, source: data, target: /data}], networks: {inner: {}}}
    queue-init:
      image: broker
      labels: {dev.score.compose.labels.is-init-container: "true"}
      network_mode: service:queue
      depends_on: {queue: {condition: service_started, required: true}}
  volumes: |
    data: {}
  networks: |
    inner: {}
- uri: cmd://./tool#topic
  type: topic
  inputs: [table.txt]
"""
TOOL = """\
#!/bin/sh
echo '{"resource_outputs": {"name": "t"}}'
"""
SECRET = "kept-for-ever-1"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    here = Command(tmp_path / "shop", capsys)
    monkeypatch.chdir(here.path)
    return here


@pytest.fixture
def shop(here: Command) -> Command:
    """Two workloads that share a broker, with all that can be said of files."""
    here.write(FILE, ENTRIES)
    here.write("tool", TOOL)
    (here.path / "tool").chmod(0o755)
    here.write("table.txt", "x")
    here.write("page.html", "hello")
    here.write("more.yaml", "metadata: {annotations: {note: b}}")
    mail = "resources:\n  mail: {type: broker, id: common, params: {password: given-to-it-1}}\n"
    files = "    files: {/page: {source: page.html}}\n"
    here.write("score.yaml", running.score() + files + "service: {ports: {http: {port: 80}}}\n" + mail)
    here.write(
        "two.yaml",
        running.score("two") + "resources:\n  post: {type: broker, id: common}\n"
        "  topic: {type: topic, params: {of: '${resources.post.name}'}}\n"
        "  web: {type: service-port, params: {workload: web, port: http}}\n",
    )
    assert here.main("init", "--no-sample").exit == 0
    assert here.main("generate", "score.yaml", "--overrides-file", "more.yaml").exit == 0
    assert here.main("generate", "two.yaml").exit == 0
    return here


def data(here: Command, *arguments: str) -> dict[str, Any]:
    done = here.main("graph", "--format", "json", *arguments)
    assert (done.exit, done.err) == (0, "")
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_all_of_the_state_is_there(shop: Command) -> None:
    found = data(shop)
    assert (found["project"], found["target"], found["output"]) == ("shop", "compose", "compose.yaml")
    nodes = {node.pop("id"): node for node in found["nodes"]}
    assert list(nodes) == [
        "workload:two",
        "workload:web",
        "resource:broker.default#common",
        "resource:service-port.default#two.web",
        "resource:topic.default#two.topic",
        "service:queue",
        "service:queue-init",
        "service:two-main",
        "service:wait-for-resources",
        "service:web-main",
        "volume:data",
        "network:inner",
    ]
    assert nodes["workload:web"] == {
        "kind": "workload",
        "name": "web",
        "about": "score.yaml",
        "file": "score.yaml",
        "containers": ["main"],
        "ports": ["web:80 (http)"],
    }
    assert nodes["resource:broker.default#common"] == {
        "kind": "resource",
        "name": "broker.default#common",
        "about": "template://own/broker",
        "type": "broker",
        "class": "default",
        "provisioner": "template://own/broker",
        "params": {"password": "*****"},
        "outputs": {
            "name": "queue",
            "address": "amqp://me:*****@host",
            "password": "*****",
            "plain": "***** within",
        },
        "place": f"{FILE}:1",
    }
    assert nodes["resource:topic.default#two.topic"]["place"] == f"{FILE}:22"
    shipped = nodes["resource:service-port.default#two.web"]
    assert shipped["place"].startswith("shipped: service-port.provisioners.yaml:")


def test_who_uses_makes_and_waits_for_what(shop: Command) -> None:
    broker, topic, port = "broker.default#common", "topic.default#two.topic", "service-port.default#two.web"
    assert [
        (edge["from"].partition(":")[2], edge["kind"], edge["to"].partition(":")[2], edge.get("note", ""))
        for edge in data(shop)["edges"]
    ] == [
        (broker, "makes", "inner", ""),
        (broker, "makes", "queue", ""),
        (broker, "makes", "queue-init", ""),
        (broker, "makes", "data", ""),
        (port, "reads", "web", ""),
        (topic, "refers", broker, ""),
        ("queue", "joins", "inner", ""),
        ("queue", "mounts", "data", ""),
        ("queue-init", "shares", "queue", ""),
        ("queue-init", "waits", "queue", "started"),
        ("two-main", "waits", "wait-for-resources", ""),
        ("wait-for-resources", "waits", "queue", "started"),
        ("wait-for-resources", "waits", "queue-init", "completed successfully"),
        ("web-main", "waits", "wait-for-resources", ""),
        ("two", "uses", broker, "post"),
        ("two", "uses", port, "web"),
        ("two", "uses", topic, "topic"),
        ("two", "makes", "two-main", ""),
        ("web", "uses", broker, "mail"),
        ("web", "makes", "web-main", ""),
    ]


def test_each_file_tells_what_is_looked_at_again_when_it_changes(shop: Command) -> None:
    files = {file["path"]: (file["role"], file["touches"]) for file in data(shop)["files"]}
    broker, topic, port = "broker.default#common", "topic.default#two.topic", "service-port.default#two.web"
    own = [f"resource:{broker}", f"resource:{topic}"]
    of_two = [f"resource:{port}", f"resource:{topic}", "workload:two"]
    of_web = [f"resource:{broker}", "workload:web"]
    assert files == {
        FILE: ("provisioners", own),
        "more.yaml": ("overrides", of_web),
        "page.html": ("source", ["workload:web"]),
        "score.yaml": ("score", of_web),
        "shipped: service-port.provisioners.yaml": ("provisioners", [f"resource:{port}"]),
        "table.txt": ("program", [f"resource:{topic}"]),
        "tool": ("program", [f"resource:{topic}"]),
        "two.yaml": ("score", of_two),
    }


def test_with_the_order_direct_workloads_wait_for_their_own(shop: Command) -> None:
    assert shop.main("generate", "--start-order", "direct").exit == 0
    waits = [(edge["from"], edge["to"]) for edge in data(shop)["edges"] if edge["kind"] == "waits"]
    assert waits == [
        ("service:queue-init", "service:queue"),
        ("service:two-main", "service:queue"),
        ("service:two-main", "service:queue-init"),
        ("service:web-main", "service:queue"),
        ("service:web-main", "service:queue-init"),
    ]


def test_a_patch_template_is_about_all(here: Command) -> None:
    here.write("patch.tpl", "[]")
    here.write("dodo.py", "from doit_score import Score\nscore = Score(patch_templates=['patch.tpl'])\n")
    here.write("score.yaml", running.score())
    Directory(here.path).doit("generate")
    assert data(here)["files"] == [
        {"path": "patch.tpl", "role": "patch", "touches": [], "of_all": True},
        {"path": "score.yaml", "role": "score", "touches": ["workload:web"]},
    ]


@pytest.mark.parametrize("format_", ["svg", "dot", "mermaid", "json", "html"])
def test_no_format_has_a_password(shop: Command, format_: str) -> None:
    done = shop.main("graph", "--format", format_)
    assert done.exit == 0
    assert SECRET not in done.out
    assert "given-to-it-1" not in done.out
    assert "broker.default#common" in done.out.replace("#35;", "#")


def test_kubernetes_has_objects_and_what_leads_to_what(here: Command) -> None:
    here.write(
        "provisioners/own.provisioners.yaml",
        """\
- uri: template://own/db
  type: db
  outputs: |
    password: {{ encodeSecretRef "creds" "password" }}
  manifests: |
    - apiVersion: v1
      kind: Secret
      metadata: {name: creds}
      stringData: {password: in-the-cluster-1}
    - apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: disk}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
    - apiVersion: v1
      kind: Pod
      metadata: {name: db}
      spec:
        containers: [{name: db, image: db, volumeMounts: [{name: disk, mountPath: /d}]}]
        volumes: [{name: disk, persistentVolumeClaim: {claimName: disk}}]
""",
    )
    here.write(
        "score.yaml",
        running.score(PASSWORD="${resources.db.password}")
        + "service: {ports: {http: {port: 80}}}\nresources: {db: {type: db}}\n",
    )
    assert here.main("init", "--no-sample", "--target", "kubernetes").exit == 0
    assert here.main("generate", "score.yaml").exit == 0
    done = here.main("graph", "--format", "json")
    found = json.loads(done.out)
    names = {node["id"]: f"{node.get('about', '')} {node['name']}" for node in found["nodes"]}
    kinds = {names[node["id"]]: node["kind"] for node in found["nodes"]}
    assert kinds == {
        "score.yaml web": "workload",
        "template://own/db db.default#web.db": "resource",
        "Deployment web": "object",
        "Pod db": "object",
        "Service web": "object",
        "PersistentVolumeClaim disk": "volume",
        "Secret creds": "secret",
    }
    assert sorted((names[edge["from"]], edge["kind"], names[edge["to"]]) for edge in found["edges"]) == [
        ("Deployment web", "uses", "Secret creds"),
        ("Pod db", "mounts", "PersistentVolumeClaim disk"),
        ("Service web", "reaches", "Deployment web"),
        ("score.yaml web", "makes", "Deployment web"),
        ("score.yaml web", "makes", "Service web"),
        ("score.yaml web", "uses", "template://own/db db.default#web.db"),
        ("template://own/db db.default#web.db", "makes", "PersistentVolumeClaim disk"),
        ("template://own/db db.default#web.db", "makes", "Pod db"),
        ("template://own/db db.default#web.db", "makes", "Secret creds"),
    ]
    assert "in-the-cluster-1" not in done.out


def test_without_a_state_the_error_says_what_to_run(here: Command) -> None:
    done = here.main("graph")
    assert (done.exit, done.out, done.err) == (
        1,
        "",
        "Error: the state directory 'state' does not exist yet\n"
        '  hint: please run "doit-score init" first\n',
    )
    here.main("init", "--no-sample")
    done = here.main("graph")
    assert (done.exit, done.out, done.err) == (
        1,
        "",
        "Error: there is nothing to draw: nothing was generated here yet\n"
        "  hint: run `doit-score generate` (or `doit generate`) first\n",
    )


def test_what_changed_since_is_warned_of_and_the_last_run_is_drawn(shop: Command) -> None:
    before = shop.main("graph")
    shop.write("two.yaml", running.score("renamed"))
    done = shop.main("graph")
    assert done == (
        0,
        before.out,
        "WARN: the picture is of the last run, and since then 'two.yaml' has changed\n"
        "  hint: run `doit-score generate` first\n",
    )


def test_beside_a_dodo_the_command_draws_what_that_has_made(here: Command) -> None:
    here.write("dodo.py", "from doit_score import Score\nscore = Score(strict=True, project='other')\n")
    here.write("score.yaml", running.score())
    Directory(here.path).doit("generate")
    assert data(here)["project"] == "other"
    here.write("score.yaml", running.score("renamed"))
    assert here.main("graph").err == (
        "WARN: the picture is of the last run, and since then 'score.yaml' has changed\n"
        "  hint: run `doit generate` first\n"
    )


def test_a_provisioner_file_that_cannot_be_read_takes_no_more_than_places(shop: Command) -> None:
    shop.write(FILE, "- uri: [")
    done = shop.main("graph", "--format", "json")
    assert done.exit == 0
    found = json.loads(done.out)
    assert [node["name"] for node in found["nodes"] if "place" in node] == []
    assert len(found["nodes"]) == 12


def test_a_file_tells_the_format_by_its_name(shop: Command) -> None:
    for name, start in {
        "a.svg": "<svg ",
        "a.dot": "// doit-score graph\n",
        "a.GV": "// doit-score graph\n",
        "a.mmd": "%% doit-score graph\n",
        "a.json": '{\n  "doit-score graph": 1,\n',
        "a.html": "<!doctype html>\n",
    }.items():
        assert shop.main("graph", "-o", name) == (0, "", f"INFO: wrote {name}\n")
        assert (shop.path / name).read_text().startswith(start)
    assert shop.main("graph").out == (shop.path / "a.svg").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("-o", "picture"),
            "picture: its name does not tell the format of the picture\n"
            "  hint: say --format svg|dot|mermaid|json|html, or end the name in "
            ".svg, .dot, .gv, .mmd, .mermaid, .json, .html, .htm\n",
        ),
        (
            ("-o", "a.svg", "--format", "dot"),
            "a.svg: the format dot is asked for, and the name of the file says svg\n"
            "  hint: leave --format out, or give the file another name\n",
        ),
        (
            ("-o", "no/a.svg"),
            "no/a.svg: cannot be written: its directory does not exist\n  hint: make the directory\n",
        ),
        (
            ("-o", "score.yaml", "--format", "svg"),
            "score.yaml: cannot be written: it is an input of the project (score)\n"
            "  hint: name another file\n",
        ),
        (
            ("-o", "mine.svg"),
            "mine.svg: is there, and is no picture of doit-score\n"
            "  hint: name another file, or say --force to replace it\n",
        ),
        (
            ("-o", "", "--format", "svg"),
            "no file is named for the picture\n  hint: name one with -o FILE, or `-o -` for stdout\n",
        ),
        (
            ("--focus", "broker", "--focus", "queue"),
            "there is no 'broker' in the project to focus on\n"
            "  hint: `doit-score graph --format json` has every name\n",
        ),
    ],
)
def test_what_cannot_be_drawn_is_told_and_nothing_is_written(
    shop: Command, arguments: tuple[str, ...], message: str
) -> None:
    shop.write("mine.svg", "<svg/>")
    before = shop.tree()
    done = shop.main("graph", *arguments)
    assert (done.exit, done.out, done.err) == (1, "", f"Error: {message}")
    assert shop.tree() == before


def test_pictures_of_ours_and_empty_files_are_replaced_and_others_by_force(shop: Command) -> None:
    shop.write("a.svg", "")
    for name in ("a.svg", "a.dot", "a.mmd", "a.json", "a.html"):
        assert shop.main("graph", "-o", name).exit == 0
        assert shop.main("graph", "-o", name, "--focus", "web").exit == 0
    shop.write("mine.svg", "<svg/>")
    (shop.path / "mine.svg").chmod(0o640)
    assert shop.main("graph", "-o", "mine.svg", "--force").exit == 0
    assert (shop.path / "mine.svg").stat().st_mode & 0o777 == 0o640


def test_focus_and_groups_count_for_every_picture(shop: Command) -> None:
    names = [node["id"] for node in data(shop, "--focus", "tool")["nodes"]]
    assert names == [
        "workload:two",
        "resource:broker.default#common",
        "resource:topic.default#two.topic",
        "service:queue",
        "service:queue-init",
        "volume:data",
        "network:inner",
    ]
    assert shop.main("graph", "--group", "none").out == shop.main("graph").out


def test_the_task_writes_a_file_and_takes_what_the_command_takes(tmp_path: Path) -> None:
    here = Directory(tmp_path)
    here.write("dodo.py", "from doit_score import Score\none, two = Score(project='a'), Score('two')\n")
    here.write("score.yaml", running.score())
    here.doit("generate", "two-generate")
    assert here.doit("graph") == (".  graph\n", "INFO: wrote graph.svg\n")
    assert here.doit("two-graph", "--format", "json", "--focus", "web") == (
        ".  two-graph\n",
        "INFO: wrote two-graph.json\n",
    )
    found = json.loads((tmp_path / "two-graph.json").read_text())
    assert [node["name"] for node in found["nodes"]] == ["web", "web-main"]
    here.doit("graph", "-o", "other.dot")
    assert (tmp_path / "other.dot").read_text().startswith("// doit-score graph\n")
    failed = here.doit("graph", "--group", "x", exit=1).out
    assert failed == (
        ".  graph\nTaskFailed - taskid:graph\n--group: expected 'auto' or 'none', found 'x'\n\n"
    )
    here.write("score.yaml", running.score("renamed"))
    assert here.doit("graph").err == (
        "WARN: the picture is of the last run, and since then 'score.yaml' has changed\n"
        "  hint: run `doit generate` first\nINFO: wrote graph.svg\n"
    )


def test_the_pictures_of_the_page_are_what_the_command_draws_today() -> None:
    found = graphs.drawn()
    assert found.pop("svg") == graphs.PICTURE.read_text(encoding="utf-8")
    assert found == {
        format_: (graphs.DATA / f"shop.{format_}").read_text(encoding="utf-8") for format_ in found
    }


def test_a_thousand_workloads_have_a_picture_that_can_be_taken_in(here: Command) -> None:
    entry = {
        "uri": "template://own/db",
        "type": "db",
        "outputs": "password: {{ randAlphaNum 16 }}\nname: {{ .Id }}\n",
        "services": "{{ .Id }}: {image: db}\n",
    }
    here.write(FILE, yaml.safe_dump([entry]))
    for number in range(1000):
        here.write(
            f"w{number:04}/score.yaml",
            running.score(f"w{number:04}", PASSWORD="${resources.db.password}")
            + "resources: {db: {type: db}}\n",
        )
    assert here.main("init", "--no-sample").exit == 0
    assert here.main("--quiet", "generate", *(f"w{number:04}/score.yaml" for number in range(1000))).exit == 0
    picture = here.main("graph").out
    assert picture.count('class="node ') == 5
    assert ">1000 workloads<" in picture
    page = here.main("graph", "--format", "html").out
    assert page.count('"password":"*****"') == 1000
    found = data(here)
    assert (len(found["nodes"]), len(found["edges"]), len(found["files"])) == (4001, 5000, 1001)
