"""The served tools as an MCP server, for both revisions of the protocol that the SDK speaks."""

import asyncio
import base64
import hashlib
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError

from workbench import __version__
from workbench.app.runs.live_run import LiveRun
from workbench.app.service.service_client import ServiceClient, ServiceRefusal
from workbench.app.service.tool_service import CallAnswer, ToolService
from workbench.core.approval import Question
from workbench.core.errors import MalformedJson, WorkbenchError
from workbench.core.event import BY_TOOL, NoteAdded, RunEvent
from workbench.core.json_text import JsonObject, compact, parse_strict
from workbench.core.message import Attachment
from workbench.core.tool import Tool
from workbench.core.tool_progress import ToolProgress, read_progress
from workbench.core.visible_text import visible
from workbench.service.approval_state import ApprovalSeal, WaitingCall

ASKS_SINCE = "2026-07-28"
"""The first revision in which a server may answer that it needs the user."""
LIST_TTL_MS = 10_000
TESTED = "workbench/tested"
"""Where a tool of the list says whether its text was tested as it is."""
_QUESTION = "approval"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:[!-~]+")
_SCHEMA = {
    "type": "object",
    "properties": {"approve": {"type": "boolean", "title": "Run this call", "default": False}},
    "required": ["approve"],
}

ClientOf = Callable[[Any], ServiceClient]
"""The client behind a request's context."""


def mcp_server(service: ToolService, name: str, client_of: ClientOf, now: Callable[[], float]) -> "Server[Any]":
    """The server; run it over stdio, or mount its streamable HTTP application."""
    tools = _Tools(service, client_of, now)
    return Server(
        name, version=__version__, on_list_tools=tools.list, on_call_tool=tools.call, get_tool_input_schema=tools.schema
    )


