"""Taking over directories of score-compose."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from recorded import SCORE, compose, compose_of, lay_out, run, state_of, stored, tree, write
from running import Project

from doit_score import moving, options
from doit_score.engine.settings import FileOptions, Settings
from doit_score.moving.adopt import Relocation
from doit_score.store.meta import Meta
from doit_score.store.rows import KeptRow
from doit_score.store.state import State, open_state
from doit_score.text import canonical
from doit_score.text.errors import ScoreError

EMPTY = """\
workloads: {}
resources: {}
shared_state: {}
compose_project: demo
mounts_directory: .score-compose/mounts
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


def state(spec: dict[str, Any], **more: Any) -> str:
    """A state file with the workload `lantern` of score.yaml stored as ``spec``."""
    workload = {"spec": spec, "file": "score.yaml"} | more
    return yaml.safe_dump({**yaml.safe_load(EMPTY), "workloads": {"lantern": workload}})


def spec(**container: Any) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(SCORE)
    found["containers"]["wick"] |= container
    return found


def given() -> dict[str, FileOptions]:
    """The Score files of the project with their options."""
    with open_state("state") as opened:
        return {path: FileOptions.of_text(text) for path, text in opened.given().items()}


def meta() -> Meta:
    with open_state("state") as opened:
        return opened.meta()


RECORDED = [
    "commands-17",
    "containers-03",
    "containers-33",
    "containers-39",
    "containers-40",
    "containers-42",
    "containers-57",
    "files-08",
    "overrides-01",
    "overrides-02",
    "overrides-19",
    "overrides-21",
    "overrides-26",
    "overrides-27",
    "overrides-49",
    "overrides-53",
    "overrides-57",
    "overrides-80",
    "patches-75",
    "provisioners-01",
    "provisioners-106",
    "provisioners-240",
    "resources-21",
    "resources-23",
    "resources-41",
    "spec-156",
    "volumes-01",
]


@pytest.mark.parametrize("name", RECORDED)
def test_compose_comes_out_as_score_compose_wrote_it(name: str) -> None:
    lay_out(name)
    run("generate")
    expected = compose_of(name)
    if name == "patches-75":  # score-compose writes false where nothing is said
        expected["services"]["vat"]["volumes"][0]["bind"]["create_host_path"] = True  # type: ignore[index]
    if name == "containers-03":  # and leaves one dollar for Compose to interpolate
        expected["services"]["lantern-wick"]["command"] = ["$$FOO", "ab$$c", "$$BAR", "x$$y"]  # type: ignore[index]
    assert without_mounts(compose()) == without_mounts(expected)


def without_mounts(value: Any) -> Any:
    """``value`` without the names of mounted files, which are ours, and without the order of volumes."""
    if isinstance(value, dict):
        return {key: without_mounts(item) for key, item in value.items()}
    if isinstance(value, list):
        items = [without_mounts(item) for item in value]
        return sorted(items, key=canonical.encode) if items and isinstance(items[0], dict) else items
    return ".score-compose/mounts/files" if str(value).startswith(".score-compose/mounts/files/") else value


def test_generated_names_and_passwords_are_found_again() -> None:
    lay_out("provisioners-240")
    run("generate")
    assert compose()["services"]["lantern-wick"]["environment"] == {"H": "vat-chosen", "S": "01234"}
    with open_state("state") as opened:
        (kept,) = opened.rows(KeptRow)
    assert kept.guid == "11111111-2222-4333-8444-555555555555"
    assert Path("state/mounts/vat-chosen/id.txt").read_text() == "99999999-8888-4777-8666-555555555555"


PROVISIONER = """\
- uri: template://tests/token
  type: token
  shared: |
    {{ if not (hasKey .Shared "token") }}token: {{ randAlphaNum 12 }}{{ end }}
  outputs: |
    value: {{ .Shared.token }}
"""


