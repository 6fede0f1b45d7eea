"""Calls carried out by a Python function of the project, in a child process with a time limit."""

import asyncio
from collections.abc import Callable, Iterator

from workbench.core.errors import ExecutorUnavailable, ToolError
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.message import Attachment
from workbench.core.picture_header import attachment_of, redacted
from workbench.core.result_file import KEPT_CHARS, KEPT_FILES
from workbench.engine.ports import ExecutionOrder, ExecutionResult
from workbench.executors.python_process import ProcessGone, PythonProcess, Refused
from workbench.executors.python_workers import PythonWorkers, unavailable

_LOAD_LIMIT_S = 30.0
"""How long importing the module may take; it is not the call's time."""


class PythonExecutor:
    """Runs `function`, written `module:name`, with the call's arguments as keyword arguments.

    What the function raises becomes a `ToolError` of kind `exception`, or of the kind it chose itself by
    raising `workbench.core.errors.ToolError`. Other kinds: `arguments` (they do not fit the function's
    annotations), `result` (not JSON), `timeout` and `crashed` (the call may have taken effect).
    """

    def __init__(
        self,
        workers: PythonWorkers,
        function: str,
        *,
        time_limit_s: float | None = None,
        redact: Callable[[str], str] = str,
    ) -> None:
        """The tighter one of `time_limit_s` and the order's own limit counts, from entering the function. `redact`
        takes keys out of files, where nobody would find them later."""
        self._workers = workers
        self._function = function
        self._time_limit_s = time_limit_s
        self._redact = redact

    @property
    def name(self) -> str:
        """`python module:name`."""
        return f"python {self._function}"

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        """See `engine.ports.Executor`. Cancelling kills the child of this call and no other."""
        limit_s = min(order.time_limit_s, self._time_limit_s or order.time_limit_s)
        printed = ""
        try:
            async with self._workers.worker() as process:
                printed = await self._load(process)
                try:
                    async with asyncio.timeout(limit_s):
                        answer = await process.ask(
                            "call", order.report, function=self._function, arguments=order.arguments
                        )
                except TimeoutError:
                    said = f"no result after {limit_s:g} s, so the call was ended; it may have taken effect"
                    raise ToolError(said, kind="timeout", output=printed + process.output.so_far()) from None
        except ProcessGone as error:
            said = f"the process of this call {error.how}; the call may have taken effect"
            raise ToolError(said, kind="crashed", output=printed + error.output) from None
        except Refused as error:
            raise _refusal(error.failure, printed + error.output) from None
        attachments = tuple(redacted(one, self._redact) for one in _attachments(answer.files))
        return ExecutionResult(answer.value, output=printed + answer.output, attachments=attachments)

    async def _load(self, process: PythonProcess) -> str:
        """Import the module, outside the call's time; return what that printed."""
        if self._function in process.loaded:
            return ""
        module = self._function.partition(":")[0]
        try:
            async with asyncio.timeout(_LOAD_LIMIT_S):
                output = (await process.ask("load", function=self._function)).output
        except TimeoutError:
            raise ExecutorUnavailable(f"importing {module} took longer than {_LOAD_LIMIT_S:g} s") from None
        except ProcessGone as error:
            raise ExecutorUnavailable(f"importing {module}: the process {error.whole}") from None
        process.loaded.add(self._function)
        return output


def _attachments(files: JsonValue) -> Iterator[Attachment]:
    """The files of a result; the process holds a project's code, so what it sends is bounded here, too."""
    room = KEPT_CHARS
    for file in files[:KEPT_FILES] if isinstance(files, list) else ():
        if isinstance(file, dict):
            data, mime_type, name = (str(file.get(key, "")) for key in ("data", "mime_type", "name"))
            room -= len(data)
            if room >= 0 and (found := attachment_of(data, mime_type, name)) is not None:
                yield found


def _refusal(failure: JsonObject, output: str) -> Exception:
    if failure["whose"] == "person":
        return unavailable(failure)
    trace = str(failure["trace"])
    return ToolError(
        str(failure["message"]),
        kind=str(failure["kind"]),
        where=str(failure["where"]),
        hint=str(failure["hint"]),
        output="\n".join(filter(None, (output, trace))),
    )
