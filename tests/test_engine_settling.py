from __future__ import annotations

from collections.abc import Mapping

from doit_score.engine.shared.contributions import Shared
from doit_score.engine.shared.settling import MAX_ROUNDS, Settling
from doit_score.text import canonical

HINT = "\n  hint: let the `shared` template of its provisioner print the same again once the value is there"


class Runs:
    """Rounds of resources that each look at some paths and contribute another number each time."""

    def __init__(self, order: str, looks: Mapping[str, tuple[str, ...]]) -> None:
        self.shared = Shared(order, {}, {}, {})
        self.settling: Settling[str] = Settling(self.shared)
        self.looks = looks
        self.notes: dict[str, dict[str, str]] = {}
        self.number = 0

    def round(self, *uids: str, contributes: Mapping[str, object] | None = None) -> dict[str, str]:
        """A round in which ``uids`` run; the first results of those that are given up."""
        for uid in uids:
            self.number += 1
            view = self.shared.view()
            for key in self.looks[uid]:
                len(view) if key == "*" else view.get(key)
            self.notes[uid] = view.note()
            before = self.shared.contribution(uid)
            patch = canonical.mapping(canonical.encode({uid: self.number} | dict(contributes or {})))
            self.shared.contribute(uid, patch)
            self.settling.ran(uid, f"{uid}{self.number}", before)
        self.shared.settle()
        return self.settling.give_up(uids, self.notes.__getitem__)

    def until_given_up(self, *uids: str) -> dict[str, str]:
        for _ in range(MAX_ROUNDS - 1):
            assert self.round(*uids) == {}
        return self.round(*uids)

    def told(self) -> dict[str, str]:
        return {uid: str(problem).removesuffix(HINT) for uid, problem in self.settling.restless.items()}


def test_who_is_run_in_many_rounds_gets_its_first_result_back() -> None:
    runs = Runs("ab", {"a": ("b",), "b": ("a",)})
    assert runs.until_given_up("a", "b") == {"a": "a1", "b": "b2"}
    message = (
        "resource '{}' does not settle: it reads '{}' of the shared state, which resource '{}' changes at "
    )
    message += "each run; its first result was kept"
    assert runs.told() == {"a": message.format("a", "b", "b"), "b": message.format("b", "a", "a")}


def test_who_reads_only_itself_is_told_so() -> None:
    runs = Runs("a", {"a": ("a",)})
    assert runs.until_given_up("a") == {"a": "a1"}
    assert runs.told()["a"] == (
        "resource 'a' does not settle: it reads 'a' of the shared state, which it itself changes at each "
        "run; its first result was kept"
    )


def test_of_many_only_some_are_named() -> None:
    runs = Runs("abcde", dict.fromkeys("abcde", ("*",)))
    assert runs.until_given_up(*"abcde") == {uid: f"{uid}{n}" for n, uid in enumerate("abcde", 1)}
    assert runs.told()["a"] == (
        "resource 'a' does not settle: it reads all of the shared state, which it, resource 'b' and 3 more "
        "change at each run; its first result was kept"
    )


def test_who_contributes_the_same_each_time_is_not_given_up() -> None:
    runs = Runs("ab", {"a": ("a",), "b": ("a",)})
    runs.settling.ran("b", "b0", {})
    for _ in range(MAX_ROUNDS - 1):
        runs.round("a")
        runs.settling.ran("b", "b", {})
    assert runs.round("a") == {"a": "a1"}
    assert list(runs.told()) == ["a"]


def test_rounds_that_get_smaller_go_on_for_as_long_as_they_do() -> None:
    order = "abcdefghijkl"
    runs = Runs(order, {uid: (following,) for uid, following in zip(order, order[1:] + "z", strict=True)})
    for number in range(len(order), 0, -1):
        assert runs.round(*order[:number]) == {}
    # A second round of the same size, of one that was run often, is one too many.
    assert runs.round("a") == {"a": "a1"}


def test_after_one_was_given_up_the_others_have_their_rounds_again() -> None:
    runs = Runs("ab", {"a": ("a",), "b": ("b",)})
    assert runs.until_given_up("a") == {"a": "a1"}
    assert runs.until_given_up("b")["b"][0] == "b"


def test_without_anybody_who_changes_what_is_read_that_is_all_that_is_told() -> None:
    runs = Runs("a", {"a": ()})
    assert runs.until_given_up("a") == {"a": "a1"}
    assert runs.told()["a"] == (
        "resource 'a' does not settle: what it is given changes at each run; its first result was kept"
    )
