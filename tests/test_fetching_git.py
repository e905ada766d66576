"""Files of git repositories.

``https://git.test/`` and ``ssh://git@git.test/`` stand for a directory of bare repositories: git's own
setting url.*.insteadOf sends it there, so that everything but TLS and ssh is as it is over the network.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from doit_score.fetching import Source, git
from doit_score.text.errors import ScoreError

BASE = "git-https://git.test/owner/repo.git"


def set_git(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> None:
    """Makes ``settings`` those of git, and nothing that this machine's user has set."""
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(settings)))
    for number, (key, value) in enumerate(settings.items()):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", key)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)


def run(directory: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=directory, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of the repository owner/repo, which has two commits, a tag on the first and a branch."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    served = tmp_path / "served" / "owner" / "repo.git"
    served.mkdir(parents=True)
    set_git(
        monkeypatch,
        {
            f"url.file://{tmp_path}/served/.insteadOf": "https://git.test/",
            f"url.file://{tmp_path}/served/./.insteadOf": "ssh://git@git.test/",
            "init.defaultBranch": "main",
            "user.name": "A",
            "user.email": "a@test",
        },
    )
    run(served, "init", "--quiet", "--bare")
    work = tmp_path / "work"
    work.mkdir()
    run(work, "init", "--quiet")
    (work / "some").mkdir()
    (work / "some" / "b.yaml").write_bytes(b"old\r\n")
    commit(work, "first")
    run(work, "tag", "v1")
    for name in ("b.yaml", "a.yaml", "C.yaml"):
        (work / "some" / name).write_text(name)
    (work / "some" / "sub").mkdir()
    (work / "some" / "sub" / "d d.yaml").write_text("d")
    (work / "top.yaml").write_text("top")
    (work / "link.yaml").symlink_to("/etc/passwd")
    (work / "away").symlink_to("/etc")
    commit(work, "second")
    run(work, "branch", "feature/x", "v1")
    push(work)
    return work


def commit(work: Path, message: str) -> None:
    run(work, "add", "--all")
    run(work, "commit", "--quiet", "--message", message)


def push(work: Path) -> None:
    run(work, "push", "--quiet", "--mirror", "https://git.test/owner/repo.git")


def serve_partly(work: Path) -> None:
    """Lets the server leave files out that were not asked for, as GitHub and GitLab do."""
    run(work.parent / "served" / "owner" / "repo.git", "config", "uploadpack.allowFilter", "true")


def message_for(uri: str) -> str:
    with pytest.raises(ScoreError) as error:
        git.fetch(uri)
    return str(error.value)


@pytest.mark.parametrize("partly", [False, True])
def test_a_file_is_fetched(work: Path, partly: bool) -> None:
    if partly:
        serve_partly(work)
    assert git.fetch(f"{BASE}/some/b.yaml") == (
        Source(f"{BASE}/some/b.yaml", f"{BASE}/some/b.yaml", b"b.yaml"),
    )


def test_ssh_and_https_are_alike(work: Path) -> None:
    uri = "git-ssh://git@git.test/owner/repo.git/top.yaml"
    assert git.fetch(uri) == (Source(uri, uri, b"top"),)


@pytest.mark.parametrize(
    ("login", "known"),
    [
        ("me:S3%40cret", "username=me\npassword=S3@cret\n"),
        ("S3cret", "username=S3cret\npassword=\n"),
        (":S3cret", "username=\npassword=S3cret\n"),
    ],
)
def test_a_login_is_told_to_git_but_by_no_argument(
    work: Path, monkeypatch: pytest.MonkeyPatch, login: str, known: str
) -> None:
    """What ``ps`` shows: the arguments of git, and of what it starts, as it traces them."""
    trace, told, fake = work.parent / "trace", work.parent / "told", work.parent / "bin" / "git"
    fake.parent.mkdir()
    real = shutil.which("git")
    fake.write_text(
        "#!/bin/sh\n"
        f"printf '%s\\n' \"$@\" >> '{trace}'\n"
        f"case \"$*\" in *fetch*) printf 'protocol=https\\nhost=git.test\\n\\n' | "
        f"'{real}' --git-dir=. credential fill > '{told}';; esac\n"
        f"exec '{real}' \"$@\"\n"
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("GIT_TRACE", str(trace))
    uri = f"git-https://{login}@git.test/owner/repo.git/top.yaml"
    assert [source.content for source in git.fetch(uri)] == [b"top"]
    assert told.read_text() == f"protocol=https\nhost=git.test\n{known}"
    assert "upload-pack" in trace.read_text()
    assert "S3" not in trace.read_text()


def test_ssh_is_given_no_password(work: Path) -> None:
    [source] = git.fetch("git-ssh://git:S3cret@git.test/owner/repo.git/top.yaml")
    assert source.content == b"top"


def test_a_repository_without_the_ending_is_the_first_two_parts(work: Path) -> None:
    served = work.parent / "served" / "owner" / "repo.git"
    served.rename(served.with_suffix(""))
    (found,) = git.fetch("git-https://git.test/owner/repo/some/b.yaml")
    assert found.content == b"b.yaml"


def test_a_password_is_not_kept(work: Path) -> None:
    (found,) = git.fetch("git-https://me:secret@git.test/owner/repo.git/top.yaml")
    assert found == Source(f"{BASE}/top.yaml", f"{BASE}/top.yaml", b"top")


@pytest.mark.parametrize("ref", ["v1", "feature/x", "refs/tags/v1", "feature%2Fx"])
def test_a_branch_or_tag_can_be_named(work: Path, ref: str) -> None:
    (found,) = git.fetch(f"{BASE}/some/b.yaml?ref={ref}")
    assert found.content == b"old\r\n"
    assert found.uri == f"{BASE}/some/b.yaml?ref={ref.replace('%2F', '/')}"
    assert found.name == f"{BASE}/some/b.yaml"


def test_a_commit_can_be_named(work: Path) -> None:
    (found,) = git.fetch(f"{BASE}/some/b.yaml?ref={run(work, 'rev-parse', 'v1')}")
    assert found.content == b"old\r\n"


@pytest.mark.parametrize("partly", [False, True])
def test_all_files_of_a_directory_are_fetched_in_the_order_of_their_names(work: Path, partly: bool) -> None:
    if partly:
        serve_partly(work)
    for uri in (f"{BASE}/some/", f"{BASE}/some"):
        assert git.fetch(uri) == tuple(
            Source(f"{BASE}/some/{name}", f"{BASE}/some/{name}", name.encode())
            for name in ("C.yaml", "a.yaml", "b.yaml")
        )


def test_the_repository_itself_is_a_directory(work: Path) -> None:
    assert git.fetch(f"{BASE}/") == (Source(f"{BASE}/top.yaml", f"{BASE}/top.yaml", b"top"),)


def test_a_path_can_have_escapes(work: Path) -> None:
    (found,) = git.fetch(f"{BASE}/some/sub/d%20d.yaml")
    assert (found.content, found.name) == (b"d", f"{BASE}/some/sub/d d.yaml")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("link.yaml", "it is a symbolic link, not a file\n  hint: give the path of the file itself"),
        ("away/passwd", "there is no directory 'away' in the repository"),
        ("some/d.yaml", "there is no 'some/d.yaml' in the repository\n  hint: did you mean 'C.yaml'?"),
        ("zzz", "there is no 'zzz' in the repository\n  hint: check the path, and the ref"),
        ("none/a.yaml", "there is no directory 'none' in the repository"),
        ("top.yaml/", "there is no directory 'top.yaml' in the repository"),
        ("some/../top.yaml", "the path leads out of the repository, or has an empty part"),
        ("%2e%2e/x", "the path leads out of the repository, or has an empty part"),
        ("some//b.yaml", "the path leads out of the repository, or has an empty part"),
        ("/etc/passwd", "the path leads out of the repository, or has an empty part"),
        (
            "top.yaml?ref=none",
            f"git says: couldn't find remote ref none\n  hint: {git._REF_HINT}",
        ),
        ("top.yaml?ref=--upload-pack=x", "'--upload-pack=x' is no name of a branch, tag or commit"),
        ("top.yaml?ref=a:b", "'a:b' is no name of a branch, tag or commit"),
        ("top.yaml?ref=", "'' is no name of a branch, tag or commit"),
        (
            "top.yaml?branch=x",
            f"nothing but ?ref= can follow the path\n  hint: {git._REF_HINT}",
        ),
        (
            "top.yaml#main",
            f"nothing but ?ref= can follow the path\n  hint: {git._REF_HINT}",
        ),
    ],
)
def test_what_is_not_there_or_not_meant_is_an_error(work: Path, path: str, said: str) -> None:
    assert message_for(f"{BASE}/{path}") == f"cannot fetch '{BASE}/{path}': {said}"


