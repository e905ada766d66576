"""A table of edits, and what each is told to have caused: every reason in full, and nothing besides."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from engineering import ROUTE, THING, Project, score

from doit_score.engine import settings
from doit_score.engine.inputs import load
from doit_score.engine.settings import FileOptions
from doit_score.engine.stages import assemble, rendering, rounds
from doit_score.engine.why import reasons
from doit_score.store.rows import ReasonRow
from doit_score.store.state import open_state
from doit_score.version import __version__

pytestmark = pytest.mark.usefixtures("settled")

PORT = """\
- uri: template://tests/port
  type: port
  outputs: |
    port: {{ (index .WorkloadServices "beta").Ports.web.TargetPort }}
"""

EVERY_PORT = """\
- uri: template://tests/every
  type: every
  outputs: |
    count: {{ len .WorkloadServices }}
"""

VARIABLE = """\
- uri: template://tests/variable
  type: variable
  outputs: |
    value: {{ env "STALENESS_TEST" | quote }}
"""

PROGRAM = """\
- uri: cmd://./program.sh
  type: program
  inputs: []
"""

SCRIPT = """\
#!/bin/sh
cat > /dev/null
echo '{"resource_outputs": {"said": "@"}}'
"""

ALPHA = {
    "one": "{type: thing, params: {say: one, more: [1]}}",
    "two": "{type: thing, params: {say: '${resources.one.said}'}}",
    "port": "{type: port}",
    "var": "{type: variable}",
    "run": "{type: program}",
    "env": "{type: environment}",
}
USED = {"ONE": "${resources.one.said}", "ENV": "${resources.env.STALENESS_OTHER}"}
BETA = {"way": "{type: route, params: {host: beta}}"}

EVERY = (
    "environment.default#alpha.env",
    "port.default#alpha.port",
    "program.default#alpha.run",
    "route.default#beta.way",
    "thing.default#alpha.one",
    "thing.default#alpha.two",
    "variable.default#alpha.var",
)

Edit = Callable[[Project], "dict[str, object] | None"]


def alpha(**changes: str) -> str:
    return score("alpha", {**ALPHA, **changes}, variables=USED)


def beta(port: int = 80, more: str = "") -> str:
    files = "files:\n  /etc/beta: {source: beta.txt}\n" + more
    return score("beta", BETA, more=files) + f"service:\n  ports: {{web: {{port: {port}}}}}\n"


def program(said: str) -> None:
    path = Path("program.sh")
    path.write_text(SCRIPT.replace("@", said))
    path.chmod(0o755)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STALENESS_TEST", "a secret value")
    project = Project(project="p")
    project.provisioner(THING, ROUTE, PORT, VARIABLE, PROGRAM)
    project.write("score.yaml", alpha())
    project.write("b.score.yaml", beta())
    project.write("beta.txt", "text")
    project.write("patch.tpl", "- {op: set, path: services.alpha-main.restart, value: always}\n")
    project.write("over.yaml", "metadata: {annotations: {note: one}}\n")
    program("first")
    os.mkdir("deploy")
    project.run()
    return project


def why() -> list[str]:
    """What the last run did, one line each."""
    with open_state("state") as state:
        return [reasons.told(row) for row in state.rows(ReasonRow)]


def all_resources(text: str) -> list[str]:
    return [f"provisioned resource '{uid}': {text}" for uid in EVERY]


def put(path: str, text: str) -> Edit:
    return lambda project: project.write(path, text)


def setting(**changes: object) -> Edit:
    return lambda _: changes


def variable(name: str, value: str) -> Edit:
    def edit(_: Project) -> None:
        os.environ[name] = value

    return edit


def overrides(**options: object) -> Edit:
    return setting(overrides={"score.yaml": FileOptions(**options)})  # type: ignore[arg-type]  # fields of it


def entries(*changed: str) -> Edit:
    return lambda project: project.provisioner(*changed)


def both(first: Edit, second: Edit) -> Edit:
    def edit(project: Project) -> None:
        first(project)
        second(project)

    return edit


def by_hand(path: str, how: str) -> Edit:
    def edit(_: Project) -> None:
        file = Path(path)
        if how == "edit":
            file.write_text(file.read_text() + "#")
        elif how == "chmod":
            file.chmod(0o600)
        else:
            file.unlink()
            if how == "link":
                file.symlink_to("/etc/hostname")
            elif how == "directory":
                file.mkdir()

    return edit


ALPHA_2 = alpha().replace("image: nginx", "image: nginx:2")
WITHOUT_RUN = {name: text for name, text in ALPHA.items() if name != "run"}
OTHER = "provisioners/10-other.provisioners.yaml"

EDITS: dict[str, Edit] = {
    "nothing": lambda _: None,
    "comment": put("score.yaml", "# a comment\n" + alpha()),
    "image": put("score.yaml", ALPHA_2),
    "param": put("score.yaml", alpha(one="{type: thing, params: {say: two, more: [1]}}")),
    "params removed": put("score.yaml", alpha(one="{type: thing}")),
    "long params": put("score.yaml", alpha(one="{type: thing, params: {say: " + 400 * "x" + "}}")),
    "metadata of a resource": put("score.yaml", alpha(one=ALPHA["one"][:-1] + ", metadata: {a: b}}")),
    "resource added": put("score.yaml", alpha(new="{type: thing}")),
    "resource removed": put("score.yaml", score("alpha", WITHOUT_RUN, variables=USED)),
    "resource retyped": put("score.yaml", alpha(run="{type: thing}")),
    "shared": put("score.yaml", alpha(way="{type: route, id: beta.way}")),
    "route of a neighbour": put("score.yaml", alpha(way="{type: route, params: {host: alpha}}")),
    "workload renamed": put("b.score.yaml", beta().replace("name: beta", "name: gamma")),
    "workload removed": lambda _: os.remove("score.yaml"),
    "file moved": lambda _: os.rename("score.yaml", "c.score.yaml"),
    "port": put("b.score.yaml", beta(81)),
    "source": put("beta.txt", "another text"),
    "entry": entries(THING.replace("nothing", "silence"), ROUTE, PORT, VARIABLE, PROGRAM),
    "description of an entry": entries(THING + "  description: some\n", ROUTE, PORT, VARIABLE, PROGRAM),
    "another entry": put(OTHER, PORT.replace("tests/port", "tests/other")),
    "entry in another file": put(OTHER, PORT.replace("port:", "port: 1")),
    "program": lambda _: program("second"),
    "environment of a template": variable("STALENESS_TEST", "b secret value"),
    "environment variable that is left to Compose": variable("STALENESS_OTHER", "another secret"),
    "environment of the settings": setting(environment={"STALENESS_TEST": "x"}),
    "project name": setting(project="q"),
    "output": setting(output="deploy/compose.yaml"),
    "output beside": setting(output="other.yaml"),
    "builds": setting(builds={"main": {"context": "."}}),
    "builds of one": setting(builds={"alpha:main": {"context": "."}}),
    "images": setting(images={"beta:main": "busybox"}),
    "publish": setting(publish=("8080:beta:80",)),
    "patch template": setting(patch_templates=("patch.tpl",)),
    "overrides": overrides(overrides={"containers": {"main": {"image": "over"}}}),
    "overrides file": overrides(overrides_file="over.yaml"),
    "override property": overrides(properties=("containers.main.image=over",)),
    "image for '.'": overrides(image="busybox"),
    "build of a file": overrides(builds={"main": {"context": "."}}),
    "forced": setting(force=True),
    "compose.yaml edited": by_hand("compose.yaml", "edit"),
    "compose.yaml removed": by_hand("compose.yaml", "remove"),
    "mount file edited": by_hand("state/mounts/proxy/routes.conf", "edit"),
    "mount file removed": by_hand("state/mounts/proxy/routes.conf", "remove"),
    "mount file with another mode": by_hand("state/mounts/proxy/routes.conf", "chmod"),
    "mount file a link": by_hand("state/mounts/proxy/routes.conf", "link"),
    "mount file a directory": by_hand("state/mounts/proxy/routes.conf", "directory"),
    "mode of a file": put("b.score.yaml", beta().replace("beta.txt}", "beta.txt, mode: '0600'}")),
    "edited by hand and in its Score file": both(by_hand("compose.yaml", "edit"), put("score.yaml", ALPHA_2)),
}


EXPECTED = {
    "comment": [
        "rendered workload 'alpha': 'score.yaml' changed: comments or layout only",
    ],
    "image": [
        "wrote file 'compose.yaml': workload 'alpha' was rendered",
        "rendered workload 'alpha': 'score.yaml' changed: 'containers.main.image'",
    ],
    "param": [
        "wrote file 'compose.yaml': workload 'alpha' was rendered; resources "
        "'thing.default#alpha.one' and 'thing.default#alpha.two' were provisioned",
        "provisioned resource 'thing.default#alpha.one': its params changed: 'say'",
        "provisioned resource 'thing.default#alpha.two': output 'said' of resource "
        "'thing.default#alpha.one' changed",
        "rendered workload 'alpha': 'score.yaml' changed: 'resources.one.params.say'; output "
        "'said' of resource 'thing.default#alpha.one' changed; output 'said' of resource "
        "'thing.default#alpha.two' changed",
    ],
    "params removed": [
        "wrote file 'compose.yaml': workload 'alpha' was rendered; resources "
        "'thing.default#alpha.one' and 'thing.default#alpha.two' were provisioned",
        "provisioned resource 'thing.default#alpha.one': its params changed: 'more' and 'say'",
        "provisioned resource 'thing.default#alpha.two': output 'said' of resource "
        "'thing.default#alpha.one' changed",
        "rendered workload 'alpha': 'score.yaml' changed: 'resources.one.params'; output 'said'"
        " of resource 'thing.default#alpha.one' changed; output 'said' of resource "
        "'thing.default#alpha.two' changed",
    ],
    "long params": [
        "wrote file 'compose.yaml': workload 'alpha' was rendered; resources "
        "'thing.default#alpha.one' and 'thing.default#alpha.two' were provisioned",
        "provisioned resource 'thing.default#alpha.one': its params changed",
        "provisioned resource 'thing.default#alpha.two': the outputs of resource "
        "'thing.default#alpha.one' changed",
        "rendered workload 'alpha': 'score.yaml' changed: 'resources.one.params.more' and "
        "'resources.one.params.say'; the outputs of resource 'thing.default#alpha.one' changed;"
        " the outputs of resource 'thing.default#alpha.two' changed",
    ],
    "metadata of a resource": [
        "provisioned resource 'thing.default#alpha.one': the metadata of the resource changed",
        "rendered workload 'alpha': 'score.yaml' changed: 'resources.one.metadata'",
    ],
    "resource added": [
        "provisioned resource 'thing.default#alpha.new': it is new",
        "rendered workload 'alpha': 'score.yaml' changed: 'resources.new'",
    ],
    "resource removed": [
        "removed resource 'program.default#alpha.run': nothing asks for it any more",
        "rendered workload 'alpha': 'score.yaml' changed: 'resources.run'",
    ],
    "resource retyped": [
        "removed resource 'program.default#alpha.run': nothing asks for it any more",
        "provisioned resource 'thing.default#alpha.run': it is new",
        "rendered workload 'alpha': 'score.yaml' changed: 'resources.run.type'",
    ],
    "shared": [
        "rendered workload 'alpha': 'score.yaml' changed: 'resources.way'",
    ],
    "route of a neighbour": [
        "wrote file 'state/mounts/proxy/routes.conf': resource 'route.default#beta.way' was provisioned",
        "provisioned resource 'program.default#alpha.run': the shared state, which it read, "
        "changed by 'route.default#alpha.way'",
        "provisioned resource 'route.default#alpha.way': it is new",
        "provisioned resource 'route.default#beta.way': 'routes' in the shared state, which it "
        "read, changed by 'route.default#alpha.way'",
        "rendered workload 'alpha': 'score.yaml' changed: 'resources.way'",
    ],
    "workload renamed": [
        "wrote file 'compose.yaml': workloads 'alpha' and 'gamma' were rendered; workload "
        "'beta' was removed; resources 'port.default#alpha.port', 'program.default#alpha.run' "
        "and 'route.default#gamma.way' were provisioned; resource 'route.default#beta.way' was "
        "removed",
        "removed file 'state/mounts/files/beta.main.etc+beta': nothing asks for it any more",
        "wrote file 'state/mounts/files/gamma.main.etc+beta': workload 'gamma' wants it",
        "wrote file 'state/mounts/proxy/routes.conf': resource 'route.default#gamma.way' was provisioned",
        "provisioned resource 'port.default#alpha.port': the ports of 'beta', which it read, changed",
        "provisioned resource 'program.default#alpha.run': the ports of the workloads, all of "
        "which it read, changed; the shared state, which it read, changed by "
        "'route.default#beta.way' and 'route.default#gamma.way'",
        "removed resource 'route.default#beta.way': nothing asks for it any more",
        "provisioned resource 'route.default#gamma.way': it is new",
        "rendered workload 'alpha': output 'port' of resource 'port.default#alpha.port' changed",
        "removed workload 'beta': 'b.score.yaml' is of workload 'gamma' now",
        "rendered workload 'gamma': it is new",
    ],
    "workload removed": [
        "wrote file 'compose.yaml': workload 'alpha' was removed; resources "
        "'environment.default#alpha.env', 'port.default#alpha.port', "
        "'program.default#alpha.run', 'thing.default#alpha.one' and 2 more were removed",
        "removed resource 'environment.default#alpha.env': nothing asks for it any more",
        "removed resource 'port.default#alpha.port': nothing asks for it any more",
        "removed resource 'program.default#alpha.run': nothing asks for it any more",
        "removed resource 'thing.default#alpha.one': nothing asks for it any more",
        "removed resource 'thing.default#alpha.two': nothing asks for it any more",
        "removed resource 'variable.default#alpha.var': nothing asks for it any more",
        "removed workload 'alpha': its file 'score.yaml' is gone",
    ],
    "file moved": [
        "rendered workload 'alpha': it is in 'c.score.yaml' now, and was in 'score.yaml'",
    ],
    "port": [
        "provisioned resource 'port.default#alpha.port': the ports of 'beta', which it read, changed",
        "provisioned resource 'program.default#alpha.run': the ports of the workloads, all of "
        "which it read, changed",
        "rendered workload 'alpha': output 'port' of resource 'port.default#alpha.port' changed",
        "rendered workload 'beta': 'b.score.yaml' changed: 'service.ports.web.port'",
    ],
    "source": [
        "wrote file 'state/mounts/files/beta.main.etc+beta': workload 'beta' was rendered",
        "rendered workload 'beta': 'beta.txt', which it mounts, changed",
    ],
    "entry": [
        "provisioned resource 'thing.default#alpha.one': provisioner template://tests/thing in "
        "'provisioners/50-tests.provisioners.yaml' changed",
        "provisioned resource 'thing.default#alpha.two': provisioner template://tests/thing in "
        "'provisioners/50-tests.provisioners.yaml' changed",
    ],
    "another entry": [
        "provisioned resource 'port.default#alpha.port': another provisioner fits now: "
        "template://tests/port -> template://tests/other in "
        "'provisioners/10-other.provisioners.yaml'",
    ],
    "entry in another file": [
        "provisioned resource 'port.default#alpha.port': provisioner template://tests/port in "
        "'provisioners/10-other.provisioners.yaml' changed",
        "rendered workload 'alpha': output 'port' of resource 'port.default#alpha.port' changed",
    ],
    "program": [
        "provisioned resource 'program.default#alpha.run': the program of provisioner "
        "cmd://./program.sh changed",
        "rendered workload 'alpha': output 'said' of resource 'program.default#alpha.run' changed",
    ],
    "environment of a template": [
        "provisioned resource 'variable.default#alpha.var': environment variable 'STALENESS_TEST' changed",
        "rendered workload 'alpha': output 'value' of resource 'variable.default#alpha.var' changed",
    ],
    "environment of the settings": [
        "provisioned resource 'variable.default#alpha.var': environment variable 'STALENESS_TEST' changed",
        "rendered workload 'alpha': output 'value' of resource 'variable.default#alpha.var' changed",
    ],
    "project name": [
        *all_resources("the name of the project changed: p -> q"),
        "wrote file 'compose.yaml': the name of the project changed: p -> q; resources "
        "'environment.default#alpha.env', 'port.default#alpha.port', "
        "'program.default#alpha.run', 'route.default#beta.way' and 3 more were provisioned",
    ],
    "output": [
        *all_resources("the mounts directory, as Compose sees it, changed: state/mounts -> ../state/mounts"),
        "wrote file 'deploy/compose.yaml': it is new; the output changed: compose.yaml ->"
        " deploy/compose.yaml; workloads 'alpha' and 'beta' were rendered; resources "
        "'environment.default#alpha.env', 'port.default#alpha.port', "
        "'program.default#alpha.run', 'route.default#beta.way' and 3 more were provisioned",
        "rendered workload 'alpha': the mounts directory, as Compose sees it, changed: "
        "state/mounts -> ../state/mounts; the way from the output back to here changed: "
        "none -> ..",
        "rendered workload 'beta': the mounts directory, as Compose sees it, changed: "
        "state/mounts -> ../state/mounts; the way from the output back to here changed: "
        "none -> ..",
    ],
    "output beside": [
        "wrote file 'other.yaml': it is new; the output changed: compose.yaml -> other.yaml",
    ],
    "builds": [
        "wrote file 'compose.yaml': workloads 'alpha' and 'beta' were rendered",
        "rendered workload 'alpha': builds changed for 'main'",
        "rendered workload 'beta': builds changed for 'main'",
    ],
    "builds of one": [
        "wrote file 'compose.yaml': workload 'alpha' was rendered",
        "rendered workload 'alpha': builds changed for 'alpha:main'",
    ],
    "images": [
        "wrote file 'compose.yaml': workload 'beta' was rendered",
        "rendered workload 'beta': images changed for 'beta:main'",
    ],
    "publish": [
        "wrote file 'compose.yaml': the published ports changed: none -> 8080:beta:80",
    ],
    "patch template": [
        "wrote file 'compose.yaml': patch template 'patch.tpl' is new",
    ],
    "overrides": [
        "wrote file 'compose.yaml': workload 'alpha' was rendered",
        "rendered workload 'alpha': its overrides changed: 'containers.main.image'",
    ],
    "overrides file": [
        "wrote file 'compose.yaml': workload 'alpha' was rendered",
        "rendered workload 'alpha': the overrides file 'over.yaml' changed: 'metadata.annotations'",
    ],
    "override property": [
        "wrote file 'compose.yaml': workload 'alpha' was rendered",
        "rendered workload 'alpha': what overrides its properties changed: 'containers.main.image'",
    ],
    "image for '.'": [
        "rendered workload 'alpha': the image for '.' changed: none -> busybox",
    ],
    "build of a file": [
        "wrote file 'compose.yaml': workload 'alpha' was rendered",
        "rendered workload 'alpha': the build of 'main' changed",
    ],
    "forced": [
        *all_resources("everything was asked to be made again"),
        "rendered workload 'alpha': everything was asked to be made again",
        "rendered workload 'beta': everything was asked to be made again",
    ],
    "compose.yaml edited": [
        "restored file 'compose.yaml': it was edited by hand",
    ],
    "compose.yaml removed": [
        "restored file 'compose.yaml': it was removed by hand",
    ],
    "mount file edited": [
        "restored file 'state/mounts/proxy/routes.conf': it was edited by hand",
    ],
    "mount file removed": [
        "restored file 'state/mounts/proxy/routes.conf': it was removed by hand",
    ],
    "mount file with another mode": [
        "restored file 'state/mounts/proxy/routes.conf': it was given another mode (0600, not 0644) by hand",
    ],
    "mount file a link": [
        "restored file 'state/mounts/proxy/routes.conf': it was replaced by a symbolic link by hand",
    ],
    "mount file a directory": [
        "restored file 'state/mounts/proxy/routes.conf': it was replaced by a directory by hand",
    ],
    "mode of a file": [
        "wrote file 'state/mounts/files/beta.main.etc+beta': workload 'beta' wants it with mode"
        " 0600, not 0644",
        "rendered workload 'beta': 'b.score.yaml' changed: 'containers.main.files./etc/beta'",
    ],
    "edited by hand and in its Score file": [
        "wrote file 'compose.yaml': workload 'alpha' was rendered; it was edited by hand",
        "rendered workload 'alpha': 'score.yaml' changed: 'containers.main.image'",
    ],
}

# What no trace is left of: the notes of the run before stay.
WITHOUT_EFFECT = ("nothing", "description of an entry", "environment variable that is left to Compose")


def test_every_edit_has_its_reasons() -> None:
    assert {*EDITS} == {*EXPECTED, *WITHOUT_EFFECT}


@pytest.mark.parametrize("name", EXPECTED)
def test_all_that_an_edit_causes_is_told_with_its_reasons_and_nothing_else(
    project: Project, name: str
) -> None:
    project.run(**EDITS[name](project) or {})
    assert sorted(why()) == sorted(EXPECTED[name])
    assert "secret" not in "".join(why())


@pytest.mark.parametrize("name", WITHOUT_EFFECT)
def test_an_edit_without_effect_leaves_the_notes_of_the_run_before(project: Project, name: str) -> None:
    before = why()
    project.run(**EDITS[name](project) or {})
    assert why() == before
    assert before == [
        "wrote file 'compose.yaml': it is new",
        "wrote file 'state/mounts/files/beta.main.etc+beta': workload 'beta' wants it",
        "wrote file 'state/mounts/proxy/routes.conf': resource 'route.default#beta.way' wants it",
        "provisioned resource 'environment.default#alpha.env': it is new",
        "provisioned resource 'port.default#alpha.port': it is new",
        "provisioned resource 'program.default#alpha.run': it is new",
        "provisioned resource 'route.default#beta.way': it is new",
        "provisioned resource 'thing.default#alpha.one': it is new",
        "provisioned resource 'thing.default#alpha.two': it is new",
        "provisioned resource 'variable.default#alpha.var': it is new",
        "rendered workload 'alpha': it is new",
        "rendered workload 'beta': it is new",
    ]


def test_a_new_version_of_the_tool_makes_everything_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (assemble, load, rendering, rounds, settings):
        monkeypatch.setattr(module, "__version__", "9.9.9")
    project.run()
    text = f"the version of doit-score changed: {__version__} -> 9.9.9"
    assert why() == [
        *all_resources(text),
        f"rendered workload 'alpha': {text}",
        f"rendered workload 'beta': {text}",
    ]


def test_a_key_in_shared_state_that_was_read_is_named_with_those_who_changed_it(project: Project) -> None:
    said = """\
