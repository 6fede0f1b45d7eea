"""A playback in a tab: a conversation in which nothing can be said or decided, under the controls."""

from workbench.app.approvals.approval_desk import ApprovalDesk
from workbench.app.clock import SystemClock
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.look.look import Look
from workbench.gui.replay.fork_banner import put_on_top
from workbench.gui.replay.playback_bar import PlaybackBar
from workbench.viewmodels.approvals.approvals import ApprovalsViewModel
from workbench.viewmodels.replay.playback import PlaybackViewModel


class PlaybackPane(ChatPane):
    """Questions that waited then are shown as they were; a desk of its own makes sure that none is answered here."""

    def __init__(self, playback: PlaybackViewModel, look: Look) -> None:
        super().__init__(playback.conversation, ApprovalsViewModel(ApprovalDesk(SystemClock())), look)
        self.playback = playback
        self.composer.hide()
        self.resume_bar.hide()
        self.held_bar.hide()
        self.bar = PlaybackBar(playback, look)
        put_on_top(self, self.bar)
        self.follow(playback.conversation.tail)
