"""The figures of the trace: the time and cost of rows, and their places on the time axis."""

from collections.abc import Callable

from workbench.core.exchange import Usage
from workbench.core.ids import RunId
from workbench.core.price import NO_PRICES, Cost, Price, PriceList
from workbench.viewmodels.shared import figures
from workbench.viewmodels.trace.row_filter import plain_measure
from workbench.viewmodels.trace.row_fold import RowFold
from workbench.viewmodels.trace.trace_row import TraceRow
from workbench.viewmodels.trace.work_time import WorkTime

_WaitKey = tuple[int, float]


class TraceFigures:
    """Reads a fold; open rows reach up to `now`, in seconds since the epoch."""

    def __init__(self, fold: RowFold, prices: Callable[[], PriceList] = lambda: NO_PRICES) -> None:
        """`prices` gives the price list in force."""
        self.leaves_out_waiting = True
        """Whether times and the waterfall exclude waiting for a person."""
        self.unread_runs = 0
        """How many earlier runs of the conversation were not loaded and are in no total."""
        self._fold = fold
        self._prices = prices
        self._list = NO_PRICES
        self._price_of: dict[RunId, Price | None] = {}
        self._work: dict[RunId, tuple[_WaitKey, WorkTime]] = {}

    def start_over(self, fold: RowFold) -> None:
        """Read another fold."""
        self._fold = fold
        self._price_of, self._work = {}, {}

    @property
    def usage(self) -> Usage:
        """The tokens of all runs so far."""
        return sum((run.usage for run in self._fold.runs), Usage())

    @property
    def cost(self) -> Cost:
        """The cost of all runs so far."""
        return sum((self.cost_of(run) for run in self._fold.runs), Cost())

    def cost_of(self, row: TraceRow) -> Cost:
        """The cost of a row's answers."""
        if not row.answers:
            return Cost()
        price = self._price(row.run_id)
        if price is None:
            return Cost(unpriced=row.answers)
        if price.is_free:
            return Cost(priced=row.answers)
        unknown = Cost(unpriced=row.uncounted)
        counted = row.answers - row.uncounted
        return price.cost(row.usage, requests=counted) + unknown if counted else unknown

    def shown_ms(self, row: TraceRow, now: float) -> float:
        """How long a row took, without waiting for a person if that is excluded and is not the row itself.

        A call excludes its own waits; a row that contains calls excludes the times when everything was waiting.
        """
        total = row.total_ms(now)
        if row.kind == "approval" or not self.leaves_out_waiting:
            return total
        if row.kind == "call":
            return max(0.0, total - row.waited_ms(now))
        return max(0.0, total - self.waited_ms(row, now))

    def waited_ms(self, row: TraceRow, now: float) -> float:
        """Milliseconds of a row in which everything waited for a person."""
        if row.run_id not in self._fold.idle:
            return 0.0
        work = self._work_time(row.run_id, now)
        end = row.end(now)
        return max(0.0, end - row.started_at - (work.at(end) - work.at(row.started_at))) * 1000

    def time_text(self, row: TraceRow, now: float) -> str:
        """How long a row took, in words."""
        if row.kind == "call" and row.state == "wait":
            return "waiting"
        return figures.duration(row.total_ms(now) if row.kind == "approval" else self.shown_ms(row, now))

    def measure(self, row: TraceRow, figure: str, now: float) -> float | None:
        """A figure of a row, as the filter asks for it."""
        if figure == "ms":
            return self.shown_ms(row, now)
        if figure == "cost":
            cost = self.cost_of(row)
            return float(cost.dollars) if cost.priced else None
        return plain_measure(row, figure)

    def axis_end_s(self, span_s: float, now: float) -> float:
        """The end of the time axis; `span_s` is the reach of the rows when nothing is excluded."""
        if not self.leaves_out_waiting or not self._fold.idle:
            return span_s
        return max(self.work_s(run, run.end(now), now) for run in self._fold.runs)

    def work_s(self, row: TraceRow, moment: float, now: float) -> float:
        """Where a moment (seconds since the epoch) lies on the time axis, in seconds since the run's start."""
        if not self.leaves_out_waiting or row.run_id not in self._fold.idle:
            return moment - row.run_at
        return self._work_time(row.run_id, now).at(moment)

    def _work_time(self, run_id: RunId, now: float) -> WorkTime:
        is_waiting = run_id in self._fold.waiting
        key = (self._fold.idle[run_id].version, now if is_waiting else 0.0)
        known = self._work.get(run_id)
        if known is None or known[0] != key:
            run_at = self._fold.run_rows[run_id].run_at
            known = (key, WorkTime(run_at, self._fold.idle_until(run_id, now)))
            self._work[run_id] = known
        return known[1]

    def totals_text(self, now: float) -> str:
        """The totals of all runs; waiting for a person is listed separately."""
        runs = self._fold.runs
        if not runs:
            return ""
        closed = sum(self._fold.closed_s.values()) * 1000
        total = sum(run.total_ms(now) for run in runs) - closed
        waited = max(0.0, sum(self.waited_ms(run, now) for run in runs) - closed)
        left_out = waited if self.leaves_out_waiting else 0.0
        took = figures.duration(total - left_out)
        if waited >= 1:
            took += f", you {figures.duration(waited)} {'left out' if left_out else 'included'}"
        parts = [*self.part_words, took, figures.count(len(self._fold.calls), "call")]
        usage = self.usage
        if usage.total_tokens:
            parts.append(figures.tokens(usage))
        if cost := str(self.cost):
            parts.append(cost)
        if streamed := sum(run.streamed for run in runs):
            first = sum(run.first_ms_sum for run in runs) / streamed
            parts.append(f"first token {'⌀ ' if streamed > 1 else ''}{figures.duration(first)}")
        return " · ".join(parts)

    @property
    def part_words(self) -> tuple[str, ...]:
        """What the totals cover, if that is only a part of the conversation."""
        shown = len(self._fold.runs)
        return (f"last {shown:,} of {shown + self.unread_runs:,} runs",) if self.unread_runs else ()

    def _price(self, run_id: RunId) -> Price | None:
        prices = self._prices()
        if prices is not self._list:
            self._list, self._price_of = prices, {}
        if run_id not in self._price_of:
            self._price_of[run_id] = prices.price_of(self._fold.started.get(run_id))
        return self._price_of[run_id]
