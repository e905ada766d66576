"""What Compose's own fields of a provisioner say, and what a patch template is given and prints.

For ``provisioners explain`` and docs/provisioners/, imported only when somebody asks.
"""

from __future__ import annotations

from collections.abc import Mapping

# fmt: off
_AS_SERVICES = ("names, keys, types and clashes, as in services",)

SECTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "services": (
        "Services of the Compose project. Workloads wait for each: until it is healthy if it has a "
        "healthcheck, until it has ended if it has the label dev.score.compose.labels.is-init-container: "
        '"true", else until it is started.',
        ("names of letters, digits, `.`, `_` and `-`",
         "keys and types are those of Compose; a key that it does not know is left out with a warning (of a "
         "command it is an error), but for `x-...`",
         "another resource that gives other content for the name is warned of; the later one counts",
         "it has an image or a build",
         "`--publish` of a port that is a key of `x-doit-score-inside` is warned of; what stands there says "
         "what to do instead",
         "what it depends on, and the volumes, networks, models, secrets and configs that it names are "
         "there"),
    ),
    "networks": ("Networks of the Compose project.", _AS_SERVICES),
    "volumes": ("Named volumes of the Compose project; null is one without options.", _AS_SERVICES),
    "secrets": (
        "Secrets of the Compose project, which services mount below /run/secrets: each has a `file`, or the "
        "name of a variable of the `environment`, or is `external: true`. What the entry makes is a file of "
        "its `files`, which is `{{ mounts_directory }}/PATH` here; every user in a container can read it.",
        (*_AS_SERVICES, "exactly one of `file`, `environment` and `external: true`"),
    ),
    "configs": (
        "Configs of the Compose project, which services mount at /NAME or at a `target`: as secrets, or with "
        "their text as `content`, in which Compose replaces variables.",
        (*_AS_SERVICES, "exactly one of `file`, `environment`, `content` and `external: true`"),
    ),
    "models": ("AI models of the Compose project. Workloads that use the resource get them.",
               _AS_SERVICES),
}
"""By the field's name: what it says, and what is looked at.  Each prints a mapping from names to entries."""

PATCH_DATA = (
    (".Compose", "compose", "mapping", "the project as it would be written, after the templates before"),
    (".Workloads", "workloads", "mapping", "the Score files by the names of their workloads, with overrides"),
    (".MountsDirectory", "mounts_directory", "text", "the mounts directory as the output names it"),
)
"""What a patch template sees: in Go, in Jinja2, its type, what it is."""

PATCH_KEYS = (
    ("op", "`set` or `delete`", "what is to be done"),
    ("path", "text", "where: `services.web.image`"),
    ("value", "anything", "of `set`: what is to be there"),
    ("description", "text", "why; it is for those who read the template"),
)
"""What a patch template prints is a list of mappings with these keys."""

PATCH_PATHS = (
    ("services.web.image", "the value at these keys; mappings that are missing are made"),
    ("services.web.dns.0", "the first element of a list"),
    ("services.web.dns.-1", "with `set` one more element, with `delete` the last"),
    (r"services.web.labels.a\.b", "`\\` before a dot, `*`, `?`, `|`, `#` or `@` that is part of a key"),
    ("services.web.extra_hosts.:5", "the key `5` of a mapping, not a place in a list"),
    ("services.web-*.restart", "`*` stands for any letters, `?` for one: the first that fits, in `set` only"),
)
"""How a path is written."""
# fmt: on
