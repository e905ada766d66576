from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from itertools import pairwise
from pathlib import Path

import pytest

from doit_score.provisioning.command import program, provision, request
from doit_score.provisioning.files import parse
from doit_score.provisioning.model import Entry, ProvisionInput, ProvisionResult
from doit_score.provisioning.run import provision as run
from doit_score.targets import find
from doit_score.text.errors import Problem, ScoreError

PLACE = "p.provisioners.yaml:1: "
FOR = ", for resource 'tallow.default#lantern.store'"
TOOL = f"\n  in cmd://./tool.sh{FOR}"


def entry(uri: str = "cmd://./tool.sh", more: str = "") -> Entry:
    (found,) = parse(f"- {{uri: '{uri}', type: tallow{more}}}\n".encode(), "p.provisioners.yaml")
    return found


def given(
    params: Mapping[str, object] | None = None,
    metadata: Mapping[str, object] | None = None,
    state: Mapping[str, object] | None = None,
    shared: Mapping[str, object] | None = None,
    services: Mapping[str, Mapping[str, object]] | None = None,
) -> ProvisionInput:
    return ProvisionInput(
        uid="tallow.default#lantern.store",
        type="tallow",
        class_="default",
        id="lantern.store",
        params=params,
        metadata=metadata,
        state=state or {},
        shared=shared or {},
        source_workload="lantern",
        workload_services={"lantern": {"ServiceName": "lantern", "Ports": {}}}
        if services is None
        else services,
        project="demo",
        mounts_directory="state/mounts",
        target=find("compose"),
    )


def script(directory: Path, text: str, name: str = "tool.sh") -> None:
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def answering(directory: Path, answer: str, name: str = "tool.sh") -> None:
    script(directory, f"#!/bin/sh\ncat > /dev/null\ncat <<'END'\n{answer}\nEND\n", name)


def answered(directory: Path, answer: str, more: str = "") -> ProvisionResult:
    answering(directory, answer)
    return provision(entry(more=more), given(), directory=directory)


def refused(directory: Path, used: Entry | None = None, timeout: float = 60.0) -> str:
    with pytest.raises(ScoreError) as error:
        provision(used or entry(), given(), directory=directory, timeout=timeout)
    return str(error.value)


def test_the_request_of_a_resource_without_params_and_metadata() -> None:
    assert request(given()) == (
        b'{"resource_uid":"tallow.default#lantern.store","resource_type":"tallow","resource_class":"default",'
        b'"resource_id":"lantern.store","resource_params":null,"resource_metadata":null,'
        b'"source_workload":"lantern","workload_services":{"lantern":{"ServiceName":"lantern",'
        b'"service_name":"lantern","ports":{}}},"resource_state":{},"shared_state":{},'
        b'"compose_project_name":"demo","mount_directory_path":"state/mounts"}'
    )


def test_the_request_tells_everything() -> None:
    port = {"Name": "web", "Port": 80, "TargetPort": 8080, "Protocol": "TCP"}
    asked = json.loads(
        request(
            given(
                params={"b": [1, {2: 1.0, "x": 2.5}], "a": 12345678901234567890},
                metadata={"annotations": {"day": datetime(2020, 1, 1, tzinfo=timezone.utc)}},
                state={"n": 1},
                shared={"s": {"t": "é"}},
                services={
                    "lantern": {"ServiceName": "l", "Ports": {"web": port}},
                    "bare": {"ServiceName": "b"},
                },
            )
        )
    )
    assert asked["resource_params"] == {"a": 12345678901234567890, "b": [1, {"2": 1, "x": 2.5}]}
    assert list(asked["resource_params"]) == ["a", "b"]
    assert asked["resource_metadata"] == {"annotations": {"day": "2020-01-01T00:00:00Z"}}
    assert asked["resource_state"] == {"n": 1}
    assert asked["shared_state"] == {"s": {"t": "é"}}
    assert asked["workload_services"] == {
        "bare": {"ServiceName": "b", "service_name": "b", "ports": {}},
        "lantern": {
            "ServiceName": "l",
            "service_name": "l",
            "ports": {"web": {"name": "web", "port": 80, "target_port": 8080, "protocol": "TCP"}},
        },
    }


def test_the_command_reads_the_request(tmp_path: Path) -> None:
    script(tmp_path, "#!/bin/sh\ncat > input.json\necho '{}'\n")
    assert provision(entry(), given(), directory=tmp_path) == ProvisionResult()
    assert (tmp_path / "input.json").read_bytes() == request(given())


