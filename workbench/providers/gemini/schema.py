"""Parameter schemas for `parameters`, the vendor's own kind of schema. Pure; every change is listed.

Requests never use this: they send `parametersJsonSchema`. It serves export, for endpoints that do not know that key.
One keyword that is not in the vendor's list refuses a whole request, so nothing else is left in.
"""

import json

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.problem import pointer
from workbench.providers.strict_schema import MOST_REPLACED, Notes, StrictNote

_KEPT = frozenset(
    [
        *("type", "format", "title", "description", "nullable", "enum", "example", "anyOf"),
        *("items", "minItems", "maxItems", "properties", "required", "minProperties", "maxProperties"),
        *("minLength", "maxLength", "minimum", "maximum", "pattern"),
    ]
)
_FORMATS = {
    "string": ("date-time", "enum"),
    "integer": ("int32", "int64"),
    "number": ("float", "double"),
}
_MOST_DEPTH = 16


def plain_schema(schema: JsonObject) -> tuple[JsonObject, Notes]:
    """`schema` in the vendor's own kind, and what was changed for that."""
    changes: Notes = []
    return _Rewriting(schema, changes).node(schema, "", 0), changes


class _Rewriting:
    """One schema on its way; `changes` grows."""

    def __init__(self, root: JsonObject, changes: Notes) -> None:
        self._root = root
        self._replaced = 0
        self._changes = changes

    def node(self, node: JsonObject, path: str, depth: int) -> JsonObject:
        """The schema at `path`, rewritten."""
        if depth > _MOST_DEPTH:
            self._note(path, "nested deeper than can be written out: any object is taken")
            return {"type": "object"}
        node = self._inlined(node, path)
        node = self._with_choices(node, path)
        node = self._with_one_type(node, path)
        node = self._with_constants(node, path)
        node = self._with_bounds(node, path)
        kept: JsonObject = {}
        for key, value in node.items():
            if key not in _KEPT:
                self._note(path, f"{key!r} was left out")
            elif key == "format" and value not in _FORMATS.get(str(node.get("type")), ()):
                self._note(path, f"the format {value!r} was left out")
            else:
                kept[key] = self._inside(key, value, path, depth)
        return kept

    def _note(self, path: str, words: str) -> None:
        self._changes.append(StrictNote(path, words, requirement=words))

    def _inside(self, key: str, value: JsonValue, path: str, depth: int) -> JsonValue:
        if key == "properties" and isinstance(value, dict):
            return {name: self._schema(inner, f"{path}/{key}{pointer([name])}", depth) for name, inner in value.items()}
        if key == "anyOf" and isinstance(value, list):
            return [self._schema(inner, f"{path}/{key}/{number}", depth) for number, inner in enumerate(value)]
        if key == "items":
            return self._schema(value, f"{path}/{key}", depth)
        return value

    def _schema(self, value: JsonValue, path: str, depth: int) -> JsonObject:
        """What is no object has no counterpart; any value is taken there."""
        if isinstance(value, dict):
            return self.node(value, path, depth + 1)
        if value is not True:
            kind = "a list of schemas" if isinstance(value, list) else f"{json.dumps(value)[:40]} in place of a schema"
            self._note(path, f"{kind} was left out: any value is taken")
        return {}

    def _inlined(self, node: JsonObject, path: str) -> JsonObject:
        """References replaced by what they stand for; one that leads nowhere inside is left out later."""
        reference = node.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return node
        meant: JsonValue = self._root
        for step in reference[2:].split("/"):
            meant = meant.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(meant, dict) else None
        if not isinstance(meant, dict) or "$ref" in meant:
            return node
        if self._replaced >= MOST_REPLACED:
            self._note(path, f"{MOST_REPLACED} other references were written out already: any object is taken")
            return {"type": "object"}
        self._replaced += 1
        self._note(path, "the reference was written out")
        return {**meant, **{key: value for key, value in node.items() if key != "$ref"}}

    def _with_choices(self, node: JsonObject, path: str) -> JsonObject:
        """`oneOf` as `anyOf`, a choice of something or null as `nullable`, a single `allOf` merged."""
        every = node.get("allOf")
        only = every[0] if isinstance(every, list) and len(every) == 1 else None
        if isinstance(only, dict) and not only.keys() & node.keys():
            self._note(path, "a single 'allOf' was merged")
            node = {**{key: value for key, value in node.items() if key != "allOf"}, **only}
        if "oneOf" in node and "anyOf" not in node:
            self._note(path, "'oneOf' became 'anyOf'")
            node = {"anyOf" if key == "oneOf" else key: value for key, value in node.items()}
        choices = node.get("anyOf")
        if not isinstance(choices, list):
            return node
        null: JsonObject = {"type": "null"}
        others = [choice for choice in choices if choice != null]
        if len(others) == len(choices):
            return node
        self._note(path, "null became 'nullable'")
        rest: JsonObject = {key: value for key, value in node.items() if key != "anyOf"}
        if len(others) == 1 and isinstance(others[0], dict) and not others[0].keys() & rest:
            return {**rest, **self._inlined(others[0], path), "nullable": True}
        return {**rest, "anyOf": others, "nullable": True}

    def _with_one_type(self, node: JsonObject, path: str) -> JsonObject:
        kinds = node.get("type")
        if not isinstance(kinds, list):
            return node
        self._note(path, "a list of types became 'nullable' or 'anyOf'")
        others = [kind for kind in kinds if kind != "null"]
        rest: JsonObject = {key: value for key, value in node.items() if key != "type"}
        typed: JsonObject = {"type": others[0]} if len(others) == 1 else {"anyOf": [{"type": kind} for kind in others]}
        return {**typed, **rest, **({"nullable": True} if len(others) < len(kinds) else {})}

    def _with_constants(self, node: JsonObject, path: str) -> JsonObject:
        """Only texts can be listed."""
        if "const" in node and "enum" not in node:
            if isinstance(node["const"], str):
                self._note(path, "'const' became 'enum'")
            node = {**{key: value for key, value in node.items() if key != "const"}, "enum": [node["const"]]}
        values = node.get("enum")
        if not isinstance(values, list):
            return node
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) == len(values):
            return node if "type" in node else {"type": "string", **node}
        if texts and all(isinstance(value, str) or value is None for value in values):
            self._note(path, "null became 'nullable'")
            return {**node, "enum": list[JsonValue](texts), "nullable": True}
        self._note(path, "an 'enum' with values other than strings was left out")
        return {key: value for key, value in node.items() if key != "enum"}

    def _with_bounds(self, node: JsonObject, path: str) -> JsonObject:
        """Bounds that exclude their value, of whole numbers, as the next whole number."""
        for key, plain, step in (("exclusiveMinimum", "minimum", 1), ("exclusiveMaximum", "maximum", -1)):
            bound = node.get(key)
            if node.get("type") == "integer" and isinstance(bound, int) and plain not in node:
                self._note(path, f"{key!r} became {plain!r}")
                node = {**{name: value for name, value in node.items() if name != key}, plain: bound + step}
        return node
