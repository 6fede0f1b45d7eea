"""The chat: entries folded from the logs of a conversation's runs. A view hears once per batch, not once per token."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import assert_never

from workbench.core.content import Part
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
from workbench.core.ids import ROOT_SPAN, CallId, RunId, SpanPath
from workbench.core.message import AssistantMessage, UserMessage
from workbench.core.price import NO_PRICES, PriceList, trace_cost, usage_cost
from workbench.core.run_total import BY_FORK
from workbench.core.signal import Signal
from workbench.core.trace import Trace, Traces
from workbench.viewmodels.conversation import run_end
from workbench.viewmodels.conversation.chat_entry import (
    NO_SUCCESS,
    CallEntry,
    ChatEntry,
    EntryKey,
    HeadEntry,
    HeadState,
    NoticeEntry,
    TextEntry,
    UserEntry,
    head_key,
    part_key,
    settled_entry,
)
from workbench.viewmodels.conversation.deltas import joined
from workbench.viewmodels.conversation.failure_card import Reach, failure_of
from workbench.viewmodels.inspector.stated_confidence import own_word
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.tone import Tone

Ignored = RoundStarted | ToolsRouted | LimitReached
"""The kinds of events that have no entry: a request opens its round, the run's end tells of a limit."""


class ChatViewModel:
    """The entries of one conversation, in the order in which they are read."""

    def __init__(
        self,
        prices: Callable[[], PriceList] = lambda: NO_PRICES,
        *,
        traces: Traces | None = None,
        reach: Callable[[str], Reach] = lambda spec: Reach(),
        serial: Iterator[int] | None = None,
    ) -> None:
        """`prices` gives the price list in force; `traces` may be shared with others who take in the same events;
        `reach` says how a model is reached; `serial`, shared by the parts of a chat, numbers its notices."""
        self._prices = prices
        self._reach = reach
        self._traces = Traces() if traces is None else traces
        self.entries: list[ChatEntry] = []
        self.inserted: Signal[[int]] = Signal()
        """An entry is new at this place."""
        self.changed: Signal[[int]] = Signal()
        self.cleared: Signal[[]] = Signal()
        self.filled: Signal[[]] = Signal()
        """Everything is new: look at all entries again."""
        self.put_before: Signal[[int]] = Signal()
        """How many entries are new before the first one."""
        self.has_earlier = False
        """Whether earlier runs were not read; then what the first run's record repeats is not shown."""
        self._has_begun = False
        self._is_filling = False
        self._by_key: dict[EntryKey, ChatEntry] = {}
        self._calls: dict[CallId, CallEntry] = {}
        self._touched: dict[EntryKey, bool] = {}
        """What listeners have not heard of, and whether it is new."""
        self._serial = count(1) if serial is None else serial
        self._base = 0
        """Where the entries of the newest request begin, after its head."""

    def clear(self) -> None:
        """Start over with no entries and no traces."""
        self._traces.clear()
        for known in (self.entries, self._by_key, self._calls, self._touched):
            known.clear()
        self._base = 0
        self._has_begun = False
        self.cleared.emit()

    def fill(self, *, is_filling: bool) -> None:
        """While a long record is taken in, nobody is told of single entries; at the end, of all of them at once."""
        self._is_filling = is_filling
        if not is_filling:
            self.filled.emit()

    def part_before(self, *, has_earlier: bool) -> "ChatViewModel":
        """Where earlier runs are taken in, apart from this; nobody is told of it until `put` puts it here."""
        part = type(self)(self._prices, traces=self._traces, reach=self._reach, serial=self._serial)
        part.fill(is_filling=True)
        part.has_earlier = has_earlier
        return part

    def put(self, part: "ChatViewModel") -> None:
        """Show what was taken in as `part_before` before everything else."""
        part.withdraw_failures()
        self.entries[:0] = part.entries
        self._by_key |= {entry.key: entry for entry in part.entries}
        calls = (entry for entry in part.entries if isinstance(entry, CallEntry))
        self._calls |= {entry.call_id: entry for entry in calls if entry.call_id is not None}
        self._base += len(part.entries)
        self.has_earlier = part.has_earlier
        self.put_before.emit(len(part.entries))

    def apply(self, events: Iterable[RunEvent]) -> None:
        """Take a batch of facts in and tell the listeners what came of it."""
        for event in joined(events):
            self._step(event)
        self._tell()

    def tell(self, tone: Tone, title: str, text: str = "", hint: str = "") -> None:
        """Say something that is not in any log, such as why a run could not start."""
        self._notice(tone, title, text, hint)
        self._tell()

    def show_versions(self, versions_of: Callable[[RunId], Sequence[RunId]]) -> None:
        """Let every message know what else was said in its place."""
        for entry in self.entries:
            if isinstance(entry, UserEntry) and entry.seq:
                versions = tuple(versions_of(entry.run_id))
                if versions != entry.versions:
                    entry.versions = versions
                    self._touch(entry)
        self._tell()

    def show_marks(self, words_of: Callable[[RunId, SpanPath], str]) -> None:
        """Let every call, and every round without one, know what a person's mark says about it."""
        for entry in self.entries:
            if isinstance(entry, CallEntry | HeadEntry):
                span = entry.call.span if isinstance(entry, CallEntry) and entry.call is not None else ROOT_SPAN
                words = words_of(entry.run_id, entry.span if isinstance(entry, HeadEntry) else span)
                if words != entry.mark:
                    entry.mark = words
                    self._touch(entry)
        self._tell()

    def call_entry(self, call_id: CallId) -> CallEntry | None:
        """The card of that call."""
        return self._calls.get(call_id)

    def place_of(self, entry: ChatEntry) -> int:
        """Where an entry stands; the newest are found first. Raises `ValueError` when it is not shown."""
        for place in range(len(self.entries) - 1, -1, -1):
            if self.entries[place] is entry:
                return place
        raise ValueError(entry.key)

    def _step(self, event: RunEvent) -> None:  # noqa: C901 — one flat match, one case per kind
        trace = self._traces.take(event)
        if isinstance(event, Ignored):
            return
        match event:
            case RunStarted():
                self.withdraw_failures()
                if not self._has_begun and not self.has_earlier:  # later runs go on from what is shown already
                    self._show_history(event)
                self._has_begun = True
            case TurnStarted():
                key = f"{event.run_id}:{event.span}:user"
                self._add(UserEntry(key, event.run_id, event.message.text, event.seq, event.span))
            case RequestSent():
                self._start_request(event, trace)
            case ResponseDelta():
                self._take_delta(event)
            case ResponseReceived():
                self._finish_request(event, trace)
            case RequestFailed():
                self._fail_request(event)
            case ToolCallProposed():
                self._take_up_call(event, trace)
            case ToolCallChecked() | ApprovalAsked() | ApprovalGiven() | ToolStarted() | ToolCallSettled():
                self._touch_call(event.call_id)
            case ServerAsked() | ServerAnswered():
                self._touch_call(event.call_id)
            case NoteAdded():
                self._take_note(event)
            case RunFinished():
                self._finish_run(event, trace)
            case _:
                assert_never(event)

    def _show_history(self, event: RunStarted) -> None:
        for message in event.history:
            match message:
                case UserMessage():
                    self._add(UserEntry(f"history:{next(self._serial)}", event.run_id, message.text))
                case AssistantMessage() if message.text:
                    self._add(TextEntry(f"history:{next(self._serial)}", "text", message.text))
                case _:
                    pass

    def _start_request(self, event: RequestSent, trace: Trace) -> None:
        number = trace.current_round.number if trace.current_round else 1
        model = trace.started.model if trace.started else ""
        key = head_key(f"{event.run_id}:{event.span}")
        head = HeadEntry(key, model, number, run_id=event.run_id, span=event.span)
        head.variant = (trace.started.variant or "") if trace.started else ""
        if event.attempt > 1:
            head.figures = (f"attempt {event.attempt}",)
        self._add(head)
        self._base = len(self.entries)

    def _take_delta(self, event: ResponseDelta) -> None:
        request = f"{event.run_id}:{event.span}"
        key = part_key(request, event.index)
        self._mark_head(request, "streaming")
        entry = self._by_key.get(key)
        match event.type:
            case "call" | "arguments":
                if not isinstance(entry, CallEntry):
                    entry = CallEntry(key, event.run_id, event.tool)
                    self._insert_part(entry, request, event.index)
                if event.type == "arguments":
                    entry.arguments_json += event.text
                elif event.tool:
                    entry.tool = event.tool
            case "text" | "reasoning" | "refusal":
                if not isinstance(entry, TextEntry):
                    entry = TextEntry(key, event.type, "", is_streaming=True)
                    self._insert_part(entry, request, event.index)
                entry.text += event.text
        self._touch(entry)

    def _finish_request(self, event: ResponseReceived, trace: Trace) -> None:
        request = f"{event.run_id}:{event.span}"
        response = event.response
        parts = [figures.duration(event.latency_ms)]
        if response.usage is not None and response.usage.total_tokens:
            parts.append(figures.tokens(response.usage))
        price = self._prices().price_of(trace.started)
        parts += (*run_end.cost_words(usage_cost(price, response.usage)), *own_word(response))
        if response.stop_reason in NO_SUCCESS:
            parts.append(NO_SUCCESS[response.stop_reason])
        head = self._mark_head(request, "done")
        if head is not None:
            head.figures = (*head.figures, *parts)
        for index, part in enumerate(response.parts):
            self._settle_part(event, request, index, part)
        self._close_streams(is_cut_off=False)
        if not response.may_run_calls:
            for call in self._proposed():
                call.is_cut_off = True

    def _settle_part(self, event: ResponseReceived, request: str, index: int, part: Part) -> None:
        key = part_key(request, index)
        before = self._by_key.get(key)
        entry = settled_entry(part, before, key, event.run_id)
        if entry is not None and entry is not before:
            self._insert_part(entry, request, index)
        if entry is not None:
            self._touch(entry)

    def _fail_request(self, event: RequestFailed) -> None:
        self._mark_head(f"{event.run_id}:{event.span}", "failed")
        self._close_streams(is_cut_off=True)
        tone, title = run_end.failed_words(event)
        hint = f"Retrying in {event.retry_in_s:.1f} s." if event.retry_in_s is not None else event.hint
        self._notice(tone, title, event.message, hint, run_end.failed_figures(event))

    def _take_up_call(self, event: ToolCallProposed, trace: Trace) -> None:
        awaited = self._proposed()
        if event.index < len(awaited):
            entry = awaited[event.index]
        else:
            entry = CallEntry(f"{event.run_id}:{event.span}", event.run_id, event.tool)
            self._add(entry)
            awaited.append(entry)
        entry.call_id, entry.tool, entry.arguments_json = event.call_id, event.tool, event.arguments_json
        entry.call = trace.call(event.call_id)
        self._calls[event.call_id] = entry
        for sibling in awaited:
            sibling.siblings = len(awaited)
            self._touch(sibling)

    def _take_note(self, event: NoteAdded) -> None:
        if event.by == BY_TOOL:
            self._touch_call(event.call_id)
        elif event.by == BY_RESUME:
            self._notice("plain", event.text)
        elif event.by == BY_FORK:
            self._notice("plain", "The fork diverges here", event.text)
        else:
            self._notice("plain", event.text, figures_=(event.by,))

    def _finish_run(self, event: RunFinished, trace: Trace) -> None:
        self._close_streams(is_cut_off=True)
        head = self.entries[self._base - 1] if self._base else None
        if isinstance(head, HeadEntry) and head.state in ("asking", "streaming"):
            head.state = "stopped"
            self._touch(head)
        tone, title = run_end.end_words(event)
        failure = failure_of(trace, event, self._reach(trace.started.spec if trace.started else ""))
        summary = run_end.end_figures(event, trace_cost(self._prices(), trace))
        last = next(reversed(self.entries), None)
        if event.outcome == "failed" and isinstance(last, NoticeEntry) and last.text == event.message:
            last.figures = (*last.figures, *summary)  # the failed request and the failed run are one thing to a person
            self._touch(last)
        else:
            text = "" if event.message.rstrip(".") == title else event.message
            last = self._notice(tone, title, text, event.hint, summary)
        last.failure = failure

    def withdraw_failures(self) -> None:
        """What failed earlier has been gone on from."""
        for entry in self.entries:
            if isinstance(entry, NoticeEntry) and entry.failure is not None:
                entry.failure = None
                self._touch(entry)

    def _notice(
        self, tone: Tone, title: str, text: str = "", hint: str = "", figures_: tuple[str, ...] = ()
    ) -> NoticeEntry:
        entry = NoticeEntry(f"notice:{next(self._serial)}", tone, title, text, hint, figures_)
        self._add(entry)
        return entry

    def _mark_head(self, request: str, state: HeadState) -> HeadEntry | None:
        head = self._by_key.get(head_key(request))
        if not isinstance(head, HeadEntry):
            return None
        if head.state != state:
            head.state = state
            self._touch(head)
        return head

    def _close_streams(self, *, is_cut_off: bool) -> None:
        """What the newest request was streaming is over."""
        for entry in self.entries[self._base :]:
            if isinstance(entry, TextEntry) and entry.is_streaming:
                entry.is_streaming, entry.is_cut_off = False, is_cut_off
                self._touch(entry)
            elif isinstance(entry, CallEntry) and is_cut_off and entry.call is None:
                entry.is_cut_off = True
                self._touch(entry)

    def _proposed(self) -> list[CallEntry]:
        """The calls of the newest request, in the model's order."""
        return [entry for entry in self.entries[self._base :] if isinstance(entry, CallEntry)]

    def _insert_part(self, entry: ChatEntry, request: str, index: int) -> None:
        """Parts keep the model's order, also when their first pieces arrive in another."""
        prefix = f"{request}#"
        place = len(self.entries)
        while place > self._base:
            before = self.entries[place - 1].key
            if not before.startswith(prefix) or int(before[len(prefix) :]) < index:
                break
            place -= 1
        self._add(entry, place)

    def _add(self, entry: ChatEntry, place: int | None = None) -> None:
        self.entries.insert(len(self.entries) if place is None else place, entry)
        self._by_key[entry.key] = entry
        self._touched[entry.key] = True

    def _touch(self, entry: ChatEntry) -> None:
        self._touched.setdefault(entry.key, False)

    def _touch_call(self, call_id: CallId | None) -> None:
        if call_id is not None and (entry := self._calls.get(call_id)) is not None:
            self._touch(entry)

    def _tell(self) -> None:
        touched, self._touched = self._touched, {}
        if not touched or self._is_filling:
            return
        places = {entry.key: place for place, entry in enumerate(self.entries) if entry.key in touched}
        for key in sorted((key for key, is_new in touched.items() if is_new), key=places.__getitem__):
            self.inserted.emit(places[key])
        for key, is_new in touched.items():
            if not is_new:
                self.changed.emit(places[key])
