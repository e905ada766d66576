"""Where what we did in a case disagrees with what the reference did.

Every disagreement names its *aspect*, so that a deliberate difference can be limited to what it touches:

====================================  ==========================================================
``step N: exit``                      the exit status of step N (the first is 0)
``step N: stdout``                    what it printed
``step N: lacks WORD``                a name in the reference's message that ours does not mention
``step N: message``                   a failure without a message
``compose.yaml``                      whether there is a Compose file of that name
``compose.yaml: services.web.image``  a value in it
``state: workloads.web.file``         a value in the exported state, where all commands succeeded
``mounts: PATH``                      a file or directory below the mounts directory
``mounts: PATH: mode``                its mode
``file: PATH``                        another file that was made or changed, or should not be there
====================================  ==========================================================
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from conformance.messages import is_named, names_in
from conformance.runner import MOUNTS, REFERENCE_MOUNTS, WORKDIR, Answer, Case, Run, Step

from doit_score.text import yaml12
from doit_score.text.errors import ScoreError

_TAKEN_IN = re.compile(r"\.score-compose/(<time>\.[\w-]{22}|loaded-\d{6}\.[0-9a-f]{16})\.provisioners\.yaml")
_NOT_COMPARED = ("state/", ".score-compose/state.yaml", f"{REFERENCE_MOUNTS}/", ".score-compose/zz-default.")
_ABSENT = "nothing"

Files = Callable[[str], str]
"""What a mount file holds and its mode, by its path as a Compose file names it."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What we gave and what the reference gave, as text for whom it may concern."""

    aspect: str
    ours: str
    reference: str

    def __str__(self) -> str:
        return f"{self.aspect}\n    ours:      {self.ours}\n    reference: {self.reference}"


def disagreements(case: Case, run: Run) -> list[Disagreement]:
    """Everything in which ``run`` disagrees with what ``case`` expects."""
    found: list[Disagreement] = []
    told = ""
    for number, answer in run.answers.items():
        step = case.steps[number]
        found += _answer(number, step, answer)
        if answer.status != 0:
            # After an init that failed there is no state to complain of a second time.
            told += answer.stderr.replace(str(run.directory), WORKDIR)
            found += _names(number, step, told)
    found += _projects(case, run.directory)
    found += _state(case, run)
    found += _mounts(case, run.directory)
    found += _other_files(case, run.directory)
    return found


def _answer(number: int, step: Step, answer: Answer) -> Iterator[Disagreement]:
    expected = 1 if step.panics else step.exit
    if answer.status != expected and not (step.may_fail and answer.status in (0, 1)):
        yield Disagreement(f"step {number}: exit", f"{answer.status}: {answer.stderr}", str(step.exit))
    if answer.status == 1 and not re.search(r"^Error: \S", answer.stderr, re.MULTILINE):
        yield Disagreement(f"step {number}: message", answer.stderr, "a message")
    if not _same_text(step.stdout, answer.stdout):
        yield Disagreement(f"step {number}: stdout", answer.stdout, step.stdout)


def _names(number: int, step: Step, told: str) -> Iterator[Disagreement]:
    for name in names_in(step.says):
        if not is_named(name, told):
            yield Disagreement(f"step {number}: lacks {name}", told, "; ".join(step.says))


def _same_text(expected: str, given: str) -> bool:
    """Equal, or for a Compose file on stdout equal as data; of a list ours may tell more of each thing."""
    if expected == given:
        return True
    if _is_project(expected.encode()):
        return yaml12.load(expected.encode()) == yaml12.load(given.encode())
    theirs, ours = _told(expected), _told(given)
    return bool(theirs) and len(theirs) == len(ours) and all(map(_is_within, theirs, ours))


def _is_within(row: Mapping[str, object], more: Mapping[str, object]) -> bool:
    return all(name in more and more[name] == value for name, value in row.items())


def _told(text: str) -> list[dict[str, object]]:
    """The rows of what is listed as JSON or as a table, that of the heads too, by column; else none."""
    if text.startswith("[\n  {"):
        return json.loads(text)  # type: ignore[no-any-return]  # a list of records
    rows = [[cell.strip() for cell in line[1:-1].split(" | ")] for line in text.splitlines()[1::2]]
    return [dict(zip(rows[0], row, strict=True)) for row in rows] if text.startswith("+-") else []


