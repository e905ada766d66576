from __future__ import annotations

from collections.abc import Mapping

import pytest

from doit_score.score.placeholders import Deferred, MapOutputs, Outputs
from doit_score.score.workload import Workload, read
from doit_score.score.workload.sources import needed_sources
from doit_score.targets import Fragments, MountFile
from doit_score.targets.compose.convert import ServiceInput, convert
from doit_score.targets.compose.files import mount_name
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import replace
from doit_score.text.yaml12 import load

ANNOTATIONS = {"compose.score.dev/workload-name": "lantern"}


def workload(containers: str, rest: str = "") -> Workload:
    text = f"apiVersion: score.dev/v1b1\nmetadata: {{name: lantern}}\ncontainers:\n{containers}\n{rest}\n"
    return read(load(text), path="score.yaml", text=text)[0]


def converted(containers: str, rest: str = "", **given: object) -> Fragments:
    outputs = given.pop("outputs", {})
    assert isinstance(outputs, Mapping)
    made = workload(containers, rest)
    resources: dict[str, Outputs] = {name: MapOutputs(outputs.get(name, {})) for name in made.resources}
    uids = {name: f"{one.type}.default#lantern.{name}" for name, one in made.resources.items()}
    given.setdefault("mounts_directory", "state/mounts")
    return convert(made, ServiceInput(resources, uids, **given))  # type: ignore[arg-type]  # tests give what they need


def services(containers: str, rest: str = "", **given: object) -> Mapping[str, Mapping[str, object]]:
    return converted(containers, rest, **given).sections["services"]


def problems(containers: str, rest: str = "", **given: object) -> list[str]:
    with pytest.raises(ScoreError) as error:
        converted(containers, rest, **given)
    return [told(problem) for problem in error.value.problems]


def told(problem: Problem) -> str:
    """The text of a problem, with what it is about before it, as far as that is known."""
    if problem.context is None:
        return str(problem)
    where = problem.context.removeprefix("in ").removesuffix(" of workload 'lantern'")
    return str(replace(problem, message=f"{where}: {problem.message}", context=None))


def shape(containers: str) -> dict[str, object]:
    """For each container its hostname, or whose network it uses, or None."""
    result = {}
    for name, service in services(containers).items():
        mode = service.get("network_mode")
        owner = mode.removeprefix("service:lantern-") if isinstance(mode, str) else None
        result[name.removeprefix("lantern-")] = service.get("hostname") or owner
    return result


def test_the_smallest_workload_becomes_one_service_with_the_hostname_of_the_workload() -> None:
    result = converted("  wick: {image: x1}")
    assert result.sections["services"] == {
        "lantern-wick": {"annotations": ANNOTATIONS, "hostname": "lantern", "image": "x1"}
    }
    assert (result.facts, result.mounts, result.warnings, result.notices) == (
        "lantern-wick",
        (),
        (),
        (),
    )


def test_annotations_of_the_workload_are_copied_and_the_workload_name_cannot_be_forged() -> None:
    text = (
        "apiVersion: score.dev/v1b1\nmetadata: {name: lantern, annotations: {team: wax,"
        " compose.score.dev/workload-name: forged}}\ncontainers: {wick: {image: x}}\n"
    )
    made = read(load(text), path="score.yaml", text=text)[0]
    service = convert(made, ServiceInput({}, {})).sections["services"]["lantern-wick"]
    assert service["annotations"] == {"compose.score.dev/workload-name": "lantern", "team": "wax"}


def test_one_dollar_and_two_in_command_and_args_are_one_for_the_container() -> None:
    service = services("""  wick: {image: x, command: ["a$b", "$$X", "-$P"], args: ["${A:-$$B}", "5$$$"]}""")[
        "lantern-wick"
    ]
    assert service["entrypoint"] == ["a$$b", "$$X", "-$$P"]
    assert service["command"] == ["$${A:-$$B}", "5$$$$"]


def test_empty_lists_of_words_clear_what_the_image_says() -> None:
    service = services("  wick: {image: x, command: [], args: []}")["lantern-wick"]
    assert (service["entrypoint"], service["command"]) == ([], [])


