"""What an import costs, and what may be imported where that `lint-imports` does not know."""

from __future__ import annotations

import ast
import os
import site
import subprocess
import sys
from pathlib import Path

import running

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "tasks" / "doit_score"

# Each takes longer to import than a whole run of an unchanged project should.
HEAVY = ("docker", "doit", "filelock", "jinja2", "re2", "requests", "yaml")


def modules_after(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after ``statement``."""
    command = [sys.executable, "-c", f"{statement}\nimport sys\nprint(*sys.modules, sep='\\n')"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tasks")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def imported_names(path: Path) -> set[str]:
    """The top-level packages that a module imports anywhere in its text."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_import_of_the_package_loads_nothing_heavy() -> None:
    loaded = modules_after("import doit_score")
    assert "doit_score" in loaded
    assert sorted(loaded.intersection(HEAVY)) == []


def test_import_of_the_command_loads_nothing_heavy() -> None:
    loaded = modules_after("import doit_score.command.cli")
    assert "doit_score.command.cli" in loaded
    assert sorted(loaded.intersection(HEAVY)) == []


def test_import_of_the_pack_loads_doit_and_nothing_else_that_is_heavy() -> None:
    loaded = modules_after("from doit_score import Score")
    assert sorted(loaded.intersection(HEAVY)) == ["doit"]


# Each takes a tenth of the time in which Python starts, or more.
LOADED_BY_NO_UNCHANGED_RUN = {*HEAVY, "argparse", "dataclasses", "enum", "glob", "hashlib", "inspect", "json"}
LOADED_BY_NO_UNCHANGED_RUN |= {"re", "secrets", "shutil", "subprocess", "tempfile", "typing", "uuid"}


def test_an_unchanged_run_of_the_command_loads_nothing_that_is_heavy(tmp_path: Path) -> None:
    program = """
import sys, time
from doit_score.command import cli
from doit_score.store import files
files.now_ns = lambda: time.time_ns() + 10**10  # as if all that there is had been written long ago
status = cli.main(sys.argv[1:])
print(*sys.modules, sep="\\n")
sys.exit(status)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tasks")}

    def run(*arguments: str) -> tuple[str, set[str]]:
        command = [sys.executable, "-S", "-c", program, *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        )
        return done.stderr, set(done.stdout.split())

    (tmp_path / "score.yaml").write_text(running.score())
    environment["PYTHONPATH"] = os.pathsep.join([environment["PYTHONPATH"], *site.getsitepackages()])
    run("init")
    run("generate", "score.yaml")
    said, loaded = run("generate")
    assert said == "INFO: nothing to do: 1 workload, 0 resources up to date\n"
    assert sorted(loaded & LOADED_BY_NO_UNCHANGED_RUN) == []


def test_no_run_loads_what_is_there_to_be_read(tmp_path: Path) -> None:
    """Words about keys and functions, and schemas, are for `explain`, `schema` and `init`."""
    program = """
import sys
from doit_score.command import cli
status = cli.main(sys.argv[1:])
print(*sys.modules, sep="\\n")
sys.exit(status)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tasks")}
    resource = running.PROVISIONER + "- {uri: 'jinja://tests/other', type: other, outputs: 'a: {{ uid }}'}\n"
    (tmp_path / "provisioners").mkdir()
    (tmp_path / "provisioners" / "p.provisioners.yaml").write_text(resource)
    workload = running.score(things=("one",)).replace("type: thing", "type: thing\n  two: {type: other}")
    (tmp_path / "score.yaml").write_text(workload)
    for arguments in (["init"], ["generate", "score.yaml"], ["provisioners", "list"], ["why"]):
        command = [sys.executable, "-c", program, *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        )
        ours = {name for name in done.stdout.split() if name.startswith("doit_score.")}
        asked = {name for name in ours if name.endswith((".reference", ".explained", "schema", "schemas"))}
        own = {"doit_score.store.schema", "doit_score.targets.compose.schema"}
        if arguments != ["init"]:
            assert asked - own == set(), arguments
    assert "doit_score.store.schema" in ours


# Where no Docker engine answers, the verbs that need one end with an error: that is far enough here.
VERBS = """\
init
generate score.yaml
diff
why
up
status
logs
down
resources list
provisioners list
provisioners show postgres
provisioners try postgres
provisioners eject postgres
export
provisioners explain dig
schema score
recover --force
version
check-version >=0.0
completion bash
"""


def test_no_verb_of_the_command_loads_doit(tmp_path: Path) -> None:
    program = f"""
import sys
from doit_score.command import cli
for line in {VERBS!r}.splitlines():
    cli.main(line.split())
    loaded = [name for name in sys.modules if name.partition(".")[0] == "doit"]
    print(line.split()[0], loaded, file=sys.stderr)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tasks"), "DOCKER_HOST": "tcp://127.0.0.1:1"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    said = [line for line in done.stderr.splitlines() if line.endswith("]")]
    assert said == [f"{line.split()[0]} []" for line in VERBS.splitlines()]


def test_typing_and_dataclasses_are_had_from_where_they_cost_nothing() -> None:
    allowed = {
        "typing": {"BinaryIO", "IO", "TypedDict"},
        "dataclasses": set(),
        "hashlib": {"scrypt", "sha1", "sha256", "sha512"},
    }
    found = {
        f"{path.relative_to(PACKAGE).as_posix()}: {node.module}.{alias.name}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module in allowed and path.name != "light.py"
        for alias in node.names
        if alias.name not in allowed[node.module]
    }
    assert found == set()


def test_doit_is_imported_in_the_pack_only() -> None:
    importers = {
        p.relative_to(PACKAGE).as_posix() for p in PACKAGE.rglob("*.py") if "doit" in imported_names(p)
    }
    assert {os.path.dirname(path) for path in importers} == {"pack"}


def test_docker_is_not_imported_by_anything_that_generates() -> None:
    importers = {
        p.relative_to(PACKAGE).as_posix() for p in PACKAGE.rglob("*.py") if "docker" in imported_names(p)
    }
    # Who has logged in to a registry is known to Docker; `init` asks for it, nothing that generates.
    assert {path for path in importers if not path.startswith("running/")} == {"fetching/oci.py"}
