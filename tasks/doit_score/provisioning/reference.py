"""What there is to know of provisioner files: keys, what templates and commands see, limits.

It is the one source for ``provisioners explain``, the JSON Schema of provisioner files and
docs/provisioners/reference.md, and is imported only when somebody asks.  The fields that are a target's
sections are told by the target (``targets/compose/reference.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from doit_score.provisioning import command, returned
from doit_score.provisioning.model import Kind
from doit_score.text.light import NamedTuple


class Key(NamedTuple):
    """One key of an entry.

    ``shape`` says what stands there; of a template, what it prints.  ``checks`` are what is looked at, and
    ``command`` is the key under which a ``cmd://`` program returns the same.
    """

    name: str
    shape: str
    says: str
    checks: tuple[str, ...] = ()
    command: str = ""


class Datum(NamedTuple):
    """One thing that a run is given: its name in Go, in Jinja2 and in the JSON of a command; ``target`` is
    whose runs are, if not all."""

    go: str
    jinja: str
    command: str
    type: str
    says: str
    target: str = ""


# fmt: off
KINDS: Mapping[Kind, str] = {
    "template": "Templates in Go's syntax, as score-compose has them.",
    "jinja": "Templates in Jinja2.",
    "cmd": "A program that reads JSON and prints JSON: cmd://./FILE, cmd://../FILE, cmd://~/FILE, "
           "cmd:///FILE, or cmd://NAME for one on PATH.",
    "local-env": "Environment variables as outputs; it makes nothing.",
    "images": "No provisioner: it says what the names of images stand for, that jinja:// entries use.",
}
"""What an entry of each scheme is."""

ENTRY_KEYS = (
    Key("uri", "text",
        "The name of the entry. The scheme says of what kind it is: template://NAME, jinja://NAME, "
        "cmd://COMMAND, local-env://NAME or images://NAME. Of cmd:// the rest is the program; else it is "
        "free, and is what messages, `why` and `provisioners list` call the entry."),
    Key("type", "text",
        "The type of resources that it provisions, as a Score file says it. `environment` is usual for "
        "local-env://; all others must say it."),
    Key("class", "text",
        "The class that a resource must have. Without it, it takes any class; a resource that says none "
        "is of class `default`."),
    Key("id", "text",
        "The id that a resource must have. Without it, it takes any. A resource that says none has the id "
        "`WORKLOAD.NAME`."),
    Key("description", "text",
        "What it makes, in a sentence: for `provisioners list` and `show`. Nothing is made again if it "
        "changes."),
    Key("supported_params", "list of texts, or a mapping of them to what they must be",
        "The params that a resource may have. Any other is warned of (an error with --strict). Without the "
        "key nothing is checked; `[]` says that there are none. What a param must be is looked at before "
        "anything is run: `size: {type: quantity}`; see below."),
    Key("supported_annotations", "list of texts, or a mapping of them to what they must be",
        "The annotations that it reads, as supported_params. One that begins with compose.score.dev/ (for "
        "Kubernetes k8s.score.dev/) and is not among them is warned of; without the key, one that no "
        "template has in its text."),
    Key("expected_outputs", "list of texts",
        "The outputs that it promises. One that is missing is warned of (an error with --strict). Without"
        " the key nothing is checked."),
    Key("secret_outputs", "list of texts",
        "The outputs that are secrets, besides those whose names say so, such as `password`. What is told "
        "has stars in place of them, and with `secrets` they are kept apart. One that is missing is warned "
        "of."),
    Key("file_variables", "list of texts",
        "For Compose, the variables of its services that their images also read from a file, under the same "
        "name with _FILE behind it: with `secrets` in files they do."),
    Key("images", "list of texts; in images:// a mapping",
        "In jinja://, the names of the images that its templates use as `images.NAME`. In images://, what"
        " names stand for: `redis: registry.example.com/redis:7`."),
    Key("registry", "text",
        "Takes the place of the registry of every image that neither this entry nor one before it names."),
    Key("args", "list of texts",
        "The arguments of the command, as they are: no shell reads them, and no template."),
    Key("env", "list of texts",
        "The environment variables that the command reads. With `env` or `inputs` the command is run "
        "again only when one of these changes or what it is given; without both it is run at each "
        "`generate`."),
    Key("inputs", "list of texts",
        "The files that the command reads beside what it is given, from the project's directory. `[]` "
        "says that there are none. See `env`."),
)
"""The keys that say what an entry is and which resources it takes."""

FIELDS = (
    Key("init", "mapping",
        "Values for the templates below, so that nothing is worked out twice. It is not kept.",
        ("a mapping whose keys are text",)),
    Key("state", "mapping",
        "What is kept of the resource for ever: generated names and passwords. It takes the place of what "
        "was kept before, so print what is to stay, or else draw it: "
        '`{{ state | dig("name", randAlphaNum(6)) }}`.',
        ("a mapping whose keys are text", "run again on its own result, it should print the same"),
        "resource_state"),
    Key("shared", "mapping",
        "A patch of the state that all resources share: null deletes a key, a mapping is merged, all else "
        "replaces. It goes when the resource goes; its values are remembered in case it comes back.",
        ("a mapping whose keys are text", "another resource that gives one key another value is warned of"),
        "shared_state"),
    Key("outputs", "mapping",
        "What workloads and other resources get as `${resources.NAME.KEY}`. An output may be of any shape.",
        ("a mapping whose keys are text", "all of expected_outputs are there"),
        "resource_outputs"),
    Key("directories", "mapping of paths to true or false",
        "For Compose, directories below the mounts directory: true makes one, false or null deletes it with "
        "all that is in it.",
        ("a relative path that stays below the mounts directory, once",
         "no part of it is longer than {longest} bytes", "the mounts directory itself is not deleted"),
        "relative_directories"),
    Key("files", "mapping of paths to text",
        "For Compose, files below the mounts directory, for services to mount; null deletes one. A service "
        "mounts it from `{{ mounts_directory }}/PATH`.",
        ("a relative path that stays below the mounts directory, once",
         "no part of it is longer than {longest} bytes", "text or null: quote a number"),
        "relative_file_contents"),
    Key("info_logs", "list of texts",
        "Lines that are shown when the resource was provisioned. Passwords in them are shown as `*****`. "
        "Of a command it is what it writes to standard error.",
        ("a list of texts",)),
)
"""The templates of every target, in the order in which they are run; its own come before the last."""

DATA = (
    Datum(".Uid", "uid", "resource_uid", "text", "the resource: `TYPE.CLASS#ID`"),
    Datum(".Type", "type", "resource_type", "text", "its type"),
    Datum(".Class", "class_", "resource_class", "text", "its class; `default` if the Score file says none"),
    Datum(".Id", "id", "resource_id", "text", "its id; `WORKLOAD.NAME` if the Score file says none"),
    Datum(".Params", "params", "resource_params", "mapping",
          "its params, with placeholders filled in. Without any Go sees nil, Jinja2 an empty mapping, a "
          "command null"),
    Datum(".Metadata", "metadata", "resource_metadata", "mapping",
          "its metadata; annotations are in `annotations`. Without any as for params"),
    Datum(".Init", "init", "", "mapping", "what `init` printed; empty before it"),
    Datum(".State", "state", "resource_state", "mapping",
          "what was kept of the resource, empty at first; after `state` what that printed"),
    Datum(".Shared", "shared", "shared_state", "mapping",
          "what all resources share; after `shared` with the patch that it printed"),
    Datum(".SourceWorkload", "source_workload", "source_workload", "text",
          "the workload whose params and metadata count"),
    Datum(".WorkloadServices", "workload_services", "workload_services", "mapping",
          "the workloads by name, with how they are reached"),
    Datum(".WorkloadServices.W.ServiceName", "workload_services.W.service_name",
          "workload_services.W.service_name", "text", "the host name of the workload W"),
    Datum(".WorkloadServices.W.Ports", "workload_services.W.ports", "workload_services.W.ports", "mapping",
          "its ports, by name and by number as text"),
    Datum(".WorkloadServices.W.Ports.P.Name", "workload_services.W.ports.P.name",
          "workload_services.W.ports.P.name", "text", "the name of the port P"),
    Datum(".WorkloadServices.W.Ports.P.Port", "workload_services.W.ports.P.port",
          "workload_services.W.ports.P.port", "number", "the port that the Score file's service says"),
    Datum(".WorkloadServices.W.Ports.P.TargetPort", "workload_services.W.ports.P.target_port",
          "workload_services.W.ports.P.target_port", "number", "the port of the container: connect to it"),
    Datum(".WorkloadServices.W.Ports.P.Protocol", "workload_services.W.ports.P.protocol",
          "workload_services.W.ports.P.protocol", "text", "`TCP` or `UDP`"),
    Datum(".ComposeProjectName", "compose_project_name", "compose_project_name", "text",
          "for Compose, the name of the project", "compose"),
    Datum(".MountsDirectory", "mounts_directory", "mount_directory_path", "text",
          "for Compose, the mounts directory as the output names it", "compose"),
    Datum(".Guid", "guid", "resource_guid", "text",
          "for Kubernetes, a random identifier of the resource, which stays", "kubernetes"),
    Datum(".Namespace", "namespace", "namespace", "text",
          "for Kubernetes, the namespace of the project; empty if none was said", "kubernetes"),
    Datum(".WorkloadMetadata", "workload_metadata", "workload_metadata", "mapping",
          "for Kubernetes, the metadata of the source workload", "kubernetes"),
    Datum("", "part_of", "", "text",
          "for Kubernetes, what the label app.kubernetes.io/part-of says: the name of the project",
          "kubernetes"),
    Datum("", "images", "", "mapping", "the images of the key `images`, by their names"),
)
"""In the order of the page.  W stands for the name of a workload, P for that of a port."""
# fmt: on


def fields() -> Iterator[Key]:
    """:data:`FIELDS`, with the limits in their checks filled in."""
    for key in FIELDS:
        checks = tuple(check.format(longest=returned.LONGEST_NAME) for check in key.checks)
        yield key._replace(checks=checks)


def limits() -> Iterator[tuple[str, str]]:
    """What a run may use up, and how much of it."""
    from doit_score.store import files
    from doit_score.templating import limits
    from doit_score.text.yaml12.events import MAX_DEPTH, MAX_TEXT, MAX_VALUES

    yield "the text that one template prints, or that a function makes", f"{limits.TEXT:,} characters"
    yield "the elements of a list that a function makes", f"{limits.ITEMS:,}"
    yield "turns of loops, calls and elements, of one template", f"{limits.STEPS:,}"
    yield "letters of all texts and lists that one template makes or looks through", f"{limits.WORK:,}"
    yield "templates within templates, and constructs within constructs", f"{limits.DEPTH}"
    yield "levels of what a template prints, and of any YAML", f"{MAX_DEPTH}"
    yield "YAML that a template prints, and of a file that people write", f"{MAX_TEXT >> 20} MiB"
    yield "values in it, keys among them", f"{MAX_VALUES:,}"
    yield "the time that a command takes", f"{command.TIMEOUT:g} seconds"
    yield "what a command prints, to standard output and to standard error each", f"{command.MOST >> 20} MiB"
    yield "levels of what a command prints", f"{command.DEPTH}"
    yield "digits of a number that a command prints", f"{command.DIGITS:,}"
    yield "one name in a path", f"{returned.LONGEST_NAME} bytes"
    yield "any file that is read", f"{files.LARGEST >> 20} MiB"
