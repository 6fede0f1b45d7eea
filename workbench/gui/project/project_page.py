"""The page of a project: its name and texts, how models are asked, limits and approval rules."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.kit.field_grid import FieldGrid
from workbench.gui.kit.icon_button import icon_button
from workbench.gui.kit.labels import ElidedLabel, label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import PageFrame, action_button
from workbench.gui.kit.tasks import Tasks
from workbench.gui.kit.undo_keys import UndoKeys, show_undo
from workbench.gui.look.look import Look
from workbench.gui.project.setting_field import SettingField
from workbench.gui.rules.policy_panel import PolicyPanel
from workbench.gui.schema_editor.editor_header import STANDINGS
from workbench.gui.schema_editor.file_banner import FileBanner
from workbench.viewmodels.project.project_settings import ProjectSettings, SettingsParts
from workbench.viewmodels.project.setting_lines import (
    INSTRUCTIONS,
    LIMIT_LINES,
    MODEL,
    NAME,
    PARALLEL,
    PARAMETER_LINES,
    PICTURES,
    PROMPT,
    ROUTING_LINES,
    SELECTOR,
    TOOL_CHOICE,
    TOOL_CHOICE_AFTER,
    SettingLine,
)
from workbench.viewmodels.rules.policy_form import PolicyForm, RuleParts

_COLUMNS = 4
_LINES = {INSTRUCTIONS.key: 5, PROMPT.key: 2}
_CHOICES = ("auto", "none", "required")


class ProjectPageParts(SettingsParts, RuleParts, Protocol):
    """What the page shows and edits."""


class ProjectPage(QWidget):
    """Shows `ProjectSettings`; what waits to be saved is saved when a field or the page is left."""

    title_changed = Signal()
    text_asked = Signal()
    """The person wants the file as text."""

    def __init__(
        self, settings: ProjectSettings, parts: ProjectPageParts, policy: PolicyForm, look: Look, tasks: Tasks
    ) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._look = look
        self.settings = settings
        self._keys = UndoKeys(settings.undo, settings.redo, self)
        self.fields: dict[str, SettingField] = {}
        self.flags: dict[str, QCheckBox] = {}
        self.frame = PageFrame("Project settings")
        self.banner = FileBanner(settings)
        self.trouble = label("", "", wraps=True)
        self.policy = PolicyPanel(policy, look, tasks)
        self._parts = parts
        self._fill()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._header(), self.banner):
            column.addWidget(part)
        column.addWidget(self.frame, 1)
        self._connect()
        self.refresh()

    @property
    def title(self) -> str:
        """The tab's title; a dot says that the file does not hold everything yet."""
        return f"Project{' ●' if self.settings.file.is_dirty else ''}"

    @property
    def path(self) -> Path:
        """The project's file."""
        return self.settings.file.file.path

    def show_setting(self, key: str) -> None:
        """Scroll to a setting and put the cursor there."""
        field = self.fields[key]
        self.frame.show_widget(field)
        field.control.setFocus()

    def refresh(self) -> None:
        """Show everything as it is now."""
        settings = self.settings
        for field in self.fields.values():
            field.refresh()
        parameters = [self.fields[line.key] for line in PARAMETER_LINES]
        self._parameters.show_only(
            [one for one in parameters if settings.is_offered(one.line.key) or one.control.hasFocus()]
        )
        for key, box in self.flags.items():
            box.setChecked(settings.is_on(key))
            box.setEnabled(not settings.document.is_broken)
        self.trouble.setText(settings.trouble)
        self._trouble_bar.setVisible(bool(settings.trouble))
        words, tone = STANDINGS[settings.file.standing]
        self._standing.setText(words)
        set_role(self._standing, "tone", tone)
        show_undo(self.undo, self.redo, settings.document.history)

    def _fill(self) -> None:
        frame = self.frame
        frame.add_section("Project", "", *self._fields((NAME, INSTRUCTIONS, PROMPT)))
        self.fields[MODEL.key] = self._field(MODEL)
        self.fields[MODEL.key].offer([choice.spec for choice in self._parts.model_choices()], "Models")
        self._parameters = self._grid(PARAMETER_LINES, len(PARAMETER_LINES))
        frame.add_section(
            "Model",
            "Parameters that this model takes. Those left empty are not sent; variants can have their own.",
            self.fields[MODEL.key],
            self._parameters,
            self._flag(PICTURES),
        )
        choices = self._grid((TOOL_CHOICE, TOOL_CHOICE_AFTER), 2)
        for line in (TOOL_CHOICE, TOOL_CHOICE_AFTER):
            self.fields[line.key].offer((*_CHOICES, *self._parts.toolset.names), "Tool choices")
        frame.add_section(
            "Tool choice", "Whether the model may, must, or must not call a tool.", choices, self._flag(PARALLEL)
        )
        routing = self._grid(ROUTING_LINES, len(ROUTING_LINES))
        self.fields[SELECTOR.key].offer(self.settings.selectors, "Selectors")
        frame.add_section(
            "Routing",
            "Which tools a request is offered. Rules, intents, and selectors of your own are written in the file.",
            routing,
        )
        frame.add_section("Limits", "What a run may use. An empty field uses the default.", self._grid(LIMIT_LINES))
        frame.add_section(
            "Approval rules", "Rules apply top to bottom; the first match decides. Each change is saved at once.",
            self.policy,
        )  # fmt: skip

    def _header(self) -> QFrame:
        header = QFrame()
        header.setProperty("role", "dock-header")
        self._standing = label("", "hint")
        self.undo = icon_button("undo", self.settings.undo, self._look)
        self.redo = icon_button("redo", self.settings.redo, self._look)
        as_text = action_button("Edit as text", "Edit workbench.toml as text", self.text_asked.emit)
        self._trouble_bar = QFrame()
        row = QHBoxLayout(header)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(4)
        row.addWidget(ElidedLabel(self.path.name, "hint"), 1)
        row.addWidget(self._standing)
        for button in (self.undo, self.redo, as_text):
            row.addWidget(button)
        self._trouble_bar.setProperty("role", "notice-error")
        inside = QVBoxLayout(self._trouble_bar)
        inside.addWidget(self.trouble)
        self.frame.add_first(self._trouble_bar)
        return header

    def _connect(self) -> None:
        settings = self.settings
        listen(self, settings.changed, self.refresh)
        listen(self, settings.file.changed, self.refresh)
        listen(self, settings.changed, self.title_changed.emit)
        listen(self, settings.file.changed, self.title_changed.emit)
        for keys, act in (
            ("Ctrl+S", settings.save),
            ("Ctrl+Z", settings.undo),
            ("Ctrl+Shift+Z", settings.redo),
            ("Ctrl+Y", settings.redo),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _field(self, line: SettingLine) -> SettingField:
        return SettingField(line, self.settings, self._look, self._keys, lines=_LINES.get(line.key, 1))

    def _flag(self, line: SettingLine) -> QCheckBox:
        box = self.flags[line.key] = QCheckBox(line.label)
        box.setAccessibleName(line.label)
        box.setToolTip(line.about)
        box.clicked.connect(lambda is_on: self.settings.switch(line.key, is_on=is_on))
        return box

    def _fields(self, lines: Iterable[SettingLine]) -> list[SettingField]:
        made = [self._field(line) for line in lines]
        self.fields.update({field.line.key: field for field in made})
        return made

    def _grid(self, lines: Iterable[SettingLine], most: int = _COLUMNS) -> FieldGrid:
        return FieldGrid(self._fields(lines), self._look, most)

    # overrides of Qt

    def hideEvent(self, event: QHideEvent) -> None:
        """The tab is left or closed: what waits to be saved is saved now."""
        super().hideEvent(event)
        if self.settings.file.is_dirty:
            self.settings.save()
