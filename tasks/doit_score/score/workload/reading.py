"""All steps from a document to a workload, in their order."""

from __future__ import annotations

from doit_score.text import words
from doit_score.text.errors import Problem, ScoreError

from .build import build
from .findings import Findings
from .model import Elsewhere, Workload
from .relations import check_contents, check_order, check_placeholders
from .spec import SCORE_FILE
from .upgrade import upgrade


def read_workload(
    document: object, path: str, text: str | bytes, elsewhere: Elsewhere | None
) -> tuple[Workload, tuple[Problem, ...]]:
    """See :func:`doit_score.score.workload.read`."""
    if document is None:
        raise ScoreError("expected a Score workload, found an empty document", path=path)
    if not isinstance(document, dict):
        message = f"expected a Score workload, which is a mapping, found {words.described(document)}"
        raise ScoreError(message, path=path, line=1, column=1)
    findings = Findings(path, text, elsewhere)
    today, findings.moved = upgrade(document, findings.error, findings.notice)
    SCORE_FILE.check(today, (), findings.error)
    check_contents(today, findings.error)
    check_order(today, findings.error)
    check_placeholders(today, findings.error)
    ScoreError.raise_for(findings.errors, _title(today, path))
    return build(today), tuple(findings.notices)


def _title(document: dict[str, object], path: str) -> str:
    metadata = document.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    if isinstance(name, str) and name:
        return f"validation errors in workload '{name}':"
    return f"validation errors in the workload of '{path}':"
