from __future__ import annotations

from collections.abc import Mapping

import pytest

from doit_score.score.cycles import cycles
from doit_score.targets.compose.project import (
    Linked,
    Links,
    assemble,
    check,
    dump_project,
    entry,
    links,
    value_of,
    wait_condition,
    wait_conditions,
    wait_entry,
    wait_name,
)

PROJECT: Mapping[str, object] = {
    "name": "demo",
    "services": {
        "web": {"image": "x", "command": ["a", "line\n\n  indented\n"], "ports": [{"target": 80}]},
        "db": {"image": "y", "environment": {"A": "", "B": None}},
    },
    "volumes": {"data": {}, "logs": {"driver": "local"}},
    "networks": {"front": {"name": "f"}},
    "models": {"m": {"model": "ai/x"}},
}
TEXT = """\
name: demo
services:
  db:
    environment:
      A: ""
      B: null
    image: "y"
  web:
    command:
      - a
      - |
        line

          indented
    image: x
    ports:
      - target: 80
networks:
  front:
    name: f
volumes:
  data: {}
  logs:
    driver: local
models:
  m:
    model: ai/x
"""


def texts(project: Mapping[str, object]) -> list[tuple[str, str, str]]:
    made = [
        entry(section, name, "workload", "somebody", value)
        for section, entries in project.items()
        if isinstance(entries, Mapping)
        for name, value in entries.items()
    ]
    return [(one.section, one.name, one.text) for one in made]


def test_fragments_put_together_are_the_text_of_the_whole() -> None:
    assert assemble("demo", texts(PROJECT)) == TEXT
    assert dump_project(PROJECT) == TEXT


def test_the_order_of_fragments_does_not_matter() -> None:
    assert assemble("demo", reversed(texts(PROJECT))) == TEXT


def test_a_project_without_services_says_so() -> None:
    assert assemble("demo", []) == "name: demo\nservices: {}\n"
    assert assemble("demo", texts({"volumes": {"v": {}}})) == "name: demo\nservices: {}\nvolumes:\n  v: {}\n"


def test_extensions_come_last() -> None:
    assert dump_project({"x-a": 1, "services": {}, "name": "demo"}) == "name: demo\nservices: {}\nx-a: 1\n"


# --- waiting ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "condition"),
    [
        ({}, "service_started"),
        ({"healthcheck": {"test": ["ok"]}}, "service_healthy"),
        ({"healthcheck": {"disable": True}}, "service_started"),
        ({"healthcheck": {"test": ["NONE"]}}, "service_started"),
        (
            {"labels": {"dev.score.compose.labels.is-init-container": "true"}},
            "service_completed_successfully",
        ),
        ({"labels": {"dev.score.compose.labels.is-init-container": "false"}}, "service_started"),
        (
            {
                "healthcheck": {"test": ["ok"]},
                "labels": {"dev.score.compose.labels.is-init-container": "true"},
            },
            "service_healthy",
        ),
    ],
)
def test_what_is_awaited_of_a_service(service: dict[str, object], condition: str) -> None:
    """Case provisioners-174-wait-conditions, except for the disabled healthchecks."""
    assert wait_condition(service) == condition


def test_the_wait_service_waits_for_the_services_of_resources() -> None:
    healthy = {"healthcheck": {"test": ["ok"]}}
    [made] = wait_entry(
        [
            entry("services", "db", "resource", "r", healthy),
            entry("services", "wait-for-resources", "resource", "r", {}),
            entry("services", "w-main", "workload", "w", {}),
            entry("volumes", "db", "resource", "r", {}),
        ]
    )
    assert (made.section, made.name, made.kind, made.owner) == (
        "services",
        "wait-for-resources-2",
        "tool",
        "wait-for-resources-2",
    )
    assert value_of(made) == {
        "image": "alpine",
        "command": ["echo"],
        "depends_on": {
            "db": {"condition": "service_healthy", "required": True},
            "wait-for-resources": {"condition": "service_started", "required": True},
        },
    }


def test_without_services_of_resources_there_is_nothing_to_wait_for() -> None:
    others = [entry("services", "w", "workload", "w", {}), entry("volumes", "v", "resource", "r", {})]
    assert (list(wait_entry(others)), wait_conditions(others)) == ([], {})


def test_the_wait_service_takes_a_free_name() -> None:
    assert wait_name(["a"]) == "wait-for-resources"
    assert wait_name(["wait-for-resources"]) == "wait-for-resources-2"
    assert wait_name(["wait-for-resources-2", "wait-for-resources"]) == "wait-for-resources-3"


# --- links ------------------------------------------------------------------------------------


def test_links_are_the_names_that_a_service_refers_to() -> None:
    assert links(
        "services",
        {
            "image": "i",
            "depends_on": {"b": {"required": True}, "a": {}, "c": {"required": False}},
            "network_mode": "service:net",
            "pid": "service:other",
            "ipc": "host",
            "volumes_from": ["source:ro", "container:outside"],
            "links": ["linked:alias"],
            "volumes": [
                {"type": "volume", "source": "data", "target": "/a"},
                {"type": "volume", "target": "/b"},
                {"type": "volume", "source": "${VOLUME}", "target": "/c"},
                {"type": "bind", "source": "./x", "target": "/d"},
            ],
            "networks": {"front": None},
            "models": {"m": {}},
            "secrets": [{"source": "s"}, "t"],
            "build": {"context": ".", "secrets": [{"source": "r"}]},
            "configs": [{"source": "u"}],
            "ports": [
                {"target": 1, "published": "8080"},
                {"target": 1, "published": "53", "host_ip": "127.0.0.1", "protocol": "udp"},
                {"target": 2, "published": "9000-9010"},
                {"target": 3},
            ],
        },
    ) == Links(
        ("a", "b"),
        ("c",),
        ("linked", "net", "other", "source"),
        ("data",),
        ("front",),
        ("m",),
        ("r", "s", "t"),
        ("u",),
        ("0.0.0.0:8080/tcp", "0.0.0.0:9000-9010/tcp", "127.0.0.1:53/udp"),
        (),
        False,
        "service_started",
        (".",),
        "Dockerfile",
    )


