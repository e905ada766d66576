"""The whole text of the messages that users meet most: where, what was expected and found, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from command import Directory

HEAD = "apiVersion: score.dev/v1b1\nmetadata:\n  name: lantern\n"
SCORE = f"{HEAD}containers:\n  wick:\n    image: x\n"
STORE = "resources:\n  store:\n    type: tallow\n"
PROVISIONERS = ".score-compose/a.provisioners.yaml"
READ = "INFO: read workload 'lantern' from 'score.yaml'\n"
PROVISIONED = f"{READ}INFO: provisioned 1 resource\n"
UID = "tallow.default#lantern.store"
NO_EDGE_DASH = "2 to 63 characters of a-z, 0-9 and '-', with no '-' at either end"


class Mistake(NamedTuple):
    """What a user did, and what is said of it on stderr."""

    called: str
    files: Mapping[str, str]
    stderr: str
    arguments: tuple[str, ...] = ("generate", "score.yaml")


def entry(text: str, uri: str = "template://corpus/tallow", type_: str = "tallow") -> str:
    """A provisioner file of one entry."""
    return f"- uri: {uri}\n  type: {type_}\n{text}"


def with_store(provisioner: str, score: str = SCORE) -> dict[str, str]:
    """A Score file with one resource, and the provisioner file for it."""
    return {"score.yaml": score + STORE, PROVISIONERS: provisioner}


FLAGS_AND_FILES = [
    Mistake(
        "missing file",
        {},
        "Error: failed to read 'scores.yaml': there is no such file\n  hint: check the path\n",
        ("generate", "scores.yaml"),
    ),
    Mistake(
        "no file at all",
        {},
        "Error: no workloads found, and no Score file was given\n"
        "  hint: name one: `doit-score generate score.yaml`\n",
        ("generate",),
    ),
    Mistake(
        "missing directory of the output",
        {"score.yaml": SCORE},
        "Error: no/such.yaml: cannot be written: its directory does not exist\n  hint: make the directory\n",
        ("generate", "score.yaml", "-o", "no/such.yaml"),
    ),
    Mistake(
        "unknown flag",
        {"score.yaml": SCORE},
        "Error: unrecognized arguments: --nope\n  hint: see `doit-score generate --help`\n",
        ("generate", "score.yaml", "--nope"),
    ),
    Mistake(
        "bad override flag",
        {"score.yaml": SCORE},
        "Error: --override-property 'containers.wick.image': expected PATH=VALUE, such as "
        "containers.web.image=nginx:1 (an empty VALUE deletes), found no '='\n",
        ("generate", "score.yaml", "--override-property", "containers.wick.image"),
    ),
    Mistake(
        "bad override path",
        {"score.yaml": SCORE},
        "Error: --override-property: expected PATH=VALUE, such as containers.web.image=nginx:1 "
        "(an empty VALUE deletes), found no path before the '='\n",
        ("generate", "score.yaml", "--override-property", "=x"),
    ),
    Mistake(
        "override of nothing",
        {"score.yaml": SCORE},
        "Error: --override-property containers.wick.image.tag: at containers.wick.image: "
        "expected a mapping or a list with 'tag' in it, found text\n",
        ("generate", "score.yaml", "--override-property", "containers.wick.image.tag=2"),
    ),
    Mistake(
        "one flag for two files",
        {"score.yaml": SCORE, "b.yaml": SCORE},
        "Error: --image cannot be used when multiple Score files are provided\n"
        "  hint: generate them one after the other: each run adds to the project\n",
        ("generate", "score.yaml", "b.yaml", "--image", "y"),
    ),
    Mistake(
        "bad publish",
        {"score.yaml": SCORE},
        f"{READ}INFO: rendered 1 workload\n"
        "Error: --publish[0]: expected 3 parts separated by ':', found '8080:80'\n"
        "  hint: give HOST_PORT:WORKLOAD:PORT (or PORT/udp) or HOST_PORT:RESOURCE_UID.OUTPUT:PORT\n",
        ("generate", "score.yaml", "--publish", "8080:80"),
    ),
    Mistake(
        "publish of an unknown workload",
        {"score.yaml": SCORE},
        f"{READ}INFO: rendered 1 workload\n"
        "Error: --publish[0]: failed to find a workload named 'lamp'\n"
        "  hint: known are lantern\n",
        ("generate", "score.yaml", "--publish", "8080:lamp:80"),
    ),
    Mistake(
        "bad build",
        {"score.yaml": SCORE},
        "Error: invalid --build './src': found no '='\n"
        '  hint: give CONTAINER=DIRECTORY or CONTAINER={"context": "DIRECTORY", ...}\n',
        ("generate", "score.yaml", "--build", "./src"),
    ),
]

SCORE_FILES = [
    Mistake(
        "bad YAML",
        {"score.yaml": f"{SCORE}  glass: [a\n"},
        "Error: score.yaml:8:1: not YAML: did not find expected ',' or ']' in the list in brackets that "
        "begins in line 7, column 10\n",
    ),
    Mistake(
        "bad indentation",
        {"score.yaml": f"{SCORE}   glass: {{}}\n"},
        "Error: score.yaml:7:4: not YAML: did not find expected key in the mapping that begins in line "
        "5, column 3\n"
        "  | glass: {}\n"
        "  hint: let all keys of a mapping begin in one column\n",
    ),
    Mistake(
        "tab indentation",
        {"score.yaml": "apiVersion: score.dev/v1b1\nmetadata:\n\tname: lantern\n"},
        "Error: score.yaml:3:1: not YAML: found a tab where spaces or text are expected\n"
        "  | name: lantern\n"
        "  hint: indent with spaces, not with tabs\n",
    ),
    Mistake(
        "duplicate key",
        {"score.yaml": f"{SCORE}    image: y\n"},
        "Error: score.yaml:7:5: the key 'image' is given twice in one mapping, first in line 6\n"
        "  | image: y\n",
    ),
    Mistake(
        "unknown key",
        {"score.yaml": SCORE.replace("image", "imege")},
        "Error: validation errors in workload 'lantern':\n"
        "  score.yaml:5:3: /containers/wick: the property 'image' is missing\n"
        "    | wick:\n"
        "  score.yaml:6:5: /containers/wick/imege: unknown property 'imege', expected image, command, "
        "args, variables, files, volumes, before, resources, livenessProbe, readinessProbe\n"
        "    | imege: x\n"
        "    hint: did you mean 'image'?\n",
    ),
    Mistake(
        "bad name",
        {"score.yaml": SCORE.replace("lantern", "Lan_tern")},
        "Error: validation errors in workload 'Lan_tern':\n"
        f"  score.yaml:3:9: /metadata/name: expected {NO_EDGE_DASH}, found text ('Lan_tern')\n"
        "    | name: Lan_tern\n"
        "    hint: such as 'lan-tern'\n",
    ),
    Mistake(
        "missing name",
        {"score.yaml": SCORE.replace("name: lantern", "team: wax")},
        "Error: validation errors in the workload of 'score.yaml':\n"
        "  score.yaml:2:1: /metadata: the property 'name' is missing\n"
        "    | metadata:\n",
    ),
    Mistake(
        "number for text",
        {"score.yaml": f"{SCORE}    variables:\n      A: 5\n      B: true\n"},
        "Error: validation errors in workload 'lantern':\n"
        "  score.yaml:8:10: /containers/wick/variables/A: expected text, found a number\n"
        "    | A: 5\n"
        "    hint: put the value in quotes\n"
        "  score.yaml:9:10: /containers/wick/variables/B: expected text, found a boolean\n"
        "    | B: true\n"
        "    hint: put the value in quotes\n",
    ),
    Mistake(
        "malformed placeholder",
        {"score.yaml": f"{SCORE}    variables:\n      A: ${{HOME}}\n      B: ${{env.HOME}}\n"},
        "Error: validation errors in workload 'lantern':\n"
        "  score.yaml:8:10: /containers/wick/variables/A: the placeholder ${HOME} is malformed: expected "
        "two or more names of letters, digits, '_' and '-', joined by dots\n"
        "    | A: ${HOME}\n"
        "    hint: write $${HOME} for the text itself; an environment variable is ${resources.env.HOME}, "
        "with a resource `env` of the type environment\n"
        "  score.yaml:9:10: /containers/wick/variables/B: the placeholder ${env.HOME} starts with 'env': "
        "expected 'metadata' or 'resources'\n"
        "    | B: ${env.HOME}\n"
        "    hint: write $${env.HOME} for the text itself\n",
    ),
    Mistake(
        "unknown resource",
        with_store(entry(""), f"{SCORE}    variables:\n      A: ${{resources.stor.host}}\n"),
        "Error: validation errors in workload 'lantern':\n"
        "  score.yaml:8:10: /containers/wick/variables/A: the placeholder ${resources.stor.host} names "
        "the resource 'stor', which is not declared\n"
        "    | A: ${resources.stor.host}\n"
        "    hint: did you mean 'store'?\n",
    ),
    Mistake(
        "unknown container before",
        {"score.yaml": f"{SCORE}    before: {{globe: {{ready: started}}}}\n"},
        "Error: validation errors in workload 'lantern':\n"
        "  score.yaml:7:14: /containers/wick/before/globe: the container 'wick' is before 'globe', which "
        "does not exist\n"
        "    | before: {globe: {ready: started}}\n"
        "    hint: the containers are: wick\n",
    ),
    Mistake(
        "missing image",
        {"score.yaml": SCORE.replace("image: x", "image: .")},
        f"{READ}Error: score.yaml:6:12: container 'wick' of workload 'lantern' has no image ('.'), and "
        "nobody gave one, or a build\n"
        "  | image: .\n"
        "  in containers.wick.image of workload 'lantern'\n"
        "  hint: give --build wick=DIRECTORY, or --image IMAGE\n",
    ),
    Mistake(
        "missing source of a file",
        {"score.yaml": f"{SCORE}    files:\n      /etc/a.conf:\n        source: a.conf\n"},
        f"{READ}Error: score.yaml:9:17: failed to read 'a.conf': No such file or directory\n"
        "  | source: a.conf\n"
        "  in containers.wick.files[/etc/a.conf].source of workload 'lantern'\n",
    ),
    Mistake(
        "duplicate workload",
        {"score.yaml": SCORE, "b.yaml": SCORE},
        "Error: score.yaml: workload name 'lantern' is used more than once: in 'b.yaml' and 'score.yaml'\n"
        "  hint: give each workload a metadata.name of its own\n",
        ("generate", "score.yaml", "b.yaml"),
    ),
    Mistake(
        "missing apiVersion",
        {"score.yaml": SCORE.removeprefix("apiVersion: score.dev/v1b1\n")},
        "Error: validation errors in workload 'lantern':\n"
        "  score.yaml:1:1: the property 'apiVersion' is missing\n"
        "    | metadata:\n"
        "    hint: begin the file with `apiVersion: score.dev/v1b1`\n",
    ),
    Mistake(
        "a misspelt root of a placeholder",
        with_store(entry(""), f"{SCORE}    variables:\n      A: ${{resource.store.host}}\n"),
        "Error: validation errors in workload 'lantern':\n"
        "  score.yaml:8:10: /containers/wick/variables/A: the placeholder ${resource.store.host} starts "
        "with 'resource': expected 'metadata' or 'resources'\n"
        "    | A: ${resource.store.host}\n"
        "    hint: did you mean ${resources.store.host}? Write $${resource.store.host} for the text "
        "itself\n",
    ),
]

RESOURCES = [
    Mistake(
        "unsupported resource",
        {"score.yaml": SCORE + STORE},
        f"{READ}Error: score.yaml:9:11: resource '{UID}' is not supported by any provisioner\n"
        "  | type: tallow\n"
        "  hint: write one: a file 'provisioners/tallow.provisioners.yaml' with `type: tallow`; known "
        "types: environment\n",
    ),
    Mistake(
        "unknown output",
        with_store(
            entry("  outputs: |\n    host: h\n    port: 80\n"),
            f"{SCORE}    variables:\n      A: ${{resources.store.hots}}\n",
        ),
        f"{PROVISIONED}Error: score.yaml:8:10: the placeholder ${{resources.store.hots}} finds nothing: "
        "there is no output 'hots'\n"
        "  | A: ${resources.store.hots}\n"
        "  in containers.wick.variables.A of workload 'lantern'\n"
        "  hint: did you mean 'host'?\n",
    ),
    Mistake(
        "unset environment variable",
        {
            "score.yaml": f"{SCORE}    files:\n      /etc/a: {{content: '${{resources.env.TOKEN}}'}}\n"
            "resources:\n  env:\n    type: environment\n"
        },
        f"{PROVISIONED}Error: score.yaml:8:25: the placeholder ${{resources.env.TOKEN}} finds nothing: "
        "the environment variable 'TOKEN' is not set, and its value is needed now\n"
        "  | /etc/a: {content: '${resources.env.TOKEN}'}\n"
        "  in containers.wick.files[/etc/a].content of workload 'lantern'\n"
        "  hint: set it for this command; only in `variables` of a container it is left to Compose\n",
    ),
    Mistake(
        "cycle",
        {
            "score.yaml": f"{SCORE}resources:\n"
            "  one: {type: tallow, params: {a: '${resources.two.a}'}}\n"
            "  two: {type: tallow, params: {a: '${resources.one.a}'}}\n",
            PROVISIONERS: entry(""),
        },
        f"{READ}Error: score.yaml:8:23: the params of these resources refer to each other in a cycle: "
        "tallow.default#lantern.one -> tallow.default#lantern.two -> tallow.default#lantern.one\n"
        "  | one: {type: tallow, params: {a: '${resources.two.a}'}}\n"
        "  hint: remove one of the ${resources...} placeholders from the params\n",
    ),
    Mistake(
        "two services of one name",
        with_store(entry("  services: |\n    lantern-wick: {image: y}\n")),
        f"{PROVISIONED}INFO: rendered 1 workload\n"
        f"Error: duplicate service name 'lantern-wick': from resource '{UID}' and from workload 'lantern'\n"
        "  hint: rename one of them\n",
    ),
    Mistake(
        "unknown resource of a read command",
        with_store(entry("")),
        "Error: no such resource 'tallow.default#x'\n"
        "  hint: `doit-score resources list` shows what there is\n",
        ("resources", "get-outputs", "tallow.default#x"),
    ),
    Mistake(
        "a misspelt type",
        {"score.yaml": SCORE + STORE.replace("tallow", "talow"), PROVISIONERS: entry("")},
        f"{READ}Error: score.yaml:9:11: resource 'talow.default#lantern.store' is not supported by any "
        "provisioner\n"
        "  | type: talow\n"
        "  hint: did you mean 'tallow'?\n",
    ),
    Mistake(
        "a misspelt param",
        with_store(entry("  supported_params: [size]\n"))
        | {"score.yaml": f"{SCORE}{STORE}    params:\n      sise: 5\n"},
        f"{PROVISIONED}INFO: rendered 1 workload\n"
        "Error: score.yaml:11:7: unknown param 'sise'\n"
        "  | sise: 5\n"
        f"  in supported_params of template://corpus/tallow, for resource '{UID}'\n"
        "  hint: did you mean 'size'?\n",
        ("generate", "score.yaml", "--strict"),
    ),
]

PROVISIONER_FILES = [
    Mistake(
        "unknown key of a provisioner",
        with_store(entry("  output: |\n    a: 1\n")),
        f"{READ}Error: failed to load provisioners:\n"
        f"  {PROVISIONERS}:3:3: template://corpus/tallow: unknown key 'output'\n"
        "    | output: |\n"
        "    hint: did you mean 'outputs'?\n",
    ),
    Mistake(
        "unknown scheme of a provisioner",
        with_store(entry("", uri="https://x")),
        f"{READ}Error: failed to load provisioners:\n"
        f"  {PROVISIONERS}:1:8: the uri 'https://x' has the unknown scheme 'https'\n"
        "    | - uri: https://x\n"
        "    hint: give it as template://NAME, jinja://NAME, cmd://COMMAND, local-env://NAME or "
        "images://NAME\n",
    ),
    Mistake(
        "Go template without end",
        with_store(entry("  outputs: |\n    host: {{ .Uid\n    b: 1\n")),
        f"{READ}Error: {PROVISIONERS}:5:5: there is no function 'b'; is a '}}}}' missing in a line above?\n"
        "  | b: 1\n"
        f"  in outputs of template://corpus/tallow, for resource '{UID}'\n",
    ),
    Mistake(
        "Go template with an unknown function",
        with_store(entry("  outputs: |\n    host: {{ .Uid | toYaml }}\n    port: {{ add1 1 | quoted }}\n")),
        f"{READ}Error: {PROVISIONERS}:4:21: there is no function 'toYaml' here; 'toJson' does it, as JSON "
        "is YAML\n"
        "  | host: {{ .Uid | toYaml }}\n"
        f"  in outputs of template://corpus/tallow, for resource '{UID}'\n",
    ),
    Mistake(
        "Go template with an unknown field",
        with_store(entry("  outputs: |\n    a: 1\n    host: {{ .uid }}\n")),
        f"{READ}Error: {PROVISIONERS}:5:14: there is no field 'uid' here: the fields are Class, "
        "ComposeProjectName, Id, Init, Metadata, MountsDirectory, Params, Shared, SourceWorkload, State, "
        "Type, Uid, WorkloadServices\n"
        "  | host: {{ .uid }}\n"
        f"  in outputs of template://corpus/tallow, for resource '{UID}'\n",
    ),
    Mistake(
        "Go template that fails by itself",
        with_store(entry('  outputs: |\n    {{ fail "no size given" }}\n')),
        f"{READ}Error: {PROVISIONERS}:4:8: fail: no size given\n"
        '  | {{ fail "no size given" }}\n'
        f"  in outputs of template://corpus/tallow, for resource '{UID}'\n",
    ),
    Mistake(
        "Jinja2 template without end",
        with_store(entry("  outputs: |\n    a: 1\n    host: {{ uid\n", uri="jinja://corpus/tallow")),
        f"{READ}Error: {PROVISIONERS}:5:14: unexpected end of template, expected '}}}}'\n"
        "  | host: {{ uid\n"
        f"  in outputs of jinja://corpus/tallow, for resource '{UID}'\n",
    ),
    Mistake(
        "Jinja2 template with an unknown name",
        with_store(entry("  outputs: |\n    a: 1\n    host: {{ uidd }}\n", uri="jinja://corpus/tallow")),
        f"{READ}Error: {PROVISIONERS}:5:14: 'uidd' is undefined; did you mean 'uid'?\n"
        "  | host: {{ uidd }}\n"
        f"  in outputs of jinja://corpus/tallow, for resource '{UID}'\n",
    ),
    Mistake(
        "template that prints no YAML",
        with_store(entry("  outputs: |\n    a: 1\n    b: [1\n    c: 2\n")),
        f"{READ}Error: {PROVISIONERS}:6:5: what it printed is refused: not YAML: did not find expected "
        "',' or ']'\n"
        "  | c: 2\n"
        f"  in outputs of template://corpus/tallow, for resource '{UID}'\n",
    ),
    Mistake(
        "template that prints a bad service",
        with_store(entry("  services: |\n    vat: {image: [x]}\n")),
        f"{READ}Error: {PROVISIONERS}:4:11: service 'vat': image: expected text, found a list\n"
        "  | vat: {image: [x]}\n"
        f"  in services of template://corpus/tallow, for resource '{UID}'\n",
    ),
    Mistake(
        "failing command",
        with_store(entry("  args: ['-c', 'echo no server there >&2; exit 3']\n", uri="cmd:///bin/sh")),
        f"{READ}Error: {PROVISIONERS}:1: the command '/bin/sh' exited with status 3\n"
        "  | no server there\n"
        f"  in cmd:///bin/sh, for resource '{UID}'\n",
    ),
    Mistake(
        "command that prints no JSON",
        with_store(entry("  args: ['-c', 'echo hello']\n", uri="cmd:///bin/sh")),
        f"{READ}Error: {PROVISIONERS}:1: expected a JSON object as output: expected a value in line "
        "1, column 1\n"
        "  | - uri: cmd:///bin/sh\n"
        f"  in cmd:///bin/sh, for resource '{UID}'\n"
        "  hint: print one JSON object to standard output, and everything else to standard error\n",
    ),
    Mistake(
        "missing command",
        with_store(entry("", uri="cmd://no-such-tool")),
        f"{READ}Error: {PROVISIONERS}:1: the command 'no-such-tool' is not on PATH\n"
        "  | - uri: cmd://no-such-tool\n"
        f"  in cmd://no-such-tool, for resource '{UID}'\n"
        "  hint: install it, or give its path as cmd://./path\n",
    ),
    Mistake(
        "a key below a service",
        with_store(
            entry("  services: |\n    vat:\n      image: x\n      healthcheck:\n        intervall: 5s\n")
        ),
        f"{PROVISIONED}INFO: rendered 1 workload\n"
        f"Error: {PROVISIONERS}:7:9: service 'vat': healthcheck.intervall: Compose knows no such key here\n"
        "  | intervall: 5s\n"
        f"  in services of template://corpus/tallow, for resource '{UID}'\n"
        "  hint: did you mean 'interval'? it is left out; correct it, or begin it with x- to keep it for "
        "something else\n",
        ("generate", "score.yaml", "--strict"),
    ),
    Mistake(
        "a value below a service in a loop",
        with_store(
            entry(
                "  services: |\n    {{ range list 1 2 }}\n    vat{{ . }}:\n      image: x\n"
                "      environment:\n        A: [1]\n    {{ end }}\n"
            )
        ),
        f"{READ}Error: 2 problems:\n"
        f"  {PROVISIONERS}:8:9: service 'vat1': environment.A: expected text, found a list\n"
        "    | A: [1]\n"
        f"    in services of template://corpus/tallow, for resource '{UID}'\n"
        f"  {PROVISIONERS}:8:9: service 'vat2': environment.A: expected text, found a list\n"
        "    | A: [1]\n"
        f"    in services of template://corpus/tallow, for resource '{UID}'\n",
    ),
    Mistake(
        "a second expression of a line of Jinja2",
        with_store(
            entry(
                "  state: |\n    service: x\n  outputs: |\n    a: {{ uid }} {{ state.servce }}\n",
                uri="jinja://corpus/tallow",
            )
        ),
        f"{READ}Error: {PROVISIONERS}:6:27: there is no key 'servce' here; did you mean 'service'?\n"
        "  | a: {{ uid }} {{ state.servce }}\n"
        f"  in outputs of jinja://corpus/tallow, for resource '{UID}'\n",
    ),
    Mistake(
        "a misspelt filter of Jinja2",
        with_store(entry("  outputs: |\n    a: {{ state | digg }}\n", uri="jinja://corpus/tallow")),
        f"{READ}Error: {PROVISIONERS}:4:19: No filter named 'digg'; did you mean 'dig'?\n"
        "  | a: {{ state | digg }}\n"
        f"  in outputs of jinja://corpus/tallow, for resource '{UID}'\n",
    ),
    Mistake(
        "a misspelt function of a Go template",
        with_store(entry("  outputs: |\n    a: {{ .State | digg }}\n")),
        f"{READ}Error: {PROVISIONERS}:4:20: there is no function 'digg'; did you mean 'dig'?\n"
        "  | a: {{ .State | digg }}\n"
        f"  in outputs of template://corpus/tallow, for resource '{UID}'\n",
    ),
    Mistake(
        "required in a Go template",
        with_store(entry('  outputs: |\n    a: {{ required "no size" .Params.size }}\n')),
        f"{READ}Error: {PROVISIONERS}:4:11: there is no function 'required'; write `{{{{ if not "
        f'.Params.size }}}}{{{{ fail "size is needed" }}}}{{{{ end }}}}`\n'
        '  | a: {{ required "no size" .Params.size }}\n'
        f"  in outputs of template://corpus/tallow, for resource '{UID}'\n",
    ),
    Mistake(
        "required in Jinja2",
        with_store(
            entry(
                "  outputs: |\n    a: {{ params.size | required('no size') }}\n", uri="jinja://corpus/tallow"
            )
        ),
        f"{READ}Error: {PROVISIONERS}:4:25: No filter named 'required'; write `{{% if not params.size "
        f"%}}{{{{ fail('size is needed') }}}}{{% endif %}}`\n"
        "  | a: {{ params.size | required('no size') }}\n"
        f"  in outputs of jinja://corpus/tallow, for resource '{UID}'\n",
    ),
    Mistake(
        "Go syntax in Jinja2",
        with_store(entry("  outputs: |\n    a: {{ .Uid }}\n", uri="jinja://corpus/tallow")),
        f"{READ}Error: {PROVISIONERS}:4:11: this is Go template syntax, and Jinja2 is read here\n"
        "  | a: {{ .Uid }}\n"
        f"  in outputs of jinja://corpus/tallow, for resource '{UID}'\n"
        "  hint: the uri says jinja://: a provisioner with Go templates is template://\n",
    ),
    Mistake(
        "Jinja2 syntax in a Go template",
        with_store(entry("  outputs: |\n    a: {{ state.service }}\n")),
        f"{READ}Error: {PROVISIONERS}:4:11: this is Jinja2 syntax, and a Go template is read here\n"
        "  | a: {{ state.service }}\n"
        f"  in outputs of template://corpus/tallow, for resource '{UID}'\n"
        "  hint: the uri says template://: a provisioner with Jinja2 templates is jinja://\n",
    ),
    Mistake(
        "a statement of Jinja2 in a Go template",
        with_store(entry("  outputs: |\n    a: 1\n    {% if uid %}\n    b: 2\n    {% endif %}\n")),
        f"{READ}Error: {PROVISIONERS}:5:5: this is Jinja2 syntax, and a Go template is read here\n"
        "  | {% if uid %}\n"
        f"  in outputs of template://corpus/tallow, for resource '{UID}'\n"
        "  hint: the uri says template://: a provisioner with Jinja2 templates is jinja://\n",
    ),
    Mistake(
        "a single brace in Jinja2",
        with_store(entry("  outputs: |\n    a: {{ uid }\n    b: 2\n", uri="jinja://corpus/tallow")),
        f"{READ}Error: {PROVISIONERS}:4:15: expected '}}}}' or '%}}', found a single '}}'\n"
        "  | a: {{ uid }\n"
        f"  in outputs of jinja://corpus/tallow, for resource '{UID}'\n",
    ),
    Mistake(
        "a single brace in a Go template",
        with_store(entry("  outputs: |\n    a: {{ range }\n    b: 2\n")),
        f"{READ}Error: {PROVISIONERS}:4:17: expected }}}}, found a single }}\n"
        "  | a: {{ range }\n"
        f"  in outputs of template://corpus/tallow, for resource '{UID}'\n",
    ),
    Mistake(
        "a block of Jinja2 without end",
        with_store(entry("  outputs: |\n    {% if uid %}\n    a: 1\n", uri="jinja://corpus/tallow")),
        f"{READ}Error: {PROVISIONERS}:4:8: this if has no {{% endif %}}\n"
        "  | {% if uid %}\n"
        f"  in outputs of jinja://corpus/tallow, for resource '{UID}'\n",
    ),
    Mistake(
        "a template without bar",
        with_store(entry("  outputs:\n    a: 1\n")),
        f"{READ}Error: failed to load provisioners:\n"
        f"  {PROVISIONERS}:3:3: template://corpus/tallow: expected text in outputs, found a mapping: its "
        "'|' is missing\n"
        "    | outputs:\n"
        "    hint: a template is text: write `outputs: |`\n",
    ),
    Mistake(
        "a template without bar that is no YAML",
        with_store(entry("  outputs:\n    a: {{ .Uid }}\n")),
        f"{READ}Error: failed to load provisioners:\n"
        f"  {PROVISIONERS}:3:3: expected text in outputs, found what is no YAML: its '|' is missing\n"
        "    | outputs:\n"
        "    hint: a template is text: write `outputs: |`\n",
    ),
    Mistake(
        "a misspelt scheme of a provisioner",
        with_store(entry("", uri="jina://corpus/tallow")),
        f"{READ}Error: failed to load provisioners:\n"
        f"  {PROVISIONERS}:1:8: the uri 'jina://corpus/tallow' has the unknown scheme 'jina'\n"
        "    | - uri: jina://corpus/tallow\n"
        "    hint: did you mean 'jinja'?\n",
    ),
]

MISTAKES = FLAGS_AND_FILES + SCORE_FILES + RESOURCES + PROVISIONER_FILES


@pytest.mark.parametrize("mistake", MISTAKES, ids=[mistake.called for mistake in MISTAKES])
def test_the_message(mistake: Mistake, tmp_path: Path) -> None:
    here = Directory(tmp_path)
    here.init()
    for name, text in mistake.files.items():
        here.write(name, text)
    assert here.run(*mistake.arguments, status=1).stderr == mistake.stderr
    assert not (tmp_path / "compose.yaml").exists()


def test_a_missing_init(tmp_path: Path) -> None:
    here = Directory(tmp_path)
    here.write("score.yaml", SCORE)
    assert here.run("generate", "score.yaml", status=1).stderr == (
        "Error: the state directory 'state' does not exist yet\n"
        '  hint: please run "doit-score init" first\n'
    )


def test_a_bad_project_name(tmp_path: Path) -> None:
    assert Directory(tmp_path).run("init", "--no-sample", "-p", "My Shop", status=1).stderr == (
        "Error: invalid value 'My Shop' for --project: it must match ^[a-z0-9][a-z0-9_-]*$\n"
        "  hint: use lower case letters, digits, '-' and '_', and begin with a letter or digit\n"
    )


@pytest.mark.parametrize(
    ("template", "stderr"),
    [
        (
            "- {op: add, path: services.lantern-wick.image, value: y}\n",
            "Error: fix.tpl: patch 1 (add 'services.lantern-wick.image'): unknown operation: "
            "expected op set or delete, found text ('add')\n  in a patch template\n",
        ),
        (
            "- {op: set, path: name, value: {{ .Compse.name }}}\n",
            "Error: fix.tpl:1:35: there is no field 'Compse' here: the fields are Compose, "
            "MountsDirectory, Workloads\n"
            "  | - {op: set, path: name, value: {{ .Compse.name }}}\n  in a patch template\n",
        ),
    ],
)
def test_a_bad_patch_template(template: str, stderr: str, tmp_path: Path) -> None:
    here = Directory(tmp_path)
    here.write("fix.tpl", template)
    here.write("score.yaml", SCORE)
    here.init("--patch-templates", "fix.tpl")
    assert here.run("generate", "score.yaml", status=1).stderr == (
        f"{READ}INFO: rendered 1 workload\n{stderr}"
    )
