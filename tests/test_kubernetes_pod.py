"""The containers of a pod: their words, variables, resources, probes and order."""

from __future__ import annotations

from typing import Any

import pytest
from cluster import container, converted, notices, objects, pod, problems, warnings, workload

from doit_score.targets.kubernetes.pod import literal

MARK = "\N{CLOSED LOCK WITH KEY}\N{SPEECH BALLOON}"
PIN = f"{MARK}till_pin{MARK[::-1]}"
USER = f"{MARK}till_user{MARK[::-1]}"
SCROLL = "\N{SCROLL}\N{SPEECH BALLOON}"
REGION = f"{SCROLL}environment_REGION{SCROLL[::-1]}"
TILL = "resources: {till: {type: till}}\n"


def shuttle(more: str) -> str:
    return workload(f"{{shuttle: {{image: x, {more}}}}}", TILL)


def variables(said: str, **outputs: object) -> Any:
    return container(shuttle(f"variables: {{{said}}}"), {"till": outputs})["env"]


def test_a_container_is_what_the_score_file_says() -> None:
    assert container(shuttle("command: [run], args: [-v, all], variables: {B: two, A: one}")) == {
        "name": "shuttle",
        "image": "x",
        "command": ["run"],
        "args": ["-v", "all"],
        "env": [{"name": "A", "value": "one"}, {"name": "B", "value": "two"}],
    }


def test_containers_are_in_the_order_of_their_names() -> None:
    found = pod(workload("{bb: {image: x}, cc: {image: x}, aa: {image: x}}"))
    assert [one["name"] for one in found["containers"]] == ["aa", "bb", "cc"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("$", "$"),
        ("a$b ${C}", "a$b ${C}"),
        ("$(A)", "$$(A)"),
        ("$$(A)", "$$$$(A)"),
        ("$$", "$$$$"),
        ("a$$b", "a$$$$b"),
        ("$ (A)", "$ (A)"),
        ("5$", "5$"),
    ],
)
def test_what_kubernetes_would_read_is_doubled(text: str, written: str) -> None:
    assert literal(text) == written
    assert _expanded(written) == text


def _expanded(text: str) -> str:
    """What Kubernetes makes of ``text``: `$$` is one dollar, `$(NAME)` is a variable."""
    found, at = "", 0
    while at < len(text):
        if text.startswith("$$", at):
            found, at = found + "$", at + 2
        elif text.startswith("$(", at):
            raise AssertionError(f"a variable is read in {text!r}")
        else:
            found, at = found + text[at], at + 1
    return found


def test_dollars_reach_the_container() -> None:
    """Facts, D16: `$$` of a Score file is one dollar; those of outputs are what they are."""
    found = container(
        shuttle("args: ['$(HOME) $$(X) $HOME'], variables: {A: '$$$$(X)', B: '${resources.till.pin}'}"),
        {"till": {"pin": "p$$(q"}},
    )
    assert found["args"] == ["$$(HOME) $$(X) $HOME"]
    assert [_expanded(one["value"]) for one in found["env"]] == ["$$(X)", "p$$(q"]


def test_the_command_of_a_probe_is_not_expanded_so_nothing_is_doubled() -> None:
    found = container(shuttle("readinessProbe: {exec: {command: [sh, -c, 'test $(cat /x) $$HOME']}}"))
    assert found["readinessProbe"] == {"exec": {"command": ["sh", "-c", "test $(cat /x) $HOME"]}}


def test_names_of_variables() -> None:
    assert variables("A B: one, 1.x-y: two") == [
        {"name": "1.x-y", "value": "two"},
        {"name": "A B", "value": "one"},
    ]
    assert problems(shuttle("variables: {GRÖSSE: one}")) == [
        "score.yaml:3:54: containers.shuttle.variables[GRÖSSE]: Kubernetes takes names of ASCII alone"
    ]


def test_a_variable_that_is_a_secret() -> None:
    assert variables("PIN: '${resources.till.pin}'", pin=PIN) == [
        {"name": "PIN", "valueFrom": {"secretKeyRef": {"name": "till", "key": "pin"}}}
    ]


def test_a_secret_in_a_longer_text_is_a_variable_before_all_others() -> None:
    found = variables(
        "A: one, URL: 'x://${resources.till.user}:${resources.till.pin}@h/$(A)$$(B)?${resources.till.pin}'",
        pin=PIN,
        user=USER,
    )
    helpers = found[:2]
    names = {one["valueFrom"]["secretKeyRef"]["key"]: one["name"] for one in helpers}
    assert sorted(names.values()) == [one["name"] for one in helpers]
    assert found[2:] == [
        {"name": "A", "value": "one"},
        {
            "name": "URL",
            "value": f"x://$({names['user']}):$({names['pin']})@h/$$(A)$$(B)?$({names['pin']})",
        },
    ]


