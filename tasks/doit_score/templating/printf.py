"""Go's ``printf``: a format with flags, widths, precisions and argument numbers.

What does not fit is said in the text, as Go does (``%!d(string=x)``, ``%!s(MISSING)``, ``%!(EXTRA int=2)``).
"""

from __future__ import annotations

from collections.abc import Sequence

from .printing import Flags, Printer
from .values import type_name

_MAX_NUMBER = 1_000_000


def sprintf(template: str, arguments: Sequence[object]) -> str:
    """``template`` with its verbs filled in.

    Raises GoError when the result would be larger than ``limits.TEXT``.
    """
    return _Run(template, arguments).run()


_FLAG_NAMES = {"#": "sharp", "0": "zero", "+": "plus", "-": "minus", " ": "space"}


class _Run:
    """One run through a format."""

    __slots__ = ("arguments", "at", "good", "next", "printer", "reordered", "template")

    def __init__(self, template: str, arguments: Sequence[object]) -> None:
        self.template = template
        self.arguments = arguments
        self.printer = Printer()
        self.at = 0
        self.next = 0
        self.good = True
        self.reordered = False

    def run(self) -> str:
        template, printer = self.template, self.printer
        end = len(template)
        while self.at < end:
            percent = template.find("%", self.at)
            if percent < 0:
                printer.write(template[self.at :])
                break
            if percent > self.at:
                printer.write(template[self.at : percent])
            self.at = percent + 1
            self.verb()
        if not self.reordered and self.next < len(self.arguments):
            self.extra()
        return "".join(printer.out)

    def extra(self) -> None:
        printer = self.printer
        printer.flags = Flags()
        printer.write("%!(EXTRA ")
        for position, argument in enumerate(self.arguments[self.next :]):
            if position:
                printer.write(", ")
            if argument is None:
                printer.write("<nil>")
            else:
                printer.write(type_name(argument) + "=")
                printer.argument(argument, "v")
        printer.write(")")

    def verb(self) -> None:
        printer, template = self.printer, self.template
        self.good = True
        printer.flags = flags = Flags()
        while self.at < len(template) and template[self.at] in _FLAG_NAMES:
            setattr(flags, _FLAG_NAMES[template[self.at]], True)
            self.at += 1
        simple = self.at < len(template) and "a" <= template[self.at] <= "z"
        if not (simple and self.next < len(self.arguments)):
            self.sizes(flags)
        if self.at >= len(template):
            printer.write("%!(NOVERB)")
            return
        verb = template[self.at]
        self.at += 1
        if verb == "%":
            printer.write("%")
        elif not self.good:
            printer.write(f"%!{verb}(BADINDEX)")
        elif self.next >= len(self.arguments):
            printer.write(f"%!{verb}(MISSING)")
        else:
            if verb in "vw":
                flags.syntax, flags.sharp = flags.sharp, False
                flags.names, flags.plus = flags.plus, False
            printer.argument(self.arguments[self.next], verb)
            self.next += 1

    def sizes(self, flags: Flags) -> None:
        """Argument index, width and precision, in Go's order."""
        indexed = self.index()
        if self.looking_at("*"):
            self.at += 1
            flags.width = self.number_argument()
            if flags.width is None:
                self.printer.write("%!(BADWIDTH)")
            elif flags.width < 0:
                flags.width, flags.minus, flags.zero = -flags.width, True, False
            indexed = False
        else:
            flags.width = self.number(len(self.template))
            if indexed and flags.width is not None:
                self.good = False
        if self.looking_at(".") and self.at + 1 < len(self.template):
            self.at += 1
            if indexed:
                self.good = False
            indexed = self.index()
            if self.looking_at("*"):
                self.at += 1
                flags.precision = self.number_argument()
                if flags.precision is not None and flags.precision < 0:
                    flags.precision = None
                if flags.precision is None:
                    self.printer.write("%!(BADPREC)")
                indexed = False
            else:
                flags.precision = self.number(len(self.template)) or 0
        if not indexed:
            self.index()

    def looking_at(self, char: str) -> bool:
        return self.template.startswith(char, self.at)

    def number(self, end: int) -> int | None:
        """The digits at the current place; too large a number swallows the rest, as in Go."""
        start, value = self.at, 0
        while self.at < end and "0" <= self.template[self.at] <= "9":
            if value > _MAX_NUMBER:
                self.at = end
                return None
            value = value * 10 + int(self.template[self.at])
            self.at += 1
        return value if self.at > start else None

    def number_argument(self) -> int | None:
        if self.next >= len(self.arguments):
            return None
        value = self.arguments[self.next]
        self.next += 1
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _MAX_NUMBER:
            return None
        return int(value)

    def index(self) -> bool:
        """Reads ``[n]``, the explicit number of an argument; whether there was a readable one."""
        if not self.looking_at("["):
            return False
        self.reordered = True
        start = self.at
        close = self.template.find("]", start)
        if close < 0 or len(self.template) - start < 3:
            self.at = start + 1
            self.good = False
            return False
        self.at = start + 1
        number = self.number(close)
        readable = number is not None and self.at == close
        self.at = close + 1
        if readable and number is not None and 1 <= number <= len(self.arguments):
            self.next = number - 1
            return True
        self.good = False
        return readable
