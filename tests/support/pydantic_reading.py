"""What the schemas of pydantic's classes say, without what pydantic adds to every schema."""

from workbench.app.exports.reference_inlining import inlined
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.subschemas import with_subschemas


def settled(schema: JsonObject) -> JsonValue:
    """References are put in their place, and `required` has no order. Pydantic gives every class and field without a
    title one made from its name; those are left out, as is an empty list of required fields."""
    return _plain(inlined(schema, schema), "", is_root=True)


def _plain(node: JsonValue, name: str, *, is_root: bool = False) -> JsonValue:
    if not isinstance(node, dict):
        return {} if node is True else node
    made: JsonObject = {}
    for key, value in node.items():
        is_made_up = key == "title" and not is_root and isinstance(value, str) and _folded(value) == _folded(name)
        is_class = key == "title" and not is_root and "properties" in node
        if is_made_up or is_class or key in ("$schema", "$id", "$comment") or (key == "required" and not value):
            continue
        made[key] = sorted(value) if key == "required" and isinstance(value, list) else value  # type: ignore[type-var]
    return with_subschemas(made, lambda inner, path: _plain(inner, path.rpartition("/")[2]))


def _folded(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())
