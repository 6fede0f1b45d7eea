"""Finding as a feature of the window: search everywhere, find in the conversation, quick open."""

from workbench.app.search import SearchHit
from workbench.gui.actions import Command
from workbench.gui.chat.chat_pane import ChatPane
from workbench.gui.feature import Feature, Workplace
from workbench.gui.finding.indexing import Indexing
from workbench.gui.search_popup import SearchPopup

_SEARCH = "search everywhere"


class Finding(Feature):
    """Knows where things are."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.search: SearchPopup
        self.indexing: Indexing

    def commands(self) -> tuple[Command, ...]:
        """Search everywhere."""
        return (
            Command("search", "Search everywhere", "View", lambda: self.search.open(), ("Ctrl+Shift+F",), "search"),
        )

    def begin(self) -> None:
        """Make the popups."""
        place = self.place
        self.indexing = Indexing(place.session.search, place.tasks, place.line)
        self.search = SearchPopup(
            place.session.search, self.indexing, place.look, place.tasks, place.as_window, self.open_hit
        )

    async def put_away(self) -> None:
        """Nothing reads the runs any more when the session closes."""
        self.search.hide()
        self.place.tasks.cancel(_SEARCH)
        await self.place.tasks.finish(_SEARCH)
        await self.indexing.close()

    def open_hit(self, hit: SearchHit, words: str) -> None:
        """Show the recorded run where `words` were found in it."""
        if hit.kind == "name":
            self.place.opening.conversation(hit.run_id)
        else:
            self.place.opening.run(hit.run_id, lambda pane: self._arrive(pane, hit, words))

    def _arrive(self, pane: ChatPane, hit: SearchHit, words: str) -> None:
        row = pane.conversation.trace.row_at(hit.run_id, hit.span)
        if row is not None and self.place.panes.open_trace is not None:
            self.place.panes.trace.show()
            self.place.panes.open_trace.show_row(row)
