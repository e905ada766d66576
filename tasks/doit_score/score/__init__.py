"""What a Score file says: workloads, placeholders, resources, overrides."""
