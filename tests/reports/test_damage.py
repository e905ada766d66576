"""One wrong byte in the state ends in `recover` working or has no effect.

Found by an attack on 0.1.0: 2,500 random changes.  DOIT_SCORE_FLIPS sets how many are tried.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import recorded

from doit_score.command import cli

PASSWORD = "hunter-kept-by-us"
PROVISIONERS = f"""
- uri: template://tests/store
  type: store
  state: |
    password: {PASSWORD}
  shared: |
    server: {{password: {PASSWORD}}}
  outputs: |
    host: {{{{ .State.password }}}}-host
    password: {{{{ .State.password }}}}
  services: |
    {{{{ .Id | replace "." "-" }}}}-server: {{image: registry.example/store:1}}
  files: |
    made/{{{{ .Id }}}}: {{{{ .State.password }}}}
  info_logs: |
    - at {{{{ .State.password }}}}
- uri: cmd://sh
  type: word
  args: [-c, 'echo "{{\\"resource_outputs\\": {{\\"word\\": \\"hi\\"}}}}"']
"""
SCORE = """\
apiVersion: score.dev/v1b1
metadata: {{name: lamp{number}, annotations: {{note: {note}}}}}
containers:
  wick:
    image: registry.example/wick:1
    variables:
      HOST: "${{resources.box.host}}"
      PASSWORD: "${{resources.box.password}}"
      WORD: "${{resources.word.word}}"
    files: {{/etc/wick: {{content: "${{resources.box.host}}"}}}}
service: {{ports: {{web: {{port: 80}}}}}}
resources:
  box: {{type: store}}
  word: {{type: word, params: {{of: lamp}}}}
"""
FLIPS = int(os.environ.get("DOIT_SCORE_FLIPS", "60"))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "whole").mkdir()
    monkeypatch.chdir(tmp_path / "whole")
    recorded.write(".score-compose/1.provisioners.yaml", PROVISIONERS)
    recorded.run("--quiet", "init", "--no-sample", "--no-default-provisioners", "--project", "lamp")
    for number in range(3):
        recorded.write(f"{number}.yaml", SCORE.format(number=number, note="first"))
    recorded.run("--quiet", "generate", "0.yaml", "1.yaml", "2.yaml", "-p", "8080:lamp0:80")
    recorded.write("1.yaml", SCORE.format(number=1, note="second"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def outcome() -> tuple[bytes, set[str]]:
    return Path("compose.yaml").read_bytes(), {path.name for path in Path("state/mounts").rglob("*")}


def changes(size: int) -> Iterator[tuple[int, int]]:
    yield 18, 7  # read-only, so SQLite
    yield 63, 16  # of a newer version
    yield 56, 2  # in UTF-16
    yield 8184, 40  # with a project of no name
    chance = random.Random(11)
    for _ in range(FLIPS):
        yield chance.randrange(size), chance.randrange(1, 256)


def test_any_byte(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*words: str) -> tuple[int, str]:
        status = cli.main(words)
        said = capsys.readouterr()
        text = said.out + said.err
        assert "fault of doit-score" not in text, (where, change, words, text)
        assert "hunter" not in text and "-by-us" not in text, (where, change, words, text)
        return status, text

    whole = (place / "whole/state/state.db").read_bytes()
    shutil.copytree("whole", "copy")
    monkeypatch.chdir("copy")
    run("generate")
    expected, told = outcome(), 0
    for where, change in changes(len(whole)):
        monkeypatch.chdir(place)
        shutil.rmtree("copy", ignore_errors=True)
        shutil.copytree("whole", "copy")
        monkeypatch.chdir("copy")
        damaged = bytearray(whole)
        damaged[where] ^= change
        Path("state/state.db").write_bytes(damaged)
        asked = [run("resources", "list"), run("why"), run("diff"), run("generate")]
        if any("state.db: is " in text for _, text in asked):
            told += 1
            status, text = run("recover")
            assert status == 0, (where, change, asked, text)
            assert run("generate")[0] == 0
        else:
            assert asked[-1][0] == 0, (where, change, asked)
        assert outcome() == expected, (where, change, asked)
    assert told


def test_a_byte_of_what_is_kept_that_is_no_text(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.chdir(place / "whole")
    whole = Path("state/state.db").read_bytes()
    where = whole.index(b"template://tests/store" + b"{")
    Path("state/state.db").write_bytes(whole[:where] + b"\xff" + whole[where + 1 :])
    recorded.run("generate", exit=1)
    assert "state.db: is damaged: " in capsys.readouterr().err
    recorded.run("recover")
