"""The main window: panes, bars and commands put together. It has no rules of its own."""

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QCloseEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from workbench.app.runs.conversation_tree import ConversationTree
from workbench.app.session import Session
from workbench.app.trust.trust_report import trust_report
from workbench.core.ids import RunId
from workbench.core.signal import Signal
from workbench.gui.approvals.approvals_view import ApprovalsView
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Actions
from workbench.gui.frame.call_background import CallBackground
from workbench.gui.frame.copying import Copying
from workbench.gui.frame.desktop_notices import DesktopNotices
from workbench.gui.frame.dock import Dock
from workbench.gui.frame.documents import Documents, Escape
from workbench.gui.frame.history import RunHistory
from workbench.gui.frame.opening import Opening
from workbench.gui.frame.palette import Palette
from workbench.gui.frame.panes import Panes
from workbench.gui.frame.project_switch import ProjectSwitch
from workbench.gui.frame.running import Running
from workbench.gui.frame.status_line import StatusLine
from workbench.gui.frame.window_state import WindowState
from workbench.gui.help.help_feature import HelpFeature
from workbench.gui.kit.clipboard_guard import ClipboardGuard
from workbench.gui.kit.listening import listen
from workbench.gui.kit.tasks import Tasks
from workbench.gui.kit.toasts import Toasts
from workbench.gui.look.look import Look
from workbench.gui.trace.trace_feature import TraceFeature
from workbench.gui.trust.trust_banner import TrustBanner
from workbench.gui.window.appearance import AppearanceSwitch
from workbench.gui.window.commands import window_commands
from workbench.gui.window.features import Features
from workbench.gui.window.shell import Shell
from workbench.gui.window.top_bar import TopBar
from workbench.viewmodels.approvals.approvals import AnyCard, ApprovalsViewModel
from workbench.viewmodels.conversation.conversation import ConversationViewModel
from workbench.viewmodels.explorer.explorer import ExplorerViewModel
from workbench.viewmodels.explorer.explorer_item import ExplorerItem
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.progress import Progress
from workbench.viewmodels.shared.work_in_progress import WorkInProgress
from workbench.viewmodels.window import status

_CARDS_A_MS = 10
"""With many waiting cards, checking them takes longer, so it is done less often."""


