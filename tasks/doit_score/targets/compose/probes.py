"""Healthchecks of httpGet probes: Compose can only run commands, and only what the image has.

So the request is made by a program of our own, which is mounted: it needs neither a shell nor a library, and
an image with nothing but its own program is as good as any.  What that program cannot do is left to curl or
wget of the image.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from doit_score.score.workload import HttpGet
from doit_score.targets import MountFile

from .dollars import kept

HELPER_PATH = "files/probe"
"""Below the mounts directory, where no file of a container goes by such a name."""
_TARGET = "/.doit-score/probe"
_MODE = 0o755
_MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}
"""The file of the helper by what systems call the machine."""
_SECONDS = 4
"""How long a probe may take, which is less than Compose waits for it: so it can tell what it waited for."""
_NO_HEADER = re.compile(r"[^\t -\x7e\x80-\U0010ffff]")


def has_helper(machine: str) -> bool:
    """Whether there is a helper for containers of this machine."""
    return machine in _MACHINES


def helper(machine: str) -> MountFile:
    """The helper, to be mounted; ``machine`` must have one."""
    import pkgutil

    content = pkgutil.get_data(__package__, f"probe/{_MACHINES[machine]}")
    assert content is not None
    return MountFile(HELPER_PATH, content, _MODE)


def mount(mounts_directory: str) -> dict[str, object]:
    """The mount of the helper, for the ``volumes`` of a service."""
    source = f"{mounts_directory}/{HELPER_PATH}"
    return {"type": "bind", "source": source, "target": _TARGET, "read_only": True}


def by_image(get: HttpGet, machine: str) -> str:
    """Why the helper cannot do this probe, and programs of the image have to; empty if it can."""
    if get.scheme == "HTTPS":
        return "of scheme HTTPS"
    if not (_host(get).lower() == "localhost" or _is_address(_host(get))):
        return f"of a host that is no address ('{get.host}')"
    return "" if has_helper(machine) else f"on a machine like this ({machine or 'unknown'})"


def bad_headers(get: HttpGet) -> Iterator[str]:
    """The names of headers whose values no request can have."""
    return (name for name, value in get.headers if _NO_HEADER.search(value))


def test(get: HttpGet, machine: str) -> list[str]:
    """The ``test`` of a healthcheck."""
    headers = [f"{name}: {value.replace('$$', '$')}" for name, value in get.headers]
    if by_image(get, machine):
        return ["CMD-SHELL", kept(_script(_url(get), headers))]
    return ["CMD", *map(kept, (_TARGET, str(_SECONDS), _url(get), *headers))]


def _host(get: HttpGet) -> str:
    return (get.host or "localhost").removeprefix("[").removesuffix("]")


def _is_address(host: str) -> bool:
    from ipaddress import ip_address

    try:
        return "%" not in host and bool(ip_address(host))
    except ValueError:
        return False


def _url(get: HttpGet) -> str:
    from urllib.parse import quote

    host = _host(get)
    path = quote(get.path.replace("$$", "$").partition("#")[0], safe="/?&=%:@!$'()*+,;~[]")
    slash = "" if path.startswith("/") else "/"
    return (
        f"{(get.scheme or 'HTTP').lower()}://{f'[{host}]' if ':' in host else host}:{get.port}{slash}{path}"
    )


def _script(url: str, headers: list[str]) -> str:
    """One GET by curl, or else wget.  As for a kubelet, any certificate is good."""
    from shlex import quote

    ask = "".join(f"-H {quote(header)} " for header in headers) + quote(url)
    curl = f"exec curl -gfkSs -m {_SECONDS} -o /dev/null {ask}"
    ask = "".join(f"--header {quote(header)} " for header in headers) + quote(url)
    # Without a time of its own, at which a busybox may crash: Compose has one.
    wget = f"$wget -q -O /dev/null --no-check-certificate {ask}"
    failed = f"echo {quote(f'GET {url}: wget ended with status')} $?; exit 1"
    return (
        f"if command -v curl >/dev/null; then {curl}; fi; "
        'for wget in wget "busybox wget"; do '
        f"if command -v ${{wget% *}} >/dev/null; then {wget} && exit; {failed}; fi; done; "
        "echo there is no curl, wget or busybox in the image; exit 1"
    )
