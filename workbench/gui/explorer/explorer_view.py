"""The explorer pane: a small tree of problems, tools and runs."""

from collections.abc import Iterable

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from workbench.gui.labels import plain_tip
from workbench.gui.listening import listen
from workbench.gui.look import Look
from workbench.viewmodels.explorer import ExplorerItem, ExplorerSection, ExplorerViewModel
from workbench.viewmodels.tone import Tone

_ITEM_ROLE = int(Qt.ItemDataRole.UserRole)
_RUN_ICONS: dict[Tone, tuple[str, str]] = {
    "plain": ("clock", "muted"),
    "busy": ("busy", "accent"),
    "ok": ("ok", "ok"),
    "warn": ("warn", "warn"),
    "error": ("error", "error"),
    "wait": ("hand", "warn"),
}

_CONTROL_KEYS = {Qt.Key.Key_C: "copy-name", Qt.Key.Key_D: "duplicate"}


class ExplorerView(QTreeView):
    """Shows an `ExplorerViewModel`; Enter or a click opens."""

    opened = Signal(object)
    """An `ExplorerItem` was opened."""
    renamed = Signal(str, str)
    """A conversation (its first run) shall have this name."""
    deleted = Signal(str)
    act_asked = Signal(str, object)
    """A key on a row wishes this to be done with it: `copy-name`, `duplicate` or `delete`."""
    menu_opening = Signal(object, object)
    """A `QMenu` about an `ExplorerItem` is about to open; whoever has something to offer there adds it."""

    def __init__(self, explorer: ExplorerViewModel, look: Look) -> None:
        super().__init__()
        self._explorer = explorer
        self._look = look
        self._items = QStandardItemModel(self)
        self._closed: set[str] = {"Runs"}
        self._wanted: tuple[str, str] | None = None
        self._is_stale = False
        self.setAccessibleName("Explorer")
        self.setProperty("role", "side")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHeaderHidden(True)
        self.header().setAccessibleName("Explorer columns")
        self.setModel(self._items)
        self.setItemDelegate(_RowDelegate(look, self))
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
        listen(self, look.changed, self._on_look_changed)

    @property
    def chosen(self) -> ExplorerItem | None:
        """The current row."""
        index = self.currentIndex()
        held = index.data(_ITEM_ROLE) if index.isValid() else None
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
        for row in range(self._items.rowCount()):
            section = self._items.item(row)
            for place in range(section.rowCount()):
                child = section.child(place)
                held = child.data(_ITEM_ROLE)
                if (held.kind, held.target) == (kind, target):
                    self._wanted = None
                    self.setCurrentIndex(child.index())
                    return True
        return False

    def rename_chosen(self) -> None:
        """Write a new name for the current conversation, in its place."""
        if self.chosen is not None and self.chosen.kind == "conversation":
            self.edit(self.currentIndex())

    def _remember(self, index: QModelIndex, *, is_closed: bool) -> None:
        """A filter opens every section, and that is not what the person wanted for ever."""
        if self._explorer.is_filtered:
            return
        title = index.data(_ITEM_ROLE).title
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
        chosen = self.currentIndex().data(_ITEM_ROLE) if self.currentIndex().isValid() else None
        self._items.clear()
        for section in self._explorer.sections:
            root = self._item(section, section.heading)
            for item in section.items:
                child = self._item(item, " ".join(part for part in (item.label, item.detail) if part))
                child.setToolTip(plain_tip(item.tip or item.label))
                root.appendRow(child)
            self._items.appendRow(root)
            self.setExpanded(root.index(), self._explorer.is_filtered or section.title not in self._closed)
        wanted = (chosen.kind, chosen.target) if isinstance(chosen, ExplorerItem) else self._wanted
        if wanted is not None:
            self.choose(*wanted)

    def _item(self, held: ExplorerItem | ExplorerSection, text: str) -> QStandardItem:
        item = QStandardItem(text)
        item.setData(held, _ITEM_ROLE)
        if isinstance(held, ExplorerItem) and held.kind == "hint":
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        elif not isinstance(held, ExplorerItem) or held.kind != "conversation":
            item.setEditable(False)
        return item

    def open_menu(self, index: QModelIndex, point: QPoint) -> None:
        """Offer what can be done with a row, at a point of the screen."""
        held = index.data(_ITEM_ROLE) if index.isValid() else None
        if not isinstance(held, ExplorerItem) or held.kind == "hint":
            return
        self.setCurrentIndex(index)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(f"What can be done with {held.label}")
        menu.addAction("Open").triggered.connect(lambda: self.opened.emit(held))
        if held.kind == "conversation":
            menu.addAction("Rename\tF2").triggered.connect(self.rename_chosen)
            menu.addAction("Delete\tDel").triggered.connect(lambda: self.deleted.emit(held.target))
        self.menu_opening.emit(menu, held)
        menu.popup(point)

    def _open(self, index: QModelIndex) -> None:
        held = index.data(_ITEM_ROLE)
        if isinstance(held, ExplorerItem) and held.kind != "hint":
            self.opened.emit(held)

    def _on_look_changed(self) -> None:
        self.setIndentation(self._look.px(14))
        self.scheduleDelayedItemsLayout()

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen = self.chosen
        has_control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if chosen is None or chosen.kind == "hint":
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
        """With the keyboard, the menu belongs to the current row and not to wherever the pointer is."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            self.open_menu(index, self.viewport().mapToGlobal(self.visualRect(index).bottomLeft()))
        else:
            self.open_menu(self.indexAt(event.pos()), event.globalPos())


class _RowDelegate(QStyledItemDelegate):
    """An icon, a name, and a quiet word at the right end."""

    def __init__(self, look: Look, parent: "ExplorerView") -> None:
        super().__init__(parent)
        self._look = look
        self._view = parent

    # overrides of Qt

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        editor = QLineEdit(parent)
        editor.setProperty("role", "filter")
        editor.setAccessibleName("Name of the conversation")
        return editor

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(index.data(_ITEM_ROLE).label)
            editor.selectAll()

    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if isinstance(editor, QLineEdit):
            self._view.renamed.emit(index.data(_ITEM_ROLE).target, editor.text())

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        is_section = isinstance(index.data(_ITEM_ROLE), ExplorerSection)
        return QSize(80, self._look.px(28 if is_section else 25))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        held = index.data(_ITEM_ROLE)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, self._look.color("selection"))
        elif option.state & QStyle.StateFlag.State_MouseOver and isinstance(held, ExplorerItem):
            painter.fillRect(option.rect, self._look.color("hover"))
        rect = option.rect.adjusted(2, 0, -10, 0)
        if isinstance(held, ExplorerSection):
            painter.setFont(self._look.font(is_bold=True))
            painter.setPen(self._look.color("text"))
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), held.heading)
        else:
            self._paint_item(painter, option, rect, held)
        painter.restore()

    def _paint_item(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, item: ExplorerItem) -> None:
        metrics = option.fontMetrics
        left = rect.left() + 2
        if item.kind != "hint":
            name, token = self._icon(item)
            size = self._look.px(15)
            target = QRect(left, rect.center().y() - size // 2 + 1, size, size)
            painter.drawPixmap(target, self._look.pixmap(name, token, size, painter.device().devicePixelRatioF()))
            left += size + self._look.px(7)
        small = self._look.font(0.9)
        painter.setFont(small)
        painter.setPen(self._look.color("warn" if item.tone == "warn" and item.kind == "tool" else "muted"))
        room = rect.right() - left
        # A run's time is always there; what a problem is about is told when there is room, and in its tool tip.
        spare = room // 2
        if item.kind == "problem":
            spare = max(0, room - metrics.horizontalAdvance(item.label) - self._look.px(8))
        detail = metrics.elidedText(item.detail, Qt.TextElideMode.ElideRight, spare) if spare > 40 else ""
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), detail)
        used = metrics.horizontalAdvance(detail) + (self._look.px(8) if detail else 0)
        painter.setFont(option.font)
        painter.setPen(self._look.color("muted" if item.kind == "hint" else "text"))
        label = metrics.elidedText(item.label, Qt.TextElideMode.ElideRight, room - used)
        painter.drawText(QRect(left, rect.top(), room - used, rect.height()), int(Qt.AlignmentFlag.AlignVCenter), label)

    def _icon(self, item: ExplorerItem) -> tuple[str, str]:
        match item.kind:
            case "conversation":
                name, token = _RUN_ICONS[item.tone]
                return ("chat", "muted") if item.tone in ("ok", "plain") else (name, token)
            case "tool":
                return "tool", "warn" if item.tone == "warn" else "muted"
            case "variant":
                return ("warn", "warn") if item.tone == "warn" else ("edit", "muted")
            case "problem":
                return "error", "error"
            case _:
                return _RUN_ICONS[item.tone]
