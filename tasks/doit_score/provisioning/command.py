"""``cmd://`` provisioners: a program that reads JSON and prints JSON.

The keys are the reference's (conformance provisioners-181 to 219).  In ``workload_services`` the
reference writes ``ServiceName`` where its documentation says ``service_name``: both are given here.
Integers of any size keep their digits.
"""

from __future__ import annotations

import errno
import os
import re
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from doit_score.provisioning import uris
from doit_score.provisioning.model import Entry, ProvisionInput, ProvisionResult
from doit_score.provisioning.returned import NOT_SHOWN, NOWHERE, Report, Section, nowhere, result
from doit_score.targets import Target
from doit_score.text import words
from doit_score.text.light import TYPE_CHECKING, NamedTuple, replace

if TYPE_CHECKING:
    from subprocess import Popen

    from doit_score.provisioning.observing import Observer

TIMEOUT = 60.0
"""Seconds that a command may take unless told otherwise."""

RETURNED = {
    "resource_state": "state",
    "resource_outputs": "outputs",
    "shared_state": "shared_patch",
}
MOUNTED = {"relative_directories": "directories", "relative_file_contents": "files"}
_MODE = "<mode>"
"""Stands for what the command is run for, which is always the same."""
_STDERR_LINES = 20
MOST = 16 << 20
_CHUNK = 1 << 16
DEPTH = 100
DIGITS = 4000
_SURROGATE = re.compile("[\ud800-\udfff]")


def provision(
    entry: Entry,
    given: ProvisionInput,
    *,
    timeout: float = TIMEOUT,
    directory: Path | None = None,
    variables: Mapping[str, str] | None = None,
    observer: Observer | None = None,
) -> ProvisionResult:
    """Runs the command of ``entry`` and checks what it prints.

    It is run without a shell in ``directory`` (by default the current one), with ``entry.args`` as
    they are and ``variables`` as its environment (by default that of the process), and ended with
    everything that it started after ``timeout`` seconds.  What it writes to standard error is in the
    error if it fails, and in ``info_logs`` if it does not.  ``observer`` is told what happens.

    Raises ScoreError: no such command, not executable, exit status, timeout, output that is no JSON
    or not of the right shape.
    """
    directory = directory or Path.cwd()
    report = Report(entry, given.uid, observer)
    file = program(entry, given.uid, directory)
    ended = _run(
        [str(file), *("provision" if one == _MODE else one for one in entry.args)],
        request(given),
        directory,
        timeout,
        report,
        variables,
    )
    made = result(entry, given, report, _sections(ended.stdout, given.target, report))
    return replace(made, info_logs=tuple(line for line in ended.stderr.splitlines() if line.strip()))


def program(entry: Entry, uid: str, directory: Path) -> Path:
    """The file that ``entry`` runs: ``./x``, ``../x``, ``~/x``, ``/x``, or a name on PATH.

    Raises ScoreError, which names the resource ``uid``, if a command is not on PATH or named
    wrongly (provisioners-210, 211).  A file need not exist.
    """
    report = Report(entry, uid)
    uri = uris.split(entry.uri)
    if uri is None or not (uri.host or uri.path.startswith("/")):
        raise report.failure("", "the uri names no command", "give it as cmd://./path or cmd://name")
    if uri.host in ("", ".", "..", "~"):
        start = {"": Path("/"), ".": directory, "..": directory.parent, "~": Path("~").expanduser()}
        return start[uri.host] / uri.path.lstrip("/")
    if uri.path:
        raise report.failure(
            "",
            f"a command on PATH is a plain name, found '{uri.host}{uri.path}'",
            f"for a file below the current directory write cmd://./{uri.host}{uri.path}",
        )
    from shutil import which

    found = which(uri.host)
    if found is None:
        raise report.failure(
            "", f"the command '{uri.host}' is not on PATH", "install it, or give its path as cmd://./path"
        )
    return Path(found)


