"""Keyboard shortcuts as a feature of the window: the person's own keys, and a sheet of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workbench.app.parts import HasKeyMap
from workbench.gui.frame.actions import Command, native_keys
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, WindowContext
from workbench.gui.kit.listening import listen
from workbench.gui.settings.settings_feature import SettingsFeature
from workbench.viewmodels.shortcuts.shortcuts import ShortcutTable

if TYPE_CHECKING:
    from workbench.gui.shortcuts.keys_panel import KeysPanel
    from workbench.viewmodels.shortcuts.key_sheet import SheetSection

_ABOUT = (
    "Select a command, press Enter, then press the new keys. Changes are saved in keys.toml with your settings. "
    "Keys of cards, the trace, and lists are fixed."
)


class ShortcutsFeature(Feature[HasKeyMap]):
    """Assigns the chosen keys to commands, adds a section to Settings, and shows all keys in a tab."""

    def __init__(self, context: WindowContext, parts: HasKeyMap) -> None:
        super().__init__(context, parts)
        self.shortcuts: ShortcutTable

    def commands(self) -> tuple[Command, ...]:
        """The sheet, and changing keys."""
        return (
            Command(
                "keys",
                "Keyboard shortcuts: show and print",
                "Help",
                self.show_sheet,
                ("Shift+F1",),
                "list",
                opens_page=True,
            ),
            Command("change-keys", "Keyboard shortcuts: change", "Help", self.change, (), "settings", opens_page=True),
        )

    def begin(self) -> None:
        """Apply the chosen keys."""
        context, key_map = self.context, self.parts.key_map
        actions = context.commands
        actions.use(key_map)
        self.shortcuts = ShortcutTable(actions.commands, key_map, actions.take_keys)
        context.features.of(SettingsFeature).add_section("Keyboard", _ABOUT, self._make_panel)
        if key_map.problem:
            context.line.show_message(key_map.problem, "warn")

    def show_sheet(self) -> None:
        """Show all keys in a tab."""
        from workbench.gui.shortcuts.sheet_page import SheetPage  # printing is not needed at the start

        def make() -> QWidget:
            page = SheetPage(self.sheet, self.context.look, self.context.toasts)
            listen(page, self.context.commands.keys_changed, page.refresh)
            return page

        self.context.documents.show_page(PageKey[QWidget]("keys"), "Keyboard shortcuts", make)

    def change(self) -> None:
        """Show the settings at the keys."""
        from workbench.gui.shortcuts.keys_panel import KeysPanel

        self.context.features.of(SettingsFeature).show_panel(KeysPanel).filter.setFocus()

    def sheet(self) -> tuple[SheetSection, ...]:
        """All keys as they are now."""
        from workbench.viewmodels.shortcuts.key_sheet import sections

        actions = self.context.commands
        return sections(
            (command.group, command.text, tuple(map(native_keys, actions.keys_of(command))))
            for command in actions.commands
        )

    def _make_panel(self) -> KeysPanel:
        from workbench.gui.shortcuts.keys_panel import KeysPanel

        panel = KeysPanel(self.shortcuts, self.context.look)
        panel.sheet.clicked.connect(self.show_sheet)
        return panel
