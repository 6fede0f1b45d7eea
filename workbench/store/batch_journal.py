"""What a suite run has handed to batch APIs and got back, one line each, added to and never rewritten.

A batch is written down before it is handed over, and its id when the vendor gives it; so after a crash it is known what
may be under way, and nothing is sent twice or forgotten.
"""

from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from workbench.core.errors import FailureKind, StoreError
from workbench.store.line_file import add_lines
from workbench.store.redaction import Redactor

JOURNAL = "batches.jsonl"


class Planned(msgspec.Struct, frozen=True, tag="planned"):
    """A batch is about to be handed over to the vendor that `spec` means."""

    label: str
    spec: str
    at: float
    requests: tuple[str, ...]


class Sent(msgspec.Struct, frozen=True, tag="sent"):
    """The vendor has it."""

    label: str
    batch_id: str


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """Nothing more comes: all its answers are here, or the vendor never got it."""

    label: str
    how: Literal["merged", "refused", "lost"]


class Answered(msgspec.Struct, frozen=True, tag="answered", omit_defaults=True):
    """The result of a request: the body of the answer, or a failure."""

    request: str
    body: str = ""
    failure: str = ""
    failure_kind: FailureKind = "server"


Entry = Planned | Sent | Ended | Answered


class BatchJournal:
    """The journal of one suite run. Answers stay on the disk until they are asked for."""

    def __init__(self, folder: Path, redactor: Redactor) -> None:
        """Read what is there. Raises `StoreError` when the file cannot be read."""
        self._path = folder / JOURNAL
        self._redactor = redactor
        self.open: dict[str, Planned] = {}
        """Batches that may be under way, by label."""
        self.batch_ids: dict[str, str] = {}
        """The vendor's ids of those that were handed over for certain."""
        self._pending: set[str] = set()
        self._places: dict[str, tuple[int, int]] = {}
        """Where the line of an answer begins, and how long it is."""
        self._failed: set[str] = set()
        self._read()

    def is_pending(self, request: str) -> bool:
        """Whether the request is in a batch that may be under way."""
        return request in self._pending

    def is_answered(self, request: str) -> bool:
        """Whether something came of it."""
        return request in self._places

    def has_failed(self, request: str) -> bool:
        """Whether what came was a failure."""
        return request in self._failed

    def answer(self, request: str) -> Answered | None:
        """Its result. Raises `StoreError` when it cannot be read anymore."""
        if request not in self._places:
            return None
        begin, length = self._places[request]
        try:
            with self._path.open("rb") as file:
                file.seek(begin)
                return msgspec.json.decode(file.read(length), type=Answered)
        except (OSError, msgspec.DecodeError) as error:
            raise StoreError(f"an answer of a batch cannot be read: {error}") from None

    def add(self, *entries: Entry) -> None:
        """Write entries down; they are on the disk when this returns. Raises `StoreError`."""
        lines = [self._redactor.line(msgspec.json.encode(entry)) for entry in entries]
        try:
            begin = add_lines(self._path, lines, is_synced=True)
        except OSError as error:
            raise StoreError(f"the batch cannot be written down: {error.strerror or error}") from None
        for entry, line in zip(entries, lines, strict=True):
            self._take(entry, begin, len(line))
            begin += len(line) + 1

    def _take(self, entry: Entry, begin: int, length: int) -> None:
        match entry:
            case Planned():
                self.open[entry.label] = entry
                self._pending.update(entry.requests)
            case Sent():
                self.batch_ids[entry.label] = entry.batch_id
            case Ended():
                planned = self.open.pop(entry.label, None)
                self._pending.difference_update(planned.requests if planned is not None else ())
            case Answered():
                self._places.setdefault(entry.request, (begin, length))
                if entry.failure:
                    self._failed.add(entry.request)

    def _read(self) -> None:
        decode = msgspec.json.Decoder(Entry).decode
        begin = 0
        try:
            with self._path.open("rb") as file:
                for line in file:
                    with suppress(msgspec.DecodeError, RecursionError):  # the writer died in the middle of it
                        self._take(decode(line), begin, len(line))
                    begin += len(line)
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreError(f"the batches of this suite run cannot be read: {error.strerror or error}") from None
