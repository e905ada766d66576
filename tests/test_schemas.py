"""The JSON Schemas and our readers: what one refuses the other does, but for what is named here."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conformance import runner
from running import Command

from doit_score.command import schemas
from doit_score.engine.inputs.discover import default_directory
from doit_score.provisioning.files import KEYS, parse
from doit_score.score import workload
from doit_score.score.workload.reference import SAYS
from doit_score.text import yaml12
from doit_score.text.errors import ScoreError

# What takes more than one place of a file to see, or is no matter of JSON.
BEYOND_A_SCHEMA = (
    "is no placeholder", "placeholder", "expected \\$", "is not declared", "no resource", "does not exist",
    "cannot be before itself", "wait for each other", "expected base64",
)  # fmt: skip
# A uri may be wrong in more ways than a pattern says; a scheme in capitals is read all the same.
BEYOND_A_PATTERN = ("invalid uri",)

FULL_SCORE = r"""
apiVersion: score.dev/v1b1
metadata:
  name: web-app
  team: blue
  annotations: {example.com/owner: me, plain: "1"}
service:
  ports:
    http: {port: 80, targetPort: 8080, protocol: TCP}
    dns: {port: 53, protocol: UDP}
containers:
  main:
    image: nginx
    command: [nginx, -g]
    args: ["daemon off;"]
    variables: {A: "${resources.db.host}", B: "$$"}
    files:
      /etc/a: {content: text, mode: "0644", noExpand: true}
      /etc/b: {source: ./b}
      /etc/c: {binaryContent: aGk=}
    volumes:
      /data: {source: "${resources.db}", path: sub, readOnly: true}
    before: {side: {ready: started}}
    resources:
      limits: {cpu: "0.5", memory: 1.5Gi}
      requests: {cpu: 250m, memory: "0"}
    livenessProbe:
      httpGet:
        path: /
        port: 80
        host: localhost
        scheme: HTTPS
        httpHeaders: [{name: X-A, value: b}]
    readinessProbe:
      exec: {command: ["true"]}
  side:
    image: .
    files: [{target: /a, content: [x, 1, null, true]}, 7]
    volumes: [{target: /d, source: v, read_only: true}]
resources:
  db:
    type: postgres
    class: large
    id: shared.db
    metadata: {annotations: {a-b: c}, more: 1}
    params: {size: 1, list: [1]}
"""

FULL_PROVISIONERS = """
- uri: template://a/b
  type: a
  class: c
  id: d.e
  description: x
  supported_params: [a, 1, null, true]
  supported_annotations: []
  expected_outputs: []
  secret_outputs: [a]
  file_variables: [A]
  init: |
    a: 1
  state: "a: 1"
  shared: null
  outputs: 1
  directories: true
  files: x
  services: x
  networks: x
  volumes: x
  secrets: x
  configs: x
  models: x
  manifests: x
  info_logs: x
- uri: jinja://a
  type: 1
  images: [redis]
  supported_params:
    a: {type: [integer], minimum: 1, maximum: 2.5, enum: [x], pattern: x, required: true, description: x}
- uri: cmd://./a/b
  type: false
  args: [a]
  env: [A]
  inputs: []
- uri: local-env://x
  class: c
- uri: images://x
  description: y
  registry: r
  images: {redis: x}
- uri: images://y
  images: null
