"""`doit-score why` and `generate -v`: what is said of what a run did."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import running
from running import Command

pytestmark = pytest.mark.usefixtures("settled")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Two workloads, one with a resource, generated; then another image in the first."""
    here = Command(tmp_path / "shop", capsys)
    monkeypatch.chdir(here.path)
    here.write("provisioners/thing.provisioners.yaml", running.PROVISIONER)
    here.write("score.yaml", running.score(things=("cup",)))
    here.write("two.yaml", running.score("two"))
    assert here.main("init", "--no-sample").exit == 0
    assert here.main("generate", "score.yaml", "two.yaml").exit == 0
    here.write("score.yaml", running.score(things=("cup",), image="nginx:2"))
    assert here.main("generate").exit == 0
    return here


LEFT = "INFO: left 1 workload and 1 resource as before: nothing that they are made of has changed\n"


def test_a_table_of_what_the_last_run_did_and_a_line_on_the_rest(here: Command) -> None:
    done = here.main("why")
    assert (done.exit, done.err) == (0, LEFT)
    assert done.out == (
        "+----------+--------------+----------+-----------------------------------------------+\n"
        "|   KIND   |     NAME     |   DID    |                      WHY                      |\n"
        "+----------+--------------+----------+-----------------------------------------------+\n"
        "| workload | web          | rendered | 'score.yaml' changed: 'containers.main.image' |\n"
        "+----------+--------------+----------+-----------------------------------------------+\n"
        "| file     | compose.yaml | wrote    | workload 'web' was rendered                   |\n"
        "+----------+--------------+----------+-----------------------------------------------+\n"
    )


def test_those_that_are_named_in_their_order_also_if_nothing_was_done(here: Command) -> None:
    done = here.main("why", "two", "web", "thing.default#web.cup", "two", "--format", "json")
    assert (done.exit, done.err) == (0, "")
    assert json.loads(done.out) == [
        {"Kind": "workload", "Name": "two", "Did": "left", "Reasons": [], "Warnings": []},
        {
            "Kind": "workload",
            "Name": "web",
            "Did": "rendered",
            "Reasons": [{"Reason": "score-file", "Text": "'score.yaml' changed: 'containers.main.image'"}],
            "Warnings": [],
        },
        {"Kind": "resource", "Name": "thing.default#web.cup", "Did": "left", "Reasons": [], "Warnings": []},
    ]
    done = here.main("why", "two", "compose.yaml")
    assert done.out == (
        "+----------+--------------+-------+----------------------------------------+\n"
        "|   KIND   |     NAME     |  DID  |                  WHY                   |\n"
        "+----------+--------------+-------+----------------------------------------+\n"
        "| workload | two          | left  | nothing that it is made of has changed |\n"
        "+----------+--------------+-------+----------------------------------------+\n"
        "| file     | compose.yaml | wrote | workload 'web' was rendered            |\n"
        "+----------+--------------+-------+----------------------------------------+\n"
    )


def test_all_names_that_are_of_nothing_are_told_at_once(here: Command) -> None:
    done = here.main("why", "wbe", "thing.default#web.cap", "something else")
    assert (done.exit, done.out) == (1, "")
    assert done.err == (
        "Error: 3 problems:\n"
        "  there is no workload, resource or file 'something else' in the project\n"
        "    hint: `doit-score why` lists what the last run did\n"
        "  there is no workload, resource or file 'thing.default#web.cap' in the project\n"
        "    hint: did you mean 'thing.default#web.cup'?\n"
        "  there is no workload, resource or file 'wbe' in the project\n"
        "    hint: did you mean 'web'?\n"
    )


def test_a_run_that_finds_nothing_to_do_leaves_the_answer(here: Command) -> None:
    before = here.main("why")
    assert here.main("generate").err.startswith("INFO: nothing to do")
    here.write("two.yaml", here.read("two.yaml"))  # touched
    assert here.main("generate").err == "INFO: compose.yaml is up to date\n"
    assert here.main("why") == before


def test_what_was_removed_can_be_asked_for(here: Command) -> None:
    here.remove("two.yaml")
    here.main("generate")
    done = here.main("why", "two", "--format=json")
    assert json.loads(done.out)[0]["Reasons"] == [{"Reason": "gone", "Text": "its file 'two.yaml' is gone"}]


def test_before_the_first_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Command(tmp_path / "shop", capsys)
    monkeypatch.chdir(here.path)
    assert here.main("why").err == (
        "Error: there is no state in 'state' yet\n  hint: run `doit-score init` (or `doit init`) first\n"
    )
    here.main("init", "--no-sample")
    assert here.main("why") == (0, "", "INFO: no run has done anything here yet\n")
    assert here.main("why", "-f", "json") == (0, "[]\n", "INFO: no run has done anything here yet\n")


