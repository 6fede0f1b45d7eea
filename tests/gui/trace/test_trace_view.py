"""The trace with keys, wheel and mouse."""

import asyncio
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider, QApplication, QStackedWidget
from pytestqt.qtbot import QtBot

from tests.support.runs import Answers, ScriptedRun
from tests.support.scripts import TEXT, call, says, schema, script
from workbench.app.costs.prices import BUILT_IN
from workbench.core.approval import ASK_ALL, Decision
from workbench.core.event import RunEvent
from workbench.core.exchange import Usage
from workbench.core.price import PriceList
from workbench.core.tool import Tool
from workbench.gui.look.look import Look
from workbench.gui.trace.trace_item_model import WATERFALL
from workbench.gui.trace.trace_view import TraceView
from workbench.viewmodels.trace.trace import TraceViewModel
from workbench.viewmodels.trace.trace_column import PLACES
from workbench.viewmodels.trace.trace_row import TraceRow

LOOK = Tool.make("look", "Look around.", schema("at", at=TEXT))
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def recorded() -> list[RunEvent]:
    run = ScriptedRun(
        script(
            says("", calls=(call("look", at="a"), call("look", at="b")), usage=Usage(1000, 100, 500)),
            says("Quiet.", usage=Usage(2000, 10)),
        ),
        tools=(LOOK,),
        bodies={"look": lambda arguments: arguments["at"]},
        policy=ASK_ALL,
        approver=Answers(Decision("approve", by="person"), Decision("approve", by="person")),
    )

    async def go() -> None:
        await run.run()

    asyncio.run(go())
    return list(run.log)


@pytest.fixture
def view(qtbot: QtBot, look: Look) -> TraceView:
    made = TraceView(TraceViewModel(lambda: PriceList(BUILT_IN)), look)
    qtbot.addWidget(made)
    made.resize(760, 560)
    made.show()
    made.trace.apply(recorded())
    made.table.setFocus()
    return made


def chosen(view: TraceView) -> tuple[str, str]:
    row = view.trace.selection
    assert row is not None
    return row.kind, row.detail


