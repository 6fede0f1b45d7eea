"""How a row of the explorer looks, and how it is renamed in place."""

from typing import assert_never

from PySide6.QtCore import QAbstractItemModel, QRect, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionViewItem, QWidget

from workbench.gui.explorer.explorer_model import ITEM_ROLE
from workbench.gui.kit.labels import TONE_ICONS
from workbench.gui.kit.look_delegate import Index, LookDelegate
from workbench.gui.look.look import Look
from workbench.viewmodels.explorer.explorer_item import ExplorerItem, ExplorerSection
from workbench.viewmodels.shared.tone import Tone

_RUN_ICONS: dict[Tone, tuple[str, str]] = {**TONE_ICONS, "plain": ("clock", "muted")}


class RowDelegate(LookDelegate):
    """An icon, a name, and a quiet word at the right end."""

    renamed = Signal(str, str)
    """Rename a conversation (its first run)."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent, height=26)

    # overrides of Qt

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setProperty("role", "filter")
        editor.setAccessibleName("Conversation name")
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(index.data(ITEM_ROLE).label)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            self.renamed.emit(index.data(ITEM_ROLE).target, editor.text())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        held = index.data(ITEM_ROLE)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, self._look.color("selection"))
        elif option.state & QStyle.StateFlag.State_MouseOver and isinstance(held, ExplorerItem):
            painter.fillRect(option.rect, self._look.color("hover"))
        rect = option.rect.adjusted(2, 0, -10, 0)
        if isinstance(held, ExplorerSection):
            painter.setFont(self._look.font(is_bold=True))
            painter.setPen(self._look.color("text"))
            heading = painter.fontMetrics().elidedText(held.heading, Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), heading)
        else:
            self._paint_item(painter, option, rect, held)
        painter.restore()

    def _paint_item(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, item: ExplorerItem) -> None:
        metrics = option.fontMetrics
        left = rect.left() + 2
        if item.is_about_something:
            left += self.paint_icon(painter, *self._icon(item), left, rect) + self._look.px(7)
        small = self._look.font(0.9)
        painter.setFont(small)
        painter.setPen(self._look.color("warn" if item.tone == "warn" and item.kind == "tool" else "muted"))
        room = rect.right() - left
        # A run's time is always there; what is known of a problem or a tool is told when there is room, and in its tip.
        spare = room // 2
        if item.kind in ("problem", "tool", "variant"):
            spare = max(0, room - metrics.horizontalAdvance(item.label) - self._look.px(8))
        detail = metrics.elidedText(item.detail, Qt.TextElideMode.ElideRight, spare) if spare > 40 else ""
        if item.kind in ("tool", "variant") and detail != item.detail:
            detail = ""  # a word or two, which say nothing when they are cut
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), detail)
        used = metrics.horizontalAdvance(detail) + (self._look.px(8) if detail else 0)
        painter.setFont(option.font)
        painter.setPen(
            self._look.color("text" if item.is_about_something else "accent" if item.kind == "more" else "muted")
        )
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
            case "run" | "hint" | "more":
                return _RUN_ICONS[item.tone]
            case _:
                assert_never(item.kind)
