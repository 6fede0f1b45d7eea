"""What every find bar is made of: the line, the count, and the buttons to the places found."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton

from workbench.gui.kit.find_line import FindLine
from workbench.gui.kit.labels import label
from workbench.gui.look.look import Look


class FindRow(QFrame):
    """Hidden until it is opened. What is found, and where, its subclasses know."""

    def __init__(self, words: str, look: Look, *, margin: int = 10) -> None:
        """`words` say what is looked through; `margin` is the room on the left, in pixels."""
        super().__init__()
        self._look = look
        self.setProperty("role", "bar")
        self.line = FindLine()
        self.line.setProperty("role", "filter")
        self.line.setPlaceholderText(words)
        self.line.setAccessibleName(words)
        self.line.stepped.connect(self.step)
        self.line.closed.connect(self.put_away)
        self.count = label("", "hint")
        self._buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(margin, 5, 8, 5)
        row.setSpacing(5)
        row.addWidget(self.line, 1)
        row.addWidget(self.count)
        for icon, tip, act in (
            ("up", "Find previous (Shift+Enter)", lambda: self.step(-1)),
            ("down", "Find next (Enter)", lambda: self.step(1)),
            ("close", "Close (Esc)", self.put_away),
        ):
            button = QToolButton()
            button.setAccessibleName(tip.partition(" (")[0])
            button.setToolTip(tip)
            button.clicked.connect(lambda _=False, act=act: act())
            self._buttons[icon] = button
            row.addWidget(button)
        self.hide()
        self._take_look()
        look.follow(self, self._take_look)

    def step(self, by: int) -> None:
        """Go to the next place (1) or the one before (-1)."""
        raise NotImplementedError

    def put_away(self) -> None:
        """Hide the bar and go back to what was looked through."""
        raise NotImplementedError

    def _take_look(self) -> None:
        for icon, button in self._buttons.items():
            button.setIcon(self._look.icon(icon))
            button.setIconSize(QSize(self._look.px(14), self._look.px(14)))
