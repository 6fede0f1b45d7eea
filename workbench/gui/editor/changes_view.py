"""What changed, word by word: since the last save, since the tool was opened, or against a copied text."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.editor.diff_view import DiffView
from workbench.gui.editor.undo_keys import UndoKeys
from workbench.gui.labels import label
from workbench.gui.listening import listen
from workbench.gui.look import Look
from workbench.viewmodels.schema_editor.editor import SchemaEditorViewModel

_PAUSE_MS = 150
_BASES = ("the last save (Ctrl+S)", "the tool as it was opened", "the copied text")


class ChangesView(QWidget):
    """One part for each changed place, the tool's description first."""

    def __init__(self, editor: SchemaEditorViewModel, look: Look, keys: UndoKeys) -> None:
        super().__init__()
        self.setProperty("role", "clear")
        self._editor = editor
        self._copied = ""
        self.base = QComboBox()
        self.base.addItems(list(_BASES))
        self.base.setAccessibleName("Compare with")
        self.base.view().setAccessibleName("What to compare with")
        self.base.activated.connect(self._choose)
        keys.watch(self.base)
        self._count = label("", "hint")
        self.text = DiffView(look, "Changes, word by word")
        head = QHBoxLayout()
        head.setContentsMargins(14, 10, 12, 6)
        head.setSpacing(8)
        head.addWidget(label("Compared with", "caption"))
        head.addWidget(self.base)
        head.addStretch(1)
        head.addWidget(self._count)
        body = QVBoxLayout()
        body.setContentsMargins(8, 0, 0, 0)
        body.addWidget(self.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(body, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self.refresh)
        listen(self, editor.changed, self._timer.start)

    def compare_with(self, text: str, words: str) -> None:
        """Compare with any other text of a tool, such as that of a variant."""
        self._copied = text
        self.base.setItemText(len(_BASES) - 1, words)
        self.base.setCurrentIndex(len(_BASES) - 1)
        self.refresh()

    def refresh(self) -> None:
        """Show the changes as they are now; nothing is compared while nobody looks."""
        if self.isHidden() or not self.isVisibleTo(self.window()):
            return
        base = (None, self._editor.opened_text, self._copied)[max(0, self.base.currentIndex())]
        changes = self._editor.changes(base)
        self._count.setText(f"{len(changes)} change{'' if len(changes) == 1 else 's'}" if changes else "No changes")
        self.text.show_parts([(f"{change.title} — {change.verb}", change.pieces) for change in changes])

    def _choose(self, place: int) -> None:
        if place == len(_BASES) - 1:
            self._copied = QGuiApplication.clipboard().text()
        self.refresh()
