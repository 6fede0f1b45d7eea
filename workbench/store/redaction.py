"""The one gate that keeps keys away from disk, logs, exports and the clipboard."""

import json
import threading

from workbench.core.secret import mark_of, spellings

MIN_SECRET_CHARS = 8


class Redactor:
    """Replaces every live key, in every spelling of `core.secret`, by a mark that shows at most its last four
    characters.

    It is fed by the key store the moment a key is read. Thread-safe.
    """

    def __init__(self) -> None:
        self._known: frozenset[str] = frozenset()
        self._marks: tuple[tuple[str, str], ...] = ()
        self._lines: tuple[tuple[bytes, bytes], ...] = ()
        self._lock = threading.Lock()

    def add(self, secret: str) -> None:
        """Never let `secret` through from now on. Texts too short to be keys are ignored."""
        if len(secret) < MIN_SECRET_CHARS or secret in self._known:
            return
        with self._lock:
            self._known |= {secret}
            found = {text: mark_of(known) for known in sorted(self._known) for text in spellings(known)}
            # The longest first: one key may be the beginning of another.
            self._marks = tuple(sorted(found.items(), key=lambda pair: -len(pair[0])))
            self._lines = tuple(
                (text.encode("utf-8", "surrogatepass"), json.dumps(mark)[1:-1].encode()) for text, mark in self._marks
            )

    def text(self, text: str) -> str:
        """`text` without any key."""
        for secret, mark in self._marks:
            if secret in text:
                text = text.replace(secret, mark)
        return text

    def line(self, line: bytes) -> bytes:
        """An encoded event without any key."""
        for secret, mark in self._lines:
            if secret in line:
                line = line.replace(secret, mark)
        return line
