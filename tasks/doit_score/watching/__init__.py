"""Watching a project: a round whenever something is saved that it may be made of.

What notices saves is imported when somebody wants it, and may not be installed (the extra ``watch``).
"""
