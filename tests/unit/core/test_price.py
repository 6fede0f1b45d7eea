"""What requests cost."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.runs import ScriptedRun
from tests.support.scripts import says, script
from workbench.core.exchange import Usage
from workbench.core.price import Cost, Price, PriceLine, PriceList, money, trace_cost, usage_cost
from workbench.core.trace import fold

PRICE = Price(Decimal("2.5"), Decimal(10), Decimal("0.25"), Decimal("3.125"))


def test_each_kind_of_token_has_its_own_price() -> None:
    usage = Usage(input_tokens=1_000_000, output_tokens=100_000, cached_tokens=400_000, cache_write_tokens=200_000)
    cost = PRICE.cost(usage)
    assert cost.dollars == Decimal("0.4") * Decimal("2.5") + Decimal("0.1") + Decimal("0.625") + 1
    assert cost.is_known
    assert not cost.is_estimate


def test_reasoning_tokens_are_paid_once_as_output() -> None:
    plain = PRICE.cost(Usage(input_tokens=10, output_tokens=50))
    assert PRICE.cost(Usage(input_tokens=10, output_tokens=50, reasoning_tokens=40)) == plain


def test_a_price_that_leaves_the_cached_input_out_gives_an_estimate_only_where_some_was_cached() -> None:
    price = Price(Decimal(1), Decimal(2))
    assert not price.cost(Usage(input_tokens=100, output_tokens=10)).is_estimate
    cost = price.cost(Usage(input_tokens=1_000_000, cached_tokens=10))
    assert cost.is_estimate
    assert str(cost) == "≈ $1.00"


def test_an_unknown_price_is_never_an_amount() -> None:
    unknown = usage_cost(None, Usage(input_tokens=10))
    assert str(unknown) == "price unknown"
    assert unknown.document()["dollars"] is None
    known = usage_cost(PRICE, Usage(input_tokens=400_000))
    assert str(known) == "$1.00"
    assert str(known + unknown) == "$1.00 + 1 request of unknown price"
    assert str(Cost()) == ""


def test_an_answer_without_counted_tokens_has_an_unknown_cost_unless_the_model_is_free() -> None:
    assert not usage_cost(PRICE, None).is_known
    assert not usage_cost(PRICE, Usage()).is_known
    free = Price(Decimal(0), Decimal(0))
    assert str(usage_cost(free, None)) == "$0"


@pytest.mark.parametrize(
    ("dollars", "text"),
    [
        ("0", "$0"),
        ("0.00009", "<$0.0001"),
        ("0.0001", "$0.0001"),
        ("0.00125", "$0.0013"),
        ("0.12345", "$0.1235"),
        ("0.99996", "$1.0000"),
        ("1.005", "$1.01"),
        ("1234.5", "$1,234.50"),
        ("-0.5", "−$0.5000"),
    ],
)
def test_amounts_are_rounded_half_up_to_what_a_person_reads(dollars: str, text: str) -> None:
    assert money(Decimal(dollars)) == text


TOKENS = st.integers(0, 10**7)


@given(st.lists(st.builds(lambda i, o, c: Usage(i + c, o, c), TOKENS, TOKENS, TOKENS), min_size=1, max_size=6))
def test_the_sum_of_the_costs_is_the_cost_of_the_sum(usages: list[Usage]) -> None:
    costs = Cost()
    total = Usage()
    for usage in usages:
        costs, total = costs + PRICE.cost(usage), total + usage
    assert costs.dollars == PRICE.cost(total).dollars


def test_the_first_line_that_fits_a_name_counts_and_case_does_not() -> None:
    prices = PriceList(
        (PriceLine("GPT-6*-mini", PRICE), PriceLine("gpt-6*", Price(Decimal(9), Decimal(9))), PriceLine("my", PRICE))
    )
    assert prices.line_for(("gpt-6-mini",)) == prices.lines[0]
    assert prices.line_for(("", "gpt-6-large")) == prices.lines[1]
    assert prices.line_for(("my", "llama")) == prices.lines[2]
    assert prices.line_for(("mistral", "")) is None


async def test_a_run_costs_what_its_answers_cost() -> None:
    run = ScriptedRun(script(says("One.", usage=Usage(100, 10))))
    await run.run()
    trace = fold(run.log)
    assert trace.started is not None
    priced = PriceList((PriceLine(trace.started.model, PRICE),))
    assert trace_cost(priced, trace).dollars == Decimal("0.00035")
    assert str(trace_cost(PriceList(), trace)) == "price unknown"