def press(view: TraceView, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(view.table, key, modifiers)


def wheel(view: TraceView, x: int, notches: int, modifiers: Qt.KeyboardModifier) -> None:
    place = QPointF(x, 60)
    viewport = view.table.viewport()
    event = QWheelEvent(
        place,
        QPointF(viewport.mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def test_alt_and_arrows_walk_spans_siblings_and_calls_of_the_same_tool(view: TraceView) -> None:
    calls = [row for row in view.trace.rows if row.kind == "call"]
    view.show_row(calls[0])
    press(view, Qt.Key.Key_Down, ALT)
    assert chosen(view)[0] == "approval"
    press(view, Qt.Key.Key_Up, ALT)
    press(view, Qt.Key.Key_Left, ALT)
    assert chosen(view)[0] == "request"
    press(view, Qt.Key.Key_Right, ALT)
    press(view, Qt.Key.Key_Right, ALT | SHIFT)
    assert view.trace.selection is calls[1]
    press(view, Qt.Key.Key_Left, ALT | SHIFT)
    assert view.trace.selection is calls[0]


def test_keys_zoom_to_a_span_along_the_axis_and_back_to_the_whole(view: TraceView) -> None:
    view.show_row(next(row for row in view.trace.rows if row.kind == "round"))
    press(view, Qt.Key.Key_Plus)
    first = view.trace.zoom.window
    assert first is not None
    assert view.whole_button.isVisible()
    press(view, Qt.Key.Key_Right, CONTROL)
    second = view.trace.zoom.window
    assert second is not None
    assert second[0] > first[0]
    press(view, Qt.Key.Key_Z)
    assert view.trace.zoom.window not in (None, second)
    press(view, Qt.Key.Key_0)
    assert view.trace.zoom.window is None
    assert not view.whole_button.isVisible()


def test_the_wheel_zooms_at_the_pointer_and_only_with_ctrl(view: TraceView) -> None:
    left = view.table.columnViewportPosition(WATERFALL)
    x = left + view.table.columnWidth(WATERFALL) // 2
    wheel(view, x, -1, Qt.KeyboardModifier.NoModifier)
    assert view.trace.zoom.window is None
    place = view.table.header.place_at(x)
    assert place is not None
    under = view.table.waterfall.axis.at(place)
    wheel(view, x, 2, CONTROL)
    assert view.trace.zoom.window is not None
    assert view.table.waterfall.axis.at(place) == pytest.approx(under, rel=0.01)


def test_a_range_of_the_header_is_dragged_out_and_a_double_click_shows_the_whole(view: TraceView) -> None:
    header = view.table.header
    left = header.sectionViewportPosition(WATERFALL)
    width = header.sectionSize(WATERFALL)
    start, end = QPoint(left + width // 4, 10), QPoint(left + width // 2, 10)
    QTest.mousePress(header.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(header.viewport(), end)
    assert not header.grab().isNull()
    QTest.mouseRelease(header.viewport(), Qt.MouseButton.LeftButton, pos=end)
    window = view.trace.zoom.window
    assert window is not None
    assert 0 < window[0] < window[1] < view.trace.axis_s
    assert not view.grab().isNull()
    QTest.mouseDClick(header.viewport(), Qt.MouseButton.LeftButton, pos=start)
    assert view.trace.zoom.window is None


def test_a_range_stays_while_the_run_goes_on(qtbot: QtBot, look: Look) -> None:
    log = recorded()
    view = TraceView(TraceViewModel(), look)
    qtbot.addWidget(view)
    view.trace.apply(log[:5])
    view.trace.tick(view.trace.now + 1.0)
    view.trace.zoom.select(0.2, 0.4, view.trace.axis_s)
    view.trace.apply(log[5:])
    view.trace.tick(view.trace.now + 9.0)
    assert view.trace.zoom.window == pytest.approx((0.2, 0.4))


def test_ctrl_c_copies_the_selected_rows_as_a_table(view: TraceView) -> None:
    view.show_row(view.trace.rows[0])
    press(view, Qt.Key.Key_Down, SHIFT)
    press(view, Qt.Key.Key_C, CONTROL)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == 2
    assert lines[0].split("\t")[0].startswith("run")
    assert lines[1].startswith("  turn 1")
    assert lines[0].split("\t")[-1] == "3,110"
    view.table.copy_cell()
    assert QGuiApplication.clipboard().text().startswith("turn 1")


def test_columns_are_ticked_in_a_menu_that_stays_open(view: TraceView, qtbot: QtBot) -> None:
    heard: list[object] = []
    view.columns_chosen.connect(heard.append)
    menu = view.open_columns()
    actions = {action.text(): action for action in menu.actions()}
    assert not actions["Span"].isEnabled()
    actions["Cost"].toggle()
    actions["Waterfall"].toggle()
    assert view.table.shown_columns == ("span", "time", "tokens", "cost")
    assert heard[-1] == frozenset({"span", "time", "tokens", "cost"})
    menu.close()


def test_a_filter_that_cannot_be_read_says_so_below_the_box(view: TraceView) -> None:
    QTest.keyClicks(view.filter, "cost>cheap")
    assert "needs a number" in view.filter.accessibleDescription()
    assert len(view.trace.rows) == len(view.trace.all_rows)
    view.filter.setText("kind:call tokens>1")
    assert not view.trace.rows
    assert "No spans match" in view._empty.text()


def test_waiting_is_counted_when_the_button_says_so(view: TraceView) -> None:
    assert view.waiting_button.isChecked()
    assert "left out" in view.trace.totals_text
    QTest.mouseClick(view.waiting_button, Qt.MouseButton.LeftButton)
    assert "included" in view.trace.totals_text
    assert "included" in view.waiting_button.toolTip()
    view.trace.leave_out_waiting(is_on=True)
    assert view.waiting_button.isChecked()


def test_esc_clears_the_filter_and_down_goes_on_to_the_table(view: TraceView, qtbot: QtBot) -> None:
    view.filter.setFocus()
    QTest.keyClicks(view.filter, "kind:call")
    assert {row.kind for row in view.trace.rows} == {"run", "turn", "round", "call"}
    QTest.keyClick(view.filter, Qt.Key.Key_Down)
    assert view.trace.selection is view.trace.rows[0]
    QTest.keyClick(view.filter, Qt.Key.Key_Escape)
    assert view.filter.text() == ""
    assert view.trace.rows == view.trace.all_rows


def test_the_filter_is_completed_from_the_offers_with_the_keyboard(view: TraceView) -> None:
    view.filter.setFocus()
    QTest.keyClicks(view.filter, "look -status:a")
    popup = view.filter.offered
    assert popup.isVisible()
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert view.filter.text().startswith("look -status:a")
    assert view.filter.text() != "look -status:a"
    view.filter.clear()
    QTest.keyClicks(view.filter, "nothing")
    assert not popup.isVisible()


def test_a_column_without_content_takes_no_room_until_it_has_some(qtbot: QtBot, look: Look) -> None:
    made = TraceView(TraceViewModel(lambda: PriceList(BUILT_IN)), look)
    qtbot.addWidget(made)
    tokens = PLACES["tokens"]
    assert made.table.isColumnHidden(tokens)
    assert "tokens" in made.table.shown_columns
    made.trace.apply(recorded())
    assert not made.table.isColumnHidden(tokens)
    made.trace.clear()
    assert made.table.isColumnHidden(tokens)


def test_the_newest_row_is_followed_until_somebody_scrolls(view: TraceView) -> None:
    events = recorded()
    view.resize(760, 200)
    view.trace.clear()
    bar = view.table.verticalScrollBar()
    half = len(events) // 2
    view.trace.apply(events[:half])
    assert bar.value() == bar.maximum() > 0
    bar.triggerAction(QAbstractSlider.SliderAction.SliderToMinimum)
    view.trace.apply(events[half:-1])
    assert bar.value() == 0 < bar.maximum()


def test_the_overview_shows_the_whole_run_and_chooses_a_range_of_it(view: TraceView) -> None:
    strip, zoom = view.overview, view.trace.zoom
    middle, third = strip.width() // 2, strip.width() // 3
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(third, 8))
    QTest.mouseMove(strip, QPoint(middle, 8))
    QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=QPoint(middle, 8))
    assert zoom.window is not None
    start, end = zoom.window
    assert 0 < start < end < view.trace.axis_s
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(strip.width() - 12, 8))
    assert zoom.window[1] == pytest.approx(view.trace.axis_s)
    QTest.mouseDClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(middle, 8))
    assert zoom.window is None


def test_a_trace_that_nobody_sees_stops_ticking_and_goes_on_when_it_is_shown(
    qtbot: QtBot, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks: list[TraceViewModel] = []
    monkeypatch.setattr(TraceViewModel, "tick", lambda self, now: ticks.append(self))
    tabs = QStackedWidget()
    qtbot.addWidget(tabs)
    views = [TraceView(TraceViewModel(lambda: PriceList(BUILT_IN)), look) for _ in range(2)]
    for view in views:
        tabs.addWidget(view)
        view.trace.apply(recorded()[:-1])
    tabs.show()
    seen, unseen = (view.trace for view in views)
    assert unseen.is_live
    qtbot.waitUntil(lambda: ticks.count(seen) > 3)
    assert unseen not in ticks
    tabs.setCurrentIndex(1)
    ticks.clear()
    qtbot.waitUntil(lambda: ticks.count(unseen) > 3)
    assert seen not in ticks


class CountedRows(list[TraceRow]):
    """Counts how many rows are looked at."""

    looks = 0

    def __getitem__(self, place: object) -> TraceRow:  # type: ignore[override]
        self.looks += 1
        return super().__getitem__(place)  # type: ignore[call-overload, no-any-return]

    def __iter__(self) -> Iterator[TraceRow]:
        return (self[place] for place in range(len(self)))


def test_painting_the_overview_of_a_long_trace_looks_at_some_of_its_rows(
    view: TraceView, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = CountedRows(view.trace.all_rows * 5_000)
    assert len(rows) > 50_000
    monkeypatch.setattr(TraceViewModel, "all_rows", rows)
    view.overview.grab()
    assert 0 < rows.looks < 5_000
