"""Widgets listen to view-models only as long as they live."""

from collections.abc import Callable
from typing import ParamSpec

from PySide6.QtCore import QObject

from workbench.core.signal import Signal

P = ParamSpec("P")


def listen(owner: QObject, signal: "Signal[P]", listener: Callable[P, object]) -> None:
    """Connect, and disconnect when `owner` is destroyed: view-models outlive the widgets that show them."""
    disconnect = signal.connect(listener)
    owner.destroyed.connect(lambda *_: disconnect())
