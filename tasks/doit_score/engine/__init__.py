"""What is stale, and why; provisioning and rendering of just that.  Knows nothing of doit.

:class:`~doit_score.engine.run.Engine` is the way in: ``init``, ``provision``, ``render``,
``generate``, each of which holds the lock while it works and commits what it made.
"""
