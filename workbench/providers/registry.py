"""All wires, in the order in which they are offered. A new one is entered here and nowhere else."""

from collections.abc import Mapping

from workbench.core.errors import UsageError
from workbench.core.ids import WireFormat
from workbench.core.sealed_thinking import SealedThinking
from workbench.providers.anthropic.wire import ANTHROPIC
from workbench.providers.gemini.wire import GEMINI
from workbench.providers.openai_chat.wire import OPENAI_CHAT
from workbench.providers.openai_responses.wire import OPENAI_RESPONSES
from workbench.providers.wire import Wire

WIRES: tuple[Wire, ...] = (OPENAI_CHAT, OPENAI_RESPONSES, ANTHROPIC, GEMINI)
KEY_OF_WIRE: Mapping[str, str] = {wire.id: wire.key_name for wire in WIRES}
"""Each wire's id, and the name of the key that its vendor gives out."""


def wire_named(wire_id: str) -> Wire:
    """The wire with this id; raises `UsageError` where there is none."""
    found = next((wire for wire in WIRES if wire.id == wire_id), None)
    if found is None:
        raise UsageError(f"there is no wire {wire_id!r}", hint=f"Available: {', '.join(KEY_OF_WIRE)}.")
    return found


def wire_of_format(wire_format: WireFormat) -> Wire | None:
    """The wire that requests of this format were recorded over."""
    return next((wire for wire in WIRES if wire.wire_format == wire_format), None)


def thinking_of(wire_format: WireFormat) -> SealedThinking:
    """What can be done with thinking sealed in answers of this format; nothing is sealed in an unknown one."""
    wire = wire_of_format(wire_format)
    return wire.load(True).thinking if wire is not None else SealedThinking(wire_format)
