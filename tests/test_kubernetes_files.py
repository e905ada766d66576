"""The files of a cluster's project: one, one with Secrets beside it, or one for each object."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
import running
from command import Directory

from doit_score.targets import File, Options
from doit_score.targets.kubernetes.files import files, has_file, is_divided, main
from doit_score.text.yaml12 import load

SHOP = Options(project="shop")
APART = Options(project="shop", secrets="separate")
HEAD = "# Written by doit-score for project 'shop'.\n"


def document(kind: str, name: str, version: str = "v1", namespace: str = "") -> str:
    where = f"  namespace: {namespace}\n" if namespace else ""
    return f"---\napiVersion: {version}\nkind: {kind}\nmetadata:\n  name: {name}\n{where}"


SECRET, SERVICE, WEB = document("Secret", "key"), document("Service", "web"), document("Deployment", "web")
ALL = SECRET + SERVICE + WEB


def listing(*names: str) -> str:
    lines = "".join(f"  - {name}\n" for name in names)
    return f"{HEAD}apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n{lines}"


def file(text: str, mode: int | None = None) -> File:
    return File(text.encode(), mode)


def test_one_file_is_for_its_owner() -> None:
    assert files(ALL, "manifests.yaml", SHOP) == {"manifests.yaml": file(ALL, 0o600)}


def test_secrets_beside_the_rest() -> None:
    assert files(ALL, "out/all.yaml", APART) == {
        "out/all.secrets.yaml": file(HEAD + SECRET, 0o600),
        "out/all.yaml": file(SERVICE + WEB),
    }
    assert files(SERVICE, "all.yaml", APART) == {"all.yaml": file(SERVICE)}


def test_a_file_for_each_object_in_order_and_the_list_of_them_last() -> None:
    found = files(ALL, "k8s/", SHOP)
    assert list(found.items()) == [
        ("k8s/secret-key.yaml", file(HEAD + SECRET, 0o600)),
        ("k8s/service-web.yaml", file(HEAD + SERVICE, 0o600)),
        ("k8s/deployment-web.yaml", file(HEAD + WEB, 0o600)),
        (
            "k8s/kustomization.yaml",
            file(listing("secret-key.yaml", "service-web.yaml", "deployment-web.yaml"), 0o600),
        ),
    ]


def test_secrets_in_a_directory_of_their_own() -> None:
    assert files(ALL, "k8s/", APART) == {
        "k8s/secrets/secret-key.yaml": file(HEAD + SECRET, 0o600),
        "k8s/secrets/kustomization.yaml": file(listing("secret-key.yaml"), 0o600),
        "k8s/service-web.yaml": file(HEAD + SERVICE),
        "k8s/deployment-web.yaml": file(HEAD + WEB),
        "k8s/kustomization.yaml": file(listing("service-web.yaml", "deployment-web.yaml")),
    }
    assert sorted(files(WEB, "k8s/", APART)) == ["k8s/deployment-web.yaml", "k8s/kustomization.yaml"]


def test_the_list_is_there_without_objects_too() -> None:
    [(path, found)] = files("", "k8s/", SHOP).items()
    assert (path, load(found.content.decode())) == (
        "k8s/kustomization.yaml",
        {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": []},
    )


def test_objects_of_one_kind_and_name_are_told_apart_whichever_comes_first() -> None:
    one, other = document("Job", "x", namespace="a"), document("Job", "x", namespace="b")
    there, back = files(one + other, "./", SHOP), files(other + one, "./", SHOP)
    del there["kustomization.yaml"], back["kustomization.yaml"]
    assert there == back
    assert len(there) == 2
    assert all(re.fullmatch("job-x-[0-9a-f]{8}[.]yaml", name) for name in there)


def test_names_are_those_of_files_everywhere() -> None:
    role = document("ClusterRole", "system:node/Proxy")
    long = document("Service", "x" * 253)
    found = [name for name in files(role + long, "./", SHOP) if name != "kustomization.yaml"]
    assert found == ["clusterrole-system-node-proxy.yaml", f"service-{'x' * 183}-{found[1][-13:-5]}.yaml"]


@pytest.mark.parametrize(
    ("output", "path", "expected"),
    [
        ("all.yaml", "all.yaml", True),
        ("all.yaml", "all.secrets.yaml", True),
        ("all.yaml", "k8s/all.yaml", False),
        ("out.d/all", "out.d/all.secrets", True),
        ("out.d/.all", "out.d/.all.secrets", True),
        ("k8s/", "k8s/secrets/x.yaml", True),
        ("k8s/", "k8s.yaml", False),
        ("./", "x.yaml", True),
    ],
)
def test_which_files_are_of_an_output(output: str, path: str, expected: bool) -> None:
    assert has_file(output, path) is expected


def test_where_there_may_be_several_files() -> None:
    cases = [("all.yaml", SHOP), ("all.yaml", APART), ("k8s/", SHOP)]
    assert [is_divided(*case) for case in cases] == [False, True, True]
    assert [main(output) for output in ("all.yaml", "k8s/", "./")] == [
        "all.yaml",
        "k8s/kustomization.yaml",
        "kustomization.yaml",
    ]


# By the command

SCORE = """\
apiVersion: score.dev/v1b1
metadata: {name: NAME}
containers:
  main: {image: x, variables: {KEY: "${resources.key.key}"}}
