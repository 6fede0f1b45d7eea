"""The microscope page: a call is called wrong, asked again, compared, gone on from; all with real keys and clicks."""

import asyncio
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QMenu, QToolButton

from tests.support.voting import FickleModel, answer_with, wrong_project
from tests.support.window import OpenWindow, lay_out, moved, nameless, places, until
from workbench.gui.inspector.inspector_feature import InspectorFeature
from workbench.gui.microscope.marks_page import MarksPage
from workbench.gui.microscope.microscope_page import MicroscopePage
from workbench.gui.microscope.side_by_side_table import MORE, SAMPLES, VERDICT, WAY

LEFT = Qt.MouseButton.LeftButton


class Bench(OpenWindow):
    """A window in which a run went wrong."""

    @classmethod
    async def opened(cls, tmp_path: Path, app: QApplication, more: str = "") -> "Bench":
        project = wrong_project(tmp_path / "project")
        toml = project / "workbench.toml"
        toml.write_text(toml.read_text() + '\n[[approval]]\ntool = "touch"\naction = "allow"\n' + more)
        bench = cls(project, tmp_path / "home", app)
        bench.send("What is at the gate?")
        await bench.idle()
        await until(lambda: bench.cards and bench.cards[0].entry.call)
        return bench

    async def act(self, words: str) -> MicroscopePage:
        """Choose something in the menu of the call's card."""
        card = self.cards[0]
        dots = next(one for one in card.findChildren(QToolButton) if "Actions for" in one.accessibleName())
        QTest.mouseClick(dots, LEFT)
        menu = self.window.findChildren(QMenu)[-1]
        next(act for act in menu.actions() if words in act.text()).trigger()
        menu.hide()
        self.window.activateWindow()  # offscreen, nothing else does when a menu is closed
        await until(lambda: isinstance(self.window.documents.currentWidget(), MicroscopePage))
        return self.page

    @property
    def page(self) -> MicroscopePage:
        page = self.window.documents.currentWidget()
        assert isinstance(page, MicroscopePage)
        return page

    def press(self, words: str) -> None:
        """Press the Undo, or another button, of the newest notice."""
        button = self.window.toasts.shown[-1].undo_button
        assert button is not None
        assert words in button.accessibleName()
        QTest.mouseClick(button, LEFT)

    async def sampled(self, page: MicroscopePage) -> None:
        """Until everything that was asked for has come."""
        await until(lambda: not self.tasks.is_running(page.votes.ask.task))


def by_description(body: str) -> tuple[tuple[str, dict[str, object]], ...]:
    right, wrong = ("look", {"at": "gate"}), ("touch", {"mark": "gate"})
    return (right, right, right, right, wrong) if "Say what is" in body else (wrong, wrong, wrong, wrong, right)


async def test_a_right_tool_that_was_not_offered_is_said_to_be_so_and_its_cause_is_one_click_away(
    qapp: QApplication, tmp_path: Path
) -> None:
    rule = '\n[routing]\nselector = "rules"\n[[routing.rules]]\nwords = ["gate"]\ntools = ["touch"]\n'
    bench = await Bench.opened(tmp_path, qapp, rule)
    page = await bench.act("Mark as wrong")
    assert not page.head.cause.isVisible()
    place = page.mark.tool.findData("look")
    assert "was not offered" in page.mark.tool.itemText(place)
    page.mark.tool.setCurrentIndex(place)
    assert page.head.verdict.text() == "✗ not offered: rules left look out"
    QTest.mouseClick(page.head.cause, LEFT)
    inspector = bench.window.features.of(InspectorFeature).dock
    await until(lambda: inspector.open_view is not None and inspector.open_view.tab == "Tools")
    row = bench.pane.conversation.inspector.row
    assert row is not None
    assert row.kind == "routing"


