"""The page of the project as a feature of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from workbench.core.errors import WorkbenchError
from workbench.core.project_folder import PROJECT_FILE
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, WindowContext
from workbench.gui.frame.rereading import Rereading
from workbench.gui.kit.file_watch import FileWatch
from workbench.gui.kit.listening import listen
from workbench.gui.kit.timers import delay
from workbench.gui.project.instructions_line import InstructionsLine

if TYPE_CHECKING:
    from workbench.gui.project.project_page import ProjectPage, ProjectPageParts
    from workbench.viewmodels.project.project_settings import ProjectSettings
    from workbench.viewmodels.rules.policy_form import PolicyForm

SAVE_MS = 1_000
_PAGE: PageKey[ProjectPage] = PageKey("project")


class ProjectPageFeature(Feature["ProjectPageParts"]):
    """The page opens at most once."""

    def __init__(self, context: WindowContext, parts: ProjectPageParts) -> None:
        super().__init__(context, parts)
        self._rereading = Rereading(context, "read the project's settings")
        self._policy: PolicyForm | None = None
        self._settings: ProjectSettings | None = None
        self._watch: FileWatch | None = None

    def commands(self) -> tuple[Command, ...]:
        """The page, and the places in it that people look for."""
        return (
            Command(
                "project",
                "Project settings: instructions, model, parameters",
                "Project",
                self.open,
                ("Ctrl+Shift+I",),
                "list",
                opens_page=True,
                synonyms="system prompt temperature top p seed reasoning effort sampling tool choice workbench.toml",
            ),
            Command("instructions", "Edit the instructions", "Run", self.edit_instructions, synonyms="system prompt"),
            Command("limits", "Run limits", "Project", self.show_limits, opens_page=True),
        )

    def open(self) -> ProjectPage | None:
        """Show the page of the project."""
        from workbench.viewmodels.project.setting_lines import INSTRUCTIONS

        return self.show(INSTRUCTIONS.key)

    def show(self, key: str) -> ProjectPage | None:
        """Show the page at one setting."""
        page = self._page()
        if page is not None:
            page.show_setting(key)
        return page

    def show_limits(self) -> ProjectPage | None:
        """Show what bounds a run."""
        from workbench.viewmodels.project.setting_lines import LIMIT_LINES

        return self.show(LIMIT_LINES[0].key)

    def refresh(self) -> None:
        """The project's files were read again."""
        if self._settings is not None:
            self._settings.look_at_disk()
        if self._policy is not None:
            self._policy.refresh()

    def take_pane(self, pane: ChatPane) -> None:
        """A conversation shows the instructions of its next message; one that is only played has none."""
        if pane.composer.isHidden():
            return
        line = InstructionsLine(pane.conversation.composer, self.context.look)
        line.unfold_asked.connect(lambda: self._unfold(line))
        line.page_asked.connect(self.open)
        line.variant_asked.connect(lambda: self.context.commands["variants"].trigger())
        layout = pane.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(0, line)

    async def put_away(self) -> None:
        """What was typed is saved."""
        if self._settings is not None:
            self._settings.save()

    def edit_instructions(self) -> None:
        """Unfold the instructions of the open conversation."""
        pane = self.context.pane
        line = pane.findChild(InstructionsLine) if pane is not None else None
        if isinstance(line, InstructionsLine):
            self._unfold(line)
        else:
            self.open()

    def _unfold(self, line: InstructionsLine) -> None:
        settings = self._opened()
        if settings is not None:
            line.take_settings(settings)

    def _opened(self) -> ProjectSettings | None:
        """The settings, which all views share, saved by themselves and in step with the file."""
        from workbench.app.schema_editor.tool_editing import TextFile
        from workbench.viewmodels.project.project_settings import ProjectSettings

        if self._settings is None:
            context, project = self.context, self.parts.project
            try:
                file = TextFile(project.folder / PROJECT_FILE, project.folder)
            except WorkbenchError as error:
                context.toasts.tell(f"{PROJECT_FILE}: {error.message}. {error.hint}".strip(), tone="error")
                return None
            settings = self._settings = ProjectSettings(file, self.parts)
            self._watch = FileWatch(file.path, settings.look_at_disk, context.as_window)
            saving = delay(context.as_window, SAVE_MS, settings.save)
            listen(context.as_window, settings.document.changed, saving.start)
            listen(context.as_window, settings.file.written, self._rereading.ask)
        return self._settings

    def _page(self) -> ProjectPage | None:
        settings = self._opened()
        if settings is None:
            return None
        return self.context.documents.show_page(_PAGE, "Project", lambda: self._made(settings))

    def _made(self, settings: ProjectSettings) -> ProjectPage:
        from workbench.gui.project.project_page import ProjectPage
        from workbench.viewmodels.rules.policy_form import PolicyForm

        context = self.context
        if self._policy is None:
            self._policy = PolicyForm(self.parts, context.read_again)
        page = ProjectPage(settings, self.parts, self._policy, context.look, context.tasks)
        page.title_changed.connect(lambda: context.documents.name_page(page, page.title))
        page.text_asked.connect(self.context.commands["project-text"].trigger)
        return page
