"""What something was made of, part by part, and what the parts say when they differ.

Whether something is stale is told by the digest of its parts.  The parts themselves are kept beside
it, as lines of name and value, and are only looked at to say why.  What is long is there by its
digest; of a Score file there is an outline: a checksum for each of its values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from zlib import crc32

from doit_score.engine.settings import FileOptions
from doit_score.text import canonical
from doit_score.text.light import NamedTuple

# A value up to this length is kept as it is, so that it can be said what in it has changed.
_LONGEST = 300
# Values of a Score file are told apart down to this depth: containers.NAME.variables.NAME.
_DEPTH = 4
_FEW = 4


class Reason(NamedTuple):
    """Why something was made again.  ``word`` is for programs, ``text`` for people: never a value that
    could be secret."""

    word: str
    text: str


def part(name: str, value: str) -> str:
    """One part as a line."""
    if len(value) > _LONGEST or "\n" in value:
        value = "#" + canonical.digest(value)
    return f"{_escaped(name)}\t{value}"


def joined(parts: Iterable[str]) -> str:
    """The text of all parts."""
    return "\n".join(parts)


def parsed_parts(text: str) -> dict[str, str]:
    """The parts by name."""
    lines = (line.partition("\t") for line in text.split("\n") if "\t" in line)
    return {_unescaped(name): value for name, _, value in lines}


def _escaped(name: str) -> str:
    """``name``, which may be the path of a file, in one line and without tabs."""
    return name.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def _unescaped(name: str) -> str:
    if "\\" not in name:
        return name
    import re

    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), name)


def outline(file: str, content: str, document: Mapping[str, object], options: FileOptions) -> str:
    """What is kept of a Score file as it was rendered (``content`` is the digest of its bytes), and of
    what else was said of it."""
    found: dict[str, int] = {}
    _add_checksums(document, "", 0, found)
    return canonical.encode({"file": file, "content": content, "document": found, "options": options.text()})


def _add_checksums(value: object, path: str, depth: int, found: dict[str, int]) -> None:
    """Adds a checksum for each value, by the keys that lead to it with dots between them."""
    if depth < _DEPTH and isinstance(value, Mapping) and value:
        for key, item in value.items():
            _add_checksums(item, f"{path}.{key}" if depth else str(key), depth + 1, found)
    else:
        found[path] = crc32(canonical.encode(value).encode("utf-8", "surrogatepass"))


def of_score_file(old: str, new: str) -> Iterator[Reason]:
    """What differs between two outlines of the Score file of a workload."""
    before, after = canonical.mapping(old), canonical.mapping(new)
    paths = some(_shortened(before["document"], after["document"]))
    is_edited = before["content"] != after["content"]
    if before["file"] != after["file"]:
        yield Reason("score-file", f"it is in '{after['file']}' now, and was in '{before['file']}'")
    options = (FileOptions.of_text(str(each["options"])) for each in (before, after))
    for reason in _of_options(*options):
        tells_paths = reason.word == "overrides" and paths and not is_edited
        yield Reason(reason.word, f"{reason.text}: {paths}") if tells_paths else reason
    if is_edited:
        yield Reason("score-file", f"'{after['file']}' changed: {paths or 'comments or layout only'}")


def _of_options(old: FileOptions, new: FileOptions) -> Iterator[Reason]:
    """What is said of a Score file beside it."""
    if old.overrides != new.overrides:
        path = new.overrides_file or old.overrides_file
        yield Reason("overrides", f"the overrides file '{path}' changed" if path else "its overrides changed")
    elif old.overrides_file != new.overrides_file:
        yield Reason("overrides", f"its overrides file changed: {old.overrides_file} -> {new.overrides_file}")
    if old.properties != new.properties:
        yield Reason("overrides", "what overrides its properties changed")
    if old.image != new.image:
        yield Reason("option", f"the image for '.' changed: {old.image or 'none'} -> {new.image or 'none'}")
    builds = sorted(
        name for name in {*old.builds, *new.builds} if old.builds.get(name) != new.builds.get(name)
    )
    if builds:
        yield Reason("option", f"the build of {some(builds)} changed")


def _shortened(old: object, new: object) -> list[str]:
    """The paths at which two documents differ; of what is in one of them only, where that begins."""
    assert isinstance(old, dict) and isinstance(new, dict)
    inner = [{path[:at] for path in each for at in _ends(path)} for each in (old, new)]
    found = set()
    for path in {*old, *new}:
        if old.get(path) != new.get(path):
            found.add(next((path[:at] for at in _ends(path) if path[:at] not in inner[0] & inner[1]), path))
    return sorted(found)


def _ends(path: str) -> Iterator[int]:
    """Where the parts of a path end."""
    yield from (at for at, char in enumerate(path) if char == ".")
    yield len(path)


def of_values(old: str, new: str) -> list[str]:
    """The keys in which two mappings differ, given as parts; none where it cannot be told."""
    if old.startswith("#") or new.startswith("#"):
        return []
    before, after = (
        {key: canonical.encode(value) for key, value in canonical.mapping(text or "{}").items()}
        for text in (old, new)
    )
    return sorted(key for key in {*before, *after} if before.get(key) != after.get(key))


_PLAIN = {
    "tool": ("tool", "the version of doit-score changed: {0} -> {1}"),
    "project": ("option", "the name of the project changed: {0} -> {1}"),
    "mounts": ("option", "the mounts directory, as Compose sees it, changed: {0} -> {1}"),
    "prefix": ("option", "the way from the output back to here changed: {0} -> {1}"),
    "hermetic": ("option", "hermetic changed: {0} -> {1}"),
    "output": ("option", "the output changed: {0} -> {1}"),
    "workloads": ("option", "where Score files are looked for changed: {0} -> {1}"),
    "publish": ("option", "the published ports changed: {0} -> {1}"),
    "secrets": ("option", "where Secrets are written changed: {0} -> {1}"),
    "wait": ("wait", "what it waits for changed: {0} -> {1}"),
    "source": ("params", "it has the params that workload '{1}' gives, and had those of '{0}'"),
    "metadata": ("params", "the metadata of the resource changed"),
    "score": (
        "score-file",
        "the Score file changed of workload '{workload}', whose metadata its params mention",
    ),
}


def of_parts(old: Mapping[str, str], new: Mapping[str, str], skip: Iterable[str] = ()) -> Iterator[Reason]:
    """What differs between two sets of parts, in the order of ``new``; ``skip`` is told by somebody else."""
    for name in dict.fromkeys((*new, *old)):
        before, after = old.get(name), new.get(name)
        if before == after or name in skip:
            continue
        if name in _PLAIN:
            word, text = _PLAIN[name]
            shown = (before or "none", after or "none")
            yield Reason(word, text.format(*shown, workload=new.get("source", "")))
        else:
            yield from _of_named_part(name, before, after)


def _of_named_part(name: str, before: str | None, after: str | None) -> Iterator[Reason]:
    kind, _, rest = name.partition(" ")
    if kind == "params":
        keys = of_values(before or "", after or "")
        yield Reason("params", f"its params changed: {some(keys)}" if keys else "its params changed")
    elif kind == "outputs":
        uid = rest.partition(" ")[2]
        # What refers to another resource now does so because of its own Score file or params.
        if before is not None and after is not None:
            yield of_outputs(uid, before, after)
    elif kind == "models":
        yield Reason("output", f"the models of resource '{rest}' changed")
    elif kind == "file":
        if before is None or after is None:
            yield Reason("source", f"it mounts '{rest}' {'now' if before is None else 'no more'}")
        else:
            what = "is there now" if not before else "is gone" if not after else "changed"
            yield Reason("source", f"'{rest}', which it mounts, {what}")
    elif kind == "patch":
        what = "is new" if before is None else "is gone" if after is None else "changed"
        yield Reason("patch", f"patch template '{rest}' {what}")
    elif kind == "variable":
        if before is not None and after is not None:
            yield Reason(
                "environment", f"environment variable '{rest}', which a patch template read, changed"
            )
    elif kind == "option":
        yield Reason("option", f"the {rest} changed: {before or 'none'} -> {after or 'none'}")
    elif kind in ("builds", "images"):
        yield Reason("option", f"{kind} changed for '{rest}'")


def of_outputs(uid: str, before: str, after: str) -> Reason:
    """What changed in the outputs of a resource that is referred to."""
    keys = of_values(before, after)
    if not keys:
        return Reason("output", f"the outputs of resource '{uid}' changed")
    return Reason("output", f"output{'' if len(keys) == 1 else 's'} {some(keys)} of resource '{uid}' changed")


def some(names: Iterable[str]) -> str:
    """A few of ``names`` in quotes, and how many more there are; empty for none."""
    every = list(names)
    if not every:
        return ""
    shown = [f"'{name}'" for name in every[:_FEW]]
    more = len(every) - len(shown)
    if more:
        shown.append(f"{more} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
