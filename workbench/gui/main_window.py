"""The main window: panes, bars and commands put together. It has no rules of its own."""

import asyncio
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QCloseEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from workbench.app.resources import resources
from workbench.app.runs import LiveRun
from workbench.app.session import Session
from workbench.core.errors import WorkbenchError
from workbench.core.ids import CallId, RunId
from workbench.core.json_text import pretty
from workbench.gui.actions import Actions
from workbench.gui.approvals.approvals_view import ApprovalsView
from workbench.gui.chat.chat_pane import ChatPane
from workbench.gui.commands import window_commands
from workbench.gui.document_page import file_text
from workbench.gui.documents import Documents
from workbench.gui.explorer.explorer_view import ExplorerView
from workbench.gui.help.help_page import HelpPage
from workbench.gui.link_dialog import LinkDialog
from workbench.gui.listening import listen
from workbench.gui.look import Look
from workbench.gui.palette import Palette
from workbench.gui.panes import Panes
from workbench.gui.settings.settings_page import SettingsPage
from workbench.gui.status_line import StatusLine
from workbench.gui.tasks import Tasks
from workbench.gui.top_bar import TopBar
from workbench.gui.trust_banner import TrustBanner
from workbench.gui.window_state import WindowState
from workbench.viewmodels import status
from workbench.viewmodels.approvals import ApprovalCard, ApprovalsViewModel
from workbench.viewmodels.conversation import ConversationViewModel
from workbench.viewmodels.explorer import ExplorerItem, ExplorerViewModel
from workbench.viewmodels.plain import one_line
from workbench.viewmodels.signal import Signal

_MAX_INTERRUPTED = 5


