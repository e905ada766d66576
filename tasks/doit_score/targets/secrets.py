"""Secrets that are kept apart, as a target sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from doit_score.text.light import NamedTuple, Protocol


class Secrets(Protocol):
    """The secrets that are kept apart: an output has names in place of them (store/vault.py)."""

    def name(self, owner: str, path: Iterable[str], text: str) -> str:
        """The name of a text that is kept apart as a whole, and looked for nowhere unless it is a secret.

        A new one tells whose it is, and where it was found.
        """
        ...

    def replaced(
        self, text: str, by: Callable[[str], str], rest: Callable[[str], str] = str, shortest: int = 0
    ) -> str:
        """``text`` with each secret of at least so many letters replaced by what ``by`` makes of its name,
        and all else by what ``rest`` makes of it."""
        ...

    def is_disguised_in(self, text: str) -> bool:
        """Whether a secret is in ``text`` in another spelling: in base64, or as in an address."""
        ...

    def as_variable(self, name: str) -> None:
        """Has a secret among the variables that Compose is given."""


class Apart(NamedTuple):
    """Secrets, how they are kept (one of options.APART), and what variables of an entry can name a file."""

    secrets: Secrets
    how: str
    file_variables: Sequence[str] = ()
