"""Needle's answer as a response. Pure.

Needle writes no prose. It calls tools, and it notes in a sentence why it calls or that it is done: with calls the
sentence is its reasoning, without calls it replaces an answer and is labelled as a note. Calls that Needle was not sure
enough to make are named in the text and in the details (`core.choice.WITHHELD`), and never run.
"""

from typing import Any, assert_never

from workbench.core.choice import WITHHELD
from workbench.core.content import OpaquePart, Part, ReasoningPart, RefusalPart, TextPart, ToolCallPart
from workbench.core.errors import ProviderFailure
from workbench.core.exchange import Delta, ModelResponse, StopReason, StreamItem, Usage
from workbench.core.json_text import JsonObject, JsonValue
from workbench.providers.door import arguments_of

_DETAILS = ("confidence", "validation", "peak_ram_mb", "prefill_tps", "decode_tps")


def decode(envelope: JsonObject, *, model: str, first_call: int) -> list[StreamItem]:
    """The deltas and the response. Raises `ProviderFailure` where Needle says that it failed."""
    answer: dict[str, Any] = envelope
    is_cut = answer.get("error_code") == "truncated"
    if not is_cut and (answer.get("success") is not True or answer.get("error")):
        said = str(answer.get("error") or answer.get("reason") or "no reason given")
        raise ProviderFailure(f"Needle failed: {said}.", kind="server", code=str(answer.get("error_code") or ""))
    calls = answer.get("function_calls") or []
    if not all(isinstance(call, dict) and isinstance(call.get("name"), str) for call in calls):
        raise ProviderFailure("Needle gave a call without a name.", kind="malformed")
    parts: list[Part] = []
    withheld = [_withheld(call) for call in answer.get("suppressed_calls") or [] if isinstance(call, dict)]
    note = str(answer.get("reasoning") or "")
    if calls and note:
        parts.append(ReasoningPart(note))
    if not calls:
        parts.append(TextPart(_in_words(note, withheld, answer, is_cut=is_cut)))
    for number, call in enumerate(calls, first_call):
        parts.append(ToolCallPart(f"call_{number}", call["name"], arguments_of(call.get("arguments") or {})))
    stop_reason: StopReason = "length" if is_cut else "tool_calls" if calls else "answered"
    details = {key: answer[key] for key in _DETAILS if answer.get(key) not in (None, [])}
    response = ModelResponse(
        tuple(parts),
        stop_reason,
        model=model,
        usage=_usage(answer),
        raw_stop_reason=str(answer.get("error_code") or answer.get("type") or ""),
        details=details | {WITHHELD: list[JsonValue](withheld)} if withheld else details,
    )
    return [*_deltas(response.parts), response]


def _withheld(call: dict[str, Any]) -> JsonObject:
    return {"tool": str(call.get("name", "")), "arguments_json": arguments_of(call.get("arguments") or {})}


def _in_words(note: str, withheld: list[JsonObject], answer: dict[str, Any], *, is_cut: bool) -> str:
    sentences = []
    if withheld:
        calls = ", ".join(f"{call['tool']}({call['arguments_json']})" for call in withheld)
        confidence = answer.get("confidence")
        how_sure = f" (confidence {confidence:.2f})" if isinstance(confidence, int | float) else ""
        sentences.append(f"Needle was not sure enough{how_sure} and withheld: {calls}.")
    if note:
        sentences.append(f"Needle's note: {note}")
    if is_cut:
        sentences.append("Needle stopped at its limit of output tokens, in the middle of a call.")
    return " ".join(sentences) or "Needle made no call and left no note."


def _deltas(parts: tuple[Part, ...]) -> list[StreamItem]:
    found: list[StreamItem] = []
    for index, part in enumerate(parts):
        match part:
            case ReasoningPart():
                found.append(Delta("reasoning", index, part.text))
            case TextPart():
                found.append(Delta("text", index, part.text))
            case ToolCallPart():
                found.append(Delta("call", index, "", tool=part.tool))
                found.append(Delta("arguments", index, part.arguments_json, tool=part.tool))
            case RefusalPart() | OpaquePart():
                pass  # the engine makes none
            case _:
                assert_never(part)
    return found


def _usage(answer: dict[str, Any]) -> Usage | None:
    """Token counts, where the engine gives them; the version measured gives speeds only."""
    counts = [answer.get(key) for key in ("prefill_tokens", "decode_tokens")]
    if not all(isinstance(count, int) for count in counts):
        return None
    return Usage(input_tokens=int(counts[0] or 0), output_tokens=int(counts[1] or 0))
