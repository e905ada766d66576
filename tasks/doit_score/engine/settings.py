"""What a caller asks of a run: the same for a dodo.py and for the command."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from doit_score.options import (
    DIRECTORIES,
    OPTIONS,
    PROVISIONERS,
    SAID,
    TARGETS,
    WORKLOADS,
    options_of,
    said,
    usual,
)
from doit_score.store.meta import Meta
from doit_score.targets import Options, find
from doit_score.text import canonical
from doit_score.text.errors import ScoreError
from doit_score.text.light import dataclass, field, replace
from doit_score.version import __version__


@dataclass(frozen=True, slots=True)
class FileOptions:
    """What was said about one Score file.

    ``builds`` holds a Compose build section per container; ``image`` stands for every ``image: .``
    that has no build; ``overrides`` is a document merged over the file's, ``overrides_file`` where it
    came from; ``properties`` are `path=value` texts applied after that.
    """

    builds: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    image: str | None = None
    overrides: Mapping[str, object] | None = None
    overrides_file: str | None = None
    properties: tuple[str, ...] = ()

    def text(self) -> str:
        """The canonical text of these options; empty for none."""
        if self == FileOptions():
            return ""
        return canonical.encode({name: _plain(getattr(self, name)) for name in self.__slots__})

    @classmethod
    def of_text(cls, text: str) -> FileOptions:
        """The options of which :meth:`text` made ``text``."""
        if not text:
            return cls()
        values = canonical.mapping(text)
        values["properties"] = tuple(values["properties"])  # type: ignore[arg-type]  # text() wrote a list
        return cls(**values)  # type: ignore[arg-type]  # text() wrote these fields

    def flags(self) -> dict[str, str]:
        """How they are said: each flag, as far as it names what it is for, with its value.

        The values of properties, which may be passwords, are not told.
        """
        said = {f"--build {name}": f"={build.get('context', '...')}" for name, build in self.builds.items()}
        said |= {"--image": f" {self.image}"} if self.image else {}
        said |= {"--overrides-file": f" {self.overrides_file}"} if self.overrides_file else {}
        if self.overrides and not self.overrides_file:
            said["what score-compose had stored otherwise"] = ""
        return said | {f"--override-property {text.partition('=')[0]}": "=..." for text in self.properties}


@dataclass(frozen=True, slots=True)
class Settings:
    """One project, as configured.  Paths are relative to the working directory, or absolute.

    What each is, options.py tells.  ``workloads`` are None for the Score files that the state knows, which
    ``given`` adds to (the command); whatever else can be None is, where what the state remembers counts.
    ``builds``, ``images`` and ``overrides`` are a dodo.py's: keys ``workload:container`` for the first two,
    Score files for the last.  ``patches`` are (name, text) of patch templates for ``init`` to remember.
    ``task`` is the task of a dodo.py that generates, and ``config`` the file that says all this for the
    command.  Where both are empty flags say it, and ``recalls_output`` is whether none has named the output.
    ``beside`` is what else changes with each run: doit's database.
    """

    state_dir: str = "state"
    target: str | None = None
    output: str = "compose.yaml"
    project: str | None = None
    workloads: tuple[str, ...] | None = WORKLOADS
    given: tuple[tuple[str, FileOptions], ...] = ()
    provisioners: tuple[str, ...] = PROVISIONERS
    default_provisioners: bool | None = None
    builds: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, FileOptions] = field(default_factory=dict)
    publish: tuple[str, ...] | None = None
    patch_templates: tuple[str, ...] | None = None
    patches: tuple[tuple[str, str], ...] | None = None
    start_order: str | None = None
    probes: str | None = None
    namespace: str | None = None
    generate_namespace: bool | None = None
    context: str | None = None
    format: str | None = None
    secrets: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    env_file: str | None = None
    strict: bool = False
    hermetic: bool = False
    force: bool = False
    lock_timeout: float = 60.0
    subtasks: tuple[str, ...] = ()
    task_dep: tuple[str, ...] = ()
    task: str = ""
    config: str = ""
    recalls_output: bool = False
    beside: tuple[str, ...] = ()

    def verb(self, words: str) -> str:
        """How ``words``, a verb and its flags, are said for this project: to doit, or to the command."""
        program = f"doit {self.task.removesuffix('generate')}" if self.task else "doit-score "
        return f"`{program}{words}`"

    @property
    def by_flags(self) -> bool:
        """Whether flags say all of it."""
        return not (self.task or self.config)

    @property
    def provisioner_globs(self) -> tuple[str, ...]:
        """``provisioners``, but of the usual ones only those that are for the target."""
        if self.provisioners != PROVISIONERS:
            return self.provisioners
        others = {*DIRECTORIES.values()} - {DIRECTORIES.get(self.target or TARGETS[0])}
        return tuple(one for one in self.provisioners if one.partition("/")[0] not in others)

    def recalled(self, meta: Meta) -> Settings:
        """These settings with the target and the output that are remembered, if none was named.

        Raises ScoreError for what is said and is not for that target, and for another target than the
        project has.
        """
        found = replace(self, target=self.target or meta.target)
        found.check_target(meta)
        if not self.recalls_output:
            return found.placed()
        output = meta.output if meta.knows(Meta.output) else find(found.target or "").output
        return replace(found, output=output, recalls_output=False)

    def placed(self) -> Settings:
        """These settings with the one spelling of an output that is a directory, which ends in ``/``.

        Raises ScoreError if that cannot be one.
        """
        path = self.output.rstrip("/")
        is_said = self.output.endswith("/")
        if not (is_said or os.path.isdir(path)):
            return self
        if not find(self.target or TARGETS[0]).takes_directory:
            if is_said:
                message = f"is a directory, and the target {self.target or TARGETS[0]} takes a file"
                raise ScoreError(message, path=self.output, hint="name a file")
            return self
        if os.path.exists(path) and not os.path.isdir(path):
            raise ScoreError("is a file, so no directory can be made there", path=path)
        return replace(self, output=f"{os.path.normpath(path or '/')}/")

    def check_target(self, meta: Meta | None = None) -> None:
        """Raises ScoreError if something is said that is not for this target.

        With ``meta`` also if that is another one than the project has.
        """
        if meta is not None and meta.knows(Meta.target) and self.target != meta.target:
            raise ScoreError(
                f"the state in '{self.state_dir}' is of a project for {meta.target}, not {self.target}",
                hint=f"each target has a state directory of its own: {said('state_dir')}",
            )
        ScoreError.raise_for(
            [
                problem
                for name, target in self._said_of_targets()
                if target != self.target
                for problem in not_for(name, target, self.target).problems
            ]
        )

    def _said_of_targets(self) -> Iterator[tuple[str, str]]:
        """What is said that is for one target only, as it was said, and the target."""
        of_files = {flag.partition(" ")[0] for _, options in self.given for flag in options.flags()}
        for option in OPTIONS:
            if option.target and (option.field or option.verbs == SAID):
                name = option.flags[-1] if self.by_flags and option.flags else option.name
                value = getattr(self, option.field) if option.field else name in of_files or None
                if value not in (None, {}, option.default):
                    yield name, option.target

    def owned(self, meta: Meta) -> Settings:
        """:meth:`recalled`.  Raises ScoreError for the command if the project is that of a dodo.py."""
        if meta.task and not (self.task or self.force):
            raise of_dodo(meta.task)
        if meta.config and not (self.config or self.force):
            raise ScoreError(
                f"what this project is was said in '{meta.config}', and is not any more",
                hint="write that file again; to go on without it: `doit-score generate --force`",
            )
        return self.recalled(meta)

    def options(self, meta: Meta) -> Options:
        """What counts of the target's options: what is said now, or else is remembered."""
        namespace = meta.namespace if self.namespace is None else self.namespace
        generated = self.generate_namespace
        if generated is None:
            # What is remembered of another namespace is not about this one.
            generated = meta.generate_namespace and namespace == meta.namespace
        return Options(
            project=meta.project,
            publish=meta.publish if self.publish is None else self.publish,
            start_order=self.start_order or meta.start_order,
            probes=self.probes or meta.probes,
            machine=os.uname().machine,
            namespace=namespace,
            generate_namespace=generated,
            format=self.format or meta.format,
            secrets=self.secrets or meta.secrets,
            by_flags=self.by_flags,
            instances=meta.instances,
        )

    def digest(self) -> str:
        """A name for all of this that has a say in what is made, and for the tool that makes it.

        Without what is added to the state's memory: see engine/inputs/current.py.
        """
        every = [_ordered(getattr(self, option.field)) for option in OPTIONS if option.in_digest]
        # Not as JSON, which an unchanged run would have to import for this alone.
        return canonical.digest(__version__, repr(every))


