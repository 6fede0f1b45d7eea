"""Runs the workbench's own search among tools, beside the executors of a run."""

from workbench.core.errors import UsageError
from workbench.core.routing.plan import RoutingPlan
from workbench.core.routing.search_tool import SEARCH_TOOL, search_result
from workbench.core.tool import Tool, Toolset
from workbench.engine.ports import ExecutionOrder, ExecutionResult, Executor, Executors


def with_search_tool(tools: Toolset, plan: RoutingPlan | None) -> Toolset:
    """The tools with the search, if the plan simulates one. Raises `UsageError` if its name is taken."""
    if plan is None or not plan.simulates_search:
        return tools
    if tools.named(SEARCH_TOOL.name) not in (None, SEARCH_TOOL):
        raise UsageError(
            f"the selector {plan.name} needs the name {SEARCH_TOOL.name!r}, and a tool of the project has it",
            hint="Rename that tool, or choose another selector.",
        )
    return tools if tools.named(SEARCH_TOOL.name) is not None else Toolset([*tools, SEARCH_TOOL])


def with_search(executors: Executors, tools: Toolset, plan: RoutingPlan | None, max_chars: int) -> Executors:
    """The executors, with one for the search if the plan simulates it; its results are at most that long."""
    if plan is None or not plan.simulates_search:
        return executors
    findable = Toolset([tool for tool in tools if tool.name not in plan.never])
    return _WithSearch(executors, _Search(findable, plan.top, max_chars))


class _WithSearch:
    """The search for its own tool, otherwise the tool's executor."""

    def __init__(self, executors: Executors, search: Executor) -> None:
        self._executors = executors
        self._search = search

    def executor_for(self, tool: Tool) -> Executor | None:
        return self._search if tool == SEARCH_TOOL else self._executors.executor_for(tool)


class _Search:
    name = "simulated tool search"

    def __init__(self, tools: Toolset, most: int, max_chars: int) -> None:
        self._tools = tools
        self._most = most
        self._max_chars = max_chars

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        query = str(order.arguments.get("query", ""))
        return ExecutionResult(search_result(self._tools, query, self._most, self._max_chars))
