"""What runs the tool in the editor: a choice, and the fields of what was chosen."""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from workbench.core.tool import Tool
from workbench.gui.kit.combo_box import ComboBox
from workbench.gui.kit.flow_layout import TwoParts, flow_row
from workbench.gui.kit.labels import ElidedLabel, label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.tasks import Tasks
from workbench.viewmodels.tools.tool_executor import KINDS, METHODS, ToolExecutor


class ExecutorBox(QFrame):
    """Shows a `ToolExecutor`. A line counts when Enter is pressed or it is left."""

    code_asked = Signal(str)
    """Somebody wants to see the function `module:function`."""
    mock_asked = Signal()
    servers_asked = Signal()

    def __init__(self, executor: ToolExecutor, tasks: Tasks, tool: Callable[[], Tool | None]) -> None:
        """`tool` gives the tool as it is in the editor; None while it is not saved."""
        super().__init__()
        self.executor = executor
        self._tasks = tasks
        self._tool = tool
        self._is_showing = False
        self.setProperty("role", "bar")
        self.setAccessibleName("What runs this tool")
        self.kind = self._choice("What runs this tool", KINDS)
        self.kind.currentIndexChanged.connect(self._choose)
        caption = label("Runs as", "caption")
        caption.setBuddy(self.kind)
        self.effect = ElidedLabel("", "hint")
        self.function = self._line("Python function", "module:function")
        self.new = action_button("New Python function", "Create a Python function for this tool", self._create)
        self.code = action_button("Edit code", "Edit the code of the function", self._open_code)
        self.method = self._choice("HTTP method", tuple((method, method) for method in METHODS))
        self.method.currentIndexChanged.connect(self._take_http)
        self.url = self._line("Address", "https://example.com/tickets/{ticket_id}")
        self.key = self._line("Key name", "key, such as SHOP_API_KEY")
        self.response = self._line("Part of the answer", "whole answer, or a JSONPath such as $.data")
        self.mock = action_button("Edit the mock", "Edit the mock of this tool", self.mock_asked.emit)
        self.servers = action_button("MCP servers…", "Open the MCP servers", self.servers_asked.emit)
        self.server_tool = self._line("Tool of an MCP server", "server:tool")
        self.server_tool.editingFinished.connect(self._take_server_tool)
        self.function.editingFinished.connect(self._take_function)
        for line in (self.url, self.key, self.response):
            line.editingFinished.connect(self._take_http)
        head = QHBoxLayout()
        head.setSpacing(10)
        for part in (caption, self.kind):
            head.addWidget(part)
        head.addWidget(self.effect, 1)
        for button in (self.mock, self.servers):
            head.addWidget(button)
        codes, code_row = flow_row()
        for button in (self.code, self.new):
            code_row.addWidget(button)
        self._python = TwoParts(self.function, codes)
        self._mcp = self._row((self.server_tool, 1))
        self._http = self._row((self.method, 0), (self.url, 3), (self.key, 1), (self.response, 1))
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 6)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._python)
        column.addWidget(self._mcp)
        column.addWidget(self._http)
        self.refresh()
        listen(self, executor.changed, self.refresh)

    def refresh(self) -> None:
        """Show what runs the tool now."""
        executor = self.executor
        kind, fields = executor.kind, executor.fields
        self._is_showing = True
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self._show(self.function, fields.get("function", ""))
        known = f"{fields['server']}:{fields['tool']}" if fields.get("kind") == "mcp" and "tool" in fields else ""
        self._show(self.server_tool, known)
        self._show(self.url, fields.get("url", ""))
        self._show(self.key, fields.get("auth", {}).get("key", ""))
        self._show(self.response, fields.get("response", ""))
        self.method.setCurrentIndex(max(0, self.method.findData(fields.get("method", "GET"))))
        self._is_showing = False
        self._python.setVisible(kind == "python")
        self._mcp.setVisible(kind == "mcp")
        self._http.setVisible(kind == "http")
        self.mock.setVisible(kind == "mock")
        self.servers.setVisible(kind == "mcp")
        self.code.setEnabled(bool(fields.get("function")))
        self._make_primary(self.new, is_primary=not fields.get("function"))
        if kind == "python":
            self._offer(self.function, executor.functions, "Functions of the project")
        elif kind == "mcp":
            self._offer(self.server_tool, executor.server_tools, "Tools of MCP servers")
        effect, tone = executor.effect
        self.effect.setText(effect)
        set_role(self.effect, "tone", tone)

    def _choose(self, *_: object) -> None:
        if not self._is_showing:
            self._start(self.executor.choose(self.kind.currentData()))

    def _take_function(self) -> None:
        text = self.function.text().strip()
        if text and text != self.executor.fields.get("function", ""):
            self._start(self.executor.use_function(text))

    def _take_http(self, *_: object) -> None:
        fields = self.executor.fields
        typed = (self.url.text().strip(), self.method.currentData(), self.key.text().strip(), self.response.text())
        known = (
            fields.get("url", ""),
            fields.get("method", "GET"),
            fields.get("auth", {}).get("key", ""),
            fields.get("response", ""),
        )
        if not self._is_showing and typed[0] and typed != known:
            url, method, key, response = typed
            self._start(self.executor.use_http(url=url, method=method, key=key, response=response))

    def _take_server_tool(self) -> None:
        text, fields = self.server_tool.text().strip(), self.executor.fields
        if text and text != f"{fields.get('server', '')}:{fields.get('tool', '')}":
            self._start(self.executor.use_server_tool(text))

    @staticmethod
    def _offer(line: QLineEdit, words: tuple[str, ...], name: str) -> None:
        completer = QCompleter(list(words), line)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        popup = completer.popup()
        if popup is not None:
            popup.setAccessibleName(name)
        line.setCompleter(completer)

    def _create(self) -> None:
        tool = self._tool()
        if tool is not None:
            self._start(self._create_function(tool))

    async def _create_function(self, tool: Tool) -> bool:
        function = await self.executor.create_function(tool)
        if function:
            self.code_asked.emit(function)
        return bool(function)

    def _open_code(self) -> None:
        self.code_asked.emit(self.executor.fields.get("function", ""))

    def _start(self, work: Coroutine[Any, Any, bool]) -> None:
        if not self._tasks.start("what runs a tool", work):
            self.refresh()  # an earlier change is still being written

    def _line(self, name: str, example: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.setPlaceholderText(example)
        line.setToolTip(name)
        return line

    def _choice(self, name: str, choices: tuple[tuple[str, str], ...]) -> ComboBox:
        box = ComboBox()
        box.setAccessibleName(name)
        box.view().setAccessibleName(name)
        for value, words in choices:
            box.addItem(words, value)
        return box

    def _row(self, *parts: tuple[QWidget, int]) -> QWidget:
        ground = QWidget()
        ground.setProperty("role", "clear")
        row = QHBoxLayout(ground)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part, share in parts:
            row.addWidget(part, share, Qt.AlignmentFlag.AlignVCenter if not share else Qt.AlignmentFlag(0))
        return ground

    @staticmethod
    def _show(line: QLineEdit, text: str) -> None:
        if line.text() != text and not (line.hasFocus() and line.isModified()):
            line.setText(text)

    @staticmethod
    def _make_primary(button: QPushButton, *, is_primary: bool) -> None:
        set_role(button, "role", "primary" if is_primary else "")
