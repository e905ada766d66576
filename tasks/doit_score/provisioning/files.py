"""Provisioner files: the text of one file becomes checked entries.

A file is a YAML list; each item has a ``uri`` whose scheme says what it is, a ``type``, and the
fields of its kind (conformance provisioners-11 to 37).  All that is wrong with a file is reported
at once.  Templates are not read here: a mistake in one matters when a resource needs it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from doit_score import targets
from doit_score.provisioning import bars, shapes, uris
from doit_score.provisioning.model import ENVIRONMENT, Entry, Field, Kind
from doit_score.provisioning.shapes import Shape
from doit_score.text import canonical, words, yaml12
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.light import TYPE_CHECKING, cast, replace

if TYPE_CHECKING:
    import yaml

TEMPLATE_FIELDS = (
    "init",
    "state",
    "shared",
    "outputs",
    *targets.fields(),
    "info_logs",
)
"""The template fields in the order in which they are run."""

_COMMON = (
    "uri",
    "type",
    "class",
    "id",
    "description",
    "supported_params",
    "supported_annotations",
    "expected_outputs",
    "secret_outputs",
)
_FILE_VARIABLES = "file_variables"
KEYS: Mapping[Kind, tuple[str, ...]] = {
    "template": (*_COMMON, _FILE_VARIABLES, *TEMPLATE_FIELDS),
    "jinja": (*_COMMON, _FILE_VARIABLES, "images", *TEMPLATE_FIELDS),
    "cmd": (*_COMMON, _FILE_VARIABLES, "args", "env", "inputs"),
    "local-env": tuple(key for key in _COMMON if key not in ("id", "secret_outputs")),
    "images": ("uri", "description", "registry", "images"),
}
"""The keys of an entry of each kind; what each says is in ``provisioning/reference.py``."""
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")
_SCHEMES = "template://NAME, jinja://NAME, cmd://COMMAND, local-env://NAME or images://NAME"


def parse(text: bytes, path: str) -> tuple[Entry, ...]:
    """The entries of the provisioner file ``text``, in their order.

    What the images are that they use is not known yet: see :func:`doit_score.provisioning.images.resolve`.

    A file that is empty or holds ``{}`` has no entries: the reference refuses both, but its own
    tutorial starts with ``echo '{}'``, so that is a deliberate difference (provisioners-11).
    Raises ScoreError with every problem of the file, each with line and column.
    """
    try:
        document = yaml12.load(text, path, alone="put all provisioners of a file into one list")
    except ScoreError as error:
        lines = text.decode("utf-8-sig", "replace").split("\n")
        raise ScoreError.of(bars.meant(one, lines, TEMPLATE_FIELDS) for one in error.problems) from None
    if document is None or document == {}:
        return ()
    reader = _Reader(text, path)
    if isinstance(document, list):
        reader.read_starts()
        entries = [reader.entry(index, item) for index, item in enumerate(document)]
    else:
        entries = []
        reader.problem(
            (),
            f"expected a list of provisioners, found {words.kind(document)}",
            hint="start each provisioner with `- uri: ...`",
        )
    ScoreError.raise_for(reader.problems)
    return tuple(entry for entry in entries if entry is not None)


class _Reader:
    """Reads one file; collects its problems and knows the places in it."""

    def __init__(self, text: bytes, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self._text_of_file = text
        self._starts: list[tuple[int, Mapping[str, tuple[int, int]]]] = []
        self._lines = text.decode("utf-8-sig", "replace").split("\n")

    def read_starts(self) -> None:
        """Notes where each item, and each of its own values, starts: every entry keeps these places."""
        import yaml

        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)(self._text_of_file)
        try:
            document = loader.get_node() if loader.check_node() else None
        finally:
            loader.dispose()
        for item in document.value if document is not None else ():
            pairs = item.value if isinstance(item, yaml.MappingNode) else ()
            starts = {key.value: _start(value) for key, value in pairs}
            self._starts.append((_start(item)[0], starts))

    def problem(
        self, keys: tuple[int | str, ...], message: str, *, hint: str | None = None, key: bool = False
    ) -> None:
        line, column = self._place(keys, key=key)
        self.problems.append(Problem(message, self.path, line, column, hint))

    def entry(self, index: int, item: object) -> Entry | None:
        if not isinstance(item, dict):
            self.problem(
                (index,),
                f"expected a provisioner (a mapping with uri and type), found {words.kind(item)}",
            )
            return None
        kind = self._kind(index, item)
        if kind is None:
            return None
        self._unknown_keys(index, item, kind)
        if kind == "images":
            return self._images(index, item)
        type_ = self._text(index, item, "type") or (ENVIRONMENT if kind == "local-env" else "")
        if not type_ and not isinstance(item.get("type"), (dict, list)):
            self.problem(
                (index, "type"),
                f"{item['uri']}: type is not set",
                hint="name the resource type that it provisions, such as `type: redis`",
            )
        fields = {
            name: self._field(index, name, text)
            for name in (TEMPLATE_FIELDS if kind in ("template", "jinja") else ())
            if (text := self._text(index, item, name)) is not None
        }
        params = self._shapes(index, item, "supported_params")
        entry = Entry(
            uri=cast(str, item["uri"]),
            kind=kind,
            type=type_,
            class_=self._text(index, item, "class"),
            id=self._text(index, item, "id") if kind != "local-env" else None,
            description=self._text(index, item, "description") or "",
            supported_params=None if params is None else tuple(params),
            params={name: shape for name, shape in (params or {}).items() if shape != Shape()},
            annotations=self._shapes(index, item, "supported_annotations"),
            expected_outputs=self._texts(index, item, "expected_outputs"),
            secret_outputs=self._texts(index, item, "secret_outputs") or (),
            file_variables=self._texts(index, item, _FILE_VARIABLES) or (),
            fields=fields,
            args=(self._texts(index, item, "args") or ()) if kind == "cmd" else (),
            inputs=self._texts(index, item, "inputs") if kind == "cmd" else None,
            env=self._texts(index, item, "env") if kind == "cmd" else None,
            uses_images=(self._texts(index, item, "images") or ()) if kind == "jinja" else (),
            path=self.path,
            line=self._starts[index][0],
        )
        return replace(entry, digest=_digest(entry))

    def _images(self, index: int, item: Mapping[str, object]) -> Entry:
        """An entry that says what the names of images stand for."""
        uri = cast(str, item["uri"])
        given = {} if item.get("images") is None else item["images"]
        if not isinstance(given, dict):
            self.problem(
                (index, "images"), f"{uri}: expected a mapping in images, found {words.kind(given)}",
                hint="name each image: `images: {redis: registry.example.com/redis:7}`",
            )  # fmt: skip
            given = {}
        for name, image in given.items():
            if not isinstance(name, str) or not isinstance(image, str) or not image:
                found = "an empty text" if image == "" else words.kind(image)
                self.problem((index, "images", name), f"{uri}: expected an image for '{name}', found {found}")
        return Entry(
            uri=uri, kind="images", type="", path=self.path, line=self._starts[index][0],
            description=self._text(index, item, "description") or "",
            images=given, registry=self._text(index, item, "registry") or None,
        )  # fmt: skip

    def _kind(self, index: int, item: Mapping[str, object]) -> Kind | None:
        """The kind that the uri asks for; None, with a problem, if there is no such kind."""
        uri = item.get("uri")
        if not isinstance(uri, str):
            found = "nothing" if "uri" not in item else words.kind(uri)
            self.problem(
                (index, "uri"),
                f"expected a uri that names the provisioner, found {found}",
                hint=f"give it as {_SCHEMES}",
            )
            return None
        parts = uris.split(uri)
        if parts is None:
            self.problem((index, "uri"), f"invalid uri '{uri}'", hint=f"give it as {_SCHEMES}")
            return None
        if parts.scheme not in KEYS:
            missing = "has no scheme" if not parts.scheme else f"has the unknown scheme '{parts.scheme}'"
            near = words.near(parts.scheme, KEYS, "")
            self.problem((index, "uri"), f"the uri '{uri}' {missing}", hint=near or f"give it as {_SCHEMES}")
            return None
        kind = cast(Kind, parts.scheme)
        if kind == "cmd":
            given = {
                "a user": parts.user,
                "a port": parts.port,
                "a query": parts.query,
            }
            for what, value in given.items():
                if value is not None:
                    self.problem(
                        (index, "uri"),
                        f"the uri '{uri}' has {what}, which a cmd:// provisioner cannot have",
                        hint="pass arguments to the command in `args`",
                    )
        return kind

    def _unknown_keys(self, index: int, item: Mapping[object, object], kind: Kind) -> None:
        for key in item:
            if key in KEYS[kind]:
                continue
            article = "an" if kind[0] in "aeio" else "a"
            hint = f"{article} {kind}:// provisioner has the keys {', '.join(KEYS[kind])}"
            if not any(key in keys for keys in KEYS.values()):
                hint = words.near(str(key), KEYS[kind], hint)
            self.problem((index, cast(str, key)), f"{item['uri']}: unknown key '{key}'", hint=hint, key=True)

    def _text(self, index: int, item: Mapping[str, object], key: str) -> str | None:
        """The text at ``key``, None if it is absent or null; numbers and booleans are taken as text."""
        value = item.get(key)
        if value is None:
            return None
        text = _scalar(value)
        if text is None:
            hint = bars.advice(key) if key in TEMPLATE_FIELDS else None
            missing = ": its '|' is missing" if hint else ""
            self.problem(
                (index, key),
                f"{item['uri']}: expected text in {key}, found {words.kind(value)}{missing}",
                hint=hint,
                key=hint is not None,
            )
        return text

    def _texts(self, index: int, item: Mapping[str, object], key: str) -> tuple[str, ...] | None:
        """The list of texts at ``key`` (provisioners-24, 202), None if it is absent or null."""
        value = item.get(key)
        if value is None or key not in item:
            return None
        if not isinstance(value, list):
            self.problem((index, key), f"{item['uri']}: expected a list in {key}, found {words.kind(value)}")
            return None
        texts = []
        for number, part in enumerate(value):
            text = "" if part is None else _scalar(part)
            if text is None:
                self.problem(
                    (index, key, number),
                    f"{item['uri']}: expected text in {key}[{number}], found {words.kind(part)}",
                )
            texts.append(text or "")
        return tuple(texts)

    def _shapes(self, index: int, item: Mapping[str, object], key: str) -> dict[str, Shape] | None:
        """What there may be, and what it must be; a list says names alone.  None if absent or null."""
        value = item.get(key)
        if value is None:
            return None
        if isinstance(value, list):
            return dict.fromkeys(self._texts(index, item, key) or (), Shape())
        if not isinstance(value, dict):
            message = f"expected a list or a mapping in {key}, found {words.kind(value)}"
            self.problem((index, key), f"{item['uri']}: {message}")
            return None
        found = {}
        for name, said in value.items():
            faults: list[shapes.Fault] = []
            if isinstance(name, str):
                found[name] = shapes.read(said, faults)
            else:
                faults.append(shapes.Fault((), f"expected text as a name, found {words.kind(name)}"))
            for fault in faults:
                where = (index, key, name, *fault.keys)
                self.problem(where, f"{item['uri']}: {key}, '{name}': {fault.message}", hint=fault.hint)
        return found

    def _field(self, index: int, name: str, text: str) -> Field:
        """The template at ``name``, with the place where its text starts."""
        line, column = self._starts[index][1].get(name) or self._place((index, name))
        rest = _PROPERTIES.sub("", self._lines[line - 1][column - 1 :])
        if rest[:1] in ("|", ">"):
            below = self._lines[line:]
            indent = next((len(row) - len(row.lstrip()) for row in below if row.strip()), 0)
            return Field(text, line + 1, indent + 1, literal=rest[0] == "|")
        return Field(text, line, column + (rest[:1] in ("'", '"')))

    def _place(self, keys: tuple[int | str, ...], *, key: bool = False) -> tuple[int, int]:
        """Line and column of the value at ``keys``, or of the longest part of ``keys`` that exists."""
        return yaml12.locate(self._text_of_file, keys, key=key) or (1, 1)


def _start(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _digest(entry: Entry) -> str:
    """See :class:`Entry`; images count once it is known what they are."""
    matters = [entry.kind, entry.uri, entry.type]
    for optional in (entry.class_, entry.id):
        matters += ["-"] if optional is None else ["+", optional]
    for texts in (entry.supported_params, entry.expected_outputs, entry.args):
        matters += ["-"] if texts is None else [str(len(texts)), *texts]
    for what, said in (("params", entry.params or None), ("annotations", entry.annotations)):
        matters += [] if said is None else [what, str(len(said))]
        for name, shape in (said or {}).items():
            matters += [name, *shapes.text(shape)]
    more = (
        ("inputs", entry.inputs),
        ("env", entry.env),
        ("secret", entry.secret_outputs or None),
        (_FILE_VARIABLES, entry.file_variables or None),
    )
    for name, texts in more:
        matters += [] if texts is None else [name, str(len(texts)), *texts]
    for name in sorted(entry.fields):
        matters += [name, entry.fields[name].text]
    return canonical.digest(*matters)


def _scalar(value: object) -> str | None:
    """A scalar as the text that the reference makes of it (provisioners-202), None for a collection."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)
    return None if isinstance(value, (dict, list)) else str(value)
