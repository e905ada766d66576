from __future__ import annotations

import json
from pathlib import Path

import pytest
from engineering import Project, check_law, score
from test_store_apart import MODES, SAFE, VARIABLES, memory, secrets

from doit_score.command import cli
from doit_score.engine.secrets import masking, variables
from doit_score.engine.why.reasons import text_of
from doit_score.options import APART
from doit_score.store.rows import ReasonRow
from doit_score.store.state import open_state
from doit_score.text.secrets import Masking, Unmasked, spelled, spellings

__all__ = ["memory"]

NUMBER = "918273645"
"""What is a number shows where its own name is not that of a secret."""


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "PASSWORD",
        "db_passwd",
        "pass",
        "secret_key",
        "token",
        "api_key",
        "accessKey",
        "credentials",
    ],
)
def test_what_a_name_says_is_secret_is_masked(name: str) -> None:
    assert Masking.of({name: "s3cr3t", "user": "user"})("psql://user:s3cr3t@host") == "psql://user:*****@host"


def test_what_is_below_such_a_name_is_masked_at_any_depth() -> None:
    values = {"passwords": {"admin": ["first-one", {"x": "second-one"}]}}
    assert Masking.of(values)("first-one second-one third") == "***** ***** third"


def test_a_secret_that_contains_another_is_masked_whole() -> None:
    assert Masking.of({"password": "abcd"}, {"token": "abcdef"})("abcdef abcd") == "***** *****"


def test_other_values_and_short_ones_stay() -> None:
    values = {"host": "kafka-abc", "password": "abc", "passes": 3, "keyboard": "qwerty"}
    assert Masking.of(values)("kafka-abc abc 3 qwerty") == "kafka-abc abc 3 qwerty"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("password: x y", "password: *****"),
        ('{"user": "me", "password": "x y", "n": 1}', '{"user": "me", "password": *****, "n": 1}'),
        ("db: {api_key: ab, host: h}", "db: {api_key: *****, host: h}"),
        ("http://h/?token=ab&x=1", "http://h/?token=*****"),
        ("passwords: [", "passwords: ["),
        ("at known-one, token=${TOKEN}", "at *****, token=${TOKEN}"),
        ("host: h", "host: h"),
    ],
)
def test_in_a_line_of_any_text_what_is_named_so_is_masked(line: str, shown: str) -> None:
    assert Masking.of({"password": "known-one"}).loose(line) == shown


def test_in_a_value_what_has_such_a_name_is_masked_and_what_is_known_elsewhere() -> None:
    value = {
        "password": "ab",
        "n": {"token": 12, "private": True, "pass": ""},
        "list": ["x known-one", 3, None],
    }
    assert Masking.of({"password": "known-one"}).value(value) == {
        "password": "*****",
        "n": {"token": "*****", "private": True, "pass": ""},
        "list": ["x *****", 3, None],
    }


def test_in_a_value_all_that_is_below_such_a_name_is_masked_numbers_too() -> None:
    value = {
        "passwords": [24681357, "abcdefgh", 1.5, "", True, None, {"x": [7, "y"]}],
        "tokens": {"admin": 1, "on": False, "of": {"user": "me"}},
        "ports": [24681357],
    }
    assert Masking.of({}).value(value) == {
        "passwords": ["*****", "*****", "*****", "", True, None, {"x": ["*****", "*****"]}],
        "tokens": {"admin": "*****", "on": False, "of": {"user": "*****"}},
        "ports": [24681357],
    }


def test_everything_is_shown_where_that_is_wanted() -> None:
    value = {"password": "ab"}
    shown = Unmasked()
    assert (shown("a"), shown.line("token: ab"), shown.loose("token: ab")) == ("a", "token: ab", "token: ab")
    assert shown.value(value) == value


def test_how_what_was_drawn_is_found_again() -> None:
    assert spelled("aBc1") == {"aBc1", "abc1", "ABC1"}
    assert spelled("123456") == {"123456"}
    assert spelled("12345") == spelled("abc") == spelled("") == set()


@pytest.fixture(params=MODES)
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: object, request: pytest.FixtureRequest
) -> Project:
    monkeypatch.chdir(tmp_path)
    project = Project(project="p", secrets=request.param)
    project.provisioner(
        SAFE.replace("  files:", "  info_logs: |\n    - {{ .State.password | toJson }}\n  files:")
    )
    project.write("score.yaml", score("alpha", {"one": "{type: safe}"}, variables=VARIABLES))
    said = project.run()
    assert "safe.default#alpha.one: *****" in said
    return project


