"""The parts of an answer → what is shown, and the copy to send back: shared by `decode` and `stream`.

The API streams parts in pieces, each piece a part of its own. Texts that follow each other are joined; one with a
signature stays by itself, because a signature belongs to the part it came with.
"""

from typing import Literal, assert_never

import msgspec

from workbench.core.content import OpaquePart, Part, ReasoningPart, TextPart, ToolCallPart
from workbench.core.errors import ProviderFailure
from workbench.core.exchange import Delta, ModelResponse, StopReason, Usage
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.message import WireCopy
from workbench.providers.answer import cut_off
from workbench.providers.body_json import body_text
from workbench.providers.call_ids import same_arguments, unique_call_ids
from workbench.providers.door import arguments_of, count_of, object_of, objects_of, text_of, usage_of
from workbench.providers.ending import failed_ending, judged_by_content, remarks_of, stop_reason_of
from workbench.providers.gemini.encode import SIGNATURE, WIRE_FORMAT
from workbench.providers.sent_back import sent_input

_ENDINGS: dict[str, StopReason] = {
    "stop": "answered",
    "max_tokens": "length",
    "safety": "filtered",
    "recitation": "filtered",
    "language": "filtered",
    "blocklist": "filtered",
    "prohibited_content": "filtered",
    "spii": "filtered",
    "model_armor": "filtered",
    "image_safety": "filtered",
}
_FAILED = ("MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE")
_Kind = Literal["text", "reasoning", "call", "opaque"]
_JOINED = frozenset({"text", "thought"})


class _RawCall(msgspec.Struct, frozen=True):
    args: msgspec.Raw = msgspec.Raw(b"{}")


class _RawPart(msgspec.Struct, frozen=True, rename="camel"):
    function_call: _RawCall = _RawCall()


class _RawContent(msgspec.Struct, frozen=True):
    parts: tuple[_RawPart, ...] = ()


class _RawCandidate(msgspec.Struct, frozen=True):
    content: _RawContent = _RawContent()


class _RawBody(msgspec.Struct, frozen=True):
    candidates: tuple[_RawCandidate, ...] = ()


class _Shown:
    """A part as it is shown: texts of one kind that follow each other, or one other part of the wire."""

    def __init__(self, kind: _Kind, sent: JsonObject, arguments: str = "") -> None:
        self.kind = kind
        self.sent = sent
        self.arguments = arguments
        self.texts: list[str] = []

    @property
    def call(self) -> JsonObject:
        """What is called, and its id."""
        return object_of(self.sent.get("functionCall"))

    def is_same_call(self, other: "_Shown") -> bool:
        """Whether both are the same call, with its id, name and arguments."""
        return (
            self.kind == other.kind == "call"
            and bool(text_of(self.call.get("id")))
            and all(text_of(self.call.get(key)) == text_of(other.call.get(key)) for key in ("id", "name"))
            and same_arguments(self.arguments, other.arguments)
        )

    def part(self) -> Part:
        """What the log holds."""
        match self.kind:
            case "text":
                return TextPart("".join(self.texts))
            case "reasoning":
                return ReasoningPart("".join(self.texts))
            case "call":
                return ToolCallPart(text_of(self.call.get("id")), text_of(self.call.get("name")), self.arguments)
            case "opaque":
                return OpaquePart(_label(self.sent), body_text(self.sent))
            case _:
                assert_never(self.kind)


