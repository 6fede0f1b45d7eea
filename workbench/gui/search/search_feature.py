"""Finding as a feature of the window: search everywhere, find in the conversation, quick open."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from workbench.app.search.search import SearchHit
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Command
from workbench.gui.frame.feature import Feature, WindowContext
from workbench.gui.frame.palette import Otherwise
from workbench.gui.search.chat_find_bar import ChatFindBar
from workbench.gui.search.indexing import Indexing
from workbench.gui.search.quick_open import QuickOpen, SearchParts
from workbench.gui.trace.trace_feature import TraceFeature
from workbench.viewmodels.shared.plain import one_line

if TYPE_CHECKING:
    from workbench.gui.search.search_popup import SearchPopup

_SEARCH = "search everywhere"


class SearchFeature(Feature[SearchParts]):
    """Knows where things are."""

    def __init__(self, context: WindowContext, parts: SearchParts) -> None:
        super().__init__(context, parts)
        self.indexing: Indexing
        self.quick: QuickOpen
        self._bars: dict[object, ChatFindBar] = {}

    def commands(self) -> tuple[Command, ...]:
        """Search everywhere."""
        return (
            Command("search", "Search everywhere", "View", lambda: self.search.open(), ("Ctrl+Shift+F",), "search"),
            Command("quick-open", "Quick open", "View", lambda: self.quick.open(), ("Ctrl+P",), "search"),
            Command(
                "find", "Find in the conversation", "View", self._with_bar(ChatFindBar.open), ("Ctrl+F",), "search"
            ),
            Command("find-next", "Find next", "View", self._with_bar(lambda bar: bar.step(1)), ("F3",)),
            Command(
                "find-previous",
                "Find previous",
                "View",
                self._with_bar(lambda bar: bar.step(-1)),
                ("Shift+F3",),
            ),
        )

    def begin(self) -> None:
        """Let the palette and keys reach what finds."""
        context = self.context
        self.indexing = Indexing(self.parts.search, context.tasks, context.line)
        self.quick = QuickOpen(context, self.parts)
        context.palette_.offer_otherwise(
            Otherwise("Search all runs for “{}”", lambda words: self.search.open_with(words), "search"),
            Otherwise("Open by name: “{}”", lambda words: self.quick.open_with(words), "chevron-right"),
        )
        for number in range(1, 10):
            go = QShortcut(QKeySequence(f"Ctrl+{number}"), context.as_window)
            go.activated.connect(partial(context.documents.go_to, number))
        context.documents.turned.connect(self._allow)
        self._allow()

    @cached_property
    def search(self) -> SearchPopup:
        """The search everywhere, from its first use on."""
        from workbench.gui.search.search_popup import SearchPopup

        context = self.context
        return SearchPopup(
            self.parts.search, self.indexing, context.look, context.tasks, context.as_window, self.open_hit
        )

    def bar_of(self, pane: ChatPane) -> ChatFindBar:
        """The find bar of a conversation, over the chat; it is made on first use."""
        if pane not in self._bars:
            bar = self._bars[pane] = ChatFindBar(pane, self.context.look)
            bar.whole_asked.connect(lambda: self.context.opening.whole(pane))
            layout = pane.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.insertWidget(0, bar)
            pane.destroyed.connect(lambda *_: self._bars.pop(pane, None))
        return self._bars[pane]

    async def put_away(self) -> None:
        """Nothing reads the runs anymore when the session closes."""
        if "search" in vars(self):
            self.search.hide()
        self.context.tasks.cancel(_SEARCH)
        await self.context.tasks.finish(_SEARCH)
        await self.indexing.close()

    def open_hit(self, hit: SearchHit, words: str) -> None:
        """Show the recorded run where `words` were found in it."""
        if hit.kind == "name":
            self.context.opening.conversation(hit.run_id)
        else:
            self.context.opening.run(hit.run_id, lambda pane: self._arrive(pane, hit, words))

    def _arrive(self, pane: ChatPane, hit: SearchHit, words: str) -> None:
        row = pane.conversation.trace.row_at(hit.run_id, hit.span)
        self.context.features.of(TraceFeature).show_row(row)
        if not self.bar_of(pane).show_hit(words, hit):
            self.context.toasts.tell(
                f"“{one_line(words, 40)}” is in the {hit.kind} of this run, not in the conversation"
            )

    def _with_bar(self, act: Callable[[ChatFindBar], object]) -> Callable[[], None]:
        def act_on_bar() -> None:
            if self.context.pane is not None:
                act(self.bar_of(self.context.pane))

        return act_on_bar

    def _allow(self) -> None:
        """Other pages have a find bar of their own, on the same keys."""
        for name in ("find", "find-next", "find-previous"):
            self.context.commands[name].setEnabled(self.context.pane is not None)
