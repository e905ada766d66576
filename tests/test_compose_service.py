from __future__ import annotations

from datetime import datetime, timezone

import pytest

from doit_score.targets.compose.service import (
    check_build,
    check_entry,
)
from doit_score.targets.compose.units import duration, size
from doit_score.text.words import number


def service(**value: object) -> dict[str, object]:
    """A service that has nothing wrong with it, normalised."""
    checked = check_entry("services", "vat", value)
    assert (checked.errors, checked.warnings) == ((), ())
    return dict(checked.value)


def errors(**value: object) -> list[str]:
    return [str(problem) for problem in check_entry("services", "vat", value).errors]


def test_numbers_and_booleans_become_strings_where_compose_wants_strings() -> None:
    """Case provisioners-147-service-strings-and-numbers."""
    assert service(
        image="x",
        environment={"A": 1, "B": 2.5, "C": True, "D": None, "E": 1000000, "F": 1e21},
        labels={"a": 1, "b": False, "c": None},
        ports=[{"target": 80, "published": 8080}],
        user=0,
        mem_limit=1048576,
    ) == {
        "image": "x",
        "environment": {"A": "1", "B": "2.5", "C": "true", "D": None, "E": "1000000", "F": "1e+21"},
        "labels": {"a": "1", "b": "false", "c": ""},
        "ports": [{"target": 80, "published": "8080"}],
        "user": "0",
        "mem_limit": "1048576",
    }


def test_timestamps_become_strings_again() -> None:
    midnight = datetime(2020, 1, 1, tzinfo=timezone.utc)
    later = datetime(2020, 1, 1, 12, 30)
    assert service(environment={"A": midnight, "B": later}) == {
        "environment": {"A": "2020-01-01", "B": "2020-01-01T12:30:00"}
    }


def test_lists_of_pairs_become_mappings() -> None:
    assert service(environment=["A=1", "B", "C=x=y"], labels=["a=b", "c"], sysctls=["x=1"]) == {
        "environment": {"A": "1", "B": None, "C": "x=y"},
        "labels": {"a": "b", "c": ""},
        "sysctls": {"x": "1"},
    }


def test_what_says_nothing_is_left_out_as_the_reference_does() -> None:
    assert (
        service(
            image=None,
            privileged=False,
            environment={},
            cap_add=[],
            cpu_count=0,
            entrypoint=None,
            hostname="",
            shm_size=0,
        )
        == {}
    )


def test_zero_is_kept_where_it_differs_from_nothing() -> None:
    assert service(
        command=[],
        init=False,
        scale=0,
        deploy={"replicas": 0},
        healthcheck={"retries": 0},
        build={},
        networks={"front": None},
        stop_grace_period="0s",
    ) == {
        "command": [],
        "init": False,
        "scale": 0,
        "deploy": {"replicas": 0},
        "healthcheck": {"retries": 0},
        "build": {},
        "networks": {"front": None},
        "stop_grace_period": "0s",
    }


def test_durations_and_sizes_get_one_spelling() -> None:
    assert service(
        healthcheck={"test": ["CMD", "ok"], "interval": "90s", "timeout": "1500ms"},
        stop_grace_period="2m",
        mem_limit="64m",
        shm_size="1.5gb",
        memswap_limit=-1,
        deploy={"resources": {"limits": {"cpus": "0.5", "memory": "50M"}}},
    ) == {
        "healthcheck": {"test": ["CMD", "ok"], "interval": "1m30s", "timeout": "1.5s"},
        "stop_grace_period": "2m0s",
        "mem_limit": "67108864",
        "shm_size": "1610612736",
        "memswap_limit": "-1",
        "deploy": {"resources": {"limits": {"cpus": 0.5, "memory": "52428800"}}},
    }


def test_dependencies_are_required_unless_they_say_otherwise() -> None:
    assert service(
        depends_on={
            "a": {"condition": "service_healthy"},
            "b": {"condition": "service_started", "required": False, "restart": True},
            "c": None,
            "d": {},
        }
    )["depends_on"] == {
        "a": {"condition": "service_healthy", "required": True},
        "b": {"condition": "service_started", "required": False, "restart": True},
        "c": {"condition": "service_started", "required": True},
        "d": {"condition": "service_started", "required": True},
    }


