"""Every option, once: what ``Score(...)`` takes, which flags and words the command takes, what is remembered.

From here come the reader of what is said of a project (configuring/arguments.py), the digest of settings
(engine/settings.py), the command line, its help and its completion (command/), and docs/options.md.
"""

from __future__ import annotations

from doit_score.text.light import NamedTuple

WORKLOADS = ("score.yaml", "*.score.yaml", "*/score.yaml")
START_ORDERS = ("wait", "direct")
"""Whether workloads wait for all resources or for their own; the first is usual."""
PROBES = ("exec", "http")
"""Of which probes Compose gets healthchecks: of exec probes alone (usual), or of httpGet probes too."""
SHELLS = ("bash", "zsh", "fish", "powershell")
DIRECTORIES = {"compose": ".score-compose", "kubernetes": ".score-k8s"}
"""Where users of the reference of each target have their provisioner files: ours have them there too."""
TARGETS = tuple(DIRECTORIES)
"""What Score files can be turned into; the first is usual."""
PROVISIONERS = tuple(f"{one}/*.provisioners.yaml" for one in ("provisioners", *DIRECTORIES.values()))
"""Of which a project has those of its target: see Settings.provisioner_globs."""
FORMATS = ("yaml", "kyaml")
APART = ("env", "file", "keyring")
"""Where secrets can be kept that are in the state and in the Compose file by name only."""
SECRETS = ("together", "separate", *APART)
"""Where secrets are; the first is usual, the second is for Kubernetes, the others are for Compose."""
SCHEMAS = ("score", "provisioners")
GRAPHS = ("svg", "dot", "mermaid", "json", "html")
"""The formats of pictures; the first is usual."""
GROUPS = ("auto", "none")
"""Whether what is alike is drawn as one where there is much of it; the first is usual."""

# Kinds of values.  The second row is repeatable on the command line, the third is of Score(...) alone.
TEXT, PATH, WORD, SECONDS, FLAG, COUNT, ACTION = "text", "path", "word", "seconds", "flag", "count", "action"
COMMAND = "command"
"""All words that follow, whatever they look like."""
TEXTS, PATHS, PORTS = "texts", "paths", "ports"
MAPPINGS = BUILDS, IMAGES, OVERRIDES, VARIABLES = "builds", "images", "overrides", "variables"

EVERY = ("*",)
SAID = ("generate", "diff")
_TRIED = ("provisioners try",)
_RUNNING = ("up", "down", "status", "logs", "exec", "restart")
ALIASES = {"ps": "status"}
"""Verbs by another name."""
PULLS = ("always", "missing", "never")
COLOURS = ("auto", "always", "never")
_TABLE = ("table", "json", "name")
_REPORT = ("text", "json", "name")
"""How lists and reports are printed: for people, as JSON, or by the names that other verbs take."""


class Option(NamedTuple):
    """One option; ``help`` is about its value.

    ``flags`` are how the ``verbs`` of the command take it; one without any is a word there, and of a kind
    that is repeatable any number of words.  ``says`` is the help of the command where it is not ``help``.
    ``words`` are what fits, or the usual of that.  ``field`` is that of Settings.  ``memory`` is the field of
    Meta that remembers it, so that it counts until something else is said.  One that is a yes or no can have
    a flag for each, which begins with ``--no-`` for no.  ``target`` is what it is for, if not for every
    target; one that ``is_of_doit`` is about the tasks of a dodo.py, and one that ``says_of_files`` what an
    argument of that name says of a Score file says it of one.
    """

    name: str
    kind: str
    help: str
    default: object = None
    is_argument: bool = False
    flags: tuple[str, ...] = ()
    metavar: str = ""
    verbs: tuple[str, ...] = ()
    says: str = ""
    words: tuple[str, ...] = ()
    field: str = ""
    in_digest: bool = False
    memory: str = ""
    target: str = ""
    is_of_doit: bool = False
    says_of_files: str = ""

    @property
    def is_repeatable(self) -> bool:
        return self.kind in (TEXTS, PATHS, PORTS, COMMAND)

    @property
    def is_either(self) -> bool:
        """Whether it has a flag for yes and one for no."""
        return any(f"--no-{flag[2:]}" in self.flags for flag in self.flags)

    @property
    def takes_value(self) -> bool:
        return self.kind not in (FLAG, COUNT, ACTION)

    @property
    def asked(self) -> str:
        """The help of the command."""
        return self.says or self.help

    @property
    def chosen(self) -> str:
        """The name of its value among those of a command line."""
        return (self.flags[-1].lstrip("-") if self.flags else self.name).replace("-", "_")


