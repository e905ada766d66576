"""Commands as provisioners, as their authors write them (score-compose#279), and what they may print."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import running
from running import Command

TELLER = """\
#!/bin/sh
cat > /dev/null
echo ran >> ran
printf '{"resource_outputs": {"word": "%s"}}' "$WORDS$(cat word)"
"""
SCORE = running.score(things=("it",))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    directory = Command(tmp_path / "shop", capfd)
    monkeypatch.chdir(directory.path)
    directory.main("init", "--no-sample", "--no-default-provisioners")
    directory.write("score.yaml", SCORE)
    directory.write("tell.sh", TELLER)
    os.chmod("tell.sh", 0o755)
    directory.write("word", "one")
    return directory


def provisioner(here: Command, more: str = "") -> None:
    here.write(".score-compose/a.provisioners.yaml", f"- uri: cmd://./tell.sh\n  type: thing\n{more}")


def word(here: Command) -> object:
    environment = here.services()["web-main"]["environment"]
    assert isinstance(environment, dict)
    return environment["IT"]


def runs(here: Command) -> int:
    return here.read("ran").count("ran")


def test_a_fragment_is_a_name(here: Command) -> None:
    entries = ""
    for name in ("one", "two"):
        printed = f'{{\\"resource_outputs\\": {{\\"word\\": \\"{name}\\"}}}}'
        entries += f"- uri: cmd://sh#{name}\n  type: thing\n  class: {name}\n"
        entries += f"  args: [-c, \"cat > /dev/null; echo '{printed}'\"]\n"
    here.write(".score-compose/a.provisioners.yaml", entries)
    here.write("score.yaml", SCORE.replace("type: thing", "type: thing\n    class: two"))
    assert here.main("generate", "score.yaml").exit == 0
    assert word(here) == "two"
    here.main("export")
    assert "provisioner: cmd://sh#two" in here.read(".score-compose/state.yaml")


def test_a_command_that_does_not_name_its_inputs_is_run_each_time(here: Command) -> None:
    provisioner(here)
    here.main("generate", "score.yaml")
    here.write("word", "two")
    assert here.main("generate").exit == 0
    assert (word(here), runs(here)) == ("two", 2)
    why = here.main("why").out
    assert "its command is run each time, since it does not name its `inputs`" in why
    said = "INFO: ran 1 command, with the same results as before\nINFO: compose.yaml is up to date\n"
    assert here.main("generate") == (0, "", said)
    assert runs(here) == 3
    assert here.main("why").out == why


def test_diff_says_that_it_does_not_run_such_a_command(here: Command) -> None:
    provisioner(here)
    here.main("generate", "score.yaml")
    here.write("word", "two")
    said = (
        "WARN: `generate` would run the command of resource 'thing.default#web.it', which diff does not: "
        "what is shown is for what it returned before (--run-commands runs it)\n"
    )
    assert here.main("diff") == (1, "", said)
    assert runs(here) == 1
    shown = here.main("diff", "--run-commands")
    assert (shown.exit, "-      IT: one\n+      IT: two\n" in shown.out) == (1, True)
    here.write("word", "one")
    assert here.main("diff", "--run-commands") == (0, "", "")


def test_a_command_that_returns_the_same_hides_nothing_else_that_is_to_be_done(here: Command) -> None:
    provisioner(here)
    here.write("more.yaml", running.score("more"))
    here.main("generate", "score.yaml", "more.yaml")
    written = here.read("compose.yaml")
    here.write("compose.yaml", "# by hand\n")
    assert "restored" in here.main("generate").err
    assert here.read("compose.yaml") == written
    here.write("more.yaml", running.score("more").replace("nginx", "busybox"))
    assert "busybox" not in written
    said = here.main("generate").err
    assert "ran 1 command, with the same results as before" in said
    assert "busybox" in here.read("compose.yaml")


@pytest.mark.parametrize(
    "more",
    [
        '"resource_state": {"a": 1}',
        '"shared_state": {"a": 1}',
        '"compose_services": {"more": {"image": "nginx"}}',
        '"relative_file_contents": {"a/b": "text"}',
        '"relative_directories": {"a": true}',
    ],
)
def test_all_that_such_a_command_returns_counts(here: Command, more: str) -> None:
    same = '{"resource_outputs": {"word": "x"}'
    here.write("answer", same + "}")
    here.write("tell.sh", "#!/bin/sh\ncat > /dev/null\ncat answer\n")
    provisioner(here)
    here.main("generate", "score.yaml")
    for answer in (f"{same}, {more}}}", same + "}"):
        here.write("answer", answer)
        assert "provisioned 1 resource\n" in here.main("generate").err
        before = here.read("compose.yaml")
        assert "ran 1 command, with the same results as before" in here.main("generate").err
        assert here.main("generate", "--force").exit == 0
        assert here.read("compose.yaml") == before


def test_a_command_that_names_its_inputs_is_run_when_they_change(
    here: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    provisioner(here, "  inputs: [word, absent]\n  env: [WORDS]\n")
    here.main("generate", "score.yaml")
    here.main("generate")
    assert runs(here) == 1
    here.write("word", "two")
    here.main("generate")
    assert (word(here), runs(here)) == ("two", 2)
    here.main("generate")
    assert runs(here) == 2
    monkeypatch.setenv("WORDS", "more ")
    here.main("generate")
    assert (word(here), runs(here)) == ("more two", 3)
    here.write("absent", "")
    here.main("generate")
    assert runs(here) == 4
    here.main("generate")
    assert runs(here) == 4


def test_a_command_gets_the_environment_of_the_dodo_py(tmp_path: Path) -> None:
    project = running.Project(tmp_path)
    project.write("score.yaml", SCORE)
    project.write("tell.sh", TELLER)
    project.write("word", "one")
    (tmp_path / "tell.sh").chmod(0o755)
    project.write(".score-compose/a.provisioners.yaml", "- uri: cmd://./tell.sh\n  type: thing\n")
    project.write("dodo.py", 'from doit_score import Score\n\nscore = Score(env={"WORDS": "my "})\n')
    project.doit("generate")
    environment = project.services()["web-main"]["environment"]
    assert environment == {"IT": "my one"}


@pytest.mark.parametrize(
    ("printed", "problem"),
    [
        (r"\377", "found bytes that are not UTF-8"),
        (
            r'{"resource_outputs": {"a": "\\ud800"}}',
            "a text has half of a character in it (a lone surrogate)",
        ),
        ('{"resource_outputs": {"a": ' + "[" * 450 + "]" * 450 + "}}", "nested too deeply"),
        ('{"resource_outputs": {"a": ' + "9" * 5000 + "}}", "a number has more than 4000 digits"),
    ],
)
def test_what_a_command_may_not_print(printed: str, problem: str, here: Command) -> None:
    provisioner(here)
    here.write("tell.sh", f"#!/bin/sh\ncat > /dev/null\nprintf '{printed}'\n")
    done = here.main("generate", "score.yaml")
    assert (done.exit, done.out) == (1, "")
    assert problem in done.err and "expected a JSON object as output" in done.err
    assert "fault of doit-score" not in done.err


@pytest.mark.parametrize("stream", ["", " >&2"])
def test_a_command_that_prints_without_end_is_ended(stream: str, here: Command) -> None:
    provisioner(here)
    here.write("tell.sh", f"#!/bin/sh\nyes{stream}\n")
    done = here.main("generate", "score.yaml")
    assert (done.exit, done.out) == (1, "")
    assert f": the command '{here.path}/tell.sh' printed more than 16 MiB\n" in done.err
    assert done.err.endswith("  hint: it was ended; let it end by itself when it has printed its result\n")


def test_a_command_need_not_read_what_it_is_given(here: Command) -> None:
    provisioner(here)
    size = 300_000  # more than a pipe holds
    here.write("score.yaml", SCORE.replace("type: thing", f"type: thing\n    params: {{a: {'x' * size}}}"))
    here.write("tell.sh", '#!/bin/sh\nexec <&-\necho \'{"resource_outputs": {"word": "deaf"}}\'\n')
    assert here.main("generate", "score.yaml").exit == 0
    assert word(here) == "deaf"