def _is_project(content: bytes | None) -> bool:
    return content is not None and re.match(rb"(name: .*\n)?services:", content) is not None


def _projects(case: Case, directory: Path) -> Iterator[Disagreement]:
    """The Compose file, and others of its kind that the case had written elsewhere."""
    yield from _project(
        "compose.yaml", case.expected.get("compose.yaml", case.input.get("compose.yaml")), case, directory
    )
    for name, content in case.expected.items():
        if name.startswith("files/") and _is_project(content):
            yield from _project(name.removeprefix("files/"), content, case, directory)


def _project(name: str, reference: bytes | None, case: Case, directory: Path) -> Iterator[Disagreement]:
    path = directory / name
    ours = path.read_bytes() if path.exists() else None
    if ours is None or reference is None:
        if ours is not reference:
            yield Disagreement(name, _shown(ours), _shown(reference))
        return
    try:
        theirs = yaml12.load(reference)
    except ScoreError as error:
        yield Disagreement(name, "readable", f"unreadable: {error}")
        return
    modes = _reference_modes(case)

    def our_file(source: str) -> str:
        file = directory / source
        return _file(file.read_bytes(), file.stat().st_mode & 0o7777) if file.is_file() else _ABSENT

    def their_file(source: str) -> str:
        file = source.removeprefix(f"{REFERENCE_MOUNTS}/")
        content = case.expected.get(f"mounts/{file}")
        return _ABSENT if content is None else _file(content, modes.get(file, 0))

    mine = _plain(yaml12.load(ours), MOUNTS, our_file)
    yield from _data(name, mine, _plain(theirs, REFERENCE_MOUNTS, their_file))


def _state(case: Case, run: Run) -> Iterator[Disagreement]:
    if run.state is None:
        return
    ours, theirs = yaml12.load(run.state), yaml12.load(case.expected["state.yaml"] or b"")
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        yield Disagreement("state", _shown(run.state), "a state file")
        return
    for uid, resource in ours["resources"].items():
        if theirs["resources"].get(uid, {}).get("guid") == "<guid>":
            resource["guid"] = "<guid>"
    yield from _data("state", _whole(ours), _whole(theirs))


