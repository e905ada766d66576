from __future__ import annotations

import pytest

from doit_score.provisioning.environment import EnvironmentOutputs, builtin_entry, provision
from doit_score.provisioning.files import parse
from doit_score.provisioning.model import Entry, ProvisionInput, ProvisionResult
from doit_score.targets import find
from doit_score.text.errors import ScoreError

COMPOSE = find("compose")


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
        EnvironmentOutputs({"B": "x"}, COMPOSE.deferred, names),
        EnvironmentOutputs({}, COMPOSE.deferred, names),
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
