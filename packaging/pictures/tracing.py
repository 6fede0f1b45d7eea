"""What the pictures of trace and inspector show: a priced run, a range of its time axis, its answer, a difference."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

from PySide6.QtCore import Qt

from pictures.stage import Stage
from workbench.core.price import Price, PriceLine
from workbench.gui.inspector.inspector_feature import InspectorFeature
from workbench.gui.trace.trace_feature import TraceFeature
from workbench.viewmodels.trace.trace_column import SHOWN_FIRST, ColumnName

_ALL: frozenset[ColumnName] = frozenset({"span", "waterfall", "time", "first", "tokens", "cached", "cost"})
_EXAMPLE = PriceLine("scripted:*", Price(Decimal("1.25"), Decimal(10), Decimal("0.125")), "an example", "2026-11-21")


async def trace_pictures(stage: Stage, shoot: Callable[[str], Awaitable[None]]) -> None:
    """The stage has not sent its message yet."""
    window = stage.window
    stage.session.prices.save([_EXAMPLE])
    await stage.to_approval()
    await shoot("trace_waiting")
    await stage.to_end()
    view = window.features.of(TraceFeature).open_view
    assert view is not None
    view.show_row([row for row in view.trace.rows if row.kind == "request"][-1])
    inspector = window.features.of(InspectorFeature).dock.view_of(stage.pane)
    inspector.open_tab("Response")
    await shoot("trace_response")
    view.show_columns(_ALL)
    window.resizeDocks([window.features.of(TraceFeature).dock], [700], Qt.Orientation.Horizontal)
    view.leave_out_waiting(is_on=False)
    view.show_row(next(row for row in view.trace.rows if row.kind == "call"))
    inspector.open_tab("Events")
    await shoot("trace_columns")
    view.leave_out_waiting(is_on=True)
    view.table.zoom_to_row()
    view.filter.setText("kind:call ms>fast")
    calls = [row for row in view.trace.all_rows if row.kind == "call"]
    view.show_row(calls[0])
    inspector.inspector.pin()
    view.show_row(calls[1])
    inspector.open_tab("Diff")
    await shoot("trace_zoomed")
    view.filter.clear()
    view.show_columns(SHOWN_FIRST)
    view.table.show_whole()
    window.resizeDocks([window.features.of(TraceFeature).dock], [430], Qt.Orientation.Horizontal)
    window.commands["prices"].trigger()
    await shoot("prices")
    window.commands["limits"].trigger()
    await shoot("limits")
