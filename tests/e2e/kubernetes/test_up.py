"""Projects in a real cluster: brought up, changed, pruned, taken down."""

from __future__ import annotations

import json
import re

from e2e.kubernetes.clustered import IMAGE, Clustered

SERVER = "[httpd, -f, -p, '80', -h, /www]"


def web(name: str = "web", more: str = "", page: str = "hello") -> str:
    return f"""\
apiVersion: score.dev/v1b1
metadata: {{name: {name}}}
containers:
  main:
    image: {IMAGE}
    command: {SERVER}
    files:
      /www/page: {{content: {page}}}
    readinessProbe: {{httpGet: {{path: /page, port: 80}}}}
{more}service:
  ports:
    http: {{port: 80}}
"""


ASKER = f"""\
apiVersion: score.dev/v1b1
metadata: {{name: asker}}
containers:
  main:
    image: {IMAGE}
    command:
      - sh
      - -c
      - "until wget -q -O /tmp/got http://web/page; do sleep 1; done; cat /tmp/got; echo; sleep 1000"
    readinessProbe: {{exec: {{command: [test, -s, /tmp/got]}}}}
"""


def test_two_workloads_talk_through_a_service_and_what_did_not_change_stays(here: Clustered) -> None:
    here.write("score.yaml", web())
    here.write("asker.score.yaml", ASKER)
    here.score("generate", "score.yaml", "asker.score.yaml")
    done = here.score("up", "--context", "test")
    assert f"INFO: project '{here.project}' is up: 4 objects\n" in done.err
    assert here.score("logs", "asker").out.splitlines()[-1].endswith("hello")
    pods = here.pods()
    assert here.score("up").err.endswith("INFO: nothing to do: the cluster has 4 objects, as wanted\n")
    here.write("score.yaml", web(page="other"))
    here.score("generate")
    assert [row["Current"] for row in json.loads(here.score("status", "--format", "json").out)] == [
        True,
        False,
    ]
    here.score("up")
    assert here.pods()["asker"] == pods["asker"]
    assert here.pods()["web"] != pods["web"]
    assert here.kubectl("exec", "deployment/web", "--", "cat", "/www/page") == "other"


def test_what_left_the_project_goes_and_down_leaves_nothing_but_claims(here: Clustered) -> None:
    here.write("score.yaml", web())
    here.write("asker.score.yaml", ASKER)
    here.score("generate", "score.yaml", "asker.score.yaml")
    here.score("up", "--context", "test")
    here.remove("asker.score.yaml")
    here.score("generate")
    assert 'deployment.apps "asker" deleted' in here.score("up").err
    here.wait_for_pods("web")
    here.score("down")
    assert here.kubectl("get", "deployments,services,configmaps", "-o", "name").split() == [
        "configmap/kube-root-ca.crt"
    ]


def test_what_does_not_come_up_is_told_with_the_end_of_its_log(here: Clustered) -> None:
    here.write("score.yaml", web().replace(SERVER, '[sh, -c, "echo there is no table; exit 3"]'))
    here.score("generate", "score.yaml")
    done = here.score("up", "--context", "test", exit=1)
    assert f"Error: project '{here.project}' did not come up:\n" in done.err
    # The status with which it ended comes a moment later than the count, which may go on until we look.
    assert re.search(r"crashes over and over \(restarted [2-9] times so far", done.err)
    assert "    there is no table\n" in done.err


def test_without_a_context_nothing_is_done_and_the_contexts_are_told(here: Clustered) -> None:
    here.write("score.yaml", web())
    here.score("generate", "score.yaml")
    assert here.score("up", exit=1).err.endswith(
        "Error: it was not said which cluster this project is for\n"
        "  hint: name its context once: --context NAME; the contexts are: test\n"
    )


