"""Answers from a list: for tests, tutorials, demos and an offline start. All kinds of failure included.

A script is a JSON file:

    {"answers": [
        {"text": "Let me look.", "calls": [{"tool": "get_weather", "arguments": {"city": "Oslo"}}]},
        {"fail": {"kind": "rate_limit", "status": 429, "retry_after_s": 0.1}},
        {"text": "It is cold in Oslo."}
    ]}

Which answer comes next follows from the conversation alone (how many answers it already holds), so a fork or
a resumed run finds its place. A `fail` entry is given once, before the answer behind it.
`arguments_json` instead of `arguments` gives a raw text, malformed ones too. `cut_off` ends the stream in the
middle; `delay_s` waits before each piece; `pieces` is how many characters a piece has.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from workbench.core.content import Part, ReasoningPart, TextPart, ToolCallPart
from workbench.core.errors import FailureKind, ProjectError, ProviderFailure
from workbench.core.exchange import Delta, ModelRequest, ModelResponse, StopReason, StreamItem, Usage, WireRequest
from workbench.core.ids import WireFormat
from workbench.core.json_text import JsonObject, compact, without_surrogates
from workbench.core.message import AssistantMessage
from workbench.core.tool_choice import ChoiceSupport

WIRE_FORMAT = WireFormat("scripted")


class ScriptedCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call the script proposes; exactly one of the two argument fields is used."""

    tool: str
    arguments: JsonObject = {}
    arguments_json: str | None = None
    id: str | None = None


class ScriptedFailure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A failure in place of an answer."""

    kind: FailureKind
    message: str = "The script fails here."
    status: int | None = None
    retry_after_s: float | None = None


class ScriptedAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer of the script."""

    text: str = ""
    reasoning: str = ""
    calls: tuple[ScriptedCall, ...] = ()
    stop_reason: StopReason | None = None
    fail: ScriptedFailure | None = None
    cut_off: bool = False
    delay_s: float = 0.0
    pieces: int = 12
    usage: Usage | None = None


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The answers in order."""

    answers: tuple[ScriptedAnswer, ...]


def load_script(path: Path) -> Script:
    """The script in a file; raises `ProjectError` saying where it is wrong."""
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for, a device never ends
            raise ProjectError("a script is an ordinary file", where=str(path))
        return msgspec.json.decode(path.read_bytes(), type=Script)
    except OSError as error:
        raise ProjectError(f"cannot read the script: {error.strerror}", where=str(path)) from None
    except msgspec.DecodeError as error:
        raise ProjectError(
            f"not a script: {error}", where=str(path), hint='A script is {"answers": [{"text": "…"}, …]}.'
        ) from None


class ScriptedAdapter:
    """The `Provider` that reads from a script."""

    name = WIRE_FORMAT

    def __init__(self, script: Script) -> None:
        self._script = script
        self._failures_given: set[int] = set()

    def choice_support(self, model: str) -> ChoiceSupport:
        """A script ignores the tool choice, so every choice is accepted."""
        return ChoiceSupport()

    def encode(self, request: ModelRequest) -> WireRequest:
        """What would be sent, as readable JSON; `answer` is the number of the answer that will be given."""
        given = sum(isinstance(message, AssistantMessage) for message in request.messages)
        body: JsonObject = {
            "answer": given + 1,
            "model": request.model,
            "instructions": request.instructions,
            "messages": msgspec.to_builtins(request.messages),
            "tools": [tool.document for tool in request.tools],
            "tool_choice": str(request.tool_choice),
            "parallel_calls": request.parallel_calls,
        }
        return WireRequest(WIRE_FORMAT, "script", compact(without_surrogates(body)))

    async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        """The scripted answer in pieces. Raises `ProviderFailure` where the script says so."""
        number: int = msgspec.json.decode(wire.body_json)["answer"]
        answer = self._answer(number)
        for delta in _deltas(answer):
            # Also without a delay each piece lets others work, as a network would.
            await asyncio.sleep(answer.delay_s)
            yield delta
        if answer.cut_off:
            raise ProviderFailure(
                "The answer was cut off: the script ends it here.",
                kind="cut_off",
                partial_text=answer.text,
                has_partial=True,
            )
        yield _response(answer, number)

    async def close(self) -> None:
        """Nothing is open."""

    def _answer(self, number: int) -> ScriptedAnswer:
        passed = 0
        for position, answer in enumerate(self._script.answers):
            if answer.fail is None:
                passed += 1
                if passed == number:
                    return answer
            elif passed == number - 1 and position not in self._failures_given:
                self._failures_given.add(position)
                fail = answer.fail
                raise ProviderFailure(
                    fail.message, kind=fail.kind, status=fail.status, retry_after_s=fail.retry_after_s
                )
        raise ProviderFailure(
            f"The script has no answer number {number}; it holds {passed}.",
            kind="invalid_request",
            hint="Add an answer to the script.",
        )


def _deltas(answer: ScriptedAnswer) -> list[Delta]:
    deltas: list[Delta] = []
    index = 0
    size = max(1, answer.pieces)
    if answer.reasoning:
        deltas += [Delta("reasoning", index, piece) for piece in _pieces(answer.reasoning, size)]
        index += 1
    if answer.text:
        deltas += [Delta("text", index, piece) for piece in _pieces(answer.text, size)]
        index += 1
    for call in answer.calls:
        deltas.append(Delta("call", index, "", call.tool))
        deltas += [Delta("arguments", index, piece, call.tool) for piece in _pieces(_raw(call), size)]
        index += 1
    return deltas


def _response(answer: ScriptedAnswer, number: int) -> ModelResponse:
    parts: list[Part] = []
    if answer.reasoning:
        parts.append(ReasoningPart(answer.reasoning))
    if answer.text:
        parts.append(TextPart(answer.text))
    for index, call in enumerate(answer.calls):
        parts.append(ToolCallPart(call.id or f"scripted_{number}_{index + 1}", call.tool, _raw(call)))
    default: StopReason = "tool_calls" if answer.calls else "answered"
    return ModelResponse(
        tuple(parts), answer.stop_reason or default, model="script", usage=answer.usage, raw_stop_reason="script"
    )


def _raw(call: ScriptedCall) -> str:
    return call.arguments_json if call.arguments_json is not None else compact(call.arguments)


def _pieces(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]
