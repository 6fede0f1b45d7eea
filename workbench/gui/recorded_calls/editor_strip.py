"""The strip in the editor: a moment after an edit settles, the tool's recorded calls are checked against it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject

from workbench.app.parts import HasTools
from workbench.core.errors import WorkbenchError
from workbench.core.json_text import JsonObject
from workbench.core.tool import Tool, Toolset
from workbench.gui.kit.listening import listen
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look
from workbench.gui.recorded_calls.recorded_calls_strip import RecordedCallsStrip
from workbench.gui.schema_editor.editor_page import EditorPage
from workbench.viewmodels.recorded_calls.recorded_call_report import CheckRequest, RecordedCallReportViewModel

SETTLE_MS = 700


class EditorStrip(QObject):
    """Belongs to one editor and ends with it."""

    def __init__(
        self,
        page: EditorPage,
        parts: HasTools,
        report: RecordedCallReportViewModel,
        look: Look,
        check: Callable[[RecordedCallReportViewModel], object],
        show: Callable[[RecordedCallReportViewModel], object],
    ) -> None:
        """`check` updates a report for `question`, `show` opens its list."""
        super().__init__(page)
        self.report = report
        self._page = page
        self._parts = parts
        self._check = check
        self._opened_name = page.editor.name
        self._judged: JsonObject | None = None
        self.strip = RecordedCallsStrip(report, look, show=lambda: show(report), judge=self.judge)
        page.add_strip(self.strip)
        self._timer = delay(self, SETTLE_MS, self.judge_edit)
        listen(self, page.editor.document.changed, self._timer.start)
        page.installEventFilter(self)
        self._timer.start()

    def judge_edit(self) -> None:
        """Check, if something that matters to a call has changed. Descriptions do not matter."""
        document = self._page.editor.document
        if document.is_broken:
            return
        wanted: JsonObject = {key: document.value.get(key) for key in ("name", "inputSchema")}
        if wanted != self._judged:
            self._judged = wanted
            self.judge()

    def judge(self) -> None:
        """Check the tool's recorded calls against the tool as edited now."""
        self._check(self.report)

    def question(self) -> CheckRequest | None:
        """The tools of the project, this one as edited now; None while the text is not a tool."""
        try:
            tool = Tool(self._page.editor.document.value)
        except WorkbenchError:
            return None
        others = [other for other in self._parts.toolset if other.name not in (tool.name, self._opened_name)]
        renames = {self._opened_name: tool.name} if tool.name != self._opened_name else {}
        names = frozenset((self._opened_name, tool.name))
        return CheckRequest(Toolset([*others, tool]), renames, names, f"{tool.name} as edited now")

    # overrides of Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The person may have made calls before coming back to the editor."""
        if event.type() == QEvent.Type.Show:
            self._judged = None
            self._timer.start()
        return super().eventFilter(watched, event)
