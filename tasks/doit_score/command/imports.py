"""What ``init`` takes in from elsewhere: provisioner files and patch templates."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from doit_score.engine.inputs.discover import SUFFIX
from doit_score.engine.stages.patches import decoded
from doit_score.fetching import Source, shown
from doit_score.store import files
from doit_score.text.light import sha256

# Names sort after those that begin with a digit, which are a user's own, and before zz-default, which
# score-compose's init writes.  The number falls, so that what was taken in last is read first.
_TAKEN_IN = re.compile(r"loaded-(\d{6})\.([0-9a-f]{16})" + re.escape(SUFFIX))
_FIRST_NUMBER = 999_999


def check_provisioners(sources: Iterable[Source]) -> None:
    """Raises ScoreError if one of these provisioner files cannot be read."""
    from doit_score.provisioning.files import parse

    for source in sources:
        parse(source.content, source.name)


def take_in_provisioners(sources: Iterable[Source], directory: str, writer: files.Writer) -> list[str]:
    """Saves provisioner files into ``directory``, the last first in precedence; returns their paths.

    An earlier copy from the same URI is replaced.  The files must have been checked.
    """
    saved = []
    for source in sources:
        files.make_directory(directory, 0o755)
        earlier = []
        key = sha256(source.uri.encode()).hexdigest()[:16]
        number = _FIRST_NUMBER + 1
        for name in os.listdir(directory):
            match = _TAKEN_IN.fullmatch(name)
            if match is None:
                continue
            number = min(number, int(match[1]))
            if match[2] == key:
                earlier.append(os.path.join(directory, name))
        path = os.path.join(directory, f"loaded-{number - 1:06}.{key}{SUFFIX}")
        command = f"doit-score init --provisioners {shown(source.uri)}"
        head = f"# Taken in by `{command}`; do so again to refresh it.\n"
        writer.write([files.NewFile(path, head.encode() + source.content, 0o644)])
        for other in earlier:
            files.remove(other)
        saved.append(path)
    return saved


def check_patch_template(source: Source) -> tuple[str, str]:
    """The name and text of a patch template.  Raises ScoreError if it cannot be read."""
    from doit_score.targets import patching

    text = decoded(source.content, source.name)
    patching.check_template(source.name, text)
    return source.name, text
