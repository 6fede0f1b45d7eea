"""Starting, stepping, stopping and resuming the run of a conversation, and watching it to its end."""

from collections.abc import Callable

from workbench.app.parts import HasReload
from workbench.app.runs.live_run import LiveRun
from workbench.core.errors import WorkbenchError
from workbench.core.ids import RunId
from workbench.gui.kit.tasks import Tasks
from workbench.viewmodels.conversation.chat_entry import UserEntry
from workbench.viewmodels.conversation.conversation import ConversationViewModel
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.progress import Progress
from workbench.viewmodels.shared.work_in_progress import WorkInProgress

RUN_SHOWN_AFTER_S = 5.0
"""A run is shown in its conversation; the status bar shows long ones."""


class Running:
    """A failure to start is shown in the chat, where people look."""

    def __init__(self, project: HasReload, tasks: Tasks, work: WorkInProgress) -> None:
        self._project = project
        self._tasks = tasks
        self._work = work

    def send(self, conversation: ConversationViewModel) -> None:
        """Send the conversation's message."""
        self._begin(conversation, conversation.send, "Cannot start the run")

    def resume(self, conversation: ConversationViewModel) -> None:
        """Resume its interrupted run."""
        self._begin(conversation, conversation.resume, "Cannot resume the run")

    def try_again(self, conversation: ConversationViewModel, run_id: RunId) -> None:
        """Send the message of a failed run again."""
        self._begin(conversation, lambda: conversation.try_again(run_id), "Cannot start the run")

    def go_on(self, conversation: ConversationViewModel) -> None:
        """Continue a failed run from what it has done."""
        self._begin(conversation, conversation.go_on, "Cannot start the run")

    def send_again(self, conversation: ConversationViewModel, entry: UserEntry, text: str) -> None:
        """Resend one of its messages with this text."""
        self._begin(conversation, lambda: conversation.send_again(entry, text), "Cannot start the run")

    def _begin(self, conversation: ConversationViewModel, begin: Callable[[], bool], trouble: str) -> None:
        """Include a tool that was saved a moment ago."""
        if self._project.is_reloading:
            self._tasks.start(f"begin {id(conversation)}", self._begin_after_reading(conversation, begin, trouble))
        else:
            self._begin_now(conversation, begin, trouble)

    async def _begin_after_reading(
        self, conversation: ConversationViewModel, begin: Callable[[], bool], trouble: str
    ) -> None:
        await self._project.reloaded()
        self._begin_now(conversation, begin, trouble)

    def _begin_now(self, conversation: ConversationViewModel, begin: Callable[[], bool], trouble: str) -> None:
        try:
            has_begun = begin()
        except WorkbenchError as error:
            conversation.chat.tell("error", trouble, error.message, error.hint)
            return
        if has_begun and conversation.live is not None:
            watch_run(conversation.live, conversation, self._tasks, self._work)


def watch_run(live: LiveRun, conversation: ConversationViewModel, tasks: Tasks, work: WorkInProgress) -> None:
    """Show a run among the work in progress until it is over."""
    words = f"Run “{one_line(conversation.title, 40)}”"
    progress = Progress(words, "run", stop=live.stop, shown_after_s=RUN_SHOWN_AFTER_S)
    tasks.start(f"run {live.run_id}", work.run(progress, lambda: _watch(live, conversation)))


async def _watch(live: LiveRun, conversation: ConversationViewModel) -> None:
    """Wait until the run is over, however it ends. Holds only view-models, never a widget."""
    try:
        await live.finished()
    finally:
        conversation.run_over(live.run_id)