def test_dollars_in_images_are_left_to_compose() -> None:
    assert services("  wick: {image: 'x:${TAG:-1}'}")["lantern-wick"]["image"] == "x:${TAG:-1}"


def test_variables_reach_the_container_as_written_and_outputs_are_escaped() -> None:
    service = services(
        "  wick: {image: x, variables: {A: 'pa$word', B: '$${no} $$', C: 'x${resources.db.password}y'}}",
        "resources: {db: {type: db}}",
        outputs={"db": {"password": "p$q${r}"}},
    )["lantern-wick"]
    assert service["environment"] == {"A": "pa$$word", "B": "$${no} $$", "C": "xp$$q$${r}y"}


class _Environment:
    def lookup(self, keys: tuple[str, ...], *, deferred: bool) -> object:
        return Deferred(f"${{{keys[0]}}}") if deferred else f"value of {keys[0]}"


def test_environment_resources_are_left_to_compose_in_variables_and_looked_up_in_files() -> None:
    made = workload(
        "  wick: {image: x, variables: {A: '${resources.env.KEY}'},"
        " files: {/a: {content: '${resources.env.KEY}'}}}",
        "resources: {env: {type: environment}}",
    )
    result = convert(
        made,
        ServiceInput(
            {"env": _Environment()}, {"env": "environment.default#lantern.env"}, mounts_directory="m"
        ),
    )
    assert result.sections["services"]["lantern-wick"]["environment"] == {"A": "${KEY}"}
    assert result.mounts == (MountFile("files/lantern.wick.a", b"value of KEY", 0o644),)


# --- images and builds ------------------------------------------------------------------------


def test_an_image_of_a_dot_is_replaced_by_the_given_image() -> None:
    assert services("  wick: {image: .}", image="x:2")["lantern-wick"]["image"] == "x:2"
    assert services("  wick: {image: x1}", image="x:2")["lantern-wick"]["image"] == "x1"


def test_a_build_replaces_the_image() -> None:
    service = services("  wick: {image: x1}", builds={"wick": {"context": "./src"}}, image="y")[
        "lantern-wick"
    ]
    assert service == {"annotations": ANNOTATIONS, "hostname": "lantern", "build": {"context": "./src"}}


def test_an_image_of_a_dot_without_build_and_image_is_an_error_that_names_container_and_flags() -> None:
    assert problems("  wick: {image: .}") == [
        "containers.wick.image: container 'wick' of workload 'lantern' has no image ('.'),"
        " and nobody gave one, or a build\n"
        "  hint: give --build wick=DIRECTORY, or --image IMAGE"
    ]


def test_a_build_for_an_unknown_container_is_a_warning() -> None:
    result = converted("  wick: {image: x}", builds={"wack": {"context": "."}})
    assert [told(one) for one in result.warnings] == [
        "a build was given for container 'wack', which workload 'lantern' does not have\n"
        "  hint: its containers are: wick"
    ]


# --- network and order ------------------------------------------------------------------------


def test_the_first_container_by_name_without_before_owns_the_network() -> None:
    assert shape("  aa: {image: x, before: {cc: {ready: started}}}\n  bb: {image: x}\n  cc: {image: x}") == {
        "aa": "bb",
        "bb": "lantern",
        "cc": "bb",
    }


def test_a_container_that_only_runs_before_others_to_completion_is_alone() -> None:
    assert shape("  main: {image: x}\n  setup: {image: x, before: {main: {ready: complete}}}") == {
        "main": "lantern",
        "setup": None,
    }


def test_an_empty_before_is_no_before() -> None:
    assert shape("  main: {image: x, before: {}}\n  side: {image: x}") == {"main": "lantern", "side": "main"}


def test_a_sidecar_that_starts_first_owns_the_network() -> None:
    """With main as the owner, as the reference has it, Compose refuses the cycle main -> side -> main."""
    assert shape("  main: {image: x}\n  side: {image: x, before: {main: {ready: started}}}") == {
        "main": "side",
        "side": "lantern",
    }


def test_a_container_that_runs_to_completion_for_one_and_starts_for_another_owns_no_network() -> None:
    """Case containers-13: the network would end with the container."""
    assert shape(
        "  main: {image: x}\n  other: {image: x}\n"
        "  setup: {image: x, before: {main: {ready: complete}, other: {ready: started}}}"
    ) == {"main": "lantern", "other": "main", "setup": None}


