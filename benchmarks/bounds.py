"""Inputs that do not end, or want more than there is: how long each run takes, and how much memory.

Every one is a whole process in a new directory, in which a small run was complete before.  It may take
LIMIT_SECONDS and LIMIT_MIB.  Where one goes beyond either, or fails without an error of ours, the status
of this program is 1.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

TASKS = Path(__file__).parent.parent / "tasks"
PROGRAM = "import sys; from doit_score.command.cli import main; sys.exit(main())"
LIMIT_SECONDS = 120
LIMIT_MIB = 2048

SCORE = """\
apiVersion: score.dev/v1b1
metadata: {name: web}
containers:
  main:
    image: nginx
"""
THING = SCORE + "resources: {box: {type: box}}\n"
OVERRIDE = ("--override-property", "containers.main.variables.A=" + "9" * 100_000)
TEMPLATES = {
    "Go: a list doubled 60 times by sharing, printed": "{{ $l := list 1 }}{{ range 60 }}{{ $l = list $l $l }}"
    "{{ end }}{{ $l }}",
    "Go: `append` in a loop of 100,000": "{{ $l := list }}{{ range 100000 }}{{ $l = append $l 1 }}{{ end }}",
    "Go: `repeat` of a billion": '{{ repeat 1000000000 "ab" }}',
    "Go: loops in loops": "{{ range 100000 }}{{ range 100000 }}{{ end }}{{ end }}",
    "Go: `join` of a long separator": '{{ $x := repeat 1000000 "ab" }}{{ join $x (until 1000) }}',
}
JINJA = {
    "Jinja2: a list doubled 60 times by sharing, printed": "{% set n = namespace(l=[1]) %}"
    "{% for i in range(60) %}{% set n.l = [n.l, n.l] %}{% endfor %}{{ n.l }}",
    "Jinja2: `'a' * n`": "{{ 'a' * 999999999 }}",
    "Jinja2: loops in loops": "{% for i in range(99999) %}"
    "{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "Jinja2: a format of 10 digits": "{{ '%9999999999d' % 1 }}",
    "Jinja2: `10 ** 99999999`": "{{ 10 ** 99999999 }}",
    "Jinja2: a macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One input: ``prepare`` puts it into the directory; ``status`` is that of a run of ``words``."""

    name: str
    prepare: Callable[[], None]
    status: int = 1
    words: tuple[str, ...] = ("generate", "score.yaml")


@dataclass(frozen=True, slots=True)
class Run:
    """What one cost: the wall time, the most memory of the process, and what was not as it should be."""

    name: str
    seconds: float
    mib: int
    fault: str


def write(path: str, text: str) -> Callable[[], None]:
    """Something that writes a file."""

    def act() -> None:
        Path(path).parent.mkdir(exist_ok=True)
        Path(path).write_text(text)

    return act


def both(*actions: Callable[[], None]) -> Callable[[], None]:
    """Several of them in their order."""

    def act() -> None:
        for action in actions:
            action()

    return act


def instead(path: str, make: Callable[[str], None]) -> Callable[[], None]:
    """What is made in the place of a file."""

    def act() -> None:
        Path(path).parent.mkdir(exist_ok=True)
        Path(path).unlink(missing_ok=True)
        make(path)

    return act


def endless(path: str) -> None:
    """A link to a device that can be read for ever."""
    os.symlink("/dev/zero", path)


def large(path: str) -> None:
    """A file of a gibibyte, most of it a hole."""
    with open(path, "wb") as file:
        file.truncate(1 << 30)


def entry(kind: str, *fields: str) -> Callable[[], None]:
    """A provisioner of the type that the Score file asks for."""
    lines = "".join(f"  {field}\n" for field in fields)
    made = write("provisioners/a.provisioners.yaml", f"- uri: {kind}\n  type: box\n{lines}")
    return both(write("score.yaml", THING), made)


def printing(script: str) -> Callable[[], None]:
    """A provisioner that is a shell command."""
    return entry("cmd://sh", f"args: [-c, {json.dumps(script)}]")


def cases() -> Iterator[Case]:
    """All inputs."""
    yield Case("(nothing)", write("score.yaml", SCORE), 0)
    over = ("generate", "score.yaml", "--overrides-file", "over.yaml")
    for what, make in (
        ("a pipe that nobody writes to", os.mkfifo),
        ("a link to /dev/zero", endless),
        ("a file of 1 GiB", large),
    ):
        yield Case(f"Score file: {what}", instead("score.yaml", make))
        yield Case(f"overrides file: {what}", instead("over.yaml", make), words=over)
        yield Case(f"provisioner file: {what}", instead("provisioners/a.provisioners.yaml", make))
        mounted = write("score.yaml", f"{SCORE}    files: {{/x: {{source: page}}}}\n")
        yield Case(f"mounted source: {what}", both(mounted, instead("page", make)))
        yield Case(f"Compose file: {what}", instead("compose.yaml", make), words=("generate", "--force"))
    yield from texts()
    for name, template in (TEMPLATES | JINJA).items():
        kind = "jinja://bench" if name in JINJA else "template://bench"
        yield Case(name, entry(kind, "outputs: |", f"  a: {template}"))
    yield Case("command: prints without end", printing("yes"))
    yield Case("command: complains without end", printing("yes >&2"))
    yield Case("command: 450 lists in each other", printing("printf '[%.0s' `seq 450`"))
    yield Case(
        "command: 5 MB of empty lists",
        printing("printf '{\"resource_state\": {\"a\": ['; yes '[],' | head -n 1250000; printf '1]}}'"),
        0,
    )
    yield Case("command: does not end", printing("sleep 1000"))


