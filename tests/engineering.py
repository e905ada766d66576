"""A project in the working directory that is built by the engine itself, without doit."""

from __future__ import annotations

import os
import shutil
import stat
import textwrap
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import clock

from doit_score.engine.run import Engine
from doit_score.engine.settings import Settings
from doit_score.store import backup, database
from doit_score.store.database import reader
from doit_score.store.keepers import DIRECTORY, VARIABLES
from doit_score.text.errors import ScoreError

# What a resource with a state has to keep: a generated name, and what a param says.
THING = """\
- uri: template://tests/thing
  type: thing
  state: |
    name: {{ dig "name" (randAlphaNum 12 | lower) .State }}
  outputs: |
    name: {{ .State.name }}
    said: {{ dig "say" "nothing" (.Params | default dict) | quote }}
"""

# A broker that all topics share, and whose name the first of them makes up.
TOPIC = """\
- uri: template://tests/topic
  type: topic
  state: |
    topic: {{ dig "topic" (print "topic-" (randAlphaNum 8 | lower)) .State }}
  shared: |
    broker: {{ dig "broker" (print "broker-" (randAlphaNum 8 | lower)) .Shared }}
  outputs: |
    host: {{ .Shared.broker }}
    topic: {{ .State.topic }}
  services: |
    {{ .Shared.broker }}:
      image: broker
"""

# Each route adds itself to a list, and writes the one file that has them all.
ROUTE = """\
- uri: template://tests/route
  type: route
  shared: |
    routes:
      {{ .Uid | quote }}: {{ .Params.host }}
  outputs: |
    url: http://{{ .Params.host }}
  files: |
    proxy/routes.conf: |
      {{ range $uid, $host := .Shared.routes }}
      {{ $host }} {{ $uid }}
      {{ end }}
  services: |
    proxy:
      image: proxy
  manifests: |
    - apiVersion: v1
      kind: ConfigMap
      metadata: {name: proxy}
      data: {routes: {{ .Shared.routes | toJson | quote }}}
"""

# Generated names, of its own and shared, that show in files, directories and services.
MAKER = """\
- uri: template://tests/maker
  type: maker
  state: |
    name: {{ dig "name" (print "gen" (randAlphaNum 12 | lower)) .State }}
  shared: |
    server: {{ dig "server" (print "gen" (randAlphaNum 12 | lower)) .Shared }}
  outputs: |
    name: {{ .State.name }}
    server: {{ .Shared.server }}
  files: |
    {{ .Shared.server }}/{{ .State.name }}: {{ .State.name }}
    both/list: {{ .Shared.server }}
  directories: |
    empty/{{ .Id }}: true
  services: |
    {{ .Shared.server }}:
      image: server
  manifests: |
    - apiVersion: v1
      kind: Secret
      metadata: {name: {{ .Shared.server }}}
      stringData: {server: {{ .Shared.server }}}
    - apiVersion: v1
      kind: ConfigMap
      metadata: {name: {{ .State.name }}}
      data: {list: {{ .Shared.server }}}
"""


def score(
    name: str = "web",
    resources: Mapping[str, str] | None = None,
    *,
    variables: Mapping[str, str] | None = None,
    more: str = "",
) -> str:
    """A Score file.  ``resources`` are flow mappings by name; ``more`` is added to the container."""
    lines = [
        f"apiVersion: score.dev/v1b1\nmetadata:\n  name: {name}\ncontainers:\n  main:\n    image: nginx\n"
    ]
    if variables:
        lines.append("    variables:\n")
        lines += [f"      {key}: {value}\n" for key, value in variables.items()]
    lines.append(textwrap.indent(more, "    "))
    if resources:
        lines.append("resources:\n")
        lines += [f"  {key}: {value}\n" for key, value in resources.items()]
    return "".join(lines)