def test_of_many_containers_before_one_the_first_that_waits_for_none_to_share_owns_the_network() -> None:
    """Case containers-18."""
    probe = "readinessProbe: {exec: {command: [ok]}}"
    assert shape(
        "  main: {image: x}\n"
        "  one: {image: x, before: {main: {ready: complete}, two: {ready: complete}}}\n"
        "  two: {image: x, before: {main: {ready: started}}}\n"
        f"  three: {{image: x, before: {{main: {{ready: healthy}}}}, {probe}}}"
    ) == {"main": "three", "one": None, "three": "lantern", "two": "three"}


def test_before_becomes_depends_on_of_the_other_container() -> None:
    probe = "livenessProbe: {exec: {command: [ok]}}"
    assert services(
        "  main: {image: x}\n"
        "  aa: {image: x, before: {main: {ready: complete}}}\n"
        f"  bb: {{image: x, before: {{main: {{ready: healthy}}}}, {probe}}}\n"
        "  cc: {image: x, before: {main: {ready: started}}}"
    )["lantern-main"]["depends_on"] == {
        "lantern-aa": {"condition": "service_completed_successfully", "required": True},
        "lantern-bb": {"condition": "service_healthy", "required": True},
        "lantern-cc": {"condition": "service_started", "required": True},
    }


def test_every_service_waits_for_the_wait_service_by_its_name() -> None:
    made = services(
        "  aa: {image: x}\n  bb: {image: x}",
        waits_for={"wait-for-resources-2": "service_completed_successfully"},
    )
    awaited = {"wait-for-resources-2": {"condition": "service_completed_successfully", "required": True}}
    assert [service["depends_on"] for service in made.values()] == [awaited, awaited]


def test_models_reach_every_service() -> None:
    made = services("  aa: {image: x}\n  bb: {image: x}", models=("m2", "m1"))
    assert [service["models"] for service in made.values()] == [{"m1": {}, "m2": {}}] * 2


# --- probes and limits ------------------------------------------------------------------------


def test_the_exec_readiness_probe_wins_over_the_liveness_probe() -> None:
    service = services(
        "  wick: {image: x, readinessProbe: {exec: {command: [r, 'a b']}},"
        " livenessProbe: {exec: {command: [l]}}}"
    )["lantern-wick"]
    assert service["healthcheck"] == {"test": ["CMD", "r", "a b"], "interval": "5s", "timeout": "5s"}


def test_an_exec_liveness_probe_is_used_beside_an_http_readiness_probe_which_is_noticed() -> None:
    result = converted(
        "  wick: {image: x, readinessProbe: {httpGet: {path: /, port: 80}},"
        " livenessProbe: {exec: {command: [l]}}}"
    )
    assert result.sections["services"]["lantern-wick"]["healthcheck"] == {
        "test": ["CMD", "l"],
        "interval": "5s",
        "timeout": "5s",
    }
    assert [told(one) for one in result.notices] == [
        "containers.wick.readinessProbe: httpGet probes are not supported by Compose; left out\n"
        "  hint: `--probes http` (Score(probes='http')) makes a healthcheck of it"
    ]
    assert result.warnings == ()


def test_healthy_needs_an_exec_probe_and_the_error_says_why() -> None:
    hint = "\n  hint: add an exec probe, or use ready: started"
    assert problems("  main: {image: x}\n  cache: {image: x, before: {main: {ready: healthy}}}") == [
        "containers.cache.before: ready 'healthy' (for main) requires an exec probe, but the container has"
        f" neither a readiness nor a liveness probe{hint}"
    ]
    assert problems(
        "  main: {image: x}\n  cache: {image: x, before: {main: {ready: healthy}},"
        " livenessProbe: {httpGet: {path: /, port: 80}}}"
    ) == [
        "containers.cache.before: ready 'healthy' (for main) requires an exec probe, but livenessProbe is an"
        f" httpGet probe, for which Compose has no healthcheck{hint}; `--probes http` (Score(probes='http'))"
        " makes a healthcheck of it"
    ]