- uri: template://tests/say
  type: say
  shared: |
    said: { {{ .Params.key }}: {{ .Params.value }} }
"""
    heard = """\
- uri: template://tests/hear
  type: hear
  outputs: |
    heard: {{ dig "said" "one" "nothing" .Shared }}
"""
    project.provisioner(said, heard)
    ear = {"ear": "{type: hear}"}
    texts = {
        "score.yaml": score("alpha", ear),
        "b.score.yaml": score("beta", {"mouth": "{type: say, params: {key: one, value: 1}}"}),
    }
    for path, text in texts.items():
        project.write(path, text)
    project.run()
    project.write("b.score.yaml", texts["b.score.yaml"].replace("value: 1", "value: 2"))
    project.run()
    assert why() == [
        "provisioned resource 'hear.default#alpha.ear': 'said.one' in the shared state, which it read, "
        "changed by 'say.default#beta.mouth'",
        "provisioned resource 'say.default#beta.mouth': its params changed: 'value'",
        "rendered workload 'alpha': output 'heard' of resource 'hear.default#alpha.ear' changed",
        "rendered workload 'beta': 'b.score.yaml' changed: 'resources.mouth.params.value'",
    ]
    # Another key is not looked at, so nobody hears of it.
    project.write("b.score.yaml", texts["b.score.yaml"].replace("key: one, value: 1", "key: two, value: 2"))
    project.run()
    project.write("b.score.yaml", texts["b.score.yaml"].replace("key: one, value: 1", "key: two, value: 3"))
    project.run()
    assert why() == [
        "provisioned resource 'say.default#beta.mouth': its params changed: 'value'",
        "rendered workload 'beta': 'b.score.yaml' changed: 'resources.mouth.params.value'",
    ]


def test_params_that_refer_to_another_resource_which_gives_the_same_are_told(project: Project) -> None:
    resources = {
        "one": "{type: thing, params: {say: the same}}",
        "two": "{type: thing, params: {say: '${resources.one.said}'}}",
    }
    project.write("score.yaml", score("alpha", resources))
    project.write("b.score.yaml", score("beta"))
    project.run()
    project.write(
        "score.yaml",
        score("alpha", {**resources, "one": "{type: thing, id: other, params: {say: the same}}"}),
    )
    project.run()
    assert (
        "provisioned resource 'thing.default#alpha.two': its params refer to 'thing.default#other' now"
        in why()
    )
