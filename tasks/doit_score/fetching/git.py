"""Files of git repositories, through the program git.

Nothing is checked out: the newest commit is fetched into an empty repository below the temporary
directory, without the files where the server can do that, and the wanted ones are read from there.
So no link is followed, no hook and no filter runs, and no path leads out of it.

git asks nobody for anything.  Its credential helpers, its configuration and ssh's are used.
"""

from __future__ import annotations

import os
import re
import signal
import time
from contextlib import suppress
from shlex import quote as quote_for_shell
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from doit_score.fetching.source import (
    FILE_LIMIT,
    SIZE_LIMIT,
    Source,
    failure,
    shown,
    too_large,
    without_passwords,
)
from doit_score.text import words
from doit_score.text.errors import ScoreError
from doit_score.text.light import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from subprocess import Popen

TIME_LIMIT = 120.0
"""Seconds that all of it may take."""

REPOSITORY_LIMIT = 256 * 1024 * 1024
"""Bytes that may be fetched to get at a file: some servers send all files of the commit."""

_LOOK = 0.2
"""Seconds between two looks at how much there is."""

_REF = re.compile(r"[^-+:\s^~?*\[\\][^:\s^~?*\[\\]*")
_WITH_GIT = re.compile(r"(/.*?[^/]\.git)/(.*)")
_WITHOUT_GIT = re.compile(r"(/[^/]+/[^/]+)/(.*(?<!\.git))")
_REF_HINT = "?ref=NAME is a branch, a tag or a whole commit id"
_CLONE_HINT = "clone it, and give the path of the file"
# What ties git to the repository that we were started in, from a hook for example, and what may ask.
_UNSET = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_PREFIX", "GIT_SHALLOW_FILE", "SSH_ASKPASS",
)  # fmt: skip
_SET = {
    "GCM_INTERACTIVE": "never",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    "SSH_ASKPASS_REQUIRE": "never",
}
_OPTIONS = (
    "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c", "maintenance.auto=false",
    "-c", "fetch.recurseSubmodules=false", "-c", "fetch.writeCommitGraph=false",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """What a URI means: the ``remote`` as git takes it, the ``path`` of a file in it, and the ``ref``.

    A directory has a slash at the end of its path; the path of the repository itself is empty.
    """

    uri: str
    remote: str
    path: str
    ref: str

    def source(self, path: str, content: bytes) -> Source:
        """The file at ``path``, which is this one or one of this directory."""
        name = f"git-{shown(self.remote)}/{path}"
        return Source(name if self.ref == "HEAD" else f"{name}?ref={self.ref}", name, content)


def parse(uri: str) -> Place:
    """The place that ``uri`` means.

    The repository ends with ``.git``, as score-compose wants it; where there is none, it is the first
    two parts of the path, which is right for GitHub.  Raises ScoreError for anything else.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        raise failure(uri, "it is no proper address", "write it as git-https://HOST/REPO.git/PATH") from None
    found = _WITH_GIT.fullmatch(parts.path) or _WITHOUT_GIT.fullmatch(parts.path)
    if not parts.netloc or found is None:
        raise failure(uri, "no path in a repository is given", "write it as git-https://HOST/REPO.git/PATH")
    path = unquote(found[2])
    if any(part in (".", "..", "") for part in path.rstrip("/").split("/")) and path:
        raise failure(uri, "the path leads out of the repository, or has an empty part")
    known = dict(parse_qsl(parts.query, keep_blank_values=True))
    ref = known.pop("ref", "HEAD")
    if known or parts.fragment:
        raise failure(uri, "nothing but ?ref= can follow the path", _REF_HINT)
    if not _REF.fullmatch(ref) or ".." in ref:
        raise failure(uri, f"'{shown(ref)}' is no name of a branch, tag or commit")
    return Place(uri, f"{parts.scheme[4:].lower()}://{parts.netloc}{found[1]}", path, ref)


def fetch(uri: str) -> tuple[Source, ...]:
    """The file at the git-ssh:// or git-https:// URI ``uri``, or all files of a directory.

    Raises ScoreError: no such host, repository, ref or path, no access, git missing, a link, or more
    bytes or seconds than allowed.
    """
    from tempfile import TemporaryDirectory

    place = parse(uri)
    with TemporaryDirectory(prefix="doit-score-", ignore_cleanup_errors=True) as directory:
        clone = _Clone(place, directory)
        clone.fetch()
        return tuple(place.source(path, clone.content(path)) for path in clone.files())


class _Clone:
    """An empty repository that gets what is asked of the remote of ``place``."""

    def __init__(self, place: Place, directory: str) -> None:
        self.place = place
        self.directory = directory
        self.deadline = time.monotonic() + TIME_LIMIT
        kept = {name: value for name, value in os.environ.items() if name not in _UNSET}
        self.environment = kept | _SET

    def fetch(self) -> None:
        self.run("init", "--quiet", "--bare", "--template=", ".")
        # git tells its helpers the address by argument, which every user of the machine can read.
        address, login = _without_login(self.place.remote)
        with open(os.path.join(self.directory, "config"), "a", encoding="utf-8") as config:
            config.write(f'[remote "origin"]\n\turl = {_setting(address)}\n')
            if login:
                path = os.path.join(self.directory, "login")
                helper = _setting(f"store --file={quote_for_shell(path)}")
                config.write(f"[credential]\n\thelper =\n\thelper = {helper}\n")
                with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
                    file.write(f"{login}\n")
        self.run("fetch", "--quiet", "--depth=1", "--no-tags", "--filter=blob:none", "origin", self.place.ref)

    def files(self) -> list[str]:
        """The paths of the files that are meant, in the order of their names."""
        path = self.place.path
        parent, _, name = path.rpartition("/")
        if name:
            kinds = self._kinds(parent)
            kind = kinds.get(name)
            if kind == "file":
                return [path]
            if kind != "directory":
                raise self._missing(name, kind, kinds)
            parent = path
        found = [name for name, kind in sorted(self._kinds(parent).items()) if kind == "file"]
        if not found:
            raise failure(self.place.uri, f"directory {shown(parent) or '/'} contains no files")
        if len(found) > FILE_LIMIT:
            raise failure(self.place.uri, f"the directory has more than {FILE_LIMIT} files", "name a file")
        return [f"{parent}/{name}" if parent else name for name in found]

    def content(self, path: str) -> bytes:
        if int(self.run("cat-file", "-s", f"FETCH_HEAD:{path}")) > SIZE_LIMIT:
            raise too_large(self.place.uri, SIZE_LIMIT)
        return self.run("cat-file", "blob", f"FETCH_HEAD:{path}")

    def _kinds(self, directory: str) -> dict[str, str]:
        """What is in a directory of the commit: names, and what each of them is."""
        tree = f"FETCH_HEAD:{directory}"
        if directory and self.run("cat-file", "-t", tree, missing=b"") != b"tree\n":
            raise failure(self.place.uri, f"there is no directory '{shown(directory)}' in the repository")
        kinds = {}
        for line in self.run("ls-tree", "-z", tree).split(b"\0")[:-1]:
            mode, _, rest = line.partition(b" ")
            name = rest.partition(b"\t")[2].decode("utf-8", "surrogateescape")
            kinds[name] = _KINDS.get(mode[:3], "submodule")
        return kinds

    def _missing(self, name: str, kind: str | None, kinds: dict[str, str]) -> ScoreError:
        if kind is not None:
            return failure(self.place.uri, f"it is a {kind}, not a file", "give the path of the file itself")
        hint = words.near(shown(name), map(shown, kinds), "check the path, and the ref")
        return failure(self.place.uri, f"there is no '{shown(self.place.path)}' in the repository", hint)

    def run(self, *arguments: str, missing: bytes | None = None) -> bytes:
        """What git prints; ``missing`` instead, if given, where it fails."""
        from subprocess import DEVNULL, PIPE, Popen

        try:
            process = Popen(
                ["git", "--git-dir=.", *_OPTIONS, *arguments],
                cwd=self.directory,
                env=self.environment,
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=PIPE,
                # Without a terminal of its own ssh cannot ask either.
                start_new_session=True,
            )
        except FileNotFoundError:
            raise failure(self.place.uri, "the program git is not on PATH", "install git") from None
        with process:
            try:
                stdout, stderr = self._wait(process)
            except BaseException:
                _end(process)
                raise
        if process.returncode == 0:
            return stdout
        if missing is not None:
            return missing
        raise failure(self.place.uri, _said(stderr), _hint(stderr))

    def _wait(self, process: Popen[bytes]) -> tuple[bytes, bytes]:
        from subprocess import TimeoutExpired

        while True:
            try:
                return process.communicate(timeout=_LOOK)
            except TimeoutExpired:
                pass
            if time.monotonic() > self.deadline:
                raise failure(self.place.uri, f"git took longer than {TIME_LIMIT:g} s", _CLONE_HINT)
            if _size(self.directory) > REPOSITORY_LIMIT:
                raise failure(
                    self.place.uri,
                    f"the repository is larger than {REPOSITORY_LIMIT // 1024 // 1024} MiB",
                    _CLONE_HINT,
                )


def _without_login(remote: str) -> tuple[str, str]:
    """The address of ``remote`` without password, and without user too unless by ssh, which takes no
    password from us; and the line that tells git's `store` of both."""
    parts = urlsplit(remote)
    login, _, host = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    if not login:
        return remote, ""
    if parts.scheme == "ssh":
        return parts._replace(netloc=f"{user}@{host}").geturl(), ""
    line = f"{parts.scheme}://{quote(unquote(user), '')}:{quote(unquote(password), '')}@{host}"
    return parts._replace(netloc=host).geturl(), line


def _setting(text: str) -> str:
    """``text`` as a value of git's configuration."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_KINDS = {b"100": "file", b"040": "directory", b"120": "symbolic link"}


def _size(directory: str) -> int:
    """Bytes of all files below ``directory``, which git is at work in."""
    total = 0
    for parent, _, names in os.walk(directory):
        for name in names:
            with suppress(FileNotFoundError):
                total += os.stat(os.path.join(parent, name)).st_size
    return total


def _end(process: Popen[bytes]) -> None:
    """Ends git and what it started (ssh, a credential helper)."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _said(stderr: bytes) -> str:
    """What git complains of, without the passwords of addresses."""
    text = without_passwords(stderr.decode("utf-8", "replace"))
    lines = [re.sub(r"^(fatal|error): ", "", line) for line in text.splitlines() if line.strip()]
    return f"git says: {'; '.join(lines[:4])}" if lines else "git failed without a word"


_HINTS = (
    (b"find remote ref", _REF_HINT),
    (b"not our ref", _REF_HINT),
    (b"Host key verification", "connect once with ssh, to accept the key of the host"),
    (b"Permission denied", "git must get in without a question: load a key into the ssh agent"),
    (b"terminal prompts disabled", "git must get in without a question: set up a credential helper"),
)


def _hint(stderr: bytes) -> str:
    return next((hint for text, hint in _HINTS if text in stderr), "check the address of the repository")
