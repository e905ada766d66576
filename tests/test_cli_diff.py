"""`doit-score diff`: what `generate` would change, and nothing written."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from pathlib import Path

import pytest
import running
from read_only import read_only
from running import Command

# A name in plain sight and a password, both made up.
STORE = """\
- uri: template://tests/store
  type: store
  state: |
    name: {{ dig "name" (print "store-" (randAlphaNum 8 | lower)) .State }}
    password: {{ dig "password" (randAlphaNum 16) .State | quote }}
  outputs: |
    host: {{ .State.name }}
    url: {{ print "db://u:" .State.password "@" .State.name | quote }}
  files: |
    store/{{ .State.name }}.conf: |
      size = {{ dig "size" 1 (.Params | default dict) }}
      password = {{ .State.password }}
"""


RUN = """\
- uri: cmd://./run.sh
  type: store
"""

SCORE = """\
apiVersion: score.dev/v1b1
metadata:
  name: web
containers:
  main:
    image: nginx
    variables:
      URL: ${resources.db.url}
resources:
  db:
    type: store
    params: {size: 1}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    here = Command(tmp_path / "shop", capsys)
    monkeypatch.chdir(here.path)
    here.write("provisioners/store.provisioners.yaml", STORE)
    here.write("score.yaml", SCORE)
    assert here.main("init", "--no-sample", "-p", "shop").exit == 0
    assert here.main("generate", "score.yaml").exit == 0
    return here


def conf(here: Command) -> str:
    (path,) = (here.path / "state/mounts/store").iterdir()
    return str(path.relative_to(here.path))


def password(here: Command) -> str:
    return here.read(conf(here)).split()[-1]


def test_nothing_to_change_is_status_0(here: Command) -> None:
    assert here.main("diff") == (0, "", "")
    here.write("score.yaml", f"# a comment\n{SCORE}")
    assert here.main("diff") == (0, "", "")


def test_changes_are_a_unified_diff_and_status_1_without_the_password(here: Command) -> None:
    here.write("score.yaml", SCORE.replace("nginx", "nginx:2").replace("size: 1", "size: 2"))
    done = here.main("diff")
    assert (done.exit, done.err) == (1, "")
    assert done.out == (
        "--- compose.yaml\n"
        "+++ compose.yaml\n"
        "@@ -6,4 +6,4 @@\n"
        "     environment:\n"
        "       URL: db://u:*****@NAME\n"
        "     hostname: web\n"
        "-    image: nginx\n"
        "+    image: nginx:2\n"
        "--- state/mounts/store/NAME.conf\n"
        "+++ state/mounts/store/NAME.conf\n"
        "@@ -1,2 +1,2 @@\n"
        "-size = 1\n"
        "+size = 2\n"
        " password = *****\n"
        "\\ No newline at end of file\n"
    ).replace("NAME", Path(conf(here)).stem)


def test_what_it_shows_is_what_generate_then_does(here: Command) -> None:
    here.write("score.yaml", SCORE.replace("nginx", "nginx:2"))
    patch = here.main("diff").out
    before = here.read("compose.yaml")
    assert here.main("generate").exit == 0
    after = here.read("compose.yaml")
    here.write("compose.yaml", before)
    patch = patch.replace("*****", password(here))
    subprocess.run(["patch", "-p0"], input=patch, text=True, check=True, capture_output=True)
    assert here.read("compose.yaml") == after
    assert here.main("diff") == (0, "", "")


def test_a_changed_password_is_seen_to_change_and_not_seen(here: Command) -> None:
    old = password(here)
    path = conf(here)
    here.write(path, here.read(path).replace(old, "hunter22"))
    assert here.main("diff").out == (
        f"--- {path}\n+++ {path}\n@@ -1,2 +1,2 @@\n size = 1\n"
        "-password = *****\n\\ No newline at end of file\n"
        "+password = *****\n\\ No newline at end of file\n"
    )


def test_new_values_are_marked_as_made_up(here: Command) -> None:
    here.write("two.yaml", SCORE.replace("name: web", "name: two"))
    done = here.main("diff", "two.yaml")
    assert done.exit == 1
    assert "+      URL: db://u:<made up>@store-<made up>\n" in done.out
    assert "file 'state/mounts/store/store-<made up>.conf' would be made, with mode 0644\n" in done.out
    assert "+password = <made up>\n" in done.out
    assert password(here) not in done.out
    assert here.main("diff") == (0, "", "")  # what diff is given is not remembered


def test_the_flags_of_generate_count(here: Command) -> None:
    here.write("over.yaml", "containers: {main: {image: over}}\n")
    done = here.main("diff", "score.yaml", "--overrides-file", "over.yaml", "-p", "8080:web:80")
    assert (done.exit, done.err) == (1, "")
    assert [line for line in done.out.splitlines() if line[0] in "+-"] == [
        "--- compose.yaml",
        "+++ compose.yaml",
        "-    image: nginx",
        "+    image: over",
        "+    ports:",
        '+      - published: "8080"',
        "+        target: 80",
    ]


