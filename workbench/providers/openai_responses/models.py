"""What individual models need on this wire. From reports, not promises: a setting of the project always wins."""

import re

from workbench.providers.openai_chat.models import EFFORTS
from workbench.providers.parameter_place import ParameterPlace, Places

PLACES: Places = {
    "temperature": ParameterPlace(("temperature",), most=2),
    "top_p": ParameterPlace(("top_p",), most=1),
    "reasoning_effort": ParameterPlace(("reasoning", "effort"), values=EFFORTS),
}

_REASONS = re.compile(r"(?:^|[./])(?:gpt-(?:[5-9]|\d{2,})(?:[.-]|$)|o[1-9](?:-|$)|codex-)")
_TEXT_ONLY = re.compile(r"(?:^|[./])(?:o1-(?:mini|preview)|o3-mini|gpt-3\.5|gpt-4(?:-0\d{3}|-32k|$))")


def takes_pictures(model: str) -> bool:
    """Whether to send pictures that tools returned."""
    return _TEXT_ONLY.search(model) is None


def seals_reasoning(model: str) -> bool:
    """Whether to ask for sealed reasoning. Models that do not reason refuse the request for it."""
    return _REASONS.search(model) is not None and "-chat" not in model
