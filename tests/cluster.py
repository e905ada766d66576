"""A workload turned into objects of Kubernetes, as the engine does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from doit_score.score.placeholders import MapOutputs
from doit_score.score.resources import declarations
from doit_score.score.workload import read
from doit_score.targets import ConversionInput, Fragments, Place
from doit_score.targets.kubernetes.brought import Brought
from doit_score.targets.kubernetes.convert import convert
from doit_score.text import yaml12
from doit_score.text.errors import ScoreError

Object = Mapping[str, Any]


def workload(containers: str, rest: str = "", metadata: str = "{name: loom}") -> str:
    """A Score file; ``containers`` is a YAML mapping in one line, ``rest`` what comes after it."""
    return f"apiVersion: score.dev/v1b1\nmetadata: {metadata}\ncontainers: {containers}\n{rest}"


def converted(text: str, outputs: Mapping[str, Object] | None = None, **given: Any) -> Fragments:
    """What becomes of the Score file ``text``; ``outputs`` are those of its resources by name.

    ``contents`` are digests of what resources bring, by uid; ``instances`` are labels that were taken
    over; the rest is that of ConversionInput.
    """
    made = read(yaml12.load(text), path="score.yaml", text=text)[0]
    brought = Brought(given.pop("project", "mill"), given.pop("instances", {}), given.pop("contents", {}))
    inputs = ConversionInput(
        resources={name: MapOutputs((outputs or {}).get(name, {})) for name in made.resources},
        resource_uids={one.name: one.uid for one in declarations(made)},
        locate=lambda keys: _place(text, keys),
        **given,
    )
    return convert(made, inputs, brought)


def objects(text: str, outputs: Mapping[str, Object] | None = None, **given: Any) -> dict[str, Any]:
    """The objects by kind and name."""
    found = converted(text, outputs, **given).sections["manifests"].values()
    return {f"{one['kind']}/{one['metadata']['name']}": one for one in found}  # type: ignore[index]  # it has both


def pod(text: str, outputs: Mapping[str, Object] | None = None, **given: Any) -> Any:
    """The pod of the workload `loom`."""
    return objects(text, outputs, **given)["Deployment/loom"]["spec"]["template"]["spec"]


def container(text: str, outputs: Mapping[str, Object] | None = None, **given: Any) -> Any:
    """Its only container."""
    (found,) = pod(text, outputs, **given)["containers"]
    return found


def problems(text: str, outputs: Mapping[str, Object] | None = None, **given: Any) -> list[str]:
    """What is wrong with it, with the places in the file."""
    with pytest.raises(ScoreError) as error:
        converted(text, outputs, **given)
    assert str(error.value.title).startswith("failed to convert workload")
    return [str(one) for one in error.value.problems]


def warnings(text: str, outputs: Mapping[str, Object] | None = None, **given: Any) -> list[str]:
    return [str(one) for one in converted(text, outputs, **given).warnings]


def notices(text: str, outputs: Mapping[str, Object] | None = None, **given: Any) -> list[str]:
    return [str(one) for one in converted(text, outputs, **given).notices]


def _place(text: str, keys: Sequence[str]) -> Place:
    """The place of the value, or of the nearest thing that there is."""
    for length in range(len(keys), 0, -1):
        found = yaml12.locate(text, list(keys[:length]))
        if found is not None:
            return ("score.yaml", *found)
    return ("score.yaml", None, None)
