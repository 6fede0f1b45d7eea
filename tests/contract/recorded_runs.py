"""Recorded conversations brought in as runs: the loop is run over the recorded answers and results, once.

A recording may hold several conversations; each becomes a run of its own.
"""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import msgspec

from tests.contract.formats import FORMATS, Format, read_pieces
from tests.contract.recordings import FOLDER
from tests.support.runs import DirectChecker, MemoryGate, PushedClock
from workbench.core.approval import ALLOW_ALL, Decision, Question
from workbench.core.content import Part, TextPart, ToolCallPart
from workbench.core.errors import ProviderFailure, ToolError
from workbench.core.event import RunEvent
from workbench.core.exchange import ModelRequest, StreamItem, WireRequest
from workbench.core.ids import CallId, RunId
from workbench.core.json_text import JsonObject, compact
from workbench.core.limit import RunLimits
from workbench.core.log import EventLog
from workbench.core.message import AssistantMessage, Message, ToolResult, ToolResultsMessage, UserMessage
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import ChoiceSupport
from workbench.engine.ask import Asker
from workbench.engine.call_services import CallServices
from workbench.engine.dispatch import Dispatcher
from workbench.engine.loop import Loop
from workbench.engine.ports import ExecutionOrder, ExecutionResult
from workbench.engine.recorder import Recorder
from workbench.engine.setup import RunSetup

Exchange = dict[str, Any]


class Conversation(msgspec.Struct):
    """Exchanges that continue each other."""

    label: str
    wire_format: str
    exchanges: list[Exchange]


def conversations() -> list[Conversation]:
    """All of them, in order; empty when there are no recordings."""
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        recording = json.loads(path.read_text())
        for number, exchanges in enumerate(_chains(recording["exchanges"])):
            found.append(Conversation(f"{path.stem}-{number}", recording["wire_format"], exchanges))
    return found


def _chains(exchanges: list[Exchange]) -> Iterator[list[Exchange]]:
    chain: list[Exchange] = []
    for exchange in exchanges:
        if chain and not (chain[-1]["tool_calls"] and _continues(_messages(chain[-1]), _messages(exchange))):
            yield chain
            chain = []
        chain.append(exchange)
    yield chain


def _continues(before: list[Any], now: list[Any]) -> bool:
    return bool(before) and len(now) > len(before) and now[: len(before)] == before


def _body(exchange: Exchange) -> dict[str, Any]:
    return (exchange.get("request") or {}).get("body") or {}


def _messages(exchange: Exchange) -> list[Any]:
    given = _body(exchange).get("messages") or _body(exchange).get("input") or []
    return [{"role": "user", "content": given}] if isinstance(given, str) else given


class RecordedAnswers:
    """A provider over the recorded answers of one conversation, in order."""

    def __init__(self, form: Format, exchanges: list[Exchange]) -> None:
        self._form = form
        self._left = list(exchanges)
        self.adapter = form.adapter()
        self.name = self.adapter.name

    def choice_support(self, model: str) -> ChoiceSupport:
        return self.adapter.choice_support(model)

    def encode(self, request: ModelRequest) -> WireRequest:
        return self.adapter.encode(request)

    async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        exchange = self._left.pop(0)
        if exchange["status"] >= 400:
            raise ProviderFailure(compact(exchange["response"]), kind="invalid_request", status=exchange["status"])
        if "sse" in exchange:
            text = "\n".join(exchange["sse"]).rstrip("\n") + "\n\n"
            deltas, response = read_pieces(self._form, [text.encode()])
            for delta in deltas:
                yield delta
            yield response
        else:
            yield self._form.decode(json.dumps(exchange["response"]).encode())

    async def close(self) -> None:
        pass


class RecordedResults:
    """Results by the order in which calls of a tool were made."""

    name = "recorded elsewhere"

    def __init__(self, results: dict[str, list[str]]) -> None:
        self._results = results

    def executor_for(self, tool: Tool) -> "RecordedResults":
        return self

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        left = self._results.get(order.tool.name)
        if not left:
            raise ToolError("The recording ends before this result.", kind="not_recorded")
        return ExecutionResult(left.pop(0))


class Nobody:
    """Is never there."""

    async def decide(self, question: Question) -> Decision:
        return Decision("expire", by="nobody")


