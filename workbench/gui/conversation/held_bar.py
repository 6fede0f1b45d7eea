"""Step mode's bar: what is about to leave, in full, and the ways on."""

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
        self.setProperty("role", "banner")
        self.setAccessibleName("Held request")
        self._icon = QLabel()
        self._words = ElidedLabel()
        self.body = JsonView(look, "The held request", max_lines=14)
        self.body.hide()
        self._show = self._button("View", "View the held request", self._toggle_body)
        free = self._button("Run freely", "Send it and stop pausing", self.free_asked.emit)
        self.go_on = self._button("Continue  F10", "Send the request", stepper.go_on)
        self.go_on.setProperty("role", "primary")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        for button in (self._show, free, self.go_on):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 8, 20, 8)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.body)
        unsubscribe = stepper.subscribe(self._refresh)
        self.destroyed.connect(lambda *_: unsubscribe())
        self._take_look()
        self._refresh()
        listen(self, look.changed, self._take_look)

    def _refresh(self) -> None:
        held = self._stepper.held
        self.setVisible(held is not None)
        if held is None:
            self.body.hide()
            return
        self._words.setText(held_words(held))
        if self.body.isVisibleTo(self):
            self.body.show_text(held_body(held))

    def _toggle_body(self) -> None:
        held = self._stepper.held
        self.body.setVisible(self.body.isHidden() and held is not None)
        self._show.setText("View" if self.body.isHidden() else "Hide")
        if held is not None and not self.body.isHidden():
            self.body.show_text(held_body(held))

    def _button(self, text: str, name: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda _=False: act())  # type: ignore[operator]
        return button

    def _take_look(self) -> None:
        self._icon.setPixmap(self._look.pixmap("step", "warn", self._look.px(18), self.devicePixelRatioF()))