class MainWindow(Shell):
    """One open project. `closed` is emitted when everything has ended."""

    def __init__(self, session: Session, look: Look, tasks: Tasks, state: WindowState | None = None) -> None:
        super().__init__()
        self.furnish(session, look, tasks, state)

    def furnish(self, session: Session, look: Look, tasks: Tasks, state: WindowState | None) -> None:
        """Add everything; once, even to a window that is already on the screen."""
        self.session = session
        self.look = look
        self.closed: Signal[[]] = Signal()
        self.tasks = tasks
        self.state = state
        self._is_closing = self._may_close = self._is_warm = False
        background = CallBackground(lambda: self.documents.panes())
        self.approvals = ApprovalsViewModel(
            session.desk,
            background.sources,
            later=lambda act: QTimer.singleShot(len(self.approvals.cards) // _CARDS_A_MS, self, act),
            approved_before=background.approved_before,
            is_own=session.owns,
            undo_s=lambda: session.habit.undo_s,
        )
        self.explorer = ExplorerViewModel(session)
        self.appearance = AppearanceSwitch(look, state, self)
        self.work = WorkInProgress()
        self.running = Running(session, tasks, self.work)
        self.features = Features(self, session, self.show_trouble)
        commands = (*window_commands(self), *self.features.commands())
        self.commands = Actions(self, look, commands, may_lack_some=self.features.has_failed)
        self.palette_ = Palette(self.commands, look, self)
        self._show_title()
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks | QMainWindow.DockOption.AllowNestedDocks)
        self.top = TopBar(self.commands, look)
        self.setMenuWidget(self.top)
        self.banner = TrustBanner(look)
        self.documents: Documents = Documents(look)
        self.toasts = Toasts(self._make_center(), look)
        self.copying = Copying(self.toasts)
        self.line = StatusLine(look, self.work)
        self.notices = DesktopNotices(self, self.work, look, state)
        self.setStatusBar(self.line)
        self.history = RunHistory(session, self.explorer, tasks, self.toasts, self._take_tree)
        self.switch = ProjectSwitch(self, self.line)
        self.opening: Opening = Opening(session, tasks, self.documents, self.history, self.line, self._make_pane)
        self.approvals_view = ApprovalsView(self.approvals, look)
        self.size_by(look)
        self.panes = Panes(self, look)
        self.features.add_docks()
        self.approvals_dock = Dock("approvals", "Approvals", self.approvals_view, look, self)
        self.panes.add(self.approvals_dock, "right", is_shown=False)
        ClipboardGuard(self)
        Escape(self, self.documents, self.approvals, self.commands)
        self._restore_layout()
        if self.isVisible():
            QTimer.singleShot(0, self, self._restore_layout)  # a visible window lays out its docks again
        self._connect()
        self._forget_models = session.connections.changed.connect(self._show_conversation)
        self.features.begin()
        self.opening.new_conversation()
        self.opening.interrupted()
        self._show_trust()
        self._show_approvals()
        self.history.read()

    def _restore_layout(self) -> None:
        """Restore the docks, or use their default layout."""
        if self.state is None or not self.state.restore_window(self):
            self.panes.size()

    # what the commands do

    @property
    def pane(self) -> ChatPane | None:
        """The conversation in the open tab, if that is one."""
        return self.documents.pane

    @property
    def as_window(self) -> QMainWindow:
        """The window itself."""
        return self

    def new_conversation(self) -> None:
        """Open an empty conversation."""
        self.opening.new_conversation()

    def open_run(self, run_id: RunId) -> None:
        """Show a recorded run."""
        self.opening.run(run_id)

    def open_item(self, item: ExplorerItem) -> None:
        """Open what a row of the explorer stands for."""
        if not self.features.open_item(item):
            self.opening.item(item)

    def run(self) -> None:
        """Send the message of the open conversation."""
        if self.pane is not None:
            self.running.send(self.pane.conversation)

    def stop(self) -> None:
        """Stop the run of the open conversation."""
        if self.pane is not None:
            self.pane.conversation.stop()

    def switch_stepping(self) -> None:
        """Turn step mode on or off in the open conversation."""
        if self.pane is not None:
            composer = self.pane.conversation.composer
            composer.step(is_on=not composer.is_stepping)

    def step_on(self) -> None:
        """Release the held request; else go to the waiting call."""
        if self.pane is not None and not self.pane.conversation.stepper.go_on():
            self.go_to_approval()

    def go_to_approval(self, step: int = 1) -> None:
        """Focus the next waiting card, in any tab."""
        focused = self.approvals_view.focused_question() or (self.pane.chat.focused_question() if self.pane else "")
        card = self.approvals.after(focused, step)
        if card is None:
            return
        call_id, shown_hash = card.question.call_id, card.question.shown_hash
        for pane in self.documents.panes():
            if pane.conversation.knows(call_id):
                self.documents.setCurrentWidget(pane)
                if pane.chat.focus_card(call_id, shown_hash):
                    return
        if self.features.focus_call(call_id):
            return
        self.approvals_dock.show()
        self.approvals_view.focus_card(shown_hash)

    def trust(self) -> None:
        """Trust the project's current code, and run the waiting message."""
        self.session.trust()
        self._show_trust()
        if self.pane is not None and not self.pane.conversation.composer.obstacle:
            self.run()

    def open_palette(self) -> None:
        """All commands by name."""
        self.palette_.open()

    def close_tab(self) -> None:
        """Close the open tab, unless it is pinned; one conversation always stays open."""
        page = self.documents.currentWidget()
        if page is not None and self.documents.is_pinned(page):
            self.line.show_message("This tab is pinned. Unpin it to close it.")
            return
        self.documents.close_tab(self.documents.currentIndex())
        if not self.documents.panes():
            self.new_conversation()

    def copy_markdown(self) -> None:
        """Copy the whole open conversation, loading it first."""
        if self.pane is None:
            self.copying.markdown(None)
        else:
            self.opening.whole(self.pane, lambda pane: self.copying.markdown(pane.conversation))

    def go_to_message(self) -> None:
        """Put the cursor into the message."""
        if self.pane is not None:
            self.pane.composer.editor.setFocus()

    def delete_conversation(self) -> None:
        """Delete the open conversation; it can be restored."""
        if self.pane is not None and self.pane.conversation.last_run is not None:
            self.history.delete(self.history.tree.root(self.pane.conversation.last_run))

    def reload(self) -> None:
        """Reload project."""
        self.tasks.start("reload", self.read_again())

    async def read_again(self) -> None:
        """Reload project, and show it everywhere."""
        await self.session.reload()
        self._show_title()
        self.explorer.refresh()
        self._show_trust()
        self.features.refresh()

    def show_trouble(self, name: str, error: BaseException) -> None:
        """A task of the window failed: tell the person. Details are in the log, not here."""
        self.line.show_message(f"{name}: {type(error).__name__}: {one_line(str(error), 120)}", "error")

    # putting it together

    def _make_center(self) -> QWidget:
        center = QWidget()
        column = QVBoxLayout(center)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.documents, 1)
        self.setCentralWidget(center)
        return center

    def _connect(self) -> None:
        self.banner.trusted.connect(self.trust)
        self.banner.look_asked.connect(self.opening.code)
        self.line.badge_clicked.connect(self.go_to_approval)
        self.documents.turned.connect(self._show_conversation)
        listen(self, self.approvals.changed, self._show_approvals)
        listen(self, self.approvals.arrived, self._announce)
        listen(self, self.approvals.together_asked, self._ask_together)
        listen(self, self.history.deleted, self._close_deleted)
        listen(self, self.tasks.failed, self.show_trouble)
        listen(self, self.commands.keys_changed, self._show_approvals)

    def _make_pane(self, conversation: ConversationViewModel) -> ChatPane:
        pane = ChatPane(conversation, self.approvals, self.look, welcome=self.session.project.name)
        pane.send_asked.connect(lambda: self.running.send(conversation))
        pane.stop_asked.connect(conversation.stop)
        pane.resume_asked.connect(lambda: self.running.resume(conversation))
        pane.send_again_asked.connect(lambda entry, text: self.running.send_again(conversation, entry, text))
        pane.version_asked.connect(lambda entry, step: self.opening.version(pane, entry, step))
        pane.link_asked.connect(lambda address: self.features.of(HelpFeature).ask_about_link(address))
        pane.first_view.new_asked.connect(self.commands["new-project"].trigger)
        pane.first_view.open_asked.connect(self.switch.choose)
        pane.first_view.sample_asked.connect(lambda: self.switch.open_sample("shop-support"))
        pane.first_view.settings_asked.connect(self.commands["add-model"].trigger)
        rows = conversation.trace
        pane.call_selected.connect(lambda call: self.features.of(TraceFeature).show_row(rows.row_of_call(call)))
        listen(pane, conversation.changed, lambda: self._on_conversation_changed(pane))
        listen(pane, conversation.renamed, lambda: self.documents.name_pane(pane))
        listen(pane, conversation.composer.changed, self._show_conversation)
        self.features.take_pane(pane)
        self.documents.add_pane(pane)
        pane.composer.editor.setFocus()
        return pane

    # showing

    def _on_conversation_changed(self, pane: ChatPane) -> None:
        self.documents.name_pane(pane)
        if pane is self.pane or self.pane is None:  # the bars show only the open tab
            self._show_conversation()
        self.history.read()

    def _take_tree(self, tree: ConversationTree) -> None:
        for pane in self.documents.panes():
            pane.conversation.take_tree(tree)

    def _show_conversation(self) -> None:
        is_busy = any(pane.conversation.is_running for pane in self.documents.panes())
        self.line.show_state("Running…" if is_busy else "Ready")
        self.line.show_standing(status.policy_text(self.session), status.trust_text(self.session))
        pane = self.pane
        if pane is None:
            return
        self.features.show_pane(pane)
        conversation = pane.conversation
        self.top.show_models(self.session.model_choices(), conversation.composer.model)
        self.top.show_running(is_running=conversation.is_running, obstacle=conversation.composer.obstacle)
        self.line.show_spent(status.spent_text(conversation.trace.figures))

    def _show_approvals(self) -> None:
        waiting = len(self.approvals.waiting)
        self.line.show_badge(status.badge(waiting, self.commands.shown_keys("next-approval")))
        self.approvals_dock.rename(f"Approvals ({waiting})" if waiting else "Approvals")
        self.commands["next-approval"].setEnabled(waiting > 0)
        self.commands["previous-approval"].setEnabled(waiting > 0)

    def _show_title(self) -> None:
        self.setWindowTitle(f"{one_line(self.session.project.name, 60)} — Tool-Calling Workbench")

    def _show_trust(self) -> None:
        seen = self.session.trust_seen
        report = trust_report(self.session.project, self.session.mcp.views)
        self.banner.show_report(report, seen)
        self.banner.setVisible(seen.needs_trust)
        for pane in self.documents.panes():
            pane.conversation.composer.refresh()
        self._show_conversation()

    def _look_at_trust(self) -> None:
        if not self._is_closing:
            self.tasks.start("look at trust", self.session.look_at_trust(), self._show_trust)

    def _announce(self, card: AnyCard) -> None:
        """For screen readers. The focus stays where it is."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{card.tool} {card.caption}"))
        self.notices.tell(f"{card.tool} {card.caption}", "Nothing runs before you decide.")

    def _close_deleted(self, deleted: tuple[RunId, ...]) -> None:
        for pane in self.documents.panes():
            if any(pane.conversation.holds(run_id) for run_id in deleted):
                self.documents.close_tab(self.documents.indexOf(pane))
        if not self.documents.panes():
            self.new_conversation()

    def _ask_together(self) -> None:
        self.approvals_dock.show()
        self.approvals_dock.raise_()
        self.approvals_view.focus_together()

    def warm(self) -> None:
        """Get the model ready in the background."""
        if not self._is_closing:
            progress = Progress("Loading the model", "model", stop=lambda: self.tasks.cancel("warm"))
            self.tasks.start("warm", self.work.run(progress, self.session.warm))

    async def _put_away(self) -> None:
        """Runs end and are recorded before the window goes."""
        if self.state is not None:
            self.state.keep_window(self)
        self._forget_models()
        self.approvals.close()
        self.history.is_over = True
        self.tasks.cancel("warm")
        await self.tasks.finish("warm")
        await self.history.finished()
        await self.features.put_away()
        await self.tasks.end_all(but="close")  # a page that is still loading would otherwise be gone when it is ready
        try:
            await self.session.close()
        finally:  # a session that fails to close is reported, and must not keep the window open
            self._may_close = True
            self.close()

    # overrides of Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._is_warm:
            self._is_warm = True
            QTimer.singleShot(0, self, self.warm)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
            self.closed.emit()
            return
        event.ignore()
        self._is_closing = True
        self.line.show_state("Closing…")
        self.tasks.start("close", self._put_away())

    def changeEvent(self, event: QEvent) -> None:
        """Files, and with them trust, may have changed while another program was in front."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            QTimer.singleShot(0, self, self._look_at_trust)
            self.notices.take_back()
