"""The objects of a project as files: all in one, Secrets in one beside it, or a file for each.

What is for everybody is told from what is for its owner alone by the kind of an object.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from doit_score.targets import File, Options
from doit_score.text.light import NamedTuple

from . import names
from .project import identity, parts

OWN = 0o600
KUSTOMIZATION = "kustomization.yaml"
_SECRETS = "secrets"
_LONGEST = 200
_ENDING = re.compile(r"(?<=.)\.[^.]*$|$")
_OTHER = re.compile(r"[^a-z0-9.-]+")


class _Document(NamedTuple):
    text: str
    kind: str
    key: str
    stem: str


def main(output: str) -> str:
    """The file that there is in any case."""
    return f"{_folder(output)}{KUSTOMIZATION}" if output.endswith("/") else output


def is_divided(output: str, options: Options) -> bool:
    """Whether :func:`files` may give more than one."""
    return output.endswith("/") or options.secrets == "separate"


def has_file(output: str, path: str) -> bool:
    """Whether ``path`` may be one of the files of ``output``."""
    if output.endswith("/"):
        return path.startswith(_folder(output))
    return path in (output, _beside(output))


def private(output: str, options: Options) -> str:
    """The file or directory that has the Secrets."""
    if options.secrets != "separate":
        return output
    return f"{_folder(output)}{_SECRETS}/" if output.endswith("/") else _beside(output)


def files(text: str, output: str, options: Options) -> dict[str, File]:
    """What is to be written, in the order in which that is done: what others refer to before these."""
    if not is_divided(output, options):
        return {output: File(text.encode(), OWN)}
    documents = [_document(part) for part in parts(text)]
    separate = options.secrets == "separate"
    secret = [one for one in documents if separate and one.kind == "Secret"]
    rest = [one for one in documents if not separate or one.kind != "Secret"]
    mode = None if separate else OWN
    head = header(options.project)
    if output.endswith("/"):
        folder = _folder(output)
        return {
            **_folder_of(f"{folder}{_SECRETS}/", secret, head, OWN),
            **_folder_of(folder, rest, head, mode, even_empty=True),
        }
    found = {_beside(output): File((head + _joined(secret)).encode(), OWN)} if secret else {}
    return {**found, output: File(_joined(rest).encode(), mode)}


def header(project: str) -> str:
    """The first line of a file that may have nothing else to say whose it is."""
    return f"# Written by doit-score for project '{project}'.\n"


def _folder(output: str) -> str:
    return "" if output == "./" else output


def _beside(output: str) -> str:
    """The file of the Secrets beside ``output``: ``manifests.secrets.yaml``."""
    folder, slash, name = output.rpartition("/")
    found = _ENDING.sub(rf".{_SECRETS}\g<0>", name, count=1)
    return f"{folder}{slash}{found}"


def _joined(documents: Iterable[_Document]) -> str:
    return "".join(one.text for one in documents)


def _document(text: str) -> _Document:
    kind, name, key = identity(text)
    stem = _OTHER.sub("-", f"{kind or 'object'}-{name}".lower()).strip("-.")
    return _Document(text, kind, key, names.shortened(stem, _LONGEST))


def _folder_of(
    folder: str, documents: Iterable[_Document], head: str, mode: int | None, *, even_empty: bool = False
) -> dict[str, File]:
    """A file for each of ``documents``, and the kustomization that lists them."""
    named = _named(documents)
    if not (named or even_empty):
        return {}
    lines = "".join(f"  - {name}\n" for name in named) if named else ""
    listed = f"resources:\n{lines}" if lines else "resources: []\n"
    said = f"{head}apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n{listed}"
    found = {f"{folder}{name}": File((head + one.text).encode(), mode) for name, one in named.items()}
    return {**found, f"{folder}{KUSTOMIZATION}": File(said.encode(), mode)}


def _named(documents: Iterable[_Document]) -> Mapping[str, _Document]:
    """Each by the name of its file.  Those that would have the same one have a digest of what tells them
    apart, so that none is called otherwise because another came first."""
    every = list(documents)
    stems: dict[str, int] = {}
    for one in every:
        stems[one.stem] = stems.get(one.stem, 0) + 1
    found: dict[str, _Document] = {}
    for one in every:
        stem = one.stem if stems[one.stem] == 1 else f"{one.stem}-{names.digest(one.key, 8)}"
        number, name = 1, f"{stem}.yaml"
        while name in found:
            number += 1
            name = f"{stem}-{number}.yaml"
        found[name] = one
    return found
