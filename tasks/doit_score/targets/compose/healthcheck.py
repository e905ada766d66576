"""The healthcheck of a service: what becomes of the probes of its container."""

from __future__ import annotations

from collections.abc import Callable

from doit_score.score.workload import Container, HttpGet, Probe
from doit_score.text.light import NamedTuple, dataclass

from .dollars import literal

PROBES_ANNOTATION = "compose.score.dev/probes"
_TIME = "5s"
_START = "30s"
"""So long an httpGet probe may fail at first, since a server takes a while to start."""
_NO_HTTP = "httpGet probes are not supported by Compose; left out"
_HINT = "`--probes http` (Score(probes='http')) makes a healthcheck of it"

Complain = Callable[[str, tuple[str, ...], str, str | None], None]
"""Notes an error or a notice: which, the keys below ``containers``, what is wrong, what to do."""


class Healthcheck(NamedTuple):
    """``value`` is empty where there is none; ``has_helper``: it is run by a program of ours."""

    value: dict[str, object]
    has_helper: bool = False


@dataclass(frozen=True, slots=True)
class Probes:
    """What is made of probes: of exec probes, or (``kind`` http) of httpGet probes too."""

    kind: str
    machine: str
    complain: Complain

    def healthcheck(self, container: Container) -> Healthcheck:
        """From the readiness probe, else the liveness probe.

        The reference lets an httpGet readiness probe hide an exec liveness probe, and takes an
        httpGet probe for ``before: healthy`` without writing a healthcheck, which makes Compose wait
        for ever (containers-25, -16).
        """
        found: Healthcheck | None = None
        left_out = []
        for key, probe in (("readinessProbe", container.readiness), ("livenessProbe", container.liveness)):
            if probe is None:
                continue
            keys = (container.name, key)
            if probe.command:
                found = found or _of_command(probe.command)
            elif probe.http_get is None:
                self._empty(probe, keys)
            elif self.kind == "http":
                found = found or self._of_request(probe.http_get, keys)
            else:
                left_out.append(keys)
        if found is None:
            self._unchecked(container, [key for _, key in left_out])
        for keys in left_out:
            self.complain("notice", keys, _NO_HTTP, _HINT)
        return found or Healthcheck({})

    def _of_request(self, get: HttpGet, keys: tuple[str, ...]) -> Healthcheck:
        from . import probes

        for name in probes.bad_headers(get):
            message = f"the header {name!r} has a value that is not one line of text"
            self.complain("error", (*keys, "httpGet", "httpHeaders"), message, None)
        why = probes.by_image(get, self.machine)
        if why:
            message = f"a probe {why} is run by curl or wget, which the image must have, with a shell"
            self.complain("notice", keys, message, None)
        test = probes.test(get, self.machine)
        times = {"interval": _TIME, "timeout": _TIME, "start_period": _START}
        return Healthcheck({"test": test, **times}, has_helper=not why)

    def _empty(self, probe: Probe, keys: tuple[str, ...]) -> None:
        message = (
            "expected exec or httpGet, found neither" if probe.command is None else "exec command is empty"
        )
        self.complain("error", keys, message, None)

    def _unchecked(self, container: Container, http: list[str]) -> None:
        """``before: healthy`` needs a healthcheck, and there is none."""
        waiting = [name for name, ready in container.before.items() if ready == "healthy"]
        if not waiting:
            return
        why = "the container has neither a readiness nor a liveness probe"
        hint = "add an exec probe, or use ready: started"
        if http:
            why = f"{http[0]} is an httpGet probe, for which Compose has no healthcheck"
            hint += f"; {_HINT}"
        message = f"ready 'healthy' (for {', '.join(sorted(waiting))}) requires an exec probe, but {why}"
        self.complain("error", (container.name, "before"), message, hint)


def _of_command(command: tuple[str, ...]) -> Healthcheck:
    return Healthcheck({"test": ["CMD", *map(literal, command)], "interval": _TIME, "timeout": _TIME})
