"""Conversations written as scripts: what the model says, turn by turn."""

from workbench.core.errors import FailureKind
from workbench.core.json_text import JsonObject, JsonValue
from workbench.providers.scripted import Script, ScriptedAnswer, ScriptedCall, ScriptedFailure


def call(tool: str, **arguments: JsonValue) -> ScriptedCall:
    """A call with these arguments."""
    return ScriptedCall(tool, dict(arguments))


def raw_call(tool: str, arguments_json: str) -> ScriptedCall:
    """A call with exactly this argument text."""
    return ScriptedCall(tool, arguments_json=arguments_json)


def calls(*proposed: ScriptedCall) -> ScriptedAnswer:
    """An answer that proposes calls."""
    return ScriptedAnswer(calls=proposed)


def says(text: str, **fields: object) -> ScriptedAnswer:
    """An answer in words."""
    return ScriptedAnswer(text=text, **fields)  # type: ignore[arg-type]


def fails(kind: FailureKind, *, retry_after_s: float | None = None, status: int | None = None) -> ScriptedAnswer:
    """A failure before the next answer."""
    return ScriptedAnswer(fail=ScriptedFailure(kind, status=status, retry_after_s=retry_after_s))


def script(*answers: ScriptedAnswer) -> Script:
    """The whole script."""
    return Script(answers)


def schema(*required: str, **properties: JsonObject) -> JsonObject:
    """The parameters of a tool."""
    return {"type": "object", "properties": dict(properties), "required": list(required)}


TEXT: JsonObject = {"type": "string"}
NUMBER: JsonObject = {"type": "number"}
