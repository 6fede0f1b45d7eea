"""One tool in each vendor's shape, through the same encoders that make requests.

The encoders are imported when asked for, like the adapters they belong to.
"""

from workbench.core.json_text import JsonObject
from workbench.core.tool import Tool


def encode_tool_for(dialect: str, tool: Tool, *, strict: bool) -> tuple[JsonObject, tuple[str, ...]]:
    """The tool as `openai-chat`, `openai-responses` or `anthropic` takes it, and what had to be changed for that.

    Without `strict` nothing in a schema is changed.
    """
    changes: tuple[str, ...] = ()
    if strict:
        tool, changes = _made_strict(dialect, tool)
    match dialect:
        case "openai-chat":
            from workbench.providers.openai_chat.encode import encode_tool as encode_for_chat

            return encode_for_chat(tool, strict or None), changes
        case "openai-responses":
            from workbench.providers.openai_responses.encode import encode_tool as encode_for_responses

            return encode_for_responses(tool, strict or None), changes
        case _:
            from workbench.providers.anthropic.encode import encode_tool as encode_for_anthropic

            return encode_for_anthropic(tool, strict or None), changes


def _made_strict(dialect: str, tool: Tool) -> tuple[Tool, tuple[str, ...]]:
    from workbench.providers.strict_schema import anthropic_strict_schema, strict_schema

    rewrite = anthropic_strict_schema if dialect == "anthropic" else strict_schema
    schema, changes = rewrite(tool.input_schema)
    return Tool({**tool.document, "inputSchema": schema}), tuple(changes)
