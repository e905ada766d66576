"""A keyring that is gone with its process, and one that keeps what it has in a file."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class Memory(KeyringBackend):
    """One that is gone with its process."""

    priority = 1.0

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write({**self._read(), f"{service}/{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        kept = self._read()
        if kept.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError("there is none")
        self._write(kept)

    def _read(self) -> dict[str, str]:
        return self.kept

    def _write(self, kept: dict[str, str]) -> None:
        self.kept = kept


class InFile(Memory):
    """One of a process that is started by a test, which names the file: KEYRING_OF_TEST."""

    def _read(self) -> dict[str, str]:
        file = Path(os.environ["KEYRING_OF_TEST"])
        found: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        return found

    def _write(self, kept: dict[str, str]) -> None:
        Path(os.environ["KEYRING_OF_TEST"]).write_text(json.dumps(kept))
