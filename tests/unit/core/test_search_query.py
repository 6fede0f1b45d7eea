"""What is typed to find a text, and where it stands."""

import pytest

from workbench.core.search_query import SearchQuery, SearchTerm, folded, words_of


def shown(query: str, text: str) -> list[str]:
    return [text[begin:end] for begin, end in SearchQuery.read(query).spans(text)]


def test_words_are_beginnings_and_quotes_make_phrases() -> None:
    assert SearchQuery.read("get_weather par").terms == (
        SearchTerm(("get", "weather"), is_beginning=True),
        SearchTerm(("par",), is_beginning=True),
    )
    assert SearchQuery.read('"two words"').terms == (SearchTerm(("two", "words"), is_beginning=False),)
    assert SearchQuery.read('"two wor').terms == (SearchTerm(("two", "wor"), is_beginning=True),)


def test_a_text_without_words_is_looked_for_as_it_is() -> None:
    assert SearchQuery.read(" {} ").literal == "{}"
    assert shown("{}", "an empty {} object") == ["{}"]
    assert SearchQuery.read("  ").is_empty


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("par osl", "Paris and Oslo, Parma", ["Par", "Osl", "Par"]),
        ("par osl", "Paris only", []),
        ("aris", "Paris", []),
        ('"par"', "par Paris", ["par"]),
        ("naive", "A naïve café", ["naïve"]),
        ("get_wea", "calls get-weather twice", ["get-wea"]),
        ("天气", "今天天气很好", ["天气"]),
        ("İst", "İstanbul", ["İst"]),
        ("x", "𝒳 x 🐦x", ["x", "x"]),
    ],
)
def test_places_are_places_in_the_original(query: str, text: str, found: list[str]) -> None:
    assert shown(query, text) == found
    assert SearchQuery.read(query).is_in(text) == bool(found)


def test_folding_keeps_every_character_in_its_place() -> None:
    text = "Ünïcode İ ß ﬁ 한글 🐦 é\ud800"
    assert len(folded(text)) == len(text)
    assert words_of("한글 단어") == ["한글", "단어"]
