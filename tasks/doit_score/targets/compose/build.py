"""``--build CONTAINER=CONTEXT`` and ``--build CONTAINER={...}``: a Compose build section from a flag."""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import join, normpath

from doit_score.text.errors import Problem, ScoreError
from doit_score.text.yaml12 import load

from .service import check_build

_HINT = 'give CONTAINER=DIRECTORY or CONTAINER={"context": "DIRECTORY", ...}'
_REMOTE = ("/", "~", "$", "git@", "github.com/", "service:", "target:")
"""What a context starts with that is not a path relative to a directory of ours.

Variables are left alone because nobody knows what they will be.
"""


def parse_build(text: str) -> tuple[str, Mapping[str, object]]:
    """The container and its normalised ``build`` section.

    What follows the first ``=`` is a directory or URL, of which Compose leaves the dollars, or, from
    ``{`` on, a section as JSON or YAML in any form that Compose knows (containers-39 to -53).  ScoreError
    with all that is wrong if it cannot be read or has keys that Compose does not know.  The value
    of the flag is not repeated there: build arguments may be passwords.
    """
    container, given, value = text.partition("=")
    if not given or not container:
        missing = "container" if given else "'='"
        raise ScoreError(f"invalid --build {text!r}: found no {missing}", hint=_HINT)
    title = f"invalid --build of container {container!r}"
    section: object = value
    if value.lstrip().startswith("{"):
        try:
            section = load(value)
        except ScoreError as error:
            raise ScoreError(f"{title}: {error.problems[0].message}", hint=_HINT) from None
    checked = check_build(section)
    problems = [Problem(f"{title}: {one.message}") for one in (*checked.errors, *checked.warnings)]
    ScoreError.raise_for(problems)
    return container, checked.value


def rebase(build: Mapping[str, object], prefix: str) -> Mapping[str, object]:
    """``build`` for a Compose file from whose directory ``prefix`` leads to where ``build`` was written.

    Relative paths move: the context (where there is none it is the directory itself), additional
    contexts and SSH keys.  Absolute paths, URLs, images and services stay, and so does
    ``dockerfile``, which is relative to the context.  With a prefix of ``""`` or ``"."`` everything
    stays as it is written.
    """
    if not prefix or prefix == ".":
        return build
    context = build.get("context")
    result = {**build, "context": _moved(context if isinstance(context, str) else ".", prefix)}
    for key in ("additional_contexts", "ssh"):
        paths = build.get(key)
        if isinstance(paths, Mapping):
            result[key] = {
                name: _moved(path, prefix) if isinstance(path, str) and path else path
                for name, path in paths.items()
            }
    return result


def _moved(path: str, prefix: str) -> str:
    """``path`` below ``prefix`` if it is a relative path."""
    if (path.startswith(_REMOTE) and not path.startswith("$$")) or "://" in path:
        return path
    return normpath(join(prefix, path))
