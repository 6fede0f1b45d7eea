"""A JSON tree with keys: arrows fold and unfold, Ctrl+C copies a value and Ctrl+Shift+C its path."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QSizePolicy, QTreeView

from workbench.gui.kit.json_delegate import JsonDelegate
from workbench.gui.kit.json_item_model import JsonItemModel
from workbench.gui.kit.listening import listen
from workbench.gui.kit.look_delegate import Index
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look
from workbench.viewmodels.shared.json_find import JsonFind, JsonPlace
from workbench.viewmodels.shared.json_node import JsonNode
from workbench.viewmodels.shared.json_row import path_text
from workbench.viewmodels.shared.json_tree import JsonTree, value_text

COPY_VALUE, COPY_PATH = "Ctrl+C", "Ctrl+Shift+C"


class JsonTreeView(QTreeView):
    """Shows a `JsonTree` and what a `JsonFind` finds in it."""

    menu_asked = Signal(QPoint)
    """The person opened the context menu at this point of the screen."""

    def __init__(self, tree: JsonTree, look: Look, name: str, *, max_lines: int) -> None:
        """`max_lines` is how many lines are shown before it scrolls (0: fill the room)."""
        super().__init__()
        self.tree = tree
        self.finder = JsonFind(tree)
        self._look = look
        self._max_lines = max_lines
        self._is_taking = False
        self._shown_place: JsonPlace | None = None
        self.rows = JsonItemModel(tree, self)
        self.delegate = JsonDelegate(look, self, self.finder)
        self.setAccessibleName(name)
        self.setAccessibleDescription(f"{COPY_VALUE} copies the value, {COPY_PATH} its path")
        self.setProperty("role", "json")
        self.setModel(self.rows)
        self.setItemDelegate(self.delegate)
        self.setHeaderHidden(True)
        self.header().setAccessibleName(f"Columns of {name}")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        if max_lines:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._looking = delay(self, 0, self.finder.go_on)
        self.expanded.connect(lambda index: self._on_folded(index, is_open=True))
        self.collapsed.connect(lambda index: self._on_folded(index, is_open=False))
        listen(self, tree.changed, self._take)
        listen(self, self.finder.changed, self._on_found)
        look.follow(self, self._take_look)
        self._take_look()
        if tree.root is not None:
            self._take()

    @property
    def current(self) -> JsonNode | None:
        """The current row."""
        return self.rows.node(self.currentIndex())

    def wrap(self, *, is_on: bool) -> None:
        """Show each row wrapped, or on one line."""
        self.delegate.is_wrapping = is_on
        self._lay_out()

    def copy_value(self) -> None:
        """Copy the value of the current row."""
        if self.current is not None:
            QGuiApplication.clipboard().setText(value_text(self.current))

    def copy_path(self) -> None:
        """Copy the path of the current row."""
        if self.current is not None:
            QGuiApplication.clipboard().setText(path_text(self.current))

    def go_to(self, place: JsonPlace) -> JsonNode | None:
        """Expand the rows above a place and scroll to it."""
        way = self.tree.way_to(place.path, place.piece)
        if not way:
            return None
        self._is_taking = True
        for node in way[:-1]:
            self.setExpanded(self.rows.index_of(node), True)
        self._is_taking = False
        self.setCurrentIndex(self.rows.index_of(way[-1]))
        self.scrollTo(self.currentIndex())
        self._fit()
        return way[-1]

    def _take(self) -> None:
        self._is_taking = True
        for node in self.tree.open_nodes():
            self.setExpanded(self.rows.index_of(node), True)
        self._is_taking = False
        self._shown_place = None
        if self.finder.spans is not None:
            self.finder.look_for(self.finder.spans, self.finder.at)
        self._fit()

    def _on_folded(self, index: Index, *, is_open: bool) -> None:
        node = self.rows.node(index)
        if node is None or self._is_taking:
            return
        self.tree.fold(node, is_open=is_open)
        self._fit()

    def _on_found(self) -> None:
        if self.finder.is_looking:
            self._looking.start()
        place = self.finder.current
        if place != self._shown_place:
            self._shown_place = place
            node = self.go_to(place) if place is not None else None
            self.delegate.current = (node, place.nth) if node is not None and place is not None else None
        self.viewport().update()

    def _lay_out(self) -> None:
        self.scheduleDelayedItemsLayout()
        self._fit()

    def _take_look(self) -> None:
        self.setIndentation(self._look.px(16))
        self._lay_out()

    def _fit(self) -> None:
        """Make it as high as its rows, up to the maximum."""
        if not self._max_lines:
            return
        most = self._max_lines * self.delegate.line_height
        height, index = 0, self.rows.index(0, 0)
        while index.isValid() and height <= most:
            height += self.sizeHintForIndex(index).height()
            index = self.indexBelow(index)
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if height <= most else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(policy)
        height = min(height, most) + 2
        if self.height() != height or self.minimumHeight() != height:
            self.setFixedHeight(height)

    def _act_for(self, event: QKeyEvent) -> Callable[[], object] | None:
        keys = QKeySequence(event.keyCombination())
        if keys == QKeySequence(COPY_VALUE):
            return self.copy_value
        if keys == QKeySequence(COPY_PATH):
            return self.copy_path
        if event.key() == Qt.Key.Key_Asterisk:  # Qt would expand everything below, however much there is
            return lambda: self.tree.fold_all(is_open=True)
        return None

    # overrides of Qt

    def event(self, event: QEvent) -> bool:
        """These keys act here, whatever they do elsewhere in the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._act_for(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = self._act_for(event)
        if act is not None:
            act()
        else:
            super().keyPressEvent(event)

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """The arrow stands beside the first line of a row, however many it has."""
        if self.selectionModel().isSelected(index):
            painter.fillRect(rect, self._look.color("selection"))
        line = QRect(rect)
        line.setHeight(self.delegate.line_height)
        super().drawBranches(painter, line, index)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        corner = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self.menu_asked.emit(corner if is_by_key else event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._lay_out()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._max_lines and self.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
            event.ignore()
            return
        super().wheelEvent(event)
