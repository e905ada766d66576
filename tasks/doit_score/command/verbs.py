"""The verbs of the command, with score-compose's names; what each takes is in options.py."""

from __future__ import annotations

from collections.abc import Mapping

from doit_score.text.light import NamedTuple


class Verb(NamedTuple):
    """A command; ``description`` is said in place of ``help`` where there is more to say."""

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
        "the files that it mounts, and write nothing. The exit status is 0 if it would change nothing, 1 if "
        "something, or if it would run commands, which diff does not, and 2 if that cannot be told. "
        "With --live it is what `up` would change in the cluster. Passwords are not shown."),
    "check": Verb("tell what is wrong with the project, or with some files",
        "Tell all that is wrong with Score files, provisioner files and patch templates, each at its line, "
        "and write nothing. Without files, those of the project are checked. No state is needed. The exit "
        "status is 1 if anything is wrong, warnings among it, and 0 if nothing is."),
    "why": Verb("tell what the last run did, and why",
        "Tell what the last run that did something did to each workload, resource and file, and for what "
        "reasons; of those that are named, also that nothing was done."),
    "up": Verb("generate, and run the project in Docker",
        "Generate, start with Docker Compose what is not running as the project wants it, and wait until "
        "all of it is up."),
    "down": Verb("remove the containers of the project"),
    "status": Verb("show how each workload and resource does"),
    "logs": Verb("show what the containers print"),
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
        "its own result. Nothing is written. The exit status is 1 if anything is wrong, or if the second run "
        "gives something else. Passwords are not shown."),
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
    "version": Verb("print the version"),
    "check-version": Verb("fail if this is another version"),
    "completion": Verb("print a script for completion in a shell",
        "Print the script with which a shell completes the flags and arguments of this command. To load it: "
        "`source <(doit-score completion bash)`, the same for zsh, or `doit-score completion fish | "
        "source`."),
}
# fmt: on


def below(verb: str) -> list[str]:
    """The words that can follow a verb, or the command itself, to name one."""
    return [name.rpartition(" ")[2] for name in VERBS if name.rpartition(" ")[0] == verb]


def program(verb: str) -> str:
    """How a verb is called, with the command."""
    return f"doit-score {verb}".strip()
