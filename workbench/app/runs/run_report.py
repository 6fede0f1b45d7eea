"""A run for terminals: a line for each event as it happens, in words or as JSON, and at the end the trace with bars."""

from collections.abc import Iterator
from typing import assert_never

import msgspec

from workbench.app.runs.report_line import ReportLine, TerminalTone
from workbench.core.choice import withheld_calls
from workbench.core.errors import with_advice
from workbench.core.event import (
    ApprovalAsked,
    ApprovalGiven,
    CallOutcome,
    LimitReached,
    NoteAdded,
    RequestFailed,
    RequestSent,
    ResponseDelta,
    ResponseReceived,
    RoundStarted,
    RunEvent,
    RunFinished,
    RunStarted,
    ServerAnswered,
    ServerAsked,
    ToolCallChecked,
    ToolCallProposed,
    ToolCallSettled,
    ToolsRouted,
    ToolStarted,
    TurnStarted,
    encode_event,
)
from workbench.core.ids import CallId
from workbench.core.json_text import compact
from workbench.core.price import NO_PRICES, Cost, Price, PriceList, round_cost, trace_cost
from workbench.core.routing.routed_words import routed_line, search_line
from workbench.core.server_question import asked_line
from workbench.core.trace import CallSpan, RoundSpan, Trace
from workbench.core.visible_text import visible, visible_line
from workbench.store.piece_redaction import PieceRedactor
from workbench.store.redaction import Redactor

Ignored = RoundStarted | ResponseDelta | ToolStarted
"""The kinds of events that have no line of their own."""


ARGUMENT_CHARS = 160
_BAR_CHARS = 40
RESULT_CHARS = 240

MARKS: dict[CallOutcome | None, str] = {
    "ok": "✓",
    "mocked": "◇",
    "replayed": "↻",
    "error": "✗",
    "invalid": "✗",
    "rejected": "⊘",
    "expired": "⊘",
    "cancelled": "–",
    "unknown": "?",
    None: "…",
}


class RunReport:
    """Turns the events of one run into lines, one event at a time."""

    def __init__(self, prices: PriceList = NO_PRICES) -> None:
        """`prices` say what the run costs."""
        self._prices = prices
        self._trace = Trace()

    def lines(self, event: RunEvent) -> Iterator[ReportLine]:  # noqa: C901 — one flat match, one case per kind
        """The lines for this event."""
        self._trace.apply(event)
        if isinstance(event, Ignored):
            return
        match event:
            case RunStarted():
                yield ReportLine(f"run {event.run_id} · {event.provider} · {visible_line(event.model)}", "dim")
            case TurnStarted():
                yield ReportLine(f"you  {visible(event.message.text)}", "strong")
            case ToolsRouted():
                yield ReportLine(f"route {visible_line(routed_line(event.routed))}", "dim")
            case RequestSent():
                for note in filter(None, (event.emulation, event.narrowing)):
                    yield ReportLine(f"note {visible_line(note)}", "warn")
            case RequestFailed():
                again = f"Retrying in {event.retry_in_s:.1f} s." if event.retry_in_s is not None else ""
                yield ReportLine(f"fail {visible_line(with_advice(event.message, again))}", "warn" if again else "bad")
                if event.partial_text:
                    yield ReportLine(
                        f"     kept so far: {visible_line(event.partial_text, max_chars=RESULT_CHARS)}", "dim"
                    )
            case ResponseReceived():
                for search in event.response.searches:
                    yield ReportLine(f"found {visible_line(search_line(search, event.response.calls))}", "dim")
                if text := event.response.message.text.strip():
                    yield ReportLine(f"model {visible(text)}")
            case ToolCallProposed():
                arguments = visible_line(event.arguments_json, max_chars=ARGUMENT_CHARS)
                yield ReportLine(f"call {self._name(event.call_id)} {arguments}")
            case ToolCallChecked():
                for problem in event.problems:
                    yield ReportLine(f"     {self._name(event.call_id)} {visible_line(str(problem))}", "bad")
            case ApprovalAsked():
                yield ReportLine(
                    f"ask  {self._name(event.call_id)} needs {_wanted(event)} ({visible_line(event.rule)})", "warn"
                )
            case ApprovalGiven():
                if event.by != "policy":
                    note = f" — {visible_line(event.note)}" if event.note else ""
                    yield ReportLine(f"     {event.decision} by {event.by}{note}", "dim")
            case ServerAsked():
                yield ReportLine(f"ask  {visible_line(asked_line(event.server, event.asked), max_chars=400)}", "warn")
            case ServerAnswered():
                note = f" — {visible_line(event.note)}" if event.note else ""
                given = f" {visible_line(compact(event.content), max_chars=RESULT_CHARS)}" if event.content else ""
                yield ReportLine(f"     {event.action} by {event.by}{given}{note}", "dim")
            case ToolCallSettled():
                mark = MARKS[event.outcome]
                result = visible_line(event.result_text, max_chars=RESULT_CHARS)
                yield ReportLine(
                    f"{mark:<4} {self._name(event.call_id)} {event.outcome} · {event.duration_ms:.0f} ms → {result}",
                    "good" if not event.is_error else "bad",
                )
            case LimitReached():
                yield ReportLine(f"stop limit of {event.value:g} {event.limit} reached", "warn")
            case NoteAdded():
                yield ReportLine(f"note {visible_line(event.text)}", "dim")
            case RunFinished():
                yield from _ending(event, trace_cost(self._prices, self._trace))
            case _:
                assert_never(event)

    def _name(self, call_id: CallId) -> str:
        call = self._trace.call(call_id)
        return visible_line(call.tool, max_chars=80) if call is not None else call_id


