"""Models on this wire: their place in an address, and what they accept."""

import re
from urllib.parse import quote

from workbench.core.tool_choice import ChoiceSupport
from workbench.providers.parameter_place import ParameterPlace, Places

SUPPORT = ChoiceSupport(parallel_off=False, why="Gemini cannot be told to make one call at a time.")
PLACES: Places = {
    "temperature": ParameterPlace(("generationConfig", "temperature"), most=2),
    "top_p": ParameterPlace(("generationConfig", "topP"), most=1),
    "seed": ParameterPlace(("generationConfig", "seed")),
    "reasoning_effort": ParameterPlace(
        ("generationConfig", "thinkingConfig", "thinkingLevel"), values=("minimal", "low", "medium", "high")
    ),
}
_FROM_3 = re.compile(r"gemini-(?![12][.-])")


def model_name(model: str) -> str:
    """The model as a resource: `models/NAME`, unless it says another kind itself, such as `tunedModels/NAME`."""
    return model if "/" in model else f"models/{model}"


def model_path(model: str) -> str:
    """The resource as part of an address."""
    return quote(model_name(model), safe="/")


def checks_signatures(model: str) -> bool:
    """Whether a call without a thought signature is refused in the current turn, as Gemini does from version 3 on."""
    return _FROM_3.match(model.rpartition("/")[2]) is not None


def takes_pictures(model: str) -> bool:
    """Whether a tool's result may have pictures in it, as Gemini takes them from version 3 on."""
    return checks_signatures(model)
