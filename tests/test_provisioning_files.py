from __future__ import annotations

import pytest

from doit_score.provisioning.files import parse
from doit_score.provisioning.model import Entry, Field
from doit_score.text.errors import ScoreError

PATH = ".score-compose/10.provisioners.yaml"
SCHEMES = (
    "\n  hint: give it as template://NAME, jinja://NAME, cmd://COMMAND, local-env://NAME or images://NAME"
)


def read(text: str) -> tuple[Entry, ...]:
    return parse(text.encode(), PATH)


def refused(text: str) -> str:
    with pytest.raises(ScoreError) as error:
        read(text)
    return str(error.value)


def test_every_key_of_a_template_entry_is_read() -> None:
    (entry,) = read(
        "- uri: template://corpus/tallow\n"
        "  type: tallow\n"
        "  class: fine\n"
        "  id: lantern.store\n"
        "  description: Renders tallow.\n"
        "  supported_params: [zeta, alpha]\n"
        "  expected_outputs: [host, port]\n"
        "  state: |\n"
        "    name: x\n"
        "  outputs: 'host: {{ .State.name }}'\n"
    )
    assert entry == Entry(
        uri="template://corpus/tallow",
        kind="template",
        type="tallow",
        class_="fine",
        id="lantern.store",
        description="Renders tallow.",
        supported_params=("zeta", "alpha"),
        expected_outputs=("host", "port"),
        fields={
            "state": Field("name: x\n", line=9, column=5, literal=True),
            "outputs": Field("host: {{ .State.name }}", line=10, column=13),
        },
        args=(),
        path=PATH,
        line=1,
        digest=entry.digest,
    )


def test_what_is_not_given_is_told_from_what_is_empty() -> None:
    (entry,) = read("- {uri: 'template://x', type: tallow, class: null, id: ~, supported_params: []}\n")
    assert (entry.class_, entry.id) == (None, None)
    assert (entry.supported_params, entry.expected_outputs) == ((), None)
    assert entry.fields == {}


def test_a_command_has_arguments_that_are_text_as_the_reference_makes_it() -> None:
    (entry,) = read("- {uri: 'cmd://./tool.sh', type: tallow, args: [5, true, 1.50, 'a b', 2.0, ~]}\n")
    assert (entry.kind, entry.args) == ("cmd", ("5", "true", "1.5", "a b", "2", ""))


def test_a_local_env_entry_without_type_is_for_environment() -> None:
    (entry,) = read("- {uri: 'local-env://corpus/env', class: prod}\n")
    assert (entry.kind, entry.type, entry.class_, entry.id) == ("local-env", "environment", "prod", None)


def test_the_scheme_is_read_in_any_case() -> None:
    assert [entry.kind for entry in read("- {uri: 'JINJA://x', type: a}\n")] == ["jinja"]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "{}\n", "[]\n", "null\n", "---\n", "\n---\n{}\n"])
def test_a_file_may_have_no_entries(text: str) -> None:
    assert read(text) == ()


def test_a_second_document_is_an_error() -> None:
    with pytest.raises(ScoreError) as error:
        read("- {uri: 'template://x', type: other}\n---\n- {uri: 'template://y', type: tallow}\n")
    assert str(error.value).endswith(
        ":3:1: expected one YAML document, found a second one\n"
        "  hint: put all provisioners of a file into one list"
    )


def test_entries_keep_their_order_and_lines_and_may_share_a_uri() -> None:
    entries = read(
        "- {uri: 'template://x', type: b}\n"
        "\n"
        "# another\n"
        "- {uri: 'template://x', type: a}\n"
        "-\n"
        "  uri: template://x\n"
        "  type: c\n"
    )
    assert [(entry.type, entry.line) for entry in entries] == [("b", 1), ("a", 4), ("c", 6)]


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("|\n    a\n    b\n", Field("a\nb\n", 4, 5, literal=True)),
        ("|-  # why\n\n      a\n", Field("\na", 4, 7, literal=True)),
        ("&x |\n    a\n", Field("a\n", 4, 5, literal=True)),
        ("!!str &x |\n    a\n", Field("a\n", 4, 5, literal=True)),
        (">\n    a\n    b\n", Field("a b\n", 4, 5)),
        ('"a: b"\n', Field("a: b", 3, 13)),
        ("'a: b'\n", Field("a: b", 3, 13)),
        ("{{ not yaml\n", None),
        ("plain text\n", Field("plain text", 3, 12)),
        ("plain\n    text\n", Field("plain text", 3, 12)),
        ("5\n", Field("5", 3, 12)),
        ("false\n", Field("false", 3, 12)),
        ("null\n", None),
    ],
)
def test_a_field_knows_where_its_text_starts(value: str, field: Field | None) -> None:
    text = f"- uri: template://x\n  type: a\n  outputs: {value}"
    if value.startswith("{{"):
        assert refused(text).startswith(f"{PATH}:3:3: expected text in outputs, found what is no YAML: ")
        return
    (entry,) = read(text)
    assert entry.fields.get("outputs") == field


