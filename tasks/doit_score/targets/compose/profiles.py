"""Services that are there with a profile only: nothing that is always there may wait for them."""

from __future__ import annotations

from collections.abc import Mapping


def not_waiting(
    compose: dict[str, object], before: Mapping[str, object], owners: Mapping[tuple[str, str], str]
) -> dict[str, object]:
    """``compose`` without waiting for what patches have given profiles, as far as we have said so.

    Compose would refuse the project without these profiles.  ``before`` is the project that was patched,
    ``owners`` says who wanted an entry.  What resources and patches say of the order is theirs, and stays.
    """
    services, first = _mapping(compose.get("services")), _mapping(before.get("services"))

    def of_resource(name: str) -> bool:
        return owners.get(("services", name), "").startswith("resource ")

    given = {
        name
        for name, service in services.items()
        if of_resource(name)
        and _mapping(service).get("profiles")
        and not _mapping(first.get(name)).get("profiles")
    }
    result = {}
    for name, service in services.items():
        waits = _mapping(_mapping(service).get("depends_on"))
        ours = {} if of_resource(name) else _mapping(_mapping(first.get(name)).get("depends_on"))
        dropped = {other for other in given & waits.keys() if waits[other] == ours.get(other)}
        if dropped:
            left = {other: wait for other, wait in waits.items() if other not in dropped}
            kept = {key: value for key, value in _mapping(service).items() if key != "depends_on"}
            service = {**kept, **({"depends_on": left} if left else {})}
        result[name] = service
    return {**compose, "services": result} if given else compose


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
