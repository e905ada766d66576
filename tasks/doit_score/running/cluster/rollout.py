"""Whether what was applied is up, as the controllers of a cluster say, and if not, why."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from doit_score.text import progress, words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import Any, NamedTuple

from .kubectl import Kubectl, key, named

KINDS = ("Deployment", "StatefulSet", "DaemonSet", "Job")
LOG_LINES = 10
_LOST = "unable to retrieve container logs"
_LOOK = 1.0
_RESTARTS = 2
_REFUSED = ("ImagePullBackOff", "InvalidImageName", "CreateContainerError", "RunContainerError")
"""For what reasons a container waits that will not start."""
_UNSURE = ("CreateContainerConfigError", "ErrImagePull", "ErrImageNeverPull", "Unschedulable")
"""For what reasons it may be that it starts all the same, in a moment."""
_PATIENCE = 30.0
_OF_VOLUMES = 300.0
"""A volume that a driver makes, a disk of a cloud for one, takes its time."""
_HASH = "pod-template-hash"
"""The label by which a Deployment knows the pods of each template that it has had."""

Values = Mapping[str, Any]


class Found(NamedTuple):
    """One object that makes pods, as it is.  ``want`` and ``ready`` are numbers of pods, ``done`` whether it
    is as it is to be, ``failed`` why it never will be.  ``seen`` is whether its controller knows what was
    applied: if not, its pods are those of before.  ``template`` is that of the pods of a Deployment."""

    key: str
    want: int
    ready: int
    done: bool
    failed: str
    selector: Mapping[str, str]
    seen: bool = True
    template: Values | None = None


def makers(objects: Iterable[Values], namespace: str) -> list[str]:
    """The keys of the objects that make pods."""
    return [key(one, namespace) for one in objects if one.get("kind") in KINDS]


def look(kubectl: Kubectl, keys: Sequence[str]) -> list[Found]:
    """How each of these is; one that is not there is left out."""
    if not keys:
        return []
    return sorted(map(_found, kubectl.got(objects=map(named, keys))))


def _found(value: Values) -> Found:
    spec, status, kind = value["spec"], value.get("status") or {}, value["kind"]
    own = key(value, "")
    selector = (spec.get("selector") or {}).get("matchLabels") or {}
    seen = status.get("observedGeneration", 0) >= value["metadata"].get("generation", 0)
    conditions = {one["type"]: one for one in status.get("conditions") or ()}
    if kind == "Job":
        want = spec.get("completions") or 1
        ready = status.get("succeeded") or 0
        failed = conditions.get("Failed", {})
        why = failed.get("message", "it failed") if failed.get("status") == "True" else ""
        done = conditions.get("Complete", {}).get("status") == "True"
        return Found(own, want, ready, done, why, selector)
    if kind == "DaemonSet":
        want = status.get("desiredNumberScheduled") or 0
        ready = status.get("numberReady") or 0
        updated = status.get("updatedNumberScheduled") or 0
        return Found(own, want, ready, seen and ready >= want and updated >= want, "", selector, seen)
    want = 1 if spec.get("replicas") is None else spec["replicas"]
    updated = status.get("updatedReplicas") or 0
    ready = min(status.get("readyReplicas") or 0, updated)  # those of before are none of ours
    if kind == "Deployment":
        left = (status.get("replicas") or 0) - updated
        available = status.get("availableReplicas") or 0
        done = seen and updated >= want and available >= want and not left
        progress = conditions.get("Progressing", {})
        late = progress.get("status") == "False"
        why = progress.get("message", "") if seen and late else ""
        return Found(own, want, ready, done, why, selector, seen, spec.get("template"))
    done = seen and ready >= want and status.get("updateRevision") == status.get("currentRevision", "")
    return Found(own, want, ready, done or (seen and not want), "", selector, seen)


class _Unwell(NamedTuple):
    """A pod that does not come up; ``text`` goes on after whose it is, ``container`` is the one at fault."""

    pod: Values
    text: str
    container: Values | None = None


class Rollout:
    """The wait for what was applied; ``first`` are those of ``keys`` that the others may need.

    Nothing in a cluster makes a workload wait for its database: it crashes until that is there.
    """

    def __init__(
        self,
        kubectl: Kubectl,
        keys: Sequence[str],
        first: Collection[str],
        who: Callable[[str], str],
        tell: Callable[[str], None],
    ) -> None:
        self._kubectl = kubectl
        self._keys = keys
        self._first = first
        self._was_early = False
        self._is_excused = False
        self._excused: dict[str, int] = {}
        self._who = who
        self._tell = tell
        self._since: dict[tuple[str, str], float] = {}
        self._told: dict[str, str] = {}

    def wait(self) -> tuple[list[Found], list[Problem]]:
        """Looks on until all is up, or something never will be; what there is, and what is wrong."""
        was_answered, away = False, None
        while True:
            try:
                found = look(self._kubectl, self._keys)
                problems = self._judged(found)
                was_answered, away = True, None
            except ScoreError:
                # One that has answered may be busy, or begun anew, for a moment of a long wait.
                now = time.monotonic()
                away = now if away is None else away
                if not was_answered or now - away >= _PATIENCE:
                    raise
            else:
                if problems is not None:
                    return found, problems
            time.sleep(_LOOK)

    def _judged(self, found: Sequence[Found]) -> list[Problem] | None:
        """What is wrong, nothing if all is up; None if it is to be looked at again."""
        for one in found:
            self._note(one)
        left = [one for one in found if not one.done]
        # What a pod did between the last look and this one, it did before they were there.
        is_early = any(one.key in self._first for one in left)
        self._is_excused, self._was_early = is_early or self._was_early, is_early
        if not left and len(found) == len(self._keys):
            return []
        problems = list(self._problems(left))
        if not problems:
            progress.wait(one.key.split(" ")[3] for one in left)
        return problems or None

    def _note(self, one: Found) -> None:
        _, kind, _, name = one.key.split(" ")
        what = "done" if kind == "Job" else "ready"
        text = f"{kind} '{name}': {one.ready} of {one.want} {what}"
        if self._told.get(one.key, text if one.done else "") != text:
            self._tell(text)
        self._told[one.key] = text

    def _problems(self, left: Iterable[Found]) -> Iterator[Problem]:
        for one in left:
            pods = self._pods(one) if one.seen else []
            unwell = [found for pod in pods for found in self._of_pod(one, pod)]
            wrong = next(iter(self._newest(one, unwell)), None)
            if wrong:
                log = self._log(wrong.pod, wrong.container) if wrong.container else ""
                yield Problem(f"{self._who(one.key)}{wrong.text}{log}")
            elif one.failed:
                yield Problem(f"{self._who(one.key)} does not come up: {one.failed}")

    def _newest(self, one: Found, unwell: list[_Unwell]) -> list[_Unwell]:
        """Those of what is to be: what it replaces may crash, and stays until the new one is up."""
        if not unwell or one.template is None:
            return unwell
        try:
            sets = self._below("replicasets", one)
        except ScoreError:
            return unwell  # who may see pods may not see these
        own = _without_hash(one.template)
        hashes = {labels.get(_HASH) for labels, template in map(_of_set, sets) if template == own}
        return [found for found in unwell if (found.pod["metadata"].get("labels") or {}).get(_HASH) in hashes]

    def _pods(self, one: Found) -> list[dict[str, Any]]:
        """Its pods, the newest first."""
        found = self._below("pods", one)
        return sorted(found, key=lambda pod: str(pod["metadata"].get("creationTimestamp")), reverse=True)

    def _below(self, kind: str, one: Found) -> list[dict[str, Any]]:
        if not one.selector:
            return []
        namespace = one.key.split(" ")[2]
        labels = ",".join(f"{name}={text}" for name, text in sorted(one.selector.items()))
        where = () if namespace == "-" else (f"--namespace={namespace}",)
        return self._kubectl.got(kind, "--selector", labels, *where)

    def _of_pod(self, one: Found, pod: Values) -> Iterator[_Unwell]:
        name, status = pod["metadata"]["name"], pod.get("status") or {}
        if pod["metadata"].get("deletionTimestamp"):
            return
        for condition in status.get("conditions") or ():
            if condition["type"] == "PodScheduled" and condition["status"] == "False":
                reason = condition.get("reason", "")
                message = condition.get("message", reason)
                volumes = "unbound immediate PersistentVolumeClaims" in message
                if self._lasts(name, reason, _OF_VOLUMES if volumes else _PATIENCE):
                    yield _Unwell(pod, f" does not come up: pod '{name}' finds no node: {message}")
        for container in (
            *(status.get("initContainerStatuses") or ()),
            *(status.get("containerStatuses") or ()),
        ):
            if self._is_excused and one.key not in self._first:
                self._excused[name + container["name"]] = container.get("restartCount", 0)
            why = self._why(name, container)
            if why:
                yield _Unwell(pod, f": container '{container['name']}' of pod '{name}' {why}", container)

    def _why(self, pod: str, container: Values) -> str:
        waiting = (container.get("state") or {}).get("waiting") or {}
        reason, message = waiting.get("reason", ""), waiting.get("message", "")
        restarts = container.get("restartCount", 0)
        # A container that has ended and is not made anew yet has it in its state.
        ends = (container.get("state") or {}, container.get("lastState") or {})
        ended: Values = next((state["terminated"] for state in ends if state.get("terminated")), {})
        # One that runs again may be about to be ready: its server may have come meanwhile.
        is_down = not container.get("ready") and "running" not in (container.get("state") or {})
        if is_down and restarts - self._excused.get(pod + container["name"], 0) >= _RESTARTS:
            if ended.get("reason") == "OOMKilled":
                return "was killed because it needs more memory than it may have"
            last = f", ended with status {ended['exitCode']} last" if "exitCode" in ended else ""
            return f"crashes over and over (restarted {words.count(restarts, 'time')} so far{last})"
        if reason in _REFUSED or (reason in _UNSURE and self._lasts(pod + container["name"], reason)):
            image = f"image '{container.get('image')}': " if "Image" in reason else ""
            return f"cannot be started: {image}{message or reason}"
        return ""

    def _lasts(self, what: str, reason: str, seconds: float = _PATIENCE) -> bool:
        """Whether something has been so for a while."""
        now = time.monotonic()
        return bool(reason) and now - self._since.setdefault((what, reason), now) >= seconds

    def _log(self, pod: Values, container: Values) -> str:
        name, namespace = pod["metadata"]["name"], pod["metadata"].get("namespace", "")
        if not container.get("restartCount") and (container.get("state") or {}).get("waiting"):
            return ""
        flags = [f"--namespace={namespace}"] if namespace else []
        for previous in (["--previous"], []):
            ended = self._kubectl.run(
                "logs", name, "--container", container["name"], f"--tail={LOG_LINES}", *flags, *previous
            )
            if ended.status == 0 and ended.out.strip() and not ended.out.startswith(_LOST):
                return "\n  the end of its log:" + "".join(f"\n    {line}" for line in ended.out.splitlines())
        return "\n  its log is empty"


def _of_set(replicas: Values) -> tuple[Mapping[str, str], Values]:
    """The labels of a ReplicaSet, and the template that it was made of."""
    return replicas["metadata"].get("labels") or {}, _without_hash(replicas["spec"]["template"])


def _without_hash(template: Values) -> Values:
    """A template of pods without what its controller adds to it."""
    metadata = {name: value for name, value in (template.get("metadata") or {}).items() if value is not None}
    labels = {name: text for name, text in (metadata.get("labels") or {}).items() if name != _HASH}
    return {**template, "metadata": {**metadata, "labels": labels}}
