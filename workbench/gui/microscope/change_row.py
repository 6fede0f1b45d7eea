"""One change with its check box, and the result: a bar with an interval, and the same in words."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from workbench.gui.kit.labels import ElidedLabel, plain_tip, set_role
from workbench.gui.look.look import Look
from workbench.gui.microscope.share_bar import ShareBar
from workbench.viewmodels.microscope.ablation_series import ShownAblation
from workbench.viewmodels.microscope.what_if import Bar, title_of

_NAME = 380
_SIGNS = {"ok": "▲ ", "error": "▼ "}


class ChangeRow(QWidget):
    """Tells when it is ticked."""

    ticked = Signal(bool)

    def __init__(self, row: ShownAblation, look: Look) -> None:
        super().__init__()
        self.row = row
        self._title = title_of(row)
        self._look = look
        self.box = QCheckBox()
        self.box.setAccessibleName(self._title)
        self.box.clicked.connect(self.ticked)
        self.bar = ShareBar(look)
        self.effect = ElidedLabel("", "hint")
        self.votes = ElidedLabel("", "caption")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 3, 0, 3)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(0)
        grid.addWidget(self.box, 0, 0, 2, 1)
        grid.addWidget(self.bar, 0, 1, 2, 1)
        grid.addWidget(self.effect, 0, 2)
        grid.addWidget(self.votes, 1, 2)
        grid.setColumnStretch(2, 1)
        self._take_look()
        look.follow(self, self._take_look)

    def show_row(self, bar: Bar | None, votes: str, *, is_running: bool) -> None:
        """Show what has come."""
        self.box.setChecked(self.row.is_chosen)
        self.box.setEnabled(not is_running)
        self.bar.setVisible(bar is not None)
        words = ""
        if bar is not None:
            words = f"{_SIGNS.get(bar.tone, '')}{bar.words}"
            self.bar.show_share(bar.share, bar.interval, bar.tone, bar.words)
        self.effect.setText(words or votes)
        set_role(self.effect, "tone", bar.tone if bar is not None else "")
        self.votes.setText(votes if words else "")
        self.votes.setVisible(bool(words))
        self.box.setAccessibleDescription(". ".join(part for part in (words, votes) if part))

    def _take_look(self) -> None:
        width = self._look.px(_NAME)
        self.box.setFixedWidth(width)
        self.box.ensurePolished()
        room = width - self._look.px(34)
        text = self.box.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideMiddle, room)
        self.box.setText(text.replace("&", "&&"))
        self.box.setToolTip(plain_tip(self.row.change.name))
        self.bar.setFixedWidth(self._look.px(150))
