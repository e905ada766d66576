"""Provisioners are run once more for what there is to say of them: once per entry, and never a command."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import clock
import pytest
from engineering import MAKER, ROUTE, THING, TOPIC, Project, same_generated_values, score, warnings_in

from doit_score.engine.why.standing import Standing, standing
from doit_score.provisioning import stability
from doit_score.store.state import open_state
from doit_score.text.errors import Problem

# Draws at each run: `word` always, `name` in state unless the param says so.
LOOSE = """\
- uri: template://tests/loose
  type: loose
  state: |
    name: {{ if .Params }}same{{ else }}{{ randAlphaNum 12 }}{{ end }}
  outputs: |
    name: {{ .State.name }}
"""
FILE = "provisioners/50-tests.provisioners.yaml"


def told(uid: str, line: int = 4) -> Standing:
    return Standing(
        "resource",
        uid,
        Problem(
            "run again on its own result it gives 2 other values: 'state: name', 'outputs: name'",
            FILE,
            line,
            5,
            "keep what is there: `name: {{ .State.name | default (randAlphaNum 12) }}`",
            f"in state of template://tests/loose, for resource '{uid}'",
        ),
    )


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    path = tmp_path / "edited"
    path.mkdir()
    monkeypatch.chdir(path)
    return Project(project="p")


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """For which resources an entry was run once more; to be cleared between runs."""
    found: list[str] = []
    differences = stability.differences

    def noting(entry, given, first, **more):  # type: ignore[no-untyped-def]  # as stability.differences
        found.append(given.uid)
        return differences(entry, given, first, **more)

    monkeypatch.setattr(stability, "differences", noting)
    yield found


def stands(project: Project) -> list[Standing]:
    """What stands after a run, which is what stands after one from scratch."""
    project.run()
    with open_state("state") as state:
        found = standing(state)
    here = warnings_in("state")
    shutil.rmtree("../scratch", ignore_errors=True)
    shutil.copytree(".", "../scratch", ignore=shutil.ignore_patterns("state"))
    same_generated_values("state", "../scratch/state")
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.chdir("../scratch")
        project.run()
        assert warnings_in("state") == here
    return found


def warned(project: Project) -> list[str]:
    project.run()
    return [text for level, text in project.said if level == "warn"]


def resources(*names: str, params: str = "") -> dict[str, str]:
    return dict.fromkeys(names, f"{{type: loose{params}}}")


def test_what_an_entry_does_not_keep_is_told_with_the_idiom_that_keeps_it(project: Project) -> None:
    project.provisioner(LOOSE)
    project.write("score.yaml", score("web", resources("one")))
    assert warned(project) == [
        f"{FILE}:4:5: run again on its own result it gives 2 other values: 'state: name', 'outputs: name'\n"
        "  | name: {{ if .Params }}same{{ else }}{{ randAlphaNum 12 }}{{ end }}\n"
        "  in state of template://tests/loose, for resource 'loose.default#web.one'\n"
        "  hint: keep what is there: `name: {{ .State.name | default (randAlphaNum 12) }}`"
    ]
    assert project.outputs("loose.default#web.one").keys() == {"name"}


def test_it_is_an_error_of_a_strict_run(project: Project) -> None:
    project.provisioner(LOOSE)
    project.write("score.yaml", score("web", resources("one")))
    assert "run again on its own result it gives 2 other values" in project.fails(strict=True)
    assert not Path("compose.yaml").exists()


def test_entries_that_keep_what_they_make_are_told_of_nothing(project: Project) -> None:
    project.provisioner(THING, TOPIC, ROUTE, MAKER)
    kinds = {name: f"{{type: {name}}}" for name in ("thing", "topic", "maker")}
    project.write("score.yaml", score("web", kinds | {"route": "{type: route, params: {host: a}}"}))
    assert stands(project) == []


def test_an_entry_is_tried_once_for_all_of_its_resources(project: Project, tried: list[str]) -> None:
    project.provisioner(LOOSE, THING)
    project.write("score.yaml", score("web", resources("bb", "aa") | {"cc": "{type: thing}"}))
    project.run()
    assert tried == ["loose.default#web.aa", "thing.default#web.cc"]
    tried.clear()
    # Nor is it for one that comes after those that there are.
    project.write("score.yaml", score("web", resources("bb", "aa", "dd") | {"cc": "{type: thing}"}))
    project.run()
    assert tried == []


def test_one_that_is_not_kept_stands_until_the_entry_keeps_it(project: Project) -> None:
    project.provisioner(LOOSE)
    project.write("score.yaml", score("web", resources("one")))
    assert stands(project) == [told("loose.default#web.one")]
    project.write("other.score.yaml", score("other"))
    assert stands(project) == [told("loose.default#web.one")]
    project.provisioner(LOOSE.replace("{{ randAlphaNum 12 }}", '{{ dig "name" (randAlphaNum 12) .State }}'))
    assert stands(project) == []


def test_the_first_resource_stands_for_all_whoever_that_is_now(project: Project) -> None:
    project.provisioner(LOOSE)
    project.write("score.yaml", score("web", resources("mm")))
    assert stands(project) == [told("loose.default#web.mm")]
    project.write("score.yaml", score("web", resources("mm", "aa")))
    assert stands(project) == [told("loose.default#web.aa")]
    project.write("score.yaml", score("web", resources("mm") | resources("aa", params=", params: {x: 1}")))
    assert stands(project) == []
    project.write("score.yaml", score("web", resources("mm")))
    assert stands(project) == [told("loose.default#web.mm")]
    project.write("score.yaml", score("web"))
    assert stands(project) == []


def test_a_place_that_moved_is_told_as_it_is_now(project: Project) -> None:
    noisy = "- uri: template://tests/noisy\n  type: noisy\n  expected_outputs: [a]\n"
    project.provisioner(LOOSE, noisy)
    kinds = resources("one") | {"two": "{type: noisy}"}
    project.write("score.yaml", score("web", kinds))

    def places() -> list[tuple[str | None, int | None]]:
        return [(one.problem.path, one.problem.line) for one in stands(project)]

    assert places() == [(FILE, 4), (FILE, 7)]
    project.provisioner("# Moved.\n", LOOSE, "# This too.\n", noisy)
    assert places() == [(FILE, 5), (FILE, 9)]
    Path(FILE).rename("provisioners/60.provisioners.yaml")
    clock.stamp(Path("provisioners/60.provisioners.yaml"))
    assert places() == [("provisioners/60.provisioners.yaml", line) for line in (5, 9)]


@pytest.mark.parametrize("uri", ["template://tests/noisy", "cmd://./tool.sh"])
def test_a_place_that_moved_in_a_score_file_is_told_as_it_is_now(project: Project, uri: str) -> None:
    project.provisioner(
        f"- uri: {uri}\n  type: noisy\n  supported_params: []\n  expected_outputs: [a]\n"
        + ("  inputs: []\n" if uri.startswith("cmd") else "")
    )
    project.write("tool.sh", "#!/bin/sh\necho ran >> ../log\necho {}\n")
    Path("tool.sh").chmod(0o755)
    text = score("web", {"one": "{type: noisy, params: {a: 1}}"})
    project.write("score.yaml", text)

    def places() -> list[tuple[str | None, int | None]]:
        return [(one.problem.path, one.problem.line) for one in stands(project)]

    assert places() == [("score.yaml", 8), (FILE, 1)]
    project.write("score.yaml", text.replace("    image: nginx", "    # Moved.\n    image: nginx:2"))
    assert places() == [("score.yaml", 9), (FILE, 1)]
    Path("score.yaml").rename("web.score.yaml")
    project.provisioner(f"# Moved.\n{Path(FILE).read_text()}")
    assert places() == [("web.score.yaml", 9), (FILE, 2)]
    if uri.startswith("cmd"):  # once here, and in each run from scratch
        assert Path("../log").read_text() == "ran\n" * 4


def test_one_that_fails_on_its_own_result_is_told(project: Project) -> None:
    entry = LOOSE.replace("{{ randAlphaNum 12 }}", '{{ if .State }}{{ fail "again" }}{{ end }}once')
    project.provisioner(entry)
    project.write("score.yaml", score("web", resources("one")))
    assert warned(project) == [
        f"{FILE}:4:59: run again on its own result it fails: fail: again\n"
        '  | name: {{ if .Params }}same{{ else }}{{ if .State }}{{ fail "again" }}{{ end }}once{{ end }}\n'
        "  in state of template://tests/loose, for resource 'loose.default#web.one'"
    ]


def test_a_command_is_not_run_for_this(project: Project) -> None:
    project.provisioner("- uri: cmd://./tool.sh\n  type: tool\n  inputs: []\n")
    project.write(
        "tool.sh", '#!/bin/sh\necho ran >> log\necho \'{"resource_outputs": {"a": "\'$(date +%N)\'"}}\'\n'
    )
    Path("tool.sh").chmod(0o755)
    project.write("score.yaml", score("web", {"one": "{type: tool}"}))
    project.run()
    assert Path("log").read_text() == "ran\n"
    with open_state("state") as state:
        assert standing(state) == []


def test_no_secret_is_in_a_warning_that_is_kept(project: Project) -> None:
    entry = """\
