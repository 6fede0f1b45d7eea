"""The page of imports, and pasting as a way to it: in the explorer, in an editor, and in the palette."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.app.parts import HasProject, HasRuns, HasServers
from workbench.core.errors import WorkbenchError
from workbench.core.json_text import pretty
from workbench.gui.explorer.explorer_feature import ExplorerFeature
from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, ItemAction, WindowContext
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.trouble import error_words

if TYPE_CHECKING:
    pass

if TYPE_CHECKING:
    from workbench.gui.conversation.chat_pane import ChatPane
    from workbench.gui.imports.import_page import ImportPage
    from workbench.gui.schema_editor.editor_page import EditorPage

IMPORT = "Import tools"
_SYNONYMS = "paste Swagger Postman Bruno request API"
_PAGE: PageKey[ImportPage] = PageKey("import-tools")
_READ = "recognize what was pasted"
_JUDGE = "look which names are taken"
_ADD = "add what was pasted"
_FILES = ["Known files (*.json *.yaml *.yml *.har *.bru *.jsonl *.py *.sh *.txt)", "All files (*)"]


class PasteParts(HasProject, HasRuns, HasServers, Protocol):
    """What an import needs."""


class PasteFeature(Feature[PasteParts]):
    """The page opens at most once. Nothing is written before the person adds it."""

    def __init__(self, context: WindowContext, parts: PasteParts) -> None:
        super().__init__(context, parts)
        self._editor: EditorPage | None = None
        """Where the text was pasted."""
        self._keys: list[_PasteKeys] = []
        self.dialog: QFileDialog | None = None

    def commands(self) -> tuple[Command, ...]:
        """The commands: the page, with the clipboard if it holds tools."""
        words = f"{IMPORT}: OpenAPI, curl, HAR, collections, JSON, Python"
        servers = "Import tools of MCP servers…"
        return (
            Command("import-servers", servers, "Tools", self.open_servers, icon="plus", opens_page=True),
            Command(
                "paste-tools", words, "Tools", self.open_clipboard, icon="plus", opens_page=True, synonyms=_SYNONYMS
            ),
            Command("import-file", "Import tools from a file…", "Tools", self.ask_file, icon="plus"),
        )

    def take_pane(self, pane: ChatPane) -> None:
        """Offer a file to a project without tools."""
        pane.first_view.import_asked.connect(self.ask_file)

    def item_actions(self) -> tuple[ItemAction, ...]:
        """Offer it beside existing tools."""
        return (
            ItemAction(
                "paste", "Paste tools\tCtrl+V", lambda _: self.open_clipboard(), lambda item: item.kind == "tool"
            ),
        )

    def begin(self) -> None:
        """Ctrl+V in the explorer and in the palette; in an editor, only for text that makes no tool there."""
        context = self.context
        tree, palette = context.features.of(ExplorerFeature).tree, context.palette_
        self._keys = [
            _PasteKeys(tree, lambda _: self.open_clipboard()),
            _PasteKeys(palette.field, lambda text: (palette.close(), self.open(text)), holds_tools),
        ]
        context.features.of(SchemaEditorFeature).page_made.connect(
            lambda page: page.json.tools_pasted.connect(lambda text: self.open(text, page))
        )

    def open_clipboard(self) -> ImportPage:
        """Read the clipboard; the page says what to paste if it has no tools."""
        text = QGuiApplication.clipboard().text()
        page = self.open(text if holds_tools(text) else "")
        if page.form.source and page.form.plan.found.is_empty:
            page.look_at_text()  # the earlier text had no tools either
        return page

    def open(self, text: str = "", editor: EditorPage | None = None) -> ImportPage:
        """Show the page with this text; from an editor, its tool can be replaced."""
        page = self.context.documents.show_page(_PAGE, IMPORT, self._make)
        self._editor = editor
        page.form.be_for(editor.editor.name if editor is not None else "")
        if text:
            page.show_text(text)
        (page.choose_file if page.text.isHidden() else page.text).setFocus()
        return page

    def open_files(self, files: Sequence[Path]) -> ImportPage:
        """Show the page with the contents of these files."""
        page = self.open()
        page.form.open(files)
        self.context.tasks.start(_READ, page.form.read())
        return page

    def open_servers(self) -> ImportPage:
        """Show the page with the tools of all running MCP servers."""
        from workbench.app.imports.server_tools import tools_of_servers

        page = self.open()
        page.form.show(tools_of_servers(self.parts.mcp.views))
        page.choose_file.setFocus()
        self.context.tasks.start(_READ, page.form.read())
        return page

    def ask_file(self) -> None:
        """Ask for files."""
        dialog = self.dialog = QFileDialog(self.context.as_window, IMPORT)
        dialog.setNameFilters(_FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setModal(False)
        dialog.filesSelected.connect(lambda names: self.open_files([Path(name) for name in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    def refresh(self) -> None:
        """The project's files were read again."""
        page = self.context.documents.page(_PAGE)
        if page is not None:
            self.context.tasks.start(_JUDGE, page.form.use_overwrite(overwrite=page.form.overwrite))

    def _make(self) -> ImportPage:
        from workbench.gui.imports.import_page import ImportPage
        from workbench.viewmodels.imports.import_form import ImportForm

        form = ImportForm(self.parts)
        tasks = self.context.tasks
        page = ImportPage(
            form,
            self.context.look,
            read=lambda: tasks.start(_READ, form.read()),
            add=lambda: tasks.start(_ADD, self._add(page)),
            replace=lambda: self._replace(page),
            ask_file=self.ask_file,
        )
        page.overwrite_asked.connect(lambda is_on: tasks.start(_JUDGE, form.use_overwrite(overwrite=is_on)))
        return page

    async def _add(self, page: ImportPage) -> None:
        chosen = page.form.chosen
        try:
            done = await page.form.add(self.parts.runs)
        except WorkbenchError as error:
            self.context.toasts.tell(error_words(error), tone="error")
            return
        self.context.documents.close_page(page)
        await self.context.read_again()
        undo = (lambda: self.take_back(lambda: done.undo(self.parts.runs))) if done.is_undoable else None
        self.context.toasts.tell(one_line(done.words, 160), undo, tone="ok")
        if done.conversations:
            self.context.opening.run(done.conversations[-1][-1])
        elif len(chosen) == 1 and chosen[0].path in done.files.after:
            self.context.features.of(SchemaEditorFeature).open_file(chosen[0].path)
        else:
            self.context.features.of(ExplorerFeature).tree.setFocus()

    def _replace(self, page: ImportPage) -> None:
        """Replace the tool in the editor; one Undo reverts it."""
        tool, editor = page.form.replacement, self._editor
        if tool is None or editor is None or self.context.documents.indexOf(editor) < 0:
            return
        editor.editor.document.write(pretty(tool.document) + "\n", words=f"Replace the tool with {tool.name}")
        self.context.documents.close_page(page)
        self.context.documents.setCurrentWidget(editor)


def holds_tools(text: str) -> bool:
    """Whether a text has tools, including our own format."""
    from workbench.viewmodels.imports.import_form import holds_foreign_tools

    return bool(text.strip()) and holds_foreign_tools(text, is_whole=True, also_own=True)


class _PasteKeys(QObject):
    """Diverts text pasted into a widget if `fits` says so."""

    def __init__(
        self, widget: QWidget, paste: Callable[[str], object], fits: Callable[[str], bool] = lambda text: True
    ) -> None:
        super().__init__(widget)
        self._paste = paste
        self._fits = fits
        widget.installEventFilter(self)

    # overrides of Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or not event.matches(QKeySequence.StandardKey.Paste):
            return False
        text = QGuiApplication.clipboard().text()
        if not self._fits(text):
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self._paste(text)
        return event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
