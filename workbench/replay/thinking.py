"""What happens to a model's sealed thinking when a conversation is forked, and what is lost.

Some models bind thinking to everything before it: instructions, tools and messages; some to the model alone. Another
wire format can read neither. The rules of a wire are passed in as its `SealedThinking`.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, assert_never

import msgspec

from workbench.core.content import OpaquePart, ReasoningPart
from workbench.core.errors import UsageError
from workbench.core.ids import WireFormat
from workbench.core.json_text import JsonObject
from workbench.core.message import AssistantMessage, Message, WireCopy
from workbench.core.sealed_thinking import SealedThinking

KeepThinking = Literal["exact", "strip", "drop_block", "append_only"]
"""`exact`: everything goes back as it came. `strip`: thinking is taken out, all of it, since blocks between others
may not be missing. `drop_block`: it goes back, and the vendor is asked to drop what no longer fits. `append_only`:
nothing may be changed that anything was bound to; a fork that does so is refused. Changed tools are then announced at
the fork, where the vendor has a way (`core/tool_changes.py`)."""


class Loss(msgspec.Struct, frozen=True):
    """Something the model knew and will not know anymore. `place` is the number of the message, from 1."""

    place: int
    what: str

    def __str__(self) -> str:
        return f"message {self.place}: {self.what}"


class Keeping(msgspec.Struct, frozen=True):
    """How thinking is kept, why, and what is lost. `settings` go into the vendor's request."""

    mode: KeepThinking
    why: str = ""
    losses: tuple[Loss, ...] = ()
    settings: JsonObject = {}
    thinking: SealedThinking = SealedThinking(WireFormat(""))

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
        if self.mode != "strip" or copy is None or copy.wire_format != self.thinking.wire_format:
            return message
        return AssistantMessage(message.parts, WireCopy(copy.wire_format, self.thinking.without(copy.json)))


def plan_keeping(
    messages: Sequence[Message],
    *,
    from_model: str,
    to_model: str,
    to: SealedThinking,
    prefix_changes: Sequence[str] = (),
    keep: KeepThinking | None = None,
) -> Keeping:
    """How the thinking in `messages` can be kept for a model on the wire `to`.

    `prefix_changes` say what is changed in front of it: instructions, tools, earlier messages.

    Raises `UsageError` where `requested` is not possible.
    """
    changes = [*prefix_changes, *([f"the model ({from_model} → {to_model})"] if from_model != to_model else [])]
    foreign = tuple(_foreign_losses(messages, to.wire_format))
    sealed = tuple(_sealed(messages, to))
    if keep == "append_only":
        if foreign or (changes and sealed):
            what = "the provider" if foreign else " and ".join(changes)
            raise UsageError(
                f"append_only leaves everything before the fork as it is, and {what} would change",
                hint="Use strip, and see what is lost.",
            )
        return Keeping("append_only", "Nothing is changed that thinking is bound to.", thinking=to)
    if keep == "drop_block" and not to.drop_settings:
        raise UsageError(f"{to.wire_format} cannot be asked to drop thinking that no longer fits", hint="Use strip.")
    if not sealed:
        why = "The other provider cannot read this." if foreign else "There is no sealed thinking."
        return Keeping("exact", why, foreign, thinking=to)
    breaking = [] if to.survives(from_model, to_model) else changes
    mode = keep or ("strip" if breaking else "exact")
    match mode:
        case "strip":
            losses = (*foreign, *(Loss(place, "its thinking is taken out") for place in sealed))
            why = f"Changed: {', '.join(breaking)}." if breaking else "As requested."
            return Keeping("strip", why, losses, thinking=to)
        case "drop_block":
            losses = (*foreign, *(Loss(place, "its thinking may be dropped by the vendor") for place in sealed))
            return Keeping("drop_block", "The answer says what was dropped.", losses, to.drop_settings, thinking=to)
        case "exact":
            why = f"Changed anyway: {', '.join(breaking)}. The provider may refuse it." if breaking else ""
            return Keeping("exact", why or "Nothing it is bound to has changed.", foreign, thinking=to)
        case _:
            assert_never(mode)


def _sealed(messages: Sequence[Message], to: SealedThinking) -> Iterator[int]:
    """The numbers of the messages whose copy holds thinking that this wire would be sent."""
    for place, message in enumerate(messages, 1):
        copy = message.wire_copy if isinstance(message, AssistantMessage) else None
        if copy is not None and copy.wire_format == to.wire_format and to.without(copy.json) != copy.json:
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
