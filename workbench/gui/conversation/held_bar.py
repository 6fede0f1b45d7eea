"""Step mode's bar: what is about to leave, in full, and the ways on."""

from functools import cached_property

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from workbench.app.approvals.stepper import Stepper
from workbench.gui.kit.json_view import JsonView
from workbench.gui.kit.labels import ElidedLabel
from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look
from workbench.viewmodels.conversation.held_request import held_body, held_words


class HeldBar(QFrame):
    """Shows what a `Stepper` holds; hidden while it holds nothing."""

    free_asked = Signal()
    """Go on, and stop no more."""

    def __init__(self, stepper: Stepper, look: Look) -> None:
        super().__init__()
        self._stepper = stepper
        self._look = look
        self._is_open = False
        self.setProperty("role", "banner")
        self.setAccessibleName("Held request")
        self._icon = QLabel()
        self._words = ElidedLabel()
        self._show = self._button("View", "View the held request", self._toggle_body)
        free = self._button("Run freely", "Send it and stop pausing", self.free_asked.emit)
        self.go_on = self._button("Continue", "Send the request", stepper.go_on)
        self.go_on.setProperty("role", "primary")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        for button in (self._show, free, self.go_on):
            row.addWidget(button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(20, 8, 20, 8)
        self._column.setSpacing(8)
        self._column.addLayout(row)
        listen(self, stepper.changed, self._refresh)
        self._take_look()
        self._refresh()
        look.follow(self, self._take_look)

    def name_keys(self, keys: str) -> None:
        """The keys that go on."""
        self.go_on.setText(f"Continue  {keys}".rstrip())

    def _refresh(self) -> None:
        held = self._stepper.held
        self.setVisible(held is not None)
        if held is None:
            self._show_body(is_on=False)
            return
        self._words.setText(held_words(held))
        if self._is_open:
            self.body.show_text(held_body(held))

    @cached_property
    def body(self) -> JsonView:
        """The whole request; made when somebody first asks for it."""
        body = JsonView(self._look, "The held request", max_lines=14)
        self._column.addWidget(body)
        return body

    def _toggle_body(self) -> None:
        self._show_body(is_on=not self._is_open)

    def _show_body(self, *, is_on: bool) -> None:
        held = self._stepper.held
        self._is_open = is_on and held is not None
        self._show.setText("Hide" if self._is_open else "View")
        if self._is_open and held is not None:
            self.body.show_text(held_body(held))
        if "body" in self.__dict__:
            self.body.setVisible(self._is_open)

    def _button(self, text: str, name: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda _=False: act())  # type: ignore[operator]
        return button

    def _take_look(self) -> None:
        self._icon.setPixmap(self._look.pixmap("step", "warn", self._look.px(18), self.devicePixelRatioF()))
