"""The one gate that keeps keys away from disk, logs, exports and the clipboard."""

import base64
import threading

MIN_SECRET_CHARS = 8


class Redactor:
    """Replaces every live key, plain or in base64, by a mark that shows only its last four characters.

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
        encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
        with self._lock:
            self._marks = {**self._marks, secret: mark, encoded: mark}

    def text(self, text: str) -> str:
        """`text` without any key."""
        for secret, mark in self._marks.items():
            if secret in text:
                text = text.replace(secret, mark)
        return text

    def line(self, line: bytes) -> bytes:
        """An encoded event without any key."""
        for secret, mark in self._marks.items():
            plain = secret.encode()
            if plain in line:
                line = line.replace(plain, mark.encode())
        return line