def test_shared_values_that_nobody_contributes_again_stay() -> None:
    write(".score-compose/00.provisioners.yaml", PROVISIONER)
    score = SCORE + "    variables: {TOKEN: '${resources.token.value}'}\nresources: {token: {type: token}}\n"
    write("score.yaml", score)
    text = state(yaml.safe_load(score)).replace("shared_state: {}", "shared_state: {token: old, other: 1}")
    write(".score-compose/state.yaml", text)
    for flags in ((), ("--force",), ()):
        run("generate", *flags)
        assert compose()["services"]["lantern-wick"]["environment"] == {"TOKEN": "old"}


def test_shared_values_go_with_who_contributes_them_again() -> None:
    lay_out("provisioners-240")
    run("generate")
    assert meta().base == {}
    write("score.yaml", SCORE)
    run("generate")
    run("export")
    assert stored()["shared_state"] == {}


def test_what_was_taken_over_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    lay_out("overrides-01")
    run("provisioners", "list")
    assert capsys.readouterr().err == (
        "INFO: took over '.score-compose/state.yaml' of project 'demo': 1 workload, 0 resources; "
        "it stays as it is\n"
        "INFO: score.yaml: kept as overrides what score-compose had stored otherwise: "
        "/containers/globe/image, /containers/wick/variables/B, /containers/wick/variables/E, "
        "/metadata/annotations/extra, /metadata/annotations/team (`generate score.yaml` drops them)\n"
    )


def test_an_empty_overrides_file_drops_what_was_kept() -> None:
    lay_out("overrides-01")
    run("init", "--no-sample")
    write("none.yaml", "")
    run("generate", "score.yaml", "--overrides-file", "none.yaml")
    assert "lantern-globe" not in compose()["services"]


def test_a_file_as_it_was_stored_has_no_overrides() -> None:
    lay_out("containers-02")
    run("init", "--no-sample")
    assert given() == {"score.yaml": FileOptions()}


def test_image_and_builds_are_told_from_overrides() -> None:
    lay_out("containers-57")
    run("init", "--no-sample")
    assert given() == {"score.yaml": FileOptions(builds={"wick": {"context": "one"}}, image="x:1")}


def test_what_was_edited_since_is_not_frozen(capsys: pytest.CaptureFixture[str]) -> None:
    write(".score-compose/state.yaml", state(spec(image="old:1", variables={"A": "s3cr3t"})))
    write("score.yaml", SCORE)
    os.utime(".score-compose/state.yaml", (1_000, 1_000))
    os.utime("score.yaml", (1_003, 1_003))
    run("generate")
    assert compose()["services"]["lantern-wick"]["image"] == "registry.example/wick:1"
    assert (
        "WARN: score.yaml: was changed after score-compose stored it, so it counts as it is; "
        "score-compose had stored otherwise: /containers/wick/image, /containers/wick/variables/A "
        "(what of that was said by flags has to be said again)\n"
    ) in capsys.readouterr().err


@pytest.mark.parametrize("seconds", [-1_000, 0, 2])
def test_what_was_not_edited_since_is_as_it_was_stored(seconds: int) -> None:
    write(".score-compose/state.yaml", state(spec(image="old:1")))
    write("score.yaml", SCORE)
    os.utime(".score-compose/state.yaml", (10_000, 10_000))
    os.utime("score.yaml", (10_000 + seconds, 10_000 + seconds))
    run("generate")
    assert compose()["services"]["lantern-wick"]["image"] == "old:1"


def test_a_file_that_is_given_counts_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    lay_out("overrides-01")
    run("generate", "./score.yaml", "--override-property", "containers.wick.image=mine:1")
    assert given()["score.yaml"].overrides is None
    assert compose()["services"]["lantern-wick"]["image"] == "mine:1"
    assert "INFO: score.yaml: was given, so it counts as it is;" in capsys.readouterr().err


def test_a_file_that_is_given_is_built_as_its_flags_say(capsys: pytest.CaptureFixture[str]) -> None:
    lay_out("containers-40")
    run("generate", "score.yaml")
    assert "build" not in compose()["services"]["lantern-wick"]
    assert (
        "INFO: score.yaml: was given, so it counts as it is; score-compose had stored otherwise: "
        "the build of 'wick' (what of that was said by flags has to be said again)\n"
    ) in capsys.readouterr().err


