"""The table of fields is that of the types of Kubernetes itself."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from doit_score.targets.kubernetes import fields

PROGRAM = Path(__file__).parent / "kubernetes" / "fields"
# What Go says where the modules are neither there nor to be had.
NOT_TO_BE_HAD = re.compile(
    r"dial tcp|read tcp|no such host|module lookup disabled|proxyconnect|timeout|unexpected EOF|: (429|50\d) "
)
SCALARS = {"text", "flag", "whole", "number", "quantity", "port", "time", "bytes", "any"}


def test_the_table_is_what_the_program_writes(tmp_path: Path) -> None:
    if shutil.which("go") is None:
        pytest.skip("there is no Go, which the program is written in")
    written = tmp_path / "fields.py"
    run = ["go", "run", ".", str(written)]
    done = subprocess.run(run, cwd=PROGRAM, capture_output=True, text=True, timeout=1100)
    if done.returncode and NOT_TO_BE_HAD.search(done.stderr):
        pytest.skip("the Go modules of Kubernetes cannot be had here")
    assert done.returncode == 0, done.stderr
    assert written.read_text() == Path(fields.__file__).read_text()


def test_every_type_that_is_named_is_there() -> None:
    types = {}
    for line in fields.TYPES.replace("\n  ", " ").strip().splitlines():
        name, *said = line.split()
        types[name] = dict(one.split(":") for one in said)
    named = {re.sub(r"^(\[\]|\{\})+", "", one) for found in types.values() for one in found.values()}
    assert named - SCALARS <= set(types)
    assert {kind for kinds in fields.KINDS.values() for kind in kinds} <= set(types)
    kind = types["Deployment"]
    assert kind == {
        "apiVersion": "text",
        "kind": "text",
        "metadata": "ObjectMeta",
        "spec": "DeploymentSpec",
        "status": "any",
    }
