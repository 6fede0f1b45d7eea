"""The one tool all contenders have. Standard library only."""

PROMPT = "What is the weather in Paris, Oslo and Tokyo?"
MODEL = "bench-1"
RESULT = {"degrees": 12, "sky": "clear"}
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "The city"}},
    "required": ["city"],
    "additionalProperties": False,
}
DESCRIPTION = "The weather in a city right now."
