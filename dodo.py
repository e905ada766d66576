"""The build of this checkout: `doit generate` turns score.yaml into compose.yaml.

It uses doit-score from the sources beside it, whether or not the distribution is installed.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "tasks"))

from doit_score import Score

score = Score()

DOIT_CONFIG = {
    "default_tasks": ["generate"],
    "dep_file": score.dep_file,
    "backend": "sqlite3",
    "verbosity": 2,
}
