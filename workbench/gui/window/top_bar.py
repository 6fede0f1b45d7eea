"""The bar at the top: model, Run, Stop, the palette, appearance."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton

from workbench.app.models.provider_registry import ModelChoice
from workbench.gui.frame.actions import Actions
from workbench.gui.kit.labels import plain_tip
from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look
from workbench.gui.window.main_menu import MainMenu
from workbench.viewmodels.shared.plain import model_words, one_line

_BUTTONS = ("new-conversation", "explorer", "trace")


class TopBar(QFrame):
    """Emits the user's requests; others act on them."""

    def __init__(self, actions: Actions, look: Look) -> None:
        super().__init__()
        self._actions = actions
        self._look = look
        self.setProperty("role", "bar")
        self.menu = MainMenu(actions, look)
        self.model = QPushButton()
        self.model.setProperty("role", "picker")
        self.model.clicked.connect(actions["model"].trigger)
        self.run = QPushButton("Run")
        self.run.setAccessibleName("Run the message")
        self.run.clicked.connect(actions["run"].trigger)
        self.stop = self._tool_button("stop")
        self._buttons = [self._tool_button(name) for name in _BUTTONS]
        self._search = QPushButton()
        self._search.setProperty("role", "search")
        self._search.setAccessibleName("Open the command palette")
        self._search.clicked.connect(actions["palette"].trigger)
        self._search.setMinimumWidth(look.px(210))
        self._appearance = QToolButton()
        self._appearance.setAccessibleName("Switch between light and dark")
        self._appearance.clicked.connect(actions["switch-appearance"].trigger)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 10, 6)
        row.setSpacing(6)
        row.addWidget(self.menu)
        row.addWidget(self.model)
        row.addWidget(self.run)
        row.addWidget(self.stop)
        for button in self._buttons:
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._search)
        row.addWidget(self._appearance)
        self._take_look()
        self._show_keys()
        look.follow(self, self._take_look)
        listen(self, actions.keys_changed, self._show_keys)

    def _show_keys(self) -> None:
        """Show the current keys, which may differ from the defaults."""
        self.run.setToolTip(plain_tip(self._actions["run"].toolTip()))
        keys = self._actions["palette"].shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self._search.setText(f"Run a command…   {keys}".rstrip())

    def show_models(self, choices: tuple[ModelChoice, ...], spec: str) -> None:
        """Offer these models, `spec` being the one in use."""
        chosen = next((choice for choice in choices if choice.spec == spec), None)
        text = one_line(chosen.label if chosen else model_words(spec), 40)
        self.model.setText(f"{text}  ▾".replace("&", "&&"))
        self.model.setAccessibleName(f"Model: {text}")
        self.model.setToolTip(plain_tip(f"{spec}\n{chosen.note}" if chosen else spec))

    def show_running(self, *, is_running: bool, obstacle: str) -> None:
        """Show Run and Stop in their current state."""
        self.run.setEnabled(not is_running and not obstacle)
        self.run.setToolTip(plain_tip(obstacle or self._actions["run"].toolTip()))
        self._actions["stop"].setEnabled(is_running)
        self.stop.setEnabled(is_running)

    def _tool_button(self, name: str) -> QToolButton:
        action = self._actions[name]
        button = QToolButton()
        button.setAccessibleName(action.text())
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setDefaultAction(action)
        return button

    def _take_look(self) -> None:
        size = QSize(self._look.px(18), self._look.px(18))
        for button in (self.menu, self.stop, *self._buttons, self._appearance):
            button.setIconSize(size)
        self.run.setIcon(self._look.icon("play", "accent"))
        self._search.setIcon(self._look.icon("search"))
        is_dark = self._look.tokens.is_dark
        self._appearance.setIcon(self._look.icon("sun" if is_dark else "moon"))
        self._appearance.setToolTip("Light appearance" if is_dark else "Dark appearance")
