"""The outline: the tool, its parameters and what is inside them, as a tree one can work on with the keyboard."""

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QFrame, QStyleOptionViewItem, QTreeView

from workbench.gui.kit.listening import listen
from workbench.gui.kit.look_delegate import Index, LookDelegate
from workbench.gui.kit.undo_keys import UndoKeys
from workbench.gui.look.look import Look
from workbench.gui.schema_editor.outline_item_model import WORST_ROLE, OutlineItemModel
from workbench.viewmodels.schema_editor.editor import SchemaEditorViewModel
from workbench.viewmodels.schema_editor.rows import FormRow
from workbench.viewmodels.shared.plain import one_line

_SIGNS = {"error": ("error", "error"), "warning": ("warn", "warn"), "note": ("note", "accent")}
_TYPES = {
    "object": "braces",
    "array": "list",
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "switch",
}
_KINDS = {"tool": "tool", "result": "result", "raw": "any"}


class OutlineView(QTreeView):
    """Enter goes to the fields, F2 to the name; Insert, Ctrl+D, Alt+Up, Alt+Down and Delete change the parameters."""

    field_asked = Signal(str)
    """The person wants to edit this field of the row."""

    def __init__(self, editor: SchemaEditorViewModel, look: Look, keys: UndoKeys) -> None:
        super().__init__()
        self._editor = editor
        self._look = look
        self.items = OutlineItemModel(editor, self)
        self._is_following = False
        self.setAccessibleName("Outline of the tool")
        self.header().setAccessibleName("Outline columns")
        self.setProperty("role", "side")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHeaderHidden(True)
        self.setModel(self.items)
        self.setItemDelegate(_RowDelegate(look, self, height=26))
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        keys.watch(self)
        self._take_look()
        self.refresh()
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.doubleClicked.connect(lambda _: self.field_asked.emit("name"))
        listen(self, editor.changed, self.refresh)
        listen(self, editor.problems.changed, self.refresh)
        listen(self, editor.form.selection_changed, self._follow)
        look.follow(self, self._take_look)

    def refresh(self) -> None:
        """Show the rows as they are now."""
        was_following, self._is_following = self._is_following, True
        if self.items.refresh():
            self.expandAll()
        self._is_following = was_following
        self._follow()

    def _follow(self) -> None:
        index = self.items.index_of(self._editor.form.row.path)
        if index.isValid() and index != self.currentIndex():
            self._is_following = True
            self.setCurrentIndex(index)
            self.scrollTo(index)
            self._is_following = False

    def _on_current_changed(self, index: QModelIndex) -> None:
        row = self.items.row_of(index)
        if row is not None and not self._is_following:
            self._editor.form.select(row.path)

    def _take_look(self) -> None:
        self.setIndentation(self._look.px(14))
        self.scheduleDelayedItemsLayout()

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        form, key = self._editor.form, event.key()
        is_alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.field_asked.emit("description")
        elif key == Qt.Key.Key_F2:
            self.field_asked.emit("name")
        elif key == Qt.Key.Key_Insert:
            if form.add():
                self.field_asked.emit("name")
        elif is_alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            form.move(-1 if key == Qt.Key.Key_Up else 1)
        elif event.matches(QKeySequence.StandardKey.Delete):
            form.delete()
        elif event.modifiers() == Qt.KeyboardModifier.ControlModifier and key == Qt.Key.Key_D:
            form.duplicate()
        else:
            super().keyPressEvent(event)


class _RowDelegate(LookDelegate):
    """An icon for the type, the name, a star when required, and the type in words at the right end."""

    # overrides of Qt

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = OutlineItemModel.row_of(index)
        if row is None:
            return
        painter.save()
        self.paint_state(painter, option)
        right = option.rect.right() - self._look.px(10)
        sign = _SIGNS.get(str(index.data(WORST_ROLE)))
        if sign is not None:
            right -= self._look.px(18)
            self.paint_icon(painter, *sign, right + self._look.px(4), option.rect)
        self._paint_row(painter, option.rect, row, right)
        painter.restore()

    def _paint_row(self, painter: QPainter, rect: QRect, row: FormRow, right: int) -> None:
        look = self._look
        kind = row.view.type if row.view is not None else ""
        left = rect.left() + look.px(2)
        self.paint_icon(painter, _KINDS.get(row.kind) or _TYPES.get(kind, "any"), "muted", left, rect)
        left += look.px(22)
        room = right - left
        is_top = row.kind in ("tool", "parameters", "result")
        is_said = row.kind in ("items", "rest")
        painter.setFont(look.font(is_bold=True) if is_top else look.font() if is_said else look.mono())
        words = "" if row.kind in ("tool", "parameters", "result") else one_line(row.words, 60)
        name = one_line(row.name, 80)
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, max(room, 20))
        painter.setPen(look.color("muted" if is_said else "text"))
        used = metrics.horizontalAdvance(shown)
        painter.drawText(QRect(left, rect.top(), room, rect.height()), int(Qt.AlignmentFlag.AlignVCenter), shown)
        if row.is_required and used + look.px(10) < room:
            painter.setPen(look.color("accent"))
            place = QRect(left + used + look.px(3), rect.top(), look.px(10), rect.height())
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), "*")
            used += look.px(12)
        painter.setFont(look.font(0.9))
        painter.setPen(look.color("muted"))
        rest = room - used - look.px(10)
        if rest > look.px(28):
            words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, rest)
            place = QRect(right - rest, rect.top(), rest, rect.height())
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), words)
