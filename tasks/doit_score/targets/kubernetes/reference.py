"""What the fields of a provisioner for Kubernetes say, and what a patch template is given.

For ``provisioners explain`` and docs/provisioners/, imported only when somebody asks.
"""

from __future__ import annotations

from collections.abc import Mapping

# fmt: off
SECTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "manifests": (
        "Objects of Kubernetes, each with apiVersion, kind and metadata.name.",
        ("kinds, keys and types are those of the API: `v1`, `apps/v1`, `batch/v1`, `networking.k8s.io/v1`,"
         " `policy/v1`, `rbac.authorization.k8s.io/v1` and `autoscaling/v2`",
         "a name is one that the API takes",
         "no text in it refers to a Secret by `encodeSecretRef`",
         "another resource that gives other content for the same object is warned of; the later one counts"),
    ),
}
"""By the field's name: what it says, and what is looked at.  Each prints a list."""

PATCH_DATA = (
    (".Manifests", "manifests", "list", "the objects as they would be written, after the templates before"),
    (".Workloads", "workloads", "mapping", "the Score files by the names of their workloads, with overrides"),
    (".Namespace", "namespace", "text", "the namespace of the project; empty if none was said"),
)
"""What a patch template sees: in Go, in Jinja2, its type, what it is."""
# fmt: on
