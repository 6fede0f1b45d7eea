"""Calls answered by rules."""

import asyncio

import pytest

from tests.support.runs import DirectChecker
from tests.unit.executors.orders import order
from workbench.checking.process import ProcessChecker
from workbench.core.errors import ExecutorUnavailable, ToolError
from workbench.core.ids import RunId
from workbench.core.json_text import parse_strict
from workbench.core.mock import MockError, MockPlan, MockReply, MockRule, When, answered_by
from workbench.core.prepared_failure import FAILURE_NAMES, FailureName
from workbench.engine.ports import ExecutionOrder, ExecutionResult
from workbench.executors.mock import MockExecutor


def mock(*rules: MockRule, strict: bool = False, default: MockReply | None = None) -> MockExecutor:
    return MockExecutor(MockPlan(rules, default or MockReply(), strict), checker=DirectChecker())


def rule(reply: MockReply, name: str = "", **when: object) -> MockRule:
    return MockRule(When(**when), reply, name)  # type: ignore[arg-type]


async def test_the_first_rule_that_fits_answers_and_the_result_says_that_it_is_mocked() -> None:
    executor = mock(
        rule(MockReply(static={"temp": 3}), partial={"city": "Oslo"}),
        rule(MockReply(static={"temp": 30}), name="warm", regex={"city": "^R"}),
        rule(MockReply(static="never"), regex={"city": "^Rome$"}),
        default=MockReply(static=None),
    )
    oslo = await executor.execute(order(city="Oslo"))
    rome = await executor.execute(order(city="Rome"))
    paris = await executor.execute(order(city="Paris"))
    assert [one.value for one in (oslo, rome, paris)] == [{"temp": 3}, {"temp": 30}, None]
    assert [answered_by(one.output) for one in (oslo, rome, paris)] == ["rule 1", "rule 2 (warm)", "default"]
    assert oslo.is_mocked
    assert rome.is_mocked
    assert paris.is_mocked


async def test_calls_are_counted_for_each_run_again() -> None:
    executor = mock(rule(MockReply(static="first"), call=1), rule(MockReply(static="second"), call=2))
    here = [order(), order(), order()]
    there = ExecutionOrder(RunId("other"), here[0].call_id, here[0].tool, {}, 1.0)
    assert [(await executor.execute(one)).value for one in (*here, there)] == ["first", "second", None, "first"]


async def test_no_match_is_a_loud_miss_that_names_the_rules_when_the_mock_is_strict() -> None:
    executor = mock(rule(MockReply(), partial={"city": "Oslo"}), rule(MockReply(), regex={"city": "^R"}), strict=True)
    with pytest.raises(ToolError, match=r'rule 1: with \{"city":"Oslo"\}; rule 2: city ~ \^R') as caught:
        await executor.execute(order(city="Paris"))
    assert caught.value.kind == "mock_miss"


async def test_an_error_reply_reads_as_if_the_tool_had_raised_it_and_stays_a_mock() -> None:
    result = await mock(rule(MockReply(error=MockError("sold out", "stock")))).execute(order())
    assert isinstance(result.value, str)
    assert parse_strict(result.value) == {"error": {"kind": "stock", "message": "sold out"}}
    assert result.is_error
    assert result.is_mocked


@pytest.mark.parametrize("name", FAILURE_NAMES)
async def test_every_prepared_failure_can_be_a_reply(name: FailureName) -> None:
    result = await mock(default=MockReply(fail=name)).execute(order())
    assert isinstance(result.value, str)
    assert result.is_mocked
    assert result.is_error is (name in ("timeout", "error"))
    assert (len(result.value) > 150_000) is (name == "huge")
    assert (result.value == "") is (name == "empty")


async def test_a_template_takes_its_words_from_the_arguments() -> None:
    executor = mock(default=MockReply(template="It rains in {{city}}."))
    assert (await executor.execute(order(city="Oslo"))).value == "It rains in Oslo."
    with pytest.raises(ToolError) as caught:
        await executor.execute(order())
    assert caught.value.kind == "mock_rule"


async def test_a_delay_beyond_the_time_limit_ends_as_a_timeout() -> None:
    result = await mock(default=MockReply(static="late", delay_s=60.0)).execute(order(time_limit_s=0.01))
    assert result.is_error
    assert '"timeout"' in str(result.value)


async def test_a_delay_can_be_cancelled() -> None:
    task = asyncio.create_task(mock(default=MockReply(delay_s=60.0)).execute(order()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("pattern", ["(a+)+$", "(unclosed", r"\p{Script=Greek}"])
async def test_a_pattern_that_never_ends_or_is_none_is_refused_and_named(pattern: str) -> None:
    checker = ProcessChecker(limit_s=0.5)
    executor = MockExecutor(MockPlan((rule(MockReply(), regex={"a": pattern}),)), checker=checker)
    try:
        with pytest.raises(ToolError, match="rule 1 of this tool's mock: ") as caught:
            await executor.execute(order(a="a" * 40 + "!"))
    finally:
        await checker.close()
    assert caught.value.kind == "mock_rule"


async def test_a_pattern_about_an_absent_argument_does_not_fit() -> None:
    assert (await mock(rule(MockReply(static=1), regex={"b": ""})).execute(order(a="x"))).value is None


async def test_python_and_models_answer_through_what_was_handed_in() -> None:
    class Printing:
        name = "python desk:answer"

        async def execute(self, order: ExecutionOrder) -> ExecutionResult:
            return ExecutionResult(order.arguments, "printed")

    async def play(spec: str, order: ExecutionOrder) -> str:
        return f"{spec} plays {order.tool.name}"

    plan = MockPlan((rule(MockReply(python="desk:answer"), call=1),), MockReply(model="local"))
    executor = MockExecutor(plan, checker=DirectChecker(), python=lambda _: Printing(), play=play)
    computed = await executor.execute(order(city="Oslo"))
    invented = await executor.execute(order(city="Oslo"))
    assert (computed.value, computed.output) == ({"city": "Oslo"}, "mock: rule 1\nprinted")
    assert (invented.value, invented.output) == ("local plays tool", "mock: default\ninvented by local")
    assert computed.is_mocked
    assert invented.is_mocked
    with pytest.raises(ExecutorUnavailable):
        await mock(default=MockReply(model="local")).execute(order())
