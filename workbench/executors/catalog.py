"""Which executor serves which tool of a project."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from workbench.core.tool import Tool
from workbench.engine.ports import Executor, Executors


class ExecutorCatalog:
    """Executors by tool name, and what to close at the end."""

    def __init__(
        self,
        executors: Mapping[str, Executor],
        *,
        by_hand: Iterable[str] = (),
        loaders: Mapping[str, Executor] | None = None,
        others: Sequence[Executors] = (),
        closing: Sequence[Callable[[], Awaitable[None]]] = (),
    ) -> None:
        """Nothing runs the tools in `by_hand`: a person enters their results. `loaders` complete tools, by their names.
        `others` are asked, in order, for tools that are not in `executors`; they are not closed here.

        `closing` are the `close` functions of what the executors share, such as `PythonWorkers.close`.
        """
        self._executors = dict(executors)
        self._by_hand = frozenset(by_hand)
        self._loaders = dict(loaders or {})
        self._others = tuple(others)
        self._closing = tuple(closing)

    def executor_for(self, tool: Tool) -> Executor | None:
        """The executor of that tool, or None."""
        if tool.name in self._by_hand:
            return None
        if tool.name in self._executors:
            return self._executors[tool.name]
        return next((found for other in self._others if (found := other.executor_for(tool)) is not None), None)

    def loader_for(self, tool: Tool) -> Executor | None:
        """What completes the tool when it is first chosen, or None."""
        return self._loaders.get(tool.name)

    async def close(self) -> None:
        """Close child processes and connections."""
        for close in self._closing:
            await close()
