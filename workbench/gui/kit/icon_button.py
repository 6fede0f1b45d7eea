"""Small buttons with an icon in place of words."""

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QToolButton

from workbench.gui.kit.labels import plain_tip
from workbench.gui.look.look import Look

_PX = 17


def icon_button(icon: str, act: Callable[[], object], look: Look) -> QToolButton:
    """A button in the bar of a page; its icon follows the theme and the size of the text."""
    button = QToolButton()
    button.clicked.connect(lambda _=False: act())

    def take_look() -> None:
        button.setIcon(look.icon(icon))
        button.setIconSize(QSize(look.px(_PX), look.px(_PX)))

    take_look()
    look.follow(button, take_look)
    return button


def more_button(name: str, look: Look) -> QToolButton:
    """The three dots: what can be done here. It says `name` to screen readers and in its tool tip."""
    button = QToolButton()
    button.setAccessibleName(name)
    button.setToolTip(plain_tip(f"{name} (Menu key)"))
    button.setIcon(look.icon("more"))
    look.follow(button, lambda: button.setIcon(look.icon("more")))
    return button
