"""Logged requests of all wires, alone, with their answers, in lists, and in HAR files: conversations and their tools.

Headers are never read, so no key in them can be imported.
"""

import json
from collections.abc import Iterable, Iterator

import msgspec

from workbench.app.imports.conversation import LoggedConversation, Returned, TurnBuilder, longest, with_called
from workbench.app.imports.found import Found, FoundTool
from workbench.app.imports.tool_import import found_in
from workbench.app.models.wires import WIRES
from workbench.core.errors import MalformedJson, WorkbenchError
from workbench.core.exchange import ModelResponse
from workbench.core.json_text import JsonObject, JsonValue, parse_strict
from workbench.core.tool import Tool
from workbench.providers.answer import AnswerReader
from workbench.providers.logged import LoggedAnswer, LoggedResult, LoggedUser
from workbench.providers.wire import Wire

_MOST_DEPTH = 6
_MOST = 5_000
_RESPONSES = ("response", "sse", "response_body", "responseBody", "output", "completion")


class Exchange(msgspec.Struct, frozen=True):
    """A request's body, and the answer's: as JSON or as text, None if the log does not have it."""

    body: JsonObject
    answer: JsonValue = None
    address: str = ""
    wire_format: str = ""
    provider: str = ""
    """The vendor, as telemetry names it, if the body is not in the wire's format."""


def exchanges_in(document: JsonValue, depth: int = 0) -> Iterator[Exchange]:
    """The requests to models in a document."""
    if depth > _MOST_DEPTH:
        return
    if isinstance(document, list):
        for one in document[:_MOST]:
            yield from exchanges_in(one, depth + 1)
        return
    if not isinstance(document, dict):
        return
    for key in ("exchanges", "entries", "interactions", "requests"):
        if isinstance(rows := document.get(key), list):
            hint = str(document.get("wire_format") or "")
            for found in exchanges_in(rows, depth + 1):
                yield msgspec.structs.replace(found, wire_format=found.wire_format or hint)
            return
    if isinstance(log := document.get("log"), dict):
        yield from exchanges_in(log, depth + 1)
        return
    if (exchange := exchange_in(document)) is not None:
        yield exchange


def holds_requests(document: JsonValue) -> bool:
    """Whether there is a request to a model in a document."""
    return next(exchanges_in(document), None) is not None


def found_in_log(document: JsonValue) -> Found:
    """The conversations and tools of all requests in a document."""
    return conversations_of(exchanges_in(document))


def conversations_of(exchanges: Iterable[Exchange]) -> Found:
    """The conversations of these requests, each once and in its longest form, and the tools in all of them."""
    tools: dict[str, FoundTool] = {}
    made: list[LoggedConversation] = []
    skipped: list[tuple[str, str]] = []
    shapes: dict[str, None] = {}
    for number, one in enumerate(exchanges, 1):
        wire = wire_of(one)
        if wire is None:
            continue
        shapes[wire.label] = None
        found = found_in(one.body)
        for tool in found.items:
            tools.setdefault(tool.tool.digest, tool)
        try:
            conversation = _conversation(wire, one, tuple(map(_as_called, found.items)))
        except (WorkbenchError, TypeError, ValueError, KeyError, AttributeError, IndexError) as error:
            why = error.message if isinstance(error, WorkbenchError) else "it has another shape than its wire"
            skipped.append((f"request {number}", why))
            continue
        asked = next((each for each in WIRES if one.provider and each.telemetry_name == one.provider), wire)
        made.append(msgspec.structs.replace(conversation, wire=asked.id))
        if not conversation.turns and conversation.notes:
            skipped.append((f"request {number}", "; ".join(conversation.notes)))
    kept = longest(one for one in made if one.turns)
    shape = ", ".join(shapes)
    return Found(tuple(tools.values()), shape, skipped=tuple(skipped), conversations=kept)


def wire_of(exchange: Exchange) -> Wire | None:
    """The wire of a request: according to the log, else by its address, else by the keys of its body."""
    readers = [(wire, wire.load(True).logged) for wire in WIRES]
    fitting = [(wire, reader) for wire, reader in readers if reader.is_request(exchange.body)]
    named = [wire for wire, _ in readers if wire.wire_format == exchange.wire_format]
    placed = [wire for wire, reader in readers if reader.path in exchange.address]
    special = sorted(
        (wire for wire, _ in fitting), key=lambda wire: wire is WIRES[0]
    )  # other wires have these keys, too
    return next(iter([*named, *placed, *special]), None)


