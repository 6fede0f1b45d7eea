"""A line for the terminal. Separate from reports about runs, because every command prints lines."""

from typing import Literal

import msgspec

TerminalTone = Literal["plain", "dim", "good", "bad", "warn", "strong"]


class ReportLine(msgspec.Struct, frozen=True):
    """One line of a report, already made visible."""

    text: str
    tone: TerminalTone = "plain"
