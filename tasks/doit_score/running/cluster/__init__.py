"""Running a project in a Kubernetes cluster: `kubectl` acts and looks."""
