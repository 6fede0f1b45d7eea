"""What the palette offers about tools."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench.app.parts import HasProject
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Command
from workbench.gui.frame.feature import Feature
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature

if TYPE_CHECKING:
    from workbench.gui.schema_editor.editor_page import EditorPage

_GROUP = "Tools"


class ToolsFeature(Feature[HasProject]):
    """New tool, and what can be done with the tool in the open tab. The editor's own keys are its own."""

    def commands(self) -> tuple[Command, ...]:
        """The commands about tools."""

        with_page = self._with_page
        return (
            Command(
                "new-tool",
                "New tool",
                _GROUP,
                lambda: self.context.features.of(SchemaEditorFeature).new_tool(),
                icon="tool",
            ),
            Command("save-tool", "Save the tool", _GROUP, with_page(lambda page: page.save())),
            Command("tool-form", "Tool as a form", _GROUP, with_page(lambda page: page.show_view("Form"))),
            Command("tool-json", "Tool as JSON", _GROUP, with_page(lambda page: page.show_view("JSON"))),
            Command("tool-both", "Tool as form and JSON", _GROUP, with_page(lambda page: page.show_view("Both"))),
            Command(
                "tool-preview",
                "Show what the tool sends",
                _GROUP,
                with_page(lambda page: page.show_side("Preview")),
            ),
            Command(
                "tool-changes",
                "Show changes to the tool",
                _GROUP,
                with_page(lambda page: page.show_side("Changes")),
            ),
            Command("try-tool", "Try the tool", _GROUP, with_page(lambda page: page.try_it())),
        )

    def take_pane(self, pane: ChatPane) -> None:
        """An empty conversation of a project without tools begins with one."""
        pane.first_view.tool_asked.connect(lambda: self.context.features.of(SchemaEditorFeature).new_tool())
        pane.first_view.show_tools(has_tools=self._has_tools)

    def refresh(self) -> None:
        """The project's files were read again."""
        for pane in self.context.documents.panes():
            pane.first_view.show_tools(has_tools=self._has_tools)

    @property
    def _has_tools(self) -> bool:
        """Whether there is anything to call; tools of servers come when they are connected."""
        project = self.parts.project
        return bool(project.toolset or project.file.mcp)

    def _with_page(self, act: Callable[[EditorPage], object]) -> Callable[[], object]:
        def act_on_page() -> None:
            page = self.context.features.of(SchemaEditorFeature).page
            if page is not None:
                act(page)

        return act_on_page
