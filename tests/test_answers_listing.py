"""What the read commands print: tables, JSON, YAML and templates."""

from __future__ import annotations

import json

import pytest

from doit_score.answers import listing
from doit_score.engine.inputs.discover import default_directory
from doit_score.provisioning.environment import builtin_entry
from doit_score.provisioning.files import parse
from doit_score.provisioning.match import shadows
from doit_score.provisioning.model import Entry
from doit_score.store.rows import ResourceRow
from doit_score.text import canonical
from doit_score.text.errors import ScoreError


def row(uid: str, level: int = 0, **outputs: object) -> ResourceRow:
    return ResourceRow(
        uid, level, "web", "template://x", "template", "", "", "{}", "{}", canonical.encode(outputs), "[]"
    )


ROWS = [row("b.default#web.b", 1), row("c.default#c", 0, port=1, host="h"), row("a.default#a", 1, x="y")]


USERS = {"c.default#c": ["api", "web"], "b.default#web.b": ["web"]}


def test_resources_in_the_order_of_provisioning() -> None:
    assert listing.resources(ROWS, USERS, "table") == (
        "+-----------------+--------------+-----------+------------+\n"
        "|       UID       | PROVISIONER  | WORKLOADS |  OUTPUTS   |\n"
        "+-----------------+--------------+-----------+------------+\n"
        "| c.default#c     | template://x | api, web  | host, port |\n"
        "+-----------------+--------------+-----------+------------+\n"
        "| a.default#a     | template://x |           | x          |\n"
        "+-----------------+--------------+-----------+------------+\n"
        "| b.default#web.b | template://x | web       |            |\n"
        "+-----------------+--------------+-----------+------------+\n"
    )


def test_resources_as_json() -> None:
    assert json.loads(listing.resources(ROWS[:2], USERS, "json")) == [
        {
            "UID": "c.default#c",
            "Outputs": ["host", "port"],
            "Provisioner": "template://x",
            "Workloads": ["api", "web"],
        },
        {"UID": "b.default#web.b", "Outputs": [], "Provisioner": "template://x", "Workloads": ["web"]},
    ]


def test_no_resources_as_json() -> None:
    assert listing.resources([], {}, "json") == "[]\n"


def test_an_environment_resource_has_no_outputs_to_list() -> None:
    rows = [row("environment.default#web.env")._replace(kind="local-env")]
    (listed,) = json.loads(listing.resources(rows, {}, "json"))
    assert (listed["UID"], listed["Outputs"]) == ("environment.default#web.env", [])


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


def listed(text: bytes, path: str = "x") -> list[tuple[Entry, Entry | None]]:
    entries = (*parse(text, path), builtin_entry())
    return list(zip(entries, shadows(entries), strict=True))[:-1]


def test_provisioners_in_the_order_in_which_they_count() -> None:
    assert listing.provisioners(listed(ENTRIES), "table") == (
        "+------+-------+--------------+---------+-------------+------+-------------+\n"
        "| TYPE | CLASS |    PARAMS    | OUTPUTS | DESCRIPTION | FROM | SHADOWED BY |\n"
        "+------+-------+--------------+---------+-------------+------+-------------+\n"
        "| b    | large | size, colour | host    | The é one   | x:1  |             |\n"
        "+------+-------+--------------+---------+-------------+------+-------------+\n"
        "| a    | (any) |              |         |             | x:7  |             |\n"
        "+------+-------+--------------+---------+-------------+------+-------------+\n"
        "| b    | (any) |              |         |             | x:9  |             |\n"
        "+------+-------+--------------+---------+-------------+------+-------------+\n"
    )


def test_provisioners_tell_whose_they_are_and_what_shadows_them() -> None:
    own = parse(
        b"- {uri: 'template://own', type: redis}\n- {uri: 'template://no', type: redis, id: i}\n", "mine"
    )
    shipped = parse(
        b"- {uri: 'jinja://shipped', type: redis}\n", f"{default_directory()}/redis.provisioners.yaml"
    )
    entries = (*own, *shipped, builtin_entry())
    pairs = list(zip(entries, shadows(entries), strict=True))
    rows = [
        [cell.strip() for cell in line.split("|")[2:-1]]
        for line in listing.provisioners(pairs, "table").splitlines()[3::2]
    ]
    assert rows == [
        ["(any)", "", "", "", "mine:1", ""],
        ["(any)#i", "", "", "", "mine:2", "mine:1"],
        ["(any)", "", "", "", "shipped: redis.provisioners.yaml:1", "mine:1"],
        ["(any)", "", "", entries[-1].description, "built in", ""],
    ]
    found = {one["Uri"]: one for one in json.loads(listing.provisioners(pairs, "json"))}
    assert {uri: (one["From"], one["Id"], one["Line"]) for uri, one in found.items()} == {
        "template://own": ("own", None, 1),
        "template://no": ("own", "i", 2),
        "jinja://shipped": ("shipped", None, 1),
        "builtin://environment": ("built in", None, None),
    }
    shadow = {"Uri": "template://own", "From": "own", "Path": "mine", "Line": 1}
    assert found["jinja://shipped"]["ShadowedBy"] == shadow
    assert found["template://own"]["ShadowedBy"] is None


def test_a_description_of_several_lines_stays_in_its_cell() -> None:
    entries = listed(b"- uri: template://x\n  type: x\n  description: |\n    One.\n    Two.\n")
    assert "| One. Two.   |" in listing.provisioners(entries, "table").splitlines()[3]
    assert '"Description": "One.\\nTwo.\\n"' in listing.provisioners(entries, "json")


def test_provisioners_as_json_in_the_order_of_types() -> None:
    plain = {"Class": "(any)", "Params": [], "Outputs": [], "Description": ""}
    large = {"Class": "large", "Params": ["size", "colour"], "Outputs": ["host"], "Description": "The é one"}
    more = {"Id": None, "From": "own", "Path": "x", "ShadowedBy": None}
    assert json.loads(listing.provisioners(listed(ENTRIES), "json")) == [
        {"Type": "a", **plain, "Uri": "template://two", "Line": 7, **more},
        {"Type": "b", **plain, "Uri": "template://three", "Line": 9, **more},
        {"Type": "b", **large, "Uri": "template://one", "Line": 1, **more},
    ]


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
    assert (
        str(error.value)
        == f"--format is not json, yaml, name or a template that works: {said}\n  | {template}"
    )
