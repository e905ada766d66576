"""Options of verbs as those of doit's tasks."""

from __future__ import annotations

from doit_score.options import SECONDS, WORD, Option, options_of


def parameters(verb: str, *names: str, **defaults: str) -> list[dict[str, object]]:
    """The options of ``verb`` with these names, for the ``params`` of its task; ``defaults`` are those of a
    task that are not those of the command."""
    return [
        {**_parameter(option), **({"default": defaults[option.name]} if option.name in defaults else {})}
        for option in options_of(verb)
        if option.name in names
    ]


def _parameter(option: Option) -> dict[str, object]:
    found: dict[str, object] = {"name": option.name}
    if len(option.flags) > 1 and not option.is_either:
        found["short"] = option.flags[0][1:]
    found["long"] = long = option.chosen.replace("_", "-")
    if option.is_either:
        found |= {"inverse": f"no-{long}", "type": bool, "default": None}
    elif not option.takes_value:
        found |= {"type": bool, "default": False}
    elif option.kind == SECONDS:
        found |= {"type": float, "default": option.default}
    elif option.kind == WORD and option.default is None:
        found |= {"choices": [(word, "") for word in option.words], "default": None}
    elif option.is_repeatable:
        found |= {"type": list, "default": []}
    else:
        found["default"] = option.default
    return {**found, "help": option.help}