def test_a_file_that_was_edited_still_has_its_images() -> None:
    score = SCORE.replace("registry.example/wick:1", ".") + "  glass: {image: .}\n  pane: {image: .}\n"
    then = yaml.safe_load(score)
    then["containers"]["wick"]["image"] = "x:1"
    then["containers"]["glass"] = {"image": "y:1", "args": ["more"]}
    write(".score-compose/state.yaml", state(then, build_configs={"pane": {"context": "p"}}))
    write("score.yaml", score)
    os.utime(".score-compose/state.yaml", (10_000, 10_000))
    run("generate")
    assert given()["score.yaml"] == FileOptions(
        builds={"pane": {"context": "p"}},
        overrides={"containers": {"wick": {"image": "x:1"}, "glass": {"image": "y:1"}}},
    )


def test_a_workload_whose_file_is_gone_is_pruned(capsys: pytest.CaptureFixture[str]) -> None:
    lay_out("resources-46")
    run("generate")
    assert sorted(compose()["services"]) == ["lamp-b-wick"]
    assert (
        "WARN: workload 'lamp-a' is gone (it was in 'lamp-a.yaml'): removed from the project; "
        "generated values are kept for its return\n"
    ) in capsys.readouterr().err
    with open_state("state") as opened:
        kept = opened.kept("show.default#lamp-a.store")
    assert kept is not None
    assert kept.guid == "11111111-2222-4333-8444-555555555555"


