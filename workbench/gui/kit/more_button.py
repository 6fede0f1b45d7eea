"""The small button with the three dots: what can be done here."""

from PySide6.QtWidgets import QToolButton

from workbench.gui.kit.labels import plain_tip
from workbench.gui.kit.listening import listen
from workbench.gui.look.look import Look


def more_button(name: str, look: Look) -> QToolButton:
    """A button that says `name` to screen readers and in its tool tip."""
    button = QToolButton()
    button.setAccessibleName(name)
    button.setToolTip(plain_tip(f"{name} (Menu key)"))
    button.setIcon(look.icon("more"))
    listen(button, look.changed, lambda: button.setIcon(look.icon("more")))
    return button
