from __future__ import annotations

import pytest

from doit_score.targets.compose import patch
from doit_score.targets.compose.patch import apply_patches
from doit_score.text import yaml12
from doit_score.text.errors import ScoreError
from doit_score.text.yaml12 import load

WEB = "services.web."


def project() -> dict[str, object]:
    return {
        "name": "demo",
        "services": {
            "db": {"image": "db:1"},
            "web": {
                "command": ["one", "two", "three"],
                "depends_on": {"db": {"condition": "service_started", "required": True}},
                "environment": {"A": "a", "B.C": "bc"},
                "hostname": "web",
                "image": "web:1",
                "volumes": [{"type": "volume", "source": "data", "target": "/data", "read_only": True}],
            },
        },
        "volumes": {"data": {}},
    }


def patched(patches: str) -> dict[str, object]:
    """The project after ``patches`` (YAML), which must give no warnings."""
    result, warnings = apply_patches(project(), load(patches), "fix.tpl")
    assert warnings == ()
    return result


def web(patches: str) -> dict[str, object]:
    services = patched(patches)["services"]
    assert isinstance(services, dict)
    assert services["db"] == {"image": "db:1"}
    result = services["web"]
    assert isinstance(result, dict)
    return result


def warned(patches: str) -> tuple[dict[str, object], list[str]]:
    result, warnings = apply_patches(project(), load(patches), "fix.tpl")
    return result, [str(warning) for warning in warnings]


def failure(patches: str) -> str:
    with pytest.raises(ScoreError) as error:
        apply_patches(project(), load(patches), "fix.tpl")
    return str(error.value)


def before() -> dict[str, object]:
    services = project()["services"]
    assert isinstance(services, dict)
    result = services["web"]
    assert isinstance(result, dict)
    return result


@pytest.mark.parametrize("patches", ["", "null", "[]"])
def test_no_patches_change_nothing(patches: str) -> None:
    assert patched(patches) == project()


def test_values_are_set_and_written_as_compose_writes_them() -> None:
    assert web("""
        - {op: set, path: services.web.image, value: "web:2", description: newer}
        - {op: set, path: services.web.privileged, value: true}
        - {op: set, path: services.web.cpus, value: 1.5}
        - {op: set, path: services.web.scale, value: 3.0}
        - {op: set, path: services.web.stop_grace_period, value: 90s}
        - {op: set, path: services.web.mem_limit, value: 64m}
        - {op: set, path: services.web.labels, value: {x: "y", 5: five}}
        - {op: set, path: services.web.environment.A}
    """) == before() | {
        "image": "web:2",
        "privileged": True,
        "cpus": 1.5,
        "scale": 3,
        "stop_grace_period": "1m30s",
        "mem_limit": "67108864",
        "labels": {"x": "y", "5": "five"},
        "environment": {"A": None, "B.C": "bc"},
    }


def test_list_entries_are_set_appended_and_deleted() -> None:
    assert web("""
        - {op: set, path: services.web.command.1, value: TWO}
        - {op: set, path: services.web.command.-1, value: four}
        - {op: set, path: services.web.command.4, value: five}
        - {op: delete, path: services.web.command.0}
        - {op: delete, path: services.web.command.-1}
        - {op: set, path: services.web.volumes.0.read_only, value: false}
        - {op: set, path: services.web.volumes.0.volume.nocopy, value: true}
        - {op: set, path: services.web.cap_add.0, value: SYS_TIME}
    """) == before() | {
        "cap_add": ["SYS_TIME"],
        "command": ["TWO", "three", "four"],
        "volumes": [{"type": "volume", "source": "data", "target": "/data", "volume": {"nocopy": True}}],
    }


def test_values_are_deleted_and_missing_ones_are_nothing_to_delete() -> None:
    expected = before()
    del expected["hostname"]
    assert web(r"""
        - {op: delete, path: services.web.hostname, value: ignored}
        - {op: delete, path: 'services.web.environment.B\.C'}
        - {op: delete, path: services.web.nope}
        - {op: delete, path: services.nope.image}
        - {op: delete, path: services.web.command.9}
        - {op: delete, path: services.web.command.first}
        - {op: delete, path: services.web.image.tag}
    """) == expected | {"environment": {"A": "a"}}


def test_a_project_can_be_emptied() -> None:
    assert patched("""
        - {op: delete, path: services}
        - {op: delete, path: name}
        - {op: delete, path: volumes.data}
    """) == {"services": {}}


