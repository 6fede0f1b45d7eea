"""What becomes of a call that no rule of the mock fits: one choice, and which model where one plays the tool."""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from workbench.gui.kit.combo_box import ComboBox
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look
from workbench.viewmodels.mocks.mock_form import ENDINGS, MockForm
from workbench.viewmodels.shared.plain import one_line

_NOT_MOCKED = "Not mocked"
_PLAYED = "Sends each call to this model with the tool's description. Answers are marked as mocked and cost tokens."


class EndingPicker(QWidget):
    """Shows the ending of a `MockForm`. What is chosen is written at once."""

    def __init__(self, form: MockForm, look: Look, start: Callable[[Coroutine[Any, Any, bool]], None]) -> None:
        super().__init__()
        self._form = form
        self._start = start
        self._is_showing = False
        self.choice = self._box("What answers when no rule matches")
        self.model = self._box("Model that plays the tool")
        self._hint = label(_PLAYED, "hint", wraps=True)
        row, boxes = flow_row()
        boxes.addWidget(self.choice)
        boxes.addWidget(self.model)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(row)
        column.addWidget(self._hint)
        self.choice.currentIndexChanged.connect(self._take)
        self.model.currentIndexChanged.connect(self._take)
        self._refresh()
        listen(self, form.changed, self._refresh)

    def _box(self, name: str) -> QComboBox:
        box = ComboBox()
        box.setAccessibleName(name)
        box.view().setAccessibleName(name)
        return box

    def _take(self, *_: object) -> None:
        ending = self.choice.currentData()
        if self._is_showing or not ending:
            return
        models = dict(self._form.models)
        model = self.model.currentData() or next(iter(models), "")
        self._start(self._form.end_with(ending, str(model)))

    def _refresh(self) -> None:
        ending, model = self._form.ending
        self._is_showing = True
        try:
            items = [*([("", _NOT_MOCKED)] if ending is None else []), *ENDINGS]
            _fill(self.choice, items, ending or "")
            _fill(self.model, self._form.models, model)
        finally:
            self._is_showing = False
        self.choice.setEnabled(bool(self._form.tool))
        for widget in (self.model, self._hint):
            widget.setVisible(ending == "model")


def _fill(box: QComboBox, items: "list[tuple[Any, str]] | tuple[tuple[str, str], ...]", chosen: str) -> None:
    if [box.itemData(place) for place in range(box.count())] != [data for data, _ in items]:
        box.clear()
        for data, words in items:
            box.addItem(one_line(words, 80), data)
    box.setCurrentIndex(box.findData(chosen))
