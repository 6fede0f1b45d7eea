"""Finding commands."""

from workbench.viewmodels.shared.name_match import marked, ranked

COMMANDS = ["Run the message", "Stop the run", "Reset layout", "Next approval"]


def found(query: str) -> list[str]:
    return ranked(COMMANDS, query, lambda text: text)


def test_an_empty_query_keeps_everything_in_order() -> None:
    assert found("") == COMMANDS


def test_the_beginning_of_a_name_comes_before_a_word_inside_it() -> None:
    assert found("run")[:2] == ["Run the message", "Stop the run"]


def test_letters_in_order_are_enough() -> None:
    assert found("nxap") == ["Next approval"]


def test_what_does_not_fit_is_left_out() -> None:
    assert found("zzz") == []


def test_letters_that_stand_far_apart_or_inside_words_are_no_match() -> None:
    assert found("rmsg") == ["Run the message"]
    assert found("ntop") == []
    assert ranked(["Compare the baseline with a reply"], "copy", lambda text: text) == []


def test_letters_spread_over_a_name_never_find_what_acts() -> None:
    names = ["Run the message", "Light theme", "Themes"]

    def of(query: str) -> list[str]:
        return ranked(names, query, lambda text: text, takes_letters=lambda text: text == "Themes")

    assert of("theme") == ["Themes", "Light theme"]
    assert of("tms") == ["Themes"]


def test_a_synonym_finds_a_command_after_those_that_have_the_word() -> None:
    synonyms = {"Settings": "preferences theme", "Light theme": "theme mode"}

    def of(query: str) -> list[str]:
        return ranked(list(synonyms), query, lambda text: text, synonyms_of=synonyms.__getitem__)

    assert of("preferences") == ["Settings"]
    assert of("theme") == ["Light theme", "Settings"]
    assert of("light mode") == ["Light theme"]


def test_what_was_typed_is_marked_where_it_makes_a_name_fit() -> None:
    assert marked("Next approval", "appr") == (("Next ", False), ("appr", True), ("oval", False))
    assert [words for words, is_marked in marked("Next approval", "nxap") if is_marked] == ["N", "x", "ap"]
    assert marked("Stop the run", "run the") == (("Stop ", False), ("the", True), (" ", False), ("run", True))
