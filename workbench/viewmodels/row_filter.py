"""The filter box of the trace: words, `key:value` and `-negation`, all of which must hold."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass

from workbench.viewmodels.trace_row import TraceRow

_FIELDS: dict[str, Callable[[TraceRow], str]] = {
    "name": lambda row: row.label,
    "status": lambda row: f"{row.status} {row.state}",
    "kind": lambda row: row.kind,
    "run": lambda row: row.run_id,
}
FILTER_HINT = "name: status: kind: run: -not"


@dataclass(frozen=True)
class RowFilter:
    """A parsed filter; the empty one lets everything pass."""

    terms: tuple[tuple[str, str, bool], ...] = ()

    @classmethod
    def parse(cls, text: str) -> "RowFilter":
        """Never fails: a half-typed quotation is taken as words."""
        try:
            words = shlex.split(text)
        except ValueError:
            words = text.split()
        return cls(tuple(term for word in words if (term := _term(word.casefold())) is not None))

    def __bool__(self) -> bool:
        return bool(self.terms)

    def passes(self, row: TraceRow) -> bool:
        """Whether the row itself fits; its ancestors are shown for its sake."""
        return all((value in _read(row, key)) is not negated for key, value, negated in self.terms)


def _term(word: str) -> tuple[str, str, bool] | None:
    negated = word.startswith("-") and len(word) > 1
    body = word[1:] if negated else word
    key, colon, value = body.partition(":")
    if colon and key in _FIELDS:
        return (key, value, negated) if value else None
    return ("", body, negated) if body else None


def _read(row: TraceRow, key: str) -> str:
    return (_FIELDS[key](row) if key else row.text).casefold()