class MainWindow(QMainWindow):
    """One open project. `closed` is emitted when everything has been put away."""

    def __init__(self, session: Session, look: Look, tasks: Tasks, state: WindowState | None = None) -> None:
        super().__init__()
        self.session = session
        self.look = look
        self.closed: Signal[[]] = Signal()
        self._tasks = tasks
        self._state = state
        self._is_closing = self._may_close = False
        self._history_is_stale = self._is_warm = False
        self.approvals = ApprovalsViewModel(
            session.desk, self._sources, later=lambda act: QTimer.singleShot(0, self, act)
        )
        self.explorer = ExplorerViewModel(session)
        self.commands = Actions(self, look, window_commands(self))
        self.palette_ = Palette(self.commands, look, self)
        self.setWindowTitle(f"{one_line(session.project.name, 60)} — Tool-Calling Workbench")
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks | QMainWindow.DockOption.AllowNestedDocks)
        self.top = TopBar(self.commands, look)
        self.setMenuWidget(self.top)
        self.banner = TrustBanner(look)
        self.documents = Documents(look)
        self._make_center()
        self.explorer_view = ExplorerView(self.explorer, look)
        self.approvals_view = ApprovalsView(self.approvals, look)
        self.line = StatusLine(look)
        self.setStatusBar(self.line)
        self.resize(look.px(1440), look.px(900))
        self.panes = Panes(self, look, self.explorer_view, self.approvals_view)
        if state is not None:
            state.restore_window(self)
        self._connect()
        self._open_first_tabs()
        self._show_trust()
        self._show_approvals()
        self._read_history()

    # what the commands do

    @property
    def pane(self) -> ChatPane | None:
        """The conversation in the open tab, if that is one."""
        return self.documents.pane

    def new_conversation(self) -> None:
        """Open an empty conversation in a tab of its own; an untouched one is used again."""
        for pane in self.documents.panes():
            if pane.conversation.is_fresh:
                self.documents.setCurrentWidget(pane)
                return
        self._add_pane(ConversationViewModel(self.session))

    def run(self) -> None:
        """Send the message of the open conversation."""
        if self.pane is not None:
            self._begin(self.pane.conversation, self.pane.conversation.send, "The run could not start")

    def resume(self) -> None:
        """Go on with the interrupted run of the open conversation."""
        if self.pane is not None:
            self._begin(self.pane.conversation, self.pane.conversation.resume, "The run could not be resumed")

    def stop(self) -> None:
        """Stop the run of the open conversation."""
        if self.pane is not None:
            self.pane.conversation.stop()

    def go_to_approval(self, step: int = 1) -> None:
        """Put the focus on the next card that waits, wherever it is."""
        focused = self.approvals_view.focused_call() or (self.pane.chat.focused_call() if self.pane else None)
        card = self.approvals.after(focused, step)
        if card is None:
            return
        call_id = card.question.call_id
        for pane in self.documents.panes():
            if pane.conversation.knows(call_id):
                self.documents.setCurrentWidget(pane)
                if pane.chat.focus_card(call_id):
                    return
        self.panes.approvals.show()
        self.approvals_view.focus_card(call_id)

    def trust(self) -> None:
        """Trust the project's code as it is now, and run the message that waits."""
        self.session.trust()
        self._show_trust()
        if self.pane is not None and not self.pane.conversation.composer.obstacle:
            self.run()

    def look_at_code(self) -> None:
        """Open every file of the project's code to read, the first one in front."""
        folder = self.session.project.folder
        for path in reversed(self.session.code_files()):
            name = path.relative_to(folder).as_posix()
            self.documents.read(f"code:{name}", name, "code of this project, read only", partial(file_text, path))

    def open_run(self, run_id: RunId) -> None:
        """Show a recorded run, in its tab if it is open already."""
        for pane in self.documents.panes():
            if pane.conversation.holds(run_id):
                self.documents.setCurrentWidget(pane)
                return
        conversation = ConversationViewModel(self.session)
        try:
            conversation.show(run_id)
        except WorkbenchError as error:
            conversation.chat.tell("error", "This run cannot be shown", error.message, error.mend)
        self._add_pane(conversation)

    def open_item(self, item: ExplorerItem) -> None:
        """Open what a row of the explorer stands for."""
        project = self.session.project
        match item.kind:
            case "run":
                self.open_run(RunId(item.target))
            case "tool":
                if (tool := project.toolset.named(item.target)) is not None:
                    document = tool.document
                    self.documents.read(
                        f"tool:{tool.name}", tool.name, tool.title, lambda: pretty(document), is_json=True
                    )
            case "problem":
                path = project.folder / item.target
                page = self.documents.read(f"problem:{item.target}", item.target, item.detail, partial(file_text, path))
                page.go_to_line(item.line)
            case "hint":
                pass

    def open_settings(self) -> None:
        """Show the settings in a tab."""
        self.documents.show_page(
            "settings", "Settings", lambda: SettingsPage(self.session.connections, self.look, self._tasks)
        )

    def open_help(self) -> None:
        """Show the user guide in a tab."""
        self.documents.show_page("help", "User guide", self._make_help)

    def _make_help(self) -> HelpPage:
        page = HelpPage(resources() / "help", self.look)
        page.link_asked.connect(self._ask_about_link)
        return page

    def show_trouble(self, name: str, error: BaseException) -> None:
        """A task of the window failed: say so where it is seen. Details are in the log, not here."""
        self.line.show_state(f"{name}: {type(error).__name__}: {one_line(str(error), 120)}", "error")

    # putting it together

    def _make_center(self) -> None:
        center = QWidget()
        column = QVBoxLayout(center)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.documents, 1)
        self.setCentralWidget(center)

    def _connect(self) -> None:
        self.banner.trusted.connect(self.trust)
        self.banner.look_asked.connect(self.look_at_code)
        self.top.model_chosen.connect(self._choose_model)
        self.line.badge_clicked.connect(self.go_to_approval)
        self.explorer_view.opened.connect(self.open_item)
        self.documents.pane_closing.connect(self.panes.remove)
        self.documents.currentChanged.connect(lambda _: self._show_conversation())
        listen(self, self.approvals.changed, self._show_approvals)
        listen(self, self.approvals.arrived, self._announce)
        listen(self, self._tasks.failed, self.show_trouble)

    def _open_first_tabs(self) -> None:
        """What waited for a person when the program ended waits again, in a tab of its own."""
        self.new_conversation()
        for run_id in self.session.interrupted[-_MAX_INTERRUPTED:]:
            conversation = ConversationViewModel(self.session)
            try:
                conversation.show(run_id)
            except WorkbenchError:
                continue  # the explorer lists it, and opening it there says what is wrong
            if conversation.waiting_tools:
                self._add_pane(conversation)

    def _add_pane(self, conversation: ConversationViewModel) -> None:
        pane = ChatPane(conversation, self.approvals, self.look, welcome=self.session.project.name)
        pane.send_asked.connect(self.run)
        pane.stop_asked.connect(self.stop)
        pane.resume_asked.connect(self.resume)
        pane.link_asked.connect(self._ask_about_link)
        pane.call_selected.connect(lambda call_id: self._show_call(conversation, call_id))
        listen(pane, conversation.changed, lambda: self._on_conversation_changed(pane))
        listen(pane, conversation.composer.changed, self._show_conversation)
        self.panes.add(pane)
        self.documents.add_pane(pane)
        pane.composer.editor.setFocus()
        self._show_conversation()

    # showing

    def _on_conversation_changed(self, pane: ChatPane) -> None:
        self.documents.name_pane(pane)
        self._show_conversation()
        self._read_history()

    def _show_conversation(self) -> None:
        pane = self.pane
        if pane is None:
            return
        self.panes.follow(pane)
        conversation = pane.conversation
        self.top.show_models(self.session.model_choices(), conversation.composer.model)
        self.top.show_running(is_running=conversation.is_running, obstacle=conversation.composer.obstacle)
        self.line.show_state("Running…" if conversation.is_running else "Ready")
        self.line.show_facts(
            status.usage_text(conversation.usage), status.policy_text(self.session), status.trust_text(self.session)
        )

    def _show_approvals(self) -> None:
        waiting = len(self.approvals.cards)
        self.line.show_badge(status.badge(waiting))
        self.panes.approvals.rename(f"Approvals ({waiting})" if waiting else "Approvals")
        self.commands["next-approval"].setEnabled(waiting > 0)
        self.commands["previous-approval"].setEnabled(waiting > 0)

    def _show_trust(self) -> None:
        self.banner.show_files(len(self.session.code_files()))
        self.banner.setVisible(not self.session.is_trusted)
        for pane in self.documents.panes():
            pane.conversation.composer.refresh()
        self._show_conversation()

    def _announce(self, card: ApprovalCard) -> None:
        """For screen readers. The focus stays where it is."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{card.tool} {card.caption}"))

    def _show_call(self, conversation: ConversationViewModel, call_id: str) -> None:
        row = conversation.trace.row_of_call(call_id)
        if row is not None and self.panes.open_trace is not None:
            self.panes.trace.show()
            self.panes.open_trace.show_row(row)

    def _ask_about_link(self, address: str) -> None:
        LinkDialog(address, self.look, self).open()

    def open_palette(self) -> None:
        """All commands by name."""
        self.palette_.open()

    def step_tab(self, by: int) -> None:
        """Go to a neighboring tab."""
        self.documents.step(by)

    # small things the commands need

    def _begin(self, conversation: ConversationViewModel, begin: Callable[[], bool], trouble: str) -> None:
        try:
            has_begun = begin()
        except WorkbenchError as error:
            conversation.chat.tell("error", trouble, error.message, error.mend)
            return
        if has_begun and conversation.live is not None:
            self._tasks.start(f"run {conversation.live.run_id}", _watch(conversation.live, conversation))

    def _sources(self, call_id: CallId) -> tuple[tuple[str, str], ...]:
        for pane in self.documents.panes():
            pane.flush()
            if pane.conversation.knows(call_id):
                return pane.conversation.sources(call_id)
        return ()

    def _choose_model(self, spec: str) -> None:
        if self.pane is not None:
            self.pane.conversation.composer.choose_model(spec)

    def close_tab(self) -> None:
        """Close the open tab; there is always a conversation left."""
        self.documents.close_tab(self.documents.currentIndex())
        if not self.documents.panes():
            self.new_conversation()

    def go_to_message(self) -> None:
        """Put the cursor into the message."""
        if self.pane is not None:
            self.pane.composer.editor.setFocus()

    def go_to_filter(self) -> None:
        """Put the cursor into the trace's filter box."""
        if self.panes.open_trace is not None:
            self.panes.trace.show()
            self.panes.open_trace.filter.setFocus()

    def zoom(self, steps: int) -> None:
        """Larger or smaller text everywhere; 0 goes back."""
        self.look.zoom_by(steps)
        self._keep_look()

    def switch_appearance(self) -> None:
        """Light to dark and back."""
        self.look.show("light" if self.look.tokens.is_dark else "dark")
        self._keep_look()

    def follow_system(self) -> None:
        """As light or dark as the system."""
        self.look.show("system")
        self._keep_look()

    def _keep_look(self) -> None:
        if self._state is not None:
            self._state.keep_look(self.look)

    def _read_history(self) -> None:
        """Off this thread: reading waits until the newest facts are written."""
        if not self._is_closing and not self._tasks.start("history", self._show_history()):
            self._history_is_stale = True

    async def _show_history(self) -> None:
        self._history_is_stale = True
        while self._history_is_stale:
            self._history_is_stale = False
            rows = await asyncio.to_thread(self.session.runs.recorded)
            self.explorer.show_runs(rows)

    def _warm(self) -> None:
        if not self._is_closing:
            self._tasks.start("warm", self.session.warm())

    def reload(self) -> None:
        """Read the project's files again."""
        self._tasks.start("reload", self._read_again())

    async def _read_again(self) -> None:
        await self.session.reload()
        self.explorer.refresh()
        self._show_trust()

    async def _put_away(self) -> None:
        """Runs end and are recorded before the window goes."""
        if self._state is not None:
            self._state.keep_window(self)
        self.approvals.close()
        self._tasks.cancel("warm")
        for name in ("warm", "history"):
            await self._tasks.finish(name)
        await self.session.close()
        self._may_close = True
        self.close()

    # overrides of Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._is_warm:
            self._is_warm = True
            QTimer.singleShot(0, self, self._warm)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
            self.closed.emit()
            return
        event.ignore()
        self._is_closing = True
        self.line.show_state("Closing…")
        self._tasks.start("close", self._put_away())

    def changeEvent(self, event: QEvent) -> None:
        """The files may have changed while another program was in front, and trust with them."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and not self._is_closing:
            QTimer.singleShot(0, self, self._show_trust)


async def _watch(live: LiveRun, conversation: ConversationViewModel) -> None:
    """Until the run is over, however it ends. Holds view-models only, never a widget."""
    try:
        await live.finished()
    finally:
        conversation.run_over(live.run_id)
