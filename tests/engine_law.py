"""A project on which edits are tried, and the law that each run of the engine on it has to keep.

What "from scratch" means is in docs/design.md; ``engineering.same_generated_values`` makes it so.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import clock
import hypothesis.strategies as st
from engine_entries import BASE, TOOL, UNDECLARED
from engine_model import FILES, PATHS, TYPES, Entry, Workload
from engineering import Project, output_files, same_generated_values, tree, warnings_in
from hypothesis.stateful import RuleBasedStateMachine, initialize

from doit_score.engine.settings import FileOptions, Settings
from doit_score.store.meta import Meta
from doit_score.store.state import open_state
from doit_score.text.errors import ScoreError
from doit_score.version import __version__


def see_version(version: str) -> None:
    """Has every part of the engine take ``version`` for that of the tool."""
    for name, module in list(sys.modules.items()):
        if name.startswith("doit_score.engine.") and hasattr(module, "__version__"):
            vars(module)["__version__"] = version


class Law(RuleBasedStateMachine):
    """A project that is edited in one directory, and made from scratch in another after each run."""

    target, output = "compose", "compose.yaml"

    @initialize(by_command=st.booleans(), taken_over=st.booleans())
    def start(self, by_command: bool, taken_over: bool) -> None:
        """With globs as a dodo.py has them, or with files that are given as to the command."""
        self.by_command = by_command
        self.remembered: dict[str, FileOptions] = {}
        self.back = os.getcwd()
        self.settled = clock.shifted(clock.AHEAD)
        self.settled.__enter__()
        self.root = tempfile.mkdtemp()
        for name in ("edited", "scratch"):
            os.mkdir(f"{self.root}/{name}")
        os.chdir(f"{self.root}/edited")
        for name in ("ENGINE_TEST", "ENGINE_OTHER"):
            os.environ.pop(name, None)
        self.settings = Settings(
            default_provisioners=False, project="p", target=self.target, output=self.output
        )
        self.workloads = {PATHS[0]: Workload("alpha", ports=(("web", 80),))}
        self.entries: dict[str, list[Entry]] = {FILES[0]: [], FILES[1]: [Entry(t, 0) for t in TYPES]}
        self.outputs = {self.output}
        self.edition, self.outside = 0, "0"
        for folder in (".", "sub", "other"):
            self.put(f"{folder}/source.txt", "source")
        self.write()
        if taken_over:
            Project().engine(**self.changes()).init()
            with open_state("state") as state, state.transaction():
                state.set_meta(Meta.base.to(BASE))
        self.check()

    def teardown(self) -> None:
        self.settled.__exit__(None, None, None)
        os.chdir(self.back)
        shutil.rmtree(self.root)
        see_version(__version__)
        self.count("an example")

    @staticmethod
    def count(what: str) -> None:
        """Adds a letter to the file that a long run of the machine is counted in, if there is one."""
        if "ENGINE_COUNT" in os.environ:
            with open(os.environ["ENGINE_COUNT"], "a") as file:
                file.write(f"{what}\n")

    # The files

    def write(self) -> None:
        for path in PATHS:
            text = self.workloads[path].text(self.target) if path in self.workloads else None
            self.put(path, text)
        for path, entries in self.entries.items():
            self.put(path, "".join(entry.text(self.target) for entry in entries) or None)
        self.put("tool.py", TOOL.replace("@EDITION@", str(self.edition)))
        os.chmod("tool.py", 0o755)
        self.put("outside.txt", self.outside)

    def put(self, path: str, text: str | None) -> None:
        """Writes a file if its text is another, so that an unchanged one keeps its times."""
        file = Path(path)
        if text is None:
            file.unlink(missing_ok=True)
        elif not file.exists() or file.read_text() != text:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
            clock.stamp(file)

    def edited(self, go: bool) -> None:
        self.write()
        if go:
            self.check()

    # The law

    def check(self) -> None:
        self.count("a check")
        before = self.result()
        error = self.run()
        after = self.result()
        if error is None:
            runs_commands = any(one.runs(UNDECLARED) for one in self.workloads.values())
            assert Project().engine(**self.changes()).is_current() is not runs_commands
            project = Project()
            engine = project.engine(**self.changes())
            engine.provision()
            engine.render()
            engine.generate()
            said = [text for level, text in project.said if level == "info"]
            if runs_commands:
                assert re.fullmatch("ran [0-9]+ commands?, with the same results as before", said.pop(0))
            assert said == [f"{self.settings.output} is up to date"]
            assert self.result() == after
        else:
            assert after == before, "a run that failed changed something"
        os.chdir("../scratch")
        try:
            shutil.rmtree(".", ignore_errors=True)
            names = (os.path.basename(path.rstrip("/")) for path in self.outputs)
            outputs = shutil.ignore_patterns("state", "*.secrets.yaml", *names)
            shutil.copytree("../edited", ".", ignore=outputs, dirs_exist_ok=True)
            same_generated_values("../edited/state", "state")
            assert self.run() == error
            if any("does not settle" in text for text in self.said):
                # What it leaves is what the first round gave, which knows nothing of the others.
                self.count("an unsettled one")
            elif error is None:
                assert self.result() == after
                assert warnings_in("state") == warnings_in("../edited/state")
        finally:
            os.chdir("../edited")

    def changes(self) -> dict[str, object]:
        """The settings, without what is for workloads that there are not."""
        found = {name: getattr(self.settings, name) for name in Settings.__slots__}
        names = {one.name for one in self.workloads.values()}
        for option in ("builds", "images"):
            found[option] = {k: v for k, v in found[option].items() if k.rpartition(":")[0] in {"", *names}}
        found["publish"] = tuple(p for p in self.settings.publish or () if p.split(":")[1] in names)
        if self.by_command:
            overrides = self.settings.overrides
            found["workloads"] = None
            given = {path: overrides.get(path, FileOptions()) for path in sorted(self.workloads)}
            # What was given to an earlier run, and is no other now, does not have to be given again.
            found["given"] = tuple(
                (path, options) for path, options in given.items() if self.remembered.get(path) != options
            )
        return found

    def run(self) -> str | None:
        """Runs all stages; the text of the error, if there is one."""
        changes = self.changes()
        self.said: list[str] = []
        try:
            self.said = Project().run(**changes)
        except ScoreError as error:
            return str(error)
        self.remembered.update(changes["given"])  # type: ignore[call-overload]  # pairs of path and options
        return None

    def result(self) -> object:
        # A mode of an output that somebody chose stays.
        texts = {path: text for path, (text, _) in output_files(self.settings.output).items()}
        return texts, tree() if os.path.exists("state") else {}
