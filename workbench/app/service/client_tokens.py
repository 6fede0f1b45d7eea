"""The tokens of clients: shown once, kept as digests in the system's keyring, and revocable by name."""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Collection
from pathlib import Path

import msgspec

from workbench.app.service.service_client import SCOPES, Scope, ServiceClient
from workbench.core.errors import UsageError
from workbench.store.keys import KeyStore

PREFIX = "wbt_"
MOST_TOKENS = 50
_NAME_CHARS = 40


class ClientToken(msgspec.Struct, frozen=True):
    """What is kept of a token. `created_at` is in seconds since the epoch."""

    name: str
    digest: str
    scopes: tuple[Scope, ...]
    created_at: float


class ClientTokens:
    """The tokens for one project. Where there is no keyring they end with the program."""

    def __init__(self, keys: KeyStore, folder: Path) -> None:
        self._keys = keys
        self._entry = f"service tokens of {hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:24]}"
        self._tokens = self._read()

    @property
    def all(self) -> tuple[ClientToken, ...]:
        """The tokens, oldest first."""
        return self._tokens

    @property
    def can_approve(self) -> bool:
        """Whether some client may decide about calls."""
        return any("approve" in token.scopes for token in self._tokens)

    def create(self, name: str, scopes: Collection[Scope]) -> tuple[str, bool]:
        """A new token, and whether it outlives the program. Show it once, then `hide` it. Raises `UsageError`."""
        name = " ".join(name.split())
        if not name or len(name) > _NAME_CHARS or not name.isprintable():
            raise UsageError(f"a client's name has 1 to {_NAME_CHARS} printable characters")
        if any(token.name == name for token in self._tokens):
            raise UsageError(f"the token {name!r} already exists", hint="Revoke it first, or choose another name.")
        if not scopes or len(self._tokens) >= MOST_TOKENS:
            raise UsageError("a token needs a scope" if not scopes else f"there are already {MOST_TOKENS} tokens")
        text = PREFIX + secrets.token_urlsafe(32)
        ordered = tuple(scope for scope in SCOPES if scope in scopes)
        token = ClientToken(name, _digest(text), ordered, time.time())
        return text, self._keep((*self._tokens, token))

    def hide(self, text: str) -> None:
        """Never show this token again, as any other key."""
        self._keys.watch(text)

    def revoke(self, name: str) -> bool:
        """End a token; False when there is none of that name."""
        left = tuple(token for token in self._tokens if token.name != name)
        is_found = len(left) < len(self._tokens)
        if is_found:
            self._keep(left)
        return is_found

    def client(self, text: str) -> ServiceClient | None:
        """The client whose token this is."""
        digest = _digest(text)
        found = None
        for token in self._tokens:  # all of them, so that time tells nothing
            if hmac.compare_digest(token.digest, digest):
                found = token
        if found is None:
            return None
        self._keys.watch(text)
        return ServiceClient(found.name, frozenset(found.scopes))

    def _keep(self, tokens: tuple[ClientToken, ...]) -> bool:
        self._tokens = tokens
        if not tokens:
            self._keys.forget(self._entry)
            return True
        return self._keys.save(self._entry, json.dumps(msgspec.to_builtins(tokens)))

    def _read(self) -> tuple[ClientToken, ...]:
        text = self._keys.get(self._entry)
        try:
            return msgspec.json.decode(text or "[]", type=tuple[ClientToken, ...])
        except msgspec.DecodeError:
            return ()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
