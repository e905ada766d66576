"""All of Kubernetes as one program, built of ``cluster/`` once, in minutes.  It takes Python and Go only."""

from __future__ import annotations

import subprocess
from pathlib import Path

from e2e.cache import cached

SOURCE = Path(__file__).parent / "cluster"
VERSION = "v1.34.4"
_FLAGS = " ".join(
    [
        "-s -w",
        *(
            f"-X k8s.io/component-base/version.{name}={value}"
            for name, value in (("gitVersion", VERSION), ("gitMajor", "1"), ("gitMinor", "34"))
        ),
    ]
)


def program() -> Path:
    """All of Kubernetes as one program, built of ``cluster/`` unless one of the same source is there."""
    return cached("kube", [SOURCE / name for name in ("main.go", "go.mod", "go.sum")], _build)


def _build(path: Path) -> None:
    command = ["go", "build", "-trimpath", "-ldflags", _FLAGS, "-o", str(path), "."]
    subprocess.run(command, cwd=SOURCE, check=True)


if __name__ == "__main__":
    print(program())
