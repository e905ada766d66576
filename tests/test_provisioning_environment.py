from __future__ import annotations

import pytest

from doit_score.provisioning.environment import EnvironmentOutputs, builtin_entry, provision
from doit_score.provisioning.files import parse
from doit_score.provisioning.model import Entry, ProvisionInput, ProvisionResult
from doit_score.score.references import Reference, split
from doit_score.targets import find
from doit_score.text.errors import ScoreError
from doit_score.text.light import replace

COMPOSE, KUBERNETES = find("compose"), find("kubernetes")


def given(params: dict[str, object] | None) -> ProvisionInput:
    return ProvisionInput(
        uid="environment.default#lantern.env",
        type="environment",
        class_="default",
        id="lantern.env",
        params=params,
        metadata=None,
        state={},
        shared={},
        source_workload="lantern",
        workload_services={},
        project="demo",
        mounts_directory="state/mounts",
        target=COMPOSE,
    )


def test_a_deferred_lookup_leaves_the_variable_to_compose() -> None:
    outputs = EnvironmentOutputs({"WAX": "secret"}, COMPOSE.deferred)
    assert outputs.lookup(("WAX",), deferred=True) == "${WAX}"
    assert outputs.lookup(("UNSET",), deferred=True) == "${UNSET}"


def test_an_immediate_lookup_reads_the_given_environment() -> None:
    outputs = EnvironmentOutputs({"WAX": "burning ${metadata.name}", "EMPTY": ""}, COMPOSE.deferred)
    assert outputs.lookup(("WAX",), deferred=False) == "burning ${metadata.name}"
    assert outputs.lookup(("EMPTY",), deferred=False) == ""


def test_a_variable_that_is_needed_now_must_be_set() -> None:
    with pytest.raises(LookupError) as error:
        EnvironmentOutputs({}, COMPOSE.deferred).lookup(("WAX",), deferred=False)
    assert error.value.args == (
        "the environment variable 'WAX' is not set, and its value is needed now",
        "set it for this command; only in `variables` of a container it is left to Compose",
    )


@pytest.mark.parametrize("keys", [(), ("WAX", "SET")])
@pytest.mark.parametrize("deferred", [True, False])
def test_there_is_one_key(keys: tuple[str, ...], deferred: bool) -> None:
    with pytest.raises(LookupError) as error:
        EnvironmentOutputs({"WAX": "x"}, COMPOSE.deferred).lookup(keys, deferred=deferred)
    assert error.value.args == ("an environment resource takes a single key, the name of a variable",)


def test_the_names_that_were_referred_to_are_collected() -> None:
    names: set[str] = set()
    first, second = (
        EnvironmentOutputs({"B": "x"}, COMPOSE.deferred, {}, names),
        EnvironmentOutputs({}, COMPOSE.deferred, {}, names),
    )
    first.lookup(("B",), deferred=False)
    second.lookup(("A",), deferred=True)
    second.lookup(("A",), deferred=True)
    assert names == {"A", "B"}
    assert EnvironmentOutputs({}, COMPOSE.deferred).referred == set()


def test_there_is_nothing_to_make() -> None:
    assert provision(builtin_entry(), given(None)) == ProvisionResult()
    assert provision(builtin_entry(), given({})) == ProvisionResult()


DECLARED = parse(b"\n- {uri: 'local-env://corpus/env'}\n", "env.provisioners.yaml")[0]


@pytest.mark.parametrize(("entry", "place"), [(builtin_entry(), ""), (DECLARED, "env.provisioners.yaml:2: ")])
def test_params_are_refused(entry: Entry, place: str) -> None:
    with pytest.raises(ScoreError) as error:
        provision(entry, given({"b": 1, "a": 2}))
    assert str(error.value) == (
        f"{place}expected no params, found 'a', 'b'\n"
        f"  in {entry.uri}, for resource 'environment.default#lantern.env'\n"
        "  hint: an environment resource reads variables by name; remove its params"
    )


def test_params_are_refused_at_their_place_in_the_score_file() -> None:
    asked = replace(given({"a": 2}), declared=lambda keys: ("score.yaml", 9, 5))
    with pytest.raises(ScoreError) as error:
        provision(builtin_entry(), asked)
    (problem,) = error.value.problems
    assert (problem.path, problem.line, problem.column) == ("score.yaml", 9, 5)


def in_cluster(params: dict[str, object]) -> ProvisionResult:
    return provision(builtin_entry(), replace(given(params), target=KUBERNETES))


def test_compose_says_where_params_of_a_cluster_belong() -> None:
    with pytest.raises(ScoreError) as error:
        provision(builtin_entry(), given({"secret": "shop"}))
    assert str(error.value) == (
        "expected no params, found 'secret'\n"
        "  in builtin://environment, for resource 'environment.default#lantern.env'\n"
        "  hint: they are for the target kubernetes: where a Score file is for both, give them by overrides"
    )


@pytest.mark.parametrize("params", [{"configMap": "shop-env"}, {"secret": "shop.env"}])
def test_params_say_where_in_a_cluster_the_values_are(params: dict[str, object]) -> None:
    assert in_cluster(params).outputs == params
    assert in_cluster({}) == ProvisionResult()


@pytest.mark.parametrize(
    ("params", "said"),
    [
        (
            {"configmap": "x", "secret": 1},
            [
                ("secret: expected a text, found a number (1)", None),
                ("there is no param 'configmap'", "did you mean 'configMap'?"),
            ],
        ),
        (
            {"secret": "Shop_1"},
            [
                (
                    "secret: no Secret can be called 'Shop_1'",
                    "use lower case letters, digits, '-' and '.'",
                )
            ],
        ),
        (
            {"secret": "x", "configMap": "x"},
            [
                (
                    "the params name a ConfigMap and a Secret, and one can count",
                    "two resources can have two sources",
                )
            ],
        ),
    ],
)
def test_params_that_no_cluster_takes(params: dict[str, object], said: list[tuple[str, str | None]]) -> None:
    with pytest.raises(ScoreError) as error:
        in_cluster(params)
    assert [(one.message, one.hint) for one in error.value.problems] == said
    assert {one.context for one in error.value.problems} == {
        "in builtin://environment, for resource 'environment.default#lantern.env'"
    }


def test_a_value_of_a_cluster_is_not_known_now() -> None:
    outputs = EnvironmentOutputs({"WAX": "mine"}, KUBERNETES.deferred, {"secret": "shop"})
    assert split(str(outputs.lookup(("WAX",), deferred=True))) == [Reference("Secret", "shop", "WAX")]
    with pytest.raises(LookupError) as error:
        outputs.lookup(("WAX",), deferred=False)
    assert error.value.args == (
        "the value of 'WAX' is in the cluster (secret shop), and is needed now",
        "it can be in `variables` of a container only",
    )