def test_short_forms_become_long_forms() -> None:
    """Cases provisioners-149 to -154, which the reference refuses."""
    assert service(
        build="./x",
        depends_on=["a"],
        networks=["front", "back"],
        env_file="a.env",
        command="sh -c 'echo \"a b\"' x\\ y",
        healthcheck={"test": "curl -f localhost"},
        tmpfs="/run",
        configs=["conf"],
        models=["m"],
        extends="base",
        extra_hosts={"gw": "10.0.0.1", "both": ["1.1.1.1", "::1"]},
        ulimits={"nproc": 5, "nofile": {"soft": 1, "hard": 2}},
        gpus="all",
    ) == {
        "build": {"context": "./x"},
        "depends_on": {"a": {"condition": "service_started", "required": True}},
        "networks": {"back": None, "front": None},
        "env_file": ["a.env"],
        "command": ["sh", "-c", 'echo "a b"', "x y"],
        "healthcheck": {"test": ["CMD-SHELL", "curl -f localhost"]},
        "tmpfs": ["/run"],
        "configs": [{"source": "conf"}],
        "models": {"m": {}},
        "extends": {"service": "base"},
        "extra_hosts": ["both=1.1.1.1", "both=::1", "gw=10.0.0.1"],
        "ulimits": {"nproc": 5, "nofile": {"soft": 1, "hard": 2}},
        "gpus": [{"count": "all"}],
    }


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("8080:80", [{"target": 80, "published": "8080"}]),
        (80, [{"target": 80}]),
        ("80", [{"target": 80}]),
        ("53:53/udp", [{"target": 53, "published": "53", "protocol": "udp"}]),
        ("127.0.0.1:8080:80", [{"host_ip": "127.0.0.1", "target": 80, "published": "8080"}]),
        ("127.0.0.1::80", [{"host_ip": "127.0.0.1", "target": 80}]),
        ("[::1]:8080:80", [{"host_ip": "::1", "target": 80, "published": "8080"}]),
        ("8000-8001:80-81", [{"target": 80, "published": "8000"}, {"target": 81, "published": "8001"}]),
        ("8000-8010:80", [{"target": 80, "published": "8000-8010"}]),
        ("80-81", [{"target": 80}, {"target": 81}]),
        ("8000-8001:80-82", None),
        ("8001-8000:80", None),
        ("81-80", None),
        ("0:80", None),
        ("80:65536", None),
        ("-81:80", None),
        ("${PORT}:80", None),
        (True, None),
    ],
)
def test_short_ports(text: object, ports: list[object] | None) -> None:
    checked = check_entry("services", "vat", {"ports": [text]})
    assert (None if checked.errors else checked.value["ports"]) == ports


@pytest.mark.parametrize(
    ("published", "written"),
    [
        (8080, "8080"),
        ("8000-8010", "8000-8010"),
        ("${PORT:-80}", "${PORT:-80}"),
        ("often", None),
        ("8010-8000", None),
        ("65536", None),
        ("1-2-3", None),
    ],
)
def test_a_port_is_published_at_ports_of_the_machine(published: object, written: str | None) -> None:
    checked = check_entry("services", "vat", {"ports": [{"target": 80, "published": published}]})
    if written is not None:
        assert checked.value["ports"] == [{"target": 80, "published": written}]
        assert checked.errors == ()
    else:
        (problem,) = checked.errors
        assert problem.message == (
            "service 'vat': ports[0].published: expected a port up to 65535, or a range such as '8000-8010', "
            f"found text ('{published}')"
        )


@pytest.mark.parametrize(
    ("text", "mount"),
    [
        ("/data", {"type": "volume", "target": "/data"}),
        ("wax:/data", {"type": "volume", "source": "wax", "target": "/data"}),
        (
            "wax:/data:ro,nocopy",
            {
                "type": "volume",
                "source": "wax",
                "target": "/data",
                "read_only": True,
                "volume": {"nocopy": True},
            },
        ),
        (
            "./a:/b:Z,rslave,cached",
            {
                "type": "bind",
                "source": "./a",
                "target": "/b",
                "consistency": "cached",
                "bind": {"create_host_path": True, "selinux": "Z", "propagation": "rslave"},
            },
        ),
        ("~/a:/b:rw", {"type": "bind", "source": "~/a", "target": "/b", "bind": {"create_host_path": True}}),
        ("C:\\a:/b", None),
        ("a:b:c:d", None),
        ("wax:/data:z", None),
        (":/data", None),
        (5, None),
    ],
)
def test_short_volumes(text: object, mount: dict[str, object] | None) -> None:
    checked = check_entry("services", "vat", {"volumes": [text]})
    assert (None if checked.errors else checked.value["volumes"]) == (None if mount is None else [mount])


