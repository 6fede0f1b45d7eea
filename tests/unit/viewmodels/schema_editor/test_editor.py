"""Saving, undoing across both views, and living with other programs that write the same file."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.projects import make_project
from tests.support.tool_documents import booking_text
from workbench.app.schema_editor.tool_editing import TextFile
from workbench.viewmodels.schema_editor.bases import Base
from workbench.viewmodels.schema_editor.editor import SchemaEditorViewModel
from workbench.viewmodels.schema_editor.fields import Field

GUEST = "/inputSchema/properties/guest"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = make_project(tmp_path / "project")
    (folder / "tools" / "book_table.json").write_text(booking_text(), encoding="utf-8")
    return folder


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "tools" / "book_table.json"


@pytest.fixture
def opened(folder: Path, path: Path) -> Callable[[], SchemaEditorViewModel]:
    return lambda: SchemaEditorViewModel(TextFile(path, folder))


@pytest.fixture
def editor(opened: Callable[[], SchemaEditorViewModel]) -> SchemaEditorViewModel:
    return opened()


def field(editor: SchemaEditorViewModel, path: str, key: str) -> Field:
    editor.form.select(path)
    return next(field for field in editor.form.fields if field.key == key)


def write(editor: SchemaEditorViewModel, path: str, key: str, raw: str) -> None:
    assert editor.write_field(field(editor, path, key), raw) == ""


def test_both_views_edit_one_text_and_share_one_history(editor: SchemaEditorViewModel) -> None:
    write(editor, GUEST, "description", "The guest")
    assert '"description": "The guest"' in editor.document.text
    editor.write_text(editor.document.text.replace('"The guest"', '"Our guest"'))
    assert field(editor, GUEST, "description").value == "Our guest"
    write(editor, GUEST, "name", "visitor")
    editor.undo()
    assert editor.form.row.name == "guest"
    editor.undo()
    assert field(editor, GUEST, "description").value == "The guest"
    editor.undo()
    assert editor.document.text == booking_text()
    for _ in range(3):
        editor.redo()
    assert "Our guest" in editor.document.text
    assert editor.form.row.name == "visitor"


def test_an_unedited_tool_is_not_written(editor: SchemaEditorViewModel, path: Path) -> None:
    before = path.stat()
    assert editor.save(on_purpose=True)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert not editor.file.is_dirty


def test_saving_writes_the_file_and_tells_the_project(editor: SchemaEditorViewModel, path: Path) -> None:
    written = []
    editor.file.written.connect(lambda: written.append(path.read_text()))
    write(editor, "", "description", "Book it.")
    assert (editor.file.standing, editor.file.is_dirty) == ("unsaved", True)
    assert editor.save()
    assert (editor.file.standing, editor.file.is_dirty) == ("saved", False)
    assert written == [editor.document.text]
    assert json.loads(path.read_text())["_meta"] == {"team": "front"}


def test_changes_are_counted_from_the_last_save_on_purpose(editor: SchemaEditorViewModel) -> None:
    write(editor, "", "description", "Book a seat in a restaurant. Ask for the date first.")
    editor.save()
    (change,) = editor.changes()
    assert (change.title, change.verb) == ("description", "changed")
    assert [(piece.kind, piece.text) for piece in change.pieces[1:3]] == [("removed", "table"), ("added", "seat")]
    assert len(editor.description_pieces("/description", "Book a seat")) > 1
    editor.save(on_purpose=True)
    assert editor.changes() == ()
    assert [change.title for change in editor.changes(editor.opened_text)] == ["description"]
    assert editor.changes("{ broken")[0].verb == "added"


def test_broken_json_stays_out_of_the_file_and_comes_back(
    editor: SchemaEditorViewModel, opened: Callable[[], SchemaEditorViewModel], path: Path
) -> None:
    said: list[str] = []
    editor.refused.connect(said.append)
    editor.write_text(booking_text() + "}")
    assert not editor.save(on_purpose=True)
    assert "is not saved to the file" in said[0]
    assert path.read_text() == booking_text()
    assert editor.file.standing == "draft"
    again = opened()
    assert again.document.text == booking_text() + "}"
    assert again.file.standing == "draft"
    assert "last time" in again.file.notice
    assert not again.form.can_edit
    assert again.problems.count("error") == 1
    again.undo()
    assert again.document.text == booking_text()
    again.redo()
    again.write_text(booking_text() + "\n")
    assert again.save()
    assert opened().file.standing == "saved"


def test_a_file_changed_elsewhere_is_followed_while_nothing_is_unsaved(
    editor: SchemaEditorViewModel, path: Path
) -> None:
    path.write_text(booking_text().replace("Who comes", "Who is coming"))
    editor.file.look_at_disk()
    assert "Who is coming" in editor.document.text
    assert editor.file.standing == "saved"
    editor.undo()
    assert editor.document.text == booking_text()
    assert editor.file.is_dirty


def test_a_file_changed_elsewhere_is_never_overwritten_unseen(
    editor: SchemaEditorViewModel, opened: Callable[[], SchemaEditorViewModel], path: Path
) -> None:
    theirs = booking_text().replace("Who comes", "Theirs")
    write(editor, GUEST, "description", "Mine")
    path.write_text(theirs)
    assert not editor.save(on_purpose=True)
    assert editor.file.standing == "changed"
    assert path.read_text() == theirs
    assert opened().document.text == editor.document.text
    assert opened().file.standing == "changed"
    editor.file.load()
    assert editor.document.text == theirs
    editor.undo()
    assert "Mine" in editor.document.text
    path.write_text(booking_text())
    editor.file.look_at_disk()
    assert editor.file.standing == "changed"
    assert editor.file.keep_mine()
    assert path.read_text() == editor.document.text
    assert opened().file.standing == "saved"


def test_a_file_deleted_elsewhere_is_not_made_again_unasked(editor: SchemaEditorViewModel, path: Path) -> None:
    path.unlink()
    editor.file.look_at_disk()
    assert editor.file.standing == "gone"
    write(editor, GUEST, "description", "Mine")
    assert not editor.save()
    assert not path.exists()
    assert editor.file.keep_mine()
    assert "Mine" in path.read_text()


def test_a_disk_that_refuses_is_said(editor: SchemaEditorViewModel, path: Path, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("workbench.app.schema_editor.tool_editing.write_whole", refuse)
    write(editor, GUEST, "description", "Mine")
    assert not editor.save()
    assert editor.file.standing == "refused"
    assert "No space left" in editor.file.trouble
    monkeypatch.undo()
    assert editor.save()
    assert (editor.file.standing, editor.file.trouble) == ("saved", "")


def test_renaming_the_tool_renames_its_file_and_undo_renames_it_back(
    editor: SchemaEditorViewModel, folder: Path
) -> None:
    write(editor, "", "name", "reserve_table")
    assert (folder / "tools" / "reserve_table.json").exists()
    assert not (folder / "tools" / "book_table.json").exists()
    assert not any(problem.path == "/name" for problem in editor.problems.items)
    editor.undo()
    assert (folder / "tools" / "book_table.json").read_text() == booking_text()
    assert not (folder / "tools" / "reserve_table.json").exists()


def test_a_name_that_is_taken_leaves_the_file_where_it_is(editor: SchemaEditorViewModel, path: Path) -> None:
    said: list[str] = []
    editor.refused.connect(said.append)
    write(editor, "", "name", "touch")
    assert "already there" in said[0]
    assert json.loads(path.read_text())["name"] == "touch"
    assert [problem.severity for problem in editor.problems.items if not problem.rule] == ["note"]


def test_checks_wait_for_a_pause_when_they_may(folder: Path, path: Path) -> None:
    waiting: list[Callable[[], None]] = []
    editor = SchemaEditorViewModel(TextFile(path, folder), later=waiting.append)
    editor.write_text("{")
    assert editor.problems.count("error") == 0
    waiting[-1]()
    assert editor.problems.count("error") == 1


def test_laying_out_changes_the_text_but_not_the_tool(editor: SchemaEditorViewModel) -> None:
    editor.write_text(json.dumps(json.loads(booking_text())))
    editor.lay_out()
    assert editor.document.text == booking_text()
    editor.undo()
    assert "\n" not in editor.document.text


def test_figures_are_about_the_text_as_it_is(editor: SchemaEditorViewModel) -> None:
    before = editor.tokens
    write(editor, "", "description", "Book a table in a restaurant for some guests, and tell them about it by mail.")
    assert before < editor.tokens < before + 30
    assert editor.tokens_of("Book a table.") == 4
    assert editor.name == "book_table"
    editor.write_text("{}")
    assert editor.name == "book_table"


def test_a_part_costs_what_the_tool_costs_less_without_it(editor: SchemaEditorViewModel) -> None:
    room = editor.tokens_at("/inputSchema/properties/room")
    assert 0 < editor.tokens_at("/inputSchema/properties/room/enum") < room < editor.tokens
    assert editor.tokens_at("/inputSchema/properties/gone") == editor.tokens_at("") == 0
    assert editor.tokens_at("/_meta") == 0  # it is not sent


def test_changes_count_from_the_base_one_chooses(editor: SchemaEditorViewModel) -> None:
    other = editor.document.text.replace("Ask for the date first.", "Ask for the date.")
    editor.bases.offer([Base("variant:short", "the variant short", lambda: other)])
    assert editor.changes() == ()
    editor.bases.choose("variant:short")
    assert [change.title for change in editor.changes()] == ["description"]
    assert [piece.kind for piece in editor.description_pieces("/description", "Ask.")] != []
    editor.bases.offer([])
    assert editor.bases.is_first
    assert editor.changes() == ()
