"""What stands in place of secrets, and that they come back as they were."""

from __future__ import annotations

import string
import time
from collections.abc import Mapping
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from doit_score.store.glance import Bucket
from doit_score.store.keepers import keeper
from doit_score.store.rows import KeptRow, MountRow, OriginRow, ResourceRow
from doit_score.store.vault import Vault, names_in
from doit_score.text import canonical
from doit_score.text.errors import ScoreError

OPEN, NUMBER, CLOSE = "\U000f5ec0", "\U000f5ec2", "\U000f5ec1"


class Shelf:
    """A place for secrets in this process."""

    place = "the shelf"

    def __init__(self, values: Mapping[str, str] = {}, variables: set[str] = set()) -> None:  # noqa: B006  # not changed
        self.kept, self.variables, self.saved = dict(values), {*variables}, 0

    def load(self, names: object) -> tuple[dict[str, str], set[str]]:
        return dict(self.kept), {*self.variables}

    def save(self, values: Mapping[str, str], variables: set[str]) -> None:
        self.kept, self.variables, self.saved = dict(values), {*variables}, self.saved + 1

    def remove(self, names: object, now: str) -> None:
        self.kept.clear()

    def missing(self, names: object, has_variables: bool) -> str:
        return ""


def vault_of(**values: str) -> Vault:
    return Vault(Shelf(values), values)


def test_a_name_says_whose_a_secret_is_and_where_it_was() -> None:
    vault = Vault(Shelf())
    assert vault.name("postgres.default#shop.db", ("password",), "one1") == "SECRET_POSTGRES_SHOP_DB_PASSWORD"
    assert vault.name("dns.inner#a.b-c", ("x", "0", "é y"), "two2") == "SECRET_DNS_INNER_A_B_C_X_0_Y"
    assert vault.names == ("SECRET_DNS_INNER_A_B_C_X_0_Y", "SECRET_POSTGRES_SHOP_DB_PASSWORD")


def test_a_value_has_one_name_and_a_name_one_value() -> None:
    vault = vault_of(SECRET_A_B="one1")
    assert vault.name("c", ("d",), "one1") == "SECRET_A_B"
    assert not vault.is_new
    assert vault.name("a", ("b",), "two2") == "SECRET_A_B_2"
    assert vault.name("a.b", (), "three") == "SECRET_A_B_3"
    assert vault.name("a.b", (), "ab") == "SECRET_A_B_4"
    assert vault.name("other", (), "ab") == "SECRET_A_B_4"
    assert vault.is_new


def test_what_is_short_or_can_be_in_no_file_is_not_learnt() -> None:
    vault = Vault(Shelf())
    vault.learn("a", [(("b",), "abc"), (("c",), "abc\0d"), (("d",), "abcd")])
    assert vault.values() == {"SECRET_A_D": "abcd"}


def test_the_longest_of_those_that_begin_alike_is_found() -> None:
    vault = vault_of(SECRET_A="abcd", SECRET_B="abcdef", SECRET_C="cdef9")
    assert vault.replaced("abcdef abcd abcde cdef9 abc abcdef9", "<{}>".format, str.upper) == (
        "<SECRET_B> <SECRET_A> <SECRET_A>E <SECRET_C> ABC <SECRET_B>9"
    )
    assert vault.replaced("abcdef abcd", "<{}>".format, shortest=5) == "<SECRET_B> abcd"


def test_what_is_only_named_is_looked_for_nowhere_until_it_is_learnt() -> None:
    shelf = Shelf()
    vault = Vault(shelf)
    assert (
        vault.name("services.web", ("environment", "MODE"), "production")
        == "SECRET_SERVICES_WEB_ENVIRONMENT_MODE"
    )
    vault.learn("a", [(("b",), "password")])
    assert vault.replaced("production password", "<{}>".format) == "production <SECRET_A_B>"
    assert vault.hidden_text('"production"') == '"production"'
    assert not vault.is_disguised_in("cHJvZHVjdGlvbg==")
    assert vault.noted == {
        "names": ["SECRET_A_B", "SECRET_SERVICES_WEB_ENVIRONMENT_MODE"],
        "alone": ["SECRET_SERVICES_WEB_ENVIRONMENT_MODE"],
    }
    vault.save()
    again = Vault(shelf, vault.noted["names"], vault.noted["alone"])
    assert again.replaced("production password", "<{}>".format) == "production <SECRET_A_B>"
    assert again.learned == frozenset()
    again.learn("c", [(("d",), "production")])
    assert again.replaced("production", "<{}>".format) == "<SECRET_SERVICES_WEB_ENVIRONMENT_MODE>"
    assert again.is_disguised_in("cHJvZHVjdGlvbg==")
    assert again.learned == {"production"}
    assert again.noted["alone"] == []
    again.save()
    assert again.learned == frozenset()


def test_what_the_state_knows_nothing_of_is_no_secret_until_it_is_learnt_by_the_same_name() -> None:
    vault = Vault(Shelf({"SECRET_A": "left-over"}))
    assert vault.replaced("left-over", "<{}>".format) == "left-over"
    vault.learn("b", [((), "left-over")])
    assert vault.replaced("left-over", "<{}>".format) == "<SECRET_A>"
    assert vault.learned == {"left-over"}