def test_new_entries_come_in_every_section() -> None:
    assert patched("""
        - {op: set, path: services.extra, value: {image: "x:1", depends_on: [web]}}
        - {op: set, path: networks.front, value: {}}
        - {op: set, path: configs.conf, value: {content: hello}}
        - {op: set, path: secrets.key, value: {file: ./key.txt}}
        - {op: set, path: models.m, value: {model: ai/x}}
        - {op: set, path: x-note, value: {any: [thing]}}
        - {op: set, path: services.extra.x-note, value: 1}
    """) == {
        "name": "demo",
        "services": {
            **project()["services"],  # type: ignore[dict-item]  # it is a dict
            "extra": {
                "image": "x:1",
                "depends_on": {"web": {"condition": "service_started", "required": True}},
                "x-note": 1,
            },
        },
        "volumes": {"data": {}},
        "networks": {"front": {}},
        "configs": {"conf": {"content": "hello"}},
        "secrets": {"key": {"file": "./key.txt"}},
        "models": {"m": {"model": "ai/x"}},
        "x-note": {"any": ["thing"]},
    }


def test_keys_with_special_characters_are_escaped_or_forced() -> None:
    assert web(r"""
        - {op: set, path: 'services.web.environment.:5', value: five}
        - {op: set, path: 'services.web.environment.B\.C', value: changed}
        - {op: set, path: 'services.web.environment.\#a\*\|\@\?', value: special}
    """) == before() | {"environment": {"5": "five", "A": "a", "B.C": "changed", "#a*|@?": "special"}}


def test_a_wildcard_sets_the_first_match() -> None:
    assert web("""
        - {op: set, path: 'services.w*.image', value: star}
        - {op: set, path: 'services.web.environment.?', value: q}
    """) == before() | {"image": "star", "environment": {"A": "q", "B.C": "bc"}}


def test_wildcards_that_match_nothing_are_noticed() -> None:
    assert warned("""
        - {op: set, path: 'services.web.environment.X*', value: star}
        - {op: set, path: 'services.*.restart', value: always}
    """) == (
        project(),
        [
            "fix.tpl: patch 1 (set 'services.web.environment.X*'): nothing matches 'X*', so nothing is set",
            "fix.tpl: patch 2 (set 'services.*.restart'): nothing matches 'restart', so nothing is set",
        ],
    )


@pytest.mark.parametrize(
    "path", ["services.web.volumes.#.read_only", "services.@this.x", "services|web|image"]
)
def test_paths_that_select_are_noticed(path: str) -> None:
    assert warned(f"[{{op: set, path: '{path}', value: x}}]") == (
        project(),
        [
            f"fix.tpl: patch 1 (set '{path}'): #, @ and | select nothing here; "
            "put \\ before them if they are meant as text"
        ],
    )


def test_setting_past_the_end_of_a_list_is_noticed() -> None:
    result, warnings = warned("[{op: set, path: services.web.command.5, value: six}]")
    services = result["services"]
    assert isinstance(services, dict)
    assert services["web"]["command"] == ["one", "two", "three", "", "", "six"]
    assert warnings == [
        "fix.tpl: patch 1 (set 'services.web.command.5'): "
        "place 5 is past the end of a list of 3: it is filled up"
    ]


def test_names_that_nobody_declares_any_more_are_noticed_at_the_end() -> None:
    templates = [
        ("fix.tpl", "[{op: delete, path: services.db}, {op: delete, path: volumes}]"),
        ("more.tpl", "[{op: set, path: volumes.data, value: {}}]"),
    ]
    _, warnings = patch.patched(
        yaml12.dump(project()),
        {("services", "web"): "workload 'w'"},
        templates,
        {},
        mounts_directory="m",
        hermetic=False,
    )
    assert [str(warning).splitlines()[0] for warning in warnings] == [
        "service 'web' of workload 'w' depends on the service 'db', which is not declared in the project"
    ]


def test_a_command_with_shell_operators_is_noticed() -> None:
    _, warnings = warned("[{op: set, path: services.web.command, value: 'a; b'}]")
    assert warnings == [
        "fix.tpl: service 'web': command: Compose runs no shell, so ; & | < > are passed on as text\n"
        "  hint: write [sh, -c, '...'] if a shell is meant"
    ]


def test_services_that_now_wait_for_each_other_are_refused() -> None:
    assert failure("[{op: set, path: services.db.depends_on, value: [web]}]") == (
        "fix.tpl: services wait for each other in a circle: db -> web -> db (from the patched project)\n"
        "  hint: Compose cannot start any of them; remove one of the dependencies"
    )