def test_every_output_key_is_taken(tmp_path: Path) -> None:
    made = answered(
        tmp_path,
        '{"resource_state": {"n": 1}, "resource_outputs": {"o": "x"}, "shared_state": {"s": 1, "gone": null},'
        '"relative_directories": {"d": true, "e": false}, '
        '"relative_file_contents": {"d/f.txt": "text\\n", "old.txt": null}, '
        '"compose_networks": {"net": {"driver": "bridge"}}, "compose_volumes": {"v": {"driver": "local"}}, '
        '"compose_services": {"vat": {"image": "registry.example/vat:1", "command": ["a"]}}, '
        '"compose_secrets": {"s": {"file": "key.txt"}}, "compose_configs": {"c": {"content": "x"}}, '
        '"compose_models": {"m": {"model": "ai/wax"}}}',
    )
    assert made == ProvisionResult(
        state={"n": 1},
        shared_patch={"s": 1, "gone": None},
        outputs={"o": "x"},
        directories={"d": True, "e": False},
        files={"d/f.txt": "text\n", "old.txt": None},
        sections={
            "services": {"vat": {"image": "registry.example/vat:1", "command": ["a"]}},
            "networks": {"net": {"driver": "bridge"}},
            "volumes": {"v": {"driver": "local"}},
            "secrets": {"s": {"file": "key.txt"}},
            "configs": {"c": {"content": "x"}},
            "models": {"m": {"model": "ai/wax"}},
        },
    )


@pytest.mark.parametrize("answer", ["{}", "null", '{"resource_state": null, "compose_services": null}'])
def test_null_is_nothing(tmp_path: Path, answer: str) -> None:
    assert answered(tmp_path, answer) == ProvisionResult()


def test_numbers_keep_their_digits(tmp_path: Path) -> None:
    made = answered(tmp_path, '{"resource_outputs": {"big": 12345678901234567890, "f": 1.0, "l": [1, 2.5]}}')
    assert made.outputs == {"big": 12345678901234567890, "f": 1.0, "l": [1, 2.5]}
    assert type(made.outputs["f"]) is float


def test_what_it_says_on_standard_error_is_logged(tmp_path: Path) -> None:
    script(tmp_path, "#!/bin/sh\necho one >&2; echo >&2; echo two >&2\necho '{}'\n")
    assert provision(entry(), given(), directory=tmp_path) == ProvisionResult(info_logs=("one", "two"))


def test_text_after_the_object_is_ignored_with_a_warning(tmp_path: Path) -> None:
    made = answered(tmp_path, '{"resource_outputs": {"a": "b"}}\ndone')
    assert made.outputs == {"a": "b"}
    assert [str(warning) for warning in made.warnings] == [
        PLACE + f"what it printed after the JSON object is ignored{TOOL}\n"
        "  hint: print one JSON object to standard output, and everything else to standard error"
    ]


def test_a_command_need_not_read_its_input(tmp_path: Path) -> None:
    script(tmp_path, "#!/bin/sh\necho '{}'\n")
    large = given(params={"text": "x" * 1_000_000})
    assert provision(entry(), large, directory=tmp_path) == ProvisionResult()


def test_arguments_are_passed_as_they_are(tmp_path: Path) -> None:
    script(
        tmp_path,
        '#!/bin/sh\nprintf \'{"resource_outputs": {"n": %d, "a": "%s|%s|%s"}}\' "$#" "$1" "$2" "$3"\n',
    )
    used = entry(more=", args: [--one, 'two words', '${metadata.name}$HOME']")
    assert provision(used, given(), directory=tmp_path).outputs == {
        "n": 3,
        "a": "--one|two words|${metadata.name}$HOME",
    }


def test_declared_params_and_outputs_are_checked(tmp_path: Path) -> None:
    answering(tmp_path, '{"resource_outputs": {"host": "h"}}')
    used = entry(more=", supported_params: [size], expected_outputs: [host, port, name]")
    made = provision(used, given(params={"size": 1, "b": 2, "a": 3}), directory=tmp_path)
    assert [str(warning) for warning in made.warnings] == [
        *(
            PLACE + f"unknown param '{name}'\n  in supported_params of cmd://./tool.sh{FOR}\n"
            "  hint: known are size"
            for name in ("a", "b")
        ),
        PLACE + "did not return the expected outputs 'port', 'name'\n"
        f"  in outputs of cmd://./tool.sh{FOR}\n"
        "  hint: return them, or take them out of expected_outputs",
    ]


def test_a_run_of_any_entry_reaches_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answering(tmp_path, '{"resource_outputs": {"a": "b"}}')
    assert run(entry(), given()).outputs == {"a": "b"}