def test_empty_probes_are_errors() -> None:
    assert problems("  wick: {image: x, readinessProbe: {}, livenessProbe: {exec: {command: []}}}") == [
        "containers.wick.livenessProbe: exec command is empty",
        "containers.wick.readinessProbe: expected exec or httpGet, found neither",
    ]


def test_limits_and_requests_are_noticed() -> None:
    result = converted("  wick: {image: x, resources: {limits: {cpu: '1'}, requests: {memory: 1Gi}}}")
    assert [told(one) for one in result.notices] == [
        "containers.wick.resources.limits: not carried over to Compose; left out",
        "containers.wick.resources.requests: not carried over to Compose; left out",
    ]


# --- files ------------------------------------------------------------------------------------


def test_files_of_one_base_name_do_not_meet() -> None:
    result = converted(
        "  glass: {image: x, files: {/etc/app.conf: {content: glass}}}\n"
        "  wick: {image: x, files: {/etc/app.conf: {content: wick}, /opt/app.conf: {content: opt}}}"
    )
    assert result.mounts == (
        MountFile("files/lantern.glass.etc+app.conf", b"glass", 0o644),
        MountFile("files/lantern.wick.etc+app.conf", b"wick", 0o644),
        MountFile("files/lantern.wick.opt+app.conf", b"opt", 0o644),
    )
    assert result.sections["services"]["lantern-wick"]["volumes"] == [
        {"type": "bind", "source": "state/mounts/files/lantern.wick.etc+app.conf", "target": "/etc/app.conf"},
        {"type": "bind", "source": "state/mounts/files/lantern.wick.opt+app.conf", "target": "/opt/app.conf"},
    ]


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("/etc/app.conf", "w.c.etc+app.conf"),
        ("/etc/my-app.conf", "w.c.etc+my-app.conf"),
        ("/etc/App.conf", "w.c.etc+App.conf-030af9e19b"),
        ("/etc/a+b", "w.c.etc+a-b-4867e26cc7"),
        ("/etc/${metadata.name}", "w.c.etc+--metadata.name--24e24175c0"),
        ("etc/app.conf", "w.c.etc+app.conf-d14d9a9e8b"),
        ("", "w.c.-e3b0c44298"),
    ],
)
def test_mount_names_are_readable_and_hashed_only_where_characters_were_changed(
    target: str, name: str
) -> None:
    assert mount_name("w", "c", target) == name


def test_a_long_target_keeps_its_end_and_is_hashed() -> None:
    name = mount_name("w", "c", "/" + "a" * 300 + "/app.conf")
    assert name.startswith("w.c.aaa")
    assert name.rpartition("-")[0].endswith("aaa+app.conf")
    assert len(name) == 135


def test_a_mode_without_owner_write_is_written_with_it_and_mounted_read_only() -> None:
    result = converted(
        "  wick: {image: x, files: {/a: {content: x, mode: '0440'}, /b: {content: x, mode: '0755'}}}"
    )
    assert [(mount.path, mount.mode) for mount in result.mounts] == [
        ("files/lantern.wick.a", 0o640),
        ("files/lantern.wick.b", 0o755),
    ]
    assert result.sections["services"]["lantern-wick"]["volumes"] == [
        {"type": "bind", "source": "state/mounts/files/lantern.wick.a", "target": "/a", "read_only": True},
        {"type": "bind", "source": "state/mounts/files/lantern.wick.b", "target": "/b"},
    ]


def test_a_mode_without_owner_read_is_an_error() -> None:
    assert problems("  wick: {image: x, files: {/etc/m: {content: x, mode: '0300'}}}") == [
        "containers.wick.files[/etc/m].mode: expected a mode that lets the owner read (at least 0400),"
        " found 0300"
    ]


def test_sources_are_relative_to_the_score_file_cleaned_and_expanded_unless_told_otherwise() -> None:
    files = "  wick: {image: x, files: {/a: {source: ./d//a.txt}, /b: {source: d/../b.bin, noExpand: true}}}"
    assert needed_sources(workload(files)) == ("b.bin", "d/a.txt")
    sources = {"d/a.txt": b"at ${metadata.name}", "b.bin": b"\x00${nope}\xfe"}
    assert [mount.content for mount in converted(files, sources=sources).mounts] == [
        b"at lantern",
        b"\x00${nope}\xfe",
    ]


