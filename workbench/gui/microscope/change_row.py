"""One change with its check box, and what came of it: a bar with an interval, and the same in words."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from workbench.gui.labels import ElidedLabel, plain_tip, set_role
from workbench.gui.look import Look
from workbench.gui.microscope.share_bar import ShareBar
from workbench.viewmodels.microscope.series import SeriesRow
from workbench.viewmodels.microscope.what_if import Bar
from workbench.viewmodels.plain import visible_line

_SIGNS = {"ok": "▲ ", "error": "▼ "}


class ChangeRow(QWidget):
    """Tells when it is ticked."""

    ticked = Signal(bool)

    def __init__(self, row: SeriesRow, look: Look) -> None:
        super().__init__()
        self.row = row
        name = visible_line(row.change.name, max_chars=120)
        self.box = QCheckBox(name.replace("&", "&&"))
        self.box.setAccessibleName(name)
        self.box.setMinimumWidth(look.px(320))
        self.box.setMaximumWidth(look.px(320))
        self.box.clicked.connect(self.ticked)
        self.bar = ShareBar(look)
        self.bar.setFixedWidth(look.px(150))
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

    def show_row(self, bar: Bar | None, votes: str, *, is_running: bool) -> None:
        """Show what has come."""
        self.box.setChecked(self.row.is_chosen)
        self.box.setEnabled(not is_running)
        self.box.setToolTip(plain_tip(self.row.change.name))
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
