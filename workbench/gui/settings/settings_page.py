"""The settings page: appearance, connections, privacy."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from workbench.app.connections import Connections
from workbench.gui.labels import label
from workbench.gui.look import Look
from workbench.gui.settings.appearance_panel import AppearancePanel
from workbench.gui.settings.connection_panel import ConnectionPanel
from workbench.gui.tasks import Tasks
from workbench.viewmodels.connection_form import ConnectionForm

PRIVACY = (
    "There is no telemetry. Nothing leaves this machine but the requests you send: a run with a provider, and the test "
    "of a connection. Keys come from the environment, then the system's keyring, then memory for this sitting; they "
    "are never written to a project, the history, an export or a log. Projects, history and settings are plain files "
    "on your disk."
)

_LAST = 4
"""What the last section and the end of the page have in the layout: heading, words, room, stretch."""


class SettingsPage(QWidget):
    """One page in a tab; every change counts at once."""

    def __init__(self, connections: Connections, look: Look, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName("settings")
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.appearance = AppearancePanel(look)
        self.connections = ConnectionPanel(ConnectionForm(connections), look, tasks)
        inner = QWidget()
        inner.setProperty("role", "page")
        column = self._column = QVBoxLayout(inner)
        column.setContentsMargins(24, 24, 24, 28)
        column.setSpacing(14)
        for title, about, panel in (
            ("Appearance", "", self.appearance),
            (
                "Connections",
                "Servers and vendors for all your projects. A project can have its own in workbench.toml.",
                self.connections,
            ),
            ("Privacy", PRIVACY, None),
        ):
            column.addWidget(label(title, "heading"))
            if about:
                column.addWidget(label(about, "muted", wraps=True))
            if panel is not None:
                column.addWidget(panel)
            column.addSpacing(14)
        column.addStretch(1)
        scroll = self._scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setAccessibleName("Settings")
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        self._heading_px = look.px(100)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def add_section(self, title: str, about: str, panel: QWidget) -> None:
        """Another section, before the last one."""
        place = self._column.count() - _LAST
        for offset, widget in enumerate((label(title, "heading"), label(about, "muted", wraps=True), panel)):
            self._column.insertWidget(place + offset, widget)
        self._column.insertSpacing(place + 3, 14)

    def show_section(self, panel: QWidget) -> None:
        """Bring a section into view, once it is laid out."""
        bar = self._scroll.verticalScrollBar()
        QTimer.singleShot(0, panel, lambda: bar.setValue(panel.y() - self._heading_px))
