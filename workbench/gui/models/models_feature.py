"""Models as a feature of the window: choose one, add one, and what can be done about one that failed."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtGui import QGuiApplication

from workbench.app.models.model_spec import ModelTarget, connection_of
from workbench.app.models.provider_registry import ModelChoice
from workbench.app.parts import HasConnections, HasModels, HasProject
from workbench.core.errors import ProjectError, UsageError
from workbench.core.project_folder import PROJECT_FILE
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Command
from workbench.gui.frame.feature import Feature, WindowContext
from workbench.gui.models.model_popup import ModelPopup
from workbench.gui.project.project_page_feature import ProjectPageFeature
from workbench.gui.settings.settings_feature import SettingsFeature
from workbench.viewmodels.conversation.chat_entry import NoticeEntry
from workbench.viewmodels.conversation.failure_card import RunFailure
from workbench.viewmodels.explorer.explorer_item import ExplorerItem
from workbench.viewmodels.models.model_picker import FoundModel, ModelPicker

if TYPE_CHECKING:
    from workbench.gui.models.connection_panel import ConnectionPanel

_SERVERS = "ollama lm studio llama.cpp vllm"
_CONNECTIONS = "Servers and vendors for all your projects. A project can define its own in workbench.toml."


class ModelsParts(HasProject, HasModels, HasConnections, Protocol):
    """How models are reached."""


class ModelsFeature(Feature[ModelsParts]):
    """The picker, the connections in the settings, and the buttons on a failure's card."""

    def __init__(self, context: WindowContext, parts: ModelsParts) -> None:
        super().__init__(context, parts)
        self.picker: ModelPicker
        self.popup: ModelPopup

    def commands(self) -> tuple[Command, ...]:
        """Choose a model, and find more of them."""
        return (
            Command("model", "Choose a model…", "Run", lambda: self.popup.open(), ("Ctrl+Alt+M",), synonyms="llm"),
            Command("find-local", "Find local model servers", "Run", self.find_local, synonyms=_SERVERS),
            Command("add-model", "Add a model…", "Project", lambda: self._panel().new(), opens_page=True),
            Command(
                "connections",
                "Manage connections…",
                "Project",
                lambda: self._panel(),
                opens_page=True,
                synonyms="providers vendors servers api keys base url",
            ),
        )

    def begin(self) -> None:
        """Make the picker; every settings page gets the section."""
        context = self.context
        context.features.of(SettingsFeature).add_section("Connections", _CONNECTIONS, self._make_panel)
        self.picker = ModelPicker(self.parts)
        self.popup = ModelPopup(
            self.picker, context.look, context.as_window, spec=lambda: self._model, chosen=self._pick
        )

    def take_pane(self, pane: ChatPane) -> None:
        """Hear of the buttons in this conversation."""
        pane.action_asked.connect(partial(self._act, pane))
        pane.first_view.local_asked.connect(self.find_local)

    def find_local(self) -> None:
        """Show the picker, and what the local servers offer."""
        self.popup.open()
        self._find()

    @property
    def _model(self) -> str:
        """The model of the open conversation."""
        return self.context.pane.conversation.composer.model if self.context.pane is not None else ""

    def _find(self) -> None:
        self.context.tasks.start("find local servers", self.picker.find())

    def _pick(self, picked: object) -> None:
        match picked:
            case "find":
                self._find()
            case "add":
                self._panel().new()
            case "manage":
                self._panel().list.setFocus()
            case ModelChoice(is_ready=True):
                self._choose(picked.spec)
            case ModelChoice():
                self._make_ready(picked)
            case FoundModel():
                try:
                    self._choose(self.picker.use(picked))
                except ProjectError as error:
                    self.context.toasts.tell(str(error), tone="error")
            case _:
                pass

    def _choose(self, spec: str) -> None:
        """Ask this model from now on, in the open conversation and in new ones."""
        self.context.opening.last_model = spec
        if self.context.pane is not None:
            self.context.pane.conversation.composer.choose_model(spec)
            self.context.pane.composer.editor.setFocus()

    def _make_ready(self, choice: ModelChoice) -> None:
        """What is missing is one step away: a key that can be typed, or words about the rest."""
        try:
            target = self.parts.providers.target(choice.spec)
        except UsageError as error:
            self.context.toasts.tell(str(error), tone="warn")
            return
        if target.needs_key and not target.needs_trust:
            self._show(target, key=True)
        else:
            self.context.toasts.tell(f"{choice.label}: {choice.note}", tone="warn")

    def _panel(self) -> ConnectionPanel:
        from workbench.gui.models.connection_panel import ConnectionPanel

        return self.context.features.of(SettingsFeature).show_panel(ConnectionPanel)

    def _make_panel(self) -> ConnectionPanel:
        from workbench.gui.models.connection_panel import ConnectionPanel
        from workbench.viewmodels.models.connection_form import ConnectionForm

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

    def _edit_connection(self, failure: RunFailure, *, key: bool) -> None:
        try:
            target = self.parts.providers.target(failure.spec)
        except UsageError as error:
            self.context.toasts.tell(str(error), tone="warn")
            return
        if connection_of(target.spec) in self.parts.project.file.connections and not key:
            self.context.opening.item(ExplorerItem("problem", PROJECT_FILE, PROJECT_FILE))
        else:
            self._show(target, key=key)

    def _show(self, target: ModelTarget, *, key: bool) -> None:
        self._panel().edit(target, key=key)
