from __future__ import annotations

import os
from pathlib import Path

import pytest

from doit_score.engine.inputs.catalogue import Catalogue
from doit_score.engine.inputs.load import Inputs
from doit_score.engine.settings import Settings
from doit_score.score.resources import Need
from doit_score.targets import Place
from doit_score.text.errors import ScoreError


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("provisioners", ".score-compose"):
        os.mkdir(folder)


def write(path: str, *types: str, scheme: str = "template") -> None:
    Path(path).write_text("".join(f"- uri: {scheme}://x/{path}\n  type: {type_}\n" for type_ in types))


def catalogue(*, defaults: bool = False) -> Catalogue:
    return Catalogue(Settings(), Inputs({}), defaults=defaults)


def need(type_: str, class_: str = "default") -> Need:
    return Need(f"{type_}.{class_}#w.x", type_, class_, "w.x", None, None, "w", ())


def test_the_project_s_files_come_first_in_the_order_of_the_patterns_and_names() -> None:
    for path in ("provisioners/b", "provisioners/a", ".score-compose/0"):
        write(f"{path}.provisioners.yaml", "redis")
    found = catalogue(defaults=True)
    assert found.paths[:3] == (
        "provisioners/a.provisioners.yaml",
        "provisioners/b.provisioners.yaml",
        ".score-compose/0.provisioners.yaml",
    )
    assert all(os.path.isabs(path) for path in found.paths[3:])
    entry = found.entry(need("redis"))
    assert entry is not None
    assert entry.path == "provisioners/a.provisioners.yaml"


def test_the_fingerprint_names_the_files_and_their_contents_and_their_order() -> None:
    write("provisioners/a.provisioners.yaml", "redis")
    prints = [catalogue().fingerprint()]
    os.utime("provisioners/a.provisioners.yaml")
    assert catalogue().fingerprint() == prints[0]
    write("provisioners/a.provisioners.yaml", "redis", "other")
    prints.append(catalogue().fingerprint())
    os.rename("provisioners/a.provisioners.yaml", "provisioners/b.provisioners.yaml")
    prints.append(catalogue().fingerprint())
    os.rename("provisioners/b.provisioners.yaml", ".score-compose/b.provisioners.yaml")
    prints.append(catalogue().fingerprint())
    assert len(set(prints)) == 4


def test_the_problems_of_all_files_are_told_at_once() -> None:
    Path("provisioners/a.provisioners.yaml").write_text("{")
    Path("provisioners/b.provisioners.yaml").write_text("- type: x\n")
    with pytest.raises(ScoreError) as error:
        catalogue().entries()
    assert error.value.title == "failed to load provisioners:"
    assert {problem.path for problem in error.value.problems} == {
        "provisioners/a.provisioners.yaml",
        "provisioners/b.provisioners.yaml",
    }


def test_a_program_of_the_project_counts_for_its_resources() -> None:
    Path("provisioners/a.provisioners.yaml").write_text(
        "- uri: cmd://./tool\n  type: own\n- uri: cmd://sh\n  type: system\n"
        "- uri: template://x\n  type: none\n"
    )
    types = ("own", "system", "none")
    before = [catalogue().digest(need(type_)) for type_ in types]
    Path("tool").write_text("#!/bin/sh\n")
    inputs = Inputs({})
    found = Catalogue(Settings(), inputs, defaults=False)
    after = [found.digest(need(type_)) for type_ in types]
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, True, True]
    assert [path for path, row in inputs.rows.items() if row.role == "program"] == ["tool"]
    assert found.digest(need("unknown")) == ""


def test_resources_without_a_provisioner_are_told_with_what_there_is() -> None:
    Path("provisioners/a.provisioners.yaml").write_text(
        "- uri: template://x\n  type: redis\n  class: large\n- uri: template://y\n  type: redis\n  id: main\n"
    )
    places: dict[tuple[str, ...], Place] = {
        ("type",): ("score.yaml", 3, 9),
        ("class",): ("score.yaml", 4, 10),
    }

    def told(type_: str, **settings: object) -> str:
        found = Catalogue(Settings(**settings), Inputs({}), defaults=False)  # type: ignore[arg-type]  # fields of Settings
        return str(found.unsupported(need(type_), lambda keys: places[tuple(keys)]))

    assert told("redis") == (
        "score.yaml:4:10: resource 'redis.default#w.x' is not supported by any provisioner\n"
        "  hint: there are provisioners for type 'redis', but only for large, main; class 'default' and id "
        "'w.x' are asked for"
    )
    assert told("rediss").endswith("  hint: did you mean 'redis'?")
    assert told("kafka") == (
        "score.yaml:3:9: resource 'kafka.default#w.x' is not supported by any provisioner\n"
        "  hint: write one: a file 'provisioners/kafka.provisioners.yaml' with `type: kafka`; "
        "known types: environment, redis"
    )
    patterns = ("*/own.provisioners.yaml", "ours/*.provisioners.yaml")
    assert "'ours/kafka.provisioners.yaml'" in told("kafka", provisioners=patterns)
