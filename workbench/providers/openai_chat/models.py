"""What individual models need on this wire. From reports, not promises: a setting of the project always wins."""

import re

from workbench.core.json_text import JsonObject
from workbench.providers.parameter_place import ParameterPlace, Places

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
PLACES: Places = {
    "temperature": ParameterPlace(("temperature",), most=2),
    "top_p": ParameterPlace(("top_p",), most=1),
    "seed": ParameterPlace(("seed",)),
    "reasoning_effort": ParameterPlace(("reasoning_effort",), values=EFFORTS),
}

_TOOLS_ONLY_WITHOUT_EFFORT = re.compile(r"(?:.*/)?gpt-(?:5\.6|6)(?:[.-].*)?$")


def settings_for_tools(model: str) -> JsonObject:
    """Keys without which this model refuses tools on Chat Completions.

    From GPT-5.6 on, tools need `reasoning_effort: "none"`; leaving it out is refused as well.
    """
    return {"reasoning_effort": "none"} if _TOOLS_ONLY_WITHOUT_EFFORT.match(model) else {}
