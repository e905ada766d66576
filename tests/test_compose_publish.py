from __future__ import annotations

import pytest

from doit_score.targets import Options, Whole
from doit_score.targets.compose.project import entry, value_of
from doit_score.targets.compose.publish import Publication, apply, parse, parse_all, publish, resolve
from doit_score.text.errors import Problem, ScoreError

UID = "vatdb.default#lantern.db"
WORKLOADS = {"lantern": "lantern-wick"}
OUTPUTS: dict[str, dict[str, object]] = {
    UID: {"host": "vat", "alias": "named", "port": 5400, "other": "s3cret", "nul": None},
    "vatdb.big#com.mon": {"host": "sidecar"},
}
SERVICES: dict[str, dict[str, object]] = {
    "lantern-wick": {"hostname": "lantern"},
    "vat": {"image": "x"},
    "other": {"hostname": "named"},
    "sidecar": {"network_mode": "service:vat"},
}


def resolved(text: str) -> str:
    return resolve(parse(text), WORKLOADS, OUTPUTS, SERVICES)


@pytest.mark.parametrize(
    ("text", "publication"),
    [
        ("8080:lantern:80", Publication(8080, "lantern", 80, "--publish[0]")),
        ("1:lantern:65535", Publication(1, "lantern", 65535, "--publish[0]")),
        ("65535:lantern:1", Publication(65535, "lantern", 1, "--publish[0]")),
        ("+80:lantern:080", Publication(80, "lantern", 80, "--publish[0]")),
        ("80:a:b#c:d.host:80", Publication(80, "a:b#c:d.host", 80, "--publish[0]")),
        ("80::80", Publication(80, "", 80, "--publish[0]")),
    ],
)
def test_a_flag_is_taken_apart_at_its_first_and_last_colon(text: str, publication: Publication) -> None:
    assert parse(text) == publication


@pytest.mark.parametrize(
    ("reference", "resource"),
    [
        ("lantern", None),
        ("vatdb#lantern.db.host", (UID, "host")),
        ("vatdb.default#lantern.db.host", (UID, "host")),
        ("vatdb.big#com.mon.host", ("vatdb.big#com.mon", "host")),
        ("#.", (".default#", "")),
        ("vatdb#a#b.host", ("vatdb.default#a#b", "host")),
    ],
)
def test_references_with_a_hash_are_resources_with_an_output(
    reference: str, resource: tuple[str, str] | None
) -> None:
    assert Publication(80, reference, 80, "--publish[0]").resource == resource


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("8080", ["--publish[0]: expected 3 parts separated by ':', found '8080'"]),
        ("8080:80", ["--publish[0]: expected 3 parts separated by ':', found '8080:80'"]),
        ("", ["--publish[0]: expected 3 parts separated by ':', found ''"]),
        ("http:x:80", ["--publish[0]: host port: expected a whole number from 1 to 65535, found 'http'"]),
        ("0:x:80", ["--publish[0]: host port: expected a whole number from 1 to 65535, found '0'"]),
        (" 80:x:80", ["--publish[0]: host port: expected a whole number from 1 to 65535, found ' 80'"]),
        ("65536:x:80", ["--publish[0]: host port: expected a whole number from 1 to 65535, found '65536'"]),
        (
            "1:x:65536",
            ["--publish[0]: container port: expected a whole number from 1 to 65535, found '65536'"],
        ),
        ("70000:x:80", ["--publish[0]: host port: expected a whole number from 1 to 65535, found '70000'"]),
        (
            "127.0.0.1:80:x:80",
            ["--publish[0]: host port: expected a whole number from 1 to 65535, found '127.0.0.1'"],
        ),
        (
            "-1:foo.bar#x:80/sctp",
            [
                "--publish[0]: container port: expected a whole number from 1 to 65535, found '80/sctp'",
                "--publish[0]: expected RESOURCE_UID.OUTPUT, found 'foo.bar#x'",
                "--publish[0]: host port: expected a whole number from 1 to 65535, found '-1'",
            ],
        ),
        (
            "1:x:4294967376",
            ["--publish[0]: container port: expected a whole number from 1 to 65535, found '4294967376'"],
        ),
    ],
)
def test_bad_flags(text: str, messages: list[str]) -> None:
    with pytest.raises(ScoreError) as error:
        parse(text)
    assert [problem.message for problem in error.value.problems] == messages


