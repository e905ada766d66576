"""Paths on the command line are from where the user stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from doit_score.command.arguments import parse
from doit_score.command.standing import rebase


@pytest.fixture(autouse=True)
def standing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "there.yaml").touch()
    monkeypatch.chdir(tmp_path / "a" / "b")


@pytest.mark.parametrize(
    ("line", "name", "expected"),
    [
        ("generate x.yaml ../y.yaml /z.yaml", "files", ["a/b/x.yaml", "a/y.yaml", "/z.yaml"]),
        ("generate -o out.yaml", "output", "a/b/out.yaml"),
        ("generate -o k8s/", "output", "a/b/k8s/"),
        ("generate -o -", "output", "-"),
        ("generate", "output", None),
        ("generate --state-dir s", "state_dir", "a/b/s"),
        ("generate", "state_dir", "state"),
        ("generate --overrides-file x", "overrides_file", "a/b/x"),
        ("generate --env-file x", "env_file", "a/b/x"),
        ("generate --image x", "image", "x"),
        ("generate --override-property a/b=c", "override_property", ["a/b=c"]),
        ("generate --publish 1:a:1", "publish", ["1:a:1"]),
        ("generate --build main=. --build side=../x", "build", ["main=a/b", "side=a/x"]),
        ("generate --build main=https://x/y.git", "build", ["main=https://x/y.git"]),
        ('generate --build main={"context":"x"}', "build", ['main={"context": "a/b/x"}']),
        ('generate --build main={"target":"x"}', "build", ['main={"target": "x", "context": "a/b"}']),
        ('generate --build main={"context":"https://x"}', "build", ['main={"context": "https://x"}']),
        ("generate --build main={bad", "build", ["main={bad"]),
        ("check x.yaml", "files", ["a/b/x.yaml"]),
        ("why there.yaml other web", "names", ["a/b/there.yaml", "other", "web"]),
        ("graph --focus there.yaml --focus web", "focus", ["a/b/there.yaml", "web"]),
        ("logs there.yaml", "names", ["there.yaml"]),
        ("provisioners try there.yaml", "what", "a/b/there.yaml"),
        ("provisioners try redis", "what", "redis"),
        ("provisioners try redis --workload x", "workload", ["a/b/x"]),
        (
            "init --provisioners x --provisioners - --provisioners https://x/y",
            "provisioners",
            ["a/b/x", "-", "https://x/y"],
        ),
    ],
)
def test_what_becomes_of_a_value(line: str, name: str, expected: object) -> None:
    chosen = parse(line.split(" "))
    rebase(chosen, str(Path("../..").resolve()))
    assert getattr(chosen, name) == expected
