"""The inspector: everything the log knows about the selected span, as text that can be copied."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import msgspec

from workbench.core.errors import MalformedJson
from workbench.core.event import (
    RequestFailed,
    RequestSent,
    ResponseDelta,
    ResponseReceived,
    RunEvent,
    RunStarted,
    encode_event,
)
from workbench.core.ids import RunId
from workbench.core.json_text import parse_strict, pretty
from workbench.core.price import NO_PRICES, PriceList
from workbench.core.trace import CallSpan, Trace, fold
from workbench.viewmodels import figures
from workbench.viewmodels.answer_facts import answer_facts, group_facts
from workbench.viewmodels.request_facts import request_facts
from workbench.viewmodels.signal import Signal
from workbench.viewmodels.span_difference import span_difference, span_texts
from workbench.viewmodels.stream_scrub import StreamScrub, stream_scrub
from workbench.viewmodels.tone import call_words
from workbench.viewmodels.trace_row import TraceRow

TabName = Literal["Call", "Request", "Response", "Events", "Diff"]
TAB_NAMES: tuple[TabName, ...] = ("Call", "Request", "Response", "Events", "Diff")
_MAX_EVENTS = 2_000


@dataclass(frozen=True)
class InspectorPage:
    """One tab's text. `language` says how to color it; an empty text comes with a `hint` why."""

    text: str
    language: Literal["json", "plain", "diff"] = "json"
    hint: str = ""
    facts: str = ""
    """Figures about it, in lines of their own."""


class InspectorViewModel:
    """The pages of one row, made when somebody looks."""

    def __init__(
        self, events_of: Callable[[RunId], Iterable[RunEvent]], prices: Callable[[], PriceList] = lambda: NO_PRICES
    ) -> None:
        """`events_of` gives the log of a run the rows may come from, `prices` the price list in force."""
        self._prices = prices
        self.row: TraceRow | None = None
        self.pinned: TraceRow | None = None
        """What the row of now is compared with."""
        self.changed: Signal[[]] = Signal()
        self._events_of = events_of

    def show(self, row: TraceRow | None) -> None:
        """Inspect this row."""
        self.row = row
        self.changed.emit()

    def pin(self) -> None:
        """Compare with the row of now whatever is selected from here on; when one is pinned, let go of it."""
        self.pinned = self.row if self.pinned is None else None
        self.changed.emit()

    def refresh(self, events: Iterable[RunEvent]) -> None:
        """These events were added: tell, when the row shown may have grown by them."""
        row = self.row
        if row is not None and any(
            event.run_id == row.run_id and not isinstance(event, ResponseDelta) and _touches(event, row)
            for event in events
        ):
            self.changed.emit()

    @property
    def title(self) -> str:
        """What is being inspected."""
        return self.row.text if self.row else ""

    @property
    def best_tab(self) -> TabName:
        """The tab that says most about this kind of row."""
        if self.row is None or self.row.kind in ("call", "approval"):
            return "Call"
        return "Response" if self.row.kind in ("request", "first token", "round") else "Events"

    def scrub(self) -> StreamScrub | None:
        """The stream of the row of now, to go back and forth in; None where there is none."""
        return stream_scrub(self._events_of(self.row.run_id), self.row) if self.row is not None else None

    def page(self, tab: TabName) -> InspectorPage:
        """The text of a tab for the row of now."""
        row = self.row
        if row is None:
            return InspectorPage("", hint="Select a span in the trace.")
        events = list(self._events_of(row.run_id))
        match tab:
            case "Call":
                return _call_page(fold(events), row)
            case "Request":
                return _request_page(events, row, self._prices())
            case "Response":
                return _response_page(events, row, self._prices())
            case "Events":
                return _events_page(events, row)
            case "Diff":
                return self._diff_page(events, row)

    def _diff_page(self, events: list[RunEvent], row: TraceRow) -> InspectorPage:
        pinned = self.pinned
        if pinned is None:
            return InspectorPage("", "diff", hint="Pin a span with Compare with…, then select another one.")
        if pinned is row:
            return InspectorPage("", "diff", hint=f"Pinned: {pinned.text}. Select the span to compare it with.")
        old_events = list(self._events_of(pinned.run_id))
        if not old_events:
            return InspectorPage("", "diff", hint="The run of the pinned span is no longer shown here.")
        old = _texts_of(old_events, pinned, self._prices())
        text, summary = span_difference(old, _texts_of(events, row, self._prices()))
        if not text:
            return InspectorPage("", "diff", hint="Neither span has a call, a request or an answer.")
        return InspectorPage(f"- {pinned.text}\n+ {row.text}\n{text}", "diff", hint=summary)


def newest_request(events: Iterable[RunEvent], row: TraceRow | None) -> RequestSent | None:
    """The last request that belongs to a row, or the last of all."""
    sent = [event for event in events if isinstance(event, RequestSent) and (row is None or _concerns(event, row))]
    return sent[-1] if sent else None


def _texts_of(events: list[RunEvent], row: TraceRow, prices: PriceList) -> dict[str, str]:
    answers = [event for event in events if isinstance(event, ResponseReceived) and _concerns(event, row)]
    price = prices.price_of(_started(events))
    return span_texts(events, row, newest_request(events, row), answers[-1] if answers else None, price)


