"""Suites in the window: make one, write cases, run it with a variant, and read what came out."""

import asyncio
import json
from pathlib import Path
from unittest.mock import AsyncMock

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.projects import TOML, make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.app.suites.suggesting import own_candidate
from workbench.gui.inspector.inspector_feature import InspectorFeature
from workbench.gui.microscope.microscope_page import MicroscopePage
from workbench.gui.suites.cases_table import CasesTable
from workbench.gui.suites.suites_feature import SuitesFeature
from workbench.gui.suites.suites_page import SuitesPage
from workbench.gui.tool_runs.tool_runs_feature import ToolRunsFeature
from workbench.gui.trace.trace_table import place_of_trace_row
from workbench.viewmodels.suites.suite_improving import SuiteImproving
from workbench.viewmodels.suites.suite_rows import TrialRow
from workbench.viewmodels.suites.suites import SuitesViewModel

ANSWERS = ({"calls": [{"tool": "look", "arguments": {"at": "gate"}}]}, {"text": "Seen."})


async def opened(bench: OpenWindow) -> SuitesPage:
    bench.window.commands["suites"].trigger()
    page = bench.window.documents.currentWidget()
    assert isinstance(page, SuitesPage)
    await until(lambda: not bench.tasks.is_running("read suites"))
    return page


def click(button: object) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[call-overload]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project", *ANSWERS)


