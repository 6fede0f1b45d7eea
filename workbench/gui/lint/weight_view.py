"""What each tool and each part of it adds to every request, as a table."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from workbench.app.schema_editor.token_counting import Counter
from workbench.core.visible_text import visible_line
from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look
from workbench.viewmodels.lint.weight_list import WeightList

_COLUMNS = ("Tool", "Part", "Tokens")


class WeightView(QWidget):
    """Shows a `WeightList`. `count` lets a vendor count the chosen tool."""

    def __init__(self, weights: WeightList, look: Look, *, count: Callable[[Counter], object]) -> None:
        super().__init__()
        self.weights = weights
        self._count = count
        self._timer = delay(self, 0, self._show)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter parts")
        self.filter.setAccessibleName("Filter parts of tools")
        self.filter.setMinimumWidth(look.px(180))
        self.filter.textChanged.connect(weights.filter_by)
        self.counter = ChoiceBox("Who counts exactly")
        self.exact = action_button("Count this tool exactly", "Count the chosen tool exactly", self._ask)
        self.note = label("", "hint", wraps=True)
        self.trouble = label("", "", wraps=True)
        set_role(self.trouble, "tone", "error")
        self.table = RowsTable("Token weight", _COLUMNS, look, wide=1, fills=True)
        self.table.chosen.connect(weights.choose)
        bar, controls = flow_row()
        for widget in (self.filter, self.counter, self.exact):
            controls.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (bar, self.note, self.trouble):
            column.addWidget(part)
        column.addWidget(self.table, 1)
        listen(self, weights.changed, self._timer.start)
        look.follow(self, self._timer.start)
        self._show()

    def _show(self) -> None:
        weights, chosen = self.weights, self.weights.chosen
        self.note.setText(weights.summary)
        self.trouble.setText(weights.trouble)
        self.trouble.setVisible(bool(weights.trouble))
        self.table.show_rows(weights.rows, weights.shown.index(chosen) if chosen in weights.shown else None)
        found = weights.counters
        self.counter.show_choices(
            [(one.spec, f"{one.model}, at {one.to}") for one in found], self.counter.currentData()
        )
        if found and self.counter.currentIndex() < 0:
            self.counter.setCurrentIndex(0)
        for widget in (self.counter, self.exact):
            widget.setVisible(bool(found))
        if chosen is not None:
            self.exact.setText(f"Count {visible_line(chosen.tool, max_chars=40)} exactly")
            self.exact.setToolTip("Sends this tool to the vendor, once for each of its parts")

    def _ask(self) -> None:
        counter = next((one for one in self.weights.counters if one.spec == self.counter.currentData()), None)
        if counter is not None:
            self._count(counter)
