"""What the objects and pods of a cluster come to: up, on the way, or why they never will be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from doit_score.running.cluster import rollout, status
from doit_score.running.cluster.kubectl import Ended, Kubectl
from doit_score.running.cluster.rollout import Found, Rollout
from doit_score.running.status import Owner
from doit_score.text.errors import ScoreError

WEB, DB, JOB = "apps/v1 Deployment shop web", "apps/v1 StatefulSet shop db", "batch/v1 Job shop make"


class Cluster(Kubectl):
    """It has ``objects`` and ``pods``, the next of each at every look, ``sets`` of pods, and ``log`` of every
    container."""

    def __init__(
        self, objects: Sequence[list[dict[str, Any]]], pods: Sequence[list[dict[str, Any]]] = ()
    ) -> None:
        self.objects, self.pods, self.log = list(objects), list(pods), ""
        self.sets: list[dict[str, Any]] = []

    def got(self, *arguments: str, objects: Iterable[object] | None = None) -> list[dict[str, Any]]:
        if arguments[:1] == ("replicasets",):
            return self.sets
        of = self.pods if arguments[:1] == ("pods",) else self.objects
        return (of.pop(0) if len(of) > 1 else of[0]) if of else []

    def run(self, *arguments: str, **_: object) -> Ended:
        return Ended(0, self.log, "")


def made(kind: str, name: str, spec: dict[str, Any], seen: dict[str, Any]) -> dict[str, Any]:
    version = "batch/v1" if kind == "Job" else "apps/v1"
    metadata = {"name": name, "namespace": "shop", "generation": 2}
    selector = {"matchLabels": {"app": name}}
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": metadata,
        "spec": {"selector": selector, **spec},
        "status": {"observedGeneration": 2, **seen},
    }


def deployment(ready: int = 0, want: int = 1, **more: Any) -> dict[str, Any]:
    counts = {"replicas": want, "updatedReplicas": want, "readyReplicas": ready, "availableReplicas": ready}
    return made("Deployment", "web", {"replicas": want}, {**counts, **more})


def database(ready: int) -> dict[str, Any]:
    revisions = {"updateRevision": "a", "currentRevision": "a"}
    return made("StatefulSet", "db", {}, {"readyReplicas": ready, "updatedReplicas": 1, **revisions})


def job(*conditions: dict[str, Any], succeeded: int = 0) -> dict[str, Any]:
    return made("Job", "make", {}, {"conditions": list(conditions), "succeeded": succeeded})


def pod(state: dict[str, Any], restarts: int = 0, **more: Any) -> dict[str, Any]:
    container = {"name": "main", "image": "shop:1", "restartCount": restarts, "ready": False, **state}
    metadata = {"name": "web-1", "namespace": "shop", "creationTimestamp": "1"}
    return {"metadata": metadata, "status": {"containerStatuses": [container], **more}}


CRASHED = {"lastState": {"terminated": {"exitCode": 3}}}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (deployment(1), (1, 1, True, "")),
        (deployment(1, 2), (2, 1, False, "")),
        (deployment(1, observedGeneration=1), (1, 1, False, "")),
        (deployment(1, replicas=2), (1, 1, False, "")),
        (
            deployment(conditions=[{"type": "Progressing", "status": "False", "message": "too late"}]),
            (1, 0, False, "too late"),
        ),
        (database(1), (1, 1, True, "")),
        (database(0), (1, 0, False, "")),
        (job({"type": "Complete", "status": "True"}, succeeded=1), (1, 1, True, "")),
        (job({"type": "Failed", "status": "True", "message": "no use"}), (1, 0, False, "no use")),
        (
            made("DaemonSet", "every", {}, {"desiredNumberScheduled": 2, "numberReady": 2}),
            (2, 2, False, ""),
        ),
    ],
)
def test_an_object_is_up_when_its_newest_pods_are(
    value: dict[str, Any], found: tuple[int, int, bool, str]
) -> None:
    (one,) = rollout.look(Cluster([[value]]), ["any"])
    assert (one.want, one.ready, one.done, one.failed) == found


def test_only_what_makes_pods_is_looked_at() -> None:
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}}
    assert rollout.makers([service, deployment()], "other") == [WEB]
    assert rollout.look(Cluster([]), []) == []


def waited(cluster: Cluster, keys: Sequence[str], first: Sequence[str] = ()) -> tuple[list[str], list[str]]:
    told: list[str] = []
    _, problems = Rollout(cluster, keys, first, lambda key: f"<{key.split(' ')[3]}>", told.append).wait()
    return told, [str(problem) for problem in problems]


@pytest.mark.usefixtures("at_once")
def test_what_changes_is_told_until_all_is_up() -> None:
    looks = [[deployment(0, 2), job()], [deployment(1, 2), job()]]
    looks.append([deployment(2, 2), job({"type": "Complete", "status": "True"}, succeeded=1)])
    assert waited(Cluster(looks), [WEB, JOB]) == (
        [
            "Deployment 'web': 0 of 2 ready",
            "Job 'make': 0 of 1 done",
            "Deployment 'web': 1 of 2 ready",
            "Deployment 'web': 2 of 2 ready",
            "Job 'make': 1 of 1 done",
        ],
        [],
    )


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("of_pod", "log", "said"),
    [
        (
            pod(CRASHED, 2),
            "one\ntwo\n",
            "<web>: container 'main' of pod 'web-1' crashes over and over (restarted 2 times so far, ended"
            " with status 3 last)\n  the end of its log:\n    one\n    two",
        ),
        (
            pod({"state": CRASHED["lastState"]}, 2),
            "",
            "<web>: container 'main' of pod 'web-1' crashes over and over (restarted 2 times so far, ended"
            " with status 3 last)\n  its log is empty",
        ),
        (
            pod({"lastState": {"terminated": {"reason": "OOMKilled"}}}, 3),
            "",
            "<web>: container 'main' of pod 'web-1' was killed because it needs more memory than it may"
            " have\n  its log is empty",
        ),
        (
            pod({"state": {"waiting": {"reason": "ImagePullBackOff", "message": "no such image"}}}),
            "",
            "<web>: container 'main' of pod 'web-1' cannot be started: image 'shop:1': no such image",
        ),
    ],
)
def test_a_pod_that_will_never_be_ready_ends_the_wait(of_pod: dict[str, Any], log: str, said: str) -> None:
    cluster = Cluster([[deployment()]], [[of_pod]])
    cluster.log = log
    assert waited(cluster, [WEB])[1] == [said]


@pytest.mark.parametrize(
    ("message", "moments"),
    [
        ("no room", (0.0, 29.0, 31.0)),
        # Its volume is being made.
        (
            "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.",
            (0.0, 31.0, 299.0, 301.0),
        ),
    ],
)
def test_a_pod_that_finds_no_node_is_waited_for_a_while(
    message: str, moments: tuple[float, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter(moments)
    monkeypatch.setattr(rollout, "time", SimpleNamespace(sleep=lambda _: None, monotonic=lambda: next(times)))
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message}
    lost = {"metadata": {"name": "web-1"}, "status": {"conditions": [condition]}}
    assert waited(Cluster([[deployment()]], [[lost]]), [WEB])[1] == [
        f"<web> does not come up: pod 'web-1' finds no node: {message}"
    ]
    assert not list(times)


@pytest.mark.usefixtures("at_once")
def test_what_fails_without_a_pod_is_told_by_its_controller() -> None:
    late = deployment(conditions=[{"type": "Progressing", "status": "False", "message": "too late"}])
    gone = {"metadata": {"name": "web-0", "deletionTimestamp": "1"}, "status": pod(CRASHED, 9)["status"]}
    assert waited(Cluster([[late]], [[gone]]), [WEB])[1] == ["<web> does not come up: too late"]


@pytest.mark.usefixtures("at_once")
def test_crashes_before_the_database_is_there_do_not_count() -> None:
    looks = [[database(0), deployment()], [database(1), deployment()], [database(1), deployment(1)]]
    assert waited(Cluster(looks, [[pod(CRASHED, 5)], [], [pod(CRASHED, 6)]]), [DB, WEB], [DB])[1] == []
    looks[2:] = [[database(1), deployment()], [database(1), deployment()]]
    # Between the first two looks it may have crashed often: when the database came is not known.
    crashes = [[pod(CRASHED, 5)], [], [pod(CRASHED, 9)], [pod(CRASHED, 10)], [pod(CRASHED, 11)]]
    (said,) = waited(Cluster(looks, crashes), [DB, WEB], [DB])[1]
    assert "crashes over and over (restarted 11 times so far" in said


@pytest.mark.usefixtures("at_once")
def test_a_container_that_runs_again_is_not_taken_for_one_that_crashes() -> None:
    """Its server came before this run, which is about to be ready, or will tell how it ended."""
    again = pod({"state": {"running": {}}, **CRASHED}, 2)
    looks = [[deployment()], [deployment()], [deployment(1)]]
    assert waited(Cluster(looks, [[again]]), [WEB])[1] == []
    waiting = pod({"state": {"waiting": {"reason": "CrashLoopBackOff"}}, **CRASHED}, 2)
    (said,) = waited(Cluster([[deployment()]], [[again], [waiting]]), [WEB])[1]
    assert "crashes over and over (restarted 2 times so far" in said


class Busy(Cluster):
    """It answers, or does not, as ``answers`` have it in turn."""

    answers: Iterator[bool]

    def got(self, *arguments: str, objects: Iterable[object] | None = None) -> list[dict[str, Any]]:
        if objects is not None and not next(self.answers):
            raise ScoreError("TLS handshake timeout")
        return super().got(*arguments, objects=objects)


@pytest.mark.parametrize(
    ("answers", "moments"),
    [
        # Two in a row, within the time that it has, twice.
        ([True, False, False, True, False, False, True], [0.0, 29.0, 100.0, 129.0]),
        ([True, False, False, False], [0.0, 29.0, 31.0]),
        ([False], [0.0]),
    ],
)
def test_a_cluster_that_has_answered_may_be_busy_for_a_moment(
    answers: list[bool], moments: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter(moments)
    monkeypatch.setattr(rollout, "time", SimpleNamespace(sleep=lambda _: None, monotonic=lambda: next(times)))
    cluster = Busy([[deployment()], [deployment()], [deployment(1)]], [[]])
    cluster.answers = iter(answers)
    if answers[-1]:
        assert waited(cluster, [WEB])[1] == []
    else:
        with pytest.raises(ScoreError, match="handshake"):
            waited(cluster, [WEB])
    assert not list(times)


def template(image: str, **labels: str) -> dict[str, Any]:
    return {"metadata": {"labels": {"app": "web", **labels}}, "spec": {"containers": [{"image": image}]}}


def replicas(image: str, hash_: str) -> dict[str, Any]:
    labels = {"app": "web", "pod-template-hash": hash_}
    return {"metadata": {"labels": labels}, "spec": {"template": template(image, **labels)}}


@pytest.mark.usefixtures("at_once")
def test_what_is_being_replaced_may_crash_until_the_new_one_is_up() -> None:
    old = pod(CRASHED, 9)
    old["metadata"]["labels"] = {"app": "web", "pod-template-hash": "old"}
    new = pod({"state": {"running": {}}})
    new["metadata"] = {**new["metadata"], "name": "web-2", "labels": {"pod-template-hash": "new"}}
    one, up = deployment(), deployment(1)
    for value in (one, up):
        value["spec"]["template"] = template("shop:2")
    # Its controller has made nothing of it yet; then it has, and the old pod stays.
    cluster = Cluster([[one], [one], [up]], [[old], [old, new]])
    cluster.sets = [replicas("shop:1", "old")]
    made = replicas("shop:2", "new")
    assert waited(cluster, [WEB])[1] == []
    cluster = Cluster([[one], [up]], [[old, new]])
    cluster.sets = [replicas("shop:1", "old"), made]
    assert waited(cluster, [WEB])[1] == []
    # The old one is what is wanted again, and crashes as it did.
    one["spec"]["template"] = template("shop:1")
    cluster = Cluster([[one]], [[old, new]])
    cluster.sets = [replicas("shop:1", "old"), made]
    (said,) = waited(cluster, [WEB])[1]
    assert said.startswith("<web>: container 'main' of pod 'web-1' crashes over and over (restarted 9 times")


@pytest.mark.usefixtures("at_once")
def test_pods_of_before_count_for_nothing_until_the_controller_has_seen_the_change() -> None:
    unseen = database(0)
    unseen["status"]["observedGeneration"] = 1
    looks = [[unseen], [database(0)], [database(1)]]
    assert waited(Cluster(looks, [[]]), [DB])[1] == []
    cluster = Cluster(looks, [[pod(CRASHED, 4)]])
    assert "restarted 4 times" in waited(cluster, [DB])[1][0]
    assert len(cluster.objects) == 1, "it was told at the second look"


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollout, "time", SimpleNamespace(sleep=lambda _: None, monotonic=lambda: 0.0))


def test_status_has_the_workloads_first_and_what_is_not_there_too() -> None:
    found = [Found(WEB, 2, 1, False, "", {}), Found(JOB, 1, 0, False, "no use", {})]
    owners = {
        "Deployment web": Owner("workload", ("web",)),
        "StatefulSet db": Owner("resource", ("pg#web.db",)),
    }
    rows = status.rows([JOB, DB, WEB], found, owners, {WEB})
    assert status.told(rows, "table") == (
        "+----------------------+----------------+--------------------+-------+\n"
        "| WORKLOAD OR RESOURCE |     OBJECT     |       STATE        | READY |\n"
        "+----------------------+----------------+--------------------+-------+\n"
        "| web                  | Deployment web | starting, outdated | 1/2   |\n"
        "+----------------------+----------------+--------------------+-------+\n"
        "| pg#web.db            | StatefulSet db | not created        | 0/0   |\n"
        "+----------------------+----------------+--------------------+-------+\n"
        "|                      | Job make       | failed             | 0/1   |\n"
        "+----------------------+----------------+--------------------+-------+\n"
    )
