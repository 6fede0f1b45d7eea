"""Tool files written for another program: the tool is in a wrapper or a list, or its parameters have another name.

Read as our format, such a tool would have no parameters, and the model would call it without arguments.
"""

from workbench.core.errors import ProjectError
from workbench.core.json_text import JsonObject, JsonValue

_OWN_OBJECTS = ("inputSchema", "outputSchema", "annotations", "_meta")
_OTHER_WAYS = frozenset(["$ref", "allOf", "anyOf", "oneOf", "patternProperties"])
"""How a schema may have parameters without naming one."""


def check_shape(document: JsonValue) -> None:
    """Raise `ProjectError` when `document` is a tool in another format than ours, saying what to change."""
    if isinstance(document, list):
        raise ProjectError(
            "the file holds a list, but a tool file holds one tool",
            hint="Put each tool in its own file, or paste the text into the explorer to import them.",
        )
    if not isinstance(document, dict):
        return
    if not isinstance(document.get("name"), str):
        _check_frame(document)
        return
    if _has_parameters(document.get("inputSchema")):
        return
    for key, value in document.items():
        if key not in _OWN_OBJECTS and _is_schema(value):
            raise ProjectError(
                f'the parameters are under "{key[:40]}", which is another program\'s format',
                hint=f'Rename "{key[:40]}" to "inputSchema", or paste the text into the explorer to convert it.',
            )


def _check_frame(document: JsonObject) -> None:
    for key, value in document.items():
        if isinstance(value, dict) and isinstance(value.get("name"), str):
            raise ProjectError(
                f'the tool is inside "{key[:40]}", which is another program\'s format',
                hint=f'Take it out of "{key[:40]}" and put its parameters under "inputSchema", or paste the text '
                "into the explorer to convert it.",
            )
        if isinstance(value, list) and any(isinstance(one, dict) and "name" in one for one in value):
            raise ProjectError(
                f'"{key[:40]}" holds a list of tools, which is another program\'s format',
                hint="Put each tool in its own file, or paste the text into the explorer to import them.",
            )


def _has_parameters(schema: JsonValue) -> bool:
    return isinstance(schema, dict) and bool(schema.get("properties") or schema.keys() & _OTHER_WAYS)


def _is_schema(value: JsonValue) -> bool:
    return isinstance(value, dict) and (value.get("type") == "object" or isinstance(value.get("properties"), dict))
