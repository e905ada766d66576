"""A picture as a page: one file that needs nothing else, to search in, and to click for what is known."""

from __future__ import annotations

import json
from html import escape

from .colours import DARK, LIGHT
from .data import data
from .model import EDGES, Graph
from .svg import drawn, rules, variables

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'"
)
"""What a browser lets the page do: nothing is fetched, and nothing is sent."""


def page(graph: Graph, shown: Graph, *, style: str, script: str) -> str:
    """The text of a page that tells of all of ``graph``, and draws ``shown``, which may have groups of it."""
    groups = {node.id: list(node.members) for node in shown.nodes if node.members}
    known = {**data(graph), "groups": groups, "verbs": dict(EDGES)}
    title = escape(f"{graph.project} ({graph.target})")
    counts = escape(graph.counts() or "nothing")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="doit-score graph">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root{{{variables(LIGHT)}}}
@media (prefers-color-scheme: dark){{:root{{{variables(DARK)}}}}}
{rules()}{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p id="counts">{counts}</p>
<div class="tools">
<label for="search">Search</label>
<input id="search" type="search" autocomplete="off" placeholder="a name, a type, a provisioner ( / )" \
aria-controls="results">
<label for="file">A change of</label>
<select id="file"><option value="">no file</option></select>
<span class="zoom" role="group" aria-label="Size of the picture">
<button type="button" id="smaller" aria-label="Smaller">&minus;</button>
<button type="button" id="fit">Fit</button>
<button type="button" id="larger" aria-label="Larger">+</button>
</span>
</div>
<p id="status" role="status" aria-live="polite"></p>
</header>
<main>
<div id="picture" tabindex="-1">
{drawn(shown, "")}</div>
<aside id="details" aria-label="Details">
<div id="results"></div>
<div id="about" tabindex="-1"><p>Choose something in the picture, or search for it, to see what is known \
of it. Choose a file to see what a change of it would touch.</p></div>
</aside>
</main>
<noscript><p>Search and details need JavaScript; the picture does not.</p></noscript>
<script type="application/json" id="data">{_embedded(known)}</script>
<script>
{script}</script>
</body>
</html>
"""


def _embedded(value: object) -> str:
    """``value`` as JSON that ends no element of HTML, whatever is in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text
