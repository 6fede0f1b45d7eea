"""A drop-down list that the wheel scrolls past: only a list with the focus is changed by it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

_LEAST_CHARS = 24


class ComboBox(QComboBox):
    """Every drop-down list of the window."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # by default the wheel would give it the focus

    # overrides of Qt

    def minimumSizeHint(self) -> QSize:
        """Long choices are shortened where there is no room for them."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), _LEAST_CHARS * self.fontMetrics().averageCharWidth()), hint.height())

    def paintEvent(self, _: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        parts = (QStyle.SubControl.SC_ComboBoxEditField, QStyle.SubControl.SC_ComboBoxArrow)
        begin, end = (
            self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).left() for part in parts
        )
        room = end - begin - 4  # Qt paints over the end of the field, up to the arrow
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
