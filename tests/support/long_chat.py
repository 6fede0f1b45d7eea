"""A conversation as long as one likes, written into a history turn by turn, as the engine records it."""

import json

from workbench.core.content import TextPart
from workbench.core.event import (
    RequestSent,
    ResponseDelta,
    ResponseReceived,
    RoundStarted,
    RunEvent,
    RunFinished,
    RunStarted,
    TurnStarted,
)
from workbench.core.exchange import ModelResponse, Usage
from workbench.core.ids import ROOT_SPAN, RunId, SpanPath, WireFormat, request_span, round_span, turn_span
from workbench.core.json_text import JsonObject
from workbench.core.limit import RunLimits
from workbench.core.message import AssistantMessage, Message, UserMessage
from workbench.core.shared_text import SharedText
from workbench.core.tool_choice import ToolChoice, ToolChoicePlan

TOOLS: list[JsonObject] = [
    {"name": f"tool{number}", "description": "It does what its name says. " * 6, "inputSchema": {"type": "object"}}
    for number in range(5)
]
_PIECES = 12


def run_name(number: int, chat: str = "") -> RunId:
    """The run of turn `number`, counted from 0."""
    return RunId(f"{chat}run-{number:06}")


def turn(number: int, history: tuple[Message, ...] = (), *, chat: str = "", answer_chars: int = 350) -> list[RunEvent]:
    """One run that continues the one before it. `history` is what was said before."""
    run, at = run_name(number, chat), 1_000.0 + number
    prompt = UserMessage(f"{chat}Say more about number {number}, please.")
    text = f"{chat}{number} " + f"word{number} " * 100
    answer = AssistantMessage((TextPart(text[:answer_chars]),))
    said = [*history, prompt]
    body = {
        "model": "m",
        "messages": [{"role": "system", "content": "Be brief. " * 30}, *map(_on_the_wire, said)],
        "tools": [{"type": "function", "function": tool} for tool in TOOLS],
        "stream": True,
    }
    piece = len(answer.text) // _PIECES + 1
    pieces = [answer.text[start : start + piece] for start in range(0, len(answer.text), piece)]
    request = request_span(1, 1, 1)
    events: list[RunEvent] = [
        RunStarted(
            run_id=run,
            seq=1,
            at=at,
            span=ROOT_SPAN,
            provider="p",
            model="m",
            instructions="Be brief. " * 30,
            tools=TOOLS,
            tool_choice=ToolChoicePlan(),
            parallel_calls=True,
            limits=RunLimits(),
            approval="allow *",
            history=history,
            parent_run=run_name(number - 1, chat) if number else None,
        ),
        TurnStarted(run_id=run, seq=2, at=at, span=turn_span(1), turn=1, message=prompt),
        RoundStarted(run_id=run, seq=3, at=at, span=round_span(1, 1), turn=1, round=1),
        RequestSent(
            run_id=run,
            seq=4,
            at=at,
            span=request,
            attempt=1,
            wire_format=WireFormat("openai-chat"),
            path="/chat/completions",
            tool_choice=ToolChoice(),
            offered=(),
            parallel_calls=True,
            body=SharedText(json.dumps(body, separators=(",", ":"))),
        ),
        *(_delta(run, seq, at, request, words) for seq, words in enumerate(pieces, 5)),
    ]
    seq = len(events)
    response = ModelResponse(answer.parts, "answered", usage=Usage(10, 10))
    return [
        *events,
        ResponseReceived(run_id=run, seq=seq + 1, at=at, span=request, attempt=1, response=response, latency_ms=1.0),
        RunFinished(
            run_id=run, seq=seq + 2, at=at, span=ROOT_SPAN, outcome="answered", ended_by="answer", text=answer.text
        ),
    ]


def said_in(events: list[RunEvent]) -> tuple[Message, ...]:
    """What a turn adds to the conversation."""
    said: list[Message] = []
    for event in events:
        match event:
            case TurnStarted():
                said.append(event.message)
            case ResponseReceived():
                said.append(event.response.message)
            case _:
                pass
    return tuple(said)


def _delta(run: RunId, seq: int, at: float, span: SpanPath, text: str) -> ResponseDelta:
    return ResponseDelta(run_id=run, seq=seq, at=at + seq / 1000, span=span, type="text", index=0, text=text)


def _on_the_wire(message: Message) -> JsonObject:
    assert isinstance(message, UserMessage | AssistantMessage)
    return {"role": "user" if isinstance(message, UserMessage) else "assistant", "content": message.text}
