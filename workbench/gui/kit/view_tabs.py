"""Two or three views of the same thing, one at a time."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QTabBar


def view_tabs(name: str, views: Sequence[str], turn: Callable[[int], object]) -> QTabBar:
    """A small bar of the views; `turn` is told the place of the one that was chosen."""
    bar = QTabBar()
    bar.setAccessibleName(name)
    bar.setDrawBase(False)
    bar.setExpanding(False)
    bar.setProperty("role", "pages")
    for view in views:
        bar.addTab(view)
    bar.currentChanged.connect(turn)
    return bar
