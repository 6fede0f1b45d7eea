"""Which pieces of a description attract a request."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.attribution import Attribution, attribution, sentence_pieces, shorter_texts, word_pieces
from workbench.core.similarity import WordScale

TEXT = "Find out where an order is. Never for refunds."


def attracted(text: str, request: str) -> Attribution:
    scale = WordScale([text, "Pay money back."])
    return attribution("track", text, [scale.similarity(request, each) for each in shorter_texts(text)])


def test_the_words_of_the_request_pull_and_the_others_push() -> None:
    found = attracted(TEXT, "Where is my order?")
    assert [pull.piece.text for pull in found.strongest][:2] == ["where", "order"]
    pushing = {pull.piece.text for pull in found.words if pull.strength < 0}
    assert "refunds" in pushing
    assert found.sentences[0].strength > 0 > found.sentences[1].strength


def test_everything_that_is_measured_comes_once_and_in_order() -> None:
    texts = shorter_texts(TEXT)
    assert texts[0] == TEXT
    assert texts[1] == "Never for refunds."
    assert len(texts) == 1 + len(sentence_pieces(TEXT)) + len(word_pieces(TEXT))


def test_an_empty_description_attracts_nothing() -> None:
    found = attracted("", "Where?")
    assert (found.similarity, found.sentences, found.words) == (0.0, (), ())


@given(st.text(max_size=200))
def test_pieces_are_ranges_of_their_text(text: str) -> None:
    for piece in (*sentence_pieces(text), *word_pieces(text)):
        assert text[piece.start : piece.end].rstrip() == piece.text
        assert len(piece.left_out_of(text)) <= len(text) + 1
