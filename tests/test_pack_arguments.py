"""What each argument of Score(...) does to the Compose project, and that a change of it is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest
import running
from running import Project

pytestmark = pytest.mark.usefixtures("settled")


@pytest.fixture
def here(tmp_path: Path) -> Project:
    directory = Project(tmp_path / "shop")
    directory.write("score.yaml", running.score())
    return directory


def test_workloads(here: Project) -> None:
    here.write("apps/one/score.yaml", running.score("one"))
    here.write("apps/two.yaml", running.score("two"))
    here.generate("workloads=['apps/*/score.yaml', 'apps/two.yaml']")
    assert list(here.services()) == ["one-main", "two-main"]
    assert here.generate("workloads='apps/**/score.yaml'") == (
        "WARN: workload 'two' is gone (it was in 'apps/two.yaml'): removed from the project; generated "
        "values are kept for its return\nINFO: wrote compose.yaml\n"
    )
    assert list(here.services()) == ["one-main"]


def test_the_usual_workloads(here: Project) -> None:
    here.write("two.score.yaml", running.score("two"))
    here.write("three/score.yaml", running.score("three"))
    here.write("three/more/score.yaml", running.score("four"))
    here.generate()
    assert list(here.services()) == ["three-main", "two-main", "web-main"]


def test_no_score_file_at_all(here: Project) -> None:
    here.remove("score.yaml")
    assert here.generate(exit=1) == (
        ".  init\n"
        ".  provision\n"
        "TaskFailed - taskid:provision\n"
        "no Score files found: nothing matches 'score.yaml', '*.score.yaml', '*/score.yaml'\n"
        "  hint: write a Score file (`doit-score init` writes a sample), or name yours: "
        'Score(workloads=["path/to/score.yaml"])\n\n'
    )


def test_provisioners_and_their_order(here: Project) -> None:
    here.write("score.yaml", running.score(things=("cup",)))
    for name in ("first", "second", "third"):
        here.write(f"{name}/a.provisioners.yaml", running.PROVISIONER.replace("first", name))
    here.generate("provisioners=['second/*.provisioners.yaml', 'first/*.provisioners.yaml']")
    assert here.main["environment"] == {"CUP": "second"}
    assert here.generate("provisioners='third/a.provisioners.yaml'") == (
        "INFO: provisioned 1 resource\nINFO: rendered 1 workload\nINFO: wrote compose.yaml\n"
    )
    assert here.main["environment"] == {"CUP": "third"}


def test_default_provisioners(here: Project) -> None:
    here.write("score.yaml", running.score() + "resources:\n  data:\n    type: volume\n")
    here.generate()
    assert here.generate("default_provisioners=False", exit=1) == (
        ".  init\n"
        ".  provision\n"
        "TaskFailed - taskid:provision\n"
        "score.yaml:9:11: resource 'volume.default#web.data' is not supported by any provisioner\n"
        "  | type: volume\n"
        "  hint: write one: a file 'provisioners/volume.provisioners.yaml' with `type: volume`; or let the "
        "shipped ones count (Score(default_provisioners=True))\n\n"
    )
    here.generate("default_provisioners=True")


def test_output_in_another_directory(here: Project) -> None:
    here.write("score.yaml", running.score() + "    files:\n      /a:\n        content: x\n")
    here.generate("output='out/compose.yaml', builds={'web:main': '.'}")
    main = here.services("out/compose.yaml")["web-main"]
    assert main["build"] == {"context": ".."}
    (volume,) = main["volumes"]
    assert here.read(f"out/{volume['source']}") == "x"
    here.generate("builds={'web:main': '.'}")
    assert here.main["build"] == {"context": "."}


def test_state_dir(here: Project) -> None:
    here.generate("state_dir='.var/score'")
    assert here.exists(".var/score/state.db")
    assert not here.exists("state")
    assert here.doit("info", "init").out.count(" - .var/score/state.db\n") == 1


def test_project(here: Project) -> None:
    here.generate()
    assert here.compose()["name"] == "shop"
    assert here.generate("project='mall'") == (
        "INFO: initialised 'state' for project 'mall'\nINFO: wrote compose.yaml\n"
    )
    assert here.compose()["name"] == "mall"


def test_builds(here: Project) -> None:
    here.generate("builds={'web:main': '.'}")
    assert (here.main.get("build"), here.main.get("image")) == ({"context": "."}, None)
    here.generate("builds={'main': {'context': 'app', 'args': {'A': 'b'}}}")
    assert here.main["build"] == {"context": "app", "args": {"A": "b"}}
    here.generate("builds={}")
    assert (here.main.get("build"), here.main.get("image")) == (None, "nginx")


def test_images(here: Project) -> None:
    here.generate("images={'web:main': 'redis'}")
    assert here.main["image"] == "redis"
    here.generate("images={'main': 'mysql'}")
    assert here.main["image"] == "mysql"
    here.generate()
    assert here.main["image"] == "nginx"


@pytest.mark.parametrize("argument", ["builds", "images"])
@pytest.mark.parametrize("workload", ["alpha", "web"])
def test_a_workloads_own_build_or_image_comes_before_that_of_every_workload(
    here: Project, argument: str, workload: str
) -> None:
    here.write("score.yaml", running.score(workload))
    here.generate(f"{argument}={{'main': 'every', '{workload}:main': 'own'}}")
    main = here.services()[f"{workload}-main"]
    assert main.get("build", {}).get("context", main.get("image")) == "own"


def test_builds_and_images_for_what_there_is_not(here: Project) -> None:
    assert here.generate("builds={'wep:main': '.'}, images={'web:mian': 'x', 'mien': 'x'}", exit=1) == (
        ".  init\n"
        ".  provision\n"
        ".  render\n"
        "TaskFailed - taskid:render\n"
        "3 problems:\n"
        "  'mien' in builds or images names container 'mien', which no workload of this project has\n"
        "    hint: containers are: main\n"
        "  'web:mian' in builds or images names container 'mian', which workload 'web' does not have\n"
        "    hint: containers are: main\n"
        "  'wep:main' in builds or images names workload 'wep', which this project does not have\n"
        "    hint: workloads are: web\n\n"
    )


def test_overrides_from_a_file(here: Project) -> None:
    here.write("over.yaml", "containers: {main: {image: redis}}\n")
    here.generate("overrides={'score.yaml': 'over.yaml'}")
    assert here.main["image"] == "redis"
    here.write("over.yaml", "containers: {main: {image: mysql}}\n")
    assert here.generate("overrides={'score.yaml': 'over.yaml'}") == (
        "INFO: read workload 'web' from 'score.yaml'\nINFO: rendered 1 workload\nINFO: wrote compose.yaml\n"
    )
    assert here.main["image"] == "mysql"
    here.generate()
    assert here.main["image"] == "nginx"


def test_overrides_from_a_dict(here: Project) -> None:
    here.generate("overrides={'score.yaml': {'containers': {'main': {'variables': {'A': 'b'}}}}}")
    assert here.main["environment"] == {"A": "b"}
    here.generate("overrides={'score.yaml': {'containers': {'main': {'variables': {'A': 'c'}}}}}")
    assert here.main["environment"] == {"A": "c"}


def test_publish(here: Project) -> None:
    here.generate("publish='8080:web:80'")
    assert here.main["ports"] == [{"target": 80, "published": "8080"}]
    here.generate("publish=['8081:web:80', '8082:web:81']")
    assert here.main["ports"] == [
        {"target": 80, "published": "8081"},
        {"target": 81, "published": "8082"},
    ]
    here.generate()
    assert "ports" not in here.main


GO = (
    '{{ range $n, $_ := .Compose.services }}- {op: set, path: "services.{{ $n }}.user", value: WORD}{{ end }}'
)
JINJA = "{% for n in compose.services %}- {op: set, path: services.{{ n }}.user, value: WORD}{% endfor %}"


@pytest.mark.parametrize(("name", "template"), [("p.tpl", GO), ("p.j2", JINJA)])
def test_patch_templates(here: Project, name: str, template: str) -> None:
    here.write(name, template.replace("WORD", "one"))
    here.generate(f"patch_templates='{name}'")
    assert here.main["user"] == "one"
    here.write(name, template.replace("WORD", "two"))
    assert here.generate(f"patch_templates='{name}'") == "INFO: wrote compose.yaml\n"
    assert here.main["user"] == "two"
    here.generate()
    assert "user" not in here.main


def test_env(here: Project) -> None:
    here.write(
        "score.yaml",
        running.score() + "    files:\n      /a:\n        content: ${resources.env.WORD}\n"
        "resources:\n  env:\n    type: environment\n",
    )

    def mounted() -> str:
        (volume,) = here.main["volumes"]
        return here.read(volume["source"])

    here.generate("env={'WORD': 'one'}")
    assert mounted() == "one"
    here.generate("env={'WORD': 'two'}", WORD="zero")
    assert mounted() == "two"
    here.generate(WORD="zero")
    assert mounted() == "zero"
    here.generate(WORD="other")
    assert mounted() == "other"


WARNING = (
    "score.yaml:13:7: unknown param 'size'\n"
    "  | size: 1\n"
    "  in supported_params of template://tests/thing, for resource 'thing.default#web.cup'\n"
    "  hint: known are colour\n"
)


def test_strict(here: Project) -> None:
    here.write("score.yaml", running.score(things=("cup",)) + "    params:\n      size: 1\n")
    here.write("provisioners/thing.provisioners.yaml", running.PROVISIONER + "  supported_params: [colour]\n")
    assert here.generate("strict=True", exit=1) == (
        ".  init\n.  provision\n.  render\n.  generate\n" + f"TaskFailed - taskid:generate\n{WARNING}\n"
    )
    assert not here.exists("compose.yaml")
    assert here.generate() == "INFO: wrote compose.yaml\nWARN: 1 warning stands; `doit why` lists it\n"
    # Nothing has to be done any more, which is said of the warning too.
    done = here.doit("generate")
    assert (done.out, done.err) == (
        "-- init\n-- provision\n-- render\n-- generate\n",
        "WARN: 1 warning stands; `doit why` lists it\n",
    )
    # Nothing is stale any more, but what was let pass then is not let pass now.
    before = here.read("compose.yaml")
    assert here.generate("strict=True", exit=1).endswith(f"TaskFailed - taskid:generate\n{WARNING}\n")
    assert here.read("compose.yaml") == before
    here.generate("strict=False")


@pytest.fixture
def word(here: Project) -> Project:
    """A project whose provisioner looks an environment variable up by itself."""
    here.write("score.yaml", running.score(things=("cup",)))
    here.write(
        "provisioners/thing.provisioners.yaml", running.PROVISIONER.replace("first", '{{ env "WORD" }}')
    )
    here.generate(WORD="one")
    assert here.main["environment"] == {"CUP": "one"}
    return here


def test_a_change_of_a_variable_that_a_template_looked_up_is_noticed(word: Project) -> None:
    word.generate(WORD="two")
    assert word.main["environment"] == {"CUP": "two"}


def test_env_is_what_templates_see(word: Project) -> None:
    word.generate("env={'WORD': 'two'}", WORD="one")
    assert word.main["environment"] == {"CUP": "two"}


def test_hermetic(word: Project) -> None:
    assert word.generate("hermetic=True", exit=1, WORD="one") == (
        "-- init\n"
        ".  provision\n"
        "TaskFailed - taskid:provision\n"
        "provisioners/thing.provisioners.yaml:7:14: env: the environment must not be read in hermetic mode; "
        "pass the value as a param\n"
        '  | word: {{ env "WORD" }}\n'
        "  in outputs of template://tests/thing, for resource 'thing.default#web.cup'\n\n"
    )
