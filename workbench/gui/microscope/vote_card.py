"""Equal answers stacked into one card: the choice, its share, how certain that is, and what is wrong with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from workbench.gui.kit.labels import ElidedLabel, label, set_role
from workbench.gui.look.look import Look
from workbench.gui.microscope.share_bar import ShareBar
from workbench.viewmodels.microscope.result import Vote

_SIGNS = {"ok": "✓", "error": "✗"}


class VoteCard(QFrame):
    """Shows a `Vote`; the card is reused when more samples arrive."""

    go_on_asked = Signal(object)
    """Continue from this answer (a `Vote`)."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.vote: Vote | None = None
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.title = ElidedLabel("", "mono-strong")
        self.then = label("as recorded", "caption")
        self.then.setToolTip("Same calls with the same arguments as in the recorded run")
        self.bar = ShareBar(look)
        self.words = label("", "caption")
        self.verdict = label("", "hint", wraps=True)
        self.said = ElidedLabel("", "caption")
        self.go_on = QPushButton("Continue from this answer")
        self.go_on.setProperty("role", "link")
        self.go_on.setToolTip("Fork the run with this answer. The recording answers calls first, then you do.")
        self.go_on.clicked.connect(lambda: self.go_on_asked.emit(self.vote))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        head.addWidget(self.then)
        head.addWidget(self.go_on)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.bar, 1)
        row.addWidget(self.words)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 10, 10)
        column.setSpacing(5)
        column.addLayout(head)
        column.addLayout(row)
        column.addWidget(self.verdict)
        column.addWidget(self.said)

    def show_vote(self, vote: Vote) -> None:
        """Show this one."""
        if vote == self.vote:
            return
        self.vote = vote
        self.title.setText(vote.title)
        self.then.setVisible(vote.is_as_then)
        self.bar.show_share(vote.share, vote.interval, vote.tone, vote.words)
        self.words.setText(vote.words)
        self.verdict.setText(f"{_SIGNS.get(vote.tone, '·')} {vote.verdict}")
        self.verdict.setVisible(bool(vote.verdict))
        set_role(self.verdict, "tone", vote.tone)
        self.said.setText(f"“{vote.said}”" if vote.said else "")
        self.said.setVisible(bool(vote.said))
        self.go_on.setAccessibleName(f"Continue from {vote.title}")
        self.setAccessibleName(vote.spoken)
