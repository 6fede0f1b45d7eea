"""The form: the outline, the actions of its rows, and the fields of the selected one."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSplitter, QToolButton, QVBoxLayout, QWidget

from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.undo_keys import UndoKeys
from workbench.gui.look.look import Look
from workbench.gui.schema_editor.detail_panel import DetailPanel
from workbench.gui.schema_editor.outline_view import OutlineView
from workbench.viewmodels.schema_editor.editor import SchemaEditorViewModel

_NARROW = 500


class FormView(QWidget):
    """Outline and fields side by side, or stacked when narrow."""

    def __init__(self, editor: SchemaEditorViewModel, look: Look, keys: UndoKeys) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._editor = editor
        self._look = look
        self._zoom = look.zoom
        self.outline = OutlineView(editor, look, keys)
        self.details = DetailPanel(editor, look, keys, self.outline)
        self.outline.field_asked.connect(self.details.focus_field)
        form = editor.form
        self.buttons: dict[str, QToolButton] = {
            "plus": self._button("Add a parameter (Insert)", self._add),
            "result": self._button("Describe the result", form.describe_result),
            "up": self._button("Move up (Alt+Up)", lambda: form.move(-1)),
            "down": self._button("Move down (Alt+Down)", lambda: form.move(1)),
            "copy": self._button("Duplicate (Ctrl+D)", form.duplicate),
            "trash": self._button("Delete (Delete)", form.delete),
        }
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.setSpacing(2)
        for button in self.buttons.values():
            bar.addWidget(button)
        bar.addStretch(1)
        left = QWidget()
        left.setProperty("role", "clear")
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.outline, 1)
        self.broken = _BrokenNotice()
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(left)
        self.split.addWidget(self.details)
        self.split.setChildrenCollapsible(False)
        self.split.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.broken)
        whole.addWidget(self.split, 1)
        self._take_look()
        self._refresh()
        listen(self, editor.changed, self._refresh)
        listen(self, form.selection_changed, self._refresh)
        look.follow(self, self._take_look)

    def focus_outline(self) -> None:
        """Put the focus on the outline."""
        self.outline.setFocus()

    def focus_name(self) -> None:
        """Select the name, so that typing replaces it."""
        self.details.focus_field("name")
        box = self.details.boxes.get("name")
        if box is not None and isinstance(box.control, QLineEdit):
            box.control.selectAll()

    def _button(self, words: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setToolTip(words)
        button.setAccessibleName(words.partition(" (")[0])
        button.clicked.connect(lambda _=False: act())
        return button

    def _add(self) -> None:
        if self._editor.form.add():
            self.focus_name()

    def _refresh(self) -> None:
        form = self._editor.form
        can_edit = form.can_edit
        self.broken.setVisible(not can_edit)
        self.buttons["plus"].setEnabled(can_edit)
        self.buttons["result"].setEnabled(can_edit and not form.has_result)
        for name in ("up", "down", "copy"):
            self.buttons[name].setEnabled(can_edit and form.is_parameter)
        self.buttons["trash"].setEnabled(can_edit and form.can_delete)

    def _take_look(self) -> None:
        size = QSize(self._look.px(16), self._look.px(16))
        for icon, button in self.buttons.items():
            button.setIcon(self._look.icon(icon))
            button.setIconSize(size)
        if self._look.zoom != self._zoom:
            self._zoom = self._look.zoom
            self._share_room()

    def _share_room(self) -> None:
        is_narrow = self.width() < self._look.px(_NARROW)
        self.split.setOrientation(Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal)
        whole = self.height() if is_narrow else self.width()
        first = round(whole * 0.36) if is_narrow else min(round(whole * 0.36), self._look.px(290))
        self.split.setSizes([first, max(whole - first, 1)])

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < self._look.px(_NARROW)
        wanted = Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
        if self.split.orientation() != wanted or event.oldSize().width() <= 0:
            self._share_room()


class _BrokenNotice(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        words = "The JSON is invalid. This form shows the last valid version and is read-only."
        text = label(words, wraps=True)
        text.setProperty("tone", "warn")
        row.addWidget(text, 1)
