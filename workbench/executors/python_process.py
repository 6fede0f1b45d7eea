"""One child process that runs Python functions, seen from our side."""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from workbench.core.child import child_environment, module_command
from workbench.core.errors import ExecutorUnavailable
from workbench.core.json_text import JsonObject, JsonValue, without_surrogates
from workbench.core.server_words import last_lines
from workbench.engine.child_process import close_pipes, how_it_ended, release, spawn
from workbench.executors.python_output import PrintedOutput

_LINE_LIMIT = 32 * 1024 * 1024
_START_LIMIT_S = 60.0
_FAILURE = frozenset({"kind", "message", "where", "trace", "hint", "whose"})


class ProcessGone(Exception):
    """The child ended in the middle of a command. `how` says it in words, `output` is what it had printed."""

    def __init__(self, how: str, output: str = "") -> None:
        super().__init__(how)
        self.how = how
        self.output = output

    @property
    def whole(self) -> str:
        """How it ended, with the last lines of what it had printed."""
        words = last_lines(self.output)
        return f"{self.how}. It said: {words}" if words else self.how


class Answer(NamedTuple):
    """A command's value, what it printed, and the files in its result as they were sent."""

    value: JsonValue
    output: str
    files: JsonValue = None


class Refused(Exception):
    """The child answered with a failure document (see `python_failure`)."""

    def __init__(self, failure: JsonObject, output: str) -> None:
        super().__init__(str(failure["message"]))
        self.failure = failure
        self.output = output


class PythonProcess:
    """A child. Serves one command at a time once it has come up; `kill` ends it and everything it started."""

    def __init__(self, process: asyncio.subprocess.Process, output: PrintedOutput, python: str, stamp: object) -> None:
        self.stamp = stamp
        self.output = output
        self.loaded: set[str] = set()
        """The functions that it has imported already."""
        self._process = process
        self._python = python
        self._has_come_up = False
        self._next_id = 0

    @classmethod
    async def start(cls, folder: Path, python: str, memory_mb: int, stamp: object) -> "PythonProcess":
        """Start a child in `folder`; raise `ExecutorUnavailable` when `python` is no program."""
        mark = secrets.token_hex(8)
        command = module_command("workbench.executors.python_worker", str(folder), mark, str(memory_mb), python=python)
        try:
            process = await spawn(
                *command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=folder,
                env=child_environment(os.environ) | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
                limit=_LINE_LIMIT,
            )
        except OSError as error:
            raise ExecutorUnavailable(
                f"the interpreter {python!r} does not start: {error.strerror or error}", hint="Choose another Python."
            ) from None
        assert process.stderr is not None
        return cls(process, PrintedOutput(process.stderr, f"\0{mark}\0".encode()), python, stamp)

    @property
    def is_alive(self) -> bool:
        """Whether it can take a command."""
        return self._process.returncode is None

    async def come_up(self) -> None:
        """Wait until it takes commands; raise `ExecutorUnavailable` when it never will."""
        if self._has_come_up:
            return
        try:
            async with asyncio.timeout(_START_LIMIT_S):
                await self._answer()
        except (ProcessGone, TimeoutError) as error:
            said = (error.output if isinstance(error, ProcessGone) else "").strip().splitlines()[-1:]
            why = " ".join(said) or str(error) or "no answer"
            raise ExecutorUnavailable(
                f"the interpreter {self._python!r} does not run the worker: {why}",
                hint="It must be Python 3.11 or newer.",
            ) from None
        self._has_come_up = True

    async def ask(self, op: str, on_report: Callable[[str], None] = lambda _: None, **fields: JsonValue) -> Answer:
        """Carry out a command; `on_report` hears how far it is. Raises `Refused` and `ProcessGone`."""
        self._next_id += 1
        line = json.dumps({"id": self._next_id, "op": op, **fields}) + "\n"
        assert self._process.stdin is not None
        with contextlib.suppress(ConnectionError):  # the answer will say that it is gone
            self._process.stdin.write(line.encode("ascii"))
            await self._process.stdin.drain()
        answer = await self._answer(self._next_id, on_report)
        output = await self.output.of_finished()
        failure = answer.get("failed")
        if isinstance(failure, dict):
            raise Refused(failure, output)
        return Answer(answer.get("ok"), output, answer.get("files"))

    def kill(self) -> None:
        """End the child and its own children at once; does not wait."""
        close_pipes(self._process)  # a grandchild in another process group may hold the other ends
        if self._process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)

    async def end(self) -> None:
        """Kill, and wait until it is gone."""
        self.kill()
        await self._process.wait()
        await self.output.close()
        release(self._process)

    async def _answer(self, number: int | None = None, on_report: Callable[[str], None] = lambda _: None) -> JsonObject:
        while True:
            answer = await self._line()
            if answer is not None and isinstance(report := answer.get("progress"), str):
                if answer.get("id") == number:  # not one of an earlier command that left a process behind
                    on_report(report)
                continue
            if answer is None or answer.get("id") != number or not _is_whole(answer):
                # Only a function that writes to other descriptors gets here; nothing after this is reliable.
                raise ProcessGone("sent something that is not an answer", self.output.so_far())
            return answer

    async def _line(self) -> JsonObject | None:
        """The next line; None for one that is not a JSON object."""
        assert self._process.stdout is not None
        try:
            line = await self._process.stdout.readline()
        except ValueError:
            raise ProcessGone("sent an answer that is too long") from None
        if not line.endswith(b"\n"):
            how = how_it_ended(await self._process.wait())
            raise ProcessGone(how, await self.output.of_finished())
        try:
            answer = without_surrogates(json.loads(line))
        except (ValueError, RecursionError):
            return None
        return answer if isinstance(answer, dict) else None


def _is_whole(answer: JsonObject) -> bool:
    failure = answer.get("failed")
    if failure is None:
        return "ok" in answer or "ready" in answer
    return isinstance(failure, dict) and failure.keys() >= _FAILURE