@pytest.mark.parametrize(
    ("text", "is_in"),
    [
        ("x cEBzcy93b3JkJA== y", True),
        ("dXNlcjpwQHNzL3dvcmQk", True),
        ("http://u:p%40ss%2Fword%24@h", True),
        ("p@ss/word$$", True),
        ("p@ss/word", False),
        ("p@ss/word$", False),
        ("", False),
    ],
)
def test_other_spellings_are_found(text: str, is_in: bool) -> None:
    vault = vault_of(SECRET_A="p@ss/word$")
    assert vault.is_disguised_in(text) is is_in
    later = Vault(Shelf())
    later.is_disguised_in("")
    later.learn("a", [((), "p@ss/word$")])
    assert later.is_disguised_in(text) is is_in


def test_what_a_secret_is_spelled_like_within_a_long_text_is_learnt_and_its_lines_are_not() -> None:
    key = "PRIVATE KEY-----\nline-of-letters\n"
    vault = vault_of(SECRET_A="p@ss/word$", SECRET_K=key)
    text = f"a: cEBzcy93b3JkJA==\nb: p%40ss%2Fword%24\nc: p@ss/word$\nd: {key}"
    vault.learn_disguised("u", [(("files", "f"), text), (("logs",), "nothing, cEBzcy93b3JkJA==")])
    assert vault.learned == {"cEBzcy93b3JkJA==", "p%40ss%2Fword%24"}
    assert vault.names == ("SECRET_A", "SECRET_K", "SECRET_U_FILES_F", "SECRET_U_FILES_F_2")
    mount = MountRow("f", "resource", "u", "file", 0o644, "digest", text.encode())
    marked = [f"{OPEN}SECRET_{name}{CLOSE}" for name in ("U_FILES_F", "U_FILES_F_2", "A", "K")]
    assert vault.hidden(mount).content.decode() == "a: {}\nb: {}\nc: {}\nd: {}".format(*marked)
    assert vault.shown(vault.hidden(mount)) == mount


def test_names_stand_in_rows_and_only_where_values_are() -> None:
    vault = vault_of(SECRET_A='o"ne', SECRET_N="1234567", SECRET_K="akey")
    a, n, k = (f"{OPEN}SECRET_{letter}{CLOSE}" for letter in "ANK")
    n = n.replace(OPEN, NUMBER).join('""')
    kept = KeptRow("akey", "guid", "uri", canonical.encode({"akey": 1234567, "b": ['x o"ne y', None]}))
    assert vault.hidden(kept) == kept._replace(state=f'{{"{k}":{n},"b":["x {a} y",null]}}')
    mount = MountRow("akey", "resource", "u", "file", 0o644, "akey", b'\xff o"ne')
    assert vault.hidden(mount) == mount._replace(content=b"\xff " + a.encode())
    row = Bucket("akey", 1, "akey", b"akey")
    assert vault.hidden(row) is row
    assert [*names_in(vault.hidden_text(kept.state))] == ["SECRET_K", "SECRET_N", "SECRET_A"]
    assert [*names_in(vault.hidden(mount).content)] == ["SECRET_A"]


LETTERS = st.text(st.sampled_from('ab"\\\n${}:,0é'), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | LETTERS,
    lambda some: st.lists(some, max_size=3) | st.dictionaries(LETTERS, some, max_size=3),
)
SECRETS = st.lists(
    st.text(st.sampled_from('ab"\\\n${}:,0é'), min_size=1, max_size=6), unique=True, max_size=5
)


@given(secrets=SECRETS, value=VALUES, text=LETTERS, content=st.binary())
def test_whatever_is_hidden_comes_back(secrets: list[str], value: object, text: str, content: bytes) -> None:
    vault = vault_of(**{f"SECRET_{number}": one for number, one in enumerate(secrets)})
    encoded = canonical.encode(value)
    among = f"{text}{canonical.encode([encoded, text])}"
    rows: list[Any] = [
        KeptRow("u", "g", "uri", encoded),
        ResourceRow._make(encoded for _ in ResourceRow._fields),
        OriginRow("resource", "u", among, text, among),
        MountRow("p", "resource", "u", "file", 0, "d", content + among.encode()),
    ]
    hidden = [vault.hidden(row) for row in rows]
    assert [vault.shown(row) for row in hidden] == rows
    assert vault.shown_text(vault.hidden_text(encoded)) == encoded
    canonical.decode(vault.hidden_text(encoded))
    for secret in secrets:
        if len(secret) >= 4:
            assert secret.encode() not in hidden[3].content


def test_a_number_that_somebody_has_replaced_is_what_is_there_now() -> None:
    hidden = vault_of(SECRET_A="1234567", SECRET_B="7654321").hidden_text('[1234567,7654321,"1234567"]')
    assert hidden == f'["{NUMBER}SECRET_A{CLOSE}","{NUMBER}SECRET_B{CLOSE}","{OPEN}SECRET_A{CLOSE}"]'
    assert vault_of(SECRET_A='a"', SECRET_B="-1.5e+7").shown_text(hidden) == '["a\\"",-1.5e+7,"a\\""]'


