"""The command line, read by the table of options."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import SimpleNamespace

from doit_score.command.verbs import below, program
from doit_score.options import ACTION, COUNT, SECONDS, WORD, Option, options_of, usual
from doit_score.text import words
from doit_score.text.errors import ScoreError
from doit_score.text.light import Any, NoReturn
from doit_score.version import __version__


def parse(arguments: Sequence[str]) -> SimpleNamespace:
    """The command (``command``) and what its flags say, by name.  Raises ScoreError for what is not known.

    Prints help and version, where they are asked for, and raises SystemExit then.
    """
    return _Parser(arguments).chosen()


class _Parser:
    def __init__(self, arguments: Sequence[str]) -> None:
        self._words = list(arguments)
        self._found: dict[str, Any] = {}
        self._others: list[str] = []
        self._unknown: list[str] = []
        self._enter("")

    def _enter(self, verb: str) -> None:
        self._verb, self._below = verb, below(verb)
        self._flags = {flag: option for option in options_of(verb) for flag in option.flags}

    def chosen(self) -> SimpleNamespace:
        only_words = False
        while self._words:
            word = self._words.pop(0)
            if only_words or word == "-" or not word.startswith("-"):
                self._take_word(word)
            elif word == "--":
                only_words = True
            else:
                self._take_flag(word)
        unsaid = {option.chosen: usual(option) for option in options_of(self._verb) if option.kind != ACTION}
        found = {**unsaid, **self._found, **self._positional()}
        if self._unknown:
            hint = f"see `{program(self._verb)} --help`"
            raise ScoreError(f"unrecognized arguments: {' '.join(self._unknown)}", hint=hint)
        if self._below:
            from doit_score.command.help import text

            print(text(self._verb), file=sys.stderr)
            raise ScoreError("no command was given")
        return SimpleNamespace(command=self._verb, **found)

    def _take_word(self, word: str) -> None:
        if not self._below:
            self._others.append(word)
        elif word in self._below:
            self._enter(f"{self._verb} {word}".strip())
        elif word == "help" and not self._verb:
            self._words.append("--help")
        else:
            hint = words.near(word, self._below)
            raise ScoreError(f"unknown command '{word}' for '{program(self._verb)}'", hint=hint)

    def _take_flag(self, word: str) -> None:
        flag, equals, value = word.partition("=") if word.startswith("--") else (word[:2], "", word[2:])
        option = self._flags.get(flag)
        if option is None:
            self._unknown.append(word)
        elif option.takes_value:
            if not (equals or value):
                if not self._words or _is_flag(self._words[0]):
                    self._wrong(option, "expected one argument")
                value = self._words.pop(0)
            self._take_value(option, value)
        elif equals:
            self._wrong(option, f"takes no value, found {value!r}")
        else:
            if value:
                self._words.insert(0, f"-{value}")
            self._take_flag_alone(option, flag)

    def _take_flag_alone(self, option: Option, flag: str) -> None:
        if option.kind == ACTION:
            from doit_score.command.help import text

            print(text(self._verb) if option.name == "help" else f"doit-score {__version__}")
            raise SystemExit(0)
        counted = option.kind == COUNT
        is_no = bool(option.memory) and flag.startswith("--no-")
        self._found[option.chosen] = self._found.get(option.chosen, 0) + 1 if counted else not is_no

    def _take_value(self, option: Option, value: str) -> None:
        if option.is_repeatable:
            self._found.setdefault(option.chosen, []).append(value)
            return
        if option.kind == WORD and value not in option.words:
            expected = " or ".join(map(repr, option.words))
            raise ScoreError(f"{option.flags[-1]}: expected {expected}, found {value!r}")
        self._found[option.chosen] = value
        if option.kind == SECONDS:
            try:
                self._found[option.chosen] = seconds = float(value)
                if seconds != seconds:
                    raise ValueError
            except ValueError:
                self._wrong(option, f"invalid float value: {value!r}")

    def _positional(self) -> dict[str, object]:
        """The words that are no flags, as the verb calls them."""
        takes = next((option for option in options_of(self._verb) if not option.flags), None)
        if takes is not None and takes.is_repeatable:
            return {takes.name: self._others}
        self._unknown[:0] = self._others if takes is None else self._others[1:]
        if takes is None:
            return {}
        if not self._others:
            self._fail(f"the following arguments are required: {takes.metavar}")
        return {takes.name: self._others[0]}

    def _wrong(self, option: Option, what: str) -> NoReturn:
        self._fail(f"argument {'/'.join(option.flags)}: {what}")

    def _fail(self, message: str) -> NoReturn:
        raise ScoreError(message, hint=f"see `{program(self._verb)} --help`")


def _is_flag(word: str) -> bool:
    """Whether ``word`` cannot be the value of the flag before it; a negative number can."""
    return len(word) > 1 and word[0] == "-" and not word[1].isdigit()
