"""The HTTP interface: tools, calls, approvals, conversations, history. Every refusal is a problem document."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any, Self, TypeVar

import msgspec
from fastapi import Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from fastapi.routing import APIRoute
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from workbench import __version__
from workbench.app.exports.tool_export import EXPORT_FORMATS
from workbench.app.runs.live_run import LiveRun
from workbench.app.service.service_client import ServiceClient
from workbench.app.service.tool_service import ToolService, durable, shown
from workbench.core.approval import Question
from workbench.core.errors import WorkbenchError
from workbench.core.event import encode_event, kind_of
from workbench.core.ids import RunId
from workbench.core.json_text import JsonObject, compact, whole_number
from workbench.service.guard import CLIENT, IS_WELCOME
from workbench.service.openapi_page import openapi_page
from workbench.service.problem import problem, problem_of

PING_S = 15.0
"""A stream that is silent for so long says that it is still there; so a client that went away is noticed."""
_PROBLEM: dict[int | str, dict[str, Any]] = {
    code: {"description": words, "content": {"application/problem+json": {}}}
    for code, words in {
        400: "The request is not well-formed",
        401: "No valid token",
        403: "Not allowed",
        404: "Not there",
        409: "Not possible now",
        413: "Too long",
        415: "Not JSON",
        421: "Not an address of this service",
        422: "The content does not fit",
        429: "Too many at once",
        503: "The history cannot be read or written",
    }.items()
}


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


B = TypeVar("B", bound=_Body)


def _encodable(values: dict[str, Any]) -> dict[str, Any]:
    try:
        compact(values).encode()
    except UnicodeEncodeError:
        raise ValueError("a string contains half of a surrogate pair") from None
    return values


_Object = Annotated[dict[str, Any], AfterValidator(_encodable)]
"""As any program can write it."""


class Arguments(_Body):
    """The arguments of a call."""

    arguments: _Object = {}


class NewTool(BaseModel):
    """A tool in the project's own shape, which is MCP's."""

    model_config = ConfigDict(extra="allow")
    name: str = Field(pattern="^[A-Za-z0-9_-]{1,64}$")
    inputSchema: _Object  # noqa: N815 — as MCP spells it

    @model_validator(mode="after")
    def _has_encodable_extras(self) -> Self:
        _encodable(self.model_extra or {})
        return self


class Text(_Body):
    """A message to the model."""

    text: str = Field(min_length=1, max_length=1_000_000)
    model: str | None = Field(default=None, max_length=200)


class ApprovalDecision(_Body):
    """A decision about exactly what was shown."""

    decision: str = Field(description="approve, reject or edit", max_length=40)
    shown_hash: str = Field(max_length=128)
    arguments: _Object | None = None
    note: str = Field(default="", max_length=10_000)


async def client_of(request: Request) -> ServiceClient:
    """The client that the guard let in. Raises `HTTPException` where it let in nobody. What is not async would run in
    another thread."""
    found = request.scope.get(CLIENT)
    if not isinstance(found, ServiceClient):
        raise HTTPException(401, "a bearer token is needed")
    return found


async def check_reader(request: Request) -> None:
    """Raises `ServiceRefusal` for a client that may not read."""
    (await client_of(request)).check("read")


Client = Annotated[ServiceClient, Depends(client_of)]
READ = [Depends(check_reader)]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def http_api(service: ToolService, title: str, lifespan: Lifespan | None = None) -> FastAPI:
    """The application. It trusts that the guard stands before it."""
    app = FastAPI(
        title=f"{title}: tools",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        responses=_PROBLEM,
    )
    _add_failures(app)
    _add_tools(app, service)
    _add_runs(app, service)
    _add_approvals(app, service)

    @app.get("/health", tags=["service"])
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/ready", tags=["service"])
    async def ready() -> Response:
        await service.recover()
        if service.trouble:
            return problem(503, "what is done here cannot be recorded")  # anybody may ask; why is for clients
        return JSONResponse({"status": "ready"})

    @app.get("/docs", include_in_schema=False, dependencies=READ)
    async def docs() -> HTMLResponse:
        return HTMLResponse(openapi_page(app.openapi()))

    return app


def _add_tools(app: FastAPI, service: ToolService) -> None:
    tools = service.tools

    @app.get("/v1/tools", tags=["tools"], dependencies=READ)
    async def list_tools() -> dict[str, Any]:
        return {"tools": [shown(served) for served in tools.all()]}

    @app.post("/v1/tools", tags=["tools"], status_code=201)
    async def register(client: Client, tool: NewTool) -> dict[str, str]:
        name = await service.register(client, tool.model_dump())
        return {"status": "added", "name": name} if name else {"status": "there already"}

    @app.get("/v1/tools/{name}", tags=["tools"], dependencies=READ)
    async def one_tool(
        name: str,
        export_format: Annotated[
            str, Query(alias="format", description=", ".join(n for n, _ in EXPORT_FORMATS))
        ] = "mcp",
        strict: bool = False,
    ) -> dict[str, Any]:
        exported = service.export(name, export_format, strict=strict)
        return {
            "format": export_format,
            "text": exported.text,
            "tested": tools.named(name).tested,
            "evidence": await asyncio.to_thread(service.evidence, name, exported, export_format, strict=strict),
            "ledger": [str(entry) for entry in exported.ledger],
        }

    @app.post("/v1/tools/{name}/validate", tags=["tools"], dependencies=READ)
    async def validate(
        name: str,
        body: Arguments,
    ) -> dict[str, Any]:
        found = await service.preview(name, compact(body.arguments))
        return {"valid": not found.problems, "problems": [msgspec.to_builtins(each) for each in found.problems]}

    @app.post("/v1/tools/{name}/preview", tags=["tools"], dependencies=READ)
    async def preview(
        name: str,
        body: Arguments,
    ) -> dict[str, Any]:
        found: JsonObject = msgspec.to_builtins(await service.preview(name, compact(body.arguments)))
        return found

    async def call(name: str, request: Request) -> Response:
        client = await client_of(request)
        run = service.call(client, name, compact((await _read(Arguments, request)).arguments))
        gone = asyncio.ensure_future(_until_gone(request))
        gone.add_done_callback(lambda _: run.stop())  # nobody would hear of it
        try:
            return Response(msgspec.json.encode(await service.answer(run)), media_type="application/json")
        finally:
            gone.cancel()

    app.router.add_api_route(
        "/v1/tools/{name}/call",
        call,
        methods=["POST"],
        tags=["tools"],
        openapi_extra=_body_of(Arguments),
        route_class_override=_Plain,
    )


class _Plain(APIRoute):
    """Gives its function the request as it is: FastAPI's look at it would take as long as the call."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See FastAPI."""

        async def handle(request: Request) -> Response:
            answer: Response = await self.endpoint(request=request, **request.path_params)
            return answer

        return handle


