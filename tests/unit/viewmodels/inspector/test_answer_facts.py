"""The figures of one answer."""

from decimal import Decimal

from workbench.core.event import ResponseReceived
from workbench.core.exchange import ModelResponse, Usage
from workbench.core.ids import RunId, SpanPath
from workbench.core.price import Price
from workbench.viewmodels.inspector.answer_facts import answer_facts, group_facts

PRICE = Price(Decimal("1.25"), Decimal(10), Decimal("0.125"))


def answer(usage: Usage | None, first_ms: float | None = 200.0) -> ResponseReceived:
    return ResponseReceived(
        run_id=RunId("r"),
        seq=5,
        at=1.0,
        span=SpanPath("turn-1/round-1/request-1"),
        attempt=1,
        response=ModelResponse((), "answered", usage=usage),
        latency_ms=1200.0,
        first_delta_ms=first_ms,
    )


def test_the_cost_is_shown_with_the_sum_it_comes_from() -> None:
    facts = list(answer_facts(answer(Usage(412, 61, 384, 0, 20)), PRICE))
    assert facts == [
        "Time: 1.2 s · first token 200 ms · 61 tokens/s after it",
        "Tokens: 412 in (384 from the cache) · 61 out (20 reasoning)",
        "Cost: $0.0007 = (28 in × $1.25 + 384 cached × $0.125 + 61 out × $10) per million",
    ]


def test_a_cache_write_without_a_price_of_its_own_is_an_estimate() -> None:
    facts = list(answer_facts(answer(Usage(1000, 10, 0, 600)), PRICE))
    assert "600 written to the cache" in facts[1]
    assert facts[2].startswith("Cost: ≈ $0.0014 = (400 in × $1.25 + 600 cache write × $1.25")


def test_what_the_provider_does_not_say_is_not_made_up() -> None:
    facts = list(answer_facts(answer(None, None), PRICE))
    assert facts == ["Time: 1.2 s", "Tokens: not counted by this provider", "Cost: price unknown"]


def test_a_free_model_costs_nothing() -> None:
    assert list(answer_facts(answer(Usage(10, 10)), Price(Decimal(0), Decimal(0))))[-1] == "Cost: $0"


def test_several_answers_are_summed_and_an_unknown_one_is_named() -> None:
    answers = [answer(Usage(412, 61, 384, 0, 20)), answer(Usage(100, 10), None), answer(None, 400.0)]
    assert list(group_facts(answers, PRICE)) == [
        "Total for 3 answers: 3.6 s of requests · first token ⌀ 300 ms",
        "512 in (384 from the cache) · 71 out (20 reasoning)",
        "Cost: $0.0009 + 1 request of unknown price",
    ]
