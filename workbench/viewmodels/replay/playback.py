"""A recorded run played back in a tab: the same view-models as a live run, fed from its log at any speed."""

import asyncio
import math
import time
from collections.abc import Callable, Sequence

from workbench.core.event import RoundStarted, RunEvent, RunFinished, RunStarted, TurnStarted, is_durable
from workbench.core.ids import CallId, RunId, SpanPath
from workbench.core.log import EventLog
from workbench.core.signal import Signal
from workbench.core.trace import Trace
from workbench.replay.playback import Playback
from workbench.viewmodels.conversation.chat import ChatViewModel
from workbench.viewmodels.conversation.chat_entry import ChatEntry, UserEntry
from workbench.viewmodels.conversation.conversation import ConversationParts, ConversationViewModel
from workbench.viewmodels.conversation.log_slices import SLICE_S
from workbench.viewmodels.shared.figures import duration
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.trace.trace import TraceViewModel

SPEEDS: tuple[tuple[float, str], ...] = ((0.5, "0.5×"), (1.0, "1×"), (2.0, "2×"), (8.0, "8×"), (math.inf, "max"))
MARK = "Playback — nothing is executed or sent"
_PIECE = 128
_FEW = 64


class PlayedTrace(TraceViewModel):
    """What is open grows as far as the playback has come, not to this very moment."""

    def tick(self, now: float) -> None:
        """The time of day means nothing here."""


class PlayedChat(ChatViewModel):
    """Messages can be read but not edited."""

    def _add(self, entry: ChatEntry, place: int | None = None) -> None:
        if isinstance(entry, UserEntry):
            entry.is_fixed = True
        super()._add(entry, place)

    def _finish_run(self, event: RunFinished, trace: Trace) -> None:
        super()._finish_run(event, trace)
        self.withdraw_failures()  # a playback only shows


class PlayedConversation(ConversationViewModel):
    """A conversation that only shows: nothing can be sent, stopped, resumed or decided in it."""

    def __init__(self, parts: ConversationParts, run_id: RunId, title: str) -> None:
        super().__init__(parts)
        self.chat = PlayedChat(lambda: parts.prices.list, traces=self.traces)
        self.trace = PlayedTrace(lambda: parts.prices.list, traces=self.traces)
        self.trace.selected.connect(self.inspector.show)
        self.title = title
        self.run_id = run_id
        self.tail = EventLog()
        """What is shown next appears here."""
        self.is_over = False
        """Set when its tab has gone: what is still on its way is not shown anymore."""
        self.paused: Signal[[]] = Signal()
        """Stop was asked for."""
        self.composer.write("")

    def start_over(self) -> None:
        """Forget what was shown."""
        self.log_opened.emit(EventLog())  # what has not arrived yet does so before everything goes
        self._start_over([])
        self._logs[self.run_id] = EventLog()
        self.last_run = self.run_id
        self._follow()

    def apply(self, events: list[RunEvent]) -> None:
        """See `ConversationViewModel`."""
        if not self.is_over:
            super().apply(events)

    def show_next(self, event: RunEvent) -> None:
        """One more event; it arrives as a live one would."""
        self._logs[self.run_id].append(event)
        self.tail.append(event)

    async def show_many(self, events: Sequence[RunEvent], is_stale: Callable[[], bool]) -> int:
        """Many events at once, by slices, until they are no longer wanted; how many were shown."""
        self.log_opened.emit(EventLog())
        log = self._logs[self.run_id]
        begun = time.monotonic()
        done = 0
        self.chat.fill(is_filling=True)
        self.trace.fill(is_filling=True)
        try:
            while done < len(events) and not is_stale():
                piece = list(events[done : done + _PIECE])
                for event in piece:
                    log.append(event)
                self.apply(piece)
                done += len(piece)
                if time.monotonic() - begun > SLICE_S:
                    await asyncio.sleep(0)
                    begun = time.monotonic()
        finally:
            self.trace.fill(is_filling=False)
            self.chat.fill(is_filling=False)
            self._follow()
        return done

    def _follow(self) -> None:
        self.tail = EventLog()
        self.log_opened.emit(self.tail)

    @property
    def is_fresh(self) -> bool:
        """Never to be used for a new conversation."""
        return False

    @property
    def is_interrupted(self) -> bool:
        """Nothing here can be resumed."""
        return False

    def holds(self, run_id: RunId) -> bool:
        """The run itself is shown elsewhere."""
        return False

    def knows(self, call_id: CallId) -> bool:
        """No question is answered here."""
        return False

    def send(self) -> bool:
        """Nothing can be sent."""
        return False

    def resume(self) -> bool:
        """Nothing can be resumed."""
        return False

    def send_again(self, entry: UserEntry, text: str) -> bool:
        """Nothing can be said."""
        return False

    def stop(self) -> None:
        """Hold the playback."""
        self.paused.emit()


