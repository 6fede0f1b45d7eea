"""A request, the rankings of every selector side by side and why, and the texts of a tool that it is found by."""

from collections.abc import Callable, Coroutine

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from workbench.app.tools.tool_changes import Undoable
from workbench.core.errors import WorkbenchError
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.growing_text import GrowingText
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import PageFrame, action_button
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.kit.tasks import Tasks
from workbench.gui.kit.toasts import Toasts
from workbench.gui.look.look import Look
from workbench.viewmodels.routing.routing_board import RoutingBoard

RANKING = "rank a request"
_ABOUT = (
    "Type what a user would say. Each selector ranks the tools: ● is offered, ■ has to be called. Nothing is run, and "
    "nothing is sent unless you ask models, too."
)
_TEXTS = (
    "Words that help the model choose, such as “do not use for …”, make a tool harder to find. So routing searches the "
    "search text in place of the description, and examples: requests for which this tool is right. No model sees them."
)


class RoutingPage(PageFrame):
    """Shows a `RoutingBoard`."""

    def __init__(
        self,
        name: str,
        board: RoutingBoard,
        look: Look,
        tasks: Tasks,
        toasts: Toasts,
        read_again: Callable[[], Coroutine[None, None, None]],
    ) -> None:
        super().__init__(name)
        self.board = board
        self._look, self._tasks, self._toasts, self._read_again = look, tasks, toasts, read_again
        self._shown: tuple[str, str, str] = ("", "", "")
        self.request = GrowingText("Request", look, least=1, most=6)
        self.request.setPlainText(board.request)
        self.models = QCheckBox("Ask models, too")
        self.models.setAccessibleName("Also try selectors that send the request to a model")
        self.rank_button = action_button(
            "Rank  Ctrl+Enter", "Rank the tools for this request", self.rank, role="primary"
        )
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self)
        shortcut.activated.connect(self.rank)
        self.table: RowsTable | None = None
        self._holder = QWidget()
        self._holder.setProperty("role", "clear")
        self._place = QVBoxLayout(self._holder)
        self._place.setContentsMargins(0, 0, 0, 0)
        self.state = label("", "hint", wraps=True)
        ground, row = flow_row()
        row.addWidget(self.rank_button)
        row.addWidget(self.models)
        self.add_section(name, _ABOUT, self.request, ground, self._holder, self.state)
        self._add_texts(look)
        self._show()
        listen(self, board.changed, self._show)

    def rank(self) -> None:
        """Route the request by every selector."""
        self.board.asks_models = self.models.isChecked()
        self._tasks.start(RANKING, self.board.rank(self.request.toPlainText()))

    def refresh(self) -> None:
        """The project's files were read again."""
        if self.board.routed:
            self.rank()
        self._show()

    def save(self) -> None:
        """Write the search text and the examples; it can be undone."""
        undo = self.board.save(self.search_text.toPlainText(), self.examples.toPlainText())
        if undo is not None:
            self._toasts.tell(undo.words, lambda: self._take_back(undo))
            self._tasks.start("reload", self._read_again())

    def _take_back(self, undo: Undoable) -> None:
        try:
            undo.undo()
        except WorkbenchError as error:
            self._toasts.tell(error.message, tone="error")
        self._tasks.start("reload", self._read_again())

    def _add_texts(self, look: Look) -> None:
        self.reasons = label("", "muted", wraps=True)
        self.description = label("", "", wraps=True)
        self.search_text = GrowingText("Search text", look, least=2, most=8)
        self.search_text.setPlaceholderText("As the description")
        self.examples = GrowingText("Examples, one per line", look, least=2, most=12)
        self.examples.setPlaceholderText("Requests for which this tool is right, one per line")
        self.save_button = action_button("Save", "Save the search text and the examples", self.save)
        self._heading = label("", "heading")
        self._texts = QWidget()
        self._texts.setProperty("role", "clear")
        column = QVBoxLayout(self._texts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self._heading, self.reasons, label(_TEXTS, "muted", wraps=True)):
            column.addWidget(widget)
        shown: tuple[tuple[str, QWidget], ...] = (
            ("Description, for the model", self.description),
            ("Search text", self.search_text),
            ("Examples", self.examples),
        )
        for name, text in shown:
            column.addWidget(_caption(name, text))
            column.addWidget(text)
        ground, row = flow_row()
        row.addWidget(self.save_button)
        column.addWidget(ground)
        self.add_section("How a tool is found", "Select a tool in the rankings.", self._texts)

    def _show(self) -> None:
        board = self.board
        self.rank_button.setEnabled(not board.is_busy)
        self._show_table()
        said = board.message or "\n".join((*board.summaries, "Ranking…" if board.is_busy else board.in_use))
        self.state.setText(said)
        self._texts.setVisible(bool(board.tool))
        self._heading.setText(board.tool)
        self.reasons.setText("\n".join(board.reasons))
        self.description.setText(board.description or "This tool has no description.")
        texts = (board.tool, board.search_text, board.examples)
        if texts != self._shown:  # what is being typed stays
            self._shown = texts
            self.search_text.setPlainText(board.search_text)
            self.examples.setPlainText(board.examples)

    def _show_table(self) -> None:
        board, columns = self.board, self.board.columns
        if self.table is None or self.table.columnCount() != len(columns):
            if self.table is not None:
                self._place.removeWidget(self.table)
                self.table.hide()
                self.table.deleteLater()
            self.table = RowsTable("Rankings", columns, self._look, wide=len(columns) - 1)
            self.table.chosen.connect(lambda place: self.board.choose(self.board.rows[place][0]))
            self._place.addWidget(self.table)
        rows = board.rows
        names = [row[0] for row in rows]
        self.table.setHorizontalHeaderLabels(list(columns))
        self.table.show_rows(rows, names.index(board.tool) if board.tool in names else None)
        self.table.setFixedHeight(self.table.height() + self._look.px(14))  # room for a scroll bar below the rows
        self.table.setVisible(bool(rows))


def _caption(text: str, buddy: QWidget) -> QLabel:
    made = label(text, "hint")
    made.setBuddy(buddy)
    return made
