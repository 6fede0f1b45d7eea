"""The settings page: a list of sections, and the one that is chosen beside it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.core.search_query import folded
from workbench.gui.kit.labels import label
from workbench.gui.kit.page_frame import ScrollArea
from workbench.gui.look.look import Look
from workbench.gui.settings.appearance_panel import AppearancePanel

PRIVACY = (
    "Telemetry is off unless you turn it on for a project. Otherwise nothing leaves this machine but the requests you "
    "send: a run with a provider, or testing a connection. Keys come from the environment, then the system keyring, "
    "then memory for this session; they are never written to a project, the history, an export, or a log. Projects, "
    "history, and settings are plain files on your disk."
)


class SettingsPage(QWidget):
    """One page in a tab; every change applies at once."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("settings")
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.appearance = AppearancePanel(look)
        self.sections = QListWidget()
        self.sections.setAccessibleName("Settings sections")
        self.sections.setProperty("role", "nav")
        self.sections.setFrameShape(QFrame.Shape.NoFrame)
        self.sections.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find a setting")
        self.search.setAccessibleName("Find a setting")
        self.search.textChanged.connect(self._find)
        self._none = label("No settings match.", "hint", wraps=True)
        self._none.hide()
        self._stack = QStackedWidget()
        self.sections.currentRowChanged.connect(self._stack.setCurrentIndex)
        self._look = look
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        side = QVBoxLayout()
        side.setContentsMargins(8, 10, 0, 0)
        side.setSpacing(8)
        side.addWidget(self.search)
        side.addWidget(self._none)
        side.addWidget(self.sections, 1)
        row.addLayout(side)
        row.addWidget(self._stack, 1)
        self._insert(0, "Appearance", "", self.appearance)
        self._insert(1, "Privacy", PRIVACY, None)
        self.sections.setCurrentRow(0)
        look.follow(self, self._measure)

    def add_section(self, title: str, about: str, panel: QWidget) -> None:
        """Add a section before the last one."""
        self._insert(self.sections.count() - 1, title, about, panel)

    def show_section(self, panel: QWidget) -> None:
        """Show the section of a panel."""
        for place in range(self._stack.count()):
            section = self._stack.widget(place)
            if section is not None and section.isAncestorOf(panel):
                self.sections.setCurrentRow(place)

    def show_titled(self, title: str) -> None:
        """Show the section of this title, if there is one."""
        for item in self.sections.findItems(title, Qt.MatchFlag.MatchExactly):
            self.sections.setCurrentItem(item)

    def _find(self, text: str) -> None:
        """List only the sections that contain every word of the text, and show the first of them."""
        words = folded(text).split()
        fitting = [place for place in range(self._stack.count()) if _has_words(self._stack.widget(place), words)]
        for place in range(self.sections.count()):
            self.sections.item(place).setHidden(place not in fitting)
        self._none.setVisible(not fitting)
        if fitting and self.sections.currentRow() not in fitting:
            self.sections.setCurrentRow(fitting[0])

    def _insert(self, place: int, title: str, about: str, panel: QWidget | None) -> None:
        inner = QWidget()
        inner.setProperty("role", "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(14)
        column.addWidget(label(title, "heading"))
        if about:
            column.addWidget(label(about, "muted", wraps=True))
        if panel is not None:
            column.addWidget(panel)
        column.addStretch(1)
        self._stack.insertWidget(place, ScrollArea(title, inner, sideways=True))
        self.sections.insertItem(place, title)
        self._measure()

    def _measure(self) -> None:
        for widget in (self.search, self._none, self.sections):
            widget.setFixedWidth(self._look.px(150))
        for place in range(self.sections.count()):
            self.sections.item(place).setSizeHint(QSize(0, self._look.px(30)))


def _has_words(section: QWidget | None, words: list[str]) -> bool:
    if section is None:
        return False
    shown = [section.accessibleName(), *(made.text() for made in section.findChildren(QLabel))]
    for button in section.findChildren(QAbstractButton):
        shown += [button.text(), button.accessibleName()]
    shown += [field.accessibleName() for field in section.findChildren(QLineEdit)]
    text = folded(" ".join(shown))
    return all(word in text for word in words)
