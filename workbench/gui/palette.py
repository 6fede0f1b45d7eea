"""The command palette: every command by name, with its keys; Enter runs it, Esc closes."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.actions import Actions, Command
from workbench.gui.look import Look
from workbench.viewmodels.palette import ranked

_COMMAND_ROLE = int(Qt.ItemDataRole.UserRole)
_WIDTH, _ROWS = 560, 11


class Palette(QFrame):
    """A popup over its window. It never blocks and leaves the focus where it was."""

    def __init__(self, actions: Actions, look: Look, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Popup)
        self._actions = actions
        self._look = look
        self._window = window
        self.setProperty("role", "popup")
        self.setAccessibleName("Command palette")
        self.field = QLineEdit()
        self.field.setPlaceholderText("Run a command…")
        self.field.setAccessibleName("Find a command")
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName("Commands")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setItemDelegate(_CommandDelegate(look, self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._run)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self.list)

    def open(self) -> None:
        """Show it in the upper middle of its window."""
        self.field.clear()
        self._fill("")
        window = self._window
        width = min(self._look.px(_WIDTH), window.width() - 40)
        row = self._look.px(30)
        self.list.setFixedHeight(row * _ROWS)
        self.resize(width, self.sizeHint().height())
        self.move(window.mapToGlobal(QPoint((window.width() - width) // 2, self._look.px(52))))
        self.show()
        self.field.setFocus()

    def _fill(self, text: str) -> None:
        self.list.clear()
        enabled = [command for command in self._actions.commands if self._actions[command.name].isEnabled()]
        for command in ranked(enabled, text, lambda command: f"{command.text} {command.group}"):
            item = QListWidgetItem(command.text)
            item.setData(_COMMAND_ROLE, command)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{command.text} {Actions.keys_text(command)}")
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _run(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        command: Command = item.data(_COMMAND_ROLE)
        self.hide()
        self._actions[command.name].trigger()

    # overrides of Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)


class _CommandDelegate(QStyledItemDelegate):
    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    # overrides of Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        return QSize(100, self._look.px(30))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        command: Command = index.data(_COMMAND_ROLE)  # type: ignore[attr-defined]
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._look.color("selection"))
            painter.drawRoundedRect(option.rect, 6, 6)
        rect = option.rect.adjusted(10, 0, -10, 0)
        keys = Actions.keys_text(command)
        painter.setFont(self._look.font(0.9))
        painter.setPen(self._look.color("muted"))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), keys or command.group)
        painter.setFont(self._look.font())
        painter.setPen(self._look.color("text"))
        painter.drawText(
            QRect(rect.left(), rect.top(), round(rect.width() * 0.7), rect.height()),
            int(Qt.AlignmentFlag.AlignVCenter),
            command.text,
        )
        painter.restore()
