"""What stands for something else: a key of a Secret of Kubernetes, a placeholder; by score-k8s's names."""

from __future__ import annotations

from doit_score.score.references import Reference
from doit_score.text.errors import ScoreError

from ..errors import GoError
from . import SUBSTITUTE


def encode_secret_ref(name: str, key: str) -> str:
    """A text by which an output refers to the ``key`` of the Secret ``name``."""
    try:
        return Reference("Secret", name, key).text()
    except ValueError as error:
        raise GoError(str(error)) from None


def substitute_value(workload: str, text: str) -> str:
    """``text`` with its placeholders replaced as in the Score file of ``workload``; for patch templates."""
    substitute = SUBSTITUTE.get()
    if substitute is None:
        raise GoError("only patch templates can have placeholders replaced: use an output of the resource")
    try:
        return substitute(workload, text)
    except ScoreError as error:
        raise GoError("; ".join(problem.message for problem in error.problems)) from None
