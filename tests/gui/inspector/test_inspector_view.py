"""The inspector with keys."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.support.runs import ScriptedRun
from tests.support.scripts import TEXT, raw_call, says, schema, script
from workbench.app.runs.picture_reader import PictureReader
from workbench.core.tool import Tool
from workbench.gui.inspector.inspector_view import InspectorView
from workbench.gui.look.look import Look
from workbench.viewmodels.inspector.inspector import InspectorViewModel
from workbench.viewmodels.trace.trace import TraceViewModel

CTRL = Qt.KeyboardModifier.ControlModifier
LOOK = Tool.make("look", "Look around.", schema("at", at=TEXT))


async def inspected() -> tuple[InspectorViewModel, TraceViewModel]:
    run = ScriptedRun(
        script(
            says("Looking.", calls=(raw_call("look", '{"at":"gate"}'), raw_call("look", '{"at":"wall"}')), pieces=4),
            says("Quiet."),
        ),
        tools=(LOOK,),
        bodies={"look": lambda arguments: {"seen": arguments["at"]}},
    )
    await run.run()
    trace = TraceViewModel()
    trace.apply(run.log)
    return InspectorViewModel(lambda run_id: run.log), trace


async def test_arrow_keys_go_through_the_birth_of_the_arguments(qtbot: QtBot, look: Look) -> None:
    inspector, trace = await inspected()
    view = InspectorView(inspector, look, PictureReader)
    qtbot.addWidget(view)
    view.resize(500, 700)
    view.show()
    view.open_tab("Events")
    assert not view.birth.isVisible()
    inspector.show(next(row for row in trace.rows if row.kind == "call"))
    view.open_tab("Events")
    assert view.birth.isVisible()
    assert "Complete and valid" in view.birth.text.whole_text
    QTest.keyClick(view.birth.slider, Qt.Key.Key_Left)
    assert '{"at":"gate"' in view.birth.text.whole_text
    assert '{"at":"gate"}' not in view.birth.text.whole_text
    QTest.keyClick(view.birth.slider, Qt.Key.Key_Home)
    assert view.birth.text.whole_text == "Nothing has arrived yet."
    inspector.changed.emit()
    assert view.birth.slider.value() == 0
    assert view.birth.slider.accessibleName()


async def test_a_pinned_span_is_compared_with_the_next_one_and_the_difference_copied(qtbot: QtBot, look: Look) -> None:
    inspector, trace = await inspected()
    view = InspectorView(inspector, look, PictureReader)
    qtbot.addWidget(view)
    view.show()
    first, second = (row for row in trace.rows if row.kind == "call")
    inspector.show(first)
    view.pin.setFocus()
    QTest.keyClick(view.pin, Qt.Key.Key_Space)
    assert view.tab == "Diff"
    inspector.show(second)
    assert view.tab == "Diff"
    assert view.diff.isVisible()
    assert not view.text.isVisible()
    view.diff.selectAll()
    copied = view.diff.createMimeDataFromSelection().text()
    assert '-   "at": "gate"' in copied
    assert '+   "at": "wall"' in copied
    QTest.keyClick(view.pin, Qt.Key.Key_Space)
    assert inspector.pinned is None
    assert not view.pin.isChecked()


async def test_ctrl_f_finds_in_the_open_page_and_esc_closes(qtbot: QtBot, look: Look) -> None:
    inspector, trace = await inspected()
    view = InspectorView(inspector, look, PictureReader)
    qtbot.addWidget(view)
    view.show()
    inspector.show(next(row for row in trace.rows if row.kind == "call"))
    view.open_tab("Call")
    view.text.setFocus()
    QTest.keyClick(view.text.rows, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert view.finder.isVisible()
    QTest.keyClicks(view.finder.line, "gate")
    assert view.finder.count.text() == "1 of 2"
    QTest.keyClick(view.finder.line, Qt.Key.Key_Return)
    QTest.keyClick(view.finder.line, Qt.Key.Key_Escape)
    assert not view.finder.isVisible()
    QTest.keyClick(view.text.rows, Qt.Key.Key_C, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert QGuiApplication.clipboard().text() == "$.result.seen"
    QTest.keyClick(view.text.rows, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "gate"


async def test_the_events_of_a_span_are_rows_to_unfold(qtbot: QtBot, look: Look) -> None:
    inspector, trace = await inspected()
    view = InspectorView(inspector, look, PictureReader)
    qtbot.addWidget(view)
    view.show()
    inspector.show(next(row for row in trace.rows if row.kind == "call"))
    view.open_tab("Events")
    rows = view.text.rows
    assert view.text.is_tree
    assert rows.model().rowCount() == len(view.text.whole_text.splitlines())
    first = rows.model().index(0, 0)
    rows.setCurrentIndex(first)
    QTest.keyClick(rows, Qt.Key.Key_Left)
    assert not rows.isExpanded(first)
    assert rows.model().data(first).startswith('0: {"kind":"')


async def test_alt_and_arrows_wish_for_another_span_from_inside_the_text(qtbot: QtBot, look: Look) -> None:
    inspector, _ = await inspected()
    view = InspectorView(inspector, look, PictureReader)
    qtbot.addWidget(view)
    view.show()
    heard: list[tuple[str, int]] = []
    view.walk_asked.connect(lambda way, step: heard.append((way, step)))
    alt, shift = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(view.text.rows, Qt.Key.Key_Down, alt)
    QTest.keyClick(view.text.rows, Qt.Key.Key_Left, alt)
    QTest.keyClick(view.text.rows, Qt.Key.Key_Right, alt | shift)
    assert heard == [("step", 1), ("sibling", -1), ("peer", 1)]


async def test_the_response_page_shows_what_the_answer_took(qtbot: QtBot, look: Look) -> None:
    inspector, trace = await inspected()
    view = InspectorView(inspector, look, PictureReader)
    qtbot.addWidget(view)
    view.show()
    inspector.show(next(row for row in trace.rows if row.kind == "request"))
    view.open_tab("Response")
    assert view.facts.isVisible()
    assert "Time: " in view.facts.whole_text
    assert "Cost: price unknown" in view.facts.whole_text
    view.open_tab("Request")
    assert view.facts.whole_text.startswith("POST ")
    view.open_tab("Diff")
    assert not view.facts.isVisible()
