"""What a model says about how sure it was."""

import math

import pytest

from workbench.core.confidence import confidence_of, mean_confidence, token_chances
from workbench.core.exchange import ModelResponse
from workbench.core.json_text import JsonObject, JsonValue


def said(details: JsonObject) -> ModelResponse:
    return ModelResponse((), "answered", details=details)


@pytest.mark.parametrize("value", [None, True, "0.9", 1.2, -0.1, math.nan, [0.5]])
def test_what_is_no_share_is_no_confidence(value: JsonValue) -> None:
    assert confidence_of(said({"confidence": value})) is None


def test_the_mean_is_over_the_answers_that_have_one() -> None:
    assert mean_confidence([said({"confidence": 0.5}), None, said({}), said({"confidence": 1})]) == 0.75
    assert mean_confidence([None, said({})]) is None


def test_tokens_come_with_their_chances_and_what_else_was_likely() -> None:
    rows: list[JsonValue] = [
        {"token": "Yes", "logprob": 0.0, "top": [["Yes", 0.0], ["No", math.log(0.25)], ["odd"], 7]},
        {"token": "?", "logprob": "x"},
        "odd",
    ]
    (only,) = token_chances(said({"logprobs": rows}))
    assert (only.text, only.chance) == ("Yes", 1.0)
    assert only.others == (("No", pytest.approx(0.25)),)
    assert token_chances(said({"logprobs": "none"})) == ()