@pytest.mark.parametrize(
    ("patches", "expected"),
    [
        ("op: set", "expected a list of patches, found a mapping"),
        ("[set]", "patch 1: expected a mapping with op, path and value, found text"),
        (
            "[{op: add, path: services.web.image, value: x}]",
            "patch 1 (add 'services.web.image'): unknown operation: "
            "expected op set or delete, found text ('add')",
        ),
        (
            "[{path: services.web.image, value: x}]",
            "patch 1 (no op 'services.web.image'): unknown operation: expected op set or delete, found null",
        ),
        (
            "[{op: set, value: x}]",
            "patch 1 (set ''): expected a path such as services.web.image, found nothing",
        ),
        (
            "[{op: set, path: [a], value: x}]",
            "patch 1 (set \"['a']\"): expected a path such as services.web.image, found a list",
        ),
        (
            "[{op: set, path: services.web.image, vlaue: x}]",
            "patch 1 (set 'services.web.image'): unknown key 'vlaue': "
            "expected op, path, value or description",
        ),
        (
            "[{op: delete, path: 'services.web.volumes.#.target'}]",
            "patch 1 (delete 'services.web.volumes.#.target'): "
            "cannot delete by a path with wildcards, # or @; "
            "put \\ before what is meant as text",
        ),
        (
            "[{op: delete, path: 'services.*.image'}]",
            "patch 1 (delete 'services.*.image'): cannot delete by a path with wildcards, # or @; "
            "put \\ before what is meant as text",
        ),
        (
            "[{op: set, path: services.web.command.first, value: x}]",
            "patch 1 (set 'services.web.command.first'): "
            "expected a number for the place in a list, found 'first'",
        ),
        (
            "[{op: set, path: services.web.command.5000, value: x}]",
            "patch 1 (set 'services.web.command.5000'): place 5000 is too far past the end of a list of 3",
        ),
        ("[{op: set, path: flavour, value: x}]", "flavour: Compose knows no such key at the top level"),
        (
            "[{op: set, path: services.web.colour, value: x}]",
            "service 'web': colour: Compose knows no such key here",
        ),
        (
            "[{op: set, path: services.web.image, value: 5}]",
            "service 'web': image: expected text, found a number",
        ),
        (
            "[{op: set, path: services.web.image.tag, value: x}]",
            "service 'web': image: expected text, found a mapping",
        ),
        (
            "[{op: set, path: services.web.environment.B.C, value: x}]",
            "service 'web': environment.B: expected text, found a mapping",
        ),
        ("[{op: set, path: services, value: x}]", "services: expected a mapping, found text"),
        ("[{op: set, path: services.web, value: x}]", "service 'web': expected a mapping, found text"),
        ("[{op: set, path: name, value: 5}]", "name: expected text, found a number"),
    ],
)
def test_what_is_wrong_is_said(patches: str, expected: str) -> None:
    assert failure(patches) == f"fix.tpl: {expected}"


def test_an_endless_path_is_refused() -> None:
    with pytest.raises(ScoreError, match="a path has at most 100 parts, this one has 1001"):
        apply_patches(project(), [{"op": "set", "path": "a" + ".a" * 1000, "value": 1}], "fix.tpl")


def test_a_number_that_no_list_has_as_place_is_a_key() -> None:
    path = WEB + "environment." + "9" * 5000
    result, _ = apply_patches(project(), [{"op": "set", "path": path, "value": "x"}], "fix.tpl")
    services = result["services"]
    assert isinstance(services, dict)
    assert services["web"]["environment"] == {"9" * 5000: "x", "A": "a", "B.C": "bc"}


def test_all_that_is_wrong_is_reported_at_once() -> None:
    assert failure("""
        - {op: add, path: services.web.image}
        - {op: set, path: services.web.command.x, value: 1}
    """).splitlines() == [
        "2 problems:",
        "  fix.tpl: patch 1 (add 'services.web.image'): unknown operation: "
        "expected op set or delete, found text ('add')",
        "  fix.tpl: patch 2 (set 'services.web.command.x'): "
        "expected a number for the place in a list, found 'x'",
    ]
    assert failure("""
        - {op: set, path: services.web.image, value: 1}
        - {op: set, path: services.web.colour, value: red}
        - {op: set, path: services.db.image, value: {}}
    """).splitlines() == [
        "3 problems:",
        "  fix.tpl: service 'db': image: expected text, found a mapping",
        "  fix.tpl: service 'web': colour: Compose knows no such key here",
        "  fix.tpl: service 'web': image: expected text, found a number",
    ]


def test_what_was_given_is_not_changed() -> None:
    compose = project()
    patches = load("""
        - {op: set, path: services.web.command.0, value: x}
        - {op: set, path: services.web.environment, value: {5: a}}
        - {op: set, path: services.web.environment.B, value: b}
        - {op: delete, path: services.web.volumes.0.read_only}
    """)
    given = load("""
        - {op: set, path: services.web.command.0, value: x}
        - {op: set, path: services.web.environment, value: {5: a}}
        - {op: set, path: services.web.environment.B, value: b}
        - {op: delete, path: services.web.volumes.0.read_only}
    """)
    apply_patches(compose, patches, "fix.tpl")
    assert compose == project()
    assert patches == given
