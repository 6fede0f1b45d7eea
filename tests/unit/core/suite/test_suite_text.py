"""A suite is text: one line a case, and what is wrong with a line is said with its number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.errors import ProjectError
from workbench.core.json_text import JsonObject, compact
from workbench.core.suite.case import Case, CaseTurn, Expected, WantedCall
from workbench.core.suite.case_line import case_document, read_case
from workbench.core.suite.suite import Suite, SuiteSettings, read_suite, suite_text

PLAIN = (
    '{"id": "w-1", "request": "Where is A-1002?", "expected": "track_order", "arguments": {"order_id": "A-1002"}}\n'
    '{"id": "w-2", "request": "Hi!", "expected": null, "tags": ["small talk"], "split": "held-out", "cluster": "hi"}\n'
)


def test_the_plainest_lines_are_a_suite() -> None:
    suite = read_suite(PLAIN, "shop")
    assert not suite.problems
    first, second = suite.cases
    assert first.turns[0].expected.calls == (WantedCall("track_order", {"order_id": "A-1002"}),)
    assert (second.label, second.split, second.unit, second.line) == ("no call", "held-out", "hi", 2)
    assert suite.of_split("tune") == (first,)
    assert suite.case("w-2") == second


def test_a_line_that_is_wrong_is_reported_and_the_others_are_used() -> None:
    text = (
        f"{PLAIN}\n"
        '{"id": "w-1", "request": "Again", "expected": null}\n'
        '{"id": "w-3", "request": "Go", "expcted": null}\n'
        '{"id": "w-4", "request": "Go"}\n'
        "{oops\n"
        '{"id": "w-5", "request": "Go", "expected": "x"}\n'
    )
    suite = read_suite(text, "shop")
    assert [case.case_id for case in suite.cases] == ["w-1", "w-2", "w-5"]
    assert [problem.line for problem in suite.problems] == [4, 5, 6, 7]
    assert "taken by line 1" in suite.problems[0].message
    assert suite.problems[1].hint == "Did you mean 'expected'?"
    assert str(suite.problems[2]).startswith("line 6: the case has no expectation. Add")
    assert "not valid JSON" in suite.problems[3].message


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"id": "", "request": "a", "expected": None}, "no id"),
        ({"id": "a", "request": " ", "expected": None}, "has no request"),
        ({"id": "a", "request": "a", "expected": 3}, "is a number"),
        ({"id": "a", "request": "a", "expected": {"asks_back": True, "tool": "x"}}, "no key 'asks_back'"),
        ({"id": "a", "request": "a", "expected": ["x", "y"], "arguments": {}}, "exactly one expected call"),
        ({"id": "a", "request": "a", "expected": None, "also_ok": ["x"]}, "needs an expected call"),
        ({"id": "a", "request": "a", "expected": "x", "split": "test"}, "is not a split"),
        ({"id": "a", "request": "a", "expected": "x", "match": "loosely"}, "unknown match mode"),
        ({"id": "a", "request": "a", "expected": "x", "tags": "t"}, "not a list of strings"),
        ({"id": "a", "request": "a", "expected": "x", "earlier": [{"user": "a", "tool": "b"}]}, "needs one of"),
        ({"id": "a", "turns": [], "request": "a"}, "cannot be combined"),
        ({"id": "a", "turns": []}, "no turns"),
        ({"id": "a", "request": "a", "expected": "x", "arguments": {"y": {"$huh": 1}}}, "is not a matcher"),
    ],
)
def test_every_mistake_has_a_sentence(line: JsonObject, said: str) -> None:
    with pytest.raises(ProjectError, match=said):
        read_case(line)


def test_the_first_line_may_say_how_the_suite_is_run() -> None:
    suite = read_suite('{"suite": "x", "tools": "reads", "rounds": 4}\n' + PLAIN, "shop")
    assert suite.settings == SuiteSettings(tools="reads", rounds=4)
    assert len(suite.cases) == 2
    wrong = read_suite('{"suite": "x", "tool": "reads"}\n' + PLAIN, "shop")
    assert [problem.line for problem in wrong.problems] == [1]
    newer = read_suite('{"suite": "x", "format": 99}\n', "shop")
    assert newer.problems[0].hint == "Update the workbench."


def test_an_edited_case_is_a_new_one_and_other_tags_are_not() -> None:
    base: JsonObject = {"id": "a", "request": "Go", "expected": "x"}
    key = read_case(base).key
    assert read_case({**base, "id": "b", "tags": ["t"], "notes": "n", "cluster": "c", "split": "held-out"}).key == key
    for change in ({"request": "Go!"}, {"expected": "y"}, {"arguments": {}}, {"tools": ["x"]}):
        assert read_case({**base, **change}).key != key


NAMES = st.sampled_from(["look", "touch", "go"])
CALLS = st.builds(
    WantedCall,
    tool=NAMES,
    arguments=st.none() | st.dictionaries(NAMES, st.integers(-9, 9) | st.text(max_size=3), max_size=2),
    exactly=st.booleans(),
    at_least=st.integers(0, 2),
    at_most=st.integers(2, 3),
)
EXPECTED = st.builds(
    Expected,
    calls=st.lists(CALLS, min_size=1, max_size=3).map(tuple),
    in_order=st.booleans(),
    also_ok=st.lists(NAMES, max_size=2).map(tuple),
    never=st.lists(NAMES, max_size=2).map(tuple),
) | st.sampled_from([Expected(), Expected(asks_back=True)])
TURNS = st.builds(CaseTurn, request=st.text("abc ?", min_size=1).filter(str.strip), expected=EXPECTED)


@given(st.lists(TURNS, min_size=1, max_size=2), st.sampled_from(["tune", "held-out"]), st.text("xy", max_size=2))
def test_a_case_that_is_written_reads_the_same(turns: list[CaseTurn], split: str, note: str) -> None:
    case = Case(case_id="c", turns=tuple(turns), split=split, notes=note, tags=("t",))  # type: ignore[arg-type]
    assert read_case(case_document(case)) == case
    suite = Suite(name="s", cases=(case,))
    again = read_suite(suite_text(suite), "s")
    assert not again.problems
    assert again.cases[0].key == case.key
    assert compact(case_document(again.cases[0])) == compact(case_document(case))
