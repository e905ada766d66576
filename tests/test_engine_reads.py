from __future__ import annotations

import copy
import json
from collections.abc import Callable

import pytest
from looks import GO, JINJA, SERVICES, SHARED, looked_at

from doit_score.engine.shared.reads import (
    Decoding,
    Recording,
    agree,
    differing,
    keys_of,
    path_of,
    seen_at,
)
from doit_score.engine.shared.tree import Branch
from doit_score.provisioning.command import request
from doit_score.provisioning.scratch import Scratch
from doit_score.targets import find
from doit_score.text import canonical

Seen = dict[str, str]


def readable(note: Seen) -> Seen:
    """A note with the digests left out."""
    words = ("absent", "present", "mapping", "empty")
    return {path: text if text[1:] in words else text[0] for path, text in note.items()}


def seen(look: Callable[[Recording], object]) -> Seen:
    recording = Recording(Branch.of(SHARED))
    look(recording)
    return readable(recording.note())


@pytest.mark.parametrize(
    ("kind", "template", "noted"),
    [("template", *case) for case in GO] + [("jinja", *case) for case in JINJA],
)
def test_what_a_template_looks_at_is_noted_and_no_more(kind: str, template: str, noted: Seen) -> None:
    _, shared, services = looked_at(kind, template)
    assert readable(shared.note()) | readable(services.note()) == noted


@pytest.mark.parametrize(
    ("kind", "template"),
    [
        ("template", "{{ .Shared.broker.name }}{{ .Shared.broker.mine }}{{ .Shared.own }}"),
        ("jinja", "{{ shared.broker.name }}{{ shared.broker.mine }}{{ shared.own }}"),
    ],
)
def test_what_a_template_contributes_itself_is_not_read(kind: str, template: str) -> None:
    printed, shared, _ = looked_at(kind, template, patch="own: 1\nbroker: {mine: 2}")
    assert (printed, readable(shared.note())) == ("|b21|", {"broker.name": "="})


@pytest.mark.parametrize(
    ("kind", "template"),
    [
        ("template", "{{ range $k, $v := .Shared.routes }}{{ $k }}{{ end }}"),
        ("jinja", "{% for k in shared.routes %}{{ k }}{% endfor %}"),
    ],
)
@pytest.mark.parametrize(
    "shared",
    [{}, {"routes": {"c": 1, "a": 2}}, {"routes": {"a": 2, "c": 1}}, {"routes": {"c": 1, "b": 0, "a": 2}}],
)
def test_all_that_is_there_comes_in_its_own_order_whoever_came_first(
    kind: str, template: str, shared: dict[str, object]
) -> None:
    """Or one who adds itself to a list would find itself at another place when it is run again."""
    printed, *_ = looked_at(kind, template, shared=shared, patch="routes: {c: 1, b: 0, a: 2}")
    assert printed == "|abc|"


def test_workloads_come_in_the_order_of_their_names() -> None:
    template = "{% for name in workload_services %}{{ name }} {% endfor %}"
    printed, *_ = looked_at("jinja", template, services=dict(reversed(SERVICES.items())))
    assert printed == "|alpha beta |"


@pytest.mark.parametrize(
    ("look", "noted"),
    [
        (lambda r: r["flag"], {"flag": "="}),
        (lambda r: r.get("flag"), {"flag": "="}),
        (lambda r: r.get("none"), {"none": "=absent"}),
        (lambda r: "none" in r, {"none": "?absent"}),
        (lambda r: "flag" in r, {"flag": "?present"}),
        (lambda r: ("flag" in r, r["flag"]), {"flag": "="}),
        (lambda r: (r["flag"], "flag" in r), {"flag": "="}),
        (lambda r: r["broker"], {"broker": "=mapping"}),
        (lambda r: r["broker"]["name"], {"broker.name": "="}),
        (
            lambda r: (r["broker"]["name"], r["broker"].get("other")),
            {"broker.name": "=", "broker.other": "=absent"},
        ),
        (lambda r: r["broker"].get("other"), {"broker": "=mapping", "broker.other": "=absent"}),
        (lambda r: r["flag"].upper(), {"flag": "="}),
        (lambda r: r["list"][0]["k"], {"list": "="}),
        (lambda r: bool(r["broker"]), {"broker": "~mapping"}),
        (lambda r: bool(r["broker"]["none"]), {"broker.none": "~empty"}),
        (lambda r: (bool(r["broker"]), r["broker"]["name"]), {"broker.name": "="}),
        (lambda r: (r["broker"]["name"], len(r["broker"])), {"broker": "*"}),
        (lambda r: (len(r["broker"]), r["broker"]["topics"]["t"]), {"broker": "*"}),
        # Keys are text: whatever else is looked for is not there, and never will be.
        (lambda r: (1 in r, r.get(None), ("a",) in r), {}),
        (lambda r: None, {}),
    ],
)
def test_a_look_is_noted_at_its_path(look: Callable[[Recording], object], noted: Seen) -> None:
    assert seen(look) == noted