def test_a_field_that_comes_from_a_merge_has_the_place_of_its_source() -> None:
    first, second = read(
        "- &base\n  uri: template://a\n  type: a\n  outputs: |\n    x: 1\n- <<: *base\n  type: b\n"
    )
    assert first.fields["outputs"] == Field("x: 1\n", 5, 5, literal=True)
    assert (second.type, second.fields["outputs"].text) == ("b", "x: 1\n")


def test_the_digest_tells_what_matters_from_what_does_not() -> None:
    base = "- uri: template://x\n  type: a\n  outputs: 'a: 1'\n"
    digest = read(base)[0].digest
    same = [
        "# moved\n" + base,
        base + "  description: Makes a.\n",
        "- {type: a, outputs: 'a: 1', uri: 'template://x'}\n",
    ]
    other = [
        base.replace("type: a", "type: b"),
        base.replace("//x", "//y"),
        base.replace("a: 1", "a: 2"),
        base.replace("outputs", "state"),
        base + "  class: default\n",
        base + "  id: default\n",
        base + "  supported_params: []\n",
        base + "  expected_outputs: [a]\n",
        base + "  state: ''\n",
        base.replace("template:", "jinja:"),
    ]
    assert {read(text)[0].digest for text in same} == {digest}
    assert len({digest, *(read(text)[0].digest for text in other)}) == len(other) + 1


def test_the_digest_of_a_command_covers_its_arguments() -> None:
    digests = {
        read(f"- {{uri: 'cmd://x', type: a, args: {args}}}\n")[0].digest
        for args in ("[]", "[a, b]", "['a b']", "[b, a]")
    }
    assert len(digests) == 4


def test_broken_yaml_is_refused_with_its_place() -> None:
    assert refused("- {uri: 'template://x'\n") == (
        f"{PATH}:2:1: not YAML: did not find expected ',' or '}}' in the mapping in braces that begins in "
        "line 1, column 3"
    )


def test_a_duplicate_key_is_refused() -> None:
    assert refused("- {uri: 'template://x', type: tallow, type: other}\n") == (
        f"{PATH}:1:39: the key 'type' is given twice in one mapping, first in line 1"
    )


@pytest.mark.parametrize(
    ("text", "found"), [("a: b\n", "a mapping"), ("text\n", "text"), ("5\n", "a number")]
)
def test_a_file_is_a_list(text: str, found: str) -> None:
    assert refused(text) == (
        f"{PATH}:1:1: expected a list of provisioners, found {found}\n"
        "  hint: start each provisioner with `- uri: ...`"
    )


def test_an_item_is_a_mapping() -> None:
    message = "expected a provisioner (a mapping with uri and type), found"
    assert refused("- text\n- [a]\n- ~\n") == (
        "3 problems:\n"
        f"  {PATH}:1:3: {message} text\n  {PATH}:2:3: {message} a list\n  {PATH}:3:3: {message} null"
    )


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("5", "expected a uri that names the provisioner, found a number"),
        ("corpus/tallow", "the uri 'corpus/tallow' has no scheme"),
        ("https://x.example/y", "the uri 'https://x.example/y' has the unknown scheme 'https'"),
        ("'template://a b/%zz'", "invalid uri 'template://a b/%zz'"),
        ("'template://a/%zz'", "invalid uri 'template://a/%zz'"),
        ("'template://a:b/c'", "invalid uri 'template://a:b/c'"),
        ("':x'", "invalid uri ':x'"),
        ('"template://a\\x01"', "invalid uri 'template://a\\x01'"),
    ],
)
def test_a_uri_names_a_kind_of_provisioner(uri: str, message: str) -> None:
    expected = message.encode().decode("unicode_escape")
    assert refused(f"- {{uri: {uri}, type: tallow}}\n") == f"{PATH}:1:9: {expected}{SCHEMES}"


def test_an_entry_has_a_uri() -> None:
    assert refused("- type: tallow\n") == (
        f"{PATH}:1:3: expected a uri that names the provisioner, found nothing{SCHEMES}"
    )


@pytest.mark.parametrize(
    ("uri", "what"),
    [
        ("cmd://sh?a=b", "a query"),
        ("cmd://sh:80", "a port"),
        ("cmd://me@sh", "a user"),
    ],
)
def test_the_uri_of_a_command_is_a_path_or_a_name(uri: str, what: str) -> None:
    assert refused(f"- {{uri: '{uri}', type: tallow}}\n") == (
        f"{PATH}:1:9: the uri '{uri}' has {what}, which a cmd:// provisioner cannot have\n"
        "  hint: pass arguments to the command in `args`"
    )


