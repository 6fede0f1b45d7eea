"""The page that imports tools from text: the text, what was recognized in it, and what each tool becomes."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from workbench.gui.kit.check_list import CheckList
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.json_colors import JsonColors
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.kit.timers import delay
from workbench.gui.kit.turning_splitter import TurningSplitter
from workbench.gui.look.look import Look
from workbench.viewmodels.imports.import_form import ImportForm
from workbench.viewmodels.shared.plain import one_line

_PAUSE_MS = 200
_MAX_CHARS = 400_000


class ImportPage(QWidget):
    """Shows an `ImportForm`. `read`, `add`, `replace` and `overwrite` do what is asked for off this thread."""

    overwrite_asked = Signal(bool)

    def __init__(
        self,
        form: ImportForm,
        look: Look,
        *,
        read: Callable[[], object],
        add: Callable[[], object],
        replace: Callable[[], object],
    ) -> None:
        super().__init__()
        self.form = form
        self._look = look
        self._read_timer = delay(self, _PAUSE_MS, read)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = QPlainTextEdit()
        self.text.setProperty("role", "input")
        self.text.setProperty("face", "mono")
        self.text.setAccessibleName("Text with tools")
        self.text.setPlaceholderText("Paste or write here")
        self.text.setTabChangesFocus(True)
        self._colors = JsonColors(self.text.document(), look)
        self.text.textChanged.connect(self._take_text)
        self.verdict = label("", "strong", wraps=True)
        self.tools = CheckList("Tools found")
        self.tools.checked.connect(lambda key, is_on: form.choose(key, is_chosen=is_on))
        self.tools.currentRowChanged.connect(form.select)
        self.preview = PlainView(look, "The tool's file", is_json=True, max_lines=0)
        self.overwrite = QCheckBox("Replace tools of the same name")
        self.overwrite.toggled.connect(self.overwrite_asked)
        self.add = action_button("Add to the project", "Add the tools to the project", add, role="primary")
        self.replace = action_button("", "Replace the tool in the editor", replace)
        self._lay_out()
        listen(self, form.changed, self._show)
        self._show()

    def show_text(self, text: str) -> None:
        """Look at this text."""
        self.text.setPlainText(text)

    def _lay_out(self) -> None:
        found = QWidget()
        found.setProperty("role", "clear")
        column = QVBoxLayout(found)
        column.setContentsMargins(14, 8, 0, 0)
        column.setSpacing(10)
        buttons, row = flow_row()
        for widget in (self.add, self.replace, self.overwrite):
            row.addWidget(widget)
        inner = QSplitter(Qt.Orientation.Vertical)
        inner.setChildrenCollapsible(False)
        inner.addWidget(self.tools)
        inner.addWidget(self.preview)
        inner.setStretchFactor(1, 1)
        inner.setSizes([self._look.px(170), self._look.px(310)])
        self._inner = inner
        column.addWidget(self.verdict)
        column.addWidget(inner, 1)
        column.addWidget(buttons)
        column.addStretch(0)
        split = TurningSplitter(self.text, found, self._look, narrow=600, beside=290, above=130)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 18, 24, 18)
        outer.setSpacing(8)
        outer.addWidget(label("Import tools", "heading"))
        outer.addWidget(label("Nothing is run, and nothing is written before you add the tools.", "muted", wraps=True))
        outer.addWidget(split, 1)

    def _take_text(self) -> None:
        self.form.write(self.text.toPlainText())
        self._read_timer.start()

    def _show(self) -> None:
        form = self.form
        rows = form.rows
        self.verdict.setText(one_line(form.verdict, 300))
        set_role(self.verdict, "tone", "ok" if rows else "")
        self.tools.show_rows([(row.key, f"{row.name} — {row.fate}", row.is_chosen) for row in rows])
        if rows and self.tools.currentRow() != form.selected:
            self.tools.setCurrentRow(form.selected)
        self.preview.show_text(form.preview, max_chars=_MAX_CHARS)
        self._inner.setVisible(bool(rows))
        self.add.setEnabled(form.can_add)
        self.add.setText("Add to the project" if len(form.chosen) < 2 else f"Add {len(form.chosen)} tools")
        self.overwrite.setVisible(bool(rows))
        replacement = form.replacement
        self.replace.setVisible(replacement is not None)
        self.replace.setText(one_line(f"Replace {form.replaces} in the editor", 80).replace("&", "&&"))
