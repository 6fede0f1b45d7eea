"""The trace as a table: flat rows of spans, folded from the logs of a conversation's runs.

`all_rows` is the tree in order; `rows` is what the filter and the collapsed branches leave. Listeners hear
about ranges, once a batch, so that a table of 100,000 rows grows without being reset.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

from workbench.core.event import RunEvent
from workbench.core.ids import RunId, SpanPath
from workbench.core.price import NO_PRICES, PriceList
from workbench.core.signal import Signal
from workbench.core.trace import Traces
from workbench.viewmodels.trace.row_filter import RowFilter, RowMeasure
from workbench.viewmodels.trace.row_fold import RowFold
from workbench.viewmodels.trace.row_sieve import RowSieve, place_of
from workbench.viewmodels.trace.time_zoom import TimeZoom
from workbench.viewmodels.trace.trace_figures import TraceFigures
from workbench.viewmodels.trace.trace_row import TraceRow


class TraceViewModel:
    """Rows, filter, collapsed branches, the selected row and the totals of what is shown."""

    def __init__(self, prices: Callable[[], PriceList] = lambda: NO_PRICES, *, traces: Traces | None = None) -> None:
        """`prices` gives the price list in force; `traces` may be shared with others who take in the same events."""
        self._traces = Traces() if traces is None else traces
        self.rows: list[TraceRow] = []
        self.about_to_insert: Signal[[int, int]] = Signal()
        """Rows first to last (both included) will be inserted when `inserted` is emitted."""
        self.inserted: Signal[[]] = Signal()
        self.changed: Signal[[int, int]] = Signal()
        self.about_to_reset: Signal[[]] = Signal()
        self.reset: Signal[[]] = Signal()
        self.selected: Signal[[TraceRow | None]] = Signal()
        self.selection: TraceRow | None = None
        self.figures_changed: Signal[[]] = Signal()
        """Times or costs of all rows are to be read again."""
        self.span_s = 0.0
        """The longest time since its run's start that any row reaches."""
        self.zoom = TimeZoom()
        self._fold = RowFold(self._traces)
        self.figures = TraceFigures(self._fold, prices)
        self.filter_text = ""
        """The filter as it was typed."""
        self._sieve = RowSieve()
        self._has_collapsed = False
        self._now = 0.0
        self._is_filling = False

    @property
    def all_rows(self) -> list[TraceRow]:
        """The tree in order, filter and collapsed branches left aside."""
        return self._fold.rows

    @property
    def runs(self) -> Sequence[TraceRow]:
        """The rows of the runs."""
        return self._fold.runs

    @property
    def is_live(self) -> bool:
        """Whether some row is still growing."""
        return self._fold.has_open

    @property
    def now(self) -> float:
        """Up to when open rows reach."""
        return max(self._now, self._fold.last_at)

    @property
    def totals_text(self) -> str:
        """The sums over all runs shown here; waiting for a person is named apart."""
        return self.figures.totals_text(self.now)

    @property
    def filter_trouble(self) -> str:
        """What in the filter could not be read."""
        return self._sieve.filter.trouble

    @property
    def axis_s(self) -> float:
        """Where the whole time axis ends, in seconds."""
        return self.figures.axis_end_s(self.span_s, self.now)

    def leave_out_waiting(self, *, is_on: bool) -> None:
        """Leave out, or count, how long a person was waited for, in times and waterfall alike."""
        if is_on != self.figures.leaves_out_waiting:
            self.figures.leaves_out_waiting = is_on
            self.zoom.show_whole()
            self.reload_figures()

    def reload_figures(self) -> None:
        """Times or prices count differently now."""
        if self._sieve.filter:
            self._refilter()
        self.figures_changed.emit()

    def clear(self) -> None:
        """Forget all runs; the filter stays."""
        self.about_to_reset.emit()
        self._traces.clear()
        self._fold = RowFold(self._traces)
        self.figures.start_over(self._fold)
        self._sieve.judge((), self._measure())
        self.rows = []
        self.span_s = 0.0
        self.zoom.show_whole()
        self._has_collapsed = False
        self.reset.emit()
        self.select(None)

    def apply(self, events: Iterable[RunEvent]) -> None:
        """Take a batch of facts in."""
        added, touched = self._fold.take(events)
        if self._is_filling:
            return
        self._extend_span()
        if self._shows_all:
            self._show_added(added)
        else:
            self._show_admitted([*added, *touched])
        self._tell_changed(touched)

    def put_before(self, earlier: RowFold) -> None:
        """Show the rows of earlier runs before all others."""
        count = len(earlier.rows)
        self._fold.put_before(earlier)
        self._extend_span()
        if not count or not self._shows_all:
            self._refilter()
            return
        self.about_to_insert.emit(0, count - 1)
        self.rows[:0] = earlier.rows
        self.inserted.emit()

    def fill(self, *, is_filling: bool) -> None:
        """While a long record is taken in, nobody is told of single rows; at the end, of all of them at once."""
        self._is_filling = is_filling
        if not is_filling:
            self._extend_span()
            self._refilter()

    def settle(self) -> None:
        """The log is over although no end was recorded: close what is open as interrupted."""
        self._tell_changed(self._fold.interrupt())

    def show_marks(self, words_of: Callable[[RunId, SpanPath], str]) -> None:
        """Let every call and round know what a person's mark says about it."""
        touched = []
        for row in self.all_rows:
            if row.kind in ("call", "round") and (words := words_of(row.run_id, row.span)) != row.mark:
                row.mark = words
                touched.append(row)
        self._tell_changed(touched)

    def tick(self, now: float) -> None:
        """Let open rows grow; the view calls this a few times a second while `is_live`."""
        self._now = now
        self._extend_span()

    def filter_by(self, text: str) -> None:
        """Show only the rows that fit, with their ancestors."""
        self.filter_text = text
        parsed = RowFilter.parse(text)
        if parsed != self._sieve.filter:
            self._sieve.filter = parsed
            self._refilter()

    def toggle(self, row: TraceRow) -> None:
        """Collapse or expand a branch."""
        if row.has_children:
            row.is_collapsed = not row.is_collapsed
            self._has_collapsed = any(other.is_collapsed for other in self.all_rows)
            self._refilter()

    def collapse_all(self) -> None:
        """Collapse every round, so that a long run is seen as a whole."""
        self._collapse(lambda row: row.kind == "round")

    def expand_all(self) -> None:
        """Show every row again."""
        self._collapse(lambda row: False)

    def _collapse(self, wanted: Callable[[TraceRow], bool]) -> None:
        for row in self.all_rows:
            row.is_collapsed = row.has_children and wanted(row)
        self._has_collapsed = any(row.is_collapsed for row in self.all_rows)
        self._refilter()

    def select(self, row: TraceRow | None) -> None:
        """Make this the row the inspector shows."""
        if row is not self.selection:
            self.selection = row
            self.selected.emit(row)

    def place_of(self, row: TraceRow) -> int | None:
        """Where the row stands among those shown."""
        place = row.place if self._shows_all else bisect_left(self.rows, row.place, key=place_of)
        return place if 0 <= place < len(self.rows) and self.rows[place] is row else None

    def row_of_call(self, call_id: str) -> TraceRow | None:
        """The row of that call."""
        return self._fold.calls.get(call_id)

    def row_at(self, run_id: RunId, span: SpanPath) -> TraceRow | None:
        """The turn, round, request or call of that span."""
        return next((row for row in self._fold.rows if row.span == span and row.run_id == run_id), None)

    def peer(self, row: TraceRow, step: int) -> TraceRow | None:
        """The next (1) or previous (-1) shown row of the same kind and name."""
        place = self.place_of(row)
        if place is None:
            return None
        place += step
        while 0 <= place < len(self.rows):
            other = self.rows[place]
            if other.kind == row.kind and (row.kind != "call" or other.label == row.label):
                return other
            place += step
        return None

    def step(self, row: TraceRow, step: int) -> TraceRow | None:
        """The next (1) or previous (-1) shown row."""
        place = self.place_of(row)
        return None if place is None or not 0 <= place + step < len(self.rows) else self.rows[place + step]

    def sibling(self, row: TraceRow, step: int) -> TraceRow | None:
        """The next (1) or previous (-1) shown row below the same parent."""
        place = self.place_of(row)
        if place is None:
            return None
        place += step
        while 0 <= place < len(self.rows) and self.rows[place].depth >= row.depth:
            if self.rows[place].parent is row.parent:
                return self.rows[place]
            place += step
        return None

    def _show_added(self, added: list[TraceRow]) -> None:
        """Insert groups of neighboring rows, first to last."""
        places = sorted(row.place for row in added)
        start = 0
        for index in range(1, len(places) + 1):
            if index == len(places) or places[index] != places[index - 1] + 1:
                first, last = places[start], places[index - 1]
                self.about_to_insert.emit(first, last)
                self.rows[first:first] = self._fold.rows[first : last + 1]
                self.inserted.emit()
                start = index

    def _show_admitted(self, changed: list[TraceRow]) -> None:
        """Put further rows where they belong among those shown, or show all of them again where one fell out."""
        new_rows = self._sieve.admit(changed, self._measure())
        if new_rows is None:
            self._refilter(is_judged=True)
            return
        while new_rows:
            first = bisect_left(self.rows, new_rows[0].place, key=place_of)
            count = len(new_rows)
            if first < len(self.rows):
                count = bisect_left(new_rows, self.rows[first].place, key=place_of)
            self.about_to_insert.emit(first, first + count - 1)
            self.rows[first:first] = new_rows[:count]
            del new_rows[:count]
            self.inserted.emit()

    def _refilter(self, *, is_judged: bool = False) -> None:
        self.about_to_reset.emit()
        if self._shows_all:
            self.rows = list(self._fold.rows)
        else:
            if not is_judged:
                self._sieve.judge(self._fold.rows, self._measure())
            self.rows = self._sieve.remaining(self._fold.rows)
        self.reset.emit()

    def _measure(self) -> RowMeasure:
        now = self.now
        return lambda row, figure: self.figures.measure(row, figure, now)

    @property
    def _shows_all(self) -> bool:
        return not self._sieve.filter and not self._has_collapsed

    def _tell_changed(self, touched: Iterable[TraceRow]) -> None:
        places = sorted(place for row in touched if (place := self.place_of(row)) is not None)
        if places:
            self.changed.emit(places[0], places[-1])

    def _extend_span(self) -> None:
        self.span_s = max(self.span_s, self._fold.reach(self.now))
