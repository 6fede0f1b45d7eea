"""Restoring as a feature of the window: what was open comes back, after the window is on the screen.

Nothing is run by it, and nobody waits for it: conversations are read one after the other, the open one first.
"""

import asyncio
from typing import Protocol, assert_never

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from workbench.app.parts import HasMemory, HasRedactor
from workbench.core.ids import RunId, SpanPath
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.explorer.explorer_feature import ExplorerFeature
from workbench.gui.frame.actions import Command
from workbench.gui.frame.after_paint import AfterPaint
from workbench.gui.frame.feature import Feature, WindowContext
from workbench.gui.kit.listening import listen
from workbench.gui.kit.timers import ticker
from workbench.gui.restore.pane_place import is_about, place_in, put_draft, put_model, scroll
from workbench.gui.trace.trace_feature import TraceFeature
from workbench.viewmodels.restore.window_memory import TabMemory, WindowMemory

_PART = "window"
_TASK = "restore the window"
_KEEP = "remember the window"
_KEEP_EVERY_MS = 5_000
_MOST_CLOSED = 19


class RestoreParts(HasMemory, HasRedactor, Protocol):
    """Where places are remembered, and what leaves keys out of them."""


class RestoreFeature(Feature[RestoreParts]):
    """Remembers while the window is used, so that nothing is lost when the program dies."""

    def __init__(self, context: WindowContext, parts: RestoreParts) -> None:
        super().__init__(context, parts)
        self.is_done = False
        """Whether everything that could come back has."""
        self._is_over = False
        self._waiting: dict[ChatPane, TabMemory] = {}
        self._own: QWidget | None = None
        self._closed: list[TabMemory] = []
        self._deleted: set[RunId] = set()
        self._clock: QTimer
        self._shown: AfterPaint

    def commands(self) -> tuple[Command, ...]:
        """What was closed by mistake comes back as well."""
        return (Command("reopen-tab", "Reopen the closed tab", "View", self.reopen_closed, ("Ctrl+Shift+T",)),)

    def begin(self) -> None:
        """Restore as soon as the window has been painted."""
        window = self.context.as_window
        self._clock = ticker(window, _KEEP_EVERY_MS, lambda: self.context.tasks.start(_KEEP, self._keep()))
        self._shown = AfterPaint(window, self._start)
        self.context.documents.turned.connect(self._arrive)
        self.context.documents.tab_closing.connect(self._note)
        listen(window, self.context.history.deleted, self._deleted.update)

    def show_pane(self, pane: ChatPane) -> None:
        """Anyone who looks at a tab for the first time finds the place again."""
        self._arrive()

    async def put_away(self) -> None:
        """Remember how it was left. A window that never came to restore keeps what was remembered before."""
        self._is_over = True
        self._shown.stop()
        self._clock.stop()
        self.context.tasks.cancel(_TASK)
        await self.context.tasks.finish(_TASK)
        await self.context.tasks.finish(_KEEP)
        if self.is_done:
            await self._keep()

    def memory(self) -> WindowMemory:
        """The window as it is now."""
        documents = self.context.documents
        tabs = [self._tab(documents.widget(number)) for number in range(documents.count())]
        tree = self.context.features.of(ExplorerFeature).tree
        return WindowMemory(
            tuple(tab for tab in tabs if tab is not None),
            tuple(sorted(tree.folded)),
            (tree.chosen.kind, tree.chosen.target) if tree.chosen is not None else None,
            self.context.opening.last_model,
        )

    def reopen_closed(self) -> None:
        """Bring back the tab that was closed last, where the reader was."""
        while self._closed:
            tab = self._closed.pop()
            if tab.kind == "conversation" and self._is_gone(RunId(tab.key)):
                continue
            widget = self._open_again(tab, None)
            if widget is not None:
                self.context.documents.setCurrentWidget(widget)
                if isinstance(widget, ChatPane):
                    self.context.tasks.start(f"reopen {tab.key}", self._settle(widget, tab))
                return

    async def _settle(self, pane: ChatPane, tab: TabMemory) -> None:
        await self.context.opening.loaded(pane)
        put_model(pane, tab)
        self._arrive()

    def _is_gone(self, run_id: RunId) -> bool:
        """Whether its conversation was deleted and not brought back. A run that has just begun is in no list yet."""
        return run_id in self._deleted and self.context.history.tree.conversation_of(run_id) is None

    def _note(self, widget: QWidget) -> None:
        tab = self._tab(widget)
        if tab is not None and tab.kind != "new":
            self._closed = [*self._closed[-_MOST_CLOSED:], tab]

    def _tab(self, widget: QWidget | None) -> TabMemory | None:
        documents = self.context.documents
        tab = self._content(widget, is_open=widget is documents.currentWidget())
        if tab is None or widget is None:
            return None
        return msgspec.structs.replace(
            tab,
            is_open=widget is documents.currentWidget(),
            is_pinned=documents.is_pinned(widget),
            is_right=documents.is_right(widget),
        )

    def _content(self, widget: QWidget | None, *, is_open: bool) -> TabMemory | None:
        if isinstance(widget, ChatPane):
            if type(widget) is not ChatPane:  # a playback ends with its window
                return None
            if widget in self._waiting:  # not checked yet
                memory = self._waiting[widget]
                return msgspec.structs.replace(memory, row_run=RunId(""), row_span=SpanPath(""))
            return msgspec.structs.replace(
                place_in(widget, self.parts.redactor.text, is_open=is_open),
                filter=widget.conversation.trace.filter_text,
            )
        if widget is None:
            return None
        tab = self.context.features.remember(widget)
        if tab is None and self._is_command(widget.objectName()):
            tab = TabMemory("page", widget.objectName())
        return tab

    def _is_command(self, name: str) -> bool:
        """Whether a page that goes by this name can be opened by a command."""
        return any(command.name == name for command in self.context.commands.commands)

    async def _keep(self) -> None:
        held = self.memory().as_json()
        await asyncio.to_thread(self.parts.memory.keep, _PART, held)

    # bringing it back

    def _start(self) -> None:
        self.context.tasks.start(_TASK, self._restore(), self._finish)

    def _finish(self) -> None:
        if not self._is_over:  # a window that closes while it restores has not come to its end
            self.is_done = True
            self._clock.start()

    async def _restore(self) -> None:
        memory = WindowMemory.read(self.parts.memory.part(_PART))
        self.context.features.of(ExplorerFeature).tree.restore(memory.folded, memory.chosen)
        self._restore_model(memory.model)
        if not memory.tabs:
            return
        await self.context.history.finished()
        await self.context.opening.interrupted_shown()
        fresh = self._fresh_pane()
        self._own = self.context.documents.currentWidget()
        made: dict[int, QWidget] = {}
        order = sorted(range(len(memory.tabs)), key=lambda number: (not memory.tabs[number].is_open, number))
        for number in order:
            tab, known = memory.tabs[number], self.context.history.tree
            if tab.kind == "conversation" and known.conversation_of(RunId(tab.key)) is None:
                continue  # deleted meanwhile
            widget = await self._open(memory.tabs[number], fresh)
            if widget is not None:
                made[number] = widget
        self._put_in_order([(memory.tabs[number], made[number]) for number in sorted(made)])
        if fresh is not None and fresh not in made.values() and made and fresh.conversation.is_fresh:
            self.context.documents.close_tab(self.context.documents.indexOf(fresh))

    def _restore_model(self, spec: str) -> None:
        """New conversations, and the one that is open already, take the last choice."""
        self.context.opening.last_model = self.context.opening.last_model or spec
        for pane in self.context.documents.panes():
            if pane.conversation.is_fresh and not pane.conversation.is_loading:
                pane.conversation.composer.take_model(spec)

    def _fresh_pane(self) -> ChatPane | None:
        panes = self.context.documents.panes()
        return next(
            (pane for pane in panes if pane.conversation.is_fresh and not pane.conversation.composer.text), None
        )

    async def _open(self, tab: TabMemory, fresh: ChatPane | None) -> QWidget | None:
        """Open a tab without taking the person away from where they are."""
        documents = self.context.documents
        here, focused = documents.currentWidget(), self.context.as_window.focusWidget()
        stays = not (tab.is_open and here is self._own)
        documents.setUpdatesEnabled(False)
        try:
            widget = self._open_again(tab, fresh)
            if stays and here is not None and documents.indexOf(here) >= 0:
                documents.setCurrentWidget(here)
                if focused is not None:
                    focused.setFocus()
        finally:
            documents.setUpdatesEnabled(True)
        if isinstance(widget, ChatPane) and tab.kind == "conversation":
            await self._settle(widget, tab)
        await asyncio.sleep(0)
        return widget

    def _open_again(self, tab: TabMemory, fresh: ChatPane | None) -> QWidget | None:
        match tab.kind:
            case "new":
                if fresh is not None:
                    put_draft(fresh, tab)
                    put_model(fresh, tab)
                return fresh
            case "conversation":
                return self._conversation(tab)
            case "page":
                if not self._is_command(tab.key):
                    return None
                self.context.commands[tab.key].trigger()
                page = self.context.documents.currentWidget()
                return page if page is not None and page.objectName() == tab.key else None
            case "tool" | "file":
                return self.context.features.reopen(tab)
            case _:
                assert_never(tab.kind)

    def _conversation(self, tab: TabMemory) -> ChatPane:
        pane = self.context.opening.run(RunId(tab.key))
        pane.conversation.trace.filter_by(tab.filter)
        put_draft(pane, tab)
        self._waiting[pane] = tab
        pane.destroyed.connect(lambda *_: self._waiting.pop(pane, None))
        return pane

    def _arrive(self) -> None:
        """Go to the remembered place in the tab that is looked at, once it is there."""
        pane = self.context.pane
        if pane is None or pane not in self._waiting or pane.conversation.is_loading or not pane.isVisible():
            return
        tab = self._waiting.pop(pane)
        earliest = next((run_id for run_id in pane.conversation.runs if is_about(tab, run_id)), None)
        if earliest is None:
            self._show(pane, tab)
        else:
            self.context.opening.reach(pane, earliest, lambda pane: self._show(pane, tab))

    def _show(self, pane: ChatPane, tab: TabMemory) -> None:
        pane.chat.unfold(tab.unfolded)
        scroll(pane, tab)
        row = pane.conversation.trace.row_at(tab.row_run, tab.row_span)
        trace = self.context.features.of(TraceFeature).open_view
        if row is not None and trace is not None:  # a trace that was hidden stays so
            trace.show_row(row)

    def _put_in_order(self, tabs: list[tuple[TabMemory, QWidget]]) -> None:
        documents = self.context.documents
        here = documents.currentWidget()
        for place, (tab, widget) in enumerate(tabs):
            documents.move_tab(widget, place)
            documents.pin(widget, is_pinned=tab.is_pinned)
        for tab, widget in tabs:
            if tab.is_right and not documents.is_right(widget):
                documents.show_right(widget)
        if here is not None and here is not documents.currentWidget():
            documents.setCurrentWidget(here)
