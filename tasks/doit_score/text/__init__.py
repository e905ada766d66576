"""What is said and how: errors, one text for one value, YAML as Go reads it, messages."""
