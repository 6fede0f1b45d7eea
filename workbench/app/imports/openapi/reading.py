"""Operations as tools: name, description, flat arguments, and the executor's row."""

import re
from typing import Any

from workbench.app.imports.addresses import inside_note
from workbench.app.imports.found import Found, FoundTool
from workbench.app.imports.names import Names, words_of_path
from workbench.app.imports.openapi.api import Api, ApiParameter, Operation
from workbench.app.imports.openapi.arguments import OperationArguments, arguments_of
from workbench.app.imports.openapi.schemas import SchemaReader
from workbench.app.imports.openapi.security import access_to
from workbench.app.imports.tool_adding import listed
from workbench.core.json_text import JsonObject, JsonValue, compact
from workbench.core.tool import Tool

_MOST_SHOWN = 5
_MOST_RESULT_CHARS = 50_000
_IN_QUERY = frozenset(["GET", "HEAD", "DELETE"])
_HINTS: dict[str, JsonObject] = {
    "GET": {"readOnlyHint": True},
    "HEAD": {"readOnlyHint": True},
    "PUT": {"idempotentHint": True},
    "DELETE": {"destructiveHint": True, "idempotentHint": True},
}


def is_openapi(document: JsonValue) -> bool:
    """Whether the document declares a version of OpenAPI."""
    return isinstance(document, dict) and ("openapi" in document or "swagger" in document)


def tools_of_openapi(document: JsonObject) -> Found:
    """Every operation as a tool."""
    api = Api(document)
    reader = SchemaReader(api.references)
    names = Names()
    answers = SchemaReader(api.references, "answer")
    items = tuple(_tool(api, operation, reader, answers, names) for operation in api.operations())
    notes = [*api.references.notes()]
    circles = list(dict.fromkeys((*reader.circles(), *answers.circles())))
    if circles:
        more = f" and {len(circles) - _MOST_SHOWN} more" if len(circles) > _MOST_SHOWN else ""
        notes.append(f"recursive schemas stay references: {', '.join(circles[:_MOST_SHOWN])}{more}")
    if count := reader.lost.get("discriminator"):
        notes.append(f"discriminator is left out in {count} schema{'s' if count > 1 else ''}: JSON Schema has none")
    rows = [one.runs for one in items if one.runs is not None and "auth" in one.runs]
    keys = dict.fromkeys(auth["key"] for row in rows for auth in (row["auth"], *row.get("more_keys", ())))
    if keys:
        notes.append(f"keys are named and not written; give {listed(list(keys))} in the settings or the environment")
    if api.document.get("webhooks"):
        notes.append("webhooks are left out: they are requests of the API to you")
    obstacle = "" if items else "This OpenAPI document has no operations. They would be under paths."
    return Found(items, api.version, obstacle, tuple(notes))


def _tool(api: Api, operation: Operation, reader: SchemaReader, answers: SchemaReader, names: Names) -> FoundTool:
    method = operation.method.upper()
    name = names.take(operation.operation_id or words_of_path(method, operation.path), operation.identity)
    made = arguments_of(api, _without_keys(api, operation), api.body(operation), reader)
    schema: JsonObject = {"type": "object", "properties": made.properties}
    if made.required:
        schema["required"] = list[JsonValue](made.required)
    if not made.is_open:
        schema["additionalProperties"] = False
    if definitions := reader.definitions(schema):
        schema["$defs"] = definitions
    notes = list(made.notes)
    row, obstacle = _row(api, operation, made, notes)
    if obstacle:
        notes.append(f"calls wait for a result from you: {obstacle}")
    if operation.document.get("deprecated") is True:
        notes.append("deprecated")
    result = _result(api, operation, answers, notes)
    tool = Tool.make(name, _description(operation), schema, annotations=_HINTS.get(method), output_schema=result)
    return FoundTool(tool, api.version, row, operation.identity, tuple(notes))


def _without_keys(api: Api, operation: Operation) -> list[ApiParameter]:
    """A key is never an argument, though some documents list it as a parameter as well."""
    keys = {
        (str(scheme.get("in")), str(scheme.get("name")).casefold())
        for scheme in map(api.references.followed, api.security(operation)[1].values())
        if scheme.get("type") == "apiKey"
    }
    return [one for one in api.parameters(operation) if (one.place, one.name.casefold()) not in keys]


def _result(api: Api, operation: Operation, answers: SchemaReader, notes: list[str]) -> JsonObject | None:
    """The schema of the result; a mere reference is written out, so that its type is visible."""
    wanted = api.answer(operation)
    if not isinstance(wanted, dict) or not wanted:
        return None
    target = api.references.followed(wanted) if "$ref" in wanted else wanted
    schema = answers.schema(target)
    if not isinstance(schema, dict) or not schema:
        return None
    if definitions := answers.definitions(schema):
        schema = {**schema, "$defs": definitions}
    if (size := len(compact(schema))) > _MOST_RESULT_CHARS:
        notes.append(f"the schema of its result is left out: {size:,} characters")
        return None
    return schema


def _description(operation: Operation) -> str:
    said = [
        " ".join(text.split()) if key == "summary" else text.strip()
        for holder in (operation.document, operation.path_item)
        for key in ("summary", "description")
        if isinstance(text := holder.get(key), str) and text.strip()
    ]
    kept: list[str] = []
    for text in said:
        if not any(text.rstrip(".") in other for other in kept):
            kept = [other for other in kept if other.rstrip(".") not in text]
            kept.append(text)
    return "\n\n".join(kept)


def _row(
    api: Api, operation: Operation, made: OperationArguments, notes: list[str]
) -> tuple[dict[str, Any] | None, str]:
    """The row for `[executors]`, or why there is none."""
    url, obstacle = api.address(operation)
    if obstacle or made.obstacle:
        return None, obstacle or made.obstacle
    missing = [slot for slot in re.findall(r"\{([^{}]+)\}", operation.path) if slot not in made.path]
    if missing:
        return None, f"its path names {missing[0]}, which is not a parameter"
    for name, slot in made.path.items():
        url = url.replace(f"{{{name}}}", slot)
    notes += [note] if (note := inside_note(url)) else []
    access = access_to(api.title, *api.security(operation))
    notes += access.notes
    method = operation.method.upper()
    row: dict[str, Any] = {"kind": "http", "url": url}
    if method != "GET":
        row["method"] = method
    if access.keys:
        row["auth"] = access.keys[0]
    if made.headers:
        row["headers"] = made.headers
    is_free = method in _IN_QUERY and not made.has_body
    if made.query and not (is_free and all(slot == f"{{{name}}}" for name, slot in made.query.items())):
        row["query"] = made.query
    if made.has_body:
        is_flat = isinstance(made.body, dict) and all(slot == f"{{{name}}}" for name, slot in made.body.items())
        if not is_flat or method in _IN_QUERY:
            row["body"] = made.body
        if made.body_as == "form":
            row["body_as"] = "form"
    if len(access.keys) > 1:
        row["more_keys"] = list(access.keys[1:])
    return row, ""
