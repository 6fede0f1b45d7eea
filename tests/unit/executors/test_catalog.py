"""Which executor serves which tool."""

from workbench.core.tool import Tool
from workbench.engine.ports import ExecutionOrder, ExecutionResult, Executor, Executors
from workbench.executors.catalog import ExecutorCatalog


class Idle:
    """An executor that is never used."""

    name = "idle"

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        raise AssertionError("not used here")


def test_a_tool_is_served_by_the_executor_of_its_name_and_an_unknown_one_by_none() -> None:
    own: Executor = Idle()
    catalog: Executors = ExecutorCatalog({"get_weather": own})
    assert catalog.executor_for(Tool.make("get_weather")) is own
    assert catalog.executor_for(Tool.make("send_email")) is None


def test_others_serve_only_what_has_no_executor_of_its_own() -> None:
    own, foreign = Idle(), Idle()
    other = ExecutorCatalog({"get_weather": foreign, "send_email": foreign})
    catalog = ExecutorCatalog({"get_weather": own}, others=(other,))
    assert catalog.executor_for(Tool.make("get_weather")) is own
    assert catalog.executor_for(Tool.make("send_email")) is foreign
    assert catalog.executor_for(Tool.make("fly")) is None


async def test_closing_lets_go_of_everything_that_was_handed_in() -> None:
    closed: list[str] = []

    async def close() -> None:
        closed.append("workers")

    await ExecutorCatalog({}, closing=(close,)).close()
    assert closed == ["workers"]
