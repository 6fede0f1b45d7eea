"""How an answer ended, judged in the same way on every wire.

A success is a known word for "answered" or "calls", or a whole body that says nothing. A known failure is raised.
With an unknown word only the text counts: no call in such an answer runs, and the response says so.
"""

import re
from collections.abc import Sequence

from workbench.core.content import OpaquePart, Part, RefusalPart, TextPart, ToolCallPart
from workbench.core.errors import ProviderFailure
from workbench.core.exchange import StopReason
from workbench.core.json_text import JsonValue
from workbench.providers.door import text_of

GATEWAY_ENDINGS: dict[str, StopReason] = {
    **dict.fromkeys(
        ("stop", "end_turn", "stop_sequence", "eos", "eos_token", "end", "complete", "completed", "done", "finished"),
        "answered",
    ),
    **dict.fromkeys(("tool_calls", "tool_call", "tool_use", "function_call", "function_calls"), "tool_calls"),
}
"""Words of one wire that gateways hand on over another."""
_FAILED = re.compile(
    r"error|fail|malformed|abort|cancel|insufficient|time.?out|unexpected|invalid|overload|interrupt|too_many|unavailable"
)
_CUT = re.compile(r"length|max_?(output_?)?tokens|token_?limit|context_?window")
_FILTERED = re.compile(r"filter|safety|block|prohibit|recitation|sensitive|guardrail|spii|moderat|violat|toxic")
_MALFORMED_CALL = re.compile(r"malformed|unexpected_tool|invalid_(tool|function)")


def ending_word(value: JsonValue) -> str:
    """The word for how an answer ended; empty for null, also where a server writes null as text."""
    word = text_of(value).strip()
    return "" if word.lower() in ("null", "none") else word


def stop_reason_of(word: str, known: dict[str, StopReason], parts: Sequence[Part]) -> StopReason:
    """What `word`, the vendor's own, stands for. `known` is the vendor's table, its keys in lower case.

    Raises `ProviderFailure` for an ending that is not a success.
    """
    has_calls = any(isinstance(part, ToolCallPart) for part in parts)
    said = word.strip().lower()
    reason = known.get(said) or GATEWAY_ENDINGS.get(said)
    if reason is None:
        if _CUT.search(said):
            return "length"
        if _FILTERED.search(said) and not _MALFORMED_CALL.search(said):
            return "filtered"
        if _FAILED.search(said):
            raise failed_ending(word)
        return "other"
    if reason in ("answered", "tool_calls") and has_calls:
        return "tool_calls"
    if reason == "answered":
        return judged_by_content(parts)
    if reason == "tool_calls":
        if any(isinstance(part, OpaquePart) for part in parts):
            return "other"
        raise ProviderFailure(
            f"The answer ended as if the model had made a call ({word}), but it holds no call.",
            kind="malformed",
            hint="Send the message again.",
        )
    return reason


def judged_by_content(parts: Sequence[Part]) -> StopReason:
    """How an answer ended that is known to be whole."""
    if any(isinstance(part, ToolCallPart) for part in parts):
        return "tool_calls"
    is_refusal = any(isinstance(part, RefusalPart) for part in parts)
    return "refused" if is_refusal and not any(isinstance(part, TextPart) for part in parts) else "answered"


def failed_ending(word: str) -> ProviderFailure:
    """The failure for a known word that says why there is no whole answer."""
    if _MALFORMED_CALL.search(word.lower()):
        return ProviderFailure(
            f"The model's call was malformed, so the provider ended the answer ({word}).",
            kind="malformed",
            code=word,
            hint="Nothing was run. Send the message again; if it happens again, check the tools' parameters.",
        )
    return ProviderFailure(
        f"The provider ended the answer with an error ({word}).",
        kind="server",
        code=word,
        hint="Nothing in it was run. Send the message again.",
    )


def remarks_of(reason: StopReason, word: str, known: dict[str, StopReason]) -> tuple[str, ...]:
    """What to tell a person about this ending."""
    if reason != "other":
        return ()
    if word.strip().lower() in known or word.strip().lower() in GATEWAY_ENDINGS:
        return ("The model made a call of a kind that is shown here and not run.",)
    return (f"The answer ended with {word!r}, an ending that this program does not know, so no call in it runs.",)
