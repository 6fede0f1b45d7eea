"""Files as a feature of the window: code and workbench.toml to edit, others to read, one tab for each."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workbench.core.errors import WorkbenchError
from workbench.core.project_folder import CODE_FOLDER, PROJECT_FILE, TOOLS_FOLDER
from workbench.gui.frame.actions import Command
from workbench.gui.frame.document_page import DocumentPage, file_text
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, WindowContext
from workbench.gui.frame.rereading import Rereading
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.viewmodels.explorer.explorer_item import ExplorerItem
from workbench.viewmodels.restore.window_memory import TabMemory

if TYPE_CHECKING:
    from workbench.gui.code.code_page import CodePage
    from workbench.viewmodels.code.code_file import CodeFile, CodeParts

_FILE: PageKey[CodePage] = PageKey("file")
_READ: PageKey[DocumentPage] = PageKey("text")


class CodeFeature(Feature["CodeParts"]):
    """Opens files, and reads the project again when one of them was saved."""

    def __init__(self, context: WindowContext, parts: CodeParts) -> None:
        super().__init__(context, parts)
        self._rereading = Rereading(context, "read the project's code")

    def commands(self) -> tuple[Command, ...]:
        """The project file as text."""
        return (
            Command(
                "project-text",
                "Edit workbench.toml as text",
                "Project",
                lambda: self.open_file(self.parts.project.folder / PROJECT_FILE),
                icon="code",
                synonyms="toml file",
            ),
        )

    def open_item(self, item: ExplorerItem) -> bool:
        """A problem in workbench.toml or in the code."""
        path = self.parts.project.folder / item.target
        return item.kind == "problem" and self.is_code(path) and self.open_file(path, item.line) is not None

    def is_code(self, path: Path) -> bool:
        """Whether a file is edited here: the project's own, or one of its code."""
        folder = self.parts.project.folder
        return path == folder / PROJECT_FILE or (
            path.suffix in (".py", ".toml", ".txt", ".md") and path.is_relative_to(folder / CODE_FOLDER)
        )

    def open_function(self, function: str) -> CodePage | None:
        """Open the file that `module:function` is in, at the function; a body that is missing is selected."""
        from workbench.app.code.python_functions import file_of_function

        found = file_of_function(self.parts.project.folder, function)
        page = self.open_file(*found) if found is not None else None
        if page is not None:
            page.select_missing_body()
        return page

    def open_file(self, path: Path, line: int = 0) -> CodePage | None:
        """Open a file, at a line where one is given; None when it cannot be edited as text."""
        from workbench.app.schema_editor.tool_editing import TextFile
        from workbench.viewmodels.code.code_file import CodeFile

        folder = self.parts.project.folder
        key = _FILE.of(path.relative_to(folder).as_posix())
        page = self.context.documents.page(key)
        if page is None:
            try:
                code = CodeFile(TextFile(path, folder), self.parts)
            except WorkbenchError as error:
                self.context.toasts.tell(f"{path.name}: {error.message}. {error.hint}".strip(), tone="error")
                return None
            page = self._made(code)
        self.context.documents.show_page(key, page.title, lambda: page)
        if line:
            page.go_to_line(line)
        return page

    def open_any(self, name: str) -> QWidget:
        """Show a file of the project: a tool's or code in its editor, any other to read."""
        path = self.parts.project.folder / name
        is_tool = Path(name).parent.as_posix() == TOOLS_FOLDER and path.suffix == ".json"
        if is_tool and (page := self.context.features.of(SchemaEditorFeature).open_file(path)) is not None:
            return page
        if self.is_code(path) and (written := self.open_file(path)) is not None:
            return written
        return self.context.documents.read(
            _READ.of(name).name,
            name,
            "file of this project, read only",
            partial(file_text, path),
            is_json=path.suffix == ".json",
        )

    def remember(self, page: QWidget) -> TabMemory | None:
        """A file of the project that is shown, to edit or to read."""
        return TabMemory("file", page.objectName().partition(":")[2]) if _FILE.fits(page) or _READ.fits(page) else None

    def reopen(self, tab: TabMemory) -> QWidget | None:
        """The file, if it is still there."""
        is_there = tab.kind == "file" and (self.parts.project.folder / tab.key).is_file()
        return self.open_any(tab.key) if is_there else None

    def refresh(self) -> None:
        """The project's files were read again: they may have been written here, and trust may be another."""
        for page in self.context.documents.pages(_FILE):
            page.code.file.look_at_disk()
            page.refresh()

    def _made(self, code: CodeFile) -> CodePage:
        from workbench.gui.code.code_page import CodePage

        page = CodePage(code, self.context.look)
        page.title_changed.connect(lambda: self.context.documents.name_page(page, page.title))
        page.written.connect(self._rereading.ask)
        return page
