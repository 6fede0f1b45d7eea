"""The one tool all contenders have. Standard library only: child processes import it."""

from typing import Any

PROMPT = "What is the weather in Paris, Oslo and Tokyo?"
MODEL = "bench-1"
RESULT = {"degrees": 12, "sky": "clear"}
SCHEMA: Any = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "The city"}},
    "required": ["city"],
    "additionalProperties": False,
}
DESCRIPTION = "The weather in a city right now."


def get_weather(city: str) -> dict[str, object]:
    """The weather in a city right now."""
    assert city
    return dict(RESULT)
