"""Where what we did in a case disagrees with what the reference did.

Every disagreement names its *aspect*, so that a deliberate difference can be limited to what it touches:

=====================================  ==========================================================
``step N: exit``                       the exit status of step N (the first is 0)
``step N: stdout``                     what it printed
``step N: lacks WORD``                 a name in the reference's message that ours does not mention
``step N: message``                    a failure without a message
``compose.yaml``                       whether there is a Compose file of that name
``compose.yaml: services.web.image``   a value in it
``state: workloads.web.file``          a value in the exported state, where all commands succeeded
``mounts: PATH``                       a file or directory below the mounts directory
``mounts: PATH: mode``                 its mode
``manifests.yaml``                     whether there are manifests in a file of that name
``manifests.yaml: Deployment/web.x``   a value in them (see kubernetes.py)
``file: PATH``                         another file that was made or changed, or should not be there
=====================================  ==========================================================
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from conformance import compose, kubernetes
from conformance.disagreement import Disagreement, differing
from conformance.messages import is_named, names_in
from conformance.runner import WORKDIR, Answer, Case, Run, Step

_TARGETS = {"compose": compose, "kubernetes": kubernetes}


def disagreements(case: Case, run: Run) -> list[Disagreement]:
    """Everything in which ``run`` disagrees with what ``case`` expects."""
    found: list[Disagreement] = []
    told = ""
    for number, answer in run.answers.items():
        step = case.steps[number]
        found += _answer(number, case, run, step, answer)
        if answer.status != 0:
            # After an init that failed there is no state to complain of a second time.
            told += answer.stderr.replace(str(run.directory), WORKDIR)
            found += _names(number, step, told)
    found += _TARGETS[case.target].made(case, run)
    found += _other_files(case, run)
    return found


def _answer(number: int, case: Case, run: Run, step: Step, answer: Answer) -> Iterator[Disagreement]:
    expected = 1 if step.panics else step.exit
    if answer.status != expected and not (step.may_fail and answer.status in (0, 1)):
        yield Disagreement(f"step {number}: exit", f"{answer.status}: {answer.stderr}", str(step.exit))
    if answer.status == 1 and not re.search(r"^Error: \S", answer.stderr, re.MULTILINE):
        yield Disagreement(f"step {number}: message", answer.stderr, "a message")
    yield from _TARGETS[case.target].printed(f"step {number}: stdout", answer.stdout, step.stdout, case, run)


def _names(number: int, step: Step, told: str) -> Iterator[Disagreement]:
    for name in names_in(step.says):
        if not is_named(name, told):
            yield Disagreement(f"step {number}: lacks {name}", told, "; ".join(step.says))


def _other_files(case: Case, run: Run) -> Iterator[Disagreement]:
    target, directory = _TARGETS[case.target], run.directory
    listing = [line.decode() for line in (case.expected["tree.txt"] or b"").splitlines()]
    theirs = Counter(target.known_as(name) for name in listing if target.is_compared(name))
    ours = Counter(target.known_as(name) for name in _listing(directory) if target.is_compared(name))
    for name in sorted(theirs | ours):
        if theirs[name] != ours[name]:
            yield Disagreement(f"file: {name}", f"{ours[name]} of them", f"{theirs[name]} of them")
    for name, content in case.expected.items():
        path = directory / name.removeprefix("files/")
        if not name.startswith("files/") or content is None or target.is_output(content):
            continue
        if path.exists():
            yield from _file_content(name, target.plain(path.read_bytes(), run), content, case)


def _file_content(name: str, ours: bytes, reference: bytes, case: Case) -> Iterator[Disagreement]:
    if name in case.unordered:
        ours, reference = (b"\n".join(sorted(text.splitlines())) for text in (ours, reference))
    if ours == reference:
        return
    name = f"file: {name.removeprefix('files/')}"
    if name.endswith(".json"):
        yield from differing(name, json.loads(ours), json.loads(reference))
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
