"""The main window: panes, bars and commands put together. It has no rules of its own."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QTabBar, QTabWidget, QVBoxLayout, QWidget

from workbench.app.runs import LiveRun
from workbench.app.session import Session
from workbench.core.errors import WorkbenchError
from workbench.core.ids import CallId, RunId
from workbench.core.json_text import pretty
from workbench.gui.actions import Actions, Command
from workbench.gui.approvals.approvals_view import ApprovalsView
from workbench.gui.chat.chat_pane import ChatPane
from workbench.gui.dock import Dock
from workbench.gui.document_page import DocumentPage
from workbench.gui.explorer.explorer_view import ExplorerView
from workbench.gui.inspector.inspector_view import InspectorView
from workbench.gui.link_dialog import LinkDialog
from workbench.gui.listening import listen
from workbench.gui.look import Look
from workbench.gui.palette import Palette
from workbench.gui.status_line import StatusLine
from workbench.gui.tasks import Tasks
from workbench.gui.top_bar import TopBar
from workbench.gui.trace.trace_view import TraceView
from workbench.gui.trust_banner import TrustBanner
from workbench.gui.window_state import WindowState
from workbench.viewmodels import status
from workbench.viewmodels.approvals import ApprovalCard, ApprovalsViewModel
from workbench.viewmodels.conversation import ConversationViewModel
from workbench.viewmodels.explorer import ExplorerItem, ExplorerViewModel
from workbench.viewmodels.plain import one_line
from workbench.viewmodels.signal import Signal


class MainWindow(QMainWindow):
    """One open project. `closed` is emitted when everything has been put away."""

    def __init__(self, session: Session, look: Look, tasks: Tasks, state: WindowState | None = None) -> None:
        super().__init__()
        self.session = session
        self.look = look
        self.closed: Signal[[]] = Signal()
        self._tasks = tasks
        self._state = state
        self._may_close = False
        self.approvals = ApprovalsViewModel(session.desk, self._sources)
        self.explorer = ExplorerViewModel(session)
        self.actions_ = Actions(self, look, self._commands())
        self.palette_ = Palette(self.actions_, look, self)
        self.setWindowTitle(f"{one_line(session.project.name, 60)} — Tool-Calling Workbench")
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks | QMainWindow.DockOption.AllowNestedDocks)
        self.top = TopBar(self.actions_, look)
        self.setMenuWidget(self.top)
        self.banner = TrustBanner(look)
        self.tabs = QTabWidget()
        self._make_center()
        self.explorer_view = ExplorerView(self.explorer, look)
        self.traces = QStackedWidget()
        self.inspectors = QStackedWidget()
        self.approvals_view = ApprovalsView(self.approvals, look)
        self.docks = self._make_docks()
        self.line = StatusLine(look)
        self.setStatusBar(self.line)
        self._connect()
        self.new_conversation()
        self.resize(look.px(1440), look.px(900))
        if state is None or not state.restore_window(self):
            self.reset_layout()
        self._show_trust()
        self._show_approvals()

    # what the commands do

    @property
    def pane(self) -> ChatPane | None:
        """The conversation in the open tab, if that is one."""
        current = self.tabs.currentWidget()
        return current if isinstance(current, ChatPane) else None

    def new_conversation(self) -> ChatPane:
        """Open an empty conversation in a tab of its own; an untouched one is used again."""
        for pane in self._panes():
            if pane.conversation.is_fresh:
                self.tabs.setCurrentWidget(pane)
                return pane
        return self._add_pane(ConversationViewModel(self.session))

    def run(self) -> None:
        """Send the message of the open conversation."""
        pane = self.pane
        if pane is None:
            return
        try:
            was_sent = pane.conversation.send()
        except WorkbenchError as error:
            pane.conversation.chat.tell("error", "The run could not start", error.message, error.mend)
            return
        live = pane.conversation.live
        if was_sent and live is not None:
            self._tasks.start(f"watch {live.run_id}", _watch(live, pane.conversation))
            self._show_conversation()
            self.explorer.refresh()

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
        for pane in self._panes():
            if pane.conversation.knows(call_id):
                self.tabs.setCurrentWidget(pane)
                pane.flush()
                if pane.chat.focus_card(call_id):
                    return
        self.docks["approvals"].show()
        self.approvals_view.focus_card(call_id)

    def switch_appearance(self) -> None:
        """Light to dark and back."""
        self.look.show("light" if self.look.tokens.is_dark else "dark")
        self._keep_look()

    def zoom(self, steps: int) -> None:
        """Larger or smaller text everywhere; 0 goes back."""
        self.look.zoom_by(steps)
        self._keep_look()

    def reset_layout(self) -> None:
        """All panes where they belong."""
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.docks["explorer"])
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.docks["approvals"])
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.docks["trace"])
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.docks["inspector"])
        for name in ("explorer", "trace", "inspector"):
            self.docks[name].show()
        self.docks["approvals"].hide()
        width = self.width()
        sides = [self.docks["explorer"], self.docks["trace"]]
        self.resizeDocks(sides, [round(width * 0.16), round(width * 0.35)], Qt.Orientation.Horizontal)
        right = [self.docks["trace"], self.docks["inspector"]]
        self.resizeDocks(right, [round(self.height() * 0.5), round(self.height() * 0.5)], Qt.Orientation.Vertical)

    def trust(self) -> None:
        """Trust the project's code as it is now, and run the message that waits."""
        self.session.trust()
        self._show_trust()
        if self.pane is not None and not self.pane.conversation.composer.obstacle:
            self.run()

    def look_at_code(self) -> None:
        """Open every file of the project's code to read, the first one in front."""
        first: DocumentPage | None = None
        for path in self.session.code_files():
            name = path.relative_to(self.session.project.folder).as_posix()
            page = self._open_document(f"code:{name}", name, "code of this project, read only", _read(path.read_bytes))
            first = first or page
        if first is not None:
            self.tabs.setCurrentWidget(first)

    def open_run(self, run_id: RunId) -> None:
        """Show a recorded run, in its tab if it is open already."""
        for pane in self._panes():
            if pane.conversation.holds(run_id):
                self.tabs.setCurrentWidget(pane)
                return
        conversation = ConversationViewModel(self.session)
        try:
            conversation.show(run_id)
        except WorkbenchError as error:
            conversation.chat.tell("error", "This run cannot be shown", error.message, error.mend)
        self._add_pane(conversation)

    def open_item(self, item: ExplorerItem) -> None:
        """Open what a row of the explorer stands for."""
        match item.kind:
            case "run":
                self.open_run(RunId(item.target))
            case "tool":
                tool = self.session.project.toolset.named(item.target)
                if tool is not None:
                    text = pretty(tool.document)
                    page = self._open_document(f"tool:{tool.name}", tool.name, tool.title, text, is_json=True)
                    self.tabs.setCurrentWidget(page)
            case "problem":
                path = self.session.project.folder / item.target
                text = _read(path.read_bytes)
                page = self._open_document(f"problem:{item.target}", item.target, item.detail, text)
                page.go_to_line(item.line)
                self.tabs.setCurrentWidget(page)
            case "hint":
                pass

    def show_trouble(self, name: str, error: BaseException) -> None:
        """A task of the window failed: say so where it is seen. Details are in the log, not here."""
        self.line.show_state(f"{name}: {type(error).__name__}: {one_line(str(error), 120)}", "error")

    # putting it together

    def _commands(self) -> tuple[Command, ...]:
        dock: Callable[[str], Callable[[], None]] = lambda name: lambda: self.docks[name].toggle()  # noqa: E731
        return (
            Command("run", "Run the message", "Run", self.run, ("Ctrl+Return", "Ctrl+Enter"), "play"),
            Command("stop", "Stop the run", "Run", self.stop, ("Esc",), "stop"),
            Command("new-conversation", "New conversation", "Run", self.new_conversation, ("Ctrl+N", "Ctrl+T"), "plus"),
            Command("next-approval", "Go to the next approval", "Approvals", self.go_to_approval, ("F8",), "hand"),
            Command(
                "previous-approval",
                "Go to the previous approval",
                "Approvals",
                lambda: self.go_to_approval(-1),
                ("Shift+F8",),
            ),
            Command("palette", "Command palette", "View", lambda: self.palette_.open(), ("Ctrl+K", "Ctrl+Shift+P")),
            Command("explorer", "Explorer", "View", dock("explorer"), ("Ctrl+B",), "panel-left"),
            Command("trace", "Trace and inspector", "View", self._toggle_right, ("Ctrl+J",), "panel-right"),
            Command("approvals", "Approvals", "View", dock("approvals"), ("Ctrl+Shift+A",), "hand"),
            Command("message", "Go to the message", "View", self._focus_message, ("Ctrl+L",)),
            Command("filter", "Filter the trace", "View", self._focus_filter, ("Ctrl+Shift+F",), "filter"),
            Command(
                "close-tab", "Close the tab", "View", lambda: self._close_tab(self.tabs.currentIndex()), ("Ctrl+W",)
            ),
            Command("next-tab", "Next tab", "View", lambda: self._step_tab(1), ("Ctrl+Tab",)),
            Command("previous-tab", "Previous tab", "View", lambda: self._step_tab(-1), ("Ctrl+Shift+Tab",)),
            Command("larger", "Larger text", "Appearance", lambda: self.zoom(1), ("Ctrl++", "Ctrl+=")),
            Command("smaller", "Smaller text", "Appearance", lambda: self.zoom(-1), ("Ctrl+-",)),
            Command("normal", "Normal text size", "Appearance", lambda: self.zoom(0), ("Ctrl+0",)),
            Command(
                "switch-appearance", "Switch between light and dark", "Appearance", self.switch_appearance, (), "moon"
            ),
            Command("system-appearance", "Follow the system's appearance", "Appearance", self._follow_system),
            Command("reset-layout", "Reset layout", "View", self.reset_layout),
            Command("look-at-code", "Look at the project's code", "Project", self.look_at_code, (), "code"),
            Command("reload", "Read the project's files again", "Project", self._reload, ("Ctrl+R",), "round"),
            Command("quit", "Close the window", "Project", self.close, ("Ctrl+Q",)),
        )

    def _make_center(self) -> None:
        self.tabs.setTabsClosable(True)
        self.tabs.setMovable(True)
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Open documents")
        self.tabs.tabBar().setAccessibleName("Tabs")
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabCloseRequested.connect(self._close_tab)
        self.tabs.currentChanged.connect(lambda _: self._show_conversation())
        center = QWidget()
        column = QVBoxLayout(center)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.tabs, 1)
        self.setCentralWidget(center)

    def _make_docks(self) -> dict[str, Dock]:
        contents: tuple[tuple[str, str, QWidget], ...] = (
            ("explorer", "Explorer", self.explorer_view),
            ("approvals", "Approvals", self.approvals_view),
            ("trace", "Trace", self.traces),
            ("inspector", "Inspector", self.inspectors),
        )
        return {name: Dock(name, title, content, self.look, self) for name, title, content in contents}

    def _connect(self) -> None:
        self.banner.trusted.connect(self.trust)
        self.banner.look_asked.connect(self.look_at_code)
        self.top.model_chosen.connect(self._choose_model)
        self.line.badge_clicked.connect(self.go_to_approval)
        self.explorer_view.opened.connect(self.open_item)
        listen(self, self.approvals.changed, self._show_approvals)
        listen(self, self.approvals.arrived, self._announce)
        listen(self, self._tasks.failed, self.show_trouble)

    def _add_pane(self, conversation: ConversationViewModel) -> ChatPane:
        pane = ChatPane(conversation, self.approvals, self.look, welcome=self.session.project.name)
        pane.send_asked.connect(self.run)
        pane.stop_asked.connect(self.stop)
        pane.link_asked.connect(self._ask_about_link)
        pane.call_selected.connect(lambda call_id: self._show_call(conversation, call_id))
        trace = TraceView(conversation.trace, self.look)
        inspector = InspectorView(conversation.inspector, self.look)
        self.traces.addWidget(trace)
        self.inspectors.addWidget(inspector)
        pane.setProperty("trace", trace)
        pane.setProperty("inspector", inspector)
        listen(pane, conversation.changed, self._on_conversation_changed)
        listen(pane, conversation.composer.changed, self._show_conversation)
        self.tabs.setCurrentIndex(self.tabs.addTab(pane, ""))
        self._name_tab(pane)
        self._show_conversation()
        return pane

    def _panes(self) -> list[ChatPane]:
        widgets = (self.tabs.widget(place) for place in range(self.tabs.count()))
        return [widget for widget in widgets if isinstance(widget, ChatPane)]

    def _open_document(self, key: str, title: str, about: str, text: str, *, is_json: bool = False) -> DocumentPage:
        for place in range(self.tabs.count()):
            widget = self.tabs.widget(place)
            if isinstance(widget, DocumentPage) and widget.objectName() == key:
                return widget
        page = DocumentPage(self.look, title, about, text, is_json=is_json)
        page.setObjectName(key)
        self._dress_tab(self.tabs.addTab(page, one_line(title.rpartition("/")[2], 30).replace("&", "&&")))
        return page

    def _close_tab(self, place: int) -> None:
        widget = self.tabs.widget(place)
        if widget is None or (isinstance(widget, ChatPane) and widget.conversation.is_running):
            return
        self.tabs.removeTab(place)
        if isinstance(widget, ChatPane):
            for stack, name in ((self.traces, "trace"), (self.inspectors, "inspector")):
                view = widget.property(name)
                stack.removeWidget(view)
                view.deleteLater()
        widget.deleteLater()
        if not self._panes():
            self.new_conversation()
        self._show_conversation()

    def _step_tab(self, step: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + step) % self.tabs.count())

    def _name_tab(self, pane: ChatPane) -> None:
        place = self.tabs.indexOf(pane)
        mark = " ●" if pane.conversation.is_running else ""
        self.tabs.setTabText(place, f"{pane.conversation.title}{mark}".replace("&", "&&"))
        self._dress_tab(place)

    def _dress_tab(self, place: int) -> None:
        button = self.tabs.tabBar().tabButton(place, QTabBar.ButtonPosition.RightSide)
        if button is not None:
            button.setAccessibleName(f"Close {self.tabs.tabText(place)}")

    # showing

    def _on_conversation_changed(self) -> None:
        for pane in self._panes():
            self._name_tab(pane)
        self._show_conversation()
        QTimer.singleShot(0, self, self.explorer.refresh)

    def _show_conversation(self) -> None:
        pane = self.pane
        if pane is None or not hasattr(self, "line"):
            return
        self.traces.setCurrentWidget(pane.property("trace"))
        self.inspectors.setCurrentWidget(pane.property("inspector"))
        composer = pane.conversation.composer
        self.top.show_models(self.session.model_choices(), composer.model)
        self.top.show_running(is_running=pane.conversation.is_running, obstacle=composer.obstacle)
        self.line.show_state("Running…" if pane.conversation.is_running else "Ready")
        self.line.show_facts(
            status.usage_text(pane.conversation.usage),
            status.policy_text(self.session),
            status.trust_text(self.session),
        )

    def _show_approvals(self) -> None:
        waiting = len(self.approvals.cards)
        self.line.show_badge(status.badge(waiting))
        self.docks["approvals"].rename(f"Approvals ({waiting})" if waiting else "Approvals")
        self.actions_["next-approval"].setEnabled(waiting > 0)
        self.actions_["previous-approval"].setEnabled(waiting > 0)

    def _show_trust(self) -> None:
        files = len(self.session.code_files())
        self.banner.show_files(files)
        self.banner.setVisible(not self.session.is_trusted)
        for pane in self._panes():
            pane.conversation.composer.refresh()
        self._show_conversation()

    def _announce(self, card: ApprovalCard) -> None:
        """For screen readers. The focus stays where it is."""
        event = QAccessibleAnnouncementEvent(self, f"{card.tool} {card.caption}")
        QAccessible.updateAccessibility(event)

    def _show_call(self, conversation: ConversationViewModel, call_id: str) -> None:
        row = conversation.trace.row_of_call(call_id)
        view = self.traces.currentWidget()
        if row is not None and isinstance(view, TraceView):
            self.docks["trace"].show()
            view.show_row(row)

    def _ask_about_link(self, address: str) -> None:
        dialog = LinkDialog(address, self.look, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # small things the commands need

    def _sources(self, call_id: CallId) -> tuple[tuple[str, str], ...]:
        for pane in self._panes():
            if pane.conversation.knows(call_id):
                return pane.conversation.sources(call_id)
        return ()

    def _choose_model(self, spec: str) -> None:
        if self.pane is not None:
            self.pane.conversation.composer.choose_model(spec)

    def _toggle_right(self) -> None:
        is_shown = self.docks["trace"].isVisible() or self.docks["inspector"].isVisible()
        self.docks["trace"].setVisible(not is_shown)
        self.docks["inspector"].setVisible(not is_shown)

    def _focus_message(self) -> None:
        if self.pane is not None:
            self.pane.composer.editor.setFocus()

    def _focus_filter(self) -> None:
        view = self.traces.currentWidget()
        if isinstance(view, TraceView):
            self.docks["trace"].show()
            view.filter.setFocus()

    def _follow_system(self) -> None:
        self.look.show("system")
        self._keep_look()

    def _keep_look(self) -> None:
        if self._state is not None:
            self._state.keep_look(self.look)

    def _reload(self) -> None:
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
        await self.session.close()
        self._may_close = True
        self.close()

    # overrides of Qt

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
            self.closed.emit()
            return
        event.ignore()
        self.line.show_state("Closing…")
        self._tasks.start("close", self._put_away())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and hasattr(self, "banner"):
            QTimer.singleShot(0, self, self._show_trust)


async def _watch(live: LiveRun, conversation: ConversationViewModel) -> None:
    """Until the run is over, however it ends. Holds view-models only, never a widget."""
    try:
        await live.finished()
    finally:
        conversation.run_over(live.run_id)


def _read(read_bytes: Callable[[], bytes]) -> str:
    try:
        return read_bytes().decode("utf-8", "replace")
    except OSError as error:
        return f"This file cannot be read: {error.strerror}"
