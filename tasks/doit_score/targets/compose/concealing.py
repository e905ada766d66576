"""Secrets that are kept apart: a service has variables of Compose, or names of files, in place of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from doit_score.targets.secrets import Apart, Secrets
from doit_score.text.errors import ScoreError

from .convert import FILES_ANNOTATION
from .convert import file_variables as file_variables_of
from .dollars import kept, without

_NAMING = (
    "image", "container_name", "hostname", "depends_on", "networks", "volumes", "ports",
)  # fmt: skip
"""The keys of a service with names of other things, in which a short secret may be found by chance."""
_REFERRING = frozenset(
    (*path.split("."),)
    for path in (
        "secrets", "build.secrets", "configs", "links", "volumes_from", "network_mode", "pid", "ipc",
        "profiles",
    )
)  # fmt: skip
"""Where a service has names that stand in the project as keys or arguments, and so are secrets nowhere."""
_OURS = "compose.score.dev/"
"""How annotations begin in which we find what we have written ourselves."""
_SURE = 8
"""What has so many letters is nowhere by chance."""
_MOUNTED = "/run/secrets"


def concealed(
    section: str,
    name: str,
    value: Mapping[str, object],
    apart: Apart,
) -> Mapping[str, object]:
    """``value`` with ``${NAME:?}`` in place of secrets that are kept ``apart``.

    Where they are in files a service has names of files in place of its ``file_variables``, and of those that
    the annotation of its workload names.

    Raises ScoreError for a text that has a secret in another spelling, such as base64, and a variable too,
    and for one to be in a file that has a variable.
    """
    run = _Run(f"{section}.{name}", apart.secrets)
    found: dict[str, object] = dict(value)
    if apart.how == "file" and section == "services":
        found = run.with_files(found, apart.file_variables)
    return {key: run.hidden(item, (key,), _SURE if key in _NAMING else 0) for key, item in found.items()}


class _Run:
    """One entry: what it is called, and what is to be taken out of it."""

    def __init__(self, entry: str, secrets: Secrets) -> None:
        self._entry = entry
        self._secrets = secrets

    def with_files(self, service: dict[str, object], file_variables: Sequence[str]) -> dict[str, object]:
        """``service`` with names of files in place of some variables."""
        environment, annotations = service.get("environment"), service.get("annotations")
        if not isinstance(environment, Mapping):
            return service
        asked = file_variables_of(annotations) if isinstance(annotations, Mapping) else ()
        names = {*file_variables, *asked}
        changed: dict[str, object] = {}
        used = service.get("secrets")
        mounted = list(used) if isinstance(used, (list, tuple)) else []
        present = len(mounted)
        for key, text in environment.items():
            plain = without(text) if key in names and isinstance(text, str) else ""
            if plain is None:
                raise ScoreError(
                    f"{self._entry}.environment.{key} has a variable of Compose in it, and cannot be a file",
                    hint=f"take {key} out of {FILES_ANNOTATION}, or out of file_variables of the provisioner",
                )
            if plain:
                secret = self._secrets.name(self._entry, ("environment", key), plain)
                changed[f"{key}_FILE"] = f"{_MOUNTED}/{secret}"
                if {"source": secret} not in mounted:  # Compose wants each once
                    mounted.append({"source": secret})
            else:
                changed[key] = text
        if len(mounted) == present:
            return service
        return {**service, "environment": changed, "secrets": mounted}

    def hidden(self, value: object, path: tuple[str, ...], shortest: int) -> object:
        """``value`` without secrets that have at least so many letters."""
        if path in _REFERRING or (path[0] == "annotations" and path[-1].startswith(_OURS)):
            return value
        if isinstance(value, Mapping):
            return {key: self.hidden(item, (*path, str(key)), shortest) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.hidden(item, (*path, str(index)), shortest) for index, item in enumerate(value)]
        return self._text(value, path, shortest) if isinstance(value, str) else value

    def _text(self, text: str, path: tuple[str, ...], shortest: int) -> str:
        plain = without(text)
        if self._secrets.is_disguised_in(text if plain is None else plain):
            if plain is None:
                raise ScoreError(
                    f"{self._entry}.{'.'.join(path)} has both a variable and a secret in another spelling, as"
                    " in base64, which cannot be kept out of the Compose file so",
                    hint="give the two in two texts",
                )
            return self._variable(self._secrets.name(self._entry, path, plain))
        if plain is None:
            return self._secrets.replaced(text, self._variable, shortest=shortest)
        return self._secrets.replaced(plain, self._variable, kept, shortest)

    def _variable(self, name: str) -> str:
        self._secrets.as_variable(name)
        return f"${{{name}:?}}"
