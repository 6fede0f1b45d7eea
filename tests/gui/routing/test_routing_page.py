"""The routing page: rankings side by side, why, and the texts of a tool, saved and taken back."""

import os
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.projects import TOML, make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.core.event import RunStarted
from workbench.core.ids import SpanPath
from workbench.core.tool import Tool
from workbench.gui.inspector.inspector_feature import InspectorFeature
from workbench.gui.routing.routing_page import RANKING, RoutingPage
from workbench.gui.routing.selector_chip import SelectorChip
from workbench.viewmodels.runs.run_place import RunPlace

TABLE = """
[routing]
selector = "words"
embeddings = "nobody"

[[routing.rules]]
words = ["stamp"]
tools = ["touch"]
"""


async def test_a_request_is_ranked_by_every_selector_and_a_search_text_changes_the_ranking(
    tmp_path: Path, qapp: QApplication
) -> None:
    project = make_project(tmp_path / "project", toml=TOML + TABLE)
    bench = OpenWindow(project, tmp_path / "home", qapp)
    bench.window.commands["routing"].trigger()
    page = bench.window.documents.currentWidget()
    assert isinstance(page, RoutingPage)
    page.request.setPlainText("stamp the wall")
    QTest.mouseClick(page.rank_button, Qt.MouseButton.LeftButton)
    await until(lambda: bool(page.board.routed) and not bench.tasks.is_running(RANKING))
    assert page.board.columns == ("Tool", "words", "rules", "examples", "meaning", "learned", "simulated-search")
    assert dict((row[0], row[2]) for row in page.board.rows)["touch"] == "● 1. 1.00"
    assert "rules: offered: has stamp" in page.reasons.text()
    assert "routed by words" in page.state.text()
    assert page.board.tool == "touch"
    page.search_text.setPlainText("stamp, seal")
    page.examples.setPlainText("stamp it\n\n stamp it \nseal the gate")
    page.save_button.click()
    await until(lambda: "seal" in bench.session.toolset.named("touch").search_text)  # type: ignore[union-attr]
    await until(lambda: (found := page.board.routed.get("words")) is not None and found.rank_of("touch") == 1)
    touch = bench.session.toolset.named("touch")
    assert isinstance(touch, Tool)
    assert touch.examples == ("stamp it", "seal the gate")
    assert nameless(page) == []
    if picture := os.environ.get("ROUTING_PICTURE"):
        bench.window.grab().save(picture)


async def test_the_chip_chooses_the_selector_of_the_next_runs_and_a_reopened_conversation_remembers_it(
    tmp_path: Path, qapp: QApplication
) -> None:
    project = make_project(tmp_path / "project", {"text": "Seen."}, toml=TOML + TABLE)
    bench = OpenWindow(project, tmp_path / "home", qapp)
    chip = bench.pane.findChildren(SelectorChip)[0]
    assert "words" in chip.accessibleName()
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    next(action for action in chip.menu_.actions() if action.text() == "rules").trigger()
    bench.send("stamp the wall")
    await bench.idle()
    conversation = bench.pane.conversation
    run_id = conversation.last_run
    assert run_id is not None
    started = next(each for each in conversation.events_of(run_id) if isinstance(each, RunStarted))
    assert started.routing is not None
    assert started.routing.name == "rules"
    place = RunPlace("round", run_id, SpanPath("turn-1/round-1"))
    actions = {act.name: act for act in bench.window.features.actions_at(place)}
    actions["why-offered"].act(place)
    inspector = bench.window.features.of(InspectorFeature).dock
    await until(lambda: inspector.open_view is not None and inspector.open_view.tab == "Tools")
    assert conversation.inspector.row is not None
    assert conversation.inspector.row.kind == "routing"
    conversation.composer.choose_selector("")
    assert "words" in chip.accessibleName()
    await conversation.show(run_id)
    assert conversation.composer.selector == "rules"
    conversation.composer.choose_selector("")
    (project / "workbench.toml").write_text(TOML, encoding="utf-8")
    bench.window.commands["reload"].trigger()
    await until(lambda: not chip.isVisible())


async def test_an_example_that_was_edited_since_cannot_be_undone_and_a_toast_says_so(
    tmp_path: Path, qapp: QApplication
) -> None:
    answers = [{"calls": [{"tool": "look", "arguments": {}}]}, {"text": "Seen."}]
    project = make_project(tmp_path / "project", *answers, toml=TOML)
    bench = OpenWindow(project, tmp_path / "home", qapp)
    bench.send("Look at the gate.")
    await bench.idle()
    run_id = bench.pane.conversation.last_run
    assert run_id is not None
    place = RunPlace("round", run_id, SpanPath("turn-1/round-1"))
    actions = {act.name: act for act in bench.window.features.actions_at(place)}
    toasts = bench.window.toasts
    actions["add-example"].act(place)
    await until(lambda: any(toast.undo_button is not None for toast in toasts.shown))
    path = project / "tools" / "look.json"
    path.write_text(path.read_text("utf-8").replace("Look at the gate.", "Mine."), "utf-8")
    undo = toasts.shown[-1].undo_button
    assert undo is not None
    undo.click()
    await until(lambda: any("was changed since" in toast.accessibleName() for toast in toasts.shown))
    assert "Mine." in path.read_text("utf-8")