def _argument(name: str, kind: str, help: str, default: object = None, **more: object) -> Option:
    """An argument of Score(...)."""
    said = {"field": name, **more}
    return Option(name, kind, help, default, is_argument=True, **said)  # type: ignore[arg-type]  # its fields


# fmt: off
OPTIONS = (
    _argument("workloads", TEXTS, "globs or names of Score files", WORKLOADS, in_digest=True),
    _argument("provisioners", TEXTS, "globs of provisioner files, in order of precedence; the shipped ones "
              "come after them; of the usual ones, .score-compose counts for Compose and .score-k8s for "
              "Kubernetes", PROVISIONERS, in_digest=True),
    _argument("default_provisioners", FLAG, "whether the shipped provisioners count", True,
              flags=("--no-default-provisioners", "--default-provisioners"), verbs=("init",),
              says="do without the shipped provisioners, or with them again", in_digest=True,
              memory="default_provisioners"),
    _argument("target", WORD, "what Score files are turned into: compose (usual) or kubernetes", TARGETS[0],
              flags=("--target",), metavar="TARGET", verbs=("init", "check", "provisioners try"),
              words=TARGETS, in_digest=True, memory="target"),
    _argument("output", PATH, "the file that is written; for Kubernetes it is usually manifests.yaml, and a "
              "directory (`k8s/`) gets a file for each object", "compose.yaml", flags=("-o", "--output"),
              metavar="FILE", verbs=(*SAID, "watch", *_RUNNING),
              says="the Compose file, or that of the manifests, or a directory for these (DIR/); for "
              "`generate` - is stdout", in_digest=True, memory="output"),
    _argument("state_dir", PATH, "the directory of the state, which is for one project alone", "state",
              flags=("--state-dir",), metavar="DIR", verbs=EVERY),
    _argument("project", TEXT, "the name of the Compose project; usually that of the directory, cleaned",
              flags=("-p", "--project"), metavar="NAME", verbs=("init",), in_digest=True, memory="project"),
    _argument("builds", BUILDS, 'how images are built: `{"workload:container": directory or Compose build '
              'section}`; a key without a workload is for every workload', in_digest=True, target="compose"),
    _argument("images", IMAGES, '`{"workload:container": image}`; instead of an image a task that makes it, '
              "by its name, by the function that creates it, or as `(task, name of the value that tells the "
              "image)`", in_digest=True),
    _argument("overrides", OVERRIDES, "`{Score file: overrides file or dict}`", in_digest=True),
    _argument("publish", PORTS, "ports to publish, each HOST:REF:PORT, where REF is a workload or "
              "RESOURCE_UID.OUTPUT", (), flags=("-p", "--publish"), metavar="HOST:REF:PORT", verbs=SAID,
              says="a port to publish; REF is a workload or RESOURCE_UID.OUTPUT", memory="publish",
              target="compose"),
    _argument("patch_templates", PATHS, "names of template files that patch the project", (), in_digest=True,
              memory="patch_templates"),
    _argument("env", VARIABLES, "environment variables that are laid over those of the process",
              field="environment", in_digest=True),
    _argument("strict", FLAG, "warnings are errors", False, flags=("--strict",), verbs=SAID,
              in_digest=True),
    _argument("hermetic", FLAG, "templates do not see the environment", False, in_digest=True),
    _argument("lock_timeout", SECONDS, "how many seconds to wait for another run in this directory; "
              "negative: for ever", 60.0, flags=("--lock-timeout",), metavar="SECONDS", verbs=EVERY),
    _argument("start_order", WORD, "wait: workloads start when all resources are ready (usual); direct: each "
              "when its own are", START_ORDERS[0], flags=("--start-order",), metavar="ORDER", verbs=SAID,
              words=START_ORDERS, memory="start_order", target="compose"),
    _argument("probes", WORD, "exec: healthchecks are made of exec probes alone (usual); http: of httpGet "
              "probes too", PROBES[0], flags=("--probes",), metavar="KIND", verbs=SAID, words=PROBES,
              memory="probes", target="compose"),
    _argument("namespace", TEXT, "the namespace of all objects", "", flags=("-n", "--namespace"),
              metavar="NAME", verbs=SAID, memory="namespace", target="kubernetes"),
    _argument("generate_namespace", FLAG, "write the object of the namespace too", False,
              flags=("--generate-namespace",), verbs=SAID, memory="generate_namespace", target="kubernetes"),
    _argument("context", TEXT, "the context of kubectl, which says in which cluster the project runs", "",
              flags=("--context",), metavar="NAME", verbs=("diff", "watch", *_RUNNING), memory="context",
              target="kubernetes"),
    _argument("format", WORD, "yaml (usual) or kyaml, which is in braces", FORMATS[0],
              # The second is how score-k8s has it: its words are others than those of `report`.
              flags=("--format", "--output-format"), metavar="FORMAT", verbs=SAID, words=FORMATS,
              memory="format", target="kubernetes"),
    _argument("secrets", WORD, "where secrets are. together: in the same file as all else (usual). For "
              "Kubernetes, separate: in a file of their own, and only that one is for its owner alone. For "
              "Compose, env: in a file of variables in the state directory, file: in a file each, keyring: "
              "in the keyring of the desktop; the state and the Compose file have names in place of them",
              SECRETS[0], flags=("--secrets",), metavar="HOW", verbs=SAID, words=SECRETS, memory="secrets"),
    _argument("subtasks", TEXTS, "names of workloads that tasks of yours depend on: each has a task "
              "`render:NAME` then (on the command line `doit render:NAME` does for any workload)", (),
              is_of_doit=True),
    _argument("task_dep", TEXTS, "names of tasks that run before: of those that make Score files or "
              "provisioner files and are only known while doit runs (`create_after`)", (), is_of_doit=True),
    # generate and diff
    Option("files", PATHS, "Score files to add, or to look at", metavar="SCORE_FILE", verbs=SAID),
    Option("overrides_file", PATH, "a document merged over the Score file",
           flags=("--overrides-file",), metavar="FILE", verbs=SAID, says_of_files="overrides"),
    Option("override_property", TEXTS, "set one value of the Score file; an empty value deletes it",
           flags=("--override-property",), metavar="PATH=VALUE", verbs=SAID, says_of_files="overrides"),
    Option("image", TEXT, "the image for containers whose image is '.'",
           flags=("-i", "--image"), metavar="IMAGE", verbs=SAID, says_of_files="images"),
    Option("build", TEXTS, "build a container's image; a JSON build section instead of a directory is fine",
           flags=("--build",), metavar="CONTAINER=DIR", verbs=SAID, target="compose",
           says_of_files="builds"),
    Option("env_file", PATH, "add the environment variables that are referred to, to fill in; what is in "
           "the file stays", flags=("--env-file",), metavar="FILE", verbs=("generate",), field="env_file",
           target="compose"),
    Option("force", FLAG, "render everything again, with kept values, and replace a Compose file "
           "that is not ours", False, flags=("--force",), verbs=("generate",), field="force"),
    Option("forget", FLAG, "drop what was generated for resources that are gone",
           flags=("--forget",), verbs=("generate",)),
    Option("run_commands", FLAG, "run the commands of cmd:// provisioners that `generate` would run, with "
           "all that they do; without it, it is taken that they return what they did",
           flags=("--run-commands",), verbs=("diff", "check")),
    Option("report", WORD, "what is printed: text for people (usual), json, or the names alone of what was "
           "made or removed, or would be", "text", flags=("--format",), metavar="FORMAT", verbs=SAID,
           words=_REPORT),
    # check
    Option("files", PATHS, "a Score file, a provisioner file or a patch template; told by its name "
           "(score.yaml, *.score.yaml, *.provisioners.yaml), or else by what is in it", metavar="FILE",
           verbs=("check",)),
    Option("format", WORD, "text, json, name for the files alone, or github for workflow commands, which "
           "mark the lines of a change", "text", flags=("-f", "--format"), metavar="FORMAT",
           verbs=("check",), words=(*_REPORT, "github")),
    Option("lenient", FLAG, "warnings are told, and do not count for the exit status",
           flags=("--lenient",), verbs=("check",)),
    Option("live", FLAG, "show what `up` would change in the cluster", flags=("--live",), verbs=("diff",),
           target="kubernetes"),
    # init
    Option("file", PATH, "where a sample Score file is written", "score.yaml",
           flags=("-f", "--file"), metavar="FILE", verbs=("init",)),
    Option("sample", FLAG, "write no sample Score file", flags=("--no-sample",), verbs=("init",)),
    Option("provisioners", TEXTS, "a provisioner file to take in (the last counts first): a path, a "
           "directory, - for stdin, http(s)://, git-https://HOST/REPO.git/PATH, "
           "git-ssh://git@HOST/REPO.git/PATH or oci://HOST/REPO:TAG#FILE",
           flags=("--provisioners",), metavar="URI", verbs=("init",)),
    Option("patch_templates", TEXTS, "a template that patches the Compose project, from where --provisioners "
           "can come", flags=("--patch-templates",), metavar="URI", verbs=("init",)),
    # graph
    Option("format", WORD, "svg, dot, mermaid, json or html; usually what the name of the file says, or svg",
           "", flags=("--format",), metavar="FORMAT", verbs=("graph",), words=GRAPHS),
    Option("file", PATH, "where the picture is written; - is stdout", "-", flags=("-o", "--output"),
           metavar="FILE", verbs=("graph",)),
    Option("focus", TEXTS, "a workload, a resource's UID, a service, a volume, a provisioner or a file: draw "
           "this, and what is connected with it", flags=("--focus",), metavar="NAME", verbs=("graph",)),
    Option("group", WORD, "auto: in a large project what is alike is drawn as one (usual); none: everything "
           "is drawn", GROUPS[0], flags=("--group",), metavar="HOW", verbs=("graph",), words=GROUPS),
    Option("force", FLAG, "replace a file that is no picture of ours", flags=("--force",), verbs=("graph",)),
    Option("dockerignore", PATH, "a directory that images are built of: a line for each path below it that "
           "is generated is added to its .dockerignore, so that no passwords get into them",
           flags=("--dockerignore",), metavar="DIR", verbs=("init",)),
    Option("gitignore", FLAG, "add a line for the output to .gitignore, so that the passwords in it get into "
           "no repository", flags=("--gitignore",), verbs=("init",)),
    # The others.
    Option("names", TEXTS, "a workload, the UID of a resource, or a file", metavar="NAME", verbs=("why",)),
    Option("names", TEXTS, "a workload, a resource's UID or a service", metavar="NAME",
           verbs=("logs", "restart")),
    Option("names", TEXTS, "a workload, a resource's UID or a service, to be brought up with what it waits "
           "for; all else is left alone", metavar="NAME", verbs=("up",)),
    Option("name", TEXT, "a workload, WORKLOAD:CONTAINER where it has several, a resource's UID or a service",
           metavar="NAME", verbs=("exec",)),
    Option("words", COMMAND, "a command with its arguments, after -- or not", metavar="COMMAND",
           verbs=("exec",)),
    Option("format", WORD, "table, json, or the names alone that other commands take", "table",
           flags=("-f", "--format"), metavar="FORMAT",
           verbs=("why", "status", "resources list", "provisioners list", "doctor"), words=_TABLE),
    Option("format", WORD, "text, json, or the number alone", "text", flags=("-f", "--format"),
           metavar="FORMAT", verbs=("version",), words=_REPORT),
    Option("format", TEXT, "json, yaml, name or a Go template", "json", flags=("-f", "--format"),
           metavar="FORMAT", verbs=("resources get-outputs",), words=("json", "yaml", "name")),
    Option("format", WORD, "table, json or yaml", "table", flags=("-f", "--format"), metavar="FORMAT",
           verbs=("resources show",), words=("table", "json", "yaml")),
    Option("force", FLAG, "take containers for ours that were made in another directory",
           flags=("--force",), verbs=("up", "down")),
    Option("build", FLAG, "build images first, as is usual", flags=("--no-build", "--build"), verbs=("up",),
           says="run the images that there are, or build them first (usual)", target="compose"),
    Option("pull", WORD, "when images are pulled: always, missing (usual) or never", flags=("--pull",),
           metavar="WHEN", verbs=("up",), words=PULLS, target="compose"),
    Option("timeout", SECONDS, "how many seconds a container has for ending by itself; usually what its "
           "service says, or 10", flags=("-t", "--timeout"), metavar="SECONDS",
           verbs=("up", "down", "restart"), target="compose"),
    Option("up", FLAG, "bring it up too, as `up` does", flags=("--up",), verbs=("watch",)),
    Option("volumes", FLAG, "remove the volumes too, and with them all data",
           flags=("--volumes",), verbs=("down",)),
    Option("follow", FLAG, "go on until interrupted", flags=("-f", "--follow"), verbs=("logs",)),
    Option("tail", TEXT, "only so many lines of each container", "",
           flags=("-n", "--tail"), metavar="LINES", verbs=("logs",)),
    Option("since", TEXT, "only what was printed since then: 2026-11-29T06:00:00Z, or 42m for that long ago",
           "", flags=("--since",), metavar="TIME", verbs=("logs",)),
    Option("until", TEXT, "only what was printed before that time", "", flags=("--until",), metavar="TIME",
           verbs=("logs",), target="compose"),
    Option("timestamps", FLAG, "with the time before each line", flags=("-t", "--timestamps"),
           verbs=("logs",)),
    Option("no_tty", FLAG, "no terminal for the command, also where this is one", flags=("-T", "--no-tty"),
           verbs=("exec",)),
    Option("uid", TEXT, "type.class#id, as `list` prints it", metavar="UID",
           verbs=("resources show", "resources get-outputs")),
    Option("type", TEXT, "a type of resources, as `list` prints it", metavar="TYPE",
           verbs=("provisioners show", "provisioners eject")),
    # provisioners try
    Option("what", TEXT, "a provisioner file, or a type whose provisioner the project has",
           metavar="FILE|TYPE", verbs=_TRIED),
    Option("type", TEXT, "the type of the resource, where the file has provisioners of several",
           flags=("--type",), metavar="TYPE", verbs=_TRIED),
    Option("class", TEXT, "the class of the resource; usually one that the provisioner takes",
           flags=("--class",), metavar="CLASS", verbs=_TRIED),
    Option("id", TEXT, "the id of the resource; usually one that the provisioner takes",
           flags=("--id",), metavar="ID", verbs=_TRIED),
    Option("param", TEXTS, "a param of the resource, in YAML; `a.b=c` is below another",
           flags=("--param",), metavar="PATH=VALUE", verbs=_TRIED),
    Option("metadata", TEXTS, r"metadata of the resource; a dot in a key is written `\.`",
           flags=("--metadata",), metavar="PATH=VALUE", verbs=_TRIED),
    Option("workload", PATHS, "a Score file whose workload is there; that of the first declares the resource",
           flags=("--workload",), metavar="FILE", verbs=_TRIED),
    Option("from", TEXT, "take params, metadata, what is kept and the shared state from this resource of the "
           "project", flags=("--from",), metavar="UID", verbs=_TRIED),
    Option("section", TEXT, "show this field only, and those in which something is wrong",
           flags=("--section",), metavar="FIELD", verbs=_TRIED),
    Option("data", FLAG, "show what each template sees", flags=("--data",), verbs=_TRIED),
    Option("show_secrets", FLAG, "show passwords too", flags=("--show-secrets",),
           verbs=(*_TRIED, "resources show")),
    Option("again", FLAG, "run a command a second time too, with all that it does",
           flags=("--again",), verbs=_TRIED),
    Option("format", WORD, "text or json", "text", flags=("-f", "--format"), metavar="FORMAT",
           verbs=_TRIED, words=("text", "json")),
    Option("topics", TEXTS, "a key, a datum or a function, as `explain` alone lists them", metavar="TOPIC",
           verbs=("provisioners explain",)),
    Option("schema", TEXT, "score or provisioners", metavar="SCHEMA", verbs=("schema",), words=SCHEMAS),
    Option("force", FLAG, "replace a state file that is not ours", flags=("--force",), verbs=("export",)),
    Option("force", FLAG, "replace a state that is not damaged", flags=("--force",), verbs=("recover",)),
    Option("about", TEXTS, "a command, as the list of them has it", metavar="COMMAND", verbs=("help",)),
    Option("constraint", TEXT, "such as '>=1.2' or '>=1.2, <2'", metavar="CONSTRAINT",
           verbs=("check-version",)),
    Option("shell", TEXT, "bash, zsh, fish or powershell", metavar="SHELL", verbs=("completion",),
           words=SHELLS),
    # What every command takes, besides two arguments of Score(...).
    Option("directory", PATH, "go there first, and look for the project from there",
           flags=("-C", "--directory"), metavar="DIR", verbs=EVERY),
    Option("env", TEXT, "the environment, of those in doit-score.toml; or else DOIT_SCORE_ENV names it",
           flags=("-e", "--env"), metavar="ENV", verbs=EVERY),
    Option("color", WORD, "colours: auto (usual), on a terminal without NO_COLOR, or always or never",
           "auto", flags=("--color",), metavar="WHEN", verbs=EVERY, words=COLOURS),
    Option("quiet", FLAG, "print errors only", flags=("--quiet",), verbs=EVERY),
    Option("verbose", COUNT, "say more; may be repeated", flags=("-v", "--verbose"), verbs=EVERY),
    Option("help", ACTION, "show this help", flags=("-h", "--help"), verbs=EVERY),
    Option("version", ACTION, "print the version", flags=("--version",), verbs=("",)),
)
# fmt: on

