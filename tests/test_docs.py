"""Every command in README.md, docs/ and examples/ is run, and what it prints is compared.

The convention, for those who write pages:

- Each section (from one `## ` heading to the next) starts in an empty directory called `shop`; one of
  `examples/NAME/README.md` in a copy of that example, called `NAME`.
- A code block whose first line is a comment that is a file name alone (`# score.yaml`) is written
  to that file; the comment is part of it.
- In a ```console block the lines that start with `$ ` are run with bash, in order (`> ` continues
  a line).  What follows is what the command prints on both streams; `...` stands for any text.
  A command after which nothing is shown may print what it likes.
- A section that runs containers does so on a real engine, as a project of another name than `shop`; one that
  runs `kubectl` in a real cluster (e2e/kubernetes/test_docs.py), and the example of Kafka with a real one
  (e2e/test_examples.py).
- A command succeeds, unless it ends with `# exit status N`.
- ```sh blocks are not run here: `.ci/run` runs those of the README's section "Set up".
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import docking
import pytest

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted(EXAMPLES.rglob("*.md"))]

_SECTION = re.compile(r"^## (.*)$", re.MULTILINE)
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE_NAME = re.compile(r"# ([\w.-]+(?:/[\w.-]+)*\.\w+)\n")
_RUNS = re.compile(r"^doit(-score)?( --\S+)* (\w+-)?(up|down|status|ps|logs|exec|restart|test)\b")
_EXIT_STATUS = re.compile(r"  # exit status (\d+)$")


@dataclass(frozen=True)
class Command:
    line: str
    exit_status: int
    expected: str


@dataclass(frozen=True)
class Section:
    page: str
    title: str
    blocks: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.page}: {self.title}"


def read_sections(page: Path) -> list[Section]:
    """The sections of a page that have code blocks."""
    text = page.read_text(encoding="utf-8")
    starts = [0, *(match.start() for match in _SECTION.finditer(text)), len(text)]
    sections = []
    for start, end in pairwise(starts):
        part = text[start:end]
        title = _SECTION.match(part)
        blocks = tuple((m[1], m[2]) for m in _BLOCK.finditer(part))
        if blocks:
            name = page.relative_to(ROOT).as_posix()
            sections.append(Section(name, title[1] if title else "(top)", blocks))
    return sections


def read_commands(block: str) -> list[Command]:
    """The commands of a console block, each with what the page says that it prints."""
    commands = []
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, printed = part.partition("\n")
        while printed.startswith("> "):
            more, _, printed = printed[2:].partition("\n")
            line = f"{line}\n{more}"
        status = _EXIT_STATUS.search(line)
        commands.append(Command(_EXIT_STATUS.sub("", line), int(status[1]) if status else 0, printed))
    return commands


def matches(expected: str, printed: str) -> bool:
    """Whether ``printed`` is ``expected``, where `...` stands for any text."""
    pattern = ".*".join(re.escape(part) for part in expected.split("..."))
    return re.fullmatch(pattern, printed, re.DOTALL) is not None


SECTIONS = [section for page in PAGES for section in read_sections(page)]
RUNNABLE = [section for section in SECTIONS if any(kind == "console" for kind, _ in section.blocks)]
OF_CLUSTERS = [
    section
    for section in RUNNABLE
    if any("$ kubectl " in block for kind, block in section.blocks if kind == "console")
]
OF_SERVERS = [section for section in RUNNABLE if str(section) == "examples/kafka/README.md: Up"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment in which `doit` and `doit-score` are those of this interpreter and checkout."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, module in (("doit", "doit"), ("doit-score", "doit_score")):
        script = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m {module} "$@"\n'
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]])
    return {
        "PATH": path,
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT / "tasks"),
        # Both streams come in the order in which a terminal shows them.
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture
def removed(section: Section, environment: dict[str, str]) -> Iterator[None]:
    """An engine for the sections that need one; what they run there is removed."""
    commands = [c.line for kind, block in section.blocks if kind == "console" for c in read_commands(block)]
    if not any(map(_RUNS.match, commands)):
        yield
        return
    docking.need_engine()
    docking.need_image()
    environment["COMPOSE_PROJECT_NAME"] = name = f"dsu-{uuid.uuid4().hex[:8]}"
    environment.update({key: os.environ[key] for key in ("DOCKER_HOST",) if key in os.environ})
    yield
    docking.docker("compose", "--project-name", name, "down", "--volumes", "--timeout", "0", check=False)


@pytest.mark.usefixtures("removed")
@pytest.mark.parametrize("section", [one for one in RUNNABLE if one not in OF_CLUSTERS + OF_SERVERS], ids=str)
def test_commands_of_the_page_do_what_it_says(
    section: Section, tmp_path: Path, environment: dict[str, str]
) -> None:
    run(section, tmp_path, environment)


def run(section: Section, tmp_path: Path, environment: dict[str, str]) -> None:
    """Runs the commands of a section, and compares what they print."""
    page = ROOT / section.page
    if page.is_relative_to(EXAMPLES):
        shop = tmp_path / page.parent.name
        shutil.copytree(page.parent, shop, ignore=shutil.ignore_patterns("__pycache__", "state"))
    else:
        shop = tmp_path / "shop"
        shop.mkdir()
    for kind, block in section.blocks:
        name = _FILE_NAME.match(block)
        if kind != "console" and name:
            path = shop / name[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block, encoding="utf-8")
        for command in read_commands(block) if kind == "console" else []:
            done = subprocess.run(
                ["bash", "-c", command.line],
                cwd=shop,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            shown = f"$ {command.line}\n{done.stdout}"
            assert done.returncode == command.exit_status, shown
            if command.expected:
                assert matches(command.expected, done.stdout), f"{shown}\nexpected:\n{command.expected}"


def test_set_up_has_two_sh_blocks_and_no_other_section_has_one() -> None:
    found = [(str(section), kind) for section in SECTIONS for kind, _ in section.blocks if kind == "sh"]
    assert found == [("README.md: Set up", "sh"), ("README.md: Set up", "sh")]
    (set_up,) = (section for section in SECTIONS if str(section) == "README.md: Set up")
    assert len(set_up.blocks) == 2


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_links_of_the_page_lead_to_files_that_are_there(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://)([^)#]*)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if target and not (page.parent / target).exists()] == []


def anchors(page: Path) -> set[str]:
    """How links call the headings of a page, as GitHub has it: small letters, blanks as dashes."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_links_into_a_page_lead_to_headings_that_are_there(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]*)#([^)]*)\)", page.read_text(encoding="utf-8"))
    known = {target: anchors((page.parent / target) if target else page) for target, _ in links}
    assert [f"{target}#{anchor}" for target, anchor in links if anchor not in known[target]] == []


def test_a_command_is_read_with_its_exit_status_and_output() -> None:
    block = "$ one \\\n> two\n$ three  # exit status 2\nError: no ...\n  hint\n"
    assert read_commands(block) == [
        Command("one \\\ntwo", 0, ""),
        Command("three", 2, "Error: no ...\n  hint\n"),
    ]


def test_dots_stand_for_any_text_and_nothing_else_does() -> None:
    assert matches("a ... c\n", "a b\nb c\n")
    assert not matches("a.c\n", "abc\n")
    assert not matches("a\n", "a\nb\n")