def test_another_output_would_be_made(here: Command) -> None:
    done = here.main("diff", "-o", "other.yaml")
    assert done.exit == 1
    assert done.out.startswith(
        "file 'other.yaml' would be made, with mode 0644\n"
        "--- /dev/null\n+++ other.yaml\n@@ -0,0 +1,9 @@\n+name: shop\n"
    )


def test_edits_by_hand_and_what_would_be_removed(here: Command) -> None:
    path = conf(here)
    os.chmod(path, 0o600)
    here.write("two.yaml", running.score("two"))
    here.remove("compose.yaml")
    done = here.main("diff")
    assert done.exit == 1
    assert done.out.startswith(
        "file 'compose.yaml' would be made, with mode 0644\n--- /dev/null\n+++ compose.yaml\n"
    )
    assert done.out.endswith(f"mode of '{path}' would be 0644, is 0600\n")
    here.remove(path)
    os.symlink("/etc/hostname", path)
    assert (
        f"symbolic link '{path}' -> '/etc/hostname' would be replaced\n"
        f"file '{path}' would be made, with mode 0644\n"
    ) in here.main("diff").out
    here.main("generate")
    here.write("score.yaml", running.score())
    done = here.main("diff")
    assert done.out.endswith(
        f"file '{path}' would be removed\n"
        f"--- {path}\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-size = 1\n-password = *****\n"
        "\\ No newline at end of file\n"
    )


def test_errors_are_status_2(here: Command) -> None:
    assert here.main("diff", "none.yaml") == (
        2,
        "",
        "Error: failed to read 'none.yaml': there is no such file\n  hint: check the path\n",
    )
    assert here.main("diff", "--bad").exit == 2
    assert here.main("--quiet", "diff", "-o", "-").err == (
        "Error: there is no file to compare with: -o is '-'\n  hint: name the Compose file\n"
    )
    here.write("score.yaml", "metadata: {}\n")
    assert here.main("diff").exit == 2
    assert here.main("generate").exit == 1


def test_without_a_state_it_says_so_and_makes_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Command(tmp_path / "shop", capsys)
    monkeypatch.chdir(here.path)
    here.write("score.yaml", SCORE)
    done = here.main("diff", "score.yaml")
    assert (done.exit, done.err) == (
        2,
        "Error: there is no state in 'state' yet\n  hint: run `doit-score init` (or `doit init`) first\n",
    )
    assert not here.exists("state")


def test_strict_turns_warnings_into_an_error(here: Command) -> None:
    here.write("two.provisioners.yaml", "")
    here.write("score.yaml", SCORE + "service: {ports: {web: {port: 80}}}\n")
    here.write("provisioners/store.provisioners.yaml", STORE + "  expected_outputs: [more]\n")
    loose, strict = here.main("diff"), here.main("diff", "--strict")
    assert "more" in loose.err
    assert (strict.exit, strict.out) == (2, "")


def test_nothing_is_written_also_while_another_run_holds_the_lock(here: Command) -> None:
    from doit_score.store.lock import locked

    here.write("score.yaml", SCORE.replace("nginx", "nginx:2"))
    with locked("state", 1.0, lambda text: None):
        before = here.tree()
        assert here.main("diff").exit == 1
        assert here.tree() == before
    unlocked = here.tree()
    here.score("diff", exit=1)
    assert here.tree() == unlocked


def test_it_sees_one_commit_while_another_is_written(here: Command) -> None:
    other = sqlite3.connect("state/state.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("DELETE FROM workloads")
    assert here.main("diff") == (0, "", "")
    other.execute("ROLLBACK")
    other.close()


def test_a_read_only_directory_will_do(here: Command) -> None:
    here.write("score.yaml", SCORE.replace("nginx", "nginx:2"))
    expected = here.main("diff")
    assert expected.exit == 1
    mode = "mode of 'state/mounts/store' would be 0755, is 0555\n"
    with read_only():
        assert here.main("diff") == expected._replace(out=expected.out + mode)


def test_commands_are_not_run_unless_that_is_asked_for(here: Command) -> None:
    script = '#!/bin/sh\ncat > /dev/null\necho ran >> ran\necho \'{"resource_outputs": {"url": "@"}}\'\n'
    here.write("run.sh", script.replace("@", "one"))
    os.chmod("run.sh", 0o755)
    here.write("provisioners/store.provisioners.yaml", RUN)
    held = (
        "WARN: `generate` would run the command of resource 'store.default#web.db', which diff does not: "
        "what is shown is for what it returned before (--run-commands runs it)\n"
    )
    assert here.main("diff") == (1, "", held)
    assert not here.exists("ran")
    assert here.main("diff", "--run-commands").exit == 1
    assert here.read("ran") == "ran\n"
    here.main("generate")
    assert here.main("diff") == (1, "", held)
    here.write("two.yaml", SCORE.replace("name: web", "name: two"))
    done = here.main("diff", "two.yaml")
    assert (done.exit, done.out, done.err) == (
        2,
        "",
        "Error: resource 'store.default#two.db' is new, and what it gives is known only when its command has "
        "run\n  hint: generate it; or let commands run, with all that they do: `--run-commands`\n",
    )
    assert here.read("ran") == "ran\nran\n"
