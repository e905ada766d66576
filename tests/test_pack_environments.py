"""Several environments in one dodo.py: what each owns, what they share, and what is said of mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest
import running
from running import Project

pytestmark = pytest.mark.usefixtures("settled")

IMPORT = "from doit_score import Score, environments\n"

WORD = """\
- uri: template://tests/thing
  type: thing
  outputs: |
    word: {{ env "WHO" }} {{ env "WHERE" }}
"""


@pytest.fixture
def here(tmp_path: Path) -> Project:
    directory = Project(tmp_path / "shop")
    directory.write("score.yaml", running.score())
    return directory


def told(here: Project, dodo: str) -> str:
    """What doit says of a dodo.py."""
    here.write("dodo.py", IMPORT + dodo)
    return here.doit("list", exit=3).err


def test_each_has_an_output_a_state_and_a_project_of_its_own(here: Project) -> None:
    here.write("dodo.py", f"{IMPORT}packs = environments({{'dev': {{}}, 'stage': {{}}}})\n")
    here.doit("dev-generate", "stage-generate")
    files = sorted(str(path.relative_to(here.path)) for path in here.path.rglob("*.yaml"))
    assert files == ["compose.dev.yaml", "compose.stage.yaml", "score.yaml"]
    assert [here.compose(f"compose.{name}.yaml")["name"] for name in ("dev", "stage")] == [
        "shop-dev",
        "shop-stage",
    ]
    assert [here.exists(f"state/{name}/state.db") for name in ("dev", "stage")] == [True, True]


def test_they_do_not_disturb_each_other(here: Project) -> None:
    here.write("dodo.py", f"{IMPORT}packs = environments({{'dev': {{}}, 'stage': {{}}}})\n")
    here.doit("dev-generate", "stage-generate")
    before = here.read("compose.stage.yaml")
    here.write("dodo.py", f"{IMPORT}packs = environments({{'dev': {{'strict': True}}, 'stage': {{}}}})\n")
    here.write("score.yaml", here.read("score.yaml").replace("nginx", "nginx:2"))
    here.doit("dev-generate")
    assert here.services("compose.dev.yaml")["web-main"]["image"] == "nginx:2"
    assert here.read("compose.stage.yaml") == before


def test_what_is_said_of_one_comes_before_what_is_said_of_all_and_variables_of_both_count(
    here: Project,
) -> None:
    here.write("provisioners/thing.provisioners.yaml", WORD)
    here.write("score.yaml", running.score(things=("cup",)))
    said = "{'dev': {}, 'stage': {'env': {'WHERE': 'there'}, 'strict': False}}"
    here.write(
        "dodo.py",
        f"{IMPORT}packs = environments({said}, env={{'WHERE': 'here', 'WHO': 'me'}}, strict=True)\n"
        "print([pack.settings.strict for pack in packs.values()])\n",
    )
    assert here.doit("dev-generate", "stage-generate").out.startswith("[True, False]\n")
    words = [here.services(f"compose.{name}.yaml")["web-main"]["environment"] for name in ("dev", "stage")]
    assert words == [{"CUP": "me here"}, {"CUP": "me there"}]


def test_all_that_is_wrong_with_any_is_told_at_once(here: Project) -> None:
    assert told(here, "packs = environments({'dev': {'outputs': 'x'}, 'stage': 1, 'a b': {}})\n") == (
        "ERROR: Score('dev', ...) has wrong arguments:\n"
        "  there is no argument 'outputs'\n"
        "    hint: did you mean 'output'?\n"
        "environments(...): expected a dict of arguments for 'stage', found int\n"
        "Score('a b', ...) has wrong arguments:\n"
        "  name: 'a b' must be letters, digits, '-' and '_', and begin with a letter or digit\n"
        "    hint: the first argument is the name of the pack; Score files are given as workloads=...\n"
    )


@pytest.mark.parametrize(
    ("said", "found"), [("[]", "list"), ("{}", "an empty dict"), ("'dev'", "str"), ("None", "NoneType")]
)
def test_what_is_no_dict_of_environments(here: Project, said: str, found: str) -> None:
    assert told(here, f"packs = environments({said})\n") == (
        f"ERROR: environments(...): expected a dict of arguments by name, found {found}\n"
        '  hint: as in environments({"dev": {}, "stage": {"target": "kubernetes"}})\n'
    )


def test_environments_that_are_in_no_variable_are_told_with_their_line(here: Project) -> None:
    assert told(here, "environments({'dev': {}})\n") == (
        "ERROR: dodo.py:2: Score(...) is in no variable, and in no dict, list or tuple that is in one, so "
        "doit does not see its tasks\n  hint: give it one, as in `score = Score()`\n"
    )


@pytest.mark.parametrize(
    ("packs", "said"),
    [
        (
            "Score('a', output='x.yaml'), Score('b', output='x.yaml')",
            "'a' and 'b' have one output, 'x.yaml': it is for one alone, so give each its own",
        ),
        (
            "Score(), Score('b', state_dir='state')",
            "'' and 'b' have one state_dir, 'state': it is for one alone, so give each its own",
        ),
        (
            "Score('a', project='p'), Score('b', project='p')",
            "'a' and 'b' have one project, 'p': the `up` of one would remove the containers of the "
            "other, so give each its own",
        ),
        (
            "Score(), Score()",
            "two packs have the name '', so their tasks would too: give one of them another, as in "
            'Score("stage")',
        ),
    ],
)
def test_packs_that_would_have_something_in_common(here: Project, packs: str, said: str) -> None:
    assert told(here, f"packs = [{packs}]\n") == f"ERROR: {said}\n"


def test_one_project_in_two_clusters_is_fine(here: Project) -> None:
    here.write(
        "dodo.py",
        f"{IMPORT}packs = environments({{'a': {{'context': 'one'}}, 'b': {{'context': 'two'}}}}, "
        "target='kubernetes', project='shop')\n",
    )
    here.doit("list")
