"""Files of this machine, and stdin."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from threading import Thread

import pytest

from doit_score.fetching import Source, local, source
from doit_score.text.errors import ScoreError


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class Stdin:
    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


def test_a_file_is_read() -> None:
    Path("a.yaml").write_bytes(b"one\r\n\xff")
    assert local.fetch("a.yaml") == (Source("a.yaml", "a.yaml", b"one\r\n\xff"),)


def test_two_ways_to_write_a_path_are_one_source() -> None:
    Path("a.yaml").write_bytes(b"one")
    assert local.fetch("./a.yaml") == (Source("a.yaml", "./a.yaml", b"one"),)


def test_a_file_uri_is_a_path_with_its_escapes_undone() -> None:
    Path("a b.yaml").write_bytes(b"one")
    assert local.fetch("file://a%20b.yaml") == (Source("a b.yaml", "a b.yaml", b"one"),)


def test_a_path_without_a_scheme_is_taken_as_it_is() -> None:
    Path("a%20b.yaml").write_bytes(b"one")
    assert local.fetch("a%20b.yaml") == (Source("a%20b.yaml", "a%20b.yaml", b"one"),)


@pytest.mark.parametrize("uri", ["~/a.yaml", "file://~/a.yaml"])
def test_the_home_directory_is_known(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.yaml").write_bytes(b"one")
    monkeypatch.setenv("HOME", os.getcwd())
    (found,) = local.fetch(uri)
    assert found == Source(os.path.abspath("a.yaml"), os.path.abspath("a.yaml"), b"one")


def test_all_files_of_a_directory_are_read_in_the_order_of_their_names() -> None:
    for name in ("b.yaml", "a.yaml", "C.yaml"):
        Path("some", name).parent.mkdir(exist_ok=True)
        Path("some", name).write_text(name)
    Path("some/sub").mkdir()
    Path("some/sub/d.yaml").write_text("d")
    assert local.fetch("some") == (
        Source("some/C.yaml", "some/C.yaml", b"C.yaml"),
        Source("some/a.yaml", "some/a.yaml", b"a.yaml"),
        Source("some/b.yaml", "some/b.yaml", b"b.yaml"),
    )


def test_an_empty_directory_is_an_error() -> None:
    Path("some/sub").mkdir(parents=True)
    with pytest.raises(ScoreError) as error:
        local.fetch("some")
    assert str(error.value) == "directory some contains no files\n  hint: name a file, or a filled directory"


def test_a_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ScoreError) as error:
        local.fetch("none.yaml")
    assert str(error.value) == "stat none.yaml: no such file or directory\n  hint: check the path"


def test_a_file_that_is_too_large_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "SIZE_LIMIT", 2048)
    monkeypatch.setattr(local, "SIZE_LIMIT", 2048)
    Path("fits.yaml").write_bytes(b"x" * 2048)
    assert len(local.fetch("fits.yaml")[0].content) == 2048
    with pytest.raises(ScoreError) as error:
        local.fetch("/dev/zero")
    assert str(error.value) == (
        "cannot fetch '/dev/zero': it is larger than 2 KiB\n  hint: is this the right file?"
    )


def test_a_pipe_is_read() -> None:
    os.mkfifo("pipe")
    writer = Thread(target=Path("pipe").write_bytes, args=(b"one",))
    writer.start()
    assert local.fetch("pipe") == (Source("pipe", "pipe", b"one"),)
    writer.join()


def test_a_dash_is_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(b"one"))
    assert local.fetch("-") == (Source("-", "stdin", b"one"),)


def test_an_empty_stdin_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(b" \n"))
    with pytest.raises(ScoreError) as error:
        local.fetch("-")
    assert str(error.value) == "'-' stands for stdin, which is empty\n  hint: pipe a file into the command"
