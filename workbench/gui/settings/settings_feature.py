"""The settings as a feature of the window: one page, to which other features add sections."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from PySide6.QtWidgets import QWidget

from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, WindowContext
from workbench.viewmodels.shared.name_match import marked
from workbench.viewmodels.shared.popup_row import PopupRow

if TYPE_CHECKING:
    from workbench.gui.settings.settings_page import SettingsPage

_PAGE: PageKey[SettingsPage] = PageKey("settings")
_NOTICES = "While another window is in front, notify me when a call waits or when work that took over 10 seconds ends."
_SYNONYMS = "preferences options configuration"

P = TypeVar("P", bound=QWidget)


class _Section(NamedTuple):
    title: str
    about: str
    make: Callable[[], QWidget]


class SettingsFeature(Feature[object]):
    """The page opens at most once."""

    def __init__(self, context: WindowContext, parts: object) -> None:
        super().__init__(context, parts)
        self._sections: list[_Section] = []

    def commands(self) -> tuple[Command, ...]:
        """The settings."""
        return (
            Command("settings", "Settings", "Project", self.open, ("Ctrl+,",), opens_page=True, synonyms=_SYNONYMS),
        )

    def begin(self) -> None:
        """Let the palette find every section."""
        self.context.palette_.offer_more(self._palette_rows)
        self.add_section("Notifications", _NOTICES, self._make_notices)

    def add_section(self, title: str, about: str, make: Callable[[], QWidget]) -> None:
        """Every settings page gets a section with the panel that `make` makes."""
        self._sections.append(_Section(title, about, make))

    def open(self) -> SettingsPage:
        """Show the settings in a tab."""
        return self.context.documents.show_page(_PAGE, "Settings", self._make)

    def show_panel(self, kind: type[P]) -> P:
        """Show the settings at the section of this panel; raises `LookupError` when there is none."""
        page = self.open()
        panel = page.findChild(kind)
        if not isinstance(panel, kind):
            raise LookupError(kind.__name__)
        page.show_section(panel)
        return panel

    def _palette_rows(self, text: str) -> list[PopupRow]:
        titles = ("Appearance", *(section.title for section in self._sections), "Privacy")
        return [
            PopupRow(marked(f"Settings: {title}", text), partial(self._show_titled, title), icon="settings")
            for title in titles
        ]

    def _show_titled(self, title: str) -> None:
        self.open().show_titled(title)

    def _make_notices(self) -> QWidget:
        from workbench.gui.settings.notices_panel import NoticesPanel

        return NoticesPanel(self.context.notices)

    def _make(self) -> SettingsPage:
        from workbench.gui.settings.settings_page import SettingsPage

        page = SettingsPage(self.context.look)
        for section in self._sections:
            page.add_section(section.title, section.about, section.make())
        return page
