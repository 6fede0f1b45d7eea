"""All marks of the project in a list: opened, and taken away with an undo."""

from collections.abc import Callable

from workbench.core.errors import StoreError
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import PageFrame, action_button
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.kit.toasts import Toasts
from workbench.gui.look.look import Look
from workbench.viewmodels.microscope.marks import COLUMNS, MarkList

_ABOUT = (
    "Decisions marked as wrong, with what would have been right. A mark holds all a test case needs; "
    "`workbench marks PROJECT --json` gives them to scripts."
)


class MarksPage(PageFrame):
    """Shows a `MarkList`."""

    def __init__(
        self,
        name: str,
        marks: MarkList,
        look: Look,
        toasts: Toasts,
        open_mark: Callable[[str, str], object],
        save_case: Callable[[str, str], object],
    ) -> None:
        """Both are given the run and the span of a mark."""
        super().__init__(name)
        self.marks = marks
        self._toasts = toasts
        self._open_mark = open_mark
        self._save_case = save_case
        self.table = RowsTable(name, COLUMNS, look, wide=3)
        self.table.remove_asked.connect(self.remove)
        self.table.cellActivated.connect(lambda *_: self.open())
        self.open_button = action_button("Open  Enter", "Open the decision in the microscope", self.open)
        self.case_button = action_button(
            "Save as case", "Save the marked decision as a case of a suite", self.save_case
        )
        self.remove_button = action_button("Remove  Del", "Remove the mark", self.remove)
        self.state = label("", "hint", wraps=True)
        ground, row = flow_row()
        row.addWidget(self.open_button)
        row.addWidget(self.case_button)
        row.addWidget(self.remove_button)
        self.add_section(name, _ABOUT, self.table, ground, self.state)
        self._refresh()
        listen(self, marks.changed, self._refresh)

    def open(self) -> None:
        """Put the decision of the selected mark under the microscope."""
        place = self.table.currentRow()
        if 0 <= place < len(self.marks.marks):
            mark = self.marks.marks[place]
            self._open_mark(mark.run_id, mark.span)

    def save_case(self) -> None:
        """Add the turn of the selected mark to a suite, with what would have been right."""
        place = self.table.currentRow()
        if 0 <= place < len(self.marks.marks):
            mark = self.marks.marks[place]
            self._save_case(mark.run_id, mark.span)

    def remove(self) -> None:
        """Take the selected mark away; it can be undone."""
        place = self.table.currentRow()
        if not 0 <= place < len(self.marks.marks):
            return
        try:
            undo = self.marks.remove(self.marks.marks[place])
        except StoreError as error:
            self._toasts.tell(str(error), tone="error")
            return
        self._toasts.tell("Mark removed", undo)

    def _refresh(self) -> None:
        rows = self.marks.rows
        selected = min(max(self.table.currentRow(), 0), len(rows) - 1) if rows else None
        self.table.show_rows(rows, selected)
        for widget in (self.table, self.open_button, self.case_button, self.remove_button):
            widget.setVisible(bool(rows))
        empty = "No marks yet. Open the menu of a call and choose “Mark as wrong…”."
        self.state.setText(self.marks.problem or ("" if rows else empty))
        self.state.setVisible(bool(self.state.text()))