@pytest.mark.parametrize("uri", ["cmd://./sub/dir/tool.sh", "cmd://../here/sub/dir/tool.sh"])
def test_a_relative_command_is_found_from_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uri: str
) -> None:
    answering(tmp_path / "here", '{"resource_outputs": {"a": "sub"}}', "sub/dir/tool.sh")
    monkeypatch.chdir(tmp_path / "here")
    assert provision(entry(uri), given()).outputs == {"a": "sub"}


def test_an_absolute_command_and_one_in_the_home_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert program(entry("cmd://~/a/tool.sh"), "u", Path("/x")) == tmp_path / "a" / "tool.sh"
    assert program(entry("cmd:///opt/my%20tool"), "u", Path("/x")) == Path("/opt/my tool")


def test_the_first_executable_on_the_path_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two", "three"):
        answering(tmp_path, f'{{"resource_outputs": {{"a": "{name}"}}}}', f"{name}/make-tallow")
    (tmp_path / "one" / "make-tallow").chmod(0o644)
    path = [*(str(tmp_path / name) for name in ("one", "two", "three")), os.environ["PATH"]]
    monkeypatch.setenv("PATH", os.pathsep.join(path))
    assert provision(entry("cmd://make-tallow"), given(), directory=tmp_path).outputs == {"a": "two"}


def test_a_command_that_is_not_on_the_path(tmp_path: Path) -> None:
    assert refused(tmp_path, entry("cmd://no-such-tool-anywhere")) == (
        PLACE + "the command 'no-such-tool-anywhere' is not on PATH\n"
        f"  in cmd://no-such-tool-anywhere{FOR}\n"
        "  hint: install it, or give its path as cmd://./path"
    )


def test_a_command_on_the_path_is_a_plain_name(tmp_path: Path) -> None:
    assert refused(tmp_path, entry("cmd://sh/x")) == (
        PLACE + "a command on PATH is a plain name, found 'sh/x'\n"
        f"  in cmd://sh/x{FOR}\n"
        "  hint: for a file below the current directory write cmd://./sh/x"
    )


@pytest.mark.parametrize("uri", ["cmd:", "cmd:tool.sh", "cmd://"])
def test_a_uri_that_names_no_command(tmp_path: Path, uri: str) -> None:
    assert refused(tmp_path, entry(uri)) == (
        PLACE + f"the uri names no command\n  in {uri}{FOR}\n  hint: give it as cmd://./path or cmd://name"
    )


def test_a_command_that_does_not_exist(tmp_path: Path) -> None:
    assert refused(tmp_path) == (
        PLACE + f"cannot run '{tmp_path}/tool.sh': No such file or directory{TOOL}\n"
        "  hint: check the path, and the interpreter in the first line of a script"
    )


def test_a_command_that_is_not_executable(tmp_path: Path) -> None:
    (tmp_path / "tool.sh").write_text("#!/bin/sh\n")
    assert refused(tmp_path) == (
        PLACE + f"cannot run '{tmp_path}/tool.sh': Permission denied{TOOL}\n"
        "  hint: make the file executable: chmod +x"
    )


def test_a_script_without_an_interpreter_line(tmp_path: Path) -> None:
    script(tmp_path, "cat >/dev/null; echo '{}'\n")
    assert refused(tmp_path) == (
        PLACE + f"cannot run '{tmp_path}/tool.sh': Exec format error{TOOL}\n"
        "  hint: let a script start with the line of its interpreter, such as #!/bin/sh"
    )


def test_a_command_that_fails_shows_what_it_said(tmp_path: Path) -> None:
    script(tmp_path, "#!/bin/sh\necho '{}'\necho no such vat >&2\necho 'sorry' >&2\nexit 3\n")
    assert refused(tmp_path) == (
        PLACE + f"the command '{tmp_path}/tool.sh' exited with status 3\n  | no such vat\n  | sorry{TOOL}"
    )


def test_of_much_that_a_failing_command_said_the_end_is_shown(tmp_path: Path) -> None:
    script(tmp_path, "#!/bin/sh\ni=0; while [ $i -lt 30 ]; do echo $i >&2; i=$((i+1)); done\nexit 1\n")
    assert refused(tmp_path).splitlines()[1:-1] == [f"  | {number}" for number in range(10, 30)]


def test_a_command_that_is_killed(tmp_path: Path) -> None:
    script(tmp_path, "#!/bin/sh\nkill -KILL $$\n")
    assert refused(tmp_path) == PLACE + f"the command '{tmp_path}/tool.sh' was ended by SIGKILL{TOOL}"


