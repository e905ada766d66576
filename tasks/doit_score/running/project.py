"""The verbs: up, down, status and logs of one generated project."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from doit_score.engine import secrets
from doit_score.engine.settings import Settings
from doit_score.running import failures
from doit_score.running.client import connected
from doit_score.running.compose import Compose, Model
from doit_score.running.containers import Container, has_volumes, inspected, listed
from doit_score.running.look import Inspect, Mounted, Stale, differences, to_stop
from doit_score.running.record import Record
from doit_score.running.run import Ended, plain, run
from doit_score.running.status import TOOL, Owner, rows, told
from doit_score.running.watch import Scene, Watch
from doit_score.store.lock import locked
from doit_score.store.meta import Meta
from doit_score.store.rows import EntryRow, OutputRow
from doit_score.store.state import exists, open_state
from doit_score.targets.compose.project import value_of, wait_entry
from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import asdict
from doit_score.text.messages import Say, text_of
from doit_score.text.secrets import MASK, Masking, secrets_of

DIRECTORY = "running"
"""Where in the state directory the lock of those is that change what runs.

It is not that of the state: an `up` takes minutes, and must not keep others from generating.
"""


class Running:
    """One project in one working directory.  ``terminal`` is whether Compose may draw on stderr."""

    def __init__(self, settings: Settings, say: Say, *, terminal: bool) -> None:
        self._settings = settings
        self._say = say
        self._terminal = terminal
        self._compose = Compose(settings.output, settings.environment)
        self._count = 0
        self._mask: Masking | None = None

    def is_current(self) -> bool:
        """Whether the engine runs exactly this project; False if that cannot be told.  Changes nothing.

        A project with something to build never is: only Compose knows whether the image is.
        """
        try:
            return os.path.exists(self._settings.output) and self._is_current()
        except ScoreError:
            return False  # `up` meets the same error, and can tell of it

    def _is_current(self) -> bool:
        # Compose reads the project while the SDK is imported.
        with self._compose.asking() as answer, connected(self._compose) as client:
            model = answer()
            if any(service.is_built for service in model.services.values()):
                return False
            containers = listed(client, model.project)
            self._count = len(containers)
            self._check_directory(model.project, containers)
            return not self._differences(model, containers, partial(inspected, client))

    def describe(self) -> None:
        """Says that nothing has to be done."""
        self._say("info", f"nothing to do: {words.count(self._count, 'container')} as the project wants")

    def up(self, *, force: bool = False) -> None:
        """Brings the engine to the project, changing only what differs, and waits until all is up.

        Raises ScoreError with what is known of each container that does not come up; the containers
        are left as they are.  Without ``force`` those of another directory are an error too.
        """
        self._compose.require()
        with self._locked(), connected(self._compose) as client:
            model = self._model()
            if any(service.is_built for service in model.services.values()):
                self._build(model)
            containers = listed(client, model.project)
            if not force:
                self._check_directory(model.project, containers)
            stale = self._differences(model, containers, partial(inspected, client))
            if not stale:
                self._count = len(containers)
                self.describe()
                return
            why: dict[str, str] = {}
            for one in stale:
                why.setdefault(one.service, one.why)
            for service, reason in why.items():
                self._say("info" if containers else "debug", f"{service} {reason}")
            watch = Watch(client, model)
            scene = self._start(watch, stale)
            self._remember(model, scene)
        self._say("info", f"project '{model.project}' is up: {words.count(scene.containers, 'container')}")
        for container in scene.containers:
            for port in container.ports:
                self._say("info", f"{container.service} is published: {port}")

    def down(self, *, volumes: bool = False, force: bool = False) -> None:
        """Removes the containers and networks of the project, and with ``volumes`` its volumes."""
        self._compose.require()
        with self._locked(), connected(self._compose) as client:
            project = self._project()
            if not force:
                containers = listed(client, project)
                self._check_directory(project, containers)
                if volumes and not (containers or self._meta().running) and has_volumes(client, project):
                    raise ScoreError(
                        f"there are volumes of a project '{project}', but it was never up in this directory",
                        hint="another directory of that name may have its data in them; with --force they "
                        "are taken for ours, and removed",
                    )
            flags = ["--remove-orphans", *(["--volumes"] if volumes else [])]
            ended = self._run(["down", *flags], project=project)
            if ended.status != 0:
                raise ScoreError.of([failures.of_compose(ended.status, self._masked(ended.said))])
        self._say("info", f"project '{project}' is down")

    def show_status(self, format_: str) -> None:
        """Prints how each service of the project does; ``format_`` is ``table`` or ``json``."""
        self._compose.require()
        model = self._model()
        with connected(self._compose) as client:
            found = rows(model, listed(client, model.project), self._owners(), self._record())
        sys.stdout.write(told(found, format_))

    def logs(self, names: Sequence[str], *, follow: bool, tail: str) -> None:
        """Prints what containers have printed: of the workloads, resources or services ``names``, or all."""
        self._compose.require()
        services = self._services(names)
        with connected(self._compose):
            project = self._project()
        flags = [*(["--follow"] if follow else []), *(["--tail", tail] if tail else [])]
        status = self._compose.show(["logs", *flags, *services], project)
        if status != 0:
            raise ScoreError.of([failures.of_compose(status, "")])

    def _check_directory(self, project: str, containers: Sequence[Container]) -> None:
        """Raises ScoreError for containers of a project that has the same name elsewhere."""
        ours = os.path.realpath(os.path.dirname(self._settings.output) or ".")
        others = {one.directory for one in containers} - {""}
        other = next((path for path in sorted(others) if os.path.realpath(path) != ours), None)
        if other is not None:
            raise ScoreError(
                f"there are containers of a project '{project}' that were made in '{other}', not here",
                hint="give one of the two another name (`doit-score init --project NAME`, "
                "Score(project=...)), or remove that one's; with --force they are taken for ours (if the "
                "directory was moved here)",
            )

    def _start(self, watch: Watch, stale: Sequence[Stale]) -> Scene:
        """Runs Compose, and waits until all is up; raises ScoreError if it does not come up."""
        remove = sorted({one.service for one in stale if one.remove})
        if remove:
            self._run(["rm", "--stop", "--force", *remove])
        stop = to_stop(watch.model, stale)
        if stop:
            self._run(["stop", *stop])
        watch.begin(time.monotonic())
        ended = self._run(["up", "--detach", "--wait", "--remove-orphans"], watch)
        watch.compose_failed = ended.status != 0
        scene = watch.settle()
        failed = watch.failed(scene)
        # Compose takes one that has ended well for a failure too, unless others wait for that.
        if not failed and (ended.status == 0 or _is_complete(watch.model, scene, stale)):
            return scene
        said = self._masked(ended.said)
        problems = list(failures.of_containers(watch, failed, scene, self._who))
        if not problems:
            problems = list(failures.of_images(watch.client, watch.model, said, self._who)) or [
                failures.of_compose(ended.status, said)
            ]
        masked = [Problem(self._masked(p.message), hint=p.hint) for p in problems]
        raise ScoreError.of(masked, f"project '{watch.model.project}' did not come up:")

    def _build(self, model: Model) -> None:
        ended = self._run(["build"])
        if ended.status != 0:
            problem = failures.of_compose(ended.status, self._masked(ended.said))
            raise ScoreError.of([problem], f"the images of project '{model.project}' cannot be built:")

    def _run(self, arguments: Sequence[str], watch: Watch | None = None, project: str | None = None) -> Ended:
        process = self._compose.start(arguments, terminal=self._terminal, project=project)
        return run(process, lambda line: self._say(*plain(self._masked(line))), watch)

    def _model(self) -> Model:
        if not os.path.exists(self._settings.output):
            raise ScoreError(
                "there is no such file yet",
                path=self._settings.output,
                hint="`doit generate` or `doit-score generate` makes it",
            )
        return self._read()

    def _read(self) -> Model:
        if not os.path.isfile(self._settings.output):  # Compose would wait for a pipe
            raise ScoreError("is no regular file", path=self._settings.output)
        with secrets.kept_out(lambda: self._masked):
            return self._compose.model()

    def _project(self) -> str:
        """The name of the project, also where its Compose file is gone or broken."""
        if os.path.exists(self._settings.output):
            try:
                return self._read().project
            except ScoreError as error:
                self._say("warn", text_of(error))
        name = self._compose.environment.get("COMPOSE_PROJECT_NAME") or self._meta().project
        if not name:
            raise ScoreError(
                f"there is no project here: neither '{self._settings.output}' nor a state in "
                f"'{self._settings.state_dir}'"
            )
        return name

    def _differences(self, model: Model, containers: Sequence[Container], inspect: Inspect) -> list[Stale]:
        return differences(model, containers, self._record(), self._mounted(), inspect)

    def _remember(self, model: Model, scene: Scene) -> None:
        record = asdict(Record.of(model, scene.containers, scene.details))
        if record == self._meta().running:
            return
        settings = self._settings
        with (
            locked(settings.state_dir, settings.lock_timeout, partial(self._say, "warn")),
            open_state(settings.state_dir) as state,
            state.transaction(),
        ):
            state.set_meta(Meta.running.to(record))

    def _record(self) -> Record:
        return Record.stored(self._meta().running)

    def _meta(self) -> Meta:
        if not exists(self._settings.state_dir):
            return Meta({})
        with open_state(self._settings.state_dir) as state:
            return state.meta()

    def _mounted(self) -> Mounted:
        if not exists(self._settings.state_dir):
            return Mounted({})
        with open_state(self._settings.state_dir) as state:
            written = [row for row in state.rows(OutputRow) if row.what == "file"]
        return Mounted({os.path.abspath(row.path): row.ctime_ns / 1e9 for row in written})

    def _owners(self) -> dict[str, Owner]:
        if not exists(self._settings.state_dir):
            return {}
        with open_state(self._settings.state_dir) as state:
            entries = state.rows(EntryRow, without=("text",))
        found: dict[str, set[str]] = {}
        kinds: dict[str, str] = {}
        for entry in entries:
            if entry.section == "services":
                found.setdefault(entry.name, set()).add(entry.owner)
                kinds[entry.name] = entry.kind
        owned = {name: Owner(kinds[name], tuple(sorted(owners))) for name, owners in found.items()}
        return {**owned, **{entry.name: TOOL for entry in wait_entry(entries)}}

    def _who(self, service: str) -> str:
        owner = self._owners().get(service)
        return f"service '{service}' of {owner}" if owner else f"service '{service}'"

    def _services(self, names: Sequence[str]) -> list[str]:
        owners = self._owners()
        found: set[str] = set()
        for name in names:
            of_name = {service for service, owner in owners.items() if name in (service, *owner.names)}
            if not of_name:
                known = {*owners, *(name for owner in owners.values() for name in owner.names)}
                raise ScoreError(
                    f"'{name}' is neither a workload nor a resource nor a service of this project",
                    hint=words.near(name, known),
                )
            found |= of_name
        return sorted(found)

    def _masked(self, text: str) -> str:
        """``text`` without the secrets of the project."""
        if self._mask is None:
            known: set[str] = set()
            if exists(self._settings.state_dir):
                with open_state(self._settings.state_dir) as state:
                    entries = [entry for entry in state.rows(EntryRow) if entry.section == "services"]
                    known = secrets.known(state) | secrets_of(*map(_environment, entries))
            self._mask = Masking(dict.fromkeys(known, MASK))
        return self._mask(text)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        directory = os.path.join(self._settings.state_dir, DIRECTORY)
        with locked(directory, self._settings.lock_timeout, partial(self._say, "warn")):
            yield


def _environment(service: EntryRow) -> Mapping[str, object]:
    found = value_of(service).get("environment")
    return found if isinstance(found, Mapping) else {}


def _is_complete(model: Model, scene: Scene, stale: Sequence[Stale]) -> bool:
    """Whether all has been done that there was to do."""
    there = {container.id for container in scene.containers}
    left = {one.container.id for one in stale if one.container is not None and one.replace}
    missing = model.services.keys() - {container.service for container in scene.containers}
    created = any(container.state == "created" for container in scene.containers)
    return not (left & there or missing or created)
