"""The ledger of an export: every place where the destination does not get what the tool says, and why."""

from collections.abc import Sequence
from typing import Literal

import msgspec

LedgerKind = Literal["left out", "rewritten", "may be refused"]


class LedgerEntry(msgspec.Struct, frozen=True):
    """One place. `left out` and `rewritten` are what the export did; `may be refused` is what it left as it is.

    `tool` is empty for what is about all tools together. `place` is a JSON pointer into the tool's document, empty for
    the whole tool. `why` names what the destination wants; it is empty where `what` says it already.
    """

    tool: str
    place: str
    kind: LedgerKind
    what: str
    why: str = ""

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.tool, self.place) if part)
        words = f"{self.what} ({self.why})" if self.why else self.what
        return f"{where}: {words}" if where else words


Ledger = tuple[LedgerEntry, ...]


def ledger_words(ledger: Sequence[LedgerEntry]) -> str:
    """How many entries of each kind there are; empty for none."""
    kinds: tuple[LedgerKind, ...] = ("left out", "rewritten", "may be refused")
    counts = ((sum(entry.kind == kind for entry in ledger), kind) for kind in kinds)
    return ", ".join(f"{count} {kind}" for count, kind in counts if count)
