"""Whatever text stands in a Score file, Compose reads the same text out of the project that is made of it.

A thousand awkward texts go through every place of a Score file at once, and one `docker compose config`
reads them all.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import recorded
from docking import need_engine

MANY = 1000
SEED = 11 if os.environ.get("CI") else None
"""Another one each time elsewhere; it is told where something differs."""

PARTS = (
    *("$", "$$", "${", "}", "${A}", "$A", "${A:-b}", "$${A}", "$(x)", "$1", "${metadata.name}", "$$$"),
    *("'", '"', "''", '\\"', "\\", "\\n", "`", "{{ .x }}", "%s", "%", "|", ">", "&a", "*a", "!!str", "<<"),
    *(": ", ":", "#", " #", "- ", "-", "? ", "---", "...", ",", "[", "]", "{", "=", "@", "~", "^", "!"),
    *("true", "no", "null", "0x1f", "1e3", "1_000", "010", ".5", "12:30:45", "2020-01-01", ".inf", "NaN"),
    *("\n", "\n\n", "\t", " ", "  ", "\r", "\r\n", "\x01", "\x1b[1m", "\x7f", "\x85", "\u2028", "\ufeff"),
    *("é", "e\u0301", "ﬀ", "日本", "🕯", "\u202e", "\u200b", "\U0010fffd", "a", "b c", "ZZ", "<&>"),
)


def texts() -> Iterator[str]:
    """Every part alone, then some of them in a row."""
    yield ""
    yield from PARTS
    seed = SEED if SEED is not None else random.randrange(1 << 32)
    print(f"seed {seed}")
    choose = random.Random(seed)
    for _ in range(MANY - len(PARTS) - 1):
        yield "".join(choose.choices(PARTS, k=choose.randint(1, 6)))


def escape(text: str) -> str:
    """``text`` where placeholders are looked for: one more dollar makes all of ``${...}`` literal."""
    return re.sub(r"\$(?:\{[^}]*\})?", lambda m: "$" + m[0] if len(m[0]) > 1 else "$$", text)


def quoted(text: str) -> str:
    """``text`` as YAML that no reader takes for anything else."""
    plain = re.compile(r"[ !#-\[\]-~]")
    return '"' + "".join(c if plain.match(c) else f"\\U{ord(c):08x}" for c in text) + '"'


def items(prefix: str, written: list[str]) -> str:
    return ", ".join(quoted(prefix + text) for text in written)


def of_dollars(text: str) -> str:
    """What a text that has no placeholders says: two dollars are one."""
    return text.replace("$$", "$")


def printed(text: str) -> str:
    """``text`` without what YAML reads otherwise in JSON that a template prints."""
    return text.replace("\x7f", "").replace("\x85", "")


def in_path(text: str) -> str:
    """``text`` as a part of a path, which Compose cleans."""
    return text.replace("/", "_")


def score_file(known: list[str]) -> str:
    escaped = [escape(text) for text in known]
    variables = ", ".join(f"V{n}: {quoted(text)}" for n, text in enumerate(escaped))
    outputs = ", ".join(f"V{n}: '${{resources.echo.o{n}}}'" for n in range(len(known)))
    contents = ", ".join(f"/c/{n}: {{content: {quoted(text)}}}" for n, text in enumerate(escaped))
    targets = ", ".join(f"{quoted(f'/f/{n}-{in_path(t)}')}: {{content: x}}" for n, t in enumerate(known))
    disk = "${resources.disk}"
    mounts = ", ".join(
        f"{quoted(f'/v/{n}-{in_path(t)}')}: {{source: '{disk}', path: {quoted(f's{in_path(t)}-')}}}"
        for n, t in enumerate(known)
    )
    annotations = ", ".join(f"wax.example/a{n}: {quoted(text)}" for n, text in enumerate(known))
    params = ", ".join(f"o{n}: {quoted(escape(printed(text)))}" for n, text in enumerate(known))
    return f"""\
