"""Prices in the settings: the table, what is wrong with the file, and what the project's models cost."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from workbench.gui.costs.price_table import PriceTable
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look
from workbench.viewmodels.costs.price_form import PriceForm
from workbench.viewmodels.shared.plain import one_line

_MAX_MODELS = 12


class PricesPanel(QWidget):
    """Shows a `PriceForm`. `models` gives the names of each model of the project, the usual one first."""

    def __init__(
        self, form: PriceForm, look: Look, models: Callable[[], Sequence[tuple[str, ...]]] = tuple[tuple[str, ...]]
    ) -> None:
        super().__init__()
        self._form = form
        self._models = models
        self.problems = label("", "", wraps=True)
        set_role(self.problems, "tone", "error")
        self.table = PriceTable(look)
        self.table.typed.connect(self._type)
        self.table.add_asked.connect(lambda: self.add_entry())
        self.table.remove_asked.connect(self._remove)
        self.table.move_asked.connect(self._move)
        self.table.undo_asked.connect(lambda: form.undo())
        self.add = self._button("Add a price", "Add a price (Insert)", lambda: self.add_entry())
        self.remove = self._button("Remove", "Remove the price (Delete)", self._remove)
        self.up = self._button("Up  Alt+↑", "Move the price up", lambda: self._move(-1))
        self.down = self._button("Down  Alt+↓", "Move the price down", lambda: self._move(1))
        self.undo = self._button("Undo", "Undo the last price change", lambda: form.undo())
        self.again = self._button("Reload file", "Reload the price file", form.read_again)
        self.message = label("", "", wraps=True)
        self.known = label("", "caption", wraps=True)
        buttons, button_row = flow_row()
        for button in (self.add, self.remove, self.up, self.down, self.undo):
            button_row.addWidget(button)
        button_row.addWidget(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.problems, self.table):
            column.addWidget(widget)
        column.addWidget(buttons)
        column.addWidget(self.message)
        column.addWidget(self.known)
        listen(self, form.changed, self.refresh)
        self.table.itemSelectionChanged.connect(self._show_buttons)
        self.refresh()

    def add_entry(self, model: str = "") -> None:
        """Add a row, by default for the first model without a price."""
        self._form.add(model or self._first_unknown())
        self.table.edit_row(self.table.rowCount() - 1)

    def refresh(self) -> None:
        """Show the prices as they are now."""
        form = self._form
        self.table.show_rows(form.rows)
        problems = form.problems
        self.problems.setText("\n".join(one_line(problem, 300) for problem in problems[:8]))
        self.problems.setVisible(bool(problems))
        self.message.setText(form.message)
        self.message.setVisible(bool(form.message))
        set_role(self.message, "tone", "muted" if form.is_good else "error")
        lines = [
            f"{one_line(names[0], 60)}: {form.words_for(*names)}"
            for names in list(self._models())[:_MAX_MODELS]
            if names
        ]
        here = "In this project — " + " · ".join(lines) + "." if lines else ""
        self.known.setText(f"{here} The file: {form.place}".strip())
        self._show_buttons()

    def _first_unknown(self) -> str:
        taken = {row.model for row in self._form.rows}
        for names in self._models():
            if "unknown" in self._form.words_for(*names) and names[0] not in taken:
                return names[0]
        return ""

    def _type(self, place: int, cell: str, text: str) -> None:
        if not self._form.write(place, cell, text):
            self.table.show_rows(self._form.rows)

    def _remove(self) -> None:
        self._form.remove(self.table.currentRow())

    def _move(self, step: int) -> None:
        place = self.table.currentRow()
        if self._form.move(place, step):
            self.table.setCurrentCell(place + step, self.table.currentColumn())

    def _show_buttons(self) -> None:
        place, count = self.table.currentRow(), len(self._form.rows)
        is_sound = not self._form.problems
        self.add.setEnabled(is_sound)
        self.remove.setEnabled(is_sound and 0 <= place < count)
        self.up.setEnabled(is_sound and 0 < place < count)
        self.down.setEnabled(is_sound and 0 <= place < count - 1)
        self.undo.setEnabled(self._form.can_undo)

    def _button(self, text: str, name: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(lambda _=False: act())
        return button
