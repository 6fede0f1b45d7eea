"""What the rewriting of parameter schemas for vendors' strict modes shares. Pure.

Requests are never rewritten: what is in the project is what is sent. It serves export, where the person sees the list
of every change and of everything a vendor may refuse.
"""

from collections.abc import Iterator

from workbench.core.json_text import JsonObject, JsonValue

MAPS_OF_SCHEMAS = ("properties", "$defs", "definitions", "patternProperties", "dependentSchemas")
LISTS_OF_SCHEMAS = ("anyOf", "oneOf", "allOf", "prefixItems")
SCHEMAS = ("items", "not", "if", "then", "else", "contains", "propertyNames")


def closed(node: JsonObject, path: str, changes: list[str]) -> JsonObject:
    """`node` with every object in it closed to further keys; what was changed goes into `changes`."""
    made: JsonObject = {}
    for key, value in node.items():
        if key in MAPS_OF_SCHEMAS and isinstance(value, dict):
            made[key] = {
                name: closed(inner, f"{path}/{key}/{name}", changes) if isinstance(inner, dict) else inner
                for name, inner in value.items()
            }
        elif key in LISTS_OF_SCHEMAS and isinstance(value, list):
            made[key] = [
                closed(inner, f"{path}/{key}/{number}", changes) if isinstance(inner, dict) else inner
                for number, inner in enumerate(value)
            ]
        elif key in SCHEMAS and isinstance(value, dict):
            made[key] = closed(value, f"{path}/{key}", changes)
        else:
            made[key] = value
    if is_object(made):
        close(made, path or "/", changes)
    return made


def close(node: JsonObject, place: str, changes: list[str]) -> None:
    """Close one object in place."""
    if node.get("additionalProperties") is False:
        return
    loses = "" if node.get("properties") else ": no key at all is allowed any more"
    changes.append(f"{place}: 'additionalProperties' is false now{loses}")
    node["additionalProperties"] = False


def is_object(node: JsonObject) -> bool:
    """Whether a schema describes an object."""
    kind = node.get("type")
    return kind == "object" or (isinstance(kind, list) and "object" in kind) or isinstance(node.get("properties"), dict)


def nodes(node: JsonObject, path: str) -> Iterator[tuple[str, JsonObject]]:
    """Every schema in `node`, itself first, with its JSON pointer."""
    yield path, node
    for key, value in node.items():
        inner: list[tuple[str, JsonValue]] = []
        if key in MAPS_OF_SCHEMAS and isinstance(value, dict):
            inner = [(f"{path}/{key}/{name}", item) for name, item in value.items()]
        elif key in LISTS_OF_SCHEMAS and isinstance(value, list):
            inner = [(f"{path}/{key}/{number}", item) for number, item in enumerate(value)]
        elif key in SCHEMAS:
            inner = [(f"{path}/{key}", value)]
        for where, item in inner:
            if isinstance(item, dict):
                yield from nodes(item, where)


def words(value: JsonValue) -> list[str]:
    """The strings of a list; nothing of anything else."""
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []
