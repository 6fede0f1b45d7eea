"""What becomes of a model's sealed thinking when a conversation is forked, and what is lost of it.

Anthropic's newest models bind a thinking block to everything before it: instructions, tools and messages. Where any
of that changes, the block and every later one are refused, or dropped in silence. OpenAI's sealed reasoning is bound
to the model and goes as whole items. Another wire format can read neither. The vendors' words for these things in
their own copies stand here and nowhere else on this floor.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

from workbench.core.content import OpaquePart, ReasoningPart
from workbench.core.errors import UsageError
from workbench.core.json_text import JsonObject, compact
from workbench.core.message import AssistantMessage, Message, WireCopy

KeepThinking = Literal["exact", "strip", "drop_block", "append_only"]
"""`exact`: everything goes back as it came. `strip`: thinking is taken out, all of it, since blocks between others
may not be missing. `drop_block`: it goes back, and the vendor is asked to drop what no longer fits. `append_only`:
nothing may be changed that anything was bound to; a fork that does so is refused. Changed tools are then told at the
point of the fork, where the vendor knows a way (`core/tool_changes.py`)."""

ANTHROPIC, RESPONSES, CHAT = "anthropic_messages", "openai_responses", "openai_chat"
_BOUND_TO_PREFIX = re.compile(
    r"claude-(?:(?:fable|mythos)-5[-.][1-9]|(?:opus|sonnet|haiku)-5[-.][5-9])(?!\d)", re.IGNORECASE
)
_THINKING_TYPES = ("thinking", "redacted_thinking")


class Loss(msgspec.Struct, frozen=True):
    """Something the model knew and will not know. `place` is the number of the message, from 1."""

    place: int
    what: str

    def __str__(self) -> str:
        return f"message {self.place}: {self.what}"


class Keeping(msgspec.Struct, frozen=True):
    """How thinking is kept, why so, and what is lost. `settings` go into the vendor's request."""

    mode: KeepThinking
    why: str = ""
    losses: tuple[Loss, ...] = ()
    settings: JsonObject = {}
    wire_format: str = ""

    def merged(self, settings: JsonObject) -> JsonObject:
        """Settings of a request with what this way of keeping adds to them."""
        added = {
            key: {**own, **value} if isinstance(own := settings.get(key), dict) and isinstance(value, dict) else value
            for key, value in self.settings.items()
        }
        return {**settings, **added}

    def kept(self, message: AssistantMessage) -> AssistantMessage:
        """The message as it is sent on; its parts stay, so that people still see what was thought."""
        copy = message.wire_copy
        if self.mode != "strip" or copy is None or copy.wire_format != self.wire_format:
            return message
        return AssistantMessage(message.parts, WireCopy(copy.wire_format, _without_thinking(copy)))


def plan_keeping(
    messages: Sequence[Message],
    *,
    from_model: str,
    to_model: str,
    to_wire: str,
    prefix_changes: Sequence[str] = (),
    wish: KeepThinking | None = None,
) -> Keeping:
    """How the thinking in `messages` can be kept for a model. `prefix_changes` say what is changed in front of it:
    instructions, tools, earlier messages.

    Raises `UsageError` where `wish` cannot be fulfilled.
    """
    changes = [*prefix_changes, *([f"the model ({from_model} → {to_model})"] if from_model != to_model else [])]
    foreign = tuple(_foreign_losses(messages, to_wire))
    sealed = tuple(_sealed(messages, to_wire))
    if wish == "append_only":
        if foreign or (changes and sealed):
            what = "the provider" if foreign else " and ".join(changes)
            raise UsageError(
                f"append_only leaves everything before the fork as it is, and {what} would change",
                mend="Use strip, and see what is lost.",
            )
        return Keeping("append_only", "Nothing is changed that thinking is bound to.", wire_format=to_wire)
    if wish == "drop_block" and to_wire != ANTHROPIC:
        raise UsageError("only Anthropic can be asked to drop thinking that no longer fits", mend="Use strip.")
    if not sealed:
        why = "The other provider cannot read this." if foreign else "There is no sealed thinking."
        return Keeping("exact", why, foreign, wire_format=to_wire)
    breaking = _breaking(changes, from_model, to_model, to_wire)
    mode = wish or ("strip" if breaking else "exact")
    match mode:
        case "strip":
            losses = (*foreign, *(Loss(place, "its thinking is taken out") for place in sealed))
            why = f"Changed: {', '.join(breaking)}." if breaking else "As wished."
            return Keeping("strip", why, losses, wire_format=to_wire)
        case "drop_block":
            losses = (*foreign, *(Loss(place, "its thinking may be dropped by the vendor") for place in sealed))
            settings: JsonObject = {
                "thinking": {"type": "adaptive", "block_binding": {"prefix_mismatch_behavior": "drop_block"}}
            }
            return Keeping("drop_block", "The answer says what was dropped.", losses, settings, wire_format=to_wire)
        case _:
            why = f"Changed all the same: {', '.join(breaking)}. The provider may refuse it." if breaking else ""
            return Keeping("exact", why or "Nothing it is bound to has changed.", foreign, wire_format=to_wire)


def _breaking(changes: Sequence[str], from_model: str, to_model: str, to_wire: str) -> list[str]:
    """The changes that make sealed thinking unreadable on this wire."""
    if to_wire == ANTHROPIC and from_model == to_model and not _BOUND_TO_PREFIX.search(to_model):
        return []
    if to_wire == CHAT and from_model == to_model:
        return []
    return list(changes)


def _sealed(messages: Sequence[Message], wire_format: str) -> Iterator[int]:
    """The numbers of the messages whose copy holds thinking that this wire would be sent."""
    for place, message in enumerate(messages, 1):
        copy = message.wire_copy if isinstance(message, AssistantMessage) else None
        if copy is not None and copy.wire_format == wire_format and _without_thinking(copy) != copy.json:
            yield place


def _foreign_losses(messages: Sequence[Message], to_wire: str) -> Iterator[Loss]:
    for place, message in enumerate(messages, 1):
        if not isinstance(message, AssistantMessage) or message.wire_copy is None:
            continue
        if message.wire_copy.wire_format == to_wire:
            continue
        if any(isinstance(part, ReasoningPart) for part in message.parts):
            yield Loss(place, f"thinking sealed by {message.wire_copy.wire_format} cannot be carried over")
        for part in message.parts:
            if isinstance(part, OpaquePart):
                yield Loss(place, f"{part.label}, which only {message.wire_copy.wire_format} understands")


def _without_thinking(copy: WireCopy) -> str:
    """The copy less its thinking; the very same text when there is none."""
    document: Any = msgspec.json.decode(copy.json)
    match copy.wire_format:
        case "anthropic_messages":
            kept = [block for block in document if block.get("type") not in _THINKING_TYPES]
            return copy.json if len(kept) == len(document) else compact(kept)
        case "openai_responses":
            return copy.json if all(item.get("type") != "reasoning" for item in document) else _unreasoned(document)
        case "openai_chat":
            plain = {key: value for key, value in document.items() if not key.startswith("reasoning")}
            return copy.json if len(plain) == len(document) else compact(plain)
        case _:
            return copy.json


def _unreasoned(items: list[dict[str, Any]]) -> str:
    """Without reasoning items. What followed one is tied to it by its id, and loses that."""
    kept = []
    has_lost_reasoning = False
    for item in items:
        if item.get("type") == "reasoning":
            has_lost_reasoning = True
            continue
        kept.append({key: value for key, value in item.items() if key != "id"} if has_lost_reasoning else item)
    return compact(kept)
