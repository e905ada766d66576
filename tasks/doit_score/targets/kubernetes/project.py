"""Objects as the documents of one text, in an order that is always the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from doit_score.targets import Entry, Options, Whole
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.yaml12 import dump, load

from . import names
from .kyaml import dump_kyaml
from .objects import Identity, placed

_DOCUMENT = "---\n"
_FIRST = (
    "Namespace", "ServiceAccount", "Secret", "ConfigMap", "PersistentVolumeClaim", "Service", "Deployment",
    "StatefulSet", "Job",
)  # fmt: skip
_CONTENT = {"Secret": ("data", "stringData"), "ConfigMap": ("data", "binaryData")}


def entry(name: str, kind: str, owner: str, value: Mapping[str, object], options: Options) -> Entry:
    """``value`` as an entry: a document, in the namespace of the project.

    ``name`` is its usual name, for what has none.  What others are told of it is what is in a Secret or a
    ConfigMap of a resource: see brought.py.
    """
    value = placed(value, options.namespace)
    identity = Identity.of(value)
    links = ""
    if kind == "resource" and identity.version == "v1" and identity.kind in _CONTENT:
        content = dump({key: value.get(key) for key in _CONTENT[identity.kind]})
        links = f"{identity.kind}/{identity.name} {names.digest(content, 16)}"
    text = written([value], options)
    return Entry("manifests", identity.key() if identity.name else name, kind, owner, text, links)


def written(values: Iterable[object], options: Options) -> str:
    """The text of some objects, a document each."""
    write = dump_kyaml if options.format == "kyaml" else dump
    return "".join(_DOCUMENT + write(value) for value in values)


def read(text: str) -> list[object]:
    """The objects of which :func:`written` made ``text``: no other line than the first of one is the mark."""
    return [load(part, bounded=False) for part in parts(text)]


def parts(text: str) -> list[str]:
    """The texts of the objects, one after the other all of ``text`` but what is before the first."""
    return [_DOCUMENT + part for part in re.split(f"^{_DOCUMENT}", text, flags=re.MULTILINE)[1:]]


def identity(text: str) -> tuple[str, str, str]:
    """Kind and name of the object whose text this is, and all by which it is told from others."""
    found = load(text, bounded=False)
    if not isinstance(found, Mapping):
        return "", "", text
    one = Identity.of(found)
    return one.kind, one.name, one.key()


def ordered(entries: Iterable[Entry]) -> list[Entry]:
    """Those of resources before those of workloads, by owner, and what others need before these."""
    return sorted(entries, key=lambda one: (one.kind, one.owner, rank(_kind(one.name)), one.name))


def _kind(name: str) -> str:
    return name.split("/")[-2] if name.count("/") > 2 else ""


def rank(kind: str) -> int:
    """Where objects of a kind come in an order in which each follows what it needs."""
    return _FIRST.index(kind) if kind in _FIRST else len(_FIRST)


def assemble(entries: Iterable[Entry], whole: Whole) -> tuple[str, tuple[Problem, ...]]:
    """The text of all manifests, and warnings.  Raises ScoreError for two of workloads called the same.

    A claim that two workloads ask for alike is one: it is that of the resource that they share.  What
    resources and workloads call the same is that of the workload.
    """
    written: dict[str, Entry] = {}
    problems, warnings = [], []
    for one in ordered(entries):
        other = written.get(one.name)
        if other is not None and other.text != one.text:
            what = " ".join(one.name.split("/")[-2:])
            message = f"{what} is written by {other.who} and, with other content, by {one.who}"
            if other.kind == one.kind:
                problems.append(Problem(message, hint="give one of them another name"))
            else:
                message += ", which counts"
                warnings.append(Problem(message, hint="give one of them another name"))
        if other is None or other.kind != one.kind:
            written.pop(one.name, None)
            written[one.name] = one
    ScoreError.raise_for(problems)
    options = whole.options
    texts = [one.text for one in written.values()]
    if options.generate_namespace and f"/v1/Namespace/{options.namespace}" not in written:
        texts.insert(0, namespace(options).text)
    return "".join(texts), tuple(warnings)


def namespace(options: Options) -> Entry:
    """The Namespace of the project."""
    labels = {"app.kubernetes.io/managed-by": "doit-score"}
    value = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": options.namespace, "labels": labels},
    }
    return entry("", "tool", "", value, options)


def splice(text: bytes, before: Iterable[Entry], now: Iterable[Entry]) -> bytes | None:
    """``text`` with the documents of ``now``; None if one of those of ``before`` is not found in it."""
    new = {one.name: one.text.encode() for one in now}
    for one in before:
        old = one.text.encode()
        if new[one.name] == old:
            continue
        at = text.find(old)
        end = at + len(old)
        if (
            at < 0
            or not (at == 0 or text[at - 1 : at] == b"\n")
            or text[end : end + 4] not in (b"", b"---\n")
        ):
            return None
        text = b"".join((text[:at], new[one.name], text[end:]))
    return text
