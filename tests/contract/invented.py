"""The invented conversation the request goldens are made of, and how fixtures are read."""

import json
from pathlib import Path
from typing import Any

from tests.contract.formats import FORMATS, read_pieces
from workbench.core.content import ReasoningPart, TextPart, ToolCallPart
from workbench.core.exchange import Delta, ModelRequest, ModelResponse
from workbench.core.ids import CallId
from workbench.core.message import AssistantMessage, ToolResult, ToolResultsMessage, UserMessage
from workbench.core.tool import Tool, Toolset

HERE = Path(__file__).parent
FOLDERS = {
    "openai_chat": "openai_chat",
    "openai_responses": "openai_responses",
    "anthropic_messages": "anthropic",
    "gemini": "gemini",
}

WEATHER = Tool.make(
    "get_weather",
    "Weather of a city.",
    {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    strict=True,
)
TIME = Tool.make("get_time")


def request(model: str, **changes: Any) -> ModelRequest:
    """A second round: two parallel calls that came from some other provider, one of which failed."""
    fields: dict[str, Any] = {
        "model": model,
        "instructions": "Be brief.",
        "messages": (
            UserMessage("Weather and time in Zürich?"),
            AssistantMessage(
                (
                    ReasoningPart("hidden"),
                    TextPart("Let me look."),
                    ToolCallPart("call_a", "get_weather", '{"city":  "Zürich"}'),
                    ToolCallPart("functions.get_time:1", "get_time", '{"zone": '),
                )
            ),
            results(("call_a", "get_weather", "rain", False), ("functions.get_time:1", "get_time", "{}", True)),
        ),
        "tools": Toolset((WEATHER, TIME)),
        **changes,
    }
    return ModelRequest(**fields)


def results(*each: tuple[str, str, str, bool]) -> ToolResultsMessage:
    """Results from (wire call id, tool, text, is it an error)."""
    return ToolResultsMessage(
        tuple(ToolResult(CallId(f"run.{wire_id}"), wire_id, tool, text, bad) for wire_id, tool, text, bad in each)
    )


def sent(wire_format: str, asked: ModelRequest) -> Any:
    """The body of a request, as the server will parse it."""
    return json.loads(FORMATS[wire_format].encode(asked).body_json)


def golden(wire_format: str, name: str) -> Any:
    """A stored request body."""
    return json.loads((HERE / FOLDERS[wire_format] / "goldens" / f"{name}.json").read_text())


def answer_bytes(wire_format: str, name: str) -> bytes:
    """A stored answer."""
    return (HERE / FOLDERS[wire_format] / "fixtures" / name).read_bytes()


def read_answer(wire_format: str, name: str) -> tuple[list[Delta], ModelResponse]:
    """A stored answer, read."""
    return read_pieces(FORMATS[wire_format], [answer_bytes(wire_format, name)])
