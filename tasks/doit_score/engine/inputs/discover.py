"""Which files a run reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator

from doit_score import version

SUFFIX = ".provisioners.yaml"


def score_files(patterns: Iterable[str], known: Collection[str] = ()) -> set[str]:
    """The files that the globs and names match and that exist.

    The caller looks at each of those that are ``known`` anyway, so that they count without a look of
    our own: where ten thousand directories may have a Score file, that is a third of the time.
    """
    return set(matches(patterns, known))


def provisioner_files(patterns: Iterable[str], *, shipped_for: str | None) -> tuple[str, ...]:
    """The provisioner files in the order in which they count.

    Pattern by pattern, and in the byte order of file names within one (case
    provisioners-07-file-order); those that are shipped for the target ``shipped_for`` come last.
    """
    found: dict[str, None] = {}
    for pattern in patterns:
        ordered = sorted(matches([pattern]), key=lambda path: os.fsencode(os.path.basename(path)))
        found.update(dict.fromkeys(ordered))
    if shipped_for is not None:
        found.update(dict.fromkeys(_shipped(shipped_for)))
    return tuple(found)


def _shipped(target: str) -> list[str]:
    """The shipped files; one in the directory of the target takes the place of its namesake above it."""
    folder = default_directory()
    found: dict[str, str] = {}
    for directory in (folder, os.path.join(folder, target)) if folder else ():
        if os.path.isdir(directory):
            names = (name for name in os.listdir(directory) if name.endswith(SUFFIX))
            found.update((name, os.path.join(directory, name)) for name in names)
    return [found[name] for name in sorted(found)]


def is_shipped(path: str) -> bool:
    """Whether the provisioner file ``path`` is one of ours."""
    folder = default_directory()
    return bool(folder) and path.startswith(os.path.join(folder, ""))


def default_directory() -> str:
    """Where the shipped provisioners are: in the package, or in the checkout beside ``tasks/``."""
    package = os.path.dirname(os.path.abspath(version.__file__))
    beside = os.path.join(os.path.dirname(os.path.dirname(package)), "provisioners")
    for folder in (os.path.join(package, "provisioners"), beside):
        if os.path.isdir(folder):
            return folder
    return ""


def is_magic(pattern: str) -> bool:
    """Whether ``pattern`` is a glob rather than a name."""
    return any(char in pattern for char in "*?[")


def canonical_path(path: str) -> str:
    """One spelling per file: no ``./``, no doubled slashes; relative stays relative."""
    return os.path.normpath(path)


def matches(patterns: Iterable[str], known: Collection[str] = ()) -> Iterator[str]:
    """The files that the globs and names match, some more than once; see :func:`score_files`."""
    for pattern in patterns:
        folders, name = os.path.split(os.path.normpath(pattern))
        if is_magic(folders) and not is_magic(name) and not {"..", "**"} & {*folders.split(os.sep)}:
            for folder in _folders(folders):
                path = f"{folder}{os.sep}{name}"
                if path in known or os.path.lexists(path):
                    yield path
        elif is_magic(pattern):
            # A dot directory such as .score-compose is matched where the pattern spells it.
            if "**" in pattern or os.path.basename(pattern) != name:
                import glob

                yield from map(canonical_path, glob.glob(pattern, recursive=True))
            else:
                yield from _folders(os.path.join(folders, name))
            if name == "*" + SUFFIX:
                # A file that is named just ".provisioners.yaml" counts too (case provisioners-09).
                hidden = os.path.join(os.path.dirname(pattern), SUFFIX)
                if os.path.isfile(hidden):
                    yield canonical_path(hidden)
        elif os.path.isfile(pattern):
            yield canonical_path(pattern)


def _folders(pattern: str) -> Iterator[str]:
    """What a glob without ``**`` matches; in one directory as it is listed, for who stops early."""
    parent, last = os.path.split(pattern)
    if is_magic(parent):
        import glob

        yield from glob.iglob(pattern)
        return
    prefix = os.path.join(parent, "")
    matches = _matcher(last)
    try:
        with os.scandir(parent or ".") as entries:
            for entry in entries:
                name = entry.name
                if matches(name) and (name[0] != "." or last[0] == "."):
                    yield prefix + name
    except OSError:
        return  # As glob has it: what cannot be listed has nothing in it.


def _matcher(pattern: str) -> Callable[[str], object]:
    """Whether a name is one that ``pattern`` matches, as `fnmatch` has it."""
    start, star, end = pattern.partition("*")
    if star and not is_magic(start) and not is_magic(end):
        return lambda name: (
            name.startswith(start) and name.endswith(end) and len(name) >= len(start) + len(end)
        )
    import fnmatch
    import re

    return re.compile(fnmatch.translate(pattern)).match
