"""How likely each token of the text was, where it was asked for: `logprobs` in the request's settings.

OpenAI gives them for text and for refusals, not for the tokens of tool calls; other servers may give more. They are
kept as `core.confidence` reads them, up to this many: they are only shown.
"""

from workbench.core.json_text import JsonObject, JsonValue
from workbench.providers.door import text_of

MOST_TOKENS = 2_000
_MOST_OTHERS = 5
_LARGEST = 1e6  # also keeps out NaN and Infinity, which servers write for what is impossible


class GrowingLogprobs:
    """Takes `logprobs` of chunks, or of one whole choice; what has another shape is passed over."""

    def __init__(self) -> None:
        self.tokens: list[JsonValue] = []

    def grow(self, found: JsonValue) -> None:
        """Add those of one choice."""
        if not isinstance(found, dict):
            return
        for key in ("content", "refusal"):
            rows = found.get(key)
            for row in rows if isinstance(rows, list) else ():
                if isinstance(row, dict) and isinstance(row.get("token"), str) and len(self.tokens) < MOST_TOKENS:
                    self.tokens.append(_token(row))


def _token(row: JsonObject) -> JsonObject:
    others = row.get("top_logprobs")
    made: JsonObject = {"token": row["token"], "logprob": _number(row.get("logprob"))}
    top: list[JsonValue] = [
        [text_of(other.get("token")), _number(other.get("logprob"))]
        for other in (others if isinstance(others, list) else [])[:_MOST_OTHERS]
        if isinstance(other, dict)
    ]
    return {**made, "top": top} if top else made


def _number(value: JsonValue) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST
    return float(value) if is_number else None  # type: ignore[arg-type]
