"""What one can do with parameters, as edits of the text. Each gives the new text; `KeyError` when it is impossible."""

from workbench.core.json_edit import copy_member, insert_item, move, remove, rename_key, set_value
from workbench.core.json_place import parent, places, steps
from workbench.core.json_text import JsonObject, JsonValue, canonical, parse_strict
from workbench.core.problem import pointer
from workbench.core.tool import KNOWN_KEYS
from workbench.viewmodels.schema_editor.schema_view import SCHEMA_ORDER


def value_at(text: str, path: str) -> JsonValue:
    """The value at a pointer; `KeyError` when there is none."""
    node = places(text).node(path)
    if node is None:
        raise KeyError(path)
    return parse_strict(text[node.start : node.end])


def has(text: str, path: str) -> bool:
    """Whether the pointer leads somewhere."""
    return places(text).node(path) is not None


def put(text: str, path: str, value: JsonValue) -> str:
    """Set a key of the tool or of a schema at its usual place."""
    return set_value(text, path, value, order=KNOWN_KEYS if path.count("/") == 1 else SCHEMA_ORDER)


def put_or_remove(text: str, path: str, value: JsonValue) -> str:
    """As `put`; None takes the key away."""
    if value is None:
        return remove(text, path) if has(text, path) else text
    return put(text, path, value)


def add_property(text: str, schema: str, name: str, after: str = "") -> str:
    """Add a parameter to the schema at `schema`, behind the one named `after` or at the end.

    Raises `KeyError` when the name is taken.
    """
    properties = f"{schema}/properties"
    if has(text, properties + pointer([name])):
        raise KeyError(name)
    text = put(text, f"{properties}{pointer([name])}", {"type": "string", "description": ""})
    if after:
        names = list(_object_at(text, properties))
        text = move(text, properties + pointer([name]), names.index(after) + 1)
    return text


def free_name(text: str, schema: str, wanted: str = "parameter") -> str:
    """A name that no parameter of the schema has yet."""
    taken = _object_at(text, f"{schema}/properties") if has(text, f"{schema}/properties") else {}
    names = [wanted, *(f"{wanted}_{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def rename_property(text: str, path: str, new: str) -> str:
    """Rename a parameter where it is defined and where it is required, keeping both places."""
    schema, old = owner_of(path)
    text = rename_key(text, path, new)
    for number, name in enumerate(_required(text, schema)):
        if name == old:
            text = set_value(text, f"{schema}/required/{number}", new)
    return text


def remove_property(text: str, path: str) -> str:
    """Take a parameter out, and out of the required ones."""
    schema, _ = owner_of(path)
    return remove(require(text, path, is_required=False), path) if schema else text


def duplicate_property(text: str, path: str, new: str) -> str:
    """Repeat a parameter under a new name; the copy is required if the original is."""
    schema, old = owner_of(path)
    text = copy_member(text, path, new)
    return require(text, f"{schema}/properties{pointer([new])}", is_required=old in _required(text, schema))


def move_property(text: str, path: str, by: int) -> str:
    """Move a parameter up (-1) or down (1) among its siblings."""
    schema, name = owner_of(path)
    names = list(_object_at(text, f"{schema}/properties"))
    target = names.index(name) + by
    return move(text, path, target) if 0 <= target < len(names) else text


def require(text: str, path: str, *, is_required: bool) -> str:
    """Make a parameter required or optional. Required ones are listed in the order of the parameters."""
    schema, name = owner_of(path)
    required = _required(text, schema)
    if is_required == (name in required):
        return text
    if not is_required:
        if len(required) == 1:
            return remove(text, f"{schema}/required")
        for number in reversed(range(len(required))):
            if required[number] == name:
                text = remove(text, f"{schema}/required/{number}")
        return text
    if not required:
        return put(text, f"{schema}/required", [name])
    names = list(_object_at(text, f"{schema}/properties"))
    before = set(names[: names.index(name)])
    place = max((number + 1 for number, other in enumerate(required) if other in before), default=0)
    return insert_item(text, f"{schema}/required", place, name)


def synced(text: str, path: str, wanted: JsonObject, within: JsonObject) -> str:
    """Make the keys `within` of the object at `path` be `wanted`: only what differs is touched."""
    for key in within:
        if key not in wanted:
            text = remove(text, path + pointer([key]))
    for key, value in wanted.items():
        if key not in within or canonical(within[key]) != canonical(value):
            text = put(text, path + pointer([key]), value)
    return text


def owner_of(path: str) -> tuple[str, str]:
    """The schema a parameter belongs to, and the parameter's name.

    Raises `KeyError` for a place that is not a parameter.
    """
    properties, name = parent(path)
    if steps(properties)[-1:] != ("properties",):
        raise KeyError(path)
    return parent(properties)[0], name


def _required(text: str, schema: str) -> list[JsonValue]:
    found = value_at(text, f"{schema}/required") if has(text, f"{schema}/required") else []
    return found if isinstance(found, list) else []


def _object_at(text: str, path: str) -> JsonObject:
    found = value_at(text, path)
    if not isinstance(found, dict):
        raise KeyError(path)
    return found