WHOLE: list[Callable[[Recording], object]] = [
    list,
    len,
    repr,
    dict,
    sorted,
    set,
    tuple,
    lambda r: list(r.keys()),
    lambda r: list(r.values()),
    lambda r: list(r.items()),
    lambda r: list(enumerate(r)),
    lambda r: [*r],
    lambda r: {**r},
    lambda r: dict(**r),
    lambda r: {} | dict(r),
    lambda r: r == {},
    lambda r: r != {},
    lambda r: r == {},
    lambda r: f"{r}",
    "{}".format,
]


@pytest.mark.parametrize("look", WHOLE)
def test_a_look_at_all_of_a_mapping_is_noted(look: Callable[[Recording], object]) -> None:
    assert seen(look) == {"": "*"}
    assert seen(lambda r: look(r["broker"])) == {"broker": "*"}  # type: ignore[arg-type]  # a view


@pytest.mark.parametrize(
    "look",
    [
        *WHOLE,
        json.dumps,
        copy.copy,
        copy.deepcopy,
        lambda r: r.copy(),
        lambda r: list(reversed(r)),
        lambda r: r | {},
        lambda r: {} | r,
        lambda r: dict(Scratch(r)),
        lambda r: dict(Scratch(r, {"flag": None})),
    ],
)
def test_code_in_c_cannot_read_a_private_copy_past_the_note(look: Callable[[Recording], object]) -> None:
    assert seen(lambda r: look(Scratch(r))) == {"": "*"}  # type: ignore[arg-type]  # like a view
    assert seen(lambda r: look(Scratch(r)["broker"])) == {"broker": "*"}  # type: ignore[arg-type]  # like a view


@pytest.mark.parametrize(
    ("scratch", "filled", "noted"),
    [
        (lambda r: Scratch(r), True, {"": "~mapping"}),
        (lambda r: Scratch(r["broker"]["none"]), False, {"broker.none": "~empty"}),
        (lambda r: Scratch(r["broker"]["none"], {"a": 1}), True, {"broker.none": "=mapping"}),
        (lambda r: Scratch(r["broker"]["none"], {"a": None}), False, {"broker.none": "*"}),
        (lambda r: Scratch(r["routes"], {"r": None}), False, {"routes": "*"}),
    ],
)
def test_whether_a_private_copy_is_empty_is_all_that_is_seen(
    scratch: Callable[[Recording], Scratch], filled: bool, noted: Seen
) -> None:
    found = []
    assert (seen(lambda r: found.append(bool(scratch(r)))), found) == (noted, [filled])


def test_a_private_copy_that_was_read_or_written_is_not_empty_without_a_look() -> None:
    def look(recording: Recording) -> None:
        one, other = Scratch(recording), Scratch(recording)
        assert one["flag"] == "on"
        other["new"] = 1
        assert one
        assert other

    assert seen(look) == {"flag": "="}


def test_a_private_copy_with_everything_taken_out_is_empty() -> None:
    scratch = Scratch(Recording(Branch.of({"a": 1})))
    del scratch["a"]
    assert not scratch
    scratch.clear()
    assert not scratch


def test_a_missing_key_is_an_error_and_noted() -> None:
    recording = Recording(Branch())
    with pytest.raises(KeyError):
        recording["none"]
    assert recording.note() == {"none": "=absent"}


def test_a_mapping_with_other_keys_than_text_is_read_as_a_whole() -> None:
    recording = Recording(Branch.of({"odd": {1: {"a": 1}, "b": 2}}))
    assert recording["odd"]["b"] == 2  # type: ignore[index]  # a mapping
    assert readable(recording.note()) == {"odd": "*"}