def _body_of(kind: type[_Body]) -> dict[str, Any]:
    schema = {"schema": kind.model_json_schema()}
    return {"requestBody": {"required": True, "content": {"application/json": schema}}}


async def _read(kind: type[B], request: Request) -> B:
    """What a body says; raises `RequestValidationError`, and `HTTPException` where it was cut off."""
    try:
        return kind.model_validate_json(await request.body())
    except ClientDisconnect:
        raise HTTPException(400, "the body was cut off") from None
    except ValidationError as error:
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in error.errors()]) from None


def _add_runs(app: FastAPI, service: ToolService) -> None:
    @app.get("/v1/runs", tags=["runs"], dependencies=READ)
    async def runs(limit: Annotated[int, Query(ge=1, le=1000)] = 50) -> dict[str, Any]:
        rows = await asyncio.to_thread(service.recorded, limit)
        return {"runs": [msgspec.to_builtins(row) for row in rows]}

    @app.get("/v1/runs/{run_id}", tags=["runs"], dependencies=READ)
    async def one_run(run_id: str, deltas: bool = False) -> Response:
        events = await asyncio.to_thread(service.events, run_id)
        lines = b",".join(encode_event(event) for event in (events if deltas else durable(events)))
        return Response(b'{"events":[' + lines + b"]}", media_type="application/json")

    @app.get("/v1/runs/{run_id}/events", tags=["runs"], response_class=StreamingResponse, dependencies=READ)
    async def events(
        run_id: str,
        request: Request,
    ) -> Response:
        after = whole_number(request.headers.get("last-event-id", "0"))
        if after is None:
            return problem(400, "Last-Event-ID is not the number of an event")
        await asyncio.to_thread(service.find, run_id)
        events = _stream(service, run_id, after, request.scope[IS_WELCOME])
        return StreamingResponse(events, media_type="text/event-stream")

    @app.post("/v1/runs/{run_id}/stop", tags=["runs"])
    async def stop(run_id: str, client: Client) -> dict[str, str]:
        service.stop(client, RunId(run_id))
        return {"status": "stopping"}

    @app.post("/v1/conversations", tags=["conversations"], status_code=202)
    async def begin(body: Text, client: Client) -> dict[str, str]:
        return await _begun(service, service.send(client, body.text, model=body.model))

    @app.post("/v1/conversations/{conversation}/messages", tags=["conversations"], status_code=202)
    async def send(conversation: str, body: Text, client: Client) -> dict[str, str]:
        run = service.send(client, body.text, conversation=RunId(conversation), model=body.model)
        return await _begun(service, run)

    @app.get("/v1/suite-runs", tags=["suites"], dependencies=READ)
    async def suite_runs() -> dict[str, Any]:
        return {"suite_runs": await asyncio.to_thread(service.suite_runs)}

    @app.get("/v1/suite-runs/{suite_run_id}", tags=["suites"], dependencies=READ)
    async def suite_run(
        suite_run_id: str,
    ) -> dict[str, Any]:
        return await asyncio.to_thread(service.suite_report, suite_run_id)


