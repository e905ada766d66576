"""The single values of the state: what they are, how they are stored, and which of them are memory."""

from __future__ import annotations

import pytest

from doit_score.store.meta import MEMORY, Field, Meta, Value
from doit_score.text.errors import Problem

# What version 2 of the format has is to be read by this one.
STORED: dict[str, tuple[str, object]] = {
    "attic": ('{"a":{"b":1}}', {"a": {"b": 1}}),
    "base": ("{}", {}),
    "catalogue": ("5f", "5f"),
    "checked": (
        '[{"column":null,"context":null,"excerpt":null,"hint":"do it","line":1,"message":"odd",'
        '"path":"a.yaml"}]',
        (Problem("odd", "a.yaml", 1, hint="do it"),),
    ),
    "complete": ("0a", "0a"),
    "config": ("doit-score.toml", "doit-score.toml"),
    "context": ("kind", "kind"),
    "counts": ("3 14", (3, 14)),
    "default_provisioners": ("0", False),
    "environment": ('{"HOME":"9f"}', {"HOME": "9f"}),
    "format": ("kyaml", "kyaml"),
    "generate_namespace": ("1", True),
    "has_variables": ("1", True),
    "instances": ('{"web":"web-1"}', {"web": "web-1"}),
    "legacy": ("77", "77"),
    "legacy_resources": ('{"a.default#b":{"guid":"g"}}', {"a.default#b": {"guid": "g"}}),
    "memory": ("beef", "beef"),
    "namespace": ("shop", "shop"),
    "patch_templates": ('[["a.tpl","[]"]]', (("a.tpl", "[]"),)),
    "project": ("p", "p"),
    "publish": ('["8080:web:80"]', ("8080:web:80",)),
    "raw_names": ("1", True),
    "reasons_open": ("1", True),
    "run": ("1b", "1b"),
    "running": ('{"done":{},"made_for":{"c":"h"}}', {"done": {}, "made_for": {"c": "h"}}),
    "secrets": ("separate", "separate"),
    "standing": ("2", 2),
    "start_order": ("direct", "direct"),
    "probes": ("http", "http"),
    "output": ("c.yaml", "c.yaml"),
    "target": ("kubernetes", "kubernetes"),
    "task": ("generate", "generate"),
    "unfinished": ('["","out"]', ("", "out")),
    "vault": (
        '{"how":"env","id":"1c","names":["SECRET_A"]}',
        {"how": "env", "id": "1c", "names": ["SECRET_A"]},
    ),
    "brought": ('{"by_uid":{},"every":{}}', {"by_uid": {}, "every": {}}),
}


@pytest.mark.parametrize("name", STORED)
def test_a_value_is_read_and_stored_as_in_version_2(name: str) -> None:
    text, value = STORED[name]
    assert getattr(Meta({name: text}), name) == value
    assert getattr(Meta, name).to(value) == Value(name, text)


def test_every_field_is_among_them() -> None:
    assert {name for name, field in vars(Meta).items() if isinstance(field, Field)} == STORED.keys()


def test_what_is_memory_is_written_down_here_too() -> None:
    assert sorted(MEMORY) == [
        "attic",
        "base",
        "config",
        "context",
        "default_provisioners",
        "format",
        "generate_namespace",
        "instances",
        "legacy",
        "legacy_resources",
        "memory",
        "namespace",
        "output",
        "patch_templates",
        "probes",
        "project",
        "publish",
        "raw_names",
        "secrets",
        "start_order",
        "target",
        "task",
        "vault",
    ]


def test_what_is_not_stored_is_as_usual() -> None:
    empty = Meta({})
    assert {name: getattr(empty, name) for name in STORED if getattr(empty, name)} == {
        "counts": (0, 0),
        "default_provisioners": True,
        "format": "yaml",
        "output": "compose.yaml",
        "probes": "exec",
        "secrets": "together",
        "start_order": "wait",
        "target": "compose",
    }


def test_version_2_said_with_an_empty_text_that_nothing_is_unfinished() -> None:
    assert Meta({"unfinished": ""}).unfinished == ()


def test_a_value_cannot_be_changed_where_it_is() -> None:
    with pytest.raises(AttributeError):
        Meta({}).project = "other"  # type: ignore[misc]  # what must not be possible
