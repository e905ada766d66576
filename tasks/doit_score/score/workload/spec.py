"""Score specification v1b1 as rules (https://docs.score.dev/docs/score-specification/).

Checked against the ``spec`` conformance cases; patterns must match the whole text, and a digit is
an ASCII digit (cases spec-29, spec-164, spec-169).
"""

from __future__ import annotations

import re

from doit_score.text.light import Final

from .rules import Anything, Flag, OneOf, Record, Sequence, Table, Text, Whole

_LABEL: Final = Text(
    "2 to 63 characters of a-z, 0-9 and '-', with no '-' at either end",
    re.compile(r"[a-z0-9][a-z0-9-]{0,61}[a-z0-9]"),
    name=True,
)
_TYPE: Final = Text(
    "2 to 63 characters of A-Z, a-z, 0-9 and '-', with no '-' at either end",
    re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,61}[A-Za-z0-9]"),
    name=True,
)
_ID: Final = Text(
    "2 to 63 characters: parts of a-z, 0-9 and '-' joined by dots, with no '-' at either end of a part",
    re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*"),
    shortest=2,
    longest=63,
    name=True,
)
_ANNOTATION: Final = Text(
    "2 to 63 characters of A-Z, a-z, 0-9, '.', '_' and '-', with a letter or digit at either end,"
    " after a host name and '/' or alone",
    re.compile(
        r"(([a-z0-9][a-z0-9-]{0,61}[a-z0-9])(\.[a-z0-9][a-z0-9-]{0,61}[a-z0-9])*/)?"
        r"[A-Za-z0-9][A-Za-z0-9._-]{0,61}[A-Za-z0-9]"
    ),
    shortest=2,
    longest=316,
    name=True,
)
_NOT_EMPTY: Final = Text("text that is not empty", shortest=1)
_PORT: Final = Whole(1, 65535)
_TEXT: Final = Text()
_TEXTS: Final = Sequence(_TEXT)

_METADATA_ANNOTATIONS: Final = Table(_ANNOTATION, _TEXT, what="an annotation")

_SERVICE: Final = Record(
    {
        "ports": Table(
            _LABEL,
            Record(
                {"port": _PORT, "targetPort": _PORT, "protocol": OneOf(("TCP", "UDP"))},
                required=("port",),
            ),
            what="a port",
        )
    }
)

_LIMITS: Final = Record(
    {
        "cpu": Text("CPUs like 2, 0.5 or 250m", re.compile(r"[0-9]+(?:m|\.[0-9]+)?")),
        # What a limit of 0 means is left to those who carry it over (spec#208).
        "memory": Text(
            "bytes like 125M or 1.5Gi",
            re.compile(r"(0(\.[0-9]+)?|[1-9][0-9]*(\.[0-9]+)?)(K|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?"),
        ),
    }
)

_PROBE: Final = Record(
    {
        "httpGet": Record(
            {
                "path": _TEXT,
                "port": _PORT,
                "host": _NOT_EMPTY,
                "scheme": OneOf(("HTTP", "HTTPS")),
                "httpHeaders": Sequence(
                    Record(
                        {
                            "name": Text("letters, digits, '_' and '-'", re.compile(r"[A-Za-z0-9_-]+")),
                            "value": _NOT_EMPTY,
                        },
                        required=("name", "value"),
                    )
                ),
            },
            required=("path", "port"),
        ),
        "exec": Record({"command": _TEXTS}, required=("command",)),
    }
)

_FILE: Final = Record(
    {
        "content": Text(secret=True),
        "source": _NOT_EMPTY,
        "binaryContent": Text(secret=True),
        "mode": Text("three octal digits like '644' or '0644'", re.compile(r"0?[0-7]{3}"), name=True),
        "noExpand": Flag(),
    },
    exactly_one=("content", "source", "binaryContent"),
)

_VOLUME: Final = Record({"source": _TEXT, "path": _TEXT, "readOnly": Flag()}, required=("source",))

_CONTAINER: Final = Record(
    {
        "image": _NOT_EMPTY,
        "command": _TEXTS,
        "args": _TEXTS,
        "variables": Table(
            Text("text without '='", re.compile(r"[^=]+"), name=True),
            Text(secret=True),
            what="a variable",
        ),
        "files": Table(_TEXT, _FILE),
        "volumes": Table(_TEXT, _VOLUME),
        "before": Table(
            _LABEL,
            Record({"ready": OneOf(("started", "healthy", "complete"))}, required=("ready",)),
            what="a container",
        ),
        "resources": Record({"limits": _LIMITS, "requests": _LIMITS}),
        "livenessProbe": _PROBE,
        "readinessProbe": _PROBE,
    },
    required=("image",),
)

_RESOURCE: Final = Record(
    {
        "type": _TYPE,
        "class": _TYPE,
        "id": _ID,
        "metadata": Record({"annotations": _METADATA_ANNOTATIONS}, extra=Anything()),
        "params": Record({}, extra=Anything()),
    },
    required=("type",),
)

SCORE_FILE: Final = Record(
    {
        "apiVersion": Text("score.dev/v1b1", re.compile(r"score\.dev/v1b1")),
        "metadata": Record(
            {"name": _LABEL, "annotations": _METADATA_ANNOTATIONS},
            required=("name",),
            extra=Anything(),
        ),
        "service": _SERVICE,
        "containers": Table(_LABEL, _CONTAINER, fewest=1, what="a container"),
        "resources": Table(_LABEL, _RESOURCE, what="a resource"),
    },
    required=("apiVersion", "metadata", "containers"),
    hints={"apiVersion": "begin the file with `apiVersion: score.dev/v1b1`"},
)
