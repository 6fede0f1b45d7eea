"""The page on which a fork is prepared. Nothing is sent before its one button is pressed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workbench.core.errors import WorkbenchError
from workbench.gui.kit.combo_box import ComboBox
from workbench.gui.kit.diff_view import DiffView
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import PageFrame, action_button
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look
from workbench.replay.fork_tools import ForkTools
from workbench.viewmodels.replay.fork_form import KEEP_WORDS, SERVING_WORDS, ForkForm, ToolSource, changes_in_words
from workbench.viewmodels.shared.plain import visible
from workbench.viewmodels.shared.trouble import error_words, trouble_words

_PAUSE_MS = 150


class ForkPage(PageFrame):
    """One fork. `launched` carries the run that was begun."""

    launched = Signal(object)
    left = Signal()

    def __init__(self, form: ForkForm, look: Look) -> None:
        super().__init__("Fork from here")
        self.form = form
        self._look = look
        self._pause = delay(self, _PAUSE_MS, self.show_preview)
        self.point = _combo("Fork point")
        self.message = _text("Fork message", look, lines=3)
        self.variant = _combo("Variant")
        self.model = _combo("Model")
        self.choice = _combo("Tool choice")
        self.instructions = _text("Fork instructions", look, lines=4)
        self.keep = _combo("Sealed thinking")
        self.serving = {tools: QRadioButton(words) for tools, (words, _) in SERVING_WORDS.items()}
        self._serving_words = label("", "caption", wraps=True)
        self._message_label = label("Message", "muted")
        self._count = label("", "strong", wraps=True)
        self.changes = DiffView(look, "What changes, word by word", max_lines=14)
        self.thinking = label("", "muted", wraps=True)
        self.losses = label("", "", wraps=True)
        self.notices = label("", "", wraps=True)
        self.trouble = label("", "", wraps=True)
        self.launch_button = action_button("Launch the fork", "Launch the fork", self.launch, role="primary")
        self.close_button = action_button("Close", "Close without forking", self.left.emit)
        about = f"Starts a live run that shares everything before this point with {form.run_words}."
        self.add_section("Fork from here", about, self._fields(look))
        shown = (self.trouble, self._count, self.changes, self.thinking, self.losses, self.notices)
        self.add_section("What changes", "", self._buttons(look), *shown)  # the buttons stay where they are
        self._fill()
        self._connect()
        self.show_preview()

    def show_preview(self) -> None:
        """Say what would be launched, or why nothing can be."""
        preview = self.form.preview()
        self._count.setText(changes_in_words(preview.lines) if preview.fork is not None else "")
        self._count.setVisible(preview.fork is not None)
        self.changes.show_parts([(line.place, line.pieces) for line in preview.lines])
        self.changes.setVisible(bool(preview.lines))
        self.thinking.setText(f"Thinking: {preview.thinking}" if preview.thinking else "")
        self.thinking.setVisible(bool(preview.thinking))
        lost = "\n".join(f"− {visible(loss)}" for loss in preview.losses)
        self.losses.setText(f"Not carried over:\n{lost}" if lost else "")
        self.losses.setVisible(bool(lost))
        set_role(self.losses, "tone", "warn")
        self.notices.setText("\n".join(preview.notices))
        self.notices.setVisible(bool(preview.notices))
        set_role(self.notices, "tone", "warn")
        trouble = trouble_words(preview.trouble, preview.hint)
        self.show_trouble(trouble)
        self.launch_button.setEnabled(not trouble)

    def show_trouble(self, words: str) -> None:
        """Why nothing can be launched."""
        self.trouble.setText(visible(words))
        self.trouble.setVisible(bool(words))
        set_role(self.trouble, "tone", "error")

    def launch(self) -> None:
        """Begin the fork."""
        try:
            live = self.form.launch()
        except WorkbenchError as error:
            self.show_trouble(error_words(error))
            return
        self.launched.emit(live)

    def _fields(self, look: Look) -> QWidget:
        widget = QWidget()
        rows = QFormLayout(widget)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setHorizontalSpacing(look.px(16))
        rows.setVerticalSpacing(look.px(10))
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows.addRow(label("From", "muted"), self.point)
        rows.addRow(self._message_label, self.message)
        rows.addRow(label("Variant", "muted"), self.variant)
        rows.addRow(label("Model", "muted"), self.model)
        rows.addRow(label("Tool choice", "muted"), self.choice)
        rows.addRow(label("Instructions", "muted"), self.instructions)
        rows.addRow(label("Calls", "muted"), self._serving(look))
        rows.addRow(label("Thinking", "muted"), self.keep)
        return widget

    def _serving(self, look: Look) -> QWidget:
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(4))
        row = QHBoxLayout()
        row.setSpacing(look.px(18))
        for tools, button in self.serving.items():
            button.setAccessibleName(f"Calls after the fork diverges: {button.text()}")
            button.setAccessibleDescription(SERVING_WORDS[tools][1])
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._serving_words)
        return widget

    def _buttons(self, look: Look) -> QWidget:
        widget = QWidget()
        widget.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(8))
        row.addWidget(self.launch_button)
        row.addWidget(self.close_button)
        row.addStretch(1)
        return widget

    def _fill(self) -> None:
        form = self.form
        for point in form.points:
            self.point.addItem(visible(form.point_words(point)), point)
        self.point.setCurrentIndex(form.points.index(form.point) if form.point in form.points else -1)
        self.variant.addItem("as recorded", ("recorded", ""))
        self.variant.addItem("the tools as edited now", ("project", ""))
        for name in form.variant_names:
            self.variant.addItem(visible(name), ("stored", name))
        for spec, words in form.model_specs():
            self.model.addItem(visible(words), spec)
        for keep, words in KEEP_WORDS.items():
            self.keep.addItem(words, keep)
        self.serving[form.tools].setChecked(True)
        self._show_choices()
        self._show_texts()
        self._show_serving()

    def _connect(self) -> None:
        form = self.form
        self.point.activated.connect(lambda _: self._choose_point())
        self.message.textChanged.connect(lambda: form.write_message(self.message.toPlainText()))
        self.variant.activated.connect(lambda _: self._choose_variant(*self.variant.currentData()))
        self.model.activated.connect(lambda _: form.choose_model(self.model.currentData()))
        self.choice.activated.connect(lambda _: form.choose_tool_choice(self.choice.currentData()))
        self.instructions.textChanged.connect(lambda: form.write_instructions(self.instructions.toPlainText()))
        self.keep.activated.connect(lambda _: form.keep_thinking(self.keep.currentData()))
        for tools, button in self.serving.items():
            button.toggled.connect(lambda is_on, tools=tools: self._serve(tools) if is_on else None)
        listen(self, form.changed, self._follow)

    def _follow(self) -> None:
        """Something was chosen, here or by another feature that opened this page."""
        wanted = (self.form.source, self.form.variant_name)
        places = range(self.variant.count())
        chosen = next((place for place in places if tuple(self.variant.itemData(place)) == wanted), -1)
        if chosen != self.variant.currentIndex():
            self.variant.setCurrentIndex(chosen)
            self._show_texts()
            self._show_choices()
        self._pause.start()

    def _choose_point(self) -> None:
        self.form.choose_point(self.form.points[self.point.currentIndex()])
        self._show_texts()

    def _choose_variant(self, source: ToolSource, name: str) -> None:
        self.form.choose_variant(source, name)
        self._show_texts()
        self._show_choices()

    def _serve(self, tools: ForkTools) -> None:
        self.form.serve(tools)
        self._show_serving()

    def _show_serving(self) -> None:
        self._serving_words.setText(self.form.serving_words)
        set_role(self._serving_words, "tone", "warn" if self.form.tools == "live" else "plain")

    def _show_texts(self) -> None:
        is_message = self.form.point.kind == "message"
        for widget in (self.message, self._message_label):
            widget.setVisible(is_message)
        for editor, text in (
            (self.message, self.form.shown_message),
            (self.instructions, self.form.shown_instructions),
        ):
            if editor.toPlainText() != text:
                editor.blockSignals(True)
                editor.setPlainText(text)
                editor.blockSignals(False)

    def _show_choices(self) -> None:
        chosen = self.choice.currentData()
        self.choice.clear()
        for text, words in self.form.tool_choices():
            self.choice.addItem(visible(words), text)
        self.choice.setCurrentIndex(max(0, self.choice.findData(chosen)))


def _combo(name: str) -> QComboBox:
    combo = ComboBox()
    combo.setAccessibleName(name)
    combo.view().setAccessibleName(f"Choices: {name}")
    combo.setMinimumContentsLength(24)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo


def _text(name: str, look: Look, *, lines: int) -> QPlainTextEdit:
    editor = QPlainTextEdit()
    editor.setProperty("role", "input")
    editor.setAccessibleName(name)
    editor.setTabChangesFocus(True)
    editor.setFixedHeight(look.px(20) * lines)
    return editor
