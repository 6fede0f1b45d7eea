"""Lazy tools: their loaders run once, when routing first chooses them."""

import asyncio
from collections.abc import Callable
from functools import partial

from workbench.core.errors import ToolError, UsageError
from workbench.core.ids import CallId, RunId
from workbench.core.json_text import JsonObject
from workbench.core.routing.applied import completed
from workbench.core.tool import Tool
from workbench.engine.ports import ExecutionOrder, Executor

LOADER_LIMIT_S = 30.0
"""How long a loader may take, at most the plan's own limit."""


class LazyTools:
    """The loaders' results, until the project is read again. A loader is a function without arguments that returns keys
    of the tool's document, such as `description` and `inputSchema`."""

    def __init__(self, loader_for: Callable[[Tool], Executor | None]) -> None:
        """`loader_for` returns what runs a tool's loader, None for tools without one; it checks trust itself."""
        self._loader_for = loader_for
        self._loading: dict[tuple[Executor, Tool], asyncio.Task[JsonObject]] = {}

    def is_lazy(self, tool: Tool) -> bool:
        """Whether the tool has a loader."""
        return self._loader_for(tool) is not None

    async def load(self, tool: Tool, seconds: float) -> JsonObject:
        """The keys that complete the tool. A second request while its loader runs waits for that run. A failed
        loader is tried again the next time.

        Raises `WorkbenchError` when the loader is not trusted, raises, takes too long, or gives no tool.
        """
        loader = self._loader_for(tool)
        if loader is None:
            return {}
        key = loader, tool
        if key not in self._loading:
            self._loading = {known: task for known, task in self._loading.items() if known[1].name != tool.name}
            task = asyncio.create_task(_load(loader, tool, seconds), name=f"load {tool.name}")
            self._loading[key] = task
            task.add_done_callback(partial(self._forget_failed, key))
        return await asyncio.shield(self._loading[key])

    def _forget_failed(self, key: tuple[Executor, Tool], task: asyncio.Task[JsonObject]) -> None:
        has_failed = task.cancelled() or task.exception() is not None
        if has_failed and self._loading.get(key) is task:
            del self._loading[key]

    async def close(self) -> None:
        """End the loaders that run."""
        tasks = list(self._loading.values())
        self._loading = {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _load(loader: Executor, tool: Tool, seconds: float) -> JsonObject:
    limit_s = min(seconds, LOADER_LIMIT_S)
    order = ExecutionOrder(RunId(f"load-{tool.name}"), CallId(f"load-{tool.name}"), tool, {}, limit_s)
    try:
        given = (await loader.execute(order)).value
    except ToolError as error:
        said = f"no answer within {limit_s:g} s" if error.kind == "timeout" else error.message
        raise UsageError(f"its loader failed: {said}", where=error.where) from None
    if not isinstance(given, dict):
        raise UsageError("its loader returned no keys of a tool")
    completed(tool, given)  # anything that is not a tool is refused here
    return given
