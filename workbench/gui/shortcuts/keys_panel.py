"""Choosing keys: a table of all commands, and a field that records pressed keys."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QKeySequenceEdit, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from workbench.gui.frame.actions import native_keys
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import ElidedLabel, label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look
from workbench.gui.shortcuts.keys_table import KeysTable
from workbench.viewmodels.shortcuts.shortcuts import ShortcutTable, objection_to


class KeysPanel(QWidget):
    """Shows a `ShortcutTable`. Enter in the table goes to the field; keys pressed there take effect at once."""

    def __init__(self, shortcuts: ShortcutTable, look: Look) -> None:
        super().__init__()
        self._shortcuts = shortcuts
        self._name = ""
        self._waiting = ""
        self.filter = QLineEdit()
        self.filter.setProperty("role", "filter")
        self.filter.setPlaceholderText("Find a command or a key, such as ctrl+k")
        self.filter.setAccessibleName("Find a command or a key")
        self.filter.setClearButtonEnabled(True)
        for button in self.filter.findChildren(QToolButton):
            button.setAccessibleName("Show all commands")
        self.filter.textChanged.connect(shortcuts.filter_by)
        self.table = KeysTable(look)
        self.table.chosen.connect(self._choose)
        self.table.change_asked.connect(self._go_to_field)
        self.field = QKeySequenceEdit()
        self.field.setMaximumSequenceLength(1)
        self.field.setAccessibleName("Press the new keys")
        self.field.keySequenceChanged.connect(self._take)
        self.field.installEventFilter(self)
        for line in self.field.findChildren(QLineEdit):
            line.setAccessibleName("Press the new keys")
            line.setPlaceholderText("Press the new keys…")
        self.about = ElidedLabel("", "strong")
        self.warning = label("", "hint", wraps=True)
        self.take_it = self._button("Use anyway", "Reassign these keys from the other command", self._confirm)
        self.take_it.setProperty("role", "primary")
        self.add = self._button("Add", "Add these keys and keep the current ones", lambda: self._confirm(also=True))
        self.remove = self._button("No keys", "Remove all keys from this command", self._clear)
        self.reset = self._button("Default", "Restore the default keys of this command", self._reset)
        self.undo = self._button("Undo", "Undo the last key change", shortcuts.undo)
        self.reset_all = self._button("All defaults", "Restore the default keys of all commands", shortcuts.reset_all)
        self.sheet = self._button("Print or save a sheet…", "Show all keys on a printable page", lambda: None)
        record = QHBoxLayout()
        record.setSpacing(8)
        record.addWidget(self.about, 1)
        record.addWidget(self.field, 1)
        holder, buttons = flow_row()
        for widget in (self.take_it, self.add, self.remove, self.reset, self.undo, self.reset_all, self.sheet):
            buttons.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.filter)
        column.addWidget(self.table)
        column.addLayout(record)
        column.addWidget(self.warning)
        column.addWidget(holder)
        listen(self, shortcuts.changed, self._show)
        look.follow(self, self._show)
        self._show()

    def _show(self) -> None:
        rows = self._shortcuts.rows
        if rows and self._shortcuts.row(self._name) is None:
            self._name = rows[0].name
        self.table.show_rows(rows, self._name)
        row = self._shortcuts.row(self._name)
        self.about.setText(row.text if row is not None else "No matches")
        self.field.setEnabled(row is not None)
        self.remove.setEnabled(row is not None and bool(row.keys))
        self.reset.setEnabled(row is not None and row.is_changed)
        self.undo.setEnabled(self._shortcuts.can_undo)
        self.reset_all.setEnabled(self._shortcuts.is_changed)
        clashes = row.clashes if row is not None else ()
        if self._shortcuts.trouble:
            self._warn(self._shortcuts.trouble)
        elif clashes:
            self._warn(f"Its keys are also assigned to {', '.join(clashes)}, so neither works.")
        else:
            self._warn("")

    def _choose(self, name: str) -> None:
        self._name = name
        self._forget()
        self._show()

    def _go_to_field(self, name: str) -> None:
        self._choose(name)
        self.field.setFocus()

    def _take(self, pressed: QKeySequence) -> None:
        """Apply the pressed keys at once, unless there is a conflict."""
        keys = pressed.toString(QKeySequence.SequenceFormat.PortableText)
        if not keys or not self._name:
            return
        if warning := self._shortcuts.warning(self._name, keys):
            self._waiting = "" if objection_to(keys) else keys
            self._warn(warning)
            return
        row = self._shortcuts.row(self._name)
        if row is not None and row.keys and keys not in row.keys:
            self._waiting = keys
            self._warn(f"{native_keys(keys)} is free. Use it instead of {native_keys(row.keys[0])}, or add it.", "ok")
            return
        self._shortcuts.choose(self._name, keys)
        self._forget()

    def _confirm(self, *, also: bool = False) -> None:
        keys, self._waiting = self._waiting, ""
        if keys:
            self._shortcuts.choose(self._name, keys, also=also)
        self._forget()
        self.table.setFocus()

    def _clear(self) -> None:
        self._shortcuts.clear(self._name)

    def _reset(self) -> None:
        self._shortcuts.reset(self._name)

    def _forget(self) -> None:
        self._waiting = ""
        self.field.clear()
        self._show()

    def _warn(self, words: str, tone: str = "warn") -> None:
        self.warning.setText(words)
        self.warning.setVisible(bool(words))
        set_role(self.warning, "tone", tone if words else "")
        self.take_it.setText("Use it" if tone == "ok" else "Use anyway")
        self.take_it.setVisible(bool(self._waiting))
        self.add.setVisible(bool(self._waiting))

    def _button(self, text: str, name: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(lambda _=False: act())  # type: ignore[operator]
        return button

    # overrides of Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter accepts the pending keys, Tab leaves: neither is recorded."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not event.modifiers():
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._waiting:
                self._confirm()
                return True
            if event.key() == Qt.Key.Key_Tab:
                self.focusNextChild()
                return True
        return super().eventFilter(watched, event)
