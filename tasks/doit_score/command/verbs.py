"""The verbs of the command, with score-compose's names; what each takes is in options.py."""

from __future__ import annotations

from collections.abc import Mapping

from doit_score.text.light import NamedTuple


class Verb(NamedTuple):
    """A command; ``description`` is said in place of ``help`` where there is more to say.

    What else its page of help says is in manual.py.
    """

    help: str
    description: str = ""


# fmt: off
VERBS: Mapping[str, Verb] = {
    "init": Verb("set up this directory"),
    "generate": Verb("write the Compose file",
        "Add the Score files to the project and write its Compose file. Without Score files, all known ones "
        "are looked at again. What was said of a file is remembered."),
    "diff": Verb("show what `generate` would change",
        "Show as a unified diff what `generate` with these arguments would change in the Compose file and "
        "the files that it mounts, and write nothing. With --live it is what `up` would change in the "
        "cluster. Passwords are not shown."),
    "check": Verb("tell what is wrong with the project, or with some files",
        "Tell all that is wrong with Score files, provisioner files and patch templates, each at its line, "
        "and write nothing. Without files, those of the project are checked. No state is needed."),
    "why": Verb("tell what the last run did, and why",
        "Tell what the last run that did something did to each workload, resource and file, and for what "
        "reasons; of those that are named, also that nothing was done."),
    "graph": Verb("draw the project",
        "Draw workloads, resources, and the services, volumes and other objects that they become, with what "
        "needs, makes and waits for what, as the last run left them: nothing is provisioned. A page of html "
        "is one file, in which one can search, look at outputs, and see what a change of a file would touch. "
        "Passwords are not shown."),
    "up": Verb("generate, and run the project",
        "Generate, start with Docker Compose or in the cluster what is not running as the project wants it, "
        "and wait until all of it is up. With names only these are brought up, and what they wait for."),
    "watch": Verb("generate whenever something is saved",
        "Generate, and again whenever a file is saved that the project is or may be made of, until Ctrl-C; "
        "with --up also bring up what that changed. Each round that does something says so in a line, with "
        "the reason. An error ends a round, and the next save begins another one. Takes the extra `watch`."),
    "down": Verb("remove the containers of the project"),
    "status": Verb("show how each workload and resource does"),
    "ps": Verb("another name of status"),
    "logs": Verb("show what the containers print"),
    "exec": Verb("run a command in a container",
        "Run a command in a container that runs. It has this terminal, if there is one."),
    "restart": Verb("restart containers, and wait until they are well again",
        "Restart the containers of the project, or of what is named, and wait until they are well again. "
        "What was generated since they were made reaches them by `up`."),
    "resources": Verb("look at the resources of the project"),
    "resources list": Verb("list them with the names of their outputs"),
    "resources show": Verb("show all that is known of one",
        "Show all that is known of one resource: its provisioner and where that is, params and metadata, "
        "who declares and uses it, what is kept, what it read and wrote of the shared state, its outputs, "
        "what it brought, and why it was last made. Passwords are not shown without --show-secrets."),
    "resources get-outputs": Verb("print the outputs of one"),
    "provisioners": Verb("look at the provisioners"),
    "provisioners list": Verb("list them, the first that fits counts",
        "List the provisioners in their order, of which the first that fits a resource counts, with the file "
        "and line of each, and by which one it is shadowed: such an entry is never chosen."),
    "provisioners show": Verb("print those of a type, with their text"),
    "provisioners try": Verb("run one on a made-up resource, and show all of it",
        "Run the provisioner of a file, or the one that the project has for a type, on a made-up resource or "
        "on one that is there. Show what each template printed and what became of it, and run it again on "
        "its own result. Nothing is written. Passwords are not shown."),
    "provisioners eject": Verb("copy the one of a type into provisioners/, for editing",
        "Copy the provisioner of a type into the directory provisioners/, where it comes before the one "
        "that it was copied from. A file that is there is not overwritten."),
    "provisioners explain": Verb("tell what a key, a datum or a function of theirs is",
        "Tell of keys of an entry, of what templates see, and of functions, each with an example and what "
        "it gives. Without a name all of them are listed."),
    "schema": Verb("print the JSON Schema of Score files or of provisioner files",
        "Print a JSON Schema, with which editors complete and check files. `init` writes both below the "
        "state directory, where the sample and what `provisioners eject` copies look for them."),
    "export": Verb("write a .score-compose directory that score-compose continues from",
        "Write .score-compose/state.yaml and the mounts directory beside it as score-compose would have "
        "left them, so that it continues with what was generated here."),
    "recover": Verb("make a new state from its backup",
        "Make a new state from the backup beside it, when the state is damaged or gone. What is damaged is "
        "given another name. Generated names and passwords are as they were; the next `generate` does the "
        "rest."),
    "doctor": Verb("tell what is there and what is missing",
        "Look for what the project takes: programs with their versions, whether the Docker engine or the "
        "cluster answers, extras of this package, and whether the state can be used; and say of what is "
        "missing how it is installed. Nothing is changed."),
    "help": Verb("tell of a command",
        "Tell what a command does, what it takes and prints, and what its exit status says. Without a name "
        "all commands are listed. With -h, wherever it stands, a command tells the same of itself."),
    "version": Verb("print the version"),
    "check-version": Verb("fail if this is another version"),
    "completion": Verb("print a script for completion in a shell",
        "Print the script with which a shell completes the flags and arguments of this command. To load it: "
        "`source <(doit-score completion bash)`, the same for zsh, `doit-score completion fish | source`, or "
        "`doit-score completion powershell | Out-String | Invoke-Expression`."),
}
# fmt: on
ONLY_LOOK = (
    *("check", "check-version", "completion", "diff", "doctor", "graph", "help", "logs", "provisioners"),
    *("provisioners explain", "provisioners list", "provisioners show", "ps", "resources"),
    *("resources get-outputs", "resources list", "resources show", "schema", "status", "version", "why"),
)
"""Those that change nothing, unless they are told to write a file: who mistypes one may be told its name."""


def below(verb: str) -> list[str]:
    """The words that can follow a verb, or the command itself, to name one."""
    return [name.rpartition(" ")[2] for name in VERBS if name.rpartition(" ")[0] == verb]


def program(verb: str) -> str:
    """How a verb is called, with the command."""
    return f"doit-score {verb}".strip()
