"""What the rewriting of parameter schemas for vendors' strict modes shares. Pure.

Requests are never rewritten: what is in the project is what is sent. It serves export, where the person sees the list
of every change and of everything a vendor may refuse.
"""

import json

import msgspec

from workbench.core.json_text import JsonObject, JsonValue, type_name
from workbench.core.subschemas import MISSING, all_schemas, referred_to, with_subschemas

_ANNOTATIONS = frozenset(
    ["title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment"]
)
_SHELVES = frozenset(["$defs", "definitions", "$schema", "$id"])
"""Keywords that hold schemas for others; they do not constrain values."""
_TYPE_OF_KEYWORD = {"properties": "object", "items": "array", "prefixItems": "array"}
_LEFT_OVER = ("additionalProperties", "unevaluatedProperties", "additionalItems", "unevaluatedItems")
_DECIDE_TYPES = ("type", "$ref", "anyOf", "oneOf", "allOf", "enum", "const")
MOST_REPLACED = 200
"""References of one schema. What refers to others twice, level by level, would grow without end."""
_ON_TOP = ("anyOf", "oneOf", "allOf", "not", "enum", "if")


class StrictNote(msgspec.Struct, frozen=True):
    """One place of a schema: what was changed there, or why it may be refused.

    `path` is a JSON pointer. `remedy` says what the author would have to write instead; it is empty where nothing was
    changed.
    """

    path: str
    words: str
    requirement: str = ""

    def __str__(self) -> str:
        return f"{self.path or '/'}: {self.words}"


Notes = list[StrictNote]


def prepared(schema: JsonObject, notes: Notes) -> JsonObject:
    """`schema` as every strict mode requires it, as far as that can be done without changing what it means for objects:
    references stand alone, what has a type names it, no object has extra keys. The rest goes into `notes`."""
    made = _Preparation(schema, notes).prepared(schema, "")
    assert isinstance(made, dict)
    notes += [StrictNote(f"/{key}", f"{key!r} at the top may be refused") for key in _ON_TOP if key in made]
    if made.get("type") != "object":
        notes.append(StrictNote("", "parameters that are not of type object are refused"))
    return made


def required_names(node: JsonObject) -> list[str]:
    """The names that an object's schema requires."""
    found = node.get("required")
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []


def recursive_references(root: JsonObject) -> frozenset[str]:
    """The references in `root` to what refers to itself, over however many steps."""
    inside: dict[str, set[str]] = {}
    waiting = _references(root)
    while waiting:
        reference = waiting.pop()
        if reference not in inside:
            target = referred_to(root, reference)
            inside[reference] = set() if target is MISSING else _references(target)
            waiting |= inside[reference]
    return frozenset(reference for reference in inside if _reaches(inside, reference))


def _references(schema: JsonValue) -> set[str]:
    return {found for _, node in all_schemas(schema) if isinstance(found := node.get("$ref"), str)}


def _reaches(inside: dict[str, set[str]], reference: str) -> bool:
    seen: set[str] = set()
    waiting = set(inside[reference])
    while waiting:
        found = waiting.pop()
        if found in (reference, "#"):
            return True
        seen.add(found)
        waiting |= inside[found] - seen
    return False


def is_object(node: JsonObject) -> bool:
    """Whether a schema describes an object."""
    kind = node.get("type")
    return kind == "object" or (isinstance(kind, list) and "object" in kind) or isinstance(node.get("properties"), dict)


