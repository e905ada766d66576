from __future__ import annotations

import os
from pathlib import Path

import pytest
from engineering import Project, score

from doit_score.engine.inputs import load
from doit_score.engine.inputs.load import Inputs
from doit_score.engine.settings import FileOptions
from doit_score.score.workload import read
from doit_score.store import files
from doit_score.store.files import Signature
from doit_score.store.rows import InputRow
from doit_score.store.state import open_state
from doit_score.text.errors import ScoreError


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(project="p")


def services(project: Project) -> list[str]:
    return list(project.compose()["services"])


def given(*paths: str) -> dict[str, object]:
    return {"workloads": None, "given": tuple((path, FileOptions()) for path in paths)}


def recorded(path: str, content: bytes) -> InputRow:
    found = files.signature(path)
    assert found is not None
    return InputRow.of(path, "score", files.content_digest(content), found)


def test_a_file_with_the_recorded_signature_is_not_read(project: Project) -> None:
    Path("a").write_text("other")
    inputs = Inputs({"a": recorded("a", b"recorded")})
    assert inputs.digest("a", "score") == files.content_digest(b"recorded")
    assert inputs.changed() == []
    # Whoever wants the text gets that of now, and the digest that belongs to it.
    assert inputs.text("a", "score") == b"other"
    assert inputs.digest("a", "score") == files.content_digest(b"other")
    assert [row.digest for row in inputs.changed()] == [files.content_digest(b"other")]
    inputs.recorded()
    assert inputs.changed() == []


def test_a_file_is_read_once_in_a_run(project: Project) -> None:
    Path("a").write_text("one")
    inputs = Inputs({})
    assert inputs.text("a", "score") == b"one"
    Path("a").write_text("two")
    assert (inputs.text("a", "source"), inputs.rows["a"].role) == (b"one", "score+source")