async def test_a_suite_is_made_filled_run_and_read_in_the_window(
    project: Path, tmp_path: Path, qapp: QApplication
) -> None:
    bench = OpenWindow(project, tmp_path / "home", qapp)
    page = await opened(bench)
    assert page.stack.isHidden()
    QTest.keyClicks(page.name, "smoke")
    click(page.make)
    await until(lambda: page.choice.currentData() == "smoke")
    cases = page.cases
    cases.request.setPlainText("Look at the gate")
    cases.expected.setCurrentIndex(cases.expected.findData("look"))
    QTest.keyClicks(cases.arguments, '{"at": "gate"}')
    click(cases.save)
    await until(lambda: cases.table.rowCount() == 1)
    assert cases.request.toPlainText() == ""
    line = (project / "suites" / "smoke.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    assert json.loads(line)["request"] == "Look at the gate"

    page.show_part("Run")
    click(page.run.estimate)
    await until(lambda: bool(page.suites.running.estimate_words))
    assert "1 case × 1 arm: 1 trial" in page.suites.running.estimate_words
    page.suites.running.go_to("dask://")
    assert page.run.address.text() == page.suites.order.on == "dask://127.0.0.1:8786"
    page.run.address.setText("elsewhere")
    page.run.address.editingFinished.emit()
    assert "a suite cannot run on 'elsewhere'" in page.suites.trouble
    assert page.suites.order.is_on_cluster
    page.suites.running.go_to("here")
    assert page.run.address.isHidden()
    page.run.selectors.boxes["words"].click()
    assert page.suites.running.order.selectors == ("all", "words")
    page.run.selectors.boxes["words"].click()
    assert page.suites.running.order.selectors == (None,)
    click(page.run.start)
    await until(lambda: page.suites.report is not None and not page.suites.is_running)
    page.show_part("Results")
    report = page.suites.report
    assert report is not None
    assert report.totals[0].right == 1.0
    assert page.results.arms.rowCount() == 1
    assert page.results.matrix.item(0, 0).text() == "1"
    page.results.right_too.setChecked(True)
    assert page.results.trials.rowCount() == 1
    page.results.matrix.setCurrentCell(0, 0)
    assert page.suites.cell == ("look", "look")
    click(page.results.open)
    await until(lambda: bench.window.documents.currentWidget() is not page)
    await until(lambda: any(row.kind == "call" for row in bench.pane.conversation.trace.rows))
    assert nameless(page) == []


async def test_several_models_are_asked_and_none_of_them_twice(tmp_path: Path, qapp: QApplication) -> None:
    far = '\n[connections.{}]\nwire = "openai-chat"\nmodel = "m"\nbase_url = "http://127.0.0.1:9/v1"\n'
    project = make_project(tmp_path / "p", *ANSWERS, toml=TOML + far.format("here") + far.format("there"))
    (project / "suites").mkdir()
    (project / "suites" / "one.jsonl").write_text('{"id": "a", "request": "Hello", "expected": null}\n')
    bench = OpenWindow(project, tmp_path / "home", qapp)
    page = await opened(bench)
    page.show_part("Run")
    run, boxes = page.run, lambda: page.run.other_models.boxes
    assert {"here", "there"} <= set(boxes())
    assert "scripted:script.json" not in boxes(), "it is the project's own"
    boxes()["there"].click()
    boxes()["here"].click()
    assert page.suites.order.models == (None, "here", "there")
    click(run.estimate)
    await until(lambda: "1 case × 3 arms" in page.suites.running.estimate_words)
    run.model.picked.emit("here")
    assert page.suites.order.models == ("here", "there")
    assert "here" not in boxes()
    assert "one model" in page.suites.running.race_obstacle
    assert nameless(page) == []


async def test_a_deleted_case_comes_back_and_a_mistake_is_explained(
    project: Path, tmp_path: Path, qapp: QApplication
) -> None:
    (project / "suites").mkdir()
    file = project / "suites" / "two.jsonl"
    file.write_text('{"id": "a", "request": "Hello", "expected": null}\nnot json\n', encoding="utf-8")
    bench = OpenWindow(project, tmp_path / "home", qapp)
    page = await opened(bench)
    await until(lambda: page.cases.table.rowCount() == 1)
    assert page.suites.suite is not None
    assert page.suites.suite.problems[0].line == 2
    page.cases.table.setCurrentCell(0, 0)
    assert page.cases.request.toPlainText() == "Hello"
    assert page.cases.expected.currentData() == "no call"
    click(page.cases.delete)
    await until(lambda: page.cases.table.rowCount() == 0)
    click(bench.window.toasts.shown[-1].undo_button)
    await until(lambda: page.cases.table.rowCount() == 1)
    page.cases.start_new()
    page.cases.request.setPlainText("Look")
    page.cases.expected.setCurrentIndex(page.cases.expected.findData("look"))
    page.cases.arguments.setText("{at")
    click(page.cases.save)
    await until(lambda: bool(page.suites.trouble))
    assert "not a JSON object" in page.suites.trouble
    assert page.cases.request.toPlainText() == "Look"


async def test_the_page_closes_with_the_window_while_a_suite_runs(
    project: Path, tmp_path: Path, qapp: QApplication
) -> None:
    bench = OpenWindow(project, tmp_path / "home", qapp)
    suites = bench.window.features.of(SuitesFeature)
    page = suites.open("Run")
    await until(lambda: not bench.tasks.is_running("read suites"))
    await page.suites.new("slow")
    for number in range(3):
        assert await page.suites.editing.save_case(f"Look {number}", "look")
    click(page.run.start)
    await until(lambda: page.suites.is_running)
    await bench.close()
    assert not page.suites.is_running


async def test_a_message_of_a_conversation_becomes_a_case_that_can_be_taken_back(
    project: Path, tmp_path: Path, qapp: QApplication
) -> None:
    bench = OpenWindow(project, tmp_path / "home", qapp)
    bench.send()
    await bench.idle()
    row = next(row for row in bench.pane.conversation.trace.rows if row.kind == "call")
    menu = bench.window.features.open_menu(place_of_trace_row(row), QPoint(5, 5), bench.window)
    next(action for action in menu.actions() if action.text() == "Add to a suite as a case").trigger()
    menu.close()
    file = project / "suites" / "cases.jsonl"
    await until(file.exists)
    case = json.loads(file.read_text(encoding="utf-8").splitlines()[-1])
    assert case["expected"] == "look"
    assert case["arguments"] == {"at": "gate"}
    await until(lambda: bool(bench.window.toasts.shown))
    click(bench.window.toasts.shown[-1].undo_button)
    await until(lambda: not file.exists())


async def test_a_cell_leads_to_its_cases_the_microscope_an_edit_and_a_race(
    project: Path, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "suites").mkdir()
    lines = [
        {"id": f"{split}{n}", "request": f"{word} number {n}", "expected": "touch", "split": split, "tags": [word]}
        for split, word in (("tune", "Mark"), ("held-out", "Sign"))
        for n in range(4)
    ]
    (project / "suites" / "marks.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    bench = OpenWindow(project, tmp_path / "home", qapp)
    page = await opened(bench)
    page.show_part("Run")
    assert not page.run.race.isEnabled()
    page.run.fixed.setText("30")
    click(page.run.plan)
    await until(lambda: "30% of cases fixed" in page.suites.running.prospect_words)
    click(page.run.start)
    await until(lambda: page.suites.report is not None and not page.suites.is_running)
    results = page.results
    row, column = 0, results.matrix.columnCount() - 1
    headings = [results.matrix.horizontalHeaderItem(place).text() for place in range(column + 1)]
    column = headings.index("look")
    results.matrix.setFocus()
    results.matrix.setCurrentCell(row, column)
    assert page.suites.cell == ("touch", "look")
    QTest.keyClick(results.matrix, Qt.Key.Key_Return)
    assert results.trials.rowCount() == 4
    results.tag.picked.emit("Sign")
    assert results.trials.rowCount() == 0
    results.tag.picked.emit("")
    with monkeypatch.context() as patch:
        compared: list[TrialRow | None] = []

        async def hold(row: TrialRow | None) -> None:
            compared.append(row)
            await asyncio.Event().wait()

        patch.setattr(page.suites.arguments, "look_at", hold)
        patch.setattr(SuitesViewModel, "rows", property(lambda _: pytest.fail("the rows are known")))
        for place in (1, 2, 1):
            results.trials.setCurrentCell(place, 0)
        await until(lambda: len(compared) == 3)
        assert compared[0] is compared[2], "no comparison that is under way stands for another"
        await bench.tasks.end_all("compare arguments")

    QTest.keyClick(results.trials, Qt.Key.Key_W)
    await until(lambda: isinstance(bench.window.documents.currentWidget(), MicroscopePage))
    microscope = bench.window.documents.currentWidget()
    assert isinstance(microscope, MicroscopePage)
    assert microscope.point.expected_tool == "touch"
    assert microscope.mark.tool.currentData() == "touch"

    bench.window.documents.setCurrentWidget(page)
    page.suites.look_at(page.suites.shown_arm, ("touch", "look"))
    QTest.keyClick(results.trials, Qt.Key.Key_I)
    improve = page.improve
    assert page.stack.currentIndex() == 3
    assert "touch expected, look chosen · 4" in improve.confusion.currentText()
    click(improve.suggest)
    count = improve.list.count()
    assert count >= 3
    shown = page.suites.improving
    assert improve.text.toPlainText() == shown.description_of(improve.tool.currentData())
    improve.list.setCurrentRow(1)
    assert improve.text.toPlainText() == shown.description_of(improve.tool.currentData())
    improve.text.setPlainText("Marks something.")
    with monkeypatch.context() as patch:
        proposed = own_candidate("look", "Looks at a place.", bench.session.toolset, ())
        patch.setattr(f"{SuiteImproving.__module__}.candidates_of_model", AsyncMock(return_value=(proposed,)))
        await shown.ask_model("local")
    assert improve.list.count() == count + 1
    assert improve.text.toPlainText() == "Marks something.", "candidates that arrive leave what is being typed"
    click(improve.add)
    await until(lambda: improve.list.count() == count + 2)
    for row in page.suites.improving.rows[2:]:
        page.suites.improving.tick(row.candidate.name, is_on=False)
    assert len(page.suites.improving.ticked) == 2
    click(improve.start)
    await until(lambda: page.suites.is_running or page.suites.running.race is not None)
    assert page.stack.currentIndex() in (1, 2), "the race is followed where it runs"
    await until(lambda: page.suites.running.race is not None and not page.suites.is_running)
    race = page.suites.running.race
    assert race is not None
    assert not race.is_accepted
    assert [len(each.standings) for each in race.rounds] == [2]
    await until(lambda: page.results.race.table.rowCount() == 2)  # what was dropped stays visible
    assert len(list((project / "variants").glob("*.json"))) == 2
    page.show_part("Run")
    click(page.run.estimate)
    await until(lambda: bool(page.suites.running.estimate_words))
    words = page.suites.running.estimate_words
    assert words.startswith("At most 4 cases × 3 arms: 12 trials")
    assert "Then, on held-out cases, 4 cases × 2 arms: 8 trials" in words
    assert nameless(page) == []


async def test_cells_are_typed_into_cases_generated_and_a_baseline_pinned(
    project: Path, tmp_path: Path, qapp: QApplication
) -> None:
    (project / "suites").mkdir()
    file = project / "suites" / "two.jsonl"
    file.write_text('{"id": "a", "request": "Hello", "expected": null}\n', encoding="utf-8")
    bench = OpenWindow(project, tmp_path / "home", qapp)
    page = await opened(bench)
    table = page.cases.table
    await until(lambda: table.rowCount() == 1)
    item = table.item(0, 1)
    assert item is not None
    item.setText("Good morning")
    await until(lambda: page.suites.suite is not None and page.suites.suite.cases[0].request == "Good morning")
    assert "Good morning" in file.read_text(encoding="utf-8")
    item = table.item(0, 3)
    assert item is not None
    item.setText("nowhere")
    await until(lambda: "is not a split" in page.suites.trouble)
    await until(lambda: table.item(0, 3).text() == "tune")
    click(page.invent)
    page.cases.generate.count.setText("2")
    click(page.cases.generate.go)
    await until(lambda: table.rowCount() > 3)
    await page.suites.run()
    assert page.suites.report is not None
    click(page.results.pin)
    await until(lambda: page.suites.is_pinned)
    assert page.results.pin.text() == "Unpin baseline"
    click(bench.window.toasts.shown[-1].undo_button)
    await until(lambda: page.suites._parts.suites.pins.of("two") is None)


async def test_what_was_rejected_run_by_hand_or_said_is_one_click_away_from_a_case(
    tmp_path: Path, qapp: QApplication
) -> None:
    touches = {"calls": [{"tool": "touch", "arguments": {"mark": "gate"}}]}
    project = make_project(tmp_path / "project", touches, {"text": "As you like."})
    bench = OpenWindow(project, tmp_path / "home", qapp)
    bench.send()
    await until(lambda: bool(bench.window.approvals.cards))
    asked = bench.window.approvals.cards[0]
    asked.start("reject")
    assert asked.submit()
    await bench.idle()
    card = bench.cards[0]
    await until(lambda: not card.save_case.isHidden())
    click(card.save_case)
    file = project / "suites" / "cases.jsonl"
    await until(file.exists)
    rejected = json.loads(file.read_text(encoding="utf-8").splitlines()[-1])
    assert (rejected["expected"], rejected["never"]) == (None, ["touch"])
    runs = bench.window.features.of(ToolRunsFeature)
    assert "Save as case" in [action.text for action in runs.result_actions]
    await bench.tasks.finish(f"add a case of {card.entry.run_id} 1")
    bench.window.commands["save-case"].trigger()
    toasts = bench.window.toasts
    await until(lambda: any("already has this case" in toast.accessibleName() for toast in toasts.shown))


async def test_trials_that_end_together_are_shown_together_and_cases_that_stay_are_not_written_again(
    project: Path, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "suites").mkdir()
    case = {"id": "a", "request": "Hello", "expected": None}
    (project / "suites" / "marks.jsonl").write_text(json.dumps(case))
    page = await opened(OpenWindow(project, tmp_path / "home", qapp))
    page.show_part("Run")
    monkeypatch.setattr(CasesTable, "_write", lambda *_: pytest.fail("these cases are shown already"))
    await page.suites.run()
    shown: list[int] = []
    monkeypatch.setattr(page.run.bar, "setValue", shown.append)
    for _ in range(50):
        page.suites.running.progressed.emit()
    assert shown == []
    await until(lambda: shown == [1])


async def test_tune_cases_become_examples_of_their_tools_and_undo_takes_them_back(
    project: Path, tmp_path: Path, qapp: QApplication
) -> None:
    (project / "suites").mkdir()
    line = {"id": "a", "request": "watch the gate", "expected": "look", "split": "tune"}
    (project / "suites" / "smoke.jsonl").write_text(json.dumps(line), encoding="utf-8")
    bench = OpenWindow(project, tmp_path / "home", qapp)
    page = await opened(bench)
    await until(lambda: page.cases.table.rowCount() == 1)
    click(page.cases.examples)

    def examples() -> tuple[str, ...]:
        tool = bench.session.toolset.named("look")
        return tool.examples if tool is not None else ()

    await until(lambda: examples() == ("watch the gate",))
    undo = bench.window.toasts.shown[-1].undo_button
    assert undo is not None
    click(undo)
    await until(lambda: examples() == ())


async def test_a_trial_whose_tool_was_not_offered_leads_to_the_routing_of_that_turn(
    tmp_path: Path, qapp: QApplication
) -> None:
    rule = '[[routing.rules]]\nwords = ["{}"]\ntools = ["{}"]\n'
    routing = '\n[routing]\nselector = "rules"\n' + rule.format("gate", "touch") + rule.format("fence", "look")
    touch = {"calls": [{"tool": "touch", "arguments": {"mark": "gate"}}]}
    project = make_project(tmp_path / "project", touch, {"text": "Done."}, *ANSWERS, toml=TOML + routing)
    turns = [{"request": f"Mark the {what}", "expected": "touch"} for what in ("gate", "fence")]
    (project / "suites").mkdir()
    (project / "suites" / "both.jsonl").write_text(json.dumps({"id": "both", "turns": turns}))
    bench = OpenWindow(project, tmp_path / "home", qapp)
    page = await opened(bench)
    await page.suites.run()
    (row,) = page.suites.rows
    assert row.was_not_offered, "it was, in the first turn alone"
    page.show_part("Results")
    page.results.trials.setCurrentCell(0, 0)
    click(page.results.open)
    inspector = bench.window.features.of(InspectorFeature).dock
    await until(lambda: inspector.open_view is not None and inspector.open_view.tab == "Tools")
    shown = bench.pane.conversation.inspector.row
    assert shown is not None
    assert shown.span == "turn-2/round-1/routing"


async def test_saved_results_can_be_taken_back(project: Path, tmp_path: Path, qapp: QApplication) -> None:
    bench = OpenWindow(project, tmp_path / "home", qapp)
    feature = bench.window.features.of(SuitesFeature)
    (file := tmp_path / "results.html").write_text("mine", encoding="utf-8")
    feature.write(file, "<p>results</p>")
    assert file.read_text(encoding="utf-8") == "<p>results</p>"
    bench.window.toasts.shown[-1].take_back()
    assert file.read_text(encoding="utf-8") == "mine"
    feature.write(tmp_path, "<p>results</p>")
    assert "not an ordinary file" in bench.window.toasts.shown[-1].text.text()
