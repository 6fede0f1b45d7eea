"""Sentences cut into clauses."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.clause import clauses


def test_a_sentence_is_cut_at_its_commas_colons_and_dashes() -> None:
    text = "Find out where an order is now: parcel, carrier and day of arrival. Costs 1,000 – or more; 7:30."
    assert [clause.text.strip() for clause in clauses(text)] == [
        "Find out where an order is now:",
        "parcel,",
        "carrier and day of arrival.",
        "Costs 1,000 –",
        "or more;",
        "7:30.",
    ]


def test_what_has_no_break_or_too_little_around_it_is_one_clause() -> None:
    assert [clause.text for clause in clauses("Pay money back.")] == ["Pay money back."]
    assert [clause.text for clause in clauses("A, b.")] == ["A, b."]
    assert clauses("") == ()


@given(st.text(alphabet="ab ,;:–.\n", max_size=60))
def test_joined_they_are_the_text(text: str) -> None:
    found = clauses(text)
    assert "".join(clause.text for clause in found) == (text if found else "")
    assert all(text[clause.start : clause.end] == clause.text for clause in found)
