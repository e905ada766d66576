"""What a Score file and its files say reaches the container unchanged.

Public reports: docker/compose#8171 (dollars in healthchecks), score-compose#103 (a resource in place of
one of its outputs), score-compose#94 (names with dots).
"""

from __future__ import annotations

from pathlib import Path

import pytest
import recorded
import yaml
from test_compose_convert import converted, problems, services

from doit_score.targets.compose.build import parse_build
from doit_score.targets.compose.service import check_build

KEYSTORE = b'\xff\xfe"${metadata.name}$$"\0\x80'


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def lines(problems: object) -> list[str]:
    assert isinstance(problems, tuple)
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("written", "for_compose"),
    [
        ("$READY_FILE", "$$READY_FILE"),
        ("$${NAME}", "$${NAME}"),
        ("${NAME:-x}", "$${NAME:-x}"),
        ("costs $5", "costs $$5"),
        ("$(date)", "$$(date)"),
        ("$$$", "$$$$"),
        ("5$", "5$$"),
    ],
)
def test_a_dollar_and_two_are_one_in_the_container_wherever_they_stand(
    written: str, for_compose: str
) -> None:
    """docker/compose#8171, and every public Score file that has ``$${NAME}`` in a command."""
    service = services(
        f"  wick: {{image: x, command: ['{written}'], args: ['a', '{written}'],"
        f" readinessProbe: {{exec: {{command: [sh, -c, '{written}']}}}},"
        f" files: {{'/f{written}': {{content: a}}}},"
        f" volumes: {{'/v{written}': {{source: wax}}, "
        f" /w: {{source: '${{resources.disk}}', path: 'p{written}'}}}}}}",
        "resources: {disk: {type: volume}}",
        outputs={"disk": {"type": "volume", "source": "disk"}},
    )["lantern-wick"]
    assert service["entrypoint"] == [for_compose]
    assert service["command"] == ["a", for_compose]
    assert service["healthcheck"] == {
        "test": ["CMD", "sh", "-c", for_compose],
        "interval": "5s",
        "timeout": "5s",
    }
    mounts = {str(mount["target"]): mount for mount in service["volumes"]}  # type: ignore[attr-defined]
    assert set(mounts) == {f"/f{for_compose}", f"/v{for_compose}", "/w"}
    assert mounts["/w"]["volume"] == {"subpath": f"p{for_compose}"}


def test_the_liveness_probe_and_annotations_keep_their_dollars() -> None:
    Path("score.yaml").write_text(
        "apiVersion: score.dev/v1b1\n"
        "metadata: {name: lantern, annotations: {note: 'costs $5 ${HOME}'}}\n"
        "containers: {wick: {image: x, livenessProbe: {exec: {command: ['$A']}}}}\n"
    )
    recorded.run("init", "--no-sample")
    recorded.run("generate", "score.yaml")
    service = recorded.compose()["services"]["lantern-wick"]
    assert service["annotations"]["note"] == "costs $$5 $${HOME}"
    assert service["healthcheck"]["test"] == ["CMD", "$$A"]


def test_an_output_that_has_a_variable_of_compose_is_text_and_that_is_told() -> None:
    made = converted(
        "  wick: {image: x, variables: {A: 'x-${resources.db.url}', B: '${resources.db.price}'}}",
        "resources: {db: {type: db}}",
        outputs={"db": {"url": "${NAME:-secret}", "price": "$5"}},
    )
    assert made.sections["services"]["lantern-wick"]["environment"] == {"A": "x-$${NAME:-secret}", "B": "$$5"}
    assert lines(made.notices) == [
        "${resources.db.url} has a variable like ${NAME} in it, which stays as it is\n"
        "  in containers.wick.variables.A of workload 'lantern'\n"
        "  hint: an output is text; what Compose is to fill in is an output of an environment resource"
    ]


@pytest.mark.parametrize("image", ["repo:${value.app.tag}", "repo:$1", "repo:${}", "repo:$"])
def test_an_image_that_compose_cannot_read_is_told(image: str) -> None:
    made = converted(f"  wick: {{image: '{image}'}}")
    assert lines(made.warnings) == [
        f"Compose refuses the image '{image}': it reads what follows a '$' as a variable\n"
        "  in containers.wick.image of workload 'lantern'\n"
        "  hint: an image can have ${NAME} of the environment, but no placeholders"
    ]


