"""Builds the program that runs httpGet probes, for each machine for which a compiler is here.

`python tests/probe_build.py` writes the files that are shipped; what else it takes than a compiler of C is
in Debian's `gcc-aarch64-linux-gnu`, or `gcc-x86-64-linux-gnu` on the other machine.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent.parent / "tasks/doit_score/targets/compose/probe"
SOURCE = HERE / "probe.c"
MACHINES = ("x86_64", "aarch64")
FLAGS = (
    *("-std=c11", "-Os", "-Wall", "-Wextra", "-Werror", "-ffreestanding", "-fno-builtin", "-nostdlib"),
    *("-static", "-fno-pie", "-no-pie", "-fno-stack-protector", "-fno-asynchronous-unwind-tables"),
    *("-fno-ident", "-fno-strict-aliasing", "-s", "-Wl,--build-id=none", "-Wl,-z,noseparate-code"),
    *("-Wl,-z,norelro", "-Wl,-n", "-Wl,-z,noexecstack"),
)
OWN_FLAGS = {"x86_64": ["-march=x86-64", "-fcf-protection=none"], "aarch64": ["-march=armv8-a"]}
VERSION = "12"
"""Of the gcc that made what is shipped (Debian 12): with another one the bytes are others."""


def compiler(machine: str) -> str | None:
    """The compiler for ``machine``, if there is one."""
    names = [f"{machine.replace('_', '-')}-linux-gnu-gcc"]
    names += ["gcc"] if platform.machine() == machine else []
    for name in (f"{one}{suffix}" for suffix in (f"-{VERSION}", "") for one in names):
        if shutil.which(name):
            return name
    return None


def version(compiler: str) -> str:
    """The version of a compiler, as far as it makes other bytes."""
    return subprocess.run(
        [compiler, "-dumpversion"], capture_output=True, text=True, check=True
    ).stdout.strip()


def build(compiler: str, machine: str, output: Path) -> None:
    """Builds the program for ``machine``."""
    command = [compiler, *FLAGS, *OWN_FLAGS[machine], "-o", str(output), SOURCE.name]
    subprocess.run(command, check=True, cwd=HERE)


def main() -> None:
    for machine in MACHINES:
        found = compiler(machine)
        if found is None:
            print(f"{machine}: there is no compiler for it")
        else:
            build(found, machine, HERE / machine)
            print(f"{machine}: {(HERE / machine).stat().st_size} bytes, by {found} {version(found)}")


if __name__ == "__main__":
    main()
