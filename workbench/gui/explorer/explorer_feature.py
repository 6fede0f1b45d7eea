"""The actions of a row of the explorer, by menu and keys."""

from collections.abc import Callable
from pathlib import Path
from typing import assert_never

from PySide6.QtGui import QGuiApplication

from workbench.app.parts import HasProject
from workbench.app.tools.tool_changes import Undoable, delete_tool, duplicate_tool, tool_path
from workbench.core.errors import WorkbenchError
from workbench.core.json_text import pretty
from workbench.gui.explorer.explorer_pane import ExplorerPane
from workbench.gui.explorer.explorer_view import ExplorerView
from workbench.gui.frame.actions import Command
from workbench.gui.frame.dock import Dock
from workbench.gui.frame.feature import Feature, ItemAction, WindowContext
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.viewmodels.explorer.explorer_item import ExplorerItem

_TASK = "read the project after a change of its tools"


class ExplorerFeature(Feature[HasProject]):
    """Copies names, JSON and paths; duplicates and deletes tools, which can be undone."""

    def __init__(self, context: WindowContext, parts: HasProject) -> None:
        super().__init__(context, parts)
        self.pane: ExplorerPane
        self.dock: Dock

    def commands(self) -> tuple[Command, ...]:
        """The command that shows and hides it."""
        return (Command("explorer", "Explorer", "View", lambda: self.dock.toggle(), ("Ctrl+B",), "panel-left"),)

    def add_docks(self) -> None:
        """Add the dock at the left."""
        context = self.context
        self.pane = ExplorerPane(context.explorer, context.look)
        self.dock = Dock("explorer", "Explorer", self.pane, context.look, context.as_window)
        context.panes.add(self.dock, "left")

    def begin(self) -> None:
        """Connect opening, renaming, deleting, and the menu."""
        tree, context = self.tree, self.context
        tree.act_asked.connect(self.act)
        tree.opened.connect(context.open_item)
        tree.renamed.connect(context.history.rename)
        tree.deleted.connect(context.history.delete)
        tree.menu_opening.connect(context.features.fill_item_menu)

    @property
    def tree(self) -> ExplorerView:
        """The rows."""
        return self.pane.tree

    def item_actions(self) -> tuple[ItemAction, ...]:
        """In the order of the menu."""
        return (
            ItemAction(
                "copy-name", "Copy the name\tCtrl+C", self.copy_name, lambda item: item.kind in ("tool", "conversation")
            ),
            ItemAction("copy-id", "Copy the run's ID\tCtrl+C", self.copy_name, lambda item: item.kind == "run"),
            ItemAction("copy-words", "Copy the problem\tCtrl+C", self.copy_name, lambda item: item.kind == "problem"),
            ItemAction("copy-json", "Copy as JSON", self.copy_json, lambda item: item.kind == "tool"),
            ItemAction(
                "copy-path", "Copy the file's path", self.copy_path, lambda item: item.kind in ("tool", "problem")
            ),
            ItemAction("duplicate", "Duplicate\tCtrl+D", self.duplicate, lambda item: item.kind == "tool"),
            ItemAction("delete", "Delete\tDel", self.delete, lambda item: item.kind == "tool"),
        )

    def act(self, name: str, item: ExplorerItem) -> None:
        """A key was pressed on a row."""
        for act in self.item_actions():
            if act.name == name and act.fits(item):
                act.act(item)
        if name == "copy-name" and item.kind in ("run", "problem"):
            self.copy_name(item)

    def copy_name(self, item: ExplorerItem) -> None:
        """Copy the tool's or conversation's name, the run's ID, or the problem's text."""
        match item.kind:
            case "run":
                self._copy(item.target, "the run's ID")
            case "problem":
                self._copy(item.tip, "the problem")
            case "conversation":
                self._copy(item.label, "the name")
            case "tool" | "variant" | "hint" | "more":
                self._copy(item.target, "the name")
            case _:
                assert_never(item.kind)

    def copy_json(self, item: ExplorerItem) -> None:
        """Copy the tool as in its file."""
        tool = self.parts.project.toolset.named(item.target)
        if tool is not None:
            self._copy(pretty(tool.document), f"{item.label} as JSON")

    def copy_path(self, item: ExplorerItem) -> None:
        """Copy the path of the file."""
        path = self._path(item)
        if path is not None:
            self._copy(str(path), "the path")

    def duplicate(self, item: ExplorerItem) -> None:
        """Copy the tool and open the copy."""
        path = self._path(item)
        if path is None:
            return

        def copied() -> Undoable:
            copy, done = duplicate_tool(self.parts.project.folder, path, path.read_text(encoding="utf-8-sig"))
            self.context.features.of(SchemaEditorFeature).open_file(copy)
            return done

        self._change(copied)

    def delete(self, item: ExplorerItem) -> None:
        """Delete the tool's file."""
        path = self._path(item)
        if path is not None:
            self._change(lambda: delete_tool(path))

    def _change(self, change: Callable[[], Undoable]) -> None:
        try:
            done = change()
        except (WorkbenchError, OSError, UnicodeDecodeError) as error:
            self.context.toasts.tell(f"Action failed: {error}", tone="error")
            return
        self.context.tasks.start(_TASK, self.context.read_again())
        self.context.toasts.tell(done.words, lambda: self.take_back(done.undo))

    def _path(self, item: ExplorerItem) -> Path | None:
        folder = self.parts.project.folder
        if item.kind == "problem":
            return folder / item.target
        path = tool_path(folder, item.target)
        if path is None:
            self.context.toasts.tell(f"The file of {item.label} no longer exists", tone="warn")
        return path

    def _copy(self, text: str, what: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.context.toasts.tell(f"Copied {what}", tone="ok")
