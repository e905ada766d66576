"""What resources share, and what each has read of it."""