def test_errors_name_service_and_key_what_was_expected_and_what_was_found() -> None:
    assert errors(
        cap_add="NET",
        command={"a": 1},
        cpu_count="two",
        depends_on={"a": "b"},
        environment={"PASSWORD": {"a": "secret"}},
        healthcheck={"interval": 5, "timeout": "soon", "test": 5},
        image=["x"],
        mem_limit="much",
        networks=5,
        ports=[{"target": "80"}, {"published": 80}, {"target": 65536}, None],
        privileged="perhaps",
        volumes=["a:b:c:d"],
    ) == [
        "service 'vat': cap_add: expected a list, found text",
        "service 'vat': command: expected text or a list of texts, found a mapping",
        "service 'vat': cpu_count: expected a whole number, found text ('two')",
        "service 'vat': depends_on.a: expected a mapping with the key condition, found text",
        "service 'vat': environment.PASSWORD: expected text, found a mapping",
        "service 'vat': healthcheck.interval: expected a duration such as 5s or 1m30s, found a number (5)",
        "service 'vat': healthcheck.test: expected text or a list of texts, found a number",
        "service 'vat': healthcheck.timeout: expected a duration such as 5s or 1m30s, found text ('soon')",
        "service 'vat': image: expected text, found a list",
        "service 'vat': mem_limit: expected a size such as 64m or a number of bytes, found text ('much')",
        "service 'vat': networks: expected a mapping, found a number",
        "service 'vat': ports[0].target: expected a port from 1 to 65535, found text ('80')",
        "service 'vat': ports[1].target: expected a port from 1 to 65535, found nothing",
        "service 'vat': ports[2].target: expected a port from 1 to 65535, found a number (65536)",
        "service 'vat': ports[3]: expected an entry, found null",
        "service 'vat': privileged: expected true or false, found text ('perhaps')",
        "service 'vat': volumes[0]: expected SOURCE:TARGET or SOURCE:TARGET:OPTIONS, found text ('a:b:c:d')",
    ]


def test_a_service_that_is_no_mapping_is_an_error_and_null_is_an_empty_one() -> None:
    assert [str(one) for one in check_entry("services", "vat", ["x"]).errors] == [
        "service 'vat': expected a mapping, found a list"
    ]
    assert check_entry("services", "vat", None).value == {}


def test_unknown_keys_are_left_out_with_a_warning_and_extensions_are_kept() -> None:
    checked = check_entry(
        "services", "vat", {"image": "x", "colour": "red", "x-a": {"b": 1}, "build": {"y": 1}}
    )
    assert checked.value == {"image": "x", "x-a": {"b": 1}, "build": {}}
    assert checked.errors == ()
    hint = "\n  hint: it is left out; correct it, or begin it with x- to keep it for something else"
    assert [str(one) for one in checked.warnings] == [
        f"service 'vat': build.y: Compose knows no such key here{hint}",
        f"service 'vat': colour: Compose knows no such key here{hint}",
    ]


def test_a_command_that_seems_to_need_a_shell_is_a_warning() -> None:
    checked = check_entry("services", "vat", {"command": "echo a; echo b"})
    assert checked.value == {"command": ["echo", "a;", "echo", "b"]}
    assert [str(one) for one in checked.warnings] == [
        "service 'vat': command: Compose runs no shell, so ; & | < > are passed on as text\n"
        "  hint: write [sh, -c, '...'] if a shell is meant"
    ]
    assert errors(command="echo 'a") == [
        "service 'vat': command: expected a command with balanced quotes,"
        " found a quote or backslash without its partner"
    ]


def test_strict_checks_take_only_strings_for_strings() -> None:
    checked = check_entry(
        "services", "vat", {"image": 5, "environment": {"A": 1, "B": "x", "C": None}}, strict=True
    )
    assert [str(one) for one in checked.errors] == [
        "service 'vat': environment.A: expected text, found a number",
        "service 'vat': image: expected text, found a number",
    ]


def test_yaml_1_1_booleans_are_understood() -> None:
    assert service(tty="yes", privileged="off", init="no") == {"tty": True, "init": False}