def test_masks_know_secrets_wherever_they_are_kept(project: Project) -> None:
    with open_state("state") as state:
        mask = masking(state)
    assert [one for one in secrets() if one in mask(one)] == []


def test_only_what_is_asked_for_a_secret_shows_one(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path("score.yaml").read_text()
    project.write("score.yaml", text.replace("WORD:", "OTHER:").replace("URL:", "CLEAR: 'x'\n      ADDRESS:"))
    uid = "safe.default#alpha.one"
    asked = ("resources list", "resources list --format json", f"resources show {uid}", "why", f"why {uid}")
    for words in (*asked, "diff", "graph", "graph --format json", "provisioners list", "check"):
        status = cli.main(words.split())
        said = "".join(capsys.readouterr())
        assert status in (0, 1)
        assert said
        hidden = {
            spelling
            for one in secrets() - {NUMBER}
            for spelling in (one, one.replace("$", "$$"), json.dumps(one)[1:-1])
        }
        assert [one for one in hidden if one in said] == [], words
    assert cli.main(["resources", "get-outputs", uid]) == 0
    outputs = json.loads(capsys.readouterr().out)
    assert outputs == project.outputs(uid)
    assert str(outputs["pin"]) == NUMBER


def test_an_error_shows_none(project: Project) -> None:
    text = Path("provisioners/50-tests.provisioners.yaml").read_text()
    failing = text.replace("  outputs: |\n", '  outputs: |\n    {{ fail (print "no " .State.password) }}\n')
    project.provisioner(failing)
    said = project.fails()
    assert "no *****" in said
    assert [one for one in secrets() if one in said] == []


def test_variables_are_given_to_compose_where_there_are_any(project: Project) -> None:
    how = project.settings.secrets
    found = variables("state")
    assert bool(found) is (how in APART)
    assert {name: text for name, text in found.items() if name.endswith("ONE_PASSWORD")} == (
        {"SECRET_SAFE_ALPHA_ONE_PASSWORD": project.outputs("safe.default#alpha.one")["word"]} if found else {}
    )
    assert variables("elsewhere") == {}


CODE = """\
- uri: template://tests/code
  type: code
  state: |
    code: {{ dig "code" (print "c$'" (randAlphaNum 16)) .State | toJson }}
  outputs: |
    code: {{ .State.code | toJson }}
    basic: {{ print "user:" .State.code | b64enc }}
  files: |
    code: {{ print .State.code " " (.State.code | b64enc) | toJson }}
  info_logs: |
    - {{ print "at db://" (.State.code | urlquery) | toJson }}
  services: |
    code:
      image: code
      environment: {CODE: {{ .State.code | replace "$" "$$" | toJson }}}
"""
"""What it makes has no secret's name."""
ECHO = """\
- uri: template://tests/echo
  type: echo
  outputs: |
    said: {{ .Params.say | toJson }}
  services: |
    echo:
      image: echo
      environment: {SAID: {{ .Params.say | replace "$" "$$" | toJson }}}
- uri: template://tests/told
  type: told
  outputs: |
    password: {{ .Params.say | toJson }}
"""


def where_is(text: str) -> list[str]:
    """The files of the project in which ``text`` is, in one spelling or another."""
    spelled = [one.encode() for one in spellings(text)]
    found = [path for path in sorted(Path().rglob("*")) if path.is_file() and "mounts" not in path.parts]
    return [str(path) for path in found if any(one in path.read_bytes() for one in spelled)]


@pytest.fixture
def coded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: object) -> Project:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    project = Project(project="p", secrets="env")
    project.provisioner(CODE, ECHO)
    uses = {"P": "x ${resources.one.code}", "B": "${resources.one.basic}", "S": "${resources.two.said}"}
    needs = {"one": "{type: code, id: cc}", "two": "{type: echo, params: {say: '${resources.one.code}'}}"}
    project.write("a.score.yaml", score("alpha", needs, variables=uses))
    project.write("b.score.yaml", score("beta"))
    project.run()
    code = str(project.outputs("code.default#cc")["code"])
    assert where_is(code) == ["compose.yaml", "state/backup.db", "state/state.db"]
    return project


