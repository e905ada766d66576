"""The function library as a whole: its names, and that a group is imported only when it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from doit_score.templating.functions import Function, lookup, names


def test_the_library_has_the_names_of_sprig_and_two_more() -> None:
    assert len(names()) == 213
    assert {"encodeSecretRef", "substituteValue"} <= names()
    assert "toYaml" not in names()
    assert {"dig", "mustRegexReplaceAllLiteral", "genSignedCertWithKey", "sha512sum"} <= names()


@pytest.mark.parametrize("name", sorted(names()))
def test_every_name_leads_to_a_function_of_that_name(name: str) -> None:
    function = lookup(name)
    assert isinstance(function, Function)
    assert function.name == name
    assert callable(function.call)
    assert function.params or not function.variadic


def test_an_unknown_name_leads_to_nothing() -> None:
    assert lookup("toYaml") is None
    assert lookup("Quote") is None


def test_the_same_function_is_found_each_time() -> None:
    assert lookup("upper") is lookup("upper")


SCRIPT = """
import sys
from doit_score.templating.functions import lookup
lookup("upper")
lookup("dig")
heavy = {"re2", "cryptography", "bcrypt", "datetime", "zoneinfo", "json", "secrets", "hashlib", "fractions"}
print(sorted(heavy & set(sys.modules)))
"""


def test_looking_up_text_functions_imports_nothing_heavy() -> None:
    # -S: the site directory of a test environment may import anything.
    command = [sys.executable, "-S", "-c", SCRIPT]
    path = next(entry for entry in sys.path if entry.endswith("tasks"))
    done = subprocess.run(command, env={"PYTHONPATH": path}, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
