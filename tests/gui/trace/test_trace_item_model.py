"""The trace as a Qt table, under Qt's own checker."""

import asyncio

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tests.support.runs import Answers, ScriptedRun
from tests.support.scripts import TEXT, call, calls, says, schema, script
from workbench.core.approval import ASK_ALL, Decision
from workbench.core.event import RunEvent
from workbench.core.tool import Tool
from workbench.gui.look.look import Look
from workbench.gui.trace.trace_item_model import TraceItemModel
from workbench.gui.trace.trace_view import TraceView
from workbench.viewmodels.trace.trace import TraceViewModel

LOOK = Tool.make("look", "Look around.", schema("at", at=TEXT))


def recorded() -> list[RunEvent]:
    run = ScriptedRun(
        script(calls(call("look", at="a"), call("look", at="b")), says("Quiet.")),
        tools=(LOOK,),
        bodies={"look": lambda arguments: arguments["at"]},
        policy=ASK_ALL,
        approver=Answers(Decision("approve", by="person"), Decision("approve", by="person")),
    )
    asyncio.run(_run(run))
    return list(run.log)


async def _run(run: ScriptedRun) -> None:
    await run.run()


def test_rows_that_arrive_one_by_one_keep_qt_content(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    trace = TraceViewModel()
    rows = TraceItemModel(trace)
    qtmodeltester.check(rows)
    for event in recorded():
        trace.apply([event])
    assert rows.rowCount() == len(trace.rows) > 10
    trace.filter_by("kind:call")
    trace.filter_by("")
    trace.toggle(trace.rows[2])
    trace.toggle(trace.rows[2])
    trace.clear()
    assert rows.rowCount() == 0


def test_every_cell_can_be_read_out(qtbot: QtBot) -> None:
    trace = TraceViewModel()
    rows = TraceItemModel(trace)
    trace.apply(recorded())
    for place in range(rows.rowCount()):
        waterfall = rows.data(rows.index(place, 1), Qt.ItemDataRole.AccessibleTextRole)
        assert "starts at" in waterfall


def test_the_selected_row_stays_selected_through_a_filter(qtbot: QtBot, look: Look) -> None:
    trace = TraceViewModel()
    view = TraceView(trace, look)
    qtbot.addWidget(view)
    trace.apply(recorded())
    chosen = next(row for row in trace.rows if row.kind == "call")
    view.show_row(chosen)
    assert trace.selection is chosen
    view.filter.setText("kind:call")
    assert view.table.rows.row(view.table.currentIndex()) is chosen


def test_the_view_paints_every_state(qtbot: QtBot, look: Look) -> None:
    log = recorded()
    for appearance in ("light", "dark"):
        look.show(appearance)  # type: ignore[arg-type]
        trace = TraceViewModel()
        view = TraceView(trace, look)
        view.resize(700, 500)
        qtbot.addWidget(view)
        for event in log:
            trace.apply([event])
            assert not view.grab().isNull()
