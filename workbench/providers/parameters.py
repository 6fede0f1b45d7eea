"""A tool's parameters as vendors require them: always an object."""

from workbench.core.json_text import JsonObject
from workbench.core.tool import Tool


def object_parameters(tool: Tool) -> JsonObject:
    """The input schema, with `"type": "object"` and `properties` where the author left them out.

    Every vendor refuses a schema without the type, and some one without properties; arguments are an object anyway.
    """
    schema, given = tool.input_schema, tool.input_schema.get("type")
    is_object = given in (None, "object") or (isinstance(given, list) and "object" in given)
    has_properties = isinstance(schema.get("properties"), dict)
    if not is_object or (given == "object" and has_properties):
        return schema
    sound: JsonObject = {"type": "object", **{key: value for key, value in schema.items() if key != "type"}}
    return sound if has_properties else {**sound, "properties": {}}
