"""Undo goes back in steps that a person would call steps."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.viewmodels.schema_editor.document import ToolDocument
from workbench.viewmodels.schema_editor.history import EditHistory, TextEdit, UndoStep, edit_between

TEXT = st.text(alphabet="ab \n", max_size=12)


@given(TEXT, TEXT)
def test_the_edit_between_two_texts_leads_from_one_to_the_other_and_back(old: str, new: str) -> None:
    edit = edit_between(old, new)
    assert edit.done(old) == new
    assert edit.undone(new) == old
    assert not (edit.removed and edit.inserted and edit.removed[0] == edit.inserted[0])


@given(st.lists(st.tuples(TEXT, st.sampled_from(["", "json", "field"])), max_size=12), st.data())
def test_undoing_everything_gives_the_first_text_and_redoing_the_last(edits, data) -> None:
    document = ToolDocument("{}")
    for text, merge in edits:
        if data.draw(st.booleans()):
            document.undo()
        document.write(text, merge=merge)
    while document.redo() is not None:
        pass
    last = document.text
    while document.undo() is not None:
        pass
    assert document.text == "{}"
    while document.redo() is not None:
        pass
    assert document.text == last


def typed(document: ToolDocument, text: str) -> None:
    for place in range(1, len(text) + 1):
        document.write(text[:place], merge="json")


def undone(document: ToolDocument) -> list[str]:
    seen = []
    while document.undo() is not None:
        seen.append(document.text)
    return seen


def test_typing_undoes_word_by_word() -> None:
    document = ToolDocument("")
    typed(document, "one two\nthree")
    assert undone(document) == ["one two\n", "one two", "one ", ""]


def test_a_pause_or_another_place_begins_a_new_step() -> None:
    document = ToolDocument("")
    document.write("a", merge="json")
    document.history.pause()
    document.write("ab", merge="json")
    document.write("abc", merge="a field")
    document.write("xabc", merge="a field")
    assert undone(document) == ["abc", "ab", "a", ""]


def test_deleting_backwards_and_forwards_is_one_step_each() -> None:
    document = ToolDocument("abcdef")
    for text in ("abcde", "abcd", "abc"):
        document.write(text, merge="json")
    document.history.pause()
    for text in ("bc", "c"):
        document.write(text, merge="json")
    assert undone(document) == ["abc", "abcdef"]


def test_what_was_undone_is_forgotten_by_the_next_edit() -> None:
    history = EditHistory()
    history.record(UndoStep(TextEdit(0, "", "a"), words="Type a"))
    history.record(UndoStep(TextEdit(1, "", "b"), words="Type b"))
    assert (history.undo_words, history.redo_words) == ("Type b", None)
    history.undo()
    assert (history.undo_words, history.redo_words) == ("Type a", "Type b")
    history.record(UndoStep(TextEdit(1, "", "c"), words="Type c"))
    assert (history.undo_words, history.redo_words) == ("Type c", None)
    assert history.redo() is None
