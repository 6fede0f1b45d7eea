"""Ask again, compare results, manage saved ones."""

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.app.runs.live_run import LiveRun
from workbench.core.errors import WorkbenchError
from workbench.gui.kit.diff_view import DiffView
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import ScrollArea, action_button
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.kit.tasks import Tasks
from workbench.gui.kit.toasts import Toasts
from workbench.gui.look.look import Look
from workbench.gui.microscope.ask_panel import AskPanel
from workbench.gui.microscope.side_by_side_table import SideBySideTable
from workbench.gui.microscope.vote_card import VoteCard
from workbench.viewmodels.microscope.kept_samplings import COLUMNS
from workbench.viewmodels.microscope.result import Result, Vote
from workbench.viewmodels.microscope.side_by_side import as_markdown, measured_words, side_by_side
from workbench.viewmodels.microscope.votes import VotesViewModel
from workbench.viewmodels.shared.progress import Progress

MOST_CARDS = 30


class VotesPanel(ScrollArea):
    """`show_live` opens the run that continues from a vote."""

    def __init__(
        self,
        votes: VotesViewModel,
        look: Look,
        tasks: Tasks,
        toasts: Toasts,
        *,
        show_live: Callable[[LiveRun], object],
        follow: Callable[[Progress], object],
    ) -> None:
        super().__init__("Votes")
        self.votes = votes
        self._look = look
        self._toasts = toasts
        self._show_live = show_live
        self.ask = AskPanel(votes, look, tasks, follow)
        self.table = SideBySideTable(look)
        self.table.opened.connect(votes.open)
        self.copy_button = action_button(
            "Copy as Markdown",
            "Copy the comparison as Markdown",
            self.copy_table,
            role="link",
        )
        self.votes_title = label("", "heading")
        self.changes = DiffView(look, "What this condition changes, word by word", max_lines=10)
        self._shown_changes: object = None
        self.settled = label("", "hint", wraps=True)
        self.failures = label("", "hint", wraps=True)
        self.failures.setProperty("tone", "warn")
        self.cards: list[VoteCard] = []
        self._left_out = label("", "caption")
        self.kept_title = label("Saved results", "heading")
        self.kept = RowsTable("Saved results for this decision", COLUMNS, look, wide=4, lines=3)
        self.kept.remove_asked.connect(self.delete)
        self.kept.chosen.connect(votes.open_kept)
        self.delete_button = action_button("Delete  Del", "Delete the saved result", self.delete)
        self.unreadable = label("", "hint", wraps=True)
        inner = QWidget()
        inner.setProperty("role", "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 10, 8, 16)
        column.setSpacing(10)
        column.addWidget(self.ask)
        # above what is opened from it: a row that is clicked stays where it is
        column.addWidget(self.kept_title)
        column.addWidget(self.kept)
        row = QHBoxLayout()
        row.addWidget(self.delete_button)
        row.addWidget(self.unreadable)
        row.addStretch(1)
        column.addLayout(row)
        head = QHBoxLayout()
        self.table_title = label("Side by side", "heading")
        head.addWidget(self.table_title)
        head.addStretch(1)
        head.addWidget(self.copy_button)
        column.addLayout(head)
        column.addWidget(self.table)
        column.addWidget(self.votes_title)
        for words in (self.changes, self.settled, self.failures):
            column.addWidget(words)
        self._cards_column = QVBoxLayout()
        self._cards_column.setSpacing(8)
        column.addLayout(self._cards_column)
        column.addWidget(self._left_out)
        column.addStretch(1)
        self.setWidget(inner)
        self._refresh()
        listen(self, votes.changed, self._refresh)
        self._tasks = tasks

    def reload(self) -> None:
        """Load edits, variants, and saved results that may have changed elsewhere."""
        if not self.votes.is_running:
            self.votes.choice.refresh()
            self._tasks.start(f"kept results {id(self.votes)}", self.votes.kept.load())

    def copy_table(self) -> None:
        """Copy the comparison as Markdown, without keys."""
        text = as_markdown(self.votes.results, self.votes.point)
        QGuiApplication.clipboard().setText(self.votes.point.parts.redactor.text(text))
        self._toasts.tell("Copied the comparison as Markdown", tone="ok")

    def delete(self) -> None:
        """Delete the selected saved result."""
        place = self.kept.currentRow()
        if not 0 <= place < len(self.votes.kept.samplings):
            return
        self._try(lambda: self._delete(place))

    def _delete(self, place: int) -> None:
        undo = self.votes.kept.delete(place)
        self._toasts.tell("Saved result deleted", lambda: self._try(undo))

    def _go_on(self, vote: Vote) -> None:
        result = self.votes.opened
        if result is not None:
            self._try(lambda: self._show_live(self.votes.go_on(result.arm, vote.sample)))

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except WorkbenchError as error:
            self._toasts.tell(str(error), tone="error")

    def _refresh(self) -> None:
        votes = self.votes
        results = votes.results
        opened = votes.opened
        rows = side_by_side(results, votes.point)
        selected = next((place for place, result in enumerate(results) if result is opened), None)
        self.table.show_results(rows, selected, measured_words(votes.point))
        for widget in (self.table_title, self.table, self.copy_button, self.votes_title, self.settled):
            widget.setVisible(bool(rows))
        self._show_votes(opened)
        self.kept.show_rows(votes.kept.rows, self.kept.currentRow() if self.kept.currentRow() >= 0 else None)
        for kept in (self.kept_title, self.kept, self.delete_button):
            kept.setVisible(bool(votes.kept.samplings))
        self.unreadable.setText(votes.kept.unreadable_words)
        self.unreadable.setVisible(bool(votes.kept.unreadable_words))

    def _show_changes(self) -> None:
        changes = self.votes.opened_changes
        if changes != self._shown_changes:
            self._shown_changes = changes
            self.changes.show_parts(changes)
        self.changes.setVisible(bool(changes))

    def _show_votes(self, result: Result | None) -> None:
        found = result.votes(self.votes.point) if result is not None else ()
        shown = found[:MOST_CARDS]
        while len(self.cards) < len(shown):
            card = VoteCard(self._look)
            card.go_on_asked.connect(self._go_on)
            self.cards.append(card)
            self._cards_column.addWidget(card)
        for place, card in enumerate(self.cards):
            if place < len(shown):
                card.show_vote(shown[place])
            card.setVisible(place < len(shown))
        more = len(found) - len(shown)
        self._left_out.setText(f"… and {more} more distinct answers")
        self._left_out.setVisible(more > 0)
        if result is None:
            self.changes.hide()
            self.failures.hide()
            return
        self.votes_title.setText(f"Votes: {result.title}")
        self._show_changes()
        self.settled.setText(result.settled_words)
        self.failures.setText("\n".join(f"⚠ {line}" for line in result.failures[:4]))
        self.failures.setVisible(bool(result.failures))