async def test_a_wrong_call_is_marked_in_place_shown_on_its_card_and_listed(qapp: QApplication, tmp_path: Path) -> None:
    bench = await Bench.opened(tmp_path, qapp)
    page = await bench.act("Mark as wrong")
    assert page.mark.details.isVisible()
    assert not page.mark.keep.isEnabled()
    page.mark.tool.setCurrentIndex(page.mark.tool.findData("look"))
    assert "wrong tool: touch instead of look" in page.head.verdict.text()
    QTest.keyClicks(page.mark.arguments, '{"at": ')
    assert not page.mark.keep.isEnabled()
    assert "not a JSON object" in page.mark.problem.text()
    QTest.keyClicks(page.mark.arguments, "7}")
    assert "wrong type" in page.mark.problem.text()
    QTest.keyClicks(page.mark.note, "They asked.")
    QTest.mouseClick(page.mark.keep, LEFT)
    assert "✗ Marked as wrong" in page.mark.state.text()
    bench.window.documents.setCurrentWidget(bench.window.documents.panes()[0])
    await until(lambda: "✗ marked wrong" in bench.cards[0].accessibleDescription())
    row = bench.pane.conversation.trace.row_of_call(bench.cards[0].entry.call_id)
    assert row.text.startswith("touch ✗ marked wrong, look")
    bench.window.commands["marks"].trigger()
    marks = bench.window.documents.currentWidget()
    assert isinstance(marks, MarksPage)
    assert "look" in marks.marks.rows[0][3]
    assert nameless(page) == nameless(marks) == []
    QTest.keyClick(marks.table, Qt.Key.Key_Delete)
    assert marks.marks.marks == ()
    bench.press("Undo")
    assert len(marks.marks.marks) == 1
    QTest.mouseClick(marks.open_button, LEFT)
    await until(lambda: bench.window.documents.currentWidget() is page)


async def test_a_mark_is_still_there_when_the_window_opens_again(qapp: QApplication, tmp_path: Path) -> None:
    bench = await Bench.opened(tmp_path, qapp)
    page = await bench.act("Mark as wrong")
    page.mark.tool.setCurrentIndex(page.mark.tool.findText("no call"))
    QTest.mouseClick(page.mark.keep, LEFT)
    run_id = page.point.run_id
    await bench.close()
    again = OpenWindow(tmp_path / "project", tmp_path / "home", qapp)
    again.window.open_run(run_id)
    await until(lambda: "✗ marked wrong, no call" in (again.cards[0].accessibleDescription() if again.cards else ""))
    await again.close()


async def test_nothing_is_sent_before_start_and_votes_come_with_their_intervals(
    qapp: QApplication, tmp_path: Path
) -> None:
    bench = await Bench.opened(tmp_path, qapp)
    model = FickleModel(lists=by_description)  # type: ignore[arg-type]
    answer_with(bench.session, model)
    page = await bench.act("Ask again")
    ask = page.votes.ask
    assert ask.trials.hasFocus()
    QTest.keyClicks(ask.trials, "20")
    assert "20 requests" in ask.estimate.text()
    assert "chosen tools are not run" in ask.estimate.text()
    assert model.bodies == []
    QTest.keyClicks(ask.model_name, "nonsense")
    QTest.keyClick(ask.model_name, Qt.Key.Key_Return)
    assert "'nonsense' is not a model" in ask.estimate.text()
    ask.model_name.selectAll()
    QTest.keyClicks(ask.model_name, "local")
    QTest.keyClick(ask.model_name, Qt.Key.Key_Return)
    assert "40 requests" in ask.estimate.text()
    local = next(box for box in ask.findChildren(QCheckBox) if "local" in box.text())
    QTest.mouseClick(local, LEFT)
    page.mark.tool.setCurrentIndex(page.mark.tool.findData("look"))
    QTest.mouseClick(ask.start, LEFT)
    await bench.sampled(page)
    first, second = (card for card in page.votes.cards if not card.isHidden())
    assert "16 of 20 · 80 % (between 58 % and 92 %)" in first.words.text()
    assert "✗ wrong tool" in first.verdict.text()
    assert "✓ as expected" in second.verdict.text()
    assert first.bar.accessibleName() == first.words.text()
    assert page.votes.kept.rowCount() == 1
    assert len(bench.session.runs.recorded()) == 1
    assert nameless(page) == []


