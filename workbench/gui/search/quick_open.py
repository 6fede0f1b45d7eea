"""Quick open: tools, conversations, runs, files and pages by a few letters; Enter opens, Esc closes."""

import asyncio
from typing import Protocol

from workbench.app.parts import HasMemory, HasProject, HasSearch
from workbench.core.ids import RunId
from workbench.gui.code.code_feature import CodeFeature
from workbench.gui.frame.feature import WindowContext
from workbench.gui.kit.popup_list import PopupList
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.viewmodels.search.quick_open import HINT, Target, opened, project_files, rows_for, targets

_TASK = "list the project's files"
_PART = "recently opened"


class SearchParts(HasProject, HasSearch, HasMemory, Protocol):
    """Where is searched, and what is remembered of it."""


class QuickOpen(PopupList):
    """What was opened by it is remembered for the project."""

    def __init__(self, context: WindowContext, parts: SearchParts) -> None:
        super().__init__(context.look, context.as_window, name="Quick open", hint=HINT, width=680, rows=12)
        self._context = context
        self._parts = parts
        self._files: list[str] = []
        self._targets: tuple[Target, ...] = ()

    def open(self) -> None:
        """Show it with an empty field; the project's files are listed meanwhile."""
        self._context.tasks.start(_TASK, self._list_files())
        self._gather()
        self.field.clear()
        super().open()

    def typed(self, text: str) -> None:
        """What fits, the closest first."""
        self.show_rows(rows_for(self._targets, text, self._recent()))

    def choose(self, payload: object) -> None:
        """Open it, and remember that."""
        if not isinstance(payload, Target):
            return
        self._parts.memory.keep(_PART, list(opened(self._recent(), payload)))
        match payload.kind:
            case "tool":
                self._context.features.of(SchemaEditorFeature).open_tool(payload.key)
            case "conversation":
                self._context.opening.conversation(RunId(payload.key))
            case "run":
                self._context.opening.run(RunId(payload.key))
            case "file":
                self._context.features.of(CodeFeature).open_any(payload.key)
            case "page":
                self._context.commands[payload.key].trigger()

    def _recent(self) -> list[str]:
        held = self._parts.memory.part(_PART)
        return [mark for mark in held if isinstance(mark, str)] if isinstance(held, list) else []

    def _gather(self) -> None:
        pages = [(command.name, command.text) for command in self._context.commands.commands if command.opens_page]
        self._targets = targets(self._parts.project.toolset, self._context.history.tree, self._files, pages)

    async def _list_files(self) -> None:
        files = await asyncio.to_thread(project_files, self._parts.project.folder)
        if files != self._files:
            self._files = files
            self._gather()
            if self.isVisible():
                self.typed(self.field.text())
