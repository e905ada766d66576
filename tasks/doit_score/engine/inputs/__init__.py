"""What a run reads, and whether it is as it was."""
