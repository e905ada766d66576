"""Healthchecks of httpGet probes: by a program of ours, or by what the image has, and what is told."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from engineering import Project, check_law, score
from test_compose_convert import converted, problems, services, told

from doit_score.score.workload import HttpGet, read
from doit_score.targets.compose import probes
from doit_score.targets.compose.convert import ServiceInput, convert
from doit_score.text.yaml12 import load

HTTP = {"probes": "http", "machine": "x86_64"}
READY = "readinessProbe: {httpGet: {path: /ready, port: 8080}}"
TIMES = {"interval": "5s", "timeout": "5s", "start_period": "30s"}
HELPER = "/.doit-score/probe"
MOUNT = {"type": "bind", "source": "state/mounts/files/probe", "target": HELPER, "read_only": True}


def test_an_http_probe_becomes_a_healthcheck_by_a_mounted_program() -> None:
    found = converted(f"  wick: {{image: x, {READY}}}", **HTTP)
    service = found.sections["services"]["lantern-wick"]
    assert service["healthcheck"] == {"test": ["CMD", HELPER, "4", "http://localhost:8080/ready"], **TIMES}
    assert service["volumes"] == [MOUNT]
    assert (found.notices, found.warnings, found.mounts) == ((), (), ())
    assert found.facts == "lantern-wick probe"


def test_without_the_option_nothing_is_made_of_it() -> None:
    for given in ({}, {"machine": "x86_64"}, {**HTTP, "probes": "exec"}):
        found = converted(f"  wick: {{image: x, {READY}}}", **given)
        assert not {"healthcheck", "volumes"} & found.sections["services"]["lantern-wick"].keys()
        assert [told(one) for one in found.notices] == [
            "containers.wick.readinessProbe: httpGet probes are not supported by Compose; left out\n"
            "  hint: `--probes http` (Score(probes='http')) makes a healthcheck of it"
        ]
        assert found.facts == "lantern-wick"


def test_a_readiness_probe_of_either_kind_counts_before_a_liveness_probe() -> None:
    live = "livenessProbe: {exec: {command: [live]}}"
    both = services(f"  wick: {{image: x, {READY}, {live}}}", **HTTP)["lantern-wick"]
    assert both["healthcheck"]["test"][1] == HELPER  # type: ignore[index]  # a mapping
    other = "readinessProbe: {exec: {command: [r]}}, livenessProbe: {httpGet: {path: /, port: 1}}"
    found = converted(f"  wick: {{image: x, {other}}}", **HTTP)
    assert found.sections["services"]["lantern-wick"]["healthcheck"] == {
        "test": ["CMD", "r"],
        "interval": "5s",
        "timeout": "5s",
    }
    assert (found.notices, found.facts) == ((), "lantern-wick")
    alone = services("  wick: {image: x, livenessProbe: {httpGet: {path: /, port: 1}}}", **HTTP)
    assert alone["lantern-wick"]["healthcheck"]["test"][-1] == "http://localhost:1/"  # type: ignore[index]


def test_others_can_wait_until_it_is_healthy_and_share_its_network() -> None:
    made = services(
        f"  main: {{image: x}}\n  side: {{image: y, {READY}, before: {{main: {{ready: healthy}}}}}}", **HTTP
    )
    assert made["lantern-main"]["depends_on"] == {
        "lantern-side": {"condition": "service_healthy", "required": True}
    }
    assert made["lantern-side"]["healthcheck"]["test"][-1] == "http://localhost:8080/ready"  # type: ignore[index]


def test_the_annotation_of_a_workload_counts_before_the_option() -> None:
    def of(value: str, probes: str) -> bool:
        metadata = f"{{name: lantern, annotations: {{compose.score.dev/probes: {value}}}}}"
        text = (
            f"apiVersion: score.dev/v1b1\nmetadata: {metadata}\ncontainers: {{wick: {{image: x, {READY}}}}}\n"
        )
        made = read(load(text), path="score.yaml", text=text)[0]
        given = ServiceInput({}, {}, mounts_directory="m", probes=probes, machine="x86_64")
        return "healthcheck" in convert(made, given).sections["services"]["lantern-wick"]

    assert [of("http", "exec"), of("exec", "http")] == [True, False]


def test_a_wrong_annotation_is_told_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    project = Project(project="p")
    annotation = "  name: web\n  annotations: {compose.score.dev/probes: tcp}\n"
    project.write("web.score.yaml", score().replace("  name: web\n", annotation))
    said = "metadata.annotations[compose.score.dev/probes]: expected exec or http, found 'tcp'"
    assert project.fails() == f"web.score.yaml:4:43: {said}"


@pytest.mark.parametrize(
    ("get", "words"),
    [
        ("path: /, port: 80", ["http://localhost:80/"]),
        ("path: '', port: 80", ["http://localhost:80/"]),
        ("path: health, port: 80", ["http://localhost:80/health"]),
        ("path: '/a b?q=é&x=%20#part', port: 80", ["http://localhost:80/a%20b?q=%C3%A9&x=%20"]),
        ("path: /, port: 80, scheme: HTTP, host: 10.0.0.1", ["http://10.0.0.1:80/"]),
        ("path: /, port: 80, host: '::1'", ["http://[::1]:80/"]),
        ("path: /, port: 80, host: '[fe80::2]'", ["http://[fe80::2]:80/"]),
        ("path: /, port: 80, host: LocalHost", ["http://LocalHost:80/"]),
        (
            "path: /$a$$b, port: 80, httpHeaders: [{name: Host, value: a.b}, {name: X, value: '$1$$'}]",
            ["http://localhost:80/$$a$$b", "Host: a.b", "X: $$1$$"],
        ),
    ],
)
def test_what_is_asked_for(get: str, words: list[str]) -> None:
    made = services(f"  wick: {{image: x, readinessProbe: {{httpGet: {{{get}}}}}}}", **HTTP)
    assert made["lantern-wick"]["healthcheck"] == {"test": ["CMD", HELPER, "4", *words], **TIMES}


@pytest.mark.parametrize(
    ("get", "machine", "why"),
    [
        ("scheme: HTTPS", "x86_64", "of scheme HTTPS"),
        ("host: shop.example", "x86_64", "of a host that is no address ('shop.example')"),
        ("host: 'fe80::1%eth0'", "x86_64", "of a host that is no address ('fe80::1%eth0')"),
        ("path: /", "riscv64", "on a machine like this (riscv64)"),
    ],
)
def test_what_the_program_cannot_do_is_left_to_the_image_and_told(get: str, machine: str, why: str) -> None:
    path = "" if "path" in get else "path: /, "
    text = f"  wick: {{image: x, readinessProbe: {{httpGet: {{{path}{get}, port: 80}}}}}}"
    found = converted(text, probes="http", machine=machine)
    service = found.sections["services"]["lantern-wick"]
    assert (service["healthcheck"]["test"][0], "volumes" in service) == ("CMD-SHELL", False)  # type: ignore[index]
    assert found.facts == "lantern-wick"
    assert [told(one) for one in found.notices] == [
        f"containers.wick.readinessProbe: a probe {why} is run by curl or wget, which the image must have,"
        " with a shell"
    ]


def test_a_header_of_several_lines_is_an_error() -> None:
    headers = r'[{name: A, value: "b\r\nC: d"}, {name: B, value: "ok\t"}, {name: D, value: "\0"}]'
    text = f"  wick: {{image: x, readinessProbe: {{httpGet: {{path: /, port: 80, httpHeaders: {headers}}}}}}}"
    assert problems(text, **HTTP) == [
        f"containers.wick.readinessProbe.httpGet.httpHeaders: the header '{name}' has a value that is not one"
        " line of text"
        for name in "AD"
    ]


@pytest.mark.parametrize(
    ("machine", "elf"), [("x86_64", 0x3E), ("amd64", 0x3E), ("aarch64", 0xB7), ("arm64", 0xB7)]
)
def test_there_is_a_program_for_machines_of_two_kinds(machine: str, elf: int) -> None:
    found = probes.helper(machine)
    assert (found.path, found.mode, found.content[:4]) == ("files/probe", 0o755, b"\x7fELF")
    assert int.from_bytes(found.content[18:20], "little") == elf


SECRET = r"it's $HOME `x` \ 100%"


def script(get: HttpGet, path: Path, *programs: str, status: int = 0) -> tuple[int, str]:
    """Runs the healthcheck with nothing but these stand-ins, which print what they are given."""
    bin_ = path / "bin"
    shutil.rmtree(bin_, ignore_errors=True)
    bin_.mkdir()
    for name in programs:
        (bin_ / name).write_text(f'#!/bin/sh\nprintf "{name}"; printf " <%s>" "$@"; echo; exit {status}\n')
        (bin_ / name).chmod(0o755)
    kind, text = probes.test(get, "x86_64")
    assert kind == "CMD-SHELL"
    # Compose makes one dollar of two.
    command = ["/bin/sh", "-c", text.replace("$$", "$")]
    done = subprocess.run(command, capture_output=True, text=True, env={"PATH": str(bin_)})
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_curl_or_wget_or_busybox_are_run_as_they_are_there(tmp_path: Path) -> None:
    get = HttpGet("/a?b", 443, None, "HTTPS", (("Host", "shop.example"), ("X-A", SECRET)))
    url = "https://localhost:443/a?b"
    headers = f"<-H> <Host: shop.example> <-H> <X-A: {SECRET}>"
    curl = f"curl <-gfkSs> <-m> <4> <-o> </dev/null> {headers} <{url}>\n"
    headers = headers.replace("-H", "--header")
    wget = f"<-q> <-O> </dev/null> <--no-check-certificate> {headers} <{url}>\n"
    for status in (0, 22):
        assert script(get, tmp_path, "curl", "wget", status=status) == (status, curl)
    assert script(get, tmp_path, "wget", "busybox") == (0, f"wget {wget}")
    failed = f"GET {url}: wget ended with status 8\n"
    assert script(get, tmp_path, "wget", status=8) == (1, f"wget {wget}{failed}")
    assert script(get, tmp_path, "busybox") == (0, f"busybox <wget> {wget}")
    nothing = "there is no curl, wget or busybox in the image\n"
    assert script(get, tmp_path, "cat") == (1, nothing)


@pytest.mark.usefixtures("settled")
def test_the_program_is_written_once_for_all_and_goes_with_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    probe = "    readinessProbe: {httpGet: {path: /, port: %d}}\n"
    project = Project(project="p")

    def write(name: str, port: int) -> None:
        text = score(name)
        project.write(
            f"{name}.score.yaml", text.replace("    image: nginx\n", f"    image: nginx\n{probe % port}")
        )

    program = Path("state/mounts/files/probe")
    for name in ("alpha", "beta"):
        write(name, 80)
    project.run()
    assert not program.exists()
    project.run(probes="http")
    assert (program.read_bytes(), program.stat().st_mode & 0o777) == (
        probes.helper(os.uname().machine).content,
        0o755,
    )
    check_law(project)
    # It is remembered, and an edit of a probe is of one workload alone.
    write("alpha", 81)
    assert "rendered 1 workload of 2" in project.run(probes=None)
    assert "http://localhost:81/" in Path("compose.yaml").read_text()
    check_law(project)
    os.unlink("beta.score.yaml")
    project.run()
    assert program.exists()
    project.write("alpha.score.yaml", score("alpha"))
    project.run()
    assert not program.exists()
    check_law(project)
    write("alpha", 80)
    project.run()
    assert program.exists()
    project.run(probes="exec")
    assert not program.exists()
    assert "healthcheck" not in Path("compose.yaml").read_text()
