"""The ground under a cell of the trace: plain, hovered or selected. Text on all of them stays readable."""

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from workbench.gui.look import Look


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, look: Look) -> None:
    """Fill the cell."""
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(option.rect, look.color("selection"))
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(option.rect, look.color("hover"))
