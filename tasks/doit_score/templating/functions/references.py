"""What stands for a key of a Secret of Kubernetes, under the name that score-k8s gives it."""

from __future__ import annotations

from doit_score.score.references import Reference

from ..errors import GoError


def encode_secret_ref(name: str, key: str) -> str:
    """A text by which an output refers to the ``key`` of the Secret ``name``."""
    try:
        return Reference("Secret", name, key).text()
    except ValueError as error:
        raise GoError(str(error)) from None
