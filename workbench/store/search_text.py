"""What can be searched in an event, as a person would read it."""

import json
import re
from collections.abc import Iterator
from typing import Literal, assert_never, get_args

from workbench.core.content import OpaquePart, Part, ReasoningPart, RefusalPart, TextPart, ToolCallPart
from workbench.core.event import (
    ApprovalAsked,
    ApprovalGiven,
    LimitReached,
    NoteAdded,
    RequestFailed,
    RequestSent,
    ResponseDelta,
    ResponseReceived,
    RoundStarted,
    RunEvent,
    RunFinished,
    RunStarted,
    ServerAnswered,
    ServerAsked,
    ToolCallChecked,
    ToolCallProposed,
    ToolCallSettled,
    ToolsRouted,
    ToolStarted,
    TurnStarted,
    tag_of,
)
from workbench.core.json_text import compact
from workbench.core.server_question import asked_words

TextKind = Literal["prompt", "instructions", "answer", "reasoning", "call", "result", "error", "note", "name"]
"""`name` is the name of a conversation, which is in no event."""

Ignored = RoundStarted | ToolsRouted | RequestSent | ResponseDelta | ApprovalAsked | ToolStarted | LimitReached
"""The kinds of events in which nothing is searched: they have no text, or repeat one."""

KINDS = tuple(tag_of(kind) for kind in get_args(RunEvent) if kind not in get_args(Ignored))
"""The tags of all others."""

_JSON_TEXT = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


def searchable(event: RunEvent) -> Iterator[tuple[TextKind, str]]:
    """The texts of an event; none of them is empty."""
    for kind, text in _texts(event):
        if text.strip():
            yield kind, text


def _texts(event: RunEvent) -> Iterator[tuple[TextKind, str]]:  # noqa: C901 — one flat match, one case per kind
    if isinstance(event, Ignored):
        return
    match event:
        case RunStarted():
            yield "instructions", event.instructions
        case TurnStarted():
            yield "prompt", event.message.text
        case ResponseReceived():
            for part in event.response.parts:
                yield from _part_texts(part)
        case RequestFailed():
            yield "error", _lines(event.message, event.hint, event.partial_text)
        case ToolCallProposed():
            yield "call", f"{event.tool} {_without_escapes(event.arguments_json)}"
        case ToolCallChecked():
            yield "error", _lines(*map(str, event.problems))
        case ApprovalGiven():
            yield "note", event.note
            yield "call", _without_escapes(event.arguments_json or "")
        case ServerAsked():
            yield "note", asked_words(event.asked)
        case ServerAnswered():
            yield "call", _lines(compact(event.content) if event.content is not None else "", event.note)
        case ToolCallSettled():
            text = _without_escapes(event.full_text or event.result_text)
            yield "error" if event.is_error else "result", _lines(text, event.output)
        case NoteAdded():
            yield "note", event.text
        case RunFinished():
            if event.outcome != "answered":
                yield "error", _lines(event.message, event.hint)
        case _:
            assert_never(event)


def _part_texts(part: Part) -> Iterator[tuple[TextKind, str]]:
    match part:
        case ReasoningPart():
            yield "reasoning", part.text
        case TextPart() | RefusalPart():
            yield "answer", part.text
        case ToolCallPart() | OpaquePart():
            pass  # a call is searched as it was proposed, and what only its vendor understands not at all
        case _:
            assert_never(part)


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _without_escapes(text: str) -> str:
    """JSON with `\\u00e9` and `\\n` written out; any other text as it is."""
    return _JSON_TEXT.sub(_written_out, text) if "\\" in text else text


def _written_out(match: re.Match[str]) -> str:
    try:
        return f'"{json.loads(match[0], strict=False)}"'
    except ValueError:
        return match[0]
