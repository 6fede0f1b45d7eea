"""A conversation in a tab: its runs so far, the one that is going on, and the message to come."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from workbench.app.parts import HasPictures, HasPrices, HasRuns
from workbench.app.runs.conversation_tree import ConversationTree
from workbench.app.runs.request_copy import CopyForm, request_copy
from workbench.core.approval import RUNS
from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.event import RunEvent, RunFinished, RunStarted, TurnStarted
from workbench.core.exchange import Usage
from workbench.core.ids import CallId, RunId
from workbench.core.log import EventLog
from workbench.core.signal import Signal
from workbench.core.trace import Trace, Traces
from workbench.viewmodels.approvals.approval_card import BY
from workbench.viewmodels.conversation.chat import ChatViewModel
from workbench.viewmodels.conversation.chat_entry import CallEntry, TextEntry, UserEntry
from workbench.viewmodels.conversation.composer import ComposerParts, ComposerViewModel
from workbench.viewmodels.conversation.deltas import joined
from workbench.viewmodels.conversation.failure_card import CONTINUE, Reach
from workbench.viewmodels.conversation.log_slices import in_slices
from workbench.viewmodels.conversation.transcript import markdown
from workbench.viewmodels.inspector.inspector import InspectorViewModel, requests_of
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.trace.row_fold import RowFold
from workbench.viewmodels.trace.trace import TraceViewModel
from workbench.viewmodels.trace.trace_row import TraceRow

if TYPE_CHECKING:
    from workbench.app.runs.live_run import LiveRun
    from workbench.app.runs.picture_reader import PictureReader

RUNS_AT_ONCE = 20
"""How many runs of a long conversation are read at a time, newest first."""
NEW_TITLE = "New conversation"


class ConversationParts(ComposerParts, HasRuns, HasPrices, HasPictures, Protocol):
    """What a conversation is made of."""


class ConversationViewModel:
    """Chat, trace, inspector and composer of one tab, fed from the same logs."""

    def __init__(self, parts: ConversationParts, suggestion: str = "") -> None:
        self.title = NEW_TITLE
        self.traces = Traces()
        """What all views of this conversation read, as far as events were taken in."""
        self.chat = ChatViewModel(lambda: parts.prices.list, traces=self.traces, reach=self._reach)
        self.trace = TraceViewModel(lambda: parts.prices.list, traces=self.traces)
        self.inspector = InspectorViewModel(self.events_of, lambda: parts.prices.list, self.traces.get)
        self.composer = ComposerViewModel(parts, suggestion)
        self.stepper = self.composer.stepper
        self.live: LiveRun | None = None
        self.is_loading = False
        self.last_run: RunId | None = None
        self.usage = Usage()
        self.log_opened: Signal[[EventLog]] = Signal()
        """A live log: the one who owns the frame rate reads it and calls `apply` with batches."""
        self.changed: Signal[[]] = Signal()
        """Usage or running state changed."""
        self.renamed: Signal[[]] = Signal()
        self._parts = parts
        self._logs: dict[RunId, EventLog] = {}
        self._unread: list[RunId] = []
        """The runs before those of `_logs`, oldest first."""
        self._reading = asyncio.Lock()
        self._tree = ConversationTree(())
        self._finished: set[RunId] = set()
        self.trace.selected.connect(self.inspector.show)

    def pictures(self) -> "PictureReader":
        """What reads the pictures in results."""
        return self._parts.pictures

    @property
    def is_running(self) -> bool:
        """Whether a run of this conversation is going on."""
        return self.live is not None

    @property
    def is_fresh(self) -> bool:
        """Whether nothing was said yet."""
        return not self._logs

    def events_of(self, run_id: RunId) -> Iterable[RunEvent]:
        """The log of one of the conversation's runs."""
        return self._logs.get(run_id, EventLog())

    def send(self) -> bool:
        """Start a run with the composer's message; False while something blocks it."""
        if self.composer.obstacle or self.is_loading:
            return False
        prompt = self.composer.message
        live = self._parts.runs.start(prompt, self.composer.options(self.last_run), stepper=self.stepper)
        if self.title == NEW_TITLE:
            self.title = one_line(prompt, 36)
        self.composer.clear()
        self._begin(live)
        return True

    @property
    def is_interrupted(self) -> bool:
        """Whether the newest run has no end on record and nobody is working on it."""
        if self.live is not None or self.last_run is None:
            return False
        return self.last_run not in self._finished

    @property
    def waiting_tools(self) -> tuple[str, ...]:
        """The tools whose calls the newest run leaves to a person."""
        return tuple(call.tool for call in self._last_trace.calls() if call.state == "waiting")

    @property
    def waits_for_person(self) -> bool:
        """Whether the newest run was put aside while it waited for somebody: for a decision, or to let a request go."""
        if not self.is_interrupted:
            return False
        current = self._last_trace.current_round
        return (current is not None and not current.requests) or bool(self.waiting_tools)

    @property
    def interruption(self) -> str:
        """What an interrupted run was doing, in a sentence."""
        if waiting := self.waiting_tools:
            return f"This run was interrupted while {one_line(', '.join(waiting), 80)} waited for you."
        return "This run was interrupted. Calls that had started are not repeated."

    def resume(self) -> bool:
        """Go on with an interrupted run from where its log ends; its questions are asked again."""
        if not self.is_interrupted or self.last_run is None:
            return False
        live = self._parts.runs.resume(self.last_run, stepper=self.stepper)
        self._start_over([run_id for run_id in self._logs if run_id != live.run_id])
        self._begin(live)
        return True

    def send_again(self, entry: UserEntry, text: str) -> bool:
        """Say a message again, as it is or in other words, from where it was said; both versions are kept."""
        if self.is_running or self.is_loading or not entry.seq or not text.strip():
            return False
        options = msgspec.structs.replace(self.composer.options(entry.run_id), fork_seq=entry.seq - 1)
        chain = list(self._logs)
        before = chain[: chain.index(entry.run_id)] if entry.run_id in chain else []
        live = self._parts.runs.start(text.strip(), options, stepper=self.stepper)
        self._start_over(before)
        self._begin(live)
        return True

    def try_again(self, run_id: RunId) -> bool:
        """Say the message of a run again, as it was."""
        said = [entry for entry in self.chat.entries if isinstance(entry, UserEntry) and entry.run_id == run_id]
        return bool(said) and said[-1].can_be_sent_again and self.send_again(said[-1], said[-1].text)

    def go_on(self) -> bool:
        """Go on after a run that failed or came to a limit; what it has done is not done again."""
        if self.is_running or self.is_loading or self.last_run is None or self.is_interrupted:
            return False
        self._begin(self._parts.runs.start(CONTINUE, self.composer.options(self.last_run), stepper=self.stepper))
        return True

    def markdown(self) -> str:
        """The whole conversation as Markdown."""
        return markdown(self.title, self.chat.entries)

    def request_copy(self, form: CopyForm, row: TraceRow | None = None) -> str:
        """The request of a row of the trace, or the newest one, as curl or Python; raises `UsageError`."""
        trace = self.traces.get(row.run_id) if row is not None else self._last_trace
        requests, started = requests_of(trace, row), trace.started
        if not requests or started is None:
            raise UsageError("no request was sent")
        return request_copy(requests[-1].sent, self._parts.providers.target(started.spec or started.model), form)

    def take_tree(self, tree: ConversationTree) -> None:
        """The run list as it is now: what else was said in place of each message, and the conversation's name."""
        self._tree = tree
        self.chat.show_versions(tree.versions)
        row = tree.conversation_of(self.last_run) if self.last_run is not None else None
        if row is not None and row.title and (title := one_line(row.title, 36)) != self.title:
            self.title = title
            self.renamed.emit()

    def follow(self, live: "LiveRun") -> None:
        """Show a run that was begun elsewhere, a fork for instance, and that this conversation consists of."""
        self._start_over([], unread=())
        self._begin(live)

    def stop(self) -> None:
        """Ask the run to end; its log says when it did. While calls wait for a person, the first time only asks."""
        if self.live is None:
            return
        waiting = self.waiting_tools
        if waiting and not self.composer.stop_question:
            self.composer.ask_to_stop(waiting)
            return
        self.live.stop()

    async def show(
        self, run_id: RunId, *, on_progress: Callable[[int, int], object] = lambda done, total: None
    ) -> None:
        """Show a recorded run with the newest of the runs it continues. Raises `StoreError`.

        It is read off this thread and taken in by slices, so that the one who shares the loop is never held up;
        `on_progress` gets the number of events read and the total.
        """
        runs = self._parts.runs
        self.is_loading = True
        try:
            tree = await asyncio.to_thread(runs.tree)
            chain = tree.chain(run_id)
            newest = chain[-RUNS_AT_ONCE:]
            logs = {link: await asyncio.to_thread(runs.load, link) for link in newest}
            self._start_over([], unread=chain[: -len(newest)])
            await self._load_logs(logs, on_progress)
        finally:
            self.is_loading = False
        started = self._last_trace.started
        if started is not None and started.spec and started.variant is None and not started.by_hand:
            self.composer.take_model(started.spec)
            self.composer.take_selector(started.routing)
        self.take_tree(tree)
        self.composer.set_interrupted(is_interrupted=self.is_interrupted)
        self.changed.emit()

    async def show_earlier(
        self, until: RunId | None = None, *, on_progress: Callable[[int, int], object] = lambda done, total: None
    ) -> None:
        """Show some more of the earlier runs, or all from `until` on, before what is shown. Raises `StoreError`.

        It is read and taken in as by `show`; what is going on in the conversation goes on meanwhile.
        """
        async with self._reading:
            if not self._unread or (until is not None and until not in self._unread):
                return
            first = self._unread.index(until) if until is not None else max(0, len(self._unread) - RUNS_AT_ONCE)
            links = self._unread[first:]
            logs = {link: await asyncio.to_thread(self._parts.runs.load, link) for link in links}
            chat, rows = self.chat.part_before(has_earlier=first > 0), RowFold(self.traces)
            usage = Usage()
            async for piece in in_slices(logs, on_progress):
                chat.apply(piece)  # first, as it looks at each trace as it is at the event
                rows.take(piece)
                usage = sum((each.totals.usage for each in piece if isinstance(each, RunFinished)), usage)
            rows.interrupt()
            if self._unread[first:] != links:  # something else is shown by now
                return
            self._finished.update(links)
            self.usage = usage + self.usage
            self._logs = logs | self._logs
            self._leave_unread(self._unread[:first])
            self.trace.put_before(rows)
            self.chat.put(chat)
            self.chat.show_versions(self._tree.versions)
        self.changed.emit()

    def has_read(self, run_id: RunId) -> bool:
        """Whether the run was read; the earlier ones of a long conversation are read when they are asked for."""
        return run_id in self._logs

    def _leave_unread(self, unread: list[RunId]) -> None:
        self._unread = unread
        self.chat.has_earlier = bool(unread)
        self.trace.figures.unread_runs = len(unread)

    async def _load_logs(self, logs: dict[RunId, EventLog], on_progress: Callable[[int, int], object]) -> None:
        self.chat.fill(is_filling=True)
        self.trace.fill(is_filling=True)
        try:
            self._logs |= logs
            self.last_run = next(reversed(logs), None)
            async for piece in in_slices(logs, on_progress):
                self.apply(piece)
        finally:
            self.trace.settle()
            self.trace.fill(is_filling=False)
            self.chat.fill(is_filling=False)

    def apply(self, events: list[RunEvent]) -> None:
        """Take a batch of facts in, in chat and trace alike."""
        events = joined(events)
        self.chat.apply(events)  # first, as it looks at each trace as it is at the event
        self.trace.apply(events)
        self.inspector.refresh(events)
        for event in events:
            match event:
                case RunStarted():
                    self._take_title(event)
                case TurnStarted():
                    self._take_first_message(event)
                case RunFinished():
                    self._finished.add(event.run_id)
                    self.usage = self.usage + event.totals.usage
                    self._end(event.run_id)
                case _:
                    pass

    def sources(self, call_id: CallId) -> tuple[tuple[str, str], ...]:
        """Where an argument's value may come from: earlier messages and results, newest first. What other calls of its
        round give, the model had not seen."""
        found: list[tuple[str, str]] = []
        own_round = call_id.rpartition(".")[0]
        for entry in self.chat.entries:
            match entry:
                case CallEntry(call_id=str(other)) if other.rpartition(".")[0] == own_round:
                    break
                case CallEntry() if entry.result_text:
                    found.append((f"{entry.tool}'s result", entry.result_text))
                case UserEntry():
                    found.append(("your message", entry.text))
                case TextEntry(part="text") | _:
                    pass
        return tuple(reversed(found))

    def approved_before(self, tool: str) -> str | None:
        """The arguments with which a person last let the tool run in this conversation, newest run first."""
        for run_id in reversed(self._logs):
            for call in reversed(list(self.traces.get(run_id).calls())):
                given = call.given
                if call.tool == tool and given is not None and given.decision in RUNS and given.by == BY:
                    return call.arguments_json
        return None

    def knows(self, call_id: CallId) -> bool:
        """Whether the call belongs to this conversation."""
        return self.chat.call_entry(call_id) is not None

    @property
    def runs(self) -> tuple[RunId, ...]:
        """The runs of the conversation, oldest first."""
        return (*self._unread, *self._logs)

    def holds(self, run_id: RunId) -> bool:
        """Whether the run belongs to the conversation as it is shown here."""
        return run_id in self._logs or run_id in self._unread

    def run_over(self, run_id: RunId) -> None:
        """The run's task has ended; whatever its log still holds arrives with the next batch."""
        log = self._logs.get(run_id)
        if log is not None and not any(isinstance(event, RunFinished) for event in log):
            self.chat.tell("error", "Workbench error", "This run has no recorded end.")
            self.trace.settle()
            self._end(run_id)

    def _reach(self, spec: str) -> Reach:
        try:
            target = self._parts.providers.target(spec)
        except WorkbenchError:
            return Reach()
        return Reach(target.kind not in ("local", "scripted"), target.key_name)

    @property
    def _last_trace(self) -> Trace:
        return self.traces.get(self.last_run) if self.last_run is not None else Trace()

    def _start_over(self, kept: list[RunId], *, unread: Sequence[RunId] | None = None) -> None:
        """Show these runs of the conversation and nothing else. Earlier ones stay `unread`, unless others are given."""
        logs = {run_id: self._logs[run_id] for run_id in kept}
        self.trace.select(None)
        self.chat.clear()
        self.trace.clear()
        self._leave_unread(list(self._unread if unread is None else unread))
        self.usage = Usage()
        self._logs = {}
        for run_id, log in logs.items():
            self._logs[run_id] = log
            self.apply(list(log))
        self.last_run = kept[-1] if kept else None

    def _begin(self, live: "LiveRun") -> None:
        self.live = live
        self.last_run = live.run_id
        self._logs[live.run_id] = live.log
        self.composer.set_interrupted(is_interrupted=False)
        self.composer.set_running(is_running=True)
        self.log_opened.emit(live.log)
        self.changed.emit()

    def _take_title(self, event: RunStarted) -> None:
        if self.title == NEW_TITLE and event.conversation:
            self.title = one_line(event.conversation, 36)
            self.renamed.emit()

    def _take_first_message(self, event: TurnStarted) -> None:
        if self.title == NEW_TITLE:
            self.title = one_line(event.message.text, 36)
            self.renamed.emit()

    def _end(self, run_id: RunId) -> None:
        if self.live is not None and self.live.run_id == run_id:
            self.live = None
            self.composer.set_running(is_running=False)
        if not self.is_loading:  # a long record is reported once
            self.changed.emit()
