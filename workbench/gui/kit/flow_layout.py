"""A row of buttons that wraps."""

from itertools import pairwise

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLayout, QLayoutItem, QSizePolicy, QWidget


class FlowLayout(QLayout):
    """Left to right, then down."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 8, *, is_centered: bool = False) -> None:
        """`is_centered` centers each line instead of aligning it left."""
        super().__init__(parent)
        self._is_centered = is_centered
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}
        """Cached by width until something changes: Qt requests them many times."""
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def _place(self, rect: QRect, *, is_real: bool) -> int:
        """Lay out within `rect`, each line's items centered vertically; return the height of all lines."""
        x, y = rect.left(), rect.top()
        line: list[tuple[QLayoutItem, QPoint, QSize]] = []
        for item in self._items:
            if item.isEmpty():  # hidden: it takes no room
                continue
            hint = item.sizeHint()
            hint.setWidth(min(hint.width(), max(rect.width(), item.minimumSize().width())))
            if item.hasHeightForWidth():  # a row of buttons, or a wrapped text, in this one
                hint.setHeight(item.heightForWidth(hint.width()))
            if line and x + hint.width() > rect.right() + 1:
                y += self._end_line(line, rect, is_real=is_real) + self.spacing()
                x, line = rect.left(), []
            line.append((item, QPoint(x, y), hint))
            x += hint.width() + self.spacing()
        return y + self._end_line(line, rect, is_real=is_real) - rect.top()

    def _end_line(self, line: list[tuple[QLayoutItem, QPoint, QSize]], rect: QRect, *, is_real: bool) -> int:
        height = max((hint.height() for _, _, hint in line), default=0)
        if not is_real or not line:
            return height
        _, last, hint = line[-1]
        room = rect.right() + 1 - (last.x() + hint.width())
        shift = max(0, room // 2) if self._is_centered else 0
        for item, corner, hint in line:
            item.setGeometry(QRect(corner + QPoint(shift, (height - hint.height()) // 2), hint))
        return height

    def insertWidget(self, index: int, widget: QWidget) -> None:
        """Put a widget before the one at this place."""
        self.addWidget(widget)
        self._items.insert(index, self._items.pop())

    # overrides of Qt

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def invalidate(self) -> None:
        self._heights.clear()
        super().invalidate()

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._place(QRect(0, 0, width, 0), is_real=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, is_real=True)

    def sizeHint(self) -> QSize:
        """All in one line; for narrower widths, Qt calls `heightForWidth`."""
        hints = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size


class TwoParts(QWidget):
    """Two parts in a line; the second goes below the first if there is no room beside it. The first gets the
    remaining room if it can use it, else the second."""

    def __init__(self, first: QWidget, second: QWidget) -> None:
        super().__init__()
        self._first, self._second = first, second
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        is_growing = first.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Expanding
        self._grid.setColumnStretch(0 if is_growing else 1, 1)
        self._grid.addWidget(first, 0, 0)
        self._grid.addWidget(second, 0, 1)

    def _place(self) -> None:
        wanted = self._first.sizeHint().width() + self._grid.spacing() + self._second.minimumSizeHint().width()
        is_below = self._grid.itemAtPosition(1, 0) is not None
        if is_below != (self.width() < wanted):
            for part in (self._first, self._second):
                self._grid.removeWidget(part)
            if is_below:
                self._grid.addWidget(self._first, 0, 0)
                self._grid.addWidget(self._second, 0, 1)
            else:
                self._grid.addWidget(self._first, 0, 0, 1, 2)
                self._grid.addWidget(self._second, 1, 0, 1, 2)

    # overrides of Qt

    def minimumSizeHint(self) -> QSize:
        """The width with one below the other."""
        width = max(part.minimumSizeHint().width() for part in (self._first, self._second))
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)


def flow_row(*, is_centered: bool = False) -> tuple[QWidget, FlowLayout]:
    """A widget with a flow layout, as high as its lines need."""
    row = QWidget()
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    row.setSizePolicy(policy)
    return row, FlowLayout(row, is_centered=is_centered)


def tab_in_order(*widgets: QWidget) -> None:
    """Make Tab follow the visible order; by default it follows the order of creation."""
    for one, other in pairwise(widgets):
        QWidget.setTabOrder(one, other)
