"""What an empty conversation shows: three ways to begin, one click each."""

from collections.abc import Callable
from functools import cached_property

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from workbench.app.models.wires import VENDORS, in_words
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label, plain_tip
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look

CARD_PX = 188


class FirstView(QFrame):
    """Shown in an empty conversation. Its content is created when it is first visible: a message sent at once hides it
    before."""

    run_asked = Signal()
    tour_asked = Signal()
    open_asked = Signal()
    tool_asked = Signal()
    import_asked = Signal()
    new_asked = Signal()
    sample_asked = Signal()
    settings_asked = Signal()
    local_asked = Signal()

    def __init__(self, project_name: str, look: Look) -> None:
        super().__init__()
        self._project_name = project_name
        self._look = look
        self._has_tools = True
        self._is_tour_offered: Callable[[], bool] = lambda: False
        self._message = (False, "")
        self._line: Callable[[], QWidget] | None = None
        self.setProperty("role", "page")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._soon = delay(self, 0, lambda: self.ways)

    @cached_property
    def ways(self) -> "WaysToBegin":
        """Its content."""
        ways = WaysToBegin(self, self._project_name, self._look)
        ways.offer_tour(is_offered=self._is_tour_offered())
        ways.show_tools(has_tools=self._has_tools)
        ways.show_message(*self._message)
        if self._line is not None:
            ways.show_line(self._line())
        self._column.addWidget(ways)
        self._put_into_tab_order(ways)
        return ways

    def _put_into_tab_order(self, ways: "WaysToBegin") -> None:
        """Set its place in the Tab order: Qt puts new widgets last."""
        before: QWidget = self
        while before.focusPolicy() == Qt.FocusPolicy.NoFocus and (earlier := before.previousInFocusChain()):
            before = earlier  # Qt inserts nothing after a widget that takes no focus
        for button in ways.findChildren(QPushButton):
            self.setTabOrder(before, button)
            before = button

    @property
    def _made(self) -> "WaysToBegin | None":
        return self.ways if "ways" in self.__dict__ else None

    def offer_tour(self, is_offered: Callable[[], bool]) -> None:
        """Find out whether the tour can be taken in this project, which reads a file."""
        self._is_tour_offered = is_offered
        if self._made is not None:
            self._made.offer_tour(is_offered=is_offered())

    def show_tools(self, *, has_tools: bool) -> None:
        """A project without tools starts with one; any other with a message."""
        self._has_tools = has_tools
        if self._made is not None:
            self._made.show_tools(has_tools=has_tools)

    def show_message(self, *, is_there: bool, obstacle: str) -> None:
        """There is a message to run or none yet; `obstacle` says why it cannot be run now."""
        self._message = (is_there, obstacle)
        if self._made is not None:
            self._made.show_message(is_there, obstacle)

    def show_line(self, make: Callable[[], QWidget]) -> None:
        """Show a line below the cards, created when it is visible."""
        self._line = make
        if self._made is not None:
            self._made.show_line(make())
            self._put_into_tab_order(self._made)

    # overrides of Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._made is None:
            self._soon.start()


