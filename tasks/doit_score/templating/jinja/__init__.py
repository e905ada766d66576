"""Jinja2 templates, in a sandbox, with the library of functions."""
