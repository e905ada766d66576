"""What is told of keys, data and functions: held against what there is, computed, and printed to fit."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import reference_pages
from running import Command

from doit_score.command import explain
from doit_score.command.reference import keys, kinds_of
from doit_score.provisioning import command
from doit_score.provisioning.data import data_for
from doit_score.provisioning.files import KEYS
from doit_score.provisioning.model import Entry, ProvisionInput
from doit_score.provisioning.reference import DATA, KINDS, Datum
from doit_score.targets import find, patching
from doit_score.targets.compose import patch
from doit_score.targets.compose.reference import PATCH_DATA, PATCH_KEYS, PATCH_PATHS, SECTIONS
from doit_score.targets.kubernetes.reference import SECTIONS as MANIFESTS
from doit_score.templating import explained, functions
from doit_score.templating.functions import reference
from doit_score.templating.go.builtins import BUILTINS
from doit_score.templating.jinja import reference as jinja_reference
from doit_score.templating.jinja.run import _environment

FUNCTIONS = [*explained.every()]
COMPARISONS = {"eq", "equalto", "ge", "greaterthan", "gt", "le", "lessthan", "lt", "ne"}


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the examples with dates give is for this zone."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    here = Command(tmp_path / "here", capsys)
    monkeypatch.chdir(here.path)
    monkeypatch.setenv("COLUMNS", "80")
    return here


@pytest.mark.parametrize("name", sorted(reference_pages.pages()))
def test_the_page_is_what_the_tables_give(name: str) -> None:
    """If not: ``python tests/reference_pages.py``."""
    page = (reference_pages.DOCS / name).read_text(encoding="utf-8")
    assert page == reference_pages.pages()[name]


# -- keys and data


def test_every_key_of_an_entry_is_told_and_no_other() -> None:
    assert {*keys()} == {key for names in KEYS.values() for key in names}
    assert [*KINDS] == [*KEYS]
    assert kinds_of("images") == ["jinja://", "images://"]


TARGETS = ("compose", "kubernetes")


def test_every_field_that_a_command_may_print_is_told() -> None:
    sections = [section for name in TARGETS for section in find(name).sections]
    assert {*SECTIONS, *MANIFESTS} == {section.field for section in sections if section.field}
    printed = {*command.RETURNED, *command.MOUNTED, *(section.json for section in sections if section.json)}
    assert {key.command for key in keys().values() if key.command} == printed


def given(target: str) -> ProvisionInput:
    port = {"Name": "web", "Port": 80, "TargetPort": 8080, "Protocol": "TCP"}
    return ProvisionInput(
        "a.default#b", "a", "default", "b", {"size": 1}, {"annotations": {}}, {}, {}, "b",
        {"W": {"ServiceName": "w", "Ports": {"P": port}}}, "shop", "state/mounts", find(target), "guid", "n",
        {"name": "b"},
    )  # fmt: skip


def data_of(target: str) -> list[Datum]:
    return [datum for datum in DATA if datum.target in ("", target)]


def paths(value: object, *keys: str) -> Iterator[str]:
    """Every path in nested mappings, but what is in params and the like."""
    if keys and keys[-1] not in ("W", "P"):
        yield ".".join(keys)
    if isinstance(value, dict) and (not keys or "ervices" in keys[0]):
        for key in value:
            yield from paths(value[key], *keys, key)


def seen(kind: str, target: str) -> dict[str, object]:
    entry = Entry("jinja://x", kind, "a", "p", 1)  # type: ignore[arg-type]  # one of the kinds
    data = data_for(entry, given(target))
    data.set("init", {})
    found: dict[str, object] = data.seen()
    return found


@pytest.mark.parametrize("target", TARGETS)
def test_jinja_sees_what_is_told(target: str) -> None:
    assert {*paths(seen("jinja", target))} == {datum.jinja for datum in data_of(target)}


@pytest.mark.parametrize("target", TARGETS)
def test_go_sees_what_is_told(target: str) -> None:
    told = {datum.go for datum in data_of(target) if datum.go}
    assert {f".{path}" for path in paths(seen("template", target))} == told


@pytest.mark.parametrize("target", TARGETS)
def test_a_command_sees_what_is_told(target: str) -> None:
    import json

    sent = {*paths(json.loads(command.request(given(target))))}
    # The reference's own spelling, beside what its documentation says.
    sent.remove("workload_services.W.ServiceName")
    assert sent == {datum.command for datum in data_of(target) if datum.command}


def test_keys_of_patches_are_those_that_are_taken_and_paths_are_read_as_told() -> None:
    assert {name for name, *_ in PATCH_KEYS} == patching.KEYS
    project = {
        "services": {
            "web-1": {"restart": "no", "dns": ["1"], "labels": {"a.b": ""}, "extra_hosts": {"5": ""}}
        }
    }
    for path, _ in PATCH_PATHS:
        there = path.replace("services.web.", "services.web-1.")
        done, warnings = patch.apply_patches(project, [{"op": "set", "path": there, "value": "always"}], "p")
        assert (done != project, warnings) == (True, ()), path


def test_a_patch_template_sees_what_is_told() -> None:
    for at, suffix in ((0, ""), (1, patching.JINJA_SUFFIX)):
        printed = " ".join("{{ %s | toJson }}" % row[at] for row in PATCH_DATA)  # noqa: UP031
        source = f"# {printed}\n[]"
        patch.patched(
            "services: {}\n", {}, [(f"p{suffix}", source)], {}, mounts_directory="m", hermetic=False
        )


# -- functions


def test_every_function_is_told_once() -> None:
    environment = _environment()
    filters = {name for name in environment.filters if not name.startswith("_") and name != "d"}
    known = functions.names() | {*BUILTINS} | filters | {*environment.globals}
    assert {*explained.names()} == known
    listed = [one.name for one in FUNCTIONS]
    assert sorted(listed) == sorted(known - {*jinja_reference.ALIASES})
    assert {*reference.ROWS} <= functions.names()
    assert {*reference.ROWS} >= reference.VARIES


def test_every_test_of_jinja_is_told() -> None:
    tests = {name for name in _environment().tests if name.isalpha()}
    assert {*jinja_reference.TESTS} == tests - COMPARISONS


@pytest.mark.parametrize("one", FUNCTIONS, ids=lambda one: f"{one.title}: {one.name}")
def test_an_example_gives_the_same_in_both_syntaxes(one: explained.Explained) -> None:
    assert one.says
    result = one.result
    if one.name in ("fail", "getHostByName", "substituteValue"):
        assert result.startswith(f"an error: {one.name}: ")
    elif one.name != "call":
        assert result
        assert not result.startswith("an error")
    if one.varies:
        assert result != one.result or one.name in ("randInt", "shuffle", "ago")
    elif one.go and one.jinja:
        assert one._replace(go="").result == result


@pytest.mark.parametrize("one", FUNCTIONS, ids=lambda one: f"{one.title}: {one.name}")
def test_an_example_has_the_function_in_it(one: explained.Explained) -> None:
    if one.go:
        assert one.name in one.go.replace("(", " ").split()
    elif one.jinja:
        assert one.name in one.jinja


@pytest.mark.parametrize(
    ("go", "jinja"),
    [
        ('dig "a" 0 (dict "a" 1)', '{"a": 1} | dig("a", 0)'),
        ("add1 -2", "(-2) | add1"),
        ('trim "a" | upper | trunc 3', '"a" | trim | upper | trunc(3)'),
        ('date "2006" (toDate "2006" "1999")', '("1999" | toDate("2006")) | date("2006")'),
        ('get (dict "a" nil) "a"', 'get({"a": none}, "a")'),
        ('(semver "1.2.3").Minor', '("1.2.3" | semver).Minor'),
        ('(genCA "a" 1).Cert | b64enc', 'genCA("a", 1).Cert | b64enc'),
        ('list "a\\n\\"b" true 1.5', '["a\\n\\"b", true, 1.5]'),
        ("indent 2 `a`", 'indent(2, "a")'),
        ("now", "now()"),
    ],
)
def test_a_go_example_as_jinja_has_it(go: str, jinja: str) -> None:
    assert explained.jinja_of(go) == jinja


def test_a_missing_package_is_told_in_place_of_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "bcrypt", None)
    found = explained.explained("bcrypt")
    assert found is not None
    assert found.result.startswith("an error: bcrypt: ")
    assert "doit-score[crypto]" in found.result


# -- the command


def test_a_key_is_explained(here: Command) -> None:
    assert here.main("provisioners", "explain", "inputs") == (
        0,
        "inputs: a key of an entry\n"
        "\n"
        "  The files that the command reads beside what it is given, from the project's\n"
        "  directory. `[]` says that there are none. See `env`.\n"
        "\n"
        "  in        cmd://\n"
        "  is        list of texts\n",
        "",
    )


@pytest.mark.parametrize("name", ["images", "images://"])
def test_a_kind_is_explained(here: Command, name: str) -> None:
    said = here.main("provisioners", "explain", name).out
    assert said.partition("\n\nimages: ")[0] == (
        "images://: a kind of entry\n"
        "\n"
        "  No provisioner: it says what the names of images stand for, that jinja://\n"
        "  entries use.\n"
        "\n"
        "  keys      uri, description, registry, images"
    )


def test_a_name_that_is_several_things_is_explained_as_each(here: Command) -> None:
    said = here.main("provisioners", "explain", "shared").out
    assert [line for line in said.splitlines() if line and not line.startswith(" ")] == [
        "shared: a key of an entry",
        "Shared: what a run is given",
    ]
    assert "  is run    after init, state\n" in said
    assert "  cmd://    a command prints it as shared_state\n" in said


def test_a_function_is_explained_with_what_its_example_gives(here: Command) -> None:
    assert here.main("provisioners", "explain", "trimSuffix", "must_date_modify") == (
        0,
        "trimSuffix: a function (Texts)\n"
        "\n"
        "  the text without this end\n"
        "\n"
        "  takes     suffix: string, text: string\n"
        '  Go        {{ trimSuffix ".git" "shop.git" }}\n'
        '  Jinja2    {{ "shop.git" | trimSuffix(".git") }}\n'
        '  gives     "shop"\n'
        "\n"
        "must_date_modify: a function (Dates and durations)\n"
        "\n"
        "  as `dateModify`, where a mistake ends the template\n"
        "\n"
        "  takes     change: string, moment: time.Time\n"
        '  Go        {{ must_date_modify "-24h" (toDate "2006-01-02" "2024-05-06") }}\n'
        '  Jinja2    {{ ("2024-05-06" | toDate("2006-01-02")) | must_date_modify("-24h")\n'
        "            }}\n"
        '  gives     "2024-05-05T00:00:00Z"\n',
        "",
    )


@pytest.mark.parametrize("name", [".TargetPort", "target_port", "{{ .TargetPort }}"])
def test_a_datum_is_found_by_its_name_in_either_syntax(here: Command, name: str) -> None:
    assert here.main("provisioners", "explain", name).out == (
        "WorkloadServices.W.Ports.P.TargetPort: what a run is given\n"
        "\n"
        "  the port of the container: connect to it\n"
        "\n"
        "  type      number\n"
        "  Go        .WorkloadServices.W.Ports.P.TargetPort\n"
        "  Jinja2    workload_services.W.ports.P.target_port\n"
        "  cmd://    workload_services.W.ports.P.target_port\n"
    )


def test_what_patch_templates_have_is_explained(here: Command) -> None:
    assert here.main("provisioners", "explain", "op", "Workloads").out == (
        "op: a key of what a patch template prints\n"
        "\n"
        "  what is to be done\n"
        "\n"
        "  is        `set` or `delete`\n"
        "\n"
        "Workloads: what a patch template is given\n"
        "\n"
        "  the Score files by the names of their workloads, with overrides\n"
        "\n"
        "  type      mapping\n"
        "  Go        .Workloads\n"
        "  Jinja2    workloads\n"
    )


def test_a_name_that_is_not_known_is_told_with_what_is_meant(here: Command) -> None:
    assert here.main("provisioners", "explain", "trimSufix") == (
        1,
        "",
        "Error: there is no key and no function 'trimSufix'\n  hint: did you mean 'trimSuffix'?\n",
    )
    assert here.main("provisioners", "explain", "xyzzy").err == (
        "Error: there is no key and no function 'xyzzy'\n"
        "  hint: `doit-score provisioners explain` lists what there is\n"
    )


def test_the_overview_names_everything_in_80_columns(here: Command) -> None:
    said = here.main("provisioners", "explain").out
    words = {word.strip(",:.") for word in said.split()}
    assert {*keys(), *(one.name for one in FUNCTIONS)} <= words
    assert {datum.jinja for datum in DATA if "." not in datum.jinja} <= words
    assert max(map(len, said.splitlines())) <= 80


def test_everything_that_is_explained_fits_80_columns(here: Command) -> None:
    said = here.main("provisioners", "explain", *(n for n in explain.names() if not n.startswith("gen"))).out
    long = [line for line in said.splitlines() if len(line) > 80]
    # What an example gives may be one long word.
    assert [line for line in long if len(line.split()) > 1] == []


def test_completion_asks_for_the_names(here: Command) -> None:
    names = here.main("completion", "topics").out.splitlines()
    assert names == explain.names()
    assert {"state", "State", "dig", "workload_services"} <= {*names}
