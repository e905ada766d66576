"""Reading Score files into workloads."""

from __future__ import annotations

import pytest

from doit_score.score.workload import (
    Container,
    ContainerFile,
    ContainerVolume,
    HttpGet,
    Limits,
    Port,
    Probe,
    Resource,
    Workload,
    read,
)
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.yaml12 import load

HEAD = "apiVersion: score.dev/v1b1\nmetadata: {name: lantern}\n"
# Everything that follows starts in line 6, below the container.
WICK = HEAD + "containers:\n  wick:\n    image: wick:1\n"
TITLE = "validation errors in workload 'lantern':\n"
QUOTE = "\n    hint: put the value in quotes"

FULL = """\
apiVersion: score.dev/v1b1
metadata:
  name: pier-nine
  annotations:
    team: harbour
    docs.harbour.example/page: berth
  owner: {desk: "7", pager: [1, 2]}
service:
  ports:
    web: {port: 80, targetPort: 8080.0, protocol: TCP}
    gossip: {port: 7946, protocol: UDP}
containers:
  rigger:
    image: rigger:3
    before:
      crane: {ready: complete}
  crane:
    image: crane:3
    command: [/bin/crane]
    args: [--lift, "2"]
    variables: {LOAD: heavy, DESK: "${metadata.owner.desk}"}
    files:
      /etc/crane.conf: {content: "arm=long\\n", mode: "0640", noExpand: true}
      /etc/b: {binaryContent: "AAE\\nC"}
      /etc/a: {source: a.txt}
    volumes:
      /hold: {source: "${resources.hold}", path: fore, readOnly: true}
      /deck: {source: deck}
    resources:
      limits: {cpu: "1.5", memory: 1.5Gi}
      requests: {memory: 64M}
    livenessProbe:
      httpGet:
        {path: /live, port: 8e3, host: h, scheme: HTTPS,
         httpHeaders: [{name: X-B, value: b}, {name: A, value: a}]}
    readinessProbe:
      exec: {command: [/bin/crane, --ready]}
resources:
  hold:
    type: hold
    class: deep
    id: pier.hold-1
    metadata: {annotations: {size: wide}, note: [x]}
    params: {tons: 12}
  berth: {type: berth, params: {}}
  air: {type: air}
"""


def read_text(text: str) -> tuple[Workload, tuple[Problem, ...]]:
    return read(load(text), path="score.yaml", text=text)


def errors(text: str) -> str:
    with pytest.raises(ScoreError) as error:
        read_text(text)
    return str(error.value)


def test_everything_of_the_spec_is_read() -> None:
    workload, notices = read_text(FULL)
    assert notices == ()
    assert workload == Workload(
        name="pier-nine",
        annotations={"docs.harbour.example/page": "berth", "team": "harbour"},
        metadata={
            "name": "pier-nine",
            "annotations": {"team": "harbour", "docs.harbour.example/page": "berth"},
            "owner": {"desk": "7", "pager": [1, 2]},
        },
        ports={"gossip": Port(7946, None, "UDP"), "web": Port(80, 8080, "TCP")},
        containers={
            "crane": Container(
                name="crane",
                image="crane:3",
                command=("/bin/crane",),
                args=("--lift", "2"),
                variables={"DESK": "${metadata.owner.desk}", "LOAD": "heavy"},
                files=(
                    ContainerFile("/etc/a", source="a.txt"),
                    ContainerFile("/etc/b", binary_content=b"\x00\x01\x02"),
                    ContainerFile("/etc/crane.conf", content="arm=long\n", mode="0640", no_expand=True),
                ),
                volumes=(
                    ContainerVolume("/deck", "deck"),
                    ContainerVolume("/hold", "${resources.hold}", "fore", True),
                ),
                before={},
                limits=Limits("1.5", "1.5Gi"),
                requests=Limits(None, "64M"),
                liveness=Probe(HttpGet("/live", 8000, "h", "HTTPS", (("X-B", "b"), ("A", "a")))),
                readiness=Probe(command=("/bin/crane", "--ready")),
            ),
            "rigger": Container(
                name="rigger",
                image="rigger:3",
                command=(),
                args=(),
                variables={},
                files=(),
                volumes=(),
                before={"crane": "complete"},
            ),
        },
        resources={
            "air": Resource("air", "air", None, None, {}, None),
            "berth": Resource("berth", "berth", None, None, {}, {}),
            "hold": Resource(
                "hold",
                "hold",
                "deep",
                "pier.hold-1",
                {"annotations": {"size": "wide"}, "note": ["x"]},
                {"tons": 12},
            ),
        },
        document=workload.document,
    )
    assert workload.document == load(FULL)


