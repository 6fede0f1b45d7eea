"""Dropping files onto the window, as a feature of it: an overlay says what would happen, a toast takes it back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from workbench.app.parts import HasKeys, HasProject, HasTrust
from workbench.core.errors import WorkbenchError
from workbench.core.project_folder import CODE_FOLDER
from workbench.gui.frame.actions import Command
from workbench.gui.frame.after_paint import AfterPaint
from workbench.gui.frame.feature import Feature, WindowContext
from workbench.gui.imports.paste_feature import PasteFeature
from workbench.gui.kit.popup_list import PopupList
from workbench.gui.mcp.mcp_feature import McpFeature
from workbench.viewmodels.shared.name_match import marked, ranked
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.popup_row import PopupRow
from workbench.viewmodels.shared.progress import Progress

if TYPE_CHECKING:
    from workbench.gui.imports.drop_overlay import DropOverlay
    from workbench.viewmodels.imports.drop import DropPlan

_TASK = "take in what was dropped"
_IMPORT = "make tools of Python"
_MOST = 50


class ImportParts(HasProject, HasKeys, HasTrust, Protocol):
    """What a drop is taken into."""


class ImportsFeature(Feature[ImportParts]):
    """Takes tools, MCP configurations and Python files in; opens projects."""

    def __init__(self, context: WindowContext, parts: ImportParts) -> None:
        super().__init__(context, parts)
        self.modules: ModulePopup
        self._catcher: _Catcher

    def commands(self) -> tuple[Command, ...]:
        """Tools of a Python file that is already in the project."""
        return (Command("import-python", "Import tools from Python…", "Tools", self.open_modules, icon="code"),)

    def begin(self) -> None:
        """Handle what is dragged over the window before any widget in it does."""
        context = self.context
        self.modules = ModulePopup(context, self.parts, self._make_tools)
        self._catcher = _Catcher(context.as_window, lambda: self.overlay, self.drop)

    @cached_property
    def overlay(self) -> DropOverlay:
        """What is shown over the window from the first drag on."""
        from workbench.gui.imports.drop_overlay import DropOverlay

        return DropOverlay(self.context.look, self.context.as_window)

    def open_modules(self) -> None:
        """Offer the Python files of the project, once a thread has found them."""
        self.context.tasks.start("look for Python files", self.modules.look(), self.modules.open)

    def drop(self, plan: DropPlan) -> None:
        """Do what was said."""
        if plan.project is not None:
            self.context.switch.open(plan.project.path)
            return
        if previewed := [one.path for one in plan.usable if one.kind == "tools"]:
            self.context.features.of(PasteFeature).open_files(previewed)
        if len(plan.usable) > len(previewed):
            self.context.tasks.start(_TASK, self._take(plan))

    async def _take(self, plan: DropPlan) -> None:
        from workbench.app.imports.dropped import take_in

        try:
            done = await asyncio.to_thread(take_in, self.parts.project.folder, self.parts.keys, plan.usable)
        except WorkbenchError as error:
            self.context.toasts.tell(error.message, tone="error")
            return
        await self.context.read_again()
        undo = (lambda: self.take_back(done.undo)) if done.before != done.after else None
        self.context.toasts.tell(one_line(done.words or "Nothing new to add", 160), undo, tone="ok")
        if undo is not None and len(plan.usable) == 1:
            self._show(plan)

    def _show(self, plan: DropPlan) -> None:
        """What came in is looked at next."""
        if plan.usable[0].kind == "servers":
            self.context.features.of(McpFeature).open()

    def _make_tools(self, module: str) -> None:
        self.context.tasks.start(_IMPORT, self._import(module))

    async def _import(self, module: str) -> None:
        from workbench.app.imports.import_python import import_python_tools

        parts = self.parts
        if not parts.trusts_code:
            self.context.toasts.tell(
                f"Importing runs {module}. Review the project's code and trust it first.", tone="warn"
            )
            return
        progress = Progress(f"Importing tools from {module}", "tool", stop=lambda: self.context.tasks.cancel(_IMPORT))
        self.context.work.begin(progress)
        try:
            found = await import_python_tools(parts.project, module, is_trusted=parts.trusts_code)
        except WorkbenchError as error:
            self.context.toasts.tell(f"{error.message}. {error.hint}".strip(), tone="error")
            return
        finally:
            progress.finish()
        await self.context.read_again()
        made = ", ".join(found.written)
        self.context.toasts.tell(f"Made {made}" if made else "All of its tools already exist", tone="ok")


class ModulePopup(PopupList):
    """The Python files of the project."""

    def __init__(self, context: WindowContext, parts: HasProject, chosen: Callable[[str], object]) -> None:
        super().__init__(
            context.look, context.as_window, name="Import tools from a Python file", hint="A file of python/…", rows=8
        )
        self._parts = parts
        self._chosen = chosen
        self._files: list[Path] = []

    async def look(self) -> None:
        """Look for the files, in a thread."""
        self._files = await asyncio.to_thread(_modules_in, self._parts.project.folder / CODE_FOLDER)

    def typed(self, text: str) -> None:
        """The files that fit."""
        files = self._files
        self.say("" if files else "No Python files in python/. Drop one onto the window.")
        self.show_rows(
            [
                PopupRow(marked(path.name, text), path.stem, icon="code")
                for path in ranked(files, text, lambda path: path.name)
            ]
        )

    def choose(self, payload: object) -> None:
        """Make tools of it."""
        self._chosen(str(payload))


def _modules_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.py") if path.is_file() and path.stem.isidentifier())


class _Catcher(QObject):
    """Hears of drags where they come in, so that no text field takes a file for text."""

    def __init__(
        self, window: QWidget, overlay: Callable[[], DropOverlay], dropped: Callable[[DropPlan], object]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._overlay = overlay
        self._dropped = dropped
        self._plan: DropPlan | None = None
        window.setAcceptDrops(True)
        self._shown = AfterPaint(window, self._listen)

    def _listen(self) -> None:
        handle = self._window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def _enter(self, event: QDragEnterEvent) -> bool:
        from workbench.app.imports.dropped import look_at
        from workbench.viewmodels.imports.drop import plan_of

        paths = _files(event.mimeData())
        if not paths:
            return False
        self._plan = plan_of([look_at(path) for path in paths[:_MOST]])
        self._overlay().show_plan(self._plan)
        self._answer(event)
        return True

    def _answer(self, event: QDragMoveEvent | QDropEvent) -> None:
        """Files are copied in, never moved away from where they are."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.setAccepted(self._plan is not None and self._plan.is_usable)

    def _drop(self, event: QDropEvent) -> bool:
        plan, self._plan = self._plan, None
        if plan is None:
            return False
        self._overlay().hide()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.setAccepted(plan.is_usable)
        if plan.is_usable:
            self._dropped(plan)
        return True

    # overrides of Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.DragEnter if isinstance(event, QDragEnterEvent):
                return self._enter(event)
            case QEvent.Type.DragMove if self._plan is not None and isinstance(event, QDragMoveEvent):
                self._answer(event)
                return True
            case QEvent.Type.DragLeave if self._plan is not None:
                self._plan = None
                self._overlay().hide()
                return True
            case QEvent.Type.Drop if isinstance(event, QDropEvent):
                return self._drop(event)
            case QEvent.Type.MouseMove | QEvent.Type.MouseButtonPress | QEvent.Type.KeyPress if self._plan is not None:
                self._plan = None  # the drag ended somewhere else, and nobody said so
                self._overlay().hide()
        return False


def _files(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