def test_a_command_that_does_not_end_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    script(tmp_path, "#!/bin/sh\n(sleep 600; touch late) &\necho $! > pid\nwait\n")
    pid = tmp_path / "pid"
    # On a machine that is busy it may be ended before it has told the number of what it started.
    for seconds in (1, 10, 100):
        assert refused(tmp_path, timeout=float(seconds)) == (
            PLACE + f"the command '{tmp_path}/tool.sh' did not end within {seconds} s{TOOL}\n"
            "  hint: it was ended; let it end by itself when it has printed its result"
        )
        if pid.exists() and pid.read_text():
            break
    child = int(pid.read_text())
    for _ in range(6000):
        if not _runs(child):
            break
        time.sleep(0.01)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    """Whether a process is there and no zombie that nobody has collected yet."""
    try:
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat").read_text() if os.path.isdir("/proc/self") else ""
    except (FileNotFoundError, ProcessLookupError):
        return False  # also where it is collected between the two
    return not status.rpartition(") ")[2].startswith("Z")


JSON_HINT = "\n  hint: print one JSON object to standard output, and everything else to standard error"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("password: x", "expected a value in line 1, column 1"),
        ('{"resource_outputs": {', "expected a key in double quotes in line 2, column 1"),
        ('{"resource_outputs": {"a": NaN}}', "NaN is no JSON"),
        ("[" * 200_000, "nested too deeply"),
    ],
)
def test_output_that_is_no_json(tmp_path: Path, answer: str, message: str) -> None:
    answering(tmp_path, answer)
    assert refused(tmp_path) == (PLACE + f"expected a JSON object as output: {message}{TOOL}" + JSON_HINT)


@pytest.mark.parametrize("answer", ["", " \n"])
def test_no_output_at_all(tmp_path: Path, answer: str) -> None:
    answering(tmp_path, answer)
    assert refused(tmp_path) == (PLACE + f"expected a JSON object as output, found nothing{TOOL}" + JSON_HINT)


@pytest.mark.parametrize(("answer", "found"), [("[]", "a list"), ('"x"', "text"), ("5", "a number")])
def test_output_that_is_no_object(tmp_path: Path, answer: str, found: str) -> None:
    answering(tmp_path, answer)
    assert refused(tmp_path) == (PLACE + f"expected a JSON object as output, found {found}{TOOL}" + JSON_HINT)


def test_all_problems_of_the_output_are_told_at_once(tmp_path: Path) -> None:
    answering(
        tmp_path,
        '{"outputs": {}, "resource_outputs": ["a"], "relative_file_contents": {"../x": "y", "n": 5}, '
        '"compose_services": {"vat": {"image": "x", "colour": "red"}}}',
    )
    lines = refused(tmp_path).splitlines()
    told = list(pairwise(lines))
    start = "  " + PLACE
    assert [(line.removeprefix(start), where) for line, where in told if line.startswith(start)] == [
        ("unknown key 'outputs' in the output", f"    in cmd://./tool.sh{FOR}"),
        (
            "service 'vat': colour: Compose knows no such key here",
            f"    in compose_services of cmd://./tool.sh{FOR}",
        ),
        (
            "expected text or null for 'n', found a number",
            f"    in relative_file_contents of cmd://./tool.sh{FOR}",
        ),
        (
            "the file '../x' is not below the mounts directory",
            f"    in relative_file_contents of cmd://./tool.sh{FOR}",
        ),
        ("expected a mapping, found a list", f"    in resource_outputs of cmd://./tool.sh{FOR}"),
    ]


def test_a_command_written_in_python_keeps_its_state(tmp_path: Path) -> None:
    script(
        tmp_path,
        f"#!{sys.executable}\n"
        "import json, sys\n"
        "d = json.load(sys.stdin)\n"
        'runs = d["resource_state"].get("runs", 0) + 1\n'
        'print(json.dumps({"resource_outputs": {"keys": len(d)}, "resource_state": {"runs": runs}}))\n',
    )
    first = provision(entry(), given(), directory=tmp_path)
    second = provision(entry(), given(state=first.state), directory=tmp_path)
    assert (first.state, second.state, second.outputs) == ({"runs": 1}, {"runs": 2}, {"keys": 12})


def test_a_warning_is_a_problem_with_a_place(tmp_path: Path) -> None:
    (warning,) = answered(tmp_path, "{} x").warnings
    context = TOOL.strip()
    assert warning == Problem(warning.message, "p.provisioners.yaml", 1, None, warning.hint, context)