class PlaybackViewModel:
    """The controls of one playback."""

    def __init__(self, parts: ConversationParts, run_id: RunId, playback: Playback, remark: str = "") -> None:
        """`remark` says what of the run could not be read."""
        self.playback = playback
        self.remark = remark
        self.changed: Signal[[]] = Signal()
        """Position, speed or pause."""
        self._events = playback.events
        self._steps = tuple(place for place, event in enumerate(self._events, 1) if is_durable(event))
        self._rounds = tuple(
            place for place, event in enumerate(self._events) if isinstance(event, RoundStarted) and place
        )
        self.conversation = PlayedConversation(parts, run_id, f"▷ {self._title()}")
        self.conversation.paused.connect(self.pause)
        self.conversation.start_over()
        self._at = 0
        """How many events the conversation shows, or will in a moment."""
        self._moved = asyncio.Event()
        self._again = asyncio.Event()
        self._lock = asyncio.Lock()

    async def play(self) -> None:
        """Show the run in its own time, and follow where somebody goes, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._feed(), name="playback")
            group.create_task(self._follow_seeks(), name="seeks of the playback")

    async def _feed(self) -> None:
        while True:
            async for event in self.playback:
                place = self.playback.shown - 1
                async with self._lock:
                    await self._go_to(place)
                    if self._at == place:
                        self.conversation.show_next(event)
                        self._at += 1
                if place % _PIECE == 0:
                    await asyncio.sleep(0)
                self.changed.emit()
            self._again.clear()
            self.changed.emit()
            await self._again.wait()

    async def _follow_seeks(self) -> None:
        while True:
            await self._moved.wait()
            async with self._lock:
                self._moved.clear()
                await self._go_to(self.playback.shown)

    async def _go_to(self, place: int) -> None:
        """Let the conversation show that many events; a newer request replaces this one."""
        if place < self._at:
            self.conversation.start_over()
            self._at = 0
        missing = self._events[self._at : place]
        if len(missing) > _FEW:
            self._at += await self.conversation.show_many(missing, self._moved.is_set)
            return
        for event in missing:
            self.conversation.show_next(event)
        self._at = place

    # what the controls do

    def pause(self) -> None:
        """Hold."""
        self.playback.pause()
        self.changed.emit()

    def toggle(self) -> None:
        """Hold, or go on; at the end, from the beginning."""
        if self.is_at_end:
            self.seek(0)
            self.playback.resume()
        elif self.playback.is_paused:
            self.playback.resume()
        else:
            self.playback.pause()
        self.changed.emit()

    def set_speed(self, speed: float) -> None:
        """How many times as fast as the run was."""
        self.playback.set_speed(speed)
        self.changed.emit()

    def seek(self, place: int) -> None:
        """Show the run as it was after this many events."""
        place = min(max(place, 0), len(self._events))
        self.playback.seek(place)
        self._moved.set()
        self._again.set()
        self.changed.emit()

    def step(self, by: int = 1) -> None:
        """One durable event on, with what led to it, or back; and hold."""
        self._hold_at(self._neighbor(self._steps, by))

    def step_round(self, by: int = 1) -> None:
        """To where the next round begins, or the one before it; and hold."""
        self._hold_at(self._neighbor(self._rounds, by))

    def seek_span(self, span: SpanPath) -> None:
        """To where something begins."""
        for place, event in enumerate(self._events):
            if span and (event.span == span or event.span.startswith(f"{span}/")):
                self.seek(place)
                return

    # what is shown

    @property
    def is_at_end(self) -> bool:
        """Whether everything was shown."""
        return self.playback.shown >= len(self._events)

    @property
    def is_playing(self) -> bool:
        """Whether it goes on by itself."""
        return not self.playback.is_paused and not self.is_at_end

    @property
    def words(self) -> str:
        """`event 12 of 40 · 1.2 s of 4.8 s`."""
        time = f"{duration(self.playback.shown_s * 1000)} of {duration(self.playback.length_s * 1000)}"
        return f"event {self.playback.shown:,} of {len(self._events):,} · {time}"

    @property
    def mark(self) -> str:
        """What this is, so that nobody takes it for a live run."""
        return f"{MARK}. {self.remark}".strip() if self.remark else MARK

    def _hold_at(self, place: int) -> None:
        self.playback.pause()
        self.seek(place)

    def _neighbor(self, places: tuple[int, ...], by: int) -> int:
        shown = self.playback.shown
        if by > 0:
            return next((place for place in places if place > shown), len(self._events))
        return next((place for place in reversed(places) if place < shown), 0)

    def _title(self) -> str:
        for event in self._events:
            if isinstance(event, TurnStarted):
                return one_line(event.message.text, 36)
        started = next((event for event in self._events if isinstance(event, RunStarted)), None)
        return one_line(started.run_id, 36) if started is not None else "playback"
