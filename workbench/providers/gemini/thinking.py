"""Thoughts and their signatures in this wire's copies. A signature belongs to its model, not to what came before."""

import msgspec

from workbench.core.json_text import JsonObject, compact
from workbench.core.sealed_thinking import SealedThinking
from workbench.providers.gemini.encode import SIGNATURE, WIRE_FORMAT


def _without(copy_json: str) -> str:
    parts: list[JsonObject] = msgspec.json.decode(copy_json)
    kept = [
        bare
        for part in parts
        if not part.get("thought") and (bare := {key: value for key, value in part.items() if key != SIGNATURE})
    ]
    kept = [part for part in kept if part != {"text": ""}]
    return copy_json if kept == parts else compact(list(kept))


THINKING = SealedThinking(WIRE_FORMAT, without=_without, survives=lambda from_model, to_model: from_model == to_model)
