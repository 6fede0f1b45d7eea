"""Lines with signs, and nothing said by color alone."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.line_diff import line_diff

LINES = st.lists(st.sampled_from(["a", "b", "c", "- d", ""]), max_size=12)


@given(LINES, LINES)
def test_what_is_removed_and_added_accounts_for_both_texts(old: list[str], new: list[str]) -> None:
    found = line_diff("\n".join(old), "\n".join(new))
    removed = [line[2:] for line in found if line.startswith("- ")]
    added = [line[2:] for line in found if line.startswith("+ ")]
    before, after = old or [""], new or [""]
    assert len(before) - len(removed) == len(after) - len(added)
    assert sorted([*before, *added]) == sorted([*after, *removed])
    assert (found == ()) == ("\n".join(old) == "\n".join(new))


def test_far_away_lines_that_are_the_same_are_counted_and_left_out() -> None:
    same = [f"line {number}" for number in range(20)]
    found = line_diff("\n".join([*same, "x"]), "\n".join([*same, "y"]))
    assert found == ("@ 17 lines the same", "  line 17", "  line 18", "  line 19", "- x", "+ y")


def test_a_long_line_says_which_words_changed() -> None:
    old = "Answer in one short sentence and never guess what a tool would have said."
    found = line_diff(old, old.replace("short", "long"))
    assert found[-1].startswith("~ ")
    assert "[-short-]{+long+}" in found[-1]


def test_two_huge_texts_are_not_matched_line_by_line() -> None:
    old = "\n".join(f"a{number}" for number in range(5_000))
    new = "\n".join(f"b{number}" for number in range(5_000))
    assert len(line_diff(old, new)) == 10_000
