"""What Jinja2's own filters and tests do, beside the functions of the library; one example of each.

For ``provisioners explain`` and docs/provisioners/functions.md, imported only when somebody asks.
"""

from __future__ import annotations

from collections.abc import Mapping

# fmt: off
FILTERS: Mapping[str, tuple[str, str]] = {
    "abs": ("the number without its sign", "(-3) | abs"),
    "attr": ("what `value.name` gives", '{"a": 1} | attr("a")'),
    "batch": ("the elements in lists of so many", "[1, 2, 3] | batch(2) | list"),
    "capitalize": ("the first letter in upper case, all others in lower case", '"oRDERS" | capitalize'),
    "center": ("the text in the middle of so many characters", '"a" | center(5)'),
    "dictsort": ("the pairs of a mapping, sorted", '{"b": 1, "a": 2} | dictsort'),
    "escape": ("the text escaped for HTML", '"a<b" | escape'),
    "filesizeformat": ("a number of bytes for people", "1500000 | filesizeformat"),
    "float": ("the value as a number with a fraction", '"1.5" | float'),
    "format": ("the text with values filled in", '"%s:%d" | format("host", 80)'),
    "groupby": ("the elements in groups, by a key",
                '[{"a": 1, "b": 2}, {"a": 1, "b": 3}] | groupby("a") | length'),
    "items": ("the pairs of a mapping, for a loop", '{"a": 1} | items | list'),
    "length": ("how many elements or letters", "[1, 2, 3] | length"),
    "map": ("one key of each element, or each element through a filter", '["a", "b"] | map("upper") | list'),
    "pprint": ("the value as Python writes it", '{"a": 1} | pprint'),
    "random": ("one of the elements, another each time", "[7, 7] | random"),
    "reject": ("the elements that a test does not pass", '[1, 2, 3] | reject("odd") | list'),
    "rejectattr": ("the elements of which a key does not pass a test",
                   '[{"a": 0}, {"a": 1}] | rejectattr("a") | list'),
    "safe": ("the text as it is: nothing is escaped anyway", '"a<b" | safe'),
    "select": ("the elements that pass a test", '[1, 2, 3] | select("odd") | list'),
    "selectattr": ("the elements of which a key passes a test",
                   '[{"a": 0}, {"a": 1}] | selectattr("a") | list'),
    "sort": ("the elements sorted", "[3, 1, 2] | sort"),
    "string": ("the value as text", "80 | string"),
    "striptags": ("the text without tags", '"<b>a</b>" | striptags'),
    "sum": ("the sum of the elements", "[1, 2, 3] | sum"),
    "tojson": ("the value as JSON, with `<`, `>`, `&` and `'` escaped", '{"a": [1, 2]} | tojson'),
    "truncate": ("the text, cut to so many characters between words",
                 '"one two three" | truncate(9, leeway=0)'),
    "unique": ("each element once, whatever its case", '["a", "b", "A"] | unique | list'),
    "urlencode": ("the text escaped for a URL", '"a b&c" | urlencode'),
    "urlize": ("addresses as links of HTML", '"see http://a.test" | urlize'),
    "wordcount": ("how many words", '"one two" | wordcount'),
    "wordwrap": ("lines of at most so many characters", '"one two three" | wordwrap(7)'),
    "xmlattr": ("a mapping as attributes of XML", '{"a": 1} | xmlattr'),
}

ALIASES: Mapping[str, str] = {"count": "length", "e": "escape", "forceescape": "escape"}
"""Other names of some of them."""

FUNCTIONS: Mapping[str, tuple[str, str]] = {
    "cycler": ("values one after the other, and again", 'cycler("a", "b").next()'),
    "joiner": ("a text each time but the first", 'joiner(",")() ~ "a"'),
    "namespace": ("something to set within a loop: `{% set n.x = ... %}`", 'namespace(x=1).x'),
    "range": ("the whole numbers from one up to another, without it", "range(1, 4) | list"),
}

TESTS: Mapping[str, str] = {
    "boolean": "true is boolean",
    "callable": "range is callable",
    "defined": "nothing is defined",
    "divisibleby": "6 is divisibleby 3",
    "escaped": '"a" is escaped',
    "even": "2 is even",
    "false": "false is false",
    "filter": '"upper" is filter',
    "float": "1.5 is float",
    "in": '"a" is in ["a", "b"]',
    "integer": "1 is integer",
    "iterable": "[1] is iterable",
    "lower": '"a" is lower',
    "mapping": '{"a": 1} is mapping',
    "none": "none is none",
    "number": "1.5 is number",
    "odd": "2 is odd",
    "sameas": "true is sameas true",
    "sequence": "[1] is sequence",
    "string": '"a" is string',
    "test": '"odd" is test',
    "true": "1 is true",
    "undefined": "nothing is undefined",
    "upper": '"A" is upper',
}
"""What can stand after `is`, beside the comparisons."""
# fmt: on