def test_sources_that_leave_the_directory_are_not_asked_for_and_reported_together() -> None:
    files = (
        "  wick: {image: x, files: {/a: {source: /etc/hostname}, /b: {source: ../b}, /c: {source: s/../../c},"
        " /d: {source: gone}, /e: {source: unread}}}"
    )
    assert needed_sources(workload(files)) == ("gone", "unread")
    inside = "expected a relative path within the directory of the Score file, found"
    assert problems(files, sources={"gone": "no such file"}) == [
        f"containers.wick.files[/a].source: {inside} '/etc/hostname'",
        f"containers.wick.files[/b].source: {inside} '../b'",
        f"containers.wick.files[/c].source: {inside} 's/../../c'",
        "containers.wick.files[/d].source: failed to read 'gone': no such file",
        "containers.wick.files[/e].source: failed to read 'unread': it was not read",
    ]


def test_binary_content_is_written_as_it_is() -> None:
    result = converted("  wick: {image: x, files: {/a: {binaryContent: AAEC/yR7bX0=}}}")
    assert result.mounts == (MountFile("files/lantern.wick.a", b"\x00\x01\x02\xff${m}", 0o644),)


def test_files_without_a_mounts_directory_are_an_error() -> None:
    assert problems("  wick: {image: x, files: {/a: {content: x}}}", mounts_directory=None) == [
        "containers.wick.files: files are not supported without a mounts directory"
    ]


def test_all_problems_of_a_workload_are_told_at_their_places() -> None:
    places = {
        ("containers", "wick", "image"): ("score.yaml", 5, 12),
        ("containers", "wick", "variables", "A"): ("score.yaml", 7, 9),
    }
    found = problems(
        "  wick: {image: ., variables: {A: '${resources.db.nope}'}}",
        "resources: {db: {type: db}}",
        locate=lambda keys: places[tuple(keys)],
    )
    assert [line.partition(":   ")[0].split(": ")[0:2] for line in found] == [
        ["score.yaml:5:12", "containers.wick.image"],
        ["score.yaml:7:9", "containers.wick.variables.A"],
    ]


# --- volumes ----------------------------------------------------------------------------------


def mounts(volume: str, outputs: Mapping[str, object]) -> object:
    text = f"  wick: {{image: x, volumes: {{/data: {volume}}}}}"
    made = services(text, "resources: {disk: {type: vol}}", outputs={"disk": outputs})
    return made["lantern-wick"]["volumes"]


DISK = "source: '${resources.disk}'"


def test_a_plain_source_is_the_name_of_a_volume() -> None:
    assert mounts("{source: wax, readOnly: true}", {}) == [
        {"type": "volume", "source": "wax", "target": "/data", "read_only": True}
    ]


def test_the_path_of_a_plain_source_is_left_out_with_a_warning() -> None:
    result = converted("  wick: {image: x, volumes: {/data: {source: wax, path: sub}}}")
    assert result.sections["services"]["lantern-wick"]["volumes"] == [
        {"type": "volume", "source": "wax", "target": "/data"}
    ]
    assert [told(one) for one in result.warnings] == [
        "containers.wick.volumes[/data]: path 'sub' is left out: 'wax' is not the volume of a resource\n"
        "  hint: give the path in a resource, or leave it out"
    ]


