"""One MCP server: started when it is needed, owned by one task, survived when it misbehaves, started again."""

import asyncio
import contextlib
import importlib
import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NoReturn
from urllib.parse import quote

import msgspec

from workbench.core.child import child_environment
from workbench.core.errors import ExecutorUnavailable, ToolError
from workbench.core.json_text import JsonObject
from workbench.core.key_reference import fill_keys
from workbench.core.server_question import NOBODY, Asked, Reply
from workbench.core.server_words import clip
from workbench.engine.working_time import WorkingTime
from workbench.executors.mcp_asked import Ask, NotAskable, asked_back, read_asked, refusal, reply_document
from workbench.executors.mcp_connection import LIST_LIMIT_S, InputRefused, McpConnection, connect
from workbench.executors.mcp_http import CONNECTION_BROKEN, SESSION_ENDED, UNREACHABLE, http_transport
from workbench.executors.mcp_message import error_words
from workbench.executors.mcp_sign_in import SignIn
from workbench.executors.mcp_spec import McpSpec, McpTool, offered_tools
from workbench.executors.mcp_stdio import Said, StdioLine, stdio_transport
from workbench.executors.mcp_words import MAX_NOTES, each_text, first_problem, keep_note

if TYPE_CHECKING:
    from mcp import MCPError

ServerState = Literal["stopped", "starting", "ready", "failed"]
Secret = Callable[[str], str | None]

MOST_OPEN = 20
"""Questions of one server that may wait at once."""
_NOT_RUN = frozenset({SESSION_ENDED, UNREACHABLE})


class SessionEnded(ToolError):
    """The server has forgotten our session. The call was not carried out; a new session may take it."""


async def _nobody(_asked: Asked) -> Reply:
    return NOBODY


@dataclass(eq=False)
class _Call:
    """A call on its way."""

    report: Callable[[str], None]
    ask: Ask
    working: WorkingTime
    asking: "set[asyncio.Task[Any]]" = field(default_factory=set)

    def withdraw(self) -> None:
        """The call is over; what its server still asks is of no use to anybody."""
        for task in tuple(self.asking):
            task.cancel()


