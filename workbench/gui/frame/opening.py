"""Open things in tabs: conversations, recorded runs, the project's code."""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Protocol, assert_never
from weakref import WeakKeyDictionary

from workbench.app.runs.live_run import LiveRun
from workbench.app.trust.trust_report import trust_report
from workbench.core.errors import WorkbenchError
from workbench.core.ids import RunId
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.document_page import file_text
from workbench.gui.frame.documents import Documents
from workbench.gui.frame.history import RunHistory
from workbench.gui.frame.running import watch_run
from workbench.gui.frame.status_line import StatusLine
from workbench.gui.kit.tasks import Tasks
from workbench.viewmodels.conversation.chat_entry import UserEntry
from workbench.viewmodels.conversation.conversation import ConversationParts, ConversationViewModel
from workbench.viewmodels.explorer.explorer_item import ExplorerItem
from workbench.viewmodels.shared.progress import Progress

_MAX_INTERRUPTED = 5
_MOST_CODE_TABS = 20


class OpeningParts(ConversationParts, Protocol):
    """What opening conversations needs, and the runs interrupted when the program ended."""

    @property
    def interrupted(self) -> Sequence[RunId]: ...


class Opening:
    """Shows what is already open rather than opening it twice."""

    def __init__(
        self,
        parts: OpeningParts,
        tasks: Tasks,
        documents: Documents,
        history: RunHistory,
        line: StatusLine,
        make_pane: Callable[[ConversationViewModel], ChatPane],
    ) -> None:
        """`make_pane` creates a conversation's tab and connects it to the window."""
        self._parts = parts
        self._tasks = tasks
        self._documents = documents
        self._history = history
        self._line = line
        self._make_pane = make_pane
        self._has_suggested = False
        """Whether the project's sample message was offered."""
        self.last_model = ""
        """The last chosen model, which new conversations use; empty: the project's."""
        self._loads: WeakKeyDictionary[ChatPane, str] = WeakKeyDictionary()
        """The task that reads the run of a tab."""

    def new_conversation(self) -> ChatPane:
        """Show an empty conversation in a tab of its own; an untouched one is reused."""
        for pane in self._documents.panes():
            if pane.conversation.is_fresh and not pane.conversation.is_loading:
                self._documents.setCurrentWidget(pane)
                return pane
        suggestion, self._has_suggested = "" if self._has_suggested else self._parts.project.prompt, True
        conversation = ConversationViewModel(self._parts, suggestion.strip())
        conversation.composer.take_model(self.last_model)
        return self._new_pane(conversation)

    def run(self, run_id: RunId, on_done: Callable[[ChatPane], object] = lambda pane: None) -> ChatPane:
        """Show a recorded run, in its tab if it is already open; `on_done` is called when the run has been read."""
        for pane in self._documents.panes():
            if pane.conversation.holds(run_id):
                self._documents.setCurrentWidget(pane)
                self.reach(pane, run_id, on_done)
                return pane
        conversation = ConversationViewModel(self._parts)
        conversation.is_loading = True
        pane = self._new_pane(conversation)
        self._load(pane, run_id, on_done)
        return pane

    def reach(
        self, pane: ChatPane, run_id: RunId | None = None, on_done: Callable[[ChatPane], object] = lambda pane: None
    ) -> None:
        """Load the earlier runs of a conversation back to this one, or a few more; `on_done` is called when it is
        shown."""
        conversation = pane.conversation
        if run_id is not None and (conversation.has_read(run_id) or not conversation.holds(run_id)):
            on_done(pane)
            return
        name = f"earlier {run_id or ''} {id(pane)}"
        progress = Progress("Loading earlier messages", "event", stop=lambda: self._tasks.cancel(name))
        self._line.work.begin(progress)
        work = self._reading(conversation, conversation.show_earlier(run_id, on_progress=progress.tell), progress)
        if not self._tasks.start(name, work, lambda: on_done(pane)):
            progress.finish()

    def whole(self, pane: ChatPane, on_done: Callable[[ChatPane], object] = lambda pane: None) -> None:
        """Load the whole conversation."""
        runs = pane.conversation.runs
        if runs:
            self.reach(pane, runs[0], on_done)
        else:
            on_done(pane)

    async def loaded(self, pane: ChatPane) -> None:
        """Wait until the run of a tab has been read."""
        await self._tasks.finish(self._loads.get(pane, ""))

    def live(self, live: LiveRun) -> ChatPane:
        """Show a run that was started elsewhere, such as a fork, in a tab of its own."""
        conversation = ConversationViewModel(self._parts)
        pane = self._new_pane(conversation)
        conversation.follow(live)
        watch_run(live, conversation, self._tasks, self._line.work)
        return pane

    def conversation(self, root: RunId) -> None:
        """Show a conversation at its newest branch."""
        row = self._history.tree.conversation_of(root)
        for pane in self._documents.panes():
            if row is not None and any(pane.conversation.holds(run_id) for run_id in row.runs):
                self._documents.setCurrentWidget(pane)
                return
        self.run(row.newest if row is not None else root)

    def version(self, pane: ChatPane, entry: UserEntry, step: int) -> None:
        """Show the next or the previous version of a message, and what came after it."""
        run_id = entry.neighbor(step)
        if run_id is not None and not pane.conversation.is_running:
            self._load(pane, self._history.tree.newest_after(run_id))

    def interrupted(self) -> None:
        """Reopen runs that were waiting for a person when the program ended, each in a tab of its own."""
        for run_id in self._parts.interrupted[-_MAX_INTERRUPTED:]:
            self._tasks.start(_look_at(run_id), self._show_if_it_waits(run_id))

    async def interrupted_shown(self) -> None:
        """Wait until every run that waits for a person has its tab."""
        for run_id in self._parts.interrupted:
            await self._tasks.finish(_look_at(run_id))

    def item(self, item: ExplorerItem) -> None:
        """Open what a row of the explorer stands for: a run, a conversation, or a file with a problem."""
        match item.kind:
            case "run":
                self.run(item.run_id)
            case "conversation":
                self.conversation(item.run_id)
            case "problem":
                path = self._parts.project.folder / item.target
                page = self._documents.read(
                    f"problem:{item.target}", item.target, item.detail, partial(file_text, path)
                )
                page.go_to_line(item.line)
            case "tool" | "variant" | "hint" | "more":  # features open the rest
                pass
            case _:
                assert_never(item.kind)

    def try_tool(self, name: str) -> None:
        """Show a conversation in which the model must call this tool."""
        pane = self.new_conversation()
        composer = pane.conversation.composer
        composer.refresh()
        for other in composer.plan.first.only:
            composer.choose_tool(other, is_chosen=False)
        composer.choose_mode("required")
        composer.choose_tool(name, is_chosen=True)
        pane.composer.editor.setFocus()

    def code(self) -> None:
        """Open what the project would run and connect to, followed by its code files; of very many, the first ones and
        the names of the others."""
        folder = self._parts.project.folder
        names = [path.relative_to(folder).as_posix() for path in self._parts.code_files()]
        first, others = names[:_MOST_CODE_TABS], names[_MOST_CODE_TABS:]
        if others:
            title = f"{len(others):,} more files"
            self._documents.read(
                "code:others", title, "code of this project; open a file with Quick open", lambda: "\n".join(others)
            )
        for name in reversed(first):
            text = partial(file_text, folder / name)
            self._documents.read(f"code:{name}", name, "code of this project, read only", text)
        self._documents.read(
            "code:workbench.toml",
            "What this project runs and connects to",
            "from workbench.toml, as last read",
            lambda: trust_report(self._parts.project, self._parts.mcp.views).text,
        )

    def _load(self, pane: ChatPane, run_id: RunId, on_done: Callable[[ChatPane], object] = lambda pane: None) -> None:
        conversation = pane.conversation
        name = self._loads[pane] = f"open {run_id} {id(pane)}"
        progress = Progress("Loading the run", "event", stop=lambda: self._tasks.cancel(name))
        self._line.work.begin(progress)
        work = self._reading(conversation, conversation.show(run_id, on_progress=progress.tell), progress)
        if not self._tasks.start(name, work, lambda: on_done(pane)):
            progress.finish()

    def _new_pane(self, conversation: ConversationViewModel) -> ChatPane:
        pane = self._make_pane(conversation)
        pane.chat.earlier_asked.connect(lambda: self.reach(pane))
        return pane

    async def _reading(
        self, conversation: ConversationViewModel, work: Coroutine[Any, Any, None], progress: Progress
    ) -> None:
        try:
            await work
        except WorkbenchError as error:
            conversation.chat.tell("error", "Cannot show this run", error.message, error.hint)
        finally:
            progress.finish()

    async def _show_if_it_waits(self, run_id: RunId) -> None:
        conversation = ConversationViewModel(self._parts)
        try:
            await conversation.show(run_id)
        except WorkbenchError:
            return  # the explorer lists it, and opening it there says what is wrong
        if conversation.waits_for_person:
            self._new_pane(conversation)


def _look_at(run_id: RunId) -> str:
    """The name of a task."""
    return f"look at {run_id}"
