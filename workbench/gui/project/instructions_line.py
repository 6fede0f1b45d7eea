"""The instructions above a conversation: one line to read, unfolded to edit."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout

from workbench.gui.kit.labels import ElidedLabel, label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.undo_keys import UndoKeys
from workbench.gui.kit.value_field import ValueField
from workbench.gui.look.look import Look
from workbench.viewmodels.conversation.composer import ComposerViewModel
from workbench.viewmodels.project.project_settings import ProjectSettings
from workbench.viewmodels.project.setting_lines import INSTRUCTIONS
from workbench.viewmodels.shared.plain import one_line

_LEAST_LINES, _MOST_LINES = 3, 10
_NONE = "No instructions: the model gets the message and the tools only."


class InstructionsLine(QFrame):
    """Shows what the next message is sent with; a variant's own instructions are edited with the variant."""

    unfold_asked = Signal()
    """Somebody wants to edit; `take_settings` unfolds it."""
    page_asked = Signal()
    variant_asked = Signal()

    def __init__(self, composer: ComposerViewModel, look: Look) -> None:
        super().__init__()
        self._composer = composer
        self._look = look
        self._settings: ProjectSettings | None = None
        self.is_unfolded = False
        """Whether the whole text is shown."""
        self.setProperty("role", "bar")
        self.setAccessibleName("Instructions")
        self.fold = QToolButton()
        self.fold.setText("Instructions")
        self.fold.setProperty("role", "quiet")
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.clicked.connect(lambda _=False: self._switch())
        self.words = ElidedLabel("", "hint")
        self.more = action_button("Project settings", "Open the project settings", self.page_asked.emit)
        self.variant = action_button("Edit the variant", "Edit the variant", self.variant_asked.emit)
        for button in (self.more, self.variant):
            button.setProperty("role", "link")
        self._field: ValueField | None = None
        self.whose = label("", "hint")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.fold)
        head.addWidget(self.words, 1)
        head.addWidget(self.whose)
        head.addWidget(self.variant)
        head.addWidget(self.more)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 3, 14, 4)
        self._column.setSpacing(0)
        self._column.addLayout(head)
        listen(self, composer.changed, self.refresh)
        look.follow(self, self.refresh)
        self.refresh()

    def take_settings(self, settings: ProjectSettings) -> None:
        """Unfold it, and edit these from now on."""
        if self._settings is not settings:
            self._settings = settings
            listen(self, settings.changed, self.refresh)
        self.is_unfolded = True
        self.refresh()
        self.field.control.setFocus()

    @property
    def field(self) -> ValueField:
        """Where they are edited; made when it is first unfolded."""
        if self._field is None:
            field = self._field = ValueField("Instructions", self._look, lines=_LEAST_LINES, most_lines=_MOST_LINES)
            field.caption.hide()
            field.describe(INSTRUCTIONS.about, INSTRUCTIONS.example)
            field.typed.connect(self._write)
            field.left.connect(self._leave)
            field.watch(UndoKeys(lambda: self._do("undo"), lambda: self._do("redo"), self))
            field.hide()
            self._column.addWidget(field)
        return self._field

    def refresh(self) -> None:
        """Show the instructions as they are now."""
        variant, settings, is_open = self._composer.variant_instructions, self._settings, self.is_unfolded
        text = self._composer.instructions
        problem = ""
        if variant is None and settings is not None:
            text, problem = settings.text(INSTRUCTIONS.key), settings.problem(INSTRUCTIONS.key) or settings.trouble
        self.words.setText("" if is_open else one_line(text.strip(), 400) or _NONE)
        if is_open or self._field is not None:
            self.field.setVisible(is_open)
            can_edit = variant is None and settings is not None and not settings.trouble
            self.field.show_value(text, problem=problem, can_edit=can_edit)
        self.whose.setText(f"from the variant {one_line(self._composer.variant, 28)}" if variant is not None else "")
        self.whose.setVisible(variant is not None)
        self.variant.setVisible(variant is not None)
        self.more.setVisible(is_open and variant is None)
        self.fold.setIcon(self._look.icon("chevron-down" if is_open else "chevron-right", "muted"))
        state = "hide" if is_open else "show and edit"
        self.fold.setAccessibleName(f"Instructions: {state}")
        self.fold.setToolTip(f"Instructions: the system prompt of the next message. Click to {state}.")

    def _switch(self) -> None:
        if not self.is_unfolded:
            self.unfold_asked.emit()
        else:
            self.is_unfolded = False
            self.refresh()

    def _write(self, text: str) -> None:
        if self._settings is not None:
            self._settings.write(INSTRUCTIONS.key, text)

    def _leave(self) -> None:
        if self._settings is not None and self._settings.file.is_dirty:
            self._settings.leave(INSTRUCTIONS.key)

    def _do(self, what: str) -> None:
        if self._settings is not None:
            (self._settings.undo if what == "undo" else self._settings.redo)()
