"""The parts an assistant's message is made of."""

import msgspec

from workbench.core.ids import CallId


class TextPart(msgspec.Struct, frozen=True, tag_field="type", tag="text"):
    """Words for the person."""

    text: str


class ReasoningPart(msgspec.Struct, frozen=True, tag_field="type", tag="reasoning"):
    """The thinking that the model shows; the sealed original is in the message's wire copy."""

    text: str


class RefusalPart(msgspec.Struct, frozen=True, tag_field="type", tag="refusal"):
    """The model declined, in its own words."""

    text: str


class ToolCallPart(msgspec.Struct, frozen=True, tag_field="type", tag="tool_call"):
    """The model's proposal to use a tool; `arguments_json` is its text exactly as received.

    `wire_call_id` is the provider's id, made unique within its message by the adapter. `call_id` is ours and empty
    until the engine has accepted the proposal.
    """

    wire_call_id: str
    tool: str
    arguments_json: str
    call_id: CallId = CallId("")


class OpaquePart(msgspec.Struct, frozen=True, tag_field="type", tag="opaque"):
    """Something only its vendor understands (a hosted tool's result, say); kept and shown as JSON."""

    label: str
    json: str


Part = TextPart | ReasoningPart | RefusalPart | ToolCallPart | OpaquePart


def spoken_text(part: Part) -> str:
    """What of a part any model may be sent as text: not thinking, calls, or what only its own vendor understands."""
    match part:
        case TextPart() | RefusalPart():
            return part.text
        case ReasoningPart() | ToolCallPart() | OpaquePart():
            return ""