class WaysToBegin(QWidget):
    """Three cards: try it now, open something, add a key."""

    def __init__(self, asks: FirstView, project_name: str, look: Look) -> None:
        super().__init__()
        self._look = look
        self._cards: list[QFrame] = []
        heading = label(project_name or "A new conversation", "heading")
        heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        sentence = label("Send a message below and watch the model choose tools.", "muted", wraps=True)
        sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.run_button = _button("Run it  Ctrl+Enter", "Run the message below", asks.run_asked.emit)
        self.run_button.setProperty("role", "primary")
        self.tour_button = _button("Show me around", "Take the guided tour", asks.tour_asked.emit)
        self.tour_button.hide()
        self.tool_button = _button("New tool", "Create the first tool", asks.tool_asked.emit)
        self.tool_button.setProperty("role", "primary")
        self.import_button = _button("Import tools…", "Import tools from a file", asks.import_asked.emit)
        self.sample_button = _button("The shop sample", "Open the shop sample", asks.sample_asked.emit)
        self.new_button = _button("New project…", "Create a project", asks.new_asked.emit)
        self.open_button = _button("A folder…", "Open a project folder", asks.open_asked.emit)
        self.key_button = _button("Add an API key", "Add an API key", asks.settings_asked.emit)
        self.local_button = _button("Find local servers", "Find local model servers", asks.local_asked.emit)
        cards, flow = flow_row(is_centered=True)
        flow.setSpacing(14)
        self._first_tool = self._keep(
            _card(
                "Your first tool",
                "This project has no tools yet. Describe one, or import an OpenAPI file, Python, requests, or JSON.",
                self.tool_button,
                self.import_button,
            )
        )
        flow.addWidget(self._first_tool)
        flow.addWidget(
            self._keep(
                _card(
                    "Try it now",
                    "The local model needs no key. It shows how everything works; it often mixes up similar tools.",
                    self.run_button,
                    self.tour_button,
                )
            )
        )
        flow.addWidget(
            self._keep(
                _card(
                    "Your own tools",
                    "Start a project, open a folder, or look at a sample shop with overlapping tools.",
                    self.new_button,
                    self.open_button,
                    self.sample_button,
                )
            )
        )
        flow.addWidget(
            self._keep(
                _card(
                    "Use a provider",
                    f"{in_words((*VENDORS, 'any compatible server'))}.",
                    self.key_button,
                    self.local_button,
                )
            )
        )
        foot = label("Telemetry is off unless you turn it on. Your files stay here.", "caption", wraps=True)
        foot.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 20, 14, 20)
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(heading)
        column.addWidget(sentence)
        column.addSpacing(10)
        column.addWidget(cards)
        column.addSpacing(6)
        column.addWidget(foot)
        column.addStretch(3)
        self._take_look()
        look.follow(self, self._take_look)

    def offer_tour(self, *, is_offered: bool) -> None:
        """The tour can be taken in this project, or not."""
        self.tour_button.setVisible(is_offered)
        self._take_look()

    def show_tools(self, *, has_tools: bool) -> None:
        """A project without tools starts with one; any other with a message."""
        self._first_tool.setVisible(not has_tools)
        self._cards[1].setVisible(has_tools)

    def show_line(self, line: QWidget) -> None:
        """Put a line between the cards and the foot."""
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(column.count() - 2, line)

    def show_message(self, is_there: bool, obstacle: str) -> None:
        """There is a message to run or none yet; `obstacle` says why it cannot be run now."""
        self.run_button.setText("Run it  Ctrl+Enter" if is_there else "Write a message")
        self.run_button.setAccessibleName("Run the message below" if is_there else "Write a message")
        self.run_button.setEnabled(not is_there or not obstacle)
        self.run_button.setToolTip(plain_tip(obstacle) if is_there else "")

    def _keep(self, card: QFrame) -> QFrame:
        self._cards.append(card)
        return card

    def _take_look(self) -> None:
        """Give all cards the same width, and the height of the highest."""
        width = self._look.px(CARD_PX)
        layouts = [layout for card in self._cards if (layout := card.layout()) is not None]
        height = max(layout.totalHeightForWidth(width) for layout in layouts)
        for card in self._cards:
            card.setFixedSize(width, height)


def _card(title: str, about: str, *buttons: QPushButton) -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    column = QVBoxLayout(card)
    column.setContentsMargins(10, 12, 10, 12)
    column.setSpacing(8)
    column.addWidget(label(title, "strong"))
    words = label(about, "muted", wraps=True)
    words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    column.addWidget(words, 1)
    for button in buttons:
        column.addWidget(button)
    return card


def _button(text: str, name: str, ask: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setAccessibleName(name)
    button.clicked.connect(lambda _=False: ask())
    return button
