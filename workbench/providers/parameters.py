"""A tool's parameters as vendors want them: always an object."""

from workbench.core.json_text import JsonObject
from workbench.core.tool import Tool


def object_parameters(tool: Tool) -> JsonObject:
    """The input schema unchanged, or with `"type": "object"` put first where the author left the type out.

    Every vendor refuses a schema without it, and arguments are an object anyway.
    """
    schema = tool.input_schema
    return schema if "type" in schema else {"type": "object", **schema}
