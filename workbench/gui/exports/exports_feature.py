"""Exporting tools as a feature of the window: one page, opened from the palette, menus, explorer, and editor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from workbench.core.errors import WorkbenchError
from workbench.gui.frame.actions import Command
from workbench.gui.frame.after_paint import AfterPaint
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, ItemAction, WindowContext
from workbench.gui.kit.listening import listen
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.gui.suites.suites_feature import SuitesFeature
from workbench.viewmodels.shared.plain import one_line

if TYPE_CHECKING:
    from workbench.app.exports.tool_export import Exported
    from workbench.gui.exports.export_page import ExportPage
    from workbench.gui.schema_editor.editor_header import MenuEntry
    from workbench.gui.schema_editor.editor_page import EditorPage
    from workbench.viewmodels.exports.export_form import ExportForm, ExportParts

EXPORT = "Export tools"
_PAGE: PageKey[ExportPage] = PageKey("export")


class ExportsFeature(Feature["ExportParts"]):
    """The page opens at most once and keeps its choices."""

    def __init__(self, context: WindowContext, parts: ExportParts) -> None:
        super().__init__(context, parts)
        self._kept: ExportForm | None = None
        self.dialog: QFileDialog | None = None

    @property
    def _form(self) -> ExportForm:
        from workbench.viewmodels.exports.export_form import ExportForm

        if self._kept is None:
            self._kept = ExportForm(self.parts)
        return self._kept

    def commands(self) -> tuple[Command, ...]:
        """The page; from an editor, with only its tool."""
        return (
            Command(
                "export-tools",
                f"{EXPORT}…",
                "Tools",
                self.open_here,
                ("Ctrl+Shift+E",),
                "copy",
                opens_page=True,
                synonyms="save JSON schemas pydantic TypeScript",
            ),
        )

    def item_actions(self) -> tuple[ItemAction, ...]:
        """A tool of the explorer."""
        return (
            ItemAction("export", "Export…", lambda item: self.open([item.target]), lambda item: item.kind == "tool"),
        )

    def begin(self) -> None:
        """The editor's menu has it too. Tested texts are known when a suite run ends."""
        window = self.context.as_window
        listen(window, self.context.features.of(SuitesFeature).done, self.read_tests)
        self._shown = AfterPaint(window, self.read_tests)
        self.context.features.of(SchemaEditorFeature).page_made.connect(
            lambda page: page.header.extra_entries.append(lambda: self._entries(page))
        )

    def open_here(self) -> ExportPage:
        """Export the tool in the editor, or else the last choice."""
        page = self.context.features.of(SchemaEditorFeature).page
        return self.open([page.editor.name]) if page is not None and page.editor.save() else self.open()

    def open(self, names: Iterable[str] | None = None) -> ExportPage:
        """Show the page; with `names`, exactly these tools are chosen."""
        page = self.context.documents.show_page(_PAGE, EXPORT, self._make)
        page.form.refresh()
        self.read_tests()
        if names is not None:
            page.form.choose_only(names)
        page.format.setFocus()
        return page

    def refresh(self) -> None:
        """The project's files were read again."""
        page = self.context.documents.page(_PAGE)
        if page is not None:
            page.form.refresh()
        self.read_tests()

    def read_tests(self) -> None:
        """Read which texts were tested, for the page and the explorer."""
        self.context.tasks.start("read what was tested", self._read_tests())

    async def _read_tests(self) -> None:
        await self._form.read_tests()
        self.context.explorer.show_tests(self._form.coverage)

    def copy(self, form: ExportForm) -> None:
        """Copy the export."""
        QGuiApplication.clipboard().setText(form.text)
        self.context.toasts.tell(f"Copied {form.count_words} as {dict(form.formats)[form.format]}", tone="ok")

    def save(self, form: ExportForm) -> None:
        """Ask for a file without blocking."""
        from workbench.app.exports.tool_export import ending_of

        exported = form.exported
        dialog = self._ask(
            "Export tools", form.file_name, lambda name: self.put(form, {Path(name): exported}, Path(name))
        )
        ending = ending_of(form.format)
        dialog.setNameFilters([f"{dict(form.formats)[form.format]} (*.{ending})", "All files (*)"])
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setDefaultSuffix(ending)
        dialog.show()

    def save_each(self, form: ExportForm) -> None:
        """Ask for a folder to put one file per tool into."""
        each = form.each()
        dialog = self._ask(
            "Export one file per tool",
            "",
            lambda name: self.put(form, {Path(name) / file: one for file, one in each.items()}, Path(name)),
        )
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.show()

    def put(self, form: ExportForm, exports: Mapping[Path, Exported], place: Path) -> None:
        """Write the exports, and evidence if selected, to the chosen file or folder."""
        self.context.tasks.start("write an export", self._put(form, exports, place))

    async def _put(self, form: ExportForm, exports: Mapping[Path, Exported], place: Path) -> None:
        """The files' earlier content can be restored."""
        from workbench.app.exports.export_files import write_exports

        try:
            done = write_exports(await form.texts_for(exports, place))
        except WorkbenchError as error:
            self.context.toasts.tell(one_line(error.message, 200), tone="error")
            return
        undo = partial(self.take_back, done.undo, of_project=False)
        self.context.toasts.tell(one_line(done.words, 200), undo, tone="ok")

    def _ask(self, title: str, name: str, chosen: Callable[[str], object]) -> QFileDialog:
        dialog = self.dialog = QFileDialog(self.context.as_window, title, name)
        dialog.setModal(False)
        dialog.fileSelected.connect(chosen)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _entries(self, page: EditorPage) -> tuple[MenuEntry, ...]:
        return (("Export…", "", lambda: self.open([page.editor.name]) if page.editor.save() else None),)

    def _make(self) -> ExportPage:
        from workbench.gui.exports.export_page import ExportPage

        form = self._form
        return ExportPage(
            form,
            self.context.look,
            copy=lambda: self.copy(form),
            save=lambda: self.save(form),
            save_each=lambda: self.save_each(form),
        )
