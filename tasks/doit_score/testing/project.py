"""A whole project in a test."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from doit_score.engine.run import Engine
from doit_score.engine.settings import Settings
from doit_score.store.rows import MountRow, ResourceRow
from doit_score.store.state import open_state
from doit_score.targets import find
from doit_score.testing.chance import Chance
from doit_score.testing.failed import Failed, fails
from doit_score.testing.snapshots import Snapshots, difference, settled
from doit_score.text import canonical, yaml12
from doit_score.text.errors import ScoreError
from doit_score.text.light import Any, replace
from doit_score.text.messages import text_of


class Project:
    """A project that is generated in ``directory``, which is its own."""

    def __init__(
        self,
        directory: Path,
        files: Mapping[str, str],
        settings: Settings,
        chance: Chance,
        snapshots: Snapshots,
    ) -> None:
        self.directory = directory
        self.settings = settings
        self.warnings: tuple[str, ...] = ()
        """What was warned of in the last run."""
        self.info: tuple[str, ...] = ()
        """What was told in the last run."""
        self._sources = files
        self._chance = chance
        self._snapshots = snapshots
        self._position = chance.position
        for path, text in files.items():
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            (directory / path).write_text(text, encoding="utf-8")
        with chance.drawing():
            self._generate()

    @property
    def text(self) -> str:
        """The output: that of compose.yaml, or of manifests.yaml."""
        return (self.directory / self.settings.output).read_text(encoding="utf-8")

    @property
    def compose(self) -> Mapping[str, Any]:
        """The Compose project; empty for Kubernetes."""
        return self._documents()[0] if self.settings.target == "compose" else {}

    @property
    def manifests(self) -> Mapping[str, Any]:
        """The objects for Kubernetes by namespace, API version, kind and name: `/v1/Service/web`."""
        if self.settings.target != "kubernetes":
            return {}
        (section,) = find("kubernetes").sections
        return {section.check("", one).name: one for one in self._documents()}

    def _documents(self) -> list[Mapping[str, Any]]:
        found = [
            yaml12.load(part, bounded=False) for part in re.split("^---$", self.text, flags=re.MULTILINE)
        ]
        return [one for one in found if isinstance(one, dict)]

    @property
    def services(self) -> Mapping[str, Any]:
        """Services by name, those of workloads and those of resources."""
        services: Mapping[str, Any] = self.compose.get("services", {})
        return services

    @property
    def volumes(self) -> Mapping[str, Any]:
        """Volumes by name."""
        volumes: Mapping[str, Any] = self.compose.get("volumes", {})
        return volumes

    @property
    def outputs(self) -> Mapping[str, Mapping[str, Any]]:
        """What resources have as outputs, by uid."""
        return self._outputs

    @property
    def files(self) -> Mapping[str, str]:
        """The text of files that are mounted, by their paths below the mounts directory."""
        return self._files

    @fails
    def again(self) -> None:
        """Generates once more, with every provisioner run on its own result.

        Raises Failed, which shows what differs, unless all of it is the same.
        """
        before = yaml12.dump(self._told())
        with self._chance.drawing():
            self._generate(force=True)
        now = yaml12.dump(self._told())
        if before != now:
            found = difference(before, now, "first", "again")
            raise Failed(f"generated again, with provisioners run on their own results, it differs:\n{found}")

    @fails
    def matches_snapshot(self) -> None:
        """Compares outputs, project and files with a file beside the test: see :meth:`Made.matches_snapshot`.

        The project is generated once more for it, in another directory.
        """
        with self._chance.once_more(self._position):
            other = Project(
                self.directory.with_name(f"{self.directory.name}-once-more"),
                self._sources,
                self.settings,
                self._chance,
                self._snapshots,
            )
        found = settled(self._told(), other._told(), self._chance.names())
        assert isinstance(found, dict)
        self._snapshots.check(found)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """The working directory is that of the project; what fails is told as seen from there."""
        before = os.getcwd()
        os.chdir(self.directory)
        try:
            yield
        except ScoreError as error:
            raise Failed(text_of(error)) from None
        finally:
            os.chdir(before)

    def _generate(self, *, force: bool = False) -> None:
        said: list[tuple[str, str]] = []
        settings = replace(self.settings, force=force)
        with self.inside():
            Engine(settings, lambda level, text: said.append((level, text))).update()
            with open_state(settings.state_dir) as state:
                rows = state.rows(ResourceRow)
                mounts = state.rows(MountRow)
            self._outputs = {row.uid: canonical.mapping(row.outputs) for row in rows}
            root = Path(settings.state_dir) / "mounts"
            self._files = {
                row.path: (root / row.path).read_text(encoding="utf-8", errors="replace")
                for row in mounts
                if row.what == "file"
            }
        self.warnings = tuple(text for level, text in said if level == "warn")
        self.info = tuple(text for level, text in said if level == "info")

    def _told(self) -> dict[str, object]:
        """All that there is of it."""
        found = {"outputs": self._outputs, "files": self._files, str(self.settings.target): self.compose}
        return {name: value for name, value in found.items() if value}
