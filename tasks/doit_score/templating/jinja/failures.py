"""What a template did that Python refused, in words of templates.

Of what Python says only names of types, operators and functions are taken: the rest may quote a value, and a
value may be a password.
"""

from __future__ import annotations

import re

from doit_score.text.light import Final

UNTOLD: Final = "the values do not fit what is done with them here"

_TYPES: Final = {
    "NoneType": "null",
    "bool": "a boolean",
    "dict": "a mapping",
    "float": "a number",
    "int": "a number",
    "list": "a list",
    "str": "text",
    "tuple": "a list",
    "datetime.datetime": "a timestamp",
    "builtin_function_or_method": "a function",
    "function": "a function",
    "method": "a function",
}
_REFUSED: Final = (
    (r"unsupported operand type\(s\) for (\S+)(?: or pow\(\))?: '([\w.]+)' and '([\w.]+)'",
     "{0} is not for {1} and {2}"),
    (r"can only concatenate ([\w.]+) \(not \"([\w.]+)\"\) to [\w.]+", "+ is not for {0} and {1}"),
    (r"can't multiply sequence by non-int of type '([\w.]+)'", "* is not for {0} and text or a list"),
    (r"bad operand type for unary (\S): '([\w.]+)'", "{0} is not for {1}"),
    (r"'(\S+)' not supported between instances of '([\w.]+)' and '([\w.]+)'", "{0} is not for {1} and {2}"),
    (r"'in <string>' requires string as left operand, not ([\w.]+)", "in is not for {0} and text"),
    (r"argument of type '([\w.]+)' is not .*", "{0} has no parts"),
    (r"'([\w.]+)' object is not iterable", "{0} has no parts to go through"),
    (r"cannot unpack non-iterable ([\w.]+) object", "{0} has no parts to go through"),
    (r"'([\w.]+)' object is not callable", "{0} is no function"),
    (r"'([\w.]+)' object is not (?:subscriptable|a mapping|reversible)", "{0} has no parts"),
    (r"object of type '([\w.]+)' has no len\(\)", "{0} has no length"),
    (r"unhashable type: '([\w.]+)'", "{0} can be no key"),
    (r".*a (?:real )?number is required, not ([\w.]+)|.*an integer is required, not ([\w.]+)",
     "expected a number, found {0}"),
    (r"(?:do_)?(\w+)\(\) missing \d+ required (?:positional|keyword-only) arguments?: (.*)", "{0} lacks {1}"),
    (r"(?:do_)?(\w+)\(\) got an unexpected keyword argument ('\w+')", "{0} takes no {1}"),
    (r"(?:do_)?(\w+)\(\) takes .*", "{0} is given too many arguments"),
    (r"(macro '\w+' .*)", "{0}"),
    (r"no loader for this environment specified", "there are no other templates here: this must stand alone"),
    (r"not enough arguments for format string", "the format has more places than there are values"),
    (r"not all arguments converted during string formatting",
     "the format has fewer places than there are values"),
)  # fmt: skip


def told(error: Exception) -> str:
    """What is to be said of ``error``, which is none of Jinja2 and none of ours."""
    if isinstance(error, ZeroDivisionError):
        return "division by zero"
    # Jinja2 writes a constant that no float holds as `inf`, a name that there is not.
    if isinstance(error, (OverflowError, NameError)):
        return "a number is too large"
    if isinstance(error, SyntaxError):
        repeated = re.match(r"keyword argument repeated: (\w+)|duplicate argument '(\w+)'", error.msg)
        return (
            f"'{repeated[1] or repeated[2]}' is given twice"
            if repeated
            else "the template is nested too deeply"
        )
    if isinstance(error, TypeError):
        for pattern, words in _REFUSED:
            found = re.fullmatch(pattern, str(error))
            if found is not None:
                return words.format(*(_TYPES.get(part, part) for part in found.groups() if part is not None))
    return UNTOLD