class _Tools:
    def __init__(self, service: ToolService, client_of: ClientOf, now: Callable[[], float]) -> None:
        self._service = service
        self._client_of = client_of
        self._now = now
        self._seal = ApprovalSeal(now)
        self._waiting: dict[str, LiveRun] = {}

    async def list(self, context: Any, _page: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        self._client_of(context).check("read")
        tools = [
            types.Tool.model_validate({**_listed(served.tool), "_meta": {TESTED: served.tested}})
            for served in self._service.tools.offered()
        ]
        return types.ListToolsResult(tools=tools, ttl_ms=LIST_TTL_MS, cache_scope="private")

    def schema(self, name: str) -> dict[str, Any] | None:
        try:
            return self._service.tools.to_call(name).input_schema
        except WorkbenchError:
            return None

    async def call(
        self, context: Any, params: types.CallToolRequestParams
    ) -> types.CallToolResult | types.InputRequiredResult:
        client = self._client_of(context)
        text = compact(params.arguments or {})
        try:
            if params.request_state is not None:
                return await self._go_on(context, client, params, text)
            run = self._service.call(client, params.name, text)
        except ServiceRefusal as error:
            if error.kind == "not_found":
                raise MCPError(types.INVALID_PARAMS, error.message) from None
            return _refused(str(error))
        except WorkbenchError as error:
            return _refused(str(error))
        async with _followed(context, run):
            question = await self._service.question(run)
            can_ask = context.protocol_version >= ASKS_SINCE and "approve" in client.scopes
            if question is not None and can_ask and question.wants == "decision":
                return self._ask(client, params.name, text, run, question)
            return _result(await self._service.answer(run))

    def _ask(
        self, client: ServiceClient, tool: str, text: str, run: LiveRun, question: Question
    ) -> types.InputRequiredResult:
        until = self._now() + self._service.settings.approval_s
        waiting = WaitingCall(
            run.run_id, question.call_id, question.shown_hash, client.name, tool, _digest(text), until
        )
        self._waiting = {run_id: live for run_id, live in self._waiting.items() if live.is_running}
        self._waiting[run.run_id] = run
        message = (
            f"{visible(tool)} wants to run with {visible(question.arguments_json)}. Rule: {visible(question.rule)}"
        )
        form = types.ElicitRequestFormParams(message=message, requested_schema=_SCHEMA)
        return types.InputRequiredResult(
            input_requests={_QUESTION: types.ElicitRequest(params=form)}, request_state=self._seal.seal(waiting)
        )

    async def _go_on(
        self, context: Any, client: ServiceClient, params: types.CallToolRequestParams, text: str
    ) -> types.CallToolResult:
        waiting = self._seal.open(params.request_state or "")
        run = self._waiting.get(waiting.run_id) if waiting is not None else None
        fits = waiting is not None and (waiting.client, waiting.tool) == (client.name, params.name)
        if waiting is None or run is None or not fits or waiting.arguments_digest != _digest(text):
            raise MCPError(types.INVALID_PARAMS, "this request state is not valid, or was used before")
        answer = (params.input_responses or {}).get(_QUESTION)
        is_yes = isinstance(answer, types.ElicitResult) and answer.action == "accept"
        is_yes = is_yes and (answer.content or {}).get("approve") is True  # type: ignore[union-attr]
        async with _followed(context, run):
            try:
                self._service.decide(client, waiting.call_id, waiting.shown_hash, "approve" if is_yes else "reject")
            except ServiceRefusal as error:
                if error.kind != "conflict":  # the person was faster: what they decided counts
                    return _refused(str(error))
            return _result(await self._service.answer(run))


_KEPT = frozenset({"name", "title", "description", "inputSchema", "outputSchema", "annotations", "icons"})
"""What a list of tools has; the project's files may have more."""


def _listed(tool: Tool) -> JsonObject:
    """A tool as shown to clients. A result that is not an object is text only, so its schema would be a promise that
    older clients hold us to."""
    kept = {key: value for key, value in tool.document.items() if key in _KEPT}
    if tool.output_schema is not None and tool.output_schema.get("type") != "object":
        del kept["outputSchema"]
    return kept


def _result(answer: CallAnswer) -> types.CallToolResult:
    found: Any = None
    if not answer.is_error:
        try:
            value = parse_strict(answer.text)
            found = value if isinstance(value, dict) else None
        except MalformedJson:
            found = None
    content: list[Any] = [types.TextContent(type="text", text=answer.text), *map(_block, answer.attachments)]
    return types.CallToolResult(content=content, structured_content=found, is_error=answer.is_error)


def _block(attachment: Attachment) -> Any:
    """Data as this protocol has it: a text, or what came with an address, is a resource, whatever its type."""
    data, mime_type = attachment.data, attachment.mime_type
    if not attachment.is_text and not _ADDRESS.fullmatch(attachment.name):
        if attachment.is_picture:
            return types.ImageContent(type="image", data=data, mime_type=mime_type)
        if mime_type.startswith("audio/"):
            return types.AudioContent(type="audio", data=data, mime_type=mime_type)
    named: Any = {"uri": _address(attachment), "mime_type": mime_type}
    held: types.TextResourceContents | types.BlobResourceContents
    if attachment.is_text:
        held = types.TextResourceContents(**named, text=base64.b64decode(data).decode())
    else:
        held = types.BlobResourceContents(**named, blob=data)
    return types.EmbeddedResource(type="resource", resource=held)


def _address(attachment: Attachment) -> str:
    """What many clients insist on: a whole address. A function gives its files bare names."""
    name = attachment.name
    if not name:
        return f"data:{attachment.mime_type}"
    return name if _ADDRESS.fullmatch(name) else f"file:///{quote(name.lstrip('/'))}"


def _refused(words: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=words)], is_error=True)


@asynccontextmanager
async def _followed(context: Any, run: LiveRun) -> AsyncIterator[None]:
    """The client hears how far the run is, and stops it by going away or withdrawing the request."""
    progress = _Progress(context)
    forget = run.log.subscribe(progress.listen)
    try:
        yield
        await progress.finish()
    except asyncio.CancelledError:
        run.stop()
        raise
    finally:
        forget()


class _Progress:
    """Sends what a running tool reports to a client that asked for progress; to others the SDK sends nothing. What is
    sent always grows, as the protocol demands: a report without a number, or with a lower one, counts one on."""

    def __init__(self, context: Any) -> None:
        self._session = context.session
        self._last: float | None = None
        self._sending: set[asyncio.Task[None]] = set()

    def listen(self, event: RunEvent) -> None:
        """A listener of logs."""
        if not isinstance(event, NoteAdded) or event.by != BY_TOOL:
            return
        report = read_progress(event.text)
        if report is None or (self._last is not None and report.done <= self._last):
            report = ToolProgress((self._last or 0.0) + 1, message=event.text)
        self._last = report.done
        sent = self._session.report_progress(report.done, report.total, report.message or None)
        self._sending.add(task := asyncio.ensure_future(sent))
        task.add_done_callback(self._sending.discard)

    async def finish(self) -> None:
        """Wait until all of it is sent: the answer comes last."""
        await asyncio.gather(*self._sending, return_exceptions=True)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
