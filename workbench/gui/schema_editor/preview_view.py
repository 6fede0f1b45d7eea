"""What really goes over each wire, with everything marked that is not as it was written."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QSplitter, QTabBar, QToolButton, QVBoxLayout, QWidget

from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.kit.raw_text import replace_text
from workbench.gui.kit.timers import delay
from workbench.gui.kit.undo_keys import UndoKeys
from workbench.gui.look.look import Look
from workbench.gui.schema_editor.code_view import CodeMark, CodeView
from workbench.viewmodels.schema_editor.editor import SchemaEditorViewModel
from workbench.viewmodels.schema_editor.preview import SIGNS, Preview, wire_names
from workbench.viewmodels.shared.plain import clipped, visible

_PAUSE_MS = 120
_MAX_CHARS = 400_000
_OLD = "The JSON is invalid. This is the last valid version of the tool."
_COLORS = {
    "added": ("ok", "ok_ground"),
    "renamed": ("accent", "user_ground"),
    "rewritten": ("warn", "wait_ground"),
    "dropped": ("error", "error_ground"),
    "note": ("warn", "wait_ground"),
}


class PreviewView(QWidget):
    """A tab for each wire. A request sends the schema as it is; an export can rewrite it for strict mode."""

    def __init__(self, editor: SchemaEditorViewModel, look: Look, keys: UndoKeys) -> None:
        super().__init__()
        self.setProperty("role", "clear")
        self._editor = editor
        self._look = look
        self._preview: Preview | None = None
        self.wires = QTabBar()
        self.wires.setAccessibleName("Wires")
        self.wires.setProperty("role", "pages")
        self.wires.setDrawBase(False)
        self.wires.setExpanding(False)
        self.wires.setUsesScrollButtons(True)
        for _, name in wire_names():
            self.wires.addTab(name)
        self.wires.currentChanged.connect(lambda _: self.refresh())
        self.strict = QCheckBox("Rewrite for strict mode")
        self.strict.setAccessibleName("Rewrite for strict mode")
        self.strict.setToolTip("Applies to exports. Requests always send the schema as it is.")
        self.strict.toggled.connect(lambda _: self.refresh())
        self.use = QPushButton("Use in the tool")
        self.use.setAccessibleName("Use the rewritten schema in the tool")
        self.use.clicked.connect(self._use)
        self.copy = QToolButton()
        self.copy.setAccessibleName("Copy what is sent")
        self.copy.setToolTip("Copy the tool exactly as sent in the request")
        self.copy.clicked.connect(self._copy)
        self._summary = label("", "hint", wraps=True)
        self.text = CodeView(look, "What is sent", has_numbers=False)
        self.text.setReadOnly(True)
        self.changes = PlainView(look, "Changes made by the conversion", is_mono=False, max_lines=0)
        self.changes.document().setDocumentMargin(0)
        for control in (self.wires, self.strict, self.text):
            keys.watch(control)
        options = QHBoxLayout()
        options.setContentsMargins(12, 6, 8, 2)
        options.setSpacing(8)
        options.addWidget(self.strict)
        options.addStretch(1)
        options.addWidget(self.use)
        options.addWidget(self.copy)
        self._foot = QWidget()
        self._foot.setProperty("role", "clear")
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(14, 8, 4, 0)
        foot.setSpacing(4)
        foot.addWidget(self._summary)
        foot.addWidget(self.changes, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.wires)
        column.addLayout(options)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.text)
        self.split.addWidget(self._foot)
        self.split.setStretchFactor(0, 1)
        self.split.setSizes([700, 230])
        column.addWidget(self.split, 1)
        self._timer = delay(self, _PAUSE_MS, self.refresh)
        self._take_look()
        listen(self, editor.changed, self._timer.start)
        look.follow(self, self._take_look)

    def refresh(self) -> None:
        """Show what the chosen wire gets now; nothing is reckoned while nobody looks."""
        if self.isHidden() or not self.isVisibleTo(self.window()):
            return
        wire = wire_names()[max(0, self.wires.currentIndex())][0]
        self.strict.setEnabled(wire != "mcp")
        shown = self._editor.preview(wire, strict=self.strict.isChecked() and wire != "mcp")
        self._preview = shown
        replace_text(self.text.document(), visible(clipped(shown.text, _MAX_CHARS)))
        self.text.show_marks([self._mark(mark.line, mark.kind, mark.words) for mark in shown.marks])
        is_old = self._editor.document.is_broken
        self._summary.setText(visible(f"{_OLD} {shown.summary}" if is_old else shown.summary))
        set_role(self._summary, "tone", "warn" if shown.reason or is_old else "")
        lines = [f"{SIGNS[change.kind]} {change.words}" for change in shown.changes]
        self.changes.show_text("\n".join(lines))
        self.changes.setVisible(bool(lines))
        self.copy.setEnabled(bool(shown.sent))
        self.use.setVisible(shown.rewritten_schema is not None)
        self.use.setEnabled(self._editor.form.can_edit)

    def _mark(self, line: int, kind: str, words: str) -> CodeMark:
        position = self.text.document().findBlockByNumber(line).position()
        token, ground = _COLORS[kind]
        return CodeMark(position, position, token, SIGNS[kind], words, ground)  # type: ignore[index]

    def _copy(self) -> None:
        if self._preview is not None:
            QGuiApplication.clipboard().setText(self._preview.sent)

    def _use(self) -> None:
        if self._preview is not None and self._preview.rewritten_schema is not None:
            self._editor.form.take_schema(self._preview.rewritten_schema)

    def _take_look(self) -> None:
        self.copy.setIcon(self._look.icon("copy"))
        self.copy.setIconSize(QSize(self._look.px(16), self._look.px(16)))
        self.refresh()