class Project:
    """Files in the working directory, and runs of the engine on them."""

    def __init__(self, **settings: object) -> None:
        self.settings = Settings(**{"default_provisioners": False, **settings})  # type: ignore[arg-type]  # fields of Settings
        self.said: list[tuple[str, str]] = []

    def engine(self, **settings: object) -> Engine:
        return Engine(self._settings(settings), lambda level, text: self.said.append((level, text)))

    def _settings(self, changes: Mapping[str, object]) -> Settings:
        from doit_score.text.light import replace

        return replace(self.settings, **changes)  # type: ignore[arg-type]  # fields of Settings

    def run(self, **settings: object) -> list[str]:
        """Runs all stages; what was said, without what is merely for debugging."""
        self.said.clear()
        engine = self.engine(**settings)
        if not engine.is_initialised():
            engine.init()
        if not engine.is_current():
            engine.provision()
            engine.render()
            engine.generate()
        return [text for level, text in self.said if level != "debug"]

    def fails(self, **settings: object) -> str:
        """Runs all stages, of which one must fail; the text of its error."""
        try:
            self.run(**settings)
        except ScoreError as error:
            return str(error)
        raise AssertionError(f"expected an error, but: {self.said}")

    def write(self, path: str, text: str) -> None:
        file = Path(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        clock.stamp(file)

    def provisioner(self, *entries: str, file: str = "provisioners/50-tests.provisioners.yaml") -> None:
        self.write(file, "".join(entries))

    def outputs(self, uid: str) -> dict[str, object]:
        """The outputs of a resource, as the state has them."""
        from doit_score.store.rows import ResourceRow
        from doit_score.store.state import open_state
        from doit_score.text import canonical

        with open_state(self.settings.state_dir) as state:
            row = next(row for row in state.rows(ResourceRow) if row.uid == uid)
        return canonical.mapping(row.outputs)

    def compose(self) -> dict[str, Any]:
        """The Compose project."""
        from doit_score.text import yaml12

        read = yaml12.load(Path(self.settings.output).read_bytes())
        assert isinstance(read, dict)
        return read


def tree(root: str = "state/mounts") -> dict[str, tuple[str, int]]:
    """Every file below ``root``, with its text and permission bits; a directory ends with a slash."""
    found = {}
    for folder, names, files in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, root) + "/"] = ("", stat.S_IMODE(os.stat(path).st_mode))
        for name in files:
            path = os.path.join(folder, name)
            text = Path(path).read_text(encoding="utf-8", errors="surrogateescape")
            found[os.path.relpath(path, root)] = (text, stat.S_IMODE(os.stat(path).st_mode))
    return found


def output_files(output: str) -> dict[str, tuple[str, int]]:
    """Every file of an output, with its text and permission bits: of a directory, or one and that beside it
    which has Secrets."""
    if output.endswith("/"):
        return {path: one for path, one in tree(output).items() if not path.endswith("/")}
    paths = [Path(output), Path(output.replace(".yaml", ".secrets.yaml"))]
    return {
        str(path): (path.read_text(encoding="utf-8"), stat.S_IMODE(path.stat().st_mode))
        for path in paths
        if path.exists()
    }


def warnings_in(state_dir: str) -> object:
    """All that is stored of warnings after a complete run."""
    from doit_score.engine.why.standing import standing
    from doit_score.store.rows import WarningRow
    from doit_score.store.state import open_state

    with open_state(state_dir) as state:
        assert len(standing(state)) == state.meta().standing
        return state.rows(WarningRow), state.meta().checked


def same_generated_values(source: str, target: str) -> None:
    """Makes a state in ``target`` that knows what ``source`` has generated and was told, and nothing else.

    It is what docs/design.md calls a run from scratch with the same generated values: a state that has the
    memory alone (store/schema.py).
    """
    shutil.rmtree(target, ignore_errors=True)
    os.makedirs(target)
    with closing(reader(f"{source}/state.db")) as connection:
        backup.write(target, connection, None)
    os.rename(database.backup_path(target), f"{target}/state.db")
    if os.path.exists(f"{source}/{VARIABLES}"):
        shutil.copy(f"{source}/{VARIABLES}", target)
    if os.path.exists(f"{source}/{DIRECTORY}"):
        shutil.copytree(f"{source}/{DIRECTORY}", f"{target}/{DIRECTORY}")


def check_law(project: Project, **settings: object) -> None:
    """A run from scratch with the same generated values gives what is there; a second run nothing."""
    output = project.settings.output
    before = (Path(output).read_bytes(), tree())
    shutil.rmtree("../scratch", ignore_errors=True)
    shutil.copytree(".", "../scratch", ignore=shutil.ignore_patterns("state", output), symlinks=True)
    same_generated_values("state", "../scratch/state")
    here = os.getcwd()
    os.chdir("../scratch")
    try:
        project.run(**settings)
        assert (Path(output).read_bytes(), tree()) == before
    finally:
        os.chdir(here)
