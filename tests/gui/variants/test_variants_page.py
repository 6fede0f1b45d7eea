"""Variants under real keys and clicks: made of edits, changed, promoted, used in a run, each step undone."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPlainTextEdit, QPushButton

from tests.support.projects import make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.app.variants.variants import VariantStore
from workbench.core.event import RunStarted
from workbench.core.variant import ToolEdit, Variant
from workbench.gui.compare.run_picker import RunPicker
from workbench.gui.explorer.explorer_view import ExplorerView
from workbench.gui.replay.fork_page import ForkPage
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.gui.variants.variant_chip import VariantChip
from workbench.gui.variants.variants_feature import VariantsFeature
from workbench.gui.variants.variants_page import VariantsPage
from workbench.viewmodels.conversation.chat_entry import HeadEntry

CALM = Variant(name="calm", tools={"look": ToolEdit(description="Look calmly around.")}, instructions="Be calm.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = make_project(tmp_path / "project", {"text": "Quiet."})
    VariantStore(folder).save(CALM)
    return folder


@pytest.fixture
def opened(folder: Path, tmp_path: Path, qapp: QApplication) -> Callable[[], OpenWindow]:
    return lambda: OpenWindow(folder, tmp_path / "home", qapp)


def click(button: QPushButton) -> None:
    assert button.isVisible(), button.accessibleName()
    assert button.isEnabled(), button.accessibleName()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def choose(menu: QMenu, words: str) -> None:
    action = next(action for action in menu.actions() if words in action.text())
    menu.close()
    action.trigger()


async def page_of(bench: OpenWindow) -> VariantsPage:
    await until(bench.window.isActiveWindow)
    bench.window.commands["variants"].trigger()
    page = bench.window.documents.currentWidget()
    assert isinstance(page, VariantsPage)
    return page


def description(folder: Path, name: str) -> str:
    return str(json.loads((folder / "tools" / f"{name}.json").read_text())["description"])


async def undo(bench: OpenWindow) -> None:
    toast = next(toast for toast in reversed(bench.window.toasts.shown) if toast.undo_button is not None)
    assert toast.undo_button is not None
    QTest.mouseClick(toast.undo_button, Qt.MouseButton.LeftButton)
    await until(lambda: not bench.tasks.is_running("undo a variant"))


async def test_the_page_shows_what_a_variant_changes_word_by_word(opened: Callable[[], OpenWindow]) -> None:
    bench = opened()
    page = await page_of(bench)
    assert page.name.text() == "calm"
    text = page.diff.toPlainText()
    assert "Instructions" in text
    assert "look › description\nLook calmly around." in text
    assert "added:  calmly" in page.diff.accessibleDescription()
    assert nameless(page) == []


async def test_typing_changes_the_variant_and_its_file_and_ctrl_z_takes_it_back(
    opened: Callable[[], OpenWindow], folder: Path
) -> None:
    bench = opened()
    page = await page_of(bench)
    control = page.form.description.control
    assert isinstance(control, QPlainTextEdit)
    control.setFocus()
    QTest.keyClick(control, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(control, " Twice.")
    store = VariantStore(folder)
    await until(lambda: store.load("calm").tools["look"].description == "Look calmly around. Twice.")
    assert "Twice" in page.diff.toPlainText()
    assert description(folder, "look") == "Look around."
    QTest.keyClick(control, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert control.toPlainText() == "Look calmly around."
    await until(lambda: store.load("calm") == CALM)
    click(page.form.description.reset)
    assert control.toPlainText() == "Look around."
    await until(lambda: store.load("calm").tools == {})


async def test_examples_are_typed_line_by_line_and_are_part_of_the_variant(
    opened: Callable[[], OpenWindow], folder: Path
) -> None:
    page = await page_of(opened())
    control = page.form.examples.control
    assert isinstance(control, QPlainTextEdit)
    control.setFocus()
    for words in ("watch the gate", "see the wall"):
        QTest.keyClicks(control, words)
        QTest.keyClick(control, Qt.Key.Key_Return)
    store = VariantStore(folder)
    await until(lambda: store.load("calm").tools["look"].examples == ("watch the gate", "see the wall"))
    assert "watch the gate" in page.diff.toPlainText()
    click(page.form.examples.reset)
    await until(lambda: store.load("calm") == CALM)


async def test_a_wrong_text_is_said_where_it_is_and_stays_out_of_the_variant(opened: Callable[[], OpenWindow]) -> None:
    bench = opened()
    page = await page_of(bench)
    line = page.form.tool_choice.control
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "auto:")
    assert page.form.tool_choice.problem.isVisible()
    assert page.variants.draft is not None
    assert page.variants.draft.value == CALM
    QTest.keyClicks(line, "look")
    assert not page.form.tool_choice.problem.isVisible()
    assert page.variants.draft.value.tool_choice == "auto:look"


async def test_edits_become_a_variant_in_one_click_and_the_tools_go_back(
    opened: Callable[[], OpenWindow], folder: Path
) -> None:
    bench = opened()
    editor = bench.window.features.of(SchemaEditorFeature).open_tool("look")
    assert editor is not None
    control = editor.form.details.boxes["description"].control
    assert isinstance(control, QPlainTextEdit)
    control.setFocus()
    QTest.keyClicks(control, "Always ")
    page = await page_of(bench)
    click(page.make)
    choose(page._make_menu, "Restore the tools")
    await until(lambda: page.variants.selected == "look-edit")
    assert VariantStore(folder).load("look-edit").tools == {"look": ToolEdit(description="Always Look around.")}
    assert description(folder, "look") == "Look around."
    await until(lambda: control.toPlainText() == "Look around.")
    await undo(bench)
    assert description(folder, "look") == "Always Look around."
    assert [row.name for row in page.variants.rows] == ["calm"]


async def test_promoting_writes_tools_and_settings_and_one_undo_takes_all_back(
    opened: Callable[[], OpenWindow], folder: Path
) -> None:
    bench = opened()
    before = (folder / "workbench.toml").read_text()
    page = await page_of(bench)
    click(page.promote)
    await until(lambda: bench.session.project.instructions == "Be calm.")
    assert description(folder, "look") == "Look calmly around."
    await until(lambda: page.nothing.isVisible())
    await undo(bench)
    assert description(folder, "look") == "Look around."
    assert (folder / "workbench.toml").read_text() == before
    await until(lambda: not page.nothing.isVisible())


async def test_the_next_run_is_made_with_the_variant_and_says_so(opened: Callable[[], OpenWindow]) -> None:
    bench = opened()
    page = await page_of(bench)
    click(page.use)
    assert bench.window.pane is not None
    chip = bench.pane.findChildren(VariantChip)[0]
    assert "calm" in chip.accessibleName()
    bench.send()
    await bench.idle()
    run_id = bench.pane.conversation.last_run
    assert run_id is not None
    started = next(e for e in bench.pane.conversation.events_of(run_id) if isinstance(e, RunStarted))
    assert started.variant == "calm"
    assert started.instructions == "Be calm."
    heads = [entry for entry in bench.pane.conversation.chat.entries if isinstance(entry, HeadEntry)]
    assert "variant calm" in heads[-1].caption
    assert "variant calm" in bench.pane.conversation.trace.rows[0].said
    click(chip)
    choose(chip.menu_, "No variant")
    assert bench.pane.conversation.composer.variant == ""


async def test_a_variant_that_is_gone_starts_nothing_and_is_named(
    opened: Callable[[], OpenWindow], folder: Path
) -> None:
    bench = opened()
    bench.pane.conversation.composer.choose_variant("calm")
    VariantStore(folder).delete("calm")
    bench.send()
    assert not bench.pane.conversation.is_running
    assert any("no variant 'calm'" in str(vars(entry)) for entry in bench.pane.conversation.chat.entries)
    assert bench.session.runs.recorded() == []


async def test_delete_with_the_key_and_undo(opened: Callable[[], OpenWindow], folder: Path) -> None:
    bench = opened()
    page = await page_of(bench)
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_Delete)
    assert VariantStore(folder).names() == ()
    assert not page.name.isVisible()
    await undo(bench)
    assert page.variants.selected == "calm"
    assert VariantStore(folder).load("calm") == CALM


async def test_the_editor_compares_with_a_variant(opened: Callable[[], OpenWindow]) -> None:
    bench = opened()
    editor = bench.window.features.of(SchemaEditorFeature).open_tool("look")
    assert editor is not None
    editor.show_side("Changes")
    base = editor.side.changes.base
    await until(lambda: base.findText("the variant calm") >= 0)
    base.setCurrentIndex(base.findText("the variant calm"))
    base.activated.emit(base.currentIndex())
    text = editor.side.changes.text
    await until(lambda: "removed:  calmly" in text.accessibleDescription())
    bench.window.features.of(VariantsFeature).variants.delete()
    await until(lambda: base.findText("the variant calm") < 0)


async def test_the_last_act_can_be_undone_long_after_its_notice_has_gone(
    opened: Callable[[], OpenWindow], folder: Path
) -> None:
    bench = opened()
    page = await page_of(bench)
    assert not page.take_back.isVisible()
    click(page.copy)
    click(page.delete)
    for toast in bench.window.toasts.shown:
        toast.close_now()
    assert page.take_back.text() == "Undo: Deleted variant calm-copy"
    click(page.take_back)
    await until(lambda: "calm-copy" in VariantStore(folder).names())
    await until(lambda: page.take_back.text() == "Undo: Copied calm to calm-copy")
    click(page.take_back)
    await until(lambda: VariantStore(folder).names() == ("calm",))
    await until(lambda: not page.take_back.isVisible())


async def test_the_explorer_lists_variants_and_opens_them(opened: Callable[[], OpenWindow], folder: Path) -> None:
    VariantStore(folder).save(Variant(name="old", removed=("gone",)))

    bench = opened()
    section = next(each for each in bench.window.explorer.sections if each.title == "Variants")
    assert [(item.label, item.tone) for item in section.items] == [("calm", "plain"), ("old", "warn")]
    tree = bench.window.findChild(ExplorerView)
    assert tree is not None
    tree.opened.emit(section.items[1])
    page = bench.window.documents.currentWidget()
    assert isinstance(page, VariantsPage)
    assert page.name.text() == "old"
    menu = QMenu()
    bench.window.features.fill_item_menu(menu, section.items[1])
    choose(menu, "Delete")
    assert VariantStore(folder).names() == ("calm",)
    assert len(next(each for each in bench.window.explorer.sections if each.title == "Variants").items) == 1


async def test_hostile_text_in_a_variant_is_shown_as_text(opened: Callable[[], OpenWindow], folder: Path) -> None:
    words = "<b>bold</b> \u202eevil\u202c \u001b[31m ![x](https://example.invalid/x.png)"
    VariantStore(folder).save(
        Variant(
            name="calm",
            note=words,
            tools={"look": ToolEdit(description=words), "touch": ToolEdit(description="y" * 200_000)},
            instructions=words,
        )
    )

    bench = opened()
    page = await page_of(bench)
    assert "\u202e" not in page.diff.toPlainText()
    assert "<b>bold</b>" in page.diff.toPlainText()
    control = page.form.instructions.control
    assert isinstance(control, QPlainTextEdit)
    assert "\u202e" not in control.toPlainText()
    assert page.variants.draft is not None
    control.setFocus()
    QTest.keyClick(control, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(control, "!")
    assert page.variants.draft.value.instructions == f"{words}!"
    page.variants.draft.select("touch")
    assert page.form.description.control.isReadOnly()
    assert "200,000 characters" in page.form.description.problem.text()


async def test_the_newest_run_is_forked_with_the_variant(opened: Callable[[], OpenWindow]) -> None:
    bench = opened()
    bench.send()
    await bench.idle()
    page = await page_of(bench)
    click(page.fork)
    await until(lambda: isinstance(bench.window.documents.currentWidget(), ForkPage))
    fork = bench.window.documents.currentWidget()
    assert isinstance(fork, ForkPage)
    await until(lambda: (fork.form.source, fork.form.variant_name) == ("stored", "calm"))
    await until(lambda: "calmly" in fork.changes.toPlainText())


async def test_the_page_leads_to_a_comparison(opened: Callable[[], OpenWindow]) -> None:
    bench = opened()
    await bench.idle()
    page = bench.window.features.of(VariantsFeature).open_page()
    assert not page.compare.isHidden()
    page.compare_asked.emit("")
    await until(lambda: isinstance(bench.window.documents.currentWidget(), RunPicker))


async def test_an_editor_compares_with_variants_that_were_read_before(
    opened: Callable[[], OpenWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = opened()
    monkeypatch.setattr(VariantStore, "load", lambda *_: pytest.fail("read on the window's thread"))
    page = bench.window.features.of(SchemaEditorFeature).open_tool("look")
    assert page is not None
    [calm] = [base for base in page.editor.bases.all if base.key == "variant:calm"]
    assert "Look calmly around." in calm.text()
    monkeypatch.undo()
