"""The ``volumes`` of containers: plain names, and resources whose outputs describe a mount."""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import normpath

from doit_score.score.placeholders import Deferred, Outputs
from doit_score.score.workload import ContainerVolume
from doit_score.text.errors import Problem

from .dollars import literal

_KINDS = ("volume", "tmpfs", "bind")


def volume_mount(
    volume: ContainerVolume, source: str, resources: Mapping[str, Outputs]
) -> tuple[dict[str, object], tuple[Problem, ...], tuple[Problem, ...]]:
    """The mount, errors and warnings for ``volume``.

    ``source`` is its source with placeholders replaced, for Compose; ``resources`` are the outputs of the
    workload's resources by uid.  A source that is the uid of one of them is that resource, however
    it was written (volumes-30-plain-uid); any other is the name of a volume, for which Compose has
    no ``path`` (volumes-29-plain-source-path; a warning here).
    """
    if source in resources:
        return _resource_mount(volume, source, resources[source])
    mount = _long_form(volume, {"type": "volume", "source": source})
    if not volume.path:
        return mount, (), ()
    message = f"path {volume.path!r} is left out: {source!r} is not the volume of a resource"
    return mount, (), (Problem(message, hint="give the path in a resource, or leave it out"),)


def _long_form(volume: ContainerVolume, described: Mapping[str, object]) -> dict[str, object]:
    result = dict(described)
    if volume.target:
        result["target"] = literal(volume.target)
    if volume.read_only:
        result["read_only"] = True
    return result


def _resource_mount(
    volume: ContainerVolume, uid: str, outputs: Outputs
) -> tuple[dict[str, object], tuple[Problem, ...], tuple[Problem, ...]]:
    """What the outputs ``type``, ``source`` and one section named like the type describe."""
    kind = _output(outputs, "type")
    if not isinstance(kind, str) or isinstance(kind, Deferred):
        message = f"resource {uid!r} has no 'type' output that says what to mount (volume, tmpfs or bind)"
        return {}, (Problem(message),), ()
    if kind not in _KINDS:
        message = f"resource {uid!r} has invalid type {kind!r}: expected volume, tmpfs or bind"
        return {}, (Problem(message),), ()
    described: dict[str, object] = {"type": kind}
    source, options = _output(outputs, "source"), _output(outputs, kind)
    # A tmpfs has no source (the reference writes the uid of the resource there: volumes-13-tmpfs).
    if source is not None and kind != "tmpfs":
        described["source"] = source
    if options is not None and options != {}:
        described[kind] = options
    from .service import check_mount  # what Compose knows is a lot, and few workloads need it here

    checked = check_mount(described)
    errors = tuple(
        Problem(f"resource {uid!r} outputs do not describe a {kind}: {problem.message}")
        for problem in checked.errors
    )
    warnings = tuple(
        Problem(f"resource {uid!r} outputs: {one.message}", hint=one.hint) for one in checked.warnings
    )
    mount = _long_form(volume, checked.value)
    if not volume.path or errors:
        return mount, errors, warnings
    if kind == "tmpfs":
        message = f"a tmpfs cannot be mounted with the path {volume.path!r}: Compose does not support it"
        return mount, (Problem(message),), warnings
    return _below(mount, kind, literal(volume.path)), (), warnings


def _below(mount: dict[str, object], kind: str, path: str) -> dict[str, object]:
    """``mount`` of the sub-directory ``path`` (cases volumes-05-volume-path-unclean, -06)."""
    if kind == "bind":
        mount["source"] = _join(str(mount.get("source", "")), path)
        return mount
    known = mount.get(kind)
    options = dict(known) if isinstance(known, dict) else {}
    options["subpath"] = _join(str(options.get("subpath", "")), path)
    mount[kind] = options
    return mount


def _join(base: str, path: str) -> str:
    cleaned = normpath(f"{base}/{path}" if base else path)
    return "/" + cleaned.lstrip("/") if cleaned.startswith("/") else cleaned


def _output(outputs: Outputs, key: str) -> object:
    try:
        return outputs.lookup((key,), deferred=True)
    except LookupError:
        return None
