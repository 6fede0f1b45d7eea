"""The page that runs one tool: its arguments, and beside them the call with its question and its result."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.core.log import EventLog
from workbench.gui.conversation.call_card import CallCard
from workbench.gui.kit.bridge import LogBridge
from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import ScrollArea, action_button
from workbench.gui.kit.timers import delay
from workbench.gui.kit.turning_splitter import TurningSplitter
from workbench.gui.look.look import Look
from workbench.gui.tool_runs.arguments_view import ArgumentsView
from workbench.viewmodels.approvals.approvals import ApprovalsViewModel
from workbench.viewmodels.tool_runs.tool_run import ToolRun

_RUN = "Run  Ctrl+Enter"


class ToolRunPage(QWidget):
    """Shows a `ToolRun`; the page's creator runs it."""

    run_asked = Signal()
    trace_asked = Signal()
    """The person wants to see the call in the trace."""
    place_menu_asked = Signal(object, QPoint)

    def __init__(self, run: ToolRun, approvals: ApprovalsViewModel, look: Look) -> None:
        super().__init__()
        self.run = run
        self._approvals = approvals
        self._look = look
        self._bridge: LogBridge | None = None
        self.card: CallCard | None = None
        self._timer = delay(self, 0, self._show)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tool = ChoiceBox("Tool to run")
        self.tool.picked.connect(run.open)
        self.runs_as = label("", "caption", wraps=True)
        self.past = ChoiceBox("Arguments of earlier calls")
        self.past.picked.connect(lambda place: run.take_past(int(place)) if place else None)
        self.go = action_button(_RUN, "Run the tool", self.run_asked.emit, role="primary")
        self.stop = action_button("Stop", "Stop the call", run.stop)
        self.message = label("", "hint", wraps=True)
        self.message.setProperty("tone", "error")
        self.about = label("The call and its result appear here.", "muted", wraps=True)
        self.results, self.result_row = flow_row()
        self._arguments = QVBoxLayout()
        self.arguments = ArgumentsView(run.form, look)
        self._lay_out()
        self._take_look()
        look.follow(self, self._take_look)
        listen(self, run.opened, self._open)
        listen(self, run.changed, self._timer.start)
        listen(self, approvals.changed, self._timer.start)
        self._show()

    def add_result_action(self, text: str, name: str, act: Callable[[], object]) -> None:
        """Add an action for a finished call."""
        self.result_row.addWidget(action_button(text, name, act))

    def follow(self, log: EventLog) -> None:
        """Show a run live."""
        if self._bridge is not None:
            self._bridge.close()
            self._bridge.deleteLater()
        self._bridge = LogBridge(log, self.run.apply, self)

    def _take_look(self) -> None:
        self.tool.setMinimumWidth(self._look.px(200))
        self.past.setMaximumWidth(self._look.px(260))

    def _lay_out(self) -> None:
        head, controls = flow_row()
        for widget in (self.tool, self.go, self.stop, self.past):
            controls.addWidget(widget)
        left = QWidget()
        left.setProperty("role", "clear")
        self._arguments = QVBoxLayout(left)
        self._arguments.setContentsMargins(0, 0, 14, 0)
        self._arguments.addWidget(self.arguments)
        inner = QWidget()
        inner.setProperty("role", "page")
        self._result = QVBoxLayout(inner)
        self._result.setContentsMargins(14, 2, 6, 8)
        self._result.setSpacing(10)
        for part in (self.about, self.results):
            self._result.addWidget(part)
        self._result.addStretch(1)
        right = ScrollArea("Result", inner)
        self.split = TurningSplitter(left, right, self._look, narrow=720, beside=420, above=0.5)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 18)
        column.setSpacing(12)
        column.addWidget(label("Run a tool", "heading"))
        for part in (head, self.runs_as, self.message):
            column.addWidget(part)
        column.addWidget(self.split, 1)

    def _open(self) -> None:
        """Show another tool's arguments."""
        old, self.arguments = self.arguments, ArgumentsView(self.run.form, self._look)
        self._arguments.replaceWidget(old, self.arguments)
        old.hide()
        old.deleteLater()

    def _show(self) -> None:
        run = self.run
        self.tool.show_choices(run.tools, run.tool)
        self.tool.setEnabled(not run.is_running)
        self.runs_as.setText(run.runs_as)
        self.past.show_choices([("", "Earlier arguments"), *run.past_rows], "")
        self.past.setVisible(bool(run.past))
        self.go.setEnabled(not run.obstacle)
        self.go.setToolTip(run.obstacle)
        self.stop.setMinimumWidth(self.go.sizeHint().width())
        for button, is_shown in ((self.go, not run.is_running), (self.stop, run.is_running)):
            button.setVisible(is_shown)
        words = run.trouble or run.outcome
        self.message.setText(f"✗ {words}" if words else "")
        self.message.setVisible(bool(words))
        self._show_card()
        self.about.setVisible(run.entry is None)
        self.results.setVisible(run.is_settled)

    def _show_card(self) -> None:
        entry = self.run.entry
        if self.card is not None and self.card.entry is not entry:
            self._result.removeWidget(self.card)
            self.card.hide()
            self.card.deleteLater()
            self.card = None
        if entry is None:
            return
        if self.card is None:
            self.card = CallCard(entry, self._look, self.run.pictures)
            self.card.selected.connect(self.trace_asked)
            self.card.place_menu_asked.connect(self.place_menu_asked)
            self._result.insertWidget(0, self.card)
        asked = self._approvals.card(entry.call_id) if entry.call_id is not None else None
        if asked is not None:
            self.card.ask(asked)
        else:
            self.card.answered()
        if self.run.is_settled and not self.card.is_expanded:
            self.card.expand(True)
        self.card.refresh()

    # overrides of Qt

    def event(self, event: QEvent) -> bool:
        """Here, Ctrl+Enter runs the tool and sends no message."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_run(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_run(event):
            self.run_asked.emit()
        else:
            super().keyPressEvent(event)


def _is_run(event: QKeyEvent) -> bool:
    has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    return has_control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
