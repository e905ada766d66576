"""Values as text: what Go's ``print`` and ``println`` make of them, and one verb of ``printf``.

Flags, verbs and complaints (``%!d(string=x)``) are those of Go's package fmt; the cases ``print-*``,
``printf-*`` and ``sprig-floats-*`` of the conformance data hold them.
"""

from __future__ import annotations

from collections.abc import Sequence

from doit_score.text.light import dataclass

from . import limits
from .errors import GoError
from .scalars import float_text, quote, quote_rune, rune
from .values import (
    Int64,
    Struct,
    TypedList,
    TypedMap,
    is_nil,
    kind_of,
    sorted_keys,
    time_text,
    type_name,
    utf8,
)

_SIGNED = frozenset({"int", "int64", "int32"})
_UNSIGNED = frozenset({"uint8", "uint32", "uint64"})


def to_text(value: object) -> str:
    """``value`` as ``%v`` prints it; nil is ``<nil>``."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[return-value]  # its type is str
    if kind is int:
        return repr(value)
    if kind is bool:
        return "true" if value else "false"
    if value is None:
        return "<nil>"
    if isinstance(value, Int64):
        return int.__repr__(value)
    if kind is float:
        return float_text(value)  # type: ignore[arg-type]  # its type is float
    printer = Printer()
    printer.argument(value, "v")
    return "".join(printer.out)


def sprint(arguments: Sequence[object]) -> str:
    """The arguments, with a space between two of them that are both no strings."""
    out: list[str] = []
    after_string = True
    for argument in arguments:
        is_string = isinstance(argument, str)
        if not is_string and not after_string:
            out.append(" ")
        out.append(to_text(argument))
        after_string = is_string
    return _joined(out, "")


def sprintln(arguments: Sequence[object]) -> str:
    """The arguments, with a space between any two and a line break at the end."""
    return _joined([to_text(argument) for argument in arguments], " ") + "\n"


def _joined(texts: list[str], separator: str) -> str:
    if sum(map(len, texts)) > limits.TEXT:
        raise GoError(f"the text is larger than {limits.TEXT} characters")
    return separator.join(texts)


@dataclass(slots=True)
class Flags:
    """What stands between ``%`` and the verb."""

    plus: bool = False
    minus: bool = False
    sharp: bool = False
    space: bool = False
    zero: bool = False
    names: bool = False  # %+v: structs with the names of their fields
    syntax: bool = False  # %#v: as Go source
    width: int | None = None
    precision: int | None = None


class Printer:
    """Prints values under one set of flags into ``out``."""

    __slots__ = ("flags", "out", "quiet", "size")

    def __init__(self) -> None:
        self.out: list[str] = []
        self.flags = Flags()
        self.size = 0
        self.quiet = False  # within a complaint no String method is called

    def write(self, text: str) -> None:
        self.out.append(text)
        self.size += len(text)
        limits.weigh(text)
        if self.size > limits.TEXT:
            raise GoError(f"the text is larger than {limits.TEXT} characters")

    def pad(self, text: str, *, zeros: bool = True) -> None:
        width = self.flags.width
        if width is None or len(text) >= width:
            self.write(text)
        elif self.flags.minus:
            self.write(text.ljust(width))
        else:
            self.write(text.rjust(width, "0" if self.flags.zero and zeros else " "))

    def argument(self, value: object, verb: str) -> None:
        """One operand, at the top level."""
        if value is None:
            if verb in "Tv":
                self.pad("<nil>")
            else:
                self.complain(None, verb)
        elif verb == "T":
            self.text(type_name(value), "s")
        elif verb == "p":
            self.address(value, verb)
        else:
            self.value(value, verb, 0)

    def value(self, value: object, verb: str, depth: int) -> None:
        kind = kind_of(value)
        if kind == "string":
            self.text(value, verb)  # type: ignore[arg-type]  # kind says str
        elif kind in _SIGNED or kind in _UNSIGNED:
            self.integer(value, verb, kind)  # type: ignore[arg-type]  # kind says int
        elif kind == "bool":
            if verb in "tv":
                self.pad("true" if value else "false")
            else:
                self.complain(value, verb)
        elif kind == "float64":
            self.floating(value, verb)  # type: ignore[arg-type]  # kind says float
        elif kind == "invalid":
            if self.flags.syntax:
                self.write("interface {}(nil)")
            else:
                self.write("<nil>")
        elif kind in ("slice", "map"):
            self.collection(value, verb, depth)  # type: ignore[arg-type]  # kind says list or dict
        elif kind == "complex128":
            self.complex(value, verb)  # type: ignore[arg-type]  # kind says complex
        else:
            self.structure(value, verb, depth)

    def complain(self, value: object, verb: str) -> None:
        if value is None:
            self.write(f"%!{verb}(<nil>)")
            return
        self.write(f"%!{verb}({type_name(value)}=")
        quiet, self.quiet = self.quiet, True
        self.argument(value, "v")
        self.quiet = quiet
        self.write(")")

    def text(self, value: str, verb: str) -> None:
        precision = self.flags.precision
        if verb in "xX":
            self.hexadecimal(utf8(value), verb)
            return
        if verb not in "vsq":
            self.complain(value, verb)
            return
        if precision is not None:
            value = value[:precision]
        if verb == "q" or (verb == "v" and self.flags.syntax):
            if self.flags.sharp and verb == "q" and _fits_backquotes(value):
                self.pad(f"`{value}`")
            else:
                self.pad(quote(value, ascii_only=self.flags.plus))
        else:
            self.pad(value)

    def hexadecimal(self, data: bytes, verb: str) -> None:
        flags = self.flags
        if flags.precision is not None:
            data = data[: flags.precision]
        prefix = f"0{verb}" if flags.sharp else ""
        pairs = [format(byte, f"02{verb}") for byte in data]
        if flags.space:
            text = " ".join([prefix + pair for pair in pairs])
        else:
            text = prefix + "".join(pairs) if pairs else ""
        self.pad(text)

    def integer(self, value: int, verb: str, kind: str) -> None:
        flags = self.flags
        if verb == "v" and flags.syntax and kind in _UNSIGNED:
            self.digits(int(value), "x", sharp=True)
        elif verb in "vdboOxX":
            self.digits(int(value), verb, sharp=flags.sharp)
        elif verb == "c":
            self.pad(rune(value))
        elif verb == "q":
            self.pad(quote_rune(value, ascii_only=flags.plus))
        elif verb == "U":
            number = value if value >= 0 else value + (1 << 64)
            text = f"U+{number:0{max(flags.precision or 0, 4)}X}"
            if flags.sharp and value <= 0x10FFFF and rune(value).isprintable():
                text += f" '{rune(value)}'"
            self.pad(text, zeros=False)
        else:
            self.complain(value, verb)

    def digits(self, value: int, verb: str, *, sharp: bool) -> None:
        flags = self.flags
        least = flags.precision
        if least == 0 and value == 0:
            self.pad("", zeros=False)
            return
        if least is None:
            least = 0
            if flags.zero and not flags.minus and flags.width is not None:
                least = flags.width - (1 if value < 0 or flags.plus or flags.space else 0)
        text = format(abs(value), {"v": "d", "O": "o"}.get(verb, verb)).rjust(least, "0")
        if sharp:
            if verb == "b":
                text = "0b" + text
            elif verb in "oO":
                text = text if text.startswith("0") else "0" + text
            elif verb in "xX":
                text = f"0{verb}{text}"
        if verb == "O":
            text = "0o" + text
        sign = "-" if value < 0 else "+" if flags.plus else " " if flags.space else ""
        self.pad(sign + text, zeros=False)

    def floating(self, value: float, verb: str) -> None:
        flags = self.flags
        if verb not in "vbgGxXfFeE":
            self.complain(value, verb)
            return
        precision = flags.precision
        if precision is None:
            precision = 6 if verb in "fFeE" else -1
        letter = "g" if verb == "v" else verb
        text = float_text(value, letter, precision)
        sign = text[0] if text[0] in "+-" else "+"
        text = text.lstrip("+-")
        if text in ("Inf", "NaN"):
            shown = sign if sign == "-" or flags.plus or (text == "Inf" and not flags.space) else ""
            self.pad((shown or (" " if flags.space else "")) + text, zeros=False)
            return
        if flags.sharp and verb != "b":
            text = _with_point(text, letter, precision)
        sign = " " if flags.space and sign == "+" and not flags.plus else sign
        if not flags.plus and sign == "+":
            self.pad(text)
        elif flags.zero and not flags.minus and flags.width is not None:
            self.write(sign + text.rjust(flags.width - 1, "0"))
        else:
            self.pad(sign + text)

    def complex(self, value: complex, verb: str) -> None:
        if verb not in "vbgGxXfFeE":
            self.complain(value, verb)
            return
        plus = self.flags.plus
        self.write("(")
        self.floating(value.real, verb)
        self.flags.plus = True
        self.floating(value.imag, verb)
        self.write("i)")
        self.flags.plus = plus

    def collection(self, value: list[object] | dict[object, object], verb: str, depth: int) -> None:
        syntax = self.flags.syntax
        if syntax:
            self.write(type_name(value))
            if is_nil(value):
                self.write("(nil)")
                return
        limits.step(len(value))
        self.write("{" if syntax else "map[" if isinstance(value, dict) else "[")
        for position, item in enumerate(sorted_keys(value) if isinstance(value, dict) else value):
            if position:
                self.write(", " if syntax else " ")
            self.value(item, verb, depth + 1)
            if isinstance(value, dict):
                self.write(":")
                self.value(value[item], verb, depth + 1)
        self.write("}" if syntax else "]")

    def structure(self, value: object, verb: str, depth: int) -> None:
        flags = self.flags
        if not self.quiet and not flags.syntax and verb in "vsxXq":
            text = value.string() if isinstance(value, Struct) else time_text(value)
            if text is not None:
                self.text(text, verb)
                return
        if not isinstance(value, Struct):
            self.text(time_text(value) or "func", verb)
            return
        if value.go_type.startswith("*"):
            if depth:
                self.address(value, verb)
                return
            self.write("&")
        if flags.syntax:
            self.write(value.go_type.lstrip("*"))
        self.write("{")
        for position, (name, field) in enumerate(value.fields.items()):
            if position:
                self.write(", " if flags.syntax else " ")
            if flags.names or flags.syntax:
                self.write(name + ":")
            self.value(field, verb, depth + 1)
        self.write("}")

    def address(self, value: object, verb: str) -> None:
        """An address: always the same one, since output must not change from run to run."""
        if isinstance(value, (TypedList, TypedMap)) and value.nil:
            self.pad("<nil>" if verb == "v" else "0x0")
        elif kind_of(value) in ("map", "slice", "ptr", "func"):
            self.pad("0xc000000000")
        else:
            self.complain(value, verb)


def _fits_backquotes(text: str) -> bool:
    return all(
        (char >= " " or char == "\t") and char not in "`\x7f\ufeff" and not "\ud800" <= char <= "\udfff"
        for char in text
    )


def _with_point(text: str, letter: str, precision: int) -> str:
    """``text`` as ``#`` wants it: always with a point, and for ``g`` with the zeros that it leaves out."""
    wanted = (6 if precision < 0 else precision) if letter in "gGx" else 0
    exponents = "pP" if letter in "xX" else "eEpP"
    cut = next((at for at, char in enumerate(text) if char in exponents), len(text))
    number, tail = text[:cut], text[cut:]
    significant = number.replace(".", "").lstrip("0")
    wanted -= len(significant)
    if "." not in number:
        wanted -= number == "0"
        number += "."
    return number + "0" * max(wanted, 0) + tail
