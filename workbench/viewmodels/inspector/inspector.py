"""The inspector: everything the log knows about the selected span, as text that can be copied."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import msgspec

from workbench.core.errors import MalformedJson
from workbench.core.event import ResponseDelta, RunEvent, encode_event
from workbench.core.ids import RunId, SpanPath
from workbench.core.json_text import parse_strict, pretty
from workbench.core.message import Attachment
from workbench.core.price import NO_PRICES, PriceList
from workbench.core.question_span import QuestionSpan
from workbench.core.signal import Signal
from workbench.core.trace import CallSpan, RequestSpan, Trace, fold
from workbench.viewmodels.inspector.answer_facts import answer_facts, group_facts
from workbench.viewmodels.inspector.request_facts import request_facts
from workbench.viewmodels.inspector.span_difference import span_difference, span_texts
from workbench.viewmodels.inspector.stream_slider import StreamScrub, stream_scrub
from workbench.viewmodels.routing.routed_tools import tools_text
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.attachment_words import attachment_words
from workbench.viewmodels.shared.json_node import STRICT_CHARS, indented
from workbench.viewmodels.shared.tone import call_words
from workbench.viewmodels.trace.trace_row import TraceRow

TabName = Literal["Call", "Tools", "Request", "Response", "Events", "Diff"]
TAB_NAMES: tuple[TabName, ...] = ("Call", "Tools", "Request", "Response", "Events", "Diff")
_MAX_EVENTS = 2_000


@dataclass(frozen=True)
class InspectorPage:
    """One tab's text. `language` says how to color it; an empty text comes with a `hint` why."""

    text: str
    language: Literal["json", "plain", "diff"] = "json"
    hint: str = ""
    facts: str = ""
    """Figures about it, in lines of their own."""
    attachments: tuple[Attachment, ...] = ()
    """What its call returned beside text."""


class InspectorViewModel:
    """The pages of one row, made when somebody looks."""

    def __init__(
        self,
        events_of: Callable[[RunId], Iterable[RunEvent]],
        prices: Callable[[], PriceList] = lambda: NO_PRICES,
        trace_of: Callable[[RunId], Trace] | None = None,
    ) -> None:
        """`events_of` gives the log of a run the rows may come from, `prices` the price list in force, and `trace_of`
        the trace of that log where somebody keeps it."""
        self._prices = prices
        self.row: TraceRow | None = None
        self.pinned: TraceRow | None = None
        """What the row of now is compared with."""
        self.changed: Signal[[]] = Signal()
        self._events_of = events_of
        self._trace_of = trace_of or (lambda run_id: fold(events_of(run_id)))

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
            event.run_id == row.run_id and not isinstance(event, ResponseDelta) and _touches(event.span, row)
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
        if self.row.kind == "routing":
            return "Tools"
        return "Response" if self.row.kind in ("request", "first token", "round") else "Events"

    def scrub(self) -> StreamScrub | None:
        """The stream of the row of now, to go back and forth in; None where there is none."""
        row = self.row
        return stream_scrub(self._trace_of(row.run_id), self._events_of(row.run_id), row) if row is not None else None

    def page(self, tab: TabName) -> InspectorPage:
        """The text of a tab for the row of now."""
        row = self.row
        if row is None:
            return InspectorPage("", hint="Select a span in the trace.")
        match tab:
            case "Call":
                return _call_page(self._trace_of(row.run_id), row)
            case "Tools":
                trace = self._trace_of(row.run_id)
                parent = trace.started.parent_run if trace.started is not None else None
                text, hint = tools_text(trace, row.span, self._trace_of(parent) if parent is not None else None)
                return InspectorPage(text, "plain", hint=hint)
            case "Request":
                return _request_page(self._trace_of(row.run_id), row, self._prices())
            case "Response":
                return _response_page(self._trace_of(row.run_id), row, self._prices())
            case "Events":
                return _events_page(self._events_of(row.run_id), row)
            case "Diff":
                return self._diff_page(row)

    def _diff_page(self, row: TraceRow) -> InspectorPage:
        pinned = self.pinned
        if pinned is None:
            return InspectorPage("", "diff", hint="Pin a span with “Compare with…”, then select another.")
        if pinned is row:
            return InspectorPage("", "diff", hint=f"Pinned: {pinned.text}. Select the span to compare it with.")
        old_trace = self._trace_of(pinned.run_id)
        if old_trace.started is None:
            return InspectorPage("", "diff", hint="The pinned span's run is no longer shown here.")
        old = _texts_of(old_trace, pinned, self._prices())
        text, summary = span_difference(old, _texts_of(self._trace_of(row.run_id), row, self._prices()))
        if not text:
            return InspectorPage("", "diff", hint="Neither span has a call, a request or an answer.")
        return InspectorPage(f"- {pinned.text}\n+ {row.text}\n{text}", "diff", hint=summary)


def requests_of(trace: Trace, row: TraceRow | None) -> list[RequestSpan]:
    """The requests that belong to a row, or all of them; the newest stands last."""
    return [request for request in trace.requests() if row is None or _concerns(request.span, row)]