def test_other_sections() -> None:
    """Cases provisioners-167-volumes-forms, provisioners-170-models."""
    assert check_entry("volumes", "v", None).value == {}
    assert check_entry(
        "volumes",
        "v",
        {"driver": "local", "driver_opts": {"type": "nfs", "o": 1}, "labels": ["x=y"], "name": "given"},
    ).value == {
        "driver": "local",
        "driver_opts": {"o": "1", "type": "nfs"},
        "labels": {"x": "y"},
        "name": "given",
    }
    assert check_entry("volumes", "v", {"external": True}).value == {"external": True}
    assert check_entry(
        "networks", "n", {"ipam": {"config": [{"subnet": "10.0.0.0/8"}]}, "enable_ipv6": False}
    ).value == {
        "ipam": {"config": [{"subnet": "10.0.0.0/8"}]},
        "enable_ipv6": False,
    }
    assert check_entry(
        "models", "m", {"model": "ai/wax", "context_size": 2048, "runtime_flags": ["--fast"]}
    ).value == {
        "model": "ai/wax",
        "context_size": 2048,
        "runtime_flags": ["--fast"],
    }
    assert [str(one) for one in check_entry("networks", "n", {"internal": 5}).errors] == [
        "network 'n': internal: expected true or false, found a number (5)"
    ]


# --- secrets and configs ----------------------------------------------------------------------


def test_secrets_and_configs_are_normalised() -> None:
    full = {
        "file": "./key.txt",
        "name": 5,
        "driver": "d",
        "driver_opts": {"o": 1},
        "template_driver": "golang",
        "labels": ["a=b"],
        "external": "no",
        "x-more": [1],
    }
    checked = check_entry("secrets", "key", full)
    assert (checked.errors, checked.warnings) == ((), ())
    assert checked.value == {
        "file": "./key.txt",
        "name": "5",
        "driver": "d",
        "driver_opts": {"o": "1"},
        "template_driver": "golang",
        "labels": {"a": "b"},
        "x-more": [1],
    }
    external = {"external": True, "name": "theirs", "labels": {"a": "b"}}
    for section in ("secrets", "configs"):
        assert check_entry(section, "key", external).value == external
        assert check_entry(section, "key", {"environment": "KEY"}).value == {"environment": "KEY"}
    assert check_entry("configs", "c", {"content": "a\n", "file": None}).value == {"content": "a\n"}


ONE_SECRET = "expected one of file, environment and external: true, found"
ONE_CONFIG = "expected one of file, environment, content and external: true, found"


@pytest.mark.parametrize(
    ("section", "value", "errors"),
    [
        ("secrets", None, [f"{ONE_SECRET} none of them"]),
        ("secrets", {"name": "a"}, [f"{ONE_SECRET} none of them"]),
        ("secrets", {"file": "", "external": False}, [f"{ONE_SECRET} none of them"]),
        ("secrets", {"file": "a", "environment": "B"}, [f"{ONE_SECRET} file and environment"]),
        ("secrets", {"file": "a", "external": True}, [f"{ONE_SECRET} file and external"]),
        ("secrets", {"driver": "d"}, [f"{ONE_SECRET} none of them"]),
        ("configs", {}, [f"{ONE_CONFIG} none of them"]),
        ("configs", {"content": ""}, [f"{ONE_CONFIG} none of them"]),
        ("configs", {"file": "a", "content": "pw"}, [f"{ONE_CONFIG} file and content"]),
        ("configs", [], ["expected a mapping, found a list"]),
        ("secrets", {"file": []}, ["file: expected text, found a list"]),
        ("secrets", {"external": {"name": "a"}}, ["external: expected true or false, found a mapping"]),
        (
            "configs",
            {"content": {"a": "pw"}, "labels": 1},
            [
                "content: expected text, found a mapping",
                "labels: expected a mapping or a list of name=value, found a number",
            ],
        ),
    ],
)
def test_what_is_wrong_with_a_secret_or_config(section: str, value: object, errors: list[str]) -> None:
    found = [str(one) for one in check_entry(section, "key", value).errors]
    assert found == [f"{section[:-1]} 'key': {error}" for error in errors]


def test_a_key_that_compose_does_not_know_in_a_secret_or_config() -> None:
    checked = check_entry("secrets", "key", {"file": "a", "content": "b"})
    assert checked.value == {"file": "a"}
    assert [one.message for one in checked.warnings] == [
        "secret 'key': content: Compose knows no such key here"
    ]
    strict = check_entry("configs", "c", {"file": "a", "driver": "b"}, strict=True)
    assert [one.message for one in strict.errors] == ["config 'c': driver: Compose knows no such key here"]


