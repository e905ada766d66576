"""Files from elsewhere, by URI: what ``init`` is given for provisioners and patch templates.

========================================  ==========================================================
``path``, ``file://path``                 a file, or all files of a directory
``-``                                     stdin
``http://``, ``https://``                 a file on a web server
``git-https://HOST/REPO.git/PATH?ref=``   a file or a directory in a git repository, at the branch,
``git-ssh://git@HOST/REPO.git/PATH?ref=`` tag or commit ``ref`` (default: what HEAD is there)
``oci://HOST/REPO:TAG#FILE``              a file of an artifact in a registry (default: all YAML files)
========================================  ==========================================================

Each has limits of size and time, which are constants of its module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from doit_score.fetching.source import Source, shown
from doit_score.text.errors import Problem, ScoreError

__all__ = ["Source", "fetch", "fetch_all", "shown"]

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


def fetch(uri: str) -> tuple[Source, ...]:
    """What is at ``uri``; several files are in the order of their names.

    Raises ScoreError if there is nothing, or more than the limits allow.
    """
    scheme = _SCHEME.match(uri)
    kind = scheme[1].lower() if scheme else ""
    if kind in ("", "file"):
        from doit_score.fetching import local

        return local.fetch(uri)
    if any(letter.isspace() or not letter.isprintable() for letter in uri):
        raise ScoreError(f"'{shown(uri)}' has blanks or control characters", hint="write a blank as %20")
    if kind in ("http", "https"):
        from doit_score.fetching import http

        return http.fetch(uri)
    if kind in ("git-ssh", "git-https"):
        from doit_score.fetching import git

        return git.fetch(uri)
    if kind == "oci":
        from doit_score.fetching import oci

        return oci.fetch(uri)
    raise ScoreError(
        f"unsupported scheme '{kind}' in '{shown(uri)}'",
        hint="there are file, http, https, git-https, git-ssh and oci; or download it, and give the path",
    )


def fetch_all(what: str, uris: Iterable[str]) -> list[Source]:
    """What is at all of ``uris``, in their order.

    Raises ScoreError which says which of them (counted from 1) could not be had; ``what`` is what they
    are, such as 'provisioner' (conformance commands-52, 57 and 58).
    """
    sources: list[Source] = []
    problems: list[Problem] = []
    for number, uri in enumerate(uris, 1):
        try:
            sources += fetch(uri)
        except ScoreError as error:
            first = error.problems[0]
            problems.append(Problem(f"failed to load {what} {number}: {first.message}", hint=first.hint))
    ScoreError.raise_for(problems)
    return sources
