"""What there is in the manifests of a project, for who draws them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from doit_score.targets import Entry, Options
from doit_score.targets.parts import Part, Relation

from .objects import Identity
from .project import read

_KINDS = {"PersistentVolumeClaim": "volume", "Secret": "secret", "ConfigMap": "config"}
"""What is drawn as something of its own; all else is an object."""
_REFERENCES: Mapping[str, tuple[str, str, str]] = {
    "secretKeyRef": ("name", "uses", "Secret"),
    "secretRef": ("name", "uses", "Secret"),
    "secret": ("secretName", "mounts", "Secret"),
    "configMapKeyRef": ("name", "uses", "ConfigMap"),
    "configMapRef": ("name", "uses", "ConfigMap"),
    "configMap": ("name", "mounts", "ConfigMap"),
    "persistentVolumeClaim": ("claimName", "mounts", "PersistentVolumeClaim"),
    "service": ("name", "reaches", "Service"),
    "backendRefs": ("name", "reaches", "Service"),
}
"""By their keys: the field that has the name of another object, what is done with that, and its kind."""


def parts(entries: Iterable[Entry], options: Options) -> Iterator[Part]:
    """All of it, by kind and name; what several want is one."""
    alike: dict[str, list[Entry]] = {}
    for one in entries:
        alike.setdefault(one.name, []).append(one)
    values = {name: _value(found[0]) for name, found in alike.items()}
    named = {(found.kind, found.namespace, found.name): name for name, found in _identities(values)}
    labelled = _labelled(values)
    for name, found in sorted(alike.items()):
        value = values[name]
        identity = Identity.of(value)
        relations = {
            _relation(how, kind, named[kind, identity.namespace, other])
            for how, kind, other in _references(value)
            if (kind, identity.namespace, other) in named
        }
        if identity.kind == "Service":
            relations |= {_relation("reaches", kind, other) for kind, other in _selected(value, labelled)}
        yield Part(
            _KINDS.get(identity.kind, "object"),
            name,
            identity.name or name,
            identity.kind,
            tuple(sorted({(one.kind, one.owner) for one in found})),
            tuple(sorted(relation for relation in relations if relation.name != name)),
        )


def _relation(how: str, kind: str, name: str) -> Relation:
    return Relation(how, _KINDS.get(kind, "object"), name)


def _value(entry: Entry) -> Mapping[str, object]:
    found = read(entry.text)
    return found[0] if found and isinstance(found[0], Mapping) else {}


def _identities(values: Mapping[str, Mapping[str, object]]) -> Iterator[tuple[str, Identity]]:
    for name, value in values.items():
        yield name, Identity.of(value)


def _references(value: object) -> Iterator[tuple[str, str, str]]:
    """How, of what kind and by what name other objects are referred to, anywhere in ``value``."""
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key in _REFERENCES:
                field, how, kind = _REFERENCES[key]
                for one in item if isinstance(item, list) else [item]:
                    name = one.get(field) if isinstance(one, Mapping) else None
                    if isinstance(name, str):
                        yield how, kind, name
            yield from _references(item)


def _labelled(values: Mapping[str, Mapping[str, object]]) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """The objects that make pods, by each label of these: kinds and names."""
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for name, value in values.items():
        for key, text in _mapping(value, "spec", "template", "metadata", "labels").items():
            found.setdefault((str(key), str(text)), set()).add((Identity.of(value).kind, name))
    return found


def _selected(
    value: Mapping[str, object], labelled: Mapping[tuple[str, str], set[tuple[str, str]]]
) -> set[tuple[str, str]]:
    """The objects whose pods a Service leads to."""
    wanted = [
        labelled.get((str(key), str(text)), set())
        for key, text in _mapping(value, "spec", "selector").items()
    ]
    return set.intersection(*wanted) if wanted else set()


def _mapping(value: object, *keys: str) -> Mapping[str, object]:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}
