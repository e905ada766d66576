"""The function library of templates: the 211 names of sprig 3.3, one library for both syntaxes.

The functions follow Go's sprig to the byte (``tests/conformance``, groups ``sprig:*``), because the
provisioner files in the wild were written against it.  They take and return plain Python values,
and the few Go types of :mod:`doit_score.templating.values`.

A group module is imported when the first of its functions is looked up, not before: most templates
need two or three groups, and start-up time is a feature.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from importlib import import_module

from doit_score.text.light import dataclass

__all__ = ["DRAWN", "ENVIRONMENT", "HERMETIC", "Function", "lookup", "names"]

HERMETIC: ContextVar[bool] = ContextVar("hermetic", default=False)
"""Set by the engine around a rendering that may not see the environment: ``env`` and ``expandenv`` fail."""

ENVIRONMENT: ContextVar[Mapping[str, str] | None] = ContextVar("environment", default=None)
"""Set by the engine to the variables that ``env`` and ``expandenv`` see; without it, those of the process."""

DRAWN: ContextVar[set[str] | None] = ContextVar("drawn", default=None)
"""Set by the engine to collect every random text and number that templates draw, as text."""


@dataclass(frozen=True, slots=True)
class Function:
    """One template function.

    ``params`` are Go types as text (``any``, ``string``, ``int``, ``uint32``, ``map[string]any``,
    ``time.Time`` ...); the last one is the type of each further argument when ``variadic``.  The
    caller has checked the arguments against them, as Go's reflection does, before it calls
    ``call(*args)``; a nil map or list arrives as None.  No call may be folded or cached: two with equal
    arguments may differ (random values, the clock, the environment), or change their argument.
    """

    name: str
    call: Callable[..., object]
    params: tuple[str, ...]
    variadic: bool = False


_GROUPS = {
    "strings": "abbrev abbrevboth cat contains hasPrefix hasSuffix indent initials join nindent nospace"
    " plural quote repeat replace sortAlpha split splitList splitn squote substr toString toStrings trim"
    " trimAll trimPrefix trimSuffix trimall trunc wrap wrapWith",
    "casing": "camelcase kebabcase lower snakecase swapcase title untitle upper",
    "numbers": "add add1 add1f addf atoi biggest ceil div divf float64 floor int int64 max maxf min minf mod"
    " mul mulf round seq sub subf toDecimal until untilStep",
    "lists": "append chunk compact concat first has initial last list mustAppend mustChunk mustCompact"
    " mustFirst mustHas mustInitial mustLast mustPrepend mustPush mustRest mustReverse mustSlice mustUniq"
    " mustWithout prepend push rest reverse slice tuple uniq without",
    "dicts": "deepCopy dict dig get hasKey keys merge mergeOverwrite mustDeepCopy mustMerge"
    " mustMergeOverwrite omit pick pluck set unset values",
    "defaults": "all any coalesce default empty fail hello ternary",
    "json": "fromJson mustFromJson mustToJson mustToPrettyJson mustToRawJson toJson toPrettyJson toRawJson",
    "encoding": "adler32sum b32dec b32enc b64dec b64enc sha1sum sha256sum sha512sum",
    "reflection": "deepEqual kindIs kindOf typeIs typeIsLike typeOf",
    "randoms": "randAlpha randAlphaNum randAscii randBytes randInt randNumeric shuffle uuidv4",
    "regex": "mustRegexFind mustRegexFindAll mustRegexMatch mustRegexReplaceAll mustRegexReplaceAllLiteral"
    " mustRegexSplit regexFind regexFindAll regexMatch regexQuoteMeta regexReplaceAll regexReplaceAllLiteral"
    " regexSplit",
    "dates": "ago date dateInZone dateModify date_in_zone date_modify duration durationRound htmlDate"
    " htmlDateInZone mustDateModify mustToDate must_date_modify now toDate unixEpoch",
    "semver": "semver semverCompare",
    "paths": "base clean dir ext isAbs osBase osClean osDir osExt osIsAbs",
    "urls": "urlJoin urlParse",
    "crypto": "bcrypt decryptAES derivePassword encryptAES genPrivateKey htpasswd",
    "certificates": "buildCustomCert genCA genCAWithKey genSelfSignedCert genSelfSignedCertWithKey"
    " genSignedCert genSignedCertWithKey",
    "environment": "env expandenv getHostByName",
}
_MODULES = {name: module for module, words in _GROUPS.items() for name in words.split()}
_NAMES = frozenset(_MODULES)
_found: dict[str, Function] = {}


def lookup(name: str) -> Function | None:
    """The function called ``name``, or None; imports the one group module that holds it."""
    function = _found.get(name)
    if function is None:
        module = _MODULES.get(name)
        if module is None:
            return None
        for each in import_module(f"{__name__}.{module}").FUNCTIONS:
            _found[each.name] = each
        function = _found[name]
    return function


def names() -> frozenset[str]:
    """The names of all functions (without the built-ins of Go's text/template)."""
    return _NAMES
