"""The one gate that keeps keys away from disk, logs, exports and the clipboard."""

import base64
import json
import threading
from collections.abc import Iterator
from urllib.parse import quote

MIN_SECRET_CHARS = 8


class Redactor:
    """Replaces every live key by a mark that shows only its last four characters: plain, and as it stands in JSON, in
    an address, and in base64 wherever in the encoded text it begins.

    It is fed by the key store the moment a key is read. Thread-safe.
    """

    def __init__(self) -> None:
        self._marks: dict[str, str] = {}
        self._lock = threading.Lock()

    def add(self, secret: str) -> None:
        """Never let `secret` through from now on. Texts too short to be keys are ignored."""
        if len(secret) < MIN_SECRET_CHARS:
            return
        mark = f"[key …{secret[-4:]}]"
        with self._lock:
            self._marks = {**self._marks, **dict.fromkeys(_disguises(secret), mark)}

    def text(self, text: str) -> str:
        """`text` without any key."""
        for secret, mark in self._marks.items():
            if secret in text:
                text = text.replace(secret, mark)
        return text

    def line(self, line: bytes) -> bytes:
        """An encoded event without any key."""
        for secret, mark in self._marks.items():
            plain = secret.encode("utf-8", "surrogatepass")
            if plain in line:
                line = line.replace(plain, json.dumps(mark)[1:-1].encode())
        return line


def _disguises(secret: str) -> Iterator[str]:
    """The secret, and the forms it takes on its way through JSON, addresses and headers."""
    yield secret
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield quote(secret, safe="")
    plain = secret.encode("utf-8", "surrogatepass")
    for shift in range(3):  # "user:" in front of a key moves where its characters fall
        first, last = -(-shift * 8 // 6), (shift + len(plain)) * 8 // 6
        padded = b"\0" * shift + plain
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(padded).decode()[first:last]
