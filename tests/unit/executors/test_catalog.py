"""Which executor serves which tool."""

from tests.unit.executors.orders import order
from workbench.core.tool import Tool
from workbench.engine.ports import Executor, Executors
from workbench.executors.catalog import ExecutorCatalog
from workbench.executors.mock import StaticMockExecutor


def test_a_tool_is_served_by_the_executor_of_its_name_and_an_unknown_one_by_none() -> None:
    mock: Executor = StaticMockExecutor("sunny")
    catalog: Executors = ExecutorCatalog({"get_weather": mock})
    assert catalog.executor_for(Tool.make("get_weather")) is mock
    assert catalog.executor_for(Tool.make("send_email")) is None


async def test_closing_lets_go_of_everything_that_was_handed_in() -> None:
    closed: list[str] = []

    async def close() -> None:
        closed.append("workers")

    await ExecutorCatalog({}, closing=(close,)).close()
    assert closed == ["workers"]


async def test_a_mock_gives_its_fixed_result_and_says_that_nothing_ran() -> None:
    mock = StaticMockExecutor({"temp": 0}, is_error=True)
    result = await mock.execute(order(city="Oslo"))
    assert (mock.name, result.value, result.is_error, result.is_mocked) == ("mock", {"temp": 0}, True, True)


async def test_a_falsy_mock_result_is_a_result() -> None:
    assert (await StaticMockExecutor(None).execute(order())).value is None
