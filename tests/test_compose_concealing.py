"""What a Compose file has in place of secrets that are kept apart."""

from __future__ import annotations

from typing import Any

import pytest

from doit_score.store.keepers import Nowhere, keeper
from doit_score.store.vault import Vault
from doit_score.targets.compose.concealing import concealed
from doit_score.targets.compose.convert import FILES_ANNOTATION
from doit_score.targets.secrets import Apart
from doit_score.text.errors import ScoreError

PASSWORD, PIN = "op$n-sesame", "1234"


@pytest.fixture
def vault(tmp_path: object) -> Vault:
    vault = Vault(Nowhere(keeper("env", str(tmp_path), "id")))
    vault.learn("db", [(("password",), PASSWORD), (("pin",), PIN)])
    return vault


def service(
    vault: Vault, *, in_files: bool = False, variables: tuple[str, ...] = (), **value: object
) -> object:
    return concealed("services", "web", value, Apart(vault, "file" if in_files else "env", variables))


def test_values_are_replaced_and_keys_are_not(vault: Vault) -> None:
    assert service(
        vault,
        environment={"op$$n-sesame": "op$$n-sesame", "TWO": "a op$$n-sesame 1234", "N": 1234, "B": True},
        command=["--pin=1234", "12345"],
        labels={"a": {"b": ["1234", None]}},
    ) == {
        "environment": {
            "op$$n-sesame": "${SECRET_DB_PASSWORD:?}",
            "TWO": "a ${SECRET_DB_PASSWORD:?} ${SECRET_DB_PIN:?}",
            "N": 1234,
            "B": True,
        },
        "command": ["--pin=${SECRET_DB_PIN:?}", "${SECRET_DB_PIN:?}5"],
        "labels": {"a": {"b": ["${SECRET_DB_PIN:?}", None]}},
    }
    assert vault.variables() == {"SECRET_DB_PASSWORD": PASSWORD, "SECRET_DB_PIN": PIN}


def test_what_is_found_nowhere_is_no_variable(vault: Vault) -> None:
    assert service(vault, image="nginx") == {"image": "nginx"}
    assert vault.variables() == {}


def test_short_ones_are_left_in_names_of_other_things(vault: Vault) -> None:
    names: dict[str, Any] = {
        "image": "nginx:1234",
        "container_name": "a1234",
        "hostname": "1234",
        "depends_on": {"a": {"condition": "1234"}},
        "networks": ["1234"],
        "volumes": [{"source": "1234"}],
        "ports": ["1234:80"],
    }
    assert service(vault, **names) == names
    assert service(vault, image="op$$n-sesame") == {"image": "${SECRET_DB_PASSWORD:?}"}


def test_what_refers_to_things_of_the_project_by_name_stays_and_so_does_what_we_have_noted(
    vault: Vault,
) -> None:
    vault.learn("db", [(("other",), "postgres")])
    names: dict[str, Any] = {
        "secrets": [{"source": "postgres-ca"}, "postgres-key"],
        "configs": [{"source": "postgres", "target": "/postgres"}],
        "build": {"secrets": ["postgres-ca"]},
        "links": ["postgres:db"],
        "volumes_from": ["postgres:ro"],
        "network_mode": "service:postgres",
        "pid": "service:postgres",
        "ipc": "service:postgres",
        "profiles": ["postgres"],
        "annotations": {"compose.score.dev/workload-name": "postgres"},
    }
    assert service(vault, **names) == names
    assert service(vault, annotations={"mine": "postgres"}, build={"args": {"A": "postgres"}}) == {
        "annotations": {"mine": "${SECRET_DB_OTHER:?}"},
        "build": {"args": {"A": "${SECRET_DB_OTHER:?}"}},
    }


def test_dollars_stay_what_compose_takes_them_for(vault: Vault) -> None:
    assert service(
        vault,
        environment={
            "KEPT": "$$5 op$$n-sesame $$HOME",
            "VARIABLE": "${HOME}/1234",
            "BARE": "op$n-sesame",
            "THREE": "$$$$1234",
        },
    ) == {
        "environment": {
            "KEPT": "$$5 ${SECRET_DB_PASSWORD:?} $$HOME",
            "VARIABLE": "${HOME}/${SECRET_DB_PIN:?}",
            "BARE": "${SECRET_DB_PASSWORD:?}",
            "THREE": "$$$$${SECRET_DB_PIN:?}",
        }
    }


def test_a_text_with_one_in_another_spelling_is_a_secret_as_a_whole(vault: Vault) -> None:
    found = service(
        vault, environment={"BASIC": "Basic dXNlcjpvcCRuLXNlc2FtZQ== $$", "URL": "x://u:op%24n-sesame@h"}
    )
    assert found == {
        "environment": {
            "BASIC": "${SECRET_SERVICES_WEB_ENVIRONMENT_BASIC:?}",
            "URL": "${SECRET_SERVICES_WEB_ENVIRONMENT_URL:?}",
        }
    }
    assert vault.variables() == {
        "SECRET_SERVICES_WEB_ENVIRONMENT_BASIC": "Basic dXNlcjpvcCRuLXNlc2FtZQ== $",
        "SECRET_SERVICES_WEB_ENVIRONMENT_URL": "x://u:op%24n-sesame@h",
    }


