"""The editor in the window: opened from the explorer, seen by the next run, tried with one click."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.support.projects import make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.core.event import RequestSent
from workbench.gui.schema_editor.editor_page import EditorPage
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.viewmodels.explorer.explorer_item import ExplorerItem


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project", {"text": "Quiet."}, {"text": "Still quiet."})


@pytest.fixture
def opened(folder: Path, tmp_path: Path, qapp: QApplication) -> Callable[[], OpenWindow]:
    return lambda: OpenWindow(folder, tmp_path / "home", qapp)


async def editor_of(bench: OpenWindow, name: str) -> EditorPage:
    """Open a tool as the explorer does."""
    await until(bench.window.isActiveWindow)
    bench.window.open_item(ExplorerItem("tool", name, name))
    page = bench.window.documents.currentWidget()
    assert isinstance(page, EditorPage)
    return page


def titles(bench: OpenWindow) -> list[str]:
    documents = bench.window.documents
    return [documents.tabText(place) for place in range(documents.count())]


async def test_a_tool_opens_in_one_tab_whose_dot_says_that_it_is_unsaved(
    opened: Callable[[], OpenWindow], folder: Path
) -> None:
    bench = opened()
    page = await editor_of(bench, "look")
    assert await editor_of(bench, "look") is page
    assert titles(bench)[-1] == "look.json"
    title = page.form.details.boxes["title"].control
    title.setFocus()
    QTest.keyClicks(title, "Look")
    assert titles(bench)[-1] == "look.json ●"
    QTest.keyClick(title, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert titles(bench)[-1] == "look.json"
    assert json.loads((folder / "tools" / "look.json").read_text())["title"] == "Look"
    assert nameless(bench.window) == []


async def test_the_next_run_offers_the_tool_as_it_was_edited(opened: Callable[[], OpenWindow]) -> None:
    bench = opened()
    page = await editor_of(bench, "look")
    description = page.form.details.boxes["description"].control
    description.setFocus()
    QTest.keyClicks(description, "Peek. ")
    page.save()
    await until(lambda: bench.session.project.toolset.named("look").description.startswith("Peek."))  # type: ignore[union-attr]
    bench.window.new_conversation()
    bench.send("What is at the gate?")
    await bench.idle()
    run_id = bench.pane.conversation.last_run
    assert run_id is not None
    sent = [e for e in bench.pane.conversation.events_of(run_id) if isinstance(e, RequestSent)]
    assert "Peek. Look around." in sent[0].body_json


async def test_a_renamed_tool_keeps_what_runs_it(opened: Callable[[], OpenWindow], folder: Path) -> None:
    bench = opened()
    page = await editor_of(bench, "look")
    name = page.form.details.boxes["name"].control
    assert isinstance(name, QLineEdit)
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, "peek")
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert titles(bench)[-1] == "peek.json"
    await until(lambda: bench.session.project.toolset.named("peek") is not None)
    assert bench.session.project.executor_names["peek"] == "python marks:look"
    assert bench.session.project.problems == ()
    assert sorted(path.name for path in (folder / "tools").iterdir()) == ["peek.json", "touch.json"]


async def test_try_it_opens_a_conversation_that_must_call_the_tool(opened: Callable[[], OpenWindow]) -> None:
    bench = opened()
    page = await editor_of(bench, "touch")
    QTest.mouseClick(page.header.try_it, Qt.MouseButton.LeftButton)
    await until(lambda: bench.window.pane is not None)
    choice = bench.pane.conversation.composer.plan.first
    assert (choice.mode, choice.only) == ("required", ("touch",))
    assert bench.pane.composer.editor.hasFocus()


async def test_a_broken_tool_opens_at_its_problem_and_can_be_fixed(
    opened: Callable[[], OpenWindow], folder: Path
) -> None:
    path = folder / "tools" / "look.json"
    whole = path.read_text()
    path.write_text(whole.replace('"look",', '"look"'))
    bench = opened()
    problem = bench.window.explorer.sections[0].items[0]
    assert problem.kind == "problem"
    bench.window.open_item(problem)
    page = bench.window.documents.currentWidget()
    assert isinstance(page, EditorPage)
    assert page.view == "JSON"
    assert page.json.textCursor().blockNumber() + 1 == problem.line
    cursor = page.json.document().find('"look"')
    cursor.setPosition(cursor.selectionEnd())
    page.json.setTextCursor(cursor)
    QTest.keyClicks(page.json, ",")
    page.save()
    assert path.read_text() == whole
    await until(lambda: bench.session.project.toolset.named("look") is not None)
    await until(lambda: bench.window.explorer.sections[0].title != "Problems")


async def test_closing_the_window_saves_what_was_typed_last(opened: Callable[[], OpenWindow], folder: Path) -> None:
    bench = opened()
    page = await editor_of(bench, "look")
    title = page.form.details.boxes["title"].control
    title.setFocus()
    QTest.keyClicks(title, "Last")
    await bench.close()
    assert json.loads((folder / "tools" / "look.json").read_text())["title"] == "Last"


async def test_a_new_tool_and_a_copy_open_ready_to_be_named(opened: Callable[[], OpenWindow], folder: Path) -> None:
    bench = opened()
    await until(bench.window.isActiveWindow)
    bench.window.commands["new-tool"].trigger()
    new = bench.window.features.of(SchemaEditorFeature).page
    assert new is not None
    name = new.form.details.boxes["name"].control
    assert isinstance(name, QLineEdit)
    assert name.hasFocus()
    assert name.selectedText() == "new_tool"
    page = await editor_of(bench, "touch")
    page._duplicate()
    assert titles(bench)[-1] == "touch_copy.json"
    await until(lambda: bench.session.project.toolset.named("touch_copy") is not None)
    assert (folder / "tools" / "new_tool.json").exists()


async def test_the_palette_knows_what_can_be_done_with_a_tool(opened: Callable[[], OpenWindow]) -> None:
    bench = opened()
    commands = bench.window.commands
    commands["tool-preview"].trigger()
    page = await editor_of(bench, "look")
    commands["tool-both"].trigger()
    commands["tool-changes"].trigger()
    assert (page.view, page.side.changes.isVisible()) == ("Both", True)
    commands["tool-preview"].trigger()
    assert page.side.preview.isVisible()
    commands["tool-json"].trigger()
    assert page.view == "JSON"