class _Preparation:
    def __init__(self, root: JsonObject, notes: Notes) -> None:
        self._root = root
        self._notes = notes
        self._recursive = recursive_references(root)
        self._replaced = 0

    def prepared(self, node: JsonValue, path: str) -> JsonValue:
        """The schema at `path`, and those inside it."""
        if not isinstance(node, dict):
            if isinstance(node, bool):
                self._note(path, f"a schema that is only {json.dumps(node)} may be refused")
            return node
        node = self._typed(self._resolved(_merged(node, path, self._notes), path), path)
        closed = self._closed(node, path) if is_object(node) else node
        inner = {key: value for key, value in closed.items() if key not in _LEFT_OVER or not isinstance(value, bool)}
        inner = with_subschemas(inner, self.prepared, path)
        return {key: inner.get(key, value) for key, value in closed.items()}

    def _note(self, path: str, words: str, requirement: str = "") -> None:
        self._notes.append(StrictNote(path, words, requirement))

    def _resolved(self, node: JsonObject, path: str, seen: frozenset[str] = frozenset()) -> JsonObject:
        """A reference stands alone and not at the top: what it refers to takes its place, or it goes one level down."""
        reference = node.get("$ref")
        beside = node.keys() - _SHELVES - {"$ref"}
        if reference is not None and not isinstance(reference, str):
            self._note(path, "'$ref' may be refused: it is not text")
        elif reference is not None and path and not beside and not isinstance(referred_to(self._root, reference), dict):
            self._note(path, f"the reference {reference[:80]!r} may be refused: it does not lead to a schema")
        if not isinstance(reference, str) or (path and not beside):
            return node
        target = referred_to(self._root, reference)
        if self._replaced >= MOST_REPLACED:
            self._note(path, f"'$ref' may be refused: {MOST_REPLACED} others were replaced already")
            return node
        if not isinstance(target, dict) or reference in seen:
            self._note(path, f"the reference {reference[:80]!r} may be refused: it does not lead to a schema")
            return node
        contradicting = [
            key for key in beside if key in target and key not in _ANNOTATIONS and node[key] != target[key]
        ]
        if contradicting:
            self._note(path, f"'$ref' next to {', '.join(map(repr, sorted(contradicting)))} may be refused")
            return node
        if path and reference in self._recursive:
            if not beside <= {"title", "description"}:
                self._note(path, f"'$ref' next to {', '.join(map(repr, sorted(beside)))} may be refused")
                return node
            self._note(path, "'$ref' was put into 'anyOf'", "'$ref' must stand alone")
            return {**{key: value for key, value in node.items() if key != "$ref"}, "anyOf": [{"$ref": reference}]}
        self._replaced += 1
        requirement = "'$ref' must stand alone" if path else "'$ref' is not accepted at the top"
        self._note(path, f"'$ref' was replaced by what it refers to, {reference[:80]!r}", requirement)
        rest = {key: value for key, value in node.items() if key != "$ref"}
        merged = _merged({**target, **rest}, path, self._notes)
        return self._resolved(merged, path, seen | {reference})

    def _typed(self, node: JsonObject, path: str) -> JsonObject:
        kind = _evident_type(node) or ("" if path else "object")
        if "type" not in node and kind and "$ref" not in node:
            self._note(path, f"'type' is {kind!r} now", f"'type' is missing; it is {kind!r}")
            node = {"type": kind, **node}
        elif not any(keyword in node for keyword in _DECIDE_TYPES):
            self._note(path, "a schema without 'type' may be refused")
        items = node.get("items")
        if "array" in _kinds(node) and items is None and "prefixItems" not in node:
            self._note(path, "a list without 'items' may be refused")
        if isinstance(items, list):
            self._note(f"{path}/items", "'items' that is a list may be refused")
        return node

    def _closed(self, node: JsonObject, path: str) -> JsonObject:
        if node.get("additionalProperties") is False:
            return node
        loses = "" if node.get("properties") else ": no keys are allowed anymore"
        words = "'additionalProperties' is false now"
        self._note(path, words + loses, f"'additionalProperties' must be false{loses}")
        return {**node, "additionalProperties": False}


def _evident_type(node: JsonObject) -> str:
    """The type of a schema without one, where its other keywords leave no other."""
    values = node.get("enum", [node["const"]] if "const" in node else [])
    kinds = {type_name(value) for value in values} if isinstance(values, list) else set()
    if len(kinds) == 1 and kinds <= {"string", "boolean"}:
        return kinds.pop()
    return next((kind for keyword, kind in _TYPE_OF_KEYWORD.items() if keyword in node), "")


def _kinds(node: JsonObject) -> list[JsonValue]:
    kind = node.get("type")
    return kind if isinstance(kind, list) else [kind]


def _merged(node: JsonObject, path: str, notes: Notes) -> JsonObject:
    """One schema under `allOf` means the same without it, as long as nothing is said twice."""
    found = node.get("allOf")
    if not (isinstance(found, list) and len(found) == 1 and isinstance(found[0], dict)) or found[0].keys() & node:
        return node
    notes.append(StrictNote(path, "a single 'allOf' was merged", "'allOf' is not accepted"))
    return {**{key: value for key, value in node.items() if key != "allOf"}, **found[0]}
