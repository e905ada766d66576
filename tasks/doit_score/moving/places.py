"""Where score-compose keeps what is ours to take over, relative to the working directory."""

from __future__ import annotations

import os

DIRECTORY = ".score-compose"
STATE = os.path.join(DIRECTORY, "state.yaml")
MOUNTS = os.path.join(DIRECTORY, "mounts")
DEFAULTS = os.path.join(DIRECTORY, "zz-default.provisioners.yaml")
"""The provisioners that `score-compose init` writes unless it is told not to."""