def check_said(verb: str, said: Mapping[str, object], target: str | None) -> None:
    """Raises ScoreError for what ``verb`` was told (``said``, by option) that is not for this target."""
    ScoreError.raise_for(
        [
            problem
            for option in options_of(verb)
            if option.target and not option.field and option.target != target
            if said.get(option.chosen) not in (None, "", [], usual(option))
            for problem in not_for(option.flags[-1], option.target, target).problems
        ]
    )


def of_dodo(task: str) -> ScoreError:
    """The error for the command where the ``task`` of a dodo.py makes the project."""
    prefix = task.removesuffix("generate")
    named = f"-e {prefix[:-1]} " if prefix else ""
    return ScoreError(
        "this project is generated by a dodo.py, and only that knows all that its Score(...) says",
        hint=f"run `doit {task}`, `doit {prefix}up` or `doit {prefix}diff`; "
        f"to go on without the dodo.py: `doit-score {named}generate --force`",
    )


def not_for(option: str, target: str, own: str | None) -> ScoreError:
    """The error for what is said in a project for ``own`` and is for ``target``."""
    return ScoreError(f"{option} is for the target {target}, and this project is for {own}")


def _plain(value: object) -> object:
    """``value`` as it can be encoded."""
    if isinstance(value, FileOptions):
        return value.text()
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, Mapping) else value


def _ordered(value: object) -> object:
    """``value`` as what has the same ``repr`` exactly if it is equal and of the same types."""
    if isinstance(value, Mapping):
        return {"": sorted(([key, _ordered(item)] for key, item in value.items()), key=repr)}
    return [_ordered(item) for item in value] if isinstance(value, (list, tuple)) else _plain(value)
