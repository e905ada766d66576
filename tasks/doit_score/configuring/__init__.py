"""Which project is meant, and what is said of it: in a dodo.py, or in a file beside the Score files."""
