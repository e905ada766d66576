"""What the workloads of a project need: identity, sharing, order.

A resource is named by its uid, ``type.class#id``; the class is ``default`` unless given, the id
``<workload>.<name>`` unless given.  The same explicit id in two workloads is one resource
(cases resources-01, resources-02, resources-23).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from doit_score.score.placeholders import references
from doit_score.score.workload import Workload
from doit_score.text import canonical, nested
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import TypeAlias, dataclass

Place: TypeAlias = "tuple[str | None, int | None, int | None]"
"""File, line and column, as far as they are known."""
NOWHERE: Place = (None, None, None)


@dataclass(frozen=True, slots=True)
class Declaration:
    """One resource as one workload declares it.

    ``params`` and ``metadata`` are canonical texts, None where the Score file does not give them.
    ``refers_to`` holds the uids of the resources that the params mention.
    """

    workload: str
    name: str
    uid: str
    type: str
    class_: str
    id: str
    params: str | None
    metadata: str | None
    refers_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """One resource as the whole project needs it.

    ``source_workload`` is the workload whose params count; placeholders in them are read in its
    context.
    """

    uid: str
    type: str
    class_: str
    id: str
    params: str | None
    metadata: str | None
    source_workload: str
    refers_to: tuple[str, ...]


def uid(type_: str, class_: str, id_: str) -> str:
    """``type.class#id``."""
    return f"{type_}.{class_}#{id_}"


def declarations(workload: Workload) -> tuple[Declaration, ...]:
    """The resources of ``workload``, sorted by their names in it."""
    uids = {}
    for name, resource in workload.resources.items():
        class_ = resource.class_ or "default"
        uids[name] = uid(resource.type, class_, resource.id or f"{workload.name}.{name}")
    found = []
    for name, resource in sorted(workload.resources.items()):
        mentioned = {ref[1] for ref in _references_in(resource.params) if ref[0] == "resources"}
        found.append(
            Declaration(
                workload=workload.name,
                name=name,
                uid=uids[name],
                type=resource.type,
                class_=resource.class_ or "default",
                id=resource.id or f"{workload.name}.{name}",
                params=None if resource.params is None else canonical.encode(dict(resource.params)),
                metadata=canonical.encode(dict(resource.metadata)) if resource.metadata else None,
                refers_to=tuple(sorted({uids[other] for other in mentioned if other in uids})),
            )
        )
    return tuple(found)


def merge(
    declared: Iterable[Declaration],
    locate: Callable[[Declaration, str], Place] = lambda declaration, key: NOWHERE,
    faults: list[Problem] | None = None,
) -> dict[str, Need]:
    """One need per uid, whatever the order of ``declared``.  ``locate`` gives places for problems.

    Workloads are taken in the order of their names.  The last one that gives params is the source
    (cases resources-24, resources-25); where none does, the first.  Raises ScoreError with every
    resource of which two workloads (or two names of one workload) give different params or metadata, unless
    there are ``faults`` to add them to.
    """
    by_uid: dict[str, list[Declaration]] = {}
    for declaration in declared:
        by_uid.setdefault(declaration.uid, []).append(declaration)
    problems: list[Problem] = []
    needs: dict[str, Need] = {}
    for name in sorted(by_uid):
        same = by_uid[name]
        if len(same) > 1:
            same.sort(key=lambda d: (d.workload, d.name))
        params = _agreed(same, "params", problems, locate)
        metadata = _agreed(same, "metadata", problems, locate)
        source = params or same[0]
        needs[name] = Need(
            uid=name,
            type=source.type,
            class_=source.class_,
            id=source.id,
            params=source.params,
            metadata=None if metadata is None else metadata.metadata,
            source_workload=source.workload,
            refers_to=source.refers_to,
        )
    if faults is None:
        ScoreError.raise_for(problems)
    else:
        faults += problems
    return needs


def levels(needs: Mapping[str, Need], locate: Callable[[str], Place] = lambda uid: NOWHERE) -> dict[str, int]:
    """How deep each resource depends on others: 0 for none, else one more than its deepest.

    Provisioning goes level by level, each in the order of uids (case resources-21-order-levels), so
    sorting by ``(level, uid)`` is the order.  Raises ScoreError naming a cycle in full.
    """
    known: dict[str, int] = {}
    for start in needs:
        if start in known:
            continue
        if not needs[start].refers_to:
            known[start] = 0
            continue
        _settle(start, needs, known, locate)
    return known


def _settle(
    start: str, needs: Mapping[str, Need], known: dict[str, int], locate: Callable[[str], Place]
) -> None:
    """Depth first without recursion: a chain of params may be longer than Python's stack."""
    way = [start]
    while way:
        uid_ = way[-1]
        waiting = [ref for ref in needs[uid_].refers_to if ref not in known]
        if not waiting:
            known[uid_] = 1 + max((known[ref] for ref in needs[uid_].refers_to), default=-1)
            way.pop()
        elif waiting[0] in way:
            cycle = [*way[way.index(waiting[0]) :], waiting[0]]
            path, line, column = locate(cycle[0])
            raise ScoreError(
                "the params of these resources refer to each other in a cycle: " + " -> ".join(cycle),
                path=path,
                line=line,
                column=column,
                hint="remove one of the ${resources...} placeholders from the params",
            )
        else:
            way.append(waiting[0])


def _agreed(
    same: list[Declaration],
    what: str,
    problems: list[Problem],
    locate: Callable[[Declaration, str], Place],
) -> Declaration | None:
    """The last declaration that gives ``what``; a problem if another one gives something else."""
    giving = [d for d in same if getattr(d, what) is not None]
    for declaration in giving[1:]:
        if getattr(declaration, what) != getattr(giving[0], what):
            problems.append(
                Problem(
                    f"resource '{declaration.uid}' is shared, but '{giving[0].workload}' (as "
                    f"'{giving[0].name}') and '{declaration.workload}' (as '{declaration.name}') "
                    f"give different {what}",
                    *locate(declaration, what),
                    hint=f"give the same {what} in both, or in one of them only, or use two ids",
                )
            )
            break
    return giving[-1] if giving else None


def _references_in(value: object) -> Iterable[tuple[str, ...]]:
    for _, text in nested.texts_in(value):
        if "$" in text:
            yield from references(text)