def _started(events: Iterable[RunEvent]) -> RunStarted | None:
    return next((event for event in events if isinstance(event, RunStarted)), None)


def _call_page(trace: Trace, row: TraceRow) -> InspectorPage:
    call = trace.call(row.call_id) if row.call_id else None
    if call is None:
        return InspectorPage("", hint="This span is not a tool call.")
    return InspectorPage(_call_text(call))


def _call_text(call: CallSpan) -> str:
    """One JSON document about the call; what is not JSON stands in it as the text it is."""
    shown: dict[str, object] = {
        "tool": call.tool,
        "state": call_words(call),
        "arguments": _parsed(call.arguments_json),
    }
    if call.arguments_json != call.proposed.arguments_json:
        shown["proposed_arguments"] = _parsed(call.proposed.arguments_json)
    if call.checked is not None:
        shown["problems"] = [str(problem) for problem in call.checked.problems]
    if call.given is not None:
        decision = {"decision": call.given.decision, "by": call.given.by, "rule": call.given.rule}
        shown["approval"] = decision | ({"note": call.given.note} if call.given.note else {})
    elif call.asked is not None:
        shown["approval"] = {"asked_by_rule": call.asked.rule, "wants": call.asked.wants}
    if call.asked is not None and call.given is not None:
        shown["waited"] = figures.duration(call.waited_s * 1000)
    if call.started is not None:
        shown["executor"] = call.started.executor
    if call.settled is not None:
        shown["duration"] = figures.duration(call.settled.duration_ms)
        shown["result"] = _parsed(call.settled.full_text or call.settled.result_text)
        if call.settled.output:
            shown["output"] = call.settled.output
    shown["call_id"] = call.call_id
    shown["wire_call_id"] = call.proposed.wire_call_id
    return pretty(shown)


def _request_page(events: list[RunEvent], row: TraceRow, prices: PriceList) -> InspectorPage:
    sent = [event for event in events if isinstance(event, RequestSent) and _concerns(event, row)]
    if not sent:
        return InspectorPage("", hint="No request belongs to this span.")
    request = sent[-1]
    answer = next((e for e in events if isinstance(e, ResponseReceived) and e.span == request.span), None)
    usage = answer.response.usage if answer is not None else None
    facts = request_facts(request, usage.input_tokens if usage else 0, prices.price_of(_started(events)))
    return InspectorPage(_indented(request.body_json), facts="\n".join(facts))


def _response_page(events: list[RunEvent], row: TraceRow, prices: PriceList) -> InspectorPage:
    ends = [event for event in events if isinstance(event, ResponseReceived | RequestFailed) and _concerns(event, row)]
    if not ends:
        return InspectorPage("", hint="No response belongs to this span yet.")
    end = ends[-1]
    if isinstance(end, RequestFailed):
        status = f"HTTP {end.status} · " if end.status else ""
        return InspectorPage(_indented(encode_event(end).decode()), hint=f"{status}{end.failure}: {end.message}")
    response = end.response
    hint = " · ".join(
        part
        for part in (
            response.raw_stop_reason or response.stop_reason,
            response.model,
        )
        if part
    )
    answers = [event for event in ends if isinstance(event, ResponseReceived)]
    price = prices.price_of(_started(events))
    is_group = row.kind in ("run", "turn") and len(answers) > 1
    facts = "\n".join(group_facts(answers, price) if is_group else answer_facts(end, price))
    if response.wire_copy is not None:
        return InspectorPage(_indented(response.wire_copy.json), hint=hint, facts=facts)
    return InspectorPage(_indented(msgspec.json.encode(response).decode()), hint=hint, facts=facts)


def _events_page(events: list[RunEvent], row: TraceRow) -> InspectorPage:
    found = [event for event in events if _lies_within(event, row)]
    lines = [encode_event(event).decode("utf-8", "replace") for event in found[:_MAX_EVENTS]]
    more = len(found) - len(lines)
    hint = figures.count(len(found), "event") + (f", the first {_MAX_EVENTS:,} shown" if more > 0 else "")
    return InspectorPage("\n".join(lines), hint=hint)


def _concerns(event: RunEvent, row: TraceRow) -> bool:
    """A request belongs to its own rows, to its round's calls, and to every row above it."""
    if row.kind in ("request", "first token", "retry"):
        return event.span == row.span
    if row.kind in ("call", "approval"):
        return event.span.rpartition("/")[0] == row.span.rpartition("/")[0]
    return _lies_within(event, row)


def _touches(event: RunEvent, row: TraceRow) -> bool:
    return _lies_within(event, row) or _concerns(event, row)


def _lies_within(event: RunEvent, row: TraceRow) -> bool:
    return row.span == "" or event.span == row.span or event.span.startswith(f"{row.span}/")


def _parsed(text: str) -> object:
    try:
        return parse_strict(text)
    except MalformedJson:
        return text


def _indented(text: str) -> str:
    """JSON for people where it is JSON; anything else as it came."""
    try:
        return pretty(parse_strict(text))
    except MalformedJson:
        return text
