"""Networks and volumes that are there otherwise than the project has them by now.

Compose 2.26 makes them once and leaves them so, without a word; newer ones make networks anew
(docker/compose pull request 12267).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from doit_score.running.model import Model
from doit_score.text.light import TYPE_CHECKING, Any
from doit_score.text.messages import Say

if TYPE_CHECKING:
    from docker import APIClient

# What Compose has as keys, and the engine's words for it.
_FLAGS: Mapping[str, str] = {"attachable": "Attachable", "enable_ipv6": "EnableIPv6", "internal": "Internal"}
_OF_THE_ENGINE = ("attachable", "enable_ipv6")
"""Those for which the engine may have another default."""
_RANGES: Mapping[str, str] = {"gateway": "Gateway", "ip_range": "IPRange", "subnet": "Subnet"}


def differing(client: APIClient, model: Model) -> dict[tuple[str, str], list[str]]:
    """The keys that differ, by what it is (``network`` or ``volume``) and its name; only of what is ours."""
    label = {"label": f"com.docker.compose.project={model.project}"}
    found = {}
    if model.networks:
        there = {one["Name"]: one for one in client.networks(filters=label)}
        for name in model.networks.keys() & there.keys():
            found["network", name] = sorted({*_of_network(model.networks[name], there[name])})
    if model.volumes:
        there = {one["Name"]: one for one in client.volumes(filters=label)["Volumes"] or ()}
        for name in model.volumes.keys() & there.keys():
            found["volume", name] = sorted({*_of_volume(model.volumes[name], there[name])})
    return {one: keys for one, keys in sorted(found.items()) if keys}


def tell(client: APIClient, model: Model, verb: Callable[[str], str], say: Say) -> None:
    """Warns of those, and says what to do.  ``verb`` says how a verb is said for this project."""
    down, up = verb("down"), verb("up")
    for (what, name), keys in differing(client, model).items():
        said = f"{what} '{name}' was made with another {' and '.join(keys)}, and stays so"
        if what == "network":
            say("warn", f"{said}: {down} and {up} make it anew")
        else:
            say(
                "warn",
                f"{said}, for its data: {down}, `docker volume rm {name}` and {up} make it anew, empty",
            )


def _of_network(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[str]:
    for key, word in _FLAGS.items():
        is_said = key in wanted or key not in _OF_THE_ENGINE
        if is_said and bool(wanted.get(key)) != bool(there.get(word)):
            yield key
    yield from _of_driver(wanted, there)
    ranges = (there.get("IPAM") or {}).get("Config") or ()
    for one in (wanted.get("ipam") or {}).get("config") or ():
        asked = {word: one[key] for key, word in _RANGES.items() if one.get(key)}
        if not any(asked.items() <= found.items() for found in ranges):
            yield "ipam"


def _of_volume(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[str]:
    yield from _of_driver(wanted, there)
    # This driver adds no options by itself.
    if there.get("Driver") == "local" and there.get("Options") and not wanted.get("driver_opts"):
        yield "driver_opts"


def _of_driver(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[str]:
    if wanted.get("driver") not in (None, "default", there.get("Driver")):
        yield "driver"
    options = {key: str(value) for key, value in (wanted.get("driver_opts") or {}).items()}
    if not options.items() <= (there.get("Options") or {}).items():
        yield "driver_opts"
