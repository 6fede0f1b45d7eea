"""A list of values: allowed ones with what each means, or examples."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
)

from workbench.core.json_place import parent
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.timers import delay
from workbench.gui.kit.undo_keys import UndoKeys
from workbench.gui.look.look import Look
from workbench.gui.schema_editor.field_box import FieldBox
from workbench.viewmodels.schema_editor.editor import SchemaEditorViewModel
from workbench.viewmodels.schema_editor.fields import Field, ValueRow
from workbench.viewmodels.schema_editor.shown_text import ShownText

MAX_ROWS = 500
_SHOWN_ROWS = 8
_MAX_CELL = 2_000
_PRICE_MS = 250


class ValuesField(FieldBox):
    """Values are typed into the table. Insert adds, Delete removes, Alt+Up and Alt+Down move; Enter goes on to the
    next row, and pasted lines become values."""

    def __init__(self, field: Field, editor: SchemaEditorViewModel, look: Look, keys: UndoKeys) -> None:
        super().__init__(field, editor, look, keys)
        self.table = _Table(self)
        self._has_blank = False
        self._buttons: dict[str, QToolButton] = {}
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        for icon, words, act in (
            ("plus", "Add a value (Insert)", self.add),
            ("up", "Move the value up (Alt+Up)", lambda: self.move_value(-1)),
            ("down", "Move the value down (Alt+Down)", lambda: self.move_value(1)),
            ("trash", "Remove the value (Delete)", self.remove),
        ):
            button = QToolButton()
            button.setToolTip(words)
            button.clicked.connect(lambda _=False, act=act: act())
            self._buttons[icon] = button
            buttons.addWidget(button)
        self.price = label("", "hint")
        self._price_timer = delay(self, _PRICE_MS, self._show_price)
        listen(self, editor.changed, self._price_timer.start)
        self.head.addWidget(self.price)
        self.head.addLayout(buttons)
        keys.watch(self.table)
        self.build(self.table)
        self.table.itemChanged.connect(self._on_item_changed)
        self.table.itemSelectionChanged.connect(self._show_buttons)
        self.take(field, is_fresh=True)
        self._take_look()
        look.follow(self, self._take_look)

    def take(self, field: Field, *, is_fresh: bool) -> None:
        """Show the values."""
        self._has_blank = False
        self._fill(field)
        self._price_timer.start()
        for icon, button in self._buttons.items():
            words = {"plus": "Add to", "up": "Move up in", "down": "Move down in", "trash": "Remove from"}[icon]
            button.setAccessibleName(f"{words} {field.label.casefold()}")

    def _show_price(self) -> None:
        """About what the list, and what its values mean, add to every request."""
        above = parent(self.field.path)[0]
        tokens = self.editor.tokens_at(self.field.path)
        if self.field.key == "enum":
            tokens += self.editor.tokens_at(f"{above}/enumDescriptions")
        self.price.setText(f"≈ {tokens:,} token{'' if tokens == 1 else 's'}" if tokens and self.field.rows else "")

    def add(self) -> None:
        """A blank row at the end, open for typing; it counts when something is in it."""
        if not self._has_blank:
            self._has_blank = True
            self._fill(self.field)
        place = self.table.rowCount() - 1
        self.table.setCurrentCell(place, 0)
        self.table.setFocus()
        item = self.table.item(place, 0)
        if item is not None:
            self.table.editItem(item)

    def next_row(self) -> None:
        """Open the row below the current one for typing; a blank one behind the last."""
        place = self.table.currentRow() + 1
        if place >= len(self.field.rows):
            self.add()
            return
        self.table.setCurrentCell(place, 0)
        item = self.table.item(place, 0)
        if item is not None:
            self.table.editItem(item)

    def paste(self, text: str) -> None:
        """Add each line of a text as a value, behind the current row; empty lines are left out."""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        rows = list(self.field.rows)
        place = self.table.currentRow() + 1 if 0 <= self.table.currentRow() < len(rows) else len(rows)
        rows[place:place] = [ValueRow(line) for line in lines[: MAX_ROWS - len(rows)]]
        if lines:
            self._write(rows, min(place + len(lines), len(rows)) - 1)

    def remove(self) -> None:
        """Remove the value of the current row."""
        place, rows = self.table.currentRow(), list(self.field.rows)
        if 0 <= place < len(rows):
            del rows[place]
            self._write(rows, min(place, len(rows) - 1))
        elif self._has_blank:
            self._has_blank = False
            self._fill(self.field)

    def move_value(self, by: int) -> None:
        """Move the value of the current row."""
        place, rows = self.table.currentRow(), list(self.field.rows)
        if 0 <= place < len(rows) and 0 <= place + by < len(rows):
            rows.insert(place + by, rows.pop(place))
            self._write(rows, place + by)

    def _write(self, rows: list[ValueRow], place: int) -> None:
        column = max(0, self.table.currentColumn())
        self.is_writing = True
        wrong = self.editor.form.write_values(self.field, rows)
        self.is_writing = False
        self.say(wrong)
        if not wrong:
            self._has_blank = False
            self.field = next((f for f in self.editor.form.fields if f.key == self.field.key), self.field)
            self._fill(self.field)
            self.table.setCurrentCell(place, column)

    def _on_item_changed(self, item: QTableWidgetItem) -> None:
        if self.is_writing:
            return
        rows, place = list(self.field.rows), item.row()
        row = rows[place] if place < len(rows) else ValueRow("")
        held = row.text if item.column() == 0 else row.description
        typed = ShownText(held, one_line=True).edited(item.text())
        if place == len(rows):
            if not typed:
                return
            rows.append(row)
        changed = (
            ValueRow(typed, row.description, row.is_text)
            if item.column() == 0
            else ValueRow(row.text, typed, row.is_text)
        )
        rows[place] = changed
        if changed.text == "" and changed.is_text and self.field.type == "string":
            rows[place] = ValueRow('""', changed.description)  # an empty text is a value as well; Delete removes
        self._write(rows, place)

    def _fill(self, field: Field) -> None:
        was_writing, self.is_writing = self.is_writing, True
        table = self.table
        table.setColumnCount(2 if field.is_described else 1)
        table.setHorizontalHeaderLabels(["Value", "Meaning"][: table.columnCount()])
        if (meaning := table.horizontalHeaderItem(1)) is not None:
            meaning.setToolTip("Saved as enumDescriptions and sent with the schema")
        shown = field.rows[:MAX_ROWS]
        table.setRowCount(len(shown) + (1 if self._has_blank else 0))
        for place in range(table.rowCount()):
            row = shown[place] if place < len(shown) else ValueRow("")
            for column, text in enumerate((row.text, row.description)[: table.columnCount()]):
                self._fill_cell(place, column, text, can_edit=len(text) <= _MAX_CELL)
        if len(field.rows) > MAX_ROWS:
            self.say(f"{len(field.rows):,} values; the first {MAX_ROWS} are shown. Edit them in the JSON.")
        self.is_writing = was_writing
        self._fit()
        self._show_buttons()

    def _fill_cell(self, place: int, column: int, text: str, *, can_edit: bool) -> None:
        item = self.table.item(place, column)
        if item is None:
            item = QTableWidgetItem()
            self.table.setItem(place, column, item)
        item.setText(ShownText(text[:_MAX_CELL], one_line=True).shown)
        item.setFont(self.look.mono() if column == 0 else self.look.font())
        editable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        item.setFlags(editable | Qt.ItemFlag.ItemIsEditable if can_edit else editable)

    def _show_buttons(self) -> None:
        place, count = self.table.currentRow(), len(self.field.rows)
        is_on = 0 <= place < count <= MAX_ROWS
        self._buttons["plus"].setEnabled(count < MAX_ROWS)
        self._buttons["up"].setEnabled(is_on and place > 0)
        self._buttons["down"].setEnabled(is_on and place < count - 1)
        self._buttons["trash"].setEnabled(is_on or (self._has_blank and place == count))
        for icon in ("up", "down", "trash"):
            self._buttons[icon].setVisible(self.table.rowCount() > 0)
        self.table.setVisible(self.table.rowCount() > 0)

    def _fit(self) -> None:
        row = self.look.px(26)
        self.table.verticalHeader().setDefaultSectionSize(row)
        head = self.table.horizontalHeader().sizeHint().height() if self.field.is_described else 0
        self.table.horizontalHeader().setVisible(self.field.is_described)
        self.table.setFixedHeight(min(self.table.rowCount(), _SHOWN_ROWS) * row + head + 4)

    def _take_look(self) -> None:
        size = QSize(self.look.px(15), self.look.px(15))
        for icon, button in self._buttons.items():
            button.setIcon(self.look.icon(icon))
            button.setIconSize(size)
        self._fill(self.field)


class _CellEditor(QStyledItemDelegate):
    """The editor of a cell: Enter goes on to the next row, several pasted lines become values."""

    def __init__(self, field: ValuesField) -> None:
        super().__init__(field)
        self._field = field

    # overrides of Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(watched, QLineEdit):
            text = QGuiApplication.clipboard().text()
            if event.matches(QKeySequence.StandardKey.Paste) and len(text.strip().splitlines()) > 1:
                self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.RevertModelCache)
                QTimer.singleShot(0, self._field, lambda: self._field.paste(text))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and watched.text():
                self.commitData.emit(watched)
                self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.NoHint)
                QTimer.singleShot(0, self._field, self._field.next_row)
                return True
        return super().eventFilter(watched, event)


class _Table(QTableWidget):
    def __init__(self, field: ValuesField) -> None:
        super().__init__(0, 1)
        self._field = field
        self.setItemDelegate(_CellEditor(field))
        self.setProperty("role", "values")
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setAccessibleName("Rows")
        self.horizontalHeader().setAccessibleName("Columns")
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Insert:
            self._field.add()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._field.paste(QGuiApplication.clipboard().text())
        elif event.matches(QKeySequence.StandardKey.Delete):
            self._field.remove()
        elif is_alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._field.move_value(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (item := self.currentItem()):
            self.editItem(item)
        else:
            super().keyPressEvent(event)
