"""The editor under real keys: both views, one history, one file."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.support.projects import make_project
from tests.support.tool_documents import BOOKING, booking_text
from tests.support.window import nameless
from workbench.app.schema_editor.tool_editing import TextFile
from workbench.gui.kit.raw_text import text_of
from workbench.gui.look.look import Look
from workbench.gui.schema_editor.editor_page import EditorPage
from workbench.viewmodels.schema_editor.bases import COPIED

GUEST = "/inputSchema/properties/guest"
ROOM = "/inputSchema/properties/room"
PEOPLE = "/inputSchema/properties/people"
PAYMENT = "/inputSchema/properties/payment"
Key = Qt.Key
CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
MISFIT = booking_text().replace('"default": 2', '"default": "two"')


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = make_project(tmp_path / "project")
    path = folder / "tools" / "book_table.json"
    path.write_text(booking_text(), encoding="utf-8")
    return path


@pytest.fixture
def opened(qtbot: QtBot, look: Look, path: Path) -> Iterator[Callable[[], EditorPage]]:
    def opening() -> EditorPage:
        page = EditorPage(TextFile(path, path.parent.parent), look)
        qtbot.addWidget(page)
        page.resize(1000, 800)
        with qtbot.waitActive(page):
            page.show()
            page.activateWindow()
        return page

    return opening


@pytest.fixture
def page(opened: Callable[[], EditorPage]) -> EditorPage:
    return opened()


def control(page: EditorPage, key: str) -> QWidget:
    return page.form.details.boxes[key].control


def line(page: EditorPage, key: str) -> QLineEdit:
    found = control(page, key)
    assert isinstance(found, QLineEdit)
    return found


def text(page: EditorPage, key: str) -> QPlainTextEdit:
    found = control(page, key)
    assert isinstance(found, QPlainTextEdit)
    return found


def type_into(widget: QWidget, words: str) -> None:
    widget.setFocus()
    assert widget.hasFocus()
    if isinstance(widget, QLineEdit):
        widget.end(False)
    QTest.keyClicks(widget, words)


def at(page: EditorPage, path: str) -> object:
    value: object = json.loads(page.editor.document.text)
    for step in path.split("/")[1:]:
        value = value[step]  # type: ignore[index]
    return value


def put_cursor(page: EditorPage, before: str) -> None:
    cursor = page.json.document().find(before)
    assert not cursor.isNull()
    cursor.setPosition(cursor.selectionStart())
    page.json.setTextCursor(cursor)
    page.json.setFocus()


def test_typing_in_the_form_is_typing_in_the_json(page: EditorPage) -> None:
    page.show_view("Both")
    description = text(page, "description")
    description.moveCursor(QTextCursor.MoveOperation.End)
    type_into(description, ' Say "thanks".')
    assert at(page, "/description") == f'{BOOKING["description"]} Say "thanks".'
    assert text_of(page.json.document()) == page.editor.document.text
    assert '\\"thanks\\".' in text_of(page.json.document())


def test_typing_in_the_json_is_typing_in_the_form(page: EditorPage) -> None:
    page.show_view("Both")
    page.editor.form.select(ROOM)
    put_cursor(page, 'garden"')
    QTest.keyClicks(page.json, "big ")
    assert [row.text for row in page.form.details.boxes["enum"].field.rows] == ["big garden", "hall"]
    put_cursor(page, "Book a table in")
    QTest.keyClicks(page.json, "Please: ")
    page.editor.form.select("")
    assert text(page, "description").toPlainText().startswith("Please: Book a table in")


def test_ctrl_z_anywhere_takes_the_last_edit_back_wherever_it_was_made(page: EditorPage) -> None:
    page.show_view("Both")
    page.editor.form.select(GUEST)
    type_into(text(page, "description"), "X")
    put_cursor(page, "Ask for the date")
    QTest.keyClicks(page.json, "Y")
    page.editor.form.select(PEOPLE)
    type_into(line(page, "maximum"), "0")
    assert at(page, f"{PEOPLE}/maximum") == 120
    QTest.keyClick(page.json, Key.Key_Z, CTRL)
    assert at(page, f"{PEOPLE}/maximum") == 12
    assert line(page, "maximum").text() == "12"
    QTest.keyClick(line(page, "maximum"), Key.Key_Z, CTRL)
    assert "YAsk" not in page.editor.document.text
    QTest.keyClick(page.form.outline, Key.Key_Z, CTRL)
    assert page.editor.document.text == booking_text()
    assert page.editor.form.row.path == GUEST
    assert text(page, "description").toPlainText() == "Who comes"
    for _ in range(2):
        QTest.keyClick(page.form.outline, Key.Key_Z, CTRL | SHIFT)
    QTest.keyClick(page.json, Key.Key_Y, CTRL)
    assert at(page, f"{PEOPLE}/maximum") == 120
    assert text_of(page.json.document()) == page.editor.document.text


def test_the_outline_is_worked_with_keys_alone(page: EditorPage) -> None:
    outline = page.form.outline
    outline.setFocus()
    for _ in range(2):
        QTest.keyClick(outline, Key.Key_Down)
    assert page.editor.form.row.path == GUEST
    QTest.keyClick(outline, Key.Key_D, CTRL)
    assert page.editor.form.row.name == "guest_copy"
    QTest.keyClick(outline, Key.Key_Up, ALT)
    assert list(at(page, "/inputSchema/properties"))[:2] == ["guest_copy", "guest"]  # type: ignore[call-overload]
    QTest.keyClick(outline, Key.Key_F2)
    name = line(page, "name")
    assert name.hasFocus()
    name.selectAll()
    QTest.keyClicks(name, "visitor")
    assert "guest_copy" in page.editor.document.text
    QTest.keyClick(name, Key.Key_Return)
    assert next(iter(at(page, "/inputSchema/properties"))) == "visitor"  # type: ignore[call-overload]
    outline.setFocus()
    QTest.keyClick(outline, Key.Key_Delete)
    assert "visitor" not in page.editor.document.text
    assert page.editor.form.row.path == GUEST
    QTest.keyClick(outline, Key.Key_Insert)
    assert page.editor.form.row.path == f"{GUEST}/properties/parameter"
    assert line(page, "name").hasFocus()
    outline.setFocus()
    QTest.keyClick(outline, Key.Key_Return)
    assert text(page, "description").hasFocus()


def test_a_name_that_is_taken_is_said_and_given_up_when_the_line_is_left(page: EditorPage) -> None:
    page.editor.form.select(ROOM)
    name = line(page, "name")
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, "people")
    QTest.keyClick(name, Key.Key_Return)
    box = page.form.details.boxes["name"]
    assert box.wrong.text() == "✗ another parameter already has this name"
    assert name.accessibleDescription() == "another parameter already has this name"
    page.form.outline.setFocus()
    assert name.text() == "room"
    assert page.editor.document.text == booking_text()


def test_what_does_not_fit_a_field_is_said_and_the_rest_goes_on(page: EditorPage) -> None:
    page.editor.form.select(PEOPLE)
    maximum = line(page, "maximum")
    type_into(maximum, "x")
    assert page.form.details.boxes["maximum"].wrong.text() == "✗ a number is required, such as 3"
    assert at(page, f"{PEOPLE}/maximum") == 12
    QTest.keyClick(maximum, Key.Key_Backspace)
    assert page.form.details.boxes["maximum"].wrong.isHidden()
    type_into(maximum, ".5")
    assert at(page, f"{PEOPLE}/maximum") == 12.5


def test_values_are_typed_described_moved_and_removed_with_keys(page: EditorPage, qtbot: QtBot) -> None:
    page.editor.form.select(ROOM)
    box = page.form.details.boxes["enum"]
    table = box.control
    table.setFocus()
    QTest.keyClick(table, Key.Key_Insert)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, "roof")
    QTest.keyClick(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: at(page, ROOM)["enum"] == ["garden", "hall", "roof"])  # type: ignore[index]
    QTest.keyClick(table, Key.Key_Up, ALT)
    assert at(page, ROOM)["enum"] == ["garden", "roof", "hall"]  # type: ignore[index]
    assert at(page, ROOM)["enumDescriptions"] == ["Outside", "", "Inside"]  # type: ignore[index]
    QTest.keyClick(table, Key.Key_Delete)
    QTest.keyClick(table, Key.Key_Delete)
    assert at(page, ROOM)["enum"] == ["garden"]  # type: ignore[index]
    for _ in range(4):
        QTest.keyClick(table, Key.Key_Z, CTRL)
    assert page.editor.document.text == booking_text()


def test_json_in_place_is_edited_and_checked(page: EditorPage) -> None:
    page.editor.form.select(PAYMENT)
    rest = text(page, "rest")
    cursor = rest.document().find("cash")
    cursor.setPosition(cursor.selectionEnd())
    rest.setTextCursor(cursor)
    type_into(rest, " desk")
    assert "cash desk" in page.editor.document.text
    QTest.keyClick(rest, Key.Key_Delete)
    assert "column" in page.form.details.boxes["rest"].wrong.text()
    assert "cash desk" in page.editor.document.text
    QTest.keyClicks(rest, '"')
    assert page.form.details.boxes["rest"].wrong.isHidden()


def test_broken_json_dims_the_form_and_alt_f8_goes_to_the_place(page: EditorPage, qtbot: QtBot) -> None:
    page.show_view("JSON")
    put_cursor(page, '"people": {')
    QTest.keyClick(page.json, Key.Key_Delete)
    qtbot.waitUntil(lambda: page.editor.problems.count("error") == 1)
    page.show_view("Form")
    assert not page.form.broken.isHidden()
    assert not control(page, "name").isEnabled()
    assert page.form.outline.items.index_of(ROOM).isValid()
    page.setFocus()
    QTest.keyClick(page.form.outline, Key.Key_F8, Qt.KeyboardModifier.AltModifier)
    assert page.view == "JSON"
    assert page.json.hasFocus()
    problem = page.editor.problems.items[0]
    assert page.json.textCursor().blockNumber() + 1 == problem.line
    QTest.keyClick(page.json, Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: page.editor.problems.count("error") == 0)
    page.show_view("Form")
    assert page.form.broken.isHidden()
    assert control(page, "name").isEnabled()


def row_of(page: EditorPage, qtbot: QtBot, words: str) -> int:
    """The row of the problem that says this, once it is listed."""
    problems = page.problems.list

    def rows() -> list[int]:
        return [row for row in range(problems.count()) if words in problems.item(row).text()]

    qtbot.waitUntil(lambda: rows() != [])
    return rows()[0]


def test_a_problem_jumps_to_its_field_or_its_line(page: EditorPage, qtbot: QtBot) -> None:
    page.editor.write_text(MISFIT)
    found = row_of(page, qtbot, "default does not fit")
    rect = page.problems.list.visualItemRect(page.problems.list.item(found))
    QTest.mouseClick(page.problems.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert page.editor.form.row.path == PEOPLE
    assert line(page, "default").hasFocus()
    page.show_view("JSON")
    QTest.keyClick(page.problems.list, Key.Key_Return)
    assert page.json.hasFocus()
    assert page.json.textCursor().selectedText() == '"two"'
    marks = [s for s in page.json.extraSelections() if s.format.underlineColor() == page.json.look.color("warn")]
    assert [mark.cursor.selectedText() for mark in marks] == ['"people"', '"two"']


def test_one_click_fixes_a_problem_and_ctrl_z_takes_the_fix_back(page: EditorPage, qtbot: QtBot) -> None:
    page.editor.write_text(MISFIT)
    found = row_of(page, qtbot, "default does not fit")
    page.problems.list.setCurrentRow(0)
    assert page.problems.fix_button.isHidden(), "no certain fix is known for a missing description"
    page.problems.list.setCurrentRow(found)
    assert page.problems.fix_button.text() == "Remove the default"
    QTest.mouseClick(page.problems.fix_button, Qt.MouseButton.LeftButton)
    assert "default" not in page.editor.document.value["inputSchema"]["properties"]["people"]  # type: ignore[index,call-overload]
    qtbot.waitUntil(lambda: page.problems.list.count() == 1)
    assert page.problems.fix_button.isHidden()
    QTest.keyClick(page.problems.list, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.editor.document.text == MISFIT
    both = MISFIT.replace('"people": {', '"people": {"examples": ["one"], ')
    page.editor.write_text(both)
    qtbot.waitUntil(lambda: page.problems.fix_all.text() == "Fix all 2" and not page.problems.fix_all.isHidden())
    QTest.mouseClick(page.problems.fix_all, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.problems.fix_all.isHidden)
    QTest.keyClick(page.problems.list, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.editor.document.text == both


def test_it_saves_a_second_after_the_last_key_and_the_dot_says_so(page: EditorPage, qtbot: QtBot, path: Path) -> None:
    titles = []
    page.title_changed.connect(lambda: titles.append(page.title))
    type_into(line(page, "title"), "!")
    assert titles[-1] == "book_table.json ●"
    assert path.read_text() == booking_text()
    with qtbot.waitSignal(page.written):
        pass
    assert json.loads(path.read_text())["title"] == "Book a table!"
    assert titles[-1] == "book_table.json"


def test_ctrl_s_saves_at_once_and_leaving_the_tab_does_as_well(page: EditorPage, path: Path) -> None:
    type_into(line(page, "title"), "!")
    QTest.keyClick(line(page, "title"), Key.Key_S, CTRL)
    assert json.loads(path.read_text())["title"] == "Book a table!"
    type_into(line(page, "title"), "?")
    page.hide()
    assert json.loads(path.read_text())["title"] == "Book a table!?"


def test_broken_json_is_kept_aside_and_comes_back(
    page: EditorPage, opened: Callable[[], EditorPage], path: Path
) -> None:
    page.show_view("JSON")
    put_cursor(page, '"name"')
    QTest.keyClicks(page.json, "x")
    QTest.keyClick(page.json, Key.Key_S, CTRL)
    assert path.read_text() == booking_text()
    assert "draft" in page.banner.text.text()
    page.close()
    again = opened()
    assert again.view == "JSON"
    assert text_of(again.json.document()).count('x"name"') == 1
    assert "last time" in again.banner.text.text()
    QTest.mouseClick(again.banner.buttons[0], Qt.MouseButton.LeftButton)
    assert again.editor.document.text == booking_text()
    assert again.banner.isHidden()


def test_a_change_by_another_program_is_offered_and_never_overwritten(
    page: EditorPage, qtbot: QtBot, path: Path
) -> None:
    theirs = booking_text().replace("Who comes", "Theirs")
    type_into(line(page, "title"), "!")
    path.write_text(theirs)
    qtbot.waitUntil(lambda: not page.banner.isHidden())
    assert "another program" in page.banner.text.text()
    assert path.read_text() == theirs
    load, keep = page.banner.buttons
    assert (load.text(), keep.text()) == ("Load theirs", "Keep mine")
    QTest.mouseClick(load, Qt.MouseButton.LeftButton)
    assert page.editor.document.text == theirs
    assert page.banner.isHidden()
    QTest.keyClick(line(page, "title"), Key.Key_Z, CTRL)
    assert at(page, "/title") == "Book a table!"


def test_a_quiet_change_on_disk_is_simply_followed(page: EditorPage, qtbot: QtBot, path: Path) -> None:
    path.write_text(booking_text().replace("Who comes", "Theirs"))
    qtbot.waitUntil(lambda: "Theirs" in page.editor.document.text)
    assert page.banner.isHidden()
    assert text_of(page.json.document()) == path.read_text()


def test_a_deleted_tool_can_be_brought_back(page: EditorPage, path: Path) -> None:
    page.editor.file.delete()
    assert not path.exists()
    assert page.banner.buttons[0].text() == "Restore"
    QTest.mouseClick(page.banner.buttons[0], Qt.MouseButton.LeftButton)
    assert path.read_text() == booking_text()
    assert page.banner.isHidden()


def test_a_description_is_counted_and_compared_while_one_types(page: EditorPage, qtbot: QtBot) -> None:
    box = page.form.details.boxes["description"]
    description = text(page, "description")
    description.moveCursor(QTextCursor.MoveOperation.End)
    type_into(description, " Never guess it.")
    qtbot.waitUntil(lambda: box._switch.text() == "+3 words")  # type: ignore[attr-defined]
    QTest.mouseClick(box._switch, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    diff = box._diff  # type: ignore[attr-defined]
    assert diff.isVisible()
    assert diff.accessibleDescription() == "added:  Never guess it."
    QTest.keyClick(description, Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: not diff.isVisible())


def test_the_preview_shows_and_copies_what_is_sent(page: EditorPage, qtbot: QtBot) -> None:
    QTest.keyClick(page.form.outline, Key.Key_4, ALT)
    preview = page.side.preview
    assert preview.isVisible()
    assert '"type": "function"' in preview.text.toPlainText()
    preview.wires.setCurrentIndex(2)
    QTest.mouseClick(preview.copy, Qt.MouseButton.LeftButton)
    assert list(json.loads(QGuiApplication.clipboard().text())) == ["name", "description", "input_schema"]
    assert '− "title" is not sent' in preview.changes.toPlainText()
    assert preview.use.isHidden()
    QTest.mouseClick(preview.strict, Qt.MouseButton.LeftButton, pos=QPoint(8, preview.strict.height() // 2))
    assert preview.strict.isChecked()
    QTest.mouseClick(preview.use, Qt.MouseButton.LeftButton)
    assert at(page, "/inputSchema")["additionalProperties"] is False  # type: ignore[index]
    qtbot.waitUntil(lambda: preview.use.isHidden())
    QTest.keyClick(preview.text, Key.Key_Z, CTRL)
    assert page.editor.document.text == booking_text()


def test_on_a_small_page_the_side_takes_the_place_of_the_views_until_one_is_chosen(page: EditorPage) -> None:
    page.resize(600, 500)
    page.toggle_side()
    assert page.views.isHidden()
    assert page.side.preview.isVisible()
    tabs = page.header.views
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(0).center())
    assert page.side.isHidden()
    assert page.form.isVisible()
    page.resize(1000, 800)
    page.toggle_side()
    assert page.form.isVisible()
    assert page.side.isVisible()


def test_another_type_keeps_the_focus_on_the_type(page: EditorPage) -> None:
    page.editor.form.select(PEOPLE)
    kind = control(page, "type")
    kind.setFocus()
    QTest.keyClick(kind, Key.Key_Up)
    QTest.keyClick(kind, Key.Key_Up)
    page.form.details.boxes["type"].write("array")
    assert at(page, f"{PEOPLE}/items") == {"type": "string"}
    assert control(page, "type").hasFocus()
    assert [row.path for row in page.editor.form.rows if row.path.startswith(PEOPLE)] == [PEOPLE, f"{PEOPLE}/items"]


def test_changes_can_be_seen_against_any_text(page: EditorPage) -> None:
    page.toggle_side()
    page.side.open_page("Changes")
    changes = page.side.changes
    assert changes.text.toPlainText() == ""
    page.editor.form.select(GUEST)
    type_into(text(page, "description"), "X")
    changes.refresh()
    assert "guest › description — changed" in changes.text.toPlainText()
    page.editor.bases.choose(COPIED, copied=booking_text().replace("book_table", "reserve"))
    changes.refresh()
    assert "name — changed" in changes.text.toPlainText()


def test_ctrl_f_finds_in_the_json(page: EditorPage) -> None:
    page.show_view("JSON")
    page.json.setFocus()
    QTest.keyClick(page.json, Key.Key_F, CTRL)
    find = page.json_pane.bar
    assert find.line.hasFocus()
    QTest.keyClicks(find.line, "STRING")
    first = page.json.textCursor()
    assert (first.selectedText(), find.count.text()) == ("string", "4 found")
    QTest.keyClick(find.line, Key.Key_Return)
    second = page.json.textCursor().position()
    assert second > first.position()
    QTest.keyClick(find.line, Key.Key_Return, SHIFT)
    assert page.json.textCursor().position() == first.position()
    QTest.keyClick(find.line, Key.Key_Return, SHIFT)
    assert page.json.textCursor().position() > second
    QTest.keyClick(find.line, Key.Key_Escape)
    assert find.isHidden()
    assert page.json.hasFocus()
    assert page.editor.document.text == booking_text()


def test_hostile_text_is_spelled_out_and_stays_what_it_is(opened: Callable[[], EditorPage], path: Path) -> None:
    hostile = '<img src="file:///etc/passwd"> \u202egpj.exe \u200b\x7f \U0001f600'
    document = json.loads(booking_text())
    document["description"] = hostile
    document["inputSchema"]["properties"]["<b>x</b>\u202e"] = {"type": "string", "description": hostile}
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False))
    page = opened()
    assert "⟨U+202E⟩gpj.exe ⟨U+200B⟩␡ \U0001f600" in text(page, "description").toPlainText()
    page.show_view("Both")
    assert "\u202e" not in page.json.toPlainText()
    description = text(page, "description")
    description.moveCursor(QTextCursor.MoveOperation.End)
    type_into(description, "!")
    assert at(page, "/description") == f"{hostile}!"
    put_cursor(page, "gpj.exe")
    QTest.keyClicks(page.json, "z")
    assert at(page, "/description") == f"{hostile}!".replace("gpj", "zgpj")
    page.editor.form.select("/inputSchema/properties/<b>x<~1b>\u202e")
    assert line(page, "name").text() == "<b>x</b>⟨U+202E⟩"


def test_a_huge_line_is_shown_in_part_and_left_alone(opened: Callable[[], EditorPage], path: Path) -> None:
    document = json.loads(booking_text())
    document["description"] = "x" * 2_000_000
    path.write_text(json.dumps(document, indent=2))
    before = path.read_bytes()
    page = opened()
    page.show_view("Both")
    assert page.json.isReadOnly()
    assert len(page.json.toPlainText()) < 30_000
    assert text(page, "description").isReadOnly()
    page.editor.form.select(GUEST)
    type_into(text(page, "description"), "X")
    assert at(page, f"{GUEST}/description") in ("XWho comes", "Who comesX")
    page.editor.undo()
    page.hide()
    assert path.read_bytes() == before


def test_every_control_has_a_name_and_one_can_walk_through_with_tab(page: EditorPage) -> None:
    page.show_view("Both")
    page.toggle_side()
    for row in page.editor.form.rows:
        page.editor.form.select(row.path)
        assert nameless(page) == []
    page.editor.form.select("")
    page.form.outline.setFocus()
    seen: list[QWidget] = []
    for _ in range(60):
        focus = QApplication.focusWidget()
        assert focus is not None
        seen.append(focus)
        QTest.keyClick(focus, Key.Key_Tab)
    for expected in (
        page.form.outline,
        line(page, "name"),
        text(page, "description"),
        page.json,
        page.side.preview.text,
    ):
        assert expected in seen
