"""Events to trace rows, one event at a time: which rows are new, which have changed."""

from collections.abc import Iterable
from typing import assert_never

from workbench.core.choice import withheld_calls
from workbench.core.event import (
    BY_RESUME,
    BY_TOOL,
    ApprovalAsked,
    ApprovalGiven,
    LimitReached,
    NoteAdded,
    RequestFailed,
    RequestSent,
    ResponseDelta,
    ResponseReceived,
    RoundStarted,
    RunEvent,
    RunFinished,
    RunOutcome,
    RunStarted,
    ServerAnswered,
    ServerAsked,
    ToolCallChecked,
    ToolCallProposed,
    ToolCallSettled,
    ToolsRouted,
    ToolStarted,
    TurnStarted,
)
from workbench.core.ids import RunId
from workbench.core.routing.routed_words import routed_line, search_line
from workbench.core.trace import CallSpan, Traces
from workbench.viewmodels.shared.plain import model_words, one_line
from workbench.viewmodels.shared.tone import State, call_status, call_tone
from workbench.viewmodels.trace.trace_row import RowKind, TraceRow
from workbench.viewmodels.trace.work_time import IdleTime, TimeRange

_RUN_STATES: dict[RunOutcome, State] = {"answered": "ok", "limit": "warn", "cancelled": "warn", "failed": "error"}


