"""Calls answered with a fixed result; nothing real runs."""

from workbench.core.json_text import JsonValue
from workbench.engine.ports import ExecutionOrder, ExecutionResult


class StaticMockExecutor:
    """Gives the same result to every call, marked as mocked."""

    name = "mock"

    def __init__(self, result: JsonValue, *, is_error: bool = False) -> None:
        self._result = ExecutionResult(result, is_error=is_error, is_mocked=True)

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        """The fixed result."""
        return self._result
