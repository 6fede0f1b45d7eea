"""Guards the project's code: runs nothing whose content this user has not trusted."""

from collections.abc import Awaitable, Callable

from workbench.core.errors import ExecutorUnavailable
from workbench.engine.ports import ExecutionOrder, ExecutionResult, Executor


class TrustGuard:
    """An executor that checks at every call whether the current code is trusted."""

    def __init__(self, executor: Executor, is_trusted: Callable[[], Awaitable[bool]]) -> None:
        self._executor = executor
        self._is_trusted = is_trusted

    @property
    def name(self) -> str:
        """The name of the guarded executor."""
        return self._executor.name

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        """See `engine.ports.Executor`."""
        if not await self._is_trusted():
            raise ExecutorUnavailable(
                "the project's code is not trusted, or has changed since you trusted it",
                hint="Review the code in python/ and where workbench.toml sends data, then trust the project "
                "(window) or add --trust (command line).",
            )
        return await self._executor.execute(order)
