"""Traces of other programs become conversations: OpenTelemetry of today and before, Phoenix, Langfuse, LangSmith."""

import json
from typing import Any

import pytest

from workbench.app.imports.conversation import LoggedConversation
from workbench.app.imports.found import Found
from workbench.app.imports.pasted import recognize

OSLO = {"city": "Oslo"}
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
CALL = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": json.dumps(OSLO)}}
CHAT = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Weather?"},
    {"role": "assistant", "content": None, "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "c1", "content": "21"},
]
PARTS = [
    {"role": "user", "parts": [{"type": "text", "content": "Weather?"}]},
    {"role": "assistant", "parts": [{"type": "tool_call", "id": "c1", "name": "weather", "arguments": OSLO}]},
    {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c1", "response": "21"}]},
]
ANSWER = [{"role": "assistant", "parts": [{"type": "text", "content": "It is warm."}], "finish_reason": "stop"}]
DEFINITION = {"type": "function", "name": "weather", "description": "W.", "parameters": SCHEMA}


def otlp(attributes: dict[str, Any], events: list[Any] | None = None) -> dict[str, Any]:
    span = {"name": "chat m", "attributes": listed(attributes), "events": events or []}
    return {"resourceSpans": [{"scopeSpans": [{"spans": [{"name": "agent", "attributes": []}, span]}]}]}


def listed(attributes: dict[str, Any]) -> list[Any]:
    return [{"key": key, "value": written(value)} for key, value in attributes.items()]


def written(value: Any) -> Any:
    if isinstance(value, list):
        return {"arrayValue": {"values": [written(one) for one in value]}}
    if isinstance(value, dict):
        return {"kvlistValue": {"values": listed(value)}}
    return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}


def event(name: str, **attributes: Any) -> dict[str, Any]:
    return {"name": name, "attributes": listed(attributes)}


TODAY = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "anthropic",
    "gen_ai.request.model": "m",
    "gen_ai.system_instructions": json.dumps([{"type": "text", "content": "Be brief."}]),
    "gen_ai.input.messages": json.dumps(PARTS),
    "gen_ai.output.messages": json.dumps(ANSWER),
    "gen_ai.tool.definitions": json.dumps([DEFINITION]),
    "gen_ai.usage.input_tokens": 7,
}
STRUCTURED = {**TODAY, "gen_ai.input.messages": PARTS, "gen_ai.output.messages": ANSWER}
FLAT = {
    "gen_ai.system": "openai",
    "gen_ai.request.model": "m",
    **{
        f"gen_ai.prompt.{number}.{key}": value if isinstance(value, str) else json.dumps(value)
        for number, message in enumerate(CHAT)
        for key, value in message.items()
        if key in ("role", "content", "tool_call_id") and value is not None
    },
    "gen_ai.prompt.2.tool_calls.0.id": "c1",
    "gen_ai.prompt.2.tool_calls.0.name": "weather",
    "gen_ai.prompt.2.tool_calls.0.arguments": json.dumps(OSLO),
    "gen_ai.completion.0.role": "assistant",
    "gen_ai.completion.0.content": "It is warm.",
    "llm.request.functions.0.name": "weather",
    "llm.request.functions.0.parameters": json.dumps(SCHEMA),
}
EVENTS = [
    event("gen_ai.system.message", content="Be brief."),
    event("gen_ai.user.message", content="Weather?"),
    event("gen_ai.assistant.message", tool_calls=[CALL]),
    event("gen_ai.tool.message", id="c1", content="21"),
    event("gen_ai.choice", message={"role": "assistant", "content": "It is warm."}),
]
PHOENIX = {
    "name": "llm",
    "attributes": {
        "openinference": {"span": {"kind": "LLM"}},
        "llm": {
            "model_name": "m",
            "input_messages": [
                *[{"message": one} for one in CHAT[:2]],
                {
                    "message": {
                        "role": "assistant",
                        "tool_calls": [
                            {"tool_call": {"id": "c1", "function": {"name": "weather", "arguments": json.dumps(OSLO)}}}
                        ],
                    }
                },
                {"message": CHAT[3]},
            ],
            "output_messages": [{"message": {"role": "assistant", "content": "It is warm."}}],
            "tools": [{"tool": {"json_schema": json.dumps(DEFINITION)}}],
        },
    },
}
LANGFUSE = {
    "trace": {"id": "t"},
    "observations": [
        {"type": "SPAN", "input": "x"},
        {
            "type": "GENERATION",
            "model": "m",
            "input": {"messages": CHAT, "tools": [DEFINITION]},
            "output": {"role": "assistant", "content": "It is warm."},
        },
    ],
}


def constructor(kind: str, **fields: Any) -> dict[str, Any]:
    return {"lc": 1, "type": "constructor", "id": ["langchain", "schema", "messages", kind], "kwargs": fields}


LANGSMITH = {
    "run_type": "chain",
    "child_runs": [
        {
            "run_type": "llm",
            "inputs": {
                "messages": [
                    [
                        constructor("SystemMessage", content="Be brief."),
                        constructor("HumanMessage", content="Weather?"),
                        constructor(
                            "AIMessage", content="", tool_calls=[{"name": "weather", "args": OSLO, "id": "c1"}]
                        ),
                        constructor("ToolMessage", content="21", tool_call_id="c1"),
                    ]
                ]
            },
            "outputs": {"generations": [[{"message": constructor("AIMessage", content="It is warm.")}]]},
            "extra": {"invocation_params": {"model": "m", "tools": [DEFINITION]}},
        }
    ],
}
EVERY = {
    "today": (otlp(TODAY), "OpenTelemetry", "anthropic"),
    "structured": (otlp(STRUCTURED), "OpenTelemetry", "anthropic"),
    "flat": (otlp(FLAT), "OpenTelemetry", "openai-chat"),
    "events": (otlp({"gen_ai.request.model": "m"}, EVENTS), "OpenTelemetry", "openai-chat"),
    "phoenix": ([PHOENIX], "Phoenix", "openai-chat"),
    "langfuse": (LANGFUSE, "Langfuse", "openai-chat"),
    "langsmith": (LANGSMITH, "LangSmith", "openai-chat"),
}


def read(document: object) -> Found:
    return recognize(json.dumps(document))


def said(one: LoggedConversation) -> list[Any]:
    [turn] = one.turns
    first, last = turn.steps
    [call] = first.answer.calls
    [result] = first.results
    assert result is not None
    return [turn.prompt, call.tool, json.loads(call.arguments_json), result.text, last.answer.message.text]


@pytest.mark.parametrize("name", EVERY)
def test_a_trace_becomes_the_conversation_it_is_about(name: str) -> None:
    document, shape, wire = EVERY[name]
    found = read(document)
    [one] = found.conversations
    assert (found.shape, one.wire, one.model, one.instructions) == (shape, wire, "m", "Be brief.")
    assert said(one) == ["Weather?", "weather", OSLO, "21", "It is warm."]
    assert [(tool.name, tool.input_schema["properties"]) for tool in one.tools] == [("weather", SCHEMA["properties"])]


def test_lines_of_otlp_are_read_as_one_log() -> None:
    found = recognize("\n".join(json.dumps(EVERY[name][0]) for name in ("today", "flat")))
    assert len(found.conversations) == 1  # the same conversation, told twice
    assert found.shape == "OpenTelemetry"


def test_a_trace_without_what_was_said_says_so() -> None:
    found = read(otlp({"gen_ai.operation.name": "chat", "gen_ai.request.model": "m"}))
    assert found.is_empty
    assert found.obstacle
