"""Light, dark, larger, smaller: what the commands about the look do, and that it is remembered."""

from PySide6.QtCore import QObject

from workbench.gui.frame.window_state import WindowState
from workbench.gui.look.look import Appearance, Look


class AppearanceSwitch:
    """Changes the look and keeps it."""

    def __init__(self, look: Look, state: WindowState | None, owner: QObject) -> None:
        self._look = look
        self._state = state
        look.follow(owner, self._keep)

    def zoom(self, steps: int) -> None:
        """Larger or smaller text everywhere; 0 goes back."""
        self._look.zoom_by(steps)

    def switch(self) -> None:
        """Light to dark and back."""
        is_dark = self._look.tokens.is_dark
        wanted = self._look.wanted_appearance
        if wanted != self._look.appearance:  # pressed again before it was shown
            is_dark = not is_dark
        self._look.show_soon("light" if is_dark else "dark")

    def show(self, appearance: Appearance) -> None:
        """Show this appearance."""
        self._look.show_soon(appearance)

    def _keep(self) -> None:
        if self._state is not None:
            self._state.keep_look(self._look)
