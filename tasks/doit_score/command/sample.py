"""The Score file that ``init`` writes where there is none."""

from __future__ import annotations

import os

from doit_score.command import schemas
from doit_score.store.files import NewFile, Writer, followed, usual_mode
from doit_score.store.outlets import Outlets
from doit_score.text.errors import ScoreError
from doit_score.text.messages import Say

SAMPLE = """\
# What your workload needs, said once.  The whole of it: https://docs.score.dev/docs/score-specification/
apiVersion: score.dev/v1b1
metadata:
  name: hello
containers:
  web:
    image: nginx:1.27-alpine
    variables:
      GREETING: "hello from ${metadata.name}"
service:
  ports:
    http:
      port: 8080
      targetPort: 80
"""


def check(path: str, state_dir: str) -> None:
    """Raises ScoreError if no sample can be written at ``path``."""
    if not os.path.exists(path) or os.path.isdir(path):
        Outlets(state_dir).place(path)
    if not os.path.isdir(os.path.dirname(path) or "."):
        raise ScoreError(
            "cannot be written: its directory does not exist", path=path, hint="make the directory"
        )


def write(path: str, state_dir: str, writer: Writer, say: Say) -> None:
    """Writes the sample to ``path``, unless something is there; says which."""
    if os.path.exists(path):
        say("info", f"found '{path}', no sample is written")
        return
    text = schemas.line("score", path, state_dir) + SAMPLE
    writer.write([NewFile(followed(path), text.encode(), usual_mode())])
    say("info", f"wrote a sample Score file to '{path}'")
