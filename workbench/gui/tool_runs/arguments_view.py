"""The arguments of a call: a field for each, or all of them as JSON."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from workbench.gui.kit.argument_box import ArgumentBox
from workbench.gui.kit.growing_text import GrowingText
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.view_tabs import view_tabs
from workbench.gui.look.look import Look
from workbench.viewmodels.schema_editor.argument_field import ArgumentField
from workbench.viewmodels.schema_editor.argument_form import ArgumentForm
from workbench.viewmodels.shared.plain import one_line

_VIEWS = ("Form", "JSON")
_INDENT = 18


class ArgumentsView(QWidget):
    """Shows one `ArgumentForm`; another form takes another view."""

    def __init__(self, form: ArgumentForm, look: Look) -> None:
        super().__init__()
        self.form = form
        self._look = look
        self.boxes: list[ArgumentBox] = []
        self.setProperty("role", "clear")
        self.views = view_tabs("How to write the arguments", _VIEWS, self._turn)
        self.reset = QToolButton()
        self.reset.setText("Reset")
        self.reset.setAccessibleName("Reset the arguments")
        self.reset.setToolTip("Defaults and examples of the schema")
        self.reset.clicked.connect(form.start_over)
        self.json = GrowingText("Arguments as JSON", look, least=8, most=40, is_json=True)
        self.json.textChanged.connect(self._take_json)
        self.others = label("", "hint", wraps=True)
        self.others.setProperty("tone", "error")
        self._nothing = label("This tool takes no arguments.", "muted")
        self._fields = QWidget()
        self._fields.setProperty("role", "clear")
        self._column = QVBoxLayout(self._fields)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(14)
        inner = QWidget()
        inner.setProperty("role", "page")
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(0, 8, 10, 8)
        inside.setSpacing(10)
        for widget in (self._nothing, self._fields, self.json, self.others):
            inside.addWidget(widget)
        inside.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName("Arguments")
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        self._scroll = scroll
        head = QHBoxLayout()
        head.addWidget(self.views)
        head.addStretch(1)
        head.addWidget(self.reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(scroll, 1)
        listen(self, form.reshaped, self._build)
        listen(self, form.changed, self._show_problems)
        self._build()

    def focus_first(self) -> None:
        """Put the cursor into the first input, or into the one that something is wrong with."""
        if self.form.is_json:
            self.json.setFocus()
            return
        inputs = [box for box in self.boxes if box.field.kind != "group"]
        wrong = [box for box in inputs if self.form.problem_of(box.field)]
        for box in (wrong or inputs)[:1]:
            box.input.setFocus()
            self._scroll.ensureWidgetVisible(box)

    def _build(self) -> None:
        form = self.form
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.boxes = []
        self._add(form.fields, self._column)
        self.views.blockSignals(True)
        self.views.setCurrentIndex(1 if form.is_json else 0)
        self.views.blockSignals(False)
        self._fields.setVisible(not form.is_json and bool(form.fields))
        self._nothing.setVisible(not form.is_json and not form.fields)
        self.json.setVisible(form.is_json)
        if self.json.toPlainText() != form.draft:
            self.json.setPlainText(form.draft)
        self._show_problems()

    def _add(self, fields: tuple[ArgumentField, ...], column: QVBoxLayout) -> None:
        for field in fields:
            box = ArgumentBox(field, self._look)
            box.typed.connect(lambda text, field=field: self.form.write(field, text))
            self.boxes.append(box)
            column.addWidget(box)
            if field.fields:
                inner = QWidget()
                inner.setProperty("role", "clear")
                inside = QVBoxLayout(inner)
                inside.setContentsMargins(self._look.px(_INDENT), 0, 0, 0)
                inside.setSpacing(12)
                self._add(field.fields, inside)
                column.addWidget(inner)

    def _turn(self, place: int) -> None:
        if not self.form.show_json(is_json=place == 1):
            self.views.setCurrentIndex(1)

    def _take_json(self) -> None:
        if self.form.is_json:
            self.form.write_json(self.json.toPlainText())

    def _show_problems(self) -> None:
        for box in self.boxes:
            box.show_problem(self.form.complaint_about(box.field))
        lines = [f"✗ {one_line(words, 300)}" for words in self.form.other_problems]
        if self.form.left_over and not self.form.is_json:
            lines.append(f"Also given, see JSON: {one_line(', '.join(self.form.left_over), 200)}")
        self.others.setText("\n".join(lines))
        self.others.setVisible(bool(lines))
