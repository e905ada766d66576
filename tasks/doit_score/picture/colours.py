"""Colours by kind, for a light and for a dark ground: text on its box, and edges on the ground, can be read
by everybody (a contrast of at least 4.5 and of at least 3; tests/test_picture_svg.py)."""

from __future__ import annotations

from collections.abc import Mapping

from doit_score.text.light import NamedTuple

from .model import CONFIG, MODEL, NETWORK, OBJECT, RESOURCE, SECRET, SERVICE, VOLUME, WORKLOAD


class Theme(NamedTuple):
    """``node`` has a strong colour for each kind of node, ``edge`` for each kind of edge."""

    ground: str
    box: str
    text: str
    faint: str
    node: Mapping[str, str]
    edge: Mapping[str, str]


LIGHT = Theme(
    "#ffffff",
    "#f6f8fa",
    "#1f2328",
    "#57606a",
    {
        WORKLOAD: "#0550ae",
        RESOURCE: "#8250df",
        SERVICE: "#116329",
        OBJECT: "#116329",
        VOLUME: "#953800",
        NETWORK: "#4f5b66",
        SECRET: "#b02a37",
        CONFIG: "#6a5600",
        MODEL: "#a1257a",
    },
    {
        "uses": "#0969da",
        "refers": "#8250df",
        "reads": "#a1257a",
        "makes": "#1a7f37",
        "waits": "#bc4c00",
        "shares": "#57606a",
        "mounts": "#953800",
        "joins": "#6e7781",
        "reaches": "#0a7d86",
    },
)
DARK = Theme(
    "#0d1117",
    "#161b22",
    "#e6edf3",
    "#9da7b3",
    {
        WORKLOAD: "#79c0ff",
        RESOURCE: "#d2a8ff",
        SERVICE: "#7ee787",
        OBJECT: "#7ee787",
        VOLUME: "#ffa657",
        NETWORK: "#a5b1bd",
        SECRET: "#ff9a94",
        CONFIG: "#e3c05b",
        MODEL: "#ff9bce",
    },
    {
        "uses": "#58a6ff",
        "refers": "#bc8cff",
        "reads": "#f778ba",
        "makes": "#3fb950",
        "waits": "#f0883e",
        "shares": "#8b949e",
        "mounts": "#db9d5a",
        "joins": "#7d8590",
        "reaches": "#39c5cf",
    },
)
