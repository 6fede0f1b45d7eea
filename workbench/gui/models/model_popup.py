"""Choosing a model: a field to search in, and the list of what can be chosen."""

from collections.abc import Callable

from PySide6.QtWidgets import QListWidgetItem, QWidget

from workbench.gui.kit.listening import listen
from workbench.gui.kit.popup_list import ROW_ROLE, PopupList
from workbench.gui.look.look import Look
from workbench.viewmodels.models.model_picker import ModelPicker

HINT = "Choose a model…"


class ModelPopup(PopupList):
    """Shows a `ModelPicker`. It stays open while local servers are looked for."""

    def __init__(
        self,
        picker: ModelPicker,
        look: Look,
        window: QWidget,
        *,
        spec: Callable[[], str],
        chosen: Callable[[object], object],
    ) -> None:
        """`spec` is the model in use; `chosen` takes what was picked."""
        super().__init__(look, window, name=HINT.rstrip("…"), hint=HINT, width=680, rows=12)
        self._picker = picker
        self._spec = spec
        self._chosen = chosen
        listen(self, picker.changed, self._show_found)

    def open(self) -> None:
        """Show it with an empty field."""
        self._picker.look_again()
        self.field.clear()
        super().open()

    def typed(self, text: str) -> None:
        """The models and ways that fit."""
        self.say(self._picker.message)
        self.show_rows(self._picker.rows(text, self._spec()))

    def choose(self, payload: object) -> None:
        """Use it, or go there."""
        self._chosen(payload)

    def _take(self, item: QListWidgetItem | None) -> None:
        row = item.data(ROW_ROLE) if item is not None else None
        if row is not None and row.payload == "find":
            self._chosen("find")
        else:
            super()._take(item)

    def _show_found(self) -> None:
        if self.isVisible():
            self.typed(self.field.text())