def test_mappings_are_sorted_whatever_the_order_in_the_file() -> None:
    workload, _ = read_text(FULL)
    assert list(workload.ports) == ["gossip", "web"]
    assert list(workload.containers) == ["crane", "rigger"]
    assert list(workload.resources) == ["air", "berth", "hold"]
    assert list(workload.annotations) == ["docs.harbour.example/page", "team"]
    assert list(workload.containers["crane"].variables) == ["DESK", "LOAD"]


def test_a_workload_cannot_be_changed() -> None:
    workload, _ = read_text(WICK)
    with pytest.raises(AttributeError):
        workload.name = "other"  # type: ignore[misc]  # that is the point


def test_placeholders_are_checked_where_they_are_replaced() -> None:
    text = (
        WICK
        + """\
    command: ["${nope}"]
    variables: {A: "${nope}", "${nope}": x, B: "$${nope} ${x"}
    files:
      /etc/a: {content: "${env.HOME}"}
      /etc/b: {content: "${nope}", noExpand: true}
      "${nope}": {source: "${nope}"}
    volumes:
      /d: {source: "${resources.shed}", path: "${nope}"}
resources:
  ab: {type: ab, params: {a: [{b: "${resources.ab.x} ${metadata.no}"}, "${nope}"]}, metadata: {a: "${nope}"}}
"""
    )
    malformed = (
        "the placeholder ${nope} is malformed: expected two or more names of letters, digits, '_' and '-',"
        " joined by dots\n    hint: write $${nope} for the text itself"
    )
    assert errors(text) == (
        f"{TITLE}"
        f"  score.yaml:7:20: /containers/wick/variables/A: {malformed}\n"
        "  score.yaml:9:25: /containers/wick/files/~1etc~1a/content: the placeholder ${env.HOME} starts"
        " with 'env':"
        " expected 'metadata' or 'resources'\n"
        "    hint: write $${env.HOME} for the text itself\n"
        "  score.yaml:13:20: /containers/wick/volumes/~1d/source: the placeholder ${resources.shed} names the"
        " resource 'shed', which is not declared\n"
        "    hint: known are ab\n"
        f"  score.yaml:15:72: /resources/ab/params/a/1: {malformed}"
    )


def test_placeholders_of_broken_sections_do_not_add_noise() -> None:
    text = WICK + "    variables: {A: '${resources.db.x}', B: ['${nope}']}\nresources: [db]\n"
    assert errors(text) == (
        f"{TITLE}"
        "  score.yaml:6:44: /containers/wick/variables/B: expected text, found a list\n"
        "  score.yaml:7:12: /resources: expected a mapping, found a list"
    )
    text = WICK + "    variables: {A: '${resources.db.x}'}\nresources: {~: {type: db}}\n"
    assert errors(text) == (
        f"{TITLE}"
        "  score.yaml:6:20: /containers/wick/variables/A: the placeholder ${resources.db.x} names the"
        " resource"
        " 'db', which is not declared\n"
        "    hint: there are none\n"
        "  score.yaml:7:13: /resources/None: expected text as the key of a mapping, found null\n"
        "    hint: put the key in quotes"
    )


def test_every_cycle_is_named_from_its_smallest_name_on() -> None:
    names = {"dd": "cc", "cc": "dd", "bb": "aa", "aa": "bb", "ee": "aa"}
    lines = [
        f"  {name}: {{image: x, before: {{{other}: {{ready: started}}}}}}" for name, other in names.items()
    ]
    assert errors(HEAD + "containers:\n" + "\n".join(lines)) == (
        f"{TITLE}"
        "  score.yaml:5:27: /containers/cc/before/dd: the containers wait for each other: cc before dd"
        " before cc\n"
        "  score.yaml:7:27: /containers/aa/before/bb: the containers wait for each other: aa before bb"
        " before aa"
    )


def test_containers_may_wait_for_each_other_in_a_chain_of_any_length() -> None:
    lines = [f"  c{i}: {{image: x, before: {{c{i + 1}: {{ready: started}}}}}}" for i in range(2000)]
    workload, _ = read_text(HEAD + "containers:\n" + "\n".join([*lines, "  c2000: {image: x}\n"]))
    assert len(workload.containers) == 2001


DEPRECATED = (
    WICK
    + """\
    files:
      - target: /etc/b
        content: [one, 2, ~, 2.0, true, 1.5]
        mode: "0600"
      - {target: /etc/a, source: a}
    volumes:
      - source: ab
        target: /x
        read_only: false
        readOnly: true
"""
)