async def imported(conversation: Conversation) -> list[RunEvent]:
    """The conversation as the log of a run."""
    form = FORMATS[conversation.wire_format]
    first = conversation.exchanges[0]
    body = _body(first)
    *history, last = neutral_messages(_messages(first)) or [UserMessage("(not recorded)")]
    prompt = last if isinstance(last, UserMessage) else UserMessage("Go on.")
    setup = RunSetup(
        model=body.get("model") or "recorded-model",
        toolset=Toolset(list(_tools(body))),
        instructions=_instructions(body),
        policy=ALLOW_ALL,
        limits=RunLimits(rounds=len(conversation.exchanges), concurrency=1),
        history=tuple(history if prompt is last else [*history, last]),
    )
    log = EventLog()
    clock = PushedClock()
    recorder = Recorder(RunId(conversation.label), log, clock)
    provider = RecordedAnswers(form, conversation.exchanges)
    dispatcher = Dispatcher(
        setup,
        recorder,
        CallServices(
            executors=RecordedResults(_results(conversation.exchanges)),
            approver=Nobody(),
            gate=MemoryGate(),
            checker=DirectChecker(),
        ),
    )
    asker = Asker(setup, recorder, provider=provider, clock=clock, jitter=lambda: 0.0)
    await Loop(setup, recorder, provider=provider, asker=asker, dispatcher=dispatcher).run((prompt,))
    return list(log)


def _tools(body: dict[str, Any]) -> Iterator[Tool]:
    seen = set()
    for given in body.get("tools") or []:
        tool = given.get("function") or given
        schema = tool.get("parameters") or tool.get("input_schema")
        if isinstance(tool.get("name"), str) and isinstance(schema, dict) and tool["name"] not in seen:
            seen.add(tool["name"])
            yield Tool.make(tool["name"], tool.get("description") or "", schema, strict=tool.get("strict"))


def _instructions(body: dict[str, Any]) -> str:
    given = body.get("instructions") or body.get("system") or ""
    told = [_text(given)] if given else []
    told += [_text(m.get("content")) for m in body.get("messages") or [] if m.get("role") in ("system", "developer")]
    return "\n\n".join(told)


def _results(exchanges: list[Exchange]) -> dict[str, list[str]]:
    """By tool name, in the order in which they are in the longest request."""
    results: dict[str, list[str]] = {}
    first = len(neutral_messages(_messages(exchanges[0])))
    for message in neutral_messages(_messages(exchanges[-1]))[first:]:
        if isinstance(message, ToolResultsMessage):
            for result in message.results:
                results.setdefault(result.tool, []).append(result.text)
    return results


def neutral_messages(given: list[Any]) -> list[Message]:
    """Messages of any of the three wires, as far as the workbench knows their like."""
    messages: list[Message] = []
    names: dict[str, str] = {}
    for item in given:
        for message in _neutral(item, names):
            last = messages[-1] if messages else None
            if isinstance(message, ToolResultsMessage) and isinstance(last, ToolResultsMessage):
                messages[-1] = ToolResultsMessage((*last.results, *message.results))
            elif isinstance(message, AssistantMessage) and isinstance(last, AssistantMessage):
                messages[-1] = AssistantMessage((*last.parts, *message.parts))
            else:
                messages.append(message)
    return messages


def _neutral(item: dict[str, Any], names: dict[str, str]) -> Iterator[Message]:
    match item:
        case {"type": "function_call", "call_id": call_id, "name": name}:
            yield AssistantMessage((_call(names, call_id, name, item.get("arguments") or ""),))
        case {"type": "function_call_output", "call_id": call_id}:
            yield _result(names, call_id, item.get("output"))
        case {"role": "tool", "tool_call_id": call_id}:
            yield _result(names, call_id, item.get("content"))
        case {"role": "assistant"}:
            parts = list(_assistant_parts(item, names))
            if parts:
                yield AssistantMessage(tuple(parts))
        case {"role": "user", "content": list(blocks)}:
            results = [block for block in blocks if block.get("type") == "tool_result"]
            for block in results:
                yield _result(names, block["tool_use_id"], block.get("content"))
            if len(results) < len(blocks):
                yield UserMessage(_text([block for block in blocks if block not in results]) or "(not text)")
        case {"role": "user"}:
            yield UserMessage(_text(item.get("content")) or "(not text)")


def _assistant_parts(item: dict[str, Any], names: dict[str, str]) -> Iterator[Part]:
    content = item.get("content")
    if text := _text(content):
        yield TextPart(text)
    for call in item.get("tool_calls") or []:
        if "function" in call:
            yield _call(names, call["id"], call["function"]["name"], call["function"]["arguments"])
    for block in content if isinstance(content, list) else []:
        if block.get("type") == "tool_use":
            yield _call(names, block["id"], block["name"], compact(block["input"]))


def _call(names: dict[str, str], call_id: str, name: str, arguments: str) -> ToolCallPart:
    names[call_id] = name
    return ToolCallPart(call_id, name, arguments)


def _result(names: dict[str, str], call_id: str, content: object) -> ToolResultsMessage:
    text = _text(content) or "(not text)"
    return ToolResultsMessage((ToolResult(CallId(""), call_id, names.get(call_id, "unknown"), text),))


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    blocks: list[JsonObject] = (
        [block for block in content if isinstance(block, dict)] if isinstance(content, list) else []
    )
    return "\n".join(str(block["text"]) for block in blocks if isinstance(block.get("text"), str))
