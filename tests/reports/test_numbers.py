"""Numbers of more digits than Python reads: text in YAML, as Go's yaml.v3 has it, and no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
import running
from running import Command

from doit_score.score.overrides import parse_property
from doit_score.templating.errors import TemplateError
from doit_score.templating.jinja.run import render_jinja
from doit_score.text import yaml12

MANY = "9" * 5000


@pytest.mark.parametrize("number", [MANY, f"-{MANY}", f"+{MANY}", f"0x{MANY}", f"0o{'7' * 5000}"])
def test_in_yaml_it_is_text(number: str) -> None:
    assert yaml12.load(f"a: {number}\n".encode(), "score.yaml") == {"a": number}


def test_as_an_override_it_is_no_fault() -> None:
    assert parse_property(f"containers.main.variables.A={MANY}").source.endswith(MANY)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (f"{{{{ {MANY} }}}}", "a number has more digits than can be read or written"),
        ("{{ 10 ** 4300 }}", "the number has more than 14000 bits"),
    ],
)
def test_in_jinja_it_is_an_error(source: str, message: str) -> None:
    with pytest.raises(TemplateError) as error:
        render_jinja(source, {})
    assert error.value.message == message


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    directory = Command(tmp_path / "shop", capfd)
    monkeypatch.chdir(directory.path)
    directory.write("score.yaml", running.score(things=("it",)))
    return directory


def word(here: Command) -> object:
    environment = here.services()["web-main"]["environment"]
    assert isinstance(environment, dict)
    return environment["IT"]


@pytest.mark.parametrize("value", [MANY, "{{ repeat 5000 9 }}", "{{ repeat 5000 9 | quote }}"])
def test_in_the_output_of_a_template_it_is_text(here: Command, value: str) -> None:
    here.main("init", "--no-sample", "--no-default-provisioners")
    entry = f"- uri: template://t\n  type: thing\n  outputs: |\n    word: {value}\n"
    entry += f"  state: |\n    kept: {value}\n"
    here.write("provisioners/a.provisioners.yaml", entry.replace("repeat 5000 9", 'repeat 5000 "9"'))
    for _ in range(2):
        assert here.main("generate", "score.yaml").exit == 0
        assert word(here) == MANY
    assert (
        here.main("resources", "get-outputs", "thing.default#web.it").out == f'{{\n  "word": "{MANY}"\n}}\n'
    )


def test_in_the_params_of_a_provisioner_file_it_is_text(here: Command) -> None:
    here.main("init", "--no-sample", "--no-default-provisioners")
    here.write("score.yaml", running.score(things=("it",)) + f"    params: {{size: {MANY}}}\n")
    here.write(
        "provisioners/a.provisioners.yaml",
        "- uri: template://t\n  type: thing\n  outputs: |\n    word: {{ .Params.size | quote }}\n",
    )
    assert here.main("generate", "score.yaml").exit == 0
    assert word(here) == MANY
    here.write("provisioners/a.provisioners.yaml", f"- uri: template://t\n  type: thing\n  id: {MANY}\n")
    done = here.main("generate")
    assert done.exit == 1
    assert "thing" in done.err and "fault of doit-score" not in done.err


SERVICE = """\
- uri: template://t
  type: thing
  outputs: |
    word: x
  services: |
    it: {image: nginx, @WHAT@}
"""


def test_in_a_build_it_is_told(here: Command) -> None:
    here.main("init", "--no-sample", "--no-default-provisioners")
    here.write("score.yaml", running.score())
    done = here.main("generate", "score.yaml", "--build", f'main={{"context": ".", "shm_size": {MANY}}}')
    assert done.exit == 1
    assert "expected a size such as 64m or a number of bytes, found text ('9999" in done.err


@pytest.mark.parametrize(
    "what",
    [
        "cpus: @", "mem_limit: @", "mem_limit: 1.@m", "stop_grace_period: @s", "stop_grace_period: 1.@s",
        "ports: ['@:80']", "ports: ['80-@']", "ports: ['1-@:80']", "ports: [@]", "ports: [{target: @}]",
        "pids_limit: @", "oom_score_adj: @", "scale: @", "healthcheck: {test: [x], retries: @, interval: @s}",
        "configs: [{source: x, target: x, mode: @}]",
    ],
)  # fmt: skip
def test_in_a_service_it_is_told(here: Command, what: str) -> None:
    here.main("init", "--no-sample", "--no-default-provisioners")
    here.write("provisioners/a.provisioners.yaml", SERVICE.replace("@WHAT@", what.replace("@", MANY)))
    done = here.main("generate", "score.yaml")
    assert done.exit == 1
    assert "expected " in done.err and ", found text ('" in done.err


@pytest.mark.parametrize("what", ["limits: {memory: @}", "limits: {memory: 1.@Gi}", "limits: {cpu: '@'}"])
def test_in_the_resources_of_a_container_it_is_no_fault(here: Command, what: str) -> None:
    here.main("init", "--no-sample", "--no-default-provisioners")
    here.write("score.yaml", running.score() + f"    resources: {{{what.replace('@', MANY)}}}\n")
    assert "fault of doit-score" not in here.main("generate", "score.yaml").err


def test_in_a_state_of_score_compose_it_is_told_or_text(here: Command) -> None:
    here.write(
        ".score-compose/state.yaml",
        f"compose_project: shop\nmounts_directory: .score-compose/mounts\nworkloads: {{}}\n"
        f"shared_state: {{many: {MANY}}}\n"
        "resources:\n  thing.default#web.it:\n"
        "    guid: a\n    type: thing\n    class: default\n    id: web.it\n"
        f"    metadata: {{}}\n    params: {{}}\n    source_workload: web\n    provisioner: template://t\n"
        f"    state: {{kept: {MANY}}}\n    outputs: {{}}\n",
    )
    here.write(
        "provisioners/a.provisioners.yaml",
        "- uri: template://t\n  type: thing\n"
        "  outputs: |\n    word: {{ print .State.kept .Shared.many | quote }}\n"
        "  state: |\n    kept: {{ .State.kept | quote }}\n",
    )
    done = here.main("generate", "score.yaml")
    assert done.exit == 0, done.err[:400]
    assert word(here) == MANY + MANY