"""

VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1, 70000, 1.5, 80.0),
    *("", "x", "A b", "score.dev/v1b1", "0o77", "1Gi", "x.y", "-", "ab\n"),
    *([], [1], ["a"], {}, {"a": 1}, {"a": "b"}, {"A b": {}}),
)
URIS = (
    *("template:x", "template://%zz", "template://h:x/", "jinja://u@h:1/p?q#f", "images:", "local-env:///"),
    *(
        "cmd:",
        "cmd:x",
        "cmd://",
        "cmd:///x",
        "cmd://x#name",
        "cmd://x#a?b",
        "cmd:x@y",
        "cmd:/x:1",
        "cmd://[x",
    ),
    *("cmd://u@x", "cmd://x:80", "cmd://x?a", "jina://x", "x"),
)


def _pattern(_: object, pattern: str, text: object, schema: object) -> Iterator[jsonschema.ValidationError]:
    """A pattern as editors read it: in JavaScript, `$` is the end, and never before a line break."""
    if isinstance(text, str) and not re.search(re.sub(r"\$(?=\)*$)", r"\\Z", pattern), text):
        yield jsonschema.ValidationError(f"{text!r} does not match {pattern!r}")


Validator = jsonschema.validators.extend(jsonschema.Draft7Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]  # it has no annotations


@cache
def validator(name: str) -> Any:
    schema = json.loads(schemas.text(name))
    jsonschema.Draft7Validator.check_schema(schema)
    return Validator(schema)


def score_problems(document: object) -> list[str]:
    try:
        workload.read(copy.deepcopy(document), path="score.yaml", text=yaml12.dump(document))
    except ScoreError as error:
        return [problem.message for problem in error.problems]
    return []


def provisioner_problems(document: object) -> list[str]:
    try:
        parse(yaml12.dump(document).encode(), "p.yaml")
    except ScoreError as error:
        return [problem.message for problem in error.problems]
    return []


READERS: dict[str, tuple[Callable[[object], list[str]], tuple[str, ...]]] = {
    "score": (score_problems, BEYOND_A_SCHEMA),
    "provisioners": (provisioner_problems, BEYOND_A_PATTERN),
}


def compare(name: str, document: object) -> bool:
    """Whether the schema takes ``document``, after it was held against the reader."""
    read, beyond = READERS[name]
    problems = read(document)
    errors = [error.message for error in validator(name).iter_errors(document)]
    expected = [one for one in problems if not any(re.search(word, one) for word in beyond)]
    agree = bool(problems) if errors else not expected
    assert agree, f"{document!r}\nreader: {problems}\nschema: {errors}"
    return not errors


def mutations(value: Any) -> Iterator[Any]:
    """``value`` with one thing in it replaced, left out or added."""
    yield from copy.deepcopy(VALUES)
    if isinstance(value, dict):
        for key in value:
            yield {other: value[other] for other in value if other != key}
            yield {("B ad" if other == key else other): value[other] for other in value}
            for changed in mutations(value[key]):
                yield {**value, key: changed}
        yield {**value, "unknown": "x"}
        yield {**value, "target": "x"}
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield value[:place] + value[place + 1 :]
            for changed in mutations(item):
                yield [*value[:place], changed, *value[place + 1 :]]


@pytest.mark.parametrize(("name", "full"), [("score", FULL_SCORE), ("provisioners", FULL_PROVISIONERS)])
def test_every_change_of_a_full_file_is_taken_or_refused_by_both(name: str, full: str) -> None:
    document = yaml12.load(full)
    assert compare(name, document)
    counts = {True: 0, False: 0}
    for changed in mutations(document):
        counts[compare(name, changed)] += 1
    assert counts[True] > 100 < counts[False]


def test_the_full_files_have_every_key_that_there_is() -> None:
    entries = yaml12.load(FULL_PROVISIONERS)
    assert isinstance(entries, list)
    for kind, names in KEYS.items():
        common = {key for entry in entries if entry["uri"].startswith("template:") for key in entry}
        given = {key for entry in entries if entry["uri"].startswith(f"{kind}:") for key in entry}
        assert {*names} <= given | common
    schema = json.loads(schemas.text("score"))
    places = {".".join(path) for path in _places(schema, ())}
    assert {path for path in SAYS if path} <= places
    described = {".".join(path) for path, found in _described(schema, ())}
    assert described == {*SAYS}


def _places(schema: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield path
    for key, inner in schema.get("properties", {}).items():
        yield from _places(inner, (*path, key))
    inner = schema.get("additionalProperties")
    if isinstance(inner, dict):
        yield from _places(inner, (*path, "*"))
    for other in schema.get("oneOf", ()):
        if other.get("type") == "object":
            yield from _places(other, path)


def _described(schema: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if "description" in schema:
        yield path, schema["description"]
    for key, inner in schema.get("properties", {}).items():
        yield from _described(inner, (*path, key))
    for inner in (schema.get("additionalProperties"), *schema.get("oneOf", ())):
        if isinstance(inner, dict):
            below = (*path, "*") if inner is schema.get("additionalProperties") else path
            yield from _described(inner, below)


@pytest.mark.parametrize("uri", URIS)
def test_uris_are_taken_or_refused_by_both(uri: str) -> None:
    compare("provisioners", [{"uri": uri, "type": "x"}])
    compare("provisioners", [{"uri": uri}])


def test_a_scheme_in_capitals_is_read_and_not_in_the_schema() -> None:
    document = [{"uri": "TEMPLATE://x", "type": "x"}]
    assert provisioner_problems(document) == []
    assert not validator("provisioners").is_valid(document)


# -- files that were written for other tests


def conformance_documents(name: str) -> list[object]:
    """The files of the conformance data that are of this kind, as far as they are YAML."""
    found = []
    for case in runner.load():
        texts = [*case.input.items(), *((step.write or "", step.text.encode()) for step in case.steps)]
        for path, text in texts:
            if path.endswith(".provisioners.yaml") == (name == "provisioners") and path.endswith(".yaml"):
                try:
                    document = yaml12.load(text, path)
                except (ScoreError, UnicodeDecodeError):
                    continue
                if name == "provisioners" or (isinstance(document, dict) and "containers" in document):
                    found.append(document)
    return found


@pytest.mark.parametrize(("name", "at_least"), [("score", 700), ("provisioners", 200)])
def test_every_file_of_the_conformance_data_is_taken_or_refused_by_both(name: str, at_least: int) -> None:
    documents = conformance_documents(name)
    assert len(documents) >= at_least
    for document in documents:
        compare(name, document)


def test_the_shipped_provisioners_fit() -> None:
    paths = sorted(Path(default_directory()).glob("*.yaml"))
    assert [path.name for path in paths if not compare("provisioners", yaml12.load(path.read_bytes()))] == []


# -- the command, and where files look for a schema


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    here = Command(tmp_path / "here", capsys)
    monkeypatch.chdir(here.path)
    return here


@pytest.mark.parametrize("name", ["score", "provisioners"])
def test_a_schema_is_printed(here: Command, name: str) -> None:
    assert here.main("schema", name) == (0, schemas.text(name), "")


def test_a_schema_that_is_not_there(here: Command) -> None:
    assert here.main("schema", "scores") == (
        1,
        "",
        "Error: there is no schema 'scores'\n  hint: did you mean 'score'?\n",
    )


def named_schema(here: Command, file: str) -> Path:
    """The schema that ``file`` names, as an editor finds it."""
    match = re.match(r"# yaml-language-server: \$schema=(\S+)\n", here.read(file))
    assert match is not None
    return (here.path / file).parent / match[1]


@pytest.mark.parametrize(("state", "sample"), [("state", "score.yaml"), ("../st/x", "sub/score.yaml")])
def test_the_sample_and_what_is_ejected_name_schemas_that_are_there_and_fit(
    here: Command, state: str, sample: str
) -> None:
    (here.path / "sub").mkdir()
    (here.path.parent / "st").mkdir()
    assert here.main("--quiet", "init", "--state-dir", state, "-f", sample).exit == 0
    assert here.main("--quiet", "provisioners", "eject", "redis", "--state-dir", state).exit == 0
    for name, file in (("score", sample), ("provisioners", "provisioners/redis.provisioners.yaml")):
        assert named_schema(here, file).read_text() == schemas.text(name)
        assert validator(name).is_valid(yaml12.load(here.read(file)))


def test_init_puts_back_a_schema_that_is_old_or_gone(here: Command) -> None:
    assert here.main("--quiet", "init", "--no-sample").exit == 0
    here.write("state/schemas/score.schema.json", "{}")
    (here.path / "state/schemas/provisioners.schema.json").unlink()
    assert here.main("--quiet", "init").exit == 0
    for name in ("score", "provisioners"):
        assert here.read(f"state/schemas/{name}.schema.json") == schemas.text(name)


def test_what_is_ejected_before_there_is_a_project_finds_its_schema_once_there_is_one(here: Command) -> None:
    assert here.main("--quiet", "provisioners", "eject", "redis").exit == 0
    path = named_schema(here, "provisioners/redis.provisioners.yaml")
    assert not here.exists("state")
    assert here.main("--quiet", "init").exit == 0
    assert path.read_text() == schemas.text("provisioners")


def test_a_state_that_was_lost_with_only_schemas_left_is_ours_still(here: Command) -> None:
    assert here.main("--quiet", "init", "--no-sample").exit == 0
    for name in ("state.db", "backup.db", "lock"):
        (here.path / "state" / name).unlink()
    assert here.main("--quiet", "init", "--no-sample").exit == 0