def test_other_sections_and_empty_services_have_no_links() -> None:
    assert links("volumes", {"depends_on": {"a": {}}}) == Links()
    assert links("services", {"image": "i"}) == Links(condition="service_started")


def test_a_service_with_profiles_is_awaited_by_nobody_and_takes_no_port_in_any_case() -> None:
    port = {"target": 1, "published": "80"}
    assert links("services", {"build": {}, "image": "i", "profiles": ["p"], "ports": [port]}) == Links(
        profiles=("p",)
    )


@pytest.mark.parametrize(
    ("build", "contexts", "dockerfile"),
    [
        ({"context": "app"}, ("app",), "Dockerfile"),
        ({"dockerfile": "x/Own"}, (".",), "x/Own"),
        ({"context": ".", "dockerfile_inline": "FROM a"}, (".",), ""),
        ({"additional_contexts": {"b": "../b", "a": "http://a"}}, (".", "../b", "http://a"), "Dockerfile"),
    ],
)
def test_of_a_build_its_directories_are_kept(
    build: Mapping[str, object], contexts: tuple[str, ...], dockerfile: str
) -> None:
    assert links("services", {"build": build}) == Links(
        condition="service_started", contexts=contexts, dockerfile=dockerfile
    )


def test_links_are_kept_so_that_checking_parses_nothing() -> None:
    service = {
        "image": "i",
        "depends_on": {"db": {"condition": "service_started", "required": True}},
        "volumes": [{"type": "volume", "source": "data", "target": "/d"}],
        "healthcheck": {"test": ["CMD", "x"]},
    }
    made = entry("services", "web", "resource", "r", service)._replace(text="no YAML: [")
    linked = Linked(
        "services", "web", "resource 'r'", Links(("db",), volumes=("data",), condition="service_healthy")
    )
    assert Linked.of(made) == linked
    assert entry("volumes", "v", "resource", "r", {"driver": "local"}).links == "{}"


# --- checks -----------------------------------------------------------------------------------


def service(name: str, *depends_on: str, owner: str = "workload 'w'", **more: tuple[str, ...]) -> Linked:
    return Linked("services", name, owner, Links(depends_on, **more))  # type: ignore[arg-type]  # never the condition


def checked(*entries: Linked) -> tuple[list[str], list[str]]:
    errors, warnings = check(entries)
    return [str(one) for one in errors], [str(one) for one in warnings]


def test_a_sound_project_has_no_problems() -> None:
    assert checked(
        service("a", "b", volumes=("v",), networks=("default", "n"), models=("m",)),
        service("b", shares=("c",), optional=("gone",)),
        service("c"),
        Linked("volumes", "v", "resource 'r'"),
        Linked("networks", "n", "resource 'r'"),
        Linked("models", "m", "resource 'r'"),
    ) == ([], [])


def test_two_services_of_one_name_are_an_error_that_names_both_owners() -> None:
    assert checked(service("x", owner="workload 'b'"), service("x", owner="resource 'a'")) == (
        ["duplicate service name 'x': from resource 'a' and from workload 'b'\n  hint: rename one of them"],
        [],
    )


def test_circles_are_errors_named_in_full_each_once() -> None:
    hint = "\n  hint: Compose cannot start any of them; remove one of the dependencies"
    assert checked(
        service("c", "a", owner="workload 'w1'"),
        service("b", shares=("c",), owner="workload 'w2'"),
        service("a", "b", owner="workload 'w1'"),
        service("z", optional=("y",)),
        service("y", "z"),
        service("self", "self"),
        service("outside", "a"),
    ) == (
        [
            "services wait for each other in a circle: a -> b -> c -> a"
            f" (from workload 'w1', workload 'w2'){hint}",
            f"services wait for each other in a circle: self -> self (from workload 'w'){hint}",
            f"services wait for each other in a circle: y -> z -> y (from workload 'w'){hint}",
        ],
        [],
    )


def test_names_that_nobody_declares_are_warnings() -> None:
    assert checked(
        service("a", "gone", shares=("net",), volumes=("v",), networks=("n",), models=("m",)),
        Linked("volumes", "n", "resource 'r'"),
    ) == (
        [],
        [
            "service 'a' of workload 'w' depends on the service 'gone', which is not declared in the project"
            "\n  hint: have a provisioner return it in its services, or correct the name",
            "service 'a' of workload 'w' uses the service 'net', which is not declared in the project\n"
            "  hint: have a provisioner return it in its services, or correct the name",
            "service 'a' of workload 'w' mounts the volume 'v', which is not declared in the project\n"
            "  hint: have a provisioner return it in its volumes, or correct the name",
            "service 'a' of workload 'w' is in the network 'n', which is not declared in the project\n"
            "  hint: have a provisioner return it in its networks, or correct the name",
            "service 'a' of workload 'w' uses the model 'm', which is not declared in the project\n"
            "  hint: have a provisioner return it in its models, or correct the name",
        ],
    )


def test_a_shortest_cycle_is_told_of_each_group() -> None:
    edges = {"a": ["b"], "b": ["c", "a"], "c": ["a"], "d": ["a"], "e": ["f"], "f": ["e", "nowhere"]}
    assert cycles(edges) == [("a", "b"), ("e", "f")]
