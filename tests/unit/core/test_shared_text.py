"""Texts made of pieces."""

from workbench.core.shared_text import SharedText


def test_a_text_is_what_its_pieces_say_and_equals_any_text_that_says_the_same() -> None:
    text = SharedText('{"a":[', ("1", "2"), "]}", ())
    assert text.text == '{"a":[1,2]}'
    assert text == SharedText('{"a":[1,2]}')
    assert hash(text) == hash(SharedText('{"a":[1,2]}'))
    assert text != SharedText('{"a":[1]}')
    assert text != '{"a":[1,2]}'
    assert (text.piece_count, SharedText().text) == (4, "")
