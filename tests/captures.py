"""What the command prints in a terminal of 80 and of 140 columns, with colours and without.

``python tests/captures.py`` writes docs/captures/ anew: look at one with ``cat``, or ``less -R``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from terminal import left, printed

ROOT = Path(__file__).parent.parent
CAPTURES = ROOT / "docs" / "captures"
KINDS = {
    "80.txt": (80, False),
    "80-colour.txt": (80, True),
    "140.txt": (140, False),
    "140-colour.txt": (140, True),
}
"""By the name of the file: how many columns there are, and whether in colour."""

PROVISIONERS = """\
- uri: template://shop/cache
  type: cache
  description: A cache that all workloads of the shop share, with a password of its own for each of them
  supported_params: [size, policy, persistent]
  expected_outputs: [host, port, username]
  outputs: |
    host: cache
    port: 6379
    username: {{ .SourceWorkload }}
- uri: template://shop/queue
  type: queue
  description: A queue between two workloads
  expected_outputs: [name]
  outputs: |
    name: {{ .Id }}
"""
SCORE = """\
apiVersion: score.dev/v1b1
metadata:
  name: storefront
containers:
  main:
    image: registry.example.com/shop/storefront:1
    variables:
      CACHE: ${resources.cache.host}:${resources.cache.port}
      QUEUE: ${resources.orders.name}
resources:
  cache:
    type: cache
  orders:
    type: queue
"""
WRONG = SCORE.replace("image:", "imege:").replace("resources.orders.name", "resources.ordres.name")

Step = tuple[dict[str, str], str]
"""What is written first, and the command."""
STEPS: tuple[Step, ...] = (
    ({}, "resources list"),
    ({}, "provisioners list"),
    ({}, "why"),
    ({"storefront.yaml": SCORE.replace("storefront:1", "storefront:2")}, "diff"),
    ({"storefront.yaml": WRONG}, "check"),
    ({}, "generate"),
    ({}, "why storefrnt"),
)


def captures(directory: Path) -> dict[str, str]:
    """All captures by the names of their files, made in ``directory``, which is empty."""
    environment = {
        **{"PATH": "/usr/bin:/bin", "HOME": str(directory), "LANG": "C.UTF-8", "TERM": "xterm"},
        "PYTHONPATH": str(ROOT / "tasks"),
    }

    def run(arguments: str, columns: int = 80, *, colour: bool = False) -> str:
        command = [sys.executable, "-m", "doit_score", *arguments.split()]
        more = {} if colour else {"NO_COLOR": "1"}
        return left(printed(command, directory, {**environment, **more}, columns))

    (directory / "provisioners").mkdir()
    (directory / "provisioners" / "shop.provisioners.yaml").write_text(PROVISIONERS)
    (directory / "storefront.yaml").write_text(SCORE)
    run("init --no-sample --no-default-provisioners --project shop")
    run("generate storefront.yaml")
    found = dict.fromkeys(KINDS, "")
    for files, arguments in STEPS:
        for name, text in files.items():
            (directory / name).write_text(text)
        for kind, (columns, colour) in KINDS.items():
            found[kind] += f"$ doit-score {arguments}\n{run(arguments, columns, colour=colour)}\n"
    return found


if __name__ == "__main__":
    CAPTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in captures(Path(scratch)).items():
            (CAPTURES / name).write_text(text, encoding="utf-8")
