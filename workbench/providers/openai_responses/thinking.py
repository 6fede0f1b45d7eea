"""Reasoning items in this wire's copies: sealed for one model, and they go as whole items."""

from typing import Any

import msgspec

from workbench.core.json_text import compact
from workbench.core.sealed_thinking import SealedThinking
from workbench.providers.openai_responses.encode import WIRE_FORMAT


def _without(copy_json: str) -> str:
    """Without reasoning items. What followed one is tied to it by its id, and loses that."""
    items: list[dict[str, Any]] = msgspec.json.decode(copy_json)
    kept = []
    has_lost_reasoning = False
    for item in items:
        if item.get("type") == "reasoning":
            has_lost_reasoning = True
            continue
        kept.append({key: value for key, value in item.items() if key != "id"} if has_lost_reasoning else item)
    return compact(kept) if has_lost_reasoning else copy_json


THINKING = SealedThinking(WIRE_FORMAT, without=_without)
