"""The child processes of one project: as many as calls may run at the same time, reused while warm."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from workbench.core.errors import ExecutorUnavailable
from workbench.core.json_text import JsonObject
from workbench.executors.python_process import ProcessGone, PythonProcess, Refused

_DESCRIBE_LIMIT_S = 30.0


class PythonWorkers:
    """A pool of children in `folder`, the project folder; modules come from its python/ folder.

    Each child runs one call at a time, so ending a call ends nothing else. A child is replaced when the code has
    changed since it started. Nothing is started before the first call.
    """

    def __init__(
        self,
        folder: Path,
        *,
        size: int,
        stamp: Callable[[], Awaitable[object]],
        python: str = sys.executable,
        memory_mb: int = 0,
    ) -> None:
        """`stamp` gives another value when the code has changed; `memory_mb` bounds the memory of each child on POSIX,
        where 0 means no bound."""
        self.folder = folder.resolve()
        self._stamp = stamp
        self._python = python
        self._memory_mb = memory_mb
        self._size = max(1, size)
        self._free = asyncio.Semaphore(self._size)
        self._idle: list[PythonProcess] = []
        self._busy: set[PythonProcess] = set()
        self._users = 0
        self._is_unused = asyncio.Event()
        self._is_unused.set()
        self._endings: set[asyncio.Task[None]] = set()
        self._is_closed = False

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[PythonProcess]:
        """A warm or new child for one call. Any exception that leaves this block kills the child, except `Refused`,
        after which it can be used again."""
        async with self._free:
            with self._used():
                process = await self._take()
                self._busy.add(process)
                keep = False
                try:
                    await self._come_up(process)
                    yield process
                    keep = True
                except Refused:
                    keep = True
                    raise
                finally:
                    self._busy.discard(process)
                    if keep and process.is_alive and not self._is_closed:
                        self._idle.append(process)
                    else:
                        process.kill()
                        self._finish(process.end())

    async def describe(self, module: str) -> list[JsonObject]:
        """The tools a module of python/ offers, found by importing it in a child.

        Each is {"function": "module:name", "tool": document, "decorated": bool}, with "problem": text in
        place of "tool" where a signature cannot become a schema. Raises `ExecutorUnavailable`.
        """
        try:
            async with self.worker() as process, asyncio.timeout(_DESCRIBE_LIMIT_S):
                answer = await process.ask("describe", module=module)
        except TimeoutError:
            raise ExecutorUnavailable(f"importing {module} took longer than {_DESCRIBE_LIMIT_S:g} s") from None
        except ProcessGone as error:
            raise ExecutorUnavailable(f"importing {module}: the process {error.whole}") from None
        except Refused as error:
            raise unavailable(error.failure) from None
        return [one for one in answer.value if isinstance(one, dict)] if isinstance(answer.value, list) else []

    async def close(self) -> None:
        """End all children, also those in the middle of a call or of their start."""
        self._is_closed = True
        for process in [*self._idle, *self._busy]:
            process.kill()
        for process in self._idle:
            self._finish(process.end())
        self._idle.clear()
        await self._is_unused.wait()
        await asyncio.gather(*self._endings)

    @contextmanager
    def _used(self) -> Iterator[None]:
        self._refuse_when_closed()
        self._users += 1
        self._is_unused.clear()
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                self._is_unused.set()

    def _refuse_when_closed(self) -> None:
        if self._is_closed:
            raise ExecutorUnavailable("the project was closed")

    async def _take(self) -> PythonProcess:
        stamp = await self._stamp()
        self._refuse_when_closed()
        while self._idle:
            process = self._idle.pop()
            if process.is_alive and process.stamp == stamp:
                return process
            process.kill()
            self._finish(process.end())
        return await PythonProcess.start(self.folder, self._python, self._memory_mb, stamp)

    async def _come_up(self, process: PythonProcess) -> None:
        self._refuse_when_closed()
        try:
            await process.come_up()
        except ExecutorUnavailable:
            self._refuse_when_closed()
            raise

    def _finish(self, ending: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(ending, name="end a python worker")
        self._endings.add(task)
        task.add_done_callback(self._endings.discard)


def unavailable(failure: JsonObject) -> ExecutorUnavailable:
    """Raise a failure document that is meant for the person."""
    return ExecutorUnavailable(
        str(failure["message"]), where=str(failure.get("where", "")), hint=str(failure.get("hint", ""))
    )
