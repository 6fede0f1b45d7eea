"""The popup that commands, quick open and search share: a field, and a list that the keys walk through."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.kit.labels import label, plain_tip
from workbench.gui.kit.look_delegate import Index, LookDelegate
from workbench.gui.look.look import Look
from workbench.viewmodels.shared.popup_row import PopupRow

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
_PAGE = 10
_LEAST_ROWS = 3


class PopupList(QFrame):
    """A popup over the upper middle of its window. It never blocks and leaves the focus where it was.

    `show_rows` fills it; `typed` and `choose` are for subclasses.
    """

    def __init__(self, look: Look, window: QWidget, *, name: str, hint: str, width: int = 560, rows: int = 11) -> None:
        super().__init__(window, Qt.WindowType.Popup)
        self._look = look
        self._window = window
        self._width, self._rows = width, rows
        self.setProperty("role", "popup")
        self.setAccessibleName(name)
        self.field = QLineEdit()
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(name)
        self.field.textChanged.connect(self.typed)
        self.field.installEventFilter(self)
        self.summary = label("", "hint", wraps=True)
        self.summary.hide()
        self.list = QListWidget()
        self.list.setAccessibleName(f"{name}: results")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setItemDelegate(_RowDelegate(look, self.list, height=30))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._take)
        self.line = QHBoxLayout()
        self.line.setContentsMargins(2, 0, 2, 0)
        self.line.addWidget(self.summary, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addLayout(self.line)
        column.addWidget(self.list)

    def open(self) -> None:
        """Show it with the last text selected."""
        window = self._window
        width = min(self._look.px(self._width), window.width() - 40)
        self.setFixedWidth(width)
        self.move(window.mapToGlobal(QPoint((window.width() - width) // 2, self._look.px(52))))
        self.show()
        self.field.setFocus()
        self.field.selectAll()
        self.typed(self.field.text())

    def open_with(self, text: str) -> None:
        """Show it with this text in the field."""
        self.open()
        self.field.setText(text)
        self.field.end(False)

    def typed(self, text: str) -> None:
        """The text changed."""

    def choose(self, payload: object) -> None:
        """The person chose this one; called after the popup has closed."""

    def say(self, words: str) -> None:
        """Show a quiet line above the list."""
        self.summary.setText(words)
        self.summary.setVisible(bool(words))

    def show_rows(self, rows: Sequence[PopupRow]) -> None:
        """Show these, the first one chosen."""
        self.list.clear()
        for row in rows:
            item = QListWidgetItem(row.text)
            item.setData(ROW_ROLE, row)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, row.spoken)
            item.setToolTip(plain_tip(row.obstacle))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._fit()

    def _fit(self) -> None:
        """Make it as high as its results, within bounds."""
        row = self._look.px(30)
        room = max(_LEAST_ROWS, (self._window.height() - self._look.px(52 + 90)) // row)
        self.list.setFixedHeight(row * min(max(self.list.count(), _LEAST_ROWS), self._rows, room))
        layout = self.layout()
        if layout is not None:
            layout.activate()
        self.resize(self.width(), self.sizeHint().height())

    @property
    def chosen_payload(self) -> object:
        """The payload of the current row; None when there is no row."""
        item = self.list.currentItem()
        return item.data(ROW_ROLE).payload if item is not None else None

    def _take(self, item: QListWidgetItem | None) -> None:
        row = item.data(ROW_ROLE) if item is not None else None
        if not isinstance(row, PopupRow) or row.obstacle:
            return
        self.hide()
        self.choose(row.payload)

    def _speak(self) -> None:
        """The focus stays in the field, so screen readers are told where the list is."""
        spoken = self.list.currentItem().data(Qt.ItemDataRole.AccessibleTextRole)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.field, str(spoken)))

    def _step(self, key: int) -> bool:
        count, at = self.list.count(), self.list.currentRow()
        match key:
            case Qt.Key.Key_Down | Qt.Key.Key_Up if count:
                self.list.setCurrentRow((at + (1 if key == Qt.Key.Key_Down else -1)) % count)
                self._speak()
            case Qt.Key.Key_PageDown if count:
                self.list.setCurrentRow(min(at + _PAGE, count - 1))
            case Qt.Key.Key_PageUp if count:
                self.list.setCurrentRow(max(at - _PAGE, 0))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._take(self.list.currentItem())
            case _:
                return False
        return True

    # overrides of Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._step(event.key()):
            return True
        return super().eventFilter(watched, event)


class _RowDelegate(LookDelegate):
    """An icon, words with what was looked for marked, and quiet words or keys at the right end."""

    def _paint_pieces(self, painter: QPainter, rect: QRect, row: PopupRow) -> None:
        left = rect.left()
        plain, bold = self._look.font(), self._look.font(is_bold=True)
        ink = self._look.color("muted" if row.obstacle else "text")
        for words, is_marked in row.pieces:
            font: QFont = bold if is_marked else plain
            metrics = QFontMetrics(font)
            room = rect.right() - left
            if room <= 0:
                return
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
            width = metrics.horizontalAdvance(shown)
            if is_marked:
                height = metrics.height()
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._look.color("mark"))
                painter.drawRoundedRect(left - 1, rect.center().y() - height // 2, width + 2, height, 3, 3)
            painter.setFont(font)
            painter.setPen(ink)
            painter.drawText(
                QRect(left, rect.top(), width + 2, rect.height()), int(Qt.AlignmentFlag.AlignVCenter), shown
            )
            left += width
            if shown != words:
                return

    # overrides of Qt

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: PopupRow = index.data(ROW_ROLE)
        look = self._look
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("selection" if is_selected else "hover"))
            painter.drawRoundedRect(option.rect, 6, 6)
        rect = option.rect.adjusted(10, 0, -10, 0)
        if row.icon:
            size = look.px(16)
            ratio = painter.device().devicePixelRatioF()
            target = QRect(rect.left(), rect.center().y() - size // 2, size, size)
            painter.drawPixmap(target, look.pixmap(row.icon, row.tone, size, ratio))
            rect.setLeft(rect.left() + size + look.px(8))
        small = look.font(0.9)
        metrics = QFontMetrics(small)
        aside = metrics.elidedText(
            row.keys or row.obstacle or row.detail, Qt.TextElideMode.ElideMiddle, rect.width() // 2
        )
        painter.setFont(small)
        painter.setPen(look.color("muted"))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), aside)
        used = metrics.horizontalAdvance(aside) + look.px(14) if aside else 0
        self._paint_pieces(painter, rect.adjusted(0, 0, -used, 0), row)
        painter.restore()
