"""What the model is told: results as they are, errors it can learn from, and nothing hidden."""

import json

import pytest

from workbench.core.json_text import JsonValue
from workbench.core.problem import Problem
from workbench.core.sanitizer import NULL_LEFT_OUT, SanitizedValue
from workbench.engine.results import (
    CallFailure,
    changes_remark,
    clip_result,
    invalid_arguments,
    malformed_json,
    misfit_remark,
    rejected_text,
    result_text,
    unknown_tool,
)


@pytest.mark.parametrize(("value", "text"), [("a", "a"), ("", ""), (None, "null"), (0, "0"), ({"ü": [1]}, '{"ü":[1]}')])
def test_text_stays_as_it_is_and_everything_else_becomes_json(value: JsonValue, text: str) -> None:
    assert result_text(value) == text


def test_a_clipped_result_keeps_both_ends_and_says_what_is_missing() -> None:
    clipped = clip_result("a" * 600 + "z" * 600, max_chars=300)
    assert clipped.cut_chars == 900
    assert clipped.text.startswith("a" * 200)
    assert clipped.text.endswith("z" * 100)
    assert "900 characters left out" in clipped.text
    assert clip_result("short", max_chars=300).cut_chars == 0


def test_a_failure_names_its_kind_its_problems_and_what_to_do() -> None:
    failure = CallFailure("odd", "It is odd.", (Problem("/a", "must be even"), Problem("", "is odd")), "Add one.")
    assert json.loads(failure.text("Or take one away.")) == {
        "error": {
            "kind": "odd",
            "message": "It is odd.",
            "problems": [{"path": "/a", "message": "must be even"}, {"path": "/", "message": "is odd"}],
            "hint": "Add one. Or take one away.",
        }
    }


def test_each_way_of_calling_wrongly_has_a_kind_of_its_own() -> None:
    assert unknown_tool("x", ("a", "b")).hint == "Tools offered: a, b."
    assert unknown_tool("x", ()).hint == "Tools offered: none."
    assert [failure.kind for failure in (unknown_tool("x", ()), invalid_arguments(()), malformed_json("why"))] == [
        "unknown_tool",
        "invalid_arguments",
        "malformed_json",
    ]
    assert "keep it" in rejected_text("keep it")


def test_the_model_is_told_of_changes_but_not_of_nulls_it_never_meant() -> None:
    trimmed = SanitizedValue("/q", "trim", " a ", "a")
    left_out = SanitizedValue("/n", NULL_LEFT_OUT, None, None)
    assert changes_remark((left_out,), {"q": "a"}) == ""
    assert "(/q: trim)" in changes_remark((left_out, trimmed), {"q": "a"})
    assert '{"q":"a"}' in changes_remark((trimmed,), {"q": "a"})


def test_a_result_that_breaks_its_promise_is_named_with_its_place() -> None:
    assert "/hits: is not a number" in misfit_remark((Problem("/hits", "is not a number"),))