@pytest.mark.parametrize(
    ("before", "written"), [("a$", "a$$"), ("a$$", "a$$$$"), ("a$b", "a$b"), ("$(A)$", "$$(A)$$")]
)
def test_a_dollar_before_a_secret_leaves_the_secret(before: str, written: str) -> None:
    found = variables("A: '${resources.till.given}${resources.till.pin}'", given=before, pin=PIN)
    helper = found[0]["name"]
    assert found[1] == {"name": "A", "value": f"{written}$({helper})"}
    assert _expanded(written) == before


def test_a_value_of_the_cluster_is_of_a_config_map() -> None:
    assert variables("A: '${resources.till.region}'", region=REGION) == [
        {"name": "A", "valueFrom": {"configMapKeyRef": {"name": "environment", "key": "REGION"}}}
    ]


def test_placeholders_that_lead_nowhere_are_told_with_their_place() -> None:
    text = shuttle("variables: {A: '${resources.till.nope}', B: '${metadata.nope}'}")
    assert problems(text, {"till": {"pin": "1"}}) == [
        "score.yaml:3:49: containers.shuttle.variables[A]: the placeholder ${resources.till.nope} finds "
        "nothing: there is no output 'nope'\n  hint: known are pin",
        "score.yaml:3:78: containers.shuttle.variables[B]: the placeholder ${metadata.nope} finds nothing: "
        "there is no key of the metadata 'nope'\n  hint: known are name",
    ]


@pytest.mark.parametrize(
    ("said", "place", "key"),
    [
        ("args: ['${resources.till.pin}']", "score.yaml:3:40", "args"),
        ("command: ['${metadata.name}']", "score.yaml:3:43", "command"),
    ],
)
def test_placeholders_in_words_are_warned_of(said: str, place: str, key: str) -> None:
    """Facts, D19."""
    word = said.partition("'")[2].rpartition("'")[0]
    assert warnings(shuttle(said), {"till": {"pin": "1"}}) == [
        f"{place}: containers.shuttle.{key}: placeholders are not replaced here: the container gets {word!r}"
        "\n  hint: give it in a variable"
    ]


def test_a_placeholder_in_an_image_is_warned_of() -> None:
    text = workload("{shuttle: {image: 'x:${metadata.tag}'}}", "", "{name: loom, tag: '1'}")
    assert container(text)["image"] == "x:${metadata.tag}"
    assert warnings(text) == [
        "score.yaml:3:31: containers.shuttle.image: placeholders are not replaced in images: "
        "it stays as it is"
    ]


def test_an_image_that_is_given() -> None:
    text = workload("{shuttle: {image: .}}")
    assert container(text, image="y:2")["image"] == "y:2"
    assert problems(text) == [
        "score.yaml:3:31: containers.shuttle.image: there is no image ('.'), and nobody gave one\n"
        "  hint: give --image IMAGE"
    ]


def test_amounts_are_written_as_kubernetes_does() -> None:
    text = shuttle("resources: {requests: {cpu: '0.5', memory: 1024Mi}, limits: {cpu: 1000m, memory: 2G}}")
    assert container(text)["resources"] == {
        "requests": {"cpu": "500m", "memory": "1Gi"},
        "limits": {"cpu": "1", "memory": "2G"},
    }


def test_a_request_above_its_limit() -> None:
    """Facts, D24."""
    text = shuttle("resources: {requests: {cpu: '2', memory: 1024Mi}, limits: {cpu: 1500m, memory: 1G}}")
    assert problems(text) == [
        "score.yaml:3:62: containers.shuttle.resources.requests.cpu: more than the limit, which is 1500m",
        "score.yaml:3:75: containers.shuttle.resources.requests.memory: more than the limit, which is 1G",
    ]


def test_an_amount_that_is_none() -> None:
    """Facts, traps: the schema of Score lets 1000K pass."""
    assert problems(shuttle("resources: {limits: {memory: 1000K}}")) == [
        "score.yaml:3:63: containers.shuttle.resources.limits.memory: no quantity of Kubernetes: '1000K'\n"
        "  hint: use k, M, G, T, P, E, or Ki, Mi, Gi, Ti, Pi, Ei behind a number"
    ]


def test_a_readiness_probe() -> None:
    said = "httpGet: {path: /ok, port: 80, host: h, scheme: HTTPS, httpHeaders: [{name: A, value: b}]}"
    assert container(shuttle(f"readinessProbe: {{{said}}}"))["readinessProbe"] == {
        "httpGet": {
            "path": "/ok",
            "port": 80,
            "host": "h",
            "scheme": "HTTPS",
            "httpHeaders": [{"name": "A", "value": "b"}],
        }
    }


