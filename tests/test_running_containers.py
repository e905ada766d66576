"""What the engine tells of containers, as values."""

from __future__ import annotations

from typing import Any

import pytest

from doit_score.running.containers import Container, inspected, listed, ports, seconds


class _Client:
    """An engine with these containers, as its API lists them."""

    def __init__(self, *listed: dict[str, Any]) -> None:
        self._listed = listed

    def containers(self, *, all: bool, filters: dict[str, list[str]]) -> list[dict[str, Any]]:
        assert all
        assert filters == {"label": ["com.docker.compose.project=shop", "com.docker.compose.oneoff=False"]}
        return list(self._listed)


class _Inspected:
    """An engine with one container, whose state is this."""

    def __init__(self, state: dict[str, Any]) -> None:
        self._state = state

    def inspect_container(self, id_: str) -> dict[str, Any]:
        return {"State": self._state, "Config": {}}


def _raw(service: str = "web", **more: object) -> dict[str, Any]:
    return {
        "Id": "1" * 64,
        "Names": [f"/shop-{service}-1"],
        "Image": "nginx",
        "State": "running",
        "Status": "Up 2 minutes",
        "Created": 1700000000,
        "Labels": {"com.docker.compose.service": service, "com.docker.compose.config-hash": "h"},
        "HostConfig": {"NetworkMode": "shop_default"},
        **more,
    }


def test_a_container_with_all_there_is() -> None:
    raw = _raw(
        Image="sha256:1",
        Status="Up 2 minutes (healthy)",
        Ports=[{"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"}],
        Mounts=[
            {"Type": "bind", "Source": "/shop/state/mounts/a"},
            {"Type": "volume", "Name": "data", "Source": ""},
        ],
        HostConfig={"NetworkMode": "container:2222"},
    )
    assert listed(_Client(raw), "shop") == [  # type: ignore[arg-type]
        Container(
            id="1" * 64,
            name="shop-web-1",
            service="web",
            hash="h",
            state="running",
            exit=None,
            health="healthy",
            image="sha256:1",
            network="2222",
            mounts=("/shop/state/mounts/a",),
            ports=("8080->80/tcp",),
            created=1700000000,
        )
    ]


@pytest.mark.parametrize(
    ("state", "status", "exit", "health", "is_well"),
    [
        ("running", "Up Less than a second", None, "", True),
        ("running", "Up 3 seconds (health: starting)", None, "starting", False),
        ("running", "Up 3 hours (healthy)", None, "healthy", True),
        ("running", "Up 3 hours (unhealthy)", None, "unhealthy", False),
        ("paused", "Up 2 minutes (Paused)", None, "", False),
        ("exited", "Exited (0) 3 seconds ago", 0, "", False),
        ("exited", "Exited (137) About a minute ago", 137, "", False),
        ("restarting", "Restarting (1) 2 seconds ago", 1, "", False),
        ("created", "Created", None, "", False),
        ("dead", "Dead", None, "", False),
    ],
)
def test_health_and_exit_status_are_in_the_words_of_the_list(
    state: str, status: str, exit: int | None, health: str, is_well: bool
) -> None:
    (found,) = listed(_Client(_raw(State=state, Status=status)), "shop")  # type: ignore[arg-type]
    assert (found.state, found.exit, found.health, found.is_well) == (state, exit, health, is_well)


def test_containers_come_by_service_and_name() -> None:
    found = listed(_Client(_raw("web"), _raw("db"), _raw("api")), "shop")  # type: ignore[arg-type]
    assert [one.service for one in found] == ["api", "db", "web"]


def test_each_published_port_is_told_once() -> None:
    def port(public: int | None, ip: str, private: int = 80, kind: str = "tcp") -> dict[str, Any]:
        return {"IP": ip, "PrivatePort": private, "PublicPort": public, "Type": kind}

    assert ports(
        [
            port(9000, "127.0.0.1"),
            port(8080, "::"),
            port(8080, "0.0.0.0"),
            port(None, ""),
            port(53, "0.0.0.0", 53, "udp"),
            port(7000, "::1"),
        ]
    ) == ("53->53/udp", "[::1]:7000->80/tcp", "8080->80/tcp", "127.0.0.1:9000->80/tcp")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1970-01-01T00:00:01Z", 1.0),
        ("1970-01-01T00:00:01.5Z", 1.5),
        ("1970-01-01T01:00:01.25+01:00", 1.25),
        ("0001-01-01T00:00:00Z", 0.0),
        ("", 0.0),
    ],
)
def test_times_of_the_engine(text: str, found: float) -> None:
    assert seconds(text) == found


def test_what_runs_once_is_labelled_or_awaited_and_may_have_volumes_without_a_name() -> None:
    def labelled(service: str, **more: str) -> dict[str, Any]:
        return _raw(service, Labels={"com.docker.compose.service": service, **more})

    depends_on = {
        "com.docker.compose.depends_on": "db:service_healthy:false,job:service_completed_successfully:true"
    }
    mounts = [{"Type": "volume", "Name": "a" * 64}, {"Type": "volume", "Name": "shop_data"}]
    found = listed(
        _Client(  # type: ignore[arg-type]
            labelled("db"),
            {**labelled("init", **{"dev.score.compose.labels.is-init-container": "true"}), "Mounts": mounts},
            labelled("job"),
            labelled("web", **depends_on),
        ),
        "shop",
    )
    assert {one.service: (one.runs_once, one.nameless) for one in found} == {
        "db": (False, ()),
        "init": (True, ("a" * 64,)),
        "job": (True, ()),
        "web": (False, ()),
    }


@pytest.mark.parametrize(
    ("state", "found"),
    [("running", ("unhealthy", 7, "no")), ("exited", ("", None, "")), ("dead", ("", None, ""))],
)
def test_what_has_ended_is_not_judged_by_its_healthcheck(
    state: str, found: tuple[str, int | None, str]
) -> None:
    health = {"Status": "unhealthy", "Log": [{"ExitCode": 7, "Output": "no"}]}
    details = inspected(_Inspected({"Status": state, "ExitCode": 3, "Health": health}), "1")  # type: ignore[arg-type]
    assert details is not None
    assert (details.health, details.check_exit, details.check_output) == found
