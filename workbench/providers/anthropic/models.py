"""What individual models accept on this wire. From the vendor's notes of November 2026; one place to correct."""

import re
from collections.abc import Mapping

from workbench.core.tool_choice import ChoiceSupport
from workbench.providers.anthropic.tool_changes import betas_of
from workbench.providers.anthropic.tool_search import searches_tools
from workbench.providers.parameter_place import ParameterPlace, Places

PLACES: Places = {
    "temperature": ParameterPlace(("temperature",), most=1),
    "top_p": ParameterPlace(("top_p",), most=1),
    "reasoning_effort": ParameterPlace(("output_config", "effort"), values=("low", "medium", "high", "xhigh", "max")),
}

_REFUSES_FORCED_CALLS = re.compile(
    r"claude-(?:opus-5[-.]5|sonnet-5[-.]5|fable-5(?:[-.]\d+)?|mythos-(?:5(?:[-.]\d+)?|preview))(?!\d)"
)
"""Models that answer 400 to `any` and `tool`. (Models up to 4.5 do so only while thinking is `enabled`.)"""

_SAMPLING_KEYS = ("temperature", "top_p", "top_k")
_LAST_VERSION_WITH_SAMPLING = "2023-06-01"
_THINKING_BINDING = "thinking-binding-controls-2026-08-01"


def choice_support(model: str) -> ChoiceSupport:
    """No model has a subset of tools on this wire; the newest refuse forced calls."""
    if _REFUSES_FORCED_CALLS.search(model):
        why = f"{model} accepts only the tool choices auto and none."
        return ChoiceSupport(required=False, named=False, subset=False, tool_search=searches_tools(model), why=why)
    return ChoiceSupport(
        subset=False, tool_search=searches_tools(model), why="Anthropic Messages has no subset of tools."
    )


def version_headers(body: Mapping[str, object]) -> dict[str, str]:
    """The API version to ask for, and what has to be asked for by name: sampling settings exist only in an older
    version than the SDK's; control over thinking that no longer fits, and changes of tools in the middle, are betas."""
    headers = {}
    if any(key in body for key in _SAMPLING_KEYS):
        headers["anthropic-version"] = _LAST_VERSION_WITH_SAMPLING
    thinking = body.get("thinking")
    betas = [_THINKING_BINDING] if isinstance(thinking, dict) and "block_binding" in thinking else []
    betas += betas_of(body.get("messages"))
    if betas:
        headers["anthropic-beta"] = ",".join(betas)
    return headers
