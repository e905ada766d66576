"""What is built from a checkout: exactly these files in the wheel, exactly these in the sdist."""

from __future__ import annotations

import email
import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PASSWORD = "hunter2-of-a-state-file"

# The top-level names that are published as source, and the files that hatchling adds by itself.
SDIST_ROOTS = (
    ".pre-commit-hooks.yaml",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "benchmarks",
    "docs",
    "dodo.py",
    "examples",
    "provisioners",
    "score.yaml",
    "state",
    "tasks",
    "tests",
    "zensical.toml",
)
SDIST_EXTRAS = {".gitignore", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml"}

# What lies about in a checkout that was used.
UNPUBLISHED = (
    "compose.yaml",
    "dist/old.whl",
    "notes.txt",
    "state/mounts/files/secret",
    "state/state.json",
    "examples/hello/state/state.db",
    "tasks/doit_score/__pycache__/errors.cpython-310.pyc",
)


@dataclass(frozen=True)
class Build:
    """A copy of the checkout, and what was built from it."""

    sources: tuple[str, ...]
    wheel: Path
    sdist: Path

    @property
    def version(self) -> str:
        return self.wheel.name.split("-")[1]


def checkout_files() -> tuple[str, ...]:
    """The files of this checkout that are tracked or could be; in an unpacked sdist, all of it."""
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        names = {name for name in listed.split("\0") if name and (ROOT / name).is_file()}
    else:
        names = {p.relative_to(ROOT).as_posix() for p in ROOT.rglob("*") if p.is_file()}
        names = {name for name in names if "__pycache__" not in name} - {"PKG-INFO"}
    return tuple(sorted(names))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Builds the sdist, and the wheel from the sdist, of a checkout that was used before."""
    copy = tmp_path_factory.mktemp("checkout")
    sources = checkout_files()
    for name in sources:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    for name in UNPUBLISHED:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text(PASSWORD)
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(copy)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = out.glob("*.whl")
    (sdist,) = out.glob("*.tar.gz")
    return Build(sources, wheel, sdist)


def test_wheel_holds_the_package_and_its_metadata_and_nothing_else(built: Build) -> None:
    package = [name.removeprefix("tasks/") for name in built.sources if name.startswith("tasks/doit_score/")]
    unexpected = [name for name in package if not name.endswith((".py", "/py.typed"))]
    helper = "doit_score/targets/compose/probe"
    page = [f"doit_score/drawing/files/page.{kind}" for kind in ("css", "js")]
    assert unexpected == [*page, f"{helper}/aarch64", f"{helper}/probe.c", f"{helper}/x86_64"]
    defaults = [name for name in built.sources if name.startswith("provisioners/")]
    metadata = f"doit_score-{built.version}.dist-info"
    assert sorted(zipfile.ZipFile(built.wheel).namelist()) == sorted(
        [
            *package,
            *(f"doit_score/{name}" for name in defaults),
            f"doit_score-{built.version}.data/data/share/man/man1/doit-score.1",
            f"{metadata}/METADATA",
            f"{metadata}/RECORD",
            f"{metadata}/WHEEL",
            f"{metadata}/entry_points.txt",
            f"{metadata}/licenses/LICENSE",
        ]
    )


def test_provisioners_holds_provisioner_files_only() -> None:
    names = [name for name in checkout_files() if name.startswith("provisioners/")]
    assert [name for name in names if not name.endswith(".provisioners.yaml")] == []
    assert "provisioners/volume.provisioners.yaml" in names


def test_sdist_holds_the_published_part_of_the_checkout(built: Build) -> None:
    published = {name for name in built.sources if name.split("/")[0] in SDIST_ROOTS}
    top = f"doit_score-{built.version}"
    with tarfile.open(built.sdist) as archive:
        names = sorted(archive.getnames())
    assert names == sorted(f"{top}/{name}" for name in published | SDIST_EXTRAS)


def test_no_archive_holds_what_the_state_directory_holds(built: Build) -> None:
    secret = PASSWORD.encode()
    with zipfile.ZipFile(built.wheel) as wheel:
        found = [name for name in wheel.namelist() if secret in wheel.read(name)]
    with tarfile.open(built.sdist) as sdist:
        for member in sdist.getmembers():
            file = sdist.extractfile(member)
            if file is not None and secret in file.read():
                found.append(member.name)
    # This file names the password too, and is published with the tests.
    assert found == [f"doit_score-{built.version}/tests/test_packaging.py"]


def test_metadata_names_the_command_and_what_is_required(built: Build) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        metadata = f"doit_score-{built.version}.dist-info"
        message = email.message_from_bytes(wheel.read(f"{metadata}/METADATA"))
        entry_points = wheel.read(f"{metadata}/entry_points.txt").decode()
    assert entry_points == (
        "[console_scripts]\ndoit-score = doit_score.command.cli:main\n\n"
        "[pytest11]\ndoit_score = doit_score.testing.plugin\n"
    )
    assert message["Name"] == "doit-score"
    assert message["Requires-Python"] == ">=3.10"
    assert message["License-Expression"] == "Apache-2.0"
    required = message.get_all("Requires-Dist") or []
    assert sorted(name for name in required if "extra ==" not in name) == [
        "docker>=7.1",
        "doit>=0.37",
        "filelock>=3.13",
        "jinja2>=3.1.3",
        "pyyaml>=6.0.1",
        "tomli>=2.0; python_version < '3.11'",
    ]
    assert message.get_all("Provides-Extra") == ["crypto", "docs", "keyring", "re2", "test", "watch"]


def test_wheel_runs_without_the_checkout_and_finds_its_provisioners(built: Build, tmp_path: Path) -> None:
    zipfile.ZipFile(built.wheel).extractall(tmp_path / "site")
    work = tmp_path / "work"
    work.mkdir()
    command = [sys.executable, "-m", "doit_score", "provisioners", "list"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    init = [*command[:3], "init", "--no-sample"]
    schema = [*command[:3], "schema", "provisioners"]
    for arguments in (init, schema, command):
        done = subprocess.run(arguments, cwd=work, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert "kafka-topic" in done.stdout
    assert "volume" in done.stdout


def test_what_an_index_shows_has_whole_addresses_only(built: Build) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        message = email.message_from_bytes(wheel.read(f"doit_score-{built.version}.dist-info/METADATA"))
    assert message["Description-Content-Type"] == "text/markdown"
    shown = message.get_payload()
    assert isinstance(shown, str)
    here = re.findall(r"\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    source = "https://github.com/doit-score/doit-score"
    assert re.findall(r"\]\(([^)]+)\)", shown) == [
        link if "://" in link else f"{source}/blob/main/{link}" for link in here
    ]
    assert sorted(message.get_all("Project-URL") or []) == [
        f"Changelog, {source}/blob/main/CHANGELOG.md",
        "Documentation, https://doit-score.github.io/doit-score/",
        f"Issues, {source}/issues",
        f"Source, {source}",
    ]


def test_the_wheel_is_installed_by_the_command_of_the_readme(built: Build, tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## In a project of your own\n")[1]
    (line,) = re.findall(r"^(pip install .*?)  +#", text, re.MULTILINE)
    venv.create(tmp_path / "venv", with_pip=True)
    programs = tmp_path / "venv" / "bin"
    arguments = [one.replace("doit-score", str(built.wheel)) for one in shlex.split(line)]
    done = subprocess.run([programs / arguments[0], *arguments[1:]], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    shown = subprocess.run([programs / "doit-score", "--version"], capture_output=True, text=True, check=True)
    assert built.version in shown.stdout
    command = "import re2, doit_score; print(doit_score.__file__)"
    found = subprocess.run([programs / "python", "-c", command], capture_output=True, text=True, check=True)
    assert found.stdout.startswith(str(tmp_path))