class JsonReport:
    """Turns the events of one run into JSON lines without keys, even if a key is spread over streamed pieces.

    `run.finished` also has `cost`, which is worked out now and is not on record.
    """

    def __init__(self, prices: PriceList, redactor: Redactor) -> None:
        """`prices` say what the run costs."""
        self._prices = prices
        self._redactor = redactor
        self._pieces = PieceRedactor(redactor)
        self._trace = Trace()

    def take(self, event: RunEvent) -> list[str]:
        """The next event; returns the lines that can be printed now, in order."""
        return [self._line(one) for one in self._pieces.take(event)]

    def rest(self) -> list[str]:
        """The lines that are left when the events end before the run does."""
        return [self._line(one) for one in self._pieces.rest()]

    def _line(self, event: RunEvent) -> str:
        self._trace.apply(event)
        line = self._redactor.line(encode_event(event))
        if isinstance(event, RunFinished):
            cost = trace_cost(self._prices, self._trace).document()
            line = msgspec.json.encode({**msgspec.json.decode(line), "cost": cost})
        return line.decode()


def trace_lines(trace: Trace, *, prices: PriceList = NO_PRICES) -> Iterator[ReportLine]:
    """The trace as a table with bars; time runs from left to right. Rounds say what they cost."""
    if trace.started is None:
        return
    begin = trace.started.at
    whole = max(trace.last_at - begin, 1e-6)
    price = prices.price_of(trace.started)

    def row(
        name: str, start: float, end: float | None, tone: TerminalTone = "plain", *, waiting: bool = False
    ) -> ReportLine:
        stop = trace.last_at if end is None else end
        left = round((start - begin) / whole * (_BAR_CHARS - 1))
        length = max(1, round((stop - start) / whole * _BAR_CHARS))
        bar = " " * left + ("▨" if waiting else "▇") * min(length, _BAR_CHARS - left)
        return ReportLine(f"  {name:<44.44} {(stop - start) * 1000:>8.0f} ms  {bar}", tone)

    yield ReportLine(f"  {'trace':<44} {'':>8}     0 … {whole * 1000:.0f} ms", "dim")
    yield row("run", begin, trace.last_at, "strong")
    for turn in trace.turns:
        for current in turn.rounds:
            yield row(f"  round {current.number}{_spent(price, current)}", current.started.at, _end_of(current))
            for request in current.requests:
                failed = request.failed is not None
                name = f"    request {request.sent.attempt}" + (" failed" if failed else "")
                yield row(name, request.sent.at, request.ended_at, "bad" if failed else "dim")
                for held in withheld_calls(request.received.response) if request.received is not None else ():
                    shown = visible_line(str(held), max_chars=ARGUMENT_CHARS)
                    yield ReportLine(f"      {MARKS['cancelled']} withheld {shown}", "warn")
            for call in current.calls:
                if call.asked is not None:
                    yield row("    waiting for you", call.asked.at, call.asked.at + call.waited_s, "warn", waiting=True)
                for each in call.questions:
                    if each.answered is not None:
                        yield row(
                            "    its server asked", each.asked.at, each.answered.waited_until, "warn", waiting=True
                        )
                start = call.started.at if call.started else call.proposed.at
                mark = f"{MARKS[call.outcome]} {_call_name(call)}"
                yield row(f"    {mark}", start, call.ended_at, "good" if call.outcome == "ok" else "plain")


def _spent(price: Price | None, current: RoundSpan) -> str:
    usage = current.response.response.usage if current.response is not None else None
    if usage is None or not usage.total_tokens:
        return ""
    cost = round_cost(price, current)
    return f" · {usage.total_tokens:,} tokens" + (f" · {cost}" if cost.is_known else "")


def _end_of(current: RoundSpan) -> float | None:
    ends = [call.ended_at for call in current.calls] + [request.ended_at for request in current.requests]
    known = [end for end in ends if end is not None]
    return max(known) if known else None


def _call_name(call: CallSpan) -> str:
    return f"{visible_line(call.tool, max_chars=24)} {visible_line(call.arguments_json, max_chars=40)}"


def _wanted(event: ApprovalAsked) -> str:
    return "a result from you; no executor" if event.wants == "result" else "your approval"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _ending(event: RunFinished, cost: Cost) -> Iterator[ReportLine]:
    totals = event.totals
    if event.outcome != "answered":
        yield ReportLine(f"end  {event.outcome}: {visible_line(with_advice(event.message, event.hint))}", "bad")
    saved = f", {totals.saved_ms:.0f} ms saved by running in parallel" if totals.saved_ms >= 1 else ""
    waited = f", {totals.waiting_ms / 1000:.1f} s waiting for you" if totals.waiting_ms >= 50 else ""
    usage = totals.usage
    tokens = f"{usage.total_tokens:,} tokens" if usage.total_tokens else "tokens not counted by this provider"
    kinds = (("cached", usage.cached_tokens), ("written to the cache", usage.cache_write_tokens))
    parts = [f"{number:,} {kind}" for kind, number in (*kinds, ("reasoning", usage.reasoning_tokens)) if number]
    tokens += f" ({', '.join(parts)})" if parts else ""
    paid = f"{cost} · " if str(cost) else ""
    yield ReportLine(
        f"{event.outcome} · {_counted(totals.rounds, 'round trip')} · {_counted(totals.calls, 'call')} · {tokens} · "
        f"{paid}{totals.duration_ms / 1000:.2f} s{saved}{waited}",
        "strong",
    )
