"""What a model, or the wire it came over, says about how sure it was. It is the model's own claim, not a
measurement.
"""

from collections.abc import Sequence
from math import exp, fsum

import msgspec

from workbench.core.exchange import ModelResponse
from workbench.core.json_text import JsonObject, JsonValue

CONFIDENCE = "confidence"
"""The key in `ModelResponse.details` of a number from 0 to 1 that the model gives for its whole answer."""
LOGPROBS = "logprobs"
"""The key in `ModelResponse.details` of `[{"token", "logprob", "top": [[token, logprob], …]}, …]`, the tokens of the
text that was said, in order."""


class TokenChance(msgspec.Struct, frozen=True):
    """A token that was said, how likely it was (0 to 1), and what else was likely there, the likeliest first."""

    text: str
    chance: float
    others: tuple[tuple[str, float], ...] = ()


def confidence_of(response: ModelResponse) -> float | None:
    """The model's own number for its answer; None where it gives none."""
    return _share(response.details.get(CONFIDENCE))


def mean_confidence(responses: Sequence[ModelResponse | None]) -> float | None:
    """The mean over the answers that have one; None where none has."""
    found = [value for each in responses if each is not None and (value := confidence_of(each)) is not None]
    return fsum(found) / len(found) if found else None


def token_chances(response: ModelResponse) -> tuple[TokenChance, ...]:
    """The tokens of the answer with their chances; nothing where the wire gives none."""
    found = response.details.get(LOGPROBS)
    rows = found if isinstance(found, list) else []
    return tuple(_token(row) for row in rows if isinstance(row, dict) and _is_number(row.get("logprob")))


def _token(row: JsonObject) -> TokenChance:
    top = row.get("top")
    others = tuple(
        (str(pair[0]), _chance(pair[1]))
        for pair in (top if isinstance(top, list) else [])
        if isinstance(pair, list) and len(pair) == 2 and _is_number(pair[1]) and str(pair[0]) != str(row.get("token"))
    )
    return TokenChance(str(row.get("token", "")), _chance(row.get("logprob")), others)


def _share(value: JsonValue) -> float | None:
    return float(value) if isinstance(value, int | float) and _is_number(value) and 0 <= value <= 1 else None


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value  # not NaN


def _chance(value: JsonValue) -> float:
    return exp(min(0.0, float(value))) if isinstance(value, int | float) else 0.0
