"""What a model said about how sure it was."""

import math

from workbench.core.exchange import ModelResponse
from workbench.viewmodels.own_word import own_word


def test_a_confidence_and_the_least_likely_token_are_named_as_its_own() -> None:
    tokens = [{"token": "may\n", "logprob": math.log(0.12)}, {"token": "be", "logprob": 0.0}]
    said = ModelResponse((), "answered", details={"confidence": 0.861, "logprobs": tokens})  # type: ignore[dict-item]
    assert own_word(said) == ("own confidence 86 %", "least likely token “may⏎” 12 %")
    assert own_word(ModelResponse((), "answered")) == ()
