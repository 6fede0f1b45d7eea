"""Tools from JSON in whatever shape they come: MCP's own, that of any wire, or JSON Schema, single or in a list."""

from workbench.app.imports.found import OWN, Found, FoundTool
from workbench.app.imports.frameworks import usual_shape
from workbench.app.imports.names import portable_name
from workbench.app.models.wires import WIRES
from workbench.core.errors import ProjectError
from workbench.core.json_text import JsonObject, JsonValue, type_name
from workbench.core.tool import Tool

_LISTS = tuple(dict.fromkeys(("tools", *(key for wire in WIRES for key in wire.shape.tool.lists))))
_SCHEMAS = tuple(dict.fromkeys(("inputSchema", *(key for wire in WIRES for key in wire.shape.tool.parameters))))
_FRAMES = {wire.shape.tool.frame: wire.label for wire in WIRES if wire.shape.tool.frame}
SCHEMA = "JSON Schema"
_LIST_SHAPES = {key: wire.label for wire in WIRES for key in wire.shape.tool.lists if key != "tools"}
"""Which wire tools are written for, by the key of the list that they are in."""


def found_in(document: JsonValue) -> Found:
    """The tools that a document describes; none when it describes something else. What cannot be a tool is skipped with
    the reason, and names that not every vendor takes are changed."""
    if isinstance(document, dict) and (schemas := _schemas(document)):
        made = [FoundTool(_of_schema(schema, name), SCHEMA) for name, schema in schemas.items()]
        return Found(tuple(made), SCHEMA)
    skipped: list[tuple[str, str]] = []
    items: list[FoundTool] = []
    for one, shape in _candidates(document):
        try:
            found = _tool(one, shape)
        except ProjectError as error:
            skipped.append((error.where, str(ProjectError(error.message, hint=error.hint))))
            continue
        if found is not None:
            items.append(_named(found))
    shapes = ", ".join(dict.fromkeys(one.shape for one in items))
    obstacle = "; ".join(f"{name}: {why}" for name, why in skipped) if not items else ""
    return Found(tuple(items), shapes, obstacle, (), tuple(skipped))


def _named(found: FoundTool) -> FoundTool:
    """With a name that every vendor takes. The project tells two tools of one name apart by numbers."""
    wanted = found.tool.name
    name = portable_name(wanted)
    if name == wanted:
        return found
    tool = Tool({**found.tool.document, "name": name})
    return FoundTool(tool, found.shape, None, wanted, (*found.notes, f"its name was {wanted[:80]!r}"))


def _candidates(document: JsonValue) -> list[tuple[JsonObject, str]]:
    if isinstance(document, list):
        return _flat(document, "")
    if not isinstance(document, dict):
        return []
    for holder in (document, document.get("result")):
        if isinstance(holder, dict) and (listed := _listed(holder)) is not None:
            return _flat(*listed)
    return [(document, "")]


def _flat(rows: list[JsonValue], shape: str) -> list[tuple[JsonObject, str]]:
    """The objects in a list; one that holds a list itself stands for what is in it."""
    made: list[tuple[JsonObject, str]] = []
    for one in rows:
        if not isinstance(one, dict):
            continue
        inner, inside = _listed(one) or ([one], shape)
        made += [(tool, inside) for tool in inner if isinstance(tool, dict)]
    return made


def _listed(holder: JsonObject) -> tuple[list[JsonValue], str] | None:
    """The list of tools in an object, and what its key says of their shape."""
    return next(
        ((rows, _LIST_SHAPES.get(key, "")) for key in _LISTS if isinstance(rows := holder.get(key), list)), None
    )


def _tool(document: JsonObject, shape: str) -> FoundTool | None:
    """A tool says its name and either a schema, what it is for, or that it is a function."""
    written = usual_shape(document)
    if written is not None:
        document, shape = written
    is_framed = document.get("type") in _FRAMES
    for frame, label in _FRAMES.items():
        if document.get("type") == frame and isinstance(inner := document.get(frame), dict):
            document, shape = inner, label
            break
    name = document.get("name")
    schema_key = next((key for key in _SCHEMAS if isinstance(document.get(key), dict)), None)
    has_schema = schema_key is not None or any(document.get(key) is True for key in _SCHEMAS)
    is_one = is_framed or has_schema or isinstance(document.get("description"), str)
    if not isinstance(name, str) or not is_one:
        return None
    for key in ("description", *_SCHEMAS):  # a tool without parameters is often written with null
        if key in document and document[key] is None:
            document = {other: value for other, value in document.items() if other != key}
    odd = next((key for key in _SCHEMAS if not isinstance(document.get(key, {}), dict)), None)
    if schema_key is None and odd is not None:
        if document[odd] is True:  # a schema that allows everything
            document, schema_key = {**document, odd: {"type": "object"}}, odd
        else:
            found = type_name(document[odd])
            raise ProjectError(f"{odd} is {found}", where=name[:80], hint="It has to be a JSON Schema, an object.")
    if schema_key in (None, "inputSchema"):
        own = {key: value for key, value in document.items() if key != "type" or not is_framed}
        return FoundTool(Tool(own), shape if written is not None else OWN)
    renamed = {
        "inputSchema" if key == schema_key else key: _as_json_schema(value) if key == schema_key else value
        for key, value in document.items()
        if not (key == "type" and value in ("function", "custom"))
    }
    return FoundTool(Tool(renamed), shape or _shape(document, str(schema_key)))


def _shape(document: JsonObject, schema_key: str) -> str:
    """Which wire a tool is written for, by the key of its schema and whether it says that it is a function."""
    bare = [wire for wire in WIRES if schema_key in wire.shape.tool.parameters and not wire.shape.tool.frame]
    usual = [wire for wire in bare if wire.shape.tool.parameters == (schema_key,)]
    others = [wire for wire in bare if wire not in usual]
    return ([*usual, *others] if "type" in document or not others else [*others, *usual])[0].label


def _as_json_schema(schema: JsonValue) -> JsonValue:
    """Vendors with a kind of schema of their own say how it is read; it leaves alone what is JSON Schema already."""
    for wire in WIRES:
        if wire.own_schema is not None and isinstance(schema, dict):
            schema = wire.own_schema(schema)
    return schema


def _schemas(document: JsonObject) -> dict[str, JsonObject]:
    """The schemas of parameters that a document is or, as definitions, holds, by name; none when it is a tool."""
    if _is_schema(document):
        return {"": document}
    held = document.get("$defs", document.get("definitions"))
    if not isinstance(held, dict) or document.keys() & {"name", "type", "properties", *_SCHEMAS}:
        return {}
    found = {name: one for name, one in held.items() if isinstance(one, dict) and _is_schema(one)}
    return found if len(found) == len(held) else {}


def _is_schema(document: JsonObject) -> bool:
    has_properties = isinstance(document.get("properties"), dict)
    is_object = document.get("type") == "object" or "json-schema.org" in str(document.get("$schema", ""))
    return not isinstance(document.get("name"), str) and has_properties and (is_object or "type" not in document)


def _of_schema(schema: JsonObject, key: str) -> Tool:
    """A tool with these parameters; what named and described the schema names and describes it."""
    title, said = schema.get("title"), schema.get("description")
    name = portable_name(str(title or key)) if title or key else "new_tool"
    taken = {"title"} | ({"description"} if isinstance(said, str) else set())
    if "2020-12" in str(schema.get("$schema", "")):
        taken.add("$schema")
    if schema.get("$id") == title:
        taken.add("$id")
    parameters = {key: value for key, value in schema.items() if key not in taken}
    return Tool.make(name, said if isinstance(said, str) else "", parameters)
