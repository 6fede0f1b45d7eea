"""Rows of the trace."""

from collections.abc import AsyncIterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.runs import Answers, ScriptedRun
from tests.support.scripts import TEXT, call, calls, fails, says, schema, script
from workbench.app.runs.run_report import trace_lines
from workbench.core.approval import ASK_ALL, Decision
from workbench.core.choice import WITHHELD
from workbench.core.event import RunEvent, is_durable
from workbench.core.exchange import ModelResponse, StreamItem, WireRequest
from workbench.core.json_text import JsonObject
from workbench.core.tool import Tool
from workbench.core.trace import fold
from workbench.providers.scripted import ScriptedAdapter
from workbench.viewmodels.trace.row_filter import RowFilter
from workbench.viewmodels.trace.trace import TraceViewModel
from workbench.viewmodels.trace.trace_row import TraceRow

LOOK = Tool.make("look", "Look around.", schema("at", at=TEXT))
BODIES = {"look": lambda arguments: {"seen": arguments["at"]}}


async def recorded() -> list[RunEvent]:
    run = ScriptedRun(
        script(
            fails("rate_limit", retry_after_s=0.5),
            calls(call("look", at="a"), call("look", at="b")),
            says("Quiet."),
        ),
        tools=(LOOK,),
        bodies=BODIES,
        policy=ASK_ALL,
        approver=Answers(Decision("approve", by="person"), Decision("reject", by="person")),
    )
    await run.run()
    return list(run.log)


def outline(rows: list[TraceRow]) -> list[str]:
    return [f"{'  ' * row.depth}{row.label} {row.status}" for row in rows]


async def test_the_rows_are_the_tree_of_the_run_in_order() -> None:
    trace = TraceViewModel()
    trace.apply(await recorded())
    assert outline(trace.rows) == [
        "run answered",
        "  turn 1 answered",
        "    round 1 ok",
        "      request rate_limit",
        "      waiting to try again ok",
        "      request tool_calls",
        "        first token ok",
        "      look ok",
        "        approval approve",
        "      look rejected",
        "        approval reject",
        "    round 2 answered",
        "      request answered",
        "        first token ok",
    ]


class Withholding(ScriptedAdapter):
    """Its program holds a call back."""

    async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        async for item in super().stream(wire):
            held: JsonObject = {"tool": "look", "arguments_json": '{"at":"a"}'}
            is_answer = isinstance(item, ModelResponse)
            yield msgspec.structs.replace(item, details={WITHHELD: [held]}) if is_answer else item  # type: ignore[type-var]


async def test_a_withheld_call_is_told_in_the_window_and_in_the_terminal() -> None:
    answers = script(says("I am not sure."))
    run = ScriptedRun(answers, tools=(LOOK,), provider=Withholding(answers))
    await run.run()
    trace = TraceViewModel()
    trace.apply(list(run.log))
    row = next(row for row in trace.rows if row.status == "withheld")
    assert (row.state, row.said) == ("warn", 'withheld look({"at":"a"})')
    assert '      – withheld look({"at":"a"})' in [line.text for line in trace_lines(fold(run.log))]


async def test_a_mirror_that_only_follows_the_signals_has_the_same_rows() -> None:
    log = await recorded()

    @given(
        st.lists(st.integers(1, 9), min_size=1),
        st.sampled_from(
            ["", "look", "status:error", "-kind:request", "-status:ok", "kind:call tokens<1 look", "status:waiting"]
        ),
    )
    def check(sizes: list[int], words: str) -> None:
        trace = TraceViewModel()
        mirror: list[TraceRow] = []
        waiting: list[tuple[int, int]] = []
        trace.about_to_insert.connect(lambda first, last: waiting.append((first, last)))
        trace.inserted.connect(lambda: _copy(mirror, trace.rows, *waiting.pop()))
        trace.reset.connect(lambda: _replace(mirror, trace.rows))
        trace.filter_by(words)
        start = 0
        for size in [*sizes, len(log)]:
            trace.apply(log[start : start + size])
            start += size
        assert outline(mirror) == outline(trace.rows)
        assert [row.place for row in trace.all_rows] == list(range(len(trace.all_rows)))

    check()


