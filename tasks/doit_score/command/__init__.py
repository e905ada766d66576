"""The command ``doit-score``."""