@pytest.mark.parametrize(("rest", "column"), [(", type: ''", 31), ("", 3), (", type: ~", 31)])
def test_an_entry_has_a_type(rest: str, column: int) -> None:
    assert refused(f"- {{uri: 'template://x'{rest}}}\n") == (
        f"{PATH}:1:{column}: template://x: type is not set\n"
        "  hint: name the resource type that it provisions, such as `type: redis`"
    )


def test_all_problems_of_a_file_are_told_at_once_in_the_order_of_their_places() -> None:
    assert refused(
        "- uri: template://x\n"
        "  type: [a]\n"
        "  output: 'a: 1'\n"
        "  services: {a: b}\n"
        "- uri: cmd://sh\n"
        "  init: ''\n"
        "  supported_params: alpha\n"
        "  args: [a, [b], {c: d}]\n"
        "- uri: local-env://x\n"
        "  id: a\n"
    ) == (
        "9 problems:\n"
        f"  {PATH}:2:9: template://x: expected text in type, found a list\n"
        f"  {PATH}:3:3: template://x: unknown key 'output'\n"
        "    hint: did you mean 'outputs'?\n"
        f"  {PATH}:4:3: template://x: expected text in services, found a mapping: its '|' is missing\n"
        "    hint: a template is text: write `services: |`\n"
        f"  {PATH}:5:3: cmd://sh: type is not set\n"
        "    hint: name the resource type that it provisions, such as `type: redis`\n"
        f"  {PATH}:6:3: cmd://sh: unknown key 'init'\n"
        "    hint: a cmd:// provisioner has the keys uri, type, class, id, description, "
        "supported_params, supported_annotations, expected_outputs, secret_outputs, file_variables, args, "
        "env, inputs\n"
        f"  {PATH}:7:21: cmd://sh: expected a list or a mapping in supported_params, found text\n"
        f"  {PATH}:8:13: cmd://sh: expected text in args[1], found a list\n"
        f"  {PATH}:8:18: cmd://sh: expected text in args[2], found a mapping\n"
        f"  {PATH}:10:3: local-env://x: unknown key 'id'\n"
        "    hint: a local-env:// provisioner has the keys uri, type, class, description, "
        "supported_params, supported_annotations, expected_outputs"
    )


def test_a_template_that_cannot_be_parsed_does_not_matter_until_it_is_used() -> None:
    (entry,) = read("- {uri: 'template://x', type: a, outputs: 'a: {{ .Id'}\n")
    assert entry.fields["outputs"].text == "a: {{ .Id"


def test_a_key_that_is_no_text_is_unknown() -> None:
    assert refused("- {uri: 'cmd://sh', type: a, 5: b}\n").startswith(
        f"{PATH}:1:30: cmd://sh: unknown key '5'"
    )


def test_a_file_may_start_with_a_byte_order_mark() -> None:
    (entry,) = parse("\ufeff- {uri: 'template://x', type: a}\n".encode(), PATH)
    assert entry.uri == "template://x"


@pytest.mark.parametrize(
    ("fields", "place", "message", "hint"),
    [
        (
            "  outputs:\n    a: {{ .Uid }}\n",
            "3:3",
            "expected text in outputs, found what is no YAML: its '|' is missing",
            "a template is text: write `outputs: |`",
        ),
        (
            "  type: x\n  services:\n    {% if a %}\n    a: {{ .Uid }}\n",
            "4:3",
            "expected text in services, found what is no YAML: its '|' is missing",
            "a template is text: write `services: |`",
        ),
        (
            "  outputs: {{ .Uid }}\n",
            "3:3",
            "expected text in outputs, found what is no YAML: its '|' is missing",
            "a template is text: write `outputs: |`",
        ),
        (
            "  outputs:\n  services: |\n    a: {{ .Uid }}\n  args: [\n",
            "7:1",
            "not YAML: did not find expected node content",
            None,
        ),
    ],
)
def test_a_template_whose_bar_is_missing_is_told_as_that(
    fields: str, place: str, message: str, hint: str | None
) -> None:
    with pytest.raises(ScoreError) as error:
        parse(f"- uri: template://x\n  type: t\n{fields}".encode(), PATH)
    (problem, *_) = error.value.problems
    assert (f"{problem.line}:{problem.column}", problem.message, problem.hint) == (place, message, hint)


@pytest.mark.parametrize(
    ("uri", "hint"),
    [
        ("jina://x", "did you mean 'jinja'?"),
        ("templates://x", "did you mean 'template'?"),
        (
            "https://x",
            "give it as template://NAME, jinja://NAME, cmd://COMMAND, local-env://NAME or images://NAME",
        ),
    ],
)
def test_a_scheme_that_is_misspelt(uri: str, hint: str) -> None:
    with pytest.raises(ScoreError) as error:
        parse(f"- uri: {uri}\n  type: t\n".encode(), PATH)
    assert [problem.hint for problem in error.value.problems] == [hint]