@pytest.mark.parametrize("image", ["repo:${TAG}", "$IMAGE", "${A:-b}", "${A?no}${B-x}", "a$$b"])
def test_an_image_may_have_variables_of_compose(image: str) -> None:
    assert converted(f"  wick: {{image: '{image}'}}").warnings == ()


def test_a_file_that_is_not_utf8_is_copied_byte_for_byte() -> None:
    made = converted("  wick: {image: x, files: {/k: {source: k}}}", sources={"k": KEYSTORE})
    assert [mount.content for mount in made.mounts] == [KEYSTORE]


def test_a_volume_from_the_environment_is_left_to_compose_as_variables_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WAX_DIR", "now")
    Path("score.yaml").write_text(
        "apiVersion: score.dev/v1b1\nmetadata: {name: lantern}\n"
        "containers: {wick: {image: x, volumes: {/wax: {source: '${resources.env.WAX_DIR}'}}}}\n"
        "resources: {env: {type: environment}}\n"
    )
    recorded.run("init", "--no-sample")
    recorded.run("generate", "score.yaml", "--env-file", "names")
    assert recorded.compose()["services"]["lantern-wick"]["volumes"] == [
        {"type": "volume", "source": "${WAX_DIR}", "target": "/wax"}
    ]
    assert Path("names").read_text() == "WAX_DIR=\n"


@pytest.mark.parametrize(
    "place",
    ["variables: {A: '${resources.db}'}", "files: {/f: {content: '${resources.db}'}}"],
)
def test_a_resource_is_none_of_its_outputs(place: str) -> None:
    """score-compose#103"""
    [problem] = problems(
        f"  wick: {{image: x, {place}}}",
        "resources: {db: {type: db}}",
        outputs={"db": {"host": "h", "port": 1}},
    )
    assert problem.endswith(
        "the placeholder ${resources.db} finds nothing: expected the name of an output after the name of the"
        " resource\n  hint: known are host, port"
    )


def test_a_resource_is_none_of_its_outputs_in_params(capsys: pytest.CaptureFixture[str]) -> None:
    """score-compose#103"""
    Path("provisioners").mkdir()
    Path("provisioners/a.provisioners.yaml").write_text(
        "- {uri: 'template://db', type: db, outputs: 'host: h'}\n- {uri: 'template://user', type: user}\n"
    )
    Path("score.yaml").write_text(
        "apiVersion: score.dev/v1b1\nmetadata: {name: lantern}\ncontainers: {wick: {image: x}}\n"
        "resources: {db: {type: db}, user: {type: user, params: {of: '${resources.db}'}}}\n"
    )
    recorded.run("init", "--no-sample")
    recorded.run("generate", "score.yaml", exit=1)
    assert capsys.readouterr().err.endswith(
        "of: the placeholder ${resources.db} finds nothing: expected the name of an output after the name of"
        " the resource\n"
        "  | resources: {db: {type: db}, user: {type: user, params: {of: '${resources.db}'}}}\n"
        "  in the params of resource 'user.default#lantern.user'\n"
        "  hint: known are host\n"
    )


def test_a_dot_in_a_name_is_escaped() -> None:
    """score-compose#94"""
    Path("score.yaml").write_text(
        "apiVersion: score.dev/v1b1\nmetadata: {name: lantern, annotations: {wax.example/kind: bees}}\n"
        r"containers: {wick: {image: x, variables: {A: '${metadata.annotations.wax\.example/kind}'}}}"
    )
    recorded.run("init", "--no-sample")
    recorded.run("generate", "score.yaml")
    assert recorded.compose()["services"]["lantern-wick"]["environment"] == {"A": "bees"}


def test_dollars_in_the_names_of_directories_are_no_variables() -> None:
    assert parse_build("wick=a$b/$c") == ("wick", {"context": "a$$b/$$c"})
    assert parse_build("wick={context: '${DIR}'}") == ("wick", {"context": "${DIR}"})
    assert check_build("a$b").value == {"context": "a$$b"}
    Path("score.yaml").write_text(
        "apiVersion: score.dev/v1b1\nmetadata: {name: lantern}\n"
        "containers: {wick: {image: x, files: {/f: {content: a}}}}\n"
    )
    recorded.run("init", "--no-sample", "--state-dir", "st$ate")
    recorded.run("generate", "score.yaml", "--state-dir", "st$ate")
    [mount] = yaml.safe_load(Path("compose.yaml").read_text())["services"]["lantern-wick"]["volumes"]
    assert mount["source"] == "st$$ate/mounts/files/lantern.wick.f"