def request(given: ProvisionInput) -> bytes:
    """The JSON that a command reads, as the reference writes it (provisioners-183, 184)."""
    services = {
        workload: {
            "ServiceName": service["ServiceName"],
            "service_name": service["ServiceName"],
            "ports": _ports(service.get("Ports")),
        }
        for workload, service in sorted(given.workload_services.items())
    }
    values: dict[str, object] = {
        "resource_uid": given.uid,
        "resource_type": given.type,
        "resource_class": given.class_,
        "resource_id": given.id,
        "resource_params": given.params,
        "resource_metadata": given.metadata or None,
        "source_workload": given.source_workload,
        "workload_services": services,
        "resource_state": given.state,
        "shared_state": given.shared,
        **{told.json: told.read(getattr(given, told.attribute)) for told in given.target.told if told.json},
    }
    import json

    return json.dumps(
        {key: _plain(value, sort=key != "workload_services") for key, value in values.items()},
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode("utf-8", "replace")


def _ports(ports: object) -> dict[str, object]:
    if not isinstance(ports, Mapping):
        return {}
    return {
        name: {
            "name": port["Name"],
            "port": port["Port"],
            "target_port": port["TargetPort"],
            "protocol": port["Protocol"],
        }
        for name, port in sorted(ports.items())
    }


def _plain(value: object, *, sort: bool = True) -> object:
    """``value`` as JSON can hold it: keys are text and sorted, whole floats have no point."""
    if isinstance(value, Mapping):
        pairs = [(str(key), _plain(item, sort=sort)) for key, item in value.items()]
        return dict(sorted(pairs, key=lambda pair: pair[0]) if sort else pairs)
    if isinstance(value, list):
        return [_plain(item, sort=sort) for item in value]
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e21 else value
    if value is None or isinstance(value, (str, int)):
        return value
    # What else YAML gives is a timestamp.
    return str(value.isoformat()).replace("+00:00", "Z") if hasattr(value, "isoformat") else str(value)


class _Ended(NamedTuple):
    stdout: str
    stderr: str


def _run(
    arguments: list[str],
    stdin: bytes,
    directory: Path,
    timeout: float,
    report: Report,
    variables: Mapping[str, str] | None,
) -> _Ended:
    """Runs a program to its successful end; anything else is raised as ScoreError."""
    import subprocess

    try:
        process = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=directory,
            env=variables,
            start_new_session=True,
        )
    except OSError as error:
        hint = _START_HINTS.get(error.errno or 0)
        raise report.failure("", f"cannot run '{arguments[0]}': {error.strerror or error}", hint) from None
    with process:

        def told(stdout: bytes | None, stderr: bytes | None, status: int | None) -> None:
            if report.observer is not None:
                from doit_score.provisioning.observing import Command

                ran = Command(tuple(arguments), str(directory), stdin, stdout or b"", stderr or b"", status)
                report.observer.ran(ran)

        printed = bytearray(), bytearray()
        try:
            problem = _talk(process, stdin, timeout, *printed)
            if problem:
                _end(process)
            process.wait()
        except BaseException:
            _end(process)
            raise
        stdout, stderr = map(bytes, printed)
        told(stdout, stderr, None if problem else process.returncode)
        if problem:
            hint = "it was ended; let it end by itself when it has printed its result"
            raise report.failure("", f"the command '{arguments[0]}' {problem}", hint)
    said = stderr.decode("utf-8", "replace")
    if process.returncode != 0:
        lines = "".join(f"\n  | {line}" for line in said.splitlines()[-_STDERR_LINES:])
        message = f"the command '{arguments[0]}' {_status(process.returncode)}{lines}"
        raise report.failure("", message, place=NOT_SHOWN if lines else NOWHERE)
    try:
        return _Ended(stdout.decode("utf-8"), said)
    except UnicodeDecodeError:
        message = "expected a JSON object as output, found bytes that are not UTF-8"
        raise report.failure("", message, _JSON_HINT) from None


