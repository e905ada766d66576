"""docs/provisioners tell of each shipped type what was really run, and that is what the tests run."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from e2e.kubernetes import test_databases
from e2e.test_default_provisioners import TYPES
from e2e.versions import RUN

from doit_score.engine.inputs.discover import default_directory

DOCS = Path(__file__).parent.parent / "docs" / "provisioners"


def images_of_types() -> dict[str, list[str]]:
    """The names of images that the entries of each type use."""
    found: dict[str, list[str]] = {}
    for path in sorted(Path(default_directory()).glob("*.provisioners.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            if "type" in entry:
                found[entry["type"]] = entry.get("images", [])
    return found


def column(number: int) -> dict[str, str]:
    """What the table of types has in a column."""
    rows = re.findall(
        r"^\| \[(\S+)\]\(.*?\) \|(.*)\|$", (DOCS / "README.md").read_text(encoding="utf-8"), re.M
    )
    return {type_: cells.split("|")[number].strip() for type_, cells in rows}


def test_the_table_of_images_tells_what_runs_under_each_name() -> None:
    named = yaml.safe_load(
        (Path(default_directory()) / "images.provisioners.yaml").read_text(encoding="utf-8")
    )
    assert {*RUN} == {*named[0]["images"]}
    rows = [
        f"| `{name}` | {server.what if server else 'a stand-in'} |" for name, server in sorted(RUN.items())
    ]
    table = "| image | what runs under its name |\n|---|---|\n" + "\n".join(rows) + "\n\n"
    assert table in (DOCS / "README.md").read_text(encoding="utf-8")


def test_the_table_of_types_tells_which_ones_have_a_stand_in() -> None:
    standins = {
        type_ for type_, images in images_of_types().items() if None in (RUN[name] for name in images)
    }
    told = column(2)
    assert {type_ for type_, run in told.items() if run == "stand-in"} == standins
    for type_ in images_of_types():
        text = (DOCS / f"{type_}.md").read_text(encoding="utf-8")
        assert ("stand-in" in text.split("\n## What was run\n")[1]) == (type_ in standins), type_


def test_the_pages_tell_which_types_workloads_use_in_a_real_cluster() -> None:
    told = {
        path.stem for path in DOCS.glob("*.md") if "Run in a real cluster" in path.read_text(encoding="utf-8")
    }
    assert told == {TYPES[prefix][0] for prefix in test_databases.USES}