@pytest.mark.parametrize(
    ("volume", "outputs", "mount"),
    [
        (f"{{{DISK}}}", {"type": "volume", "source": "wax"}, {"type": "volume", "source": "wax"}),
        (f"{{{DISK}}}", {"type": "volume"}, {"type": "volume"}),
        (
            f"{{{DISK}, path: ./a//b/../c/}}",
            {"type": "volume", "source": "wax"},
            {"type": "volume", "source": "wax", "volume": {"subpath": "a/c"}},
        ),
        (
            f"{{{DISK}, path: more}}",
            {"type": "volume", "source": "wax", "volume": {"nocopy": True, "subpath": "base"}},
            {"type": "volume", "source": "wax", "volume": {"nocopy": True, "subpath": "base/more"}},
        ),
        (f"{{{DISK}}}", {"type": "tmpfs", "source": "x"}, {"type": "tmpfs"}),
        (
            f"{{{DISK}}}",
            {"type": "tmpfs", "tmpfs": {"size": "1m"}},
            {"type": "tmpfs", "tmpfs": {"size": "1048576"}},
        ),
        (
            f"{{{DISK}}}",
            {"type": "bind", "source": "/srv", "bind": {"propagation": "rslave", "create_host_path": True}},
            {"type": "bind", "source": "/srv", "bind": {"propagation": "rslave", "create_host_path": True}},
        ),
        (
            f"{{{DISK}, path: sub}}",
            {"type": "bind", "source": "/srv/"},
            {"type": "bind", "source": "/srv/sub"},
        ),
        (
            "{source: 'vol.default#lantern.disk'}",
            {"type": "bind", "source": "/s"},
            {"type": "bind", "source": "/s"},
        ),
        ("{source: 'v-${metadata.name}'}", {}, {"type": "volume", "source": "v-lantern"}),
    ],
)
def test_outputs_describe_a_mount(volume: str, outputs: dict[str, object], mount: dict[str, object]) -> None:
    assert mounts(volume, outputs) == [{**mount, "target": "/data"}]


@pytest.mark.parametrize(
    ("volume", "outputs", "message"),
    [
        (
            f"{{{DISK}}}",
            {"source": "x"},
            "resource 'vol.default#lantern.disk' has no 'type' output that says what to mount"
            " (volume, tmpfs or bind)",
        ),
        (
            f"{{{DISK}}}",
            {"type": "npipe"},
            "resource 'vol.default#lantern.disk' has invalid type 'npipe': expected volume, tmpfs or bind",
        ),
        (
            f"{{{DISK}}}",
            {"type": "volume", "source": {"a": "b"}},
            "resource 'vol.default#lantern.disk' outputs do not describe a volume: source: expected text,"
            " found a mapping",
        ),
        (
            f"{{{DISK}, path: sub}}",
            {"type": "tmpfs"},
            "a tmpfs cannot be mounted with the path 'sub': Compose does not support it",
        ),
    ],
)
def test_outputs_that_describe_no_mount_are_errors(volume: str, outputs: object, message: str) -> None:
    assert problems(
        f"  wick: {{image: x, volumes: {{/data: {volume}}}}}",
        "resources: {disk: {type: vol}}",
        outputs={"disk": outputs},
    ) == [f"containers.wick.volumes[/data]: {message}"]


def test_an_environment_resource_is_no_volume() -> None:
    made = workload(
        "  wick: {image: x, volumes: {/a: {source: '${resources.env}'}}}",
        "resources: {env: {type: environment}}",
    )
    with pytest.raises(ScoreError) as error:
        convert(made, ServiceInput({"env": _Environment()}, {"env": "environment.default#lantern.env"}))
    assert told(error.value.problems[0]) == (
        "containers.wick.volumes[/a]: resource 'environment.default#lantern.env' has no 'type' output that"
        " says what to mount (volume, tmpfs or bind)"
    )


def test_volumes_and_files_are_sorted_by_source_then_target() -> None:
    """Case containers-64-many-volumes-order."""
    service = services(
        "  wick:\n    image: x\n"
        "    volumes: {/z: {source: aa}, /a: {source: zz}, /m: {source: mm}, /b: {source: mm}}\n"
        "    files: {/f/zz: {content: x}, /e/bb: {content: y}}",
        mounts_directory=".score-compose/mounts",
    )["lantern-wick"]
    volumes = service["volumes"]
    assert isinstance(volumes, list)
    assert [one["target"] for one in volumes] == ["/e/bb", "/f/zz", "/z", "/b", "/m", "/a"]


def test_a_file_and_a_volume_at_one_target_and_a_relative_target_are_warnings() -> None:
    result = converted(
        "  wick: {image: x, volumes: {/etc/a: {source: wax}}, files: {/etc/a: {content: x}, b: {content: y}}}"
    )
    assert [told(one) for one in result.warnings] == [
        "containers.wick.files[b]: expected an absolute path as the target: Compose may refuse this one",
        "containers.wick.volumes[/etc/a]: a file is mounted at the same target",
    ]
