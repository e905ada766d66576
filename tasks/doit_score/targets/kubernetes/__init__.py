"""Kubernetes: Score files become manifests.

What the conversion does is in docs/kubernetes.md; ``target`` is the seam.
"""
