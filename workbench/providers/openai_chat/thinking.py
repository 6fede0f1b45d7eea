"""Reasoning in this wire's copies: readable text of small servers, which fits after anything."""

import msgspec

from workbench.core.json_text import compact
from workbench.core.sealed_thinking import SealedThinking
from workbench.providers.openai_chat.encode import WIRE_FORMAT


def _without(copy_json: str) -> str:
    document = msgspec.json.decode(copy_json)
    plain = {key: value for key, value in document.items() if not key.startswith("reasoning")}
    return copy_json if len(plain) == len(document) else compact(plain)


THINKING = SealedThinking(WIRE_FORMAT, without=_without, survives=lambda from_model, to_model: from_model == to_model)