def _whole(value: object) -> object:
    """The reference's state file does not tell 3.0 from 3."""
    if isinstance(value, dict):
        return {key: _whole(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return int(value) if isinstance(value, float) and value == value // 1 and abs(value) < 2**53 else value


def _plain(value: object, mounts: str, files: Files) -> object:
    """A Compose project with the mounts directory under one name, files of workloads replaced by what they
    hold, and the volumes of a service in one order."""
    if isinstance(value, dict):
        source = value.get("source")
        if value.get("type") == "bind" and isinstance(source, str) and f"{mounts}/files/" in source:
            value = {**value, "source": files(source)}
        changed = {key: _plain(each, mounts, files) for key, each in value.items()}
        volumes = changed.get("volumes")
        if isinstance(volumes, list):
            changed["volumes"] = sorted(volumes, key=_target)
        return changed
    if isinstance(value, list):
        return [_plain(each, mounts, files) for each in value]
    return value.replace(mounts, "MOUNTS") if isinstance(value, str) else value


def _target(volume: object) -> str:
    return str(volume.get("target")) if isinstance(volume, dict) else str(volume)


def _data(place: str, ours: object, reference: object) -> Iterator[Disagreement]:
    """The deepest places in which two values differ; a mapping's keys are joined with dots."""
    if isinstance(ours, dict) and isinstance(reference, dict):
        for key in sorted({**ours, **reference}, key=str):
            below = f"{place}.{key}" if ": " in place.removeprefix("file: ") else f"{place}: {key}"
            yield from _data(below, ours.get(key, _ABSENT), reference.get(key, _ABSENT))
    elif isinstance(ours, list) and isinstance(reference, list) and len(ours) == len(reference):
        for index, (mine, theirs) in enumerate(zip(ours, reference, strict=True)):
            yield from _data(f"{place}.{index}", mine, theirs)
    elif type(ours) is not type(reference) or ours != reference:
        yield Disagreement(place, repr(ours), repr(reference))


def _mounts(case: Case, directory: Path) -> Iterator[Disagreement]:
    """What provisioners wrote; the files of workloads are compared where the project mounts them."""
    root = directory / MOUNTS
    modes = _reference_modes(case)
    theirs: dict[str, bytes | None] = {}
    for name in modes:
        if name and not name.startswith("files/"):
            theirs[name.rstrip("/")] = None if name.endswith("/") else case.expected[f"mounts/{name}"]
    ours = {
        str(path.relative_to(root)): path.read_bytes() if path.is_file() else None
        for path in root.rglob("*")
        if path.relative_to(root).parts[0] != "files"
    }
    # The reference's listing has the directories in which there is nothing else.
    inner = {str(parent) for name in theirs for parent in Path(name).parents}
    for name in sorted({**theirs, **ours}):
        if name not in theirs and name in inner:
            continue
        mine, reference = ours.get(name, b"" if name not in ours else None), theirs.get(name)
        if (name in ours) != (name in theirs) or _moved(mine) != reference:
            yield Disagreement(f"mounts: {name}", _listed(name, ours), _listed(name, theirs))
        else:
            mode = (root / name).stat().st_mode & 0o7777
            expected = modes[f"{name}/" if reference is None else name]
            if mode != expected:
                yield Disagreement(f"mounts: {name}: mode", f"{mode:04o}", f"{expected:04o}")


def _moved(content: bytes | None) -> bytes | None:
    return None if content is None else content.replace(MOUNTS.encode(), REFERENCE_MOUNTS.encode())


def _listed(name: str, files: Mapping[str, bytes | None]) -> str:
    if name not in files:
        return _ABSENT
    content = files[name]
    return "a directory" if content is None else repr(content)


def _reference_modes(case: Case) -> dict[str, int]:
    raw = yaml12.load(case.expected.get("mounts.modes.yaml") or b"{}")
    assert isinstance(raw, dict)
    return {str(name): int(str(mode), 8) for name, mode in raw.items()}


def _other_files(case: Case, directory: Path) -> Iterator[Disagreement]:
    listing = [line.decode() for line in (case.expected["tree.txt"] or b"").splitlines()]
    theirs = Counter(_known_as(name) for name in listing if _compared(name))
    ours = Counter(_known_as(name) for name in _listing(directory) if _compared(name))
    for name in sorted(theirs | ours):
        if theirs[name] != ours[name]:
            yield Disagreement(f"file: {name}", f"{ours[name]} of them", f"{theirs[name]} of them")
    for name, content in case.expected.items():
        path = directory / name.removeprefix("files/")
        if not name.startswith("files/") or content is None or _is_project(content) or not path.exists():
            continue
        yield from _file_content(name, _moved(path.read_bytes()) or b"", content, case)


def _file_content(name: str, ours: bytes, reference: bytes, case: Case) -> Iterator[Disagreement]:
    if name in case.unordered:
        ours, reference = (b"\n".join(sorted(text.splitlines())) for text in (ours, reference))
    if ours == reference:
        return
    name = f"file: {name.removeprefix('files/')}"
    if name.endswith(".json"):
        yield from _data(name, json.loads(ours), json.loads(reference))
    else:
        yield Disagreement(name, repr(ours), repr(reference))


def _listing(directory: Path) -> Iterator[str]:
    """Files, and directories in which there is nothing, as the reference's ``tree.txt`` has them."""
    for path in directory.rglob("*"):
        name = str(path.relative_to(directory))
        if not path.is_dir() or path.is_symlink():
            yield name
        elif not any(path.iterdir()):
            yield f"{name}/"


def _compared(name: str) -> bool:
    return name not in ("", "compose.yaml", ".score-compose/") and not name.startswith(_NOT_COMPARED)


def _known_as(name: str) -> str:
    return _TAKEN_IN.sub(".score-compose/<taken in>.provisioners.yaml", name)


def _file(content: bytes, mode: int) -> str:
    return f"{mode:04o} {content!r}"


def _shown(content: bytes | None) -> str:
    return _ABSENT if content is None else content.decode("utf-8", "replace")