def _texts_of(trace: Trace, row: TraceRow, prices: PriceList) -> dict[str, str]:
    requests = requests_of(trace, row)
    call = trace.call(row.call_id) if row.call_id is not None else None
    answers = [request.received for request in requests if request.received is not None]
    sent, received = requests[-1].sent if requests else None, answers[-1] if answers else None
    return span_texts(call, sent, received, prices.price_of(trace.started))


def _call_page(trace: Trace, row: TraceRow) -> InspectorPage:
    call = trace.call(row.call_id) if row.call_id else None
    if call is None:
        return InspectorPage("", hint="This span is not a tool call.")
    return InspectorPage(_call_text(call), attachments=call.settled.attachments if call.settled is not None else ())


def _call_text(call: CallSpan) -> str:
    """One JSON document about the call; what is not JSON is in it as the text it is."""
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
    if call.questions:
        shown["questions"] = [_question(each) for each in call.questions]
    if call.settled is not None:
        shown["duration"] = figures.duration(call.settled.duration_ms)
        shown["result"] = _parsed(call.settled.full_text or call.settled.result_text)
        if call.settled.output:
            shown["output"] = call.settled.output
        if call.settled.attachments:
            shown["attachments"] = [attachment_words(one) for one in call.settled.attachments]
    shown["call_id"] = call.call_id
    shown["wire_call_id"] = call.proposed.wire_call_id
    if any(isinstance(value, msgspec.Raw) for value in shown.values()):
        return msgspec.json.encode(shown).decode()
    return pretty(shown)


def _question(span: QuestionSpan) -> dict[str, object]:
    """What the call's server asked, and what it was told."""
    shown: dict[str, object] = {"server": span.asked.server, **msgspec.to_builtins(span.asked.asked)}
    if (reply := span.answered) is not None:
        shown |= {"reply": reply.action, "by": reply.by}
        shown |= {"content": reply.content} if reply.content is not None else {}
        shown |= {"note": reply.note} if reply.note else {}
    return shown


def _request_page(trace: Trace, row: TraceRow, prices: PriceList) -> InspectorPage:
    requests = requests_of(trace, row)
    if not requests:
        return InspectorPage("", hint="This span has no request.")
    request = requests[-1]
    usage = request.received.response.usage if request.received is not None else None
    facts = request_facts(request.sent, usage.input_tokens if usage else 0, prices.price_of(trace.started))
    return InspectorPage(indented(request.sent.body_json), facts="\n".join(facts))


def _response_page(trace: Trace, row: TraceRow, prices: PriceList) -> InspectorPage:
    ended = [request for request in requests_of(trace, row) if request.ended_at is not None]
    if not ended:
        return InspectorPage("", hint="This span has no response yet.")
    failed, received = ended[-1].failed, ended[-1].received
    if failed is not None:
        status = f"HTTP {failed.status} · " if failed.status else ""
        hint = f"{status}{failed.failure}: {failed.message}"
        return InspectorPage(indented(encode_event(failed).decode()), hint=hint)
    assert received is not None
    response = received.response
    hint = " · ".join(
        part
        for part in (
            response.raw_stop_reason or response.stop_reason,
            response.model,
        )
        if part
    )
    answers = [request.received for request in ended if request.received is not None]
    price = prices.price_of(trace.started)
    is_group = row.kind in ("run", "turn") and len(answers) > 1
    facts = "\n".join(group_facts(answers, price) if is_group else answer_facts(received, price))
    if response.wire_copy is not None:
        return InspectorPage(indented(response.wire_copy.json), hint=hint, facts=facts)
    return InspectorPage(indented(msgspec.json.encode(response).decode()), hint=hint, facts=facts)


def _events_page(events: Iterable[RunEvent], row: TraceRow) -> InspectorPage:
    found = [event for event in events if _lies_within(event.span, row)]
    lines = [encode_event(event).decode("utf-8", "replace") for event in found[:_MAX_EVENTS]]
    more = len(found) - len(lines)
    hint = figures.count(len(found), "event") + (f", the first {_MAX_EVENTS:,} shown" if more > 0 else "")
    return InspectorPage("\n".join(lines), hint=hint)


def _concerns(span: SpanPath, row: TraceRow) -> bool:
    """A request belongs to its own rows, to its round's calls, and to every row above it."""
    if row.kind in ("request", "first token", "retry"):
        return span == row.span
    if row.kind in ("call", "approval"):
        return span.rpartition("/")[0] == row.span.rpartition("/")[0]
    return _lies_within(span, row)


def _touches(span: SpanPath, row: TraceRow) -> bool:
    return _lies_within(span, row) or _concerns(span, row)


def _lies_within(span: SpanPath, row: TraceRow) -> bool:
    return row.span == "" or span == row.span or span.startswith(f"{row.span}/")


def _parsed(text: str) -> object:
    """The value of a JSON text, unread when it is long; any other text as it is."""
    try:
        return parse_strict(text) if len(text) <= STRICT_CHARS else msgspec.json.decode(text, type=msgspec.Raw)
    except (MalformedJson, msgspec.DecodeError):
        return text