def _add_approvals(app: FastAPI, service: ToolService) -> None:
    @app.get("/v1/approvals", tags=["approvals"], dependencies=READ)
    async def approvals() -> dict[str, Any]:
        return {"approvals": [_question(question) for question in service.pending()]}

    @app.post("/v1/approvals/{call_id}", tags=["approvals"])
    async def decide(call_id: str, body: ApprovalDecision, client: Client) -> dict[str, str]:
        arguments = compact(body.arguments) if body.arguments is not None else None
        service.decide(client, call_id, body.shown_hash, body.decision, arguments_json=arguments, note=body.note)
        return {"status": "decided"}


def _add_failures(app: FastAPI) -> None:
    @app.exception_handler(WorkbenchError)
    async def expected(_request: Request, error: WorkbenchError) -> JSONResponse:
        return problem_of(error)

    @app.exception_handler(HTTPException)
    async def http(_request: Request, error: HTTPException) -> JSONResponse:
        headers = dict(error.headers or {})
        return problem(error.status_code, "" if error.status_code == 404 else str(error.detail), headers=headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = "/".join(str(step) for step in first["loc"])
        return problem(422, f"{where}: {first['msg']}")


async def _stream(
    service: ToolService, run_id: str, after: int, is_welcome: Callable[[], bool]
) -> AsyncIterator[bytes]:
    """Events to the end of the run, or until the client's token is revoked."""
    events = service.follow(run_id, after=after)
    coming = asyncio.ensure_future(anext(events, None))
    try:
        while True:
            done, _ = await asyncio.wait({coming}, timeout=PING_S)
            if not is_welcome():
                return
            if not done:
                yield b": still here\n\n"
                continue
            event = coming.result()
            if event is None:
                return
            yield b"id: %d\nevent: %s\ndata: %s\n\n" % (event.seq, kind_of(event).encode(), encode_event(event))
            coming = asyncio.ensure_future(anext(events, None))
    finally:
        coming.cancel()


async def _until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        continue


def _question(question: Question) -> JsonObject:
    return {
        "call_id": question.call_id,
        "tool": question.tool.name,
        "arguments_json": question.arguments_json,
        "rule": question.rule,
        "wants": question.wants,
        "shown_hash": question.shown_hash,
        "expires_at": question.expires_at,
        "problems": [str(each) for each in question.problems],
        "remarks": list(question.remarks),
    }


async def _begun(service: ToolService, run: LiveRun) -> dict[str, str]:
    await service.begun(run)
    return {"run_id": run.run_id, "events": f"/v1/runs/{run.run_id}/events"}
