"""Which executor serves which tool of a project."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from workbench.core.tool import Tool
from workbench.engine.ports import Executor


class ExecutorCatalog:
    """Executors by tool name, and what has to be let go of at the end."""

    def __init__(
        self, executors: Mapping[str, Executor], *, closing: Sequence[Callable[[], Awaitable[None]]] = ()
    ) -> None:
        """`closing` are the `close` functions of what the executors share, such as `PythonWorkers.close`."""
        self._executors = dict(executors)
        self._closing = tuple(closing)

    def executor_for(self, tool: Tool) -> Executor | None:
        """The executor of that tool, or None when nothing runs it yet."""
        return self._executors.get(tool.name)

    async def close(self) -> None:
        """Let go of child processes and connections."""
        for close in self._closing:
            await close()
