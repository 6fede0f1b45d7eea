"""Room that is kept, so that nothing moves under the pointer when something comes or goes."""

from PySide6.QtWidgets import QWidget


def keep_room(*widgets: QWidget) -> None:
    """Leave these their places while they are hidden."""
    for widget in widgets:
        policy = widget.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        widget.setSizePolicy(policy)
