"""What Score files are turned into."""