resources:
  key: {type: key}
"""
KEY = """\
- uri: template://shop/key
  type: key
  state: |
    key: {{ dig "key" (randAlphaNum 12) .State }}
  outputs: |
    key: {{ encodeSecretRef .SourceWorkload "key" }}
  manifests: |
    - apiVersion: v1
      kind: Secret
      metadata: {name: {{ .SourceWorkload }}}
      stringData: {key: {{ .State.key }}}
"""


@pytest.fixture
def here(tmp_path: Path) -> Directory:
    os.umask(before := os.umask(0o022))
    assert before == 0o022
    here = Directory(tmp_path)
    here.init("--target", "kubernetes", "--project", "shop")
    here.write("provisioners/key.provisioners.yaml", KEY)
    for name in ("web", "api"):
        here.write(f"{name}.score.yaml", SCORE.replace("NAME", name))
    return here


def modes(here: Directory, folder: str = "k8s") -> dict[str, int]:
    root = here.path / folder
    return {
        str(one.relative_to(root)): one.stat().st_mode & 0o777 for one in root.rglob("*") if one.is_file()
    }


def generate(here: Directory, *arguments: str) -> list[str]:
    return here.run("generate", *arguments).stderr.splitlines()


@pytest.mark.usefixtures("settled")
def test_only_what_changed_in_a_directory_is_written_and_what_is_gone_is_removed(here: Directory) -> None:
    said = generate(here, "web.score.yaml", "api.score.yaml", "-o", "k8s/")
    assert said[-1] == "INFO: k8s/: wrote 5, removed 0"
    assert modes(here) == dict.fromkeys(
        [
            "deployment-api.yaml",
            "deployment-web.yaml",
            "kustomization.yaml",
            "secret-api.yaml",
            "secret-web.yaml",
        ],
        0o600,
    )
    assert generate(here) == ["INFO: nothing to do: 2 workloads, 2 resources up to date"]
    here.write("k8s/README.md", "mine\n")
    inodes = {path.name: path.stat().st_ino for path in (here.path / "k8s").iterdir()}
    here.write("web.score.yaml", SCORE.replace("NAME", "web").replace("image: x", "image: y"))
    shown = here.run("diff", status=1).stdout
    assert [line for line in shown.splitlines() if line[0] in "-+"] == [
        "--- k8s/deployment-web.yaml",
        "+++ k8s/deployment-web.yaml",
        "-          image: x",
        '+          image: "y"',
    ]
    assert generate(here)[-1] == "INFO: k8s/: wrote 1, removed 0"
    now = {path.name: path.stat().st_ino for path in (here.path / "k8s").iterdir()}
    assert {name for name in now if now[name] != inodes[name]} == {"deployment-web.yaml"}
    (here.path / "api.score.yaml").unlink()
    assert generate(here)[-1] == "INFO: k8s/: wrote 1, removed 2"
    assert sorted(modes(here)) == [
        "README.md",
        "deployment-web.yaml",
        "kustomization.yaml",
        "secret-web.yaml",
    ]
    assert "nothing asks for it any more" in here.run("why", "k8s/secret-api.yaml").stdout
    (here.path / "k8s/deployment-web.yaml").unlink()
    assert generate(here)[-2:] == [
        "WARN: k8s/deployment-web.yaml: had been changed or removed by hand, and was restored",
        "INFO: k8s/: wrote 1, removed 0",
    ]


def test_secrets_go_apart_and_come_back_and_nobody_else_ever_reads_them(here: Directory) -> None:
    generate(here, "web.score.yaml", "-o", "k8s/", "--secrets", "separate")
    apart = {
        "deployment-web.yaml": 0o644,
        "kustomization.yaml": 0o644,
        "secrets/kustomization.yaml": 0o600,
        "secrets/secret-web.yaml": 0o600,
    }
    assert modes(here) == apart
    (here.path / "k8s/deployment-web.yaml").chmod(0o664)
    here.write("web.score.yaml", SCORE.replace("NAME", "web").replace("image: x", "image: y"))
    generate(here)
    assert modes(here) == {**apart, "deployment-web.yaml": 0o664}, "a mode that somebody chose"
    assert generate(here, "--secrets", "together")[-1] == "INFO: k8s/: wrote 3, removed 2"
    assert modes(here) == dict.fromkeys(
        ["deployment-web.yaml", "kustomization.yaml", "secret-web.yaml"], 0o600
    )
    assert not (here.path / "k8s/secrets").exists()
    why = here.run("why", "k8s/kustomization.yaml").stdout
    assert "where Secrets are written changed: separate -> together" in why


def test_secrets_apart_in_one_file_and_back(here: Directory) -> None:
    said = generate(here, "web.score.yaml", "--secrets", "separate")
    assert said[-2:] == ["INFO: wrote manifests.secrets.yaml", "INFO: wrote manifests.yaml"]
    modes_ = {
        name: (here.path / name).stat().st_mode & 0o777
        for name in ("manifests.yaml", "manifests.secrets.yaml")
    }
    assert modes_ == {"manifests.yaml": 0o644, "manifests.secrets.yaml": 0o600}
    assert "kind: Secret\n" not in (here.path / "manifests.yaml").read_text()
    said = generate(here, "--secrets", "together")
    assert said[-2:] == ["INFO: wrote manifests.yaml", "INFO: removed manifests.secrets.yaml"]
    assert (here.path / "manifests.yaml").stat().st_mode & 0o777 == 0o600
    assert not (here.path / "manifests.secrets.yaml").exists()
    assert here.run("generate", "-o", "-", "--secrets", "separate").stdout.count("kind: ") == 2


def test_what_is_not_ours_in_a_directory_is_replaced_with_force_only(here: Directory) -> None:
    for name in ("kustomization", "deployment-web", "other"):
        here.write(f"k8s/{name}.yaml", "mine: yes\n")
    said = here.run("generate", "web.score.yaml", "-o", "k8s", status=1).stderr
    hint = (
        "    hint: move it away, have another file written (--output FILE), or replace it: "
        "`doit-score generate --force`\n"
    )
    assert said.partition("Error: ")[2] == (
        "2 problems:\n"
        f"  k8s/deployment-web.yaml: was not written for this project, and is not replaced\n{hint}"
        f"  k8s/kustomization.yaml: was not written for this project, and is not replaced\n{hint}"
    )
    assert sorted(modes(here)) == ["deployment-web.yaml", "kustomization.yaml", "other.yaml"]
    generate(here, "web.score.yaml", "-o", "k8s", "--force")
    assert sorted(modes(here)) == [
        "deployment-web.yaml",
        "kustomization.yaml",
        "other.yaml",
        "secret-web.yaml",
    ]
    assert (here.path / "k8s/other.yaml").read_text() == "mine: yes\n"


def test_a_checkout_without_its_state_goes_on_with_the_directory(here: Directory) -> None:
    generate(here, "web.score.yaml", "-o", "k8s/")
    shutil.rmtree(here.path / "state")
    here.init("--target", "kubernetes", "--project", "shop", "--state-dir", "again")
    said = generate(here, "web.score.yaml", "-o", "k8s/", "--state-dir", "again")
    assert said[-1] == "INFO: k8s/: wrote 2, removed 0", "the Secret, and the digest of it"


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("web.score.yaml/", "web.score.yaml: is a file, so no directory can be made there"),
        ("no/such/", "no/such/: cannot be written: its directory does not exist\n  hint: make the directory"),
        (
            "state/k8s/",
            "state/k8s/secret-web.yaml: cannot be written: it is in the state directory 'state'\n"
            "  hint: keep what you use and what this tool remembers apart",
        ),
    ],
)
def test_a_directory_that_cannot_be(here: Directory, output: str, said: str) -> None:
    ended = here.run("generate", "web.score.yaml", "-o", output, status=1)
    assert ended.stderr.partition("Error: ")[2] == f"{said}\n"


def test_compose_takes_a_file(tmp_path: Path) -> None:
    here = Directory(tmp_path)
    here.init()
    here.write("web.score.yaml", SCORE.replace("NAME", "web"))
    assert here.run("generate", "web.score.yaml", "-o", "out/", status=1).stderr == (
        "Error: out/: is a directory, and the target compose takes a file\n  hint: name a file\n"
    )


def test_secrets_never_get_the_mode_of_what_was_there_before(here: Directory) -> None:
    generate(here, "web.score.yaml", "--secrets", "separate")
    generate(here, "-o", "all.yaml", "--secrets", "together")
    assert (here.path / "manifests.yaml").stat().st_mode & 0o777 == 0o644
    generate(here, "-o", "manifests.yaml")
    assert "kind: Secret\n" in (here.path / "manifests.yaml").read_text()
    assert (here.path / "manifests.yaml").stat().st_mode & 0o777 == 0o600


def test_a_dodo_py_writes_a_directory_and_cleans_it(tmp_path: Path) -> None:
    here = running.Project(tmp_path)
    here.write("provisioners/key.provisioners.yaml", KEY)
    here.write("web.score.yaml", SCORE.replace("NAME", "web"))
    here.write(
        "dodo.py",
        "from doit_score import Score\n\n"
        "score = Score(target='kubernetes', output='k8s/', secrets='separate')\n"
        "DOIT_CONFIG = {'default_tasks': ['generate']}\n",
    )
    assert here.doit().err.splitlines()[-1] == "INFO: k8s/: wrote 4, removed 0"
    assert here.doit().out.splitlines()[-1] == "-- generate"
    here.remove("k8s/secrets/secret-web.yaml")
    assert here.doit().err.splitlines()[-1] == "INFO: k8s/: wrote 1, removed 0"
    here.write("k8s/mine.yaml", "mine: yes\n")
    assert here.doit("clean", "generate").out.splitlines()[1:] == [
        "removed k8s/deployment-web.yaml",
        "removed k8s/kustomization.yaml",
        "removed k8s/secrets/kustomization.yaml",
        "removed k8s/secrets/secret-web.yaml",
    ]
    assert [str(one.relative_to(tmp_path)) for one in (tmp_path / "k8s").rglob("*")] == ["k8s/mine.yaml"]
