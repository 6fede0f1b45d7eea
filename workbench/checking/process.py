"""The `Checker` of the program: quick schemas are judged here, all others in a child process with a time limit."""

import asyncio
import importlib
import os
import sys
from collections.abc import Callable

import msgspec

from workbench.checking.worker import too_late
from workbench.core.child import child_environment, module_command
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.problem import Problem
from workbench.core.schema import is_cheap, prepared_check
from workbench.engine.child_process import end, spawn

START_LIMIT_S = 30.0
_GRACE_S = 0.25
"""How much longer than the limit the process may take to say that it has given up, before it is killed."""
_VALIDATOR = "workbench.core.schema_validator"
_MOST_QUICK = 500
_LINE_LIMIT = 64 * 1024 * 1024


class ProcessChecker:
    """Checks arguments, in at most about `limit_s` seconds for any schema.

    A regular expression holds the interpreter's lock, so a thread would freeze the window; hence a process.
    It starts with the first schema that needs it, gives up by itself what takes too long, and is started again only
    where it had to be killed.
    """

    def __init__(self, *, limit_s: float = 0.7) -> None:
        self._limit_s = limit_s
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._quick: dict[int, tuple[JsonObject, Callable[[JsonValue], tuple[Problem, ...]]]] = {}
        """Checks of schemas by their identity: a tool's schema is never changed, another one takes its place."""
        self._is_closed = False

    async def check(self, schema: JsonObject, arguments: JsonValue) -> tuple[Problem, ...]:
        """See `engine.ports.Checker`."""
        known = self._quick.get(id(schema))
        if known is not None and known[0] is schema:
            return known[1](arguments)
        if is_cheap(schema):
            if _VALIDATOR not in sys.modules:  # the first time, in a thread: a window shares this one
                await asyncio.to_thread(importlib.import_module, _VALIDATOR)
            if len(self._quick) >= _MOST_QUICK:
                self._quick.clear()
            check = prepared_check(schema)
            self._quick[id(schema)] = schema, check
            return check(arguments)
        async with self._turn:
            if self._is_closed:
                return (_refused("the checker was closed"),)
            try:
                return await self._ask(schema, arguments)
            except BaseException:
                await self._kill()
                raise

    async def close(self) -> None:
        """End the child process, also one that is being started; no schema that needs one is checked anymore."""
        self._is_closed = True
        await self._kill()
        async with self._turn:
            await self._kill()

    async def _ask(self, schema: JsonObject, arguments: JsonValue) -> tuple[Problem, ...]:
        try:
            order = {"schema": schema, "arguments": arguments, "limit_s": self._limit_s}
            line = msgspec.json.encode(order) + b"\n"
        except (RecursionError, UnicodeEncodeError, OverflowError) as error:
            return (_refused(f"it cannot be written as JSON ({type(error).__name__})"),)
        process = await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            async with asyncio.timeout(self._limit_s + _GRACE_S):
                process.stdin.write(line)
                await process.stdin.drain()
                answer = await process.stdout.readline()
        except TimeoutError:
            await self._kill()
            return (too_late(self._limit_s),)
        except ConnectionError:
            answer = b""
        if not answer.endswith(b"\n"):
            await self._kill()
            return (_refused("checking it broke the validator"),)
        return msgspec.json.decode(answer, type=tuple[Problem, ...])

    async def _start(self) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        process = self._process = await spawn(
            *module_command("workbench.checking.worker"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=child_environment(os.environ),
            limit=_LINE_LIMIT,
        )
        assert process.stdout is not None
        async with asyncio.timeout(START_LIMIT_S):
            await process.stdout.readline()
        return process  # which `close` may have ended meanwhile

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            await end(process)


def _refused(reason: str) -> Problem:
    return Problem("", f"schema refused: {reason}", "schema")
