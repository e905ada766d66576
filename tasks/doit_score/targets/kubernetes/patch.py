"""Patches of the manifests, which are checked again when they are applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from doit_score.targets import Options, patching
from doit_score.templating.values import Struct
from doit_score.text import yaml12
from doit_score.text.errors import Problem, ScoreError

from . import objects
from .project import read, written

_NAMES = {"manifests": "Manifests", "workloads": "Workloads", "namespace": "Namespace"}


def patched(
    text: str,
    templates: Sequence[tuple[str, str]],
    documents: Mapping[str, object],
    options: Options,
    *,
    hermetic: bool,
) -> tuple[str, tuple[Problem, ...]]:
    """The text of all manifests after patch templates, and warnings.

    A template gets the objects as ``Manifests``, in their order, the Score documents as ``Workloads``, and
    the ``Namespace``; a path begins with the place of an object.  One whose name ends in ``.j2`` is Jinja2
    (``manifests``, ``workloads``, ``namespace``).
    """
    manifests: list[object] = read(text)
    warnings: list[Problem] = []
    for name, source in templates:
        with patching.told_of(name):
            root = Struct(
                "main.patchTemplateInput",
                {"Manifests": manifests, "Workloads": documents, "Namespace": options.namespace},
            )
            printed = patching.printed_by(name, source, root, _NAMES, hermetic=hermetic)
            patches = yaml12.load(printed)
            document, errors, noticed = patching.apply(manifests, patches, name, strict=True)
            manifests, found = _checked(document, manifests, options)
            ScoreError.raise_for([*errors, *found])
        warnings += (*noticed, *patching.ignored(name, printed))
    return written(manifests, options), tuple(warnings)


def _checked(
    document: object, before: Sequence[object], options: Options
) -> tuple[list[object], list[Problem]]:
    """The objects of ``document``, in the namespace of the project, and what is wrong with
    those that changed."""
    if not isinstance(document, list):
        return [], [Problem("what is left is no list of objects")]
    known = {id(one) for one in before}
    found: list[object] = []
    problems: list[Problem] = []
    for place, one in enumerate(document):
        if id(one) not in known:
            checked = objects.check(str(place), one)
            problems += (*checked.errors, *checked.warnings)
            one = objects.placed(checked.value, options.namespace)
        found.append(one)
    seen: set[objects.Identity] = set()
    for identity in (objects.Identity.of(one) for one in found if isinstance(one, Mapping)):
        if identity.name and identity in seen:
            hint = "change the one that is there, or give the other another name"
            problems.append(Problem(f"{identity.what} is there twice", hint=hint))
        seen.add(identity)
    return found, problems
