"""The ``files`` of containers: what to read for them, what to mount, and under which names."""

from __future__ import annotations

import re
from posixpath import basename

from doit_score.score.placeholders import Context
from doit_score.score.workload import ContainerFile
from doit_score.score.workload.sources import contained
from doit_score.targets import ConversionInput, MountFile
from doit_score.targets.contents import Complain, content_of
from doit_score.text.errors import Problem

from .paths import is_of_reference

_DEFAULT_MODE = 0o644
_OWNER_READ, _OWNER_WRITE = 0o400, 0o200
_PLAIN_TARGET = re.compile(r"(/[a-z0-9_.-]+)+")
_LONGEST_NAME = 120


def mount_name(workload: str, container: str, target: str) -> str:
    """The name below ``files/`` of what is mounted at ``target``: ``shop.web.etc+nginx.conf``.

    Workloads and containers have no dots in their names, so two of them never meet.  What was
    changed in the target to make a safe name, on file systems that take A for a as well, is made up
    for by a hash of the whole.  The reference uses the base name alone and lets files overwrite
    each other (files-39-same-basename, files-40-same-basename-two-containers).
    """
    text = "+".join(re.sub(r"[^A-Za-z0-9_.-]", "-", part) for part in target.strip("/").split("/"))
    if not _PLAIN_TARGET.fullmatch(target) or len(text) > _LONGEST_NAME:
        from hashlib import sha256  # few targets need it

        digest = sha256(target.encode("utf-8", "surrogatepass")).hexdigest()[:10]
        text = f"{text[-_LONGEST_NAME:]}-{digest}"
    return f"{workload}.{container}.{text}"


def reference_order(mounts_directory: str, workload: str, target: str) -> str:
    """The path that the reference mounts at ``target``; its mounts are sorted by it (containers-64)."""
    return f"{mounts_directory}/files/{workload}-files-{basename(target.rstrip('/')) or '.'}"


def mount_file(
    workload: str,
    container: str,
    file: ContainerFile,
    inputs: ConversionInput,
    context: Context,
    complain: Complain,
) -> tuple[MountFile, bool] | None:
    """The file to be written, and whether it is mounted read-only; None after an error."""
    mode = int(file.mode, 8) if file.mode else _DEFAULT_MODE
    if not mode & _OWNER_READ:
        message = f"expected a mode that lets the owner read (at least 0400), found {file.mode}"
        complain(file.target, "mode", Problem(message))
    if file.source is not None and is_of_reference(contained(file.source) or ""):
        problem = Problem(
            f"{file.source!r} is below the mounts directory of score-compose, which nobody writes to"
            " any more",
            hint="mount what a provisioner writes as a volume",
        )
        complain(file.target, "source", problem)
        return None
    content = content_of(file, inputs, context, complain)
    if content is None or not mode & _OWNER_READ:
        return None
    # We must be able to write the file again; that the container must not is said by the mount.
    path = f"files/{mount_name(workload, container, file.target)}"
    return MountFile(path, content, mode | _OWNER_WRITE), not mode & _OWNER_WRITE
