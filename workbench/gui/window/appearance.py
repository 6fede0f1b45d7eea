"""Light, dark, larger, smaller: what the commands about the look do, and that it is remembered."""

from workbench.gui.frame.window_state import WindowState
from workbench.gui.look.look import Look


class AppearanceSwitch:
    """Changes the look and keeps it."""

    def __init__(self, look: Look, state: WindowState | None) -> None:
        self._look = look
        self._state = state

    def zoom(self, steps: int) -> None:
        """Larger or smaller text everywhere; 0 goes back."""
        self._look.zoom_by(steps)
        self._keep()

    def switch(self) -> None:
        """Light to dark and back."""
        self._look.show("light" if self._look.tokens.is_dark else "dark")
        self._keep()

    def follow_system(self) -> None:
        """As light or dark as the system."""
        self._look.show("system")
        self._keep()

    def _keep(self) -> None:
        if self._state is not None:
            self._state.keep_look(self._look)
