"""What the read commands print: tables, JSON, YAML and templates."""

from __future__ import annotations

import pytest

from doit_score.command import listing
from doit_score.provisioning.files import parse
from doit_score.store.rows import ResourceRow
from doit_score.text import canonical
from doit_score.text.errors import ScoreError


def row(uid: str, level: int = 0, **outputs: object) -> ResourceRow:
    return ResourceRow(
        uid, level, "web", "template://x", "template", "", "", "{}", "{}", canonical.encode(outputs)
    )


ROWS = [row("b.default#web.b", 1), row("c.default#c", 0, port=1, host="h"), row("a.default#a", 1, x="y")]


def test_resources_in_the_order_of_provisioning() -> None:
    assert listing.resources(ROWS, "table") == (
        "+-----------------+------------+\n"
        "|       UID       |  OUTPUTS   |\n"
        "+-----------------+------------+\n"
        "| c.default#c     | host, port |\n"
        "+-----------------+------------+\n"
        "| a.default#a     | x          |\n"
        "+-----------------+------------+\n"
        "| b.default#web.b |            |\n"
        "+-----------------+------------+\n"
    )


def test_resources_as_json() -> None:
    assert listing.resources(ROWS[:2], "json") == (
        "[\n"
        '  {\n    "UID": "c.default#c",\n    "Outputs": [\n      "host",\n      "port"\n    ]\n  },\n'
        '  {\n    "UID": "b.default#web.b",\n    "Outputs": []\n  }\n'
        "]\n"
    )


def test_no_resources_as_json() -> None:
    assert listing.resources([], "json") == "[]\n"


def test_an_environment_resource_has_no_outputs_to_list() -> None:
    listed = listing.resources([row("environment.default#web.env")._replace(kind="local-env")], "json")
    assert listed == '[\n  {\n    "UID": "environment.default#web.env",\n    "Outputs": []\n  }\n]\n'


ENTRIES = b"""\
- uri: template://one
  type: b
  class: large
  description: The \xc3\xa9 one
  supported_params: [size, colour]
  expected_outputs: [host]
- uri: template://two
  type: a
- uri: template://three
  type: b
"""


def test_provisioners_in_the_order_in_which_they_count() -> None:
    assert listing.provisioners(parse(ENTRIES, "x"), "table") == (
        "+------+-------+--------------+---------+-------------+\n"
        "| TYPE | CLASS |    PARAMS    | OUTPUTS | DESCRIPTION |\n"
        "+------+-------+--------------+---------+-------------+\n"
        "| b    | large | size, colour | host    | The é one   |\n"
        "+------+-------+--------------+---------+-------------+\n"
        "| a    | (any) |              |         |             |\n"
        "+------+-------+--------------+---------+-------------+\n"
        "| b    | (any) |              |         |             |\n"
        "+------+-------+--------------+---------+-------------+\n"
    )


def test_a_description_of_several_lines_stays_in_its_cell() -> None:
    entries = parse(b"- uri: template://x\n  type: x\n  description: |\n    One.\n    Two.\n", "x")
    assert listing.provisioners(entries, "table").splitlines()[3].endswith("| One. Two.   |")
    assert '"Description": "One.\\nTwo.\\n"' in listing.provisioners(entries, "json")


def test_provisioners_as_json_in_the_order_of_types() -> None:
    plain = '    "Class": "(any)",\n    "Params": [],\n    "Outputs": [],\n    "Description": ""\n  }'
    assert listing.provisioners(parse(ENTRIES, "x"), "json") == (
        "[\n"
        f'  {{\n    "Type": "a",\n{plain},\n'
        f'  {{\n    "Type": "b",\n{plain},\n'
        '  {\n    "Type": "b",\n    "Class": "large",\n'
        '    "Params": [\n      "size",\n      "colour"\n    ],\n'
        '    "Outputs": [\n      "host"\n    ],\n'
        '    "Description": "The é one"\n  }\n'
        "]\n"
    )


OUTPUTS = row("a.default#a", port=5432, host="db", nested={"b": [1, None], "a": "<&>"})


def test_outputs_as_json() -> None:
    assert listing.outputs(OUTPUTS, "json") == (
        '{\n  "host": "db",\n  "nested": {\n    "a": "\\u003c\\u0026\\u003e",\n'
        '    "b": [\n      1,\n      null\n    ]\n  },\n  "port": 5432\n}\n'
    )


def test_outputs_as_yaml() -> None:
    assert listing.outputs(OUTPUTS, "yaml") == (
        "host: db\nnested:\n    a: <&>\n    b:\n        - 1\n        - null\nport: 5432\n"
    )


def test_outputs_through_a_template() -> None:
    assert listing.outputs(OUTPUTS, "{{ .host }}:{{ .port }} {{ .nested.b | len }}") == "db:5432 2\n"


def test_no_outputs() -> None:
    assert listing.outputs(row("a"), "json") == "{}\n"
    assert listing.outputs(row("a"), "yaml") == "{}\n"
    assert listing.outputs(row("a"), "json") == "{}\n"


def test_text_without_braces_is_a_template_too() -> None:
    assert listing.outputs(OUTPUTS, "table") == "table\n"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ .host", "line 1, column 9: expected }}, found the end of the template"),
        ("{{ .host.x }}", "line 1, column 4: cannot read the field 'x' of a value of type string"),
        ("{{ qqqq }}", "line 1, column 4: there is no function 'qqqq'"),
    ],
)
def test_a_template_that_fails(template: str, said: str) -> None:
    with pytest.raises(ScoreError) as error:
        listing.outputs(OUTPUTS, template)
    assert str(error.value) == f"--format is not json, yaml or a template that works: {said}\n  | {template}"
