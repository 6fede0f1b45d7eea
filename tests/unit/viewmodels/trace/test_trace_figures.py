"""Tokens, costs and times of the trace, rolled up."""

from decimal import Decimal

import pytest

from tests.support.runs import Answers, ScriptedRun
from tests.support.scripts import TEXT, call, says, schema, script
from workbench.core.approval import ASK_ALL, Decision
from workbench.core.event import RunEvent
from workbench.core.exchange import Usage
from workbench.core.price import Price, PriceLine, PriceList
from workbench.core.tool import Tool
from workbench.viewmodels.shared.figures import duration
from workbench.viewmodels.trace.row_filter import RowFilter, completions
from workbench.viewmodels.trace.trace import TraceViewModel
from workbench.viewmodels.trace.trace_row import TraceRow

LOOK = Tool.make("look", "Look around.", schema("at", at=TEXT))
PRICES = PriceList((PriceLine("*", Price(Decimal(1), Decimal(10), Decimal("0.1"))),))


COUNTED = Usage(1000, 100, 500, 0, 40)


async def recorded(*, usage: Usage | None = COUNTED) -> list[RunEvent]:
    run = ScriptedRun(
        script(
            says("", calls=(call("look", at="a"), call("look", at="b")), usage=usage),
            says("Quiet.", usage=Usage(2000, 10)),
        ),
        tools=(LOOK,),
        bodies={"look": lambda arguments: {"seen": arguments["at"]}},
        policy=ASK_ALL,
        approver=Answers(Decision("approve", by="person"), Decision("approve", by="person")),
    )
    await run.run()
    return list(run.log)


def made(events: list[RunEvent], prices: PriceList = PRICES) -> TraceViewModel:
    trace = TraceViewModel(lambda: prices)
    trace.apply(events)
    return trace


def rows_of(trace: TraceViewModel, kind: str) -> list[TraceRow]:
    return [row for row in trace.all_rows if row.kind == kind]


async def test_tokens_and_costs_roll_up_from_requests_to_the_run() -> None:
    trace = made(await recorded())
    costs = [trace.figures.cost_of(row).dollars for row in rows_of(trace, "round")]
    assert costs == [Decimal("0.00155"), Decimal("0.0021")]
    (run,) = rows_of(trace, "run")
    assert trace.figures.cost_of(run).dollars == sum(costs)
    assert run.usage == Usage(3000, 110, 500, 0, 40)
    assert run.answers == 2
    assert "(500 cached, 40 reasoning) · $0.0037" in trace.totals_text


async def test_an_answer_without_counted_tokens_leaves_the_cost_open() -> None:
    trace = made(await recorded(usage=None))
    assert "$0.0021 + 1 request of unknown price" in trace.totals_text
    assert "price unknown" in made(await recorded(), PriceList()).totals_text


async def test_a_changed_price_list_counts_at_once() -> None:
    current = [PriceList()]
    trace = TraceViewModel(lambda: current[0])
    trace.apply(await recorded())
    told: list[bool] = []
    trace.figures_changed.connect(lambda: told.append(True))
    assert not trace.figures.cost.is_known
    current[0] = PRICES
    trace.reload_figures()
    assert trace.figures.cost.is_known
    assert told == [True]


async def test_waiting_is_left_out_of_times_and_axis_until_it_is_asked_for() -> None:
    trace = made(await recorded())
    (run,) = rows_of(trace, "run")
    wait = rows_of(trace, "approval")[0]
    assert wait.ended_at is not None
    without, end_without = trace.figures.shown_ms(run, trace.now), trace.axis_s
    start, end = (trace.figures.work_s(wait, at, trace.now) for at in (wait.started_at, wait.ended_at))
    assert start == pytest.approx(end)
    assert "left out" in trace.totals_text
    trace.leave_out_waiting(is_on=False)
    assert "included" in trace.totals_text
    waited = trace.figures.waited_ms(run, trace.now)
    assert waited > 0
    assert trace.figures.shown_ms(run, trace.now) - without == pytest.approx(waited, abs=0.01)
    assert trace.axis_s - end_without == pytest.approx(waited / 1000, abs=0.001)
    assert trace.figures.time_text(wait, trace.now) == duration(wait.total_ms(trace.now))


async def test_a_wait_that_is_not_over_adds_no_time() -> None:
    log = await recorded()
    asked = next(place for place, event in enumerate(log) if type(event).__name__ == "ApprovalAsked")
    trace = made(log[: asked + 1])
    before, (run,) = trace.axis_s, rows_of(trace, "run")
    took = trace.figures.shown_ms(run, trace.now)
    trace.tick(trace.now + 60)
    assert trace.axis_s == pytest.approx(before, abs=0.001)
    assert trace.figures.shown_ms(run, trace.now) == pytest.approx(took, abs=1)
    assert "you 1 m 00 s left out" in trace.totals_text


async def test_siblings_and_steps_walk_the_tree() -> None:
    trace = made(await recorded())
    first, second = rows_of(trace, "round")
    assert trace.sibling(first, 1) is second
    assert trace.sibling(second, -1) is first
    assert trace.sibling(second, 1) is None
    one, other = rows_of(trace, "call")
    assert trace.sibling(one, 1) is other
    assert trace.step(trace.rows[0], -1) is None
    assert trace.step(trace.rows[0], 1) is trace.rows[1]


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("cost>0.002 kind:round", ["round"]),
        ("kind:round cost>=0.00155", ["round", "round"]),
        ("-cost>0.002 kind:round", ["round"]),
        ("tool:look", ["call", "call"]),
        ("tokens>3000", ["run", "turn"]),
        ("kind:call cost>0", []),
        ("cached>=500 kind:request", ["request"]),
        ("ms>=0 kind:call", ["call", "call"]),
        ("ms<0", []),
    ],
)
async def test_figures_can_be_asked_for(words: str, kinds: list[str]) -> None:
    trace = made(await recorded())
    wanted = RowFilter.parse(words)
    assert wanted.terms
    assert not wanted.trouble
    found = [row for row in trace.all_rows if wanted.passes(row, lambda r, f: trace.figures.measure(r, f, trace.now))]
    assert [row.kind for row in found] == kinds


@pytest.mark.parametrize(
    ("words", "trouble"),
    [
        ("cost>cheap", "needs a number, such as cost>0.01"),
        ("ms>1s", "needs a number, such as ms>500"),
        ("stauts:ok", "There is no stauts:"),
        ('name:"half', "not closed"),
        ("cost>", ""),
        ("name:", ""),
        ("http://x", "There is no http:"),
        ("paris", ""),
    ],
)
def test_a_filter_that_cannot_be_read_says_so_and_hides_nothing_for_it(words: str, trouble: str) -> None:
    wanted = RowFilter.parse(words)
    assert trouble in wanted.trouble
    assert bool(trouble) == bool(wanted.trouble)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("sta", ["status:"]),
        ("-ki", ["-kind:"]),
        ("look c", ["look cost>", "look cached>"]),
        ("kind:ca", ["kind:call"]),
        ("look -status:a", ["look -status:answered", "look -status:approve"]),
        ("tool:", ["tool:look"]),
        ("tool:look", []),
        ("", []),
        ("paris", []),
        ("name:l", []),
    ],
)
async def test_the_filter_offers_how_it_could_go_on(typed: str, offered: list[str]) -> None:
    assert sorted(completions(typed, made(await recorded()).all_rows)) == sorted(offered)