def _copy(mirror: list[TraceRow], rows: list[TraceRow], first: int, last: int) -> None:
    mirror[first:first] = rows[first : last + 1]


def _replace(mirror: list[TraceRow], rows: list[TraceRow]) -> None:
    mirror[:] = rows


async def test_durable_events_alone_give_the_same_rows() -> None:
    log = await recorded()
    live, stored = TraceViewModel(), TraceViewModel()
    live.apply(log)
    stored.apply([event for event in log if is_durable(event)])
    assert outline(live.rows) == outline(stored.rows)


async def test_time_spent_waiting_for_a_person_is_left_out_of_the_total() -> None:
    trace = TraceViewModel()
    trace.apply(await recorded())
    run = trace.rows[0]
    waits = [row for row in trace.rows if row.kind == "approval"]
    assert len(waits) == 2
    assert 0 < trace.figures.waited_ms(run, trace.now) <= sum(row.total_ms(trace.now) for row in waits) + 0.001
    assert "left out" in trace.totals_text


async def test_a_filter_keeps_the_ancestors_of_what_fits() -> None:
    trace = TraceViewModel()
    trace.apply(await recorded())
    trace.filter_by("status:rejected")
    assert outline(trace.rows) == ["run answered", "  turn 1 answered", "    round 1 ok", "      look rejected"]
    trace.filter_by("")
    assert trace.rows == trace.all_rows


async def test_a_collapsed_branch_hides_what_is_below_it_until_it_is_opened() -> None:
    trace = TraceViewModel()
    trace.apply(await recorded())
    before = outline(trace.rows)
    first_round = next(row for row in trace.rows if row.kind == "round")
    trace.toggle(first_round)
    assert [row.kind for row in trace.rows].count("call") == 0
    trace.toggle(first_round)
    assert outline(trace.rows) == before


async def test_peers_are_calls_of_the_same_tool() -> None:
    trace = TraceViewModel()
    trace.apply(await recorded())
    first, second = (row for row in trace.rows if row.kind == "call")
    assert trace.peer(first, 1) is second
    assert trace.peer(second, -1) is first
    assert trace.peer(second, 1) is None


async def test_an_interrupted_log_leaves_nothing_growing() -> None:
    log = await recorded()
    for end in range(1, len(log)):
        trace = TraceViewModel()
        trace.apply(log[:end])
        trace.settle()
        assert not trace.is_live


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("", True),
        ("look", True),
        ("LOOK", True),
        ("name:look", True),
        ("name:other", False),
        ("-name:look", False),
        ("status:rejected kind:call", True),
        ("status:ok", False),
        ("-nothing", True),
        ('"at the gate"', True),
        ('"half', False),
        ("name:", True),
    ],
)
def test_the_filter_box_understands_words_fields_and_negation(text: str, passes: bool) -> None:
    row = TraceRow(
        kind="call",
        label="look",
        depth=0,
        run_id="r",  # type: ignore[arg-type]
        span="s",  # type: ignore[arg-type]
        run_at=0.0,
        started_at=0.0,
        said="at the gate",
        state="warn",
        status="rejected",
    )
    assert RowFilter.parse(text).passes(row) is passes


async def test_rows_that_come_while_branches_are_collapsed_or_filtered_are_the_ones_a_fresh_look_would_show() -> None:
    log = await recorded()
    for words in ("", "look", "-status:ok", "kind:request"):
        for cut in range(3, len(log), 2):
            trace = TraceViewModel()
            trace.apply(log[:cut])
            trace.filter_by(words)
            trace.collapse_all()
            for event in log[cut:]:
                trace.apply([event])
            grown = outline(trace.rows)
            assert all(trace.place_of(row) == place for place, row in enumerate(trace.rows))
            trace.reload_figures()
            trace.filter_by("nothing at all")
            trace.filter_by(words)
            assert grown == outline(trace.rows)
