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


def test_a_text_holds_the_pieces_that_stand_in_it_and_says_the_same_whichever_do() -> None:
    for pieces, count in ((("aa", "bb"), 5), (("bb", "aa"), 3), (("aa", "cc", "aa"), 3), ((), 1)):
        text = SharedText.sharing("1aa2bb3", pieces)
        assert (text.text, text.piece_count) == ("1aa2bb3", count)
