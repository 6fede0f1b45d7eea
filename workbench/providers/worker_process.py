"""A worker's child process, seen from our side: started when needed, ended when idle, cancelled or closed."""

import asyncio
import contextlib
import json
import os
import subprocess
from collections.abc import Callable
from typing import Any, NamedTuple

from workbench.core.child import child_environment, module_command
from workbench.core.errors import ProviderFailure
from workbench.core.json_text import JsonValue
from workbench.core.server_words import last_lines
from workbench.engine.child_process import how_it_ended, release, spawn

_LINE_LIMIT = 64 * 1024 * 1024
_KEPT_BYTES = 8 * 1024
_QUIET = {"NEEDLE_TELEMETRY": "0", "DO_NOT_TRACK": "1", "HF_HUB_OFFLINE": "1", "PYTHONUTF8": "1"}


class Took(NamedTuple):
    """How many seconds a command took: for reading the tools, and for the rest; and how many inputs were answered."""

    load_s: float
    answer_s: float
    inputs: int = 0


class _Said:
    """The end of what a process prints on its standard error."""

    def __init__(self, process: asyncio.subprocess.Process, name: str) -> None:
        self._end = b""
        self._listening = asyncio.create_task(self._listen(process), name=f"listen to the {name}")

    async def last_lines(self) -> str:
        """Its last lines, once it has ended."""
        await asyncio.wait([self._listening], timeout=1.0)
        return last_lines(self._end.decode("utf-8", "replace"))

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        while piece := await process.stderr.read(65_536):
            self._end = (self._end + piece)[-_KEPT_BYTES:]


class WorkerProcess:
    """Answers one command at a time; more of them wait for their turn."""

    def __init__(
        self,
        *,
        idle_limit_s: float = 600.0,
        module: str = "workbench.providers.local.worker",
        name: str = "local model",
        threads: Callable[[], int] = lambda: 1,
    ) -> None:
        """The process is ended after `idle_limit_s` seconds without a command. `module` is its entry module, `name`
        what messages call it; `threads` is asked at each start how many threads the engine should use."""
        self.took = Took(0.0, 0.0)
        """What the last command took, as the process measured it."""
        self._idle_limit_s = idle_limit_s
        self._module = module
        self._name = name
        self._threads = threads
        self._process: asyncio.subprocess.Process | None = None
        self._said: _Said | None = None
        self._turn = asyncio.Lock()
        self._idle: asyncio.TimerHandle | None = None
        self._endings: set[asyncio.Task[None]] = set()
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    async def ask(self, op: str, **fields: JsonValue) -> Any:
        """Carry out a command; raises `ProviderFailure`. Cancelling kills the process, for there is no other
        way to stop the engine; the next command starts a new one."""
        async with self._turn:
            if self._idle is not None:
                self._idle.cancel()
            try:
                process = await self._running()
                answer = await _exchange(process, {"op": op, **fields})
                if answer is None:
                    raise await self._gone(process)
            except BaseException:
                self.kill()
                raise
            self._idle = asyncio.get_running_loop().call_later(self._idle_limit_s, self.kill)
        load_s = answer.get("load_s", 0.0)
        self.took = Took(load_s, answer.get("took_s", 0.0) - load_s, answer.get("inputs", 0))
        if "failed" in answer:
            raise ProviderFailure(**answer["failed"])
        return answer["ok"]

    def kill(self) -> None:
        """End the process at once, if there is one; does not wait."""
        if self._idle is not None:
            self._idle.cancel()
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        ending = asyncio.create_task(_wait_for_end(process), name=f"end the {self._name}")
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)

    async def close(self) -> None:
        """End the process, also one that is being started, and wait until it is gone; later commands are refused."""
        self._is_closed = True
        self.kill()
        async with self._turn:
            await asyncio.gather(*self._endings)

    async def _gone(self, process: asyncio.subprocess.Process) -> ProviderFailure:
        how = how_it_ended(await process.wait())
        words = await self._said.last_lines() if self._said is not None else ""
        said = f" It said: {words}" if words else ""
        return ProviderFailure(
            f"The {self._name}'s process {how}, in the middle of a request.{said}",
            kind="cut_off",
            hint="Send the message again, or choose another model.",
        )

    def _closed(self) -> ProviderFailure:
        return ProviderFailure(f"The {self._name} was closed.", kind="unavailable")

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        if self._is_closed:
            raise self._closed()
        self.kill()
        try:
            self._process = await spawn(
                *module_command(self._module, str(self._threads())),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=child_environment(os.environ) | _QUIET,
                limit=_LINE_LIMIT,
            )
        except OSError as error:
            raise ProviderFailure(f"The {self._name} does not start: {error}.", kind="unavailable") from None
        self._said = _Said(self._process, self._name)
        if self._is_closed:  # meanwhile
            raise self._closed()
        return self._process


async def _exchange(process: asyncio.subprocess.Process, command: dict[str, JsonValue]) -> dict[str, Any] | None:
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(ConnectionError):  # the missing answer will say it
        process.stdin.write(json.dumps(command).encode("ascii") + b"\n")
        await process.stdin.drain()
    line = await process.stdout.readline()
    if not line.endswith(b"\n"):
        return None
    answer: dict[str, Any] = json.loads(line)
    return answer


async def _wait_for_end(process: asyncio.subprocess.Process) -> None:
    await process.wait()
    release(process)
