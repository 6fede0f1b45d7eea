"""What runs a tool, as a feature of the window: a box in every editor."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakSet

from workbench.app.tools.tool_changes import Undoable
from workbench.core.errors import MalformedJson, ProjectError
from workbench.core.tool import Tool
from workbench.gui.code.code_feature import CodeFeature
from workbench.gui.frame.feature import Feature, WindowContext
from workbench.gui.kit.listening import listen
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature

if TYPE_CHECKING:
    from workbench.gui.schema_editor.editor_page import EditorPage
    from workbench.gui.tools.executor_box import ExecutorBox
    from workbench.viewmodels.tools.tool_executor import ExecutorParts


class ExecutorFeature(Feature["ExecutorParts"]):
    """Adds a box to every editor, and opens the code that it requests."""

    def __init__(self, context: WindowContext, parts: ExecutorParts) -> None:
        super().__init__(context, parts)
        self._boxes: WeakSet[ExecutorBox] = WeakSet()
        self._is_stale = False

    def begin(self) -> None:
        """Listen for new editors."""
        listen(self.context.as_window, self.context.features.of(SchemaEditorFeature).page_made, self._take_editor)

    def refresh(self) -> None:
        """The project's files were read again."""
        for box in self._boxes:
            box.executor.refresh()
        self._look_for_functions()

    def _take_editor(self, page: EditorPage) -> None:
        from workbench.gui.tools.executor_box import ExecutorBox
        from workbench.viewmodels.tools.tool_executor import ToolExecutor

        context = self.context
        executor = ToolExecutor(self.parts, lambda: page.editor.name, context.read_again)
        box = ExecutorBox(executor, context.tasks, partial(_saved_tool, page))
        box.code_asked.connect(lambda function: context.features.of(CodeFeature).open_function(function))
        box.mock_asked.connect(lambda: context.commands["mocks"].trigger())
        box.servers_asked.connect(lambda: context.commands["servers"].trigger())
        listen(box, executor.done, self._tell)
        listen(box, page.editor.file.written, executor.refresh)
        page.add_strip(box)
        self._boxes.add(box)
        page.destroyed.connect(lambda *_: self._boxes.discard(box))
        self._look_for_functions()

    def _look_for_functions(self) -> None:
        self._is_stale = True
        self.context.tasks.start("look for functions", self._find_functions())

    async def _find_functions(self) -> None:
        """On a thread, because all of the project's code files are read."""
        from workbench.app.code.python_functions import python_functions

        while self._is_stale and self._boxes:
            self._is_stale = False
            found = await asyncio.to_thread(python_functions, self.parts.project.folder)
            for box in self._boxes:
                box.executor.offer_functions(found)

    def _tell(self, done: Undoable) -> None:
        self.context.toasts.tell(done.words, lambda: self.take_back(done.undo), tone="ok")


def _saved_tool(page: EditorPage) -> Tool | None:
    """The tool as in its file now; None if it cannot be saved."""
    if not page.editor.save(on_purpose=True):
        return None
    try:
        return Tool(page.editor.document.value)
    except (MalformedJson, ProjectError):
        return None
