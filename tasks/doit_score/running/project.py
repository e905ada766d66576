"""The verbs for Docker Compose, of one generated project: see running/__init__.py."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial

from doit_score.engine import secrets
from doit_score.engine.settings import Settings
from doit_score.options import said
from doit_score.running import Lines, Wanted, changing, failures, inside, numbers
from doit_score.running.client import connected
from doit_score.running.compose import Compose
from doit_score.running.containers import Container, has_volumes, inspected, listed, ports_of
from doit_score.running.known import Known
from doit_score.running.lasting import differing, tell
from doit_score.running.look import Stale, differences
from doit_score.running.model import Model
from doit_score.running.plan import Plan, followers, plan
from doit_score.running.record import Record
from doit_score.running.run import Ended, plain, run
from doit_score.running.status import rows, told
from doit_score.running.watch import Scene, Watch
from doit_score.store.lock import locked
from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import TYPE_CHECKING, replace
from doit_score.text.messages import Say, text_of

if TYPE_CHECKING:
    from docker import APIClient

DIRECTORY = "running"
"""Where in the state directory the lock of those is that change what runs.

It is not that of the state: an `up` takes minutes, and must not keep others from generating.
"""

_LONG = 1.0
"""After so many seconds of waiting for others Compose is asked anew: not all that it reads do we know."""


class Running:
    """One project in one working directory.  ``terminal`` is whether Compose may draw on stderr."""

    def __init__(self, settings: Settings, say: Say, *, terminal: bool) -> None:
        self._settings = settings
        self._say = say
        self._terminal = terminal
        variables = partial(secrets.variables, settings.state_dir)
        self._compose = Compose(settings.output, settings.environment, variables)
        self._containers: Sequence[Container] = ()
        self._count = 0
        self._known = Known(settings, say)

    def is_current(self, wanted: Wanted) -> bool:
        """Whether the engine runs exactly what is ``wanted``; False if that cannot be told.  Changes nothing.

        What is to be built or pulled never is: only Compose knows whether the image is.
        """
        try:
            numbers.seconds(wanted.timeout)
            return os.path.exists(self._settings.output) and self._is_current(wanted)
        except ScoreError:
            return False  # `up` meets the same error, and can tell of it

    def _is_current(self, wanted: Wanted) -> bool:
        # Compose reads the project while the SDK is imported.
        with self._compose.asking() as answer, connected(self._compose) as client:
            model = answer()
            asked = self._asked(model, wanted)
            if wanted.pull == "always" or (wanted.build is not False and model.built(asked)):
                return False
            containers = self._listed(client, model)
            self._see(containers, asked, wanted)
            self._check_directory(model.project, containers)
            names = asked if wanted.names else None
            return not (self._differences(model, containers, client, names) or differing(client, model))

    def describe(self) -> None:
        """Says that nothing has to be done."""
        self._say("info", f"nothing to do: {words.count(self._count, 'container')} as the project wants")

    def up(self, wanted: Wanted) -> None:
        """Brings the engine to the project, changing only what differs, and waits until all is up.

        Raises ScoreError with what is known of each container that does not come up; the containers
        are left as they are.  Without ``force`` those of another directory are an error too.
        """
        numbers.seconds(wanted.timeout)
        if self._prepare(wanted):
            self.describe()
            return
        with self._locked(), connected(self._compose) as client:
            model = self._model()
            asked = self._asked(model, wanted)
            containers = self._listed(client, model)
            if wanted.force and (taken := self._elsewhere(containers)):
                self._known.note(replace(self._known.record(), taken=taken))
            self._check_directory(model.project, containers)
            stale = self._differences(model, containers, client, asked if wanted.names else None)
            if not stale:
                self._see(containers, asked, wanted)
                self.describe()
                tell(client, model, self._settings.verb, self._say)
                return
            stale += followers(model, containers, stale)
            todo = plan(model, containers, stale)
            why: dict[str, str] = {}
            for one in stale:
                why.setdefault(one.service, one.why)
            for service, reason in why.items():
                self._say("info" if containers else "debug", f"{service} {reason}")
            replaced = {one.replaced.id for one in stale if one.replaced is not None}
            watch = Watch(client, model, todo.changed, replaced)
            scene = self._start(watch, todo, wanted, stale)
            touched = [one for one in scene.containers if one.service in {*asked, *todo.changed}]
            now = Record.of(model, touched, scene.details)
            self._known.note(self._known.record().updated(now, touched, scene.containers))
            up = self._see(scene.containers, asked, wanted)
            tell(client, model, self._settings.verb, self._say)
        what = ", ".join(wanted.names) or f"project '{model.project}'"
        self._say("info", f"{what} is up: {words.count(up, 'container')}")
        for container in up:
            for port in container.ports:
                self._say("info", f"{container.service} is published: {port}")

    def _prepare(self, wanted: Wanted) -> bool:
        """Pulls and builds images; whether there is nothing to do with them.

        Nothing is written meanwhile: an image may be made of the directory with the state in it.
        """
        with connected(self._compose):
            model = self._model()
        asked = self._asked(model, wanted)
        if wanted.pull == "always":
            ended = self._run(["pull", "--ignore-buildable", *asked])
            self._check(ended, f"the images of project '{model.project}' cannot be pulled:")
        built = model.built(asked) if wanted.build is not False else []
        if built:
            ended = self._run(["build", *built])
            self._check(ended, f"the images of project '{model.project}' cannot be built:")
        is_new = built or wanted.pull == "always"
        return bool(is_new) and self.is_current(wanted._replace(build=False, pull=None))

    def _see(self, containers: Sequence[Container], asked: Sequence[str], wanted: Wanted) -> list[Container]:
        """Notes what there is; returns those containers that are wanted."""
        found = [one for one in containers if one.service in asked or not wanted.names]
        self._containers, self._count = containers, len(found)
        return found

    def _check(self, ended: Ended, title: str | None = None) -> None:
        """Raises ScoreError if Compose has failed."""
        if ended.status != 0:
            raise ScoreError.of([failures.of_compose(ended.status, self._known.masked(ended.said))], title)

    def _asked(self, model: Model, wanted: Wanted) -> list[str]:
        """The services that are wanted, with all that has to be started before them."""
        named = self._known.services(wanted.names, model.services) if wanted.names else model.services
        return sorted(model.with_dependencies({*named}))

    def down(self, *, volumes: bool = False, force: bool = False, timeout: float | None = None) -> None:
        """Removes the containers and networks of the project, and with ``volumes`` its volumes."""
        with self._locked(), connected(self._compose) as client:
            project = self._project()
            containers = listed(client, project)
            if not force:
                self._check_directory(project, containers, "down")
                if (
                    volumes
                    and not (containers or self._known.meta().running)
                    and has_volumes(client, project)
                ):
                    raise ScoreError(
                        f"there are volumes of a project '{project}', but it was never up in this directory",
                        hint="another directory of that name may have its data in them; with --force they "
                        "are taken for ours, and removed",
                    )
            flags = ["--remove-orphans", *(["--volumes"] if volumes else []), *numbers.seconds(timeout)]
            ended = self._run(["down", *flags], project=project)
            self._check(ended)
            changing.remove_scratch(client, containers)
        self._say("info", f"project '{project}' is down")

    def show_status(self, format_: str) -> None:
        """Prints how each service of the project does; ``format_`` is ``table`` or ``json``."""
        model = self._model()
        with connected(self._compose) as client:
            containers = listed(client, model.project)
            others = self._of_other_profiles(containers, model)
            found = rows(model, containers, self._known.owners(), self._known.record(), others)
            tell(client, model, self._settings.verb, self._say)
        self._tell_directory(model.project, containers)
        sys.stdout.write(told(found, format_))

    def ports(self) -> dict[str, dict[str, str]]:
        """The ports of the host, by service and port of the container, as they were seen last."""
        return ports_of(self._containers)

    def logs(self, names: Sequence[str], lines: Lines) -> None:
        """Prints what containers have printed: of the workloads, resources or services ``names``, or all."""
        times, tail = inside.times_of(lines), numbers.tail(lines.tail)
        with connected(self._compose) as client:
            project = self._project()
            containers = listed(client, project)
        self._tell_directory(project, containers)
        services = self._known.services(names, [one.service for one in containers])
        flags = [
            *(["--follow"] if lines.follow else []),
            *(["--tail", tail] if tail else []),
            *(["--timestamps"] if lines.timestamps else []),
        ]
        status = self._compose.show(["logs", *flags, *times, *services], project)
        if status != 0:
            self._compose.require()
            raise ScoreError.of([failures.of_compose(status, "")])

    def exec(self, name: str, words: Sequence[str], *, terminal: bool) -> int:
        """Runs a command in a container that runs; returns its exit status."""
        with connected(self._compose) as client:
            project = self._project()
            containers = listed(client, project)
        self._tell_directory(project, containers)
        owners = self._known.owners()
        services = inside.services_of(name, owners, (one.service for one in containers))
        one = inside.running(name, services, containers, self._known.who)
        return inside.run(self._compose, one, words, terminal=terminal)

    def restart(self, names: Sequence[str], *, timeout: float | None = None) -> None:
        """Restarts containers, but not those of jobs, and waits until they are well again."""
        with self._locked(), connected(self._compose) as client:
            model = self._model()
            containers = self._listed(client, model)
            self._check_directory(model.project, containers)
            there = {one.service for one in containers}
            asked = self._known.services(names, model.services)
            services = inside.to_restart(asked, model, there, self._known.who)
            watch = Watch(client, model, {*services})
            watch.begin(time.monotonic())
            again = ["restart", "--no-deps", *numbers.seconds(timeout)]
            # Compose would restart all at once, also what uses the network of another.
            ended = self._run_all(([*again, *names] for names in model.ranks({*services})), watch)
            scene = watch.settle()
            failed = [one for one in watch.failed(scene) if one.service in services]
            if failed or ended.status != 0:
                raise self._not_up(watch, failed, scene, ended)
            restarted = [one for one in scene.containers if one.service in services]
            before = self._known.record()
            now = replace(Record.of(model, restarted, scene.details), made_for=before.made_for)
            self._known.note(before.updated(now, restarted, scene.containers))
        self._say("info", f"restarted {words.count(restarted, 'container')}")

    def _listed(self, client: APIClient, model: Model) -> list[Container]:
        """The containers of the project, but for those of services of a profile that was chosen elsewhere."""
        found = listed(client, model.project)
        others = self._of_other_profiles(found, model)
        return [one for one in found if one.service not in others]

    def _of_other_profiles(self, containers: Sequence[Container], model: Model) -> set[str]:
        """The services of ``containers`` that are in the project with a profile that is not chosen here."""
        strangers = {one.service for one in containers} - model.services.keys()
        return strangers & self._compose.services_of_all_profiles() if strangers else strangers

    def _elsewhere(self, containers: Sequence[Container]) -> dict[str, str]:
        """Those made in another directory: that, by container."""
        files = [self._settings.output]
        with suppress(ScoreError):  # it is told where the files are asked for
            files = self._compose.files
        ours = os.path.realpath(os.path.dirname(files[0]) or ".")
        made = {one.id: one.directory for one in containers if one.directory}
        return {id_: path for id_, path in made.items() if os.path.realpath(path) != ours}

    def _strange(self, project: str, containers: Sequence[Container]) -> str | None:
        """What is to be said of containers of a project that has the same name elsewhere."""
        taken = self._known.record().taken
        others = {path for id_, path in self._elsewhere(containers).items() if taken.get(id_) != path}
        if not others:
            return None
        return f"there are containers of a project '{project}' that were made in '{min(others)}', not here"

    def _check_directory(self, project: str, containers: Sequence[Container], verb: str = "up") -> None:
        """Raises ScoreError for containers of a project that has the same name elsewhere."""
        if strange := self._strange(project, containers):
            raise ScoreError(
                strange,
                hint=f"give one of the two another name ({said('project')}), or remove that one's; "
                f"{self._settings.verb(f'{verb} --force')} takes them for ours (if the directory was moved "
                "here)",
            )

    def _tell_directory(self, project: str, containers: Sequence[Container]) -> None:
        """Warns of the same where nothing is changed."""
        if strange := self._strange(project, containers):
            self._say("warn", strange)

    def _start(self, watch: Watch, todo: Plan, wanted: Wanted, stale: Sequence[Stale]) -> Scene:
        """Runs Compose, and waits until all is up.  Raises ScoreError: what was stopped in vain goes on."""
        client = watch.client
        watch.begin(time.monotonic())
        changing.remove(client, todo.remove, self._say)
        changing.resume(client, todo.resume, self._say)
        stop = list(todo.stop)
        if wanted.timeout is not None:
            # Compose takes the time that each wants for those that it replaces.
            replaced = (one.replaced for one in stale)
            stop += (one for one in replaced if one is not None and one.state == "running")
        watch.stopped = {one.id for one in stop}
        changing.stop(client, stop, self._say, wanted.timeout)
        flags = [
            *(["--no-build"] if wanted.build is False else []),
            *(["--pull", "never"] if wanted.pull == "never" else []),
        ]
        commands = ([verb, *flags, *arguments] for verb, *arguments in todo.commands(watch.model))
        ended = self._run_all(commands, watch)
        scene = watch.settle()
        failed = watch.failed(scene)
        if not failed and ended.status == 0:
            return scene
        error = self._not_up(watch, failed, scene, ended)
        changing.start(client, watch.left(scene), self._say)
        raise error

    def _not_up(self, watch: Watch, failed: Sequence[Container], scene: Scene, ended: Ended) -> ScoreError:
        """What is known of the containers that did not come up, or of why Compose has failed."""
        said = self._known.masked(ended.said)
        problems = list(failures.of_containers(watch, failed, scene, self._known.who))
        if not problems:
            problems = list(failures.of_images(watch.client, watch.model, said, self._known.who)) or [
                failures.of_compose(ended.status, said)
            ]
        masked = [Problem(self._known.masked(p.message), hint=p.hint) for p in problems]
        return ScoreError.of(masked, f"project '{watch.model.project}' did not come up:")

    def _run_all(self, commands: Iterable[Sequence[str]], watch: Watch) -> Ended:
        """Runs Compose for one after the other, until one fails."""
        ended = Ended(0, "")
        for arguments in commands:
            ended = self._run(arguments, watch)
            if ended.status != 0:
                watch.compose_failed = True
                break
        return ended

    def _run(self, arguments: Sequence[str], watch: Watch | None = None, project: str | None = None) -> Ended:
        process = self._compose.start(arguments, terminal=self._terminal, project=project)
        ended = run(process, lambda line: self._say(*plain(self._known.masked(line))), watch)
        if ended.status != 0:
            self._compose.require()
        return ended

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
        with secrets.kept_out(lambda: self._known.masked):
            return self._compose.model()

    def _project(self) -> str:
        """The name of the project, also where its Compose file is gone or broken."""
        if os.path.exists(self._settings.output):
            try:
                return self._read().project
            except ScoreError as error:
                self._say("warn", text_of(error))
        name = self._compose.environment.get("COMPOSE_PROJECT_NAME") or self._known.meta().project
        if not name:
            raise ScoreError(
                f"there is no project here: neither '{self._settings.output}' nor a state in "
                f"'{self._settings.state_dir}'"
            )
        return name

    def _differences(
        self, model: Model, containers: Sequence[Container], client: APIClient, asked: Sequence[str] | None
    ) -> list[Stale]:
        """What is stale: of what is ``asked``, or of all."""
        known, inspect = self._known, partial(inspected, client)
        found = differences(model, containers, known.record(), known.mounted(), inspect)
        return found if asked is None else [one for one in found if one.service in asked]

    @contextmanager
    def _locked(self) -> Iterator[None]:
        directory = os.path.join(self._settings.state_dir, DIRECTORY)
        asked = time.monotonic()
        with locked(directory, self._settings.lock_timeout, partial(self._say, "warn")):
            if time.monotonic() - asked > _LONG:
                self._compose.forget()
            yield