class GrowingAnswer:
    """Takes the chunks of one answer and knows the response they add up to; only the first candidate is read."""

    def __init__(self) -> None:
        self.finish_reason = ""
        self._shown: list[_Shown] = []
        self._sent: list[JsonObject] = []
        self._head: JsonObject = {}
        self._usage: JsonObject = {}

    def grow(self, chunk: JsonObject, raw: bytes) -> list[Delta]:
        """Add one chunk; `raw` is its own JSON. Raises `ProviderFailure` for a prompt that was blocked."""
        self._head.update({key: chunk[key] for key in ("responseId", "modelVersion") if chunk.get(key)})
        counts = object_of(chunk.get("usageMetadata"))
        self._usage.update({key: value for key, value in counts.items() if value is not None})
        candidates = _objects(chunk.get("candidates"))
        if not candidates:
            feedback = object_of(chunk.get("promptFeedback"))
            if blocked := text_of(feedback.get("blockReason")):
                raise _blocked(blocked, text_of(feedback.get("blockReasonMessage")))
            return []
        place = next((place for place, one in enumerate(candidates) if not count_of(one.get("index"))), None)
        if place is None:
            return []
        candidate = candidates[place]
        self.finish_reason = text_of(candidate.get("finishReason")).strip() or self.finish_reason
        if candidate.get("finishMessage"):
            self._head["finishMessage"] = text_of(candidate["finishMessage"])
        parts = _objects(object_of(candidate.get("content")).get("parts"))
        arguments = _raw_arguments(raw, place)
        if len(arguments) != len(parts):
            arguments = [arguments_of(object_of(part.get("functionCall")).get("args", {})) for part in parts]
        return [delta for part, text in zip(parts, arguments, strict=True) for delta in self._grow(part, text)]

    def response(self, *, is_whole: bool = False) -> ModelResponse:
        """The response. One that `is_whole` without a finish reason is judged by what it contains; else it is cut off.

        Raises `ProviderFailure` for that, and for an ending that is not a success.
        """
        word, said = self.finish_reason, text_of(self._head.get("finishMessage"))
        if not word and not (is_whole and self._sent):
            raise cut_off("it has no finish reason")
        if word in _FAILED:
            failure = failed_ending(f"{word}: {said}" if said else word)
            failure.code = word
            raise failure
        self._make_calls_sound()
        parts = tuple(shown.part() for shown in self._shown)
        stop_reason = stop_reason_of(word, _ENDINGS, parts) if word else judged_by_content(parts)
        return ModelResponse(
            parts=parts,
            stop_reason=stop_reason,
            model=text_of(self._head.get("modelVersion")),
            usage=_usage(self._usage),
            response_id=text_of(self._head.get("responseId")),
            raw_stop_reason=word,
            wire_copy=WireCopy(WIRE_FORMAT, f"[{','.join(map(body_text, self._sent))}]"),
            details={"finishMessage": said} if said else {},
            remarks=remarks_of(stop_reason, word, _ENDINGS) if word else (),
        )

    def _grow(self, part: JsonObject, arguments: str) -> list[Delta]:
        if "functionCall" in part:
            if not isinstance(part["functionCall"], dict):
                raise TypeError("a call is not an object")
            self._sent.append(part)
            self._shown.append(shown := _Shown("call", part, arguments))
            place = len(self._shown) - 1
            deltas = [Delta("call", place, "", text_of(shown.call.get("name")))]
            return [*deltas, Delta("arguments", place, arguments)] if arguments else deltas
        if "text" not in part and SIGNATURE not in part:
            self._sent.append(part)
            self._shown.append(_Shown("opaque", part))
            return []
        text = text_of(part.get("text"))
        self._keep_text(part, text)
        if not text:
            return []
        kind: Literal["text", "reasoning"] = "reasoning" if part.get("thought") else "text"
        if not self._shown or self._shown[-1].kind != kind:
            self._shown.append(_Shown(kind, part))
        self._shown[-1].texts.append(text)
        return [Delta(kind, len(self._shown) - 1, text)]

    def _keep_text(self, part: JsonObject, text: str) -> None:
        """Join a text with the one before it, unless either carries more than its words."""
        last = self._sent[-1] if self._sent else {}
        if "text" in last and last.keys() | part.keys() <= _JOINED and last.get("thought") == part.get("thought"):
            self._sent[-1] = {**last, "text": text_of(last["text"]) + text}
        elif text or SIGNATURE in part:
            self._sent.append(part)

    def _make_calls_sound(self) -> None:
        """Leave each call with a name and an id that are text and can be used, and there once."""
        doubles = [
            shown for place, shown in enumerate(self._shown) if any(map(shown.is_same_call, self._shown[:place]))
        ]
        self._shown = [shown for shown in self._shown if shown not in doubles]
        calls = [shown for shown in self._shown if shown.kind == "call"]
        ids = unique_call_ids([text_of(shown.call.get("id")) for shown in calls])
        dropped = [shown.sent for shown in doubles]
        sound = {id(part): part for part in self._sent if not any(part is other for other in dropped)}
        for shown, call_id in zip(calls, ids, strict=True):
            call: JsonObject = {**shown.call, "id": call_id, "name": text_of(shown.call.get("name"))}
            if "args" in call:
                call["args"] = sent_input(shown.arguments)
            place = id(shown.sent)
            shown.sent = sound[place] = {**shown.sent, "functionCall": call}
        self._sent = list(sound.values())


def _objects(value: JsonValue) -> list[JsonObject]:
    """The objects of a list. Raises TypeError for anything else: passing it over could lose a call."""
    found = objects_of(value)
    if value is not None and (not isinstance(value, list) or len(found) < len(value)):
        raise TypeError("not a list of objects")
    return found


def _raw_arguments(raw: bytes, place: int) -> list[str]:
    """The arguments in the parts of the candidate at `place`, as they came; nothing where that cannot be said."""
    try:
        candidates = msgspec.json.decode(raw, type=_RawBody).candidates
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return []
    parts = candidates[place].content.parts if place < len(candidates) else []
    return [arguments_of(_value(bytes(part.function_call.args))) for part in parts]


def _value(raw: bytes) -> JsonValue:
    """Arguments that are a text are that text; anything else keeps its spelling."""
    return msgspec.json.decode(raw) if raw[:1] == b'"' else "" if raw == b"null" else raw.decode()


def _usage(usage: JsonObject) -> Usage | None:
    """Token counts; this wire counts what tools of its own read, and thoughts, apart from the rest."""
    read, used, written, thought = (
        count_of(usage.get(key))
        for key in ("promptTokenCount", "toolUsePromptTokenCount", "candidatesTokenCount", "thoughtsTokenCount")
    )
    return usage_of(
        read=(read or 0) + (used or 0) if (read, used) != (None, None) else None,
        written=(written or 0) + (thought or 0) if (written, thought) != (None, None) else None,
        cached=usage.get("cachedContentTokenCount"),
        reasoning=thought,
    )


def _label(part: JsonObject) -> str:
    return next((key for key in part if key not in ("thought", SIGNATURE)), "part")


def _blocked(reason: str, said: str) -> ProviderFailure:
    words = f": {said}" if said else ""
    return ProviderFailure(
        f"The provider refused the prompt ({reason}){words}.",
        kind="refused",
        status=200,
        code=reason,
        hint="Change the message, the instructions or the tools.",
    )
