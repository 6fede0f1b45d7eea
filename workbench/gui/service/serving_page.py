"""Serving the project: start and stop, the clients' tokens, and what they are doing."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workbench.core.ids import RunId
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.number_field import NumberField
from workbench.gui.kit.page_frame import PageFrame, action_button
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.viewmodels.service.serving import SCOPE_WORDS, Serving

_ABOUT = (
    "Other programs on this machine can list, check and call the tools of this project, over HTTP and MCP. Their calls "
    "pass your rules like any other; those that need approval wait for you in this window."
)
_OPTIONS = (
    ("only_tested", "Only tested tools", "Withhold tools whose text was not tested by a suite as it is now"),
    ("read_only", "Only tools that change nothing", "Withhold tools that may change something, and conversations"),
    ("may_register", "Clients may add tools", "Let clients add tools to this project"),
)


class ServingPage(PageFrame):
    """Shows a `Serving`."""

    def __init__(
        self, name: str, serving: Serving, look: Look, tasks: Tasks, open_run: Callable[[RunId], object]
    ) -> None:
        super().__init__(name)
        self.serving = serving
        self._tasks = tasks
        self._open_run = open_run
        self.start = action_button("Start serving", "Start serving this project", self._start, role="primary")
        self.stop = action_button("Stop", "Stop serving this project", self._stop)
        self.copy = action_button("Copy address", "Copy the address", lambda: _copy(serving.url))
        self.state = label("", "", wraps=True)
        self.message = label("", "", wraps=True)
        self.remarks = label("", "hint", wraps=True)
        self.add_section(name, _ABOUT, self.state, self._options(look), self._buttons(), self.message, self.remarks)
        self.add_section(
            "Clients",
            "Each client has a token of its own. It is shown once; only a digest is kept, in your keyring.",
            *self._clients(look),
        )
        self.calls = RowsTable("Calls under way", ("Client", "Run"), look, wide=1)
        self.calls.cellActivated.connect(self._open_call)
        self.no_calls = label(
            "Nothing is under way. Finished calls are in the history like other runs.", "hint", wraps=True
        )
        self.add_section("Under way", "", self.no_calls, self.calls)
        self.entry = PlainView(look, "Entry for programs that start their servers", is_json=True)
        self.entry.show_text(serving.client_entry)
        copy_entry = action_button("Copy entry", "Copy the entry", lambda: _copy(serving.client_entry))
        self.add_section(
            "Programs that start their servers",
            "A program that starts its MCP servers itself needs no token and no running service, only this entry.",
            self.entry,
            _left(copy_entry),
        )
        self._show()
        listen(self, serving.changed, self._show)

    def _options(self, look: Look) -> QWidget:
        self.port = NumberField("Port", self.serving.port, 65_535, look, least=0)
        self.port.setToolTip("Port: 0 chooses any free one")
        self.port.number_changed.connect(self.serving.set_port)
        holder, row = flow_row()
        port_label = label("Port", "")
        port_label.setBuddy(self.port)
        row.addWidget(port_label)
        row.addWidget(self.port)
        self.mcp = QCheckBox("MCP as well")
        self.mcp.setChecked(self.serving.with_mcp)
        self.mcp.toggled.connect(lambda is_on: self.serving.set_mcp(is_on=is_on))
        row.addWidget(self.mcp)
        self.options = {}
        for field, text, tip in _OPTIONS:
            box = self.options[field] = QCheckBox(text)
            box.setToolTip(tip)
            box.setAccessibleDescription(tip)
            box.toggled.connect(lambda is_on, field=field: self._set(field, is_on))
            row.addWidget(box)
        return holder

    def _buttons(self) -> QWidget:
        holder, row = flow_row()
        for button in (self.start, self.stop, self.copy):
            row.addWidget(button)
        return holder

    def _clients(self, look: Look) -> tuple[QWidget, ...]:
        self.tokens = RowsTable("Clients", ("Name", "May", "Since"), look, wide=1)
        self.tokens.remove_asked.connect(self._revoke)
        self.tokens.itemSelectionChanged.connect(self._show_revoke)
        self.no_tokens = label("No client yet. Name one, and create its token.", "hint", wraps=True)
        self.client_name = QLineEdit()
        self.client_name.setPlaceholderText("Client, such as editor")
        self.client_name.setAccessibleName("Name of the new client")
        self.client_name.setMinimumWidth(look.px(220))
        self.client_name.returnPressed.connect(self._create)
        self.scopes = {}
        holder, row = flow_row()
        row.addWidget(self.client_name)
        for scope, words in SCOPE_WORDS.items():
            box = self.scopes[scope] = QCheckBox(words.partition(":")[0])
            box.setChecked(scope != "approve")
            box.setToolTip(words)
            box.setAccessibleDescription(words)
            row.addWidget(box)
        self.create_token = action_button("Create token", "Create a token", self._create)
        self.revoke = action_button("Revoke  Del", "Revoke the selected token", self._revoke)
        row.addWidget(self.create_token)
        row.addWidget(self.revoke)
        self.token = QLineEdit()
        self.token.setReadOnly(True)
        self.token.setAccessibleName("New token")
        self.copy_token = action_button("Copy and hide", "Copy the token and hide it", self._copy_token)
        self.shown_token = QWidget()
        line = QHBoxLayout(self.shown_token)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.token, 1)
        line.addWidget(self.copy_token)
        return holder, self.shown_token, self.no_tokens, self.tokens

    def _set(self, field: str, is_on: bool) -> None:
        self.serving.set_settings(msgspec.structs.replace(self.serving.settings, **{field: is_on}))

    def _start(self) -> None:
        self._tasks.start("serve", self.serving.start())

    def _stop(self) -> None:
        self._tasks.start("serve", self.serving.stop())

    def _create(self) -> None:
        if self.serving.create_token(self.client_name.text(), [s for s, box in self.scopes.items() if box.isChecked()]):
            self.client_name.clear()
            self.token.setFocus()
            self.token.selectAll()

    def _copy_token(self) -> None:
        _copy(self.serving.new_token)
        self.serving.put_token_away()
        self.client_name.setFocus()

    def _revoke(self) -> None:
        place = self.tokens.currentRow()
        if 0 <= place < len(self.serving.tokens):
            self.serving.revoke(self.serving.tokens[place].name)

    def _open_call(self, row: int, _column: int) -> None:
        if row < len(self.serving.calls):
            self._open_run(self.serving.calls[row].run_id)

    def _show(self) -> None:
        serving = self.serving
        self.state.setText(serving.state_words)
        set_role(self.state, "tone", "ok" if serving.is_serving else "plain")
        self.message.setText(serving.message)
        self.message.setVisible(bool(serving.message))
        set_role(self.message, "tone", "plain" if serving.is_good else "error")
        self.remarks.setText("\n".join(serving.remarks))
        self.remarks.setVisible(bool(serving.remarks))
        self.start.setVisible(not serving.is_serving)
        self.stop.setVisible(serving.is_serving)
        self.copy.setVisible(serving.is_serving)
        for box in (self.port, self.mcp, *self.options.values()):
            box.setEnabled(not serving.is_serving)
        rows = [(token.name, token.scopes, token.created) for token in serving.tokens]
        place = self.tokens.currentRow()
        self.tokens.show_rows(rows, min(place, len(rows) - 1) if rows and place >= 0 else None)
        self.tokens.setVisible(bool(rows))
        self.no_tokens.setVisible(not rows)
        self.token.setText(serving.new_token)
        self.shown_token.setVisible(bool(serving.new_token))
        calls = [(call.client, call.run_id) for call in serving.calls]
        self.calls.show_rows(calls, None)
        self.calls.setVisible(bool(calls))
        self.no_calls.setVisible(not calls)
        self._show_revoke()

    def _show_revoke(self) -> None:
        self.revoke.setVisible(bool(self.serving.tokens))
        self.revoke.setEnabled(0 <= self.tokens.currentRow() < len(self.serving.tokens))


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _left(widget: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
    return holder
