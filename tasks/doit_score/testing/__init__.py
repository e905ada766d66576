"""Tests of provisioners with pytest: its plugin (``plugin.py``) and what the fixtures give.

The fixture ``provision`` is a :class:`Provision`, ``project_up`` an :class:`Up`.  What fails in a test is
told as :class:`Failed`, which is an AssertionError.

Everything is imported when it is first used: pytest loads the plugin in every project.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as that of `typing`

if TYPE_CHECKING:
    from doit_score.testing.failed import Failed
    from doit_score.testing.made import Made
    from doit_score.testing.project import Project
    from doit_score.testing.provision import Provision
    from doit_score.testing.up import RunningProject, Up

__all__ = ["Failed", "Made", "Project", "Provision", "RunningProject", "Up"]

_MODULES = {
    "Failed": "failed",
    "Made": "made",
    "Project": "project",
    "Provision": "provision",
    "RunningProject": "up",
    "Up": "up",
}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        from importlib import import_module

        return getattr(import_module(f"doit_score.testing.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
