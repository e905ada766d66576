"""Messages name what was wrong where it was written, and hints lead to something that works.

Public reports: compose-go#451 (a second document), spec#208 (a request of no memory).
"""

from __future__ import annotations

from pathlib import Path

import pytest
import recorded
from running import Project
from templates import render_go

from doit_score.configuring import arguments as configuration
from doit_score.engine.run import Engine
from doit_score.score.workload import read
from doit_score.text.errors import ScoreError
from doit_score.text.messages import printer
from doit_score.text.yaml12 import load

FILE = """\
apiVersion: score.dev/v1b1
metadata: {name: lantern}
containers: {wick: {image: x, variables: {DEBUG: "false"}}}
"""


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def message(capsys: pytest.CaptureFixture[str], *flags: str, file: str = FILE) -> str:
    Path("score.yaml").write_text(file)
    recorded.run("init", "--no-sample")
    capsys.readouterr()
    recorded.run("generate", "score.yaml", *flags, exit=1)
    return capsys.readouterr().err


TITLE = "Error: validation errors in workload 'lantern':\n"
PLACEHOLDER = "the placeholder ${metadata.nope} finds nothing: there is no key of the metadata 'nope'"
DEBUG = "/containers/wick/variables/DEBUG: expected text, found a boolean\n    hint: put the value in quotes"


def shown(message: str, line: str) -> str:
    """``message`` with the line that it is about before its hint."""
    return message.replace("\n", f"\n    | {line}\n", 1)


SHELL = ", and these in quotes for the shell: PATH='\"VALUE\"'\n"


def test_a_fault_of_an_override_property_is_told_as_that(capsys: pytest.CaptureFixture[str]) -> None:
    said = message(capsys, "--override-property", "containers.wick.variables.DEBUG=true")
    assert said == f"{TITLE}  --override-property containers.wick.variables.DEBUG: {DEBUG}{SHELL}"


def test_a_fault_of_an_overrides_file_is_told_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    Path("over.yaml").write_text("containers:\n  wick:\n    variables: {DEBUG: true}\n")
    said = message(capsys, "--overrides-file", "over.yaml")
    assert said == f"{TITLE}  over.yaml:3:24: {shown(DEBUG, 'variables: {DEBUG: true}')}\n"


def test_what_an_override_makes_on_its_way_is_told_as_its_fault(capsys: pytest.CaptureFixture[str]) -> None:
    flag = "--override-property service.ports.x.port"
    bad = (
        "/service/ports/x: bad name of a port: expected 2 to 63 characters of a-z, 0-9 and '-', "
        "with no '-' at either end, found text ('x')"
    )
    assert message(capsys, *f"{flag}=80".split()) == f"{TITLE}  {flag}: {bad}\n"
    Path("over.yaml").write_text("service:\n  ports:\n    x: {port: 80}\n")
    assert message(capsys, "--overrides-file", "over.yaml") == (
        f"{TITLE}  over.yaml:3:8: {bad}\n    | x: {{port: 80}}\n"
    )
    said = message(capsys, "--override-property", "containers.wick.args.0=a")
    assert said == (
        f"{TITLE}  --override-property containers.wick.args.0: /containers/wick/args: expected a list,"
        " found a mapping\n"
    )


