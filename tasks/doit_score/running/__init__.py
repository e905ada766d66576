"""Up, down, status and logs of a generated project: `docker compose` acts, the Docker SDK looks.

Nothing here is imported, nor is the SDK, before one of these verbs is asked for.
"""
