"""The rules of the Score specification: what is valid, and what is said of what is not."""

from __future__ import annotations

import pytest

from doit_score.score.workload import read
from doit_score.text.errors import Problem, ScoreError
from doit_score.text.yaml12 import load

HEAD = "apiVersion: score.dev/v1b1\nmetadata: {name: lantern}\n"
# Everything that follows starts in line 6, below the container.
WICK = HEAD + "containers:\n  wick:\n    image: wick:1\n"
TITLE = "validation errors in workload 'lantern':\n"


def notices_of(text: str) -> tuple[Problem, ...]:
    return read(load(text), path="score.yaml", text=text)[1]


def errors(text: str) -> str:
    with pytest.raises(ScoreError) as error:
        notices_of(text)
    return str(error.value)


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "service: {}\n",
        "service: {ports: {}}\n",
        "resources: {}\n",
        "    command: []\n    args: ['']\n",
        "    files: {}\n    volumes: {}\n    before: {}\n    resources: {}\n",
        "    files: {'': {content: ''}}\n",
        "    livenessProbe: {}\n    readinessProbe: {httpGet: {path: '', port: 1}, exec: {command: []}}\n",
        "    variables: {' ': a, 'a b': '', é: '${metadata.none}', yes: b}\n",
        "    resources: {limits: {memory: '0.5', cpu: 007m}, requests: {memory: 10.25P, cpu: '0'}}\n",
        "resources:\n  aa: {type: A-b9, class: B0, id: a--b.c-9}\n",
        "resources:\n  aa: {type: ab, params: {table: {2: one, true: t}, day: 2020-01-01}}\n",
        f"resources:\n  {'a' * 63}: {{type: {'b' * 63}, id: {'c' * 63}}}\n",
    ],
)
def test_valid_parts(rest: str) -> None:
    assert notices_of(WICK + rest) == ()


LABEL = "2 to 63 characters of a-z, 0-9 and '-', with no '-' at either end"
TYPE = "2 to 63 characters of A-Z, a-z, 0-9 and '-', with no '-' at either end"
ID = "2 to 63 characters: parts of a-z, 0-9 and '-' joined by dots, with no '-' at either end of a part"
ANNOTATION = (
    "2 to 63 characters of A-Z, a-z, 0-9, '.', '_' and '-', with a letter or digit at either end,"
    " after a host name and '/' or alone"
)
QUOTE = "\n    hint: put the value in quotes"
FILE = "/containers/wick/files/~1etc~1a"
PROBE = "/containers/wick/readinessProbe"
PROPERTIES = (
    "image, command, args, variables, files, volumes, before, resources, livenessProbe, readinessProbe"
)


