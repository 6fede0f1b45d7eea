"""A glob for each argument: which later calls the permission covers."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.viewmodels.approvals.approval_card import ApprovalCard
from workbench.viewmodels.shared.plain import one_line

_ABOUT = "Later calls whose arguments all match run without asking. * matches any text, ? one character."


class PatternBox(QWidget):
    """Starts with the exact arguments; a glob's problem is shown under it."""

    def __init__(self, card: ApprovalCard) -> None:
        super().__init__()
        self._card = card
        self.lines: dict[str, QLineEdit] = {}
        self._problems: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 2)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.addWidget(
            label(_ABOUT if card.grant.patterns else f"{_ABOUT} This call has none.", "hint", wraps=True), 0, 0, 1, 2
        )
        for name, glob in card.grant.patterns.items():
            row = grid.rowCount()
            line = QLineEdit(glob)
            line.setProperty("face", "mono")
            line.setAccessibleName(f"Pattern for the argument {one_line(name, 80)}")
            line.setPlaceholderText("*")
            line.textEdited.connect(lambda text, name=name: card.write_pattern(name, text))
            caption = label(one_line(name, 40), "mono-muted")
            caption.setBuddy(line)
            problem = label("", "hint", wraps=True)
            problem.setProperty("tone", "error")
            grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(line, row, 1)
            grid.addWidget(problem, row + 1, 1)
            self.lines[name], self._problems[name] = line, problem
        self._refresh()
        listen(self, card.changed, self._refresh)

    def _refresh(self) -> None:
        problems, patterns = self._card.grant.problems, self._card.grant.patterns
        for name, line in self.lines.items():  # the same call may be in the chat and in the dock
            if line.text() != patterns.get(name, ""):  # an edit of the call may leave the argument out
                line.setText(patterns.get(name, ""))
        for name, shown in self._problems.items():
            shown.setText(f"✗ {problems[name]}" if name in problems else "")
            shown.setVisible(name in problems)
