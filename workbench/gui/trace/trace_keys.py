"""The keys of the trace."""

from collections.abc import Callable
from typing import Literal, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from workbench.viewmodels.trace.trace import TraceViewModel
from workbench.viewmodels.trace.trace_row import TraceRow

KEYS_TIP = (
    "Alt+↑ ↓ span · Alt+← → sibling · Alt+Shift+← → same tool\n"
    "+ − zoom · 0 whole axis · Z this span · Ctrl+← → along the axis · Ctrl+C copy rows"
)
Way = Literal["step", "sibling", "peer"]
"""To the next row, the next one below the same parent, the next call of the same tool."""


class KeyedTable(Protocol):
    """What the keys ask of the table."""

    @property
    def current_row(self) -> TraceRow | None: ...
    def walk(self, way: Way, step: int) -> None: ...
    def go_to(self, row: TraceRow | None) -> None: ...
    def zoom(self, steps: float, at: float = 0.5) -> None: ...
    def pan(self, steps: float) -> None: ...
    def show_whole(self) -> None: ...
    def zoom_to_row(self) -> None: ...


def act_of_key(event: QKeyEvent, table: KeyedTable, trace: TraceViewModel) -> Callable[[], object] | None:
    """What a key does in the trace; None for those the table itself knows."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    row, key = table.current_row, event.key()
    step = 1 if key in (Qt.Key.Key_Right, Qt.Key.Key_Down) else -1
    has_alt = bool(modifiers & Qt.KeyboardModifier.AltModifier)
    has_shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    has_control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    match key:
        case Qt.Key.Key_Up | Qt.Key.Key_Down if has_alt:
            return lambda: table.walk("step", step)
        case Qt.Key.Key_Left | Qt.Key.Key_Right if has_alt:
            return lambda: table.walk("peer" if has_shift else "sibling", step)
        case Qt.Key.Key_Left | Qt.Key.Key_Right if has_control:
            return lambda: table.pan(step)
        case _ if has_alt or has_control:
            return None
        case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
            return lambda: table.zoom(1)
        case Qt.Key.Key_Minus:
            return lambda: table.zoom(-1)
        case Qt.Key.Key_0:
            return table.show_whole
        case Qt.Key.Key_Z:
            return table.zoom_to_row
        case Qt.Key.Key_Left if row is not None and row.has_children and not row.is_collapsed:
            return lambda: trace.toggle(row)
        case Qt.Key.Key_Left if row is not None:
            return lambda: table.go_to(row.parent)
        case Qt.Key.Key_Right if row is not None and row.is_collapsed:
            return lambda: trace.toggle(row)
        case _:
            return None
