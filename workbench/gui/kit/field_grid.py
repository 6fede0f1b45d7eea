"""Fields side by side in columns of equal width: as many as fit."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from workbench.gui.look.look import Look

_FIELD_PX = 148


class FieldGrid(QWidget):
    """Lays its fields out again when its width changes; `most` is the maximum number of columns."""

    def __init__(self, fields: Sequence[QWidget], look: Look, most: int) -> None:
        super().__init__()
        self._fields = fields
        self._look = look
        self._most = most
        self._columns = 0
        self._offered = tuple(fields)
        self._shown: tuple[QWidget, ...] = ()
        self.setProperty("role", "clear")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # it may become narrower again
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(10)
        self._lay_out()

    def show_only(self, fields: Sequence[QWidget]) -> None:
        """Show these of the fields, and hide the others."""
        self._offered = tuple(fields)
        for field in self._fields:
            field.setVisible(field in self._offered)
        self._lay_out()

    def _lay_out(self) -> None:
        fields = self._offered
        room = (self.width() + self._grid.horizontalSpacing()) // (self._look.px(_FIELD_PX) + 14)
        columns = max(1, min(self._most, room))
        if columns > 2 and len(fields) > columns and len(fields) % columns == 1:
            columns -= 1  # no field is alone in its row
        if (columns, fields) == (self._columns, self._shown):
            return
        self._columns, self._shown = columns, fields
        for field in self._fields:
            self._grid.removeWidget(field)
        for place, field in enumerate(fields):
            self._grid.addWidget(field, place // columns, place % columns, Qt.AlignmentFlag.AlignTop)
        for column in range(self._most):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self.updateGeometry()

    # overrides of Qt

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(_FIELD_PX), self._grid.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()