def test_a_command_reads_everything() -> None:
    _, shared, services = looked_at("template", "")
    from doit_score.provisioning.model import ProvisionInput

    named = services, "p", "m", find("compose")
    given = ProvisionInput("u", "t", "c", "i", None, None, {}, shared, "w", *named)  # type: ignore[arg-type]  # of mappings
    asked = json.loads(request(given))
    assert asked["shared_state"] == SHARED
    assert asked["workload_services"]["alpha"]["ports"]["web"]["target_port"] == 80
    assert (readable(shared.note()), readable(services.note())) == ({"": "*"}, {"": "*"})


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        ((), ""),
        (("a",), "a"),
        (("a", "b c", "d-e"), "a.b c.d-e"),
        (("",), '""'),
        (("a", ""), 'a.""'),
        (("a.b", "c"), '"a.b".c'),
        (("dns.default#web.x",), '"dns.default#web.x"'),
        (('a"b', "\\", '\\"'), '"a\\"b".\\."\\\\\\""'),
        (("a\nb", "\0"), '"a\\nb"."\\u0000"'),
    ],
)
def test_a_path_is_one_text_and_can_be_taken_apart(keys: tuple[str, ...], path: str) -> None:
    assert (path_of(keys), tuple(keys_of(path))) == (path, keys)


VALUE = {"a": {"b": 1, "c": {}}, "d": "x"}


@pytest.mark.parametrize(
    ("path", "kind", "other", "differs"),
    [
        ("a", "?", {"a": 5}, False),
        ("a", "?", {}, True),
        ("e", "?", {"e": None}, True),
        ("a", "=", {"a": {}}, False),
        ("a", "=", {"a": 1}, True),
        ("a.b", "=", {"a": {"b": 1.0}}, True),
        ("a.b", "=", {"a": {"b": 1, "x": 2}}, False),
        ("a.b", "=", {"a": "b"}, True),
        ("a", "~", {"a": {"z": 1}}, False),
        ("a", "~", {"a": {}}, True),
        ("a", "~", {"a": "text"}, True),
        ("a.c", "~", {"a": {"c": {"x": 1}}}, True),
        ("a", "*", {"a": {"c": {}, "b": 1}}, False),
        ("a", "*", {"a": {"b": 1}}, True),
        ("", "*", {**VALUE, "z": 1}, True),
        ("", "~", {"z": 1}, False),
        ("d", "~", {"d": "y"}, True),
        ("d", "*", {"d": "x", "e": 1}, False),
    ],
)
def test_a_look_sees_what_its_kind_tells_and_no_more(
    path: str, kind: str, other: dict[str, object], differs: bool
) -> None:
    note = {path: seen_at(Branch.of(VALUE), path, kind)}
    assert agree(Branch.of(VALUE), note)
    assert list(differing(Branch.of(other), note)) == ([path] if differs else [])
    assert agree(Branch.of(other), note) is not differs


def test_noting_is_no_look() -> None:
    recording = Recording(Branch.of(VALUE))
    assert (recording.note(), recording.note()) == ({}, {})


def test_absent_null_and_types_are_told_apart() -> None:
    values: dict[str, object] = {
        "null": None,
        "empty": "",
        "int": 1,
        "float": 1.0,
        "true": True,
        "text": "1",
        "list": [],
        "map": {},
    }
    root = Branch.of(values)
    assert len({seen_at(root, name, "=") for name in ("none", *values)}) == len(values) + 1


def test_texts_are_decoded_when_they_are_asked_for() -> None:
    told = Decoding({"web": '{"Ports":{}}', "bad": "no canonical text"})
    recording = Recording(told)
    assert recording.get("none", 1) == 1
    assert not recording["web"]["Ports"]  # type: ignore[index]  # a mapping
    assert recording.note() == {"none": "=absent", "web.Ports": "~empty"}


def test_all_texts_are_decoded_and_in_order_for_who_looks_at_all() -> None:
    def told() -> Decoding:
        return Decoding({"b": '{"x":2}', "a": '{"x":1}'})

    assert dict(Recording(told())) == {"a": {"x": 1}, "b": {"x": 2}}
    assert list(told().values()) == [{"x": 1}, {"x": 2}]
    assert list(told().items()) == [("a", {"x": 1}), ("b", {"x": 2})]
    assert repr(told()) == "{'a': {'x': 1}, 'b': {'x': 2}}"


def test_the_digest_of_all_texts_needs_none_decoded() -> None:
    texts = {"a": canonical.encode({"x": 1}), "b": "no canonical text"}
    assert Decoding(texts).digest() == Decoding(dict(reversed(texts.items()))).digest()
    assert Decoding(texts).digest() != Decoding({**texts, "b": "other"}).digest()
    assert Decoding(texts).digest() != Decoding({"a": texts["b"], "b": texts["a"]}).digest()
