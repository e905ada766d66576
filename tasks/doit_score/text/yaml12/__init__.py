"""YAML as Score files, provisioners and Compose need it.

Scalars are read as Go's yaml.v3 reads them, which is close to the core schema of YAML 1.2:
``yes``, ``on`` and ``12:30`` are text, ``0o17``, ``0x1f``, ``017`` and ``1e5`` are numbers.
What is written is understood alike by readers of YAML 1.1 and 1.2.

The parser is PyYAML's, the C one where it was built; what its events mean is decided here.
"""

from __future__ import annotations

from .places import locate
from .reader import load, second
from .writer import double_quoted, dump

__all__ = ["double_quoted", "dump", "load", "locate", "second"]
