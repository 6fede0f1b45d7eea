"""API keys: environment, then keyring, then memory for this session. Never a file of the project.

Where there is no keyring (a headless machine), the user is told, and nothing is written in plain text instead.
"""

import os
import re
from collections.abc import Iterable
from types import ModuleType
from typing import Literal

import msgspec

from workbench.core.secret import secrets_in, shown_ending
from workbench.store.redaction import Redactor

SERVICE = "tool-calling-workbench"
_NAMED_LIKE_A_SECRET = re.compile(r"(?:^|_)(?:API_?KEY|KEY|TOKEN|SECRET|PASSWORD)$", re.IGNORECASE)
KeyOrigin = Literal["environment", "keyring", "memory"]


class FoundKey(msgspec.Struct, frozen=True):
    """Where a key was found, and its last four characters, if it is long enough: all that may be shown of it."""

    name: str
    source: KeyOrigin
    ending: str


class KeyStore:
    """Keys by name, such as `OPENAI_API_KEY`. Every key read is made known to the redactor first."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._memory: dict[str, str] = {}
        self._stored: dict[str, str | None] = {}
        """What the keyring said last."""

    def get(self, name: str) -> str | None:
        """The key of that name, or None."""
        found = self._find(name)
        return found[0] if found else None

    def describe(self, name: str) -> FoundKey | None:
        """Where the key comes from, without the key. The keyring is read once until `look_again`: that takes long, and
        lists that name keys are drawn again with every letter that is typed."""
        found = self._find(name, again=False)
        return FoundKey(name, found[1], shown_ending(found[0]).removeprefix("…")) if found else None

    def look_again(self) -> None:
        """Let `describe` read the keyring again: another program may have changed it."""
        self._stored.clear()

    def watch_environment(self) -> None:
        """Make everything in the environment that is named like a secret known to the redactor, before it is asked
        for: it may appear in a prompt or in a tool's result."""
        for name, value in os.environ.items():
            if _NAMED_LIKE_A_SECRET.search(name) and len(value) >= 16 and value[0] not in "/~.":
                self._redactor.add(value)

    def watch_keyring(self, names: Iterable[str]) -> None:
        """Make these keys of the keyring known to the redactor. It takes long, and a keyring that is locked may ask
        the person: not for every start."""
        for name in names:
            if stored := self._from_keyring(name):
                self._redactor.add(stored)

    def watch_address(self, url: str) -> None:
        """Make known to the redactor what may be a secret in an address: user, password and values of the query."""
        for secret in secrets_in(url):
            self._redactor.add(secret)

    def watch(self, key: str) -> None:
        """Never show this key, even though it is not kept."""
        self._redactor.add(key)

    def remember(self, name: str, key: str) -> None:
        """Keep a key in memory until the program ends."""
        self._redactor.add(key)
        self._memory[name] = key

    def save(self, name: str, key: str) -> bool:
        """Put a key into the system's keyring. False when there is none; the key is then kept in memory only."""
        self._redactor.add(key)
        return self.save_record(name, key)

    def record(self, name: str) -> str:
        """A record that was saved under this name; empty when there is none."""
        return self._from_keyring(name) or self._memory.get(name, "")

    def save_record(self, name: str, key: str) -> bool:
        """As `save`, for a text that is not a key: who saves it makes known to `watch` what in it is secret."""
        self._memory[name] = key
        self._stored.pop(name, None)
        keyring = _keyring()
        if keyring is None:
            return False
        try:
            keyring.set_password(SERVICE, name, key)
            is_kept: bool = keyring.get_password(SERVICE, name) == key
        except Exception:  # noqa: BLE001 — door: backends raise what their systems raise
            return False
        if is_kept:  # a keyring that was switched off accepts everything and keeps nothing
            self._memory.pop(name, None)
        return is_kept

    def forget(self, name: str) -> None:
        """Remove a key from memory and keyring; the environment is left alone."""
        self._memory.pop(name, None)
        self._stored.pop(name, None)
        keyring = _keyring()
        if keyring is not None:
            try:
                keyring.delete_password(SERVICE, name)
            except Exception:  # noqa: BLE001 — door: backends raise what their systems raise
                return

    def _find(self, name: str, *, again: bool = True) -> tuple[str, KeyOrigin] | None:
        if key := os.environ.get(name, "").strip():
            self._redactor.add(key)
            return key, "environment"
        stored = self._stored.get(name)
        if again or name not in self._stored:
            stored = self._stored[name] = self._from_keyring(name)
        if stored:
            self._redactor.add(stored)
            return stored, "keyring"
        if key := self._memory.get(name, ""):
            return key, "memory"
        return None

    def _from_keyring(self, name: str) -> str | None:
        keyring = _keyring()
        if keyring is None:
            return None
        try:
            key: str | None = keyring.get_password(SERVICE, name)
        except Exception:  # noqa: BLE001 — door: backends raise what their systems raise
            return None
        return key


def has_keyring() -> bool:
    """Whether keys can be kept safely on this machine."""
    return _keyring() is not None


def _keyring() -> ModuleType | None:
    # keyring looks for backends when it is imported, which is slow and needless for most starts.
    import keyring
    from keyring.backends.fail import Keyring as NoBackend

    return None if isinstance(keyring.get_keyring(), NoBackend) else keyring
