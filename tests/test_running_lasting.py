"""Networks and volumes that stay as they were made."""

from __future__ import annotations

from typing import Any

import pytest

from doit_score.running.lasting import differing, tell
from doit_score.running.model import read_model

# As the engine lists them (20.10).
NETWORK = {
    "Name": "shop_back",
    "Driver": "bridge",
    "EnableIPv6": False,
    "Internal": False,
    "Attachable": False,
    "IPAM": {
        "Driver": "default",
        "Options": None,
        "Config": [{"Subnet": "10.9.0.0/24", "Gateway": "10.9.0.1"}],
    },
    "Options": {},
}
VOLUME = {"Name": "shop_data", "Driver": "local", "Options": None}


class Engine:
    """An engine with these networks and volumes of the project."""

    def __init__(self, network: dict[str, Any] | None = None, volume: dict[str, Any] | None = None) -> None:
        self._networks = [{**NETWORK, **network}] if network is not None else []
        self._volumes = [{**VOLUME, **volume}] if volume is not None else None

    def networks(self, *, filters: dict[str, str]) -> list[dict[str, Any]]:
        assert filters == {"label": "com.docker.compose.project=shop"}
        return self._networks

    def volumes(self, *, filters: dict[str, str]) -> dict[str, list[dict[str, Any]] | None]:
        assert filters == {"label": "com.docker.compose.project=shop"}
        return {"Volumes": self._volumes}


def found(engine: Engine, **sections: object) -> dict[tuple[str, str], list[str]]:
    return differing(engine, read_model({"name": "shop", **sections}, {}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "there", "keys"),
    [
        ({"ipam": {}}, {}, []),
        ({"driver": "bridge", "driver_opts": {"a": 1}}, {"Options": {"a": "1", "default": "x"}}, []),
        ({"ipam": {"config": [{"subnet": "10.9.0.0/24"}]}}, {}, []),
        # The engine may be told to make all so.
        ({}, {"EnableIPv6": True, "Attachable": True}, []),
        ({"internal": True}, {}, ["internal"]),
        ({}, {"Internal": True}, ["internal"]),
        ({"attachable": True, "enable_ipv6": True}, {}, ["attachable", "enable_ipv6"]),
        ({"enable_ipv6": False}, {"EnableIPv6": True}, ["enable_ipv6"]),
        ({"driver": "overlay"}, {}, ["driver"]),
        ({"driver_opts": {"a": "1"}}, {"Options": {"a": "2"}}, ["driver_opts"]),
        ({"driver_opts": {"a": "1"}}, {"Options": None}, ["driver_opts"]),
        ({"ipam": {"config": [{"subnet": "10.8.0.0/24"}, {"gateway": "10.8.0.1"}]}}, {}, ["ipam"]),
    ],
)
def test_what_differs_of_a_network(
    wanted: dict[str, object], there: dict[str, object], keys: list[str]
) -> None:
    every = found(Engine(network=there), networks={"back": {"name": "shop_back", **wanted}})
    assert every == ({("network", "shop_back"): keys} if keys else {})


@pytest.mark.parametrize(
    ("wanted", "there", "keys"),
    [
        ({}, {}, []),
        ({"driver": "local", "driver_opts": {"type": "nfs"}}, {"Options": {"type": "nfs"}}, []),
        # Another driver may add some.
        ({}, {"Driver": "other", "Options": {"made": "so"}}, []),
        ({}, {"Options": {"type": "nfs"}}, ["driver_opts"]),
        ({"driver_opts": {"type": "nfs"}}, {}, ["driver_opts"]),
        ({"driver": "other"}, {}, ["driver"]),
    ],
)
def test_what_differs_of_a_volume(
    wanted: dict[str, object], there: dict[str, object], keys: list[str]
) -> None:
    every = found(Engine(volume=there), volumes={"data": {"name": "shop_data", **wanted}})
    assert every == ({("volume", "shop_data"): keys} if keys else {})


def test_nothing_is_said_of_what_is_not_there_or_not_ours() -> None:
    networks = {"back": {"name": "shop_back", "internal": True, "external": True}, "new": {"internal": True}}
    assert found(Engine(network={}), networks=networks, volumes={"data": {"driver": "x"}}) == {}


def test_it_is_told_what_to_do() -> None:
    said: list[tuple[str, str]] = []
    model = read_model(
        {
            "name": "shop",
            "networks": {"back": {"name": "shop_back", "internal": True, "driver": "overlay"}},
            "volumes": {"data": {"name": "shop_data", "driver_opts": {"type": "nfs"}}},
        },
        {},
    )
    engine: Any = Engine(network={}, volume={})
    tell(engine, model, lambda verb: f"`doit {verb}`", lambda level, text: said.append((level, text)))
    assert said == [
        (
            "warn",
            "network 'shop_back' was made with another driver and internal, and stays so: `doit down` and "
            "`doit up` make it anew",
        ),
        (
            "warn",
            "volume 'shop_data' was made with another driver_opts, and stays so, for its data: `doit down`, "
            "`docker volume rm shop_data` and `doit up` make it anew, empty",
        ),
    ]
