"""Options of verbs as those of doit's tasks."""

from __future__ import annotations

from doit_score.options import Option, options_of


def parameters(verb: str, *names: str) -> list[dict[str, object]]:
    """The options of ``verb`` with these names, for the ``params`` of its task."""
    return [_parameter(option) for option in options_of(verb) if option.name in names]


def _parameter(option: Option) -> dict[str, object]:
    return {
        "name": option.name,
        **({"short": option.flags[0][1:]} if len(option.flags) > 1 else {}),
        "long": option.chosen,
        **({} if option.takes_value else {"type": bool}),
        "default": option.default if option.takes_value else False,
        "help": option.help,
    }