def test_a_liveness_probe_is_the_startup_probe_too() -> None:
    found = container(
        shuttle("livenessProbe: {exec: {command: [up]}}, readinessProbe: {exec: {command: [go]}}")
    )
    assert {key: found[key] for key in found if key.endswith("Probe")} == {
        "livenessProbe": {"exec": {"command": ["up"]}},
        "readinessProbe": {"exec": {"command": ["go"]}},
        "startupProbe": {"exec": {"command": ["up"]}, "failureThreshold": 60, "periodSeconds": 5},
    }


@pytest.mark.parametrize(
    ("probe", "found"),
    [
        ("{}", "neither"),
        ("{exec: {command: []}}", "a command without words"),
        ("{exec: {command: [up]}, httpGet: {path: /, port: 80}}", "both\n  hint: a probe does one of them"),
    ],
)
def test_a_probe_that_is_none(probe: str, found: str) -> None:
    """Facts, D36."""
    assert problems(shuttle(f"livenessProbe: {probe}")) == [
        "score.yaml:3:49: containers.shuttle.livenessProbe: expected exec or httpGet, found " + found
    ]


def test_a_header_that_no_probe_can_have() -> None:
    said = "readinessProbe: {httpGet: {path: /, port: 80, httpHeaders: [{name: X_Tok, value: x}]}}"
    assert problems(shuttle(said)) == [
        "score.yaml:3:50: containers.shuttle.readinessProbe: no header can be called 'X_Tok': expected "
        "letters, digits and '-'\n  hint: Kubernetes takes no others"
    ]


def before(ready: str, more: str = "") -> str:
    first = f"{{image: x, before: {{shuttle: {{ready: {ready}}}}}{more}}}"
    return workload(f"{{shuttle: {{image: x}}, winder: {first}}}")


@pytest.mark.parametrize(
    ("ready", "more", "expected"),
    [
        ("complete", "", {}),
        ("started", "", {"restartPolicy": "Always"}),
        (
            "healthy",
            ", readinessProbe: {exec: {command: [go]}}",
            {
                "restartPolicy": "Always",
                "readinessProbe": {"exec": {"command": ["go"]}},
                "startupProbe": {"exec": {"command": ["go"]}, "failureThreshold": 60, "periodSeconds": 5},
            },
        ),
    ],
)
def test_a_container_before_others(ready: str, more: str, expected: object) -> None:
    """Facts, D5."""
    found = pod(before(ready, more))
    assert [one["name"] for one in found["containers"]] == ["shuttle"]
    (first,) = found["initContainers"]
    assert first == {"name": "winder", "image": "x", **expected}  # type: ignore[dict-item]  # a dict


def test_before_a_probe_counts_for_starting_even_beside_a_liveness_probe() -> None:
    probes = ", livenessProbe: {exec: {command: [up]}}, readinessProbe: {exec: {command: [go]}}"
    (first,) = pod(before("healthy", probes))["initContainers"]
    assert first["startupProbe"]["exec"] == {"command": ["go"]}


def test_before_without_a_probe() -> None:
    assert problems(before("healthy")) == [
        "score.yaml:3:62: containers.winder.before: ready 'healthy' needs a probe, and the container has none"
        "\n  hint: add a readinessProbe, or use ready: started"
    ]


def test_probes_of_a_container_that_ends_are_left_out_with_a_notice() -> None:
    text = before("complete", ", livenessProbe: {exec: {command: [up]}}")
    assert "livenessProbe" not in pod(text)["initContainers"][0]
    assert notices(text) == [
        "score.yaml:3:107: containers.winder.livenessProbe: not carried over: others wait until this "
        "container has ended"
    ]


def test_init_containers_are_in_the_order_in_which_they_wait_for_each_other() -> None:
    text = workload(
        "{aa: {image: x, before: {shuttle: {ready: complete}}}, "
        "zz: {image: x, before: {aa: {ready: complete}}}, shuttle: {image: x}}"
    )
    assert [one["name"] for one in pod(text)["initContainers"]] == ["zz", "aa"]


def test_what_is_not_asked_for_is_not_written() -> None:
    """No replicas, so that an autoscaler's or a hand-set count stays; no ports, no security context."""
    spec = objects(workload("{shuttle: {image: x}}"))["Deployment/loom"]["spec"]
    assert (sorted(spec), sorted(spec["template"]["spec"])) == (["selector", "template"], ["containers"])
    assert converted(workload("{shuttle: {image: x}}")).mounts == ()