class McpServer:
    """Starts when first needed and stays. One task of its own does all opening and closing, as the SDK's scopes
    require; calls may come from anywhere."""

    def __init__(
        self,
        spec: McpSpec,
        *,
        secret: Secret,
        redact: Callable[[str], str] = str,
        on_change: Callable[[], None] = lambda: None,
        sign_in: SignIn | None = None,
    ) -> None:
        """`secret` finds a key by its name, `redact` removes keys from what the server says about its tools.
        `on_change` is called when state, tools or remarks have changed."""
        self.spec = spec
        self.sign_in = sign_in
        self.state: ServerState = "stopped"
        self.failure = ""
        self.about = ""
        self.protocol = ""
        self.instructions = ""
        self._listed_remarks: tuple[str, ...] = ()
        self.refused: tuple[str, ...] = ()
        """What it asked for and was refused, in words; each once."""
        self.said = Said()
        self.tools: tuple[McpTool, ...] = ()
        self._secret = secret
        self._redact = redact
        self._on_change = on_change
        self._turn = asyncio.Lock()
        self._owner: asyncio.Task[None] | None = None
        self._connection: McpConnection | None = None
        self._stopping = asyncio.Event()
        self._relisting = asyncio.Event()
        self._line = StdioLine()
        self._on_way: list[_Call] = []
        self._first_words = ""
        """What it said at the end of a first start, for the case that it says nothing at the second one."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is odd about it."""
        return (*self._listed_remarks, *(f"it asked for {what} and was refused" for what in self.refused))

    @property
    def _list_limit_s(self) -> float:
        """How long listing may take: less than starting as a whole, so that what has come of a list still counts."""
        return min(LIST_LIMIT_S, 0.6 * self.spec.start_limit_s)

    def tool(self, name: str) -> McpTool | None:
        """The tool the server itself calls `name`, as it was listed last."""
        return next((tool for tool in self.tools if tool.name == name), None)

    async def start(self) -> None:
        """Make it ready: start it, or restart it when it has ended. Raises `ExecutorUnavailable` saying why not."""
        async with self._turn:
            if self._connection is not None:
                return
            await self._end_owner()
            self._set("starting")
            ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            try:
                # Takes half a second, on a busy machine many: not the server's time, and the window need not wait.
                await asyncio.to_thread(importlib.import_module, "mcp")
                self._owner = asyncio.create_task(self._own(ready), name=f"mcp {self.spec.name}")
                async with asyncio.timeout(self.spec.start_limit_s):
                    await asyncio.shield(ready)
            except TimeoutError:
                await self._end_owner()
                self._set("failed", self._with_last_words(f"it was not ready within {self.spec.start_limit_s:g} s"))
            except asyncio.CancelledError:
                await self._end_owner()
                self._set("stopped")
                raise
            if self.state == "failed":
                raise ExecutorUnavailable(self._why(), hint="Check its output, fix the problem, then start it again.")

    async def stop(self) -> None:
        """End the process or the connection."""
        async with self._turn:
            await self._end_owner()
            self._set("stopped")

    async def call(
        self,
        name: str,
        arguments: JsonObject,
        limit_s: float,
        report: Callable[[str], None] = lambda note: None,
        ask: Ask = _nobody,
    ) -> tuple[JsonObject, list[str]]:
        """The server's answer as JSON, and what it reported on the way, which `report` gets at once.

        `ask` puts what the server asks in the middle of the call; meanwhile the limit does not run.

        Raises `ToolError`: `timeout`, `mcp_gone` (it ended during the call), `mcp_error` (it refused), `mcp_protocol`
        (its answer is not MCP), `mcp_session` (as `SessionEnded`). Cancelling notifies the server and returns at once.
        Raises `ExecutorUnavailable` when the server is not ready.
        """
        from mcp import MCPError
        from pydantic import ValidationError

        connection = self._connection
        if connection is None:
            raise ExecutorUnavailable(self._why())
        notes: list[str] = []

        def on_report(note: str) -> None:
            keep_note(notes, note)
            report(note)

        printed = self.said.rubbish_lines
        try:
            async with asyncio.timeout(limit_s) as limit:
                call = _Call(on_report, ask, WorkingTime(limit))
                self._on_way.append(call)
                try:
                    return await connection.call(name, arguments, on_report, lambda one: self._ask(one, call)), notes
                finally:
                    self._on_way.remove(call)
                    call.withdraw()
        except TimeoutError:
            said = f"no result after {limit_s:g} s, so the server was told to stop; the call may have taken effect"
            if self.said.rubbish_lines > printed:
                said += f". Meanwhile it printed lines that are not messages, most recently {self.said.rubbish[-1]!r}"
            raise ToolError(said, kind="timeout", output="\n".join(notes)) from None
        except MCPError as error:
            raise await self._fail(error, connection, notes) from None
        except ValidationError as error:
            said = f"the server's answer does not follow MCP: {first_problem(error)}"
            raise ToolError(said, kind="mcp_protocol", output="\n".join(notes)) from None
        except InputRefused as refused:
            said = f"{str(refused).rstrip('.')}; what the server had done by then is unknown"
            raise ToolError(said, kind="mcp_input", output="\n".join(notes)) from None

    async def _fail(self, error: "MCPError", connection: McpConnection, notes: list[str]) -> ToolError:
        """What a call ends with. Where the connection is lost, the next call starts the server again."""
        from mcp_types import CONNECTION_CLOSED, PARSE_ERROR

        words = error_words(error)
        if error.code not in (CONNECTION_CLOSED, CONNECTION_BROKEN, *_NOT_RUN):
            kind = "mcp_protocol" if error.code == PARSE_ERROR else "mcp_error"
            return ToolError(words, kind=kind, output="\n".join(notes))
        if self._connection is connection:
            self._connection = None
        if error.code == SESSION_ENDED:
            return SessionEnded(words, kind="mcp_session", output="\n".join(notes))
        await self._settled_ending()
        how = f"the server {self._line.how}" if self._line.how else f"the connection to the server is lost: {words}"
        effect = "nothing was run" if error.code in _NOT_RUN else "the call may have taken effect"
        return ToolError(f"{how}; {effect}", kind="mcp_gone", output="\n".join([*notes, self.said.errors]))

    async def _own(self, ready: "asyncio.Future[None]") -> None:
        """The whole life of one connection."""
        self._stopping, self._relisting = asyncio.Event(), asyncio.Event()
        failure = self._first_words = ""
        try:
            # Workaround (no upstream issue known): some older servers end when they are asked which protocol
            # they speak, instead of refusing. Remove when the SDK no longer speaks protocols before 2026-07-28.
            for mode in ("auto", "legacy"):
                self._line, self.said, self.refused = StdioLine(), Said(self._redact), ()
                try:
                    await self._live(mode, ready)
                    break
                except Exception as error:  # noqa: BLE001 — door: the SDK and servers raise what they like, in groups
                    failure = self._reason(error)
                    self._first_words = self._first_words or self.said.last_words
                    if ready.done() or not self._line.ended.is_set() or mode == "legacy":
                        break
        finally:
            self._connection = None
            if self._line.ended.is_set() and not self._stopping.is_set():
                failure = failure or self._with_last_words(f"it {self._line.how}")
            self._set("failed" if failure else "stopped", failure)
            if not ready.done():
                ready.set_result(None)

    async def _live(self, mode: str, ready: "asyncio.Future[None]") -> None:
        async with connect(
            self._transport(),
            mode=mode,
            on_changed=self._relisting.set,
            on_asked=self._ask,
            may_sample=self.spec.sampling is not None,
        ) as connection:
            self.about, self.protocol = connection.server, connection.protocol
            self.instructions = connection.instructions
            await self._list(connection)
            self._connection = connection
            self._set("ready")
            ready.set_result(None)
            listening = asyncio.create_task(self._listen(connection), name=f"mcp {self.spec.name} listens")
            try:
                await self._watch(connection)
            finally:
                self._connection = None
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def _watch(self, connection: McpConnection) -> None:
        """List again whenever the server says so, until it is to stop or has ended."""
        while True:
            events = (self._stopping, self._line.ended, self._relisting)
            waits = [asyncio.create_task(event.wait(), name=f"mcp {self.spec.name} waits") for event in events]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()
                await asyncio.gather(*waits, return_exceptions=True)
            if self._stopping.is_set() or self._line.ended.is_set():
                return
            self._relisting.clear()
            await self._list(connection)
            self._on_change()

    async def _listen(self, connection: McpConnection) -> None:
        async for _ in connection.changes():
            self._relisting.set()

    async def _list(self, connection: McpConnection) -> None:
        documents, remarks = await connection.list_tools(self._list_limit_s)
        clean = [document for one in documents if isinstance(document := each_text(one, self._redact), dict)]
        self.tools = offered_tools(self.spec.name, clean)
        self._listed_remarks = tuple(remarks)

    async def _ask(self, request: JsonObject, call: _Call | None = None) -> JsonObject:
        """The result of a question. An older protocol does not say in which call: the newest is taken for it."""
        call = call or (self._on_way[-1] if self._on_way else None)
        if call is None:
            self._refused(request, "no call is running")
        if sum(len(each.asking) for each in self._on_way) >= MOST_OPEN:
            self._refused(request, f"{MOST_OPEN} of its questions are open already", call)
        # A task of our own: the SDK's, when it is cancelled, takes the connection with it.
        asking = asyncio.create_task(self._put(request, call), name=f"mcp {self.spec.name} asks")
        call.asking.add(asking)
        try:
            await asyncio.wait([asking])
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            call.asking.discard(asking)
        if asking.cancelled():
            raise InputRefused("The call is over.")
        return asking.result()

    async def _put(self, request: JsonObject, call: _Call) -> JsonObject:
        """Put a question of the server and give its result. Raises `InputRefused`."""
        clean = each_text(request, self._redact)
        try:
            asked = read_asked(clean if isinstance(clean, dict) else {}, self.spec.sampling)
        except NotAskable as error:
            self._refused(request, str(error), call)
        with call.working.stopped():
            reply = await call.ask(asked)
        document = reply_document(asked, reply)
        if document is None:
            raise InputRefused(refusal(reply))
        return document

    def _refused(self, request: JsonObject, why: str, call: _Call | None = None) -> NoReturn:
        wanted = asked_back(str(request.get("method", "")))
        if call is not None:
            call.report(f"the server asked for {wanted} and was refused: {why}")
        if wanted not in self.refused and len(self.refused) < MAX_NOTES:
            self.refused = (*self.refused, wanted)
            self._on_change()
        raise InputRefused(f"{why[:1].upper()}{why[1:]}.")

    def _transport(self) -> "AbstractAsyncContextManager[Any]":
        spec = self.spec
        if spec.url:
            headers = {name: f"{one.scheme} {self._need(one.key)}".strip() for name, one in spec.headers.items()}
            names = " and ".join(f"the key {one.key} in the header {name}" for name, one in spec.headers.items())
            auth = self.sign_in.auth() if self.sign_in is not None else None
            return http_transport(
                fill_keys(spec.url, lambda key: quote(self._need(key), safe="")), headers, names, auth
            )
        own = {variable: self._need(key) for variable, key in spec.environment.items()}
        arguments = tuple(fill_keys(one, self._need) for one in spec.arguments)
        spec = msgspec.structs.replace(spec, arguments=arguments)
        return stdio_transport(spec, child_environment(os.environ) | own, self.said, self._line)

    def _need(self, key: str) -> str:
        value = self._secret(key)
        if value is None:
            raise ExecutorUnavailable(f"it needs the key {key}, which is not set", hint=f"Set {key}.")
        return value

    async def _end_owner(self) -> None:
        owner, self._owner = self._owner, None
        if owner is None:
            return
        self._stopping.set()
        if self._connection is None:
            owner.cancel()
        await asyncio.wait([owner])

    async def _settled_ending(self) -> None:
        """Wait a moment for how the process ended, which comes a little after its pipe has closed."""
        if not self.spec.url:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(2.0):
                    await self._line.ended.wait()

    def _set(self, state: ServerState, failure: str = "") -> None:
        self.state, self.failure = state, failure
        self._on_change()

    def _why(self) -> str:
        return f"the MCP server {self.spec.name} is not running: {self.failure or self.state}"

    def _with_last_words(self, failure: str) -> str:
        words = self.said.last_words or self._first_words
        return f"{failure}. It said: {words}" if words else failure

    def _reason(self, error: BaseException) -> str:
        from mcp import MCPError
        from pydantic import ValidationError

        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        if self._line.ended.is_set():
            return self._with_last_words(f"it {self._line.how}")
        match error:
            case MCPError():
                return error_words(error)
            case ExecutorUnavailable():
                return str(error)
            case ValidationError():
                return f"its answer does not follow MCP: {first_problem(error)}"
            case TimeoutError():
                return f"it did not list its tools within {self._list_limit_s:g} s"
            case _:
                return f"{type(error).__name__}: {clip(str(error), 500)}"
