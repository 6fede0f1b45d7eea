"""The arguments of an operation: parameters and the fields of its body in one flat object, and where each is sent."""

import re

import msgspec

from workbench.app.imports.names import portable_name
from workbench.app.imports.openapi.api import Api, ApiParameter, Body, is_json_media
from workbench.app.imports.openapi.references import References
from workbench.app.imports.openapi.schemas import SchemaReader
from workbench.core.json_text import JsonObject, JsonValue

_ARGUMENT = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_AUTHORIZATION = frozenset(["authorization", "accept", "content-type"])
"""Header parameters that OpenAPI itself says are to be ignored."""


class OperationArguments(msgspec.Struct):
    """`query`, `headers` and `body` are templates; `path` says which slots of the address are called otherwise."""

    properties: JsonObject
    required: list[str]
    path: dict[str, str]
    query: JsonObject
    headers: dict[str, str]
    body: JsonValue = None
    has_body: bool = False
    body_as: str = "json"
    is_open: bool = False
    """Whether the body may have fields that its schema does not name."""
    notes: list[str] = []
    obstacle: str = ""
    """Why no request can be made of the arguments."""


def arguments_of(
    api: Api, parameters: list[ApiParameter], body: Body | None, reader: SchemaReader
) -> OperationArguments:
    """Parameters keep their names; a field of the body that has the name of one is called `NAME_body`."""
    made = OperationArguments({}, [], {}, {}, {}, notes=[])
    for one in parameters:
        _add_parameter(made, one, reader)
    if body is not None:
        _add_body(made, body, api.references, reader)
    return made


def _add_parameter(made: OperationArguments, one: ApiParameter, reader: SchemaReader) -> None:
    if one.place == "header" and one.name.casefold() in _AUTHORIZATION:
        return
    if one.obstacle or one.place == "cookie":
        why = one.obstacle or "in a cookie"
        made.notes.append(f"the parameter {one.name} is left out: {why} cannot be sent")
        if one.is_required:
            made.obstacle = f"it requires {one.name}, {why}"
        return
    name = _free(made, one.name, one.place)
    made.properties[name] = reader.schema(one.schema)
    if one.is_required:
        made.required.append(name)
    slot = f"{{{name}{one.separator}}}"
    match one.place:
        case "path":
            made.path[one.name] = slot
        case "header":
            made.headers[one.name] = slot
        case _:
            made.query[one.sent_as or one.name] = slot


def _add_body(made: OperationArguments, body: Body, references: References, reader: SchemaReader) -> None:
    if not body.is_required and _says_nothing(references.followed(body.schema)):
        return
    if not is_json_media(body.media):
        if body.media != "application/x-www-form-urlencoded":
            made.obstacle = f"its body is {body.media}"
        made.body_as = "form"
    made.has_body = True
    fields = _fields(body.schema, references, reader)
    if fields is None:
        name = _free(made, "body", "body")
        schema = reader.schema(body.schema)
        if body.description and isinstance(schema, dict) and "description" not in schema:
            schema = {"description": body.description, **schema}
        made.properties[name] = schema
        made.required += [name] if body.is_required else []
        made.body = f"{{{name}}}"
        if made.body_as == "form" and not made.obstacle:
            made.obstacle = "its form has no named fields"
        return
    template: JsonObject = {}
    for wanted, schema in fields.properties.items():
        name = _free(made, wanted, "body")
        made.properties[name] = reader.schema(schema)
        template[wanted] = f"{{{name}}}"
        if body.is_required and wanted in fields.required:
            made.required.append(name)
    made.body, made.is_open = template, fields.is_open


def _says_nothing(schema: JsonObject) -> bool:
    """Whether a body is an object without fields: generators write one where there is none."""
    is_plain = not (schema.keys() - {"type", "properties", "description", "additionalProperties"})
    is_open = schema.get("additionalProperties") not in (None, False)
    return schema.get("type") == "object" and is_plain and not is_open and not schema.get("properties")


class _Fields(msgspec.Struct):
    properties: JsonObject
    required: set[str]
    is_open: bool


def _fields(schema: JsonValue, references: References, reader: SchemaReader) -> _Fields | None:
    """The fields of an object that is no more than its fields; `allOf` is merged where no two parts name the same one.
    None for what has to stay one argument."""
    if isinstance(schema, dict) and schema.get("nullable") is True:
        return None
    held = references.followed(schema)
    if held.keys() & {"anyOf", "oneOf", "not", "if", "patternProperties", "enum", "const", "minProperties"}:
        return None
    made = _Fields({}, set(), held.get("additionalProperties") not in (None, False))
    parts = held.get("allOf")
    for part in parts if isinstance(parts, list) else ():
        inner = _fields(part, references, reader) if _depth_is_fine(part, references) else None
        if inner is None or inner.properties.keys() & made.properties.keys():
            return None
        made.properties |= inner.properties
        made.required |= inner.required
        made.is_open = made.is_open or inner.is_open
    own = held.get("properties")
    if isinstance(own, dict):
        if own.keys() & made.properties.keys():
            return None
        made.properties |= {name: one for name, one in own.items() if not _only_in_answers(one)}
    required = held.get("required")
    made.required |= {name for name in required if isinstance(name, str)} if isinstance(required, list) else set()
    return made if made.properties else None


def _depth_is_fine(part: JsonValue, references: References) -> bool:
    """Whether a part of `allOf` has no `allOf` of its own with references, which could lead in a circle."""
    parts = references.followed(part).get("allOf")
    return not isinstance(parts, list) or not any(isinstance(one, dict) and "$ref" in one for one in parts)


def _only_in_answers(schema: JsonValue) -> bool:
    return isinstance(schema, dict) and schema.get("readOnly") is True


def _free(made: OperationArguments, wanted: str, place: str) -> str:
    name = wanted if _ARGUMENT.fullmatch(wanted) else portable_name(wanted)
    while name in made.properties:
        name = f"{name[:56]}_{place}"
    return name
