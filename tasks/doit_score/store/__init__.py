"""The one place that touches the disk for writing: files, the lock, the state database."""
