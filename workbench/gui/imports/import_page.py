"""The page that imports tools: the text or the files, what was recognized, and what each tool becomes."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from workbench.gui.kit.check_list import CheckList
from workbench.gui.kit.diff_view import DiffView
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
_FEW = 8
_STATES = {True: Qt.CheckState.Checked, None: Qt.CheckState.PartiallyChecked, False: Qt.CheckState.Unchecked}


class ImportPage(QWidget):
    """Shows an `ImportForm`. `read`, `add`, `replace` and `ask_file` do what their buttons say."""

    overwrite_asked = Signal(bool)

    def __init__(
        self,
        form: ImportForm,
        look: Look,
        *,
        read: Callable[[], object],
        add: Callable[[], object],
        replace: Callable[[], object],
        ask_file: Callable[[], object],
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
        self.text.setPlaceholderText("Paste here, drop a file, or choose one")
        self.text.setTabChangesFocus(True)
        self._colors = JsonColors(self.text.document(), look)
        self.text.textChanged.connect(self._take_text)
        self.verdict = label("", "strong", wraps=True)
        self.file = label("", "strong", wraps=True)
        self.choose_file = action_button("Choose a file…", "Choose a file to import", ask_file)
        self.use_text = action_button("Use text instead", "Use text instead of the file", lambda: self.look_at_text())
        self.notes = PlainView(look, "What to know about the import", is_mono=False, max_lines=5)
        self.filter = QLineEdit()
        self.filter.setProperty("role", "filter")
        self.filter.setPlaceholderText("Find tools by name, method, or path")
        self.filter.setAccessibleName("Find tools to import")
        self.filter.textChanged.connect(form.filter_by)
        self.all = QCheckBox()
        self.all.setAccessibleName("Import all tools that are shown")
        self.all.clicked.connect(lambda is_on: form.choose_shown(is_chosen=is_on))
        self.tools = CheckList("Tools found")
        self.tools.checked.connect(lambda key, is_on: form.choose(key, is_chosen=is_on))
        self.tools.currentRowChanged.connect(form.select)
        self.tool_notes = label("", "hint", wraps=True)
        self.preview = PlainView(look, "The tool's file", is_json=True, max_lines=0)
        self.difference = DiffView(look, "What would change")
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
        buttons, row = flow_row()
        for widget in (self.add, self.replace, self.overwrite):
            row.addWidget(widget)
        found = _column(14, self.verdict, self.notes, self.filter, self.all)
        details = _column(0, self.tool_notes, self.difference, self.preview)
        inner = QSplitter(Qt.Orientation.Vertical)
        inner.setChildrenCollapsible(False)
        inner.addWidget(self.tools)
        inner.addWidget(details)
        inner.setStretchFactor(1, 1)
        inner.setSizes([self._look.px(190), self._look.px(290)])
        self._inner = inner
        layout = found.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(inner, 1)
        layout.addWidget(buttons)
        layout.addStretch(0)
        sources, bar = flow_row()
        for widget in (self.choose_file, self.use_text):
            bar.addWidget(widget)
        source = _column(0, sources, self.file)
        layout = source.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(self.text, 1)
        layout.addStretch(0)
        self._split = TurningSplitter(source, found, self._look, narrow=760, beside=290, above=130)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 18, 24, 18)
        outer.setSpacing(8)
        outer.addWidget(label("Import tools", "heading"))
        outer.addWidget(label("Nothing is run, and nothing is written before you add the tools.", "muted", wraps=True))
        outer.addWidget(self._split, 1)

    def _take_text(self) -> None:
        """Colors change a text as well, and say so."""
        if self.text.toPlainText() != self.form.text:
            self.look_at_text()

    def look_at_text(self) -> None:
        """Look at the text instead of files or servers."""
        self.form.write(self.text.toPlainText())
        self._read_timer.start()

    def _show(self) -> None:
        form = self.form
        rows = form.rows
        self.verdict.setText(one_line(form.verdict, 300))
        set_role(self.verdict, "role", "muted" if form.plan.found.is_empty else "strong")
        set_role(self.verdict, "tone", "" if form.plan.found.is_empty else "ok")
        has_tools = bool(form.plan.tools or form.plan.found.conversations)
        source = form.source
        self.text.setVisible(not source)
        self.use_text.setVisible(bool(source))
        self.file.setText(one_line(source, 200))
        self.file.setVisible(bool(source))
        self._split.stack(is_stacked=bool(source))
        self.notes.show_text("\n".join(form.notes))
        self.notes.setVisible(bool(form.notes))
        if self.filter.text() != form.filter:
            self.filter.setText(form.filter)
        count = len(form.plan.tools) + len(form.plan.found.conversations)
        self.filter.setVisible(count > _FEW)
        self.all.setVisible(count > 1)
        self.all.setText(form.count_words)
        self.all.setCheckState(_STATES[form.all_chosen])
        self.tools.show_rows([(row.key, row.words, row.is_chosen) for row in rows])
        if rows and self.tools.currentRow() != form.selected_row:
            self.tools.setCurrentRow(form.selected_row)
        difference = form.difference
        self.preview.show_text(form.preview, max_chars=_MAX_CHARS)
        self.preview.setVisible(not difference)
        self.difference.show_pieces(difference)
        self.difference.setVisible(bool(difference))
        self.tool_notes.setText("\n".join(one_line(note, 200) for note in form.selected_notes))
        self.tool_notes.setVisible(bool(form.selected_notes))
        self._inner.setVisible(has_tools)
        self.add.setEnabled(form.can_add)
        self.add.setText(form.add_words)
        self.overwrite.setVisible(has_tools)
        replacement = form.replacement
        self.replace.setVisible(replacement is not None)
        self.replace.setText(one_line(f"Replace {form.replaces} in the editor", 80).replace("&", "&&"))


def _column(left: int, *widgets: QWidget) -> QWidget:
    made = QWidget()
    made.setProperty("role", "clear")
    column = QVBoxLayout(made)
    column.setContentsMargins(left, 8 if left else 0, 0, 0)
    column.setSpacing(8)
    for widget in widgets:
        column.addWidget(widget)
    return made