def test_all_bad_flags_are_told_at_once_with_their_numbers() -> None:
    with pytest.raises(ScoreError) as error:
        parse_all(["x", "80:a:80", "80:a:b"])
    assert [problem.message for problem in error.value.problems] == [
        "--publish[0]: expected 3 parts separated by ':', found 'x'",
        "--publish[2]: container port: expected a whole number from 1 to 65535, found 'b'",
    ]
    assert parse_all(["80:a:81", "82:b:83"]) == (
        Publication(80, "a", 81, "--publish[0]"),
        Publication(82, "b", 83, "--publish[1]"),
    )


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("80:lantern:80", "lantern-wick"),
        ("80:vatdb#lantern.db.host:80", "vat"),
        ("80:vatdb#lantern.db.alias:80", "other"),
        ("80:vatdb.big#com.mon.host:80", "vat"),
    ],
)
def test_the_service_that_is_meant(text: str, service: str) -> None:
    """A workload's network owner, a service by name or hostname, the owner of the network that it shares."""
    assert resolved(text) == service


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "80:lantern-wick:80",
            "--publish[0]: failed to find a workload named 'lantern-wick'\n  hint: did you mean 'lantern'?",
        ),
        (
            "80:vatdb#nope.host:80",
            "--publish[0]: failed to find a resource with uid 'vatdb#nope' ('vatdb.default#nope' in full)\n"
            "  hint: did you mean 'vatdb.default#lantern.db'?",
        ),
        (
            "80:vatdb#lantern.db.nope:80",
            "--publish[0]: resource 'vatdb.default#lantern.db' has no output 'nope'\n"
            "  hint: known are alias, host, nul, other, port",
        ),
        (
            "80:vatdb#lantern.db.port:80",
            "--publish[0]: resource 'vatdb.default#lantern.db' output 'port' is no text,"
            " so it names no service",
        ),
        (
            "80:vatdb#lantern.db.nul:80",
            "--publish[0]: resource 'vatdb.default#lantern.db' output 'nul' is no text,"
            " so it names no service",
        ),
        (
            "80:vatdb#lantern.db.other:80",
            "--publish[0]: output 'other' of resource 'vatdb.default#lantern.db' is the name of no service"
            " of the project\n  hint: known are lantern-wick, other, sidecar, vat",
        ),
    ],
)
def test_references_that_lead_nowhere(text: str, message: str) -> None:
    with pytest.raises(ScoreError) as error:
        resolved(text)
    assert str(error.value) == message


def test_ports_are_added_after_those_of_the_service_in_the_order_of_the_flags() -> None:
    service = {"image": "x", "ports": [{"target": 80, "published": "8080", "protocol": "tcp"}]}
    published = apply(
        service, [Publication(9090, "a", 80, "--publish[0]"), Publication(8443, "a", 443, "--publish[1]")]
    )
    assert published == {
        "image": "x",
        "ports": [
            {"target": 80, "published": "8080", "protocol": "tcp"},
            {"target": 80, "published": "9090"},
            {"target": 443, "published": "8443"},
        ],
    }
    assert service == {"image": "x", "ports": [{"target": 80, "published": "8080", "protocol": "tcp"}]}
    assert apply({"image": "x"}, []) == {"image": "x"}


def whole(*published: str) -> Whole:
    outputs = {"a.default#x": '{"host":"db"}', "environment": "{}"}
    return Whole({"w": "w-main"}, outputs, Options("p", published))


def test_ports_are_published_on_the_services_that_are_named() -> None:
    entries = [
        entry("services", "w-main", "workload", "w", {"image": "x"}),
        entry("services", "db", "resource", "a", {"image": "y"}),
        entry("volumes", "db", "resource", "a", {}),
    ]
    made, _ = publish(entries, whole("8080:w:80", "5432:a.default#x.host:5432"))
    assert [value_of(row).get("ports") for row in made[:2]] == [
        [{"target": 80, "published": "8080"}],
        [{"target": 5432, "published": "5432"}],
    ]
    assert made[2] is entries[2]
    assert publish(entries, whole()) == (entries, [])


def test_every_port_that_cannot_be_published_is_told() -> None:
    with pytest.raises(ScoreError) as error:
        publish([], whole("1:a:1", "2:b:2"))
    assert len(error.value.problems) == 2


def test_a_port_that_is_of_use_inside_only_is_published_with_a_warning() -> None:
    service = {"image": "x", "x-doit-score-inside": {"9092": "publish 9094"}}
    made, warnings = publish(
        [entry("services", "db", "resource", "a", service)],
        whole("1:a.default#x.host:9092", "2:a.default#x.host:9094"),
    )
    assert value_of(made[0])["ports"] == [
        {"target": 9092, "published": "1"},
        {"target": 9094, "published": "2"},
    ]
    assert warnings == [
        Problem(
            "--publish[0]: programs outside the project have no use for port 9092 of 'db'",
            hint="publish 9094",
        )
    ]
