"""The function library of templates: the 211 names of sprig 3.3 and two of score-k8s, for both syntaxes.

The functions follow Go's sprig to the byte (``tests/conformance``, groups ``sprig:*``), because the
provisioner files in the wild were written against it.  They take and return plain Python values,
and the few Go types of :mod:`doit_score.templating.values`.

A group module is imported when the first of its functions is looked up, not before: most templates
need two or three groups, and start-up time is a feature.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import cache
from importlib import import_module

from doit_score.text.light import dataclass

__all__ = [
    "CHANCE", "DRAWN", "ENVIRONMENT", "HERMETIC", "LATER", "SUBSTITUTE", "Function", "group", "lookup",
    "names",
]  # fmt: skip

HERMETIC: ContextVar[bool] = ContextVar("hermetic", default=False)
"""Set by the engine around a rendering that may not see the environment: ``env`` and ``expandenv`` fail."""

ENVIRONMENT: ContextVar[Mapping[str, str] | None] = ContextVar("environment", default=None)
"""Set by the engine to the variables that ``env`` and ``expandenv`` see; without it, those of the process."""

SUBSTITUTE: ContextVar[Callable[[str, str], str] | None] = ContextVar("substitute", default=None)
"""Set by the engine around a patch template: a text with its placeholders replaced as for a workload."""

DRAWN: ContextVar[Callable[[str], object] | None] = ContextVar("drawn", default=None)
"""Set to who is told of every random text and number that templates draw, as text."""

CHANCE: ContextVar[Callable[[int], bytes] | None] = ContextVar("chance", default=None)
"""Set to where random bytes come from, in place of the operating system: in tests of provisioners."""

LATER: ContextVar[float] = ContextVar("later", default=0.0)
"""Set to how many seconds the clock of templates is ahead: in tests of provisioners."""


@dataclass(frozen=True, slots=True)
class Function:
    """One template function.

    ``params`` are Go types as text (``any``, ``string``, ``int``, ``uint32``, ``map[string]any``,
    ``time.Time`` ...), in the library those of the annotations; the last one is the type of each further
    argument when ``variadic``.  The caller has checked the arguments against them, as Go's reflection does,
    before it calls ``call(*args)``; a nil map or list arrives as None.  No call may be folded or cached: two
    with equal arguments may differ (random values, the clock, the environment), or change their argument.
    """

    name: str
    call: Callable[..., object]
    params: tuple[str, ...]
    variadic: bool = False


_GROUPS = {
    "strings": "abbrev abbrevboth cat contains hasPrefix hasSuffix indent initials join nindent nospace"
    " plural quote repeat replace sortAlpha split splitList splitn squote substr toStrings trim trimAll"
    " trimPrefix trimSuffix trimall=trim_all trunc wrap wrapWith",
    "casing": "camelcase kebabcase lower snakecase swapcase title untitle upper",
    "conversion": "deepEqual empty=is_empty float64=to_float64 toString=text_of_value",
    "numbers": "add add1 add1f addf atoi biggest=largest ceil div divf floor int=as_int int64=as_int64"
    " max=largest maxf min=smallest minf mod mul mulf round=round_ seq sub subf toDecimal until untilStep",
    "lists": "append chunk compact concat first has initial last list=new mustAppend mustChunk mustCompact"
    " mustFirst mustHas mustInitial mustLast mustPrepend mustPush=append mustRest mustReverse"
    " mustSlice=slice_ mustUniq mustWithout prepend push=append rest reverse slice=slice_ tuple=new uniq"
    " without",
    "dicts": "deepCopy dict=new dig get hasKey keys merge mergeOverwrite mustDeepCopy mustMerge"
    " mustMergeOverwrite omit pick pluck set=set_ unset values",
    "defaults": "all=all_ any=any_ coalesce default fail hello ternary",
    "json": "fromJson mustFromJson mustToJson mustToPrettyJson mustToRawJson toJson toPrettyJson toRawJson",
    "encoding": "adler32sum b32dec b32enc b64dec b64enc sha1sum sha256sum sha512sum",
    "reflection": "kindIs kindOf typeIs typeIsLike typeOf=type_name",
    "randoms": "randAlpha randAlphaNum randAscii randBytes randInt randNumeric shuffle uuidv4",
    "regex": "mustRegexFind mustRegexFindAll mustRegexMatch mustRegexReplaceAll mustRegexReplaceAllLiteral"
    " mustRegexSplit regexFind regexFindAll regexMatch regexQuoteMeta regexReplaceAll regexReplaceAllLiteral"
    " regexSplit",
    "dates": "ago date dateInZone dateModify date_in_zone date_modify duration durationRound htmlDate"
    " htmlDateInZone mustDateModify mustToDate must_date_modify now toDate unixEpoch",
    "semver": "semver=parsed semverCompare",
    "paths": "base clean dir=directory ext isAbs osBase=base osClean=clean osDir=directory osExt=ext"
    " osIsAbs=is_abs",
    "urls": "urlJoin urlParse",
    "crypto": "bcrypt decryptAES derivePassword encryptAES genPrivateKey htpasswd",
    "certificates": "buildCustomCert genCA genCAWithKey genSelfSignedCert genSelfSignedCertWithKey"
    " genSignedCert genSignedCertWithKey",
    "environment": "env expandenv getHostByName",
    "references": "encodeSecretRef substituteValue",
}
"""The functions of each module, which says in Python's way what is written after ``=``, or else the same
in ``snake_case``.  A ``mustX`` that the module does not define is its ``x``."""

_PLACES = {
    name: (module, call)
    for module, words in _GROUPS.items()
    for name, _, call in (word.partition("=") for word in words.split())
}
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_GO_TYPES = {
    "object": "any", "str": "string", "int": "int", "Uint32": "uint32", "float": "float64", "bool": "bool",
    "Map | None": "map[string]any", "Items": "[]any", "datetime": "time.Time",
    "Certificate": "sprig.certificate",
}  # fmt: skip
_VARIADIC = 0x04
"""The flag of code that takes any number of arguments; ``inspect``, which names it, is slow to import."""


@cache
def lookup(name: str) -> Function | None:
    """The function called ``name``, or None; imports the one group module that holds it."""
    if name not in _PLACES:
        return None
    module, said = _PLACES[name]
    group = import_module(f"{__name__}.{module}")
    own = said or _WORD.sub("_", name).lower()
    call = getattr(group, own, None) or getattr(group, own.removeprefix("must_"))
    params = [_GO_TYPES[kind] for word, kind in call.__annotations__.items() if word != "return"]
    return Function(name, call, tuple(params), bool(call.__code__.co_flags & _VARIADIC))


def group(name: str) -> str:
    """The module of this package that has the function ``name``, which must be one of :func:`names`."""
    return _PLACES[name][0]


def names() -> frozenset[str]:
    """The names of all functions (without the built-ins of Go's text/template)."""
    return frozenset(_PLACES)
