"""The status bar: what waits, tokens, policy, trust. It speaks in words and never wraps."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QSizePolicy, QStatusBar, QWidget

from workbench.core.price import NOT_KNOWN
from workbench.gui.kit.labels import ElidedLabel, label, plain_tip, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.timers import delay, ticker
from workbench.gui.look.look import Look
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.tone import Tone
from workbench.viewmodels.shared.work_in_progress import WorkInProgress

_WATCH_MS = 120
_MESSAGE_MS = 15_000
"""How long a message stays, unless another one comes."""


class StatusLine(QStatusBar):
    """Left: the approvals badge and the run's state. Right: tokens, policy, trust."""

    badge_clicked = Signal()
    spent_clicked = Signal()
    """The person wants to know about, or to give, prices."""

    def __init__(self, look: Look, work: WorkInProgress) -> None:
        super().__init__()
        self._look = look
        self.work = work
        self.setSizeGripEnabled(False)
        self.setAccessibleName("Status")
        self.badge = QPushButton()
        self.badge.setProperty("role", "badge")
        self.badge.clicked.connect(self.badge_clicked)
        self.badge.hide()
        self._watch = ticker(self, _WATCH_MS, self._show_progress)
        self._work = ElidedLabel()
        self._work.hide()
        self.stop = QPushButton("Stop")
        self.stop.setProperty("role", "link")
        self.stop.setAccessibleName("Stop this task")
        self.stop.clicked.connect(self._stop_work)
        self.stop.hide()
        self.more = QPushButton()
        self.more.setProperty("role", "link")
        self.more.setAccessibleName("More work in progress")
        self.more.clicked.connect(self._list_work)
        self.more.hide()
        self._state = label()
        self._message = ElidedLabel()
        for said in (self._work, self._message):
            said.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._message.hide()
        self._message_time = delay(self, _MESSAGE_MS, self._message.hide)
        self.spent = QPushButton()
        self.spent.setProperty("role", "spent")
        self.spent.setAccessibleName("Nothing spent yet")
        self.spent.clicked.connect(self.spent_clicked)
        self.spent.hide()
        self._policy = label()
        self._trust = label()
        left = QWidget()
        left.setFixedWidth(4)
        self.addWidget(left)
        self.addWidget(self.badge)
        self.addWidget(self._state)
        self.addWidget(self._message)
        self.addWidget(self._work)
        self.addWidget(self.stop)
        self.addWidget(self.more)
        for widget in (self.spent, self._policy, self._trust):
            self.addPermanentWidget(widget)
        right = QWidget()
        right.setFixedWidth(6)
        self.addPermanentWidget(right)
        self._take_look()
        look.follow(self, self._take_look)
        listen(self, work.changed, self._follow)

    def _follow(self) -> None:
        if self.work.is_any:
            self._watch.start()
        else:
            self._watch.stop()
        self._show_progress()

    def _show_progress(self) -> None:
        shown = self.work.shown
        first = shown[0] if shown else None
        self._work.setVisible(first is not None)
        self.stop.setVisible(first is not None and first.stop is not None)
        self.more.setVisible(len(shown) > 1)
        if first is not None:
            self._work.setText(one_line(first.words, 160))
            self.stop.setAccessibleName(f"Stop: {one_line(first.title, 60)}")
            self.more.setText(f"+{len(shown) - 1}")
            self.more.setToolTip(plain_tip("\n".join(one_line(progress.words, 160) for progress in shown)))

    def _stop_work(self) -> None:
        first = next(iter(self.work.shown), None)
        if first is not None and first.stop is not None:
            first.stop()

    def _list_work(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for progress in self.work.shown:
            words = one_line(progress.words, 120).replace("&", "&&")
            act = menu.addAction(f"Stop: {words}" if progress.stop is not None else words)
            act.setEnabled(progress.stop is not None)
            if progress.stop is not None:
                act.triggered.connect(lambda _=False, stop=progress.stop: stop())
        menu.popup(self.more.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def show_badge(self, text: str) -> None:
        """How many approvals wait."""
        self.badge.setText(f" {text}")
        self.badge.setAccessibleName(text or "No approvals waiting")
        self.badge.setToolTip("Go to the next approval")
        self.badge.setVisible(bool(text))

    def show_state(self, text: str) -> None:
        """What is going on."""
        self._put(self._state, text)

    def show_message(self, text: str, tone: Tone = "plain") -> None:
        """Say something that has happened. It stays beside the state long enough to be read."""
        self._put(self._message, text, tone)
        self._message.setToolTip(plain_tip(text))
        self._message_time.start()

    @property
    def message(self) -> str:
        """What is said at the moment, or nothing."""
        return "" if self._message.isHidden() else self._message.text()

    def show_standing(self, policy: str, trust: tuple[str, Tone]) -> None:
        """The right end: what is asked about, and whether the project's code may run."""
        self._put(self._policy, policy)
        self._put(self._trust, *trust)

    def show_spent(self, text: str) -> None:
        """What the open conversation took so far."""
        if text != self.spent.text():
            self.spent.setText(text)
            self.spent.setVisible(bool(text))
            self.spent.setAccessibleName(f"Spent: {text or 'nothing yet'}. Open the prices")
            self.spent.setToolTip("Add a price" if NOT_KNOWN in text else "Open the prices")

    def _put(self, target: QLabel, text: str, tone: Tone = "plain") -> None:
        target.setText(text)
        target.setVisible(bool(text))
        set_role(target, "tone", tone)

    def _take_look(self) -> None:
        self.setFixedHeight(self._look.px(30))
        self.badge.setIcon(self._look.icon("hand", "warn"))