def test_services_use_secrets_and_configs_in_both_forms() -> None:
    """Compose 2.26 takes a mode that is a text for a decimal number."""
    used = ["one", {"source": "two", "target": "/etc/two", "uid": 1000, "gid": "${GID}", "mode": 0o440}]
    long = [{"source": "one"}, {**used[1], "uid": "1000"}]  # type: ignore[dict-item]
    assert service(secrets=used, configs=used) == {"secrets": long, "configs": long}
    modes = ["0440", "0o440", "440", 288]
    assert service(secrets=[{"source": "a", "mode": mode} for mode in modes]) == {
        "secrets": [{"source": "a", "mode": 288}] * 4
    }


@pytest.mark.parametrize(
    ("used", "error"),
    [
        ("one", "secrets: expected a list, found text"),
        ([None], "secrets[0]: expected an entry, found null"),
        ([["a"]], "secrets[0]: expected a mapping, found a list"),
        ([{"target": "b"}], "secrets[0].source: expected the name of what is mounted, found nothing"),
        (
            [{"source": "a", "uid": "root"}],
            "secrets[0].uid: expected the number of a user or group such as \"1000\", found text ('root')",
        ),
        (
            [{"source": "a", "mode": 0o10000}],
            'secrets[0].mode: expected octal permissions such as "0444", found a number (4096)',
        ),
        (
            [{"source": "a", "mode": "0999"}],
            "secrets[0].mode: expected octal permissions such as \"0444\", found text ('0999')",
        ),
    ],
)
def test_what_is_wrong_with_the_use_of_a_secret(used: object, error: str) -> None:
    assert [str(one) for one in check_entry("services", "vat", {"secrets": used}).errors] == [
        f"service 'vat': {error}"
    ]


# --- builds -----------------------------------------------------------------------------------


def test_builds_are_normalised() -> None:
    """Cases containers-42, -43."""
    assert check_build(
        {
            "context": ".",
            "args": ["A=1", "B"],
            "labels": ["k=v"],
            "extra_hosts": ["h=1.2.3.4"],
            "ulimits": {"nofile": 10},
            "additional_contexts": ["base=../x"],
            "shm_size": "64m",
            "platforms": ["linux/amd64"],
            "no_cache": True,
        }
    ).value == {
        "context": ".",
        "args": {"A": "1", "B": None},
        "labels": {"k": "v"},
        "extra_hosts": ["h=1.2.3.4"],
        "ulimits": {"nofile": 10},
        "additional_contexts": {"base": "../x"},
        "shm_size": "67108864",
        "platforms": ["linux/amd64"],
        "no_cache": True,
    }


def test_a_build_may_be_a_context_alone() -> None:
    assert check_build("./src").value == {"context": "./src"}
    assert [str(one) for one in check_build({"context": ["a"]}).errors] == [
        "build: context: expected text, found a list"
    ]


# --- units ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (2.5, "2.5"),
        (-0.25, "-0.25"),
        (999999.0, "999999"),
        (1e6, "1e+06"),
        (123456789.0, "1.23456789e+08"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (1e21, "1e+21"),
        (0.0, "0"),
        (float("inf"), "+Inf"),
        (float("nan"), "NaN"),
        (12345678901234567890, "12345678901234567890"),
    ],
)
def test_numbers_are_written_as_go_does(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("90s", "1m30s"),
        ("1h", "1h0m0s"),
        ("0.5h", "30m0s"),
        ("1d", "24h0m0s"),
        ("1w1h", "169h0m0s"),
        ("1.5s", "1.5s"),
        (".5s", "500ms"),
        ("1500us", "1.5ms"),
        ("20ns", "20ns"),
        ("0", "0s"),
        ("0m", "0s"),
        ("", None),
        ("5", None),
        ("soon", None),
        ("1m 3s", None),
        ("-5s", None),
    ],
)
def test_durations(given: str, text: str | None) -> None:
    assert duration(given) == text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("64m", "67108864"),
        ("64MB", "67108864"),
        ("64MiB", "67108864"),
        ("1.5g", "1610612736"),
        ("10", "10"),
        ("10b", "10"),
        (10, "10"),
        ("-1", "-1"),
        ("x", None),
        ("", None),
        (True, None),
        (1.5, None),
    ],
)
def test_sizes(given: object, text: str | None) -> None:
    assert size(given) == text
