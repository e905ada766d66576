"""What a caller asks of a run: the same for a dodo.py and for the command."""

from __future__ import annotations

from collections.abc import Mapping

from doit_score.options import OPTIONS, PROVISIONERS, WORKLOADS
from doit_score.text import canonical
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

    def then(self, later: FileOptions) -> FileOptions:
        """These options with every kind replaced that ``later`` gives."""
        given = {
            name: getattr(later, name)
            for name in ("builds", "image", "properties")
            if getattr(later, name) != getattr(FileOptions(), name)
        }
        if later.overrides is not None:
            given |= {"overrides": later.overrides, "overrides_file": later.overrides_file}
        return replace(self, **given)


@dataclass(frozen=True, slots=True)
class Settings:
    """One project, as configured.  Paths are relative to the working directory, or absolute.

    ``target`` is what Score files are turned into (targets/).

    What each is, options.py tells.  ``workloads`` are None for the Score files that the state knows, which
    ``given`` adds to (the command); whatever else can be None is, where what the state remembers counts.
    ``builds``, ``images`` and ``overrides`` are a dodo.py's: keys ``workload:container`` for the first two,
    Score files for the last.  ``patches`` are (name, text) of patch templates for ``init`` to remember.
    """

    state_dir: str = "state"
    target: str = "compose"
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
    environment: Mapping[str, str] = field(default_factory=dict)
    env_file: str | None = None
    strict: bool = False
    hermetic: bool = False
    force: bool = False
    lock_timeout: float = 60.0
    subtasks: tuple[str, ...] = ()

    def digest(self) -> str:
        """A name for all of this that has a say in what is made, and for the tool that makes it.

        Without what is added to the state's memory: see engine/inputs/current.py.
        """
        said = [_ordered(getattr(self, option.field)) for option in OPTIONS if option.in_digest]
        # Not as JSON, which an unchanged run would have to import for this alone.
        return canonical.digest(__version__, self.target, repr(said))


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
