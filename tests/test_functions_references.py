from __future__ import annotations

import pytest
from templates import render_go

from doit_score.templating.errors import TemplateError
from doit_score.templating.functions import SUBSTITUTE
from doit_score.templating.jinja.run import render_jinja
from doit_score.text.errors import ScoreError

SECRET = "\N{CLOSED LOCK WITH KEY}\N{SPEECH BALLOON}db_pass_word\N{SPEECH BALLOON}\N{CLOSED LOCK WITH KEY}"


def test_a_key_of_a_secret_has_the_text_that_score_k8s_gives_it() -> None:
    assert render_go('{{ encodeSecretRef "db" "pass_word" }}', {}) == SECRET
    assert render_jinja('{{ encodeSecretRef("db", "pass_word") }}', {}) == SECRET


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ('"d_b" "k"', "no Secret can be called 'd_b': use a-z, 0-9, '-' and '.'"),
        ('"db" "a b"', "no key of a Secret can be called 'a b': use letters, digits, '-', '_' and '.'"),
    ],
)
def test_what_no_secret_or_key_is_called_is_an_error(arguments: str, message: str) -> None:
    with pytest.raises(TemplateError) as error:
        render_go(f"{{{{ encodeSecretRef {arguments} }}}}", {})
    assert message in error.value.message


def test_placeholders_are_replaced_by_whoever_runs_a_patch_template_and_by_nobody_else() -> None:
    source = '{{ substituteValue "web" "${metadata.name}" }}'
    token = SUBSTITUTE.set(lambda workload, text: f"{workload} {text}")
    try:
        assert render_go(source, {}) == "web ${metadata.name}"
    finally:
        SUBSTITUTE.reset(token)
    with pytest.raises(TemplateError) as error:
        render_go(source, {})
    assert "only patch templates can have placeholders replaced" in error.value.message


def test_what_is_wrong_with_placeholders_ends_the_template() -> None:
    def fails(workload: str, text: str) -> str:
        raise ScoreError(f"there is no workload '{workload}'")

    token = SUBSTITUTE.set(fails)
    try:
        with pytest.raises(TemplateError) as error:
            render_go('{{ substituteValue "none" "x" }}', {})
    finally:
        SUBSTITUTE.reset(token)
    assert "there is no workload 'none'" in error.value.message
