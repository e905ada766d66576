"""The Docker engine, reached as the command line `docker` would reach it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from doit_score.running.compose import Compose
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docker import APIClient

DEFAULT_ADDRESS = "unix:///var/run/docker.sock"

START = (
    "start it (`systemctl start docker`), install it (Debian, Ubuntu: `apt install docker.io`; elsewhere: "
    "https://docs.docker.com/get-docker/), or say where it is (DOCKER_HOST, `docker context use`)"
)
GROUP = "become a member of the group 'docker' (`sudo usermod -aG docker $USER`, then log in again)"


@contextmanager
def connected(compose: Compose) -> Iterator[APIClient]:
    """A client of the engine that `docker` would use: DOCKER_HOST, else the context, else the usual one.

    Raises ScoreError if none answers.
    """
    from docker import APIClient
    from docker.errors import APIError, DockerException

    where = compose.environment.get("DOCKER_HOST") or DEFAULT_ADDRESS
    try:
        options = {"base_url": DEFAULT_ADDRESS, **address(compose)}
        where = options["base_url"]
        # `docker` itself goes through the program ssh, with the user's own configuration.
        client = APIClient(version="auto", use_ssh_client=where.startswith("ssh://"), **options)
    # The SDK lets through what the standard library says of an address.
    except (DockerException, OSError, ValueError) as error:
        raise _no_answer(where, error) from None
    try:
        yield client
    except APIError as error:
        raise ScoreError(f"the Docker engine refuses: {error.explanation or error}") from None
    except OSError as error:
        # Also what requests raises when the connection ends.
        raise _no_answer(where, error) from None
    finally:
        client.close()


def address(compose: Compose) -> dict[str, Any]:
    """How to reach the engine, as arguments of the SDK's client."""
    environment = compose.environment
    if environment.get("DOCKER_HOST"):
        from docker.utils import kwargs_from_env

        return dict(kwargs_from_env(environment=dict(environment)))
    # Most machines have the default context alone: no need to ask a program for it.
    if not environment.get("DOCKER_CONTEXT") and not _current_context(environment):
        return {}
    return of_context(compose.context())


def of_context(context: Mapping[str, Any]) -> dict[str, Any]:
    """The same from what `docker context inspect` prints."""
    endpoint = context.get("Endpoints", {}).get("docker", {})
    found: dict[str, Any] = {"base_url": endpoint["Host"]} if endpoint.get("Host") else {}
    names = (context.get("TLSMaterial") or {}).get("docker", [])
    if names:
        from docker.tls import TLSConfig

        folder = os.path.join(context["Storage"]["TLSPath"], "docker")
        path = {name: os.path.join(folder, name) for name in names}
        certificate = (path["cert.pem"], path["key.pem"]) if {"cert.pem", "key.pem"} <= path.keys() else None
        found["tls"] = TLSConfig(
            client_cert=certificate,
            ca_cert=path.get("ca.pem"),
            verify=not endpoint.get("SkipTLSVerify", False),
        )
    return found


def _current_context(environment: Mapping[str, str]) -> str:
    """The context that `docker context use` has picked; empty for the default one."""
    home = environment.get("HOME") or os.path.expanduser("~")
    folder = environment.get("DOCKER_CONFIG") or os.path.join(home, ".docker")
    try:
        with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
            name = json.load(file).get("currentContext", "")
    except (OSError, ValueError, AttributeError):
        return ""  # `docker` complains by itself about a file that it cannot read
    return "" if name == "default" else str(name)


def _no_answer(where: str, error: BaseException) -> ScoreError:
    cause = _system_error(error)
    if isinstance(cause, PermissionError):
        return ScoreError(f"the Docker engine at {where} may not be used by this user", hint=GROUP)
    why = cause.strerror if cause is not None and cause.strerror else str(error)
    return ScoreError(f"no Docker engine answers at {where} ({why})", hint=START)


def _system_error(error: BaseException) -> OSError | None:
    """The operating system's error below those of the libraries.

    They wrap it as an argument here and as the context there.
    """
    todo: list[object] = [error]
    seen: list[object] = []
    while todo:
        one = todo.pop(0)
        if not isinstance(one, BaseException) or any(one is other for other in seen):
            continue
        seen.append(one)
        if isinstance(one, OSError) and one.errno is not None and one.strerror:
            return one
        todo += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
    return None
