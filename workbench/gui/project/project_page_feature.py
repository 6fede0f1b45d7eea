"""The page of the project as a feature of the window."""

from typing import Protocol

from workbench.app.parts import HasProject
from workbench.app.schema_editor.tool_editing import TextFile
from workbench.core.errors import WorkbenchError
from workbench.core.project_folder import PROJECT_FILE
from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, WindowContext
from workbench.gui.frame.rereading import Rereading
from workbench.gui.project.project_page import ProjectPage, ProjectPageParts
from workbench.viewmodels.explorer.explorer import ExplorerItem
from workbench.viewmodels.project.setting_lines import INSTRUCTIONS, LIMIT_LINES, MODEL
from workbench.viewmodels.rules.policy_form import PolicyForm

_PAGE = PageKey(ProjectPage, "project")


class PageParts(ProjectPageParts, HasProject, Protocol):
    """What the page of the project is made with."""


class ProjectPageFeature(Feature[PageParts]):
    """The page is open once."""

    def __init__(self, context: WindowContext, parts: PageParts) -> None:
        super().__init__(context, parts)
        self._rereading = Rereading(context, "read the project's settings")
        self._policy: PolicyForm

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
            Command("limits", "Run limits", "Project", lambda: self.show(LIMIT_LINES[0].key), opens_page=True),
        )

    def open_item(self, item: ExplorerItem) -> bool:
        """A problem in workbench.toml."""
        return item.kind == "problem" and item.target == PROJECT_FILE and self._open_problem(item.line)

    def open(self) -> ProjectPage | None:
        """Show the page of the project."""
        return self.show(INSTRUCTIONS.key)

    def show(self, key: str) -> ProjectPage | None:
        """Show the page at one setting."""
        page = self._page()
        if page is not None:
            page.show_setting(key)
        return page

    def show_parameters(self) -> None:
        """Show the model and its parameters."""
        self.show(MODEL.key)

    def refresh(self) -> None:
        """The project's files were read again."""
        page = self.context.documents.page(_PAGE)
        if page is not None:
            self._policy.refresh()
            page.settings.look_at_disk()

    def _page(self) -> ProjectPage | None:
        context, project = self.context, self.parts.project
        try:
            file = TextFile(project.folder / PROJECT_FILE, project.folder)
        except WorkbenchError as error:
            context.toasts.tell(f"{PROJECT_FILE}: {error.message}. {error.hint}".strip(), tone="error")
            return None
        return context.documents.show_page(_PAGE, "Project", lambda: self._made(file))

    def _made(self, file: TextFile) -> ProjectPage:
        context = self.context
        self._policy = PolicyForm(self.parts, context.read_again)
        page = ProjectPage(file, self.parts, self._policy, context.look, context.tasks)
        page.title_changed.connect(lambda: context.documents.name_page(page, page.title))
        page.written.connect(self._rereading.ask)
        page.text_asked.connect(lambda: self._open_problem(0))
        return page

    def _open_problem(self, line: int) -> bool:
        project = self.parts.project
        path = project.folder / PROJECT_FILE
        self.context.opening.item(ExplorerItem("problem", PROJECT_FILE, PROJECT_FILE, line=line))
        return path.is_file()
