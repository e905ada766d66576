"""``python -m doit_score`` is the command ``doit-score``."""

import sys

from doit_score.command.cli import main

sys.exit(main())
