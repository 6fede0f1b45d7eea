"""A small whole number to type, or to change with the arrow keys."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from workbench.gui.look.look import Look


class NumberField(QLineEdit):
    """From `least` to `most`; Up and Down step, Page Up and Page Down step by ten."""

    number_changed = Signal(int)

    def __init__(self, name: str, value: int, most: int, look: Look, *, least: int = 1) -> None:
        super().__init__(str(value))
        self._least, self._most = least, most
        self.setAccessibleName(name)
        self.setAccessibleDescription(f"{least} to {most}")
        self.setToolTip(f"{name}: {least} to {most:,}")
        self.setValidator(QIntValidator(least, most, self))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFixedWidth(look.px(64))
        look.follow(self, lambda: self.setFixedWidth(look.px(64)))
        self.textEdited.connect(self._tell)

    @property
    def number(self) -> int | None:
        """The number; None while the text is not a number within bounds."""
        text = self.text()
        return int(text) if text.isdecimal() and self._least <= int(text) <= self._most else None

    def show_number(self, number: int | None) -> None:
        """Set the number, or none, unless one is being typed."""
        if self.number != number and not (self.hasFocus() and self.number is None):
            self.setText("" if number is None else str(number))

    def step(self, by: int) -> None:
        """Step up or down."""
        self.setText(str(min(max((self.number or self._least) + by, self._least), self._most)))
        self._tell()

    def _tell(self) -> None:
        if self.number is not None:
            self.number_changed.emit(self.number)

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        by = steps.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.step(by)