def texts() -> Iterator[Case]:
    """Texts of a Score file."""
    variable = "    variables: {A: '%s'}\n"
    yield Case("Score file: 600 KB of `${`", write("score.yaml", SCORE + variable % ("${" * 300_000)), 0)
    yield Case("Score file: 600 KB of `$`", write("score.yaml", SCORE + variable % ("$" * 600_000)), 0)
    many = ", ".join(["*a"] * 1000)
    aliases = f"x: [&a {'y' * 1_000_000}, {many}]\n"
    yield Case("Score file: 1 MB with 1,000 aliases", write("score.yaml", SCORE + aliases))
    laughs = "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 10)}]\n" for n in range(1, 30))
    yield Case("Score file: aliases of aliases, 30 deep", write("score.yaml", f"x0: &x0 [1]\n{laughs}"))
    yield Case("Score file: 100,000 brackets", write("score.yaml", "[" * 100_000))
    yield Case("Score file: 100,000 levels by indentation", write("score.yaml", "- " * 100_000))
    lists = f"x: [{'[],' * 5_500_000}]\n"
    yield Case("Score file: 16 MB of empty lists", write("score.yaml", SCORE + lists))
    yield Case("Score file: 3 MB of empty lists", write("score.yaml", f"{SCORE}x: [{'[],' * 990_000}]\n"))
    yield Case("Score file: 17 MiB", write("score.yaml", SCORE + "#" * (17 << 20)))
    wide = write(
        "provisioners/a.provisioners.yaml", f"- {{uri: template://a, type: a, x: [{'[],' * 990_000}]}}\n"
    )
    yield Case("provisioner file: 3 MB of empty lists", both(write("score.yaml", THING), wide))
    nodes = "".join(f"    a{n}: b\n" for n in range(200_000))
    yield Case("Score file: 200,000 annotations", write("score.yaml", f"metadata:\n  annotations:\n{nodes}"))
    yield Case(
        "override: a number of 100,000 digits",
        write("score.yaml", SCORE),
        0,
        (*("generate", "score.yaml"), *OVERRIDE),
    )
    deep = "--override-property", "containers" + ".a" * 20_000 + "=1"
    yield Case(
        "override: a path of 20,000 parts", write("score.yaml", SCORE), 1, ("generate", "score.yaml", *deep)
    )


def measured(case: Case) -> Run:
    """The run of one input."""
    environment = {**os.environ, "PYTHONPATH": str(TASKS)}
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        command = [sys.executable, "-c", PROGRAM]
        write("score.yaml", SCORE)()
        for words in (("init", "--no-sample"), ("generate", "score.yaml")):
            subprocess.run([*command, "--quiet", *words], env=environment, check=True)
        case.prepare()
        begun = time.monotonic()
        process = subprocess.Popen(
            [*command, *case.words], env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        resource.prlimit(process.pid, resource.RLIMIT_AS, (2 * LIMIT_MIB << 20, 2 * LIMIT_MIB << 20))
        assert process.stderr is not None
        said = process.stderr.read().decode("utf-8", "replace")
        _, status, used = os.wait4(process.pid, 0)
        seconds, mib = time.monotonic() - begun, used.ru_maxrss // 1024
        os.chdir("/")
    is_told = any(line.startswith("Error: ") for line in said.splitlines())
    fault = ""
    if os.waitstatus_to_exitcode(status) != case.status or is_told != bool(case.status):
        fault = f"ended otherwise: {said[-300:]}"
    elif "fault of doit-score" in said or "Traceback" in said:
        fault = said[-300:]
    elif seconds > LIMIT_SECONDS or mib > LIMIT_MIB:
        fault = "took too much"
    return Run(case.name, seconds, mib, fault)


def main() -> int:
    """Prints the table, as it is in README.md."""
    print("| input | s | peak memory, MiB |\n|---|---:|---:|")
    faults = 0
    for case in cases():
        run = measured(case)
        print(f"| {run.name} | {run.seconds:.1f} | {run.mib} |", flush=True)
        if run.fault:
            faults += 1
            print(f"{run.name}: {run.fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
