"""What a vendor allows for the thinking it sealed into its own copy of an answer."""

from collections.abc import Callable

import msgspec

from workbench.core.ids import WireFormat
from workbench.core.json_text import JsonObject


def _as_it_is(copy_json: str) -> str:
    return copy_json


def _never(_from_model: str, _to_model: str) -> bool:
    return False


class SealedThinking(msgspec.Struct, frozen=True):
    """The rules of one wire format; by default there is nothing sealed.

    `without` gives a copy less its thinking, and the very same text where there is none. `survives(from_model,
    to_model)` says whether thinking can still be read after instructions, tools or earlier messages changed.
    `drop_settings` ask the vendor to drop what no longer fits; empty where it cannot be asked. `can_append_tools` says
    that changed tools may be announced in the middle of a conversation (`core/tool_changes.py`).
    """

    wire_format: WireFormat
    without: Callable[[str], str] = _as_it_is
    survives: Callable[[str, str], bool] = _never
    drop_settings: JsonObject = {}
    can_append_tools: bool = False
