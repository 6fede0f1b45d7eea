"""One setting of the project's page."""

from workbench.gui.kit.undo_keys import UndoKeys
from workbench.gui.kit.value_field import ValueField
from workbench.gui.look.look import Look
from workbench.viewmodels.project.project_settings import ProjectSettings
from workbench.viewmodels.project.setting_lines import SettingLine

_MOST_LINES = 40


class SettingField(ValueField):
    """Shows one setting of `ProjectSettings`; what is typed counts at once."""

    def __init__(self, line: SettingLine, settings: ProjectSettings, look: Look, keys: UndoKeys, *, lines: int) -> None:
        title = f"{line.label}, {line.unit}" if line.unit else line.label
        super().__init__(title, look, lines=lines, most_lines=_MOST_LINES)
        self.line = line
        self._settings = settings
        self.describe(line.about, settings.default_text(line.key))
        self.watch(keys)
        self.typed.connect(lambda text: settings.write(line.key, text))
        self.left.connect(lambda: settings.leave(line.key))

    def refresh(self) -> None:
        """Show the setting as it is now."""
        settings, key = self._settings, self.line.key
        self.show_value(
            settings.text(key),
            problem=settings.problem(key),
            note=settings.note(key),
            can_edit=not settings.document.is_broken,
        )
