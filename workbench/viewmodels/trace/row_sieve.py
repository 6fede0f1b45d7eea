"""Which rows of the trace remain when a filter is typed or branches are collapsed.

Judging every row is for a new filter only; rows that come later are judged alone, so that a long trace stays live.
"""

from collections.abc import Iterable, Sequence

from workbench.viewmodels.trace.row_filter import RowFilter, RowMeasure
from workbench.viewmodels.trace.trace_row import TraceRow


class RowSieve:
    """The rows that fit, and their ancestors, which are shown for their sake."""

    def __init__(self) -> None:
        self.filter = RowFilter()
        self._fitting: set[TraceRow] = set()
        self._wanted: set[TraceRow] = set()

    def judge(self, rows: Sequence[TraceRow], measure: RowMeasure) -> None:
        """Look at all rows with the filter as it is now."""
        passes = self.filter.passes
        self._fitting = {row for row in rows if passes(row, measure)} if self.filter else set(rows)
        self._wanted = set()
        for row in self._fitting:
            self._want(row)

    def remaining(self, rows: Iterable[TraceRow]) -> list[TraceRow]:
        """Those of the tree that are shown, in order."""
        shown: list[TraceRow] = []
        wanted = self._wanted
        hidden_below: int | None = None
        for row in rows:
            if hidden_below is not None and row.depth > hidden_below:
                continue
            hidden_below = row.depth if row.is_collapsed else None
            if row in wanted:
                shown.append(row)
        return shown

    def admit(self, changed: Iterable[TraceRow], measure: RowMeasure) -> list[TraceRow] | None:
        """Judge rows that are new or have changed: the rows to be shown in addition, in order.

        None: a row fits no longer, so `remaining` is to be asked again.
        """
        new_rows: list[TraceRow] = []
        has_lost = False
        for row in changed:
            fits = not self.filter or self.filter.passes(row, measure)
            if fits and row not in self._fitting:
                self._fitting.add(row)
                new_rows += self._want(row)
            elif not fits and row in self._fitting:
                self._fitting.discard(row)
                has_lost = True
        if has_lost:
            self._wanted = set()
            for row in self._fitting:
                self._want(row)
            return None
        return sorted((row for row in new_rows if not _is_hidden(row)), key=place_of)

    def _want(self, row: TraceRow) -> list[TraceRow]:
        """Want a row and its ancestors; those that were not wanted before."""
        new_rows: list[TraceRow] = []
        current: TraceRow | None = row
        while current is not None and current not in self._wanted:
            self._wanted.add(current)
            new_rows.append(current)
            current = current.parent
        return new_rows


def place_of(row: TraceRow) -> int:
    """By this rows are in order, shown or not."""
    return row.place


def _is_hidden(row: TraceRow) -> bool:
    current = row.parent
    while current is not None:
        if current.is_collapsed:
            return True
        current = current.parent
    return False
