"""The line over a conversation that says where it was forked, and how many forks it has."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workbench.core.ids import RunId
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.kit.labels import ElidedLabel
from workbench.gui.kit.page_frame import action_button
from workbench.gui.look.look import Look
from workbench.viewmodels.replay.fork_tree import ForkFacts
from workbench.viewmodels.shared.figures import count


class ForkBanner(QFrame):
    """Hidden while there is nothing to show."""

    parent_asked = Signal()
    compare_asked = Signal()
    forks_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.run_id: RunId | None = None
        self.facts: ForkFacts | None = None
        self.setProperty("role", "bar")
        self._icon = QLabel()
        self.words = ElidedLabel()
        self.parent_button = action_button(
            "Open the parent", "Open the run this was forked from", self.parent_asked.emit
        )
        self.compare_button = action_button("Compare with parent", "Compare with the parent", self.compare_asked.emit)
        self.forks_button = action_button("", "Show the forks of this run", self.forks_asked.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 5, 12, 5)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self.words, 1)
        for button in (self.parent_button, self.compare_button, self.forks_button):
            button.setProperty("role", "link")
            row.addWidget(button)
        self._take_look()
        look.follow(self, self._take_look)
        self.hide()

    def show_fork(self, run_id: RunId | None, facts: ForkFacts | None, parent: str, forks: int) -> None:
        """`parent` is the title of the run it was forked from; `forks` the number of its own forks."""
        self.run_id, self.facts = run_id, facts
        self.parent_button.setVisible(facts is not None)
        self.compare_button.setVisible(facts is not None)
        self.forks_button.setVisible(forks > 0)
        self.forks_button.setText(f"{count(forks, 'fork')} from here")
        if facts is not None:
            self.words.setText(f"Fork {facts.words} · of “{parent or facts.parent}”")
        else:
            self.words.setText("Other forks")
        self.setAccessibleName(self.words.text())
        self.setVisible(facts is not None or forks > 0)

    def _take_look(self) -> None:
        self._icon.setPixmap(self._look.pixmap("fork", "accent", self._look.px(16), self.devicePixelRatioF()))


def put_on_top(pane: ChatPane, banner: QWidget) -> None:
    """Show a line over a conversation."""
    column = pane.layout()
    assert isinstance(column, QVBoxLayout)
    column.insertWidget(0, banner)
