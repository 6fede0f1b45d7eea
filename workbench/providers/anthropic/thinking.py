"""Thinking blocks in this wire's copies.

The newest models bind a block to everything before it: instructions, tools and messages. Where any of that changes,
the block and every later one are refused, or silently dropped.
"""

import re

import msgspec

from workbench.core.json_text import compact
from workbench.core.sealed_thinking import SealedThinking
from workbench.providers.anthropic.encode import WIRE_FORMAT

_BOUND_TO_PREFIX = re.compile(
    r"claude-(?:(?:fable|mythos)-5[-.][1-9]|(?:opus|sonnet|haiku)-5[-.][5-9])(?!\d)", re.IGNORECASE
)
_TYPES = ("thinking", "redacted_thinking")


def _without(copy_json: str) -> str:
    document = msgspec.json.decode(copy_json)
    kept = [block for block in document if block.get("type") not in _TYPES]
    return copy_json if len(kept) == len(document) else compact(kept)


def _survives(from_model: str, to_model: str) -> bool:
    return from_model == to_model and not _BOUND_TO_PREFIX.search(to_model)


THINKING = SealedThinking(
    WIRE_FORMAT,
    without=_without,
    survives=_survives,
    drop_settings={"thinking": {"type": "adaptive", "block_binding": {"prefix_mismatch_behavior": "drop_block"}}},
    can_append_tools=True,
)
