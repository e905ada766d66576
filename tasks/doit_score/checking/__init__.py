"""What is wrong with a project, or with some of its files, all at once: nothing is written or started."""