def test_what_an_override_property_took_away_is_told_as_its_fault(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = message(capsys, "--override-property", "containers.wick.image=")
    assert said == (
        f"{TITLE}  --override-property containers.wick.image: /containers/wick: the property 'image' is"
        " missing\n"
    )


def test_what_an_overrides_file_took_away_is_told_as_its_fault(capsys: pytest.CaptureFixture[str]) -> None:
    Path("over.yaml").write_text("containers:\n  wick: {image: null}\n")
    said = message(capsys, "--overrides-file", "over.yaml")
    fault = "/containers/wick: the property 'image' is missing\n    | wick: {image: null}\n"
    assert said == f"{TITLE}  over.yaml:2:9: {fault}"


@pytest.mark.parametrize(
    ("overrides", "fault"),
    [
        ({"variables": {"DEBUG": True}}, f"{DEBUG}"),
        ({"image": None}, "/containers/wick: the property 'image' is missing"),
    ],
)
def test_a_fault_of_the_overrides_of_a_dodo_py_is_told_as_theirs(
    tmp_path: Path, overrides: object, fault: str
) -> None:
    project = Project(tmp_path)
    project.write("score.yaml", FILE)
    said = project.generate(f"overrides={{'score.yaml': {{'containers': {{'wick': {overrides}}}}}}}", exit=1)
    assert f"{TITLE.removeprefix('Error: ')}  the overrides of its Score file: {fault}\n" in said


@pytest.mark.parametrize(
    ("arguments", "exit", "said"),
    [
        ("", 1, "give Score(builds={'lantern:wick': DIRECTORY}), or Score(images={'lantern:wick': IMAGE})"),
        ("publish='80'", 3, "\n  publish[0]: expected 3 parts separated by ':', found '80'\n"),
        (
            "builds={'wick': '.'}, publish='80:nope:80'",
            1,
            "\npublish[0]: failed to find a workload named 'nope'",
        ),
    ],
)
def test_errors_of_a_dodo_py_speak_of_what_it_says(
    tmp_path: Path, arguments: str, exit: int, said: str
) -> None:
    project = Project(tmp_path)
    project.write("score.yaml", FILE.replace("image: x", "image: ."))
    project.write("dodo.py", f"from doit_score import Score\n\nscore = Score({arguments})\n")
    ran = project.doit("generate", exit=exit)
    assert said in ran.out + ran.err


def test_a_placeholder_of_an_override_is_told_as_its_fault(capsys: pytest.CaptureFixture[str]) -> None:
    said = message(capsys, "--override-property", "containers.wick.variables.DEBUG=${metadata.nope}")
    assert said.splitlines()[1:] == [
        f"Error: --override-property containers.wick.variables.DEBUG: {PLACEHOLDER}",
        "  in containers.wick.variables.DEBUG of workload 'lantern'",
        "  hint: known are name",
    ]


def test_a_fault_of_the_file_stays_one_of_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    broken = FILE.replace('"false"', "false")
    said = message(capsys, "--override-property", "containers.wick.variables.MORE=x", file=broken)
    line = "containers: {wick: {image: x, variables: {DEBUG: false}}}"
    assert said == f"{TITLE}  score.yaml:3:50: {shown(DEBUG, line)}\n"


def test_a_second_document_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    """compose-go#451"""
    said = message(capsys, file=f"{FILE}---\n{FILE}")
    assert said == (
        "Error: score.yaml:5:1: expected one YAML document, found a second one\n"
        "  | apiVersion: score.dev/v1b1\n"
        "  hint: write one workload in a file\n"
    )


def test_a_second_document_of_an_overrides_file_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    Path("over.yaml").write_text("metadata: {}\n---\nmetadata: {}\n")
    assert message(capsys, "--overrides-file", "over.yaml") == (
        "Error: over.yaml:3:1: expected one YAML document, found a second one\n"
        "  | metadata: {}\n"
        "  hint: an overrides file is for one Score file\n"
    )


@pytest.mark.parametrize("end", ["---\n", "...\n", "---\n# nothing\n", "---\n---\n"])
def test_a_marker_is_no_second_document(end: str) -> None:
    assert load(f"a: 1\n{end}", alone="never") == {"a": 1}


@pytest.mark.parametrize(
    ("container", "rest", "hint"),
    [
        ('resources: {limits: {cpu: ".5"}}', "", "such as '0.5'"),
        ("resources: {limits: {cpu: .5}}", "", "such as '0.5', with the quotes"),
        ("resources: {limits: {memory: 1e9}}", "", "such as '1000000000', with the quotes"),
        ('resources: {limits: {memory: "1e9"}}', "", "such as '1000000000'"),
        ("resources: {limits: {memory: 128}}", "", "put the value in quotes"),
        ('resources: {limits: {memory: "12 M"}}', "", None),
        ("", "metadata: {name: lantern, annotations: {a.example/x: a}}", None),
        ("", "metadata: {name: lantern, annotations: {wax.example/x y: a}}", "such as 'wax.example/x-y'"),
        ("", 'service: {ports: {web: {port: "80"}}}', "write it without quotes"),
        ("", 'service: {ports: {web: {port: "http"}}}', None),
        ("", 'service: {ports: {web: {port: "99999"}}}', None),
    ],
)
def test_a_hint_leads_to_what_is_accepted(container: str, rest: str, hint: str | None) -> None:
    metadata = "" if rest.startswith("metadata") else "metadata: {name: lantern}\n"
    text = f"apiVersion: score.dev/v1b1\n{metadata}containers: {{wick: {{image: x, {container}}}}}\n{rest}\n"
    with pytest.raises(ScoreError) as error:
        read(load(text), path="score.yaml", text=text)
    assert [problem.hint for problem in error.value.problems] == [hint]


def test_a_request_of_no_memory_is_one() -> None:
    """spec#208"""
    text = FILE.replace("image: x", 'image: x, resources: {requests: {memory: "0"}}')
    assert read(load(text), path="score.yaml", text=text)[1] == ()


@pytest.mark.parametrize("template", ["{{ range }", "{{ .x } a {{ end }}", "{{ 1 }"])
def test_a_single_brace_is_told_as_what_it_is(template: str) -> None:
    with pytest.raises(Exception, match=r"expected }}, found a single }"):
        render_go(template, {})


NO_TEXT = "fix.tpl: patch template: is no text in UTF-8\n  hint: save it as UTF-8"


def test_a_patch_template_that_is_no_text_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    Path("fix.tpl").write_bytes(b"[{op: set, path: services.x.image, value: \xff}]")
    recorded.run("init", "--no-sample", "--patch-templates", "fix.tpl", exit=1)
    assert capsys.readouterr().err == f"Error: {NO_TEXT}\n"
    Path("score.yaml").write_text(FILE)
    with pytest.raises(ScoreError) as error:
        Engine(configuration.settings("", {"patch_templates": "fix.tpl"}), printer("none")).update()
    assert str(error.value) == NO_TEXT


READ = "INFO: read workload 'lantern' from 'score.yaml'\n"
ASKING = """\
apiVersion: score.dev/v1b1
metadata: {name: lantern}
containers: {wick: {image: x}}
resources:
  box: {type: box}
  lid:
    type: box
    params:
      size: ${metadata.size}
      of: [a, {deep.er: "${resources.box.nope}"}]
"""


def test_a_fault_of_a_param_is_told_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    recorded.write(
        ".score-compose/1.provisioners.yaml", "- {uri: 'template://b', type: box, outputs: 'a: b'}\n"
    )
    where = "    in the params of resource 'box.default#lantern.lid'\n"
    size = "finds nothing: there is no key of the metadata 'size'\n    | size: ${metadata.size}\n"
    size += f"{where}    hint: known are name\n"
    deep = "finds nothing: there is no output 'nope'\n    | of: [a, {deep.er: \"${resources.box.nope}\"}]\n"
    deep += f"{where}    hint: known are a\n"
    assert message(capsys, file=ASKING) == (
        f"{READ}Error: 2 problems:\n"
        f"  score.yaml:9:13: size: the placeholder ${{metadata.size}} {size}"
        f"  score.yaml:10:25: of[1].deep.er: the placeholder ${{resources.box.nope}} {deep}"
    )


def test_a_fault_of_a_param_that_an_override_gives_is_told_as_that(
    capsys: pytest.CaptureFixture[str],
) -> None:
    recorded.write(".score-compose/1.provisioners.yaml", "- {uri: 'template://b', type: box}\n")
    flag = "resources.lid.params"
    said = message(capsys, "--override-property", f'{flag}={{"size":"${{metadata.nope}}"}}', file=ASKING)
    assert said == (
        f"{READ}Error: --override-property {flag}: size: {PLACEHOLDER}\n"
        "  in the params of resource 'box.default#lantern.lid'\n  hint: known are name\n"
    )


@pytest.mark.parametrize("verb", ["", "generate", "resources", "resources list"])
def test_help_for_a_verb_may_be_asked_for_by_a_word(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for words in (f"{verb} --help", f"help {verb}"):
        with pytest.raises(SystemExit) as ended:
            recorded.run(*words.split())
        said.append((ended.value.code, capsys.readouterr().out))
    assert said[0] == said[1] and said[0][1].startswith(f"usage: doit-score {verb}".rstrip())
    recorded.run("help", "nope", exit=1)
    assert capsys.readouterr().err.startswith("Error: unknown command 'nope' for 'doit-score'\n")