def test_of_two_workloads_of_one_file_the_one_that_it_has_now_is_kept(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lay_out("resources-47")
    run("generate")
    assert sorted(compose()["services"]) == ["after-wick"]
    assert "WARN: workload 'before' is gone (it was in 'score.yaml')" in capsys.readouterr().err


def test_a_workload_that_came_from_no_file_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    write(".score-compose/state.yaml", state(spec(), file=None))
    run("init", "--no-sample")
    assert (
        "WARN: workload 'lantern' is gone (it was not read from a file): removed from the project; "
        "generated values are kept for its return\n"
    ) in capsys.readouterr().err


def test_a_score_file_that_cannot_be_read_keeps_everything_from_being_taken_over() -> None:
    write(".score-compose/state.yaml", state(spec()))
    write("score.yaml", "a: [\n")
    run("generate", exit=1)
    assert not os.path.exists("state")


@pytest.mark.parametrize("defaults", [True, False])
def test_the_shipped_provisioners_count_if_score_compose_had_its_own(defaults: bool) -> None:
    write(".score-compose/state.yaml", EMPTY)
    if defaults:
        write(".score-compose/zz-default.provisioners.yaml", "[]\n")
    run("init", "--no-sample")
    assert meta().default_provisioners is defaults


def test_patch_templates_are_taken_over() -> None:
    lay_out("commands-95")
    run("generate", "score.yaml")
    assert compose() == compose_of("commands-95")


def test_a_project_name_that_compose_would_refuse_is_taken_over() -> None:
    lay_out("commands-93")
    run("generate", "score.yaml")
    assert compose()["name"] == "Odd Name"


def test_without_a_project_name_it_is_that_of_the_directory() -> None:
    write(".score-compose/state.yaml", EMPTY.replace("compose_project: demo\n", ""))
    run("init", "--no-sample")
    assert meta().project == "work"


def test_init_can_rename_what_it_takes_over() -> None:
    write(".score-compose/state.yaml", EMPTY)
    run("init", "--no-sample", "--project", "renamed")
    assert meta().project == "renamed"


def test_resources_are_listed_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    lay_out("resources-41")
    run("--quiet", "resources", "list", "--format", "json")
    listed = yaml.safe_load(capsys.readouterr().out)
    assert [resource["UID"] for resource in listed] == ["show.default#lantern.store"]
    run("--quiet", "resources", "get-outputs", "show.default#lantern.store", "--format", "{{ .seen }}")
    assert capsys.readouterr().out == "2\n"


def test_nothing_is_taken_over_twice() -> None:
    lay_out("provisioners-240")
    run("generate")
    before = tree("state")
    write(".score-compose/state.yaml", EMPTY)
    run("resources", "list")
    assert tree("state") == before


MOUNTED = ".score-compose/mounts"


def fill_mounts() -> None:
    write(".score-compose/state.yaml", state(spec(files={"/a": {"content": "x"}})))
    write("score.yaml", SCORE + "    files: {/a: {content: x}}\n")
    write(f"{MOUNTED}/data/table", b"\0rows", 0o640)
    write(f"{MOUNTED}/data/run.sh", "#!\n", 0o755)
    write(f"{MOUNTED}/files/lantern-files-a", "x")
    write(f"{MOUNTED}/files/own", "mine")
    write("outside/secret", "s3cr3t")
    os.symlink("../../outside", f"{MOUNTED}/link")
    os.chmod(f"{MOUNTED}/data", 0o750)


def test_what_containers_wrote_is_copied_and_the_old_directory_left_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    fill_mounts()
    os.mkfifo(f"{MOUNTED}/pipe")
    before = tree(".score-compose")
    run("init", "--no-sample")
    copied = tree("state/mounts")
    original = tree(MOUNTED)
    links = {"link"}  # the time of a link is its own
    assert copied.keys() == original.keys() - {"pipe", "files/lantern-files-a"}
    assert {name: copied[name] for name in copied.keys() - links - {"files"}} == {
        name: original[name] for name in copied.keys() - links - {"files"}
    }
    assert os.readlink("state/mounts/link") == "../../outside"
    assert tree(".score-compose") == before
    said = capsys.readouterr().err
    assert f"INFO: copied '{MOUNTED}' to 'state/mounts'\n" in said
    assert "WARN: not copied, as it is neither file nor directory nor link: pipe\n" in said
    run("generate")
    assert tree(".score-compose") == before


def test_mounts_are_taken_over_without_a_state_file() -> None:
    write(f"{MOUNTED}/data/table", "rows")
    run("init", "--no-sample")
    assert Path("state/mounts/data/table").read_text() == "rows"


def test_mounts_that_are_there_already_are_not_touched(capsys: pytest.CaptureFixture[str]) -> None:
    fill_mounts()
    write("state/mounts/data/table", "newer")
    run("init", "--no-sample")
    assert sorted(tree("state/mounts")) == ["data", "data/table"]
    assert Path("state/mounts/data/table").read_text() == "newer"
    assert (
        f"WARN: 'state/mounts' is filled already, so nothing was copied there from '{MOUNTED}'\n"
    ) in capsys.readouterr().err


@pytest.mark.parametrize("recorded", [".", "..", "/"])
def test_a_mounts_directory_around_ours_is_not_copied(
    recorded: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(".score-compose/state.yaml", EMPTY.replace(".score-compose/mounts", recorded))
    run("init", "--no-sample")
    assert (
        f"WARN: '{recorded}' is recorded as the mounts directory, but 'state/mounts' is in it: not copied\n"
    ) in capsys.readouterr().err
    assert tree("state/mounts") == {}


def test_a_mounts_directory_that_is_none_is_no_error() -> None:
    write(".score-compose/state.yaml", EMPTY.replace(".score-compose/mounts", "/dev/null"))
    run("init", "--no-sample")
    assert tree("state/mounts") == {}


def test_paths_below_the_old_mounts_directory_lead_below_ours() -> None:
    relocate = Relocation(".score-compose/mounts", "state/mounts")
    value = {
        "whole": ".score-compose/mounts",
        "below": "../.score-compose/mounts/a.txt",
        "within": ["cat .score-compose/mounts/a >.score-compose/mounts/b"],
        "others": "x.score-compose/mounts .score-compose/mounts2 /srv/.score-compose/mounts",
        "number": 1,
    }
    assert relocate.value(value) == {
        "whole": "state/mounts",
        "below": "state/mounts/a.txt",
        "within": ["cat state/mounts/a >state/mounts/b"],
        "others": "x.score-compose/mounts .score-compose/mounts2 /srv/.score-compose/mounts",
        "number": 1,
    }
    assert Relocation("m", "state/mounts").value("m") == "m"


BROKEN = [
    "",
    "{}\n",
    "mounts_directory: m\nworkloads: 1\n",
    EMPTY.replace("resources: {}", "resources: {a.b#c: {password: s3cr3t}}"),
    EMPTY + "shared_state: s3cr3t\n",
]


@pytest.mark.parametrize("text", BROKEN)
@pytest.mark.parametrize(
    "command",
    [
        ("init",),
        ("generate", "score.yaml"),
        ("resources", "list"),
        ("resources", "get-outputs", "a.b#c"),
        ("provisioners", "list"),
        ("export",),
    ],
    ids=" ".join,
)
def test_a_broken_state_file_stops_every_command_and_changes_nothing(
    text: str, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    write(".score-compose/state.yaml", text)
    write("score.yaml", SCORE)
    before = tree(".")
    run(*command, exit=1)
    assert tree(".") == before
    said = capsys.readouterr().err
    assert said.startswith(
        "Error: failed to load the existing state of score-compose, so nothing was changed:\n"
        "  .score-compose/state.yaml"
    )
    assert "s3cr3t" not in said


def test_a_state_that_score_compose_cannot_read_back_is_an_error_with_its_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lay_out("spec-282")
    run("generate", exit=1)
    assert ".score-compose/state.yaml:10:15: not YAML" in capsys.readouterr().err


def test_what_failed_half_way_is_taken_over_by_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out("provisioners-240")
    lost = RuntimeError("the power")

    def fail(*_: object) -> None:
        raise lost

    with monkeypatch.context() as patched:
        patched.setattr(State, "set_given", fail)
        with pytest.raises(RuntimeError):
            moving.take_over(Settings(workloads=None), lambda *_: None)
    assert meta().texts == {}
    run("generate")
    assert compose() == compose_of("provisioners-240")


def test_data_that_cannot_be_copied_stops_it_with_nothing_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    fill_mounts()

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", f"{MOUNTED}/data/table")

    monkeypatch.setattr("shutil.copyfileobj", refuse)
    with pytest.raises(ScoreError) as error:
        moving.take_over(Settings(workloads=None), lambda *_: None)
    assert str(error.value) == (
        ".score-compose/mounts/data/table: cannot be copied: Permission denied\n"
        "  hint: what containers wrote may belong to other users: copy it as root, with "
        "`sudo cp -a .score-compose/mounts state/mounts`, and run this again"
    )
    assert sorted(tree("state")) == [".gitignore", "lock"]


def test_a_pack_takes_over_and_names_what_its_arguments_leave_out() -> None:
    lay_out("overrides-01")
    write("other.yaml", SCORE.replace("lantern", "other"))
    text = yaml.safe_load(state_of("overrides-01"))
    text["workloads"]["other"] = {
        "spec": yaml.safe_load(SCORE.replace("lantern", "other")),
        "file": "other.yaml",
    }
    write(".score-compose/state.yaml", yaml.safe_dump(text))
    said: list[tuple[str, str]] = []
    options.speak_to(options.SCORE)
    moving.take_over(Settings(), lambda level, text: said.append((level, text)))
    assert said[1:] == [
        (
            "warn",
            "other.yaml: was a Score file of the project, and is none that Score(workloads=...) matches",
        ),
        (
            "warn",
            "score.yaml: score-compose had been given overrides for it; "
            "Score(builds=...), Score(images=...) and Score(overrides=...) say so",
        ),
    ]


@pytest.mark.usefixtures("settled")
def test_doit_init_takes_over(here: Path) -> None:
    lay_out("provisioners-240")
    said = Project(here).generate()
    assert "took over '.score-compose/state.yaml' of project 'demo'" in said
    assert compose() == compose_of("provisioners-240")


def test_only_the_pack_without_a_name_takes_over(here: Path) -> None:
    write(".score-compose/state.yaml", EMPTY)
    write("score.yaml", SCORE)
    write("dodo.py", "from doit_score import Score\n\nstage = Score('stage')\n")
    Project(here).doit("stage-generate")
    assert compose("compose.stage.yaml")["name"] == "work-stage"
