"""Finding commands."""

from workbench.viewmodels.palette import ranked

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
