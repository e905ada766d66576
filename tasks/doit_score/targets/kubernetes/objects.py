"""The objects that provisioners and patches give: what each is called, and whether the API would take it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from doit_score.score import references
from doit_score.targets import Checked
from doit_score.text import words
from doit_score.text.errors import Problem
from doit_score.text.light import NamedTuple

from . import names
from .quantities import amount

_WITHOUT_NAMESPACE = {
    "v1": {"Namespace", "Node", "PersistentVolume"},
    "rbac.authorization.k8s.io/v1": {"ClusterRole", "ClusterRoleBinding"},
    "networking.k8s.io/v1": {"IngressClass"},
    "storage.k8s.io/v1": {"CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"},
    "apiextensions.k8s.io/v1": {"CustomResourceDefinition"},
    "scheduling.k8s.io/v1": {"PriorityClass"},
    "node.k8s.io/v1": {"RuntimeClass"},
    "apiregistration.k8s.io/v1": {"APIService"},
    "gateway.networking.k8s.io/v1": {"GatewayClass"},
    "admissionregistration.k8s.io/v1": {
        "MutatingWebhookConfiguration",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
    },
}
"""The kinds of the API that are in no namespace, by version."""

_RBAC = "rbac.authorization.k8s.io/"


class Identity(NamedTuple):
    """What an object is called: no two of one identity can be in a cluster."""

    version: str
    kind: str
    namespace: str
    name: str

    @classmethod
    def of(cls, value: Mapping[str, object]) -> Identity:
        metadata = value.get("metadata")
        said = metadata if isinstance(metadata, Mapping) else {}
        found = (value.get("apiVersion"), value.get("kind"), said.get("namespace"), said.get("name"))
        return cls(*(str(one) if one else "" for one in found))

    def key(self) -> str:
        """The name of the entry."""
        return "/".join((self.namespace, self.version, self.kind, self.name))

    @property
    def what(self) -> str:
        """For messages: ``Service 'web'``."""
        return f"{self.kind} '{self.name}'"


def has_namespace(value: Mapping[str, object]) -> bool:
    """Whether ``value`` is of a kind that is in some namespace, as far as we know its kind."""
    return value.get("kind") not in _WITHOUT_NAMESPACE.get(str(value.get("apiVersion")), ())


def placed(value: Mapping[str, object], namespace: str) -> Mapping[str, object]:
    """``value`` in a namespace: every object that has metadata, and is of a kind that can be in one."""
    metadata = value.get("metadata")
    if not namespace or not isinstance(metadata, Mapping):
        return value
    if not has_namespace(value):
        return value
    return {**value, "metadata": {**metadata, "namespace": namespace}}


def check(place: str, value: object) -> Checked:
    """The object at a ``place`` of a list."""
    if not isinstance(value, dict):
        message = f"expected an object of Kubernetes in item {int(place) + 1}, found {words.kind(value)}"
        return Checked({}, (Problem(message),), name=place)
    missing = [key for key in ("apiVersion", "kind") if not isinstance(value.get(key), str) or not value[key]]
    if missing:
        message = f"item {int(place) + 1} has no {' and no '.join(missing)}"
        return Checked(
            {}, (Problem(message, hint="each object says its apiVersion and its kind"),), name=place
        )
    identity = Identity.of(value)
    warnings: tuple[Problem, ...] = ()
    if not identity.name:
        message = f"item {int(place) + 1}, a {identity.kind}, has no metadata.name: the API server refuses it"
        warnings = (Problem(message, hint="give it a name"),)
    return Checked(value, tuple(problems(value)), warnings, identity.key() if identity.name else f"/{place}")


def problems(value: Mapping[str, object]) -> Iterator[Problem]:
    """What is wrong with an object that says its version and kind, as far as we know its kind."""
    identity = Identity.of(value)
    found = list(_of_type(identity, value))
    found += _of_name(identity)
    for path, left in references.unresolved(value):
        message = (
            f"{path[1:]} refers to a {left.kind}, which can only be done in variables and files of workloads"
        )
        found.append(
            (message, f"use a {_FIELDS[left.kind]} there, which names '{left.name}' and the key '{left.key}'")
        )
    for message, hint in found:
        yield Problem(f"{identity.what}: {message}", hint=hint)


_FIELDS = {"Secret": "secretKeyRef", "ConfigMap": "configMapKeyRef"}

_Fault = tuple[str, str | None]


def _of_name(identity: Identity) -> Iterator[_Fault]:
    if not identity.name or identity.version.startswith(_RBAC):
        return
    if (identity.version, identity.kind) == ("v1", "Service"):
        if not names.is_service(identity.name):
            hint = "use lower case letters, digits and '-', begin with a letter, and at most 63 of them"
            yield "no Service can be called that", hint
    elif (identity.version, identity.kind) == ("v1", "Namespace"):
        if not names.is_label(identity.name):
            yield (
                "no Namespace can be called that",
                f"use lower case letters, digits and '-', at most {names.LABEL}",
            )
    elif not names.is_object(identity.name):
        hint = "use lower case letters, digits, '-' and '.', and begin and end with a letter or digit"
        yield "the API server refuses this name", hint


def _of_type(identity: Identity, value: Mapping[str, object]) -> Iterator[_Fault]:
    from .fields import KINDS

    kinds = KINDS.get(identity.version)
    if kinds is None:
        return
    if identity.kind in kinds:
        yield from _fields(identity.kind, value, "", identity.kind == "Secret")
    elif identity.version == "v1":
        yield f"the API {identity.version} has no such kind", words.near(identity.kind, kinds)


def of_type(type_: str, value: Mapping[str, object]) -> Iterator[_Fault]:
    """What is wrong with a part of an object that is of the type ``type_``: messages and hints."""
    return _fields(type_, value, "", False)


def _fields(type_: str, value: Mapping[str, object], path: str, secret: bool) -> Iterator[_Fault]:
    known = _types()[type_]
    for key, item in value.items():
        if key in known:
            yield from _value(known[key], item, f"{path}.{key}" if path else key, secret)
        else:
            yield f"unknown field {f'{path}.{key}' if path else key}", words.near(key, known)


def _value(type_: str, value: object, path: str, secret: bool) -> Iterator[_Fault]:
    """What is wrong with a value; null is nothing, for every type."""
    if value is None or type_ == "any":
        return
    if type_.startswith("[]"):
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from _value(type_[2:], item, f"{path}[{index}]", secret)
        else:
            yield f"{path}: expected a list, found {words.described(value, secret=secret)}", None
    elif type_.startswith("{}") or type_ in _types():
        if not isinstance(value, Mapping):
            yield f"{path}: expected a mapping, found {words.described(value, secret=secret)}", None
        elif type_.startswith("{}"):
            for key, item in value.items():
                yield from _value(type_[2:], item, f"{path}.{key}", secret)
        else:
            yield from _fields(type_, value, path, secret)
    else:
        expected = _EXPECTED[type_]
        if not _is(type_, value):
            hint = "quote it" if type_ == "text" and isinstance(value, (bool, int, float)) else None
            yield f"{path}: expected {expected}, found {words.described(value, secret=secret)}", hint


_EXPECTED = {
    "text": "text",
    "flag": "true or false",
    "whole": "a whole number",
    "number": "a number",
    "quantity": "a quantity such as 500m or 1Gi",
    "port": "a number or the name of a port",
    "time": "a time",
    "bytes": "base64",
}


def _is(type_: str, value: object) -> bool:
    if isinstance(value, bool):
        return type_ == "flag"
    if isinstance(value, str):
        if type_ == "bytes":
            return _is_base64(value)
        return type_ in ("text", "port", "time") or (type_ == "quantity" and amount(value) is not None)
    if isinstance(value, int):
        return type_ in ("whole", "number", "port", "quantity")
    if isinstance(value, float):
        return type_ in ("number", "quantity") or (type_ == "whole" and value.is_integer())
    return type_ == "time" and hasattr(value, "isoformat")


def _is_base64(text: str) -> bool:
    """Whether Go reads it: with all that belongs to it, and line breaks anywhere."""
    from base64 import b64decode

    try:
        b64decode("".join(text.splitlines()), validate=True)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1)
def _types() -> Mapping[str, Mapping[str, str]]:
    """The fields of each type, with their types."""
    from .fields import TYPES

    found: dict[str, dict[str, str]] = {}
    for line in TYPES.replace("\n  ", " ").strip().splitlines():
        name, *fields = line.split()
        found[name] = dict(field.split(":") for field in fields)
    return found