class RowFold:
    """All rows of all runs so far, in tree order."""

    def __init__(self, traces: Traces) -> None:
        """`traces` may be shared with others that read the same events."""
        self._traces = traces
        self.rows: list[TraceRow] = []
        self.runs: list[TraceRow] = []
        self.run_rows: dict[RunId, TraceRow] = {}
        self.started: dict[RunId, RunStarted] = {}
        self.waiting: dict[RunId, dict[TraceRow, None]] = {}
        """The open waits for a person, by run; runs without any are absent."""
        self.idle: dict[RunId, IdleTime] = {}
        """When a run only waited for a person, or nobody worked on it; other runs are absent."""
        self.closed_s: dict[RunId, float] = {}
        """Seconds in which the program was closed, by run; runs that were never resumed are absent."""
        self.calls: dict[str, TraceRow] = {}
        self.last_at = 0.0
        self._spans: dict[tuple[RunId, str], TraceRow] = {}
        self._open: dict[TraceRow, None] = {}
        self._reach = 0.0
        self._added: list[TraceRow] = []
        self._touched: dict[TraceRow, None] = {}
        self._labels: dict[str, str] = {}
        """Shown texts; cached for one batch only, because new keys may become known later."""

    @property
    def has_open(self) -> bool:
        """Whether any row is still open."""
        return bool(self._open)

    def idle_until(self, run_id: RunId, now: float) -> list[TimeRange]:
        """When the run only waited for a person, up to now."""
        idle = self.idle.get(run_id)
        if idle is None:
            return []
        waiting = self.waiting.get(run_id)
        if not waiting:
            return idle.intervals
        working = [row.ran_at for row in self._open if row.run_id == run_id and row.ran_at is not None]
        return idle.with_open(min(wait.started_at for wait in waiting), now, min(working, default=None))

    def take(self, events: Iterable[RunEvent]) -> tuple[list[TraceRow], list[TraceRow]]:
        """Read a batch; return the new rows, and the old ones that changed."""
        self._labels.clear()
        for event in events:
            self._step(event)
        return self._handed_over()

    def put_before(self, earlier: "RowFold") -> None:
        """Insert the rows of earlier runs, which were folded separately, before all others."""
        self.rows[:0] = earlier.rows
        for place, row in enumerate(self.rows):
            row.place = place
        self.runs[:0] = earlier.runs
        for name in ("run_rows", "started", "waiting", "idle", "closed_s", "calls", "_spans"):
            getattr(self, name).update(getattr(earlier, name))
        self._reach = max(self._reach, earlier.reach(0.0))

    def interrupt(self) -> list[TraceRow]:
        """Close all open rows at the last known moment; return the rows that changed."""
        for row in list(self._open):
            self._close(row, self.last_at, "warn", "interrupted")
        return self._handed_over()[1]

    def reach(self, now: float) -> float:
        """Seconds from a run's start to the end of its latest row."""
        for row in self._open:
            self._reach = max(self._reach, now - row.run_at)
        return self._reach

    def _handed_over(self) -> tuple[list[TraceRow], list[TraceRow]]:
        new = set(self._added)
        added, touched = self._added, [row for row in self._touched if row not in new]
        self._added, self._touched = [], {}
        return added, touched

    def _step(self, event: RunEvent) -> None:  # noqa: C901 — one flat match, one case per kind
        if isinstance(event, ResponseDelta):
            self._first_token(event, event.at)
            return
        before, self.last_at = self.last_at, max(self.last_at, event.at)
        trace = self._traces.take(event)
        match event:
            case ToolCallChecked() | ApprovalAsked() | ApprovalGiven() | ToolStarted() | ToolCallSettled():
                self._step_call(event, trace.call(event.call_id))
            case ServerAsked() | ServerAnswered():
                self._step_question(event, trace.call(event.call_id))
            case RunStarted():
                self.started[event.run_id] = event
                run = self._add(event, "run", "run", None)
                self.runs.append(run)
                self.run_rows[event.run_id] = run
                run.said = one_line(event.conversation or model_words(event.model), 60)
                if event.variant:
                    run.said = f"{run.said} · variant {one_line(event.variant, 30)}"
            case TurnStarted():
                self._close_kind(event.run_id, ("turn", "round"), event.at)
                turn = self._add(event, "turn", f"turn {event.turn}", self._spans.get((event.run_id, "")))
                turn.said = one_line(event.message.text, 60)
            case RoundStarted():
                self._close_kind(event.run_id, ("round",), event.at)
                self._add(event, "round", f"round {event.round}", self._parent_of(event))
            case ToolsRouted():
                routing = self._add(event, "routing", "tools routed", self._parent_of(event))
                routing.said = one_line(routed_line(event.routed), 200)
                routing.started_at = max(event.at - event.routed.took_ms / 1000, routing.run_at)
                self._close(routing, event.at, "warn" if event.routed.how == "fallback" else "ok", event.routed.how)
            case RequestSent():
                self._close_kind(event.run_id, ("retry",), event.at)
                request = self._add(event, "request", "request", self._parent_of(event))
                request.ran_at = event.at
                if event.attempt > 1:
                    request.said = f"attempt {event.attempt}"
            case ResponseReceived():
                self._receive(event)
            case RequestFailed():
                self._fail(event)
            case ToolCallProposed():
                call = self._add(event, "call", event.tool, self._parent_of(event))
                call.arguments_json = event.arguments_json
                call.call_id = event.call_id
                self.calls[event.call_id] = call
            case NoteAdded():
                if event.by == BY_TOOL and event.call_id is not None:
                    self._show_state(trace.call(event.call_id))
                elif event.by == BY_RESUME and event.at > before:
                    self.closed_s[event.run_id] = trace.closed_s
                    self.idle.setdefault(event.run_id, IdleTime()).add_wait(before, event.at)
            case LimitReached():
                limit = self._add(event, "limit", f"limit: {event.limit}", self._spans.get((event.run_id, "")))
                self._close(limit, event.at, "warn", "limit")
            case RunFinished():
                self._finish(event)
            case _:
                assert_never(event)

    def _show_state(self, call: CallSpan | None) -> TraceRow | None:
        """The row of a call in its current state."""
        row = self.calls.get(call.call_id) if call is not None else None
        if call is not None and row is not None:
            row.state, row.status = call_tone(call), call_status(call)
            self._touched[row] = None
        return row

    def _step_call(
        self,
        event: ToolCallChecked | ApprovalAsked | ApprovalGiven | ToolStarted | ToolCallSettled,
        call: CallSpan | None,
    ) -> None:
        row = self._show_state(call)
        if row is None:
            return
        match event:
            case ToolCallChecked():
                pass
            case ApprovalAsked():
                row.waits.append((event.at, event.at))
                wait = self._add(event, "approval", "your result" if event.wants == "result" else "approval", row)
                wait.state, wait.status, wait.said, wait.call_id = "wait", "waiting", "waiting for you", row.call_id
                self._spans[event.run_id, f"{event.span}/approval"] = wait
                self.waiting.setdefault(event.run_id, {})[wait] = None
                self.idle.setdefault(event.run_id, IdleTime())
            case ApprovalGiven():
                self._end_wait(row, event.at, event.decision, f"{event.decision} by {event.by}")
            case ToolStarted():
                row.ran_at = event.at
            case ToolCallSettled():
                self._end_wait(row, event.at, "withdrawn", "withdrawn")
                self._close(row, event.at, row.state, row.status)
            case _:
                assert_never(event)

    def _step_question(self, event: ServerAsked | ServerAnswered, call: CallSpan | None) -> None:
        row = self._show_state(call)
        if row is None:
            return
        span = f"{event.span}/{event.question_id}"
        if isinstance(event, ServerAsked):
            wait = self._add(event, "approval", f"question of {event.server}", row)
            wait.state, wait.status, wait.said, wait.call_id = "wait", "waiting", "waiting for you", row.call_id
            self._spans[event.run_id, span] = wait
            self.waiting.setdefault(event.run_id, {})[wait] = None
            self.idle.setdefault(event.run_id, IdleTime())
        elif (asked := self._spans.pop((event.run_id, span), None)) is not None:
            asked.said = f"{event.action} by {event.by}"
            asked.waits = [(asked.started_at, event.waited_until)]
            self._close(asked, event.at, "ok" if event.action == "accept" else "warn", event.action)

    def _end_wait(self, row: TraceRow, at: float, status: str, detail: str) -> None:
        wait = self._spans.pop((row.run_id, f"{row.span}/approval"), None)
        if wait is None:
            return
        wait.said = detail
        wait.waits = [(wait.started_at, at)]
        row.waits[-1] = (wait.started_at, at)
        self._close(wait, at, "warn" if status in ("reject", "expire", "stop", "withdrawn") else "ok", status)
        self.idle[row.run_id].add_wait(wait.started_at, at)

    def _receive(self, event: ResponseReceived) -> None:
        request = self._spans.get((event.run_id, event.span))
        if request is None:
            return
        if event.first_delta_ms is not None:
            self._first_token(event, request.started_at + event.first_delta_ms / 1000)
        response = event.response
        current: TraceRow | None = request
        while current is not None:
            current.take_answer(response.usage, event.first_delta_ms)
            self._touched[current] = None
            current = current.parent
        for number, search in enumerate(response.searches, 1):
            key = f"{event.span}/search-{number}"
            row = self._add(event, "routing", "tools searched", request.parent, span=key)
            row.said = one_line(search_line(search, response.calls), 200)
            self._close(
                row, event.at, "warn" if not search.found else "ok", "found" if search.found else "found nothing"
            )
        withheld = withheld_calls(response)
        if withheld and not response.calls:
            request.said = " · ".join(filter(None, (request.said, one_line(f"withheld {withheld[0]}", 200))))
            self._close(request, event.at, "warn", "withheld")
            return
        is_well = response.is_whole and response.stop_reason != "other"
        self._close(request, event.at, "ok" if is_well else "error", response.stop_reason)

    def _fail(self, event: RequestFailed) -> None:
        request = self._spans.get((event.run_id, event.span))
        if request is None:
            return
        request.said = " · ".join(
            part for part in (request.said, f"HTTP {event.status}" if event.status else "", event.failure) if part
        )
        self._close(request, event.at, "error", event.failure)
        if event.retry_in_s is not None:
            retry = self._add(event, "retry", "waiting to try again", request.parent, span=f"{event.span}/retry")
            retry.said = f"{event.retry_in_s:.1f} s"

    def _first_token(self, event: ResponseDelta | ResponseReceived, at: float) -> None:
        key = (event.run_id, f"{event.span}/first")
        request = self._spans.get((event.run_id, event.span))
        if key in self._spans or request is None:
            return
        row = self._add(event, "first token", "first token", request, span=f"{event.span}/first")
        row.started_at = request.started_at
        self._close(row, max(at, request.started_at), "ok", "ok")

    def _finish(self, event: RunFinished) -> None:
        for row in list(self._open):
            if row.run_id == event.run_id and row.kind != "run":
                state: State = "ok" if row.kind in ("turn", "round") and event.outcome == "answered" else "warn"
                self._close(row, event.at, state, event.outcome)
        run = self._spans.get((event.run_id, ""))
        if run is not None:
            self._close(run, event.at, _RUN_STATES[event.outcome], event.outcome)

    def _parent_of(self, event: RunEvent) -> TraceRow | None:
        path = event.span.rpartition("/")[0]
        while (event.run_id, path) not in self._spans and path:
            path = path.rpartition("/")[0]
        return self._spans.get((event.run_id, path))

    def _add(
        self, event: RunEvent, kind: RowKind, label: str, parent: TraceRow | None, *, span: str | None = None
    ) -> TraceRow:
        shown = self._labels.get(label)
        if shown is None:
            shown = self._labels[label] = one_line(label, 80)
        row = TraceRow(
            kind=kind,
            label=shown,
            depth=parent.depth + 1 if parent else 0,
            run_id=event.run_id,
            span=event.span,
            run_at=parent.run_at if parent else event.at,
            started_at=event.at,
            parent=parent,
        )
        self._place(row)
        if kind not in ("approval", "limit"):
            self._spans[event.run_id, event.span if span is None else span] = row
        self._open[row] = None
        self._added.append(row)
        if parent is not None and not parent.has_children:
            parent.has_children = True
            self._touched[parent] = None
        return row

    def _place(self, row: TraceRow) -> None:
        """The place after the last row of its parent's branch; almost always the very end."""
        rows = self.rows
        place = len(rows)
        if row.parent is not None:
            while place > 0 and rows[place - 1] is not row.parent and not _is_below(rows[place - 1], row.parent):
                place -= 1
        if place == len(rows):
            row.place = place
            rows.append(row)
            return
        rows.insert(place, row)
        for index in range(place, len(rows)):
            rows[index].place = index

    def _close_kind(self, run_id: RunId, kinds: tuple[RowKind, ...], at: float) -> None:
        for row in list(self._open):
            if row.run_id == run_id and row.kind in kinds:
                self._close(row, at, "ok", "ok")

    def _close(self, row: TraceRow, at: float, state: State, status: str) -> None:
        row.ended_at, row.state, row.status = at, state, status
        self._open.pop(row, None)
        idle = self.idle.get(row.run_id)
        if idle is not None and row.ran_at is not None:
            idle.add_work(row.ran_at, at, is_waiting=row.run_id in self.waiting)
        if row.kind == "approval" and (waiting := self.waiting.get(row.run_id)) is not None:
            waiting.pop(row, None)
            if not waiting:
                del self.waiting[row.run_id]
        self._touched[row] = None
        self._reach = max(self._reach, at - row.run_at)


def _is_below(row: TraceRow, ancestor: TraceRow) -> bool:
    current = row.parent
    while current is not None:
        if current is ancestor:
            return True
        current = current.parent
    return False
