"""The command line, read by the table of options."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import SimpleNamespace

from doit_score.command.verbs import ONLY_LOOK, VERBS, below, program
from doit_score.options import ACTION, ALIASES, COMMAND, COUNT, SECONDS, WORD, Option, options_of, usual
from doit_score.text import words
from doit_score.text.errors import ScoreError
from doit_score.text.light import Any, NoReturn
from doit_score.version import __version__


def parse(arguments: Sequence[str]) -> SimpleNamespace:
    """The command (``command``) and what its flags say, by name; ``said`` are the names of those that say
    anything, and ``configured`` is what else says it, which is found later (whereabouts.py).

    Raises ScoreError for what is not known.

    Prints help and version, where they are asked for, and raises SystemExit then.
    """
    return _Parser(arguments).chosen()


class _Parser:
    def __init__(self, arguments: Sequence[str]) -> None:
        self._words = list(arguments)
        self._found: dict[str, Any] = {}
        self._others: list[str] = []
        self._unknown: list[str] = []
        self._early: list[str] = []
        self._wants_help = False
        self._enter("")

    def _enter(self, verb: str) -> None:
        self._verb, self._below = verb, below(verb)
        self._flags = {flag: option for option in options_of(verb) for flag in option.flags}
        self._words[:0], self._early = self._early, []

    def chosen(self) -> SimpleNamespace:
        try:
            self._read()
            return self._finished()
        except ScoreError:
            # Who asks for help wants to know how it is said right.
            if self._wants_help or _asks_for_help(self._words):
                self._help()
            raise

    def _read(self) -> None:
        only_words = False
        while self._words:
            word = self._words.pop(0)
            if only_words or word == "-" or not word.startswith("-"):
                self._take_word(word)
            elif word == "--":
                only_words = True
            else:
                self._take_flag(word)
        if self._wants_help:
            self._help()

    def _finished(self) -> SimpleNamespace:
        unsaid = {option.chosen: usual(option) for option in options_of(self._verb) if option.kind != ACTION}
        others = self._positional()
        found = {**unsaid, **self._found, **others}
        self._check_unknown()
        if self._below:
            from doit_score.command.help import text

            print(text(self._verb), file=sys.stderr)
            hint = self._owners(self._early[0].partition("=")[0]) if self._early else None
            raise ScoreError("no command was given", hint=hint)
        said = frozenset({*self._found, *(name for name, value in others.items() if value)})
        return SimpleNamespace(
            command=ALIASES.get(self._verb, self._verb), said=said, configured=None, **found
        )

    def _help(self) -> NoReturn:
        from doit_score.command.help import text

        print(text(self._verb))
        raise SystemExit(0)

    def _take_word(self, word: str) -> None:
        if not self._below:
            self._others.append(word)
            if any(option.kind == COMMAND for option in options_of(self._verb)):
                self._others += self._words[1:] if self._words[:1] == ["--"] else self._words
                self._words = []
        elif word == "help":
            self._wants_help = True
        elif word in self._below:
            self._enter(f"{self._verb} {word}".strip())
        else:
            self._wants_help, self._words = False, []
            self._check_unknown()  # one of them may have taken this word for its value
            raise ScoreError(
                f"unknown command '{word}' for '{program(self._verb)}'", hint=self._near_verb(word)
            )

    def _near_verb(self, word: str) -> str:
        """The hint for a verb that is not known, which names none that would change anything."""
        near = words.nearest(word, self._below)
        if near and f"{self._verb} {near}".strip() in ONLY_LOOK:
            return f"did you mean '{near}'?"
        return f"see `{f'doit-score help {self._verb}'.strip()}`"

    def _take_flag(self, word: str) -> None:
        flag, equals, value = word.partition("=") if word.startswith("--") else (word[:2], "", word[2:])
        option = self._flags.get(flag)
        if option is None:
            self._take_other(word, flag, is_whole=bool(equals or value))
        elif option.takes_value:
            if not (equals or value):
                if not self._words or _is_flag(self._words[0]):
                    self._wrong(option, "expected one argument")
                value = self._words.pop(0)
            self._take_value(self._with_word(flag, value, option), value)
        elif equals:
            self._wrong(option, f"takes no value, found {value!r}")
        else:
            if value:
                self._words.insert(0, f"-{value}")
            self._take_flag_alone(option, flag)

    def _with_word(self, flag: str, value: str, option: Option) -> Option:
        """Which option it is, where several of one verb have the same flag and words of their own."""
        several = [one for one in options_of(self._verb) if flag in one.flags]
        return next((one for one in several if value in one.words), option)

    def _take_other(self, word: str, flag: str, *, is_whole: bool) -> None:
        """A flag that is not taken here: of a command that comes after it, or unknown."""
        takes_value = self._arities(flag) if self._below else set()
        if not takes_value:
            self._unknown.append(word)
            return
        self._early.append(word)
        if is_whole or takes_value == {False}:
            return
        if len(takes_value) == 2:
            first, second = [*self._words, "", ""][:2]
            alone = first in self._below and False in self._arities(flag, first)
            if alone == (second in self._below and True in self._arities(flag, second)):
                raise ScoreError(
                    f"what '{flag}' means depends on the command", hint="say it after the command"
                )
            if alone:
                return
        if self._words and not _is_flag(self._words[0]):
            self._early.append(self._words.pop(0))

    def _arities(self, flag: str, verb: str = "") -> set[bool]:
        """Whether ``flag`` takes a value for the commands that can follow, or that begin with ``verb``."""
        start = f"{self._verb} {verb}".strip()
        names = [name for name in VERBS if f"{name} ".startswith(f"{start} ".lstrip())]
        return {one.takes_value for name in names for one in options_of(name) if flag in one.flags}

    def _check_unknown(self) -> None:
        """Raises ScoreError for what nothing takes."""
        if not self._unknown:
            return
        known = {flag for name in VERBS for option in options_of(name) for flag in option.flags}
        near, owners = [], []
        for flag in [word.partition("=")[0] for word in self._unknown if word.startswith("-")]:
            if flag in known:
                owners.append(self._owners(flag))
            else:
                meant = {one.lstrip("-"): one for one in (known if self._below else self._flags)}
                if close := words.nearest(flag.lstrip("-"), meant):
                    near.append(f"'{meant[close]}'")
        hint = "; ".join([*owners, f"see `{program(self._verb)} --help`"])
        raise ScoreError(
            f"unrecognized arguments: {' '.join(self._unknown)}",
            hint=f"did you mean {' and '.join(near)}? {hint}" if near else hint,
        )

    def _owners(self, flag: str) -> str:
        """Says which commands take ``flag``."""
        names = [name for name in VERBS if any(flag in option.flags for option in options_of(name))]
        return f"{flag} is for {' and '.join(f'`{name}`' for name in names if name not in ALIASES)}"

    def _take_flag_alone(self, option: Option, flag: str) -> None:
        if option.kind == ACTION:
            if option.name == "help":
                self._wants_help = True
                return
            print(f"doit-score {__version__}")
            raise SystemExit(0)
        counted = option.kind == COUNT
        is_no = option.is_either and flag.startswith("--no-")
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
        found: dict[str, object] = {}
        missing = []
        for option in (option for option in options_of(self._verb) if not option.flags):
            if not self._others and (option.kind == COMMAND or not option.is_repeatable):
                missing.append(option.metavar)
            elif option.is_repeatable:
                found[option.name], self._others = self._others, []
            else:
                found[option.name] = self._others.pop(0)
        self._unknown[:0] = self._others
        if missing:
            self._fail(f"the following arguments are required: {', '.join(missing)}")
        return found

    def _wrong(self, option: Option, what: str) -> NoReturn:
        self._fail(f"argument {'/'.join(option.flags)}: {what}")

    def _fail(self, message: str) -> NoReturn:
        raise ScoreError(message, hint=f"see `{program(self._verb)} --help`")


def _asks_for_help(given: Sequence[str]) -> bool:
    ahead = given[: given.index("--")] if "--" in given else given
    return "-h" in ahead or "--help" in ahead


def _is_flag(word: str) -> bool:
    """Whether ``word`` cannot be the value of the flag before it; a negative number can."""
    return len(word) > 1 and word[0] == "-" and not word[1].isdigit()