async def test_nothing_moves_under_the_pointer_while_it_asks_and_when_the_answers_are_there(
    qapp: QApplication, tmp_path: Path
) -> None:
    bench = await Bench.opened(tmp_path, qapp)
    bench.window.resize(1440, 900)
    model = FickleModel(lists=by_description)  # type: ignore[arg-type]
    answer_with(bench.session, model)
    page = await bench.act("Ask again")
    QTest.mouseClick(page.votes.ask.start, LEFT)
    await bench.sampled(page)
    lay_out()
    before = places(page)
    seen: list[tuple[bool, list[str]]] = []

    def look_at() -> None:
        lay_out()
        seen.append((page.votes.ask.stop.isVisible(), moved(before, places(page))))

    disconnect = page.votes.votes.changed.connect(look_at)
    QTest.mouseClick(page.votes.ask.start, LEFT)
    await bench.sampled(page)
    disconnect()
    assert any(is_asking for is_asking, _ in seen)
    assert [found for is_asking, found in seen if is_asking and found] == []
    lay_out()
    after = places(page)
    assert moved({widget: before[widget] for widget in before if page.votes.ask.isAncestorOf(widget)}, after) == []
    page.votes.kept.setCurrentCell(0, 0)
    lay_out()
    assert page.votes.kept in after
    assert moved({page.votes.kept: after[page.votes.kept]}, places(page)) == []


async def test_an_edit_is_held_against_the_run_as_it_was(qapp: QApplication, tmp_path: Path) -> None:
    bench = await Bench.opened(tmp_path, qapp)
    answer_with(bench.session, FickleModel(lists=by_description))  # type: ignore[arg-type]
    page = await bench.act("Why this tool")
    page.mark.tool.setCurrentIndex(page.mark.tool.findData("look"))
    edits = next(box for box in page.votes.findChildren(QCheckBox) if "tools as they are now" in box.text())
    assert not edits.isEnabled()
    file = bench.session.project.folder / "tools" / "look.json"
    file.write_text(file.read_text().replace("Look around.", "Say what is at a place."))
    await bench.window.read_again()
    edits = next(box for box in page.votes.findChildren(QCheckBox) if "tools as they are now" in box.text())
    assert edits.isEnabled()
    assert edits.isChecked()
    page.votes.ask.trials.selectAll()
    QTest.keyClicks(page.votes.ask.trials, "20")
    QTest.mouseClick(page.votes.ask.start, LEFT)
    await bench.sampled(page)
    table = page.votes.table
    assert [table.item(row, WAY).text() for row in range(2)] == ["as it was", "the tools as they are now"]
    assert table.item(1, VERDICT).text() == "▲ better"
    assert table.item(1, MORE).text() == "settled"
    table.selectRow(1)
    assert "Say what is at a place" in page.votes.changes.toPlainText()
    await bench.close()
    again = OpenWindow(tmp_path / "project", tmp_path / "home", qapp)
    again.window.open_run(page.point.run_id)
    await until(lambda: again.cards)
    again.window.commands["microscope"].trigger()
    await until(lambda: isinstance(again.window.documents.currentWidget(), MicroscopePage))
    shown = again.window.documents.currentWidget()
    assert isinstance(shown, MicroscopePage)
    await until(lambda: shown.votes.table.rowCount() == 2)
    await again.close()


async def test_stop_keeps_what_came_and_a_kept_result_is_deleted_with_undo(qapp: QApplication, tmp_path: Path) -> None:
    bench = await Bench.opened(tmp_path, qapp)
    model = FickleModel(("look", {"at": "gate"}))
    model.gate, model.hold_after = asyncio.Event(), 3
    answer_with(bench.session, model)
    page = await bench.act("Ask again")
    QTest.mouseClick(page.votes.ask.start, LEFT)
    await until(lambda: "3 of 10 samples" in page.votes.ask.state.text())
    QTest.keyClick(page.votes.ask.trials, Qt.Key.Key_Escape)
    await until(lambda: not page.votes.votes.is_running)
    kept = page.votes.kept
    assert kept.item(0, 3).text() == "3 of 10, stopped"
    kept.selectRow(0)
    QTest.keyClick(kept, Qt.Key.Key_Delete)
    assert kept.rowCount() == 0
    bench.press("Undo")
    assert kept.rowCount() == 1


