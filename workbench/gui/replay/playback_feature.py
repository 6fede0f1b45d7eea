"""Playback as a feature of the window."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from workbench.core.errors import WorkbenchError
from workbench.core.ids import ROOT_SPAN, RunId, SpanPath
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Command
from workbench.gui.frame.feature import Feature, ItemAction, PlaceAction, WindowContext
from workbench.gui.replay.replay_feature import ReplayFeature, is_conversation
from workbench.gui.trace.trace_feature import TraceFeature
from workbench.viewmodels.conversation.conversation import ConversationParts
from workbench.viewmodels.runs.run_place import RunPlace
from workbench.viewmodels.shared.trouble import error_words

if TYPE_CHECKING:
    from workbench.gui.replay.playback_pane import PlaybackPane
    from workbench.viewmodels.replay.playback import PlaybackViewModel


class PlaybackFeature(Feature[ConversationParts]):
    """One tab per playback; closing the tab ends it."""

    def __init__(self, context: WindowContext, parts: ConversationParts) -> None:
        super().__init__(context, parts)
        self._playing: dict[ChatPane, tuple[str, PlaybackViewModel]] = {}
        """The task of each open playback, and its run."""
        self._count = 0

    def commands(self) -> tuple[Command, ...]:
        """The commands for the open run: from its beginning, or from the selection."""
        return (
            Command("play-back", "Play back run", "Replay", self.play_open, ("F5",), "playback"),
            Command("play-back-from", "Play back from the selected step", "Replay", self.play_selected, ("Shift+F5",)),
        )

    def place_actions(self) -> tuple[PlaceAction, ...]:
        """A run from its beginning, everything else from where it begins."""
        return (
            PlaceAction("play-back", "Play back", frozenset({"run"}), lambda run_place: self.play(run_place.run_id)),
            PlaceAction(
                "play-back-from", "Play back from here", frozenset({"message", "round", "call"}), self._play_place
            ),
        )

    def item_actions(self) -> tuple[ItemAction, ...]:
        """The newest run of a conversation."""
        desk = self.context.features.of(ReplayFeature)
        return (
            ItemAction(
                "play-back", "Play back the last run", lambda item: self.play(desk.newest_run(item)), is_conversation
            ),
        )

    def begin(self) -> None:
        """Listen for closing tabs."""
        self.context.documents.pane_closing.connect(self._end)

    def play_open(self) -> None:
        """Play back the newest run of the open conversation; pause or resume an open playback."""
        pane = self.context.pane
        if pane is not None and pane in self._playing:
            self._playing[pane][1].toggle()
        elif (run_id := self._open_run()) is not None:
            self.play(run_id)

    def play_selected(self) -> None:
        """Play back from the selected row of the trace."""
        pane = self.context.pane
        row = pane.conversation.trace.selection if pane is not None else None
        if row is not None:
            self.play(row.run_id, row.span)
        elif (run_id := self._open_run()) is not None:
            self.play(run_id)

    def play(self, run_id: RunId, span: SpanPath = ROOT_SPAN) -> None:
        """Play a run back in a tab of its own."""
        self.context.tasks.start(f"read {run_id} to play it back", self._open(run_id, span))

    async def put_away(self) -> None:
        """Stop all playbacks when the window closes."""
        for name, _ in self._playing.values():
            self.context.tasks.cancel(name)
            await self.context.tasks.finish(name)

    def _play_place(self, run_place: RunPlace) -> None:
        self.play(run_place.run_id, run_place.span)

    def _open_run(self) -> RunId | None:
        run_id = self.context.pane.conversation.last_run if self.context.pane is not None else None
        if run_id is None:
            self.context.toasts.tell("Open a run to play back first.", tone="warn")
        return run_id

    async def _open(self, run_id: RunId, span: SpanPath) -> None:
        from workbench.gui.replay.playback_pane import PlaybackPane
        from workbench.viewmodels.replay.playback import PlaybackViewModel

        replays = self.context.features.of(ReplayFeature).replays
        try:
            playback, remark = await asyncio.to_thread(replays.playable, run_id)
        except WorkbenchError as error:
            self.context.toasts.tell(f"Cannot play this back: {error_words(error)}", tone="warn")
            return
        viewmodel = PlaybackViewModel(self.parts, run_id, playback, remark)
        pane = PlaybackPane(viewmodel, self.context.look)
        self.context.features.take_pane(pane)
        pane.call_selected.connect(lambda call_id: self._show_call(pane, call_id))
        self.context.documents.add_pane(pane)
        viewmodel.seek_span(span)
        self._count += 1
        name = f"play back {self._count}"
        self._playing[pane] = name, viewmodel
        self.context.tasks.start(name, viewmodel.play())
        pane.bar.setFocus()

    def _show_call(self, pane: PlaybackPane, call_id: str) -> None:
        row = pane.conversation.trace.row_of_call(call_id)
        self.context.features.of(TraceFeature).show_row(row)

    def _end(self, pane: ChatPane) -> None:
        if pane in self._playing:
            name, playback = self._playing.pop(pane)
            playback.conversation.is_over = True
            self.context.tasks.cancel(name)