def test_a_file_that_was_just_written_is_looked_at_again_by_the_next_run(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("a").write_text("one")
    monkeypatch.setattr(files, "now_ns", lambda: os.stat("a").st_mtime_ns + 19_000_000)
    inputs = Inputs({})
    inputs.digest("a", "score")
    (row,) = inputs.changed()
    assert (row.mtime_ns, row.matches(files.signature("a"))) == (-1, False)
    # Its content is the same, so all that changes is the record of it.
    monkeypatch.setattr(files, "now_ns", lambda: os.stat("a").st_mtime_ns + 21_000_000)
    again = Inputs({"a": row})
    assert again.digest("a", "score") == row.digest
    (row,) = again.changed()
    assert row.matches(files.signature("a"))


def test_an_edit_that_keeps_time_size_and_inode_is_seen_by_its_change_time(project: Project) -> None:
    Path("a").write_text("one")
    before = os.stat("a")
    row = recorded("a", b"one")
    with open("a", "r+") as file:
        file.write("two")
    os.utime("a", ns=(before.st_atime_ns, before.st_mtime_ns))
    after = os.stat("a")
    assert (after.st_mtime_ns, after.st_size, after.st_ino) == (
        before.st_mtime_ns,
        before.st_size,
        before.st_ino,
    )
    if after.st_ctime_ns != before.st_ctime_ns:  # unless the clock of the file system stood still
        assert Inputs({"a": row}).digest("a", "score") == files.content_digest(b"two")


def test_what_nothing_looked_at_is_unused_and_what_was_looked_for_in_vain_is_not(project: Project) -> None:
    rows = [InputRow.of(path, "score", "d", Signature(1, 1, 1, 1)) for path in "ab"]
    inputs = Inputs({row.path: row for row in rows})
    inputs.note_absent("b", "overrides")
    assert inputs.unused() == ["a"]
    assert inputs.changed() == [InputRow.absent("b", "overrides")]


def test_a_file_that_is_there_again_is_read(project: Project) -> None:
    Path("a").write_text("one")
    inputs = Inputs({"a": InputRow.absent("a", "overrides")})
    assert inputs.digest("a", "overrides") == files.content_digest(b"one")


def test_a_file_that_cannot_be_read_is_named(project: Project) -> None:
    with pytest.raises(ScoreError) as error:
        Inputs({}).digest("none", "score")
    assert str(error.value) == "none: cannot be read: No such file or directory"


def test_the_files_that_were_given_are_remembered_with_what_was_said_of_them(project: Project) -> None:
    project.write("a.yaml", score("alpha").replace("image: nginx", "image: ."))
    project.write("b.yaml", score("beta"))
    options = FileOptions(builds={"main": {"context": "src"}})
    project.run(workloads=None, given=(("a.yaml", options),))
    project.run(**given("b.yaml"))
    assert services(project) == ["alpha-main", "beta-main"]
    project.write("a.yaml", score("alpha", variables={"A": "x"}).replace("image: nginx", "image: ."))
    project.run(workloads=None)
    main = project.compose()["services"]["alpha-main"]
    assert isinstance(main, dict)
    assert (main["build"], main["environment"]) == ({"context": "src"}, {"A": "x"})


def test_a_remembered_file_that_is_gone_goes_with_a_notice_and_may_come_back(project: Project) -> None:
    project.write("a.yaml", score("alpha"))
    project.write("b.yaml", score("beta"))
    project.run(**given("a.yaml", "b.yaml"))
    os.remove("a.yaml")
    assert project.run(workloads=None)[0] == (
        "workload 'alpha' is gone (it was in 'a.yaml'): removed from the project; generated values are kept "
        "for its return"
    )
    assert services(project) == ["beta-main"]
    with open_state("state") as state:
        assert list(state.given()) == ["a.yaml", "b.yaml"]
    assert project.run(workloads=None) in ([], ["compose.yaml is up to date"])
    project.write("a.yaml", score("alpha"))
    project.run(workloads=None)
    assert services(project) == ["alpha-main", "beta-main"]


def test_a_file_that_moves_is_the_same_workload_without_a_notice(project: Project) -> None:
    project.write("one.score.yaml", score("alpha"))
    project.run()
    os.rename("one.score.yaml", "two.score.yaml")
    assert project.run() == [
        "read workload 'alpha' from 'two.score.yaml'",
        "rendered 1 workload",
        "compose.yaml is up to date",
    ]


def test_two_workloads_that_swap_their_names(project: Project) -> None:
    for first, second in (("alpha", "beta"), ("beta", "alpha")):
        project.write("one.score.yaml", score(first, variables={"A": "one"}))
        project.write("two.score.yaml", score(second, variables={"A": "two"}))
        project.run()
    made = project.compose()["services"]
    assert [made[f"{name}-main"]["environment"] for name in ("alpha", "beta")] == [{"A": "two"}, {"A": "one"}]


def test_two_files_of_one_name_are_an_error_that_changes_nothing(project: Project) -> None:
    project.write("one.score.yaml", score("alpha"))
    project.run()
    before = Path("compose.yaml").read_bytes()
    project.write("two.score.yaml", score("alpha"))
    assert project.fails() == (
        "two.score.yaml: workload name 'alpha' is used more than once: in 'one.score.yaml' and "
        "'two.score.yaml'\n  hint: give each workload a metadata.name of its own"
    )
    assert Path("compose.yaml").read_bytes() == before


def test_the_problems_of_all_files_are_told_at_once(project: Project) -> None:
    project.write("one.score.yaml", "no mapping")
    project.write("two.score.yaml", "{")
    message = project.fails()
    assert ("one.score.yaml" in message, "two.score.yaml" in message, message.split("\n")[0]) == (
        True,
        True,
        "2 problems:",
    )


def test_without_a_score_file_the_error_says_what_was_looked_for(project: Project) -> None:
    assert project.fails() == (
        "no Score files found: nothing matches 'score.yaml', '*.score.yaml', '*/score.yaml'\n"
        "  hint: write a Score file (`doit-score init` writes a sample), or name yours: "
        'Score(workloads=["path/to/score.yaml"])'
    )
    assert project.fails(workloads=None) == (
        "no workloads found, and no Score file was given\n  hint: name one: `doit-score generate score.yaml`"
    )


@pytest.mark.parametrize("content", ["[]", "false", "0", "text"])
def test_an_overrides_file_that_is_no_mapping_is_refused(project: Project, content: str) -> None:
    project.write("score.yaml", score("alpha"))
    project.write("over.yaml", content)
    overrides = {"score.yaml": FileOptions(overrides_file="over.yaml")}
    assert project.fails(overrides=overrides) == (
        "over.yaml: an overrides file must be a mapping like a Score file\n  hint: see score.yaml"
    )


def test_provisioners_are_told_the_workload_as_host_and_not_the_last_of_its_ports() -> None:
    workload, _ = read(
        {
            "apiVersion": "score.dev/v1b1",
            "metadata": {"name": "front"},
            "service": {"ports": {"web": {"port": 80, "targetPort": 3000}}},
            "containers": {"main": {"image": "nginx"}},
        },
        path="score.yaml",
        text="",
    )
    port = {"Name": "web", "Port": 80, "TargetPort": 3000, "Protocol": "TCP"}
    assert load.services(workload, "front") == {"ServiceName": "front", "Ports": {"web": port, "80": port}}
