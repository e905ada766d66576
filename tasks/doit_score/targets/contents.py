"""What the ``files`` of containers hold, for any target."""

from __future__ import annotations

from collections.abc import Callable

from doit_score.score.placeholders import Context, substitute
from doit_score.score.workload import ContainerFile
from doit_score.score.workload.sources import contained
from doit_score.targets import ConversionInput
from doit_score.text.errors import Problem, ScoreError

Complain = Callable[[str, str, Problem], None]
"""Notes an error: the target of the file, the key below it, and what is wrong there, without a place."""


def content_of(
    file: ContainerFile, inputs: ConversionInput, context: Context, complain: Complain
) -> bytes | None:
    """What is to be in ``file``, with its placeholders replaced; None after an error.

    A source that is not UTF-8, such as a keystore, is taken as it is: what looks like a placeholder in it
    is none.
    """
    if file.binary_content is not None:
        return file.binary_content
    if file.content is not None:
        text = file.content
    else:
        raw = _source(file, inputs, complain)
        if raw is None or file.no_expand:
            return raw
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            return raw
    if not file.no_expand:
        try:
            text = substitute(text, context)
        except ScoreError as error:
            for problem in error.problems:
                complain(file.target, "content" if file.source is None else "source", problem)
            return None
    return text.encode()


def _source(file: ContainerFile, inputs: ConversionInput, complain: Complain) -> bytes | None:
    source = file.source or ""
    path = contained(source)
    if path is None:
        message = f"expected a relative path within the directory of the Score file, found {source!r}"
        complain(file.target, "source", Problem(message))
        return None
    content = inputs.sources.get(path, "it was not read")
    if isinstance(content, str):
        complain(file.target, "source", Problem(f"failed to read {source!r}: {content}"))
        return None
    return content