def exchange_in(document: JsonObject) -> Exchange | None:
    """A request to a model, with its answer if the log has it; None for anything else."""
    request = document.get("request")
    held = request if isinstance(request, dict) else document
    posted = held.get("postData")
    body: JsonValue = next((one for one in (held.get("body"), posted) if one is not None), held)
    body = _parsed(body.get("text") if isinstance(body, dict) and "mimeType" in body else body)
    if not isinstance(body, dict) or not any(wire.load(True).logged.is_request(body) for wire in WIRES):
        return None
    answer: JsonValue = next((document[key] for key in _RESPONSES if document.get(key) not in (None, "")), None)
    if isinstance(answer, dict):
        content = answer.get("content")
        inner = content.get("text") if isinstance(content, dict) and "mimeType" in content else answer.get("body")
        answer = inner if inner is not None else answer
    address = str(held.get("url") or held.get("path") or held.get("uri") or "")
    return Exchange(body, answer, address, str(document.get("wire_format") or ""))


def _parsed(value: JsonValue) -> JsonValue:
    if not isinstance(value, str):
        return value
    try:
        return parse_strict(value)
    except MalformedJson:
        return None


def _conversation(wire: Wire, exchange: Exchange, tools: tuple[Tool, ...]) -> LoggedConversation:
    code = wire.load(True)
    request = code.logged.read(exchange.body)
    builder = TurnBuilder()
    for entry in request.entries:
        match entry:
            case LoggedUser(text=text):
                builder.add_user(text)
            case LoggedAnswer(body=body):
                builder.add_answer(code.decode(body))
            case LoggedResult():
                builder.add_result(entry.call_id, Returned(entry.text, entry.is_error, entry.attachments))
    notes = [f"what is not text is left out: {', '.join(request.lost)}"] if request.lost else []
    if exchange.answer is not None:
        try:
            answer = _answer(wire, exchange.answer)
        except WorkbenchError as error:
            notes.append(f"its last answer cannot be read: {error.message}")
        else:
            if not builder.ends_with(answer):
                builder.add_answer(answer)
    turns = builder.turns()
    return LoggedConversation(
        wire.id, request.model, request.instructions, with_called(tools, turns), turns, (*notes, *builder.notes)
    )


def _answer(wire: Wire, held: JsonValue) -> ModelResponse:
    """A complete body, or the events of a stream as text. Raises `ProviderFailure`."""
    code = wire.load(True)
    text = _body_text(held)
    reader = AnswerReader((code.lenient_stream or code.stream)(), code.decode)
    items = [*reader.feed(text.encode("utf-8", "replace")), *reader.finish()]
    return next(one for one in reversed(items) if isinstance(one, ModelResponse))


def _body_text(held: JsonValue) -> str:
    """A body as it arrived. Logs keep the events of a stream as one text, as lines, or as the JSON in them."""
    if isinstance(held, str):
        lines = [line for line in held.splitlines() if line.strip()]
        if len(lines) < 2 or not all(line.startswith("{") for line in lines):
            return held
        held = [*lines]
    if not isinstance(held, list):
        return json.dumps(held, ensure_ascii=False)
    made = []
    for one in held:
        if isinstance(one, dict):
            name = f"event: {one['type']}\n" if isinstance(one.get("type"), str) else ""
            made.append(f"{name}data: {json.dumps(one, ensure_ascii=False)}\n\n")
        elif isinstance(one, str):
            line = one.strip()
            is_event = line.startswith("event:") and "\n" not in line
            made.append(f"data: {line}\n\n" if line.startswith("{") else f"{line}\n" if is_event else f"{line}\n\n")
    return "".join(made)


def _as_called(found: FoundTool) -> Tool:
    """The tool under its name in the log."""
    named = found.identity or found.tool.name
    return found.tool if named == found.tool.name else Tool({**found.tool.document, "name": named})
