"""The state that an MCP client carries while a call waits for a decision: sealed, bound to the call, good for once."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable

import msgspec


class WaitingCall(msgspec.Struct, frozen=True):
    """A call that began and waits. All of it is checked again when it comes back."""

    run_id: str
    call_id: str
    shown_hash: str
    client: str
    tool: str
    arguments_digest: str
    until: float
    """Seconds since the epoch."""


class ApprovalSeal:
    """Seals with a key of this process: what a client makes up, changes or keeps too long is refused."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._key = secrets.token_bytes(32)
        self._now = now
        self._used: dict[str, float] = {}

    def seal(self, call: WaitingCall) -> str:
        """The text that the client carries."""
        payload = json.dumps([secrets.token_hex(8), msgspec.to_builtins(call)], separators=(",", ":")).encode()
        return ".".join(base64.urlsafe_b64encode(part).decode() for part in (payload, self._mac(payload)))

    def open(self, text: str) -> WaitingCall | None:
        """What was sealed; None for any other text, one that is too old, and one that was opened before."""
        try:
            payload, mac = (base64.b64decode(part, b"-_", validate=True) for part in text.split("."))
            if not hmac.compare_digest(mac, self._mac(payload)):
                return None
            nonce, fields = json.loads(payload)
            call = msgspec.convert(fields, WaitingCall)
        except (ValueError, TypeError, msgspec.ValidationError):
            return None
        now = self._now()
        self._used = {used: until for used, until in self._used.items() if until > now}
        if call.until <= now or nonce in self._used:
            return None
        self._used[nonce] = call.until
        return call

    def _mac(self, payload: bytes) -> bytes:
        return hmac.digest(self._key, payload, hashlib.sha256)
