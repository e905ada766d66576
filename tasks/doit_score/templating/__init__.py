"""Templates: Go's text/template with sprig's functions, and Jinja2 with the same functions.

Nothing heavy is imported before a template is rendered.
"""
