"""Changes of tools as this wire announces them: in a system message among the others, which is a beta."""

from collections.abc import Callable

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.tool import Tool
from workbench.core.tool_changes import ToolChanges

CHANGES_BETA = "mid-conversation-tool-changes-2026-07-01"
DEFINITIONS_BETA = "inline-tools-2026-09-15"


def change_message(changes: ToolChanges, encode_tool: Callable[[Tool], JsonObject]) -> JsonObject:
    """The message that announces them; `encode_tool` defines a tool as this wire requires it."""
    content: list[JsonValue] = [
        {"type": "tool_removal", "tool": {"type": "tool_reference", "name": name}} for name in changes.removed
    ]
    content += [{"type": "tool_definition", "definition": encode_tool(Tool(document))} for document in changes.defined]
    return {"role": "system", "content": content}


def betas_of(messages: object) -> tuple[str, ...]:
    """The betas to ask for because of these messages."""
    blocks = [
        block
        for message in (messages if isinstance(messages, list) else [])
        if isinstance(message, dict) and message.get("role") == "system" and isinstance(message.get("content"), list)
        for block in message["content"]
        if isinstance(block, dict)
    ]
    kinds = {block.get("type") for block in blocks}
    found = (CHANGES_BETA,) if kinds & {"tool_removal", "tool_definition"} else ()
    return (*found, DEFINITIONS_BETA) if "tool_definition" in kinds else found
