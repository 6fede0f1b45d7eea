"""What clients did: one line for each call, message and decision, in the project's history folder."""

import json
import threading
from collections import deque
from itertools import islice
from pathlib import Path

from workbench.store.line_file import add_lines
from workbench.store.redaction import Redactor

FILE = "service.jsonl"
MOST_WAITING = 100_000
"""Lines that are kept while they cannot be written; of more, the oldest are lost."""
_AT_ONCE = 1_000


class AuditLog:
    """Added to, never rewritten. Arguments and results are in the run that a line names."""

    def __init__(self, history: Path, redactor: Redactor) -> None:
        self.path = history / FILE
        self._redactor = redactor
        self._turn = threading.Lock()
        self._waiting: deque[bytes] = deque(maxlen=MOST_WAITING)
        self.failure = ""

    def add(self, at: float, client: str, act: str, **details: str) -> None:
        """Write down who did what, `at` seconds since the epoch. A disk that fails is in `failure`."""
        line = json.dumps({"at": round(at, 3), "client": client, "act": act, **details}, ensure_ascii=True)
        with self._turn:
            self._waiting.append(self._redactor.text(line).encode())
            self._write_some()

    def try_again(self) -> None:
        """Write what could not be written before."""
        while True:
            with self._turn:  # not held for all of it: callers wait for their own line
                if not self._waiting or not self._write_some():
                    return

    def _write_some(self) -> bool:
        """Write the oldest lines, as many as take little time, and say whether that went well."""
        some = list(islice(self._waiting, _AT_ONCE))
        try:
            add_lines(self.path, some)
        except OSError as error:
            self.failure = f"{self.path.name} cannot be written: {error.strerror or error}"
            return False
        for _ in some:
            self._waiting.popleft()
        if not self._waiting:
            self.failure = ""
        return True
