"""`doit-score generate`: flags that fit or do not, what is remembered, and where the output goes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
import running
import yaml
from running import Command, Done

UP_TO_DATE = "INFO: nothing to do: 1 workload, 0 resources up to date\n"
READ = "INFO: read workload 'web' from 'score.yaml'\n"
RENDERED = "INFO: rendered 1 workload\nINFO: wrote compose.yaml\n"
WROTE = READ + RENDERED
GONE = (
    "WARN: workload 'web' is gone (it was in 'score.yaml'): removed from the project; generated values are "
    "kept for its return\n"
)

pytestmark = pytest.mark.usefixtures("settled")


class Project(Command):
    """A project with one workload, `web`, that is not generated yet."""

    def generate(self, *arguments: str) -> str:
        """Runs `generate`, which must succeed; returns what was said."""
        done = self.main("generate", *arguments)
        assert (done.exit, done.out) == (0, ""), done
        return done.err

    @property
    def service(self) -> dict[str, Any]:
        return self.services()["web-main"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Project:
    directory = Project(tmp_path / "shop", capfd)
    monkeypatch.chdir(directory.path)
    directory.write("score.yaml", running.score())
    directory.write(".score-compose/thing.provisioners.yaml", running.PROVISIONER)
    directory.main("init", "--no-default-provisioners")
    return directory


def error(text: str) -> Done:
    return Done(1, "", f"Error: {text}\n")


@pytest.mark.usefixtures("settled")
def test_the_first_run_and_the_second(here: Project) -> None:
    assert here.generate("score.yaml") == WROTE
    before = here.tree()
    assert here.generate("score.yaml") == UP_TO_DATE
    assert here.generate() == UP_TO_DATE
    assert here.generate("./score.yaml") == UP_TO_DATE
    assert here.generate("--quiet") == ""
    assert here.tree() == before


def test_quiet_prints_errors_only(here: Project) -> None:
    assert here.generate("score.yaml", "--quiet") == ""
    here.remove("score.yaml")
    assert here.main("generate", "--quiet", "score.yaml") == error(
        "failed to read 'score.yaml': there is no such file\n  hint: check the path"
    )
    assert here.main("--quiet", "generate").err == ""


def test_verbose_says_more(here: Project) -> None:
    assert here.generate("score.yaml", "-v") == (
        f"{READ}DEBUG: provisioned 0 resources\n"
        "INFO: rendered 1 workload\n"
        "DEBUG: rendered workload 'web': it is new\n"
        "INFO: wrote compose.yaml\n"
        "DEBUG: wrote file 'compose.yaml': it is new\n"
    )
    here.write("two.yaml", running.score("two"))
    assert here.generate("two.yaml", "-v") == (
        "INFO: read workload 'two' from 'two.yaml'\n"
        "DEBUG: provisioned 0 resources\n"
        "INFO: rendered 1 workload of 2\n"
        "DEBUG: rendered workload 'two': it is new\n"
        "INFO: wrote compose.yaml\n"
        "DEBUG: wrote file 'compose.yaml': workload 'two' was rendered\n"
        "DEBUG: left 1 workload as before: nothing that they are made of has changed\n"
    )


@pytest.mark.parametrize(
    "flag", ["--image=x", "--build=main=.", "--overrides-file=o", "--override-property=a=b"]
)
def test_flags_for_one_score_file_with_two(here: Project, flag: str) -> None:
    here.write("two.yaml", running.score("two"))
    assert here.main("generate", "score.yaml", "two.yaml", flag) == error(
        f"{flag.partition('=')[0]} cannot be used when multiple Score files are provided\n"
        "  hint: generate them one after the other: each run adds to the project"
    )


@pytest.mark.parametrize("flag", ["--overrides-file=o", "--override-property=a=b"])
def test_overrides_without_a_score_file(here: Project, flag: str) -> None:
    assert here.main("generate", flag) == error(
        f"{flag.partition('=')[0]} cannot be used without providing a Score file"
    )


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(("flag", "value"), [("--image", "x"), ("--build", "main=.")])
def test_an_image_or_a_build_without_a_score_file_changes_nothing(
    here: Project, flag: str, value: str
) -> None:
    """Case containers-37: no error."""
    here.generate("score.yaml")
    assert here.generate(flag, value) == (
        f"WARN: {flag} is for the Score files that are given, and none is: it changes nothing\n{UP_TO_DATE}"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            [],
            "no workloads found, and no Score file was given\n"
            "  hint: name one: `doit-score generate score.yaml`",
        ),
        (["none.yaml"], "failed to read 'none.yaml': there is no such file\n  hint: check the path"),
        (
            ["score.yaml", "./score.yaml"],
            "'score.yaml' is named more than once, so its workload would be too",
        ),
        (
            ["score.yaml", "-o", ""],
            "no output file specified\n  hint: name one with -o FILE, or `-o -` for stdout",
        ),
        (
            ["score.yaml", "-o", "no/such/c.yaml"],
            "no/such/c.yaml: cannot be written: its directory does not exist\n  hint: make the directory",
        ),
        (
            ["score.yaml", "--override-property", "oops"],
            "--override-property 'oops': expected PATH=VALUE, such as containers.web.image=nginx:1 (an empty "
            "VALUE deletes), found no '='",
        ),
        (
            ["score.yaml", "--build", "main"],
            "invalid --build 'main': found no '='\n"
            '  hint: give CONTAINER=DIRECTORY or CONTAINER={"context": "DIRECTORY", ...}',
        ),
        (
            ["score.yaml", "--overrides-file", "list.yaml"],
            "--overrides-file 'list.yaml' is invalid:\n  list.yaml: expected a mapping, like a Score file",
        ),
        (
            ["score.yaml", "--overrides-file", "none.yaml"],
            "--overrides-file 'none.yaml' is invalid:\n"
            "  none.yaml: cannot be read: No such file or directory",
        ),
        (
            ["score.yaml", "-p", "8080"],
            "--publish[0]: expected 3 parts separated by ':', found '8080'\n"
            "  hint: give HOST_PORT:WORKLOAD:PORT (or PORT/udp) or HOST_PORT:RESOURCE_UID.OUTPUT:PORT",
        ),
    ],
)
def test_mistakes(here: Project, arguments: list[str], said: str) -> None:
    here.write("list.yaml", "- a\n")
    done = here.main("generate", *arguments)
    told = done.err.replace(READ, "").replace("INFO: rendered 1 workload\n", "")
    assert done._replace(err=told) == error(said)
    assert not here.exists("compose.yaml")


def test_output_that_is_a_directory(here: Project) -> None:
    here.write("out/x", "")
    done = here.main("generate", "score.yaml", "-o", "out")
    assert (done.exit, done.err.splitlines()[-2:]) == (
        1,
        ["INFO: rendered 1 workload", "Error: out: is a directory, so no file can be written there"],
    )


def test_two_files_of_one_workload(here: Project) -> None:
    here.write("two.yaml", running.score())
    assert here.main("generate", "score.yaml", "two.yaml") == error(
        "two.yaml: workload name 'web' is used more than once: in 'score.yaml' and 'two.yaml'\n"
        "  hint: give each workload a metadata.name of its own"
    )


def test_a_file_that_could_not_be_generated_is_not_remembered(here: Project) -> None:
    here.write("bad.yaml", "apiVersion: score.dev/v1b1\n")
    assert here.main("generate", "bad.yaml").exit == 1
    assert here.generate("score.yaml") == WROTE


def test_files_are_added_one_after_the_other(here: Project) -> None:
    here.write("two.yaml", running.score("two"))
    here.generate("score.yaml")
    assert here.generate("two.yaml", "--image", "redis") == (
        "INFO: read workload 'two' from 'two.yaml'\n"
        "INFO: rendered 1 workload of 2\n"
        "INFO: wrote compose.yaml\n"
    )
    assert list(here.services()) == ["two-main", "web-main"]


def test_another_file_of_the_same_workload_takes_its_place(here: Project) -> None:
    here.generate("score.yaml")
    here.write("other.yaml", running.score(image="redis"))
    here.generate("other.yaml")
    assert here.service["image"] == "redis"
    here.write("score.yaml", running.score(image="mysql"))
    here.generate()
    assert here.service["image"] == "redis"


def test_image_build_and_overrides_are_remembered(here: Project) -> None:
    here.write("score.yaml", running.score(image="."))
    here.write("over.yaml", "containers: {main: {variables: {A: file}}}\n")
    here.generate("score.yaml", "--image", "redis")
    assert here.service["image"] == "redis"
    said = ["--image", "redis", "--overrides-file", "over.yaml"]
    here.generate("score.yaml", *said, "--override-property", "containers.main.variables.B=flag")
    here.generate()
    expected = {"image": "redis", "environment": {"A": "file", "B": "flag"}}
    assert {key: here.service[key] for key in expected} == expected
    here.write("score.yaml", running.score(image=".", C="new"))
    here.generate()
    assert here.service["environment"] == {"A": "file", "B": "flag", "C": "new"}
    here.generate("score.yaml", "--build", "main=.")
    here.generate("--force")
    assert (here.service["build"], here.service.get("image")) == ({"context": "."}, None)


def test_a_change_in_the_overrides_file_is_noticed(here: Project) -> None:
    here.write("over.yaml", "containers: {main: {image: one}}\n")
    here.generate("score.yaml", "--overrides-file", "over.yaml")
    here.write("over.yaml", "containers: {main: {image: two}}\n")
    assert here.generate() == WROTE
    assert here.service["image"] == "two"


def test_published_ports_are_remembered_until_others_are_given(here: Project) -> None:
    here.generate("score.yaml", "-p", "8080:web:80")
    here.generate("--force")
    assert here.service["ports"] == [{"target": 80, "published": "8080"}]
    here.generate("--publish", "8081:web:80")
    assert here.service["ports"] == [{"target": 80, "published": "8081"}]


def test_a_build_for_a_container_that_there_is_not(here: Project) -> None:
    assert here.generate("score.yaml", "--build", "mian=.") == (
        f"{READ}WARN: a build was given for container 'mian', which workload 'web' does not have\n"
        f"  hint: its containers are: main\n{RENDERED}"
    )
    assert here.main("generate", "--strict").exit == 1


def test_a_workload_whose_file_is_gone_is_pruned_and_comes_back_with_its_values(here: Project) -> None:
    text = running.score(things=("cup",)).replace("cup.word", "cup.name")
    here.write("score.yaml", text)
    here.write("two.yaml", running.score("two"))
    here.generate("score.yaml", "two.yaml")
    before = here.read("compose.yaml")
    here.remove("score.yaml")
    assert here.generate() == (
        f"{GONE}INFO: removed 1 resource: thing.default#web.cup (what was generated is kept for a return; "
        "`generate --forget` drops it)\nINFO: wrote compose.yaml\n"
    )
    assert list(here.services()) == ["two-main"]
    here.write("score.yaml", text)
    here.generate("score.yaml")
    assert here.read("compose.yaml") == before


def test_a_workload_that_comes_back_finds_its_image_and_overrides(here: Project) -> None:
    here.write("two.yaml", running.score("two"))
    here.generate("two.yaml")
    here.write("score.yaml", running.score(image="."))
    here.generate("score.yaml", "--image", "redis")
    before = here.read("compose.yaml")
    here.remove("score.yaml")
    here.generate()
    here.write("score.yaml", running.score(image="."))
    here.generate()
    assert here.read("compose.yaml") == before


def test_the_last_workload_can_go(here: Project) -> None:
    here.generate("score.yaml")
    here.remove("score.yaml")
    assert here.generate() == f"{GONE}INFO: wrote compose.yaml\n"
    assert here.compose() == {"name": "shop", "services": {}}


def test_force_renders_everything_again_with_the_kept_values(here: Project) -> None:
    here.write("score.yaml", running.score(things=("cup",)).replace("cup.word", "cup.name"))
    here.generate("score.yaml")
    before = here.read("compose.yaml")
    assert here.generate("--force") == (
        "INFO: provisioned 1 resource\nINFO: rendered 1 workload\nINFO: compose.yaml is up to date\n"
    )
    assert here.read("compose.yaml") == before


def test_an_edited_output_is_restored(here: Project) -> None:
    here.generate("score.yaml")
    before = here.read("compose.yaml")
    for change in (partial(here.write, "compose.yaml", "mine"), partial(here.remove, "compose.yaml")):
        change()
        assert here.generate() == (
            "WARN: compose.yaml: had been changed or removed by hand, and was restored\n"
            "INFO: wrote compose.yaml\n"
        )
        assert here.read("compose.yaml") == before


FILES = """\
    files:
      /a:
        content: x