def test_a_run_that_failed_is_told_of_and_the_next_one_adds_to_it(here: Command) -> None:
    entry = running.PROVISIONER.replace("word: first", "word: second")
    here.write("provisioners/thing.provisioners.yaml", entry)
    text = here.read("score.yaml")
    here.write("score.yaml", text.replace("cup.word", "cup.none"))
    assert here.main("generate").exit == 1
    done = here.main("why", "thing.default#web.cup", "-f", "json")
    assert done.err == "WARN: that run is still under way, or a run did not come to its end\n"
    reasons = json.loads(done.out)[0]["Reasons"]
    assert [reason["Reason"] for reason in reasons] == ["provisioner"]
    here.write("score.yaml", text)
    assert here.main("generate").exit == 0
    done = here.main("why", "-f", "json")
    told = {row["Name"]: [reason["Text"] for reason in row["Reasons"]] for row in json.loads(done.out)}
    assert told == {
        "web": ["output 'word' of resource 'thing.default#web.cup' changed"],
        "thing.default#web.cup": [
            "provisioner template://tests/thing in 'provisioners/thing.provisioners.yaml' changed"
        ],
        "compose.yaml": [
            "workload 'web' was rendered",
            "resource 'thing.default#web.cup' was provisioned",
            "the run before did not come to its end",
        ],
    }


VAIN = "    livenessProbe: {httpGet: {port: 80, path: /}}\n"


def test_warnings_that_stand_are_listed_until_their_cause_is_gone(here: Command) -> None:
    entry = running.PROVISIONER.replace("name: {{ .State.name }}", "name: {{ .State.nmae }}")
    here.write("provisioners/thing.provisioners.yaml", entry)
    here.write("two.yaml", running.score("two").replace("    image: nginx\n", f"    image: nginx\n{VAIN}"))
    here.main("generate")
    told = (
        "WARN: provisioners/thing.provisioners.yaml:6:14: printed '<no value>' for .State.nmae\n"
        "  | name: {{ .State.nmae }}\n"
        "  in outputs of template://tests/thing, for resource 'thing.default#web.cup'\n"
        '  hint: give it a value, or a default such as `| default ""`\n',
        "WARN: two.yaml:7:20: httpGet probes are not supported by Compose; left out\n"
        "  | livenessProbe: {httpGet: {port: 80, path: /}}\n"
        "  in containers.main.livenessProbe of workload 'two'\n"
        "  hint: `--probes http` (Score(probes='http')) makes a healthcheck of it\n",
    )
    assert here.main("generate").err.endswith("WARN: 2 warnings stand; `doit-score why` lists them\n")
    assert here.main("why").err == "".join(told)
    assert here.main("why", "two").err == told[1]
    assert here.main("why", "web").err == ""
    # What another run had no reason to tell is counted at its end.
    here.write("score.yaml", running.score(things=("cup",), image="nginx:3"))
    assert here.main("generate").err.endswith("WARN: 2 warnings stand; `doit-score why` lists them\n")
    done = here.main("why", "--format", "json")
    assert done.err == LEFT
    found = {row["Name"]: (row["Did"], row["Warnings"]) for row in json.loads(done.out)}
    assert found == {
        "web": ("rendered", []),
        "compose.yaml": ("wrote", []),
        "thing.default#web.cup": (
            "left",
            [
                {
                    "Message": "printed '<no value>' for .State.nmae",
                    "Path": "provisioners/thing.provisioners.yaml",
                    "Line": 6,
                    "Column": 14,
                    "Hint": 'give it a value, or a default such as `| default ""`',
                    "Context": "in outputs of template://tests/thing, for resource 'thing.default#web.cup'",
                    "Excerpt": "name: {{ .State.nmae }}",
                }
            ],
        ),
        "two": ("left", found["two"][1]),
    }
    assert [warning["Line"] for warning in found["two"][1]] == [7]
    here.write("provisioners/thing.provisioners.yaml", running.PROVISIONER)
    here.write("two.yaml", running.score("two"))
    assert "WARN" not in here.main("generate").err
    assert "WARN" not in here.main("generate").err
    assert "WARN" not in here.main("why").err


def test_names_are_there_for_completion(here: Command) -> None:
    assert here.main("completion", "names") == (
        0,
        "thing.default#web.cup\tresource by template://tests/thing\n"
        "two\tworkload of two.yaml\nweb\tworkload of score.yaml\n",
        "",
    )


def test_in_a_dodo_py_a_variable_asks_for_the_reasons(tmp_path: Path) -> None:
    here = running.Project(tmp_path)
    here.write("score.yaml", running.score())
    here.write("dodo.py", "from doit_score import Score\n\nscore = Score()\n")
    here.doit("generate")
    here.write("score.yaml", running.score(image="nginx:2"))
    assert here.doit("generate", DOIT_SCORE_VERBOSE="1").err == (
        "INFO: read workload 'web' from 'score.yaml'\n"
        "DEBUG: provisioned 0 resources: nothing has changed that they depend on\n"
        "INFO: rendered 1 workload\n"
        "DEBUG: rendered workload 'web': 'score.yaml' changed: 'containers.main.image'\n"
        "INFO: wrote compose.yaml\n"
        "DEBUG: wrote file 'compose.yaml': workload 'web' was rendered\n"
    )
    assert "'score.yaml' changed: 'containers.main.image'" in here.score("why", "web").out