def _talk(process: Popen[bytes], given: bytes, timeout: float, out: bytearray, err: bytearray) -> str:
    """Gives a command its input and takes what it prints, until it closes its output and ends.

    Returns what it did if it did not end in ``timeout`` seconds, or printed more than ``MOST`` bytes.
    """
    import selectors
    import subprocess
    import time

    left, late = memoryview(given), f"did not end within {timeout:g} s"
    until = time.monotonic() + timeout
    with selectors.DefaultSelector() as streams:
        for stream, printed in ((process.stdin, None), (process.stdout, out), (process.stderr, err)):
            if stream is not None:
                event = selectors.EVENT_WRITE if printed is None else selectors.EVENT_READ
                streams.register(stream, event, (stream, printed))
                os.set_blocking(stream.fileno(), False)
        while streams.get_map():
            ready = streams.select(max(0, until - time.monotonic()))
            if not ready:
                return late
            for key, _ in ready:
                stream, printed = key.data
                if printed is None:
                    left = left[_written(key.fd, left) :]
                    ended = not left
                else:
                    chunk = os.read(key.fd, _CHUNK)
                    printed += chunk
                    ended = not chunk
                if len(printed or ()) > MOST:
                    return f"printed more than {MOST >> 20} MiB"
                if ended:
                    streams.unregister(stream)
                    stream.close()
    try:
        process.wait(max(0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        return late
    return ""


def _written(descriptor: int, left: memoryview) -> int:
    """How much of ``left`` a command has taken; all of it if it does not want to know."""
    try:
        return os.write(descriptor, left)
    except BrokenPipeError:
        return len(left)


_START_HINTS = {
    errno.ENOENT: "check the path, and the interpreter in the first line of a script",
    errno.EACCES: "make the file executable: chmod +x",
    errno.ENOEXEC: "let a script start with the line of its interpreter, such as #!/bin/sh",
}


def _end(process: Popen[bytes]) -> None:
    """Ends a command and all that it started, which may hold its pipes open."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _status(returncode: int) -> str:
    if returncode > 0:
        return f"exited with status {returncode}"
    try:
        return f"was ended by {signal.Signals(-returncode).name}"
    except ValueError:
        return f"was ended by signal {-returncode}"


def _decoded(stdout: str, report: Report) -> dict[str, object]:
    """The JSON object that was printed; null counts as an empty one."""
    import json

    decoder = json.JSONDecoder(parse_constant=_no_constant, parse_int=_integer)
    text = stdout.lstrip(" \t\r\n")
    if not text:
        raise report.failure("", "expected a JSON object as output, found nothing", _JSON_HINT)
    try:
        value, end = decoder.raw_decode(text)
        _check(value, DEPTH)
    except (ValueError, RecursionError) as error:
        message = f"expected a JSON object as output: {_json_problem(error)}"
        raise report.failure("", message, _JSON_HINT) from None
    if value is not None and not isinstance(value, dict):
        raise report.failure("", f"expected a JSON object as output, found {words.kind(value)}", _JSON_HINT)
    if text[end:].strip():
        report.warn("", "what it printed after the JSON object is ignored", hint=_JSON_HINT)
    return value or {}


_JSON_HINT = "print one JSON object to standard output, and everything else to standard error"


def _check(value: object, depth: int) -> None:
    """ValueError or RecursionError for what JSON can spell and nothing else can hold."""
    if depth < 0:
        raise RecursionError
    if isinstance(value, str) and not value.isascii() and _SURROGATE.search(value):
        raise ValueError("a text has half of a character in it (a lone surrogate)")
    if isinstance(value, (dict, list)):
        for part in (*value, *value.values()) if isinstance(value, dict) else value:
            _check(part, depth - 1)


def _integer(digits: str) -> int:
    if len(digits) > DIGITS:
        raise ValueError(f"a number has more than {DIGITS} digits")
    return int(digits)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _json_problem(error: Exception) -> str:
    """What is wrong, and where, without what was printed: that may be a password."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    message = getattr(error, "msg", None)
    if message is None:
        return str(error)
    line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
    return f"{words.json_fault(message)} in line {line}, column {column}"


def _sections(stdout: str, target: Target, report: Report) -> dict[str, Section]:
    known = {**RETURNED, **(MOUNTED if target.has_mounts else {})}
    known |= {section.json: section.field for section in target.sections if section.json}
    sections: dict[str, Section] = {}
    for key, value in sorted(_decoded(stdout, report).items()):
        if key in known:
            sections[known[key]] = _section(report, key, value)
        else:
            report.error(
                "", f"unknown key '{key}' in the output", hint=f"known keys: {', '.join(sorted(known))}"
            )
    return sections


def _section(report: Report, key: str, value: object) -> Section:
    return Section(report, key, value, nowhere, strict=True)
