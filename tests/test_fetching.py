"""Which way to fetch a URI is taken, and what may be said of a URI."""

from __future__ import annotations

from pathlib import Path

import pytest
from loopback import Reply, serving

from doit_score import fetching
from doit_score.command.cli import main
from doit_score.fetching import Source
from doit_score.text.errors import ScoreError


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://host/a.yaml", "https://host/a.yaml"),
        ("https://user:secret@host/a.yaml?token=secret#x", "https://host/a.yaml"),
        ("https://secret@host/a.yaml", "https://host/a.yaml"),
        ("git-https://secret@host/o/r.git/a.yaml?ref=v1", "git-https://host/o/r.git/a.yaml?ref=v1"),
        ("git-ssh://git@host/o/r.git/a.yaml", "git-ssh://git@host/o/r.git/a.yaml"),
        ("git-ssh://me:secret@host/o/r.git/a.yaml", "git-ssh://me@host/o/r.git/a.yaml"),
        ("some/path?with=marks", "some/path?with=marks"),
        ("two\nlines", "two?lines"),
    ],
)
def test_what_may_be_secret_in_a_uri_is_not_shown(uri: str, expected: str) -> None:
    assert fetching.shown(uri) == expected


def test_an_unknown_scheme_is_an_error() -> None:
    with pytest.raises(ScoreError) as error:
        fetching.fetch("ftp://me:secret@host.example/x")
    assert str(error.value) == (
        "unsupported scheme 'ftp' in 'ftp://host.example/x'\n"
        "  hint: there are file, http, https, git-https, git-ssh and oci; or download it, and give the path"
    )


@pytest.mark.parametrize("uri", ["http://host/a b", "git-https://h/o/r.git/a\nb", "oci://h/r:t\x7f"])
def test_blanks_and_control_characters_in_an_address_are_an_error(uri: str) -> None:
    with pytest.raises(ScoreError) as error:
        fetching.fetch(uri)
    assert str(error.value) == (
        f"'{fetching.shown(uri)}' has blanks or control characters\n  hint: write a blank as %20"
    )


def test_schemes_are_taken_in_upper_case_too(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"one")
    assert fetching.fetch(f"FILE://{path}") == (Source(str(path), str(path), b"one"),)


def test_several_sources_keep_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b.yaml", "a.yaml"):
        Path(name).write_text(name)
    sources = fetching.fetch_all("provisioner", ["b.yaml", "a.yaml"])
    assert [source.name for source in sources] == ["b.yaml", "a.yaml"]


def test_every_source_that_cannot_be_had_is_told_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"one")
    with pytest.raises(ScoreError) as error:
        fetching.fetch_all("provisioner", ["ftp://host/x", str(path), "gopher://host/x"])
    assert [problem.message for problem in error.value.problems] == [
        "failed to load provisioner 1: unsupported scheme 'ftp' in 'ftp://host/x'",
        "failed to load provisioner 3: unsupported scheme 'gopher' in 'gopher://host/x'",
    ]


def test_one_source_that_cannot_be_had_is_told_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScoreError) as error:
        fetching.fetch_all("patch template", ["none.tpl"])
    assert str(error.value) == (
        "failed to load patch template 1: stat none.tpl: no such file or directory\n  hint: check the path"
    )


PROVISIONERS = b"- uri: template://tests/thing\n  type: thing\n  outputs: 'a: one'\n"


@pytest.fixture
def quiet_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_init_takes_provisioners_in_and_keeps_no_password(quiet_place: Path) -> None:
    with serving(lambda asked: Reply(PROVISIONERS)) as server:
        uri = f"http://me:secret@{server.host}/things.yaml?token=secret"
        for _ in range(2):
            assert main(["init", "--quiet", "--no-sample", "--provisioners", uri]) == 0
    (saved,) = (quiet_place / ".score-compose").glob("loaded-*.provisioners.yaml")
    assert (
        saved.read_bytes()
        == (
            f"# Taken in by `doit-score init --provisioners {server.address}/things.yaml`;"
            " do so again to refresh it.\n"
        ).encode()
        + PROVISIONERS
    )


def test_init_takes_patch_templates_in_with_the_syntax_that_the_name_says(
    quiet_place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(lambda asked: Reply(b"{% for x in [] %}{% endfor %}[]")) as server:
        address = f"{server.address}/patch"
        assert main(["init", "--quiet", "--no-sample", "--patch-templates", f"{address}.j2?v=1"]) == 0
        assert capsys.readouterr().err == ""
    with serving(lambda asked: Reply(b"{{ nonsense }}")) as server:
        address = f"{server.address}/patch.tpl"
        assert main(["init", "--quiet", "--no-sample", "--patch-templates", address]) == 1
    assert capsys.readouterr().err.startswith(f"Error: {address}:1:4: there is no function 'nonsense'")


@pytest.mark.parametrize(
    ("flag", "what"), [("--provisioners", "provisioner"), ("--patch-templates", "patch template")]
)
def test_init_says_the_same_of_provisioners_and_patch_templates_that_cannot_be_had(
    quiet_place: Path, flag: str, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(lambda asked: Reply(status=404)) as server:
        assert main(["init", "--quiet", "--no-sample", flag, f"{server.address}/a"]) == 1
    assert capsys.readouterr().err == (
        f"Error: failed to load {what} 1: cannot fetch '{server.address}/a': "
        "the server answered with status 404 (Not Found)\n"
        "  hint: check the address; some servers say so too if credentials are missing\n"
    )
    assert list(quiet_place.iterdir()) == []
