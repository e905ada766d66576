"""The verbs for a cluster, of one generated project: see running/__init__.py."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from doit_score.engine import secrets
from doit_score.engine.difference import Difference
from doit_score.engine.settings import Settings
from doit_score.options import said
from doit_score.running import Lines, Wanted, naming
from doit_score.store import files
from doit_score.store.lock import locked
from doit_score.store.meta import Meta
from doit_score.store.rows import OutputRow
from doit_score.store.state import exists, open_state
from doit_score.targets.kubernetes.project import rank, read
from doit_score.targets.kubernetes.target import TARGET
from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import Any, NamedTuple
from doit_score.text.messages import Say
from doit_score.text.secrets import MASK, Masking, secrets_of

from . import inventory, live, owning, pods, rollout
from .inventory import KEPT, Inventory
from .kubectl import MANAGER, Kubectl, contexts, failure, file_of, key, named, names
from .status import rows, told

DIRECTORY = "running"
"""Where in the state directory the lock of those is that change what runs: see running/project.py."""

_FIRST = ("Namespace", "CustomResourceDefinition")
"""Kinds without which others cannot be in a cluster."""
_NOT_TAKEN = "the cluster does not take what was generated:"
_CONFLICT = re.compile(r"[cC]onflicts? with .*?(?=\nPlease review)", re.DOTALL)
_CHANGED = re.compile(r"^/\S+/(?:LIVE|MERGED)-[^/]+/(?P<name>\S+)$")


class _Plan(NamedTuple):
    """What is to be done: ``changed`` and ``gone`` are keys, ``left`` what is gone and stays there;
    ``others`` are there, and were not asked for."""

    objects: Mapping[str, Mapping[str, Any]]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    left: tuple[str, ...]
    before: Inventory
    others: frozenset[str] = frozenset()


class ClusterProject:
    """One project in one cluster."""

    def __init__(self, settings: Settings, say: Say, pending: Difference | None = None) -> None:
        """With ``pending`` it is the project that there would be after `generate`."""
        self._settings = settings
        self._pending = pending or Difference()
        self._contents = {change.path: change.new for change in self._pending.changes}
        self._say = say
        self._mask: Masking | None = None
        self._count = 0

    def is_current(self, wanted: Wanted) -> bool:
        """Whether the cluster has exactly this project, and it is up; False if that cannot be told."""
        try:
            kubectl = self._kubectl()
            plan = self._plan(kubectl, wanted.names)
            return not (plan.changed or plan.gone) and self._is_up(kubectl, plan)
        except ScoreError:
            return False  # `up` meets the same error, and can tell of it

    def describe(self) -> None:
        """Says that nothing has to be done."""
        self._say("info", f"nothing to do: the cluster has {words.count(self._count, 'object')}, as wanted")

    def up(self, wanted: Wanted) -> None:
        """Brings the cluster to the project, changing only what differs, and waits until all is up.

        What left the project goes, but for claims and namespaces, and with names nothing does.  With
        ``force`` fields are taken that somebody else has set.  Raises ScoreError with what is known of what
        does not come up.
        """
        kubectl = self._kubectl()
        force = wanted.force
        with self._locked():
            plan = self._plan(kubectl, wanted.names)
            if not (plan.changed or plan.gone) and self._is_up(kubectl, plan):
                self.describe()
                return
            project = self._project()
            self._apply(kubectl, plan, force, first=True)  # what the list itself is in
            # Before anything is there it is known to be ours, so that a run that is killed leaves nothing.
            noted = inventory.write(kubectl, project, {*plan.objects, *plan.before.objects}, plan.before)
            self._apply(kubectl, plan, force, first=False)
            self._delete(kubectl, plan.gone)
            inventory.write(kubectl, project, {*plan.objects, *plan.left, *plan.others}, noted)
            if plan.left:
                self._say(
                    "warn", f"is no longer in the project, and stays, as it has data: {names(plan.left)}"
                )
            self._wait(kubectl, rollout.makers(plan.objects.values(), kubectl.namespace))
            self._remember(kubectl)
        what = ", ".join(wanted.names) or f"project '{project}'"
        self._say("info", f"{what} is up: {words.count(plan.objects, 'object')}")

    def down(self, *, volumes: bool = False, force: bool = False, timeout: float | None = None) -> None:
        """Removes what the project has in the cluster; claims, and so data, only with ``volumes``."""
        kubectl = self._kubectl()
        project = self._project()
        with self._locked():
            before = inventory.read(kubectl, project)
            keep = {one for one in before.objects if one.split(" ")[1] in KEPT}
            if volumes:
                keep -= {one for one in keep if one.split(" ")[1] == KEPT[0]}
            selectors = [one.selector for one in self._sets(kubectl, before)] if volumes else []
            self._delete(kubectl, sorted(before.objects - keep))
            for selector in selectors:
                labels = ",".join(f"{name}={text}" for name, text in sorted(selector.items()))
                kubectl.run("delete", "persistentvolumeclaims", "--selector", labels)
            if keep:
                inventory.write(kubectl, project, keep, before)
                self._say("info", f"stays, with its data: {names(sorted(keep))}")
            else:
                inventory.remove(kubectl, project)
        self._say("info", f"project '{project}' is down")

    def show_status(self, format_: str) -> None:
        """Prints how each object that makes pods does; ``format_`` is ``table`` or ``json``."""
        kubectl = self._kubectl()
        objects = self._read(kubectl)
        keys = rollout.makers(objects.values(), kubectl.namespace)
        differing = self._differing(kubectl, objects)
        sys.stdout.write(
            told(
                rows(keys, rollout.look(kubectl, keys), owning.owners(self._settings.state_dir), differing),
                format_,
            )
        )

    def ports(self) -> dict[str, dict[str, str]]:
        """Those of the cluster's nodes, of which nothing is known here."""
        return {}

    def logs(self, names_: Sequence[str], lines: Lines) -> None:
        """Prints what containers have printed: of the workloads, resources or objects ``names_``, or all."""
        kubectl = self._kubectl()
        pods.logs(kubectl, self._makers(kubectl, names_), lines)

    def exec(self, name: str, words: Sequence[str], *, terminal: bool) -> int:
        """Runs a command in a container of a pod; returns its exit status."""
        kubectl = self._kubectl()
        given, colon, container = name.partition(":")
        keys = [one for one in self._makers(kubectl, [given]) if " Job " not in one]
        if len(keys) != 1:
            raise naming.not_one(given, "object", keys and [one.split(" ")[3] for one in keys])
        there = pods.containers(kubectl, keys[0])
        if container not in there and (colon or len(there) > 1):
            raise naming.no_container(given, container, there)
        return pods.run(kubectl, keys[0], container or there[0], words, terminal=terminal)

    def restart(self, names_: Sequence[str], *, timeout: float | None = None) -> None:
        """Has pods made anew, and waits until they are up."""
        kubectl = self._kubectl()
        with self._locked():
            keys = pods.restart(kubectl, self._makers(kubectl, names_))
            self._wait(kubectl, keys)
        self._say("info", f"restarted {words.count(keys, 'object')}")

    def live_difference(self) -> list[live.Told]:
        """What `up` would change in the cluster, without secrets."""
        kubectl = self._kubectl()
        plan = self._plan(kubectl)
        objects = [plan.objects[one] for one in plan.changed]
        said = self._diff(kubectl, objects, live.PROGRAM) if objects else ""
        told = live.told(said, plan.changed, plan.gone)
        return [one._replace(text=self._masked(one.text)) for one in told]

    # -- what there is

    def _kubectl(self) -> Kubectl:
        """For the cluster that was named.  ScoreError if none was, or if there is none of that name."""
        meta, settings = self._meta(), self._settings
        context = settings.context or meta.context
        known = contexts(settings.environment)
        listed = (
            f"the contexts are: {', '.join(known)}" if known else "there are no contexts (is KUBECONFIG set?)"
        )
        if not context:
            raise ScoreError(
                "it was not said which cluster this project is for",
                hint=f"name its context once: {said('context')}; {listed}",
            )
        if context not in known:
            raise ScoreError(f"there is no context '{context}'", hint=words.near(context, known, listed))
        namespace = meta.namespace if settings.namespace is None else settings.namespace
        found = Kubectl(context, namespace, settings.environment)
        if not namespace:
            view = ("config", "view", "--minify", "--output", "jsonpath={..namespace}")
            found = Kubectl(context, found.run(*view).out.strip() or "default", settings.environment)
        return found

    def _read(self, kubectl: Kubectl) -> dict[str, Mapping[str, Any]]:
        """The objects that were generated, by key."""
        return {key(one, kubectl.namespace): one for one in self._objects()}

    def _objects(self) -> list[Mapping[str, Any]]:
        """The objects of all files that were generated, those first that others need."""
        texts = [self._content(path).decode() for path in self._files()]
        found = [one for text in texts for one in read(text) if isinstance(one, Mapping)]
        return sorted(found, key=lambda one: rank(str(one.get("kind")))) if len(texts) > 1 else found

    def _files(self) -> list[str]:
        """The files that were generated: those that the state knows."""
        output, found = self._settings.output, []
        if exists(self._settings.state_dir):
            with open_state(self._settings.state_dir) as state:
                rows = [row for row in state.rows(OutputRow) if row.what == "file"]
            paths = {*(row.path for row in rows), *self._contents}
            found = sorted(path for path in paths if TARGET.has_file(output, path) and self._stays(path))
        for path in found or [output]:
            if not (path in self._contents or os.path.isfile(path)):
                hint = "`doit generate` or `doit-score generate` makes it"
                raise ScoreError("there is no such file yet", path=path, hint=hint)
        return found or [output]

    def _stays(self, path: str) -> bool:
        return path not in self._contents or self._contents[path] is not None

    def _content(self, path: str) -> bytes:
        pending = self._contents.get(path)
        return files.read(path)[0] if pending is None else pending

    def _plan(self, kubectl: Kubectl, given: Sequence[str] = ()) -> _Plan:
        objects = self._read(kubectl)
        before = inventory.read(kubectl, self._project())
        if given:
            state_dir = self._settings.state_dir
            owners = owning.owners(state_dir)
            keys = owning.named(given, objects, owners)
            asked = {key: objects[key] for key in owning.with_needed(keys, objects, owners, state_dir)}
            self._count = len(asked)
            others = frozenset(before.objects - asked.keys())
            return _Plan(asked, self._differing(kubectl, asked), (), (), before, others)
        self._count = len(objects)
        gone = sorted(before.objects - objects.keys())
        left = tuple(one for one in gone if one.split(" ")[1] in KEPT)
        return _Plan(
            objects,
            self._differing(kubectl, objects),
            tuple(one for one in gone if one not in left),
            left,
            before,
        )

    def _differing(self, kubectl: Kubectl, objects: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
        """The keys of objects that the cluster has not, or has otherwise than they would be after `up`."""
        if not objects:
            return ()
        # It tells of each that differs with two files, whose names are those of the object.
        said = self._diff(kubectl, objects.values(), {"KUBECTL_EXTERNAL_DIFF": "diff -rq"})
        changed = {
            found["name"]
            for line in said.splitlines()
            for word in line.removeprefix("Files ").split()
            if (found := _CHANGED.match(word)) is not None
        }
        changed |= {line.rpartition(": ")[2] for line in said.splitlines() if line.startswith("Only in ")}
        return tuple(one for one in objects if file_of(one) in changed)

    def _diff(self, kubectl: Kubectl, objects: Any, more: Mapping[str, str]) -> str:
        ended = kubectl.run(
            *("diff", "--server-side", f"--field-manager={MANAGER}", "--force-conflicts", "--filename", "-"),
            objects=objects,
            more=more,
        )
        if ended.status > 1:
            if "namespaces" in ended.said and "not found" in ended.said:
                return _all_new(objects, kubectl.namespace)
            raise failure(self._masked(ended.said), _NOT_TAKEN)
        return ended.out

    def _is_up(self, kubectl: Kubectl, plan: _Plan) -> bool:
        keys = rollout.makers(plan.objects.values(), kubectl.namespace)
        found = rollout.look(kubectl, keys)
        return len(found) == len(keys) and all(one.done for one in found)

    # -- what is done

    def _apply(self, kubectl: Kubectl, plan: _Plan, force: bool, *, first: bool) -> None:
        """Applies what differs: ``first`` namespaces, and what defines kinds, then the rest."""
        flags = ["--force-conflicts"] if force else []
        changed = [plan.objects[one] for one in plan.changed]
        rest = [one for one in changed if one["kind"] not in _FIRST]
        parts = [[one for one in changed if one["kind"] == kind] for kind in _FIRST] if first else [rest]
        for part in filter(None, parts):
            ended = kubectl.run(
                *("apply", "--server-side", f"--field-manager={MANAGER}", *flags, "--filename", "-"),
                objects=part,
            )
            for line in ended.out.splitlines():
                self._say("info", line.replace(" serverside-applied", " applied"))
            if ended.status != 0:
                self._refused(ended.said)

    def _refused(self, said: str) -> None:
        """Raises ScoreError for what `kubectl apply` complained of."""
        conflicts = [" ".join(one.split()) for one in _CONFLICT.findall(said)]
        hint = "somebody else has set these fields; `up --force` takes them"
        problems = [Problem(self._masked(one), hint=hint) for one in conflicts]
        if not problems:
            problems = [*failure(self._masked(said), "").problems]
        raise ScoreError.of(problems, _NOT_TAKEN)

    def _delete(self, kubectl: Kubectl, keys: Sequence[str]) -> None:
        if not keys:
            return
        ended = kubectl.run(
            "delete", "--ignore-not-found", "--filename", "-", objects=map(named, reversed(keys))
        )
        for line in ended.out.splitlines():
            self._say("info", line)
        # A kind that is gone takes its objects along.
        if ended.status != 0 and "no matches for kind" not in ended.said:
            raise failure(ended.said, "cannot remove what is no longer in the project:")

    def _wait(self, kubectl: Kubectl, keys: Sequence[str]) -> None:
        owners = owning.owners(self._settings.state_dir)
        first = {one for one in keys if (by := owning.owner_of(one, owners)) and by.kind == "resource"}
        tell = partial(self._say, "info")
        who = partial(owning.who, owners=owners)
        _, problems = rollout.Rollout(kubectl, keys, first, who, tell).wait()
        masked = [Problem(self._masked(one.message), hint=one.hint) for one in problems]
        ScoreError.raise_for(masked, f"project '{self._project()}' did not come up:")

    def _sets(self, kubectl: Kubectl, before: Inventory) -> list[rollout.Found]:
        return rollout.look(kubectl, sorted(one for one in before.objects if " StatefulSet " in one))

    def _makers(self, kubectl: Kubectl, given: Sequence[str]) -> list[str]:
        """What makes pods and is meant, or all that does."""
        keys = rollout.makers(self._read(kubectl).values(), kubectl.namespace)
        return owning.named(given, keys, owning.owners(self._settings.state_dir)) if given else keys

    def _project(self) -> str:
        name = self._meta().project
        if not name:
            raise ScoreError(f"there is no project here: no state in '{self._settings.state_dir}'")
        return name

    def _meta(self) -> Meta:
        if not exists(self._settings.state_dir):
            return Meta({})
        with open_state(self._settings.state_dir) as state:
            return state.meta()

    def _remember(self, kubectl: Kubectl) -> None:
        settings = self._settings
        if self._meta().context == kubectl.context:
            return
        with (
            locked(settings.state_dir, settings.lock_timeout, partial(self._say, "warn")),
            open_state(settings.state_dir) as state,
            state.transaction(),
        ):
            state.set_meta(Meta.context.to(kubectl.context))

    def _masked(self, text: str) -> str:
        """``text`` without the secrets of the project."""
        if self._mask is None:
            known: set[str] = set()
            if exists(self._settings.state_dir):
                with open_state(self._settings.state_dir) as state:
                    known = secrets.known(state)
            of_secrets = [one for one in self._objects() if one.get("kind") == "Secret"]
            known |= secrets_of(*({"secret": [o.get("data"), o.get("stringData")]} for o in of_secrets))
            self._mask = Masking({**dict.fromkeys(known, MASK), **dict(self._pending.marks)})
        return self._mask(text)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        directory = os.path.join(self._settings.state_dir, DIRECTORY)
        with locked(directory, self._settings.lock_timeout, partial(self._say, "warn")):
            yield


def _all_new(objects: Any, namespace: str) -> str:
    """What `kubectl diff` would say of a cluster that has nothing."""
    return "".join(f"Only in x: {file_of(key(one, namespace))}\n" for one in objects)