def concealed(project: Project) -> None:
    """All is as a run from scratch has it, and the code is where secrets are."""
    code = str(project.outputs("code.default#cc")["code"])
    assert where_is(code) == ["state/secrets.env"]
    services = project.compose()["services"]
    (name,) = [name for name, value in variables("state").items() if value == code]
    assert services["code"]["environment"] == {"CODE": f"${{{name}:?}}"}
    assert services["echo"]["environment"] == {"SAID": f"${{{name}:?}}"}
    assert services["alpha-main"]["environment"] == {
        "P": f"x ${{{name}:?}}",
        "B": "${SECRET_CODE_CC_BASIC:?}",
        "S": f"${{{name}:?}}",
    }
    check_law(project, force=True)
    assert project.run() in ([], ["compose.yaml is up to date"])  # files may be too new to be trusted


def test_what_a_provisioner_calls_a_secret_later_is_taken_out_of_everything(coded: Project) -> None:
    coded.provisioner(CODE, "  secret_outputs: [code]\n", ECHO)
    said = coded.run()
    assert said == [
        "code.default#cc: at db://*****",
        "provisioned 2 resources",
        "rendered 1 workload of 2",
        "wrote compose.yaml",
    ]
    concealed(coded)


def test_what_another_resource_has_under_the_name_of_a_secret_is_taken_out_of_everything(
    coded: Project,
) -> None:
    needs = {"one": "{type: code, id: cc}", "told": "{type: told, params: {say: '${resources.one.code}'}}"}
    coded.write("c.score.yaml", score("gamma", needs))
    coded.run()
    concealed(coded)
    with open_state("state") as state:
        reasons = {row.name: text_of(row) for row in state.rows(ReasonRow)}
    told = "something that it has in it has become a secret"
    assert (reasons["code.default#cc"], reasons["alpha"]) == (told, told)


def test_what_becomes_a_secret_in_a_run_that_fails_is_taken_out_by_the_next(coded: Project) -> None:
    needs = {"one": "{type: code, id: cc}", "told": "{type: told, params: {say: '${resources.one.code}'}}"}
    coded.write("c.score.yaml", score("gamma", {**needs, "bad": "{type: bad}"}))
    coded.provisioner(CODE, ECHO, "- uri: template://tests/bad\n  type: bad\n  outputs: '{{ fail `no` }}'\n")
    assert "no" in coded.fails()
    coded.write("c.score.yaml", score("gamma", needs))
    coded.run()
    concealed(coded)


def test_a_new_secret_that_is_nowhere_has_nothing_else_made_again(coded: Project) -> None:
    coded.provisioner(CODE, ECHO, SAFE)
    coded.run()
    coded.write(
        "c.score.yaml", score("gamma", {"safe": "{type: safe}"}, variables={"P": "${resources.safe.word}"})
    )
    assert coded.run()[:3] == [
        "read workload 'gamma' from 'c.score.yaml'",
        "provisioned 1 resource of 3",
        "rendered 1 workload of 3",
    ]


def test_a_password_that_is_part_of_a_name_leaves_the_project_as_it_is_declared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: object
) -> None:
    monkeypatch.chdir(tmp_path)
    project = Project(project="p", secrets="env", strict=True)
    project.provisioner(
        """\
- uri: template://tests/known
  type: known
  outputs: |
    password: postgres
  services: |
    postgres:
      image: db:1
      environment: {PASSWORD: postgres}
      secrets: [postgres-ca]
      configs: [postgres-conf]
    second:
      image: db:1
      network_mode: service:postgres
      volumes_from: [postgres]
  secrets: |
    postgres-ca: {file: ca.pem}
  configs: |
    postgres-conf: {file: db.conf}
"""
    )
    project.write("score.yaml", score("alpha", {"one": "{type: known}"}))
    project.run()
    services = project.compose()["services"]
    assert services["postgres"] == {
        "configs": [{"source": "postgres-conf"}],
        "environment": {"PASSWORD": "${SECRET_KNOWN_ALPHA_ONE_PASSWORD:?}"},
        "image": "db:1",
        "secrets": [{"source": "postgres-ca"}],
    }
    assert (services["second"]["network_mode"], services["second"]["volumes_from"]) == (
        "service:postgres",
        ["postgres"],
    )
