"""The explorer pane: a small tree of problems, tools and runs."""

from collections.abc import Iterable

from PySide6.QtCore import (
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QMenu,
    QTreeView,
)

from workbench.gui.explorer.explorer_model import ITEM_ROLE, ExplorerModel
from workbench.gui.explorer.row_delegate import RowDelegate
from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look
from workbench.viewmodels.explorer.explorer import ExplorerViewModel
from workbench.viewmodels.explorer.explorer_item import ExplorerItem

_CONTROL_KEYS = {Qt.Key.Key_C: "copy-name", Qt.Key.Key_D: "duplicate"}


class ExplorerView(QTreeView):
    """Shows an `ExplorerViewModel`; Enter or a click opens."""

    opened = Signal(object)
    """An `ExplorerItem` was opened."""
    renamed = Signal(str, str)
    """A conversation (its first run) shall have this name."""
    deleted = Signal(str)
    act_asked = Signal(str, object)
    """A key on a row asks for this to be done with it: `copy-name`, `duplicate` or `delete`."""
    menu_opening = Signal(object, object)
    """A `QMenu` about an `ExplorerItem` is about to open; the one who has something to offer there adds it."""

    def __init__(self, explorer: ExplorerViewModel, look: Look) -> None:
        super().__init__()
        self._explorer = explorer
        self._look = look
        self._items = ExplorerModel(self)
        self._closed: set[str] = {"Runs"}
        self._wanted: tuple[str, str] | None = None
        self._is_stale = False
        self.setAccessibleName("Explorer")
        self.setProperty("role", "side")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.header().setAccessibleName("Explorer columns")
        self.setModel(self._items)
        delegate = RowDelegate(look, self)
        delegate.renamed.connect(self.renamed)
        self.setItemDelegate(delegate)
        self.setEditTriggers(QTreeView.EditTrigger.EditKeyPressed)
        self.itemDelegate().closeEditor.connect(lambda *_: self._catch_up())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setIndentation(look.px(14))
        self.clicked.connect(self._open)
        self.activated.connect(self._open)
        self.collapsed.connect(lambda index: self._remember(index, is_closed=True))
        self.expanded.connect(lambda index: self._remember(index, is_closed=False))
        self._fill()
        listen(self, explorer.changed, self._fill)
        look.follow(self, self._on_look_changed)

    @property
    def chosen(self) -> ExplorerItem | None:
        """The current row."""
        index = self.currentIndex()
        held = index.data(ITEM_ROLE) if index.isValid() else None
        return held if isinstance(held, ExplorerItem) else None

    @property
    def folded(self) -> frozenset[str]:
        """The titles of the sections that are closed."""
        return frozenset(self._closed)

    def restore(self, folded: Iterable[str] | None, chosen: tuple[str, str] | None) -> None:
        """Close these sections, and make the row of this kind and target the current one, as soon as it is there."""
        if folded is not None:
            self._closed = set(folded)
        self._wanted = chosen
        if chosen is not None:
            self.setCurrentIndex(QModelIndex())
        self._fill()

    def choose(self, kind: str, target: str) -> bool:
        """Make this row the current one; False when there is none."""
        index = self._items.place_of(kind, target)
        if index.isValid():
            self._wanted = None
            self.setCurrentIndex(index)
        return index.isValid()

    def rename_chosen(self) -> None:
        """Write a new name for the current conversation, in its place."""
        if self.chosen is not None and self.chosen.kind == "conversation":
            self.edit(self.currentIndex())

    def _remember(self, index: QModelIndex, *, is_closed: bool) -> None:
        """A filter opens every section, and that is not what the person wanted forever."""
        if self._explorer.is_filtered:
            return
        title = index.data(ITEM_ROLE).title
        if is_closed:
            self._closed.add(title)
        else:
            self._closed.discard(title)

    def _catch_up(self) -> None:
        if self._is_stale:
            QTimer.singleShot(0, self, self._fill)

    def _fill(self) -> None:
        self._is_stale = self.state() == QTreeView.State.EditingState
        if self._is_stale:
            return
        chosen = self.chosen
        self._items.show_sections(self._explorer.sections)
        for row, section in enumerate(self._items.sections):
            is_open = self._explorer.is_filtered or section.title not in self._closed
            if is_open != self.isExpanded(index := self._items.index(row, 0)):
                self.setExpanded(index, is_open)
        wanted = (chosen.kind, chosen.target) if chosen is not None else self._wanted
        current = self.chosen
        if wanted is not None and (current is None or (current.kind, current.target) != wanted):
            self.choose(*wanted)

    def open_menu(self, index: QModelIndex, point: QPoint) -> None:
        """Offer what can be done with a row, at a point of the screen."""
        held = index.data(ITEM_ROLE) if index.isValid() else None
        if not isinstance(held, ExplorerItem) or not held.is_about_something:
            return
        self.setCurrentIndex(index)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(f"Actions for {held.label}")
        menu.addAction("Open").triggered.connect(lambda: self.opened.emit(held))
        if held.kind == "conversation":
            menu.addAction("Rename\tF2").triggered.connect(self.rename_chosen)
            menu.addAction("Delete\tDel").triggered.connect(lambda: self.deleted.emit(held.target))
        self.menu_opening.emit(menu, held)
        menu.popup(point)

    def _open(self, index: QModelIndex) -> None:
        held = index.data(ITEM_ROLE)
        if not isinstance(held, ExplorerItem) or held.kind == "hint":
            return
        if held.kind == "more":
            self._explorer.show_more(held.target)
        else:
            self.opened.emit(held)

    def _on_look_changed(self) -> None:
        self.setIndentation(self._look.px(14))
        self.scheduleDelayedItemsLayout()

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen = self.chosen
        has_control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if chosen is None or not chosen.is_about_something:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Delete and chosen.kind == "conversation":
            self.deleted.emit(chosen.target)
        elif event.key() == Qt.Key.Key_Delete:
            self.act_asked.emit("delete", chosen)
        elif has_control and event.key() in _CONTROL_KEYS:
            self.act_asked.emit(_CONTROL_KEYS[Qt.Key(event.key())], chosen)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """With the keyboard, the menu belongs to the current row and not to the pointer."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            self.open_menu(index, self.viewport().mapToGlobal(self.visualRect(index).bottomLeft()))
        else:
            self.open_menu(self.indexAt(event.pos()), event.globalPos())
