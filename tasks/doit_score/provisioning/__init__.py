"""Provisioner files: load, match, run; what a provisioner returns."""
