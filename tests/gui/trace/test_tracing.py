"""The trace in the real window: what its rows offer, what the palette does with it, and what is remembered."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from tests.support.projects import make_project
from tests.support.window import OpenWindow, nameless
from workbench.core.json_text import JsonObject
from workbench.gui.frame.window_state import WindowState
from workbench.gui.inspector.inspector_feature import InspectorFeature
from workbench.gui.trace.trace_feature import TraceFeature
from workbench.gui.trace.trace_table import place_of_trace_row
from workbench.gui.trace.trace_view import TraceView

Runner = Callable[[Coroutine[Any, Any, None]], None]
LOOKS: JsonObject = {"calls": [{"tool": "look", "arguments": {"at": at}} for at in ("gate", "wall")]}


async def ran(project: Path, home: Path, qapp: QApplication) -> tuple[OpenWindow, TraceView]:
    bench = OpenWindow(project, home, qapp)
    bench.send()
    await bench.idle()
    view = bench.window.features.of(TraceFeature).open_view
    assert view is not None
    return bench, view


async def test_commands_of_the_palette_walk_zoom_and_copy(qapp: QApplication, tmp_path: Path) -> None:
    project = make_project(tmp_path / "marks", LOOKS, {"text": "Seen."})

    bench, view = await ran(project, tmp_path, qapp)
    commands = bench.window.commands
    calls = [row for row in view.trace.rows if row.kind == "call"]
    view.show_row(calls[0])
    for name, expected in (("trace-next-peer", calls[1]), ("trace-previous-sibling", calls[0])):
        commands[name].trigger()
        assert view.trace.selection is expected
    commands["trace-zoom-span"].trigger()
    assert view.trace.zoom.window is not None
    commands["trace-whole"].trigger()
    assert view.trace.zoom.window is None
    commands["trace-copy-headings"].trigger()
    heading, row = QGuiApplication.clipboard().text().split("\n")
    assert heading.startswith("Span\t")
    assert row.strip().startswith("look gate")
    commands["trace-collapse"].trigger()
    assert not any(row.kind == "call" for row in view.trace.rows)
    commands["trace-expand"].trigger()
    assert (
        nameless(bench.window.features.of(TraceFeature).dock)
        + nameless(bench.window.features.of(InspectorFeature).dock)
        == []
    )


async def test_the_menu_of_a_row_offers_what_the_trace_can_do_and_a_card_does_not(
    qapp: QApplication, tmp_path: Path
) -> None:
    project = make_project(tmp_path / "marks", LOOKS, {"text": "Seen."})

    bench, view = await ran(project, tmp_path, qapp)
    row = next(row for row in view.trace.rows if row.kind == "call")
    view.show_row(row)
    view.table.setFocus()
    features = bench.window.features
    menu = features.open_menu(place_of_trace_row(row), QPoint(5, 5), bench.window)
    offered = {action.text(): action for action in menu.actions()}
    assert {"Zoom the time axis to this span", "Copy the selected rows", "Copy this cell"} <= set(offered)
    offered["Show only this tool"].trigger()
    assert view.filter.text() == "tool:look"
    menu.close()
    bench.pane.composer.editor.setFocus()
    assert "row-copy" not in {act.name for act in features.actions_at(place_of_trace_row(row))}


async def test_chosen_columns_hold_in_every_trace_and_on_the_next_start(qapp: QApplication, tmp_path: Path) -> None:
    project = make_project(tmp_path / "marks", {"text": "Seen."})
    file = tmp_path / "window.ini"

    for expected in (("span", "waterfall", "time", "tokens"), ("span", "waterfall", "time", "tokens", "cost")):
        bench = OpenWindow(project, tmp_path, qapp, state=WindowState(file))
        view = bench.window.features.of(TraceFeature).open_view
        assert view is not None
        assert view.table.shown_columns == expected
        menu = view.open_columns()
        next(action for action in menu.actions() if action.text() == "Cost").setChecked(True)
        menu.close()
        bench.send()
        await bench.idle()
        bench.window.new_conversation()
        other = bench.window.features.of(TraceFeature).open_view
        assert other is not None
        assert other is not view
        assert "cost" in other.table.shown_columns
        await bench.close()
