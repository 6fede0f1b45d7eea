"""The ground under a cell of the trace: plain, hovered or selected. Text on all of them stays readable."""

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from workbench.gui.trace.ink import Ink

_SELECTED = QStyle.StateFlag.State_Selected.value
_HOVERED = QStyle.StateFlag.State_MouseOver.value


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, ink: Ink) -> None:
    """Fill the cell."""
    state = option.state.value  # as a number: flags are objects, and there are many cells
    if state & _SELECTED:
        painter.fillRect(option.rect, ink.color("selection"))
    elif state & _HOVERED:
        painter.fillRect(option.rect, ink.color("hover"))
