"""One round of several runs, side by side: the texts, the calls, the differences on the wire."""

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workbench.gui.kit.diff_colors import DiffColors
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.page_frame import action_button
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.look.look import Look
from workbench.viewmodels.compare.comparison import CallView, RoundView, RowView

_MAX_LINES = 16
_BREAKS = re.compile(r"[,:;{}\[\]()/\\_.-]|\w{40}")
_SHOW_WIRE = "Show the wire diff"


class RoundBox(QFrame):
    """Nothing in it is markup; every state is a sign, a word, and a color."""

    def __init__(self, row: RowView, letters: tuple[str, ...], look: Look) -> None:
        super().__init__()
        self.row = row
        self._look = look
        self.wire: list[QWidget] = []
        self._colors: list[DiffColors] = []
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{row.name}: {'same' if row.is_same else 'differs'}")
        self.setAccessibleDescription("; ".join(cell.words for calls in row.calls for cell in calls))
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 10)
        column.setSpacing(6)
        column.addLayout(self._head())
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.px(20))
        grid.setVerticalSpacing(look.px(8))
        for place, (name, cell) in enumerate(zip(letters, row.rounds, strict=True)):
            grid.setColumnStretch(place, 1)
            grid.addWidget(self._round(name, cell), 0, place, Qt.AlignmentFlag.AlignTop)
        for line, calls in enumerate(row.calls, 1):
            for place, call in enumerate(calls):
                grid.addWidget(self._call(call), line, place, Qt.AlignmentFlag.AlignTop)
        column.addLayout(grid)
        self._column = column

    def show_wire(self, *, is_shown: bool) -> None:
        """Show or hide the differences in the requests."""
        if is_shown and not self.wire:
            for heading, text in self.row.wire:
                words = label(heading, "caption", wraps=True)
                self._column.addWidget(words)
                self.wire.append(words)
                if text:
                    view = PlainView(self._look, heading, max_lines=_MAX_LINES)
                    self._colors.append(DiffColors(view.document(), self._look))
                    view.show_text(text)
                    self.wire.append(view)
                    self._column.addWidget(view)
        for shown in self.wire:
            shown.setVisible(is_shown)
        self.wire_button.setText("Hide the wire diff" if is_shown else _SHOW_WIRE)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(label(self.row.name, "strong"))
        head.addStretch(1)
        self.wire_button = action_button(
            _SHOW_WIRE,
            f"Show differences in the requests of {self.row.name}",
            lambda: self.show_wire(is_shown=not any(view.isVisible() for view in self.wire)),
            role="link",
        )
        self.wire_button.setVisible(bool(self.row.wire))
        head.addWidget(self.wire_button)
        return head

    def _round(self, name: str, cell: RoundView) -> QWidget:
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(label(name, "mono-strong"))
        line.addWidget(_state(cell.mark, cell.status, cell.tone))
        line.addWidget(label(cell.figures, "caption"), 1)
        column.addLayout(line)
        if cell.text:
            column.addWidget(label(cell.text, "", wraps=True))
        return widget

    def _call(self, cell: CallView) -> QWidget:
        box = QFrame()
        box.setAccessibleName(cell.words or "nothing here")
        if not cell.status:
            return box
        box.setProperty("role", "notice-error" if cell.tone == "error" else "notice")
        column = QVBoxLayout(box)
        column.setContentsMargins(10, 6, 10, 7)
        column.setSpacing(3)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(_state(cell.mark, cell.status, cell.tone))
        line.addStretch(1)
        column.addLayout(line)
        if cell.tool:
            column.addWidget(_code(cell.tool, "mono-strong"))
            column.addWidget(_code(cell.arguments, "mono"))
        for difference in cell.differences:
            made = _code(difference, "mono")
            set_role(made, "tone", "warn")
            column.addWidget(made)
        if cell.result:
            column.addWidget(_code(cell.result, "mono-muted"))
        return box


def _code(text: str, role: str) -> QLabel:
    """Code has long words: they may be broken after every sign and, without one, after forty letters."""
    made = label(text, role, wraps=True)
    made.setText(_BREAKS.sub(lambda found: f"{found[0]}\u200b", made.text()))
    made.setAccessibleName(text)
    return made


def _state(mark: str, words: str, tone: str) -> QWidget:
    state = label(f"{mark} {words}".strip(), "caption")
    set_role(state, "tone", tone)
    return state
