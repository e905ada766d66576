"""docs/terminal.md and docs/captures/: what a terminal shows, keys of records, and habits, each row tried."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import captures
import pytest
import running
from running import Command

from doit_score.command.arguments import parse
from doit_score.running import status
from doit_score.running.cluster import status as cluster_status
from doit_score.running.status import Owner
from doit_score.text import terminal
from doit_score.text.errors import ScoreError

PAGE = (Path(__file__).parent.parent / "docs" / "terminal.md").read_text(encoding="utf-8")


def rows(title: str) -> list[list[str]]:
    """The rows of the table of a section."""
    part = PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def test_captures_are_what_is_printed(tmp_path: Path) -> None:
    """If not: ``python tests/captures.py``, and look at what became of them."""
    made = captures.captures(tmp_path)
    assert sorted(made) == sorted(path.name for path in captures.CAPTURES.iterdir())
    for name, (columns, colour) in captures.KINDS.items():
        kept = (captures.CAPTURES / name).read_text(encoding="utf-8")
        assert made[name] == kept, name
        plain = re.sub("\x1b\\[[0-9;]*m", "", kept)
        assert (plain != kept) is colour
        assert max(map(len, plain.splitlines())) <= columns


@pytest.mark.parametrize(("columns", "colour"), [(80, True), (140, True)])
def test_colours_change_nothing_else(columns: int, colour: bool) -> None:
    shown = (captures.CAPTURES / f"{columns}-colour.txt").read_text(encoding="utf-8")
    plain = (captures.CAPTURES / f"{columns}.txt").read_text(encoding="utf-8")
    assert re.sub("\x1b\\[[0-9;]*m", "", shown) == plain


def documented() -> dict[str, list[str]]:
    found = {}
    for commands, keys, _ in rows("For programs"):
        for command in commands.split(", "):
            found[command.replace("`", "")] = re.findall("`(.*?)`", keys)
    return found


@pytest.mark.usefixtures("settled")
def test_the_keys_of_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = Command(tmp_path / "shop", capsys)
    monkeypatch.chdir(here.path)
    here.write("provisioners/thing.provisioners.yaml", running.PROVISIONER)
    here.write("score.yaml", running.score(things=("cup",)))
    here.main("init", "--no-sample", "--no-default-provisioners")

    def keys(*command: str) -> list[str]:
        found = json.loads(here.main(*command, "--format", "json").out)
        return list(found if isinstance(found, dict) else found[0])

    found = {"generate": keys("generate", "score.yaml")}
    for verb in ("why", "resources list", "provisioners list", "version"):
        found[verb] = keys(*verb.split())
    here.write("score.yaml", running.score(things=("cup",), image="nginx:2"))
    found["diff"] = keys("diff")
    here.write("score.yaml", "a: b\n")
    found["check"] = keys("check")
    owner = Owner("workload", ("web",))
    row = status.Row(owner, "web-main", "shop-web-main-1", "exited (1)", 1, "", (), False)
    found["status"] = list(json.loads(status.told([row], "json"))[0])
    one = cluster_status.Row(owner, "Deployment", "web", "starting", 0, 1, True)
    found["status in a cluster"] = list(json.loads(cluster_status.told([one], "json"))[0])
    assert found == documented()
    assert (status.told([row], "name"), cluster_status.told([one], "name")) == (
        "web-main\n",
        "Deployment/web\n",
    )


def test_states_are_in_colour() -> None:
    terminal.choose(terminal.ALWAYS)
    try:
        told = status.told(
            [
                status.Row(
                    Owner("workload", (name,)), name, f"shop-{name}-1", state, None, health, (), current
                )
                for name, state, health, current in (
                    ("a", "running", "healthy", True),
                    ("b", "running", "starting", False),
                    ("c", "exited (1)", "", True),
                )
            ],
            "table",
        )
    finally:
        terminal.choose(terminal.AUTO)
    cells = [line.split(" | ")[2:4] for line in told.splitlines()[3::2]]
    assert [[cell.strip() for cell in line] for line in cells] == [
        ["\x1b[32mrunning\x1b[0m", "\x1b[32mhealthy\x1b[0m"],
        ["\x1b[33mrunning, outdated\x1b[0m", "\x1b[33mstarting\x1b[0m"],
        ["\x1b[31mexited (1)\x1b[0m", ""],
    ]


def commands(cell: str) -> list[str]:
    return [one for one in re.findall("`(.*?)`", cell) if one.startswith("doit-score ")]


def test_what_a_habit_finds_here_is_taken_and_what_was_decided_against_is_not() -> None:
    habits = rows("Habits")
    assert {row[0] for row in habits} == {
        "score-compose", "docker compose", "nox", "doit", "Helm", "terraform",
    }  # fmt: skip
    taken = [one for row in habits for one in commands(row[2])]
    refused = [one for row in habits for one in commands(row[3].split(";")[0] if len(row) > 3 else "")]
    assert (len(taken) > 40, len(refused)) == (True, 8)
    for one in taken:
        parse(shlex.split(one)[1:])
    for one in refused:
        with pytest.raises(ScoreError):
            parse(shlex.split(one)[1:])