async def test_closing_the_window_while_something_is_asked_keeps_what_came(qapp: QApplication, tmp_path: Path) -> None:
    bench = await Bench.opened(tmp_path, qapp)
    model = FickleModel(("look", {"at": "gate"}))
    model.gate, model.hold_after = asyncio.Event(), 2
    answer_with(bench.session, model)
    page = await bench.act("Ask again")
    QTest.mouseClick(page.votes.ask.start, LEFT)
    await until(lambda: "2 of 10 samples" in page.votes.ask.state.text())
    votes = page.votes.votes
    bench.window.documents.close_tab(bench.window.documents.currentIndex())
    assert votes.is_running
    await bench.close()
    assert [(len(one.sampling.samples), one.was_stopped) for one in votes.kept.samplings] == [(2, True)]


async def test_samples_by_the_hundred_are_drawn_a_few_times_only(qapp: QApplication, tmp_path: Path) -> None:
    bench = await Bench.opened(tmp_path, qapp)
    answer_with(bench.session, FickleModel(lists=by_description))  # type: ignore[arg-type]
    page = await bench.act("Ask again")
    page.votes.ask.trials.selectAll()
    QTest.keyClicks(page.votes.ask.trials, "400")
    page.votes.ask.concurrency.selectAll()
    QTest.keyClicks(page.votes.ask.concurrency, "32")
    drawn: list[int] = []
    page.votes.votes.changed.connect(lambda: drawn.append(1))
    QTest.mouseClick(page.votes.ask.start, LEFT)
    await bench.sampled(page)
    assert page.votes.votes.results[0].distribution.trials == 400
    assert len(drawn) < 100


async def test_hostile_names_and_answers_are_shown_as_plain_text(qapp: QApplication, tmp_path: Path) -> None:
    bench = await Bench.opened(tmp_path, qapp)
    evil = "<b>rm</b>\u202e\x1b[31m" + "x" * 500
    answer_with(bench.session, FickleModel((evil, {"at": evil}), f"<img src=x> {evil}"))
    page = await bench.act("Ask again")
    QTest.mouseClick(page.votes.ask.start, LEFT)
    await bench.sampled(page)
    shown = [card.title.text() + card.said.text() + card.accessibleName() for card in page.votes.cards]
    assert all("\u202e" not in text and "\x1b" not in text and len(text) < 2000 for text in shown)
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in page.findChildren(QLabel) if label.text())


async def test_failures_are_said_beside_the_votes(qapp: QApplication, tmp_path: Path) -> None:
    bench = await Bench.opened(tmp_path, qapp)
    answer_with(bench.session, FickleModel(("look", {}), "!malformed"))
    page = await bench.act("Ask again")
    QTest.mouseClick(page.votes.ask.start, LEFT)
    await bench.sampled(page)
    assert "5 × It fails here." in page.votes.failures.text()
    assert page.votes.table.item(0, SAMPLES).text() == "5, 5 failed"
    answer_with(bench.session, FickleModel("!authentication"))
    QTest.mouseClick(page.votes.ask.start, LEFT)
    await bench.sampled(page)
    assert "It fails here." in page.votes.ask.problem.text()


async def test_a_run_goes_on_from_a_vote_in_a_tab_of_its_own(qapp: QApplication, tmp_path: Path) -> None:
    bench = await Bench.opened(tmp_path, qapp)
    answer_with(bench.session, FickleModel(("look", {"at": "gate"})))
    page = await bench.act("Ask again")
    QTest.mouseClick(page.votes.ask.start, LEFT)
    await bench.sampled(page)
    answer_with(bench.session, FickleModel("A gate."))
    QTest.mouseClick(page.votes.cards[0].go_on, LEFT)
    await until(lambda: bench.window.pane is not None and bench.window.pane.conversation.last_run)
    card = await bench.asked()
    assert card.entry.tool == "look"
    assert len(bench.session.runs.recorded()) == 2
    bench.window.stop()  # asks, as a call waits
    bench.window.stop()
    await bench.idle()
