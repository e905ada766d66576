"""What is within a value of mappings and lists, as YAML and JSON have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def texts_in(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in ``value`` but for keys, after its path: ``.spec.containers.0.args.1``."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts_in(item, f"{path}.{key}")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from texts_in(item, f"{path}.{index}")
