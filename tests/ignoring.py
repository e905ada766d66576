"""What Docker leaves out of a build context: rules, and what of one tree gets in by them."""

from __future__ import annotations

TREE = (
    "a.txt",
    "b.md",
    "state/state.db",
    "state/running/lock",
    "sub/a.txt",
    "sub/state/state.db",
    "sub/deep/x.db",
    "substate/y",
    "we[i]rd/z",
    "#c/w",
    "!d",
)
"""Files."""

LET_IN = {
    "": "a.txt b.md state/state.db state/running/lock sub/a.txt sub/state/state.db sub/deep/x.db substate/y "
    "we[i]rd/z #c/w !d",
    "*": "",
    "state": "a.txt b.md sub/a.txt sub/state/state.db sub/deep/x.db substate/y we[i]rd/z #c/w !d",
    "/state/": "a.txt b.md sub/a.txt sub/state/state.db sub/deep/x.db substate/y we[i]rd/z #c/w !d",
    "  ./sub/../state  ": "a.txt b.md sub/a.txt sub/state/state.db sub/deep/x.db substate/y "
    "we[i]rd/z #c/w !d",
    "# state\n\nstate/*.db": "a.txt b.md state/running/lock sub/a.txt sub/state/state.db sub/deep/x.db "
    "substate/y we[i]rd/z #c/w !d",
    "state/**": "a.txt b.md sub/a.txt sub/state/state.db sub/deep/x.db substate/y we[i]rd/z #c/w !d",
    "**/state": "a.txt b.md sub/a.txt sub/deep/x.db substate/y we[i]rd/z #c/w !d",
    "**state": "a.txt b.md sub/a.txt sub/deep/x.db we[i]rd/z #c/w !d",
    "**/*.db": "a.txt b.md state/running/lock sub/a.txt substate/y we[i]rd/z #c/w !d",
    "*/state": "a.txt b.md state/state.db state/running/lock sub/a.txt sub/deep/x.db substate/y "
    "we[i]rd/z #c/w !d",
    "s?b": "a.txt b.md state/state.db state/running/lock substate/y we[i]rd/z #c/w !d",
    "[ab].*": "state/state.db state/running/lock sub/a.txt sub/state/state.db sub/deep/x.db substate/y "
    "we[i]rd/z #c/w !d",
    "[^a].*": "a.txt state/state.db state/running/lock sub/a.txt sub/state/state.db sub/deep/x.db substate/y "
    "we[i]rd/z #c/w !d",
    "[^a]*": "a.txt",
    "we\\[i\\]rd\n\\#c\n\\!d": "a.txt b.md state/state.db state/running/lock sub/a.txt sub/state/state.db "
    "sub/deep/x.db substate/y",
    "*\n!state": "state/state.db state/running/lock",
    "*\n!state\nstate/running": "state/state.db",
    "state\n!state/running": "a.txt b.md state/running/lock sub/a.txt sub/state/state.db sub/deep/x.db "
    "substate/y we[i]rd/z #c/w !d",
    "!state\nstate": "a.txt b.md sub/a.txt sub/state/state.db sub/deep/x.db substate/y we[i]rd/z #c/w !d",
    "**\n! sub/**/x.db": "sub/deep/x.db",
    "sub/**/*.db\nstate/*/lock": "a.txt b.md state/state.db sub/a.txt substate/y we[i]rd/z #c/w !d",
}
"""For the text of a `.dockerignore` the files of the tree that get into an image that is built with it."""