def test_a_field_that_somebody_else_has_is_left_and_another_value_of_one_of_ours_is_told(
    here: Clustered,
) -> None:
    here.write("score.yaml", web())
    here.score("generate", "score.yaml")
    here.score("up", "--context", "test")
    here.kubectl("scale", "deployment/web", "--replicas=2")
    here.kubectl("rollout", "status", "deployment/web", "--timeout=600s")
    assert "INFO: nothing to do: the cluster has" in here.score("up").err
    here.kubectl("set", "image", "deployment/web", "main=other.example/other:1")
    assert here.score("up", exit=1).err.endswith(
        "Error: the cluster does not take what was generated:\n"
        '  conflict with "kubectl-set" using apps/v1: .spec.template.spec.containers[name="main"].image\n'
        "    hint: somebody else has set these fields; `up --force` takes them\n"
    )
    here.score("up", "--force")
    assert here.kubectl("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}") == "2"


def test_an_image_that_is_not_there_is_told(here: Clustered) -> None:
    here.write("score.yaml", web().replace(IMAGE, "none.example/none:1"))
    here.score("generate", "score.yaml")
    said = here.score("up", "--context", "test", exit=1).err
    assert "container 'main' of pod 'web-" in said
    assert "' cannot be started: image 'none.example/none:1': " in said


def test_a_cluster_that_does_not_answer_is_told_in_one_line(here: Clustered) -> None:
    here.write("score.yaml", web())
    here.score("generate", "score.yaml")
    here.kubectl("config", "set-cluster", "gone", "--server=https://127.0.0.1:1", of_all=True)
    here.kubectl("config", "set-context", "gone", "--cluster=gone", "--user=tester", of_all=True)
    assert here.score("up", "--context", "gone", exit=1).err.endswith(
        "Error: cannot look at the cluster:\n"
        "  The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port? "
        "(is the cluster running, and is this the right context?)\n"
    )


def test_two_at_once_take_turns_and_one_that_was_killed_is_continued(here: Clustered) -> None:
    here.write("score.yaml", web())
    here.write("asker.score.yaml", ASKER)
    here.score("generate", "score.yaml", "asker.score.yaml")
    first = here.begin("up", "--context", "test")
    here.wait_for("configmap", "doit-score-shop")
    first.kill()
    first.communicate()
    # One waits as long as the other's pods take to come up.
    both = [here.begin("up", "--context", "test", "--lock-timeout", "900") for _ in range(2)]
    said = [process.communicate(timeout=900)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert "INFO: nothing to do: the cluster has 4 objects, as wanted\n" in "".join(said)
    assert sorted(here.pods()) == ["asker", "web"]


def test_a_directory_of_objects_is_brought_up_and_what_would_change_is_told(here: Clustered) -> None:
    here.write("score.yaml", web())
    here.write("asker.score.yaml", ASKER)
    here.score("generate", "score.yaml", "asker.score.yaml", "-o", "k8s/", "--secrets", "separate")
    told = here.score("diff", "--live", "--context", "test", exit=1)
    assert sorted(told.out.splitlines()) == [
        "ConfigMap 'web-main-file-55d5d57d56' would be made",
        "Deployment 'asker' would be made",
        "Deployment 'web' would be made",
        "Service 'web' would be made",
    ]
    assert here.score("up", "--context", "test").err.endswith(f"project '{here.project}' is up: 4 objects\n")
    assert here.score("diff", "--live").out == ""
    here.remove("asker.score.yaml")
    here.write("score.yaml", web(page="other"))
    told = here.score("diff", "--live", exit=1)
    lines = told.out.splitlines()
    assert lines[-1] == "Deployment 'asker' would be removed"
    assert "--- Deployment 'web' in the cluster" in lines
    assert [line for line in lines if "page" in line or "hello" in line or "other" in line][-2:] == [
        "-  file: hello",
        "+  file: other",
    ]
    assert here.path.joinpath("k8s/deployment-asker.yaml").exists(), "nothing is written"
    here.score("up")
    here.wait_for_pods("web")
