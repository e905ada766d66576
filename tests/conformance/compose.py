"""What a case of the Compose target made: the project, its mounts, and the state that is handed back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from conformance.disagreement import ABSENT, Disagreement, differing, shown, tells_all
from conformance.runner import MOUNTS, REFERENCE_MOUNTS, Case, Run

from doit_score.text import yaml12
from doit_score.text.errors import ScoreError

_TAKEN_IN = re.compile(r"\.score-compose/(<time>\.[\w-]{22}|loaded-\d{6}\.[0-9a-f]{16})\.provisioners\.yaml")
_NOT_COMPARED = ("state/", ".score-compose/state.yaml", f"{REFERENCE_MOUNTS}/", ".score-compose/zz-default.")

Files = Callable[[str], str]
"""What a mount file holds and its mode, by its path as a Compose file names it."""


def made(case: Case, run: Run) -> Iterator[Disagreement]:
    """Everything that the case leaves behind, but files of others."""
    yield from _projects(case, run.directory)
    yield from _state(case, run)
    yield from _mounts(case, run)


def printed(aspect: str, ours: str, reference: str, case: Case, run: Run) -> Iterator[Disagreement]:
    """What a command printed: equal, or for a Compose file equal as data; of a list ours may tell more."""
    if ours == reference or tells_all(ours, reference):
        return
    if is_output(reference.encode()) and yaml12.load(ours.encode()) == yaml12.load(reference.encode()):
        return
    yield Disagreement(aspect, ours, reference)


def is_output(content: bytes | None) -> bool:
    """Whether this is what a project was turned into."""
    return content is not None and re.match(rb"(name: .*\n)?services:", content) is not None


def is_compared(name: str) -> bool:
    """Whether a file is one of others, by its path."""
    return name not in ("", "compose.yaml", ".score-compose/") and not name.startswith(_NOT_COMPARED)


def known_as(name: str) -> str:
    """How the path of a file is told where it differs from run to run."""
    return _TAKEN_IN.sub(".score-compose/<taken in>.provisioners.yaml", name)


def plain(content: bytes, run: Run) -> bytes:
    """What is in a file, in the words of the reference."""
    return content.replace(MOUNTS.encode(), REFERENCE_MOUNTS.encode())


def _projects(case: Case, directory: Path) -> Iterator[Disagreement]:
    """The Compose file, and others of its kind that the case had written elsewhere."""
    yield from _project(
        "compose.yaml", case.expected.get("compose.yaml", case.input.get("compose.yaml")), case, directory
    )
    for name, content in case.expected.items():
        if name.startswith("files/") and is_output(content):
            yield from _project(name.removeprefix("files/"), content, case, directory)


def _project(name: str, reference: bytes | None, case: Case, directory: Path) -> Iterator[Disagreement]:
    path = directory / name
    ours = path.read_bytes() if path.exists() else None
    if ours is None or reference is None:
        if ours is not reference:
            yield Disagreement(name, shown(ours), shown(reference))
        return
    try:
        theirs = yaml12.load(reference)
    except ScoreError as error:
        yield Disagreement(name, "readable", f"unreadable: {error}")
        return
    modes = _reference_modes(case)

    def our_file(source: str) -> str:
        file = directory / source
        return _file(file.read_bytes(), file.stat().st_mode & 0o7777) if file.is_file() else ABSENT

    def their_file(source: str) -> str:
        file = source.removeprefix(f"{REFERENCE_MOUNTS}/")
        content = case.expected.get(f"mounts/{file}")
        return ABSENT if content is None else _file(content, modes.get(file, 0))

    mine = _plain(yaml12.load(ours), MOUNTS, our_file)
    yield from differing(name, mine, _plain(theirs, REFERENCE_MOUNTS, their_file))


def _state(case: Case, run: Run) -> Iterator[Disagreement]:
    if run.state is None:
        return
    ours, theirs = yaml12.load(run.state), yaml12.load(case.expected["state.yaml"] or b"")
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        yield Disagreement("state", shown(run.state), "a state file")
        return
    for uid, resource in ours["resources"].items():
        if theirs["resources"].get(uid, {}).get("guid") == "<guid>":
            resource["guid"] = "<guid>"
    yield from differing("state", _whole(ours), _whole(theirs))


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


def _mounts(case: Case, run: Run) -> Iterator[Disagreement]:
    """What provisioners wrote; the files of workloads are compared where the project mounts them."""
    root = run.directory / MOUNTS
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
        if (name in ours) != (name in theirs) or _moved(mine, run) != reference:
            yield Disagreement(f"mounts: {name}", _listed(name, ours), _listed(name, theirs))
        else:
            mode = (root / name).stat().st_mode & 0o7777
            expected = modes[f"{name}/" if reference is None else name]
            if mode != expected:
                yield Disagreement(f"mounts: {name}: mode", f"{mode:04o}", f"{expected:04o}")


def _moved(content: bytes | None, run: Run) -> bytes | None:
    return None if content is None else plain(content, run)


def _listed(name: str, files: Mapping[str, bytes | None]) -> str:
    if name not in files:
        return ABSENT
    content = files[name]
    return "a directory" if content is None else repr(content)


def _reference_modes(case: Case) -> dict[str, int]:
    raw = yaml12.load(case.expected.get("mounts.modes.yaml") or b"{}")
    assert isinstance(raw, dict)
    return {str(name): int(str(mode), 8) for name, mode in raw.items()}


def _file(content: bytes, mode: int) -> str:
    return f"{mode:04o} {content!r}"
