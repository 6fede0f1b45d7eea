"""The settings page: appearance, connections, privacy."""

from PySide6.QtCore import Qt
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
        column = QVBoxLayout(inner)
        column.setContentsMargins(28, 24, 28, 28)
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
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setAccessibleName("Settings")
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
