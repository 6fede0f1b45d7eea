"""The editors that are open, one tab for each tool file."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

from workbench.app.schema_editor.tool_editing import ToolFile
from workbench.app.session import Session
from workbench.app.tools.tool_changes import new_tool, tool_path
from workbench.core.errors import WorkbenchError
from workbench.gui.frame.documents import Documents
from workbench.gui.kit.listening import listen
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.schema_editor.editor_page import EditorPage
from workbench.gui.rules.policy_box import add_policy_box
from workbench.viewmodels.shared.signal import Signal


class Editors:
    """Opens tools in tabs, and reads the project again when one of their files was written."""

    def __init__(
        self,
        documents: Documents,
        session: Session,
        look: Look,
        tasks: Tasks,
        try_tool: Callable[[str], object],
    ) -> None:
        """`try_tool` gets the name of a tool that the person wants to try."""
        self.project_read: Signal[[]] = Signal()
        """The session holds the project as its files are now."""
        self.page_made: Signal[[EditorPage]] = Signal()
        """An editor is about to be shown; others may put something of theirs into it."""
        self._documents = documents
        self._session = session
        self._look = look
        self._tasks = tasks
        self._try_tool = try_tool
        self._numbers = count(1)
        self._is_stale = False

    @property
    def page(self) -> EditorPage | None:
        """The editor in the open tab, if that is one."""
        current = self._documents.currentWidget()
        return current if isinstance(current, EditorPage) else None

    @property
    def pages(self) -> tuple[EditorPage, ...]:
        """Every open editor."""
        widgets = (self._documents.widget(place) for place in range(self._documents.count()))
        return tuple(widget for widget in widgets if isinstance(widget, EditorPage))

    def open_tool(self, name: str) -> EditorPage | None:
        """Open the tool of that name; None when its file is not there any more."""
        path = tool_path(self._session.project.folder, name)
        return self.open_file(path) if path is not None else None

    def open_file(self, path: Path, line: int = 0) -> EditorPage | None:
        """Open a tool's file, at a line where one is given; None when it cannot be edited as text."""
        for place in range(self._documents.count()):
            known = self._documents.widget(place)
            if isinstance(known, EditorPage) and known.path == path:
                self._documents.setCurrentIndex(place)
                known.go_to_line(line) if line else None
                return known
        try:
            file = ToolFile(path, self._session.project.folder)
        except WorkbenchError:
            return None
        page = EditorPage(file, self._look, lambda: len(self._session.project.toolset))
        box = add_policy_box(page, self._session, self._tasks, self._read_now)
        listen(box, self.project_read, box.policy.refresh)
        page.title_changed.connect(lambda: self._documents.name_page(page, page.title))
        page.written.connect(self._reload)
        page.try_asked.connect(lambda name: self._tasks.start("try a tool", self._read(), lambda: self._try_tool(name)))
        page.copied.connect(self.open_file)
        page.new_asked.connect(self.new_tool)
        self.page_made.emit(page)
        self._documents.show_page(f"editor:{next(self._numbers)}", page.title, lambda: page)
        if line:
            page.go_to_line(line)
        else:
            page.form.focus_outline()
        return page

    def new_tool(self) -> EditorPage | None:
        """Make a tool and open it."""
        path, _ = new_tool(self._session.project.folder)
        self._reload()
        page = self.open_file(path)
        if page is not None:
            page.form.details.focus_field("name")
        return page

    def _reload(self) -> None:
        """Not for a window that is going: what it saves in leaving is read by the next one."""
        self._is_stale = True
        if self._documents.isVisible():
            self._tasks.start("read the project", self._read())

    async def _read_now(self) -> None:
        self._is_stale = True
        await self._read()

    async def _read(self) -> None:
        """Until nothing was written meanwhile."""
        while self._is_stale:
            self._is_stale = False
            await self._session.reload()
            self.project_read.emit()