ARGUMENTS = tuple(option for option in OPTIONS if option.is_argument)
"""What Score(...) takes besides the name of the pack."""


def options_of(verb: str) -> list[Option]:
    """What a verb of the command takes; the empty one is the command itself, before the verb."""
    verb = ALIASES.get(verb, verb)
    return [option for option in OPTIONS if verb in option.verbs or "*" in option.verbs]


def usual(option: Option) -> object:
    """What counts where a command line says nothing; None where that is what is remembered, or usual."""
    if option.is_repeatable:
        return []
    if option.memory or option.is_either:
        return None
    if not option.takes_value:
        return 0 if option.kind == COUNT else False
    return option.default


FLAGS, SCORE = "", "dodo.py"
"""Who says what a project is: the flags of the command, or a dodo.py, or else a file of this name."""
_speaker = FLAGS


def speak_to(who: str) -> None:
    """From here on messages of this process call options as they are said there."""
    global _speaker
    _speaker = who


def said(name: str, value: str = "", flagged: str = "") -> str:
    """How an argument of ``Score(...)`` is said by whom we speak to, for messages.

    ``value`` stands for one there, and ``flagged`` for one of a flag.
    """
    known = [option for option in OPTIONS if option.flags and name in (option.says_of_files, option.name)]
    if _speaker == SCORE or (_speaker == FLAGS and not known):
        return f"Score({name}={value or '...'})"
    if _speaker != FLAGS:
        return f"`{name}` in {_speaker}"
    one = next((option for option in known if option.says_of_files or option.is_argument), known[0])
    spoken = f"{one.flags[-1]} {flagged or one.metavar}".strip()
    return f"`doit-score init {spoken}`" if one.verbs == ("init",) else spoken


def sayer() -> str:
    """Who says what a project is, for messages."""
    return "Score(...)" if _speaker == SCORE else _speaker or "the command line"
