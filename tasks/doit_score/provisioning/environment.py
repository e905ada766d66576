"""Resources of type ``environment``: each output is an environment variable."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from doit_score.provisioning.model import BUILTIN_URI, ENVIRONMENT, Entry, ProvisionInput, ProvisionResult
from doit_score.score.placeholders import Deferred
from doit_score.text import canonical
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING, dataclass, field, replace

if TYPE_CHECKING:
    from doit_score.provisioning.observing import Observer


@dataclass(frozen=True, slots=True)
class EnvironmentOutputs:
    """The variables of ``environ`` as the outputs of a resource; implements ``placeholders.Outputs``.

    ``defer`` is the target's; ``source`` are the params, which say where the values are, if not in the
    environment; ``referred`` collects the names that were looked up, in either way, for
    ``--env-file`` (conformance provisioners-227 to 230).
    """

    environ: Mapping[str, str]
    defer: Callable[[str, Mapping[str, object]], Deferred]
    source: Mapping[str, object] = field(default_factory=dict)
    referred: set[str] = field(default_factory=set)

    def lookup(self, keys: tuple[str, ...], *, deferred: bool) -> object:
        """What stands for the variable if ``deferred``; else the value now (placeholders-60).

        Raises LookupError for more or less than one key (placeholders-64), and for a variable that
        is wanted now and is not set; one that is set to nothing is fine.
        """
        if len(keys) != 1:
            raise LookupError("an environment resource takes a single key, the name of a variable")
        (name,) = keys
        self.referred.add(name)
        if deferred:
            return self.defer(name, self.source)
        if self.source:
            where = ", ".join(f"{param} {value}" for param, value in self.source.items())
            raise LookupError(
                f"the value of '{name}' is in the cluster ({where}), and is needed now",
                "it can be in `variables` of a container only",
            )
        if name not in self.environ:
            raise LookupError(
                f"the environment variable '{name}' is not set, and its value is needed now",
                "set it for this command; only in `variables` of a container it is left to Compose",
            )
        return self.environ[name]


def builtin_entry() -> Entry:
    """The provisioner for environment resources that is there without any file.

    It comes last, takes any class, and only ids with a dot, as those have that are not given
    explicitly (resources-08, 09); :func:`doit_score.provisioning.match.matches` knows.
    """
    return Entry(
        uri=BUILTIN_URI,
        kind="local-env",
        type=ENVIRONMENT,
        description="Environment variables of the machine that runs Compose.",
        path="(built-in)",
        line=1,
        digest=canonical.digest(BUILTIN_URI),
    )


def provision(entry: Entry, given: ProvisionInput, observer: Observer | None = None) -> ProvisionResult:
    """Nothing is made; what are kept as outputs are the params, which say where the values are.

    Raises ScoreError for params that the target does not take.
    """
    source = given.params or {}
    path, line, column = given.declared(("params",))
    if path is None and entry.uri != BUILTIN_URI:
        path, line = entry.path, entry.line
    ScoreError.raise_for(
        [
            replace(one, path=path, line=line, column=column, context=entry.context(given.uid))
            for one in given.target.check_source(source)
        ]
    )
    made = ProvisionResult()
    if (given.metadata or {}).get("annotations"):
        from doit_score.provisioning.returned import Report, result

        made = result(entry, given, Report(entry, given.uid, observer), {})
    return replace(made, outputs=source) if source else made
