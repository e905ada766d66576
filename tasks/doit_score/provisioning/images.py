"""Container images of provisioners: named in one place, and replaced in one place.

A provisioner says by name which images it uses (``images: [redis]``); ``images://`` entries say what the
names stand for.  The shipped ones are in ``images.provisioners.yaml``; a project has its own before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from doit_score.provisioning.model import Entry
from doit_score.text import canonical, words, yaml12
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import replace

FAILED = "failed to load provisioners:"
"""What an error about several provisioner files begins with."""


def images(entries: Iterable[Entry]) -> dict[str, str]:
    """What every name stands for; ``entries`` are in order of precedence.

    The first entry that names an image decides.  The first ``registry`` takes the place of the registry
    of all images that only later entries name.
    """
    found: dict[str, str] = {}
    registry: str | None = None
    for entry in entries:
        if entry.kind == "images":
            for name, image in entry.images.items():
                found.setdefault(name, image if registry is None else at_registry(registry, image))
            registry = registry or entry.registry
    return found


def resolve(entries: Iterable[Entry], *, left_out: bool = False) -> tuple[Entry, ...]:
    """The provisioners among ``entries`` with the images that they name, which then are part of the digest.

    Raises ScoreError with every provisioner that uses an image that nobody names, unless these are
    ``left_out``.
    """
    every = tuple(entries)
    known = images(every)
    if left_out:
        every = tuple(entry for entry in every if known.keys() >= set(entry.uses_images))
    problems = [
        _unknown(entry, name, known) for entry in every for name in entry.uses_images if name not in known
    ]
    ScoreError.raise_for(problems, FAILED)
    return tuple(_resolved(entry, known) for entry in every if entry.kind != "images")


def unused(entries: Sequence[Entry], texts: Mapping[str, bytes], asked: Iterable[str]) -> Iterator[Problem]:
    """A warning for each image that the files ``texts``, of all ``entries``, name in vain.

    Names that are ``asked`` for are used, and so are those that other files name.
    """
    used = {*asked, *(name for entry in entries for name in entry.uses_images)}
    used |= {
        name
        for entry in entries
        if entry.kind == "images" and entry.path not in texts
        for name in entry.images
    }
    for path, text in texts.items():
        for index, entry in enumerate(entry for entry in entries if entry.path == path):
            for name in entry.images if entry.kind == "images" else ():
                if name not in used:
                    place = yaml12.locate(text, (index, "images", name), key=True) or (entry.line, 1)
                    hint = words.near(name, used)
                    yield Problem(f"{entry.uri}: no provisioner uses the image '{name}'", path, *place, hint)


def at_registry(registry: str, image: str) -> str:
    """``image`` as ``registry`` has it: official images of Docker Hub are below ``library/`` there."""
    first, slash, rest = image.partition("/")
    if not slash:
        rest = f"library/{image}"
    elif not ("." in first or ":" in first or first == "localhost"):
        rest = image
    return f"{registry.rstrip('/')}/{rest}"


def _resolved(entry: Entry, known: Mapping[str, str]) -> Entry:
    if not entry.uses_images:
        return entry
    used = {name: known[name] for name in entry.uses_images}
    return replace(entry, images=used, digest=canonical.digest(entry.digest, canonical.encode(used)))


def _unknown(entry: Entry, name: str, known: Mapping[str, str]) -> Problem:
    how = f"add an entry with `uri: images://NAME` and `images: {{{name}: IMAGE}}`"
    return Problem(
        f"{entry.uri}: it uses the image '{name}', which no images:// entry names",
        entry.path,
        entry.line,
        hint=words.near(name, known, how),
    )
