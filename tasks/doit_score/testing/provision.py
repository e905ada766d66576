"""The fixture `provision`: runs one provisioner, or a whole project."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from doit_score import targets
from doit_score.engine.inputs import discover
from doit_score.engine.inputs.catalogue import Catalogue
from doit_score.engine.inputs.environment import Environment, visible
from doit_score.engine.inputs.load import Inputs
from doit_score.engine.settings import Settings
from doit_score.provisioning.files import parse
from doit_score.provisioning.model import Entry, ProvisionInput
from doit_score.score.workload import Workload, read
from doit_score.store.files import read as read_file
from doit_score.testing.chance import Chance
from doit_score.testing.failed import Failed, fails
from doit_score.testing.made import Made
from doit_score.testing.project import Project
from doit_score.testing.snapshots import Snapshots
from doit_score.text import yaml12
from doit_score.text.errors import ScoreError
from doit_score.text.light import Any
from doit_score.trying import finding, report, trial
from doit_score.trying.resource import WORKLOAD, Around, Resource, read_workload

Source = str | os.PathLike[str]
"""A file by its path, or its text: what has several lines is text."""
Ports = Mapping[str, Mapping[str, Any]]
"""Ports of workloads: by the workload's name and the port's, the number, or a mapping as in a Score file."""


class Provision:
    """Runs provisioners, on scratch state and in this process.

    Paths are relative to the working directory, to pytest's root directory, or to that of the test: where
    there is such a file.  Random values are the same in each run of a test.
    """

    def __init__(self, roots: Sequence[Path], folder: Callable[[], Path], snapshots: Snapshots) -> None:
        self._roots = roots
        self._folder = folder
        self._snapshots = snapshots
        self._chance = Chance()

    @fails
    def __call__(  # noqa: PLR0913  # all that can be said of a resource
        self,
        provisioner: Source,
        *,
        type: str | None = None,
        class_: str | None = None,
        id: str | None = None,
        params: Mapping[str, Any] | None = None,
        metadata: Mapping[str, Any] | None = None,
        workload: Source | Mapping[str, Any] | None = None,
        state: Mapping[str, Any] | None = None,
        shared: Mapping[str, Any] | None = None,
        services: Ports | None = None,
        env: Mapping[str, str] | None = None,
        target: str = "compose",
    ) -> Made:
        """What a provisioner makes of a resource.

        ``provisioner`` is a provisioner file or its text, or a type: then it is the first one that the
        project (its files, and those that are shipped) has for it.  ``type`` is needed where the file is for
        several; class and id are those that the provisioner asks for, if they are not given.  ``params`` and
        ``metadata`` are the resource's; ``state`` is what is kept for it, ``shared`` the shared state that
        there is.  ``workload`` is the Score file (or its text, or its document) that declares the resource,
        ``services`` the ports of others.  ``env`` is laid over the environment.

        Raises Failed if there is no such provisioner, or if it fails, with all that is wrong; and where it is
        a template with what it printed.
        """
        around = Around("project", target=targets.find(target), shared=shared or {})
        around = around.of(
            [self._workload(workload), *(_with_ports(*one) for one in (services or {}).items())]
        )
        if finding.is_file(os.fspath(provisioner)) or "\n" in os.fspath(provisioner):
            entries = self._entries(provisioner, target)
        else:
            type, entries = os.fspath(provisioner), self._catalogue(target).entries()
        chosen = finding.choose(entries, type, class_, id, workload=around.source_workload)
        resource = Resource(chosen.entry.type, chosen.class_, chosen.id, params, metadata, state or {})
        run = partial(_run, chosen.entry, Environment(env or {}))
        return Made(run, resource.given(around), self._chance, self._snapshots)

    @fails
    def project(
        self,
        files: Mapping[str, str],
        *,
        provisioners: Sequence[str] | None = None,
        patch_templates: Sequence[str] = (),
        publish: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        name: str = "project",
        target: str = "compose",
    ) -> Project:
        """A whole project, generated in a temporary directory.

        ``files`` are its files by path: Score files (score.yaml, *.score.yaml, */score.yaml), and whatever
        else it needs.  ``provisioners`` are globs of provisioner files, usually those of the project that is
        tested; files below provisioners/ come before them, and the shipped ones after.  The other arguments
        are what Score(...) calls so.

        Raises Failed with what `generate` would refuse.
        """
        settings = Settings(
            target=target,
            output=targets.find(target).output,
            project=name,
            provisioners=(
                *_usual(target),
                *self._provisioners(provisioners, target),
            ),
            patch_templates=tuple(patch_templates),
            publish=tuple(publish),
            environment=env or {},
        )
        return Project(self._folder() / "project", files, settings, self._chance, self._snapshots)

    def _found(self, path: Source) -> Path:
        for root in self._roots:
            if (root / path).is_file():
                return root / path
        places = ", ".join(f"'{root}'" for root in self._roots)
        raise ScoreError(f"there is no file '{os.fspath(path)}'", hint=f"it was looked for in {places}")

    def _read(self, source: Source) -> tuple[bytes, str]:
        """The text that ``source`` is or names, and what it is called."""
        name = os.fspath(source)
        if "\n" in name:
            return textwrap.dedent(name).encode(), "(text)"
        return read_file(str(self._found(source)))[0], name

    def _workload(self, source: Source | Mapping[str, Any] | None) -> Workload:
        if source is None:
            return _with_ports(WORKLOAD, {})
        return _of_document(source) if isinstance(source, Mapping) else read_workload(*self._read(source))

    def _entries(self, source: Source, target: str) -> tuple[Entry, ...]:
        text, path = self._read(source)
        uses_images = any(entry.uses_images for entry in parse(text, path))
        return finding.of_file(text, path, self._catalogue(target).images() if uses_images else {})

    def _provisioners(self, patterns: Sequence[str] | None, target: str) -> Sequence[str]:
        """What is given, or else the files that there are."""
        if patterns is not None:
            return self._globs(patterns)
        return discover.provisioner_files(self._globs(_usual(target)), shipped_for=None)

    def _globs(self, patterns: Sequence[str]) -> list[str]:
        """The globs as they are in the first place where there is a file for one of them."""
        places = [[os.path.join(root, pattern) for pattern in patterns] for root in self._roots]
        return next((globs for globs in places if any(discover.matches(globs))), places[0])

    def _catalogue(self, target: str) -> Catalogue:
        """The provisioners of the project that is tested."""
        settings = Settings(provisioners=tuple(self._globs(_usual(target))), target=target)
        return Catalogue(settings, Inputs({}), defaults=True)


def _usual(target: str) -> tuple[str, ...]:
    """The globs of provisioner files for a target."""
    return Settings(target=target).provisioner_globs


def _run(entry: Entry, environment: Environment, given: ProvisionInput) -> trial.Trial:
    with visible(environment):
        tried = trial.run(entry, given, again=entry.kind != "cmd", variables=environment.whole())
    if tried.result is None:
        raise Failed(report.text(tried, report.Shown(only_wrong=True)).rstrip())
    return tried


def _with_ports(name: str, ports: Mapping[str, Any]) -> Workload:
    """A workload of which nothing but its ports is known."""
    told = {key: port if isinstance(port, Mapping) else {"port": port} for key, port in ports.items()}
    return _of_document(
        {
            "apiVersion": "score.dev/v1b1",
            "metadata": {"name": name},
            "containers": {"main": {"image": "."}},
            "service": {"ports": told},
        }
    )


def _of_document(document: Mapping[str, Any]) -> Workload:
    return read(document, path="(workload)", text=yaml12.dump(document))[0]
