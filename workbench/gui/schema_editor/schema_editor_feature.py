"""The schema editor as a feature of the window: one tab for each tool file."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QWidget

from workbench.app.parts import HasHeats, HasProject, HasTools
from workbench.app.tools.tool_changes import Undoable, describe_tool, new_tool, tool_path
from workbench.core.errors import WorkbenchError
from workbench.core.project_folder import TOOLS_FOLDER
from workbench.core.signal import Signal
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, PlaceAction, WindowContext
from workbench.gui.frame.rereading import Rereading
from workbench.viewmodels.conversation.chat_entry import CallEntry
from workbench.viewmodels.explorer.explorer_item import ExplorerItem
from workbench.viewmodels.restore.window_memory import TabMemory
from workbench.viewmodels.runs.run_place import RunPlace, RunPlaceKind, place_of_row
from workbench.viewmodels.shared.plain import one_line

if TYPE_CHECKING:
    from workbench.gui.schema_editor.editor_page import EditorPage

EDITOR: PageKey[EditorPage] = PageKey("editor")
_CALLS: frozenset[RunPlaceKind] = frozenset({"call"})


class SchemaEditorParts(HasProject, HasTools, HasHeats, Protocol):
    """What the editor uses of a project."""


class SchemaEditorFeature(Feature[SchemaEditorParts]):
    """Opens tools in tabs, and reads the project again when one of their files was written."""

    def __init__(self, context: WindowContext, parts: SchemaEditorParts) -> None:
        super().__init__(context, parts)
        self.page_made: Signal[[EditorPage]] = Signal()
        """An editor is about to be shown; others may put something of theirs into it."""
        self._numbers = count(1)
        self._rereading = Rereading(context, "read the project")

    def commands(self) -> tuple[Command, ...]:
        """From a call to the text that led to it."""
        return (Command("open-tool", "Open the tool of this call", "Run", self.open_tool_here, ("F12",)),)

    def place_actions(self) -> tuple[PlaceAction, ...]:
        """The tool of a call, in its card and in its rows of the trace."""
        return (PlaceAction("open-tool", "Open tool", _CALLS, self._open_place, lambda at: self.has_tool(at.tool)),)

    def begin(self) -> None:
        """Editors that are open already show the heat of their descriptions as soon as it is read."""
        self.context.tasks.start("heats", asyncio.to_thread(self.parts.heats.read), self._show_heats)

    def _show_heats(self) -> None:
        for page in self.pages:
            page.editor.heats_read.emit()

    def take_pane(self, pane: ChatPane) -> None:
        """Its cards open their tools."""
        pane.tool_asked.connect(self.show_tool)

    def show_tool(self, name: str) -> None:
        """Open a tool, or say why it cannot be."""
        if not self.has_tool(name) or self.open_tool(name) is None:
            self.context.toasts.tell(f"{one_line(name, 64)} has no file in this project.", tone="warn")

    def describe(self, name: str, text: str) -> None:
        """Give a tool another description, as its page would; it can be undone."""
        try:
            done = describe_tool(self.parts.project.folder, name, text)
        except WorkbenchError as error:
            self.context.toasts.tell(str(error), tone="error")
            return
        self._rereading.ask()
        self.context.toasts.tell(f"{done.words}. Votes can compare before and after.", lambda: self._undo(done))

    def _undo(self, done: Undoable) -> None:
        try:
            done.undo()
        except WorkbenchError as error:
            self.context.toasts.tell(str(error), tone="warn")
        self._rereading.ask()

    def has_tool(self, name: str) -> bool:
        """Whether the tool has a file in this project."""
        return name in self.parts.project.toolset.names

    def open_tool_here(self) -> None:
        """The tool of the call that has the focus, else of the row chosen in the trace, else of the newest call."""
        pane = self.context.pane
        tool = "" if pane is None else pane.chat.focused_tool() or _chosen_tool(pane) or _newest_tool(pane)
        if tool:
            self.show_tool(tool)
        else:
            self.context.toasts.tell("There is no call in this tab.")

    def _open_place(self, place: RunPlace) -> None:
        self.open_tool(place.tool)

    def open_item(self, item: ExplorerItem) -> bool:
        """A tool, or a problem in a tool's file."""
        if item.kind == "tool":
            return self.open_tool(item.target) is not None
        folder = self.parts.project.folder
        path = folder / item.target
        is_tool_file = item.kind == "problem" and path.parent == folder / TOOLS_FOLDER
        return is_tool_file and self.open_file(path, item.line) is not None

    def remember(self, page: QWidget) -> TabMemory | None:
        """The tool's file."""

        return TabMemory("tool", page.path.name) if EDITOR.fits(page) else None

    def reopen(self, tab: TabMemory) -> QWidget | None:
        """The tool's editor, if its file is still there."""
        path = self.parts.project.folder / TOOLS_FOLDER / tab.key
        return self.open_file(path) if tab.kind == "tool" and path.is_file() else None

    @property
    def page(self) -> EditorPage | None:
        """The editor in the open tab, if that is one."""

        current = self.context.documents.currentWidget()
        return current if EDITOR.fits(current) else None

    @property
    def pages(self) -> tuple[EditorPage, ...]:
        """Every open editor."""

        return self.context.documents.pages(EDITOR)

    def save_pages(self) -> None:
        """Write what was typed in any of them."""
        for page in self.pages:
            page.editor.save()

    def open_tool(self, name: str) -> EditorPage | None:
        """Open the tool of that name; None when its file no longer exists."""
        path = tool_path(self.parts.project.folder, name)
        return self.open_file(path) if path is not None else None

    def open_file(self, path: Path, line: int = 0) -> EditorPage | None:
        """Open a tool's file, at a line where one is given; None when it cannot be edited as text."""
        from workbench.app.schema_editor.tool_editing import TextFile
        from workbench.gui.schema_editor.editor_page import EditorPage

        for known in self.pages:
            if known.path == path:
                self.context.documents.setCurrentWidget(known)
                if line:
                    known.go_to_line(line)
                return known
        try:
            file = TextFile(path, self.parts.project.folder)
        except WorkbenchError:
            return None
        page = EditorPage(file, self.context.look, lambda: self.parts.toolset, self.parts.heats)
        page.title_changed.connect(lambda: self.context.documents.name_page(page, page.title))
        page.written.connect(self._rereading.ask)
        page.try_asked.connect(
            lambda name: self.context.tasks.start(
                "try a tool", self._rereading.read(), lambda: self.context.opening.try_tool(name)
            )
        )
        page.copied.connect(self.open_file)
        page.new_asked.connect(self.new_tool)
        self.page_made.emit(page)
        self.context.documents.show_page(EDITOR.of(str(next(self._numbers))), page.title, lambda: page)
        if line:
            page.go_to_line(line)
        else:
            page.form.focus_outline()
        return page

    def new_tool(self) -> EditorPage | None:
        """Make a tool and open it."""
        path, _ = new_tool(self.parts.project.folder)
        self._rereading.ask()
        page = self.open_file(path)
        if page is not None:
            page.form.focus_name()
        return page


def _chosen_tool(pane: ChatPane) -> str:
    """The tool of the row chosen in the trace; empty where it is not a call."""
    row = pane.conversation.trace.selection
    place = place_of_row(row) if row is not None else None
    return place.tool if place is not None else ""


def _newest_tool(pane: ChatPane) -> str:
    entries = reversed(pane.conversation.chat.entries)
    return next((entry.tool for entry in entries if isinstance(entry, CallEntry)), "")
