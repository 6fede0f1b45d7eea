"""What changed, word by word: since the last save, since the tool was opened, against a variant or a copied text."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.kit.combo_box import ComboBox
from workbench.gui.kit.diff_view import DiffView
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.timers import delay
from workbench.gui.kit.undo_keys import UndoKeys
from workbench.gui.look.look import Look
from workbench.viewmodels.schema_editor.bases import COPIED
from workbench.viewmodels.schema_editor.editor import SchemaEditorViewModel
from workbench.viewmodels.shared.plain import one_line

_PAUSE_MS = 150


class ChangesView(QWidget):
    """One part for each changed place, the tool's description first."""

    def __init__(self, editor: SchemaEditorViewModel, look: Look, keys: UndoKeys) -> None:
        super().__init__()
        self.setProperty("role", "clear")
        self._editor = editor
        self.base = ComboBox()
        self.base.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.base.setAccessibleName("Compare with")
        self.base.view().setAccessibleName("Compare with")
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
        self._timer = delay(self, _PAUSE_MS, self.refresh)
        listen(self, editor.changed, self._timer.start)

    def refresh(self) -> None:
        """Show the current changes; nothing is compared while this is hidden."""
        if self.isHidden() or not self.isVisibleTo(self.window()):
            return
        self._fill()
        changes = self._editor.changes()
        self._count.setText(f"{len(changes)} change{'' if len(changes) == 1 else 's'}" if changes else "No changes")
        self.text.show_parts([(f"{change.title} — {change.verb}", change.pieces) for change in changes])

    def _fill(self) -> None:
        bases = self._editor.bases
        wanted = [(base.key, one_line(base.words, 60)) for base in bases.all]
        if wanted != [(self.base.itemData(place), self.base.itemText(place)) for place in range(self.base.count())]:
            self.base.clear()
            for key, words in wanted:
                self.base.addItem(words, key)
        self.base.setCurrentIndex(self.base.findData(bases.chosen.key))

    def _choose(self, place: int) -> None:
        key = str(self.base.itemData(place))
        self._editor.bases.choose(key, copied=QGuiApplication.clipboard().text() if key == COPIED else "")
        self.refresh()
