"""The child process in which a project's Python functions run: one call at a time, JSON lines both ways.

Started as `python_worker FOLDER MARK MEMORY_MB` with the protocol on standard input and output. The first
thing it does is to move the protocol to private descriptors and to point standard output at standard error,
so that whatever a function prints, even from C or from a child of its own, cannot be taken for an answer.

Commands   {"id", "op": "load", "function"} · {"id", "op": "call", "function", "arguments"} ·
           {"id", "op": "describe", "module"}       (a function is written `module:name`)
Answers    {"id", "ok": value, "files": [{"data": base64, "mime_type", "name"}]} ·
           {"id", "failed": failure document (see `python_failure`)}
Meanwhile  {"id", "progress": text}, as often as the function reports, but not more than 50 times a second

Before each answer MARK, between two null characters, is written to the output, so that the reader knows that all of it
has arrived. The process ends when its input closes: nothing keeps running once the workbench is gone.
"""

import io
import json
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from workbench.core.tool_progress import listen
from workbench.executors.python_description import describe
from workbench.executors.python_failure import PythonFailure, raised
from workbench.executors.python_function import CallFailed, OwnLoop, call, find_function, fit_arguments, load_module
from workbench.executors.python_import import source_only
from workbench.executors.python_result import Files, NotJson, encode_result

WorkerCommand = dict[str, Any]
_REPORT_S = 0.02
"""The shortest time between two reports."""


def main(arguments: list[str]) -> int:
    """Serve commands until the input closes."""
    folder, mark, memory_mb = Path(arguments[0]), f"\0{arguments[1]}\0".encode(), int(arguments[2])
    commands, stream = _take_protocol()
    answers = _Answers(stream)
    listen(answers.report)
    _limit_memory(memory_mb)
    sys.path_hooks.insert(0, source_only(folder / "python"))
    sys.path.insert(0, str(folder / "python"))
    waiting: queue.SimpleQueue[WorkerCommand] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(commands, waiting.put), daemon=True).start()
    answers.send('{"ready":true}')
    loop = OwnLoop()
    while True:
        command = waiting.get()
        answers.begin(command["id"])
        answer = _answer(command, folder / "python", loop)
        _mark_output(mark)
        answers.send(answer)


class _Answers:
    """The lines that go back, one at a time: threads of a function may report, too."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._turn = threading.Lock()
        self._number = 0
        self._next_at = 0.0

    def begin(self, number: int) -> None:
        """Reports belong to this command from now on."""
        with self._turn:
            self._number, self._next_at = number, 0.0

    def report(self, text: str) -> None:
        """Send a report, unless the last one was sent just now or nothing runs."""
        with self._turn:
            now = time.monotonic()
            if self._number and now >= self._next_at:
                self._next_at = now + _REPORT_S
                self._write(json.dumps({"id": self._number, "progress": text}))

    def send(self, answer: str) -> None:
        """Send the answer; reports that come later are not heard."""
        with self._turn:
            self._number = 0
            self._write(answer)

    def _write(self, line: str) -> None:
        self._stream.write(line.encode("ascii") + b"\n")
        self._stream.flush()


def _take_protocol() -> tuple[BinaryIO, BinaryIO]:
    commands = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False))
    sys.stdout = _text_on(1)
    sys.stderr = _text_on(2)
    return commands, answers


def _text_on(descriptor: int) -> io.TextIOWrapper:
    raw = io.FileIO(descriptor, "w", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding="utf-8", errors="backslashreplace", line_buffering=True, newline="\n"
    )


def _receive(commands: BinaryIO, put: Callable[[WorkerCommand], None]) -> None:
    for line in commands:
        put(json.loads(line))
    os._exit(0)  # the workbench is gone: end now, in the middle of a call if need be


def _answer(command: WorkerCommand, folder: Path, loop: OwnLoop) -> str:
    files = Files()
    try:
        text = _carry_out(command, folder, loop, files)
    except CallFailed as error:
        return _failed(command, error.failure)
    except NotJson as error:
        return _failed(command, raised(error, folder) | {"kind": "result", "message": str(error)})
    except BaseException as error:  # noqa: BLE001 — door: a person's function may raise anything, SystemExit included
        return _failed(command, raised(error, folder))
    return f'{{"id":{command["id"]},"ok":{text},"files":{json.dumps(files.kept)}}}'


def _carry_out(command: WorkerCommand, folder: Path, loop: OwnLoop, files: Files) -> str:
    match command["op"]:
        case "load":
            find_function(command["function"], folder)
            return "null"
        case "call":
            function = find_function(command["function"], folder)
            return encode_result(call(function, fit_arguments(function, command["arguments"]), loop), files)
        case "describe":
            return encode_result(describe(load_module(command["module"], folder)))
        case unknown:
            raise ValueError(f"unknown operation {unknown!r}")


def _failed(command: WorkerCommand, said: PythonFailure) -> str:
    return json.dumps({"id": command["id"], "failed": said})


def _mark_output(mark: bytes) -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):  # the function closed or replaced its own output
            continue
    try:
        os.write(2, mark)
    except OSError:  # the function closed descriptor 2; the reader sees its end instead of the mark
        return


def _limit_memory(megabytes: int) -> None:
    if megabytes and sys.platform != "win32":
        import resource

        limit = megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