apiVersion: score.dev/v1b1
metadata: {{name: lantern, annotations: {{{annotations}}}}}
containers:
  variables: {{image: x, variables: {{{variables}}}}}
  outputs: {{image: x, variables: {{{outputs}}}}}
  words:
    image: x
    command: [{items("c", known)}]
    args: [{items("a", known)}]
    readinessProbe: {{exec: {{command: [{items("p", known)}]}}}}
  live: {{image: x, livenessProbe: {{exec: {{command: [{items("l", known)}]}}}}}}
  contents: {{image: x, files: {{{contents}}}}}
  targets: {{image: x, files: {{{targets}}}}}
  mounts: {{image: x, volumes: {{{mounts}}}}}
resources:
  disk: {{type: disk}}
  echo: {{type: echo, params: {{{params}}}}}
"""


ENTRIES = """\
- {uri: 'template://disk', type: disk, outputs: '{type: volume, source: disk}', volumes: '{disk: {}}'}
- {uri: 'template://echo', type: echo, outputs: '{{ .Params | toJson }}'}
"""


def read_by_compose() -> Mapping[str, Any]:
    command = ["docker", "compose", "--file", "compose.yaml", "config", "--format", "json"]
    done = subprocess.run(command, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    services: Mapping[str, Any] = json.loads(done.stdout)["services"]
    return services


def plain(text: str) -> str:
    """What Compose means by a text that it prints: there every dollar is two."""
    return text.replace("$$", "$")


def differing(what: str, found: list[str], meant: list[str]) -> list[tuple[str, str, str]]:
    assert len(found) == len(meant), what
    return [(what, one, other) for one, other in zip(found, meant, strict=True) if one != other]


def test_every_text_of_a_score_file_reaches_the_container(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_engine()
    monkeypatch.chdir(tmp_path)
    known = list(texts())
    meant = [of_dollars(text) for text in known]
    Path("provisioners").mkdir()
    Path("provisioners/a.provisioners.yaml").write_text(ENTRIES)
    Path("score.yaml").write_text(score_file(known))
    recorded.run("init", "--no-sample", "--project", "texts", "--no-default-provisioners")
    recorded.run("generate", "score.yaml")
    services = read_by_compose()

    def service(name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = services[f"lantern-{name}"]
        return found

    def mounted(name: str, key: str, below: str) -> list[str]:
        by_target = {mount["target"]: mount for mount in service(name)["volumes"]}
        assert len(by_target) == len(known)
        numbered = {int(re.match(rf"/{below}/(\d+)", target)[1]): one for target, one in by_target.items()}  # type: ignore[index]  # all have it
        every = [numbered[n] for n in range(len(known))]
        return [plain(one[key] if key == "target" else one["volume"][key]) for one in every]

    differences = []
    for name, texts_of in (("variables", known), ("outputs", list(map(printed, known)))):
        environment = service(name)["environment"]
        differences += differing(name, [plain(environment[f"V{n}"]) for n in range(len(known))], texts_of)
    for what, found, prefix in (
        ("command", service("words")["entrypoint"], "c"),
        ("args", service("words")["command"], "a"),
        ("readiness", service("words")["healthcheck"]["test"][1:], "p"),
        ("liveness", service("live")["healthcheck"]["test"][1:], "l"),
    ):
        differences += differing(what, list(map(plain, found)), [prefix + text for text in meant])
    annotations = service("words")["annotations"]
    told = [plain(annotations[f"wax.example/a{n}"]) for n in range(len(known))]
    differences += differing("annotations", told, meant)
    paths = [in_path(text) for text in meant]
    differences += differing(
        "file target", mounted("targets", "target", "f"), [f"/f/{n}-{path}" for n, path in enumerate(paths)]
    )
    differences += differing(
        "volume target", mounted("mounts", "target", "v"), [f"/v/{n}-{path}" for n, path in enumerate(paths)]
    )
    differences += differing(
        "volume path", mounted("mounts", "subpath", "v"), [f"s{path}-" for path in paths]
    )
    contents = {mount["target"]: mount["source"] for mount in service("contents")["volumes"]}
    read = [Path(contents[f"/c/{n}"]).read_bytes().decode() for n in range(len(known))]
    differences += differing("contents", read, known)
    assert differences == []