"""


@pytest.mark.parametrize("output", ["out/c.yaml", "out/deep/c.yaml", "../c.yaml"])
def test_output_in_another_directory(here: Project, output: str) -> None:
    here.write("score.yaml", running.score(image=".") + FILES)
    (here.path / output).parent.mkdir(parents=True, exist_ok=True)
    here.generate("score.yaml", "--build", "main=app", "-o", output)
    main = here.services(output)["web-main"]
    folder = (here.path / output).parent
    assert (folder / main["build"]["context"]).resolve() == here.path / "app"
    assert (folder / main["volumes"][0]["source"]).read_text() == "x"
    here.generate("-o", "compose.yaml")
    assert here.service["build"] == {"context": "app"}


def test_output_to_stdout(here: Project) -> None:
    done = here.main("generate", "score.yaml", "-o", "-")
    assert (done.exit, done.err) == (0, f"{READ}INFO: rendered 1 workload\n")
    assert list(yaml.safe_load(done.out)["services"]) == ["web-main"]
    assert not here.exists("compose.yaml")


def test_output_to_stdout_prints_what_is_up_to_date_too(here: Project) -> None:
    first = here.main("generate", "score.yaml", "-o", "-")
    assert here.main("--quiet", "generate", "-o", "-") == Done(0, first.out, "")
    here.generate()
    assert here.main("--quiet", "generate", "-o", "-") == Done(0, first.out, "")
    assert here.read("compose.yaml") == first.out


def test_env_file(here: Project) -> None:
    text = running.score(A="${resources.env.ONE}", B="${resources.env.TWO}")
    here.write("score.yaml", f"{text}resources:\n  env:\n    type: environment\n")
    here.generate("score.yaml", "--env-file", ".env")
    assert here.read(".env") == "ONE=\nTWO=\n"
    # All that is there stays.
    here.write(".env", "ONE=1\nOTHER=x\n")
    here.generate("--env-file", ".env")
    assert here.read(".env") == "ONE=1\nOTHER=x\nTWO=\n"


def test_strict(here: Project) -> None:
    here.write("score.yaml", running.score(things=("cup",)) + "    params:\n      size: 1\n")
    text = running.PROVISIONER + "  supported_params: [colour]\n"
    here.write(".score-compose/thing.provisioners.yaml", text)
    warning = (
        "score.yaml:13:7: unknown param 'size'\n"
        "  | size: 1\n"
        "  in supported_params of template://tests/thing, for resource 'thing.default#web.cup'\n"
        "  hint: known are colour\n"
    )
    assert here.main("generate", "score.yaml", "--strict") == Done(
        1, "", f"{READ}INFO: provisioned 1 resource\nINFO: rendered 1 workload\nError: {warning}"
    )
    assert not here.exists("compose.yaml")
    stands = "WARN: 1 warning stands; `doit-score why` lists it\n"
    assert here.generate("score.yaml") == f"INFO: wrote compose.yaml\n{stands}"
    assert here.main("generate", "--strict") == Done(1, "", f"Error: {warning}")


def test_the_sources_of_files_are_those_beside_the_score_file(here: Project) -> None:
    here.write("apps/web/score.yaml", running.score() + FILES.replace("content: x", "source: page.txt"))
    here.write("apps/web/page.txt", "one")
    here.generate("apps/web/score.yaml")

    def mounted() -> str:
        (volume,) = here.service["volumes"]
        return here.read(volume["source"])

    assert mounted() == "one"
    here.write("apps/web/page.txt", "two")
    assert here.generate().endswith("INFO: rendered 1 workload\nINFO: mounts: wrote 1, removed 0\n")
    assert mounted() == "two"


def test_forget_drops_what_was_generated_for_what_is_gone(here: Project) -> None:
    here.write("provisioners/thing.provisioners.yaml", running.PROVISIONER)
    here.write("score.yaml", running.score(things=("cup",)))
    here.write("two.yaml", running.score("two"))
    here.generate("score.yaml", "two.yaml")
    here.remove("score.yaml")
    here.generate()
    assert here.generate("--forget") == (
        "INFO: compose.yaml is up to date\n"
        "INFO: forgot the values of 1 removed resource: thing.default#web.cup\n"
        "INFO: forgot what was said of 1 missing Score file: score.yaml\n"
    )
    assert here.generate("--forget").endswith("INFO: there was nothing to forget\n")
