"""What there is in an output, as who draws it wants it."""

from __future__ import annotations

from doit_score.text.light import NamedTuple


class Relation(NamedTuple):
    """What a part of an output has to do with another: ``how`` is a kind of edge of picture/model.py,
    ``kind`` and ``name`` are those of the other part, ``note`` is on what condition."""

    how: str
    kind: str
    name: str
    note: str = ""


class Part(NamedTuple):
    """A part of an output as who draws it wants it.  ``kind`` is that of a node of picture/model.py, ``name``
    tells it from others of its kind, ``title`` is what it is called, ``about`` says what it is where the kind
    does not.  ``owners`` are the kinds and names of who wants it; ``ports`` are those of the host."""

    kind: str
    name: str
    title: str
    about: str
    owners: tuple[tuple[str, str], ...]
    relations: tuple[Relation, ...] = ()
    ports: tuple[str, ...] = ()
