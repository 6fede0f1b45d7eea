"""What clients did: one line for each call, message and decision, in the project's history folder."""

import json
import threading
from pathlib import Path

from workbench.store.redaction import Redactor

FILE = "service.jsonl"


class AuditLog:
    """Added to, never rewritten. Arguments and results are in the run that a line names."""

    def __init__(self, history: Path, redactor: Redactor) -> None:
        self.path = history / FILE
        self._redactor = redactor
        self._turn = threading.Lock()
        self.failure = ""

    def add(self, at: float, client: str, act: str, **details: str) -> None:
        """Write down who did what, `at` seconds since the epoch. A disk that fails is in `failure`."""
        line = json.dumps({"at": round(at, 3), "client": client, "act": act, **details}, ensure_ascii=True)
        try:
            with self._turn, self.path.open("ab", buffering=0) as file:
                file.write(self._redactor.text(line).encode() + b"\n")
            self.failure = ""
        except OSError as error:
            self.failure = f"{self.path.name} cannot be written: {error.strerror or error}"