def test_one_that_is_lost_is_named_each_time_that_it_is_asked_for() -> None:
    vault = Vault(Shelf({"SECRET_B": "two2"}), ["SECRET_A", "SECRET_B"])
    hint = "\n  hint: put it back from a copy: nothing is generated anew in its place"
    for _ in range(2):
        with pytest.raises(ScoreError) as error:
            vault.values()
        assert str(error.value) == "the secret SECRET_A is not in the shelf any more" + hint
    with pytest.raises(ScoreError) as error:
        Vault(Shelf(), ["SECRET_B", "SECRET_A"]).shown_text(f"{OPEN}SECRET_A{CLOSE}")
    assert str(error.value) == "the secret SECRET_A and 1 other are not in the shelf any more" + hint


def test_one_that_was_emptied_is_lost() -> None:
    vault = Vault(Shelf({"SECRET_A": "", "SECRET_B": "two2", "SECRET_C": ""}), ["SECRET_A", "SECRET_B"])
    with pytest.raises(ScoreError) as error:
        vault.values()
    assert str(error.value) == (
        "the secret SECRET_A is not in the shelf any more\n"
        "  hint: put it back from a copy: nothing is generated anew in its place"
    )
    assert Vault(Shelf({"SECRET_B": "two2", "SECRET_C": ""}), ["SECRET_B"]).values() == {"SECRET_B": "two2"}


def test_a_name_that_is_not_recorded_is_told_too() -> None:
    vault = vault_of(SECRET_A="one1")
    for show in (vault.shown_text, lambda text: vault.shown_bytes(text.encode())):
        with pytest.raises(ScoreError) as error:
            show(f"{OPEN}SECRET_B{CLOSE}")
        assert str(error.value) == (
            "the secret SECRET_B is not in the shelf any more\n"
            "  hint: put it back from a copy: nothing is generated anew in its place"
        )


def test_where_there_is_no_name_nothing_is_loaded(tmp_path: object) -> None:
    vault = Vault(keeper("env", f"{tmp_path}/absent", "id"), ["SECRET_A"])
    assert vault.shown_text('{"a":1}') == '{"a":1}'


def test_what_is_forgotten_stays_until_nothing_refers_to_it() -> None:
    shelf = Shelf({"SECRET_A": "one1", "SECRET_B": "two2"}, {"SECRET_A", "SECRET_B"})
    vault = Vault(shelf, shelf.kept)
    vault.keep_only(["SECRET_B"])
    assert (vault.names, vault.variables()) == (("SECRET_B",), {"SECRET_B": "two2"})
    assert vault.hidden_text('["one1 two2"]') == f'["one1 {OPEN}SECRET_B{CLOSE}"]'
    vault.save()
    assert (shelf.kept, shelf.variables) == (
        {"SECRET_A": "one1", "SECRET_B": "two2"},
        {"SECRET_A", "SECRET_B"},
    )
    vault.prune()
    assert (shelf.kept, shelf.variables) == ({"SECRET_B": "two2"}, {"SECRET_B"})
    vault.prune()
    vault.keep_only(["SECRET_B"])
    vault.save()
    assert shelf.saved == 2


def test_variables_are_those_that_something_has_asked_for() -> None:
    shelf = Shelf({"SECRET_A": "one1", "SECRET_B": "two2"}, {"SECRET_A"})
    vault = Vault(shelf, shelf.kept)
    vault.as_variable("SECRET_A")
    assert not vault.is_new
    vault.as_variable("SECRET_B")
    vault.save()
    assert (vault.variables(), shelf.variables) == (shelf.kept, {"SECRET_A", "SECRET_B"})


def test_variables_can_be_told_to_be_just_some() -> None:
    shelf = Shelf({"SECRET_A": "one1", "SECRET_B": "two2"}, {"SECRET_A"})
    vault = Vault(shelf, shelf.kept)
    assert vault.as_variables_only(["SECRET_A", "SECRET_OF_OTHERS"])
    assert not vault.is_new
    assert vault.as_variables_only(["SECRET_B"])
    vault.save()
    assert (vault.variables(), shelf.variables) == ({"SECRET_B": "two2"}, {"SECRET_B"})
    assert not vault.as_variables_only([])
    vault.save()
    assert (vault.variables(), shelf.variables) == ({}, set())


def test_thousands_of_keys_that_begin_alike_are_found_quickly() -> None:
    letters = string.ascii_letters
    keys = [
        f"-----BEGIN PRIVATE KEY-----\n{number:09}{letters}{'x' * (number % 5)}\n" for number in range(5000)
    ]
    # Its own time, whatever else the machine does: were each compared with each, it would be minutes.
    began = time.thread_time()
    vault = Vault(Shelf())
    for number, key in enumerate(keys):
        vault.learn(f"key.default#w.k{number}", [(("private",), key)])
    for number, key in enumerate(keys):
        assert (
            vault.hidden_text(canonical.encode([key])) == f'["{OPEN}SECRET_KEY_W_K{number}_PRIVATE{CLOSE}"]'
        )
    assert time.thread_time() - began < 20