def test_deprecated_forms_are_upgraded_with_a_notice() -> None:
    document = load(DEPRECATED)
    workload, notices = read(document, path="score.yaml", text=DEPRECATED)
    assert document == load(DEPRECATED)
    wick = workload.containers["wick"]
    assert wick.files == (
        ContainerFile("/etc/a", source="a"),
        ContainerFile("/etc/b", content="one\n2\n\n2\ntrue\n1.5", mode="0600"),
    )
    assert wick.volumes == (ContainerVolume("/x", "ab", None, False),)
    assert workload.document["containers"] == {
        "wick": {
            "image": "wick:1",
            "files": {
                "/etc/b": {"content": "one\n2\n\n2\ntrue\n1.5", "mode": "0600"},
                "/etc/a": {"source": "a"},
            },
            "volumes": {"/x": {"source": "ab", "readOnly": False}},
        }
    }
    assert [str(notice) for notice in notices] == [
        "score.yaml:6:5: /containers/wick/files: a list of files is deprecated\n"
        "  hint: write files as a mapping by target",
        "score.yaml:8:9: /containers/wick/files/0/content: content as a list of lines is deprecated\n"
        "  hint: write it as one text, for example behind 'content: |'",
        "score.yaml:11:5: /containers/wick/volumes: a list of volumes is deprecated\n"
        "  hint: write volumes as a mapping by target",
        "score.yaml:14:9: /containers/wick/volumes/0/read_only: 'read_only' is deprecated\n"
        "  hint: write 'readOnly'",
    ]


def test_what_is_wrong_in_deprecated_forms_has_its_place_in_the_list() -> None:
    text = (
        WICK
        + """\
    files:
      - {content: a}
      - {content: a, target: 5}
      - {content: [[a]], target: /a}
      - {content: "${nope}", target: /b}
    volumes:
      - {target: /x, source: a, read_only: "true"}
      - {target: /y}
"""
    )
    assert errors(text) == (
        f"{TITLE}"
        "  score.yaml:7:9: /containers/wick/files/0/target: expected text as the target, found nothing\n"
        "  score.yaml:8:30: /containers/wick/files/1/target: expected text as the target, found a number"
        " (5)\n"
        "  score.yaml:9:19: /containers/wick/files/~1a/content: expected text, found a list\n"
        "  score.yaml:10:19: /containers/wick/files/~1b/content: the placeholder ${nope} is malformed:"
        " expected two"
        " or more names of letters, digits, '_' and '-', joined by dots\n"
        "    hint: write $${nope} for the text itself\n"
        "  score.yaml:12:33: /containers/wick/volumes/~1x/read_only: unknown property 'read_only',"
        " expected source,"
        " path, readOnly\n"
        "    hint: did you mean 'readOnly'?\n"
        "  score.yaml:13:9: /containers/wick/volumes/~1y: the property 'source' is missing"
    )


def test_entries_of_deprecated_lists_that_are_lost_are_told() -> None:
    text = WICK + "    files: [x, {target: /a, content: b}, {target: /a, content: c}]\n    volumes: []\n"
    workload, notices = read_text(text)
    assert workload.containers["wick"].files == (ContainerFile("/a", content="c"),)
    assert [notice.message for notice in notices] == [
        "/containers/wick/files: a list of files is deprecated",
        "/containers/wick/files/0: expected a mapping, found text ('x'): the entry is ignored",
        "/containers/wick/files/2: the target '/a' is given twice: the last entry counts",
        "/containers/wick/volumes: a list of volumes is deprecated",
    ]


def test_what_an_override_brought_has_the_place_of_what_is_nearest() -> None:
    document = load(WICK)
    assert isinstance(document, dict)
    document["containers"]["wick"]["variables"] = {"A": 5}
    document["service"] = []
    with pytest.raises(ScoreError) as error:
        read(document, path="score.yaml", text=WICK)
    assert str(error.value) == (
        f"{TITLE}"
        "  score.yaml:1:1: /service: expected a mapping, found a list\n"
        f"  score.yaml:5:5: /containers/wick/variables/A: expected text, found a number{QUOTE}"
    )


def test_a_file_in_another_encoding_has_places_too() -> None:
    data = (WICK + "    args: x\n").encode("utf-16")
    with pytest.raises(ScoreError) as error:
        read(load(data), path="score.yaml", text=data)
    assert str(error.value) == (
        f"{TITLE}  score.yaml:6:11: /containers/wick/args: expected a list, found text ('x')"
    )
