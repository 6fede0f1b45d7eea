"""Rules about a tool's schemas: its own keys, the meta-schema, and values that contradict their schema."""

from collections.abc import Iterator

from workbench.core.errors import ProjectError
from workbench.core.foreign_shape import check_shape
from workbench.core.json_text import JsonObject, JsonValue, canonical, type_name
from workbench.core.lint.finding import Finding, Fix, RemoveValue, Severity
from workbench.core.lint.parts import schema_nodes
from workbench.core.lint.rule import Grounds, LintRule, Surroundings
from workbench.core.lint.sources import JSON_SCHEMA
from workbench.core.problem import Problem
from workbench.core.schema import check_arguments, check_schema, is_cheap

INVALID_TOOL = "invalid-tool"
_BOUNDS = (
    ("minimum", "maximum"),
    ("exclusiveMinimum", "exclusiveMaximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
)
_KINDS: dict[str, str] = {
    "title": "string",
    "description": "string",
    "inputSchema": "object",
    "outputSchema": "object",
    "annotations": "object",
    "strict": "boolean",
}


def _legal(document: JsonObject, _: Surroundings) -> Iterator[Finding]:
    for path, schema in _schemas(document):
        for problem in check_schema(schema):
            if path == "/inputSchema" or problem.path != "/type" or problem.keyword != "type":
                severity: Severity = "error" if problem.severity == "error" else "warning"
                yield Finding(severity, path + problem.path, problem.message)


def _contradictions(document: JsonObject, _: Surroundings) -> Iterator[Finding]:
    for path, schema in _schemas(document):
        faulty = [path + problem.path for problem in check_schema(schema)]
        for place, node in schema_nodes(schema, path):
            yield from _required(place, node)
            yield from _bounds(place, node)
            if not any(_holds(place, fault) for fault in faulty):
                yield from _values(place, node)


def _schemas(document: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    for key in ("inputSchema", "outputSchema"):
        schema = document.get(key)
        if isinstance(schema, dict):
            yield f"/{key}", schema


def _keys(document: JsonObject, _: Surroundings) -> Iterator[Finding]:
    try:
        check_shape(document)
    except ProjectError as error:
        yield Finding("error", "", f"{error.message}. {error.hint}")
        return
    name = document.get("name")
    if "name" not in document:
        yield Finding("error", "", 'a tool needs a "name"')
    elif not isinstance(name, str) or not name:
        yield Finding("error", "/name", '"name" must be a non-empty string')
    for key, kind in _KINDS.items():
        value = document.get(key)
        if value is not None and type_name(value) != kind:
            yield Finding("error", f"/{key}", f'"{key}" must be of type {kind}, not {type_name(value)}')


def _required(place: str, node: JsonObject) -> Iterator[Finding]:
    required, properties = node.get("required"), node.get("properties")
    if not isinstance(required, list) or not isinstance(properties, dict):
        return
    for number, name in enumerate(required):
        if isinstance(name, str) and name not in properties:
            path = f"{place}/required/{number}"
            fix = Fix(f"Remove {name!r} from the list", (RemoveValue(path),))
            yield Finding("warning", path, f'"required" names an unknown parameter: {name!r}', fix=fix)


def _bounds(place: str, node: JsonObject) -> Iterator[Finding]:
    for low, high in _BOUNDS:
        least, most = node.get(low), node.get(high)
        if _is_number(least) and _is_number(most) and float(least) > float(most):  # type: ignore[arg-type]
            yield Finding("warning", f"{place}/{low}", f"{low} is above {high}, so no value can be valid")


def _values(place: str, node: JsonObject) -> Iterator[Finding]:
    """Default, examples and listed values against the rest of their schema; costly schemas are left alone."""
    enum = node.get("enum")
    if isinstance(enum, list):
        seen: set[str] = set()
        for number, value in enumerate(enum[:500]):
            if (text := canonical(value)) in seen:
                path = f"{place}/enum/{number}"
                fix = Fix("Remove the repeated value", (RemoveValue(path),))
                yield Finding("warning", path, f"{text[:60]} is listed twice", fix=fix)
            seen.add(text)
    listed = node.get("examples")
    given = [(f"{place}/default", node["default"])] if "default" in node else []
    given += (
        [(f"{place}/examples/{n}", value) for n, value in enumerate(listed[:50])] if isinstance(listed, list) else []
    )
    rules: JsonObject = {key: value for key, value in node.items() if key not in ("default", "examples")}
    if not (given or isinstance(enum, list)) or not is_cheap(rules):
        return
    without_enum = {key: value for key, value in rules.items() if key != "enum"}
    for where, value in given:
        for problem in _misfits(rules, value):
            word = "the default" if where.endswith("/default") else "this example"
            fix = Fix(f"Remove {word}", (RemoveValue(where),))
            yield Finding("warning", where, f"{word} does not fit: {problem.message}", fix=fix)
    for number, value in enumerate(enum[:500]) if isinstance(enum, list) else ():
        for problem in _misfits(without_enum, value):
            yield Finding("warning", f"{place}/enum/{number}", f"this value does not fit: {problem.message}")


def _misfits(rules: JsonObject, value: JsonValue) -> tuple[Problem, ...]:
    """The first problem, unless it is the schema itself that is refused; that is said elsewhere."""
    return tuple(problem for problem in check_arguments(rules, value)[:1] if problem.keyword != "schema")


def _holds(place: str, path: str) -> bool:
    return path == place or path.startswith(f"{place}/")


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


SCHEMA_RULES = (
    LintRule(
        INVALID_TOOL,
        "error",
        "A document that is not a tool.",
        Grounds("Nothing can be offered to a model.", "Model Context Protocol, schema of Tool"),
        _keys,
    ),
    LintRule(
        "invalid-schema",
        "error",
        "A schema that its meta-schema rejects.",
        Grounds("Vendors and validators refuse it.", JSON_SCHEMA),
        _legal,
    ),
    LintRule(
        "contradiction",
        "warning",
        "Defaults, examples, listed values and bounds that contradict the rest of their schema.",
        Grounds("A model that follows one violates the other.", JSON_SCHEMA),
        _contradictions,
    ),
)