@pytest.mark.parametrize(
    ("rest", "place", "message"),
    [
        # service
        ("service:\n", "6:9", "/service: expected a mapping, found null"),
        ("service: {ports: }\n", "6:18", "/service/ports: expected a mapping, found null"),
        (
            "service: {port: {}}\n",
            "6:11",
            "/service/port: unknown property 'port', expected ports\n    hint: did you mean 'ports'?",
        ),
        ("service: {ports: {web: {}}}\n", "6:19", "/service/ports/web: the property 'port' is missing"),
        (
            "service: {ports: {WEB: {port: 80}}}\n",
            "6:19",
            f"/service/ports/WEB: bad name of a port: expected {LABEL}, found text ('WEB')\n"
            "    hint: such as 'web'",
        ),
        (
            "service: {ports: {80: {port: 80}}}\n",
            "6:19",
            "/service/ports/80: expected text as the key of a mapping, found a number (80)\n"
            "    hint: put the key in quotes",
        ),
        *(
            (
                f"service: {{ports: {{web: {{port: {value}}}}}}}\n",
                "6:31",
                f"/service/ports/web/port: expected a whole number from 1 to 65535, found {found}",
            )
            for value, found in [
                ("0", "a number (0)"),
                ("65536", "a number (65536)"),
                ("80.5", "a number (80.5)"),
                ("99999999999999999999", "a number (1e+20)"),
                (".nan", "a number (nan)"),
                (".inf", "a number (inf)"),
                ("'80'", "text ('80')\n    hint: write it without quotes"),
                ("true", "a boolean (true)"),
                ("~", "null"),
                ("[80]", "a list"),
            ]
        ),
        (
            "service: {ports: {web: {port: 80, protocol: tcp}}}\n",
            "6:45",
            "/service/ports/web/protocol: expected one of TCP, UDP, found text ('tcp')",
        ),
        # containers
        (
            "    entrypoint: [a]\n",
            "6:5",
            f"/containers/wick/entrypoint: unknown property 'entrypoint', expected {PROPERTIES}",
        ),
        ("    command: /bin/a\n", "6:14", "/containers/wick/command: expected a list, found text ('/bin/a')"),
        (
            "    args: [a, 2]\n",
            "6:15",
            f"/containers/wick/args/1: expected text, found a number (2){QUOTE}",
        ),
        (
            "    args: [2020-01-01]\n",
            "6:12",
            f"/containers/wick/args/0: expected text, found a timestamp (2020-01-01 00:00:00+00:00){QUOTE}",
        ),
        # the value of a variable may be a password
        (
            "    variables: {A: 12345}\n",
            "6:20",
            f"/containers/wick/variables/A: expected text, found a number{QUOTE}",
        ),
        ("    variables: {A: }\n", "6:20", "/containers/wick/variables/A: expected text, found null"),
        (
            "    variables: {A: {x: y}}\n",
            "6:20",
            "/containers/wick/variables/A: expected text, found a mapping",
        ),
        *(
            (
                f"    variables: {{'{name}': b}}\n",
                "6:17",
                f"/containers/wick/variables/{name}: bad name of a variable: expected text without '=',"
                f" found text ('{name}')" + hint,
            )
            for name, hint in (("A=B", "\n    hint: such as 'A-B'"), ("", ""))
        ),
        (
            "    resources: {limits: {memory: '012'}}\n",
            "6:34",
            "/containers/wick/resources/limits/memory: expected bytes like 125M or 1.5Gi, found text ('012')",
        ),
        (
            "    resources: {limits: {cpu: 0.5}}\n",
            "6:31",
            "/containers/wick/resources/limits/cpu: expected text: CPUs like 2, 0.5 or 250m,"
            " found a number (0.5)\n    hint: such as '0.5', with the quotes",
        ),
        (
            "    resources: {requests: {cpu: '٣'}}\n",
            "6:33",
            "/containers/wick/resources/requests/cpu: expected CPUs like 2, 0.5 or 250m, found text ('٣')",
        ),
        # files and volumes
        (
            "    files: {/etc/a: {content: a, source: b}}\n",
            "6:13",
            f"{FILE}: expected exactly one of content, source, binaryContent, found content and source",
        ),
        (
            "    files: {/etc/a: {}}\n",
            "6:13",
            f"{FILE}: expected exactly one of content, source, binaryContent, found none",
        ),
        (
            "    files: {/etc/a: {content: 5}}\n",
            "6:31",
            f"{FILE}/content: expected text, found a number{QUOTE}",
        ),
        (
            "    files: {/etc/a: {source: ''}}\n",
            "6:30",
            f"{FILE}/source: expected text that is not empty, found text ('')",
        ),
        (
            "    files: {/etc/a: {binaryContent: AAEC_w==}}\n",
            "6:37",
            f"{FILE}/binaryContent: expected base64 in the standard alphabet, with padding",
        ),
        (
            "    files: {/etc/a: {content: a, mode: '1777'}}\n",
            "6:40",
            f"{FILE}/mode: expected three octal digits like '644' or '0644', found text ('1777')",
        ),
        (
            '    files: {/etc/a: {content: a, mode: "644\\n"}}\n',
            "6:40",
            f"{FILE}/mode: expected three octal digits like '644' or '0644', found text ('644\\n')\n"
            "    hint: such as '644'",
        ),
        (
            "    files: {/etc/a: {content: a, noExpand: yes}}\n",
            "6:44",
            f"{FILE}/noExpand: expected true or false, found text ('yes')",
        ),
        (
            "    files: {/etc/a: {content: a, target: /b}}\n",
            "6:34",
            f"{FILE}/target: unknown property 'target', expected content, source, binaryContent, mode,"
            f" noExpand",
        ),
        (
            "    volumes: {/d: {path: a}}\n",
            "6:15",
            "/containers/wick/volumes/~1d: the property 'source' is missing",
        ),
        (
            "    volumes: {/d: {source: a, read_only: true}}\n",
            "6:31",
            "/containers/wick/volumes/~1d/read_only: unknown property 'read_only', expected source,"
            " path, readOnly\n"
            "    hint: did you mean 'readOnly'?",
        ),
        # probes
        (
            "    readinessProbe: {tcpSocket: {}}\n",
            "6:22",
            f"{PROBE}/tcpSocket: unknown property 'tcpSocket', expected httpGet, exec",
        ),
        ("    readinessProbe: {exec: {}}\n", "6:22", f"{PROBE}/exec: the property 'command' is missing"),
        (
            "    readinessProbe: {httpGet: {path: /, port: 80, scheme: http}}\n",
            "6:59",
            f"{PROBE}/httpGet/scheme: expected one of HTTP, HTTPS, found text ('http')",
        ),
        (
            "    readinessProbe: {httpGet: {path: /, port: 80, httpHeaders: [{name: A}]}}\n",
            "6:65",
            f"{PROBE}/httpGet/httpHeaders/0: the property 'value' is missing",
        ),
        # before
        (
            "    before: {globe: {ready: started}}\n",
            "6:14",
            "/containers/wick/before/globe: the container 'wick' is before 'globe', which does not exist\n"
            "    hint: the containers are: wick",
        ),
        (
            "    before: {wick: {ready: started}}\n",
            "6:14",
            "/containers/wick/before/wick: the container 'wick' cannot be before itself",
        ),
        (
            "    before: {glass: {ready: done}}\n  glass: {image: x}\n",
            "6:29",
            "/containers/wick/before/glass/ready: expected one of started, healthy, complete, found"
            " text ('done')",
        ),
        (
            "    before: {glass: {ready: started}}\n  glass: {image: x, before: {globe: {ready: started}}}\n"
            "  globe: {image: x, before: {wick: {ready: started}}}\n",
            "7:30",
            "/containers/glass/before/globe: the containers wait for each other:"
            " glass before globe before wick before glass",
        ),
        # resources
        ("resources:\n", "6:11", "/resources: expected a mapping, found null"),
        (
            "resources: {a_b: {type: ab}}\n",
            "6:13",
            f"/resources/a_b: bad name of a resource: expected {LABEL}, found text ('a_b')\n"
            "    hint: such as 'a-b'",
        ),
        ("resources: {ab: {class: ab}}\n", "6:13", "/resources/ab: the property 'type' is missing"),
        (
            "resources: {ab: {type: a.b}}\n",
            "6:24",
            f"/resources/ab/type: expected {TYPE}, found text ('a.b')\n    hint: such as 'a-b'",
        ),
        (
            "resources: {ab: {type: ab, id: a-.b}}\n",
            "6:32",
            f"/resources/ab/id: expected {ID}, found text ('a-.b')\n    hint: such as 'a-b'",
        ),
        (
            "resources: {ab: {type: ab, id: a}}\n",
            "6:32",
            f"/resources/ab/id: expected {ID}, found text ('a')",
        ),
        (
            f"resources: {{ab: {{type: ab, id: {'a' * 64}}}}}\n",
            "6:32",
            f"/resources/ab/id: expected {ID}, found text ('{'a' * 37}...')",
        ),
        (
            "resources: {ab: {type: ab, params: [a]}}\n",
            "6:36",
            "/resources/ab/params: expected a mapping, found a list",
        ),
        (
            "resources: {ab: {type: ab, params: {1: a}}}\n",
            "6:37",
            "/resources/ab/params/1: expected text as the key of a mapping, found a number (1)\n"
            "    hint: put the key in quotes",
        ),
        (
            "resources: {ab: {type: ab, metadata: {annotations: {a: b}}}}\n",
            "6:53",
            f"/resources/ab/metadata/annotations/a: bad name of an annotation: expected {ANNOTATION},"
            f" found text ('a')",
        ),
        # the document
        (
            "Resources: {}\n",
            "6:1",
            "/Resources: unknown property 'Resources', expected apiVersion, metadata, service,"
            " containers, resources\n"
            "    hint: did you mean 'resources'?",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(rest: str, place: str, message: str) -> None:
    assert errors(WICK + rest) == f"{TITLE}  score.yaml:{place}: {message}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "score.yaml: expected a Score workload, found an empty document"),
        ("---\n---\n" + WICK, "score.yaml: expected a Score workload, found an empty document"),
        (
            "lantern\n",
            "score.yaml:1:1: expected a Score workload, which is a mapping, found text ('lantern')",
        ),
        ("- a\n", "score.yaml:1:1: expected a Score workload, which is a mapping, found a list"),
        (
            "{}",
            "validation errors in the workload of 'score.yaml':\n"
            "  score.yaml:1:1: the property 'apiVersion' is missing\n"
            "    hint: begin the file with `apiVersion: score.dev/v1b1`\n"
            "  score.yaml:1:1: the property 'containers' is missing\n"
            "  score.yaml:1:1: the property 'metadata' is missing",
        ),
        (
            "apiVersion: 1\nmetadata: {name: ~}\ncontainers: {}\n",
            "validation errors in the workload of 'score.yaml':\n"
            "  score.yaml:1:13: /apiVersion: expected text: score.dev/v1b1, found a number (1)\n"
            f"  score.yaml:2:18: /metadata/name: expected text: {LABEL}, found null\n"
            "  score.yaml:3:1: /containers: expected a container, found none",
        ),
        (
            'apiVersion: score.dev/v2\nmetadata:\n  name: Lantern\n  annotations: {team: true, "a\\n": b}\n'
            "containers: {Wick: {}, ab: }\n",
            "validation errors in workload 'Lantern':\n"
            "  score.yaml:1:13: /apiVersion: expected score.dev/v1b1, found text ('score.dev/v2')\n"
            f"  score.yaml:3:9: /metadata/name: expected {LABEL}, found text ('Lantern')\n"
            "    hint: such as 'lantern'\n"
            "  score.yaml:4:23: /metadata/annotations/team: expected text, found a boolean (true)\n"
            "    hint: put the value in quotes\n"
            f"  score.yaml:4:29: /metadata/annotations/a\\n: bad name of an annotation: expected"
            f" {ANNOTATION},"
            " found text ('a\\n')\n"
            f"  score.yaml:5:14: /containers/Wick: bad name of a container: expected {LABEL}, found"
            f" text ('Wick')\n"
            "    hint: such as 'wick'\n"
            "  score.yaml:5:14: /containers/Wick: the property 'image' is missing\n"
            "  score.yaml:5:28: /containers/ab: expected a mapping, found null",
        ),
    ],
)
def test_everything_that_is_wrong_is_said_at_once(text: str, expected: str) -> None:
    assert errors(text) == expected
