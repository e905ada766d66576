from __future__ import annotations

import pytest

from doit_score.answers.unified import in_colour, texts_of
from doit_score.engine.difference import Change, Difference


def shown(old: str | None, new: str | None, marks: tuple[tuple[str, str], ...] = ()) -> str:
    """What is shown of a file, without the lines on its name."""
    contents = [None if text is None else text.encode() for text in (old, new)]
    modes = [None if text is None else 0o644 for text in (old, new)]
    change = Change("a", "file", contents[0], contents[1], modes[0], modes[1])
    text = "".join(texts_of(Difference((change,), (), marks)))
    return text.partition("+++ a\n")[2] or text


def test_no_change_is_no_text() -> None:
    assert texts_of(Difference()) == []


def test_a_line_is_painted_by_what_it_is_and_not_by_how_it_begins() -> None:
    text = (
        "mode of 'a' would be 0600, is 0644\n"
        "--- a\n+++ a\n@@ -1,3 +1,2 @@\n same\n--- gone\n-last\n+++ come\n\\ No newline at end of file\n"
        "--- b\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
    )
    assert in_colour(text) == (
        "\x1b[1mmode of 'a' would be 0600, is 0644\x1b[0m\n"
        "\x1b[1m--- a\x1b[0m\n\x1b[1m+++ a\x1b[0m\n\x1b[36m@@ -1,3 +1,2 @@\x1b[0m\n same\n"
        "\x1b[31m--- gone\x1b[0m\n\x1b[31m-last\x1b[0m\n\x1b[32m+++ come\x1b[0m\n"
        "\\ No newline at end of file\n"
        "\x1b[1m--- b\x1b[0m\n\x1b[1m+++ /dev/null\x1b[0m\n"
        "\x1b[36m@@ -1 +0,0 @@\x1b[0m\n\x1b[31m-x\x1b[0m\n"
    )


def test_lines_are_counted_from_the_start_of_the_file_however_far_the_change_is() -> None:
    old = "".join(f"{number}\n" for number in range(1, 2001))
    assert shown(old, old.replace("1500\n", "changed\n")) == (
        "@@ -1497,7 +1497,7 @@\n 1497\n 1498\n 1499\n-1500\n+changed\n 1501\n 1502\n 1503\n"
    )


def test_what_is_added_at_the_end_and_a_missing_newline() -> None:
    assert shown("one\n", "one\ntwo") == "@@ -1 +1,2 @@\n one\n+two\n\\ No newline at end of file\n"
    assert shown("", "one\n") == "@@ -0,0 +1 @@\n+one\n"


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("DB_PASSWORD: hunter2", "DB_PASSWORD: *****"),
        ('  "api_key": "x",', '  "api_key": *****'),
        ("- TOKEN=abc", "- TOKEN=*****"),
        ("password = p", "password = *****"),
        ("PASSWORD: ${PASSWORD}", "PASSWORD: ${PASSWORD}"),
        ("secrets:", "secrets:"),
        ("secret: {", "secret: {"),
        ("image: nginx", "image: nginx"),
        ("url: http://u:s3cret$x@h", "url: http://u:*****@h"),
        ("url: http://u:s3cret$$x@h", "url: http://u:*****@h"),
    ],
)
def test_a_secret_is_masked_by_its_name_or_its_value(line: str, masked: str) -> None:
    found = shown("", f"{line}\n", (("s3cret$x", "*****"),))
    assert found == f"@@ -0,0 +1 @@\n+{masked}\n"


def test_a_secret_of_several_lines_is_masked_line_by_line() -> None:
    key = "-----BEGIN KEY-----\nMIIabcdefgh\nab\n-----END KEY-----"
    assert shown("", "  -----BEGIN KEY-----\n  MIIabcdefgh\n", ((key, "*****"),)) == (
        "@@ -0,0 +1,2 @@\n+  *****\n+  *****\n"
    )


def test_what_becomes_of_modes_directories_links_and_binary_files() -> None:
    changes = (
        Change("b", "file", b"x", b"x", 0o600, 0o644),
        Change("c", "file", b"\0", b"\1\0", 0o644, 0o644),
        Change("d", "directory", None, None, None, 0o755),
        Change("e", "directory", None, None, 0o755, None),
        Change("f", "file", None, None, None, None, "/etc/hostname"),
        Change("g", "file", b"", None, 0o644, None),
    )
    assert "".join(texts_of(Difference(changes))) == (
        "mode of 'b' would be 0644, is 0600\n"
        "the contents of 'c' differ, and are no text\n"
        "directory 'd' would be made, with mode 0755\n"
        "directory 'e' would be removed\n"
        "symbolic link 'f' -> '/etc/hostname' would be removed\n"
        "file 'g' would be removed\n"
        "--- g\n"
        "+++ /dev/null\n"
    )
