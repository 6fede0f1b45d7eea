"""Models as a feature of the window: what can be done about one that failed."""

import time
from functools import partial
from typing import Protocol

from PySide6.QtGui import QGuiApplication

from workbench.app.models.model_spec import ModelTarget
from workbench.app.parts import HasConnections, HasModels, HasProject
from workbench.core.errors import UsageError
from workbench.core.project_folder import PROJECT_FILE
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.feature import Feature
from workbench.gui.models.connection_panel import ConnectionPanel
from workbench.gui.project.project_page_feature import ProjectPageFeature
from workbench.gui.settings.settings_feature import SettingsFeature
from workbench.viewmodels.conversation.chat_entry import NoticeEntry
from workbench.viewmodels.conversation.failure_card import Failure
from workbench.viewmodels.explorer.explorer_item import ExplorerItem
from workbench.viewmodels.models.connection_form import ConnectionForm

_CONNECTIONS = "Servers and vendors for all your projects. A project can define its own in workbench.toml."


class ModelsParts(HasProject, HasModels, HasConnections, Protocol):
    """How models are reached."""


class ModelsFeature(Feature[ModelsParts]):
    """Adds the connections to the settings, and acts on the buttons of a failure's card."""

    def begin(self) -> None:
        """Every settings page gets the section."""
        self.context.features.of(SettingsFeature).add_section("Connections", _CONNECTIONS, self._make_panel)

    def take_pane(self, pane: ChatPane) -> None:
        """Hear of the buttons in this conversation."""
        pane.action_asked.connect(partial(self._act, pane))

    def _make_panel(self) -> ConnectionPanel:
        return ConnectionPanel(ConnectionForm(self.parts.connections), self.context.look, self.context.tasks)

    def _act(self, pane: ChatPane, entry: NoticeEntry, action: str) -> None:
        failure = entry.failure
        if failure is None:
            return
        running = self.context.running
        match action:
            case "try_again" if left := failure.seconds_left(time.time()):
                self.context.toasts.tell(f"The server asks to wait for another {left} s.", tone="warn")
            case "try_again":
                running.try_again(pane.conversation, failure.run_id)
            case "continue":
                running.go_on(pane.conversation)
            case "raise_limit":
                self.context.features.of(ProjectPageFeature).show(failure.setting)
            case "replace_key":
                self._edit_connection(failure, key=True)
            case "open_connection":
                self._edit_connection(failure, key=False)
            case "copy_details":
                QGuiApplication.clipboard().setText(entry.details)
                self.context.toasts.tell("Copied the details of the failure", tone="ok")

    def _edit_connection(self, failure: Failure, *, key: bool) -> None:
        try:
            target = self.parts.providers.target(failure.spec)
        except UsageError as error:
            self.context.toasts.tell(str(error), tone="warn")
            return
        name = target.spec.partition("@")[0]
        if name in self.parts.project.file.connections and not key:
            self.context.opening.item(ExplorerItem("problem", PROJECT_FILE, PROJECT_FILE))
        else:
            self._show(target, key=key)

    def _show(self, target: ModelTarget, *, key: bool) -> None:
        self.context.features.of(SettingsFeature).show_panel(ConnectionPanel).edit(target, key=key)
