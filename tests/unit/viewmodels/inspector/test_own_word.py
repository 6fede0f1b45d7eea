"""What a model said about how sure it was."""

import math

from workbench.core.event import ResponseReceived
from workbench.core.exchange import ModelResponse
from workbench.core.ids import RunId, SpanPath
from workbench.viewmodels.inspector.answer_facts import answer_facts
from workbench.viewmodels.inspector.stated_confidence import own_word


def test_a_confidence_and_the_least_likely_token_are_named_as_its_own() -> None:
    tokens = [{"token": "may\n", "logprob": math.log(0.12)}, {"token": "be", "logprob": 0.0}]
    said = ModelResponse((), "answered", details={"confidence": 0.861, "logprobs": tokens})  # type: ignore[dict-item]
    assert own_word(said) == ("stated confidence 86 %", "least likely token “may⏎” 12 %")
    assert own_word(ModelResponse((), "answered")) == ()


def test_it_stands_among_the_figures_of_its_answer() -> None:
    said = ResponseReceived(
        run_id=RunId("r"),
        seq=1,
        at=1.0,
        span=SpanPath("turn-1/round-1/request-1"),
        attempt=1,
        response=ModelResponse((), "answered", details={"confidence": 0.5}),
        latency_ms=10.0,
    )
    assert list(answer_facts(said, None))[-1] == "Stated confidence: stated confidence 50 %"