- uri: template://tests/{0}
  type: {0}
  state: |
    password: {{{{ dig "password" (print "pw" (randAlphaNum 12)) .State | quote }}}}
  shared: |
    token: {{{{ dig "token" (print "pw" (randAlphaNum 12)) .Shared | quote }}}}
  outputs: |
    password: {{{{ .State.password | quote }}}}
  services: |
    {{{{ .Shared.token | quote }}}}: {{image: "{0}", labels: {{1: x}}, "{{{{ .State.password }}}}": 1}}
"""
    project.provisioner(entry.format("thing"), entry.format("other"))
    project.write("score.yaml", score("web", {"one": "{type: thing}", "two": "{type: other}"}))
    project.run()
    with open_state("state") as state:
        (shared,) = (str(value) for value in state.meta().attic.values())
        texts = [one.problem.message for one in standing(state)]
    secrets = [
        shared,
        *(
            str(project.outputs(f"{uid}")["password"])
            for uid in ("thing.default#web.one", "other.default#web.two")
        ),
    ]
    assert [text for text in texts if any(secret in text for secret in secrets)] == []
    assert texts == [
        "service '*****' is written by resource 'other.default#web.two' and, with other content, by resource "
        "'thing.default#web.one', which replaces it",
        *["service '*****': *****: Compose knows no such key here"] * 2,
    ]