def test_a_variable_beside_another_spelling_is_an_error_without_it(vault: Vault) -> None:
    with pytest.raises(ScoreError) as error:
        service(vault, command=["sh", "${HOME} b3Akbi1zZXNhbWU="])
    assert str(error.value) == (
        "services.web.command.1 has both a variable and a secret in another spelling, as in base64, which "
        "cannot be kept out of the Compose file so\n  hint: give the two in two texts"
    )


def test_the_variables_of_an_entry_are_files(vault: Vault) -> None:
    environment = {
        "PASSWORD": "op$$n-sesame",
        "PLAIN": "word",
        "OTHER": "op$$n-sesame",
        "N": 1,
    }
    variables = ("PASSWORD", "PLAIN", "N", "ABSENT")
    assert service(vault, in_files=True, variables=variables, image="x", environment=environment) == {
        "image": "x",
        "environment": {
            "PASSWORD_FILE": "/run/secrets/SECRET_DB_PASSWORD",
            "PLAIN_FILE": "/run/secrets/SECRET_SERVICES_WEB_ENVIRONMENT_PLAIN",
            "OTHER": "${SECRET_DB_PASSWORD:?}",
            "N": 1,
        },
        "secrets": [{"source": "SECRET_DB_PASSWORD"}, {"source": "SECRET_SERVICES_WEB_ENVIRONMENT_PLAIN"}],
    }
    assert vault.variables() == {"SECRET_DB_PASSWORD": PASSWORD}


def test_without_files_they_are_variables(vault: Vault) -> None:
    assert service(vault, variables=("PASSWORD",), environment={"PASSWORD": "op$$n-sesame"}) == {
        "environment": {"PASSWORD": "${SECRET_DB_PASSWORD:?}"}
    }


def test_the_annotation_of_a_workload_names_files_too(vault: Vault) -> None:
    annotations = {FILES_ANNOTATION: "PIN, PASSWORD"}
    environment = {"PASSWORD": "op$$n-sesame", "PIN": "1234"}
    assert service(vault, in_files=True, annotations=annotations, environment=environment) == {
        "annotations": annotations,
        "environment": {
            "PASSWORD_FILE": "/run/secrets/SECRET_DB_PASSWORD",
            "PIN_FILE": "/run/secrets/SECRET_DB_PIN",
        },
        "secrets": [{"source": "SECRET_DB_PASSWORD"}, {"source": "SECRET_DB_PIN"}],
    }


def test_what_is_in_a_file_since_somebody_says_so_is_replaced_nowhere_else(vault: Vault) -> None:
    environment = {"MODE": "production", "OTHER": "production"}
    assert service(
        vault, in_files=True, variables=("MODE",), environment=environment, image="production"
    ) == {
        "environment": {
            "MODE_FILE": "/run/secrets/SECRET_SERVICES_WEB_ENVIRONMENT_MODE",
            "OTHER": "production",
        },
        "image": "production",
        "secrets": [{"source": "SECRET_SERVICES_WEB_ENVIRONMENT_MODE"}],
    }


def test_a_line_of_a_text_that_is_kept_apart_as_a_whole_is_no_secret(vault: Vault) -> None:
    text = "exec nginx\nb3Akbi1zZXNhbWU=\n"
    assert service(vault, command=["sh", text], entrypoint=["exec nginx"]) == {
        "command": ["sh", "${SECRET_SERVICES_WEB_COMMAND_1:?}"],
        "entrypoint": ["exec nginx"],
    }
    assert service(vault, entrypoint=["exec nginx"]) == {"entrypoint": ["exec nginx"]}


def test_secrets_that_a_service_has_stay_and_none_is_there_twice(vault: Vault) -> None:
    environment = {"A": "op$$n-sesame", "B": "op$$n-sesame"}
    has = ["own", {"source": "other", "target": "x"}]
    assert service(vault, in_files=True, variables=("A", "B"), environment=environment, secrets=has) == {
        "environment": {
            "A_FILE": "/run/secrets/SECRET_DB_PASSWORD",
            "B_FILE": "/run/secrets/SECRET_DB_PASSWORD",
        },
        "secrets": [*has, {"source": "SECRET_DB_PASSWORD"}],
    }


def test_what_is_to_be_a_file_and_has_a_variable_of_compose_is_refused(vault: Vault) -> None:
    with pytest.raises(ScoreError) as error:
        service(vault, in_files=True, variables=("A",), environment={"A": "1234 ${MORE}"})
    assert str(error.value) == (
        "services.web.environment.A has a variable of Compose in it, and cannot be a file\n"
        "  hint: take A out of compose.score.dev/file-variables, or out of file_variables of the provisioner"
    )


def test_sections_other_than_services_have_variables(vault: Vault) -> None:
    found = concealed("volumes", "v", {"driver_opts": {"o": "p=1234"}}, Apart(vault, "file", ("o",)))
    assert found == {"driver_opts": {"o": "p=${SECRET_DB_PIN:?}"}}