@pytest.mark.parametrize(
    "uri", ["git-https://git.test", "git-https://git.test/owner/repo.git", "git-ssh:///owner/repo.git/a"]
)
def test_a_uri_without_a_host_or_a_path_is_an_error(uri: str) -> None:
    assert message_for(uri) == (
        f"cannot fetch '{uri}': no path in a repository is given\n"
        "  hint: write it as git-https://HOST/REPO.git/PATH"
    )


def test_a_repository_that_is_not_there_is_an_error_without_the_password(work: Path) -> None:
    message = message_for("git-https://me:secret@git.test/owner/none.git/a.yaml")
    assert message.startswith("cannot fetch 'git-https://git.test/owner/none.git/a.yaml': git says: ")
    assert "does not appear to be a git repository" in message or "not found" in message
    assert message.endswith("\n  hint: check the address of the repository")
    assert "secret" not in message


def test_what_git_says_is_told_without_passwords() -> None:
    said = b"fatal: could not read Password for 'https://secret@git.test': terminal prompts disabled\n"
    assert git._said(said) == (
        "git says: could not read Password for 'https://git.test': terminal prompts disabled"
    )
    assert git._hint(said) == "git must get in without a question: set up a credential helper"


def test_git_asks_nothing_and_gets_no_password_as_an_argument(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "git"
    program.write_text(
        f"#!{sys.executable}\n"
        "import os, sys\n"
        f"with open({str(tmp_path / 'log')!r}, 'a') as log:\n"
        "    names = ('GIT_TERMINAL_PROMPT', 'GIT_DIR', 'SSH_ASKPASS', 'SSH_ASKPASS_REQUIRE', 'LC_ALL')\n"
        "    print(sys.argv[1:], [os.environ.get(name) for name in names], file=log)\n"
        "if 'fetch' in sys.argv:\n"
        "    with open('config') as config, open('/dev/tty') as tty:\n"
        "        pass\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("GIT_DIR", "/somewhere/else")
    monkeypatch.setenv("SSH_ASKPASS", "/usr/bin/ask")
    message = message_for("git-https://me:secret@git.test/owner/repo.git/a.yaml?ref=v1")
    # It has no terminal: opening one fails.
    assert "/dev/tty" in message
    environment = ["0", None, None, "never", "C"]
    first = ["--git-dir=.", *git._OPTIONS, "init", "--quiet", "--bare", "--template=", "."]
    second = ["--quiet", "--depth=1", "--no-tags", "--filter=blob:none", "origin", "v1"]
    assert (tmp_path / "log").read_text().splitlines() == [
        f"{first} {environment}",
        f"{['--git-dir=.', *git._OPTIONS, 'fetch', *second]} {environment}",
    ]


def test_git_that_is_not_installed_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert message_for(f"{BASE}/a.yaml") == (
        f"cannot fetch '{BASE}/a.yaml': the program git is not on PATH\n  hint: install git"
    )


@pytest.mark.parametrize("partly", [False, True])
def test_a_file_that_is_too_large_is_an_error(
    work: Path, partly: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if partly:
        serve_partly(work)
    (work / "large.yaml").write_text("x" * 3000)
    commit(work, "third")
    push(work)
    monkeypatch.setattr(git, "SIZE_LIMIT", 2048)
    assert message_for(f"{BASE}/large.yaml") == (
        f"cannot fetch '{BASE}/large.yaml': it is larger than 2 KiB\n  hint: is this the right file?"
    )
    monkeypatch.setattr(git, "SIZE_LIMIT", 3000)
    assert len(git.fetch(f"{BASE}/large.yaml")[0].content) == 3000


def test_a_directory_with_too_many_files_is_an_error(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "FILE_LIMIT", 2)
    assert message_for(f"{BASE}/some/") == (
        f"cannot fetch '{BASE}/some/': the directory has more than 2 files\n  hint: name a file"
    )


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> object:
    """A server that takes connections and says nothing, which stands for https://git.test/."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        set_git(monkeypatch, {f"url.git://127.0.0.1:{port}/.insteadOf": "https://git.test/"})
        monkeypatch.setattr(git, "_LOOK", 0.02)
        yield


def test_a_server_that_says_nothing_is_an_error(silent: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "TIME_LIMIT", 0.3)
    assert message_for(f"{BASE}/a.yaml") == (
        f"cannot fetch '{BASE}/a.yaml': git took longer than 0.3 s\n"
        "  hint: clone it, and give the path of the file"
    )


def test_a_repository_that_is_too_large_is_an_error(silent: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "REPOSITORY_LIMIT", 10)
    assert message_for(f"{BASE}/a.yaml") == (
        f"cannot fetch '{BASE}/a.yaml': the repository is larger than 0 MiB\n"
        "  hint: clone it, and give the path of the file"
    )


def test_nothing_is_left_in_the_temporary_directory(
    work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    git.fetch(f"{BASE}/top.yaml")
    message_for(f"{BASE}/none.yaml")
    assert list(scratch.iterdir()) == []
