"""Cases from elsewhere, with a report of each: nothing that cannot be expressed is dropped in silence."""

from collections import Counter
from typing import Literal

import msgspec

from workbench.core.suite.case import Case

ImportStatus = Literal["exact", "approximated", "unsupported", "unresolved"]
"""`exact`: means the same here. `approximated`: taken, with what is lost in the note. `unsupported`: cannot be
expressed. `unresolved`: names something that is not there, or is not clear."""


class CaseImportRow(msgspec.Struct, frozen=True):
    """What became of one case of the file."""

    case: str
    status: ImportStatus
    note: str = ""


class ImportReport(msgspec.Struct, frozen=True):
    """All of them, in the file's order, and the cases that can be used."""

    format: str
    rows: tuple[CaseImportRow, ...]
    cases: tuple[Case, ...]

    @property
    def taken(self) -> int:
        """How many cases can be used."""
        return len(self.cases)

    @property
    def words(self) -> str:
        """`read 12 cases as CSV: 10 exact, 2 unsupported`."""
        counts = Counter(row.status for row in self.rows)
        said = ", ".join(f"{count} {status}" for status, count in counts.items())
        what = "1 case" if len(self.rows) == 1 else f"{len(self.rows)} cases"
        return f"Read {what} as {self.format}" + (f": {said}" if said else "")
