"""The fields of the selected row, in groups, in as many columns as there is room for."""

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.kit.field_grid import FieldGrid
from workbench.gui.kit.labels import ElidedLabel, label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import ScrollArea
from workbench.gui.kit.timers import delay
from workbench.gui.kit.undo_keys import UndoKeys
from workbench.gui.look.look import Look
from workbench.gui.schema_editor.field_box import FieldBox
from workbench.gui.schema_editor.line_field import ChoiceField, FlagField, LineField
from workbench.gui.schema_editor.text_field import DescriptionField, JsonField
from workbench.gui.schema_editor.values_field import ValuesField
from workbench.viewmodels.schema_editor.editor import SchemaEditorViewModel
from workbench.viewmodels.schema_editor.fields import Field
from workbench.viewmodels.schema_editor.rows import FormRow

_KINDS: dict[str, type[FieldBox]] = {
    "name": LineField,
    "line": LineField,
    "number": LineField,
    "literal": LineField,
    "text": DescriptionField,
    "choice": ChoiceField,
    "flag": FlagField,
    "values": ValuesField,
    "json": JsonField,
}
_WIDE = ("text", "json", "values", "pattern", "default")
_PRICE_MS = 200
_MOST_COLUMNS = 3


class DetailPanel(ScrollArea):
    """The fields stay the same widgets while they show the same things, so that the focus stays, too."""

    def __init__(self, editor: SchemaEditorViewModel, look: Look, keys: UndoKeys, before: QWidget) -> None:
        """`before` precedes the first field in the Tab order; both are in the same window."""
        super().__init__("Fields")
        self._before = before
        self._editor = editor
        self._look = look
        self._keys = keys
        self._shape: tuple[tuple[str, str, str], ...] = ()
        self._path: str | None = None
        self.boxes: dict[str, FieldBox] = {}
        self._page = QWidget()
        self._page.setProperty("role", "clear")
        self._place = ElidedLabel("", "caption", Qt.TextElideMode.ElideMiddle)
        self._words = ""
        self._price = delay(self, _PRICE_MS, self._show_price)
        self._fields = QWidget()
        self._fields.setProperty("role", "clear")
        column = QVBoxLayout(self._page)
        column.setContentsMargins(20, 14, 20, 20)
        column.setSpacing(10)
        column.addWidget(self._place)
        column.addWidget(self._fields)
        column.addStretch(1)
        self.setWidget(self._page)
        self.refresh()
        listen(self, editor.form.selection_changed, self.refresh)
        listen(self, editor.changed, self.refresh)

    def refresh(self) -> None:
        """Show the selected row as it is now."""
        form = self._editor.form
        fields, row = form.fields, form.row
        shape = tuple((field.key, field.kind, field.group) for field in fields)
        if shape != self._shape:
            self._build(fields, shape)
        is_fresh = row.path != self._path
        self._path = row.path
        for field in fields:
            self.boxes[field.key].show_field(field, is_fresh=is_fresh)
        self._words = _place_words(row, form.rows)
        self._place.setText(self._words)
        self._price.start()
        self._place.setVisible(row.kind != "tool")
        self._fields.setEnabled(form.can_edit)

    # overrides of Qt

    def minimumSizeHint(self) -> QSize:
        """There is no horizontal scroll bar, so the panel is never narrower than its fields."""
        width = self._page.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width, super().minimumSizeHint().height())

    def _show_price(self) -> None:
        """About how many tokens the parameter costs: the whole tool minus the tool without it."""
        row = self._editor.form.row
        tokens = self._editor.tokens_at(row.path) if row.kind in ("property", "result") else 0
        if tokens and self._words:
            self._place.setText(f"{self._words}  ·  ≈ {tokens:,} tokens in every request")

    def focus_field(self, key: str) -> None:
        """Put the focus on a field, or on the first one."""
        box = self.boxes.get(key) or next(iter(self.boxes.values()), None)
        if box is not None:
            box.control.setFocus(Qt.FocusReason.OtherFocusReason)
            self.ensureWidgetVisible(box)

    def _build(self, fields: Sequence[Field], shape: tuple[tuple[str, str, str], ...]) -> None:
        focus = self.window().focusWidget()
        focused = next((key for key, box in self.boxes.items() if focus is not None and box.isAncestorOf(focus)), None)
        if focus is not None and self._fields.isAncestorOf(focus):
            self._page.setFocus()  # when the field is removed, Qt would focus the next one, outside of the form
        self._shape = shape
        old = self._fields
        self._fields = QWidget()
        self._fields.setProperty("role", "clear")
        self.boxes = {field.key: _KINDS[field.kind](field, self._editor, self._look, self._keys) for field in fields}
        column = QVBoxLayout(self._fields)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for group in dict.fromkeys(field.group for field in fields):
            if group:
                column.addSpacing(2)
                column.addLayout(_group_head(group))
            self._lay_out(column, [field for field in fields if field.group == group])
        column.addStretch(1)  # extra space belongs below the fields, not between a label and its input
        layout = self._page.layout()
        assert layout is not None
        layout.replaceWidget(old, self._fields)
        self._fields.show()
        self.updateGeometry()
        old.hide()
        old.deleteLater()
        self._chain()
        if focused is not None and focused in self.boxes:
            self.focus_field(focused)

    def _chain(self) -> None:
        """New fields would be last in the Tab order; they belong after the outline."""
        before = self._before
        for control in self._fields.findChildren(QWidget):
            if control.window() is before.window() and control.focusPolicy() & Qt.FocusPolicy.TabFocus:
                QWidget.setTabOrder(before, control)
                before = control

    def _lay_out(self, column: QVBoxLayout, fields: Sequence[Field]) -> None:
        """Wide fields in lines of their own, small ones beside each other, switches in a row."""
        for is_wide, run in groupby(fields, _is_wide):
            held = list(run)
            if is_wide:
                for field in held:
                    column.addWidget(self.boxes[field.key])
                continue
            flags = [field for field in held if field.kind == "flag"]
            others = [field for field in held if field.kind != "flag"]
            if others:
                column.addWidget(self._grid(others))
            if flags:
                column.addLayout(self._row(flags))

    def _grid(self, fields: Sequence[Field]) -> FieldGrid:
        most = _MOST_COLUMNS if fields[0].group else len(fields)
        return FieldGrid([self.boxes[field.key] for field in fields], self._look, most)

    def _row(self, fields: Sequence[Field]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(18)
        for field in fields:
            row.addWidget(self.boxes[field.key])
        row.addStretch(1)
        return row


def _is_wide(field: Field) -> bool:
    return field.key in _WIDE or field.kind in _WIDE or (field.key == "title" and field.group != "")


def _group_head(title: str) -> QHBoxLayout:
    head = QHBoxLayout()
    head.setSpacing(10)
    head.addWidget(label(title.upper(), "dock-title"))
    rule = QFrame()
    rule.setProperty("role", "rule")
    rule.setFixedHeight(1)
    head.addWidget(rule, 1)
    return head


def _place_words(row: FormRow, rows: Sequence[FormRow]) -> str:
    """Where the row is: `Parameters › guest › phone`."""
    if row.kind == "tool":
        return ""
    above = [other for other in rows if row.path == other.path or row.path.startswith(f"{other.path}/")]
    return " › ".join(other.name for other in above if other.kind != "tool")
