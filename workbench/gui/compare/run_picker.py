"""The page for choosing runs to compare."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from workbench.core.ids import RunId
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.viewmodels.compare.run_choice import RunChoice

_ID = Qt.ItemDataRole.UserRole


class RunPicker(QWidget):
    """Space chooses a run, Enter compares. `compared` carries the run ids, the baseline first."""

    compared = Signal(list)

    def __init__(self, choice: RunChoice) -> None:
        super().__init__()
        self.choice = choice
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter by text, model, or outcome")
        self.filter.setAccessibleName("Filter runs")
        self.filter.textChanged.connect(choice.filter_by)
        self.list = QListWidget()
        self.list.setProperty("role", "list")
        self.list.setAccessibleName("Runs to compare")
        self.list.itemChanged.connect(self._take)
        self.list.itemActivated.connect(lambda _: self.compare())
        self.verdict = label("", "muted", wraps=True)
        self.button = action_button("Compare", "Compare selected runs", self.compare, role="primary")
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.button)
        foot.addWidget(self.verdict, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 22, 28, 22)
        column.setSpacing(10)
        column.addWidget(label("Compare runs", "heading"))
        column.addWidget(label("Select two or more. The first is the baseline the others are compared with.", "muted"))
        column.addWidget(self.filter)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        listen(self, choice.listed, self._list)
        listen(self, choice.changed, self._show)
        self._list()

    def compare(self) -> None:
        """Compare the chosen runs."""
        if not self.choice.obstacle:
            self.compared.emit(list(self.choice.chosen))

    def _list(self) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for row in self.choice.rows:
            item = QListWidgetItem(row.words)
            item.setData(_ID, row.run_id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            self.list.addItem(item)
        self.list.blockSignals(False)
        if self.list.count():
            self.list.setCurrentRow(0)
        self._show()

    def _show(self) -> None:
        self.list.blockSignals(True)
        for place, row in zip(range(self.list.count()), self.choice.rows, strict=False):
            item = self.list.item(place)
            item.setText(self.choice.shown_words(row))
            is_chosen = item.data(_ID) in self.choice.chosen
            item.setCheckState(Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)
        self.list.blockSignals(False)
        self.button.setEnabled(not self.choice.obstacle)
        self.verdict.setText(" ".join(part for part in (self.choice.verdict, self.choice.obstacle) if part))

    def _take(self, item: QListWidgetItem) -> None:
        self.choice.choose(RunId(item.data(_ID)), is_chosen=item.checkState() == Qt.CheckState.Checked)
