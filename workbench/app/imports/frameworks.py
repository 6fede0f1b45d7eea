"""Tools in frameworks' usual JSON: LangChain, LlamaIndex, Semantic Kernel."""

from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonObject, JsonValue, parse_strict

LANGCHAIN, LLAMA_INDEX, SEMANTIC_KERNEL = "LangChain", "LlamaIndex", "Semantic Kernel"
_REQUIRED = ("is_required", "isRequired", "IsRequired", "required")
_DEFAULTS = ("default_value", "defaultValue", "DefaultValue")
_SCHEMAS = ("schema_data", "schemaData", "schema", "Schema")
_PLUGINS = ("plugin_name", "pluginName", "PluginName")


def usual_shape(document: JsonObject) -> tuple[JsonObject, str] | None:
    """The tool with its schema under `inputSchema`, and the framework's name; None for anything else."""
    if isinstance(held := document.get("kwargs"), dict) and "lc" in document:
        return usual_shape(held) or (held, LANGCHAIN)
    for key in ("args_schema", "tool_call_schema"):
        if isinstance(schema := document.get(key), dict):
            return _made(document, schema), LANGCHAIN
    if isinstance(fields := document.get("args"), dict) and _are_schemas(fields):
        return _made(document, _of_args(fields)), LANGCHAIN
    held = document.get("metadata")
    inner = held if isinstance(held, dict) and isinstance(held.get("name"), str) else document
    if (schema := _fn_schema(inner)) is not None:
        return _made(inner, schema), LLAMA_INDEX
    rows = document.get("parameters", document.get("Parameters"))
    if isinstance(rows, list) and all(isinstance(row, dict) and ("name" in row or "Name" in row) for row in rows):
        return _of_kernel(document, [row for row in rows if isinstance(row, dict)]), SEMANTIC_KERNEL
    return None


def _made(document: JsonObject, schema: JsonObject) -> JsonObject:
    plain = {key: value for key, value in schema.items() if key != "title"}
    said = document.get("description") or plain.get("description")
    plain.pop("description", None)
    made: JsonObject = {"name": document.get("name")}
    if isinstance(said, str):
        made["description"] = said
    return {**made, "inputSchema": plain if plain.get("type") else {"type": "object", **plain}}


def _are_schemas(fields: JsonObject) -> bool:
    return bool(fields) and all(
        isinstance(one, dict) and one.keys() & {"type", "anyOf", "$ref"} for one in fields.values()
    )


def _of_args(fields: JsonObject) -> JsonObject:
    """`args` are only the properties; those without a default are required."""
    required = [name for name, one in fields.items() if isinstance(one, dict) and "default" not in one]
    return {"type": "object", "properties": fields, **({"required": list[JsonValue](required)} if required else {})}


def _fn_schema(document: JsonObject) -> JsonObject | None:
    held = document.get("fn_schema", document.get("fn_schema_str"))
    if isinstance(held, str):
        try:
            held = parse_strict(held)
        except MalformedJson:
            return None
    return held if isinstance(held, dict) else None


def _of_kernel(document: JsonObject, rows: list[JsonObject]) -> JsonObject:
    properties: JsonObject = {}
    required: list[JsonValue] = []
    for row in rows:
        name = str(row.get("name") or row.get("Name"))
        schema = next((held for key in _SCHEMAS if isinstance(held := row.get(key), dict)), None)
        kind = (
            row.get("type")
            if row.get("type") in ("string", "integer", "number", "boolean", "array", "object")
            else None
        )
        one: JsonObject = dict(schema) if schema is not None else {"type": kind or "string"}
        said = row.get("description", row.get("Description"))
        if isinstance(said, str) and said:
            one["description"] = said
        default = next((row[key] for key in _DEFAULTS if row.get(key) not in (None, "")), None)
        if default is not None:
            one["default"] = default
        properties[name] = one
        if next((row[key] for key in _REQUIRED if key in row), False) is True:
            required.append(name)
    plugin = next((held for key in _PLUGINS if isinstance(held := document.get(key), str) and held), "")
    name = str(document.get("name") or document.get("Name") or "")
    made: JsonObject = {"type": "object", "properties": properties}
    if required:
        made["required"] = required
    said = document.get("description", document.get("Description"))
    return {
        "name": f"{plugin}-{name}" if plugin else name,
        "description": said if isinstance(said, str) else "",
        "inputSchema": made,
    }
